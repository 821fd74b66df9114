"""Addresses that nobody can guess: 256 random bits, shown once, kept only as their SHA-256.

A person's calendar and check-in have links of their own, for people give the calendar's to Google or a family
member, who then could check in for them.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    bindparam,
    insert,
    literal_column,
    select,
    update,
)

from scheduler.server.store.changes import count_change
from scheduler.server.store.tables import SCENARIO, SUBJECT, TOKEN

PURPOSES = ("feed", "checkin")
"""What everybody gets a link for; a code that links a Telegram account is made where it is asked for."""
TELEGRAM = "telegram"
CODE_LIFE = 30 * 86_400
"""Seconds for which a Telegram code may be used, once."""
BYTES = 32
MOST_NAMED = 500
"""Values of one IN list: SQLite takes 32,766 variables, PostgreSQL 65,535."""


class Link(NamedTuple):
    """A new token in plain, known only to whoever holds this."""

    subject_id: int
    purpose: str
    token: str


def digest(token: str) -> bytes:
    """Return what is stored of a token.

    A plain hash will do: nobody can try out 256 random bits.
    """
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def make(
    connection: Connection, subjects: Sequence[int], purposes: Sequence[str], now: int, *, anew: bool = False
) -> list[Link]:
    """Return a new link for each subject and purpose that has none; `anew` also replaces those that are live."""
    if anew:
        revoke(connection, subjects, purposes, now)
    live = _live(connection, subjects)
    links = [
        Link(subject, purpose, secrets.token_urlsafe(BYTES))
        for subject in subjects
        for purpose in purposes
        if (subject, purpose) not in live
    ]
    for part in _parts(links):
        connection.execute(
            insert(TOKEN),
            [
                {
                    "subject_id": link.subject_id,
                    "purpose": link.purpose,
                    "sha256": digest(link.token),
                    "made_at": now,
                    "revoked_at": None,
                }
                for link in part
            ],
        )
    if links:
        count_change(connection)
    return links


def revoke(connection: Connection, subjects: Sequence[int], purposes: Sequence[str], now: int) -> int:
    """Make the live links of these subjects invalid from now on; return how many there were."""
    c = TOKEN.c
    count = 0
    for part in _parts(subjects):
        wanted = (c.subject_id.in_(part), c.purpose.in_(purposes), c.revoked_at.is_(None))
        count += connection.execute(update(TOKEN).where(*wanted).values(revoked_at=now)).rowcount
    if count:
        count_change(connection)
    return count


def _live(connection: Connection, subjects: Sequence[int]) -> set[tuple[int, str]]:
    c = TOKEN.c
    found: set[tuple[int, str]] = set()
    for part in _parts(subjects):
        wanted = select(c.subject_id, c.purpose).where(c.subject_id.in_(part), c.revoked_at.is_(None))
        found |= {(subject, purpose) for subject, purpose in connection.execute(wanted)}
    return found


def _parts(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), MOST_NAMED):
        yield values[start : start + MOST_NAMED]


def serves(purpose: Any) -> ColumnElement[bool]:
    """Return the condition that a token is for something, in words by which no index can be searched.

    As long as PostgreSQL has no statistics (just restored, say), it would else search all live links of the purpose for
    each one that is asked for, instead of taking the one by its hash.
    """
    found: ColumnElement[bool] = TOKEN.c.purpose.concat(literal_column("''")) == purpose
    return found


def holder(connection: Connection, token: str, purpose: str, kind: str) -> RowMapping | None:
    """Return whose live token this is (`SUBJECT` with the scenario's zone and language), or None.

    A token that was never made, was revoked, or is for something else: all end here alike.
    """
    asked = {"token": digest(token), "for_what": purpose, "of_what": kind}
    return connection.execute(_HOLDER, asked).mappings().first()


_HOLDER = (
    select(SUBJECT, SCENARIO.c.timezone, SCENARIO.c.language, SCENARIO.c.title)
    .select_from(
        TOKEN.join(SUBJECT, TOKEN.c.subject_id == SUBJECT.c.id).join(
            SCENARIO, SUBJECT.c.scenario_id == SCENARIO.c.id
        )
    )
    .where(TOKEN.c.sha256 == bindparam("token"), TOKEN.c.revoked_at.is_(None))
    .where(serves(bindparam("for_what")), SUBJECT.c.kind == bindparam("of_what"))
)
"""Made once, for it is asked with every page and feed."""


def holders(connection: Connection, digests: Sequence[bytes], purpose: str) -> dict[bytes, int]:
    """Return the subjects' rows of many live tokens at once, by what is stored of the tokens."""
    c = TOKEN.c
    found: dict[bytes, int] = {}
    for part in _parts(digests):
        wanted = (c.sha256.in_(part), c.revoked_at.is_(None), serves(purpose))
        found |= {
            bytes(sha): subject
            for sha, subject in connection.execute(select(c.sha256, c.subject_id).where(*wanted))
        }
    return found


def take_code(connection: Connection, code: str, now: int) -> RowMapping | None:
    """Use up a Telegram code; return whose it is as `holder` does, or None where it is not, or no longer, valid."""
    found = holder(connection, code, TELEGRAM, "person")
    if found is None:
        return None
    c = TOKEN.c
    live = (c.sha256 == digest(code), c.revoked_at.is_(None), c.made_at > now - CODE_LIFE)
    used = connection.execute(update(TOKEN).where(*live).values(revoked_at=now)).rowcount
    return found if used else None


def subjects(connection: Connection, scenario: str | None = None) -> Sequence[RowMapping]:
    """Return everybody who may have links, by scenario, unit and name, with the times of their live ones.

    Parameters
    ----------
    scenario : the name of one scenario; None for all.
    """
    joined = SUBJECT.join(SCENARIO, SUBJECT.c.scenario_id == SCENARIO.c.id)
    columns: list[Any] = [
        SUBJECT,
        *(SCENARIO.c.name.label("scenario"), SCENARIO.c.title, SCENARIO.c.language, SCENARIO.c.timezone),
    ]
    for purpose in PURPOSES:
        token = TOKEN.alias(f"token_{purpose}")
        live = (
            (token.c.subject_id == SUBJECT.c.id) & (token.c.purpose == purpose) & token.c.revoked_at.is_(None)
        )
        joined = joined.outerjoin(token, live)
        columns.append(token.c.made_at.label(purpose))
    wanted = select(*columns).select_from(joined)
    if scenario is not None:
        wanted = wanted.where(SCENARIO.c.name == scenario)
    order = (
        SCENARIO.c.name,
        SCENARIO.c.id,
        SUBJECT.c.unit,
        SUBJECT.c.kind.desc(),
        SUBJECT.c.name,
        SUBJECT.c.key,
    )
    return connection.execute(wanted.order_by(*order)).mappings().all()
