"""Models, versions and the facts that hang on versions."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    true,
)

from jupyter_modelmgmt.store.schema.base import Bytewise, UtcTime, metadata, version_ref

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
    Column("downloadable", Boolean, nullable=False, server_default=true()),
    # What makes two versions the same: files, configuration, labels, metrics, params.
    Column("fingerprint", String(80), nullable=False, server_default=""),
    Column("parent_id", Integer, index=True),
    Column("run_id", Integer, index=True),
    Column("code", JSON, nullable=False, server_default="{}"),
    Column("environment", JSON, nullable=False, server_default="{}"),
    Column("architecture", String(255), nullable=False, server_default=""),
    # A digest of what the model learned: tells whether an object in memory is this version.
    Column("weights", String(80), nullable=False, server_default=""),
    Column("signature", JSON, nullable=False, server_default="{}"),
    Column("proof", JSON, nullable=False, server_default="{}"),
    Column("cost", JSON, nullable=False, server_default="{}"),
    Column("safety", JSON, nullable=False, server_default="[]"),
    Column("interface", JSON, nullable=False, server_default="{}"),
    Column("deleted_at", UtcTime),
    # A purged version keeps its row: its number is never used again.
    Column("purged_at", UtcTime),
    UniqueConstraint("model_id", "identity"),
    UniqueConstraint("model_id", "sequence"),
)
Index("ix_versions_sort", versions.c.model_id, versions.c.sort_key)
Index("ix_versions_stage", versions.c.model_id, versions.c.stage)
Index("ix_versions_fingerprint", versions.c.model_id, versions.c.fingerprint)
Index("ix_versions_weights", versions.c.weights)
Index("ix_versions_created", versions.c.created_at, versions.c.id)

metrics = Table(
    "version_metrics",
    metadata,
    version_ref(primary_key=True),
    Column("key", Bytewise, primary_key=True),
    Column("value", Float, nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_version_metrics_key", metrics.c.key, metrics.c.value, metrics.c.version_id)


def _scalars(name: str) -> Table:
    """Return a table of named values; `text` and `number` are what searches compare with."""
    return Table(
        name,
        metadata,
        version_ref(primary_key=True),
        Column("key", Bytewise, primary_key=True),
        Column("value", JSON, nullable=False),
        Column("text", Bytewise),
        Column("number", Float),
        Index(f"ix_{name}_text", "key", "text", "version_id"),
        Index(f"ix_{name}_number", "key", "number", "version_id"),
        sqlite_with_rowid=False,
    )


params = _scalars("version_params")
properties = _scalars("version_properties")

tags = Table(
    "version_tags",
    metadata,
    version_ref(primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("tag", Bytewise, nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_version_tags_tag", tags.c.tag, tags.c.version_id)

artifacts = Table(
    "artifacts",
    metadata,
    version_ref(primary_key=True),
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
    version_ref(nullable=False, index=True),
    Column("protected", Boolean, nullable=False, server_default=false()),
    sqlite_with_rowid=False,
)
