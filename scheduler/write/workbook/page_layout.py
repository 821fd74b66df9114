"""Paper, columns and page breaks of a printed grid, as plain arithmetic.

F4 (215 × 330 mm), the usual paper of Indonesian offices, has no number in a workbook; a sheet set for A4 fits it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from scheduler.write.board import Board

POINTS_PER_CHARACTER = 5.25
"""A column's width is counted in characters of 7 pixels (Excel's default font), a pixel being 0.75 points."""

MARGIN_LEFT, MARGIN_RIGHT, MARGIN_TOP, MARGIN_BOTTOM = 0.6, 0.4, 0.5, 0.6
"""Inches; the left one leaves room for binding."""


_EMS = {
    **dict.fromkeys("fijlrtI.,;:'()[]/|-", 0.32),
    **dict.fromkeys("ckszvxyJ", 0.52),
    **dict.fromkeys("mMW@%", 0.88),
}
"""Widths of letters that differ much from the others of their case (Arial's metrics, rounded up)."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet of paper in landscape: its number (ECMA-376, part 1, 18.3.1.63), width and height in points."""

    number: int
    width: float
    height: float

    @property
    def printable_width(self) -> float:
        """Points between the side margins."""
        return self.width - 72 * (MARGIN_LEFT + MARGIN_RIGHT)

    @property
    def printable_height(self) -> float:
        """Points between top and bottom margins."""
        return self.height - 72 * (MARGIN_TOP + MARGIN_BOTTOM)


A4, A3 = Paper(9, 841.9, 595.3), Paper(8, 1190.6, 841.9)


@dataclass(frozen=True, slots=True)
class Printing:
    """The paper, how many pages stand side by side, and the scale that results (1 is full size)."""

    paper: Paper
    pages_wide: int
    scale: float

    @property
    def page_height(self) -> float:
        """Points of rows, at full size, that one page takes."""
        return self.paper.printable_height / self.scale


def choose_printing(width: float, repeated: float = 0.0) -> Printing:
    """Return how a grid of `width` points prints so that its 9-point letters stay readable (above 6 points).

    A4 on one page, else A3 on one page, else A3 on several, of which each repeats `repeated` points of names.
    """
    for paper, pages, least in ((A4, 1, 0.72), (A3, 1, 0.66)):
        scale = min(1.0, paper.printable_width / width)
        if scale >= least:
            return Printing(paper, pages, scale)
    pages = ceil((width - repeated) / (A3.printable_width / 0.72 - repeated))
    scale = min(1.0, pages * A3.printable_width / (width + (pages - 1) * repeated))
    return Printing(A3, pages, scale)


@dataclass(frozen=True, slots=True)
class Widths:
    """Widths of the grid's columns in characters."""

    number: float
    name: float
    nip: float
    position: float
    workday: float
    weekend: float
    holiday: float
    total: float

    def of_day(self, kind: str) -> float:
        """Return the width of a day's column."""
        return {"work": self.workday, "weekend": self.weekend}.get(kind, self.holiday)


def choose_widths(board: Board) -> Widths:
    """Return columns as wide as a board needs: the more days, the narrower each."""
    tight = board.workday_count > 12
    names = max((len(row.person.display_name) for row in board.rows), default=0)
    positions = max((len(row.person.position) for row in board.rows), default=0)
    nips = any(row.person.nip for row in board.rows)
    return Widths(
        number=4 if len(board.rows) < 1000 else 5,
        name=min(max(names + 1, 16), 22 if tight else 28),
        nip=(17 if tight else 19) if nips else 6,
        position=min(max(positions + 1, 12), 17 if tight else 26),
        workday=4.6 if tight else 6.4,
        weekend=1.9 if tight else 3.4,
        holiday=2.4 if tight else 3.8,
        total=4.8 if tight else 5.6,
    )


def lines_needed(text: str, width: float, *, size: float = 9, bold: bool = False) -> int:
    """Return how many lines a wrapped text takes in a column of `width` characters, in Arial of `size` points."""
    room = max(1.0, width * POINTS_PER_CHARACTER - 4) / (size * (1.06 if bold else 1.0))
    count = 0
    for paragraph in text.splitlines() or [""]:
        count, used = count + 1, 0.0
        for word in paragraph.split():
            wide = _ems(word)
            if used and used + 0.28 + wide > room:
                count, used = count + 1, 0.0
            count += int(wide // room)
            used += wide % room + (0.28 if used else 0.0)
    return count


def _ems(word: str) -> float:
    """Return the width of a word in Arial, in multiples of its size; a little more rather than less."""
    return sum(_EMS.get(c, 0.7 if c.isupper() else 0.56) for c in word)


def rows_on_last_page(heights: Sequence[float], page_height: float, repeated: float) -> int:
    """Return how many of the rows, counted from the last, stand on the last page.

    Parameters
    ----------
    heights : of all printed rows, in points; `repeated` is the height of the rows printed again on each page.
    """
    used, count = 0.0, 0
    for height in heights:
        if used + height > page_height and count:
            used, count = repeated, 0
        used += height
        count += 1
    return count


def pages_needed(heights: Sequence[float], page_height: float, repeated: float) -> int:
    """Return on how many pages the rows stand, of which each but the first repeats `repeated` points."""
    used, count = 0.0, 1
    for height in heights:
        if used + height > page_height and used:
            used, count = repeated, count + 1
        used += height
    return count


USUAL_HEIGHTS = tuple(1 + n / 100 for n in range(-3, 11))
"""What programs make of a page's height in rows: LibreOffice, whose columns are wider, scales more than Excel does."""


def break_before_end(
    heights: Sequence[float], end: int, page_height: float, repeated: float, company: int = 3
) -> int:
    """Return the index of the row before which a page must break so that the end stays in one piece; 0 for none.

    The end is the rows from index `end` on: totals, notes, signature. It never stands alone on a page: it takes
    the `company` rows before it along, as long as a page can hold them, in any program that may print it.
    """
    wanted = max(0, end - company)
    starts = [len(heights) - rows_on_last_page(heights, page_height * h, repeated) for h in USUAL_HEIGHTS]
    if all(start <= wanted for start in starts):
        return 0
    if starts[0] <= wanted:  # the last page where pages hold least: so no program leaves a stub before it
        return starts[0]
    while wanted < end and repeated + sum(heights[wanted:]) > page_height * USUAL_HEIGHTS[0]:
        wanted += 1
    return wanted


def total_points(widths: Iterable[float]) -> float:
    """Return the width in points of columns given in characters."""
    return POINTS_PER_CHARACTER * sum(widths)
