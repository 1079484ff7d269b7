"""Measuring two things in one run, by turns, so that a noisy neighbour slows both."""

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, kw_only=True)
class Figure:
    """Medians of ours and of what it is held against: milliseconds of wall time, or another `unit`.

    `at_most` bounds ours / theirs; `extra` allows ours to be that much more besides.
    """

    what: str
    ours: float
    against: str
    theirs: float
    at_most: float = 1.0
    extra: float = 0.0
    unit: str = "ms"

    @property
    def ratio(self) -> float:
        return self.ours / self.theirs

    @property
    def met(self) -> bool:
        return self.ours <= self.theirs * self.at_most + self.extra

    @property
    def budget(self) -> str:
        extra = f" + {self.extra:.3g} {self.unit}" if self.extra else ""
        return f"{self.at_most:g} x{extra}"

    def row(self) -> dict[str, object]:
        return {**asdict(self), "ratio": round(self.ratio, 3), "met": self.met}


def by_turns(ours: Callable[[], object], theirs: Callable[[], object], *, times: int) -> tuple[float, float]:
    """Return the medians of both in milliseconds, after one turn that does not count."""
    return told_by_turns(lambda: [taken(ours)], lambda: [taken(theirs)], turns=times)


def told_by_turns(
    ours: Callable[[], list[float]], theirs: Callable[[], list[float]], *, turns: int
) -> tuple[float, float]:
    """Return the medians of what both tell of each turn, after one that does not count."""
    told: tuple[list[float], list[float]] = ([], [])
    for turn in range(turns + 1):
        for side, kept in zip((ours, theirs), told, strict=True):
            times = side()
            if turn:
                kept.extend(times)
    return statistics.median(told[0]), statistics.median(told[1])


def taken(action: Callable[[], object]) -> float:
    """Return how many milliseconds an action takes."""
    started = time.perf_counter()
    action()
    return (time.perf_counter() - started) * 1000
