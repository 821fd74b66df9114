"""How far the cells of a sheet reach, and which have a formula but no value: found before anything is built."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from scheduler.language import Bilingual
from scheduler.read.files.cells import Unreadable

MOST_ROWS = 200_000
MOST_COLUMNS = 300
MOST_CELLS = 5_000_000
"""Rows times columns of one sheet, as readers hold the whole rectangle in memory."""


_REFERENCE = re.compile(r"([A-Za-z]{1,8})(\d{1,9})\Z")


class Refused(Exception):  # noqa: N818 — it is not an error of ours; tables.py turns it into a Fault
    """The file is not opened; `problem` says why, `row` where (0 where it is about all of it)."""

    def __init__(
        self, problem: Bilingual, value: str = "", remedy: Bilingual | None = None, *, row: int = 0
    ) -> None:
        super().__init__(problem.en)
        self.problem = problem
        self.value = value
        self.remedy = remedy
        self.row = row


def check_extent(rows: int, columns: int) -> None:
    """Raise `Refused` where a sheet reaches further than any staff list does."""
    if rows > MOST_ROWS or columns > MOST_COLUMNS or rows * columns > MOST_CELLS:
        raise Refused(
            Bilingual(
                id=f"lembar terlalu besar: isi sampai baris {rows}, kolom {columns}",
                en=f"the sheet is too large: it reaches row {rows}, column {columns}",
            ),
            remedy=Bilingual(
                id=f"Hapus sel yang tersesat jauh dari daftar; batasnya {MOST_ROWS} baris, {MOST_COLUMNS} kolom.",
                en=f"Clear stray cells far from the list; at most {MOST_ROWS} rows, {MOST_COLUMNS} columns.",
            ),
        )


class Scanned(NamedTuple):
    """What a sheet's cells alone do not tell."""

    unreadable: Mapping[tuple[int, int], Unreadable] = {}
    hidden_rows: frozenset[int] = frozenset()


class CellScan:
    """Target of the XML parser: how far cells with values reach, which have a formula but no value, which rows hide."""

    def __init__(self) -> None:
        self.unreadable: dict[tuple[int, int], Unreadable] = {}
        self.hidden_rows: set[int] = set()
        self._row = -1
        self._column = -1
        self._most_row = self._most_column = 0
        self._formula = self._value = self._error = False
        self._in: str = ""
        self._formula_text = self._value_text = ""
        self._repeat_rows = self._ods_column = 0
        self._ods_row = 0
        self._starts: dict[str, Callable[[dict[str, str]], None] | None] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take note of an element that begins."""
        try:
            handler = self._starts[tag]
        except KeyError:
            handler = self._starts[tag] = getattr(
                self, "_start_" + tag.rpartition("}")[2].replace("-", "_"), None
            )
        self._in = ""
        if handler is not None:
            handler(attributes)

    def data(self, text: str) -> None:
        """Keep the text of formulas and values."""
        if self._in == "f":
            self._formula_text += text
        elif self._in == "v":
            self._value_text += text

    def end(self, tag: str) -> None:
        """Forget which element the text belongs to."""
        self._in = ""

    def close(self) -> None:
        """Finish the last cell."""
        self._finish_cell()

    def finish(self) -> Scanned:
        """Return the cells without values, by row and column from 0, and the rows that a filter or a hand hides."""
        self._finish_cell()
        return Scanned(self.unreadable, frozenset(self.hidden_rows))

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._finish_cell()
        number = attributes.get("r", "")
        self._row = int(number) - 1 if number.isascii() and number.isdigit() else self._row + 1
        self._column = -1
        if attributes.get("hidden") in ("1", "true"):
            self.hidden_rows.add(self._row)

    def _start_c(self, attributes: dict[str, str]) -> None:
        self._finish_cell()
        reference = _REFERENCE.match(attributes.get("r", ""))
        if reference:
            self._column = _column_index(reference[1])
            self._row = int(reference[2]) - 1
        else:
            self._column += 1
        self._error = attributes.get("t") == "e"

    def _start_f(self, attributes: dict[str, str]) -> None:
        self._formula = True
        self._in = "f"
        self._reach(self._row, self._column)

    def _start_v(self, attributes: dict[str, str]) -> None:
        self._value = True
        self._in = "v"
        self._reach(self._row, self._column)

    def _start_is(self, attributes: dict[str, str]) -> None:
        self._value, self._value_text = True, "…"
        self._reach(self._row, self._column)

    def _finish_cell(self) -> None:
        if self._error:
            self.unreadable[self._row, self._column] = Unreadable("error", self._value_text)
        elif self._formula and not (self._value and self._value_text):
            self.unreadable[self._row, self._column] = Unreadable("formula", "=" + self._formula_text)
        if self._formula or self._value or self._error:
            self._formula = self._value = self._error = False
            self._formula_text = self._value_text = ""

    def _start_table(self, attributes: dict[str, str]) -> None:
        self._ods_row = self._repeat_rows = 0

    def _start_table_row(self, attributes: dict[str, str]) -> None:
        self._ods_row += self._repeat_rows
        self._repeat_rows = _repeats(attributes, "number-rows-repeated")
        self._ods_column = 0

    def _start_table_cell(self, attributes: dict[str, str]) -> None:
        repeats = _repeats(attributes, "number-columns-repeated")
        if any(key.endswith("}value-type") for key in attributes):
            self._reach(self._ods_row + self._repeat_rows - 1, self._ods_column + repeats - 1)
        self._ods_column += repeats

    def _reach(self, row: int, column: int) -> None:
        if row <= self._most_row and column <= self._most_column:
            return
        self._most_row, self._most_column = max(row, self._most_row), max(column, self._most_column)
        check_extent(self._most_row + 1, self._most_column + 1)


def _column_index(letters: str) -> int:
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


def _repeats(attributes: Mapping[str, str], name: str) -> int:
    for key, value in attributes.items():
        if key.endswith("}" + name):
            return min(int(value), 10**9) if value.isascii() and value.isdigit() else 1
    return 1
