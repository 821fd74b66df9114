"""One sheet of a roster's workbook as people leave it: its rows, its days, and what every cell means.

Columns are known by the hidden date above them and the sheet by its hidden mark; what was typed is taken in either
language and any case. A merged cell speaks for all the days and people that it covers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from scheduler.errors import Fault
from scheduler.language import Bilingual, format_date
from scheduler.read.dates import date_of
from scheduler.read.files.cells import Cell, Unreadable, text_of, words_of
from scheduler.read.files.workbooks import Sheet
from scheduler.read.requests import PLACES
from scheduler.read.scenario_tables import KIND_OF
from scheduler.roster import OFF
from scheduler.table_format import DATES_MARK, REVISION_MARK, UNIT_MARK

_OFF_WORDS = frozenset({"off", "libur", "hari libur"})
_FURTHER = {
    "dl": "travel", "dinas luar": "travel", "travel": "travel", "leave": "leave", "sick": "sick", "isolation": "isolation",
    "isolasi": "isolation", "hospital": "hospital", "dirawat": "hospital", "permit": "permit", "izin": "permit",
    "study": "study", "tugas belajar": "study",
}  # fmt: skip
FEWEST_IN_ROW, FEWEST_IN_COLUMN = 3, 6
"""So many cells that say home or office make a sheet a roster's; a legend has fewer."""


FRESH = Bilingual(
    id="Batalkan penghapusannya (Ctrl+Z), atau ubahlah salinan baru roster.xlsx; baris 1 dan 2 dan kolom A dan B "
    "tersembunyi dan jangan dihapus.",
    en="Undo the deletion (Ctrl+Z), or edit a fresh copy of roster.xlsx; rows 1 and 2 and columns A and B are hidden "
    "and must stay.",
)
"""What to do where the hidden marks are gone."""


class Address(NamedTuple):
    """A cell as Excel names it; `sheet` is empty in a CSV file."""

    sheet: str
    cell: str

    def __str__(self) -> str:
        return f"{self.sheet}!{self.cell}" if self.sheet else self.cell


@dataclass(frozen=True, slots=True)
class GridCell:
    """One person-day as it stands there.

    Attributes
    ----------
    status : "" where it is empty, None where it cannot be understood.
    is_formula : whether the file holds a formula or an error in place of a word.
    is_spread : whether it is covered by a merged cell, whose word it takes.
    """

    address: Address
    text: str
    status: str | None
    is_formula: bool = False
    is_spread: bool = False


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row below the dates.

    Attributes
    ----------
    number : as Excel numbers it.
    person_id : the hidden one; empty in a row that was put in by hand, and in totals and notes.
    shown : the texts left of the first day: number, name, NIP, position, and columns of the user's own.
    """

    number: int
    person_id: str
    shown: tuple[str, ...]
    cells: Mapping[date, GridCell]

    @property
    def says_something(self) -> bool:
        """Whether any of its days holds a word of the roster."""
        return any(cell.status for cell in self.cells.values())


@dataclass(frozen=True, slots=True)
class Grid:
    """One unit's sheet; `revision` is 0 where it does not tell."""

    sheet: str
    unit: str
    days: frozenset[date]
    rows: tuple[GridRow, ...]
    revision: int = 0


def read_grid(sheet: Sheet, path: Path, faults: list[Fault]) -> Grid | None:
    """Return a sheet's grid, or None where it bears no mark of a roster; what is wrong joins `faults`."""
    at = _mark(sheet, UNIT_MARK)
    if at is None:
        return None
    marks = [text for cell in sheet.rows[at[0]][at[1] + 1 :] if (text := text_of(cell))]
    told = next((text.removeprefix(REVISION_MARK) for text in marks if text.startswith(REVISION_MARK)), "")
    unit = marks[0] if marks else ""
    revision = int(told) if told.isdecimal() else 0
    dates_at = _mark(sheet, DATES_MARK)
    if dates_at is None:
        faults.append(
            Fault(
                file=str(path),
                sheet=sheet.name,
                problem=Bilingual(
                    id="baris tersembunyi yang memuat tanggal (baris 2) hilang",
                    en="the hidden row that holds the dates (row 2) is gone",
                ),
                remedy=FRESH,
            )
        )
        return Grid(sheet.name, unit, frozenset(), ())
    header, id_column = dates_at
    columns = _columns(sheet, header, id_column, path, faults)
    spread = _spread(sheet, header, columns)
    rows = [_row(sheet, i, id_column, columns, spread) for i in range(header + 1, len(sheet.rows))]
    return Grid(sheet.name, unit, frozenset(columns.values()), tuple(rows), revision)


