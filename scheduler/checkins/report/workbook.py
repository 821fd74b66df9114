"""checkins.xlsx: the recap that each office sends on, a sheet for each section, equal bytes for equal findings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scheduler.checkins.report.content import sections
from scheduler.checkins.report.section import Cell, Column, Mark, Report, Section, period_line, speaker
from scheduler.write.text import one_line, sheet_names
from scheduler.write.workbook.package import column_letters, save
from scheduler.write.workbook.page_layout import A4, Printing, total_points
from scheduler.write.workbook.sheet_page import Page
from scheduler.write.workbook.styles import Styles

if TYPE_CHECKING:
    from openpyxl import Workbook

TONES = {
    "full": ("CFE5BE", "254A10"),
    "part": ("FFE08A", "5C4300"),
    "none": ("E3A0A0", "5E0F0F"),
    "unproven": ("C9D3DC", "26323C"),
    "office": ("FFFFFF", "8A8A8A"),
    "away": ("F1E9F6", "43215C"),
    "off": ("F4F4F4", "6B6B6B"),
}
"""Background and letters of each tone, as RRGGBB; the letters in the cell tell the same."""
HEAD_ROW = 5
LEAST_SCALE = 0.72
"""Below this size letters of 9 points are no longer read with ease: more pages stand side by side instead."""


class MarkStyles(Styles):
    """The workbook's styles with one for each tone, and tables' dates and shares."""

    def __init__(self, workbook: Workbook) -> None:
        super().__init__(workbook)
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

        thin = Side("thin", color="9AA5AF")
        box, centre = Border(thin, thin, thin, thin), Alignment("center", "center", shrink_to_fit=True)

        def make(number_format: str = "General", tone: tuple[str, str] = ("FFFFFF", "000000")) -> int:
            return self._make(
                font=Font("Arial", 9, color=tone[1]),
                fill=PatternFill("solid", fgColor=tone[0]),
                border=box,
                alignment=centre,
                number_format=number_format,
            )

        self.tones = {name: make(tone=colours) for name, colours in TONES.items()}
        self.day = make("dd/mm/yyyy")
        self.share = make("0%")


def write_workbook(report: Report, path: Path) -> None:
    """Write the workbook.

    Raises
    ------
    OSError
        Where the path cannot be written.
    """
    from openpyxl import Workbook

    parts = sections(report)
    book = Workbook()
    for _ in parts[1:]:
        book.create_sheet()
    styles = MarkStyles(book)
    rows: dict[str, Any] = {}
    for sheet, section, title in zip(
        book.worksheets, parts, sheet_names(s.title for s in parts), strict=True
    ):
        sheet.title = title
        rows[title] = page = Page(sheet, styles, report.language)
        _fill(page, section, report, styles)
    days = report.findings.roster.days
    save(book, rows, path, days[-1] if days else date(2000, 1, 1))


def _fill(page: Page, section: Section, report: Report, styles: MarkStyles) -> None:
    say = speaker(report.language)
    width = len(section.columns)
    page.set_widths(tuple(column.width for column in section.columns))
    heading = f"{say('Presensi WFH', 'Check-ins')}: {section.title}"
    frozen = next((i for i, c in enumerate(section.columns) if c.kind not in ("text", "day")), 0)
    named = max(1, min(frozen, 3))
    printed = section.columns[: section.on_paper]
    pages = _pages_wide(printed, named)
    across = (
        max(1, min(len(printed), 8)) if pages == 1 else named
    )  # a title over columns that are repeated is never cut
    for row, (text, style) in enumerate(
        ((heading, styles.title), (one_line(report.heading), styles.subtitle), (period_line(report), styles.line)), start=1
    ):  # fmt: skip
        page.text(row, 1, text, style)
        page.merge(row, 1, across)
    page.text(HEAD_ROW - 1, 1, section.note, styles.note)
    page.merge(HEAD_ROW - 1, 1, across)
    page.height(
        HEAD_ROW - 1,
        13.0 * (1 + len(section.note) // max(40, int(sum(c.width for c in section.columns[:across])))),
    )
    for index, column in enumerate(section.columns, start=1):
        page.text(HEAD_ROW, index, column.title, styles.header)
    page.height(HEAD_ROW, 42 if any(len(c.title) > 1.6 * c.width for c in section.columns) else 28)
    for row, cells in enumerate(section.rows, start=HEAD_ROW + 1):
        _row(page, row, cells, section.columns, styles)
    last = HEAD_ROW + len(section.rows)
    sheet = page.sheet
    sheet.freeze_panes = f"{column_letters(named + 1)}{HEAD_ROW + 1}"
    if section.rows and section.key not in ("summary", "sources"):
        sheet.auto_filter.ref = f"A{HEAD_ROW}:{column_letters(width)}{last}"
    if len(printed) < width:
        sheet.print_area = f"A1:{column_letters(len(printed))}{last}"
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
    if pages > 1:
        sheet.print_title_cols = f"A:{column_letters(named)}"
    page.set_print(Printing(A4, pages, 1.0), report.heading, 1)
    foot = sheet.oddFooter
    assert foot is not None
    foot.center.text = say("untuk ditinjau, bukan untuk menghukum", "for review, not for punishment")


def _pages_wide(columns: Sequence[Column], named: int) -> int:
    """Return how many pages must stand side by side to be read, where each repeats the `named` first columns."""
    whole, repeated = (total_points(column.width for column in part) for part in (columns, columns[:named]))
    page = A4.printable_width / LEAST_SCALE
    return 1 if whole <= page else max(2, ceil((whole - repeated) / (page - repeated)))


def _row(page: Page, row: int, cells: Sequence[Cell], columns: Sequence[Column], styles: MarkStyles) -> None:
    if len(cells) == 1 and isinstance(cells[0], str):  # a remark under the line before
        page.text(row, 1, cells[0], styles.note)
        page.merge(row, 1, len(columns))
        page.height(row, 3 + 11.0 * ceil(len(cells[0]) * 0.9 / sum(column.width for column in columns)))
        return
    deep = 1
    for index, (cell, column) in enumerate(zip(cells, columns, strict=True), start=1):
        if isinstance(cell, str):
            deep = max(deep, ceil(len(cell) * 1.1 / column.width))
        if isinstance(cell, Mark):
            page.text(row, index, cell.text, styles.tones.get(cell.tone, styles.cell))
        elif cell is None or cell == "":
            page.blank(row, index, styles.cell)
        elif isinstance(cell, str):
            page.text(row, index, one_line(cell), styles.cell)
        elif isinstance(cell, date):
            page.day(row, index, cell, styles.day)
        else:
            page.number(row, index, cell, styles.share if column.kind == "percent" else styles.cell_number)
    if deep > 1:
        page.height(row, 3 + 12.0 * min(deep, 12))
