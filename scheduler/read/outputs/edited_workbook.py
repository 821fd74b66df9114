"""A roster's workbook as people leave it: sorted, inserted, merged and copied, saved again by whatever program.

Sheets, rows and columns are found by what `edited_grid` and `row_owners` know of them; nothing that was typed is passed
over in silence.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from xml.sax.saxutils import unescape

from scheduler.errors import Fault, InputError
from scheduler.language import Bilingual, format_date
from scheduler.problem import Unit
from scheduler.read.files.tables import open_tables
from scheduler.read.outputs.edited_grid import FRESH, Address, Grid, GridCell, looks_like_grid, read_grid
from scheduler.read.outputs.row_owners import RowOwners

_PROPERTY = re.compile(r'name="giliran\.(\w+)"[^>]*>\s*<[^>]*>([^<]*)<')
MOST_DAYS_NAMED = 5
MOST_OF_PROPERTIES = 100_000
"""Bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedWorkbook:
    """What a workbook says, by unit, person and day.

    Attributes
    ----------
    cells : what stands there; those that cannot be understood are faults and left out.
    addresses : of every person-day.
    faults : what cannot be taken, each with its place; `warnings` what was taken all the same.
    """

    path: Path
    cells: Mapping[tuple[str, str, date], GridCell]
    addresses: Mapping[tuple[str, str, date], Address]
    units: frozenset[str]
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()


def read_properties(path: Path) -> dict[str, str]:
    """Return what the workbook's properties tell of its roster: scenario, unit, from, to, revision; empty if lost.

    Whoever sends a workbook may write into them what they like: no more is unpacked than such properties take, and of
    those that name folders only plain names are returned.
    """
    try:
        with zipfile.ZipFile(path) as archive, archive.open("docProps/custom.xml") as member:
            text = member.read(MOST_OF_PROPERTIES).decode("utf-8", errors="replace")
    except (OSError, KeyError, EOFError, RuntimeError, ValueError, zipfile.BadZipFile, zlib.error):
        return {}
    told = {name: unescape(value) for name, value in _PROPERTY.findall(text)}
    return {name: value for name, value in told.items() if name == "unit" or _is_plain_name(name, value)}


def _is_plain_name(name: str, value: str) -> bool:
    """Whether it can stand for one folder, and no way out of where it is looked for."""
    if name in ("revision", "format"):
        return value.isascii() and value.isdigit()
    return value not in ("", ".", "..") and not any(mark in value for mark in "/\\:\0")


def read_edited(path: Path, units: Sequence[Unit], revision: int) -> EditedWorkbook:
    """Read the grids of a workbook that `giliran generate` wrote and people edited.

    Parameters
    ----------
    units, revision : those of the roster that it is compared with.

    Raises
    ------
    InputError
        Where it cannot be opened or holds no sheet of a roster.
    """
    found = _Reading(path, revision)
    known = {unit.name: unit for unit in units}
    unmarked = []
    for sheet in open_tables(path):
        grid = read_grid(sheet, path, found.faults)
        if grid is not None and grid.unit in known:
            found.take(grid, known[grid.unit])
        elif grid is not None:
            found.foreign(grid)
        elif looks_like_grid(sheet):
            unmarked.append(sheet.name)
    lacking = known.keys() - found.sheets.keys()
    for name in unmarked:
        found.unmarked(name, is_needed=bool(lacking))
    if not found.sheets and not found.faults:
        raise InputError([_no_sheet(path)])
    return EditedWorkbook(
        path=path,
        cells=found.cells,
        addresses=found.addresses,
        units=frozenset(found.sheets),
        faults=tuple(found.faults),
        warnings=tuple(found.warnings),
    )


