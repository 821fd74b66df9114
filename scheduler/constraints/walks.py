"""Stints as they are found in a roster, walking along one person's days; how they are built stands in `stretches.py`,
sharing nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from scheduler.roster import HOME, OFFICE

RUN = re.compile(b"\x01+")


def runs(marks: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Yield (first, one past last) of each run of True."""
    return (found.span() for found in RUN.finditer(bytes(marks)))


class Found(NamedTuple):
    """What breaks a bound on stints: since when, which bound, and by how many days."""

    since: date
    kind: str
    number: int
    amount: int


class Walk(NamedTuple):
    """One person's days that nothing cuts: where they were, whether there was a choice, and the stint before them."""

    days: Sequence[date]
    at_home: Sequence[bool]
    at_office: Sequence[bool]
    free: Sequence[bool]
    status_before: str
    days_before: int

    def at_home_too_long(self, most: int) -> Iterator[Found]:
        """Yield the stints at home that are longer."""
        for a, b in runs(self.at_home):
            length = self._earlier(HOME, a) + b - a
            if length > most:
                yield Found(self.days[a], "most", most, min(b - a, length - most))

    def at_home_too_short(self, least: int) -> Iterator[Found]:
        """Yield the stints at home that are shorter, their neighbours being free."""
        return self._too_short(self.at_home, HOME, "least", least)

    def at_office_too_short(self, least: int) -> Iterator[Found]:
        """Yield the stints at the office that are shorter, their neighbours being free."""
        return self._too_short(self.at_office, OFFICE, "office_least", least)

    def at_office_too_long(self, longest: int) -> Iterator[Found]:
        """Yield the stints at the office that are longer, of days on which there was a choice."""
        for a, b in runs([free and not home for free, home in zip(self.free, self.at_home, strict=True)]):
            earlier = self._earlier(OFFICE, a)
            length = (earlier if earlier <= longest else 0) + b - a
            if length > longest:
                yield Found(self.days[a], "office", longest, length - longest)

    def _too_short(self, marks: Sequence[bool], status: str, kind: str, least: int) -> Iterator[Found]:
        for a, b in runs(marks):
            began = self.status_before in (HOME, OFFICE) if a == 0 else self.free[a - 1]
            ended = b < len(marks) and self.free[b]
            if began and ended and self._earlier(status, a) + b - a < least:
                yield Found(self.days[a], kind, least, 1)
        # the stint before, where it ends with the period though it might have gone on
        if marks and not marks[0] and self.free[0] and 0 < self._earlier(status, 0) < least:
            yield Found(self.days[0], kind, least, 1)

    def _earlier(self, status: str, start: int) -> int:
        """Return how many days a stint of this status that starts there had before the walk."""
        return self.days_before if start == 0 and self.status_before == status else 0
