"""Whom rules settle and let be at home each day, and who holds duties: what checks ask, found once for a roster."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from scheduler.constraints.base import Rule
from scheduler.problem import Person
from scheduler.roster import Cells

Daily = Mapping[date, frozenset[str]]
"""Ids of people by working day."""


def settled_by(cells: Cells, rule: Rule) -> Daily:
    """Return whom a rule settles each day, for its own check and others'."""

    def find() -> Daily:
        people = cells.people
        return {day: frozenset(people[i].id for i in rule.settled(people, day)) for day in cells.days}

    return cells.remember(("settled", rule.label), find)


def granted_by_any(cells: Cells) -> Daily:
    """Return whom some rule lets be at home each day."""

    def find() -> Daily:
        people, rules = cells.people, cells.unit.rules
        return {
            day: frozenset(people[i].id for rule in rules for i in rule.granted(people, day))
            for day in cells.days
        }

    return cells.remember("granted", find)


def duties(cells: Cells, person: Person, day: date) -> tuple[str, ...]:
    """Return the roles held that day that call to the office: all but those of rules whose roles are no duties."""
    held = cells.roles(person, day)
    if not held:
        return ()
    others = {
        name
        for rule in cells.unit.rules
        if not rule.roles_are_duties
        for name in rule.role_names(person, day)
    }
    return tuple(name for name in held if name not in others)


def choosing(cells: Cells, day: date) -> frozenset[str]:
    """Return the ids of those who could be at home or at the office that day: no pin and no rule settles it."""
    settled = {person_id for person_id, pinned in cells.unit.pins if pinned == day}
    for rule in cells.unit.rules:
        settled.update(settled_by(cells, rule)[day])
    return (cells.present(day) & granted_by_any(cells)[day]) - settled
