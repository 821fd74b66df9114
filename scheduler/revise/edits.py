"""A hand-edited workbook against its roster: what was changed, which rules that breaks, and the pins it amounts to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

from scheduler.changes import NewAbsence, NewPin
from scheduler.errors import Fault, InputError, UsageError
from scheduler.language import Bilingual, Language, format_date
from scheduler.problem import ABSENCE_KINDS, Unit
from scheduler.read.outputs.edited_grid import Address
from scheduler.read.outputs.edited_workbook import EditedWorkbook, read_edited, read_properties
from scheduler.read.outputs.kept import Kept, read_revision
from scheduler.read.outputs.other_policy import units_under
from scheduler.read.outputs.output_folder import CERTIFICATE, resolve_output
from scheduler.read.outputs.workbook_edits import CLEARED, Edit, edited_roster, edits_of
from scheduler.roster import HOME, OFF, OFFICE, Violation
from scheduler.verify import audit

MOST_ADDRESSES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A violation with the cells that it is about."""

    violation: Violation
    addresses: tuple[Address, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedCheck:
    """What a hand-edited workbook changes, and what that breaks.

    Attributes
    ----------
    kept : the revision that it was made from.
    broken : hard rules that the edited roster breaks; `soft` those that are wishes.
    faults : cells that cannot be understood; `warnings` what is merely odd.
    """

    workbook: EditedWorkbook
    kept: Kept
    edits: tuple[Edit, ...]
    broken: tuple[Broken, ...]
    soft: tuple[Broken, ...]
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]
    names: dict[str, str]

    @property
    def is_broken(self) -> bool:
        """Whether a rule is broken."""
        return bool(self.broken)


def check_workbook(path: Path, output: Path | None = None, policy: Path | None = None) -> EditedCheck:
    """Compare a workbook with the revision that it came from, and verify what it says now.

    Parameters
    ----------
    output : the output folder; by default the one that the workbook lies in, or is named by its properties.
    policy : another policy to check against than the one that the revision was made from.

    Raises
    ------
    InputError
        Where the workbook or its output folder cannot be read.
    """
    kept = read_revision(find_revision(path, output))
    workbook = read_edited(path, kept.scenario.problem.units, kept.number)
    edits: list[Edit] = []
    found: list[tuple[Unit, Violation]] = []
    under = {unit.name: unit for unit in units_under(policy, kept)} if policy else {}
    for unit in kept.scenario.problem.units:
        if unit.name not in workbook.units:
            continue
        roster = kept.rosters[unit.name]
        own = list(edits_of(workbook, unit, roster))
        edits += own
        stated = _as_stated(under.get(unit.name, unit), own)
        audited = audit(stated, edited_roster(roster, own), kept.replaced.get(unit.name))
        found += [(unit, _empty_cell(unit, v, own)) for v in audited.violations]
    located = [Broken(violation=v, addresses=_addresses(workbook, unit, v)) for unit, v in found]
    return EditedCheck(
        workbook=workbook,
        kept=kept,
        edits=tuple(edits),
        broken=tuple(b for b in located if b.violation.weight is None),
        soft=tuple(b for b in located if b.violation.weight is not None),
        faults=workbook.faults,
        warnings=workbook.warnings,
        names={person.id: person.name for unit in kept.scenario.problem.units for person in unit.people},
    )


def _as_stated(unit: Unit, edits: list[Edit]) -> Unit:
    """Return the unit with the absences that were typed in: whoever writes “Cuti” records it by that."""
    typed = {(e.person_id, e.day): e.after for e in edits if e.after in ABSENCE_KINDS}
    return replace(
        unit,
        absences={**unit.absences, **typed},
        pins={key: pin for key, pin in unit.pins.items() if key not in typed},
    )


def _empty_cell(unit: Unit, violation: Violation, edits: list[Edit]) -> Violation:
    """Return the violation of a cleared cell in words of its own."""
    cleared = {(e.person_id, e.day) for e in edits if e.after == CLEARED}
    if violation.rule != "grid" or not violation.day or (violation.people[0], violation.day) not in cleared:
        return violation
    name, day = unit.names(violation.people), violation.day
    return replace(
        violation,
        sentence=Bilingual(
            id=f"{name}, {format_date(day, 'id')}: sel kosong; isi WFO atau WFH, atau biarkan replan memilih.",
            en=f"{name}, {format_date(day, 'en')}: the cell is empty; write Office or WFH, or let replan choose.",
        ),
    )


def _addresses(workbook: EditedWorkbook, unit: Unit, violation: Violation) -> tuple[Address, ...]:
    """Return the cells of a violation's people on its day; of a day alone, the unit's first cell of it."""
    days = [violation.day] if violation.day else list(unit.horizon.workdays)
    keys = [(unit.name, person_id, day) for person_id in violation.people for day in days]
    found = [workbook.addresses[key] for key in keys if key in workbook.addresses]
    if not found and violation.day:
        first = (unit.name, unit.people[0].id, violation.day)
        found = [workbook.addresses[first]] if first in workbook.addresses else []
    return tuple(found[:MOST_ADDRESSES])


