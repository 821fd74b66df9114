"""Workbooks as grids of cells, by calamine."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scheduler.language import Bilingual
from scheduler.read.files.archive import CheckedArchive, encrypted
from scheduler.read.files.cell_scan import MOST_CELLS, Refused, Scanned, check_extent
from scheduler.read.files.cells import Cell

MOST_MERGES = 50_000
"""Merged areas of one sheet."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet's cells from A1 on.

    Attributes
    ----------
    name : empty for a CSV file.
    rows : `rows[i][j]` is the cell of row i + 1, column j + 1; rows may differ in length.
    merged : rectangles (first row, first column, last row, last column), from 0, both ends included.
    visible : False where the sheet is hidden.
    hidden_rows : from 0, those that a filter or a hand hides; known of .xlsx only.
    """

    name: str
    rows: Sequence[Sequence[Cell]]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    visible: bool = True
    hidden_rows: frozenset[int] = frozenset()


def open_with_calamine(data: bytes, archive: CheckedArchive | None = None) -> tuple[Sheet, ...]:
    """Return the sheets of a workbook; `archive` tells the cells without values.

    Raises
    ------
    Refused
        If the workbook is broken or locked, or a sheet is too large.
    """
    from python_calamine import (
        CalamineError,
        CalamineWorkbook,
        PasswordError,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = []
        for meta in workbook.sheets_metadata:
            if meta.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = workbook.get_sheet_by_name(meta.name)
            scanned = Scanned()
            if archive is not None:
                scanned = archive.scanned.get(archive.sheet_members.get(meta.name, ""), scanned)
            visible = meta.visible == SheetVisibleEnum.Visible
            sheets.append(_make_sheet(sheet, scanned, visible))
        return tuple(sheets)
    except PasswordError as e:
        raise encrypted() from e
    except (CalamineError, OSError, ValueError, OverflowError) as e:
        raise _unreadable(str(e)) from e
    except BaseException as e:  # a panic of the reader in Rust is no Exception
        if type(e).__name__ != "PanicException":
            raise
        raise _unreadable(str(e)) from None


def _unreadable(detail: str) -> Refused:
    return Refused(
        Bilingual(id=f"lembar kerja tidak terbaca ({detail})", en=f"the workbook cannot be read ({detail})"),
        remedy=Bilingual(
            id="Buka dengan Excel atau LibreOffice, simpan sebagai .xlsx, lalu ulangi.",
            en="Open it in Excel or LibreOffice, save it as .xlsx and try again.",
        ),
    )


def _make_sheet(sheet: Any, scanned: Scanned, visible: bool) -> Sheet:
    check_extent(sheet.total_height, sheet.total_width)
    rows: list[list[Cell]] = [
        [None if cell == "" else cell for cell in row] for row in sheet.to_python(skip_empty_area=False)
    ]
    for (row, column), mark in scanned.unreadable.items():
        while len(rows) <= row:
            rows.append([])
        rows[row].extend([None] * (column + 1 - len(rows[row])))
        rows[row][column] = mark
    merged = tuple(
        (top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    )
    if (
        len(merged) > MOST_MERGES
        or sum(min(bottom, len(rows)) - top for top, _, bottom, _ in merged if top <= len(rows)) > MOST_CELLS
    ):
        raise Refused(Bilingual(id="terlalu banyak sel gabungan", en="too many merged cells"))
    return Sheet(sheet.name, rows, merged, visible, scanned.hidden_rows)
