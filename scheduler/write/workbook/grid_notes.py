"""The notes beneath a unit's grid: what the words mean, holidays, roles, and what should be known."""

from __future__ import annotations

from scheduler.write.board import holiday_lines
from scheduler.write.labels import SELF_EXPLAINING, STATUS_LABELS, STATUS_MEANINGS
from scheduler.write.text import one_line
from scheduler.write.workbook.grid_layout import GridLayout
from scheduler.write.workbook.page_layout import lines_needed
from scheduler.write.workbook.sheet_page import Page

MOST_NOTES = 12
"""More notes than these stand on the sheet of rules only."""


def note_lines(page: Page, layout: GridLayout) -> list[str]:
    """Return the notes, one to a paragraph."""
    board = layout.board
    lines = [_meanings(page, layout)]
    if board.roles:
        lines.append(
            page.say(
                "Tebal bergaris bawah = bertugas piket atau pemantau hari itu (lihat baris di bawah jumlah).",
                "Bold and underlined = serves at a post or as monitor that day (see the rows beneath the totals).",
            )
        )
    if layout.has_balance:
        lines.append(
            page.say(
                "Saldo = hari WFH dijalani dikurangi bagiannya; minus berarti didahulukan pada periode berikut.",
                "Balance = days at home less the share due; below zero means first in turn next period.",
            )
        )
    holidays = holiday_lines(board.days, page.language)
    if holidays:
        lines.append(f"{page.say('Hari libur', 'Holidays')}: {'; '.join(holidays)}.")
    notes = [one_line(note.in_language(page.language)) for note in board.notes]
    lines += notes[:MOST_NOTES]
    more = len(notes) - MOST_NOTES
    if more > 0:
        lines.append(
            page.say(f"… dan {more} catatan lagi di lembar Aturan.", f"… and {more} more on the sheet Rules.")
        )
    return [line for line in lines if line]


def write_notes(page: Page, layout: GridLayout, at: int, columns: tuple[int, int], beneath: int) -> int:
    """Write the notes into `columns` and return their last row.

    Rows to `beneath` are shared with the signature and keep their height: a long note takes several of them.
    """
    page.text(at, columns[0], page.say("Keterangan", "Notes"), page.styles.note_bold)
    width = layout.width_of(*columns)
    row = at
    for note in note_lines(page, layout):
        text = f"• {note}"
        lines = lines_needed(text, width, size=8)
        first = row + 1
        row = max(first, min(first + lines - 1, beneath))
        page.text(first, columns[0], text, page.styles.note)
        page.merge(first, columns[0], columns[1], last_row=row)
        room = 14.0 * (row - first + 1) if first <= beneath else 0.0
        needed = 10.5 * lines + 3
        if needed > room:
            page.height(row, needed - room + (14.0 if row <= beneath else 0.0))
    return row


def _meanings(page: Page, layout: GridLayout) -> str:
    used = {status for row in layout.board.rows for status in row.statuses} - SELF_EXPLAINING
    return "; ".join(
        f"{STATUS_LABELS[status].in_language(page.language)} = {meaning.in_language(page.language)}"
        for status, meaning in STATUS_MEANINGS.items()
        if status in used
    )
