"""Waiting for another process, as long as a slow machine needs."""

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


def until(
    answer: Callable[[], Found], within_s: float = 60, otherwise: Callable[[], object] = lambda: "nothing"
) -> Found:
    """Return the first true answer; raises AssertionError with what `otherwise` tells after `within_s`."""
    deadline = time.monotonic() + within_s
    while not (found := answer()):
        assert time.monotonic() < deadline, f"not within {within_s} s: {otherwise()}"
        time.sleep(0.02)
    return found
