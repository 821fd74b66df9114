"""The ledgers of earlier periods, put together into the one that a new period begins with (`--history`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from scheduler.errors import Fault, InputError
from scheduler.language import Bilingual, format_date
from scheduler.problem import RANKS, Ledger, LedgerEntry
from scheduler.read.outputs.output_folder import certified_period, read_certificate, resolve_output
from scheduler.read.outputs.own_tables import read_own_table
from scheduler.roster import OFF, STATUSES
from scheduler.table_format import LEDGER_COLUMNS, REMAINDER_COLUMNS, parse_days, parse_role_balances

LEDGER_TABLE = "ledger.csv"
REMAINDER_TABLE = "remainders.csv"
_MOST_DIGITS = 9
_RESTORE = Bilingual(
    id="Pulihkan folder keluaran itu dari cadangan atau dari `revisions/`.",
    en="Restore that output folder from a backup or from its `revisions/`.",
)


class _Period(NamedTuple):
    first: date
    last: date
    folder: Path


class _Book(NamedTuple):
    """What one output folder says."""

    period: _Period
    entries: dict[str, LedgerEntry]
    remainders: dict[tuple[str, str], Fraction]


def read_history(folders: Sequence[Path]) -> Ledger:
    """Return the ledger that the given output folders leave behind, in whatever order they are given.

    For each unit the latest period that knows it counts, for its people and its remainders. `last_day` is the
    latest of all; a stint that was open at the end of an earlier one is dropped.

    Parameters
    ----------
    folders : each the folder of a period, or that of a scenario, whose latest period is taken.

    Raises
    ------
    InputError
        With the faults of all the files, and where periods overlap.
    """
    faults: list[Fault] = []
    books = [book for folder in dict.fromkeys(folders) if (book := _read_book(folder, faults))]
    books.sort(key=lambda book: book.period)
    faults.extend(_overlaps(books))
    if faults:
        raise InputError(faults)
    last_day = books[-1].period.last if books else None
    entries: dict[str, LedgerEntry] = {}
    remainders: dict[tuple[str, str], Fraction] = {}
    for book in books:
        known = {entry.unit for entry in book.entries.values()} | {unit for unit, _ in book.remainders}
        entries = {key: entry for key, entry in entries.items() if entry.unit not in known}
        remainders = {key: left for key, left in remainders.items() if key[0] not in known}
        still_open = book.period.last == last_day
        for person_id, entry in book.entries.items():
            entries[person_id] = entry if still_open else replace(entry, last_status="", last_stint=0)
        remainders.update(book.remainders)
    return Ledger(last_day=last_day, entries=entries, remainders=remainders)


def read_opening_ledger(folder: Path, last_day: date | None) -> Ledger:
    """Return the ledger with which a roster began, from the two tables in its `inputs/`.

    Raises
    ------
    InputError
        With the faults of both tables.
    """
    faults: list[Fault] = []
    entries, remainders = _read_tables(folder, faults)
    if faults:
        raise InputError(faults)
    return Ledger(last_day=last_day, entries=entries, remainders=remainders)


def _read_book(given: Path, faults: list[Fault]) -> _Book | None:
    """Return what one folder says, its faults put to the others; None where it says nothing that can be used."""
    try:
        folder = resolve_output(given)
        period = _Period(*certified_period(read_certificate(folder)), folder)
    except InputError as error:
        faults.extend(error.faults)
        return None
    entries, remainders = _read_tables(folder, faults)
    return _Book(period, entries, remainders)


def _read_tables(
    folder: Path, faults: list[Fault]
) -> tuple[dict[str, LedgerEntry], dict[tuple[str, str], Fraction]]:
    """Return what both tables of a folder hold, empty where one has faults, which are put to the others."""
    entries: dict[str, LedgerEntry] = {}
    remainders: dict[tuple[str, str], Fraction] = {}
    try:
        entries = _read_entries(folder / LEDGER_TABLE)
    except InputError as error:
        faults.extend(error.faults)
    try:
        remainders = _read_remainders(folder / REMAINDER_TABLE)
    except InputError as error:
        faults.extend(error.faults)
    return entries, remainders


def _overlaps(books: Sequence[_Book]) -> list[Fault]:
    faults = []
    for before, after in pairwise(book.period for book in books):
        if after.first <= before.last:
            faults.append(
                Fault(
                    problem=Bilingual(
                        id=f"masanya mulai {format_date(after.first, 'id')}, padahal masa {before.folder} "
                        f"baru berakhir {format_date(before.last, 'id')}",
                        en=f"its period begins on {format_date(after.first, 'en')}, but that of {before.folder} "
                        f"ends on {format_date(before.last, 'en')} only",
                    ),
                    file=str(after.folder),
                    field="--history",
                    remedy=Bilingual(
                        id="Sebutkan hanya masa yang tidak bertumpang tindih.",
                        en="Give only periods that do not overlap.",
                    ),
                )
            )
    return faults


class _Cells:
    """One row of a table; takes each cell as what it should be and collects the faults of those that are not."""

    def __init__(self, table: Path, row: int, columns: Sequence[str], cells: Sequence[str]) -> None:
        self._table, self._row = table, row
        self._cells = dict(zip(columns, cells, strict=True))
        self.faults: list[Fault] = []

    def take(self, field: str, parse: Callable[[str], Any], allowed: Bilingual) -> Any:
        """Return the cell as `parse` understands it; None and a fault where it raises ValueError."""
        value = self._cells[field]
        try:
            return parse(value)
        except (ValueError, ZeroDivisionError):
            self.refuse(field, Bilingual(id="nilai keliru", en="wrong value"), allowed)
            return None

    def refuse(self, field: str, problem: Bilingual, allowed: Bilingual | None = None) -> None:
        """Add a fault of one cell."""
        self.faults.append(
            Fault(
                problem=problem,
                file=str(self._table),
                row=self._row,
                field=field,
                value=self._cells[field],
                allowed=allowed,
                remedy=_RESTORE,
            )
        )


_ANY_TEXT = Bilingual(id="teks, tidak kosong", en="text, not empty")
_A_RANK = Bilingual(id=", ".join(RANKS) + ", atau kosong", en=", ".join(RANKS) + ", or empty")
_DAYS = Bilingual(id="hari dengan titik desimal, misalnya 4.250", en="days with a decimal point, as 4.250")
_COUNT = Bilingual(id="bilangan bulat, 0 atau lebih", en="a whole number, 0 or more")
_ROLES = Bilingual(id="peran=saldo;peran=saldo", en="role=balance;role=balance")
_STATUS = tuple(status for status in STATUSES if status != OFF)
_A_STATUS = Bilingual(id=", ".join(_STATUS) + ", atau kosong", en=", ".join(_STATUS) + ", or empty")
_A_FRACTION = Bilingual(
    id="pecahan dari 0 sampai di bawah 1, misalnya 37/100", en="a fraction from 0 to below 1, as 37/100"
)


def _read_entries(table: Path) -> dict[str, LedgerEntry]:
    rows, faults = read_own_table(table, LEDGER_COLUMNS)
    entries: dict[str, LedgerEntry] = {}
    for row, cells in rows:
        reader = _Cells(table, row, LEDGER_COLUMNS, cells)
        values = {
            "person_id": reader.take("person_id", _text, _ANY_TEXT),
            "unit": reader.take("unit", _text, _ANY_TEXT),
            "rank": reader.take("rank", _one_of(("", *RANKS)), _A_RANK),
            "due": reader.take("due_days", _not_negative_days, _DAYS),
            "home_days": reader.take("home_days", _count, _COUNT),
            "balance": reader.take("balance", parse_days, _DAYS),
            "monday_friday_balance": reader.take("monday_friday_balance", parse_days, _DAYS),
            "role_balances": reader.take("role_balances", parse_role_balances, _ROLES),
            "last_status": reader.take("last_status", _one_of(("", *_STATUS)), _A_STATUS),
            "last_stint": reader.take("last_stint", _count, _COUNT),
        }
        if values["person_id"] in entries:
            reader.refuse("person_id", Bilingual(id="sudah ada di atas", en="stands above already"))
        if not reader.faults:
            entries[values["person_id"]] = LedgerEntry(**values)
        faults.extend(reader.faults)
    if faults:
        raise InputError(sorted(faults, key=lambda fault: fault.row))
    return entries


def _read_remainders(table: Path) -> dict[tuple[str, str], Fraction]:
    rows, faults = read_own_table(table, REMAINDER_COLUMNS)
    remainders: dict[tuple[str, str], Fraction] = {}
    for row, cells in rows:
        reader = _Cells(table, row, REMAINDER_COLUMNS, cells)
        key = reader.take("unit", _text, _ANY_TEXT), reader.take("rule", _text, _ANY_TEXT)
        remainder = reader.take("remainder", _remainder, _A_FRACTION)
        if key in remainders:
            reader.refuse("rule", Bilingual(id="sudah ada di atas", en="stands above already"))
        if not reader.faults:
            remainders[key] = remainder
        faults.extend(reader.faults)
    if faults:
        raise InputError(sorted(faults, key=lambda fault: fault.row))
    return remainders


def _text(value: str) -> str:
    if not value.strip():
        raise ValueError(value)
    return value


def _one_of(allowed: Sequence[str]) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value not in allowed:
            raise ValueError(value)
        return value

    return parse


def _not_negative_days(value: str) -> int:
    if value.startswith("-"):
        raise ValueError(value)
    return parse_days(value)


def _count(value: str) -> int:
    digits = value.removesuffix(".000")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS):
        raise ValueError(value)
    return int(digits)


def _remainder(value: str) -> Fraction:
    if len(value) > 40 or "e" in value.casefold():
        raise ValueError(value)
    fraction = Fraction(value)
    if not 0 <= fraction < 1:
        raise ValueError(value)
    return fraction
