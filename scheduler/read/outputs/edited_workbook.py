"""A roster's workbook as people leave it: typed words, cleared cells, sorted and inserted rows, further columns.

Rows are known by the hidden id, columns by the hidden date above them, the sheet by its hidden mark; what was typed is
taken in either language and any case. The workbook may have been saved again by Excel or LibreOffice.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from scheduler.errors import Fault, InputError
from scheduler.language import Bilingual
from scheduler.read.dates import date_of
from scheduler.read.files.cells import text_of, words_of
from scheduler.read.files.tables import open_tables
from scheduler.read.files.workbooks import Sheet
from scheduler.read.requests import PLACES
from scheduler.read.scenario_tables import KIND_OF
from scheduler.roster import OFF

UNIT_MARK, DATES_MARK = "giliran:unit", "giliran:dates"
"""As `scheduler.write.workbook.grid_layout` writes them."""

_OFF_WORDS = frozenset({"off", "libur", "hari libur"})
_FURTHER = {
    "dl": "travel", "dinas luar": "travel", "travel": "travel", "leave": "leave", "sick": "sick", "isolation": "isolation",
    "isolasi": "isolation", "hospital": "hospital", "dirawat": "hospital", "permit": "permit", "izin": "permit",
    "study": "study", "tugas belajar": "study",
}  # fmt: skip
_PROPERTY = re.compile(r'name="giliran\.(\w+)"[^>]*>\s*<[^>]*>([^<]*)<')


class Address(NamedTuple):
    """A cell as Excel names it."""

    sheet: str
    cell: str

    def __str__(self) -> str:
        return f"{self.sheet}!{self.cell}"


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedWorkbook:
    """What a workbook says.

    Attributes
    ----------
    statuses : by unit, person and day, as typed.
    addresses : of every person-day, by unit, person and day.
    faults : what cannot be understood, each with its cell.
    """

    path: Path
    statuses: Mapping[tuple[str, str, date], str]
    typed: Mapping[tuple[str, str, date], str]
    addresses: Mapping[tuple[str, str, date], Address]
    faults: tuple[Fault, ...] = ()

    @property
    def units(self) -> frozenset[str]:
        """The units that have a sheet."""
        return frozenset(unit for unit, _, _ in self.statuses)


@dataclass
class _Found:
    statuses: dict[tuple[str, str, date], str] = field(default_factory=dict)
    typed: dict[tuple[str, str, date], str] = field(default_factory=dict)
    addresses: dict[tuple[str, str, date], Address] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def read_properties(path: Path) -> dict[str, str]:
    """Return what the workbook's properties tell of its roster: scenario, unit, from, to, revision; empty if lost."""
    try:
        with zipfile.ZipFile(path) as archive:
            text = archive.read("docProps/custom.xml")[:100_000].decode("utf-8", errors="replace")
    except (OSError, KeyError, zipfile.BadZipFile):
        return {}
    return dict(_PROPERTY.findall(text))


def read_edited(path: Path) -> EditedWorkbook:
    """Read the grids of a workbook that `giliran generate` wrote and people edited.

    Raises
    ------
    InputError
        Where it cannot be opened or holds no sheet of a roster.
    """
    found = _Found()
    sheets = [sheet for sheet in open_tables(path) if _mark(sheet, UNIT_MARK) is not None]
    if not sheets:
        raise InputError([
            Fault(
                file=str(path),
                problem=Bilingual(id="tidak ada lembar jadwal di dalamnya", en="it holds no sheet of a roster"),
                allowed=Bilingual(id="roster.xlsx atau units/*.xlsx, boleh sudah diubah", en="roster.xlsx or units/*.xlsx, edited or not"),
                remedy=Bilingual(
                    id="Baris dan kolom tersembunyi (A, B, baris 1 dan 2) jangan dihapus.",
                    en="Do not delete the hidden rows and columns (A, B, rows 1 and 2).",
                ),
            )
        ])  # fmt: skip
    for sheet in sheets:
        _read_sheet(sheet, path, found)
    return EditedWorkbook(
        path=path,
        statuses=found.statuses,
        typed=found.typed,
        addresses=found.addresses,
        faults=tuple(found.faults),
    )


def _mark(sheet: Sheet, mark: str) -> tuple[int, int] | None:
    """Return row and column, from 0, of a mark in the first rows and columns."""
    for i, row in enumerate(sheet.rows[:30]):
        for j, cell in enumerate(row[:12]):
            if text_of(cell) == mark:
                return i, j
    return None


def _read_sheet(sheet: Sheet, path: Path, found: _Found) -> None:
    at = _mark(sheet, UNIT_MARK)
    dates_at = _mark(sheet, DATES_MARK)
    if at is None or dates_at is None:
        return
    unit = next((text for cell in sheet.rows[at[0]][at[1] + 1 :] if (text := text_of(cell))), "")
    header, id_column = dates_at
    columns = {
        j: day
        for j, cell in enumerate(sheet.rows[header])
        if j > id_column and (day := date_of(cell)) is not None
    }
    seen: dict[str, int] = {}
    for i in range(header + 1, len(sheet.rows)):
        row = sheet.rows[i]
        person_id = text_of(row[id_column]) if id_column < len(row) else ""
        if not person_id:
            continue
        if person_id in seen:
            twice = f"baris {seen[person_id] + 1}", f"row {seen[person_id] + 1}"
            found.faults.append(
                Fault(
                    file=str(path),
                    sheet=sheet.name,
                    row=i + 1,
                    value=person_id,
                    problem=Bilingual(
                        id=f"orang ini sudah ada di {twice[0]}", en=f"this person is in {twice[1]} already"
                    ),
                    remedy=Bilingual(id="Hapus salah satu barisnya.", en="Delete one of the rows."),
                )
            )
            continue
        seen[person_id] = i
        for j, day in columns.items():
            key = (unit, person_id, day)
            text = text_of(row[j]) if j < len(row) else ""
            found.addresses[key] = Address(sheet.name, f"{_letters(j + 1)}{i + 1}")
            status = _status(text)
            if status is None:
                found.faults.append(_unknown(path, sheet.name, found.addresses[key], text))
                continue
            found.statuses[key], found.typed[key] = status, text


def _status(text: str) -> str | None:
    """Return the status that a cell means; "" where it is empty, None where it cannot be understood."""
    words = words_of(text)
    if not words:
        return ""
    if words in PLACES:
        return PLACES[words]
    if words in _OFF_WORDS:
        return OFF
    return KIND_OF.get(words) or _FURTHER.get(words)


def _unknown(path: Path, sheet: str, address: Address, text: str) -> Fault:
    return Fault(
        file=str(path),
        sheet=sheet,
        field=address.cell,
        value=text,
        problem=Bilingual(id="isi sel tidak dikenal", en="the cell says nothing known"),
        allowed=Bilingual(
            id="WFO, WFH, Cuti, Sakit, Dinas Luar, Isolasi, Dirawat, Izin, Tugas Belajar, Libur",
            en="WFO, WFH, Leave, Sick, Travel, Isolation, Hospital, Permit, Study, Off",
        ),
    )


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
