"""Who is where, straight from the database: one unit's people on some days, and the counts of many units on one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from scheduler.server.store.tables import PERSON_DAY, SUBJECT


@dataclass(frozen=True, slots=True)
class Cell:
    """One person-day."""

    status: str
    roles: tuple[str, ...]
    checkpoints: str


@dataclass(frozen=True, slots=True)
class Row:
    """One person of a unit, with their days."""

    subject_id: int
    person_id: str
    name: str
    cells: dict[str, Cell]

    @property
    def is_asked(self) -> bool:
        """Whether anything is asked of the person on any of the days."""
        return any(cell.checkpoints not in ("", "[]") for cell in self.cells.values())


def unit_rows(connection: Connection, unit: str, days: Collection[tuple[int, date]]) -> list[Row]:
    """Return a unit's people in list order with their cells.

    Parameters
    ----------
    days : each day with the row of the revision that holds it.
    """
    by_revision: dict[int, list[str]] = defaultdict(list)
    for revision, day in days:
        by_revision[revision].append(day.isoformat())
    c = PERSON_DAY.c
    joined = PERSON_DAY.join(SUBJECT, c.subject_id == SUBJECT.c.id)
    columns = (c.subject_id, SUBJECT.c.key, SUBJECT.c.name, c.day, c.status, c.roles, c.checkpoints)
    people: dict[int, Row] = {}
    for revision, texts in by_revision.items():
        wanted = select(*columns).select_from(joined)
        wanted = wanted.where(c.revision_id == revision, c.unit == unit, c.day.in_(texts))
        for subject, key, name, day, status, roles, checkpoints in connection.execute(wanted):
            person = people.setdefault(subject, Row(subject, key, name, {}))
            person.cells[day] = Cell(status, tuple(r for r in roles.split(";") if r), checkpoints)
    return [people[subject] for subject in sorted(people)]


def status_counts(connection: Connection, revision: int, day: str) -> dict[str, dict[str, int]]:
    """Return how many people of each unit have each status on one day."""
    c = PERSON_DAY.c
    counted = select(c.unit, c.status, func.count()).where(c.revision_id == revision, c.day == day)
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for unit, status, count in connection.execute(counted.group_by(c.unit, c.status)):
        found[unit][status] = count
    return found


def worked_days(rows: Sequence[Row]) -> set[str]:
    """Return the days on which anybody works."""
    return {day for row in rows for day, cell in row.cells.items() if cell.status not in ("off", "")}
