"""The second level: activities, calls to be answered, Telegram accounts and messages, decisions about requests."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Build this level."""
    _activities_and_calls()
    _telegram()
    with op.batch_alter_table("permit_request") as table:
        table.add_column(sa.Column("decision", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("decided_at", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("decided_by", sa.Text(), nullable=False, server_default=""))


def _activities_and_calls() -> None:
    op.create_table(
        "activity",
        sa.Column("id", BIG, nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_activity_subject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
        sa.UniqueConstraint("subject_id", "client_id", name=op.f("uq_activity_subject_id_client_id")),
    )
    op.create_index(op.f("ix_activity_subject_id_day"), "activity", ["subject_id", "day"], unique=False)
    op.create_index(op.f("ix_activity_day"), "activity", ["day"], unique=False)
    op.create_table(
        "reach_call",
        sa.Column("id", BIG, nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_reach_call_subject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reach_call")),
    )
    op.create_index(
        op.f("ix_reach_call_subject_id_asked_at"), "reach_call", ["subject_id", "asked_at"], unique=False
    )
    op.create_index(op.f("ix_reach_call_asked_at"), "reach_call", ["asked_at"], unique=False)


def _telegram() -> None:
    op.create_table(
        "telegram_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("linked_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_telegram_account_subject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_telegram_account")),
    )
    op.create_index(
        "uq_telegram_account_live",
        "telegram_account",
        ["account"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(op.f("ix_telegram_account_subject_id"), "telegram_account", ["subject_id"], unique=False)
    op.create_table(
        "telegram_message",
        sa.Column("id", BIG, nullable=False),
        sa.Column("bot", sa.Text(), nullable=False),
        sa.Column("update_id", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("minute", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("is_edit", sa.Boolean(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_telegram_message_subject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_telegram_message")),
        sa.UniqueConstraint("bot", "update_id", name=op.f("uq_telegram_message_bot_update_id")),
        sa.UniqueConstraint(
            "account", "message", "minute", name=op.f("uq_telegram_message_account_message_minute")
        ),
    )
    op.create_index(
        op.f("ix_telegram_message_subject_id_at"), "telegram_message", ["subject_id", "at"], unique=False
    )
    op.create_index(op.f("ix_telegram_message_at"), "telegram_message", ["at"], unique=False)
    op.create_table(
        "telegram_offset",
        sa.Column("bot", sa.Text(), nullable=False),
        sa.Column("next_update", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("bot", name=op.f("pk_telegram_offset")),
    )
