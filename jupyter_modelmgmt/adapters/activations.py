"""What a model gives for each label, to confidences in [0, 1]."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

_FINITE = 500  # e to this power is still a float64


def sigmoid(raw: NDArray[Any]) -> NDArray[np.float64]:
    """Return a confidence for each number, whatever the others are."""
    return np.asarray(1 / (1 + np.exp(-np.clip(raw, -_FINITE, _FINITE))), dtype=np.float64)


def softmax(raw: NDArray[Any]) -> NDArray[np.float64]:
    """Return confidences whose sum along the last axis is 1."""
    powers = np.exp(raw - raw.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), dtype=np.float64)
