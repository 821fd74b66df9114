"""The people of a scenario as units, each with its own part of the tables and of the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from scheduler.constraints.base import Rule
from scheduler.constraints.selection import matches
from scheduler.errors import Fault, UsageError
from scheduler.language import Bilingual
from scheduler.problem import Ledger, LedgerEntry, Person, Pin, Preference, Unit, Weights
from scheduler.read.agreement import dropped_pins
from scheduler.read.horizon import Calendar
from scheduler.read.scenario_tables import Absence, PinnedDay


@dataclass
class _Part:
    """What of a scenario's tables and ledger is about one unit."""

    people: list[Person] = field(default_factory=list)
    absences: list[Absence] = field(default_factory=list)
    pins: list[PinnedDay] = field(default_factory=list)
    preferences: list[Preference] = field(default_factory=list)
    entries: dict[str, LedgerEntry] = field(default_factory=dict)
    remainders: dict[tuple[str, str], Fraction] = field(default_factory=dict)


def choose_units(names: Iterable[str], patterns: Sequence[str]) -> frozenset[str]:
    """Return the units that one of the patterns of `--unit` matches.

    Raises
    ------
    UsageError
        Where none does, with the names that there are.
    """
    known = dict.fromkeys(names)
    chosen = frozenset(name for name in known if matches(name, patterns))
    if not chosen:
        asked, listed = ", ".join(patterns), ", ".join(known)
        raise UsageError(
            Bilingual(
                id=f"--unit {asked}: tidak ada unit yang cocok. Yang ada: {listed}.",
                en=f"--unit {asked}: no unit matches. There are: {listed}.",
            )
        )
    return chosen


def make_units(
    people: Iterable[Person],
    rules: tuple[Rule, ...],
    calendar: Calendar,
    ledger: Ledger,
    *,
    absences: Iterable[Absence] = (),
    pins: Iterable[PinnedDay] = (),
    preferences: Iterable[Preference] = (),
    weights: Weights | None = None,
) -> tuple[tuple[Unit, ...], list[Fault]]:
    """Return the units in the order of the list, and the faults of pins that absences leave no day for.

    Everything is shared out in one pass: a province has hundreds of units.

    Parameters
    ----------
    weights : of the objectives, where the policy weighs them against each other.
    """
    parts: dict[str, _Part] = {}
    of: defaultdict[str, list[_Part]] = defaultdict(list)  # who changes units may be in two
    for person in people:
        part = parts.setdefault(person.unit, _Part())
        part.people.append(person)
        of[person.id].append(part)
    for absence in absences:
        for part in of[absence.person_id]:
            part.absences.append(absence)
    for pin in pins:
        for part in of[pin.person_id]:
            part.pins.append(pin)
    for wish in preferences:
        for part in of[wish.person_id]:
            part.preferences.append(wish)
    for person_id, entry in ledger.entries.items():
        for part in of[person_id]:
            part.entries[person_id] = entry
    for key, rest in ledger.remainders.items():
        if key[0] in parts:
            parts[key[0]].remainders[key] = rest
    faults: list[Fault] = []
    units = tuple(
        _unit(name, part, rules, calendar, ledger.last_day, faults, weights) for name, part in parts.items()
    )
    return units, faults


def _unit(
    name: str,
    part: _Part,
    rules: Sequence[Rule],
    calendar: Calendar,
    last_day: date | None,
    faults: list[Fault],
    weights: Weights | None,
) -> Unit:
    horizon = calendar.horizon(part.people[0])
    worked = frozenset(horizon.workdays)
    absences = {
        (a.person_id, day): a.kind
        for a in part.absences
        for day in horizon.workdays
        if a.first <= day <= a.last
    }
    pins = {
        (p.person_id, p.day): Pin(status=p.status, why=p.why, recall=p.recall)
        for p in part.pins
        if p.day in worked
    }
    # Few kinds of rule settle anything here; asking all others for each person-day takes seconds.
    absent = [rule for rule in rules if type(rule).absence_of is not Rule.absence_of]
    pinning = [rule for rule in rules if type(rule).pin_of is not Rule.pin_of]
    for person in part.people:
        for day in horizon.workdays:
            for rule in absent:
                if kind := rule.absence_of(person, day):
                    absences.setdefault((person.id, day), kind)
            for rule in pinning:
                if (pin := rule.pin_of(person, day)) is not None:
                    pins.setdefault((person.id, day), pin)
    faults += dropped_pins(part.people, absences, pins)
    by_id = {person.id: person for person in part.people}
    return Unit(
        name=name,
        people=tuple(part.people),
        horizon=horizon,
        rules=tuple(rules),
        unit_class=part.people[0].unit_class,
        absences={key: kind for key, kind in absences.items() if _is_employed(by_id, key)},
        pins={key: pin for key, pin in pins.items() if key not in absences and _is_employed(by_id, key)},
        preferences=tuple(part.preferences),
        ledger=Ledger(last_day=last_day, entries=part.entries, remainders=part.remainders),
        adjoins=last_day is not None and calendar.adjoins(last_day, part.people[0]),
        weights=weights,
    )


def _is_employed(people: Mapping[str, Person], key: tuple[str, date]) -> bool:
    return people[key[0]].is_employed_on(key[1])
