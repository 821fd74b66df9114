"""Who may lawfully swap a day with somebody: every candidate's swap is verified, no solver needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from scheduler.constraints.base import Rule
from scheduler.problem import Person, Pin, Unit
from scheduler.roster import HOME, OFFICE, Cells, Replaced, UnitRoster, Violation
from scheduler.verify import audit


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
        goes_home = roster.statuses[roster.people.index(person_id)][column] == HOME
        if goes_home and not any(rule.grants_home(people[person_id], day) for rule in unit.rules):
            continue
        pins[person_id, day] = Pin(status="home" if goes_home else "office")
    return replace(unit, pins=pins)


def is_lawful(
    unit: Unit, roster: UnitRoster, first: str, second: str, day: date, replaced: Replaced | None = None
) -> bool:
    """Whether the plain swap of two people breaks no rule; the slow and whole check."""
    after = swapped(roster, first, second, day)
    return not audit(with_swap(unit, after, first, second, day), after, replaced).broken


def find_partners(unit: Unit, roster: UnitRoster, person_id: str, day: date) -> tuple[Partner, ...]:
    """Return everybody in the opposite place that day, the lawful first, in list order.

    Rules that look at single people are asked about the two alone; rules that couple people once for all
    candidates that no rule can tell apart.
    """
    place = roster.statuses[roster.people.index(person_id)][roster.days.index(day)]
    if place not in (HOME, OFFICE) or (person_id, day) in unit.pins:
        return ()
    column = roster.days.index(day)
    opposite = HOME if place == OFFICE else OFFICE
    candidates = [
        person
        for person, row in zip(unit.people, roster.statuses, strict=True)
        if row[column] == opposite and (person.id, day) not in unit.pins
    ]
    coupling = [rule for rule in unit.rules if rule.scope == "unit"]
    known: dict[object, Violation | None] = {}
    found = []
    for person in candidates:
        broken = _broken_by_two(unit, roster, person_id, person.id, day)
        if broken is None:
            alike = _alike(unit, roster, person, coupling)
            if alike not in known:
                known[alike] = _broken_by_all(unit, roster, (person_id, person.id), day, coupling)
            broken = known[alike]
        found.append(Partner(person=person, status=opposite, broken=broken))
    return tuple(sorted(found, key=lambda partner: not partner.lawful))


def _broken_by_two(unit: Unit, roster: UnitRoster, first: str, second: str, day: date) -> Violation | None:
    """Return what the rules about single person-days and single rows find in the two people's swap."""
    after = swapped(roster, first, second, day)
    two = (first, second)
    rows = [row for person_id, row in zip(after.people, after.statuses, strict=True) if person_id in two]
    people = tuple(person for person in unit.people if person.id in two)
    part = with_swap(
        replace(
            unit,
            people=people,
            rules=tuple(rule for rule in unit.rules if rule.scope != "unit"),
            absences={key: kind for key, kind in unit.absences.items() if key[0] in two},
            pins={key: pin for key, pin in unit.pins.items() if key[0] in two},
            preferences=(),
        ),
        after,
        first,
        second,
        day,
    )
    small = replace(
        after,
        people=tuple(person.id for person in people),
        statuses=tuple(rows),
        roles={},
    )
    granting = [rule for rule in unit.rules if rule.scope == "unit"]
    cells = Cells(replace(part, rules=(*part.rules, *granting)), small)
    for rule in part.rules:
        for violation in rule.check(cells):
            if violation.weight is None:
                return violation
    return None


def _broken_by_all(
    unit: Unit, roster: UnitRoster, two: tuple[str, str], day: date, coupling: Sequence[Rule]
) -> Violation | None:
    """Return what the rules that couple people find in the swap, and what holds of any roster."""
    after = swapped(roster, *two, day)
    found = audit(with_swap(unit, after, *two, day), after)
    return next(iter(found.broken), None)


def _alike(unit: Unit, roster: UnitRoster, person: Person, coupling: Sequence[Rule]) -> object:
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


def lawful_partners(unit: Unit, roster: UnitRoster, person_id: str, day: date) -> Iterator[Person]:
    """Yield those with whom a plain swap keeps every rule."""
    for partner in find_partners(unit, roster, person_id, day):
        if partner.lawful:
            yield partner.person