def find_revision(path: Path, output: Path | None) -> Path:
    """Return the folder of the revision that a workbook came from.

    Raises
    ------
    InputError
        Where it is not found.
    """
    told = read_properties(path)
    period = f"{told.get('from', '')}_{told.get('to', '')}"
    here = path.resolve().parent
    places = [output] if output else [here, here.parent, Path("output") / told.get("scenario", "") / period]
    for place in places:
        if place is not None and (output or (place / CERTIFICATE).is_file()):
            folder = resolve_output(place)
            older = folder / "revisions" / told.get("revision", "")
            return older if told.get("revision") and (older / CERTIFICATE).is_file() else folder
    raise InputError([
        Fault(
            file=str(path),
            problem=Bilingual(id="folder keluarannya tidak ditemukan", en="its output folder is not found"),
            remedy=Bilingual(id="Tunjukkan dengan --against FOLDER.", en="Name it by --against FOLDER."),
        )
    ])  # fmt: skip


class Typed(NamedTuple):
    """What a workbook's edits amount to, what reading it had to assume, and whether anything differs at all."""

    pins: tuple[NewPin, ...] = ()
    absences: tuple[NewAbsence, ...] = ()
    warnings: tuple[Fault, ...] = ()
    is_edited: bool = True


def pins_of(path: Path, output: Path, as_of: date) -> Typed:
    """Return the edits of a workbook as pins and absences; a cleared cell is left to the solver.

    Raises
    ------
    InputError
        With a fault for each cell that cannot be understood or can no longer change.
    UsageError
        Where the workbook is not of the current revision.
    """
    check = check_workbook(path, output)
    current = read_revision(output)
    if check.kept.number != current.number:
        raise UsageError(
            Bilingual(
                id=f"Buku kerja ini dari revisi {check.kept.number}, padahal yang berlaku revisi {current.number}. "
                "Ubahlah roster.xlsx revisi yang berlaku.",
                en=f"This workbook is of revision {check.kept.number}, but revision {current.number} is current. "
                "Edit the roster.xlsx of the current revision.",
            )
        )
    faults = [*check.faults]
    pins, absences = [], []
    away = {key: kind for unit in current.scenario.problem.units for key, kind in unit.absences.items()}
    for edit in check.edits:
        if edit.after == CLEARED:
            continue
        if edit.after in (HOME, OFFICE) and edit.before in (HOME, OFFICE) and edit.day >= as_of:
            status: object = edit.after
            pins.append(NewPin(person_id=edit.person_id, day=edit.day, status=status, cause="edit"))  # type: ignore[arg-type]
        elif edit.after in ABSENCE_KINDS and edit.day >= as_of and edit.before in (HOME, OFFICE):
            absences.append(
                NewAbsence(person_id=edit.person_id, first=edit.day, last=edit.day, kind=edit.after)
            )
        else:
            faults.append(_refused(path, edit, as_of, away.get((edit.person_id, edit.day), "")))
    if faults:
        raise InputError(faults)
    return Typed(tuple(pins), tuple(absences), check.warnings, bool(check.edits))


def _refused(path: Path, edit: Edit, as_of: date, kind: str) -> Fault:
    from scheduler.write.labels import status_label

    def label(status: str, language: Language) -> str:
        return status_label(status, language) or "–"

    on = Bilingual(id=format_date(edit.day, "id"), en=format_date(edit.day, "en"))
    if edit.day < as_of:
        problem = Bilingual(
            id=f"{on.id} sudah lewat: hanya mulai {format_date(as_of, 'id')} yang dapat diubah",
            en=f"{on.en} is past: only days from {format_date(as_of, 'en')} can change",
        )
    elif kind:
        problem = Bilingual(
            id=f"{on.id} tercatat berhalangan ({label(kind, 'id')})",
            en=f"recorded as away on {on.en} ({label(kind, 'en')})",
        )
    elif edit.before == OFF:
        problem = Bilingual(id=f"{on.id} hari libur unit ini", en=f"{on.en} is a day off of this unit")
    else:
        problem = Bilingual(
            id=f"{on.id}: {label(edit.before, 'id')} tidak dapat menjadi {label(edit.after, 'id')}",
            en=f"{on.en}: {label(edit.before, 'en')} cannot become {label(edit.after, 'en')}",
        )
    return Fault(
        file=str(path), sheet=edit.address.sheet, field=edit.address.cell, value=edit.typed, problem=problem
    )


def lines(check: EditedCheck, language: Language) -> list[str]:
    """Return the edits and what they break, one line each, for the terminal."""
    from scheduler.write.labels import status_label

    id_ = language == "id"
    cleared = "kosong" if id_ else "empty"
    found = []
    for edit in check.edits:
        after = cleared if edit.after == CLEARED else status_label(edit.after, language)
        before = status_label(edit.before, language) or "–"
        name = check.names.get(edit.person_id, edit.person_id)
        found.append(f"{edit.address}: {name}, {format_date(edit.day, language)}: {before} → {after}")
    return found
