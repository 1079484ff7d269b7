"""Pages of versions and models that match a search, in any order, within a time limit.

A page walks the index of what it is sorted by and looks at one version after the other, until it is
full. Where a term of the search, or the model, leaves few versions, it reads and sorts those instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import Connection, FromClause, Integer, and_, bindparam, func, or_, select

from jupyter_modelmgmt.domain import search
from jupyter_modelmgmt.domain.records import Model, Page, VersionSummary
from jupyter_modelmgmt.domain.terms import And, Comparison, Expression, Kind
from jupyter_modelmgmt.store import models, pages, schema
from jupyter_modelmgmt.store.connection import Store
from jupyter_modelmgmt.store.dialects import BUDGET_S, Walk, bounded
from jupyter_modelmgmt.store.filters import Condition, condition, facts, holds, needs_value, of_empty_model, of_version
from jupyter_modelmgmt.store.orders import Order, Phase, order
from jupyter_modelmgmt.store.pages import AnyRow, AnySelect
from jupyter_modelmgmt.store.prepared import Prepared
from jupyter_modelmgmt.store.rows import summaries_of

FEW = 1000  # versions that are read and sorted rather than walked to
_PROBED = 8
_V = schema.versions.c
_M = schema.models.c


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A search and an order, read; `terms` are the versions that single terms leave."""

    parts: tuple[Expression, ...]
    wanted: Order
    scoped: bool
    terms: tuple[AnySelect, ...]


@dataclass(frozen=True, slots=True)
class Begin:
    """Where to begin: with the versions of one of the terms, with those of a small model, or by walking."""

    term: int | None = None
    small: bool = False


def page(
    store: Store,
    *,
    filter: str = "",  # noqa: A002 - the word that people write
    model: str = "",
    sort: str = "-sequence",
    limit: int = 50,
    cursor: str | None = None,
    seconds: float = BUDGET_S,
) -> Page[VersionSummary]:
    """Return versions that match `filter`, of `model` or of all, the last registered first.

    Raises BadSearch, BadField, NotFound for the model, SearchTooSlow after `seconds`.
    """
    asked = _asked(filter, sort, scoped=bool(model))
    pages.check_limit(limit)
    with store.read() as c:
        found = models.row(c, model) if model else None
        with bounded(c, seconds):
            rows = _walked(c, asked, found, limit, cursor)
        items = summaries_of(c, [row.id for _, row in rows[:limit]])
        return Page(items=items, next_cursor=_next(rows, asked.wanted, limit))


def matches(c: Connection, version_id: int, filter: str) -> bool:  # noqa: A002 - the word that people write
    """Tell whether a version matches a search. Raises BadSearch."""
    expression = search.parse(filter)
    if expression is None:
        return True
    return c.execute(select(_V.id).where(_V.id == version_id, condition(expression, of_version))).first() is not None


def models_page(
    store: Store,
    search_for: str = "",
    *,
    filter: str = "",  # noqa: A002 - the word that people write
    sort: str = "name",
    limit: int = 50,
    cursor: str | None = None,
) -> Page[Model]:
    """Return models of which a version matches `filter`; those without versions match by their own fields."""
    expression = search.parse(filter)
    if expression is None:
        return models.page(store, search=search_for, sort=sort, limit=limit, cursor=cursor)
    where = partial(_of_models, _asked(filter, "sequence", scoped=False), expression)
    return models.page(store, search=search_for, where=where, sort=sort, limit=limit, cursor=cursor)


def _of_models(asked: Asked, expression: Expression, c: Connection) -> Condition:
    term = _begin(c, asked, None).term
    alive = [_V.deleted_at.is_(None), condition(expression, of_version)]
    if term is not None:
        few = asked.terms[term].subquery("few")
        source = Walk(few, schema.versions, _V.id == few.c.id)
        one: Condition = _M.id.in_(select(_V.model_id).select_from(source).where(*alive))
    else:
        one = select(_V.id).where(_V.model_id == _M.id, *alive).correlate(schema.models).exists()
    return or_(and_(_M.version_count > 0, one), and_(_M.version_count == 0, condition(expression, of_empty_model)))


# To build a statement costs more than to run it, and pages are asked for again and again. By the text:
# trees that hold 1 and true are equal to Python.
@lru_cache(maxsize=128)
def _asked(text: str, sort: str, *, scoped: bool) -> Asked:
    expression, wanted = search.parse(text), order(sort, scoped=scoped)
    parts = expression.parts if isinstance(expression, And) else (expression,) if expression else ()
    return Asked(parts, wanted, scoped, tuple(_selective(parts)))


def _begin(c: Connection, asked: Asked, model: AnyRow | None) -> Begin:
    if model and model.version_count <= FEW:
        return Begin(small=True)
    counts = [(_count(asked, term).scalar(c), term) for term in range(len(asked.terms))]
    count, term = min(counts, default=(FEW + 1, None))
    return Begin(term if count <= FEW else None)


