"""Servers beside which we measure: on the loopback, ended with all that they started."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import msgspec

TOKEN = {"Authorization": "token bench"}
API = "/modelmgmt/api/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Jupyter:
    process: subprocess.Popen[bytes]
    port: int


@contextmanager
def jupyter(folder: Path, *, ours: bool = True, store: str = "") -> Iterator[Jupyter]:
    """Give a Jupyter server that answers, with the registry of `store` or one in `folder`, or without our extension."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    places = {f"JUPYTER_{name.upper()}_DIR": str(folder / name) for name in ("data", "runtime", "config")}
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyter_server", "--allow-root", f"--port={port}", "--ServerApp.ip=127.0.0.1",
         "--ServerApp.port_retries=0", "--IdentityProvider.token=bench", f"--ModelManagement.url={store}",
         f"--ServerApp.jpserver_extensions={{'jupyter_modelmgmt': {ours}}}"],
        env={**os.environ, **places}, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        waited(lambda: once(port, f"{API}/status" if ours else "/api/status"), 60)
        yield Jupyter(process=process, port=port)
    finally:
        ended(process)


class Rest:
    """One connection that stays open; JSON in and out."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._connection.close()

    def get(self, path: str) -> Any:
        return self.ask("GET", path)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Return what the server answers. Raises AssertionError for an error, OSError when there is no server."""
        self._connection.request(method, path, None if body is None else msgspec.json.encode(body), TOKEN)
        answer = self._connection.getresponse()
        data = answer.read()
        if answer.status >= 400:
            raise AssertionError(data)
        return msgspec.json.decode(data) if data else None


def once(port: int, path: str) -> Any:
    """Return what a connection of its own brings."""
    with Rest(port) as rest:
        return rest.get(path)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def waited(action: Callable[[], object], seconds: float) -> None:
    """Try until the server answers. Raises what the last try raised."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            action()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def ended(process: subprocess.Popen[Any]) -> None:
    """End a process that leads a group of its own, and that group."""
    for pipe in (process.stdin, process.stdout):
        if pipe:
            pipe.close()
    for how in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, how)
            process.wait(15)
        except ProcessLookupError:
            break
        except subprocess.TimeoutExpired:
            continue
    process.wait(15)
