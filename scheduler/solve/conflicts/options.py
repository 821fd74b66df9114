"""What could be changed about a conflict: pins, absences and list entries in it, and the settings of its rules.

Which settings a rule has is read off its fields, so a new rule needs nothing here.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from scheduler.constraints.base import Rule
from scheduler.problem import Unit
from scheduler.solve.conflicts.change import Change, with_setting
from scheduler.solve.conflicts.conflict import Conflict

PIN_COST, ABSENCE_COST, SKILL_COST, SOFT_COST = 1, 3, 5, 60
SOFT_WEIGHT = 100

_CELLS = {"pin": PIN_COST, "absence": ABSENCE_COST, "it_capable": SKILL_COST}


def cell_changes(conflict: Conflict) -> Iterator[Change]:
    """Yield the pins, absences and list entries that take part in a conflict."""
    unit = conflict.unit
    people = {person.id: person for person in unit.people}
    keys = {rule.label: rule.key for rule in unit.rules}
    for instance in conflict.instances:
        key = keys.get(instance.rule, "")
        if key not in _CELLS or not instance.people:
            continue
        person, day = people[instance.people[0]], instance.day
        in_policy = day is not None and any(
            (key == "pin" and rule.pin_of(person, day)) or (key == "absence" and rule.absence_of(person, day))
            for rule in unit.rules
        )
        yield Change(
            cost=_CELLS[key],
            unit=unit.name,
            kind=key,  # type: ignore[arg-type]
            person=person.id,
            name=person.name,
            day=None if key == "it_capable" else day,
            in_policy=in_policy,
        )


def ladders(rule: Rule, unit: Unit, conflict: Conflict) -> Iterator[list[Change]]:
    """Yield for each setting of a rule, in each direction, its changes: the nearest value comes first."""
    count = max(1, sum(instance.rule == rule.label for instance in conflict.instances))
    size = len(unit.people)
    for field in type(rule).model_fields:
        if field.startswith("weight"):
            continue
        before = getattr(rule, field)
        for values in values_of(rule, field, size):
            found = [
                Change(
                    cost=max(1, (step + 1) * count * _scale(before, size)),
                    unit=unit.name,
                    rule=rule.label,
                    field=field,
                    before=before,
                    value=value,
                )
                for step, value in enumerate(values)
            ]
            if found:
                yield found


def softening(rule: Rule, unit: Unit, conflict: Conflict) -> Change | None:
    """Return the change of a rule into a wish; None where it is one, or settles person-days whatever its weight."""
    if rule.weight is not None or rule.scope == "cell":
        return None
    count = sum(instance.rule == rule.label for instance in conflict.instances)
    return Change(
        cost=SOFT_COST + count,
        unit=unit.name,
        rule=rule.label,
        field="weight",
        before=None,
        value=SOFT_WEIGHT,
    )


def values_of(rule: Rule, field: str, size: int) -> list[list[Any]]:
    """Return the values that a setting could take, nearest first, in each direction apart; those the rule takes."""
    directions = _values(field, getattr(rule, field), size)
    return [[value for value in values if with_setting(rule, field, value) != rule] for values in directions]


def _values(field: str, value: Any, size: int) -> list[list[Any]]:
    if isinstance(value, bool):
        return [[False]] if field == "strict" and value else []
    if isinstance(value, int):
        return [list(range(value - 1, -1, -1)), list(range(value + 1, value + size + 1))]
    if isinstance(value, Fraction):
        here = value * 100
        down = [Fraction(n, 100) for n in range(100, -1, -1) if n < here]
        up = [Fraction(n, 100) for n in range(101) if n > here]
        return [down, up]
    if field == "mode" and value in ("exact", "at_least"):
        return [["target"]]
    if field == "home" and isinstance(value, tuple):
        least, most = value
        return [
            [(least, n) for n in range(most + 1, most + 21)],
            [(n, most) for n in range(least - 1, 0, -1)],
        ]
    return []


def _scale(value: Any, size: int) -> int:
    """Return what one step of a setting costs in a day: a person, or a hundredth of the people."""
    return max(1, size // 100) if isinstance(value, Fraction) else 1
