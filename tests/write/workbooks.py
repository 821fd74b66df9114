"""Ways to look into a workbook from the tests."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from openpyxl import load_workbook

ROW_OF_IDS = 11
FIRST_DAY = 7


def formulas(path: Path) -> Any:
    """The workbook with its formulas."""
    return load_workbook(path)


def values(path: Path) -> Any:
    """The workbook with the values that a viewer shows without calculating."""
    return load_workbook(path, data_only=True)


def row_of(sheet: Any, text: str, column: int = 3) -> int:
    """The row whose cell in `column` is `text`."""
    return next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, column).value == text)


def column_texts(sheet: Any, column: int = 3) -> list[str]:
    """All texts of a column."""
    return [
        str(sheet.cell(row, column).value)
        for row in range(1, sheet.max_row + 1)
        if sheet.cell(row, column).value
    ]


def all_texts(sheet: Any) -> str:
    """Every text of a sheet, a line each."""
    return "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)


def part(path: Path, name: str) -> str:
    """The text of one part of the package."""
    with ZipFile(path) as archive:
        return archive.read(name).decode()


def formula_cells(path: Path, sheet: str = "xl/worksheets/sheet1.xml") -> list[tuple[str, str]]:
    """Coordinate and cached value of every formula."""
    return re.findall(r'<c r="([A-Z]+\d+)"[^>]*><f>[^<]*</f><v>([^<]*)</v></c>', part(path, sheet))
