"""aliases.xlsx: the senders nobody was found for, to be filled in with Excel by choosing one of the people suggested.

aliases.csv says the same for programs; Excel takes its long numbers for quantities and, in Indonesian, all of it for one
column.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.checkins.names import MOST_SUGGESTED
from scheduler.checkins.people import NO_STAFF, Unknown
from scheduler.checkins.report.tables import suggestions
from scheduler.language import Language
from scheduler.problem import Person
from scheduler.write.text import one_line
from scheduler.write.workbook.package import column_letters, save
from scheduler.write.workbook.page_layout import A4, Printing
from scheduler.write.workbook.sheet_page import Page
from scheduler.write.workbook.styles import Styles

if TYPE_CHECKING:
    from openpyxl import Workbook

SENDER, PERSON, FIRST_SUGGESTION = 1, 2, 3
LINES, SOURCE, LINE = (FIRST_SUGGESTION + MOST_SUGGESTED + n for n in range(3))
HEAD_ROW = 3
WIDTHS = (32.0, 40.0, *(34.0,) * MOST_SUGGESTED, 8.0, 28.0, 8.0)


class SenderStyles(Styles):
    """The workbook's styles with a cell of plain text, and one to be filled in."""

    def __init__(self, workbook: Workbook) -> None:
        super().__init__(workbook)
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

        thin = Side("thin", color="9AA5AF")
        box, plain = Border(thin, thin, thin, thin), Font("Arial", 9)
        left = Alignment("left", "center", wrap_text=True)
        self.cell = self._make(font=plain, border=box, alignment=left, number_format="@")
        self.to_fill = self._make(
            font=plain,
            border=box,
            alignment=left,
            number_format="@",
            fill=PatternFill("solid", fgColor="FFF6D6"),
        )


def write_senders(
    unknown: Sequence[Unknown],
    kept: Mapping[str, str],
    people: Sequence[Person],
    path: Path,
    *,
    language: Language,
    made: date,
) -> None:
    """Write the workbook; what was filled in before stays on top.

    Raises
    ------
    OSError
        Where the path cannot be written.
    """
    from openpyxl import Workbook
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet = book.worksheets[0]
    styles = SenderStyles(book)
    page = Page(sheet, styles, language)
    sheet.title = page.say("Pengirim", "Senders")
    _write_heading(page, styles)
    at = HEAD_ROW
    for sender, person_id in kept.items():
        at += 1
        _write_row(page, at, (sender, person_id), styles)
    first = at + 1
    for entry in unknown:
        if entry.sender in kept:
            continue
        at += 1
        near = [suggestions([person], people) for person in entry.near[:MOST_SUGGESTED]]
        near += [""] * (MOST_SUGGESTED - len(near))
        sender = one_line(entry.sender) or ";".join(entry.ids)
        _write_row(page, at, (sender, "", *near, str(entry.lines), entry.source, str(entry.line)), styles)
    if at >= first:
        last = column_letters(FIRST_SUGGESTION + MOST_SUGGESTED - 1)
        choice = DataValidation(
            type="list",
            formula1=f"=${column_letters(FIRST_SUGGESTION)}{first}:${last}{first}",
            allow_blank=True,
            showErrorMessage=False,
        )
        choice.add(f"{column_letters(PERSON)}{first}:{column_letters(PERSON)}{at}")
        sheet.add_data_validation(choice)
    page.set_print(Printing(A4, 1, 1.0), sheet.title, 1)
    sheet.freeze_panes = f"{column_letters(FIRST_SUGGESTION)}{HEAD_ROW + 1}"
    save(book, {sheet.title: page}, path, made)


def _write_heading(page: Page, styles: SenderStyles) -> None:
    page.set_widths(WIDTHS)
    title = page.say("PENGIRIM YANG BELUM DIKENAL", "SENDERS NOT RECOGNISED")
    page.banner(1, (SENDER, FIRST_SUGGESTION), title, styles.subtitle)
    page.banner(
        2,
        (SENDER, FIRST_SUGGESTION),
        page.say(
            "Pilih orangnya dari daftar di kolom B, atau ketik NIP, id, atau nama lengkapnya; "
            f"{NO_STAFF} bila bukan pegawai. Simpan, tutup, lalu jalankan checkins lagi.",
            "Choose the person from the list in column B, or type NIP, id or full name; "
            f"{NO_STAFF} for who is not of the staff. Save, close, and run checkins again.",
        ),
        styles.line,
    )
    page.height(1, 18)
    page.height(2, 28)
    heads = [
        page.say("Pengirim", "Sender"),
        page.say("Pegawai", "Person id"),
        *(page.say(f"Saran {n + 1}", f"Suggestion {n + 1}") for n in range(MOST_SUGGESTED)),
        page.say("Pesan", "Lines"),
        page.say("Berkas", "First file"),
        page.say("Baris", "First line"),
    ]
    for column, text in enumerate(heads, start=SENDER):
        page.text(HEAD_ROW, column, text, styles.header)


def _write_row(page: Page, at: int, texts: Sequence[str], styles: SenderStyles) -> None:
    for column in range(SENDER, LINE + 1):
        text = texts[column - 1] if column <= len(texts) else ""
        page.text(at, column, text, styles.to_fill if column == PERSON else styles.cell)
