"""What the columns of datasets hold."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("datasets", sa.Column("statistics", sa.JSON(), server_default="{}", nullable=False))


def downgrade() -> None:
    op.drop_column("datasets", "statistics")
