"""Opens a workbook or CSV safely as grids of cells, numbered as the program that made the file numbers them."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scheduler.errors import Fault, InputError
from scheduler.language import Bilingual
from scheduler.read.archive import CheckedArchive, Refused, check_archive, check_extent, encrypted
from scheduler.read.cells import Cell, Unreadable
from scheduler.read.delimited import read_delimited

MOST_FILE_BYTES = 50 * 1024 * 1024
SUFFIXES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv", ".tsv", ".txt")

_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_COMPOUND_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet's cells from A1 on.

    Attributes
    ----------
    name : empty for a CSV file.
    rows : `rows[i][j]` is the cell of row i + 1, column j + 1; rows may differ in length.
    merged : rectangles (first row, first column, last row, last column), from 0, both ends included.
    visible : False where the sheet is hidden.
    """

    name: str
    rows: Sequence[Sequence[Cell]]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    visible: bool = True


def open_tables(path: Path) -> tuple[Sheet, ...]:
    """Return every sheet of the file; a CSV file is one sheet.

    Raises
    ------
    InputError
        If the file is missing, too large, locked, broken, hostile or of another kind.
    """
    try:
        return _open(path)
    except Refused as e:
        fault = Fault(problem=e.problem, file=path.name, value=e.value, remedy=e.remedy)
        raise InputError([fault]) from e


def _open(path: Path) -> tuple[Sheet, ...]:
    data = _read_bytes(path)
    if data.startswith(_ZIP):
        archive = check_archive(data)
        return _open_workbook(archive.data, archive)
    if data.startswith(_COMPOUND):
        if _COMPOUND_ENCRYPTED in data:
            raise encrypted()
        return _open_workbook(data, CheckedArchive(data, {}))
    if path.suffix.lower() not in SUFFIXES or path.suffix.lower() in {
        ".xlsx",
        ".xlsm",
        ".xls",
        ".xlsb",
        ".ods",
    }:
        raise Refused(
            Bilingual(id="berkas ini bukan lembar kerja", en="the file is not a workbook"),
            remedy=Bilingual(
                id=f"Yang dapat dibaca: {', '.join(SUFFIXES)}.", en=f"Readable are: {', '.join(SUFFIXES)}."
            ),
        )
    return (Sheet("", [[cell or None for cell in row] for row in read_delimited(data)]),)


def _read_bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise IsADirectoryError(path)
        size = path.stat().st_size
        if size > MOST_FILE_BYTES:
            most = MOST_FILE_BYTES // 1024 // 1024
            raise Refused(
                Bilingual(id=f"berkas lebih besar dari {most} MB", en=f"the file is larger than {most} MB")
            )
        data = path.read_bytes()
    except OSError as e:
        reason = e.strerror or type(e).__name__
        raise Refused(
            Bilingual(id=f"berkas tidak dapat dibuka ({reason})", en=f"the file cannot be opened ({reason})"),
            remedy=Bilingual(
                id="Periksa namanya, dan tutup dahulu bila sedang terbuka di Excel.",
                en="Check its name, and close it first if it is open in Excel.",
            ),
        ) from e
    if not data.strip():
        raise Refused(Bilingual(id="berkas kosong", en="the file is empty"))
    return data


def _open_workbook(data: bytes, archive: CheckedArchive) -> tuple[Sheet, ...]:
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
            unreadable = archive.unreadable.get(archive.sheet_members.get(meta.name, ""), {})
            visible = meta.visible == SheetVisibleEnum.Visible
            sheets.append(_make_sheet(sheet, unreadable, visible))
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


def _make_sheet(sheet: Any, unreadable: Mapping[tuple[int, int], Unreadable], visible: bool) -> Sheet:
    check_extent(sheet.total_height, sheet.total_width)
    rows: list[list[Cell]] = [
        [None if cell == "" else cell for cell in row] for row in sheet.to_python(skip_empty_area=False)
    ]
    for (row, column), mark in unreadable.items():
        while len(rows) <= row:
            rows.append([])
        rows[row].extend([None] * (column + 1 - len(rows[row])))
        rows[row][column] = mark
    merged = tuple(
        (top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    )
    return Sheet(sheet.name, rows, merged, visible)
