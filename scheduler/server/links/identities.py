"""Whose check-in link it is, remembered by what is stored of the link until links or rosters change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, LargeBinary, Select, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from scheduler.server.links.tokens import serves
from scheduler.server.store.changes import change_number
from scheduler.server.store.tables import SCENARIO, SUBJECT, TOKEN

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

    What is remembered counts only while the database's change number is the same: a link that any process has revoked
    is gone at once.

    Attributes
    ----------
    number : the change number under which all is remembered.

    Parameters
    ----------
    is_trusting : take that number as the present one, for whatever is stored checks it again (`putting.put`); else it
        is read in the transaction of each batch.
    """

    def __init__(self, *, is_trusting: bool = False) -> None:
        self.number = -1
        self._is_trusting = is_trusting
        self._known: dict[bytes, Holder] = {}

    def forget(self) -> None:
        """Forget all: something has changed."""
        self._known, self.number = {}, -1

    def look_up(self, connection: Connection, digests: Iterable[bytes]) -> dict[bytes, Holder]:
        """Return the holders of those links that are live."""
        if not self._is_trusting or self.number < 0 or len(self._known) > MOST_KNOWN:
            number = change_number(connection)
            if number != self.number or len(self._known) > MOST_KNOWN:
                self._known, self.number = {}, number
        wanted = set(digests)
        missing = [one for one in wanted if one not in self._known]
        for start in range(0, len(missing), MOST_NAMED):
            self._known |= _holders(connection, missing[start : start + MOST_NAMED])
        return {one: self._known[one] for one in wanted if one in self._known}


def _holders(connection: Connection, digests: list[bytes]) -> dict[bytes, Holder]:
    is_array = connection.dialect.name == "postgresql"
    found = connection.execute(_WANTED_ARRAY if is_array else _WANTED, {"digests": digests})
    return {bytes(sha256): Holder(*facts) for sha256, *facts in found}


def _wanted(are_asked: ColumnElement[bool]) -> Select[Any]:
    whose = TOKEN.join(SUBJECT, TOKEN.c.subject_id == SUBJECT.c.id)
    whose = whose.join(SCENARIO, SUBJECT.c.scenario_id == SCENARIO.c.id)
    wanted = select(TOKEN.c.sha256, SUBJECT.c.id, SCENARIO.c.timezone, SCENARIO.c.language)
    live = (are_asked, TOKEN.c.revoked_at.is_(None), serves("checkin"))
    return wanted.select_from(whose).where(*live, SUBJECT.c.kind == "person")


_WANTED = _wanted(TOKEN.c.sha256.in_(bindparam("digests", expanding=True)))
_WANTED_ARRAY = _wanted(TOKEN.c.sha256 == any_(bindparam("digests", type_=ARRAY(LargeBinary))))
"""Made once: making a statement takes longer than SQLite takes to answer it; and of one text for any number of links,
which PostgreSQL then plans once."""
