"""Whose Telegram account it is: linked by a code that works once, ended by the office or by linking anew."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Engine, RowMapping, insert, select, update

from scheduler.server.links.tokens import MOST_NAMED, TELEGRAM, holder, make, take_code
from scheduler.server.store.database import writing
from scheduler.server.store.tables import SCENARIO, SUBJECT, TELEGRAM_ACCOUNT, TELEGRAM_MESSAGE


def new_code(engine: Engine, token: str, now: int) -> str | None:
    """Return a code for the person of a check-in token, in place of any former; None where it is nobody's.

    Parameters
    ----------
    now : seconds since 1970.
    """
    with writing(engine) as connection:
        found = holder(connection, token, "checkin", "person")
        if found is None:
            return None
        return make(connection, [found["id"]], [TELEGRAM], now, anew=True)[0].token


def link(connection: Connection, account: int, code: str, now: int) -> RowMapping | None:
    """Link an account to the person whose code it is; return that person, or None where the code is not valid.

    What the account sent before it was linked becomes theirs. An account is one person's at a time; a person may
    have several.

    Parameters
    ----------
    now : seconds since 1970.
    """
    found = take_code(connection, code, now)
    if found is None:
        return None
    c = TELEGRAM_ACCOUNT.c
    live = (c.account == account, c.ended_at.is_(None))
    connection.execute(update(TELEGRAM_ACCOUNT).where(*live).values(ended_at=now))
    row = {"account": account, "subject_id": found["id"], "linked_at": now, "ended_at": None}
    connection.execute(insert(TELEGRAM_ACCOUNT), row)
    m = TELEGRAM_MESSAGE.c
    unknown = (m.account == account, m.subject_id.is_(None))
    connection.execute(update(TELEGRAM_MESSAGE).where(*unknown).values(subject_id=found["id"]))
    return found


def unlink(connection: Connection, subjects: Sequence[int], now: int) -> int:
    """End the links of these people's accounts; return how many there were."""
    c, count = TELEGRAM_ACCOUNT.c, 0
    for start in range(0, len(subjects), MOST_NAMED):
        mine = (c.subject_id.in_(subjects[start : start + MOST_NAMED]), c.ended_at.is_(None))
        count += connection.execute(update(TELEGRAM_ACCOUNT).where(*mine).values(ended_at=now)).rowcount
    return count


def holders_of(connection: Connection, accounts: Sequence[int]) -> dict[int, RowMapping]:
    """Return the people of these accounts (`SUBJECT`, with the scenario's zone and language), by account."""
    joined = TELEGRAM_ACCOUNT.join(SUBJECT, TELEGRAM_ACCOUNT.c.subject_id == SUBJECT.c.id)
    joined = joined.join(SCENARIO, SUBJECT.c.scenario_id == SCENARIO.c.id)
    columns = (TELEGRAM_ACCOUNT.c.account, SUBJECT, SCENARIO.c.timezone, SCENARIO.c.language)
    found: dict[int, RowMapping] = {}
    for start in range(0, len(accounts), MOST_NAMED):
        part = accounts[start : start + MOST_NAMED]
        mine = (TELEGRAM_ACCOUNT.c.account.in_(part), TELEGRAM_ACCOUNT.c.ended_at.is_(None))
        rows = connection.execute(select(*columns).select_from(joined).where(*mine)).mappings()
        found |= {row["account"]: row for row in rows}
    return found


def accounts_of(connection: Connection, subject_id: int) -> list[int]:
    """Return the accounts linked to a person, oldest first."""
    c = TELEGRAM_ACCOUNT.c
    mine = (c.subject_id == subject_id, c.ended_at.is_(None))
    return list(connection.execute(select(c.account).where(*mine).order_by(c.id)).scalars())
