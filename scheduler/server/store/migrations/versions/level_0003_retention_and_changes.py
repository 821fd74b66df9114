"""The third level: how long and how exactly a scenario's check-ins are kept, and a count of changes for caches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Build this level."""
    with op.batch_alter_table("scenario") as table:
        table.add_column(sa.Column("retention_days", sa.Integer(), nullable=False, server_default="30"))
        table.add_column(sa.Column("decimals", sa.Integer(), nullable=True))
        table.add_column(sa.Column("purged_until", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("checkin") as table:
        table.add_column(sa.Column("distance_m", sa.Integer(), nullable=True))
        table.add_column(sa.Column("in_region", sa.Boolean(), nullable=True))
        table.add_column(sa.Column("judged_at", sa.BigInteger(), nullable=True))
    changes = op.create_table(
        "change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
    )
    op.bulk_insert(changes, [{"id": 1, "number": 1}])
