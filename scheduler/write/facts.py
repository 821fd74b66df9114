"""The letter, the rules and the readings behind a roster, as text for sheets and pages."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from scheduler.constraints.base import Rule
from scheduler.language import WEEKDAYS_EN, Language, format_date
from scheduler.problem import Letter, Reading
from scheduler.roster import Roster, UnitResult
from scheduler.write.labels import format_period
from scheduler.write.text import one_line


def letter_line(letter: Letter, language: Language) -> str:
    """Return the letter that a roster follows, in one line; empty where nothing is known of it."""
    id_ = language == "id"
    parts = [
        one_line(letter.issuer),
        (f"Nomor {letter.number}" if id_ else f"No. {letter.number}") if letter.number else "",
        (("tanggal " if id_ else "of ") + format_date(letter.day, language)) if letter.day else "",
        (("hal " if id_ else "on ") + one_line(letter.subject)) if letter.subject else "",
    ]
    text = " ".join(part for part in parts if part)
    return ("Surat " if id_ else "Letter: ") + text if text else ""


def describe_settings(rule: Rule, without: Container[str] = ()) -> str:
    """Return a rule's settings that differ from their defaults, as `share = 50%; for: rank = pelaksana`.

    The words are those of policy.toml, so that whoever reads them finds them there. Fields `without` are left out.
    """
    given = {
        (rule.__class__.model_fields[name].alias or name): getattr(rule, name)
        for name in rule.__class__.model_fields
        if name != "name"
        and name not in without
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
        items = {key: _weekdays(item) if key == "weekdays" else item for key, item in value.items()}
        return "{ " + ", ".join(f"{key} = {_describe(item)}" for key, item in items.items()) + " }"
    if isinstance(value, (tuple, list, set, frozenset)):
        ordered = sorted(value, key=str) if isinstance(value, (set, frozenset)) else value
        return ", ".join(_describe(item) for item in ordered)
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "model_dump"):
        return _describe(value.model_dump(by_alias=True, exclude_defaults=True))
    return str(value)


def _weekdays(numbers: Iterable[int]) -> list[str]:
    """Return weekdays as a policy writes them."""
    return [WEEKDAYS_EN[number][:3].lower() for number in numbers]


def all_readings(roster: Roster, results: Iterable[UnitResult]) -> list[Reading]:
    """Return the policy's readings and those of the results, each once, in order."""
    readings = (
        *roster.problem.policy.readings,
        *(reading for result in results for reading in result.readings),
    )
    return list(dict.fromkeys(readings))


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
