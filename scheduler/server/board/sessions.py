"""Sessions on the server's side: the cookie holds a secret of which only the hash is stored, and both grow old."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from sqlalchemy import Connection, Engine, delete, insert, select, update

from scheduler.server.board.accounts import Account, account
from scheduler.server.store.board_tables import SESSION
from scheduler.server.store.database import writing

IDLE = 45 * 60
"""Seconds after which a session that was not used ends."""
LONGEST = 12 * 3600
"""Seconds after which every session ends: a working day."""
NOTED = 60
"""Seconds within which being seen again is not written down: pages must not wait for the disk."""


def begin(connection: Connection, account_id: int, now: int) -> str:
    """Begin a session and return its secret; sessions that grew too old are cleared away."""
    secret = secrets.token_urlsafe(32)
    c = SESSION.c
    connection.execute(delete(SESSION).where((c.seen_at < now - IDLE) | (c.made_at < now - LONGEST)))
    row = {"sha256": _digest(secret), "account_id": account_id, "made_at": now, "seen_at": now}
    connection.execute(insert(SESSION), row)
    return secret


def end(connection: Connection, secret: str) -> None:
    """End a session."""
    connection.execute(delete(SESSION).where(SESSION.c.sha256 == _digest(secret)))


def holder(engine: Engine, secret: str, now: int) -> Account | None:
    """Return whose session it is; None where it is none, too old, or its account was disabled."""
    if not secret:
        return None
    mine = SESSION.c.sha256 == _digest(secret)
    with engine.connect() as connection:
        row = connection.execute(select(SESSION).where(mine)).mappings().first()
        if row is None or row["seen_at"] < now - IDLE or row["made_at"] < now - LONGEST:
            return None
        found = account(connection, row["account_id"])
    if found is not None and now - row["seen_at"] >= NOTED:
        with writing(engine) as connection:
            connection.execute(update(SESSION).where(mine).values(seen_at=now))
    return found


def form_token(secret: str) -> str:
    """Return what every form of a session must bring along: nobody without the cookie can know it."""
    return hmac.new(secret.encode(), b"giliran board form", hashlib.sha256).hexdigest()


def is_form_token(secret: str, given: str) -> bool:
    """Whether a form brought the session's own token."""
    return bool(secret) and hmac.compare_digest(form_token(secret).encode(), given.encode("utf-8", "replace"))


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()