def _selective(parts: Sequence[Expression]) -> list[AnySelect]:
    """Return the versions that single terms leave, for terms that an index answers."""
    terms = [
        part for part in parts if isinstance(part, Comparison) and part.operator != "!=" and part.value is not None
    ]
    found = (_ids(term) for term in terms)
    return [ids for ids in found if ids is not None][:_PROBED]


def _ids(term: Comparison) -> AnySelect | None:
    found = facts(term.field)
    if found is not None:
        ids = found.ids(holds(found, term))
        return ids.distinct() if term.field.kind is Kind.WORDS and term.operator != "=" else ids
    if term.field.name in ("model", "created_at"):
        return select(_V.id.label("id")).where(of_version(term))
    return None


@lru_cache(maxsize=512)
def _count(asked: Asked, term: int) -> Prepared:
    return Prepared(select(func.count()).select_from(asked.terms[term].limit(FEW + 1).subquery()))


def _walked(
    c: Connection, asked: Asked, model: AnyRow | None, limit: int, cursor: str | None
) -> list[tuple[int, AnyRow]]:
    """Return rows of id and key with the number of their phase, one more than `limit` if there is more."""
    begin, wanted = _begin(c, asked, model), asked.wanted
    number, behind = _place(cursor, wanted)
    rows: list[tuple[int, AnyRow]] = []
    while number < len(wanted.phases) and len(rows) <= limit:
        phase = wanted.phases[number]
        if not _is_empty(phase, asked):
            query = _query(asked, begin, number, goes_on=behind is not None)
            of = {"model_id": model.id if model else None, "limit": limit + 1 - len(rows), **_named(behind or ())}
            rows += [(number, row) for row in query.all(c, of)]
        number, behind = number + 1, None
    return rows


def _place(cursor: str | None, wanted: Order) -> tuple[int, list[Any] | None]:
    if not cursor:
        return 0, None
    number, *values = pages.decoded(cursor) or [None]
    if type(number) is not int or not 0 <= number < len(wanted.phases):
        raise pages.bad_cursor()
    return number, pages.typed(values, wanted.phases[number].keys)


def _next(rows: Sequence[tuple[int, AnyRow]], wanted: Order, limit: int) -> str | None:
    if len(rows) <= limit:
        return None
    number, row = rows[limit - 1]
    return pages.encoded([number, row.id] if wanted.phases[number].key is None else [number, row.key, row.id])


def _is_empty(phase: Phase, asked: Asked) -> bool:
    """Tell whether the search lets nothing through that lacks what it is sorted by."""
    lacking = len(asked.wanted.phases) > 1 and phase.key is None
    return lacking and any(_on(part, asked.wanted) for part in asked.parts)


def _on(part: Expression, wanted: Order) -> bool:
    return isinstance(part, Comparison) and part.field == wanted.field and needs_value(part)


def _named(behind: Sequence[Any]) -> dict[str, Any]:
    return {f"behind_{i}": value for i, value in enumerate(behind)}


@lru_cache(maxsize=512)
def _query(asked: Asked, begin: Begin, number: int, *, goes_on: bool) -> Prepared:
    """Return the statement of one phase, from its begin or from behind a row of it."""
    phase = asked.wanted.phases[number]
    query = select(_V.id.label("id"), *([] if phase.key is None else [phase.key.label("key")]))
    query = query.select_from(_source(asked, begin, phase)).where(_V.deleted_at.is_(None), *phase.where)
    if asked.scoped:
        query = query.where(_V.model_id == bindparam("model_id"))
    query = query.where(*(_condition(part, asked.wanted, phase) for part in asked.parts))
    behind = [bindparam(name, type_=key.type) for name, key in zip(_named(phase.keys), phase.keys, strict=True)]
    query = pages.ordered(query, phase.keys, behind=behind if goes_on else None, descending=asked.wanted.descending)
    return Prepared(query.limit(bindparam("limit", type_=Integer)))


def _condition(part: Expression, wanted: Order, phase: Phase) -> Condition:
    # On the row that is walked itself: the walk then begins and ends where the term says.
    if phase.facts and isinstance(part, Comparison) and _on(part, wanted):
        return holds(phase.facts, part)
    # By the id in the walked row: what has too little is passed by before its version is read.
    return condition(part, partial(of_version, version_id=phase.facts.version_id) if phase.facts else of_version)


def _source(asked: Asked, begin: Begin, phase: Phase) -> FromClause:
    versions: FromClause = schema.versions
    if begin.term is not None:
        few = asked.terms[begin.term].subquery("few")
        versions = Walk(few, versions, _V.id == few.c.id)
    if phase.table is None:
        return versions
    if begin.term is not None or begin.small:
        return Walk(versions, phase.table, phase.on)
    return Walk(phase.table, versions, phase.on)
