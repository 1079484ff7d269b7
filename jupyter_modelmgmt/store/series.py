"""Metric series: points in, points out, packed.

The newest points of a series lie in its row; when there are `FULL` of them they become a chunk.
Order is the order of logging: whoever logs locks the owner, a run or a version, so two processes
that log into one run lose nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, ColumnElement, Connection, String, and_, bindparam, select

from jupyter_modelmgmt.domain.errors import NotFound
from jupyter_modelmgmt.domain.tracking import SeriesSummary
from jupyter_modelmgmt.store import schema
from jupyter_modelmgmt.store.dialects import Walk, listed
from jupyter_modelmgmt.store.pages import AnyRow
from jupyter_modelmgmt.store.points import POINT, Points, unpacked
from jupyter_modelmgmt.store.prepared import Prepared, adding, changing

if TYPE_CHECKING:
    from numpy.typing import NDArray

FULL = 64
CHUNK = 4096
_MANY = 100
_S = schema.series.c
_K = schema.series_chunks.c
_FACTS = (_S.id, _S.figure, _S.legend, _S.count, _S.last_x, _S.last, _S.least, _S.greatest)
_COUNT = 3
_KEY = ("figure", "legend")
_STATE = ("count", "last_x", "last", "least", "greatest", "tail")
_UPDATE = changing(schema.series, *_STATE)
_CHUNKS = Prepared(adding(schema.series_chunks, "series_id", "position", "data"))


def _of_owner(column: Column[Any]) -> tuple[Prepared, Prepared, Prepared]:
    """Return the statements of an owner's series: those of some figures, all of them, a new one."""
    figures = listed("figures", String)
    known = select(*_FACTS, _S.tail)
    mine = column == bindparam("owner")
    some = known.select_from(Walk(figures, schema.series, and_(mine, _S.figure == figures.c.value)))
    return (
        Prepared(some),
        Prepared(known.where(mine)),
        Prepared(adding(schema.series, column.name, "figure", "legend", *_STATE)),
    )


_BY_OWNER = {column.name: _of_owner(column) for column in (_S.run_id, _S.version_id)}
Key = tuple[str, str]
Batch = Mapping[Key, Points]


@dataclass(frozen=True, slots=True)
class Owner:
    """What a series hangs on: the row `id` of a run or of a version."""

    column: Column[Any]
    id: int

    @property
    def mine(self) -> ColumnElement[bool]:
        return self.column == self.id


def of_run(run_id: int) -> Owner:
    return Owner(_S.run_id, run_id)


def of_version(version_id: int) -> Owner:
    return Owner(_S.version_id, version_id)


