"""Keyset pages: the next page begins behind the last row of this one, at the same cost anywhere."""

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, Select, and_, or_

from jupyter_modelmgmt.domain.errors import BadField

MAX_LIMIT = 1000
_WIDEST = 2**63

# Columns are chosen at run time, so their types are not known to the checker.
AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]
Keys = Sequence[ColumnElement[Any]]


def page_of(
    query: AnySelect, keys: Sequence[Column[Any]], *, limit: int, cursor: str | None, descending: bool
) -> AnySelect:
    """Return `query` ordered by `keys`, cut to one row more than `limit`, behind `cursor`."""
    check_limit(limit)
    values = typed(decoded(cursor), keys) if cursor else None
    return ordered(query, keys, behind=values, descending=descending).limit(limit + 1)


def cut(rows: Sequence[AnyRow], keys: Sequence[Column[Any]], limit: int) -> tuple[Sequence[AnyRow], str | None]:
    """Return the rows of one page and the cursor of the next, None when there is none."""
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], encoded([getattr(rows[limit - 1], key.name) for key in keys])


def check_limit(limit: int) -> None:
    if not 1 <= limit <= MAX_LIMIT:
        raise BadField(f"limit is a number from 1 to {MAX_LIMIT}.")


def ordered(query: AnySelect, keys: Keys, *, behind: Sequence[Any] | None, descending: bool) -> AnySelect:
    """Return `query` ordered by `keys`, from the row after the one that has the values `behind`."""
    if behind is not None:
        query = query.where(_behind(keys, behind, descending=descending))
    return query.order_by(*(key.desc() if descending else key.asc() for key in keys))


def encoded(values: Sequence[Any]) -> str:
    """Return a place in a list as a cursor."""
    text = json.dumps([v.isoformat() if hasattr(v, "isoformat") else v for v in values])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decoded(cursor: str) -> list[Any]:
    """Return what a cursor says. Raises BadField."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        raise bad_cursor() from None
    if not isinstance(values, list):
        raise bad_cursor()
    return values


def typed(values: Sequence[Any], keys: Keys) -> list[Any]:
    """Return what a cursor says as what `keys` hold. Raises BadField."""
    try:
        return [_typed(value, key.type.python_type) for value, key in zip(values, keys, strict=True)]
    except (ValueError, TypeError, OverflowError):
        raise bad_cursor() from None


def bad_cursor() -> BadField:
    return BadField("cursor is not one that a page gave. Start again without it.")


def _behind(keys: Keys, values: Sequence[Any], *, descending: bool) -> ColumnElement[bool]:
    first, rest = keys[0], keys[1:]
    beyond: ColumnElement[bool] = first < values[0] if descending else first > values[0]
    if not rest:
        return beyond
    # The first term says nothing new; it is what lets SQLite enter the index at this place.
    at_least = first <= values[0] if descending else first >= values[0]
    return and_(at_least, or_(beyond, and_(first == values[0], _behind(rest, values[1:], descending=descending))))


def _typed(value: Any, kind: type) -> Any:
    if issubclass(kind, datetime):
        time = kind.fromisoformat(value)
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    if type(value) is not kind and not (kind is float and type(value) is int):
        raise TypeError(value)
    if isinstance(value, int) and not -_WIDEST <= value < _WIDEST:
        raise OverflowError(value)
    if isinstance(value, str) and "\x00" in value.encode().decode():  # a lone surrogate raises ValueError
        raise ValueError(value)
    return value
