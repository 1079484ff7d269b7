"""Measuring two things in one run, by turns, so that a noisy neighbour slows both."""

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, kw_only=True)
class Figure:
    """Medians of ours and of what it is held against, in milliseconds of wall time.

    `at_most` bounds ours / theirs; `extra_ms` allows ours to be that much slower besides.
    """

    what: str
    ours_ms: float
    against: str
    theirs_ms: float
    at_most: float = 1.0
    extra_ms: float = 0.0

    @property
    def ratio(self) -> float:
        return self.ours_ms / self.theirs_ms

    @property
    def met(self) -> bool:
        return self.ours_ms <= self.theirs_ms * self.at_most + self.extra_ms

    @property
    def budget(self) -> str:
        extra = f" + {self.extra_ms:g} ms" if self.extra_ms else ""
        return f"{self.at_most:g} x{extra}"

    def row(self) -> dict[str, object]:
        return {**asdict(self), "ratio": round(self.ratio, 3), "met": self.met}


def by_turns(ours: Callable[[], object], theirs: Callable[[], object], *, times: int) -> tuple[float, float]:
    """Return the medians of both in milliseconds, after one turn that does not count."""
    taken: tuple[list[float], list[float]] = ([], [])
    for turn in range(times + 1):
        for action, kept in zip((ours, theirs), taken, strict=True):
            started = time.perf_counter()
            action()
            if turn:
                kept.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken[0]), statistics.median(taken[1])
