"""The tables of the database. Every time in them is a whole number since 1970 UTC, so no driver can lose its zone.

What stands here must equal what `migrations/` builds; a test compares the two.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
BIG = BigInteger().with_variant(Integer, "sqlite")
"""SQLite counts up only in a column of the very type INTEGER; it holds 64 bits all the same."""

SCENARIO = Table(
    "scenario",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),  # of calendar.key: two governments may use one name
    Column("title", Text, nullable=False),
    Column("timezone", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("retention_days", Integer, nullable=False, server_default="30"),  # of what people sent
    Column("decimals", Integer),  # of coordinates once they are judged; NULL drops them
    Column("purged_until", BigInteger),  # milliseconds: what happened before is deleted
    UniqueConstraint("name", "fingerprint"),
)

REVISION = Table(
    "revision",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("scenario_id", ForeignKey("scenario.id"), nullable=False),
    Column("first_day", Text, nullable=False),
    Column("last_day", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("sha256", Text, nullable=False),  # of certificate.json
    Column("published_at", BigInteger, nullable=False),  # seconds
    Column("is_current", Boolean, nullable=False),
    Index(
        "uq_revision_current",
        "scenario_id",
        "first_day",
        "last_day",
        unique=True,
        sqlite_where=text("is_current"),
        postgresql_where=text("is_current"),
    ),
)

SUBJECT = Table(
    "subject",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("scenario_id", ForeignKey("scenario.id"), nullable=False),
    Column("kind", Text, nullable=False),  # person, unit
    Column("key", Text, nullable=False),  # the person's id, the unit's name
    Column("name", Text, nullable=False),
    Column("unit", Text, nullable=False),
    UniqueConstraint("scenario_id", "kind", "key"),
)

CALENDAR = Table(
    "calendar",
    METADATA,
    Column("revision_id", ForeignKey("revision.id"), primary_key=True),
    Column("subject_id", ForeignKey("subject.id"), primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("changed_at", BigInteger, nullable=False),  # seconds: when a revision first had these very bytes
    Column("content", LargeBinary, nullable=False),  # zlib
    Index(None, "subject_id"),
)

PERSON_DAY = Table(
    "person_day",
    METADATA,
    Column("revision_id", ForeignKey("revision.id"), primary_key=True),
    Column("subject_id", ForeignKey("subject.id"), primary_key=True),
    Column("day", Text, primary_key=True),
    Column("unit", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("checkpoints", Text, nullable=False),  # JSON: label, kind, due, opens, closes
    Index(None, "subject_id", "day"),
)

TOKEN = Table(
    "token",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("subject_id", ForeignKey("subject.id"), nullable=False),
    Column("purpose", Text, nullable=False),  # feed, checkin, telegram (a code that links an account, once)
    Column("sha256", LargeBinary(32), nullable=False, unique=True),
    Column("made_at", BigInteger, nullable=False),  # seconds
    Column("revoked_at", BigInteger),
    Index(
        "uq_token_live",
        "subject_id",
        "purpose",
        unique=True,
        sqlite_where=text("revoked_at IS NULL"),
        postgresql_where=text("revoked_at IS NULL"),
    ),
)

CHECKIN = Table(
    "checkin",
    METADATA,
    Column("id", BIG, primary_key=True),
    Column("subject_id", ForeignKey("subject.id"), nullable=False),
    Column("client_id", Text, nullable=False),  # made by the phone: sending twice stores once
    Column("received_at", BigInteger, nullable=False),  # milliseconds, the server's clock
    Column("taken_at", BigInteger, nullable=False),  # milliseconds, the phone's clock when pressed
    Column("sent_at", BigInteger, nullable=False),  # milliseconds, the phone's clock when sent
    Column(
        "happened_at", BigInteger, nullable=False
    ),  # milliseconds, the server's clock less the time queued
    Column("latitude", Float),
    Column("longitude", Float),
    Column("accuracy", Float),  # metres
    Column(
        "failure", Text, nullable=False
    ),  # why there is no place: denied, unavailable, timeout, unsupported
    Column("reason", Text, nullable=False),
    Column("distance_m", Integer),  # from home, kept where the coordinates no longer are
    Column("in_region", Boolean),
    Column("judged_at", BigInteger),  # milliseconds: since then the coordinates are rounded or gone
    UniqueConstraint("subject_id", "client_id"),
    Index(None, "subject_id", "happened_at"),
    Index(None, "happened_at"),
)

PERMIT_REQUEST = Table(
    "permit_request",
    METADATA,
    Column("id", BIG, primary_key=True),
    Column("subject_id", ForeignKey("subject.id"), nullable=False),
    Column("client_id", Text, nullable=False),
    Column("received_at", BigInteger, nullable=False),  # milliseconds
    Column("first_day", Text, nullable=False),
    Column("last_day", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decision", Text, nullable=False, server_default=""),  # accepted, refused, or empty: not yet
    Column("decided_at", BigInteger),  # milliseconds
    Column("decided_by", Text, nullable=False, server_default=""),
    UniqueConstraint("subject_id", "client_id"),
)

ACTIVITY = Table(
    "activity",
    METADATA,
    Column("id", BIG, primary_key=True),
    Column("subject_id", ForeignKey("subject.id"), nullable=False),
    Column("client_id", Text, nullable=False),
    Column("received_at", BigInteger, nullable=False),  # milliseconds; the four clocks of a check-in
    Column("taken_at", BigInteger, nullable=False),
    Column("sent_at", BigInteger, nullable=False),
    Column("happened_at", BigInteger, nullable=False),
    Column("day", Text, nullable=False),  # the day that it is about
    Column("target", Text, nullable=False),
    Column("activity", Text, nullable=False),
    UniqueConstraint("subject_id", "client_id"),
    Index(None, "subject_id", "day"),
    Index(None, "day"),
)

REACH_CALL = Table(
    "reach_call",
    METADATA,
    Column("id", BIG, primary_key=True),
    Column("subject_id", ForeignKey("subject.id"), nullable=False),
    Column("asked_at", BigInteger, nullable=False),  # milliseconds
    Column("minutes", Integer, nullable=False),  # within which an answer is asked for
    Column("asked_by", Text, nullable=False),
    Index(None, "subject_id", "asked_at"),
    Index(None, "asked_at"),
)

TELEGRAM_ACCOUNT = Table(
    "telegram_account",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("account", BigInteger, nullable=False),  # Telegram's number of the user
    Column("subject_id", ForeignKey("subject.id"), nullable=False),
    Column("linked_at", BigInteger, nullable=False),  # seconds
    Column("ended_at", BigInteger),
    Index(
        "uq_telegram_account_live",
        "account",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
    Index(None, "subject_id"),
)

TELEGRAM_MESSAGE = Table(
    "telegram_message",
    METADATA,
    Column("id", BIG, primary_key=True),
    Column("bot", Text, nullable=False),
    Column("update_id", BigInteger, nullable=False),
    Column("account", BigInteger, nullable=False),
    Column("subject_id", ForeignKey("subject.id")),  # none until the account is linked
    Column("message", Text, nullable=False),  # the message's number in its chat: a live location keeps it
    Column(
        "minute", BigInteger, nullable=False
    ),  # a live location moves often; one position a minute is kept
    Column("at", BigInteger, nullable=False),  # seconds, Telegram's clock
    Column("received_at", BigInteger, nullable=False),  # milliseconds, the server's clock
    Column("is_edit", Boolean, nullable=False),  # a move of a live location
    Column("content", Text, nullable=False),  # JSON: what of the update is evidence
    UniqueConstraint("bot", "update_id"),
    UniqueConstraint("account", "message", "minute"),
    Index(None, "subject_id", "at"),
    Index(None, "at"),
)

TELEGRAM_OFFSET = Table(
    "telegram_offset",
    METADATA,
    Column("bot", Text, primary_key=True),
    Column("next_update", BigInteger, nullable=False),
)

CHANGE = Table(
    "change",
    METADATA,
    Column("id", Integer, primary_key=True),  # always 1
    Column(
        "number", BigInteger, nullable=False
    ),  # counts up with whatever caches of tokens and feeds must see
)
