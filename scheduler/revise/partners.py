"""Who may lawfully swap a day with somebody: only what the two people's swap touches is looked at again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from scheduler.constraints.base import Instance, Rule
from scheduler.language import Bilingual
from scheduler.problem import Person, Pin, Unit
from scheduler.revise.coupled import CoupledDemands
from scheduler.roster import HOME, OFFICE, Cells, Replaced, UnitRoster, Violation
from scheduler.solve.conflicts.conflict import describe
from scheduler.verify import audit

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """Somebody who would take the place: `lawful`, or the first rule that a plain swap would break."""

    person: Person
    status: str
    broken: Violation | None = None

    @property
    def lawful(self) -> bool:
        """Whether the swap keeps every rule without moving anybody else."""
        return self.broken is None


def swapped(roster: UnitRoster, first: str, second: str, day: date) -> UnitRoster:
    """Return the roster with two people's places exchanged on one day, with the roles that go with them."""
    column = roster.days.index(day)
    rows = {person_id: list(row) for person_id, row in zip(roster.people, roster.statuses, strict=True)}
    rows[first][column], rows[second][column] = rows[second][column], rows[first][column]
    roles = dict(roster.roles)
    held = roles.pop((first, day), ()), roles.pop((second, day), ())
    for person_id, names in ((second, held[0]), (first, held[1])):
        if names:
            roles[person_id, day] = names
    return replace(roster, statuses=tuple(tuple(rows[person_id]) for person_id in roster.people), roles=roles)


def with_swap(unit: Unit, roster: UnitRoster, first: str, second: str, day: date) -> Unit:
    """Return the unit with what the swap fixes: both are pinned, as `replan --swap` does.

    A swap gives nobody a home day whom no rule ever sends home: only the head's own pin can.
    """
    column = roster.days.index(day)
    pins = dict(unit.pins)
    people = {person.id: person for person in unit.people}
    for person_id in (first, second):
        status = roster.statuses[roster.people.index(person_id)][column]
        if _is_pinned(unit.rules, people[person_id], day, status):
            pins[person_id, day] = Pin(status=status)  # type: ignore[arg-type]
    return replace(unit, pins=pins)


def _is_pinned(rules: Sequence[Rule], person: Person, day: date, status: str) -> bool:
    return status != HOME or any(rule.grants_home(person, day) for rule in rules)


def is_lawful(
    unit: Unit, roster: UnitRoster, first: str, second: str, day: date, replaced: Replaced | None = None
) -> bool:
    """Whether the plain swap of two people breaks no rule; the slow and whole check."""
    after = swapped(roster, first, second, day)
    return not audit(with_swap(unit, after, first, second, day), after, replaced).broken


def find_partners(unit: Unit, roster: UnitRoster, person_id: str, day: date) -> tuple[Partner, ...]:
    """Return everybody in the opposite place that day, the lawful first, in list order.

    Parameters
    ----------
    roster : one that keeps the unit's rules.
    """
    return Swaps(unit, roster).partners(person_id, day)


