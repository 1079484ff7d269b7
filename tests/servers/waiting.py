"""Waiting for another process, as long as a slow machine needs."""

import time
from collections.abc import Callable


def until(happened: Callable[[], bool], within_s: float = 60) -> None:
    """Return once `happened()`; raises AssertionError after `within_s`."""
    end = time.monotonic() + within_s
    while not happened():
        assert time.monotonic() < end, f"It did not happen within {within_s} s."
        time.sleep(0.01)
