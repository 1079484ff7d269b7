"""Searches as conditions of SQL. Names are looked up here, values are bound: no text becomes SQL.

A condition is true or false, never NULL, so that `not` is its opposite.
"""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, and_, exists, false, func, literal, not_, or_, select, true
from sqlalchemy.sql import operators

from jupyter_modelmgmt.domain import lifecycle, literals, selectors, versions
from jupyter_modelmgmt.domain.records import DeploymentState, Status
from jupyter_modelmgmt.domain.terms import And, Comparison, Expression, Field, Kind, Not, Or
from jupyter_modelmgmt.store import schema
from jupyter_modelmgmt.store.dialects import like
from jupyter_modelmgmt.store.pages import AnySelect

Condition = ColumnElement[bool]
_V = schema.versions.c
_M = schema.models.c
_COMPARE: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_GROUPS = {
    "metrics": schema.metrics, "params": schema.params, "properties": schema.properties, "evaluations": schema.scores,
}  # fmt: skip
_INDEXED = 255  # characters of a text that the narrow tables keep


@dataclass(frozen=True, slots=True)
class Facts:
    """The rows of a narrow table that hold one field; `version_id` says whose they are."""

    table: FromClause
    where: tuple[Condition, ...]

    @property
    def version_id(self) -> ColumnElement[int]:
        return self.table.c.version_id

    def exist(self, *conditions: Condition, of: ColumnElement[int] = _V.id) -> Condition:
        """Return whether the version whose id is in the column `of` has such rows."""
        return exists().where(self.version_id == of, *self.where, *conditions)

    def ids(self, *conditions: Condition) -> AnySelect:
        """Return the versions with such rows."""
        return select(self.version_id.label("id")).where(*self.where, *conditions)


def facts(field: Field) -> Facts | None:
    """Return where a named value, a tag, an alias or a deployment is kept; None for a field of the version."""
    if field.group:
        table = _GROUPS[field.group].alias()
        where = [table.c.key == field.name]
        return Facts(table, (*where, table.c.dataset == field.dataset) if field.dataset else tuple(where))
    match field.name:
        case "tag":
            return Facts(schema.tags.alias(), ())
        case "alias":
            return Facts(schema.aliases.alias(), ())
        case "deployment":
            d, r = schema.deployments.c, schema.deployment_versions.c
            both = schema.deployment_versions.join(schema.deployments, d.id == r.deployment_id)
            named = select(r.version_id, d.name, d.state).select_from(both).subquery()
            return Facts(named, (named.c.state != DeploymentState.STOPPED,))
    return None


def condition(expression: Expression, leaf: Callable[[Comparison], Condition]) -> Condition:
    """Return what a query's rows have to meet; `leaf` gives the condition of one term."""
    match expression:
        case And(parts):
            return and_(*(condition(part, leaf) for part in parts))
        case Or(parts):
            return or_(*(condition(part, leaf) for part in parts))
        case Not(part):
            return not_(condition(part, leaf))
        case Comparison():
            return leaf(expression)


def of_version(term: Comparison, *, version_id: ColumnElement[int] = _V.id) -> Condition:
    """Return the condition of one term on the version whose id is in the column `version_id`."""
    found = facts(term.field)
    if found is None:
        return _of_column(term)
    if term.value is None:
        present = found.exist(is_there(found, term.field), of=version_id)
        return present if term.operator == "!=" else not_(present)
    if term.field.kind is Kind.WORDS and term.operator == "!=":
        return not_(found.exist(holds(found, Comparison(term.field, "=", term.value)), of=version_id))
    return found.exist(holds(found, term), of=version_id)


def needs_value(term: Comparison) -> bool:
    """Tell whether only versions that have the field meet `term`."""
    unequal = term.field.kind is Kind.WORDS and term.operator == "!="
    return not unequal and not (term.value is None and term.operator == "=")


def holds(found: Facts, term: Comparison) -> Condition:
    """Return the condition of `term` on a row of its facts; NULL where the row has nothing to compare."""
    table, field = found.table.c, term.field
    if term.value is None:
        return is_there(found, field)
    if field.kind is Kind.NUMBER:
        return _compared(table.value, term.operator, term.value, float)
    if field.kind is Kind.SCALAR:
        return _scalar(table.text, table.number, term)
    return _text(_word(found, field), term)


def is_there(found: Facts, field: Field) -> Condition:
    """Return whether a row of facts holds a value: a parameter may be nothing."""
    if field.kind is not Kind.SCALAR:
        return true()
    return or_(found.table.c.text.is_not(None), found.table.c.number.is_not(None))


def of_empty_model(term: Comparison) -> Condition:
    """Return the condition of one term on the row of a model without versions: most fields it lacks."""
    field = term.field
    if field.name == "model" and not field.group:
        return _model(term)
    if not field.group and field.name in ("description", "created_by"):
        return _text(_M[field.name], term)
    if not field.group and field.kind is Kind.TIME:
        return _time(_M[field.name], term)
    return false() if needs_value(term) else true()


def _of_column(term: Comparison) -> Condition:
    if term.field.name == "model":
        return _V.model_id.in_(select(_M.id).where(_model(term)))
    return _OF_KIND.get(term.field.kind, _of_text)(term)


def _of_text(term: Comparison) -> Condition:
    return _text(_V[term.field.name], term)


def _of_time(term: Comparison) -> Condition:
    return _time(_V[term.field.name], term)


