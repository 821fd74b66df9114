"""How far evidence reaches: nobody is missing on a day, or from an office, of which no file tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from scheduler.checkins.settings import Table
from scheduler.checkins.streams.dates import Order
from scheduler.errors import Fault
from scheduler.language import Bilingual


@dataclass(slots=True)
class SourceReport:
    """One file read: what it is, what it held and how far it reaches.

    Attributes
    ----------
    channel : empty where no source recognised the file.
    units : offices of which at least one person was recognised in it; `people` their indices.
    unknown_days : days on which somebody not recognised sent something that could count.
    first, last : local dates of its messages; `last_at` the instant of the last one, seconds since 1970.
    evidence, matched, unmatched : lines that could count, and how many found a person.
    """

    name: str
    sha256: str = ""
    key: str = ""
    title: Bilingual = field(default_factory=lambda: Bilingual(id="tidak dikenali", en="not recognised"))
    channel: str = ""
    zone: str = ""
    reads_clock: bool = False
    order: Order | None = None
    messages: int = 0
    evidence: int = 0
    matched: int = 0
    unmatched: int = 0
    first: date | None = None
    last: date | None = None
    last_at: int = 0
    units: set[str] = field(default_factory=set)
    people: set[int] = field(default_factory=set)
    unknown_days: set[date] = field(default_factory=set)
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
            self.last = day
        if at is not None and at > self.last_at:
            self.last_at = at


def why_not_missing(
    sources: Sequence[SourceReport], table: Table, *, unit: str, day: date, closes: int, as_of: int | None
) -> str:
    """Return why the absence of evidence proves nothing here, or an empty text where it does.

    A file tells of an office where at least one of its people was recognised in it, on every day from its
    first message to its last; one that breaks off tells nothing of what comes after its last message.
    """
    if as_of is not None and closes > as_of:
        return "not_due"
    counted = [s for s in sources if not s.channel or table.counts(s.channel)]
    if any(s.is_refused or not s.channel for s in counted):
        return "damaged"
    telling = [s for s in counted if unit in s.units and s.first and s.last and s.first <= day <= s.last]
    if any(not s.is_truncated or s.last_at >= closes for s in telling):
        return ""
    return "damaged" if telling or any(s.is_truncated for s in counted) else "no_evidence"


def may_be_unknown(
    sources: Sequence[SourceReport], table: Table, *, person: int, unit: str, day: date
) -> bool:
    """Whether a sender whom nobody recognised may be a person who was never recognised in any file that counts.

    An office's files show this until every sender is named in aliases.csv, or marked as no staff by "-".
    """
    counted = [s for s in sources if table.counts(s.channel)]
    return any(day in s.unknown_days and unit in s.units for s in counted) and not any(
        person in s.people for s in counted
    )
