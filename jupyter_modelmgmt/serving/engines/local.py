"""The local engine: a worker is a process of this machine that listens on a unix socket."""

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path

import msgspec

from jupyter_modelmgmt.serving.backend import Backend, Cut, Forward, Unreachable
from jupyter_modelmgmt.serving.spec import WorkerSpec

_CONNECT_EVERY_S = 0.03
_LIVE_ANSWER_S = 1.0
_LIVE = Forward(method="GET", path="/v2/health/live")


class WorkerEnded(Exception):
    """The process ended before it was ready, with `code`."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(f"exit code {code}")


class Worker:
    """One running worker. `pipe` is the end whose closing ends it, whatever happens to this process."""

    def __init__(self, spec: WorkerSpec, process: asyncio.subprocess.Process, pipe: int) -> None:
        self.pid = process.pid
        self.backend = Backend(spec.socket, spec.version)
        self._process = process
        self._pipe = pipe

    @classmethod
    async def start(cls, spec: WorkerSpec, log: Path) -> "Worker":
        """Start a worker in a session of its own; what it writes is appended to `log`."""
        told = _told(spec)
        log.parent.mkdir(parents=True, exist_ok=True)
        stdin, pipe = os.pipe()
        try:
            with log.open("ab") as output:
                process = await asyncio.create_subprocess_exec(
                    sys.executable, "-P", "-m", "jupyter_modelmgmt.serving.worker", str(told),
                    stdin=stdin, stdout=output, stderr=output, env=_environment(), start_new_session=True,
                )  # fmt: skip
        except BaseException:  # cancelled too: a worker without its pipe ends
            os.close(pipe)
            raise
        finally:
            os.close(stdin)
        return cls(spec, process, pipe)

    async def ready(self, within_s: float) -> None:
        """Return once the worker answers. Raises WorkerEnded, TimeoutError."""
        async with asyncio.timeout(within_s):
            while not await self._answers():
                if self._process.returncode is not None:
                    raise WorkerEnded(self._process.returncode)
                await asyncio.sleep(_CONNECT_EVERY_S)

    async def ended(self, within_s: float) -> bool:
        """Wait for the process to end, at most `within_s`, and tell whether it did."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), within_s)
        return self._process.returncode is not None

    @property
    def exit_code(self) -> int | None:
        return self._process.returncode

    async def live(self) -> bool | None:
        """Tell whether the worker calls itself live; None when it does not answer at all."""
        try:
            async with asyncio.timeout(_LIVE_ANSWER_S):
                answer = await self.backend.send(_LIVE)
        except (TimeoutError, Unreachable, Cut):
            return None
        return answer.status == 200  # noqa: PLR2004  # HTTP's OK

    async def stop(self, grace_s: float) -> None:
        """End the worker: politely, then, after `grace_s`, with all its children."""
        self.backend.close()
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        await self.ended(grace_s)
        await self.kill()

    async def kill(self) -> None:
        """End the worker and all processes of its session at once."""
        self.backend.close()
        with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS answers the latter for zombies
            os.killpg(self.pid, signal.SIGKILL)
        await self._process.wait()
        if self._pipe >= 0:
            os.close(self._pipe)
            self._pipe = -1
        _forget(self.backend.socket)

    async def _answers(self) -> bool:
        return await self.live() is not None


def _told(spec: WorkerSpec) -> Path:
    """Write the file that tells a worker its `spec`, beside the place of its socket."""
    _forget(spec.socket)
    file = Path(spec.socket).with_suffix(".json")
    file.write_bytes(msgspec.json.encode(spec))
    return file


def _forget(socket: str) -> None:
    Path(socket).unlink(missing_ok=True)
    Path(socket).with_suffix(".json").unlink(missing_ok=True)


def _environment() -> dict[str, str]:
    # Without byte code every start compiles scikit-learn and the like anew: 30 s instead of 7.
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
