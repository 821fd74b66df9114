"""Signing in: an attempt is written down before its password is looked at, so that many at once gain nothing."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from scheduler.server.board import audit, passwords, sessions
from scheduler.server.board.accounts import clean_name
from scheduler.server.store.board_tables import ACCOUNT, ATTEMPT
from scheduler.server.store.database import writing

SPAN = 15 * 60
"""Seconds for which failed attempts count."""
MOST_BY_NAME, MOST_BY_ADDRESS = 5, 30
"""Failed attempts within `SPAN` after which an account, or an address, must wait. An office shares one address."""
LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class Entry:
    """What came of an attempt: the session's secret, or none; `is_locked` where nothing was even tried."""

    secret: str = ""
    is_locked: bool = False


class Door:
    """Takes attempts to sign in to one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._hashing = threading.BoundedSemaphore(passwords.ONE_AT_A_TIME)

    def enter(self, name: str, password: str, address: str, now: float) -> Entry:
        """Return a new session where name and password are right and neither account nor address is locked."""
        name, at = clean_name(name)[:LONGEST_NAME], int(now)
        note = audit.Note(account=name, address=address)
        with writing(self._engine) as connection:
            attempt = _reserve(connection, name, address, at)
            if attempt is None:
                audit.write(connection, note, "sign-in locked", now)
                return Entry(is_locked=True)
            row = connection.execute(select(ACCOUNT).where(ACCOUNT.c.name == name)).mappings().first()
        stored = row["password"] if row and row["disabled_at"] is None else None
        with self._hashing:
            is_right = passwords.matches(stored, password)
            anew = (
                passwords.hash_password(password) if is_right and passwords.is_outdated(stored or "") else ""
            )
        with writing(self._engine) as connection:
            if not is_right or row is None:
                audit.write(connection, note, "sign-in failed", now)
                return Entry()
            connection.execute(delete(ATTEMPT).where(ATTEMPT.c.name == name))
            if anew:
                connection.execute(update(ACCOUNT).where(ACCOUNT.c.id == row["id"]).values(password=anew))
            audit.write(connection, note, "sign-in", now)
            return Entry(sessions.begin(connection, row["id"], at))

    def is_right(self, name: str, stored: str, password: str, address: str, now: float) -> bool:
        """Whether somebody signed in knows their own password; attempts count as those at the door do.

        Somebody else at an open screen must not be able to try on and on.
        """
        with writing(self._engine) as connection:
            if _reserve(connection, name, address, int(now)) is None:
                return False
        with self._hashing:
            is_right = passwords.matches(stored, password)
        if is_right:
            with writing(self._engine) as connection:
                connection.execute(delete(ATTEMPT).where(ATTEMPT.c.name == name))
        return is_right


def _reserve(connection: Connection, name: str, address: str, now: int) -> int | None:
    """Write an attempt down as failed, which it is until it succeeds; None where too many were."""
    c = ATTEMPT.c
    if connection.dialect.name == "postgresql":  # two must not both count up to the last that is allowed
        connection.execute(select(func.pg_advisory_xact_lock(0x6D617375, func.hashtext(name))))
    connection.execute(delete(ATTEMPT).where(c.tried_at < now - SPAN))
    for column, value, most in ((c.name, name, MOST_BY_NAME), (c.address, address, MOST_BY_ADDRESS)):
        count = select(func.count()).select_from(ATTEMPT).where(column == value, c.tried_at >= now - SPAN)
        if connection.execute(count).scalar_one() >= most:
            return None
    row = {"name": name, "address": address, "tried_at": now}
    made: int = connection.execute(insert(ATTEMPT).returning(c.id), row).scalar_one()
    return made
