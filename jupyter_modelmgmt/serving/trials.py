"""Workers of versions that are tried and not deployed: each is kept for a while after its last answer."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from jupyter_modelmgmt.domain.errors import Conflict, ServingFailed
from jupyter_modelmgmt.domain.records import ModelVersion
from jupyter_modelmgmt.serving.temporary import TemporaryWorker, temporary_worker

MOST = 3
IDLE_S = 120.0


class Cancellation:
    """Ends work on another thread that nobody waits for any more."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_cancelled = False
        self._end: Callable[[], None] | None = None

    def cancel(self) -> None:
        """End what runs now, and what would come after it."""
        with self._lock:
            self._is_cancelled = True
            end = self._end
        if end:
            end()

    def refuse(self) -> None:
        """Raise Conflict once it was cancelled."""
        if self._is_cancelled:
            raise Conflict("It was cancelled.")

    @contextmanager
    def ending(self, end: Callable[[], None]) -> Iterator[None]:
        """Let a cancellation call `end` while the block runs."""
        with self._lock:
            self.refuse()
            self._end = end
        try:
            yield
        except ServingFailed:
            self.refuse()
            raise
        finally:
            self._end = None


@dataclass(slots=True)
class _Kept:
    lock: threading.Lock = field(default_factory=threading.Lock)
    stack: ExitStack = field(default_factory=ExitStack)
    worker: TemporaryWorker | None = None
    users: int = 0
    used_at: float = 0


class Trials:
    """At most `most` workers, each ended `idle_s` after its last answer. Safe to share between threads."""

    def __init__(self, *, most: int = MOST, idle_s: float = IDLE_S) -> None:
        self._most, self._idle_s = most, idle_s
        self._lock = threading.Lock()
        self._kept: dict[str, _Kept] = {}
        self._timer: threading.Timer | None = None

    def ask(
        self,
        version: ModelVersion,
        prepare: Callable[[Path], None],
        body: bytes,
        content_type: str,
        cancellation: Cancellation,
    ) -> bytes:
        """Return the JSON that `version` answers to an image or an inference request.

        `prepare` copies its files into a folder. Raises Conflict when it was cancelled, BadImage, BadTensor, ServingFailed.
        """
        with self.lent(version, prepare, cancellation) as ask:
            return ask(body, content_type)

    @contextmanager
    def lent(
        self, version: ModelVersion, prepare: Callable[[Path], None], cancellation: Cancellation
    ) -> Iterator[Callable[[bytes, str], bytes]]:
        """Give what asks one worker of `version` again and again; see `ask`."""
        with self._taken(version.selector) as kept:
            worker = self._worker(kept, version, prepare, cancellation)

            def ask(body: bytes, content_type: str) -> bytes:
                with cancellation.ending(lambda: self._given_up(kept)):
                    return worker.ask(body, content_type)

            yield ask

    def close(self) -> None:
        """End all workers."""
        with self._lock:
            gone, self._kept = [*self._kept.values()], {}
            if self._timer:
                self._timer.cancel()
        for kept in gone:
            kept.stack.close()

    @contextmanager
    def _taken(self, selector: str) -> Iterator[_Kept]:
        with self._lock:
            kept = self._kept.setdefault(selector, _Kept())
            kept.users += 1
        try:
            yield kept
        finally:
            with self._lock:
                kept.users -= 1
                kept.used_at = time.monotonic()
            self._end_idle()

    def _worker(
        self, kept: _Kept, version: ModelVersion, prepare: Callable[[Path], None], cancellation: Cancellation
    ) -> TemporaryWorker:
        with kept.lock:
            if kept.worker and kept.worker.answers():
                return kept.worker
            kept.stack.close()  # of one that ended by itself
            kept.worker = None
            kept.worker = kept.stack.enter_context(temporary_worker(version, prepare, refuse=cancellation.refuse))
            return kept.worker

    def _given_up(self, kept: _Kept) -> None:
        """End a worker in the middle of an answer, unless others wait for it too."""
        if kept.users == 1 and kept.worker:
            kept.worker.end()

    def _end_idle(self) -> None:
        """End those that nobody asked for a while, and the oldest of too many."""
        now = time.monotonic()
        with self._lock:
            idle = sorted((k for k in self._kept if not self._kept[k].users), key=lambda k: self._kept[k].used_at)
            too_many = max(0, len(self._kept) - self._most)
            old = [k for i, k in enumerate(idle) if i < too_many or self._kept[k].used_at + self._idle_s <= now]
            gone = [self._kept.pop(k) for k in old]
            if self._timer:
                self._timer.cancel()
            if self._kept:
                self._timer = threading.Timer(self._idle_s, self._end_idle)
                self._timer.daemon = True
                self._timer.start()
        for kept in gone:
            kept.stack.close()
