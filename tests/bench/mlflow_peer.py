"""MLflow beside us: its own environment, one process of its client, one server."""

import json
import os
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.bench.processes import ended, free_port, waited

ENVIRONMENT = Path(__file__).parents[2] / ".venv-mlflow"
QUIET = {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
STARTS_S = 180
Ask = Callable[..., list[float]]


@contextmanager
def client(folder: Path) -> Iterator[Ask]:
    """Give a function that lets MLflow do something, so many `times`, and tells how long each took."""
    folder.mkdir(parents=True)
    side = Path(__file__).with_name("mlflow_side.py")
    with (folder / "client.log").open("wb") as log:
        process = subprocess.Popen(
            [ENVIRONMENT / "bin" / "python", side], cwd=folder, env={**os.environ, **QUIET},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True,
        )  # fmt: skip
    try:
        yield partial(_asked, process, folder / "client.log")
    finally:
        ended(process)


def _asked(process: subprocess.Popen[str], log: Path, do: str, uri: str, **options: int) -> list[float]:
    assert process.stdin
    assert process.stdout
    process.stdin.write(json.dumps({"do": do, "uri": uri, **options}) + "\n")
    process.stdin.flush()
    if not (line := process.stdout.readline()):
        raise AssertionError(log.read_text())
    return json.loads(line)


@contextmanager
def server(folder: Path, store: str) -> Iterator[str]:
    """Give the URL of MLflow's server at its smallest: one worker, no jobs."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [ENVIRONMENT / "bin" / "mlflow", "server", "--backend-store-uri", store, "--workers", "1",
             "--host", "127.0.0.1", "--port", str(port), "--artifacts-destination", str(folder / "artifacts")],
            cwd=folder, env={**os.environ, **QUIET, "PATH": f"{ENVIRONMENT / 'bin'}:{os.environ['PATH']}"},
            stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    try:
        waited(lambda: urllib.request.urlopen(f"{url}/health", timeout=5).close(), STARTS_S)
        yield url
    finally:
        ended(process)
