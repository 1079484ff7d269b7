"""Kept tests and their results."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    bytewise = sa.String(length=255).with_variant(sa.String(length=255, collation="C"), "postgresql")
    op.create_table(
        "kept_tests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("model_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_key", bytewise, nullable=False),
        sa.Column("media", sa.String(length=80), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("expected", sa.JSON(), nullable=False),
        sa.Column("tolerance", sa.Float(), nullable=False),
        sa.Column("threshold", sa.Float(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(["model_id"], ["models.id"], name="fk_kept_tests_model_id"),
        sa.PrimaryKeyConstraint("id", name="pk_kept_tests"),
        sa.UniqueConstraint("model_id", "name_key", name="uq_kept_tests_model_id_name_key"),
    )
    op.create_index("ix_kept_tests_digest", "kept_tests", ["digest"], unique=False)
    op.create_table(
        "kept_results",
        sa.Column("test_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("difference", sa.Text(), nullable=False),
        sa.Column("latency_ms", sa.Float(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(["test_id"], ["kept_tests.id"], name="fk_kept_results_test_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name="fk_kept_results_version_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("test_id", "version_id", name="pk_kept_results"),
    )
    op.create_index("ix_kept_results_version", "kept_results", ["version_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_kept_results_version", table_name="kept_results")
    op.drop_table("kept_results")
    op.drop_index("ix_kept_tests_digest", table_name="kept_tests")
    op.drop_table("kept_tests")
