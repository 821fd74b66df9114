"""What a report is made of: sections of rows, the same for the workbook and for the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from scheduler.checkins.findings import Findings
from scheduler.checkins.people import Unknown
from scheduler.checkins.tally import PersonSum, Tally
from scheduler.language import WEEKDAYS_EN, WEEKDAYS_ID, Language, format_date


class Mark(NamedTuple):
    """A cell whose look tells as much as its text; tones are full, part, none, unproven, office, away, off."""

    text: str
    tone: str


Cell = str | int | float | date | Mark | None


class Column(NamedTuple):
    """A heading, how its cells are written (text, number, percent, day, mark), and its width in characters."""

    title: str
    kind: str = "text"
    width: float = 12


@dataclass(frozen=True, slots=True)
class Section:
    """One sheet, or one part of the page.

    Attributes
    ----------
    on_paper : how many of the columns are printed, from the first on; the others are for the screen. None prints all.
    """

    key: str
    title: str
    note: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Cell]]
    on_paper: int | None = None


class Report(NamedTuple):
    """What a report is made of; `heading` is the policy's title, `unknown` the senders that it may name."""

    findings: Findings
    tally: Tally
    unknown: Sequence[Unknown]
    heading: str
    language: Language


def people_in_order(report: Report) -> Iterator[PersonSum]:
    """Yield the sums of everyone in list order."""
    for person in report.findings.roster.people:
        someone = report.tally.people.get(person.id)
        if someone is not None:
            yield someone


def unit_order(report: Report) -> dict[str, int]:
    """Return the position of each unit."""
    units = dict.fromkeys(p.unit for p in report.findings.roster.people)
    return {unit: position for position, unit in enumerate(units)}


def weekday(day: date, language: Language) -> str:
    """Return the name of the day."""
    return (WEEKDAYS_ID if language == "id" else WEEKDAYS_EN)[day.weekday()]


def speaker(language: Language) -> Callable[[str, str], str]:
    """Return what chooses between an Indonesian and an English text."""
    return lambda id, en: id if language == "id" else en


def period_line(report: Report) -> str:
    """Return the days and offices that a report is about."""
    days = report.findings.roster.days
    if not days:
        return ""
    people = report.findings.roster.people
    units = {p.unit for n, p in enumerate(people) if report.findings.chosen[n]}
    where = (
        next(iter(units))
        if len(units) == 1
        else speaker(report.language)(f"{len(units)} unit kerja", f"{len(units)} units")
    )
    ends = [format_date(day, report.language) for day in (days[0], days[-1])]
    return f"{where} · {ends[0]} – {ends[1]} · {report.findings.zone.key}"
