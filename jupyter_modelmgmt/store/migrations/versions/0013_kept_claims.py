"""Which process runs the kept tests of a version."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_claims",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=80), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name="fk_kept_claims_version_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("version_id", name="pk_kept_claims"),
    )


def downgrade() -> None:
    op.drop_table("kept_claims")
