"""Opens the small tables beside a staff list (absences, pins, …) and reads their cells, with every fault at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from scheduler.errors import Fault, InputError
from scheduler.language import WEEKDAYS_EN, WEEKDAYS_ID, Bilingual
from scheduler.problem import Person
from scheduler.read.dates import date_of
from scheduler.read.files.cells import Cell, Unreadable, clean, lines_of, stated, text_of, words_of
from scheduler.read.files.tables import open_tables
from scheduler.read.files.workbooks import Sheet
from scheduler.read.people_index import PeopleIndex
from scheduler.read.staff_list.nip import read_id

PERSON = {
    "person": "person id; person; id; pegawai; orang; id pegawai; nama nip; nip nama; nama atau nip; nip atau nama; employee",
    "nip": "nip; nip baru; nip ni pppk; ni pppk; nip pegawai",
    "name": "nama; nama pegawai; nama lengkap; name",
    "unit": "unit; unit kerja; opd; skpd; unor; perangkat daerah",
}
"""Headers of the columns that say who is meant; every table has them."""

_STATUSES: dict[str, Literal["home", "office"]] = {
    **dict.fromkeys(("home", "rumah", "wfh", "dari rumah", "di rumah", "work from home", "bdr"), "home"),
    **dict.fromkeys(("office", "kantor", "wfo", "di kantor", "dari kantor", "work from office"), "office"),
}
_WEEKDAYS = {
    **{name.casefold(): i for i, name in enumerate(WEEKDAYS_ID)},
    **{name.casefold(): i for i, name in enumerate(WEEKDAYS_EN)},
    **{name[:3].casefold(): i for i, name in enumerate(WEEKDAYS_EN)},
    "jum at": 4, "ahad": 6, "sen": 0, "sel": 1, "rab": 2, "kam": 3, "jum": 4, "sab": 5, "min": 6,
}  # fmt: skip


@dataclass(frozen=True)
class SideRow:
    """One filled row: its cells by field, and where it stands."""

    sheet: str
    row: int
    cells: Mapping[str, Cell]

    def text(self, name: str) -> str:
        """Return what the field's cell says; empty where it says nothing."""
        return stated(text_of(self.cells.get(name)))


@dataclass
class SideTable:
    """The rows of a table, the headers of its fields, and the faults found while reading them.

    Read every row, then call `finish`.
    """

    path: Path
    index: PeopleIndex
    rows: list[SideRow] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def add(
        self,
        row: SideRow,
        name: str,
        problem: Bilingual,
        *,
        allowed: Bilingual | None = None,
        value: str | None = None,
        remedy: Bilingual | None = None,
    ) -> None:
        """Note a fault in one cell."""
        self.faults.append(
            Fault(
                problem=problem,
                file=self.path.name,
                sheet=row.sheet,
                row=row.row,
                field=self.headers.get(name, name),
                value=text_of(row.cells.get(name)) if value is None else value,
                allowed=allowed,
                remedy=remedy,
            )
        )

    def person(self, row: SideRow) -> Person | None:
        """Return the person whom the row means; None after noting that nobody, or more than one, is meant."""
        found: Person | None = None
        shown = False
        for name in ("person", "nip", "name"):
            cell = row.cells.get(name)
            text = lines_of(cell)
            if not stated(text):
                continue
            shown = True
            people = self._people(row, name, cell, text)
            if people is None:
                return None
            if found is not None and found.id not in {p.id for p in people}:
                self.add(
                    row,
                    name,
                    Bilingual(
                        id="NIP dan nama menunjuk orang yang berbeda", en="NIP and name mean different people"
                    ),
                )
                return None
            if found is None and len(people) > 1:
                self._ambiguous(row, name, people)
                return None
            found = found or people[0]
        if not shown:
            self.add(row, "person", Bilingual(id="orangnya tidak disebut", en="nobody is named"))
        return found

    def _people(self, row: SideRow, name: str, cell: Cell, text: str) -> list[Person] | None:
        people = self.index.find(text, row.text("unit"))
        if people:
            return people
        if read_id(cell).kind == "lost":
            problem = Bilingual(
                id="NIP tersimpan sebagai angka sehingga digit terakhirnya hilang; format kolom sebagai Teks",
                en="the NIP is stored as a number and has lost its last digits; format the column as Text",
            )
            self.add(row, name, problem)
            return None
        near = ", ".join(self.index.nearest(text))
        problem = Bilingual(
            id="orang ini tidak ada dalam daftar pegawai" + (f"; yang mirip: {near}" if near else ""),
            en="this person is not in the staff list" + (f"; spelt alike: {near}" if near else ""),
        )
        self.add(row, name, problem)
        return None

    def _ambiguous(self, row: SideRow, name: str, people: Sequence[Person]) -> None:
        who = "; ".join(f"{p.display_name}, {p.unit} ({p.id})" for p in people[:5])
        self.add(
            row,
            name,
            Bilingual(
                id=f"nama ini cocok dengan {len(people)} orang: {who}",
                en=f"the name fits {len(people)} people: {who}",
            ),
        )

    def day(self, row: SideRow, name: str) -> date | None:
        """Return the date in a cell; None after noting that there is none."""
        day = date_of(row.cells.get(name)) if row.text(name) else None
        if day is None:
            problem = (
                Bilingual(id="tanggal tidak terbaca", en="the date cannot be read")
                if row.text(name)
                else Bilingual(id="tanggal kosong", en="the date is missing")
            )
            self.add(
                row,
                name,
                problem,
                allowed=Bilingual(
                    id="2021-08-03 atau 3/8/2021 (tanggal dahulu)", en="2021-08-03 or 3/8/2021 (day first)"
                ),
            )
        return day

    def span(self, row: SideRow) -> tuple[date, date] | None:
        """Return first and last day, from two columns or from the one column of a single day."""
        if "from" not in row.cells and "to" not in row.cells and row.text("date"):
            day = self.day(row, "date")
            return (day, day) if day else None
        first, last = self.day(row, "from"), self.day(row, "to")
        if first is None or last is None:
            return None
        if first > last:
            self.add(
                row, "to",
                Bilingual(id=f"hari terakhir sebelum hari pertama ({first})", en=f"the last day is before the first ({first})"),
                remedy=Bilingual(id="Tukar keduanya, atau perbaiki salah satunya.", en="Exchange them, or correct one."),
            )  # fmt: skip
            return None
        return first, last

    def status(self, row: SideRow) -> Literal["home", "office"] | None:
        """Return home or office; None after noting that the cell says neither."""
        status = _STATUSES.get(words_of(row.text("status")))
        if status is None:
            allowed = Bilingual(id="WFH, rumah, WFO, kantor", en="home, WFH, office, WFO")
            self.add(
                row, "status", Bilingual(id="status tidak dikenal", en="unknown status"), allowed=allowed
            )
        return status

    def weekday(self, row: SideRow) -> int | None:
        """Return the weekday (Monday 0); None after noting that the cell names none."""
        weekday = _WEEKDAYS.get(words_of(row.text("weekday")))
        if weekday is None:
            allowed = Bilingual(id=", ".join(WEEKDAYS_ID), en=", ".join(WEEKDAYS_EN))
            self.add(
                row, "weekday", Bilingual(id="hari tidak dikenal", en="unknown weekday"), allowed=allowed
            )
        return weekday

    def finish(self) -> None:
        """Raise every fault noted."""
        if self.faults:
            raise InputError(sorted(self.faults, key=lambda f: f.row))


