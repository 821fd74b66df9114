"""Rows of cells as text, and a workbook saved to the same bytes whenever its content is the same.

openpyxl makes everything about a workbook but the rows: it writes formulas without their values (so that
viewers show nothing), takes some 15 µs a cell, and stamps the clock into the file. Here rows are written with
the value beside each formula, and the package with fixed times.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from html import escape
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from scheduler.write.text import clean

if TYPE_CHECKING:
    from openpyxl import Workbook

_EPOCH = date(1899, 12, 30).toordinal()
_MEMBER_TIME = (1980, 1, 1, 0, 0, 0)
_ROWS = re.compile(r"<sheetData\s*/>|<sheetData>.*?</sheetData>", re.DOTALL)
_DIMENSION = re.compile(r"<dimension [^>]*>")


def column_letters(column: int) -> str:
    """Return the letters of a column counted from 1: 28 is AB."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


class Rows:
    """The cells of one sheet; rows and columns count from 1, `style` is an id of `Styles`.

    A text stays a text whatever it begins with: only `formula` makes formulas.
    """

    def __init__(self) -> None:
        self._cells: dict[int, dict[int, str]] = {}
        self._heights: dict[int, float] = {}
        self._hidden: set[int] = set()
        self._letters: dict[int, str] = {}

    def text(self, row: int, column: int, text: str, style: int = 0) -> None:
        """Put a text; an empty one leaves a blank cell with its style."""
        if not text:
            self._put(row, column, style, "", "")
            return
        kept = ' xml:space="preserve"' if text != text.strip() or "\n" in text or "  " in text else ""
        value = escape(clean(text), quote=False)
        self._put(row, column, style, ' t="inlineStr"', f"<is><t{kept}>{value}</t></is>")

    def number(self, row: int, column: int, value: float, style: int = 0) -> None:
        """Put a number."""
        self._put(row, column, style, "", f"<v>{value!r}</v>")

    def day(self, row: int, column: int, day: date, style: int = 0) -> None:
        """Put a date, as the serial number that spreadsheets count with."""
        self._put(row, column, style, "", f"<v>{day.toordinal() - _EPOCH}</v>")

    def formula(self, row: int, column: int, formula: str, value: float, style: int = 0) -> None:
        """Put a formula (without `=`) together with the value it has."""
        self._put(row, column, style, "", f"<f>{escape(formula, quote=False)}</f><v>{value!r}</v>")

    def blank(self, row: int, column: int, style: int) -> None:
        """Put an empty cell with a style."""
        self._put(row, column, style, "", "")

    def height(self, row: int, points: float, *, hidden: bool = False) -> None:
        """Fix the height of a row, or hide it."""
        self._heights[row] = points
        if hidden:
            self._hidden.add(row)

    def height_of(self, row: int) -> float:
        """Return the height of a row in points; 15 where none was fixed."""
        return self._heights.get(row, 15.0)

    @property
    def dimension(self) -> str:
        """The rectangle of all cells, such as `A1:K20`; there must be some."""
        columns = [column for row in self._cells.values() for column in (min(row), max(row))]
        first, last = min(self._cells), max(self._cells)
        return f"{column_letters(min(columns))}{first}:{column_letters(max(columns))}{last}"

    def to_xml(self) -> str:
        """Return the `sheetData` element (ECMA-376, part 1, 18.3.1.80)."""
        lines = []
        for row in sorted(self._cells.keys() | self._heights.keys()):
            cells = self._cells.get(row, {})
            height = f' ht="{self._heights[row]:g}" customHeight="1"' if row in self._heights else ""
            hidden = ' hidden="1"' if row in self._hidden else ""
            body = "".join([cells[column] for column in sorted(cells)])
            lines.append(f'<row r="{row}"{height}{hidden}>{body}</row>')
        return f"<sheetData>{''.join(lines)}</sheetData>"

    def _put(self, row: int, column: int, style: int, kind: str, body: str) -> None:
        letters = self._letters.get(column)
        if letters is None:
            letters = self._letters[column] = column_letters(column)
        cell = (
            f'<c r="{letters}{row}" s="{style}"{kind}>{body}</c>'
            if body
            else f'<c r="{letters}{row}" s="{style}"/>'
        )
        self._cells.setdefault(row, {})[column] = cell


def save(workbook: Workbook, rows: Mapping[str, Rows], path: Path, made: date) -> None:
    """Write a workbook whose sheets have the given rows, by title; `made` is printed as its date.

    Raises
    ------
    OSError
        Where the path cannot be written.
    """
    from openpyxl.writer.excel import ExcelWriter

    workbook.properties.created = workbook.properties.modified = datetime(made.year, made.month, made.day)  # noqa: DTZ001
    paths = {
        f"xl/worksheets/sheet{n}.xml": rows[title] for n, title in enumerate(workbook.sheetnames, start=1)
    }
    with path.open("wb") as stream, _Archive(stream, paths) as archive:
        ExcelWriter(workbook, archive).write_data()


class _Archive(ZipFile):
    """A zip file without clock, into whose sheets the rows are put."""

    def __init__(self, stream: IO[bytes], rows: Mapping[str, Rows]) -> None:
        super().__init__(stream, "w", ZIP_DEFLATED)
        self._rows = rows

    def writestr(self, zinfo_or_arcname: str | ZipInfo, data: Any, *_: Any, **__: Any) -> None:
        name = zinfo_or_arcname if isinstance(zinfo_or_arcname, str) else zinfo_or_arcname.filename
        member = ZipInfo(name, _MEMBER_TIME)
        member.compress_type = ZIP_DEFLATED
        member.external_attr = 0o600 << 16
        member.create_system = 3
        super().writestr(member, data)

    def write(self, filename: Any, arcname: Any = None, *_: Any, **__: Any) -> None:
        name = str(arcname)
        self.writestr(name, _with_rows(Path(filename).read_text("utf-8"), self._rows[name]).encode())


def _with_rows(sheet: str, rows: Rows) -> str:
    sheet = _DIMENSION.sub(lambda _: f'<dimension ref="{rows.dimension}"/>', sheet, count=1)
    # Text that is meant as text (NIP, COUNTIF beside dates) gets no green corner in Excel.
    area = rows.dimension
    quiet = f'<ignoredErrors><ignoredError sqref="{area}" numberStoredAsText="1" formulaRange="1" formula="1"/></ignoredErrors>'
    at = next(
        (i for mark in ("<drawing ", "<legacyDrawing", "</worksheet>") if (i := sheet.find(mark)) >= 0),
        len(sheet),
    )
    sheet = sheet[:at] + quiet + sheet[at:]
    return _ROWS.sub(lambda _: rows.to_xml(), sheet, count=1)
