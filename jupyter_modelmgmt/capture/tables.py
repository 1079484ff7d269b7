"""The digest of arrays and DataFrames: of all values, in their order, with their types.

It does not depend on how pandas keeps a column, nor on pyarrow being there. Hashed are, for each
column, its name, its type and its values: numbers as little-endian bytes, texts as their lengths
and their UTF-8 bytes.
"""

import datetime as dt
import decimal
import math
import sys
import uuid
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from blake3 import blake3
from numpy.typing import NDArray

from jupyter_modelmgmt.domain.errors import BadField

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[Any]
_PLAIN = "biufc"
_TIMES = "mM"
_EXACT = (str, bytes, bool, int, float, complex, type(None), dt.date, dt.time, dt.timedelta,
          dt.datetime, decimal.Decimal, uuid.UUID)  # fmt: skip
_PIECE_ROWS = 1 << 20
_ALONE = 1 << 22


def array_digest(array: Array) -> str:
    """Return the digest of an array. Raises BadField for objects in it that have no lasting form."""
    hasher = blake3(max_threads=blake3.AUTO)
    _head(hasher, "array", _type(array.dtype), *map(str, array.shape))
    _values(hasher, array)
    return f"blake3:{hasher.hexdigest()}"


def frame_digest(frame: "pd.DataFrame") -> str:
    """Return the digest of a DataFrame: of its index, names, types and values. Raises BadField."""
    hasher = blake3(max_threads=blake3.AUTO)
    _head(hasher, "frame", *map(str, frame.shape))
    _index(hasher, frame.index)
    for position, name in enumerate(frame.columns):
        _head(hasher, "column", *_lasting([name]))
        _column(hasher, frame.iloc[:, position])
    return f"blake3:{hasher.hexdigest()}"


def _index(hasher: blake3, index: "pd.Index[Any]") -> None:
    import pandas as pd  # noqa: PLC0415 - who has an index has pandas

    _head(hasher, "index", *_lasting(index.names))
    if isinstance(index, pd.RangeIndex):
        _head(hasher, "range", str(index.start), str(index.step))
        return
    for level in range(index.nlevels):
        _column(hasher, index.get_level_values(level).to_series())


def _column(hasher: blake3, column: "pd.Series[Any]") -> None:
    kind = column.dtype
    _head(hasher, column_type(kind))
    if isinstance(kind, np.dtype) and kind.kind in _PLAIN + _TIMES:
        _values(hasher, column.to_numpy())
        return
    numeric = getattr(kind, "numpy_dtype", None)
    if str(kind) == "category":
        _values(hasher, column.cat.codes.to_numpy())
        _values(hasher, column.cat.categories.to_numpy(dtype=object))
    elif hasattr(column, "dt") and getattr(kind, "tz", None) is not None:
        _values(hasher, column.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy())
    elif isinstance(numeric, np.dtype) and numeric.kind in _PLAIN:
        missing = column.isna().to_numpy()
        _values(hasher, missing)
        _values(hasher, column.fillna(0).to_numpy(dtype=numeric))
    else:
        _values(hasher, column.to_numpy(dtype=object))


def column_type(kind: object) -> str:
    """Return the word for a column's type; texts are `str` however pandas keeps them."""
    word = str(kind)
    return "str" if word.startswith(("string", "str")) else word


def _values(hasher: blake3, array: Array) -> None:
    if array.dtype.names:
        for name in array.dtype.names:
            _head(hasher, name)
            _values(hasher, array[name])
    elif array.dtype.kind == "O":
        flat = array.reshape(-1)
        for start in range(0, len(flat), _PIECE_ROWS):
            _objects(hasher, flat[start : start + _PIECE_ROWS].tolist())
    else:
        for piece in _pieces(array):
            hasher.update(piece.view(np.uint8).data)


def _pieces(array: Array) -> Iterable[Array]:
    """Give an array as contiguous little-endian pieces of plain numbers, copied only when they must be."""
    plain = array.view("i8") if array.dtype.kind in _TIMES else array
    if plain.dtype.kind in "USV":
        plain = np.ascontiguousarray(plain).view("u1") if plain.dtype.kind != "U" else plain
        plain = np.frombuffer(np.ascontiguousarray(plain).astype(plain.dtype.newbyteorder("<")).tobytes(), "u1")
    if plain.ndim == 0 or plain.flags.c_contiguous or plain.nbytes <= _ALONE:
        yield np.ascontiguousarray(plain, dtype=plain.dtype.newbyteorder("<")).reshape(-1)
        return
    rows = max(1, _ALONE // max(1, plain.nbytes // len(plain)))
    for start in range(0, len(plain), rows):
        piece = plain[start : start + rows]
        yield np.ascontiguousarray(piece, dtype=plain.dtype.newbyteorder("<")).reshape(-1)


def _objects(hasher: blake3, items: list[Any]) -> None:
    try:
        text = "".join(items)
    except TypeError:
        items = _without_missing(hasher, items)
        text = "".join(items)
    lengths = np.fromiter(map(len, items), "<i8", len(items))
    hasher.update(lengths.view(np.uint8).data)
    hasher.update(text.encode("utf-8", "surrogatepass"))


def _without_missing(hasher: blake3, items: list[Any]) -> list[str]:
    """Hash where nothing is, and return the rest as texts."""
    absent = np.fromiter(map(_is_missing, items), bool, len(items))
    hasher.update(b"missing" + absent.tobytes())
    texts = ["" if gone else item for gone, item in zip(absent.tolist(), items, strict=True)]
    if all(type(text) is str for text in texts):
        return texts
    hasher.update(b"mixed")
    return _lasting(items)


def _lasting(items: Iterable[Any]) -> list[str]:
    """Return values as texts that say type and value, the same in every process. Raises BadField."""
    return [_word(item) for item in items]


def _word(item: Any) -> str:  # noqa: PLR0911, C901 - one answer a kind
    if type(item) is str:
        return f"s{item}"
    if _is_missing(item):
        return "-"
    if isinstance(item, np.generic) and item.dtype.kind in _PLAIN:
        return _word(item.item())
    if isinstance(item, _EXACT):
        return f"{type(item).__name__}:{item!r}"
    if isinstance(item, list | tuple):
        return f"[{','.join(map(repr, map(_word, item)))}]"
    if isinstance(item, Mapping):
        return f"{{{','.join(sorted(repr((_word(key), _word(value))) for key, value in item.items()))}}}"
    if isinstance(item, set | frozenset):
        return f"<{','.join(sorted(map(repr, map(_word, item))))}>"
    if isinstance(item, np.ndarray):
        return array_digest(item)
    raise BadField(
        f"The data hold an object of type {type(item).__name__}, which has no lasting form. "
        "Turn that column into numbers or texts, or give digest='...'."
    )


def _is_missing(item: Any) -> bool:
    """None, NaN, NaT and pandas' NA are the same: nothing there."""
    if item is None or (isinstance(item, float) and math.isnan(item)):
        return True
    pandas = sys.modules.get("pandas")
    return pandas is not None and (item is pandas.NA or item is pandas.NaT)


def _head(hasher: blake3, *words: str) -> None:
    # Lengths in front: no two heads say the same bytes.
    data = [word.encode("utf-8", "surrogatepass") for word in words]
    hasher.update(b"".join(len(word).to_bytes(8, "little") + word for word in [b"%d" % len(data), *data]))


def _type(kind: "np.dtype[Any]") -> str:
    if kind.names:
        return str([(name, kind.fields[name][0].newbyteorder("<").str) for name in kind.names if kind.fields])
    return kind.newbyteorder("<").str
