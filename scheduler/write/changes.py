"""The change notice of a revision: `changes.txt` to paste into a chat group, `changes.xlsx` for the units' files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from scheduler.language import Bilingual, Language, format_date
from scheduler.notice import Move, Notice
from scheduler.roster import OFF, Roster
from scheduler.write.labels import AWAY, PRIVATE, role_label, status_label, weekday_short
from scheduler.write.text import clean, one_line, sheet_names
from scheduler.write.workbook.package import save
from scheduler.write.workbook.page_layout import A4, Printing, lines_needed
from scheduler.write.workbook.sheet_page import Page

BY_UNIT = Bilingual(id="Per unit", en="By unit")
BY_PERSON = Bilingual(id="Per orang", en="By person")
NONE = Bilingual(id="Tidak ada hari yang berubah.", en="No day changes.")
MANY = 4
"""For so many people a new day off is one line."""

WIDTHS = (5, 30, 26, 20, 16, 16, 52)


def place(status: str, roles: tuple[str, ...], language: Language) -> str:
    """Return where somebody is, with roles; health is nobody's business in a notice (UU 27/2022, article 4)."""
    word = AWAY.in_language(language) if status in PRIVATE else status_label(status, language)
    held = ", ".join(role_label(role, language) for role in roles)
    return (word or "–") + (f" ({held})" if held else "")


def title(notice: Notice, number: int, language: Language) -> str:
    """Return what the notice is: which revision replaces which, and from when."""
    since = format_date(notice.as_of, language)
    if language == "id":
        return f"Perubahan jadwal: revisi {number} menggantikan revisi {notice.replaces}, mulai {since}"
    return f"Changes to the roster: revision {number} replaces revision {notice.replaces}, from {since}"


def changes_text(notice: Notice, number: int, language: Language) -> str:
    """Return the notice as plain text, by unit and day."""
    blocks = [f"*{title(notice, number, language)}*", count_line(notice, language)]
    for unit, of_unit in groupby(notice.moves, key=lambda move: move.unit):
        lines = [f"*{one_line(unit)}*"]
        for day, moves in groupby(of_unit, key=lambda move: move.day):
            lines.append(f"_{format_date(day, language, weekday=True)}_")
            lines += [f"- {line}" for line in day_lines(list(moves), language)]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def count_line(notice: Notice, language: Language) -> str:
    """Return how many person-days of how many people change."""
    if not notice.moves:
        return NONE.in_language(language)
    days, people = len(notice.moves), notice.people
    if language == "id":
        return f"{days} hari-orang berubah untuk {people} orang; yang lain tetap."
    return (
        f"{days} person-day{'s' if days != 1 else ''} of {people} "
        f"{'people' if people != 1 else 'person'} change; all others stay."
    )


def day_lines(moves: Sequence[Move], language: Language) -> list[str]:
    """Return the changes of one unit and day as lines; a day that is off for many is said once."""
    off = [move for move in moves if move.after == OFF]
    if len(off) < MANY:
        return [move_line(move, language) for move in moves]
    word, why = place(OFF, (), language), off[0].why.in_language(language)
    said = f"{len(off)} orang: {word} ({why})" if language == "id" else f"{len(off)} people: {word} ({why})"
    return [said, *(move_line(move, language) for move in moves if move.after != OFF)]


def move_line(move: Move, language: Language) -> str:
    """Return one change as a line: who, from where to where, why."""
    before = place(move.before, move.roles_before, language)
    after = place(move.after, move.roles_after, language)
    return f"{one_line(move.person.display_name)}: {before} → {after} ({move.why.in_language(language)})"


def write_changes(notice: Notice, roster: Roster, folder: Path, language: Language) -> None:
    """Write both files into the folder of a revision."""
    text = changes_text(notice, roster.number, language)
    (folder / "changes.txt").write_bytes(clean_text(text).encode("utf-8"))
    _write_workbook(notice, roster, folder / "changes.xlsx", language)


def clean_text(text: str) -> str:
    """Return a text without control characters, its lines kept."""
    return "\n".join(clean(line) for line in text.split("\n"))


def _write_workbook(notice: Notice, roster: Roster, path: Path, language: Language) -> None:
    from openpyxl import Workbook

    from scheduler.write.workbook.styles import Styles

    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    titles = sheet_names([BY_UNIT.in_language(language), BY_PERSON.in_language(language)])
    sheets = [workbook.create_sheet(name) for name in titles]
    styles = Styles(workbook)
    pages = {sheet.title: Page(sheet, styles, language) for sheet in sheets}
    by_person = sorted(notice.moves, key=lambda move: (move.person.name.casefold(), move.person.id, move.day))
    _write_sheet(pages[titles[0]], notice, roster, notice.moves)
    _write_sheet(pages[titles[1]], notice, roster, by_person)
    workbook.properties.creator = "giliran"
    workbook.properties.title = title(notice, roster.number, language)
    save(workbook, pages, path, roster.problem.policy.letter.day or roster.problem.first)


def _write_sheet(page: Page, notice: Notice, roster: Roster, moves: Sequence[Move]) -> None:
    page.set_widths(WIDTHS)
    for row, text, style in (
        (1, title(notice, roster.number, page.language), page.styles.title),
        (2, one_line(roster.problem.policy.title), page.styles.line),
        (3, count_line(notice, page.language), page.styles.line),
    ):
        page.text(row, 1, text, style)
        page.merge(row, 1, len(WIDTHS))
        page.height(row, 22 if row == 1 else 14)
    for column, heading in enumerate(_headings(page), start=1):
        page.text(5, column, heading, page.styles.header)
    page.height(5, 16)
    for number, move in enumerate(moves, start=1):
        _write_move(page, 5 + number, number, move)
    page.sheet.freeze_panes = "A6"
    page.sheet.print_title_rows = "5:5"
    page.set_print(Printing(A4, 1, 1.0), roster.problem.policy.title or roster.problem.name, roster.number)


def _headings(page: Page) -> Iterator[str]:
    yield "No"
    yield page.say("Nama", "Name")
    yield "Unit"
    yield page.say("Hari", "Day")
    yield page.say("Semula", "Before")
    yield page.say("Menjadi", "After")
    yield page.say("Sebab", "Why")


def _write_move(page: Page, at: int, number: int, move: Move) -> None:
    language, styles = page.language, page.styles
    day = f"{weekday_short(move.day, language)}, {format_date(move.day, language)}"
    texts = (
        one_line(move.person.display_name),
        one_line(move.unit),
        day,
        place(move.before, move.roles_before, language),
        place(move.after, move.roles_after, language),
        one_line(move.why.in_language(language)),
    )
    page.number(at, 1, number, styles.cell_number)
    for column, text in enumerate(texts, start=2):
        page.text(at, column, text, styles.cell_bold if column == 6 else styles.cell)
    lines = max(lines_needed(text, WIDTHS[column] - 2) for column, text in enumerate(texts, start=1))
    page.height(at, 12.0 * lines + 5)
