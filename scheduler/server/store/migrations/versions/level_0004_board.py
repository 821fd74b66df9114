"""The board: accounts and what they may see, sessions, attempts to sign in, the audit log, folders, jobs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Build this level."""
    op.create_table(
        "board_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("sees_everything", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("disabled_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_account")),
        sa.UniqueConstraint("name", name=op.f("uq_board_account_name")),
    )
    op.create_table(
        "board_attempt",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("tried_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_attempt")),
    )
    op.create_index(
        op.f("ix_board_attempt_address_tried_at"), "board_attempt", ["address", "tried_at"], unique=False
    )
    op.create_index(
        op.f("ix_board_attempt_name_tried_at"), "board_attempt", ["name", "tried_at"], unique=False
    )
    op.create_table(
        "board_audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("scenario_id", sa.Integer(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["scenario_id"], ["scenario.id"], name=op.f("fk_board_audit_scenario_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_audit")),
    )
    op.create_index(op.f("ix_board_audit_scenario_id_id"), "board_audit", ["scenario_id", "id"], unique=False)
    op.create_table(
        "board_job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("scenario_id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("touched_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["board_account.id"], name=op.f("fk_board_job_account_id")),
        sa.ForeignKeyConstraint(["scenario_id"], ["scenario.id"], name=op.f("fk_board_job_scenario_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_job")),
    )
    op.create_index(
        op.f("ix_board_job_scenario_id_made_at"), "board_job", ["scenario_id", "made_at"], unique=False
    )
    op.create_table(
        "board_scope",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("scenario_id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["board_account.id"], name=op.f("fk_board_scope_account_id")),
        sa.ForeignKeyConstraint(["scenario_id"], ["scenario.id"], name=op.f("fk_board_scope_scenario_id")),
        sa.PrimaryKeyConstraint("account_id", "scenario_id", "unit", name=op.f("pk_board_scope")),
    )
    op.create_table(
        "board_session",
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["board_account.id"], name=op.f("fk_board_session_account_id")
        ),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_board_session")),
    )
    op.create_index(op.f("ix_board_session_account_id"), "board_session", ["account_id"], unique=False)
    op.create_table(
        "board_folder",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("output", sa.Text(), nullable=False),
        sa.Column("scenario", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_board_folder_revision_id")),
        sa.PrimaryKeyConstraint("revision_id", name=op.f("pk_board_folder")),
    )
    op.create_index(
        op.f("ix_person_day_revision_id_day_unit"), "person_day", ["revision_id", "day", "unit"], unique=False
    )
