"""A scenario folder → Problem: policy, staff, absences, pins, wishes and history put together, faults all at once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from scheduler.allowed import folder_meant
from scheduler.changes import Step, people_after
from scheduler.constraints import discover
from scheduler.constraints.base import Rule
from scheduler.constraints.leaders import mark_people
from scheduler.errors import Fault, InputError, PolicyError
from scheduler.language import Bilingual
from scheduler.problem import Ledger, Person, Preference, Problem
from scheduler.read.agreement import policy_faults
from scheduler.read.horizon import Calendar, calendar_faults, make_calendar
from scheduler.read.open_points import phase_reading, silent_ranks
from scheduler.read.outside_period import records_outside
from scheduler.read.phases import Phased, choose_phase, enter_phase, read_phases
from scheduler.read.policy import PolicyFile, load_tables, parse_policy
from scheduler.read.policy_faults import Source
from scheduler.read.scenario_tables import Absence, PinnedDay, read_absences, read_pins, read_preferences
from scheduler.read.staff import StaffList, read_staff
from scheduler.read.tweaks import Tweaks, apply_tweaks
from scheduler.read.units import make_units
from scheduler.read.unread_files import staff_list_meant, unread_tables

STAFF_NAMES = ("staff.xlsx", "staff.csv", "staff.xls", "staff.xlsb", "staff.ods")
TABLE_ENDINGS = (".csv", ".xlsx")
CALENDAR_KEY = "calendar.key"
Records = TypeVar("Records")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A problem with what its folder brings besides.

    Attributes
    ----------
    files : what every file held when it was read, by name, but for the calendar key: people may edit them meanwhile.
    calendar_key : the secret under which calendars are named; empty where the folder has none.
    warnings : what is doubtful and stops nothing.
    """

    problem: Problem
    files: Mapping[str, bytes]
    calendar_key: bytes
    warnings: tuple[Fault, ...] = ()

    @property
    def inputs(self) -> Mapping[str, str]:
        """SHA-256 of every file read, by name."""
        return {name: hashlib.sha256(content).hexdigest() for name, content in self.files.items()}


@dataclass
class _Reading:
    """The files and faults met on the way."""

    folder: Path
    files: dict[str, Path] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def find(self, *names: str) -> Path | None:
        """Return the one file of these names that exists, and remember it."""
        found = [self.folder / name for name in names if (self.folder / name).is_file()]
        if len(found) > 1:
            listed = ", ".join(path.name for path in found)
            self.faults.append(
                Fault(
                    file=str(self.folder),
                    problem=Bilingual(
                        id=f"ada beberapa berkas yang sama: {listed}",
                        en=f"several files for the same: {listed}",
                    ),
                    remedy=Bilingual(id="Simpan hanya satu.", en="Keep only one."),
                )
            )
        if found:
            self.files[found[0].name] = found[0]
        return found[0] if found else None

    def take(self, read: Callable[[], Records], otherwise: Records) -> Records:
        """Return what `read` returns; collect its faults instead of stopping."""
        try:
            return read()
        except InputError as error:
            self.faults += error.faults
            return otherwise


