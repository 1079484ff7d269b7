"""The host as its clients see it: kernels, the Jupyter server, the command line.

Finding it costs a small file read; a request goes over a persistent connection of the calling thread.
"""

import os
import select
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import msgspec
from jupyter_core.paths import jupyter_runtime_dir

from jupyter_modelmgmt.domain.errors import ModelManagementError, ServingFailed
from jupyter_modelmgmt.domain.predictions import Prediction
from jupyter_modelmgmt.places import ARTIFACTS_VARIABLE, URL_VARIABLE
from jupyter_modelmgmt.serving.answers import read_error, read_prediction
from jupyter_modelmgmt.serving.limits import Limits
from jupyter_modelmgmt.serving.runtime import HostFile, Runtime

if TYPE_CHECKING:
    from jupyter_modelmgmt.serving.protocol import Array

_ANSWER_S = 120.0  # longer than a host holds a request and waits for its worker
_POLL_S = 0.02
_BINARY_FROM = 512  # values; below, JSON is the cheaper (measured: bench, `tensors`)
_threads = threading.local()
_answered: set[HostFile] = set()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the host answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where another HTTP client sends an inference request, and the headers that let it in."""

    url: str
    headers: Mapping[str, str]


class _Connection(HTTPConnection):
    """The connection of one thread; it closes when that ends."""

    def __del__(self) -> None:
        self.close()


class Host:
    """A running host. Safe to share between threads and to use after a fork."""

    def __init__(self, file: HostFile) -> None:
        self.file = file

    def __repr__(self) -> str:
        return f"Host(pid={self.file.pid}, port={self.file.port})"

    @classmethod
    def find(cls, store_url: str) -> "Host | None":
        """Return the host of a registry, None when none runs."""
        file = _runtime(store_url).read()
        if not file or not _exists(file.pid):
            return None
        host = cls(file)
        if file not in _answered:
            if not host._is_alive():
                return None
            _answered.add(file)
        return host

    @classmethod
    def ensure(
        cls, store_url: str, artifacts_url: str, *, timeout_s: float = 30, limits: Limits | None = None
    ) -> "Host":
        """Return the host of a registry, started with `limits` when none runs. Raises ServingFailed."""
        if not hasattr(socket, "AF_UNIX"):
            raise ServingFailed(
                "The local engine needs unix sockets, which this system lacks. Deploy from Linux or macOS."
            )
        deadline = time.monotonic() + timeout_s
        started: subprocess.Popen[bytes] | None = None
        while time.monotonic() < deadline:
            if host := cls.find(store_url):
                return host
            if not started or started.poll() is not None:
                started = _start(store_url, artifacts_url, limits or Limits())
            time.sleep(_POLL_S)
        log = _runtime(store_url).folder / "host.log"
        raise ServingFailed(f"The serving host did not start within {timeout_s:g} s. Read {log}.")

    def wake(self) -> None:
        """Make the host look at the store; it knows what is wanted when this returns."""
        self.request("POST", "/control/reconcile")

    def shutdown(self) -> None:
        """Make the host stop all workers and end; one that ended meanwhile is no error."""
        try:
            self.request("POST", "/control/shutdown")
        except ServingFailed as error:
            if not isinstance(error.__cause__, ConnectionRefusedError):
                raise

    def status(self) -> dict[str, Any]:
        """Return `pid`, `rss` in bytes and one row in `workers` for each replica."""
        return _json(self.request("GET", "/control/status"))

    def logs(self, deployment: str, *, lines: int = 2000, replica: int = 0) -> str:
        """Return the last lines that a replica wrote. Raises NotFound."""
        query = urlencode({"lines": lines, "replica": replica})
        return "\n".join(_json(self.request("GET", f"/control/logs/{deployment}?{query}"))["lines"])

    def predict_image(self, deployment: str, data: bytes, content_type: str = "image/*") -> Prediction:
        """Return what a deployment sees in an encoded image. Raises NotDeployed, BadImage, TooLarge."""
        reply = self.request("POST", _infer_path(deployment), data, {"Content-Type": content_type})
        return read_prediction(reply.body)

    def predict_tensors(self, deployment: str, inputs: "Mapping[str, Array]") -> "dict[str, Array]":
        """Return the outputs of a deployment by name. Raises NotDeployed, BadTensor, TooLarge."""
        from jupyter_modelmgmt.serving import protocol  # noqa: PLC0415  # brings numpy, which its callers have

        binary = sum(array.size for array in inputs.values()) >= _BINARY_FROM
        message = protocol.encode_request(inputs, binary=binary)
        reply = self.request("POST", _infer_path(deployment), message.body, message.headers)
        return protocol.decode_response(reply.body, reply.headers.get(protocol.HEADER_LENGTH.lower()))

    def infer_target(self, deployment: str, version: str | None = None) -> Target:
        """Return where to POST an inference request with a client of one's own."""
        headers = {"Authorization": f"Bearer {self.file.token}"}
        return Target(url=f"http://127.0.0.1:{self.file.port}{_infer_path(deployment, version)}", headers=headers)

    def request(self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Reply:
        """Return the host's answer. Raises the error that it tells, or ServingFailed when it tells nothing."""
        try:
            response = self._sent(method, path, body, headers or {})
            reply = Reply(
                status=response.status, headers={k.lower(): v for k, v in response.getheaders()}, body=response.read()
            )
        except (OSError, HTTPException) as error:
            _close()
            raise ServingFailed(
                f"The serving host did not answer: {error or type(error).__name__}. Try again."
            ) from error
        if reply.status >= 400:  # noqa: PLR2004  # HTTP's first error
            raise read_error(reply.status, reply.body)
        return reply

    def _sent(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> HTTPResponse:
        connection = _connection(self.file)
        connection.request(method, path, body, {"Authorization": f"Bearer {self.file.token}", **headers})
        return connection.getresponse()

    def _is_alive(self) -> bool:
        try:
            self.request("GET", "/v2/health/live")
        except ModelManagementError:
            return False
        return True


def _infer_path(deployment: str, version: str | None = None) -> str:
    return f"/v2/models/{deployment}{f'/versions/{version}' if version else ''}/infer"


def _json(reply: Reply) -> dict[str, Any]:
    return msgspec.json.decode(reply.body, type=dict[str, Any])


def _connection(file: HostFile) -> HTTPConnection:
    """Return this thread's connection to a host, a new one when the host has closed the last."""
    key = (os.getpid(), file.port)
    known: HTTPConnection | None = getattr(_threads, "connection", None)
    if known and _threads.key == key and _is_open(known):
        return known
    _close()
    fresh = _Connection("127.0.0.1", file.port, timeout=_ANSWER_S)
    _threads.key, _threads.connection = key, fresh
    return fresh


def _is_open(connection: HTTPConnection) -> bool:
    # An idle connection has nothing to read but its end.
    if not connection.sock:
        return False
    poll = select.poll()
    poll.register(connection.sock, select.POLLIN)
    return not poll.poll(0)


def _close() -> None:
    known: HTTPConnection | None = getattr(_threads, "connection", None)
    if known:
        known.close()
        _threads.connection = None


def _runtime(store_url: str) -> Runtime:
    return _place(store_url, os.environ.get("JUPYTER_RUNTIME_DIR"))


@cache
def _place(store_url: str, _directory: str | None) -> Runtime:
    return Runtime(Path(jupyter_runtime_dir()), store_url)


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _start(store_url: str, artifacts_url: str, limits: Limits) -> "subprocess.Popen[bytes]":
    """Start a host that outlives this process; its log lies in its folder."""
    runtime = _runtime(store_url)
    runtime.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    given = [f"--{f.name.replace('_', '-')}={getattr(limits, f.name)}" for f in fields(Limits)]
    with (runtime.folder / "host.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603  # our own module
            [
                sys.executable, "-P", "-m", "jupyter_modelmgmt.serving.host",
                "--runtime-dir", str(runtime.directory), *given,
            ],
            # Not as arguments: every user of the machine reads those, and a URL may hold a password.
            env={**os.environ, URL_VARIABLE: store_url, ARTIFACTS_VARIABLE: artifacts_url},
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, cwd=runtime.folder,
        )  # fmt: skip
    # Somebody has to collect it when it ends, or it stays a zombie of this process.
    threading.Thread(target=process.wait, name="host reaper", daemon=True).start()
    return process
