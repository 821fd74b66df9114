"""The rules and readings that a roster follows, with its letter, revision and tweaks: a sheet of plain text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from scheduler.constraints.base import Rule
from scheduler.language import Bilingual, Language, format_date
from scheduler.roster import Roster, UnitResult
from scheduler.write.labels import format_period
from scheduler.write.page_layout import A4, Printing, lines_needed
from scheduler.write.sheet_page import Page
from scheduler.write.text import one_line

WIDTHS = (34, 108)


def describe_settings(rule: Rule) -> str:
    """Return a rule's settings that differ from their defaults, as `share = 50%; for: rank = pelaksana`.

    The words are those of policy.toml, so that whoever reads them finds them there.
    """
    given = {
        (rule.__class__.model_fields[name].alias or name): getattr(rule, name)
        for name in rule.__class__.model_fields
        if name != "name"
        and getattr(rule, name) != rule.__class__.model_fields[name].get_default(call_default_factory=True)
    }
    return "; ".join(f"{key} = {_describe(value)}" for key, value in given.items())


def _describe(value: Any) -> str:
    if isinstance(value, Fraction):
        percent = value * 100
        return f"{percent}%" if percent.denominator == 1 else str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_describe(item)}" for key, item in value.items()) + " }"
    if isinstance(value, (tuple, list, set, frozenset)):
        items = sorted(value, key=str) if isinstance(value, (set, frozenset)) else value
        return ", ".join(_describe(item) for item in items)
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "model_dump"):
        return _describe(value.model_dump(by_alias=True, exclude_defaults=True))
    return str(value)


def all_readings(roster: Roster, results: Iterable[UnitResult]) -> list[tuple[str, Bilingual]]:
    """Return key and text of the policy's readings and of those of the results, each once, in order."""
    readings = [
        *roster.problem.policy.readings,
        *(reading for result in results for reading in result.readings),
    ]
    return list(dict.fromkeys((reading.key, reading.text) for reading in readings))


def all_rules(results: Iterable[UnitResult], policy_rules: Iterable[Rule]) -> list[Rule]:
    """Return every rule once by its label, in the order of the policy, then of the units."""
    by_label: dict[str, Rule] = {}
    for rule in (*policy_rules, *(rule for result in results for rule in result.unit.rules)):
        by_label.setdefault(rule.label, rule)
    return list(by_label.values())


def letter_facts(roster: Roster, language: Language) -> list[tuple[str, str]]:
    """Return what is known of the letter, the period, the revision and the tweaks in force, by heading."""
    id_, policy = language == "id", roster.problem.policy
    letter = policy.letter
    period = format_period(roster.problem.first, roster.problem.last, language)
    facts = [
        ("Kebijakan" if id_ else "Policy", policy.title),
        ("Nomor surat" if id_ else "Letter number", letter.number),
        (
            "Tanggal surat" if id_ else "Date of letter",
            format_date(letter.day, language) if letter.day else "",
        ),
        ("Dikeluarkan oleh" if id_ else "Issued by", letter.issuer),
        ("Hal" if id_ else "Subject", letter.subject),
        ("Periode" if id_ else "Period", period),
        ("Zona waktu" if id_ else "Time zone", policy.timezone),
        ("Revisi" if id_ else "Revision", str(roster.number)),
        (
            "Menggantikan revisi" if id_ else "Replaces revision",
            "" if roster.replaced is None else str(roster.replaced),
        ),
        *((f"--{key.lstrip('-')}", value or "✓") for key, value in roster.flags.items()),
    ]
    return [(key, one_line(value)) for key, value in facts if value]


def write_rules_sheet(page: Page, roster: Roster, results: Sequence[UnitResult]) -> None:
    """Fill the sheet of rules, readings and notes that hold for `results`."""
    at = _start(page, page.say("ATURAN DAN PEMBACAAN", "RULES AND READINGS"))
    at = _write_section(
        page, at, page.say("Surat dan revisi", "Letter and revision"), letter_facts(roster, page.language)
    )
    rules = [
        (rule.label, describe_settings(rule) or page.say("nilai bawaan", "defaults"))
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
        page.text(at, 1, page.say("Tidak ada.", "None."), page.styles.note)
    for key, text in lines:
        at += 1
        page.text(at, 1, one_line(key), page.styles.cell_bold)
        page.text(at, 2, one_line(text), page.styles.cell)
        page.height(at, 12.0 * max(lines_needed(key, WIDTHS[0] - 3), lines_needed(text, WIDTHS[1] - 2)) + 5)
    return at + 2