def read_scenario(
    folder: Path,
    tweaks: Tweaks | None = None,
    ledger: Ledger | None = None,
    *,
    name: str = "",
    steps: Sequence[Step] = (),
) -> Scenario:
    """Read a scenario folder.

    Parameters
    ----------
    folder : holds policy.toml and staff.xlsx or staff.csv, and optional tables (CONTRACT, "A scenario folder").
    tweaks : of the command line.
    ledger : what earlier periods left.
    name : of the scenario, where it is not the folder's.
    steps : what replanning changed after the files were kept.

    Raises
    ------
    InputError
        With every fault of every file.
    """
    if folder.is_file():
        raise InputError([_no_folder(folder)])
    if not folder.is_dir():
        raise InputError([
            Fault(
                file=str(folder),
                problem=Bilingual(id="folder skenario tidak ditemukan", en="the scenario folder does not exist"),
                remedy=folder_meant(folder) or Bilingual(id="Buat dengan `giliran init`.", en="Make one with `giliran init`."),
            )
        ])  # fmt: skip
    reading = _Reading(folder)
    policy = reading.take(lambda: _policy(reading, tweaks or Tweaks()), None)
    staff = reading.take(lambda: _staff(reading), None)
    if policy is None or staff is None:
        raise InputError(reading.faults)
    reading.faults += calendar_faults(policy.period, policy.policy.language, policy.source)
    if any(not fault.warning for fault in reading.faults):
        raise InputError([fault for fault in reading.faults if not fault.warning])
    calendar = make_calendar(policy.period, policy.policy.language)
    if steps:
        staff = replace(staff, people=people_after(staff.people, steps))
    tables = _Tables.read(reading, staff.people).after(steps)
    problem = _problem(
        name or folder.resolve().name, policy, staff, tables, calendar, ledger or Ledger(), reading
    )
    key = reading.find(CALENDAR_KEY)
    if wrong := [fault for fault in reading.faults if not fault.warning]:
        raise InputError(wrong)
    return Scenario(
        problem=problem,
        files={
            name: path.read_bytes() for name, path in sorted(reading.files.items()) if name != CALENDAR_KEY
        },
        calendar_key=key.read_bytes().strip() if key else b"",
        warnings=(
            *staff.warnings,
            *unread_tables(folder),
            *(fault for fault in reading.faults if fault.warning),
        ),
    )


def _no_folder(file: Path) -> Fault:
    """Return what to do where a file of a scenario, or a staff list alone, is given for its folder."""
    if file.suffix.lower() == ".toml" or file.name in STAFF_NAMES:
        remedy = Bilingual(id=f"Berikan foldernya: {file.parent}", en=f"Give its folder: {file.parent}")
    else:
        remedy = Bilingual(
            id=f'Buat foldernya dari daftar pegawai: giliran init kantor-saya --staff "{file}"',
            en=f'Make one from the staff list: giliran init my-office --staff "{file}"',
        )
    return Fault(
        file=str(file),
        problem=Bilingual(id="ini berkas, bukan folder skenario", en="this is a file, not a scenario folder"),
        remedy=remedy,
    )


def _policy(reading: _Reading, tweaks: Tweaks) -> PolicyFile:
    path = reading.folder / "policy.toml"
    tables, text = load_tables(path)
    reading.files[path.name] = path
    return choose_policy(tables, Source(file=str(path), text=text), tweaks)


def choose_policy(tables: Mapping[str, Any], source: Source, tweaks: Tweaks) -> PolicyFile:
    """Return the policy in the phase that the tweaks ask for, tweaks applied; every phase is read, so that all is sound.

    Raises
    ------
    PolicyError
        With every fault of every phase.
    """
    phases = read_phases(tables, source)
    phase = choose_phase(phases, tweaks.phase, tweaks.first)
    faults: list[Fault] = []
    for other in phases:
        if other is not phase:
            try:
                parse_policy(*apply_tweaks(enter_phase(tables, other, source), Tweaks(), source))
            except PolicyError as error:
                faults += error.faults
    try:
        phased = enter_phase(tables, phase, source) if phase else Phased(tables=dict(tables), moved={})
        chosen = parse_policy(*apply_tweaks(phased, tweaks, source))
    except PolicyError as error:
        raise PolicyError(list(dict.fromkeys((*error.faults, *faults)))) from None
    if faults:
        raise PolicyError(list(dict.fromkeys(faults)))
    return replace(chosen, phases=phases, phase=phase)


