"""Stages and what they ask, who was in them when, requests for approval, the log of statuses."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from jupyter_modelmgmt.store.schema.base import Bytewise, UtcTime, metadata, version_ref

stages = Table(
    "stages",
    metadata,
    Column("name", Bytewise, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("exclusive", Boolean, nullable=False),
    Column("protected", Boolean, nullable=False),
    Column("approval", Boolean, nullable=False),
    # The names that follow; JSON null for any.
    Column("transitions", JSON, nullable=False),
    Column("gates", JSON, nullable=False),
)

stage_periods = Table(
    "stage_periods",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("model_id", Integer, ForeignKey("models.id"), nullable=False),
    version_ref(nullable=False),
    Column("stage", Bytewise, nullable=False),
    Column("entered_at", UtcTime, nullable=False),
    Column("left_at", UtcTime),
    Column("actor", String(255), nullable=False),
    Column("comment", Text, nullable=False),
)
Index("ix_stage_periods_stage", stage_periods.c.model_id, stage_periods.c.stage, stage_periods.c.entered_at)
Index("ix_stage_periods_version", stage_periods.c.version_id, stage_periods.c.id)

status_log = Table(
    "status_log",
    metadata,
    Column("id", Integer, primary_key=True),
    version_ref(nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("actor", String(255), nullable=False),
    Column("status", String(20), nullable=False),
    Column("reason", Text, nullable=False),
)
Index("ix_status_log_version", status_log.c.version_id, status_log.c.id)

approvals = Table(
    "approvals",
    metadata,
    Column("id", Integer, primary_key=True),
    version_ref(nullable=False, index=True),
    Column("stage", Bytewise, nullable=False),
    Column("state", String(20), nullable=False),
    Column("comment", Text, nullable=False),
    Column("asked_by", String(255), nullable=False),
    Column("asked_at", UtcTime, nullable=False),
    Column("decided_by", String(255), nullable=False),
    Column("decided_at", UtcTime),
    Column("answer", Text, nullable=False),
)
Index("ix_approvals_state", approvals.c.state, approvals.c.id)

# In days; a version without a row has its model's.
model_lifetimes = Table(
    "model_lifetimes",
    metadata,
    Column("model_id", Integer, ForeignKey("models.id"), primary_key=True),
    Column("days", Integer, nullable=False),
)

version_lifetimes = Table(
    "version_lifetimes",
    metadata,
    version_ref(primary_key=True),
    Column("days", Integer, nullable=False),
)

settings = Table(
    "settings",
    metadata,
    Column("name", Bytewise, primary_key=True),
    Column("value", JSON, nullable=False),
)
