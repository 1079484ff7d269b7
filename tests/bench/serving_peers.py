"""MLflow's scoring server, LitServe and BentoML beside us, each in its own environment."""

import os
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench import mlflow_peer
from tests.bench.clients import Asked
from tests.bench.processes import ended, free_port, waited

HERE = Path(__file__).parent
ENVIRONMENT = HERE.parents[1] / ".venv-peers"
PEERS = ("MLflow", "LitServe", "BentoML")
_QUIET = {**mlflow_peer.QUIET, "BENTOML_DO_NOT_TRACK": "true"}
_ROUTES = {"MLflow": ("/ping", "/invocations"), "LitServe": ("/health", "/predict"), "BentoML": ("/readyz", "/predict")}
_STARTS_S = 180


@contextmanager
def server(
    peer: str, kind: str, folder: Path, net: Path, *,
    request: tuple[bytes, str], check: Callable[[bytes], None],
) -> Iterator[Asked]:  # fmt: skip
    """Give what to ask of a peer that serves `kind`, digits or photos."""
    port = free_port()
    environment = mlflow_peer.ENVIRONMENT if peer == "MLflow" else ENVIRONMENT
    path = f"{environment / 'bin'}:{os.environ['PATH']}"
    environ = {**os.environ, **_QUIET, "PATH": path, "NET": str(net), "BENTOML_HOME": str(folder / "bentoml")}
    words = _words(peer, kind, folder, net, port)
    with (folder / f"{peer}-{kind}.log").open("wb") as log:
        process = subprocess.Popen(
            [environment / "bin" / words[0], *words[1:]], cwd=folder, env=environ, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
    ready, asked = _ROUTES[peer]
    body, content_type = request
    try:
        waited(lambda: urllib.request.urlopen(f"http://127.0.0.1:{port}{ready}", timeout=5).close(), _STARTS_S)
        yield Asked(port=port, path=asked, body=body, content_type=content_type, pid=process.pid, check=check)
    finally:
        ended(process)


def _words(peer: str, kind: str, folder: Path, net: Path, port: int) -> list[str]:
    if peer == "LitServe":
        return ["python", str(HERE / "peer_litserve.py"), kind, str(port), str(net)]
    if peer == "BentoML":
        service = f"peer_bentoml:{kind.capitalize()}"
        return ["bentoml", "serve", service, "--working-dir", str(HERE), "--host", "127.0.0.1", "--port", str(port)]
    model = folder / f"mlflow-{kind}"
    python = mlflow_peer.ENVIRONMENT / "bin" / "python"
    subprocess.run(
        [python, HERE / "peer_mlflow.py", kind, model, net], cwd=folder, env={**os.environ, **_QUIET},
        check=True, capture_output=True,
    )  # fmt: skip
    return ["mlflow", "models", "serve", "--env-manager", "local", "-m", str(model), "-h", "127.0.0.1", "-p", str(port)]