class Swaps:
    """The swaps of one roster: what does not depend on who swaps is worked out once.

    Parameters
    ----------
    roster : one that keeps the unit's rules.
    """

    def __init__(self, unit: Unit, roster: UnitRoster) -> None:
        self.unit = unit
        self.roster = roster
        self._people = {person.id: person for person in unit.people}
        self._row = dict(zip(roster.people, roster.statuses, strict=True))
        self._column = {day: column for column, day in enumerate(roster.days)}
        self._absences = _by_person(unit.absences)
        self._pins = _by_person(unit.pins)
        self._coupled = CoupledDemands(unit, roster)
        self._asked = [rule for rule in unit.rules if rule.label in self._coupled.indirect]
        self._alone = [rule for rule in unit.rules if rule.scope != "unit"]

    def partners(self, person_id: str, day: date) -> tuple[Partner, ...]:
        """Return everybody in the opposite place that day, the lawful first, in list order."""
        place = self._row[person_id][self._column[day]]
        if place not in (HOME, OFFICE) or (person_id, day) in self.unit.pins:
            return ()
        opposite = HOME if place == OFFICE else OFFICE
        moving = self._broken_alone(person_id, day, opposite)
        known: dict[object, Violation | None] = {}
        found = []
        for person in self.unit.people:
            if self._row[person.id][self._column[day]] != opposite or (person.id, day) in self.unit.pins:
                continue
            broken = (
                moving
                or self._broken_together(person_id, person.id, day)
                or self._broken_alone(person.id, day, place)
                or self._broken_when_asked(person_id, person, day, known)
            )
            found.append(Partner(person=person, status=opposite, broken=broken))
        return tuple(sorted(found, key=lambda partner: not partner.lawful))

    def _broken_alone(self, person_id: str, day: date, place: str) -> Violation | None:
        """Return what the rules about single person-days and single rows find where somebody is at `place` instead."""
        person, rules = self._people[person_id], self.unit.rules
        pins = dict(self._pins.get(person_id, {}))
        if _is_pinned(rules, person, day, place):
            pins[person_id, day] = Pin(status=place)  # type: ignore[arg-type]
        else:
            return _violation(
                self.unit,
                Instance(rule="default", day=day, people=(person_id,)),
                Bilingual(
                    id=f"tidak ada aturan yang menugaskan {person.name} di rumah.",
                    en=f"no rule sends {person.name} home.",
                ),
            )
        part = replace(
            self.unit,
            people=(person,),
            absences=self._absences.get(person_id, {}),
            pins=pins,
            preferences=(),
        )
        row, column = self._row[person_id], self._column[day]
        statuses = (*row[:column], place, *row[column + 1 :])
        small = replace(self.roster, people=(person_id,), statuses=(statuses,), roles={})
        whole, one_day = Cells(part, small), Cells(part, small)
        one_day.days = (day,)
        for rule in self._alone:
            for violation in rule.check(one_day if rule.scope == "cell" else whole):
                if violation.weight is None:
                    return violation
        return None

    def _broken_together(self, first: str, second: str, day: date) -> Violation | None:
        """Return what the rules that couple people find in the swap, and roles that the other may not hold."""
        held, taken = (frozenset(self.roster.roles.get((person, day), ())) for person in (first, second))
        column = self._column[day]
        one, other = self._row[first][column], self._row[second][column]
        if strange := self._coupled.strange_role(first, taken, day) or self._coupled.strange_role(
            second, held, day
        ):
            person = self._people[first if strange in taken else second]
            return _violation(
                self.unit,
                Instance(rule="role", day=day, people=(person.id,)),
                Bilingual(
                    id=f"{person.name} bukan petugas {strange}.",
                    en=f"{person.name} is no officer of {strange}.",
                ),
            )
        instance = self._coupled.broken_by(
            {(first, day): (one, other, held, taken), (second, day): (other, one, taken, held)}
        )
        return None if instance is None else _violation(self.unit, instance, describe(self.unit, instance))

    def _broken_when_asked(
        self, first: str, person: Person, day: date, known: dict[object, Violation | None]
    ) -> Violation | None:
        """Return what the rules find that have to be asked as a whole, once for people whom they cannot tell apart."""
        if not self._asked:
            return None
        alike = _alike(self.unit, self.roster, person)
        if alike not in known:
            after = swapped(self.roster, first, person.id, day)
            cells = Cells(with_swap(self.unit, after, first, person.id, day), after)
            hard = (v for rule in self._asked for v in rule.check(cells) if v.weight is None)
            known[alike] = next(hard, None)
        return known[alike]


def _by_person(facts: Mapping[tuple[str, date], Value]) -> dict[str, dict[tuple[str, date], Value]]:
    found: dict[str, dict[tuple[str, date], Value]] = {}
    for key, value in facts.items():
        found.setdefault(key[0], {})[key] = value
    return found


def _violation(unit: Unit, instance: Instance, sentence: Bilingual) -> Violation:
    return Violation(
        rule=instance.rule, unit=unit.name, day=instance.day, people=instance.people, sentence=sentence
    )


def _alike(unit: Unit, roster: UnitRoster, person: Person) -> object:
    """Return what rules can tell people apart by: whom they are for, facts, roles, and the row."""
    row = roster.statuses[roster.people.index(person.id)]
    days = unit.horizon.workdays
    return (
        tuple(rule.for_.takes(person) for rule in unit.rules),
        (person.sub_unit, person.rank, person.service_posts, person.tags, person.it_capable, person.monitor),
        (person.joins, person.leaves),
        row,
        tuple(roster.roles.get((person.id, day), ()) for day in days),
        tuple((person.id, day) in unit.pins for day in days),
    )
