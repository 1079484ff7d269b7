"""How much of a score is chance: by what repeating it gave, or by the number of samples. Source: N6."""

import math
import re
import statistics
from collections.abc import Sequence

Z = 1.959963984540054  # of 95 percent, both sides
_SHARES = frozenset({"accuracy", "acc"})


def half_width(name: str, scores: Sequence[float], samples: int | None) -> float | None:
    """Return half of the range in which 95 of 100 measurements of a score lie, None where nobody knows.

    `scores` is what one version scored on one dataset, the newest first: from two on their spread tells, before
    that `samples`, the rows of the dataset, for the share of them that was right.
    """
    known = [score for score in scores if math.isfinite(score)]
    if len(known) > 1:
        return Z * statistics.stdev(known)
    if not known or not samples or not is_share(name) or not 0 <= known[0] <= 1:
        return None
    return _of_share(known[0], samples)


def is_share(name: str) -> bool:
    """Tell from the words of its name whether a metric is the share of samples that were right."""
    return not _SHARES.isdisjoint(re.split(r"[^a-z]+", name.lower()))


def _of_share(share: float, samples: int) -> float:
    """Return half of Wilson's interval, which also holds near 0 and 1. Source: Wilson 1927."""
    spread = math.sqrt(share * (1 - share) / samples + Z**2 / (4 * samples**2))
    return Z / (1 + Z**2 / samples) * spread
