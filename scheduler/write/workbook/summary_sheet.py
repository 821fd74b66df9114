"""The summary: one line for each unit, their sum, and the notes of each."""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.language import Bilingual
from scheduler.roster import Roster
from scheduler.write.board import Board
from scheduler.write.facts import letter_line
from scheduler.write.labels import format_period
from scheduler.write.summary import UnitSummary, summarise
from scheduler.write.text import one_line
from scheduler.write.workbook.package import column_letters
from scheduler.write.workbook.page_layout import A4, Printing, lines_needed
from scheduler.write.workbook.sheet_page import Page

WIDTHS = (5, 46, 10, 11, 14, 13, 12, 13, 40)
HEADERS = (
    Bilingual(id="No", en="No"),
    Bilingual(id="Unit kerja", en="Unit"),
    Bilingual(id="Pegawai", en="People"),
    Bilingual(id="Ikut giliran", en="Take turns"),
    Bilingual(id="Target WFH (orang-hari)", en="Target WFH (person-days)"),
    Bilingual(id="WFH (orang-hari)", en="WFH (person-days)"),
    Bilingual(id="Kekurangan", en="Shortfall"),
    Bilingual(id="Selisih saldo (hari)", en="Spread of balances (days)"),
    Bilingual(id="Pembuktian", en="Proof"),
)
TABLE = 6
"""The row of the table's header."""


def write_summary_sheet(page: Page, roster: Roster, boards: Sequence[Board], titles: Sequence[str]) -> None:
    """Fill the summary; `titles` are the names of the units' sheets, to which each line leads."""
    page.set_widths(WIDTHS)
    _write_head(page, roster)
    units = [
        summarise(result, board, page.language) for result, board in zip(roster.results, boards, strict=True)
    ]
    last = _write_table(page, units, titles)
    _write_notes(page, boards, last + 2)
    page.sheet.freeze_panes = f"C{TABLE + 1}"
    page.sheet.print_title_rows = f"{TABLE}:{TABLE}"
    page.set_print(Printing(A4, 1, 1.0), roster.problem.policy.title or roster.problem.name, roster.number)


def _write_head(page: Page, roster: Roster) -> None:
    policy, styles = roster.problem.policy, page.styles
    period = format_period(roster.problem.first, roster.problem.last, page.language)
    revision = f"{page.say('Revisi', 'Revision')} {roster.number}"
    if roster.replaced is not None:
        revision += f" ({page.say('menggantikan revisi', 'replaces revision')} {roster.replaced})"
    lines = (
        (page.say("RINGKASAN JADWAL KERJA", "ROSTER SUMMARY"), styles.title, 20.0),
        (one_line(policy.title), styles.subtitle, 16.0),
        (letter_line(policy.letter, page.language), styles.line, 14.0),
        (f"{page.say('Periode', 'Period:')} {period} · {revision}", styles.line, 14.0),
    )
    for row, (text, style, height) in enumerate(lines, start=1):
        page.text(row, 1, text, style)
        page.merge(row, 1, len(WIDTHS))
        page.height(row, height * lines_needed(text, sum(WIDTHS)) if text else 4)


def _write_table(page: Page, units: Sequence[UnitSummary], titles: Sequence[str]) -> int:
    styles, at = page.styles, TABLE
    for column, header in enumerate(HEADERS, start=1):
        page.text(at, column, header.in_language(page.language), styles.header)
    page.height(at, 30)
    for number, (unit, title) in enumerate(zip(units, titles, strict=True), start=1):
        at += 1
        page.number(at, 1, number, styles.cell_number)
        page.text(at, 2, one_line(unit.name), styles.cell_link)
        page.link(at, 2, title)
        for column, value in enumerate(unit.counts, start=3):
            page.number(at, column, value, styles.cell_number)
        if unit.spread is None:
            page.text(at, 8, "–", styles.cell_days)
        else:
            page.number(at, 8, unit.spread / 1000, styles.cell_days)
        page.text(at, 9, unit.proof, styles.cell)
        lines = max(lines_needed(unit.name, WIDTHS[1] - 2), lines_needed(unit.proof, WIDTHS[8] - 2))
        page.height(at, 12.0 * lines + 5)
    at += 1
    page.banner(at, (1, 2), page.say("Jumlah", "Total"), styles.sum_label)
    for column in range(3, 8):
        letters, value = column_letters(column), sum(unit.counts[column - 3] for unit in units)
        page.formula(at, column, f"SUM({letters}{TABLE + 1}:{letters}{at - 1})", value, styles.sum_number)
    page.banner(at, (8, 9), "", styles.sum_label)
    page.height(at, 17)
    return at


def _write_notes(page: Page, boards: Sequence[Board], at: int) -> None:
    styles, width = page.styles, sum(WIDTHS[2:])
    page.text(at, 1, page.say("Catatan per unit", "Notes by unit"), styles.heading)
    page.height(at, 18)
    notes = [(board.unit.name, note) for board in boards for note in dict.fromkeys(board.notes)]
    if not notes:
        page.text(at + 1, 1, page.say("Tidak ada.", "None."), styles.remark)
    said = ""
    for row, (name, note) in enumerate(notes, start=at + 1):
        text, shown = one_line(note.in_language(page.language)), "" if name == said else one_line(name)
        said = name
        page.banner(row, (1, 2), shown, styles.cell_bold)
        page.banner(row, (3, len(WIDTHS)), text, styles.cell)
        page.height(
            row, 12.0 * max(lines_needed(text, width - 2), lines_needed(shown, sum(WIDTHS[:2]) - 2)) + 5
        )
