"""Events, and the webhooks that are told of them."""

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, Text

from jupyter_modelmgmt.store.schema.base import UtcTime, metadata

events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", UtcTime, nullable=False),
    Column("actor", String(255), nullable=False),
    Column("action", String(40), nullable=False),
    Column("model", String(64), nullable=False),
    Column("version", String(128), nullable=False),
    Column("deployment", String(64), nullable=False),
    Column("details", JSON, nullable=False),
    # Without it SQLite reuses the highest id after a purge, and a reader that kept it misses events.
    sqlite_autoincrement=True,
)
Index("ix_events_model", events.c.model, events.c.id)
Index("ix_events_version", events.c.model, events.c.version, events.c.id)

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("url", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("events", JSON, nullable=False),
    Column("model", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("created_by", String(255), nullable=False),
    # Everything up to this event has its delivery; those who deliver move it on.
    Column("last_event", Integer, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("webhook_id", Integer, ForeignKey("webhooks.id", ondelete="CASCADE"), nullable=False),
    # Without a constraint: a test call has no event.
    Column("event_id", Integer, nullable=False),
    Column("action", String(40), nullable=False),
    Column("state", String(20), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("next_at", UtcTime),
    Column("http_status", Integer, nullable=False),
    Column("error", Text, nullable=False),
    Column("duration_ms", Float, nullable=False),
)
Index("ix_deliveries_webhook", deliveries.c.webhook_id, deliveries.c.id)
Index("ix_deliveries_waiting", deliveries.c.state, deliveries.c.next_at)
