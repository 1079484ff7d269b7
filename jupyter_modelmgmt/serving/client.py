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
from urllib.parse import quote

import msgspec
from jupyter_core.paths import jupyter_runtime_dir

from jupyter_modelmgmt.domain.deployments import DeploymentMetrics
from jupyter_modelmgmt.domain.errors import ModelManagementError, ServingFailed
from jupyter_modelmgmt.domain.evidence import Field, Signature
from jupyter_modelmgmt.domain.failures import ItemsFailed
from jupyter_modelmgmt.domain.predictions import Prediction
from jupyter_modelmgmt.places import ARTIFACTS_VARIABLE, URL_VARIABLE
from jupyter_modelmgmt.serving.answers import read_error, read_outcome, read_prediction
from jupyter_modelmgmt.serving.limits import Limits
from jupyter_modelmgmt.serving.runtime import HostFile, Runtime

if TYPE_CHECKING:
    from jupyter_modelmgmt.serving.protocol import Array, InferResponse

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
        file = runtime_of(store_url).read()
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
        cls, store_url: str, artifacts_url: str, *, timeout_s: float = 60, limits: Limits | None = None
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
        log = runtime_of(store_url).folder / "host.log"
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

    def metrics(self, deployment: str) -> DeploymentMetrics:
        """Return what the versions of a deployment did and use. Raises NotFound."""
        return msgspec.json.decode(self.request("GET", f"/control/metrics/{deployment}").body, type=DeploymentMetrics)

    def metrics_page(self, deployment: str) -> str:
        """Return the same as Prometheus reads it. Raises NotFound."""
        return self.request("GET", f"/control/metrics/{deployment}?format=prometheus").body.decode()

    @property
    def header_file(self) -> Path:
        """The file, for its owner alone, with the header that lets this user in: curl takes it as `-H @FILE`."""
        return Path(self.file.sockets) / "authorization"

    def signature(self, deployment: str) -> Signature:
        """Return what the deployment takes and gives, as its worker knows it. Raises NotDeployed."""
        said = _json(self.request("GET", f"/v2/models/{deployment}"))
        inputs, outputs = (tuple(_tensor(tensor) for tensor in said[side]) for side in ("inputs", "outputs"))
        takes = said.get("parameters", {}).get("input_type", "tensor")
        return Signature(inputs=inputs, outputs=outputs, takes=takes)

    def ask(self, deployment: str, body: bytes, content_type: str, *, version: str | None = None) -> bytes:
        """Return the JSON of the answer to an encoded image or an inference request. Raises NotDeployed, BadImage."""
        return self.request("POST", _infer_path(deployment, version), body, {"Content-Type": content_type}).body

    def predict_image(
        self, deployment: str, data: bytes, content_type: str = "image/*", *, version: str | None = None
    ) -> Prediction:
        """Return what a deployment sees in an encoded image. Raises NotDeployed, BadImage, TooLarge."""
        reply = self.request("POST", _infer_path(deployment, version), data, {"Content-Type": content_type})
        return read_prediction(reply.body)

    def predict_text(self, deployment: str, text: str, *, version: str | None = None) -> Prediction:
        """Return what a deployment says of a text. Raises NotDeployed, TooLarge."""
        headers = {"Content-Type": "text/plain; charset=utf-8"}
        return read_prediction(self.request("POST", _infer_path(deployment, version), text.encode(), headers).body)

    def predict_items(self, deployment: str, inputs: "Mapping[str, Array]") -> "list[Prediction]":
        """Return one prediction for each image or text of a tensor of bytes.

        Raises ItemsFailed when some failed; the others' predictions are its `results`. Source: D6.
        """
        outputs = self.predict_tensors(deployment, inputs)
        outcomes = [read_outcome(body) for body in outputs["prediction"]]
        failed = {place: str(found) for place, found in enumerate(outcomes) if isinstance(found, Exception)}
        answered = {place: found for place, found in enumerate(outcomes) if isinstance(found, Prediction)}
        if failed:
            raise ItemsFailed(failed, answered)
        return list(answered.values())

    def predict_tensors(
        self, deployment: str, inputs: "Mapping[str, Array]", *, version: str | None = None
    ) -> "dict[str, Array]":
        """Return the outputs of a deployment by name. Raises NotDeployed, BadTensor, TooLarge."""
        return self.infer(deployment, inputs, version=version).outputs

    def infer(self, deployment: str, inputs: "Mapping[str, Array]", *, version: str | None = None) -> "InferResponse":
        """Return the outputs of a deployment and the version that gave them. Raises as `predict_tensors`."""
        from jupyter_modelmgmt.serving import protocol  # noqa: PLC0415  # brings numpy, which its callers have

        binary = sum(array.size for array in inputs.values()) >= _BINARY_FROM
        message = protocol.encode_request(inputs, binary=binary)
        reply = self.request("POST", _infer_path(deployment, version), message.body, message.headers)
        return protocol.decode_answer(reply.body, reply.headers.get(protocol.HEADER_LENGTH.lower()))

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
    of = f"/versions/{quote(version, safe='')}" if version else ""
    return f"/v2/models/{deployment}{of}/infer"


def _tensor(said: Mapping[str, Any]) -> Field:
    return Field(name=said["name"], datatype=said["datatype"], shape=tuple(said["shape"]))


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


def runtime_of(store_url: str) -> Runtime:
    """Return where the host of a registry has its places on this machine."""
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
    runtime = runtime_of(store_url)
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
