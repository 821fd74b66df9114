"""What makes a unit's sheet work on screen and on paper: lists, colours, frozen panes, page set-up, names."""

from __future__ import annotations

from scheduler.language import Bilingual
from scheduler.write.labels import STATUS_LABELS
from scheduler.write.workbook.grid_foot import Foot
from scheduler.write.workbook.grid_layout import (
    DATE,
    FIRST_DAY,
    FIRST_PERSON,
    GROUP,
    HIDDEN_DATES,
    HIDDEN_UNIT,
    ID,
    MONTH,
    NAME,
    NIP,
    NUMBER,
    TITLE,
    GridLayout,
)
from scheduler.write.workbook.package import column_letters
from scheduler.write.workbook.page_layout import A4, break_before_end, pages_needed
from scheduler.write.workbook.sheet_page import Page
from scheduler.write.workbook.styles import STATUS_COLOURS

NOT_IN_LIST = Bilingual(id="Pilih salah satu dari daftar: ", en="Choose one from the list: ")
MISSED = "FFD58A"
"""The background of a day that misses its target."""

LEAST_SCALE = 0.72
"""A sheet is printed as small as this (letters of 6.5 points) where that saves it a page that is nearly empty."""


def finish_sheet(page: Page, layout: GridLayout, foot: Foot, revision: int) -> None:
    """Add everything but the cells."""
    _set_columns(page, layout)
    _add_list(page, layout)
    _add_colours(page, layout, foot)
    _add_names(page, layout)
    sheet = page.sheet
    sheet.freeze_panes = f"{column_letters(NIP)}{FIRST_PERSON}"
    sheet.sheet_view.zoomScale = 100 if layout.printing.paper == A4 else 90
    page.set_print(layout.printing, layout.board.unit.name, revision)
    sheet.print_title_rows = f"{MONTH}:{DATE}"
    if layout.printing.pages_wide > 1:
        sheet.print_title_cols = f"{column_letters(NUMBER)}:{column_letters(NAME)}"
    _divide_pages(page, layout, foot)


def _set_columns(page: Page, layout: GridLayout) -> None:
    for column in range(ID, layout.last_column + 1):
        dimension = page.sheet.column_dimensions[column_letters(column)]
        if column <= GROUP:
            dimension.hidden, dimension.width = True, 12
        else:
            dimension.width = layout.width(column)


def _add_list(page: Page, layout: GridLayout) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    words = [label.in_language(page.language) for label in STATUS_LABELS.values()]
    choice = DataValidation(
        type="list", formula1=f'"{",".join(words)}"', allow_blank=True, showErrorMessage=True
    )
    choice.errorStyle = "stop"
    choice.errorTitle = "giliran"
    choice.error = NOT_IN_LIST.in_language(page.language) + ", ".join(words)
    choice.add(layout.grid)
    page.sheet.add_data_validation(choice)


def _add_colours(page: Page, layout: GridLayout, foot: Foot) -> None:
    """Colour cells by what stands in them, so that colours follow every change by hand."""
    from openpyxl.formatting.rule import Rule
    from openpyxl.styles import Font, PatternFill
    from openpyxl.styles.differential import DifferentialStyle

    add = page.sheet.conditional_formatting.add
    for status, (background, letters) in STATUS_COLOURS.items():
        word = STATUS_LABELS[status].in_language(page.language)
        look = DifferentialStyle(font=Font(color=letters), fill=PatternFill("solid", bgColor=background))
        add(layout.grid, Rule(type="cellIs", operator="equal", formula=[f'"{word}"'], dxf=look))
    first, last = column_letters(FIRST_DAY), column_letters(layout.last_day)
    look = DifferentialStyle(fill=PatternFill("solid", bgColor=MISSED))
    for counted, target in foot.quotas:
        missed = f"AND(ISNUMBER({first}{target}),{first}{counted}<>{first}{target})"
        add(f"{first}{counted}:{last}{counted}", Rule(type="expression", formula=[missed], dxf=look))


def _add_names(page: Page, layout: GridLayout) -> None:
    from openpyxl.utils import absolute_coordinate, quote_sheetname
    from openpyxl.workbook.defined_name import DefinedName

    first, last = column_letters(FIRST_DAY), column_letters(layout.last_day)
    for name, area in (
        ("giliran_unit", f"B{HIDDEN_UNIT}"),
        ("giliran_dates", f"{first}{HIDDEN_DATES}:{last}{HIDDEN_DATES}"),
        ("giliran_ids", f"A{FIRST_PERSON}:A{layout.last_person}"),
        ("giliran_grid", layout.grid),
    ):
        reference = f"{quote_sheetname(page.sheet.title)}!{absolute_coordinate(area)}"
        page.sheet.defined_names.add(DefinedName(name, attr_text=reference))


def _divide_pages(page: Page, layout: GridLayout, foot: Foot) -> None:
    """Have a sheet printed on fewer pages where it nearly fits, else break it so that the foot has people above it."""
    from openpyxl.worksheet.pagebreak import Break

    heights = [page.height_of(row) for row in range(TITLE, foot.last + 1)]
    repeated = sum(page.height_of(row) for row in range(MONTH, DATE + 1))
    tightest = pages_needed(heights, layout.printing.paper.printable_height / LEAST_SCALE, repeated)
    if tightest == 1:
        page.sheet.page_setup.fitToHeight = 1
        return
    at = break_before_end(heights, foot.first - TITLE, layout.printing.page_height, repeated)
    if not at:
        return
    if tightest <= pages_needed(heights[:at], layout.printing.page_height, repeated):
        page.sheet.page_setup.fitToHeight = (
            tightest  # the end stands on the last of them, being more than it holds
        )
    else:
        page.sheet.row_breaks.append(Break(id=TITLE + at - 1))
