"""Statements that are compiled once and run by the driver itself: what is done often goes this way.

SQLAlchemy takes 70 to 110 microseconds to run a statement, the driver 5 to 20. What a statement says,
how values become those of a database and back, and the errors are SQLAlchemy's all the same.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Connection, Dialect, Insert, LargeBinary, Table, bindparam, insert, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

from jupyter_modelmgmt.store.pages import AnyRow

Values = Mapping[str, Any]
Process = Callable[[Any], Any]
_NONE: Values = {}


class Prepared:
    """A statement of SQLAlchemy Core whose parameters are `bindparam`s; lists of ids go by `among`.

    Rows are named tuples. Safe to share between threads and stores.
    """

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        self._by_dialect: dict[str, _Compiled] = {}

    def all(self, c: Connection, values: Values = _NONE) -> list[AnyRow]:
        """Return all rows."""
        return cast("list[AnyRow]", list(map(self._compiled(c).row, self.tuples(c, values))))

    def tuples(self, c: Connection, values: Values = _NONE) -> Iterable[tuple[Any, ...]]:
        """Give all rows without names, to those who read thousands of them by position."""
        cursor = self._run(c, values)
        return _columnwise(cursor.fetchall(), self._compiled(c).reads(c, cursor))

    def first(self, c: Connection, values: Values = _NONE) -> AnyRow | None:
        """Return the first row, None when there is none."""
        cursor = self._run(c, values)
        found = cursor.fetchone()
        if found is None:
            return None
        compiled, row = self._compiled(c), list(found)
        for i, process in compiled.reads(c, cursor):
            row[i] = process(row[i])
        return cast("AnyRow", compiled.row(row))

    def one(self, c: Connection, values: Values = _NONE) -> AnyRow:
        """Return the first row, which is there."""
        found = self.first(c, values)
        assert found is not None  # noqa: S101 - the caller knows
        return found

    def scalar(self, c: Connection, values: Values = _NONE) -> Any:
        """Return the first value of the first row, None when there is none."""
        found = self.first(c, values)
        return None if found is None else found[0]

    def run(self, c: Connection, values: Values = _NONE) -> None:
        """Run a statement that gives no rows."""
        self._run(c, values)

    def many(self, c: Connection, rows: Sequence[Values]) -> None:
        """Run a statement that gives no rows once for each of `rows`."""
        if rows:
            compiled = self._compiled(c)
            _sent(c, compiled.text, [compiled.bound(values) for values in rows], "executemany")

    def _run(self, c: Connection, values: Values) -> Any:
        compiled = self._compiled(c)
        return _sent(c, compiled.text, compiled.bound(values), "execute")

    def _compiled(self, c: Connection) -> "_Compiled":
        found = self._by_dialect.get(c.dialect.name)
        if found is None:
            found = self._by_dialect[c.dialect.name] = _Compiled(self._statement, c.dialect)
        return found


def adding(table: Table, *names: str) -> Insert:
    """Return the statement that adds a row with values of these names."""
    return insert(table).values({name: bindparam(name) for name in names})


@lru_cache(maxsize=256)
def changing(table: Table, *names: str) -> Prepared:
    """Return the statement that writes values of these names into the row whose id is `row`."""
    return Prepared(
        update(table).where(table.c.id == bindparam("row")).values({name: bindparam(name) for name in names})
    )


class _Compiled:
    """A statement as the driver takes it."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        compiled: SQLCompiler = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        self.text = str(compiled)
        self._order = compiled.positiontup  # of the values, where the driver numbers them
        # What stands in the statement itself, and what makes the database's values of Python's.
        named = compiled.bind_names.items()
        self._said = {name: compiled.params[name] for bind, name in named if not bind.required}
        # Bytes are the drivers' own: SQLAlchemy's wrapping of them takes a third of a batch of series.
        asked = [(bind.type, name) for bind, name in named if not isinstance(bind.type, LargeBinary)]
        processes = [(name, kind.dialect_impl(dialect).bind_processor(dialect)) for kind, name in asked]
        self._binds = [(name, process) for name, process in processes if process]
        self._columns = list(statement.exported_columns)
        self._reads: list[tuple[int, Process]] | None = None
        self.row = _made(tuple(str(column.key) for column in self._columns))

    def bound(self, values: Values) -> Any:
        """Return `values` as the driver takes them."""
        if self._said or self._binds:
            values = {**self._said, **values}
            for name, process in self._binds:
                values[name] = process(values[name])
        return values if self._order is None else [values[name] for name in self._order]

    def reads(self, c: Connection, cursor: Any) -> list[tuple[int, Process]]:
        """Return what makes Python's values of the database's, by the place in the row."""
        if self._reads is None:  # known with the first rows: PostgreSQL says then which numbers they are
            kinds = [column.type.dialect_impl(c.dialect) for column in self._columns]
            found = [
                kind.result_processor(c.dialect, said[1]) for kind, said in zip(kinds, cursor.description, strict=True)
            ]
            self._reads = [(i, process) for i, process in enumerate(found) if process]
        return self._reads


def _made(names: tuple[str, ...]) -> Callable[[Iterable[Any]], Any]:
    kind: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]  # noqa: PYI024 - the columns are not known to the checker
    made: Callable[[Iterable[Any]], Any] = kind._make
    return made


def _columnwise(rows: Sequence[tuple[Any, ...]], reads: Sequence[tuple[int, Process]]) -> Iterable[tuple[Any, ...]]:
    """Give rows with Python's values: a column at once takes a third of the time of a row at once."""
    if not rows or not reads:
        return rows
    columns: list[Iterable[Any]] = list(zip(*rows, strict=True))
    for i, process in reads:
        columns[i] = map(process, columns[i])
    return zip(*columns, strict=True)


def _sent(c: Connection, text: str, given: Any, how: str) -> Any:
    cursor = c.connection.cursor()
    errors = c.dialect.loaded_dbapi.Error
    try:
        getattr(cursor, how)(text, given)
    except errors as error:
        ended = c.dialect.is_disconnect(error, c.connection.driver_connection, cursor)
        if ended:
            c.invalidate(error)
        told = DBAPIError.instance(text, given, error, errors, connection_invalidated=ended, dialect=c.dialect)
        raise told from error
    return cursor
