"""Orders of versions: by a field, what lacks it last, in both directions."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, or_

from jupyter_modelmgmt.domain.errors import BadField, BadSearch
from jupyter_modelmgmt.domain.search import parse_sort
from jupyter_modelmgmt.domain.terms import Field, Kind
from jupyter_modelmgmt.store import schema
from jupyter_modelmgmt.store.dialects import bytewise
from jupyter_modelmgmt.store.filters import Condition, Facts, facts

_V = schema.versions.c
_COLUMNS = ("created_at", "updated_at", "size")
_TEXTS = ("framework", "flavor", "task", "model_type", "stage", "author", "license", "created_by")
SORTS = ("sequence", "version", "model", *_COLUMNS, *_TEXTS)


@dataclass(frozen=True, slots=True)
class Phase:
    """One stretch of an order: the versions that have `key`, or with no key those that lack it.

    `table` is where the key is when not in versions, `on` joins it, `where` holds for its rows.
    """

    key: ColumnElement[Any] | None
    table: FromClause | None = None
    on: Condition | None = None
    where: tuple[Condition, ...] = ()
    facts: Facts | None = None

    @property
    def keys(self) -> list[ColumnElement[Any]]:
        return [_V.id] if self.key is None else [self.key, _V.id]


@dataclass(frozen=True, slots=True)
class Order:
    """The phases of a sort, one after the other."""

    field: Field
    descending: bool
    phases: tuple[Phase, ...]


def order(sort: str, *, scoped: bool) -> Order:
    """Return the order that `sort` asks for; `scoped` when all versions are of one model. Raises BadField."""
    try:
        field, descending = parse_sort(sort)
    except BadSearch as error:
        raise _refused(f" {error}") from None
    if field.group:
        return Order(field, descending, _of_facts(field, descending=descending))
    if field.name not in SORTS:
        raise _refused("")
    return Order(field, descending, (_of_column(field.name, scoped=scoped),))


def _refused(why: str) -> BadField:
    names = ", ".join((*SORTS, "metrics.NAME", "params.NAME", "properties.NAME", "evaluations.DATASET.NAME"))
    return BadField(f"sort is one of {names}, with '-' before it for descending.{why}")


def _of_column(name: str, *, scoped: bool) -> Phase:
    match name:
        case "sequence":
            return Phase(_V.sequence if scoped else None)  # among all models, ids grow as sequences do
        case "version":
            return Phase(_V.sort_key)
        case "model":
            m = schema.models
            return Phase(m.c.name_key, m, m.c.id == _V.model_id)
    return Phase(bytewise(_V[name]) if name in _TEXTS else _V[name])


def _of_facts(field: Field, *, descending: bool) -> tuple[Phase, ...]:
    found = facts(field)
    assert found is not None  # noqa: S101 - fields in a group have a table
    names = ["number", "text"] if field.kind is Kind.SCALAR else ["value"]
    there = [_having(found, name) for name in names]
    present = or_(*(found.table.c[name].is_not(None) for name in names))
    return (*(reversed(there) if descending else there), Phase(None, where=(~found.exist(present),)))


def _having(found: Facts, name: str) -> Phase:
    key = found.table.c[name]
    return Phase(key, found.table, found.version_id == _V.id, (*found.where, key.is_not(None)), found)
