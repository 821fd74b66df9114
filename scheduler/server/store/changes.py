"""A number in the database that counts up whenever links or rosters change: what caches in every process go by."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from scheduler.server.store.tables import CHANGE


def count_change(connection: Connection) -> None:
    """Tell every process that links or published rosters change by this transaction; the last thing it does."""
    connection.execute(update(CHANGE).values(number=CHANGE.c.number + 1))


def change_number(connection: Connection) -> int:
    """Return the number as of now: what was read before under the same number still holds."""
    found: int = connection.execute(_NUMBER).scalar_one()
    return found


_NUMBER = select(CHANGE.c.number)
