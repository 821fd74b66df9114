"""Reading rosters back from an output folder, and counting in how many revisions each person-day changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from scheduler.errors import Fault, InputError
from scheduler.language import Bilingual
from scheduler.read.outputs.history import read_history
from scheduler.read.outputs.output_folder import read_certificate, resolve_output, revision_folders
from scheduler.read.outputs.own_tables import LEAVE_ALONE, read_own_table
from scheduler.read.outputs.recovery import recover
from scheduler.roster import STATUSES, Roster
from scheduler.table_format import ROSTER_COLUMNS, parse_roles, roles_text

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
    days = {cells[0]: _parse_day(cells[0]) for _, cells in rows}
    for row, (day_text, unit, person_id, name, rank, status, roles, fixed_by) in rows:
        day = days[day_text]
        if day and unit and person_id and status in STATUSES and (person_id, day) not in statuses:
            statuses[person_id, day] = PersonDay(unit, status, parse_roles(roles), fixed_by, name, rank)
            continue
        for field, value, problem, allowed in _wrong_cells(day_text, day, unit, person_id, status):
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
    """Yield field, value, problem and what is allowed for each faulty cell; where none is, the row stands twice."""
    faultless = True
    if day is None:
        faultless = False
        yield "date", day_text, Bilingual(id="tanggal keliru", en="wrong date"), "2021-08-03"
    for field, value in (("unit", unit), ("person_id", person_id)):
        if not value:
            faultless = False
            yield field, value, Bilingual(id="kosong", en="empty"), ""
    if status not in STATUSES:
        faultless = False
        yield "status", status, Bilingual(id="status tidak dikenal", en="unknown status"), ", ".join(STATUSES)
    if faultless:
        twice = Bilingual(id="orang ini sudah punya hari itu", en="this person already has that day")
        yield "person_id", person_id, twice, ""


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
        yield {(line.person.id, line.day): (line.status, roles_text(line.roles)) for line in lines}

    return _count_changes(chain())


_State = tuple[str, str]
"""Status and roles of a person-day, as the table spells them: to compare, there is no need to understand them."""
_States = Mapping[tuple[str, date], _State]


def _chain(folder: Path) -> Iterator[_States]:
    """Yield the rosters of all revisions, oldest first; those that lost their table are passed over."""
    recover(folder)
    for revision in [*(path for _, path in revision_folders(folder)), folder]:
        if (revision / ROSTER_TABLE).is_file():
            yield _read_states(revision / ROSTER_TABLE)


def _read_states(table: Path) -> _States:
    rows, faults = read_own_table(table, ROSTER_COLUMNS)
    days = {cells[0]: _parse_day(cells[0]) for _, cells in rows}
    states = {(cells[2], day): (cells[5], cells[6]) for _, cells in rows if (day := days[cells[0]])}
    if faults or len(states) != len(rows):
        read_statuses(table)  # which says what is wrong with it
    return states


def _count_changes(chain: Iterable[_States]) -> dict[tuple[str, date], int]:
    counts: dict[tuple[str, date], int] = {}
    known: dict[tuple[str, date], _State | None] = {}
    for states in chain:
        for key, before in known.items():
            if states.get(key) != before:
                counts[key] = counts.get(key, 0) + 1
        known = {**dict.fromkeys(known), **states}
    return counts
