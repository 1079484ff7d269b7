"""Keyset pages: the next page begins behind the last row of this one, at the same cost anywhere."""

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, Select, and_, or_

from jupyter_modelmgmt.domain.errors import BadField

MAX_LIMIT = 1000

# Columns are chosen at run time, so their types are not known to the checker.
AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]


def page_of(
    query: AnySelect, keys: Sequence[Column[Any]], *, limit: int, cursor: str | None, descending: bool
) -> AnySelect:
    """Return `query` ordered by `keys`, cut to one row more than `limit`, behind `cursor`."""
    if not 1 <= limit <= MAX_LIMIT:
        raise BadField(f"limit is a number from 1 to {MAX_LIMIT}.")
    if cursor:
        query = query.where(_behind(keys, _decoded(cursor, keys), descending=descending))
    return query.order_by(*(key.desc() if descending else key.asc() for key in keys)).limit(limit + 1)


def cut(rows: Sequence[AnyRow], keys: Sequence[Column[Any]], limit: int) -> tuple[Sequence[AnyRow], str | None]:
    """Return the rows of one page and the cursor of the next, None when there is none."""
    if len(rows) <= limit:
        return rows, None
    values = [getattr(rows[limit - 1], key.name) for key in keys]
    text = json.dumps([v.isoformat() if hasattr(v, "isoformat") else v for v in values])
    return rows[:limit], base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _behind(keys: Sequence[Column[Any]], values: Sequence[Any], *, descending: bool) -> ColumnElement[bool]:
    first, rest = keys[0], keys[1:]
    beyond: ColumnElement[bool] = first < values[0] if descending else first > values[0]
    if not rest:
        return beyond
    # The first term says nothing new; it is what lets SQLite enter the index at this place.
    at_least = first <= values[0] if descending else first >= values[0]
    return and_(at_least, or_(beyond, and_(first == values[0], _behind(rest, values[1:], descending=descending))))


def _decoded(cursor: str, keys: Sequence[Column[Any]]) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return [_typed(value, key) for value, key in zip(values, keys, strict=True)]
    except (ValueError, TypeError, binascii.Error):
        raise BadField("cursor is not one that a page gave. Start again without it.") from None


def _typed(value: Any, key: Column[Any]) -> Any:
    kind = key.type.python_type
    if issubclass(kind, datetime):
        return kind.fromisoformat(value)
    if not isinstance(value, kind):
        raise TypeError(value)
    return value