@dataclass
class _Reading:
    path: Path
    revision: int
    cells: dict[tuple[str, str, date], GridCell] = field(default_factory=dict)
    addresses: dict[tuple[str, str, date], Address] = field(default_factory=dict)
    sheets: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    def take(self, grid: Grid, unit: Unit) -> None:
        """Take one unit's sheet."""
        if unit.name in self.sheets:
            self._twice(grid, unit.name)
            return
        self.sheets[unit.name] = grid.sheet
        if self._is_of_another(grid, unit):
            return
        owners = RowOwners(grid, unit.people, self.path)
        self.faults += owners.faults
        self.warnings += owners.warnings
        for person_id, row in owners.rows.items():
            for day, cell in row.cells.items():
                self.addresses[unit.name, person_id, day] = cell.address
                if cell.status is None:
                    self.faults.append(_unknown(self.path, cell))
                else:
                    self.cells[unit.name, person_id, day] = cell
        if grid.days:
            self._lost_days(grid, unit)
            self._lost_people(grid, unit, owners)

    def foreign(self, grid: Grid) -> None:
        """Refuse the sheet of a unit that the roster does not have."""
        self.faults.append(
            Fault(
                file=str(self.path),
                sheet=grid.sheet,
                value=grid.unit,
                problem=Bilingual(id="unit ini tidak ada di jadwal itu", en="the roster has no such unit"),
                remedy=Bilingual(
                    id="Pakai buku kerja dari folder keluaran yang sama.",
                    en="Take a workbook of the same output folder.",
                ),
            )
        )

    def unmarked(self, sheet: str, *, is_needed: bool) -> None:
        """Tell of a sheet that looks like a roster but bears no mark; a fault where it may be a unit's only one."""
        (self.faults if is_needed else self.warnings).append(
            Fault(
                file=str(self.path),
                sheet=sheet,
                problem=Bilingual(
                    id="tampak seperti jadwal, tetapi baris atau kolom tersembunyinya hilang; tidak dibaca",
                    en="it looks like a roster, but its hidden rows or columns are gone; it is not read",
                ),
                remedy=FRESH if is_needed else None,
                warning=not is_needed,
            )
        )

    def _is_of_another(self, grid: Grid, unit: Unit) -> bool:
        """Whether the sheet is of another revision or period, and say so."""
        if grid.revision and grid.revision != self.revision:
            problem = Bilingual(
                id=f"lembar ini dari revisi {grid.revision}, bukan revisi {self.revision}",
                en=f"the sheet is of revision {grid.revision}, not of revision {self.revision}",
            )
        elif grid.days and not grid.days & set(unit.horizon.days):
            first, last = min(grid.days), max(grid.days)
            problem = Bilingual(
                id=f"lembar ini untuk {format_date(first, 'id')} s.d. {format_date(last, 'id')}, periode lain",
                en=f"the sheet is of {format_date(first, 'en')} to {format_date(last, 'en')}, another period",
            )
        else:
            return False
        remedy = Bilingual(
            id="Ubahlah roster.xlsx atau units/*.xlsx revisi yang berlaku di folder keluaran itu.",
            en="Edit the roster.xlsx or units/*.xlsx of the current revision in that output folder.",
        )
        self.faults.append(Fault(file=str(self.path), sheet=grid.sheet, problem=problem, remedy=remedy))
        return True

    def _twice(self, grid: Grid, unit: str) -> None:
        self.faults.append(
            Fault(
                file=str(self.path),
                sheet=grid.sheet,
                value=unit,
                problem=Bilingual(
                    id=f"unit ini sudah ada di lembar “{self.sheets[unit]}”",
                    en=f"this unit is on sheet “{self.sheets[unit]}” already",
                ),
                remedy=Bilingual(
                    id="Hapus lembar yang bukan jadwalnya; salinan lembar membawa tandanya.",
                    en="Delete the sheet that is not the roster; a copied sheet brings its mark along.",
                ),
            )
        )

    def _lost_days(self, grid: Grid, unit: Unit) -> None:
        lost = [day for day in unit.horizon.workdays if day not in grid.days]
        if lost:
            more = " …" if len(lost) > MOST_DAYS_NAMED else ""
            said = {
                language: ", ".join(format_date(day, language) for day in lost[:MOST_DAYS_NAMED]) + more
                for language in ("id", "en")
            }
            self.warnings.append(
                Fault(
                    file=str(self.path),
                    sheet=grid.sheet,
                    problem=Bilingual(
                        id=f"tidak ada kolom untuk {said['id']}; dianggap tidak berubah",
                        en=f"no column for {said['en']}; taken as unchanged",
                    ),
                    warning=True,
                )
            )

    def _lost_people(self, grid: Grid, unit: Unit, owners: RowOwners) -> None:
        for person in unit.people:
            if person.id not in owners.rows:
                self.warnings.append(
                    Fault(
                        file=str(self.path),
                        sheet=grid.sheet,
                        value=person.display_name,
                        problem=Bilingual(
                            id="barisnya tidak ada lagi; dianggap tidak berubah",
                            en="the row is gone; taken as unchanged",
                        ),
                        warning=True,
                    )
                )


def _no_sheet(path: Path) -> Fault:
    return Fault(
        file=str(path),
        problem=Bilingual(id="tidak ada lembar jadwal di dalamnya", en="it holds no sheet of a roster"),
        allowed=Bilingual(
            id="roster.xlsx atau units/*.xlsx, boleh sudah diubah",
            en="roster.xlsx or units/*.xlsx, edited or not",
        ),
        remedy=FRESH,
    )


def _unknown(path: Path, cell: GridCell) -> Fault:
    """Return the fault of a cell that cannot be understood."""
    if cell.is_formula:
        problem = Bilingual(
            id="rumus tanpa hasil atau galat, bukan kata",
            en="a formula without a result or an error, no word",
        )
    else:
        problem = Bilingual(id="isi sel tidak dikenal", en="the cell says nothing known")
    return Fault(
        file=str(path),
        sheet=cell.address.sheet,
        field=cell.address.cell,
        value=cell.text,
        problem=problem,
        allowed=Bilingual(
            id="WFO, WFH, Cuti, Sakit, Dinas Luar, Isolasi, Dirawat, Izin, Tugas Belajar, Libur",
            en="WFO, WFH, Leave, Sick, Travel, Isolation, Hospital, Permit, Study, Off",
        ),
    )