def _staff(reading: _Reading) -> StaffList:
    path = reading.find(*STAFF_NAMES)
    if path is None:
        copied = Bilingual(
            id="Salin daftar pegawai ke folder ini dengan nama staff.xlsx.",
            en="Copy the staff list into this folder as staff.xlsx.",
        )
        meant = staff_list_meant(reading.folder)
        raise InputError([
            Fault(
                file=str(reading.folder),
                problem=Bilingual(id="daftar pegawai tidak ditemukan", en="there is no staff list"),
                allowed=Bilingual(id=", ".join(STAFF_NAMES), en=", ".join(STAFF_NAMES)),
                remedy=copied if meant is None else Bilingual(
                    id=f"Bila {meant[0]} daftar itu, ganti namanya menjadi {meant[1]}.",
                    en=f"If {meant[0]} is that list, rename it to {meant[1]}.",
                ),
            )
        ])  # fmt: skip
    return read_staff(path)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tables:
    """The optional tables of a scenario."""

    absences: tuple[Absence, ...]
    pins: tuple[PinnedDay, ...]
    preferences: tuple[Preference, ...]

    @classmethod
    def read(cls, reading: _Reading, people: Sequence[Person]) -> _Tables:
        """Read those that exist."""

        def table(name: str, read: Callable[[Path, Sequence[Person]], tuple[Any, ...]]) -> tuple[Any, ...]:
            path = reading.find(*(name + ending for ending in TABLE_ENDINGS))
            return reading.take(lambda: read(path, people), ()) if path is not None else ()

        return cls(
            absences=table("absences", read_absences),
            pins=table("pins", read_pins),
            preferences=table("preferences", read_preferences),
        )

    def spans(self) -> Iterator[tuple[str, int, date, date]]:
        """Yield (table, row, first day, last day) of each dated record of the files."""
        yield from (("absences", a.row, a.first, a.last) for a in self.absences if a.row)
        yield from (("pins", p.row, p.day, p.day) for p in self.pins if p.row)

    def after(self, steps: Sequence[Step]) -> _Tables:
        """Return the tables with what replanning added; a later pin replaces an earlier one."""
        absences = [
            Absence(person_id=a.person_id, first=max(a.first, step.as_of), last=a.last, kind=a.kind, row=0)
            for step in steps
            for a in step.absences
        ]
        pins = [
            PinnedDay(
                person_id=p.person_id,
                day=p.day,
                status=p.status,
                why=p.why,
                row=0,
                recall=p.cause == "recall",
            )
            for step in steps
            for p in step.pins
        ]
        return replace(self, absences=(*self.absences, *absences), pins=(*self.pins, *pins))


# The problem --------------------------------------------------------------------------------------------------------


def _problem(
    name: str,
    file: PolicyFile,
    staff: StaffList,
    tables: _Tables,
    calendar: Calendar,
    ledger: Ledger,
    reading: _Reading,
) -> Problem:
    policy, period = file.policy, file.period
    rules = (*policy.rules, *_implied(policy.rules))
    people = mark_people(staff.people, rules)
    employed = [p for p in people if _overlaps(p, period.first, period.last)]
    units, faults = make_units(
        employed,
        rules,
        calendar,
        ledger,
        absences=tables.absences,
        pins=tables.pins,
        preferences=tables.preferences,
        weights=policy.weights,
    )
    reading.faults += faults
    reading.faults += policy_faults(file, people, units)
    reading.faults += records_outside(file, tables.spans(), reading.files)
    return Problem(
        name=name,
        policy=replace(policy, readings=(*policy.readings, *phase_reading(file), *silent_ranks(units))),
        first=period.first,
        last=period.last,
        units=units,
        ledger=ledger,
    )


def _overlaps(person: Person, first: date, last: date) -> bool:
    return (person.joins is None or person.joins <= last) and (
        person.leaves is None or person.leaves >= first
    )


def _implied(rules: Sequence[Rule]) -> Iterator[Rule]:
    """Yield the rules that hold in every policy: absences and pins of the scenario's files."""
    for key in ("absence", "pin"):
        if not any(rule.label == key for rule in rules):
            yield discover()[key]()
