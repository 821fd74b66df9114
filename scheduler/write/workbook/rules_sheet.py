"""The rules and readings that a roster follows, with its letter, revision and tweaks: a sheet of plain text.

The sentences stand in the middle, for whoever signs; on the right, in grey, where they stand in policy.toml or how
the letter could be read otherwise, for whoever writes the policy.
"""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.roster import Roster, UnitResult
from scheduler.write.facts import all_readings, all_rules, letter_facts
from scheduler.write.rule_words import Line, reading_lines, rule_line
from scheduler.write.text import one_line
from scheduler.write.workbook.page_layout import A4, Printing, lines_needed
from scheduler.write.workbook.sheet_page import Page

WIDTHS = (30, 76, 36)


def write_rules_sheet(page: Page, roster: Roster, results: Sequence[UnitResult]) -> None:
    """Fill the sheet of rules, readings and notes that hold for `results`."""
    language = page.language
    rules = all_rules(results, roster.problem.policy.rules)
    at = _start(page, page.say("ATURAN DAN PEMBACAAN", "RULES AND READINGS"))
    facts = [Line(*fact) for fact in letter_facts(roster, language)]
    at = _write_section(page, at, page.say("Surat dan revisi", "Letter and revision"), facts)
    at = _write_section(page, at, page.say("Aturan", "Rules"), [rule_line(rule, language) for rule in rules])
    at = _write_section(
        page,
        at,
        page.say("Pembacaan di mana surat tidak menyebutkan", "Readings where the letter is silent"),
        reading_lines(all_readings(roster, results), rules, language),
    )
    notes = [
        Line(result.unit.name, note.in_language(language))
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


def _write_section(page: Page, at: int, heading: str, lines: Sequence[Line]) -> int:
    """Write a section; one whose lines have nothing on the right takes the whole width for the sentence."""
    page.text(at, 1, heading, page.styles.heading)
    page.height(at, 18)
    if not lines:
        at += 1
        page.text(at, 1, page.say("Tidak ada.", "None."), page.styles.remark)
    divided = any(line.other for line in lines)
    for line in lines:
        at += 1
        page.text(at, 1, one_line(line.about), page.styles.cell_bold)
        page.text(at, 2, one_line(line.text), page.styles.cell)
        page.text(at, 3, one_line(line.other), page.styles.cell_aside)
        wide = WIDTHS[1] + (0 if divided else WIDTHS[2])
        if not divided:
            page.merge(at, 2, 3)
        needed = (
            lines_needed(line.about, WIDTHS[0] - 3),
            lines_needed(line.text, wide - 2),
            lines_needed(line.other, WIDTHS[2]),
        )
        page.height(at, 12.0 * max(needed) + 5)
    return at + 2
