"""Fonts, colours and borders of the workbook, each made once and known by its number.

The colours differ in lightness as well as in hue, so that they stay apart in grey print and for the
colour-blind; the word in the cell says the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openpyxl import Workbook

FONT = "Arial"
STATUS_COLOURS = {
    "office": ("FFFFFF", "404040"),
    "home": ("A9CDEB", "0B3558"),
    "leave": ("FFE08A", "5C4300"),
    "sick": ("F2B48C", "5F2500"),
    "travel": ("CFE5BE", "254A10"),
    "isolation": ("D8C5E6", "43215C"),
    "hospital": ("E3A0A0", "5E0F0F"),
    "permit": ("FFF3CF", "5C4A12"),
    "study": ("C9D3DC", "26323C"),
    "off": ("E4E4E4", "6B6B6B"),
}
"""Background and letters of each status, as RRGGBB."""

HEADER, TOTAL, SHADE, HOLIDAY = "DCE6EF", "F4F7FA", "E9E9E9", "F3D9D9"
LINE, ACCENT, RED, GREY, LINK = "9AA5AF", "1F4E79", "9C1C1C", "555555", "0B5394"


SIGNED = "[>=0.05]+0.0;[<=-0.05]-0.0;0.0"
"""Tenths with their sign; what rounds to nothing has none."""


class Styles:
    """The cell styles of one workbook; each attribute is the number that a cell refers to."""

    def __init__(self, workbook: Workbook) -> None:  # noqa: PLR0915  # a list of styles is long
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

        self._workbook = workbook
        _set_default_font(workbook, Font(FONT, 10))
        thin, thick = Side("thin", color=LINE), Side("medium", color=ACCENT)
        box, role = Border(thin, thin, thin, thin), Border(thin, thin, thin, thick)

        def align(across: str, down: str = "center", **more: Any) -> Alignment:
            return Alignment(across, down, **more)

        def font(size: float, **more: Any) -> Font:
            return Font(FONT, size, **more)

        def fill(colour: str) -> PatternFill:
            return PatternFill("solid", fgColor=colour)

        centre, wrapped = align("center"), align("center", wrap_text=True)
        shrunk, right = align("center", shrink_to_fit=True), align("right", shrink_to_fit=True, indent=1)
        words = align("left", wrap_text=True, indent=1)
        make = self._make

        # Letterhead and headings
        self.title = make(font=font(13, b=True), alignment=centre)
        self.subtitle = make(font=font(11, b=True), alignment=wrapped)
        self.line = make(font=font(9), alignment=wrapped)
        self.heading = make(font=font(11, b=True, color=ACCENT), alignment=align("left"))
        self.header = make(font=font(9, b=True), fill=fill(HEADER), border=box, alignment=wrapped)
        self.header_small = make(font=font(8, b=True), fill=fill(HEADER), border=box, alignment=wrapped)
        self.header_weekend = make(font=font(8, color=GREY), fill=fill(SHADE), border=box, alignment=shrunk)
        self.header_holiday = make(
            font=font(8, b=True, color=RED), fill=fill(HOLIDAY), border=box, alignment=shrunk
        )
        self.hidden = make(font=font(8, color=GREY))
        self.hidden_day = make(font=font(8, color=GREY), number_format="yyyy-mm-dd")

        # The grid
        self.number = make(font=font(9), border=box, alignment=centre)
        self.name = make(font=font(9), border=box, alignment=words)
        self.nip = make(font=font(8), border=box, alignment=shrunk, number_format="@")
        self.position = make(font=font(8), border=box, alignment=words)
        self.status = make(font=font(9), border=box, alignment=shrunk)
        self.status_long = make(font=font(7), border=box, alignment=wrapped)
        self.status_role = make(font=font(9, b=True, u="single"), border=role, alignment=shrunk)
        self.weekend = make(font=font(9), fill=fill(SHADE), border=box, alignment=shrunk)
        self.holiday = make(font=font(9), fill=fill(HOLIDAY), border=box, alignment=shrunk)
        hatched = PatternFill("lightUp", fgColor="A0A0A0")
        self.not_employed = make(font=font(9), fill=hatched, border=box, alignment=shrunk)
        self.balance = make(font=font(9), border=box, alignment=centre, number_format=SIGNED)

        # Totals, and what stands beneath
        self.total_label = make(font=font(9, b=True), fill=fill(TOTAL), border=box, alignment=right)
        self.total = make(font=font(9, b=True), fill=fill(TOTAL), border=box, alignment=shrunk)
        self.total_list = make(font=font(8, b=True), fill=fill(TOTAL), border=box, alignment=wrapped)
        self.target_label = make(font=font(9, color=GREY), border=box, alignment=right)
        self.target = make(font=font(9, color=GREY), border=box, alignment=shrunk)
        self.note = make(font=font(8), alignment=align("left", "top", wrap_text=True))
        self.remark = make(font=font(9, color=GREY), alignment=align("left"))
        self.note_bold = make(font=font(8, b=True), alignment=align("left"))
        self.sign = make(font=font(10), alignment=align("center", shrink_to_fit=True))
        self.sign_name = make(
            font=font(10, b=True, u="single"), alignment=align("center", shrink_to_fit=True)
        )

        # Tables of the other sheets
        self.cell = make(font=font(9), border=box, alignment=words)
        self.cell_bold = make(font=font(9, b=True), border=box, alignment=words)
        self.cell_aside = make(font=font(8, color=GREY), border=box, alignment=words)
        self.cell_number = make(font=font(9), border=box, alignment=centre, number_format="#,##0")
        self.cell_days = make(font=font(9), border=box, alignment=centre, number_format="0.0")
        self.cell_link = make(font=font(9, color=LINK, u="single"), border=box, alignment=words)
        self.sum_label = make(font=font(9, b=True), fill=fill(HEADER), border=box, alignment=right)
        self.sum_number = make(
            font=font(9, b=True), fill=fill(HEADER), border=box, alignment=centre, number_format="#,##0"
        )
        self.swatch = {
            status: make(font=font(9, color=letters), fill=fill(back), border=box, alignment=shrunk)
            for status, (back, letters) in STATUS_COLOURS.items()
        }

    def _make(self, **parts: Any) -> int:
        from openpyxl.cell import Cell

        cell = Cell(self._workbook.worksheets[0], row=1, column=1)
        for name, value in parts.items():
            setattr(cell, name, value)
        return cell.style_id


def _set_default_font(workbook: Any, font: Any) -> None:
    """Make `font` the workbook's own: its digits are the measure of column widths, here 7 pixels in Windows.

    openpyxl has no public way to replace the font that it starts with.
    """
    workbook._fonts[0] = font
    workbook._named_styles["Normal"].font = font
