"""Pages of versions and models that match a search, in any order, within a time limit.

A page walks the index of what it is sorted by and looks at one version after the other, until it is
full. Where a term of the search, or the model, leaves few versions, it reads and sorts those instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection, FromClause, Subquery, and_, func, or_, select

from jupyter_modelmgmt.domain import search
from jupyter_modelmgmt.domain.records import Model, Page, VersionSummary
from jupyter_modelmgmt.domain.terms import And, Comparison, Expression, Kind
from jupyter_modelmgmt.store import models, pages, schema
from jupyter_modelmgmt.store.connection import Store
from jupyter_modelmgmt.store.dialects import BUDGET_S, Walk, bounded
from jupyter_modelmgmt.store.filters import Condition, condition, facts, holds, needs_value, of_empty_model, of_version
from jupyter_modelmgmt.store.orders import Order, Phase, order
from jupyter_modelmgmt.store.pages import AnyRow, AnySelect
from jupyter_modelmgmt.store.rows import summaries_of

FEW = 1000  # versions that are read and sorted rather than walked to
_PROBED = 8
_V = schema.versions.c
_M = schema.models.c


@dataclass(frozen=True, slots=True)
class Search:
    """What versions have to meet, and where to begin: with `few` of them, or with those of a small model."""

    parts: tuple[Expression, ...]
    model_id: int | None = None
    few: Subquery | None = None
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
    expression, wanted = search.parse(filter), order(sort, scoped=bool(model))
    pages.check_limit(limit)
    with store.read() as c:
        found = models.row(c, model) if model else None
        with bounded(c, seconds):
            rows = _walked(c, _begin(c, expression, found), wanted, limit, cursor)
        return Page(items=summaries_of(c, [row.id for _, row in rows[:limit]]), next_cursor=_next(rows, wanted, limit))


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
    where = partial(_of_models, expression)
    return models.page(store, search=search_for, where=where, sort=sort, limit=limit, cursor=cursor)


def _of_models(expression: Expression, c: Connection) -> Condition:
    begun = _begin(c, expression, None)
    alive = [_V.deleted_at.is_(None), condition(expression, of_version)]
    if begun.few is not None:
        source = Walk(begun.few, schema.versions, _V.id == begun.few.c.id)
        one: Condition = _M.id.in_(select(_V.model_id).select_from(source).where(*alive))
    else:
        one = select(_V.id).where(_V.model_id == _M.id, *alive).correlate(schema.models).exists()
    return or_(and_(_M.version_count > 0, one), and_(_M.version_count == 0, condition(expression, of_empty_model)))


def _begin(c: Connection, expression: Expression | None, model: AnyRow | None) -> Search:
    parts = expression.parts if isinstance(expression, And) else (expression,) if expression else ()
    model_id = model.id if model else None
    if model and model.version_count <= FEW:
        return Search(parts, model_id, small=True)
    counted = [(_count(c, ids), ids) for ids in _selective(parts)]
    least = min(counted, key=lambda found: found[0], default=(FEW + 1, None))
    few = least[1].subquery("few") if least[1] is not None and least[0] <= FEW else None
    return Search(parts, model_id, few)


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


def _count(c: Connection, ids: AnySelect) -> int:
    return c.execute(select(func.count()).select_from(ids.limit(FEW + 1).subquery())).scalar_one()


def _walked(c: Connection, asked: Search, wanted: Order, limit: int, cursor: str | None) -> list[tuple[int, AnyRow]]:
    """Return rows of id and key with the number of their phase, one more than `limit` if there is more."""
    number, behind = _place(cursor, wanted)
    rows: list[tuple[int, AnyRow]] = []
    while number < len(wanted.phases) and len(rows) <= limit:
        phase = wanted.phases[number]
        if not _is_empty(phase, wanted, asked):
            query = pages.ordered(_query(asked, wanted, phase), phase.keys, behind=behind, descending=wanted.descending)
            rows += [(number, row) for row in c.execute(query.limit(limit + 1 - len(rows))).all()]
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


def _is_empty(phase: Phase, wanted: Order, asked: Search) -> bool:
    """Tell whether the search lets nothing through that lacks what it is sorted by."""
    lacking = len(wanted.phases) > 1 and phase.key is None
    return lacking and any(_on(part, wanted) for part in asked.parts)


def _on(part: Expression, wanted: Order) -> bool:
    return isinstance(part, Comparison) and part.field == wanted.field and needs_value(part)


def _query(asked: Search, wanted: Order, phase: Phase) -> AnySelect:
    query = select(_V.id.label("id"), *([] if phase.key is None else [phase.key.label("key")]))
    query = query.select_from(_source(asked, phase)).where(_V.deleted_at.is_(None), *phase.where)
    if asked.model_id is not None:
        query = query.where(_V.model_id == asked.model_id)
    return query.where(*(_condition(part, wanted, phase) for part in asked.parts))


def _condition(part: Expression, wanted: Order, phase: Phase) -> Condition:
    # On the row that is walked itself: the walk then begins and ends where the term says.
    if phase.facts and isinstance(part, Comparison) and _on(part, wanted):
        return holds(phase.facts, part)
    # By the id in the walked row: what has too little is passed by before its version is read.
    return condition(part, partial(of_version, version_id=phase.facts.version_id) if phase.facts else of_version)


def _source(asked: Search, phase: Phase) -> FromClause:
    versions: FromClause = schema.versions
    if asked.few is not None:
        versions = Walk(asked.few, versions, _V.id == asked.few.c.id)
    if phase.table is None:
        return versions
    if asked.few is not None or asked.small:
        return Walk(versions, phase.table, phase.on)
    return Walk(phase.table, versions, phase.on)
