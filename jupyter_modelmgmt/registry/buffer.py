"""Points on their way into a run: gathered, so that a training loop does not wait for the disk."""

import threading
import time
from collections.abc import Callable, Mapping
from weakref import WeakValueDictionary

from jupyter_modelmgmt.domain.errors import ModelManagementError, RunEnded
from jupyter_modelmgmt.store.points import Triple, packed
from jupyter_modelmgmt.store.series import Batch, Key

FULL = 10_000
WAIT_S = 1.0


class Buffer:
    """Points that were logged and are not stored yet: at most 10,000, and none for longer than a second.

    A process that is killed loses those, and no others. One that ends in order stores them first.
    Safe to share between threads; points of one series keep the order in which they were added.
    """

    def __init__(self, run: str, write: Callable[[Batch], object]) -> None:
        self._write = write
        self._waiting: dict[Key, list[Triple]] = {}
        self._count = 0
        self._failed = False
        self._adding = threading.Lock()
        self._flushing = threading.RLock()
        self._timer: threading.Timer | None = None
        _OPEN[run, id(self)] = self

    def add(self, points: Mapping[Key, tuple[float, float]]) -> None:
        """Take an x and a y for each series. Raises what storing raises, when that failed before."""
        at = time.time()
        with self._adding:
            for key, (x, y) in points.items():
                self._waiting.setdefault(key, []).append((x, y, at))
            self._count += len(points)
            full = self._failed or self._count >= FULL
            if self._timer is None and not full:
                self._timer = _timer(self)
        if full:
            self.flush()

    def flush(self) -> None:
        """Store what waits. On failure it keeps waiting, unless the run has ended. Raises RunEnded, StoreUnavailable."""
        with self._flushing:
            waiting = self._taken()
            if not waiting:
                return
            try:
                self._write({key: packed(points) for key, points in waiting.items()})
            except RunEnded:
                raise
            except BaseException:  # interrupted too: the points are not stored yet
                self._put_back(waiting)
                raise
            self._failed = False

    def flush_later(self) -> None:
        """Store what waits; a failure is told to whoever logs or reads next."""
        try:
            self.flush()
        except ModelManagementError:
            self._failed = True

    def _taken(self) -> dict[Key, list[Triple]]:
        with self._adding:
            waiting, self._waiting, self._count = self._waiting, {}, 0
            timer, self._timer = self._timer, None
        if timer:
            timer.cancel()
        return waiting

    def _put_back(self, waiting: dict[Key, list[Triple]]) -> None:
        with self._adding:
            for key, points in waiting.items():
                self._waiting[key] = points + self._waiting.get(key, [])
                self._count += len(points)


# Buffers of runs in this process, so that whoever reads a run finds all its points.
_OPEN: WeakValueDictionary[tuple[str, int], Buffer] = WeakValueDictionary()


def flush(run: str) -> None:
    """Store what waits for the run with this id, whichever handle took it."""
    for (key, _), buffer in list(_OPEN.items()):
        if key == run:
            buffer.flush()


def _timer(buffer: Buffer) -> threading.Timer:
    # No daemon: a process that ends in order waits for it, and so nothing is lost.
    timer = threading.Timer(WAIT_S, buffer.flush_later)
    timer.start()
    return timer
