"""Runs, series, datasets, evaluations: how versions came to be."""

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from jupyter_modelmgmt.store.schema.base import Bytewise, UtcTime, metadata, version_ref


def _ref(name: str, table: str, **options: Any) -> Column[int]:
    return Column(name, Integer, ForeignKey(f"{table}.id", ondelete="CASCADE"), **options)


runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    # What people and URLs call it.
    Column("key", Bytewise, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("status", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("created_by", String(255), nullable=False),
    Column("source", JSON, nullable=False),
)

run_params = Table(
    "run_params",
    metadata,
    _ref("run_id", "runs", primary_key=True),
    Column("key", Bytewise, primary_key=True),
    Column("value", JSON, nullable=False),
    sqlite_with_rowid=False,
)

run_tags = Table(
    "run_tags",
    metadata,
    _ref("run_id", "runs", primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("tag", Bytewise, nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_run_tags_tag", run_tags.c.tag, run_tags.c.run_id)

# A series hangs on a run, or on a version whose numbers were logged without one (D25). `last`,
# `least` and `greatest` are null where no finite number was. `tail` has the newest points: x, y
# and time of each, little-endian float64. When it is full it becomes a chunk.
series = Table(
    "series",
    metadata,
    Column("id", Integer, primary_key=True),
    _ref("run_id", "runs"),
    version_ref(),
    Column("figure", Bytewise, nullable=False),
    Column("legend", Bytewise, nullable=False),
    Column("count", Integer, nullable=False),
    Column("last_x", Float, nullable=False),
    Column("last", Float),
    Column("least", Float),
    Column("greatest", Float),
    # Behind all else: SQLite finds the short columns without reading it.
    Column("tail", LargeBinary, nullable=False),
    UniqueConstraint("run_id", "figure", "legend"),
    UniqueConstraint("version_id", "figure", "legend"),
    CheckConstraint("(run_id IS NULL) <> (version_id IS NULL)", name="ck_series_owner"),
)

# Full tails, in the same form; `position` counts the points before.
series_chunks = Table(
    "series_chunks",
    metadata,
    _ref("series_id", "series", primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

datasets = Table(
    "datasets",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False),
    Column("name_key", Bytewise, nullable=False),
    Column("version", Integer, nullable=False),
    Column("digest", Bytewise, nullable=False),
    Column("fields", JSON, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("rows", BigInteger),
    Column("source", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("created_by", String(255), nullable=False),
    Column("statistics", JSON, nullable=False, server_default="{}"),
    UniqueConstraint("name_key", "version"),
    UniqueConstraint("name_key", "digest"),
)

run_datasets = Table(
    "run_datasets",
    metadata,
    _ref("run_id", "runs", primary_key=True),
    _ref("dataset_id", "datasets", primary_key=True),
    Column("role", Bytewise, primary_key=True),
    sqlite_with_rowid=False,
)
Index("ix_run_datasets_dataset", run_datasets.c.dataset_id, run_datasets.c.run_id)

version_datasets = Table(
    "version_datasets",
    metadata,
    version_ref(primary_key=True),
    _ref("dataset_id", "datasets", primary_key=True),
    Column("role", Bytewise, primary_key=True),
    sqlite_with_rowid=False,
)
Index("ix_version_datasets_dataset", version_datasets.c.dataset_id, version_datasets.c.version_id)

evaluations = Table(
    "evaluations",
    metadata,
    Column("id", Integer, primary_key=True),
    version_ref(nullable=False, index=True),
    _ref("dataset_id", "datasets", nullable=False, index=True),
    Column("run_id", Integer),
    Column("duration_s", Float),
    Column("created_at", UtcTime, nullable=False),
    Column("created_by", String(255), nullable=False),
)

evaluation_metrics = Table(
    "evaluation_metrics",
    metadata,
    _ref("evaluation_id", "evaluations", primary_key=True),
    Column("key", Bytewise, primary_key=True),
    Column("value", Float, nullable=False),
    sqlite_with_rowid=False,
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),
    version_ref(nullable=False, index=True),
    Column("dataset", Text, nullable=False),
    Column("status", String(20), nullable=False),
    Column("progress", Float, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("created_by", String(255), nullable=False),
    Column("started_at", UtcTime),
    Column("ended_at", UtcTime),
    Column("reason", Text, nullable=False),
    Column("run", String(32), nullable=False),
)

# The newest evaluation of each version by dataset name: what boards, lists and searches read.
scores = Table(
    "scores",
    metadata,
    version_ref(primary_key=True),
    Column("dataset", Bytewise, primary_key=True),
    Column("key", Bytewise, primary_key=True),
    Column("value", Float, nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_scores_key", scores.c.dataset, scores.c.key, scores.c.value, scores.c.version_id)
