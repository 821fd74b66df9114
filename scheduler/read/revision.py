"""Reading rosters back from an output folder, and counting in how many revisions each person-day changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from scheduler.errors import Fault, InputError
from scheduler.language import Bilingual
from scheduler.read.history import read_history
from scheduler.read.output_folder import read_certificate, resolve_output, revision_folders
from scheduler.read.own_tables import LEAVE_ALONE, read_own_table
from scheduler.read.recovery import recover
from scheduler.roster import STATUSES, Roster
from scheduler.table_format import ROSTER_COLUMNS, parse_roles

__all__ = [
    "PersonDay",
    "next_sequences",
    "previous_sequences",
    "read_certificate",
    "read_history",
    "read_statuses",
    "resolve_output",
]

ROSTER_TABLE = "roster.csv"


class PersonDay(NamedTuple):
    """One line of roster.csv, without its date and the person's id."""

    unit: str
    status: str
    roles: tuple[str, ...]
    fixed_by: str
    name: str
    rank: str


def read_statuses(path: Path) -> dict[tuple[str, date], PersonDay]:
    """Return every person-day of a roster.csv by (person id, date), in the file's order.

    Parameters
    ----------
    path : the table, or the folder of a revision that holds it.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    table = path / ROSTER_TABLE if path.is_dir() else path
    rows, faults = read_own_table(table, ROSTER_COLUMNS)
    statuses: dict[tuple[str, date], PersonDay] = {}
    for row, (day_text, unit, person_id, name, rank, status, roles, fixed_by) in rows:
        day = _parse_day(day_text)
        wrong = list(_wrong_cells(day_text, day, unit, person_id, status))
        if day is not None and not wrong:
            if (person_id, day) in statuses:
                twice = Bilingual(id="orang ini sudah punya hari itu", en="this person already has that day")
                wrong = [("person_id", person_id, twice, "")]
            statuses[person_id, day] = PersonDay(unit, status, parse_roles(roles), fixed_by, name, rank)
        for field, value, problem, allowed in wrong:
            faults.append(
                Fault(
                    problem=problem,
                    file=str(table),
                    row=row,
                    field=field,
                    value=value,
                    allowed=Bilingual(id=allowed, en=allowed) if allowed else None,
                    remedy=LEAVE_ALONE,
                )
            )
    if faults:
        raise InputError(sorted(faults, key=lambda fault: fault.row))
    return statuses


def _wrong_cells(
    day_text: str, day: date | None, unit: str, person_id: str, status: str
) -> Iterator[tuple[str, str, Bilingual, str]]:
    """Yield field, value, problem and what is allowed for each faulty cell of a row."""
    if day is None:
        yield "date", day_text, Bilingual(id="tanggal keliru", en="wrong date"), "2021-08-03"
    for field, value in (("unit", unit), ("person_id", person_id)):
        if not value:
            yield field, value, Bilingual(id="kosong", en="empty"), ""
    if status not in STATUSES:
        yield "status", status, Bilingual(id="status tidak dikenal", en="unknown status"), ", ".join(STATUSES)


def _parse_day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def previous_sequences(folder: Path) -> dict[tuple[str, date], int]:
    """Return in how many revisions after its first each person-day changed, over all revisions to the current.

    A change is another status or another role; vanishing and coming back are changes too, for a calendar that
    knew the event must take the later one (RFC 5545, 3.8.7.4). Person-days that never changed are left out.

    Raises
    ------
    InputError
        With the faults of the first roster.csv that has any.
    """
    return _count_changes(_chain(folder))


def next_sequences(folder: Path, new_roster: Roster) -> dict[tuple[str, date], int]:
    """Return the same counts once `new_roster` is the current revision of the output folder.

    Raises
    ------
    InputError
        As `previous_sequences`.
    """

    def chain() -> Iterator[_States]:
        yield from _chain(folder)
        lines = new_roster.assignments()
        yield {(line.person.id, line.day): (line.status, line.roles) for line in lines}

    return _count_changes(chain())


_State = tuple[str, tuple[str, ...]]
_States = Mapping[tuple[str, date], _State]


def _chain(folder: Path) -> Iterator[_States]:
    """Yield the rosters of all revisions, oldest first; those that lost their table are passed over."""
    recover(folder)
    for revision in [*(path for _, path in revision_folders(folder)), folder]:
        if (revision / ROSTER_TABLE).is_file():
            lines = read_statuses(revision / ROSTER_TABLE).items()
            yield {key: (line.status, line.roles) for key, line in lines}


def _count_changes(chain: Iterable[_States]) -> dict[tuple[str, date], int]:
    counts: dict[tuple[str, date], int] = {}
    known: dict[tuple[str, date], _State | None] = {}
    for states in chain:
        for key, before in known.items():
            if states.get(key) != before:
                counts[key] = counts.get(key, 0) + 1
        known = {**dict.fromkeys(known), **states}
    return counts
