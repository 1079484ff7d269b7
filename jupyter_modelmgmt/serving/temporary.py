"""A worker of one's own for a while: its process ends with the block, or with this one."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from socket import AF_UNIX, socket
from typing import TYPE_CHECKING

import msgspec

from jupyter_modelmgmt.domain.errors import ServingFailed
from jupyter_modelmgmt.domain.predictions import Prediction
from jupyter_modelmgmt.domain.records import ModelVersion
from jupyter_modelmgmt.serving import logs
from jupyter_modelmgmt.serving.answers import read_error, read_prediction
from jupyter_modelmgmt.serving.spec import worker_spec

if TYPE_CHECKING:
    from jupyter_modelmgmt.serving.protocol import Array

ANSWER_S = 600.0
_START_S = 300.0
_GRACE_S = 5.0
_LOOK_S = 0.05
_LINES = 12
_NAME = "batch"


class TemporaryWorker:
    """Answers for one version, on a unix socket that its user alone can reach. Safe to share between threads."""

    def __init__(self, address: str, process: "subprocess.Popen[bytes] | None" = None) -> None:
        self._address = address
        self._process = process
        self._threads = threading.local()

    def ask(self, body: bytes, content_type: str) -> bytes:
        """Return the JSON of the answer to an encoded image or an inference request.

        Raises BadImage, BadTensor, ServingFailed.
        """
        return self._asked(body, {"Content-Type": content_type})[0]

    def end(self) -> None:
        """End it in the middle of what it does; who waits for an answer gets ServingFailed."""
        if self._process:
            self._process.kill()

    def predict_image(self, data: bytes, content_type: str = "image/*") -> Prediction:
        """Return what the version sees in an encoded image. Raises BadImage, TimedOut, ServingFailed."""
        return read_prediction(self._asked(data, {"Content-Type": content_type})[0])

    def predict_tensors(self, inputs: "Mapping[str, Array]") -> "dict[str, Array]":
        """Return the version's outputs by name. Raises BadTensor, ServingFailed."""
        from jupyter_modelmgmt.serving import protocol  # noqa: PLC0415  # brings numpy, which its callers have

        message = protocol.encode_request(inputs, binary=True)
        body, headers = self._asked(message.body, message.headers)
        return protocol.decode_response(body, headers.get(protocol.HEADER_LENGTH.lower()))

    def answers(self) -> bool:
        try:
            return self._sent("GET", "/v2/health/live", b"", {})[0] == 200  # noqa: PLR2004  # HTTP's OK
        except (OSError, HTTPException):
            return False

    def _asked(self, body: bytes, headers: Mapping[str, str]) -> tuple[bytes, dict[str, str]]:
        try:
            status, answer, told = self._sent("POST", f"/v2/models/{_NAME}/infer", body, headers)
        except (OSError, HTTPException) as error:
            raise ServingFailed(
                f"The worker ended while it answered: {error or type(error).__name__}. Try again."
            ) from error
        if status >= 400:  # noqa: PLR2004  # HTTP's first error
            raise read_error(status, answer)
        return answer, told

    def _sent(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, bytes, dict[str, str]]:
        connection = getattr(self._threads, "connection", None) or _Connection(self._address)
        self._threads.connection = None
        try:
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            read = answer.status, answer.read(), {name.lower(): value for name, value in answer.getheaders()}
        except BaseException:
            connection.close()
            raise
        self._threads.connection = connection
        return read


@contextmanager
def temporary_worker(
    version: ModelVersion, prepare: Callable[[Path], None], *, refuse: Callable[[], None] = lambda: None
) -> Iterator[TemporaryWorker]:
    """Run a worker of `version` while the block runs; `prepare` copies its files into a folder.

    `refuse` is called again and again while it comes up, and raises to give it up.
    Raises ServingFailed with what it wrote last when it does not come up.
    """
    with tempfile.TemporaryDirectory(prefix="modelmgmt-") as name:
        folder = Path(name)
        (folder / "files").mkdir()
        prepare(folder / "files")
        files, socket_ = str(folder / "files"), str(folder / "socket")
        spec = worker_spec(version, deployment=_NAME, answer_s=ANSWER_S, folder=files, socket=socket_)
        (folder / "spec.json").write_bytes(msgspec.json.encode(spec))
        process = _started(folder)
        try:
            worker = TemporaryWorker(spec.socket, process)
            _wait(worker, process, folder / "log", refuse)
            yield worker
        finally:
            _end(process)


class _Connection(HTTPConnection):
    """HTTP over a unix socket; it closes with its thread."""

    def __init__(self, address: str) -> None:
        super().__init__("worker", timeout=ANSWER_S)
        self._address = address

    def connect(self) -> None:
        self.sock = socket(AF_UNIX)
        self.sock.settimeout(ANSWER_S)
        self.sock.connect(self._address)

    def __del__(self) -> None:
        self.close()


def _started(folder: Path) -> "subprocess.Popen[bytes]":
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(  # noqa: S603  # our own module
            [sys.executable, "-P", "-m", "jupyter_modelmgmt.serving.worker", str(folder / "spec.json")],
            stdin=subprocess.PIPE, stdout=log, stderr=log, env=environ, start_new_session=True,
        )  # fmt: skip


def _wait(worker: TemporaryWorker, process: "subprocess.Popen[bytes]", log: Path, refuse: Callable[[], None]) -> None:
    deadline = time.monotonic() + _START_S
    while not worker.answers():
        refuse()
        if process.poll() is not None or time.monotonic() > deadline:
            last = "\n".join(logs.tail(log, _LINES))
            raise ServingFailed(f"The worker did not come up. It wrote last:\n{last}")
        time.sleep(_LOOK_S)


def _end(process: "subprocess.Popen[bytes]") -> None:
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_GRACE_S)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdin:
        process.stdin.close()
