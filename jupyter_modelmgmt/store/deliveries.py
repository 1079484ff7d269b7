"""Deliveries: which event goes to which webhook, and what came of it. No call is made in here.

A delivery is claimed by moving its next time behind the longest call; whoever dies in the middle
leaves it due again. Claims are made by the one writer, so no two processes have the same.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, delete, func, insert, select, update

from jupyter_modelmgmt.domain.errors import NotFound
from jupyter_modelmgmt.domain.records import Event, Page
from jupyter_modelmgmt.domain.webhooks import WAITS_S, Answer, Delivery, DeliveryState, wants
from jupyter_modelmgmt.store import pages, schema, webhooks
from jupyter_modelmgmt.store.connection import Store
from jupyter_modelmgmt.store.events import now
from jupyter_modelmgmt.store.pages import AnyRow

LEASE_S = 60
KEPT = 1000  # deliveries that a webhook's log has at least
TEST = "webhook.test"
_READ = 1000
_JITTER = 0.2
_LARGEST = 2**31 - 1
_D = schema.deliveries.c
_E = schema.events.c
_W = schema.webhooks.c
_QUERY = select(schema.deliveries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A claimed delivery with all that sending it takes; `event` is None when it was purged."""

    id: int
    attempts: int
    url: str
    secret: str
    body: str
    event: Event | None
    retries: bool = True


def waiting(store: Store) -> bool:
    """Tell whether there is anything to prepare or to send now. Reads alone, for those who poll."""
    with store.read() as c:
        last = c.execute(select(func.max(_E.id))).scalar() or 0
        new = select(_W.id).where(_W.active, _W.last_event < last).limit(1)
        return c.execute(new).first() is not None or c.execute(_due().limit(1)).first() is not None


def prepare(store: Store) -> None:
    """Make the deliveries of all events that webhooks have not heard of."""
    while _prepared(store):
        pass


def claim(store: Store, count: int) -> tuple[Parcel, ...]:
    """Return up to `count` deliveries that are due; nobody else gets them for `LEASE_S`."""
    with store.write() as c:
        ids = c.execute(_due().limit(count)).scalars().all()
        return _claimed(c, ids)


def claim_test(store: Store, webhook: int, *, actor: str) -> Parcel:
    """Return a delivery of a made-up event, which nobody tries again."""
    with store.write() as c:
        hook = webhooks.row_of(c, webhook)
        row = {"webhook_id": hook.id, "event_id": 0, "action": TEST, "attempts": 1, **_fresh()}
        made = c.execute(insert(schema.deliveries).returning(_D.id), row | {"next_at": _lease_end()}).scalar_one()
    event = Event(id=0, at=now(), actor=actor, action=TEST, model=hook.model)
    return Parcel(id=made, attempts=1, url=hook.url, secret=hook.secret, body=hook.body, event=event, retries=False)


def finish(store: Store, parcel: Parcel, answer: Answer) -> Delivery | None:
    """Write what came of a call; a failed one is due again later, a few times. None when it was removed."""
    wait = WAITS_S[parcel.attempts - 1] if parcel.retries and parcel.attempts <= len(WAITS_S) else None
    state, next_at = DeliveryState.DELIVERED, None
    if answer.error and wait is None:
        state = DeliveryState.FAILED
    elif answer.error and wait is not None:
        state, next_at = DeliveryState.WAITING, now() + timedelta(seconds=wait * random.uniform(1, 1 + _JITTER))  # noqa: S311 - jitter
    values = {"http_status": answer.http_status, "error": answer.error, "duration_ms": answer.duration_ms}
    mine = (_D.id == parcel.id, _D.attempts == parcel.attempts, _D.state == DeliveryState.WAITING)
    with store.write() as c:
        c.execute(update(schema.deliveries).where(*mine).values(state=state, next_at=next_at, **values))
        row = c.execute(_QUERY.where(_D.id == parcel.id)).first()
    return _record(row) if row else None


def again(store: Store, delivery: int) -> Delivery:
    """Make a delivery due now, as if it was never tried. Raises NotFound."""
    with store.write() as c:
        _row(c, delivery)
        c.execute(update(schema.deliveries).where(_D.id == delivery).values(attempts=0, **_fresh()))
        return _record(_row(c, delivery))