def _of_number(term: Comparison) -> Condition:
    # As floats: whole numbers beyond a column's range are no error then.
    return _compared(_V[term.field.name], term.operator, term.value, float)


def _truth(term: Comparison) -> Condition:
    wanted = term.value if term.operator == "=" else not term.value
    return _V[term.field.name] == (true() if wanted else false())


def _compared(
    column: ColumnElement[Any], sign: str, value: Any, kind: Callable[[Any], Any] = lambda value: value
) -> Condition:
    if sign == "in":
        return _one_of(column, [kind(one) for one in value])
    compared: Condition = _COMPARE[sign](column, kind(value))
    return compared


def _one_of(column: ColumnElement[Any], values: Sequence[Any]) -> Condition:
    # A parameter for each: SQLAlchemy makes them of a plain list when it runs a statement, and `Prepared` does not.
    # Each of the type that `=` would give it: a whole number beyond the column's range is no error then either.
    kinds = [column.type.coerce_compared_value(operators.eq, value) for value in values]
    return column.in_([literal(value, kind) for value, kind in zip(values, kinds, strict=True)])


def _text(column: ColumnElement[Any], term: Comparison) -> Condition:
    if term.operator in ("like", "ilike"):
        return like(column, str(term.value), fold=term.operator == "ilike")
    return _compared(column, term.operator, term.value)


def _word(found: Facts, field: Field) -> ColumnElement[Any]:
    name = {"tag": "tag", "alias": "alias", "deployment": "name"}[field.name]
    return found.table.c[name]


def _model(term: Comparison) -> Condition:
    # Names that differ in case alone are one.
    if term.operator in ("like", "ilike"):
        return like(_M.name_key, str(term.value), fold=True)
    return _compared(_M.name_key, term.operator, term.value, str.lower)


def _scalar(text: ColumnElement[Any], number: ColumnElement[Any], term: Comparison) -> Condition:
    value = term.value
    match term.operator:
        case "like" | "ilike":
            return like(text, str(value), fold=term.operator == "ilike")
        case "=":
            return _equals(text, number, value)
        case "!=":
            there = or_(text.is_not(None), number.is_not(None))
            return and_(there, not_(func.coalesce(_equals(text, number, value), false())))
        case "in" if isinstance(value, tuple):
            return or_(*(_equals(text, number, one) for one in value))
    if isinstance(value, str):
        return _compared(text, term.operator, value[:_INDEXED])
    return _compared(number, term.operator, value, float)


def _equals(text: ColumnElement[Any], number: ColumnElement[Any], value: Any) -> Condition:
    if isinstance(value, bool):
        return text == str(value).lower()
    if isinstance(value, int | float):
        return number == float(value)
    numeral = literals.number(value)  # MLflow's parameters are texts: '10' is 10
    same = text == value[:_INDEXED]
    return same if numeral is None else or_(same, number == float(numeral))


def _time(column: ColumnElement[Any], term: Comparison) -> Condition:
    """Return the comparison with a moment, or with a whole day: after a day is from the next one on."""
    value = term.value
    if isinstance(value, datetime):
        return _compared(column, term.operator, value)
    assert isinstance(value, date)  # noqa: S101 - so the parser reads them
    begin = datetime.combine(value, clock(), UTC)
    end = begin + timedelta(days=1)
    match term.operator:
        case "=":
            return and_(column >= begin, column < end)
        case "!=":
            return or_(column < begin, column >= end)
        case "<" | ">=":
            return _compared(column, term.operator, begin)
    return column < end if term.operator == "<=" else column >= end


def _version(term: Comparison) -> Condition:
    match term.operator:
        case "like" | "ilike":
            return like(_V.version, str(term.value), fold=term.operator == "ilike")
        case "=":
            return _is_version(str(term.value))
        case "!=":
            return not_(_is_version(str(term.value)))
        case "in" if isinstance(term.value, tuple):
            return or_(*(_is_version(str(one)) for one in term.value))
    return _compared(_V.sort_key, term.operator, versions.sort_key(versions.parse(str(term.value))))


def _is_version(text: str) -> Condition:
    if not text.startswith("^"):
        return _V.sort_key == versions.sort_key(versions.parse(text))
    pointer = selectors.parse_pointer(text)
    assert isinstance(pointer, selectors.Range)  # noqa: S101 - what begins with ^ is one
    return and_(_V.sort_key >= pointer.low, _V.sort_key < pointer.high, _V.is_release)


def _status(term: Comparison) -> Condition:
    wanted = term.value if isinstance(term.value, tuple) else (term.value,)
    d, r = schema.deployments.alias(), schema.deployment_versions.alias()
    running = exists().where(
        r.c.version_id == _V.id, r.c.deployment_id == d.c.id, _one_of(d.c.state, lifecycle.RUNNING)
    )
    stored = [status for status in wanted if status != Status.DEPLOYED]
    found = and_(not_(running), _one_of(_V.status, stored)) if stored else false()
    found = or_(found, running) if Status.DEPLOYED in wanted else found
    return not_(found) if term.operator == "!=" else found


_OF_KIND: Final[dict[Kind, Callable[[Comparison], Condition]]] = {
    Kind.STATUS: _status,
    Kind.VERSION: _version,
    Kind.TRUTH: _truth,
    Kind.TIME: _of_time,
    Kind.NUMBER: _of_number,
}
