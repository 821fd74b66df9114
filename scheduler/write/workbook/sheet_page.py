"""One sheet being filled: its cells, and beside them what openpyxl keeps, such as merged areas and comments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.language import Language
from scheduler.write.text import clean, one_line, shorten
from scheduler.write.workbook.package import Rows, column_letters
from scheduler.write.workbook.page_layout import (
    MARGIN_BOTTOM,
    MARGIN_LEFT,
    MARGIN_RIGHT,
    MARGIN_TOP,
    Printing,
)

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from scheduler.write.workbook.styles import Styles


class Page(Rows):
    """The rows of one sheet together with the sheet that they belong to.

    Parameters
    ----------
    sheet : an openpyxl sheet, without cells.
    styles : of the sheet's workbook.
    """

    def __init__(self, sheet: Worksheet, styles: Styles, language: Language) -> None:
        super().__init__()
        self.sheet = sheet
        self.styles = styles
        self.language = language

    def say(self, id: str, en: str) -> str:
        """Return the one of two texts that is in the page's language."""
        return id if self.language == "id" else en

    def merge(self, row: int, first: int, last: int, *, last_row: int = 0) -> None:
        """Join the cells of columns `first` to `last` and rows `row` to `last_row`."""
        last_row = last_row or row
        if (first, row) != (last, last_row):
            self.sheet.merged_cells.add(f"{column_letters(first)}{row}:{column_letters(last)}{last_row}")

    def banner(self, row: int, columns: tuple[int, int], text: str, style: int) -> None:
        """Put a text across some columns, all of one style."""
        first, last = columns
        self.text(row, first, text, style)
        for column in range(first + 1, last + 1):
            self.blank(row, column, style)
        self.merge(row, first, last)

    def comment(self, row: int, column: int, text: str) -> None:
        """Attach a comment, large enough to be read as it opens."""
        from openpyxl.comments import Comment

        lines = sum(1 + len(line) // 30 for line in text.splitlines())
        comment = Comment(clean(text), "giliran", width=230, height=22 + 16 * lines)
        self.sheet.cell(row, column).comment = comment

    def link(self, row: int, column: int, title: str) -> None:
        """Make a cell lead to another sheet."""
        from openpyxl.utils import quote_sheetname
        from openpyxl.worksheet.hyperlink import Hyperlink

        cell = self.sheet.cell(row, column)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"{quote_sheetname(title)}!A1")

    def set_widths(self, widths: tuple[float, ...]) -> None:
        """Set the widths of the columns from A on, in characters."""
        for column, width in enumerate(widths, start=1):
            self.sheet.column_dimensions[column_letters(column)].width = width

    def set_print(self, printing: Printing, footer: str, revision: int) -> None:
        """Set paper, margins, fit to width, and a footer with a name, the revision and the page."""
        from openpyxl.worksheet.header_footer import HeaderFooterItem
        from openpyxl.worksheet.properties import PageSetupProperties

        sheet = self.sheet
        sheet.sheet_view.showGridLines = False
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = printing.paper.number
        sheet.page_setup.fitToWidth = printing.pages_wide
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.print_options.horizontalCentered = True
        margins = sheet.page_margins
        margins.left, margins.right = MARGIN_LEFT, MARGIN_RIGHT
        margins.top, margins.bottom = MARGIN_TOP, MARGIN_BOTTOM
        margins.header = margins.footer = 0.3
        foot = sheet.oddFooter = HeaderFooterItem()
        for part, text in (
            (foot.left, shorten(one_line(footer), 80).replace("&", "&&")),
            (foot.center, f"{self.say('Revisi', 'Revision')} {revision}"),
            (foot.right, self.say("Halaman &P dari &N", "Page &P of &N")),
        ):
            part.text, part.size = text, 8
