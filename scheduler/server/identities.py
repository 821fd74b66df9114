"""Whose check-in link it is, remembered by what is stored of the link until links or rosters change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from scheduler.server.changes import change_number
from scheduler.server.tables import SCENARIO, SUBJECT, TOKEN

MOST_KNOWN = 200_000
MOST_NAMED = 500
"""Values of one IN list."""


class Holder(NamedTuple):
    """Who holds a link: the subject's row, and the scenario's zone and language."""

    id: int
    timezone: str
    language: str


class Identities:
    """The holders of live check-in links; used by one thread alone.

    What is remembered counts only while the database's change number, read in the same transaction, is the same:
    a link that any process has revoked is gone at once.
    """

    def __init__(self) -> None:
        self._number = -1
        self._known: dict[bytes, Holder] = {}

    def look_up(self, connection: Connection, digests: Iterable[bytes]) -> dict[bytes, Holder]:
        """Return the holders of those links that are live."""
        number = change_number(connection)
        if number != self._number or len(self._known) > MOST_KNOWN:
            self._known, self._number = {}, number
        wanted = set(digests)
        missing = [one for one in wanted if one not in self._known]
        for start in range(0, len(missing), MOST_NAMED):
            self._known |= _holders(connection, missing[start : start + MOST_NAMED])
        return {one: self._known[one] for one in wanted if one in self._known}


def _holders(connection: Connection, digests: list[bytes]) -> dict[bytes, Holder]:
    found = connection.execute(_WANTED, {"digests": digests})
    return {bytes(sha256): Holder(*facts) for sha256, *facts in found}


_WANTED = (
    select(TOKEN.c.sha256, SUBJECT.c.id, SCENARIO.c.timezone, SCENARIO.c.language)
    .select_from(
        TOKEN.join(SUBJECT, TOKEN.c.subject_id == SUBJECT.c.id).join(
            SCENARIO, SUBJECT.c.scenario_id == SCENARIO.c.id
        )
    )
    .where(TOKEN.c.sha256.in_(bindparam("digests", expanding=True)), TOKEN.c.revoked_at.is_(None))
    .where(TOKEN.c.purpose == "checkin", SUBJECT.c.kind == "person")
)
"""Made once: making a statement takes longer than SQLite takes to answer it."""