def page(store: Store, webhook: int, *, limit: int = 50, cursor: str | None = None) -> Page[Delivery]:
    """Return the log of a webhook, the last first. Raises NotFound."""
    with store.read() as c:
        query = _QUERY.where(_D.webhook_id == webhooks.row_of(c, webhook).id)
        query = pages.page_of(query, [_D.id], limit=limit, cursor=cursor, descending=True)
        rows, next_cursor = pages.cut(c.execute(query).all(), [_D.id], limit)
    return Page(items=tuple(map(_record, rows)), next_cursor=next_cursor)


def _due() -> pages.AnySelect:
    query = select(_D.id).join(schema.webhooks, _W.id == _D.webhook_id)
    return query.where(_D.state == DeliveryState.WAITING, _D.next_at <= now(), _W.active).order_by(_D.next_at, _D.id)


def _prepared(store: Store) -> bool:
    """Make deliveries of one batch of events; tell whether there may be another."""
    with store.write() as c:
        hooks = c.execute(select(schema.webhooks).where(_W.active)).all()
        begin = min((hook.last_event for hook in hooks), default=None)
        if begin is None:
            return False
        rows = c.execute(select(schema.events).where(_E.id > begin).order_by(_E.id).limit(_READ)).all()
        heard = [Event(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public way to a mapping
        for hook in hooks:
            _hand(c, hook, [event for event in heard if event.id > hook.last_event])
        return len(rows) == _READ


def _hand(c: Connection, hook: AnyRow, heard: list[Event]) -> None:
    if not heard:
        return
    c.execute(update(schema.webhooks).where(_W.id == hook.id).values(last_event=heard[-1].id))
    wanted = [event for event in heard if wants(hook.events, hook.model, event)]
    if not wanted:
        return
    rows = [{"webhook_id": hook.id, "event_id": e.id, "action": e.action, "attempts": 0, **_fresh()} for e in wanted]
    c.execute(insert(schema.deliveries), rows)
    oldest = select(_D.id).where(_D.webhook_id == hook.id).order_by(_D.id.desc()).offset(KEPT).limit(1)
    kept = (_D.webhook_id == hook.id, _D.state != DeliveryState.WAITING)
    c.execute(delete(schema.deliveries).where(*kept, _D.id <= oldest.scalar_subquery()))


def _claimed(c: Connection, ids: Sequence[int]) -> tuple[Parcel, ...]:
    if not ids:
        return ()
    c.execute(update(schema.deliveries).where(_D.id.in_(ids)).values(attempts=_D.attempts + 1, next_at=_lease_end()))
    query = select(_D.id, _D.attempts, _D.action, _W.url, _W.secret, _W.body, _D.event_id).join(
        schema.webhooks, _W.id == _D.webhook_id
    )
    rows = c.execute(query.where(_D.id.in_(ids)).order_by(_D.id)).all()
    found = c.execute(select(schema.events).where(_E.id.in_([row.event_id for row in rows]))).all()
    by_id = {row.id: Event(**row._mapping) for row in found}  # noqa: SLF001 - as above
    tests = Event(id=0, at=now(), actor="", action=TEST)
    return tuple(
        Parcel(id=row.id, attempts=row.attempts, url=row.url, secret=row.secret, body=row.body,
               event=tests if row.action == TEST else by_id.get(row.event_id))
        for row in rows
    )  # fmt: skip


def _fresh() -> dict[str, object]:
    return {
        "state": DeliveryState.WAITING, "at": now(), "next_at": now(), "http_status": 0, "error": "", "duration_ms": 0.0,
    }  # fmt: skip


def _lease_end() -> object:
    return now() + timedelta(seconds=LEASE_S)


def _row(c: Connection, delivery: int) -> AnyRow:
    known = 0 <= delivery <= _LARGEST
    found = c.execute(_QUERY.where(_D.id == delivery)).first() if known else None
    if found is None:
        raise NotFound(f"There is no delivery {delivery}. See `%model deliveries WEBHOOK`.")
    return found


def _record(row: AnyRow) -> Delivery:
    return Delivery(
        id=row.id, webhook=row.webhook_id, event=row.event_id, action=row.action, state=DeliveryState(row.state),
        attempts=row.attempts, at=row.at, http_status=row.http_status, error=row.error, duration_ms=row.duration_ms,
        next_at=row.next_at,
    )  # fmt: skip
