"""What was found out about a version before it existed."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TEXTS = {"architecture": 255, "weights": 80}
RECORDS = {"signature": "{}", "proof": "{}", "cost": "{}", "safety": "[]"}


def upgrade() -> None:
    for name, length in TEXTS.items():
        op.add_column("versions", sa.Column(name, sa.String(length=length), server_default="", nullable=False))
    for name, empty in RECORDS.items():
        op.add_column("versions", sa.Column(name, sa.JSON(), server_default=empty, nullable=False))
    op.create_index("ix_versions_weights", "versions", ["weights"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_versions_weights", table_name="versions")
    for name in (*TEXTS, *RECORDS):
        op.drop_column("versions", name)