def open_side_table(
    path: Path, people: Sequence[Person], aliases: Mapping[str, str], required: Sequence[Sequence[str]]
) -> SideTable:
    """Open a table whose columns are known by `aliases` (field to headers, joined by ";").

    Parameters
    ----------
    required : of each inner sequence at least one field must have a column; persons are always required.

    Raises
    ------
    InputError
        If the file cannot be opened or has no row with the required headers.
    """
    fields = {
        alias.strip(): name for name, text in {**PERSON, **aliases}.items() for alias in text.split(";")
    }
    table = SideTable(path, PeopleIndex(people))
    headers: list[tuple[Sheet, int, dict[int, str]]] = []
    for sheet in open_tables(path):
        found = _header(sheet, fields, [("person", "nip", "name"), *required]) if sheet.visible else None
        if found is not None:
            headers.append((sheet, *found))
    if not headers:
        raise InputError([_no_header(path, fields, required)])
    for sheet, top, columns in headers:
        for column, name in columns.items():
            table.headers.setdefault(name, clean(text_of(sheet.rows[top][column])))
        table.rows += _rows(sheet, top, columns, table)
    return table


def _header(
    sheet: Sheet, fields: Mapping[str, str], required: Sequence[Sequence[str]]
) -> tuple[int, dict[int, str]] | None:
    for number, row in enumerate(sheet.rows[:50]):
        columns: dict[int, str] = {}
        for column, cell in enumerate(row):
            name = fields.get(words_of(cell)) if isinstance(cell, str) else None
            if name and name not in columns.values():
                columns[column] = name
        if all(any(name in columns.values() for name in group) for group in required):
            return number, columns
    return None


def _rows(sheet: Sheet, top: int, columns: Mapping[int, str], table: SideTable) -> Iterator[SideRow]:
    for number, row in enumerate(sheet.rows[top + 1 :], top + 2):
        cells = {name: row[c] for c, name in columns.items() if c < len(row) and row[c] is not None}
        filled = SideRow(sheet.name, number, {n: v for n, v in cells.items() if text_of(v)})
        if not filled.cells:
            continue
        broken = [name for name, cell in filled.cells.items() if isinstance(cell, Unreadable)]
        for name in broken:
            table.add(
                filled,
                name,
                Bilingual(id="rumus ini tidak tersimpan nilainya", en="the formula has no stored value"),
            )
        if not broken:
            yield filled


def _no_header(path: Path, fields: Mapping[str, str], required: Sequence[Sequence[str]]) -> Fault:
    wanted = ["person_id", *(" / ".join(group) for group in required)]
    known = ", ".join(
        sorted(alias for alias, name in fields.items() if any(name in group for group in required))
    )
    return Fault(
        problem=Bilingual(
            id=f"baris kepala tabel tidak ditemukan; diperlukan kolom {', '.join(wanted)}",
            en=f"no header row was found; it needs the columns {', '.join(wanted)}",
        ),
        file=path.name,
        remedy=Bilingual(id=f"Nama kolom yang dikenal: {known}.", en=f"Known column names: {known}."),
    )
