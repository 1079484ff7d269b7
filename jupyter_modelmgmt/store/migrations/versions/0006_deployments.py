"""Deployments of several versions, with revisions and clients."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TEXTS = ("title", "host", "endpoint", "updated_by")
BYTEWISE = sa.String(length=255).with_variant(sa.String(length=255, collation="C"), "postgresql")


def upgrade() -> None:
    for name in TEXTS:
        op.add_column("deployments", sa.Column(name, sa.String(length=255), server_default="", nullable=False))
    op.add_column("deployments", sa.Column("goal", sa.Integer(), server_default="0", nullable=False))
    _tables()
    _fill()


def _tables() -> None:
    op.create_table(
        "deployment_revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deployment_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.String(length=255), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("running", sa.Boolean(), nullable=False),
        sa.Column("spec", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployments.id"], name="fk_deployment_revisions_deployment_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_deployment_revisions"),
        sa.UniqueConstraint("deployment_id", "revision", name="uq_deployment_revisions_deployment_id"),
    )
    op.create_table(
        "deployment_versions",
        sa.Column("deployment_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("shadow", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployments.id"], name="fk_deployment_versions_deployment_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name="fk_deployment_versions_version_id"),
        sa.PrimaryKeyConstraint("deployment_id", "version_id", name="pk_deployment_versions"),
    )
    op.create_index("ix_deployment_versions_version_id", "deployment_versions", ["version_id"], unique=False)
    op.create_table(
        "deployment_clients",
        sa.Column("deployment_id", sa.Integer(), nullable=False),
        sa.Column("name", BYTEWISE, nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=128), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployments.id"], name="fk_deployment_clients_deployment_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("deployment_id", "name", name="pk_deployment_clients"),
    )


def _fill() -> None:
    """Begin the history of every deployment with what it is."""
    c = op.get_bind()
    c.execute(sa.text("UPDATE deployments SET title = name, goal = revision, updated_by = created_by"))
    c.execute(sa.text(
        "INSERT INTO deployment_versions (deployment_id, version_id, weight, shadow) "
        "SELECT id, version_id, 100, :no FROM deployments"
    ), {"no": False})  # fmt: skip
    rows = c.execute(sa.text(
        "SELECT d.id, d.revision, d.updated_at, d.created_by, d.running, d.state, d.replicas, v.version "
        "FROM deployments d JOIN versions v ON v.id = d.version_id"
    )).all()  # fmt: skip
    outcomes = {"Deployed": "deployed", "Stopped": "stopped", "Failed": "failed"}
    for row in rows:
        spec = {"versions": [{"version": row.version, "weight": 100, "shadow": False}], "replicas": row.replicas}
        c.execute(
            sa.text(
                "INSERT INTO deployment_revisions"
                " (deployment_id, revision, at, actor, message, running, spec, outcome, reason)"
                " VALUES (:id, :revision, :at, :actor, '', :running, :spec, :outcome, '')"
            ),
            {
                "id": row.id, "revision": row.revision, "at": row.updated_at, "actor": row.created_by,
                "running": bool(row.running), "spec": json.dumps(spec),
                "outcome": outcomes.get(row.state, "pending"),
            },
        )  # fmt: skip


def downgrade() -> None:
    op.drop_table("deployment_clients")
    op.drop_index("ix_deployment_versions_version_id", table_name="deployment_versions")
    op.drop_table("deployment_versions")
    op.drop_table("deployment_revisions")
    for name in (*TEXTS, "goal"):
        op.drop_column("deployments", name)
