"""What a version's services take and give, and which kinds of them it may become."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("versions", sa.Column("interface", sa.JSON(), server_default="{}", nullable=False))


def downgrade() -> None:
    op.drop_column("versions", "interface")
