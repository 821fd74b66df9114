"""Where everything stands on a unit's sheet: rows and columns counted from 1.

What lets the sheet be read back, whatever was sorted or inserted by hand:

* column A (hidden) holds each person's id; column B (hidden) the person's quotas, as `;0;2;`;
* row 1 (hidden) begins with `giliran:unit`, followed by the unit's full name and `giliran:revision=` with its number,
  which outlive the workbook's properties where it is saved as .ods, .xls or .csv;
* row 2 (hidden) begins with `giliran:dates` and holds the real date above each day's column;
* names of the sheet: `giliran_unit`, `giliran_dates`, `giliran_ids`, `giliran_grid`.

An empty cell is "off" in a column of a day off, and "not employed" in a working day's.
"""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.write.board import Board
from scheduler.write.workbook.package import column_letters
from scheduler.write.workbook.page_layout import (
    POINTS_PER_CHARACTER,
    Printing,
    Widths,
    choose_printing,
    choose_widths,
    total_points,
)

ID, GROUP, NUMBER, NAME, NIP, POSITION, FIRST_DAY = range(1, 8)
(HIDDEN_UNIT, HIDDEN_DATES, TITLE, UNIT_NAME, PERIOD, LETTER, GAP, MONTH, WEEKDAY, DATE, FIRST_PERSON) = (
    range(1, 12)
)


@dataclass(frozen=True, slots=True)
class GridLayout:
    """The coordinates of one board on its sheet."""

    board: Board
    widths: Widths
    printing: Printing

    @property
    def last_day(self) -> int:
        """The column of the last day."""
        return FIRST_DAY + len(self.board.days) - 1

    @property
    def home_total(self) -> int:
        """The column of each person's days at home; days at the office and other days follow."""
        return self.last_day + 1

    @property
    def has_balance(self) -> bool:
        """Whether anybody takes turns, so that a column shows the balances."""
        return any(row.balance is not None for row in self.board.rows)

    @property
    def balance(self) -> int:
        """The column of the balances."""
        return self.last_day + 4

    @property
    def last_column(self) -> int:
        """The last column in use."""
        return self.balance if self.has_balance else self.last_day + 3

    @property
    def last_person(self) -> int:
        """The row of the last person."""
        return FIRST_PERSON + max(1, len(self.board.rows)) - 1

    def width(self, column: int) -> float:
        """Return the width in characters of a column that is shown."""
        fixed = {
            NUMBER: self.widths.number,
            NAME: self.widths.name,
            NIP: self.widths.nip,
            POSITION: self.widths.position,
        }
        if column <= POSITION:
            return fixed[column]
        if column <= self.last_day:
            return self.widths.of_day(self.board.days[column - FIRST_DAY].kind)
        return self.widths.total

    def width_of(self, first: int, last: int) -> float:
        """Return the width in characters of the columns from `first` to `last`."""
        return sum(self.width(column) for column in range(first, last + 1))

    @property
    def last_banner_column(self) -> int:
        """The last column of the first printed page, up to which the letterhead is centred."""
        if self.printing.pages_wide == 1:
            return self.last_column
        room = self.printing.paper.printable_width / self.printing.scale / POINTS_PER_CHARACTER
        column = NAME
        while self.width_of(NUMBER, column + 1) <= room:
            column += 1
        return column

    def days_of(self, row: int) -> str:
        """Return the reference to one person's days."""
        return f"{column_letters(FIRST_DAY)}{row}:{column_letters(self.last_day)}{row}"

    def people_of(self, column: int) -> str:
        """Return the reference to one column of all people."""
        letters = column_letters(column)
        return f"{letters}${FIRST_PERSON}:{letters}${self.last_person}"

    @property
    def grid(self) -> str:
        """The reference to the cells that hold statuses."""
        return f"{column_letters(FIRST_DAY)}{FIRST_PERSON}:{column_letters(self.last_day)}{self.last_person}"


def make_layout(board: Board) -> GridLayout:
    """Return the layout of a board: its widths, and the paper that they call for."""
    widths = choose_widths(board)
    draft = GridLayout(board, widths, choose_printing(1.0))
    width = total_points(draft.width(column) for column in range(NUMBER, draft.last_column + 1))
    repeated = total_points((widths.number, widths.name))
    return GridLayout(board, widths, choose_printing(width, repeated))
