"""How far evidence reaches: nobody is missing on a day, or from an office, of which no file tells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from scheduler.checkins.settings import Table
from scheduler.checkins.streams.dates import Order
from scheduler.errors import Fault
from scheduler.language import Bilingual

ENOUGH = 3
"""So many of an office, or half of it, make a file its own where none of them sent what could count."""


@dataclass(slots=True)
class SourceReport:
    """One file read: what it is, what it held and how far it reaches.

    Attributes
    ----------
    channel : empty where no source recognised the file.
    units : offices of which at least one person was recognised in it; `people` their indices, `seen` with the days;
        `heard` how many of each, `signed` the offices of which somebody sent what could count.
    unknown_days : days on which somebody not recognised sent something that could count; `number_days` those on which
        nothing but a phone number is known of such a sender.
    first, last : local dates of its messages; `first_at`, `last_at` the instants of the first and the last one,
        seconds since 1970; `is_last_day_timed` is false where some of the last day's have none.
    is_export : somebody saved it at a moment it does not tell, and what came later is not in it.
    keeps_newest : so many messages at most are in such a file, the newest; 0 where all are.
    evidence, matched, unmatched : lines that could count, and how many found a person.
    """

    name: str
    sha256: str = ""
    key: str = ""
    title: Bilingual = field(default_factory=lambda: Bilingual(id="tidak dikenali", en="not recognised"))
    channel: str = ""
    zone: str = ""
    is_export: bool = True
    keeps_newest: int = 0
    order: Order | None = None
    messages: int = 0
    evidence: int = 0
    matched: int = 0
    unmatched: int = 0
    first: date | None = None
    last: date | None = None
    first_at: int = 0
    last_at: int = 0
    is_last_day_timed: bool = True
    units: set[str] = field(default_factory=set)
    heard: Counter[str] = field(default_factory=Counter)
    signed: set[str] = field(default_factory=set)
    people: set[int] = field(default_factory=set)
    seen: set[tuple[int, date]] = field(default_factory=set)
    unknown_days: set[date] = field(default_factory=set)
    number_days: set[date] = field(default_factory=set)
    is_truncated: bool = False
    is_refused: bool = False
    is_shuffled: bool = False
    faults: Sequence[Fault] = ()
    fault_count: int = 0

    def see(self, day: date, at: int | None) -> None:
        """Widen the reach by one message."""
        if self.first is None or day < self.first:
            self.first = day
        if self.last is None or day > self.last:
            self.last, self.is_last_day_timed = day, True
        if at is None:
            self.is_last_day_timed = self.is_last_day_timed and day < self.last
            return
        self.last_at = max(self.last_at, at)
        if at < self.first_at or not self.first_at:
            self.first_at = at

    def hear(self, person: int, unit: str, *, counts: bool) -> None:
        """Note somebody recognised, and whether by what could count."""
        self.heard[unit] += person not in self.people
        self.people.add(person)
        self.units.add(unit)
        if counts:
            self.signed.add(unit)

    def reach_everybody(self, unit: str, people: Iterable[int], days: Iterable[date]) -> None:
        """Note that a whole office can send here on all of these days, whether anybody did or not."""
        self.units.add(unit)
        self.signed.add(unit)
        self.people.update(people)
        for day in days:
            self.see(day, None)

    def is_of(self, unit: str, staff: int) -> bool:
        """Whether an office of so many people checks in there: one guest's greeting does not say so."""
        return unit in self.signed or self.heard[unit] >= max(1, min(ENOUGH, -(-staff // 2)))

    def tells_of(self, unit: str, staff: int, day: date, due: int) -> bool:
        """Whether a sign of somebody of the office, due at an instant of that day, would be in it."""
        if not self.is_of(unit, staff) or not (self.first and self.last and self.first <= day <= self.last):
            return False
        ends_before = self.is_export and day == self.last and self.is_last_day_timed and self.last_at < due
        is_cut = 0 < self.keeps_newest <= self.messages and day == self.first and self.first_at > due
        return not ends_before and not is_cut


def why_not_missing(
    sources: Sequence[SourceReport],
    table: Table,
    *,
    unit: str,
    staff: int,
    day: date,
    due: int,
    closes: int,
    as_of: int | None,
) -> str:
    """Return why the absence of evidence proves nothing here, or an empty text where it does.

    A file tells of an office of `staff` people where one of them sent in it what could count, or several of them were
    recognised, from its first day to its last.
    On its last day one that somebody saved tells only of what was due before its last message, since it may have been
    saved right then. One that holds the newest messages only tells nothing of what was due before the first of them,
    and one that breaks off nothing of what closes after its last.
    """
    if as_of is not None and closes > as_of:
        return "not_due"
    counted = [s for s in sources if not s.channel or table.counts(s.channel)]
    if any(s.is_refused or not s.channel for s in counted):
        return "damaged"
    telling = [s for s in counted if s.tells_of(unit, staff, day, due)]
    if any(not s.is_truncated or s.last_at >= closes for s in telling):
        return ""
    return "damaged" if telling or any(s.is_truncated for s in counted) else "no_evidence"


def may_be_unknown(
    sources: Sequence[SourceReport], table: Table, *, person: int, unit: str, day: date
) -> bool:
    """Whether a sender whom nobody recognised may be a person who was never recognised in any file that counts.

    Of a bare number it may also be one who was recognised on other days: people change phones. An office's files show
    this until every sender is named in aliases.csv, or marked as no staff by "-".
    """
    counted = [s for s in sources if table.counts(s.channel)]
    if any(day in s.number_days and unit in s.units for s in counted):
        return not any((person, day) in s.seen for s in counted)
    return any(day in s.unknown_days and unit in s.units for s in counted) and not any(
        person in s.people for s in counted
    )
