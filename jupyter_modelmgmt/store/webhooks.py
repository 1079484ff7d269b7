"""Webhooks: addresses that are told of events. The secret stays in here, except for those who sign."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, delete, func, insert, select, update

from jupyter_modelmgmt.domain.errors import NotFound
from jupyter_modelmgmt.domain.webhooks import AddedWebhook, Webhook
from jupyter_modelmgmt.store import events, schema
from jupyter_modelmgmt.store.connection import Store
from jupyter_modelmgmt.store.events import now
from jupyter_modelmgmt.store.pages import AnyRow

_W = schema.webhooks.c
_LARGEST = 2**31 - 1
_PLAIN = ("id", "url", "model", "body", "active", "created_at", "created_by")


def add(store: Store, said: Mapping[str, Any], secret: str, *, actor: str) -> AddedWebhook:
    """Add a webhook, which hears of events from now on; `said` has url, events, model, body."""
    with store.write() as c:
        row = {**said, "secret": secret, "active": True, "created_at": now(), "created_by": actor}
        row |= {"events": list(said["events"]), "last_event": _last(c)}
        made = c.execute(insert(schema.webhooks).returning(_W.id), row).scalar_one()
        _tell(c, actor, "webhook.added", made, said["url"])
        return AddedWebhook(**_fields(row_of(c, made)), secret=secret)


def every(store: Store) -> tuple[Webhook, ...]:
    with store.read() as c:
        return tuple(record(row) for row in c.execute(select(schema.webhooks).order_by(_W.id)))


def get(store: Store, webhook: int) -> Webhook:
    """Return one webhook. Raises NotFound."""
    with store.read() as c:
        return record(row_of(c, webhook))


def change(store: Store, webhook: int, changes: Mapping[str, Any], *, actor: str) -> Webhook:
    """Change a webhook. One that becomes active again does not hear of what it missed."""
    with store.write() as c:
        before = row_of(c, webhook)
        values = dict(changes)
        if values.get("active") and not before.active:
            values["last_event"] = _last(c)
        if values:
            c.execute(update(schema.webhooks).where(_W.id == webhook).values(**values))
            _tell(c, actor, "webhook.edited", webhook, before.url, fields=sorted(changes))
        return record(row_of(c, webhook))


def remove(store: Store, webhook: int, *, actor: str) -> None:
    """Forget a webhook and its deliveries. Raises NotFound."""
    with store.write() as c:
        row = row_of(c, webhook)
        c.execute(delete(schema.webhooks).where(_W.id == webhook))
        _tell(c, actor, "webhook.removed", webhook, row.url)


def row_of(c: Connection, webhook: int) -> AnyRow:
    """Return the row of a webhook. Raises NotFound."""
    known = 0 <= webhook <= _LARGEST
    found = c.execute(select(schema.webhooks).where(_W.id == webhook)).first() if known else None
    if found is None:
        raise NotFound(f"There is no webhook {webhook}. See `%model webhooks`.")
    return found


def record(row: AnyRow) -> Webhook:
    return Webhook(**_fields(row))


def _fields(row: AnyRow) -> dict[str, Any]:
    return {**{name: getattr(row, name) for name in _PLAIN}, "events": tuple(row.events)}


def _last(c: Connection) -> int:
    return c.execute(select(func.max(schema.events.c.id))).scalar() or 0


def _tell(c: Connection, actor: str, action: str, webhook: int, url: str, **details: Any) -> None:
    # The host alone: in many addresses the path is a secret.
    events.write(c, actor, action, webhook=webhook, host=urlsplit(url).hostname, **details)
