"""Deployments, their revisions, the versions that they run, and their clients.

`deployments.revision` is the newest row of the history, `goal` the one that the host brings about.
"""

from typing import Any

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

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
    Column("title", String(255), nullable=False, server_default=""),
    Column("goal", Integer, nullable=False, server_default="0"),
    Column("host", String(255), nullable=False, server_default=""),
    Column("endpoint", String(255), nullable=False, server_default=""),
    Column("updated_by", String(255), nullable=False, server_default=""),
)
Index("ix_deployments_model", deployments.c.model_id)


def _deployment_id(**options: Any) -> Column[int]:
    return Column("deployment_id", Integer, ForeignKey("deployments.id", ondelete="CASCADE"), nullable=False, **options)


deployment_revisions = Table(
    "deployment_revisions",
    metadata,
    Column("id", Integer, primary_key=True),
    _deployment_id(),
    Column("revision", Integer, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("actor", String(255), nullable=False),
    Column("message", Text, nullable=False),
    Column("running", Boolean, nullable=False),
    Column("spec", JSON, nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    UniqueConstraint("deployment_id", "revision", name="uq_deployment_revisions_deployment_id"),
)

deployment_versions = Table(
    "deployment_versions",
    metadata,
    _deployment_id(primary_key=True),
    Column("version_id", Integer, ForeignKey("versions.id"), primary_key=True, index=True),
    Column("weight", Integer, nullable=False),
    Column("shadow", Boolean, nullable=False),
)

deployment_clients = Table(
    "deployment_clients",
    metadata,
    _deployment_id(primary_key=True),
    Column("name", Bytewise, primary_key=True),
    Column("salt", String(64), nullable=False),
    Column("hash", String(128), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("created_by", String(255), nullable=False),
)
