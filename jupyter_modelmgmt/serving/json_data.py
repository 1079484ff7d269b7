"""Data of tensors in JSON as NumPy alone does not read it: missing numbers, texts in lists of lists."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray


def with_gaps(raw: NDArray[Any]) -> NDArray[Any]:
    """Return numbers with NaN for `null`, as answers write it; `raw` where anything else is there."""
    missing = np.array([item is None for item in raw.flat]).reshape(raw.shape)
    rest = np.asarray(raw[~missing].tolist(), dtype=None if not missing.all() else np.float64)
    if rest.dtype.kind not in "iuf":
        return raw
    numbers = np.full(raw.shape, np.nan)
    numbers[~missing] = rest
    return numbers


def flat(data: Iterable[Any]) -> Iterable[Any]:
    """Give the values of lists in lists, in their order."""
    for item in data:
        if isinstance(item, list):
            yield from flat(item)
        else:
            yield item
