"""The router: which worker answers a request, and what is said when none does."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic, perf_counter

from jupyter_modelmgmt.domain.errors import ModelManagementError, NotFound, Overloaded, ServingFailed, TimedOut
from jupyter_modelmgmt.serving.backend import Answer, Backend, Cut, Forward, Unreachable
from jupyter_modelmgmt.serving.limits import Limits
from jupyter_modelmgmt.serving.metering import Meter
from jupyter_modelmgmt.serving.shadows import agree
from jupyter_modelmgmt.store.deployments import Key

_SHADOWED = 32  # copies of requests that are on their way to shadows; beyond, no copy is made
_CHANGES_NOTHING = ("GET", "HEAD")


@dataclass(slots=True)
class Pool:
    """The workers of one version; `weight` percent of the requests are theirs, a copy of all for a `shadow`."""

    version: str
    weight: int
    backends: list[Backend]
    shadow: bool = False
    credit: int = 0
    turn: int = field(default=0)

    @property
    def trusted(self) -> list[Backend]:
        return [backend for backend in self.backends if not backend.suspected]

    def next(self) -> Backend:
        """Return the worker whose turn it is."""
        trusted = self.trusted
        self.turn += 1
        return trusted[self.turn % len(trusted)]


class Line:
    """The pools of one deployment, and the requests that wait for one.

    `problem` says why no worker is on its way; while it is None, requests are held. `keys` are those
    of clients that may ask besides the owner. `asked_at` is when the last request came.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.keys: Sequence[Key] = ()
        self.load = 0
        self.asked_at = monotonic()
        self.problem: ModelManagementError | None = None
        self._pools: list[Pool] = []
        self._changed = asyncio.Event()

    def serves(self, version: str | None) -> bool:
        """Tell whether a worker answers, for that version if one is given."""
        return any(pool.backends for pool in self._fitting(version))

    def put(self, pools: list[Pool], problem: ModelManagementError | None) -> None:
        """Send requests to `pools` from now on."""
        known = {pool.version: (pool.credit, pool.turn) for pool in self._pools}
        for pool in pools:
            pool.credit, pool.turn = known.get(pool.version, (0, 0))
        self._pools, self.problem = pools, problem
        self._changed.set()
        self._changed = asyncio.Event()

    def drop(self, backend: Backend) -> None:
        """Send nothing more to a worker that cannot be reached."""
        for pool in self._pools:
            pool.backends = [other for other in pool.backends if other is not backend]

    def shadow(self) -> Backend | None:
        """Return a worker that gets a copy of what is asked."""
        pool = next((pool for pool in self._pools if pool.shadow and pool.trusted), None)
        return pool.next() if pool else None

    async def next(self, version: str | None, deadline: float) -> Backend:
        """Return the worker whose turn it is, waiting for one until `deadline`.

        Raises Overloaded when none came, NotFound for a version that is not served here.
        """
        while not (ready := [pool for pool in self._fitting(version) if pool.trusted]):
            if version and self._pools and not self._fitting(version):
                served = ", ".join(sorted(pool.version for pool in self._pools))
                raise NotFound(f"The version {version[:80]!r} is not served here; {served} is. Ask that.")
            if self.problem:
                raise self.problem
            try:
                async with asyncio.timeout_at(deadline):
                    await self._changed.wait()
            except TimeoutError:
                raise Overloaded("No worker became ready in time. Try again, or read the deployment's logs.") from None
        return _chosen(ready).next()

    def _fitting(self, version: str | None) -> list[Pool]:
        if version is None:
            return [pool for pool in self._pools if not pool.shadow and pool.weight]
        return [pool for pool in self._pools if pool.version == version]


def _chosen(pools: Sequence[Pool]) -> Pool:
    """Return the pool whose turn it is: of 100 requests each gets as many as its weight, spread evenly."""
    if len(pools) == 1:
        return pools[0]
    for pool in pools:
        pool.credit += pool.weight
    chosen = max(pools, key=lambda pool: pool.credit)
    chosen.credit -= sum(pool.weight for pool in pools)
    return chosen


class Router:
    """Sends requests to the lines of deployments, each request to one worker and never twice."""

    def __init__(self, limits: Limits) -> None:
        self.meter = Meter()
        self._limits = limits
        self._lines: dict[str, Line] = {}
        self._copies: set[asyncio.Task[None]] = set()

    def open(self, name: str) -> Line:
        """Return the line of a deployment, made when there is none."""
        return self._lines.setdefault(name, Line(self._limits))

    def close(self, name: str) -> None:
        """Forget a deployment."""
        self._lines.pop(name, None)
        self.meter.forget(name)

    def line(self, name: str) -> Line:
        """Return the line of a known deployment. Raises NotFound."""
        if name not in self._lines:
            raise NotFound(f"There is no deployment {name[:80]!r}. Check its name.")
        return self._lines[name]

    def keys(self, name: str) -> Sequence[Key]:
        """Return the keys of clients that may ask a deployment, none for one that nobody knows."""
        return self._lines[name].keys if name in self._lines else ()

    async def send(self, name: str, version: str | None, forward: Forward) -> Answer:
        """Return a worker's answer, or raise what to tell the client instead."""
        line = self.line(name)
        line.asked_at = monotonic()
        if line.load >= line.limits.max_queue:
            raise Overloaded(f"{line.load} requests wait for {name!r} already. Try again later.")
        line.load += 1
        try:
            answer = await self._sent(name, line, version, forward)
        finally:
            line.load -= 1
        if version is None and forward.method not in _CHANGES_NOTHING:
            self._copy(name, line, forward, answer)
        return answer

    async def _sent(self, name: str, line: Line, version: str | None, forward: Forward) -> Answer:
        deadline = asyncio.get_running_loop().time() + line.limits.hold_s
        while True:
            backend = await line.next(version, deadline)
            try:
                return await self._asked(name, line, backend, forward)
            except Unreachable:
                line.drop(backend)

    async def _asked(self, name: str, line: Line, backend: Backend, forward: Forward) -> Answer:
        start, status = perf_counter(), ServingFailed.status
        try:
            async with asyncio.timeout(line.limits.answer_s):
                answer = await backend.send(forward)
            status = answer.status
        except TimeoutError:
            status, backend.suspected = TimedOut.status, True
            raise TimedOut(
                f"{name!r} did not answer within {line.limits.answer_s:g} s. Send less at once, or raise its limit answer_s."
            ) from None
        except Cut:
            backend.suspected = True  # it may be ending, and listen until it has
            raise ServingFailed(
                f"The worker of {name!r} ({backend.version}) ended while it answered and is being restarted. "
                "The request was not repeated; read the deployment's logs before you send it again."
            ) from None
        except Unreachable:
            status = 0  # the worker has seen nothing of it
            raise
        finally:
            if status:
                self.meter.count(name, backend.version, status, perf_counter() - start)
        return answer

    def _copy(self, name: str, line: Line, forward: Forward, answer: Answer) -> None:
        """Send a copy of an answered request to the shadow, if there is one, and compare. Nobody waits for it."""
        if len(self._copies) >= _SHADOWED:
            return
        if backend := line.shadow():
            task = asyncio.create_task(self._compared(name, line, backend, forward, answer))
            self._copies.add(task)
            task.add_done_callback(self._copies.discard)

    async def _compared(self, name: str, line: Line, backend: Backend, forward: Forward, answer: Answer) -> None:
        try:
            theirs = await self._asked(name, line, backend, forward)
        except (ModelManagementError, Unreachable):
            self.meter.compare(name, backend.version, agreed=False)
            return
        self.meter.compare(name, backend.version, agreed=agree(answer, theirs))
