"""The fingerprint of data: of a file or a folder, an array, a DataFrame."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from blake3 import blake3

from jupyter_modelmgmt.domain.errors import BadField, BadFile

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

_PIECE = 1 << 20
_PAIR = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What is known of data.

    `digest` is of all of it, order and types included. `fields` has the type of each column, `rows`
    how many there are, None for files; `size` is bytes. `statistics` has numbers by column: missing,
    least, greatest, mean, deviation.
    """

    digest: str
    size: int
    fields: Mapping[str, str] = field(default_factory=dict)
    rows: int | None = None
    statistics: Mapping[str, Mapping[str, float | int]] = field(default_factory=dict)


def fingerprint(data: object) -> Fingerprint:
    """Return the fingerprint of a DataFrame, a Series, an array, a pair of them, or the file or folder at a path.

    A pair is rows and their answers. The same values give the same digest in every process and on every
    machine. Raises BadField for other objects and for values without a lasting form, BadFile for what cannot be read.
    """
    numpy, pandas = sys.modules.get("numpy"), sys.modules.get("pandas")
    if pandas is not None and isinstance(data, pandas.Series):
        return _of_frame(data.to_frame("values" if data.name is None else data.name))
    if pandas is not None and isinstance(data, pandas.DataFrame):
        return _of_frame(data)
    if numpy is not None and isinstance(data, numpy.ndarray):
        return _of_array(data)
    if isinstance(data, tuple):
        return _of_pair(data)
    digest, size = digest_of(data)
    return Fingerprint(digest=digest, size=size)


def shared_rows(first: object, second: object) -> int:
    """Return how many rows of `second`, the test data say, are in `first` too."""
    from jupyter_modelmgmt.capture import statistics  # noqa: PLC0415 - numpy, for those who have data

    return statistics.shared(first, second)


def _of_frame(frame: "pd.DataFrame") -> Fingerprint:
    from jupyter_modelmgmt.capture import statistics, tables  # noqa: PLC0415 - numpy, for those who have data

    return Fingerprint(
        digest=tables.frame_digest(frame),
        size=int(frame.memory_usage(index=False).sum()),
        fields={str(name): tables.column_type(kind) for name, kind in frame.dtypes.items()},
        rows=len(frame),
        statistics=statistics.of_frame(frame),
    )


def _of_array(array: "np.ndarray[Any, Any]") -> Fingerprint:
    from jupyter_modelmgmt.capture import statistics, tables  # noqa: PLC0415 - numpy, for those who have data

    shape = ", ".join(map(str, array.shape))
    return Fingerprint(
        digest=tables.array_digest(array),
        size=array.nbytes,
        fields={"values": f"{array.dtype} ({shape})"},
        rows=len(array) if array.ndim else 1,
        statistics={"values": statistics.of_numbers(array)} if array.dtype.kind in "biuf" else {},
    )


def _of_pair(pair: tuple[Any, ...]) -> Fingerprint:
    """Return what is known of rows and their answers together."""
    if len(pair) != _PAIR or any(isinstance(part, str | Path | tuple) for part in pair):
        raise BadField("Data in a tuple are two: rows and their answers, for example (x_test, y_test).")
    rows, answers = (fingerprint(part) for part in pair)
    if rows.rows != answers.rows:
        raise BadField(f"There are {rows.rows} rows and {answers.rows} answers. Give one answer for each row.")
    named = {name: _answer(name, rows.fields) for name in answers.fields}
    return Fingerprint(
        digest=f"blake3:{blake3(f'{rows.digest} {answers.digest}'.encode()).hexdigest()}",
        size=rows.size + answers.size,
        fields={**rows.fields, **{named[name]: kind for name, kind in answers.fields.items()}},
        rows=rows.rows,
        statistics={**rows.statistics, **{named[name]: said for name, said in answers.statistics.items()}},
    )


def _answer(name: str, taken: Mapping[str, str]) -> str:
    return "answer" if name == "values" else f"answer {name}" if name in taken else name


def digest_of(data: object) -> tuple[str, int]:
    """Return digest and size in bytes of the file or folder at the path `data`.

    A file's is that of its bytes. A folder's covers the relative names and the bytes of all files in it.
    Raises BadField for anything that is no path, BadFile for what cannot be read as files.
    """
    if not isinstance(data, str | Path):
        raise BadField(
            f"A {type(data).__name__} in memory has no digest here. Give data='a file or folder', or digest='...'."
        )
    path = Path(data)
    if path.is_dir():
        return _of_folder(path)
    hasher = blake3()
    size = _hashed(path, hasher)
    return f"blake3:{hasher.hexdigest()}", size


def _of_folder(folder: Path) -> tuple[str, int]:
    hasher, size = blake3(), 0
    names = sorted((path.relative_to(folder).as_posix(), path) for path in folder.rglob("*") if not path.is_dir())
    for name, path in names:
        inner = blake3()
        count = _hashed(path, inner)
        # Lengths in front: no two folders say the same bytes.
        text = name.encode("utf-8", "surrogateescape")
        hasher.update(len(text).to_bytes(8, "little") + text + count.to_bytes(8, "little") + inner.digest())
        size += count
    return f"blake3:{hasher.hexdigest()}", size


def _hashed(path: Path, hasher: blake3) -> int:
    """Feed the bytes of a file to `hasher` and return how many there are. Raises BadFile."""
    if not path.is_file():
        raise BadFile(f"There is no file {str(path)!r} to read the data from.")
    size = 0
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                hasher.update(piece)
                size += len(piece)
    except OSError as error:
        raise BadFile(f"{str(path)!r} cannot be read: {error.strerror}.") from None
    return size
