"""Reads policy.toml: the letter as rules and settings. Every fault at once, with its line and the nearest known key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from scheduler.allowed import did_you_mean
from scheduler.constraints import discover
from scheduler.constraints.base import Rule
from scheduler.errors import Fault, PolicyError
from scheduler.language import Bilingual
from scheduler.problem import Letter, Policy, Reading, Signature, WorkingHours
from scheduler.read.objectives import weights_of, weights_reading
from scheduler.read.phases import Phase
from scheduler.read.policy_document import Document, Period
from scheduler.read.policy_faults import Place, Source, unknown_key, validation_fault
from scheduler.read.toml_faults import encoding_fault, syntax_fault


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyFile:
    """A policy with its period as written; the period becomes horizons once the units are known.

    Attributes
    ----------
    source : for faults that only show once people are known.
    places : where each rule stands, by its label.
    phases : of the policy, in order of time; `phase` is the one in force.
    """

    policy: Policy
    period: Period
    source: Source
    places: Mapping[str, Place]
    phases: tuple[Phase, ...] = ()
    phase: Phase | None = None


def load_tables(path: Path) -> tuple[dict[str, Any], str]:
    """Return the tables of a TOML file and its text.

    Raises
    ------
    PolicyError
        Where it is missing, no UTF-8 or no TOML.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise PolicyError([
            Fault(
                file=str(path),
                problem=Bilingual(id="berkas kebijakan tidak ditemukan", en="the policy file does not exist"),
                remedy=Bilingual(id="Buat dengan `giliran init`.", en="Make one with `giliran init`."),
            )
        ]) from None  # fmt: skip
    try:
        # older Notepads save “Unicode” as UTF-16
        text = data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
        return tomllib.loads(text), text
    except UnicodeDecodeError as error:
        raise PolicyError([encoding_fault(str(path), data, error)]) from None
    except tomllib.TOMLDecodeError as error:
        raise PolicyError([syntax_fault(str(path), text, error)]) from None


def parse_policy(tables: Mapping[str, Any], source: Source) -> PolicyFile:
    """Return the policy that these tables express.

    Parameters
    ----------
    tables : of the file, one phase chosen and tweaks applied.
    source : where they came from, to find the lines of faults.

    Raises
    ------
    PolicyError
        With every fault.
    """
    faults: list[Fault] = []
    found = list(_rules(tables.get("rules", {}), source, faults))
    document = None
    try:
        document = Document.model_validate({**tables, "rules": {}})
    except ValidationError as error:
        faults += [validation_fault(e, (), Document, source) for e in error.errors()]
    faults += _same_labels(found, source)
    faults += _overridden(found, source)
    faults += _checkins(tables.get("checkins", {}), source)
    if faults or document is None:
        raise PolicyError(sorted(faults, key=lambda fault: fault.row))
    weights = weights_of(document.objectives)
    policy = Policy(
        title=document.title,
        timezone=document.timezone,
        language=document.language,
        letter=Letter(**document.letter.model_dump()),
        signature=Signature(**document.signature.model_dump()),
        hours=WorkingHours(**document.hours.model_dump()),
        rules=override([rule for _, rule in found if rule.enabled]),
        checkins=document.checkins,
        readings=(
            *(Reading(key=r.key, text=Bilingual(id=r.id, en=r.en)) for r in document.readings),
            *weights_reading(weights),
        ),
        weights=weights,
    )
    places = {rule.label: place for place, rule in found}
    return PolicyFile(policy=policy, period=document.period, source=source, places=places)


def _rules(tables: Any, source: Source, faults: list[Fault]) -> Iterator[tuple[Place, Rule]]:
    known = discover()
    if not isinstance(tables, Mapping):
        faults.append(
            source.fault(
                ("rules",),
                Bilingual(id="harus berupa tabel aturan", en="must be tables of rules"),
                allowed=Bilingual(id="[[rules.NAMA]]", en="[[rules.NAME]]"),
            )
        )
        return
    for key, entries in tables.items():
        if key not in known:
            faults.append(unknown_key(key, sorted(known), ("rules", key), source))
            continue
        for number, entry in enumerate(entries if isinstance(entries, list) else [entries]):
            place: Place = ("rules", key, number)
            try:
                yield place, known[key].model_validate(entry)
            except ValidationError as error:
                faults += [validation_fault(e, place, known[key], source) for e in error.errors()]


def _same_labels(found: list[tuple[Place, Rule]], source: Source) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, rule in found:
        if rule.label in seen:
            yield source.fault(
                place,
                Bilingual(id="dua aturan dengan nama yang sama", en="two rules with the same name"),
                value=rule.name,
                remedy=Bilingual(
                    id="Beri setiap tabel `name` sendiri.", en="Give each table a `name` of its own."
                ),
            )
        seen.add(rule.label)


def _overridden(found: list[tuple[Place, Rule]], source: Source) -> Iterator[Fault]:
    """Yield a fault for each `overrides` that names no other rule of its kind."""
    for place, rule in found:
        name = getattr(rule, "overrides", "")
        others = [other.name for _, other in found if other.key == rule.key and other is not rule]
        if name and name not in others:
            listed = ", ".join(f"“{other}”" for other in others)
            yield source.fault(
                (*place, "overrides"),
                Bilingual(id="tidak ada aturan bernama ini", en="no rule has this name"),
                value=name,
                allowed=Bilingual(id=listed, en=listed) if listed else None,
                remedy=did_you_mean(name, others),
            )


def override(rules: list[Rule]) -> tuple[Rule, ...]:
    """Return the rules, each told whom `overrides` takes from it."""
    taken: dict[tuple[str, str], list[Rule]] = {}
    for rule in rules:
        if name := getattr(rule, "overrides", ""):
            taken.setdefault((rule.key, name), []).append(rule)
    return tuple(
        rule.giving_way_to(taken[rule.key, rule.name]) if (rule.key, rule.name) in taken else rule
        for rule in rules
    )


def _checkins(tables: Any, source: Source) -> Iterator[Fault]:
    """Yield the faults of `[checkins]`, each with its line."""
    from scheduler.checkins.policy import parse_settings

    try:
        parse_settings(tables if isinstance(tables, Mapping) else {"": tables}, source.file)
    except PolicyError as error:
        for fault in error.faults:
            parts = re.findall(r"[A-Za-z_]+|\d+", fault.field)
            where = tuple(int(part) - 1 if part.isdigit() else part for part in parts)
            flag = source.flag_of(where)
            yield replace(
                fault,
                file="" if flag else source.file,
                field=flag or fault.field,
                row=0 if flag else source.line_of(where),
            )
