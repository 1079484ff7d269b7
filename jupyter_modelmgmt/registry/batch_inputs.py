"""What goes into a batch, as parcels: one picture, or some rows of a table. Source: M23."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_modelmgmt.domain.batches import MAX_CSV_BYTES, MAX_IMAGE_BYTES
from jupyter_modelmgmt.domain.errors import BadField, BadFile, TooLarge

IMAGES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff"})
_TABLES = frozenset({".csv"})
_MANIFESTS = frozenset({".manifest", ".jsonl", ".txt"})
ROWS = 256  # of a table in one request: the largest batch that a worker makes
_MEGA = 10**6


@dataclass(frozen=True, slots=True)
class Picture:
    """One encoded image; `data` is the path of its file, or its bytes."""

    item: str
    data: Path | bytes

    @property
    def items(self) -> tuple[str, ...]:
        return (self.item,)

    def read(self) -> bytes:
        """Return its bytes. Raises BadFile, TooLarge."""
        if isinstance(self.data, bytes):
            return self.data
        try:
            size = self.data.stat().st_size
            if size > MAX_IMAGE_BYTES:
                raise TooLarge(f"{self.item} has {size / _MEGA:.1f} MB, more than {MAX_IMAGE_BYTES / _MEGA:g} MB.")
            return self.data.read_bytes()
        except OSError as error:
            raise BadFile(f"{self.item} cannot be read: {error.strerror}.") from None


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of a table or an array."""

    items: tuple[str, ...]
    data: Any

    def one_by_one(self) -> "Iterator[Rows]":
        for index, item in enumerate(self.items):
            one = self.data.iloc[index : index + 1] if hasattr(self.data, "iloc") else self.data[index : index + 1]
            yield Rows((item,), one)


Parcel = Picture | Rows


@dataclass(frozen=True, slots=True)
class Inputs:
    """All parcels of a batch; `told` names what they came from, `total` counts their items."""

    told: str
    total: int
    parcels: Sequence[Parcel]


def inputs(given: object, columns: Mapping[str, str | int] | None = None) -> Inputs:
    """Return the parcels of a folder, a manifest, a CSV file, one picture, a table, an array or a list of these items.

    `columns` tells for an input of the model which column of the table it is, by name or position.
    Raises BadField, BadFile, TooLarge.
    """
    if isinstance(given, str | Path):
        path = Path(given).expanduser().absolute()
        parcels = list(_of_path(path, columns))
        told = str(path)
    elif hasattr(given, "iloc") or hasattr(given, "__array__"):
        parcels = list(_rows(_renamed(given, columns), "row"))
        told = f"{type(given).__name__} of {len(given)} rows"  # type: ignore[arg-type]  # both kinds have a length
    elif isinstance(given, Sequence) and given and not isinstance(given, bytes):
        parcels = [_picture(each, index) for index, each in enumerate(given)]
        told = f"{len(given)} items"
    else:
        raise BadField(
            "inputs is a folder, a manifest, a CSV file, a dataset, a DataFrame, an array or a list of files."
        )
    total = sum(len(parcel.items) for parcel in parcels)
    if not total:
        raise BadField(f"There is nothing in {told} that a batch could take: pictures, CSV files or rows.")
    return Inputs(told, total, parcels)


def _of_path(path: Path, columns: Mapping[str, str | int] | None) -> Iterator[Parcel]:
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            if file.suffix.lower() in IMAGES | _TABLES and file.is_file():
                yield from _of_file(file, file.relative_to(path).as_posix(), columns)
    elif not path.is_file():
        raise BadFile(f"{str(path)!r} is no file and no folder here. Give the path of one.")
    elif path.suffix.lower() in _MANIFESTS:
        yield from _of_manifest(path, columns)
    else:
        yield from _of_file(path, path.name, columns)


def _of_file(file: Path, item: str, columns: Mapping[str, str | int] | None) -> Iterator[Parcel]:
    if file.suffix.lower() in _TABLES:
        yield from _rows(_renamed(_table(file), columns), item)
    else:
        yield Picture(item, file)


def _of_manifest(path: Path, columns: Mapping[str, str | int] | None) -> Iterator[Parcel]:
    """Give what each line names: a path, or JSON with the path as `source`; relative ones are beside the manifest."""
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        if not line.strip():
            continue
        name = line.strip()
        if name.startswith("{"):
            try:
                name = str(json.loads(name)["source"])
            except (ValueError, KeyError):
                raise BadFile(
                    f"Line {number} of {path.name} is no JSON with a `source`. Write one item a line."
                ) from None
        yield from _of_file(path.parent / Path(name).expanduser(), name, columns)


def _table(file: Path) -> Any:
    import pandas as pd  # noqa: PLC0415 - only where tables are

    try:
        size = file.stat().st_size
        if size > MAX_CSV_BYTES:
            raise TooLarge(f"{file.name} has {size / _MEGA:.1f} MB, more than {MAX_CSV_BYTES / _MEGA:g} MB. Split it.")
        return pd.read_csv(file)
    except (OSError, ValueError) as error:
        raise BadFile(f"{file.name} cannot be read as CSV: {error}") from None


def _rows(data: Any, item: str) -> Iterator[Rows]:
    for start in range(0, len(data), ROWS):
        part = data.iloc[start : start + ROWS] if hasattr(data, "iloc") else data[start : start + ROWS]
        yield Rows(tuple(f"{item}:{start + index}" for index in range(len(part))), part)


def _renamed(table: Any, columns: Mapping[str, str | int] | None) -> Any:
    """Return the columns that the model's inputs are said to be, under its names."""
    if not columns:
        return table
    if not hasattr(table, "columns"):
        raise BadField("columns belongs to tables; these inputs have none.")
    names = list(table.columns)
    found = {}
    for name, column in columns.items():
        chosen = names[column] if isinstance(column, int) and -len(names) <= column < len(names) else column
        if chosen not in names:
            raise BadField(f"The table has no column {column!r} for {name}. It has {', '.join(map(str, names[:20]))}.")
        found[name] = table[chosen]
    return table.__class__(found)


def _picture(given: object, index: int) -> Picture:
    if isinstance(given, str | Path):
        return Picture(str(given), Path(given).expanduser())
    if isinstance(given, bytes):
        return Picture(f"item:{index}", given)
    raise BadField("A list of inputs holds paths or bytes of pictures. Give rows as an array or a DataFrame.")
