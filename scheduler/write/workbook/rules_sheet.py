"""The rules and readings that a roster follows, with its letter, revision and tweaks: a sheet of plain text."""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.roster import Roster, UnitResult
from scheduler.write.facts import all_readings, all_rules, describe_rule, letter_facts
from scheduler.write.text import one_line
from scheduler.write.workbook.page_layout import A4, Printing, lines_needed
from scheduler.write.workbook.sheet_page import Page

WIDTHS = (34, 108)


def write_rules_sheet(page: Page, roster: Roster, results: Sequence[UnitResult]) -> None:
    """Fill the sheet of rules, readings and notes that hold for `results`."""
    at = _start(page, page.say("ATURAN DAN PEMBACAAN", "RULES AND READINGS"))
    at = _write_section(
        page, at, page.say("Surat dan revisi", "Letter and revision"), letter_facts(roster, page.language)
    )
    rules = [
        (rule.label, describe_rule(rule, page.language))
        for rule in all_rules(results, roster.problem.policy.rules)
    ]
    at = _write_section(page, at, page.say("Aturan", "Rules"), rules)
    readings = [(key, text.in_language(page.language)) for key, text in all_readings(roster, results)]
    heading = page.say("Pembacaan di mana surat tidak menyebutkan", "Readings where the letter is silent")
    at = _write_section(page, at, heading, readings)
    notes = [
        (result.unit.name, note.in_language(page.language))
        for result in results
        for note in result.audit.notes
    ]
    if notes:
        _write_section(page, at, page.say("Catatan", "Notes"), list(dict.fromkeys(notes)))
    page.set_print(Printing(A4, 1, 1.0), roster.problem.policy.title or roster.problem.name, roster.number)


def _start(page: Page, heading: str) -> int:
    page.set_widths(WIDTHS)
    page.text(1, 1, heading, page.styles.title)
    page.merge(1, 1, len(WIDTHS))
    page.height(1, 22)
    return 3


def _write_section(page: Page, at: int, heading: str, lines: Sequence[tuple[str, str]]) -> int:
    page.text(at, 1, heading, page.styles.heading)
    page.height(at, 18)
    if not lines:
        at += 1
        page.text(at, 1, page.say("Tidak ada.", "None."), page.styles.remark)
    for key, text in lines:
        at += 1
        page.text(at, 1, one_line(key), page.styles.cell_bold)
        page.text(at, 2, one_line(text), page.styles.cell)
        page.height(at, 12.0 * max(lines_needed(key, WIDTHS[0] - 3), lines_needed(text, WIDTHS[1] - 2)) + 5)
    return at + 2