def looks_like_grid(sheet: Sheet) -> bool:
    """Whether a sheet without marks holds people's days all the same: the hidden column may have been deleted."""
    by_column: dict[int, int] = {}
    for row in sheet.rows:
        places = [j for j, cell in enumerate(row) if isinstance(cell, str) and words_of(cell) in PLACES]
        for j in places:
            by_column[j] = by_column.get(j, 0) + 1
        if len(places) >= FEWEST_IN_ROW or any(by_column[j] >= FEWEST_IN_COLUMN for j in places):
            return True
    return False


def _mark(sheet: Sheet, mark: str) -> tuple[int, int] | None:
    """Return row and column, from 0, of a mark in the first rows and columns."""
    for i, row in enumerate(sheet.rows[:30]):
        for j, cell in enumerate(row[:12]):
            if text_of(cell) == mark:
                return i, j
    return None


def _columns(sheet: Sheet, header: int, id_column: int, path: Path, faults: list[Fault]) -> dict[int, date]:
    """Return the day of each column that has one; a day that stands twice is a fault."""
    columns: dict[int, date] = {}
    first: dict[date, int] = {}
    for j, cell in enumerate(sheet.rows[header]):
        day = date_of(cell) if j > id_column else None
        if day is None:
            continue
        if day in first:
            here, there = letters_of(j + 1), letters_of(first[day] + 1)
            faults.append(
                Fault(
                    file=str(path),
                    sheet=sheet.name,
                    problem=Bilingual(
                        id=f"{format_date(day, 'id')} ada dua kali: kolom {there} dan {here}",
                        en=f"{format_date(day, 'en')} is there twice: columns {there} and {here}",
                    ),
                    remedy=Bilingual(
                        id="Hapus salah satu kolomnya; kolom tersalin membawa tanggal yang tersembunyi.",
                        en="Delete one of the columns; a copied column brings its hidden date along.",
                    ),
                )
            )
            continue
        first[day] = j
        columns[j] = day
    return columns


def _spread(sheet: Sheet, header: int, columns: Mapping[int, date]) -> dict[tuple[int, int], Cell]:
    """Return the words of merged cells for each further cell that they cover."""
    found: dict[tuple[int, int], Cell] = {}
    for top, left, bottom, right in sheet.merged:
        if top <= header or left not in columns or top >= len(sheet.rows) or left >= len(sheet.rows[top]):
            continue
        for i in range(top, min(bottom, len(sheet.rows) - 1) + 1):
            for j in range(left, right + 1):
                if (i, j) != (top, left) and j in columns:
                    found[i, j] = sheet.rows[top][left]
    return found


def _row(
    sheet: Sheet,
    i: int,
    id_column: int,
    columns: Mapping[int, date],
    spread: Mapping[tuple[int, int], Cell],
) -> GridRow:
    row = sheet.rows[i]
    cells = {}
    for j, day in columns.items():
        own = row[j] if j < len(row) else None
        covered = (i, j) in spread and not text_of(own)
        cell = spread[i, j] if covered else own
        text = text_of(cell)
        address = Address(sheet.name, f"{letters_of(j + 1)}{i + 1}")
        is_formula = isinstance(cell, Unreadable)
        cells[day] = GridCell(address, text, None if is_formula else status_of(text), is_formula, covered)
    first_day = min(columns, default=0)
    return GridRow(
        i + 1,
        text_of(row[id_column]) if id_column < len(row) else "",
        tuple(text for cell in row[id_column + 1 : first_day] if (text := text_of(cell))),
        cells,
    )


def status_of(text: str) -> str | None:
    """Return the status that a cell means; "" where it is empty, None where it cannot be understood.

    A question mark is somebody's doubt, so `WFH?` is not taken for an answer.
    """
    words = words_of(text)
    if "?" in text:
        return None
    if not words:
        return ""
    if words in PLACES:
        return PLACES[words]
    if words in _OFF_WORDS:
        return OFF
    return KIND_OF.get(words) or _FURTHER.get(words)


def letters_of(column: int) -> str:
    """Return the letters by which Excel names a column, counted from 1."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
