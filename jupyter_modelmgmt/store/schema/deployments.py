"""Deployments."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from jupyter_modelmgmt.store.schema.base import Bytewise, UtcTime, metadata

deployments = Table(
    "deployments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Bytewise, nullable=False, unique=True),
    Column("model_id", Integer, ForeignKey("models.id"), nullable=False),
    Column("version_id", Integer, ForeignKey("versions.id"), nullable=False, index=True),
    Column("engine", String(20), nullable=False),
    Column("running", Boolean, nullable=False),
    Column("state", String(20), nullable=False),
    Column("message", Text, nullable=False),
    Column("replicas", Integer, nullable=False),
    Column("available", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("created_by", String(255), nullable=False),
)
Index("ix_deployments_model", deployments.c.model_id)
