"""The board's own tables: accounts and what they may see, sessions, attempts to sign in, the audit log, jobs."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
)

from scheduler.server.store.tables import BIG, METADATA, PERSON_DAY

ACCOUNT = Table(
    "board_account",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),  # what is typed to sign in, in small letters
    Column("role", Text, nullable=False),  # admin, head, monitor
    Column("password", Text, nullable=False),  # argon2id, with its salt and parameters
    Column("sees_everything", Boolean, nullable=False),  # admins only: every scenario, those to come too
    Column("made_at", BigInteger, nullable=False),  # seconds
    Column("disabled_at", BigInteger),
)

SCOPE = Table(
    "board_scope",
    METADATA,
    Column("account_id", ForeignKey("board_account.id"), primary_key=True),
    Column("scenario_id", ForeignKey("scenario.id"), primary_key=True),
    Column("unit", Text, primary_key=True),  # "*" for all units of the scenario
)

SESSION = Table(
    "board_session",
    METADATA,
    Column("sha256", LargeBinary(32), primary_key=True),  # of what the cookie holds
    Column("account_id", ForeignKey("board_account.id"), nullable=False),
    Column("made_at", BigInteger, nullable=False),  # seconds
    Column("seen_at", BigInteger, nullable=False),
    Index(None, "account_id"),
)

ATTEMPT = Table(
    "board_attempt",
    METADATA,
    Column("id", BIG, primary_key=True),
    Column("name", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("tried_at", BigInteger, nullable=False),  # seconds
    Index(None, "name", "tried_at"),
    Index(None, "address", "tried_at"),
)

AUDIT = Table(
    "board_audit",
    METADATA,
    Column("id", BIG, primary_key=True),
    Column("happened_at", BigInteger, nullable=False),  # milliseconds
    Column("account", Text, nullable=False),  # the name: it outlives the account
    Column("address", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("scenario_id", ForeignKey("scenario.id")),
    Column("unit", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Index(None, "scenario_id", "id"),
)

FOLDER = Table(
    "board_folder",
    METADATA,
    Column("revision_id", ForeignKey("revision.id"), primary_key=True),
    Column("output", Text, nullable=False),  # the period's folder, absolute
    Column("scenario", Text, nullable=False),  # the scenario folder where it had moved, else empty
)

JOB = Table(
    "board_job",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("account_id", ForeignKey("board_account.id"), nullable=False),
    Column("scenario_id", ForeignKey("scenario.id"), nullable=False),
    Column("unit", Text, nullable=False),  # empty where it is about the whole scenario
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),  # waiting, running, done, failed
    Column("asked", Text, nullable=False),  # JSON
    Column("file", LargeBinary),
    Column("file_name", Text, nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("result", Text, nullable=False),  # JSON
    Column("made_at", BigInteger, nullable=False),  # seconds
    Column("touched_at", BigInteger, nullable=False),
    Index(None, "scenario_id", "made_at"),
)

Index(None, PERSON_DAY.c.revision_id, PERSON_DAY.c.day, PERSON_DAY.c.unit)
