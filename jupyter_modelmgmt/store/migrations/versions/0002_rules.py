"""Stages and what they ask, approvals, properties, protected aliases; what purging keeps."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BYTEWISE = sa.String(length=255).with_variant(sa.String(length=255, collation="C"), "postgresql")
STAGES = sa.table(
    "stages",
    sa.column("name", sa.String),
    sa.column("position", sa.Integer),
    sa.column("exclusive", sa.Boolean),
    sa.column("protected", sa.Boolean),
    sa.column("approval", sa.Boolean),
    sa.column("transitions", sa.JSON),
    sa.column("gates", sa.JSON),
)
PARAMS = sa.table(
    "version_params",
    sa.column("version_id", sa.Integer),
    sa.column("key", sa.String),
    sa.column("value", sa.JSON),
    sa.column("text", sa.String),
    sa.column("number", sa.Float),
)


def upgrade() -> None:
    op.create_table(
        "stages",
        sa.Column("name", BYTEWISE, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("exclusive", sa.Boolean(), nullable=False),
        sa.Column("protected", sa.Boolean(), nullable=False),
        sa.Column("approval", sa.Boolean(), nullable=False),
        sa.Column("transitions", sa.JSON(), nullable=False),
        sa.Column("gates", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_stages"),
    )
    op.create_table(
        "settings",
        sa.Column("name", BYTEWISE, nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_settings"),
    )
    op.create_table(
        "approvals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("stage", BYTEWISE, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(length=255), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("decided_by", sa.String(length=255), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name="fk_approvals_version_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_approvals"),
    )
    op.create_index("ix_approvals_state", "approvals", ["state", "id"], unique=False)
    op.create_index("ix_approvals_version_id", "approvals", ["version_id"], unique=False)
    op.create_table(
        "stage_periods",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("model_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("stage", BYTEWISE, nullable=False),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.Column("left_at", sa.DateTime(), nullable=True),
        sa.Column("actor", sa.String(length=255), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["model_id"], ["models.id"], name="fk_stage_periods_model_id"),
        sa.ForeignKeyConstraint(
            ["version_id"], ["versions.id"], name="fk_stage_periods_version_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_stage_periods"),
    )
    op.create_index("ix_stage_periods_stage", "stage_periods", ["model_id", "stage", "entered_at"], unique=False)
    op.create_index("ix_stage_periods_version", "stage_periods", ["version_id", "id"], unique=False)
    op.create_table(
        "status_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.String(length=255), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name="fk_status_log_version_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_status_log"),
    )
    op.create_index("ix_status_log_version", "status_log", ["version_id", "id"], unique=False)
    op.create_table(
        "version_properties",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("key", BYTEWISE, nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("text", BYTEWISE, nullable=True),
        sa.Column("number", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(
            ["version_id"], ["versions.id"], name="fk_version_properties_version_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("version_id", "key", name="pk_version_properties"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_version_properties_number", "version_properties", ["key", "number", "version_id"], unique=False)
    op.create_index("ix_version_properties_text", "version_properties", ["key", "text", "version_id"], unique=False)
    op.add_column("aliases", sa.Column("protected", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("version_params", sa.Column("text", BYTEWISE, nullable=True))
    op.add_column("version_params", sa.Column("number", sa.Float(), nullable=True))
    op.create_index("ix_version_params_number", "version_params", ["key", "number", "version_id"], unique=False)
    op.create_index("ix_version_params_text", "version_params", ["key", "text", "version_id"], unique=False)
    op.add_column("versions", sa.Column("downloadable", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column("versions", sa.Column("fingerprint", sa.String(length=80), server_default="", nullable=False))
    op.add_column("versions", sa.Column("parent_id", sa.Integer(), nullable=True))
    op.add_column("versions", sa.Column("run_id", sa.Integer(), nullable=True))
    op.add_column("versions", sa.Column("code", sa.JSON(), server_default="{}", nullable=False))
    op.add_column("versions", sa.Column("environment", sa.JSON(), server_default="{}", nullable=False))
    op.add_column("versions", sa.Column("purged_at", sa.DateTime(), nullable=True))
    op.create_index("ix_versions_created", "versions", ["created_at", "id"], unique=False)
    op.create_index("ix_versions_fingerprint", "versions", ["model_id", "fingerprint"], unique=False)
    op.create_index("ix_versions_parent_id", "versions", ["parent_id"], unique=False)
    op.create_index("ix_versions_run_id", "versions", ["run_id"], unique=False)
    _fill()


def _fill() -> None:
    """Write the stages every registry begins with, and what the new tables say of old versions."""
    rule: dict[str, Any] = {"approval": False, "transitions": None, "gates": []}
    op.bulk_insert(
        STAGES,
        [
            {"name": "development", "position": 0, "exclusive": False, "protected": False, **rule},
            {"name": "staging", "position": 1, "exclusive": True, "protected": False, **rule},
            {"name": "production", "position": 2, "exclusive": True, "protected": True, **rule},
            {"name": "archived", "position": 3, "exclusive": False, "protected": False, **rule},
        ],
    )
    op.execute(
        "INSERT INTO stage_periods (model_id, version_id, stage, entered_at, actor, comment) "
        "SELECT model_id, id, stage, created_at, created_by, '' FROM versions ORDER BY id"
    )
    op.execute(
        "INSERT INTO status_log (version_id, at, actor, status, reason) "
        "SELECT id, created_at, created_by, status, '' FROM versions ORDER BY id"
    )
    connection = op.get_bind()
    for version_id, key, value in connection.execute(
        sa.select(PARAMS.c.version_id, PARAMS.c.key, PARAMS.c.value)
    ).all():
        text = value[:255] if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else None
        number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
        where = (PARAMS.c.version_id == version_id, PARAMS.c.key == key)
        connection.execute(sa.update(PARAMS).where(*where).values(text=text, number=number))


def downgrade() -> None:
    op.drop_index("ix_versions_run_id", table_name="versions")
    op.drop_index("ix_versions_parent_id", table_name="versions")
    op.drop_index("ix_versions_fingerprint", table_name="versions")
    op.drop_index("ix_versions_created", table_name="versions")
    op.drop_column("versions", "purged_at")
    op.drop_column("versions", "environment")
    op.drop_column("versions", "code")
    op.drop_column("versions", "run_id")
    op.drop_column("versions", "parent_id")
    op.drop_column("versions", "fingerprint")
    op.drop_column("versions", "downloadable")
    op.drop_index("ix_version_params_text", table_name="version_params")
    op.drop_index("ix_version_params_number", table_name="version_params")
    op.drop_column("version_params", "number")
    op.drop_column("version_params", "text")
    op.drop_column("aliases", "protected")
    op.drop_index("ix_version_properties_text", table_name="version_properties")
    op.drop_index("ix_version_properties_number", table_name="version_properties")
    op.drop_table("version_properties")
    op.drop_index("ix_status_log_version", table_name="status_log")
    op.drop_table("status_log")
    op.drop_index("ix_stage_periods_version", table_name="stage_periods")
    op.drop_index("ix_stage_periods_stage", table_name="stage_periods")
    op.drop_table("stage_periods")
    op.drop_index("ix_approvals_version_id", table_name="approvals")
    op.drop_index("ix_approvals_state", table_name="approvals")
    op.drop_table("approvals")
    op.drop_table("settings")
    op.drop_table("stages")
