"""A hand-edited workbook against the roster that it came from: which cells say something else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from scheduler.problem import Unit
from scheduler.read.outputs.edited_grid import Address
from scheduler.read.outputs.edited_workbook import EditedWorkbook
from scheduler.roster import NOT_EMPLOYED, OFF, UnitRoster

CLEARED = "cleared"
"""What a working day's cell means when nothing stands in it: whoever repairs the roster may choose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One cell that no longer says what the roster says; `after` is `CLEARED` where it was emptied."""

    unit: str
    person_id: str
    day: date
    before: str
    after: str
    typed: str
    address: Address


def edits_of(workbook: EditedWorkbook, unit: Unit, roster: UnitRoster) -> Iterator[Edit]:
    """Yield the cells of one unit that say something else than its roster, by row and day."""
    for person_id, row in zip(roster.people, roster.statuses, strict=True):
        for day, before in zip(roster.days, row, strict=True):
            cell = workbook.cells.get((unit.name, person_id, day))
            if cell is None or cell.status is None:  # what cannot be understood is a fault, not an edit
                continue
            after = cell.status
            if before in (OFF, NOT_EMPLOYED) and (after == "" or cell.is_spread):
                continue
            if after == "":
                after = CLEARED
            if after != before:
                yield Edit(
                    unit=unit.name,
                    person_id=person_id,
                    day=day,
                    before=before,
                    after=after,
                    typed=cell.text,
                    address=cell.address,
                )


def edited_roster(roster: UnitRoster, edits: list[Edit]) -> UnitRoster:
    """Return the roster as the workbook has it; a cleared cell has no status."""
    rows = {person_id: list(row) for person_id, row in zip(roster.people, roster.statuses, strict=True)}
    column = {day: number for number, day in enumerate(roster.days)}
    for edit in edits:
        rows[edit.person_id][column[edit.day]] = "" if edit.after == CLEARED else edit.after
    return replace(roster, statuses=tuple(tuple(rows[person_id]) for person_id in roster.people))
