"""Points of a series as bytes: x, y and time of each, little-endian float64, one after the other."""

import math
import struct
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_modelmgmt.domain.errors import BadMetric

if TYPE_CHECKING:
    from numpy.typing import NDArray

POINT = 24
_ONE = struct.Struct("<3d")
Triple = tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """Points to add to one series, and what its summary must know of them."""

    data: bytes
    last_x: float
    last: float | None
    least: float | None
    greatest: float | None

    @property
    def count(self) -> int:
        return len(self.data) // POINT


def packed(points: Sequence[Triple]) -> Points:
    """Return (x, y, time) of at least one point as bytes. Raises BadMetric for an x that is not finite."""
    if len(points) == 1:
        return _one(*points[0])
    if not all(math.isfinite(x) for x, _, _ in points):
        raise _bad_step()
    finite = [y for _, y, _ in points if math.isfinite(y)]
    return Points(
        data=struct.pack(f"<{3 * len(points)}d", *(value for point in points for value in point)),
        last_x=points[-1][0],
        last=points[-1][1] if math.isfinite(points[-1][1]) else None,
        least=min(finite, default=None),
        greatest=max(finite, default=None),
    )


def _one(x: float, y: float, time: float) -> Points:
    """Return one point as bytes: most batches have one of each of many series."""
    if not math.isfinite(x):
        raise _bad_step()
    value = y if math.isfinite(y) else None
    return Points(data=_ONE.pack(x, y, time), last_x=x, last=value, least=value, greatest=value)


def _bad_step() -> BadMetric:
    return BadMetric("A step is not a finite number. Number the steps, for example step=1.")


def packed_arrays(x: object, y: object) -> Points | None:
    """Return two arrays of the same length, logged now, as bytes; None when they are empty.

    Raises BadMetric.
    """
    import numpy as np  # noqa: PLC0415 - 0.1 s, only where arrays are

    xs, ys = _floats(x), _floats(y)
    if xs.shape != ys.shape:
        raise BadMetric(f"x has {len(xs)} points and y has {len(ys)}. Give one x for each y.")
    if not len(xs):
        return None
    if not np.isfinite(xs).all():
        raise BadMetric("x holds a value that is not a finite number. Number the steps, for example 0, 1, 2.")
    finite = ys[np.isfinite(ys)]
    rows = np.empty((len(xs), 3), dtype="<f8")
    rows[:, 0], rows[:, 1], rows[:, 2] = xs, ys, time.time()
    return Points(
        data=rows.tobytes(),
        last_x=float(xs[-1]),
        last=float(ys[-1]) if np.isfinite(ys[-1]) else None,
        least=float(finite.min()) if finite.size else None,
        greatest=float(finite.max()) if finite.size else None,
    )


def unpacked(blobs: Iterable[bytes]) -> "NDArray[Any]":
    """Return float64 (3, points): x, y, time."""
    import numpy as np  # noqa: PLC0415 - as above

    return np.ascontiguousarray(np.frombuffer(b"".join(blobs), dtype="<f8").reshape(-1, 3).T)


def thinned(points: "NDArray[Any]", at_most: int) -> "NDArray[Any]":
    """Return at most `at_most` (4 or more) of the points, (3, points), in their order.

    The least and the greatest of each bucket stay, so peaks do, and the first and the last point.
    """
    import numpy as np  # noqa: PLC0415 - as above

    count = points.shape[1]
    if count <= at_most:
        return points
    buckets = (at_most - 2) // 2
    starts = np.linspace(0, count, buckets, endpoint=False).astype(np.int64)
    # Buckets differ by one point in length: the short ones repeat their last.
    widest = int(np.diff(starts, append=count).max())
    ends = np.append(starts[1:], count)
    index = np.minimum(starts[:, None] + np.arange(widest), ends[:, None] - 1)
    y = points[1][index]
    rows = np.arange(buckets)
    low = np.where(np.isfinite(y), y, np.inf).argmin(axis=1)
    high = np.where(np.isfinite(y), y, -np.inf).argmax(axis=1)
    kept = np.concatenate([[0, count - 1], index[rows, low], index[rows, high]])
    return points[:, np.unique(kept)]


def _floats(values: object) -> "NDArray[Any]":
    import numpy as np  # noqa: PLC0415 - as above

    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise BadMetric("x and y are lists or arrays of numbers.") from None
    if array.ndim != 1:
        raise BadMetric(f"x and y are flat lists or arrays of numbers, not of shape {array.shape}.")
    return array
