"""What the columns of a table hold: missing values, extremes, mean; and rows that two tables share."""

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Statistics = Mapping[str, Mapping[str, float | int]]
Hashes = NDArray[np.uint64]

MAX_COLUMNS = 1000
_PIECE = 1 << 13  # beyond 10,000 numbers BLAS takes several threads for a product, which burn time waiting
_NUMBERS = "biuf"


def of_frame(frame: "pd.DataFrame") -> Statistics:
    """Return by column how many values are missing; of numbers also least, greatest, mean and deviation."""
    return {
        str(name): of_column(frame.iloc[:, position])
        for position, name in enumerate(frame.columns[:MAX_COLUMNS])
    }  # fmt: skip


def of_column(column: "pd.Series[Any]") -> Mapping[str, float | int]:
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in _NUMBERS:
        return of_numbers(column.to_numpy())
    return {"missing": int(column.isna().sum())}


def of_numbers(values: NDArray[Any]) -> Mapping[str, float | int]:
    """Return missing, least, greatest, mean and deviation of numbers; NaN is missing. Read once, in pieces."""
    flat = values.reshape(-1)
    count = missing = 0
    total = squares = shift = 0.0
    least, greatest = np.inf, -np.inf
    room = np.empty(min(len(flat), _PIECE))
    for start in range(0, len(flat), _PIECE):
        piece = flat[start : start + _PIECE]
        # Squares lose their digits far from zero, so they are taken around the first value.
        shift = shift if count else float(piece[0])
        moved = _moved(piece, shift, room)
        added = float(moved.sum())
        if not np.isfinite(added):  # something is missing or infinite
            piece = _present(piece)
            missing += len(moved) - len(piece)
            if not piece.size:
                continue
            shift = shift if count else float(piece[0])
            moved = _moved(piece, shift, room)
            added = float(moved.sum())
        least, greatest = min(least, float(piece.min())), max(greatest, float(piece.max()))
        count, total, squares = count + piece.size, total + added, squares + float(moved @ moved)
    if not count:
        return {"missing": missing}
    mean = total / count
    spread = max(squares / count - mean * mean, 0.0)
    found = {"least": least, "greatest": greatest, "mean": shift + mean, "deviation": spread**0.5}
    return {"missing": missing, **{name: value for name, value in found.items() if np.isfinite(value)}}


def _moved(piece: NDArray[Any], shift: float, room: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return numbers less `shift`, written into `room`."""
    with np.errstate(invalid="ignore", over="ignore"):  # infinity less infinity is no number, and no harm
        np.subtract(piece, shift, out=room[: len(piece)], dtype=np.float64, casting="unsafe")
    return room[: len(piece)]


def _present(piece: NDArray[Any]) -> NDArray[np.float64]:
    wide = piece.astype(np.float64)
    return wide[~np.isnan(wide)]


def shared(first: object, second: object) -> int:
    """Return how many rows of `second` are in `first` too; 0 for what has no common columns.

    One number a row, labels for example, makes no row: those are always shared.
    """
    ours, theirs = row_hashes(first, second), row_hashes(second, first)
    if ours is None or theirs is None:
        return 0
    return int(np.isin(theirs, ours).sum())


def row_hashes(data: object, other: object) -> Hashes | None:
    """Return a 64-bit number for each row of `data`, of the columns that `other` has too."""
    pandas = sys.modules.get("pandas")
    if isinstance(data, np.ndarray) and isinstance(other, np.ndarray):
        return _of_array(data, other)
    if pandas is None or not isinstance(data, pandas.DataFrame | pandas.Series):
        return None
    if isinstance(data, pandas.Series) and isinstance(other, pandas.Series):
        return None if data.dtype.kind in _NUMBERS else pandas.util.hash_array(data.to_numpy(dtype=object))
    if not isinstance(data, pandas.DataFrame) or not isinstance(other, pandas.DataFrame):
        return None
    names = [name for name in data.columns if name in other.columns]
    return _of_columns([data[name] for name in names]) if names else None


def _of_columns(columns: list[Any]) -> Hashes:
    import pandas as pd  # noqa: PLC0415 - who has columns has pandas

    found = np.zeros(len(columns[0]), np.uint64)
    for column in columns:
        if column.dtype.kind in _NUMBERS:
            part = _mixed(_bits(column.to_numpy()))
        else:
            part = pd.util.hash_array(column.to_numpy(dtype=object))
        found = _mixed(found * np.uint64(31) + part)
    return found


def _of_array(data: NDArray[Any], other: NDArray[Any]) -> Hashes | None:
    if data.ndim <= 1 or data.shape[1:] != other.shape[1:] or data.dtype.kind not in _NUMBERS:
        return None
    found = np.zeros(len(data), np.uint64)
    for column in data.reshape(len(data), -1).T:
        found = _mixed(found * np.uint64(31) + _mixed(_bits(column)))
    return found


def _bits(values: NDArray[Any]) -> Hashes:
    """Return numbers as 64 bits so that equal numbers of any type have equal bits; NaN equals NaN."""
    numbers = values.astype(np.float64)
    numbers += 0.0  # -0.0 is 0.0
    numbers[np.isnan(numbers)] = np.nan
    return numbers.view(np.uint64)


def _mixed(x: Hashes) -> Hashes:
    """Return splitmix64's mixing of each number. Source: S. Vigna, splitmix64.c."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))
