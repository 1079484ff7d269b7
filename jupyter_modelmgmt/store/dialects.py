"""What SQLite and PostgreSQL say in different words: patterns, byte order, join order, lists of ids, time limits."""

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    Connection,
    Dialect,
    FromClause,
    Integer,
    Join,
    String,
    TypeDecorator,
    bindparam,
    column,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from jupyter_modelmgmt.domain.errors import SearchTooSlow

_PIECES = re.compile(r"\\[%_\\]|.", re.DOTALL)
_UPPER = {letter: letter + 32 for letter in range(ord("A"), ord("Z") + 1)}
_STEPS = 10_000  # of SQLite's machine, less than a millisecond
_CANCELLED = "57014"
BUDGET_S = 2.0


def like(text: ColumnElement[Any], pattern: str, *, fold: bool = False) -> ColumnElement[bool]:
    """Return whether `text` is like `pattern`; with `fold` the letters a to z in any case.

    `%` is any text, `_` any character; a backslash before them or itself takes that meaning away.
    """
    pieces = _PIECES.findall(pattern.translate(_UPPER) if fold else pattern)
    glob, sql = "".join(map(_as_glob, pieces)), "".join(map(_as_like, pieces))
    return _FoldedLike(text, glob, sql) if fold else _Like(text, glob, sql)


def _as_glob(piece: str) -> str:
    if piece in ("%", "_"):
        return "*" if piece == "%" else "?"
    return f"[{piece[-1]}]" if piece[-1] in "*?[" else piece[-1]


def _as_like(piece: str) -> str:
    return piece if len(piece) > 1 or piece in ("%", "_") else piece.replace("\\", "\\\\")


class _Like(FunctionElement[bool]):
    # SQLite's LIKE knows no case, PostgreSQL's does; GLOB does.
    type = Boolean()
    inherit_cache = True


class _FoldedLike(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True


class bytewise(FunctionElement[str]):  # noqa: N801 - reads as a function of SQL
    """A text column in the order of its bytes, as SQLite orders all text."""

    type = String()
    inherit_cache = True


class Walk(Join):
    """A join that SQLite does from left to right; its planner prefers to read all and to sort.

    Measured at 100,000 versions, page of 50 sorted by a metric: 8 ms walked, 21 ms planned.
    """

    inherit_cache = True


class _List(TypeDecorator[Any]):
    """Ids or names as one value."""

    impl = String
    cache_ok = True

    def __init__(self, kind: type[TypeEngine[Any]]) -> None:
        super().__init__()
        self.kind = kind

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(String() if dialect.name == "sqlite" else ARRAY(self.kind))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return json.dumps(list(value)) if dialect.name == "sqlite" else list(value)


class _Listed(FunctionElement[Any]):
    inherit_cache = True


def listed(name: str, kind: type[TypeEngine[Any]] = Integer) -> FromClause:
    """Return what the parameter `name` lists as a table, its column `value`; one statement for any number of them.

    Join it by `Walk`: from `IN` SQLite's planner reads whole tables when the list is long.
    """
    # PostgreSQL calls the column as the table.
    return _Listed(bindparam(name, type_=_List(kind))).table_valued(column("value", kind), name="value")


@compiles(_Listed)
def _listed(element: _Listed, compiler: SQLCompiler, **options: Any) -> str:
    return f"unnest({compiler.process(element.clauses, **options)})"


@compiles(_Listed, "sqlite")
def _listed_in_sqlite(element: _Listed, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(_Like)
def _like(element: _Like, compiler: SQLCompiler, **options: Any) -> str:
    text, _, pattern = element.clauses
    return f"({compiler.process(text, **options)} LIKE {compiler.process(pattern, **options)})"


@compiles(_Like, "sqlite")
def _like_in_sqlite(element: _Like, compiler: SQLCompiler, **options: Any) -> str:
    text, pattern, _ = element.clauses
    return f"({compiler.process(text, **options)} GLOB {compiler.process(pattern, **options)})"


@compiles(_FoldedLike)
def _folded(element: _FoldedLike, compiler: SQLCompiler, **options: Any) -> str:
    text, _, pattern = element.clauses
    return f'(lower({compiler.process(text, **options)} COLLATE "C") LIKE {compiler.process(pattern, **options)})'


@compiles(_FoldedLike, "sqlite")
def _folded_in_sqlite(element: _FoldedLike, compiler: SQLCompiler, **options: Any) -> str:
    text, pattern, _ = element.clauses
    return f"(lower({compiler.process(text, **options)}) GLOB {compiler.process(pattern, **options)})"


@compiles(bytewise)
def _bytewise(element: bytewise, compiler: SQLCompiler, **options: Any) -> str:
    return f'({compiler.process(element.clauses, **options)} COLLATE "C")'


@compiles(bytewise, "sqlite")
def _bytewise_in_sqlite(element: bytewise, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(Walk)
def _join(element: Walk, compiler: SQLCompiler, **options: Any) -> str:
    joined: str = compiler.visit_join(element, **options)  # type: ignore[no-untyped-call]  # SQLAlchemy's
    return joined


@compiles(Walk, "sqlite")
def _walk(element: Walk, compiler: SQLCompiler, **options: Any) -> str:
    left, right, on = element.left, element.right, element.onclause
    assert on is not None  # noqa: S101 - every walk has one
    if linter := options.get("from_linter"):
        linter.edges.update(product(left._from_objects, right._from_objects))  # noqa: SLF001 - as visit_join does
    sides = [compiler.process(side, **options | {"asfrom": True}) for side in (left, right)]
    options = {name: value for name, value in options.items() if name not in ("asfrom", "from_linter")}
    return f"{sides[0]} CROSS JOIN {sides[1]} ON {compiler.process(on, **options)}"


@contextmanager
def bounded(c: Connection, seconds: float = BUDGET_S) -> Iterator[None]:
    """End any statement of the block that takes longer than `seconds`. Raises SearchTooSlow."""
    limited = _limited_sqlite if c.dialect.name == "sqlite" else _limited_postgresql
    try:
        with limited(c, seconds):
            yield
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != _CANCELLED and str(error.orig) != "interrupted":
            raise
        raise SearchTooSlow(
            f"The search took more than {seconds:g} s and was ended. Narrow it by a model, a tag or a date, "
            "or sort by what it asks for."
        ) from None


@contextmanager
def _limited_sqlite(c: Connection, seconds: float) -> Iterator[None]:
    driver: Any = c.connection.driver_connection
    end = time.monotonic() + seconds
    driver.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
    try:
        yield
    finally:
        driver.set_progress_handler(None, _STEPS)


@contextmanager
def _limited_postgresql(c: Connection, seconds: float) -> Iterator[None]:
    # To the end of the transaction: what follows it in there reads by key.
    c.exec_driver_sql(f"SET LOCAL statement_timeout = {round(seconds * 1000)}")
    yield
