"""Counts verdicts into what offices send on: a category for each person-day, and sums by day, head and person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import NamedTuple

from scheduler.checkins.findings import Findings
from scheduler.checkins.verdicts import AGAINST, MISSING, ON_TIME, SHOWN, UNPROVABLE, Verdict
from scheduler.language import Bilingual
from scheduler.problem import Person
from scheduler.roster import HOME, OFF, OFFICE

CATEGORIES = {
    "office": Bilingual(id="Hadir di kantor (menurut jadwal)", en="At the office (by the roster)"),
    "home": Bilingual(id="Hadir dari rumah", en="Present from home"),
    "sick": Bilingual(id="Sakit", en="Sick"),
    "permit": Bilingual(id="Izin", en="Permit"),
    "leave": Bilingual(id="Cuti", en="Leave"),
    "travel": Bilingual(id="Dinas Luar", en="Official travel"),
    "absent": Bilingual(id="Tanpa Keterangan", en="Without notice"),
    "unproven": Bilingual(id="Belum Terbukti", en="Not proven"),
}
"""The categories of an office's recap; office and home together are "Hadir" (present)."""

OF_STATUS = {
    OFFICE: "office", "sick": "sick", "isolation": "sick", "hospital": "sick", "permit": "permit",
    "leave": "leave", "travel": "travel", "study": "travel",
}  # fmt: skip
"""The category of each status that needs no check-in; study counts as an official assignment."""

MOST_EXCEPTIONS = 10_000
"""Listed in the workbook and on the page; checkins.csv has them all."""


class DayMark(NamedTuple):
    """One person-day: its category, checkpoints shown and asked for, verdicts against, and its verdicts."""

    category: str
    shown: int
    asked: int
    against: int
    status: str


@dataclass(slots=True)
class PersonSum:
    """One person over the whole report; `longest_run` and `current_run` count home days fully on time."""

    person: Person
    categories: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    flags: int = 0
    home_days: int = 0
    current_run: int = 0
    longest_run: int = 0

    @property
    def on_time_rate(self) -> float | None:
        """Checkpoints on time among those that can be decided, 0 to 1; None where none can."""
        decided = self.verdicts[ON_TIME] + sum(self.verdicts[v] for v in AGAINST)
        return self.verdicts[ON_TIME] / decided if decided else None

    @property
    def presence_rate(self) -> float | None:
        """Home days with any sign among home days that can be decided, 0 to 1; None where none can."""
        decided = self.categories["home"] + self.categories["absent"]
        return self.categories["home"] / decided if decided else None


@dataclass(slots=True)
class Tally:
    """All sums of one report.

    Attributes
    ----------
    by_day : categories by (unit, day); `by_head` by (supervisor's id, day), "" where the list names none.
    marks : by (person id, day).
    exceptions : verdicts against someone, unprovable with a line to look at, and flagged; the first ones.
    followed_up : names to look after by (unit, day), those with a verdict against them.
    """

    by_day: dict[tuple[str, date], Counter[str]] = field(default_factory=dict)
    by_head: dict[tuple[str, date], Counter[str]] = field(default_factory=dict)
    verdicts_by_day: dict[tuple[str, date], Counter[str]] = field(default_factory=dict)
    people: dict[str, PersonSum] = field(default_factory=dict)
    marks: dict[tuple[str, date], DayMark] = field(default_factory=dict)
    exceptions: list[Verdict] = field(default_factory=list)
    exception_count: int = 0
    followed_up: dict[tuple[str, date], list[str]] = field(default_factory=dict)
    verdicts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def against(self) -> int:
        """How many verdicts are against someone."""
        return sum(self.verdicts[verdict] for verdict in AGAINST)


def count(findings: Findings, verdicts: Iterable[Verdict]) -> Tally:
    """Count the verdicts of `findings`, handed on in their order, day by day and person by person."""
    tally = Tally()
    groups = groupby(verdicts, key=lambda verdict: (verdict.day, verdict.person_id))
    pending = next(groups, None)
    for day, person, status in _person_days(findings):
        rows: list[Verdict] = []
        if pending is not None and pending[0] == (day, person.id):
            rows = list(pending[1])
            pending = next(groups, None)
        _count_day(tally, day, person, status, rows)
    return tally


def _person_days(findings: Findings) -> Iterator[tuple[date, Person, str]]:
    roster = findings.roster
    for day in roster.days:
        for number, person in enumerate(roster.people):
            status = roster.statuses.get((person.id, day), "")
            if findings.chosen[number] and status and status != OFF:
                yield day, person, status


def _count_day(tally: Tally, day: date, person: Person, status: str, rows: Sequence[Verdict]) -> None:
    mark = _mark(status, rows)
    tally.marks[person.id, day] = mark
    tally.by_day.setdefault((person.unit, day), Counter())[mark.category] += 1
    tally.by_head.setdefault((person.supervisor, day), Counter())[mark.category] += 1
    if mark.against:
        tally.followed_up.setdefault((person.unit, day), []).append(person.display_name)
    someone = tally.people.get(person.id)
    if someone is None:
        someone = tally.people[person.id] = PersonSum(person)
    someone.categories[mark.category] += 1
    on_day = tally.verdicts_by_day.setdefault((person.unit, day), Counter())
    for row in rows:
        tally.verdicts[row.verdict] += 1
        someone.verdicts[row.verdict] += 1
        on_day[row.verdict] += 1
        someone.flags += bool(row.flags)
        if row.reason:
            tally.reasons[row.verdict, row.reason] += 1
        if row.verdict in AGAINST or row.flags or (row.verdict == UNPROVABLE and row.source):
            tally.exception_count += 1
            if len(tally.exceptions) < MOST_EXCEPTIONS:
                tally.exceptions.append(row)
    if status == HOME and mark.asked:
        someone.home_days += 1
        is_full = all(row.verdict == ON_TIME for row in rows if _is_asked(row))
        someone.current_run = someone.current_run + 1 if is_full else 0
        someone.longest_run = max(someone.longest_run, someone.current_run)


def _mark(status: str, rows: Sequence[Verdict]) -> DayMark:
    asked = [row for row in rows if _is_asked(row)]
    shown = sum(row.verdict in SHOWN for row in asked)
    against = sum(row.verdict in AGAINST for row in asked)
    category = OF_STATUS.get(status, "home")
    if category == "home" and asked and not shown:
        category = "absent" if all(row.verdict == MISSING for row in asked) else "unproven"
    elif category == "home" and rows and not asked:
        reasons = {row.reason for row in rows}
        category = "office" if "recall" in reasons else "permit" if "permit" in reasons else "home"
    return DayMark(category, shown, len(asked), against, status)


def _is_asked(row: Verdict) -> bool:
    return row.verdict in SHOWN or row.verdict in (MISSING, UNPROVABLE)
