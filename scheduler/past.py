"""What days before the first that may change have broken already, told from what could still be kept.

A rule or a fact that came later can be broken by days that nobody can change any more. That is a note; what the days
left could still mend is a violation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from itertools import product

from scheduler.language import Bilingual
from scheduler.problem import Unit
from scheduler.roster import HOME, OFFICE, Cells, UnitRoster, Violation

MOST_DAYS = 8
"""Of a person who has more days left than this, not every way to spend them is looked at."""


def without_past(
    unit: Unit,
    roster: UnitRoster,
    before: date,
    violations: list[Violation],
    broken: Callable[[Unit, UnitRoster], Iterable[Violation]],
) -> tuple[list[Violation], list[Bilingual]]:
    """Return the violations less those that the days before `before` settle by themselves, and these as notes.

    Parameters
    ----------
    broken : the hard violations of a roster.
    """
    hard = [v for v in violations if v.weight is None and v.rule != "frozen"]
    if not any(v.day is None or v.day < before for v in hard):
        return violations, []
    days = tuple(day for day in unit.horizon.days if day < before)
    past = replace(
        unit,
        horizon=replace(
            unit.horizon, days=days, workdays=tuple(d for d in unit.horizon.workdays if d < before)
        ),
        absences={key: kind for key, kind in unit.absences.items() if key[1] < before},
        pins={key: pin for key, pin in unit.pins.items() if key[1] < before},
    )
    cut = replace(roster, days=days, statuses=tuple(row[: len(days)] for row in roster.statuses))
    worst: dict[tuple[str, date | None, tuple[str, ...]], int] = {}
    for v in broken(past, cut) if days else ():
        key = (v.rule, v.day, v.people)
        worst[key] = max(worst.get(key, 0), v.amount)
    forgiven = [
        v
        for v in hard
        if v.amount <= worst.get((v.rule, v.day, v.people), 0) or _is_settled(unit, roster, before, v)
    ]
    notes = [
        Bilingual(
            id=f"Sudah lewat, tidak diubah: {v.sentence.id}", en=f"Past, left as it was: {v.sentence.en}"
        )
        for v in forgiven
    ]
    return [v for v in violations if v not in forgiven], notes


def _is_settled(unit: Unit, roster: UnitRoster, before: date, violation: Violation) -> bool:
    """Whether one person's rule is broken as much in whatever way that person spends the days left."""
    rule = next((rule for rule in unit.rules if rule.label == violation.rule), None)
    is_past = violation.day is None or violation.day < before
    if rule is None or rule.scope != "row" or len(violation.people) != 1 or not is_past:
        return False
    (person_id,) = violation.people
    row = roster.people.index(person_id)
    statuses = roster.statuses[row]
    left = [k for k, day in enumerate(roster.days) if day >= before and statuses[k] in (HOME, OFFICE)]
    if len(left) > MOST_DAYS:
        return False
    for ways in product((OFFICE, HOME), repeat=len(left)):
        chosen = dict(zip(left, ways, strict=True))
        spent = tuple(chosen.get(k, status) for k, status in enumerate(statuses))
        rows = (*roster.statuses[:row], spent, *roster.statuses[row + 1 :])
        found = rule.check(Cells(unit, replace(roster, statuses=rows)))
        if not any(
            v.day == violation.day and v.people == violation.people and v.amount >= violation.amount
            for v in found
        ):
            return False
    return True