def append(c: Connection, owner: Owner, batch: Batch) -> int:
    """Add points, by figure and legend, to series of `owner`, whose row the caller has locked.

    Returns how many points there were. The number of statements does not depend on the batch.
    """
    known = _known(c, owner, batch)
    changed, made, chunks = [], [], []
    for key, points in batch.items():
        row = known.get(key)
        full, tail = _split(row.tail + points.data if row else points.data)
        state = (*_summed(row, points), tail)
        if row is None:
            made.append(dict(zip((owner.column.name, *_KEY, *_STATE), (owner.id, *key, *state), strict=True)))
        else:
            changed.append({"row": row.id, **dict(zip(_STATE, state, strict=True))})
        if full:
            chunks.append((key, state[0] - len(tail) // POINT, full))
    _UPDATE.many(c, changed)
    _BY_OWNER[owner.column.name][2].many(c, made)
    if chunks:
        ids = {key: row.id for key, row in (known if not made else _known(c, owner, batch)).items()}
        _CHUNKS.many(c, list(_chunk_rows(ids, chunks)))
    return sum(points.count for points in batch.values())


def summaries(c: Connection, owners: Sequence[int], column: Column[Any]) -> dict[int, tuple[SeriesSummary, ...]]:
    """Return the series of several runs, or versions, without their points."""
    found: dict[int, tuple[SeriesSummary, ...]] = {}
    query = select(column.label("owner"), *_FACTS[1:]).where(column.in_(owners)).order_by(_S.figure, _S.legend)
    for row in c.execute(query):
        summary = SeriesSummary(**{name: value for name, value in row._mapping.items() if name != "owner"})  # noqa: SLF001 - SQLAlchemy's public way to a mapping
        found[row.owner] = (*found.get(row.owner, ()), summary)
    return found


def find(c: Connection, owner: Owner, key: str, legend: str | None = None) -> AnyRow:
    """Return the row of a series, by its figure and legend or as `figure/legend`. Raises NotFound."""
    query = select(schema.series).where(owner.mine)
    if legend is not None:
        rows = c.execute(query.where(_S.figure == key, _S.legend == legend)).all()
    else:
        figure, _, line = key.rpartition("/")
        # A figure may have '/' in its name: the whole text is tried first.
        either = (_S.figure == key) & (_S.legend == "") | (_S.figure == figure) & (_S.legend == line)
        rows = c.execute(query.where(either).order_by(_S.legend)).all()
    if not rows:
        raise NotFound(f"No series is called {key[:80]!r}{_lines(c, owner, key)}.")
    return rows[0]


def read(c: Connection, rows: Sequence[AnyRow]) -> "list[NDArray[Any]]":
    """Return the points of each series, float64 (3, points): x, y, time."""
    chunks: dict[int, list[bytes]] = {row.id: [] for row in rows}
    query = select(_K.series_id, _K.data).where(_K.series_id.in_(chunks)).order_by(_K.series_id, _K.position)
    for series_id, data in c.execute(query):
        chunks[series_id].append(data)
    return [unpacked([*chunks[row.id], row.tail]) for row in rows]


def rows(c: Connection, owner: Owner, figure: str | None = None) -> Sequence[AnyRow]:
    """Return the rows of all series of `owner`, those of one figure if it is given."""
    query = select(schema.series).where(owner.mine).order_by(_S.figure, _S.legend)
    return c.execute(query.where(_S.figure == figure) if figure is not None else query).all()


def _lines(c: Connection, owner: Owner, key: str) -> str:
    lines = [row.legend for row in rows(c, owner, key)]
    if lines:
        return f" alone: that chart has the lines {', '.join(map(repr, lines[:10]))}. Name one: {key}/{lines[0]}"
    figures = c.execute(select(_S.figure).where(owner.mine).distinct().order_by(_S.figure).limit(10)).scalars().all()
    return f". There are {', '.join(map(repr, figures))}" if figures else ". Nothing was logged here yet"


def _known(c: Connection, owner: Owner, batch: Batch) -> dict[Key, AnyRow]:
    some, every, _ = _BY_OWNER[owner.column.name]
    if len(batch) > _MANY:
        rows = every.all(c, {"owner": owner.id})
    else:
        rows = some.all(c, {"owner": owner.id, "figures": {figure for figure, _ in batch}})
    return {(row.figure, row.legend): row for row in rows}


def _summed(row: AnyRow | None, points: Points) -> tuple[int, float, float | None, float | None, float | None]:
    """Return count, last_x, last, least and greatest of a series with `points` behind it."""
    if row is None:
        return points.count, points.last_x, points.last, points.least, points.greatest
    least, greatest = row.least, row.greatest
    if points.least is not None and (least is None or points.least < least):
        least = points.least
    if points.greatest is not None and (greatest is None or points.greatest > greatest):
        greatest = points.greatest
    # Not row.count: to a checker that is the method of every tuple.
    return row[_COUNT] + points.count, points.last_x, points.last, least, greatest


def _split(data: bytes) -> tuple[list[bytes], bytes]:
    """Return what becomes chunks, and the tail that stays."""
    if len(data) < FULL * POINT:
        return [], data
    ends = [*range(0, len(data), CHUNK * POINT), len(data)]
    if ends[-1] - ends[-2] < FULL * POINT:
        return [data[start:end] for start, end in pairwise(ends[:-1])], data[ends[-2] :]
    return [data[start:end] for start, end in pairwise(ends)], b""


def _chunk_rows(ids: Mapping[Key, int], chunks: Iterable[tuple[Key, int, list[bytes]]]) -> Iterable[dict[str, Any]]:
    for key, end, blobs in chunks:
        position = end - sum(map(len, blobs)) // POINT
        for data in blobs:
            yield {"series_id": ids[key], "position": position, "data": data}
            position += len(data) // POINT
