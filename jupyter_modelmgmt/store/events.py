"""Events: one append-only row per change, written in the transaction of the change."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from jupyter_modelmgmt.domain.records import Event
from jupyter_modelmgmt.store import pages, schema
from jupyter_modelmgmt.store.connection import Store
from jupyter_modelmgmt.store.prepared import Prepared, adding

_INSERT = Prepared(adding(schema.events, "at", "actor", "action", "model", "version", "deployment", "details"))


def now() -> datetime:
    """Return the time that records carry."""
    return datetime.now(UTC)


def write(
    c: Connection, actor: str, action: str, *, model: str = "", version: str = "", deployment: str = "", **details: Any
) -> None:
    """Add an event to the transaction of `c`."""
    values: Mapping[str, Any] = {
        "at": now(), "actor": actor, "action": action, "model": model,
        "version": version, "deployment": deployment, "details": details,
    }  # fmt: skip
    _INSERT.run(c, values)


def after(store: Store, last: int, *, limit: int = 500) -> tuple[Event, ...]:
    """Return up to `limit` events with an id above `last`, oldest first. Raises BadField."""
    pages.check_limit(limit)
    e = schema.events.c
    with store.read() as c:
        rows = c.execute(select(schema.events).where(e.id > last).order_by(e.id).limit(limit)).all()
    return tuple(Event(**row._mapping) for row in rows)  # noqa: SLF001 - SQLAlchemy's public way to a mapping


def last_id(store: Store) -> int:
    """Return the id of the newest event, 0 when there is none."""
    with store.read() as c:
        return c.execute(select(func.max(schema.events.c.id))).scalar() or 0
