"""Kept tests, what became of them with each version that was asked, and who asks now."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from jupyter_modelmgmt.store.schema.base import Bytewise, UtcTime, metadata, version_ref

kept_tests = Table(
    "kept_tests",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("model_id", Integer, ForeignKey("models.id"), nullable=False),
    Column("name", String(80), nullable=False),
    Column("name_key", Bytewise, nullable=False),
    Column("media", String(80), nullable=False),
    Column("digest", String(80), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("expected", JSON, nullable=False),
    Column("tolerance", Float, nullable=False),
    Column("threshold", Float, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("created_by", String(255), nullable=False),
    UniqueConstraint("model_id", "name_key"),
)
Index("ix_kept_tests_digest", kept_tests.c.digest)

# The last result of each pair: a version that is asked again says what it says now.
kept_results = Table(
    "kept_results",
    metadata,
    Column("test_id", Integer, ForeignKey("kept_tests.id", ondelete="CASCADE"), primary_key=True),
    version_ref(primary_key=True),
    Column("state", String(20), nullable=False),
    Column("difference", Text, nullable=False),
    Column("latency_ms", Float, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("by", String(255), nullable=False),
)
Index("ix_kept_results_version", kept_results.c.version_id)

# Which process runs the tests of a version by itself, so that no other does.
kept_claims = Table(
    "kept_claims",
    metadata,
    version_ref(primary_key=True),
    Column("holder", String(80), nullable=False),
    Column("until", UtcTime, nullable=False),
)
