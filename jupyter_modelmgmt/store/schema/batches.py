"""Batches."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from jupyter_modelmgmt.store.schema.base import UtcTime, metadata

batches = Table(
    "batches",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("version_id", Integer, ForeignKey("versions.id"), nullable=False, index=True),
    Column("target", String(255), nullable=False),
    Column("inputs", Text, nullable=False),
    Column("output", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("cancelled", Boolean, nullable=False),
    Column("total", Integer, nullable=False),
    Column("successful", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("message", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("created_by", String(255), nullable=False),
)
Index("ix_batches_created_at", batches.c.created_at)
