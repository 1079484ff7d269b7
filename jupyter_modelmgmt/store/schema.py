"""The tables. Migrations build them; this file is what the queries compile against.

Times are UTC. `name_key` is the lower-case name: names that differ in case alone are one.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)


class UtcTime(TypeDecorator[datetime]):
    """A point in time, stored as naive UTC, given back with its zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        return value.replace(tzinfo=UTC) if value else None


# Byte order, so that sort keys compare the same in SQLite and PostgreSQL.
Bytewise = String(255).with_variant(String(255, collation="C"), "postgresql")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _version_ref(**options: Any) -> Column[int]:
    return Column("version_id", Integer, ForeignKey("versions.id", ondelete="CASCADE"), **options)


models = Table(
    "models",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False),
    Column("name_key", Bytewise, nullable=False, unique=True),
    Column("description", Text, nullable=False, default=""),
    Column("created_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("created_by", String(255), nullable=False),
    Column("version_count", Integer, nullable=False, default=0),
    Column("last_sequence", Integer, nullable=False, default=0),
    # Pointers, not scans: reading a model costs the same with ten versions and with a million.
    Column("latest_id", Integer),
    Column("newest_id", Integer),
    Column("deleted_at", UtcTime),
)
Index("ix_models_updated", models.c.updated_at, models.c.id)

versions = Table(
    "versions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("model_id", Integer, ForeignKey("models.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("version", String(128), nullable=False),
    Column("identity", Bytewise, nullable=False),
    Column("sort_key", Bytewise, nullable=False),
    Column("is_release", Boolean, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("created_by", String(255), nullable=False),
    Column("description", Text, nullable=False),
    Column("framework", String(40), nullable=False),
    Column("flavor", String(40), nullable=False),
    Column("task", String(40), nullable=False),
    Column("model_type", String(40), nullable=False),
    Column("status", String(20), nullable=False),
    Column("stage", String(40), nullable=False),
    Column("author", Text, nullable=False),
    Column("license", Text, nullable=False),
    Column("public", Boolean, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("adapter", String(255), nullable=False),
    Column("config", JSON, nullable=False),
    Column("labels", JSON, nullable=False),
    Column("parent", String(255), nullable=False),
    Column("source", Text, nullable=False),
    Column("deleted_at", UtcTime),
    UniqueConstraint("model_id", "identity"),
    UniqueConstraint("model_id", "sequence"),
)
Index("ix_versions_sort", versions.c.model_id, versions.c.sort_key)
Index("ix_versions_stage", versions.c.model_id, versions.c.stage)

metrics = Table(
    "version_metrics",
    metadata,
    _version_ref(primary_key=True),
    Column("key", Bytewise, primary_key=True),
    Column("value", Float, nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_version_metrics_key", metrics.c.key, metrics.c.value, metrics.c.version_id)

params = Table(
    "version_params",
    metadata,
    _version_ref(primary_key=True),
    Column("key", Bytewise, primary_key=True),
    Column("value", JSON, nullable=False),
    sqlite_with_rowid=False,
)

tags = Table(
    "version_tags",
    metadata,
    _version_ref(primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("tag", Bytewise, nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_version_tags_tag", tags.c.tag, tags.c.version_id)

artifacts = Table(
    "artifacts",
    metadata,
    _version_ref(primary_key=True),
    Column("path", Bytewise, primary_key=True),
    Column("digest", String(80), nullable=False),
    Column("size", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_artifacts_digest", artifacts.c.digest)

aliases = Table(
    "aliases",
    metadata,
    Column("model_id", Integer, ForeignKey("models.id"), primary_key=True),
    Column("alias", Bytewise, primary_key=True),
    _version_ref(nullable=False, index=True),
    sqlite_with_rowid=False,
)

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
