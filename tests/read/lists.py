"""Small staff lists built in the test that needs them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from scheduler.errors import Fault, InputError
from scheduler.problem import Person
from scheduler.read.staff import StaffList, read_staff

ANI = "198503152010012001"
BUDI = "197001011995031002"
CITRA = "199012312015042003"
DEDI = "196512201990031004"

Rows = Sequence[Sequence[Any]]


def workbook(path: Path, sheets: Mapping[str, Rows] | Rows, merged: Iterable[str] = ()) -> Path:
    """Write rows (or sheets of rows) to an xlsx file; `merged` are ranges of the first sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    named = sheets if isinstance(sheets, Mapping) else {"Sheet1": sheets}
    for name, rows in named.items():
        sheet = book.create_sheet(name)
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row, 1):
                if value is not None and value != "":
                    sheet.cell(number, column, value)
    for area in merged:
        book.worksheets[0].merge_cells(area)
    book.save(path)
    return path


def read(folder: Path, sheets: Mapping[str, Rows] | Rows, merged: Iterable[str] = ()) -> StaffList:
    """Write a workbook and read it as a staff list."""
    return read_staff(workbook(folder / "daftar.xlsx", sheets, merged))


def read_text(folder: Path, text: str | bytes, name: str = "daftar.csv") -> StaffList:
    """Write a CSV file and read it as a staff list."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_staff(path)


def faults_of(
    folder: Path, sheets: Mapping[str, Rows] | Rows, merged: Iterable[str] = ()
) -> tuple[Fault, ...]:
    """Return the faults that reading raises; fail where it raises none."""
    try:
        read(folder, sheets, merged)
    except InputError as e:
        return e.faults
    raise AssertionError("the list was read without a fault")


def names(staff: StaffList) -> list[str]:
    return [person.name for person in staff.people]


def units(staff: StaffList) -> list[str]:
    return [person.unit for person in staff.people]


def column(staff: StaffList, attribute: str) -> list[Any]:
    return [getattr(person, attribute) for person in staff.people]


def only(staff: StaffList) -> Person:
    (person,) = staff.people
    return person
