"""A replica: keeps one worker running, with growing pauses between starts that fail."""

import asyncio
import logging
import signal
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from jupyter_modelmgmt.serving import logs
from jupyter_modelmgmt.serving.backend import Backend
from jupyter_modelmgmt.serving.limits import Limits
from jupyter_modelmgmt.serving.order import Launch, Worker, WorkerEnded
from jupyter_modelmgmt.serving.spec import REFUSED

_FAILURE_LINES = 12
_log = logging.getLogger(__name__)


class Replica:
    """One worker and its successors.

    `backend` is set while it answers, `message` says what happened last, `failure` why it gave up.
    """

    def __init__(self, index: int, launch: Launch, log: Path, limits: Limits, changed: Callable[[], None]) -> None:
        self.index = index
        self.backend: Backend | None = None
        self.worker: Worker | None = None
        self.restarts = 0
        self.message = ""
        self.failure = ""
        self._launch = launch
        self._log = log
        self._limits = limits
        self._changed = changed
        self._task = asyncio.create_task(self._run())

    @property
    def state(self) -> str:
        if self.failure:
            return "failed"
        if self.backend:
            return "ready"
        return "starting" if self.worker else "waiting"

    @property
    def pid(self) -> int | None:
        return self.worker.pid if self.worker else None

    async def stop(self) -> None:
        """End the worker for good, after the requests that are in it."""
        if self.backend:
            await self.backend.drained(self._limits.drain_s)
        self._task.cancel()
        await asyncio.wait([self._task])
        if self.worker:
            await self.worker.stop(self._limits.grace_s)
            self.worker = None

    async def _run(self) -> None:
        failed = 0
        while not self.failure:
            up_s, reason, refused = await self._live_once()
            failed = 1 if up_s >= self._limits.stable_s else failed + 1
            self.message = reason
            if refused or failed >= self._limits.max_starts:
                self.failure = reason
                self._changed()
                return
            self._changed()
            self.restarts += 1
            await asyncio.sleep(self._limits.backoff_s * 2 ** (failed - 1))

    async def _live_once(self) -> tuple[float, str, bool]:
        """Run one worker to its end; return how long it was ready, why it ended, whether it refused."""
        offset = self._log.stat().st_size if self._log.exists() else 0
        ready_at = None
        try:
            worker = self.worker = await self._launch.start(self._log)
        except OSError as error:
            return 0.0, f"No worker could be started: {error}.", False
        trimming = asyncio.create_task(self._trim())
        try:
            await worker.ready(self._limits.start_s)
            ready_at = monotonic()
            self.backend, self.message = worker.backend, ""
            self._changed()
            reason = await self._watch(worker)
        except WorkerEnded as ended:
            reason = f"The worker ended with {ending(ended.code)} before it was ready."
        except TimeoutError:
            reason = worker.complaint or f"The worker was not ready within {self._limits.start_s:g} s."
        finally:
            trimming.cancel()
        self.backend = None
        self._changed()
        await worker.kill()
        self.worker = None
        _log.warning("%s (replica %d): %s", self._log.parent.name, self.index, reason)
        last = "\n".join(logs.tail(self._log, _FAILURE_LINES, start=offset))
        up_s = monotonic() - ready_at if ready_at else 0.0
        return up_s, f"{reason}\n{last}".strip(), worker.exit_code == REFUSED

    async def _trim(self) -> None:
        """Keep the log small, also of a worker that writes a lot before it is ready."""
        while True:
            await asyncio.sleep(self._limits.probe_s)
            await asyncio.to_thread(logs.trim, self._log)

    def _trust(self, backend: Backend) -> None:
        if backend.suspected:
            backend.suspected = False
            self._changed()

    async def _watch(self, worker: Worker) -> str:
        """Return why the worker may not go on: it ended, or it hangs."""
        answered = monotonic()
        while not await worker.ended(self._limits.probe_s):
            live = await worker.live()
            if live:
                answered = monotonic()
                self._trust(worker.backend)
            elif live is False or monotonic() - answered >= self._limits.answer_s:
                return (
                    worker.complaint
                    or f"The worker was busy with one call for more than {self._limits.answer_s:g} s and was killed."
                )
        return f"The worker ended with {ending(worker.exit_code or 0)}."


def ending(code: int) -> str:
    """Return how a process ended, in words."""
    if code == -signal.SIGKILL:
        return "signal SIGKILL, as when the system runs out of memory"
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
