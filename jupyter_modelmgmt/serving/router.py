"""The router: which worker answers a request, and what is said when none does."""

import asyncio
from time import perf_counter

from jupyter_modelmgmt.domain.errors import ModelManagementError, NotFound, Overloaded, ServingFailed, TimedOut
from jupyter_modelmgmt.serving.backend import Answer, Backend, Cut, Forward, Unreachable
from jupyter_modelmgmt.serving.limits import Limits
from jupyter_modelmgmt.serving.web import Meter


class Line:
    """The backends of one deployment, and the requests that wait for one.

    `problem` says why no backend is on its way; while it is None, requests are held.
    """

    def __init__(self) -> None:
        self.load = 0
        self.problem: ModelManagementError | None = None
        self._backends: list[Backend] = []
        self._next = 0
        self._changed = asyncio.Event()

    def serves(self, version: str | None) -> bool:
        """Tell whether a backend answers, for that version if one is given."""
        return any(version in (None, backend.version) for backend in self._backends)

    def put(self, backends: list[Backend], problem: ModelManagementError | None) -> None:
        """Send requests to `backends` from now on."""
        self._backends, self.problem = backends, problem
        self._changed.set()
        self._changed = asyncio.Event()

    def drop(self, backend: Backend) -> None:
        """Send nothing more to a backend that cannot be reached."""
        self._backends = [other for other in self._backends if other is not backend]

    async def next(self, version: str | None, deadline: float) -> Backend:
        """Return the backend whose turn it is, waiting for one until `deadline`.

        Raises Overloaded when none came, NotFound for a version that is not served here.
        """
        while not (trusted := [backend for backend in self._backends if not backend.suspected]):
            if self.problem:
                raise self.problem
            try:
                async with asyncio.timeout_at(deadline):
                    await self._changed.wait()
            except TimeoutError:
                raise Overloaded("No worker became ready in time. Try again, or read the deployment's logs.") from None
        fitting = [backend for backend in trusted if version in (None, backend.version)]
        if not fitting:
            served = ", ".join(sorted({backend.version for backend in trusted}))
            raise NotFound(f"The version {str(version)[:80]!r} is not served here; {served} is.")
        self._next += 1
        return fitting[self._next % len(fitting)]


class Router:
    """Sends requests to the lines of deployments, each request to one worker and never twice."""

    def __init__(self, limits: Limits) -> None:
        self.meter = Meter()
        self._limits = limits
        self._lines: dict[str, Line] = {}

    def open(self, name: str) -> Line:
        """Return the line of a deployment, made when there is none."""
        return self._lines.setdefault(name, Line())

    def close(self, name: str) -> None:
        """Forget a deployment."""
        self._lines.pop(name, None)

    def line(self, name: str) -> Line:
        """Return the line of a known deployment. Raises NotFound."""
        if name not in self._lines:
            raise NotFound(f"There is no deployment {name[:80]!r}.")
        return self._lines[name]

    async def send(self, name: str, version: str | None, forward: Forward) -> Answer:
        """Return a worker's answer, or raise what to tell the client instead."""
        line = self.line(name)
        if line.load >= self._limits.max_queue:
            raise Overloaded(f"{line.load} requests wait for {name!r} already. Try again later.")
        line.load += 1
        try:
            return await self._sent(name, line, version, forward)
        finally:
            line.load -= 1

    async def _sent(self, name: str, line: Line, version: str | None, forward: Forward) -> Answer:
        deadline = asyncio.get_running_loop().time() + self._limits.hold_s
        while True:
            backend = await line.next(version, deadline)
            try:
                return await self._asked(name, backend, forward)
            except Unreachable:
                line.drop(backend)

    async def _asked(self, name: str, backend: Backend, forward: Forward) -> Answer:
        start, status = perf_counter(), ServingFailed.status
        try:
            async with asyncio.timeout(self._limits.answer_s):
                answer = await backend.send(forward)
            status = answer.status
        except TimeoutError:
            status, backend.suspected = TimedOut.status, True
            raise TimedOut(f"{name!r} did not answer within {self._limits.answer_s:g} s.") from None
        except Cut:
            raise ServingFailed(
                f"The worker of {name!r} ({backend.version}) ended while it answered and is being restarted. "
                "The request was not repeated; read the deployment's logs before you send it again."
            ) from None
        finally:
            self.meter.count(name, backend.version, status, perf_counter() - start)
        return answer
