"""Roster → violations and recomputed objectives, from cells and settings alone: the solver is never imported.

Besides every rule's own check it holds what is true of any roster: a status for each person-day, "off" exactly on
days not worked, nobody at home whom no rule and no pin sends there, roles only where offered, on site where they must be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from scheduler.constraints.daily import granted_by_any
from scheduler.language import Bilingual, format_date
from scheduler.past import without_past
from scheduler.problem import ABSENCE_KINDS, Person, Unit
from scheduler.roster import (
    HOME,
    NOT_EMPLOYED,
    OBJECTIVES,
    OFF,
    OFFICE,
    Audit,
    Cells,
    ObjectiveValue,
    Replaced,
    UnitRoster,
    Violation,
)
from scheduler.weighing import WEIGHTED_SUM, weighted_sum


def audit(unit: Unit, roster: UnitRoster, replaced: Replaced | None = None) -> Audit:
    """Return every violation of one unit's roster and each objective's value.

    Parameters
    ----------
    replaced : the roster that this one replaces; its changed person-days are counted. What its frozen days alone
        broke, under rules or facts that came later, is a note: nobody can change those days any more.
    """
    cells = Cells(unit, roster)
    violations = [*_check_grid(cells), *_check_homes(cells), *_check_roles(cells)]
    measures = []
    for rule in unit.rules:
        violations += rule.check(cells)
        measures.append(rule.measure(cells))
    values = dict.fromkeys(OBJECTIVES, 0)
    values["shortfall"] = sum(d.shortfall for m in measures for q in m.quotas for d in q.days)
    notes = [note for measure in measures for note in measure.notes]
    if replaced is not None:
        values["changes"] = _changes(roster, replaced)
        violations += _thawed(cells, replaced)
        violations, past = without_past(
            unit, roster, replaced.before, violations, lambda *of: audit(*of).broken
        )
        notes += past
    balances = tuple(sheet for measure in measures for sheet in measure.balances)
    for sheet in balances:
        prefix = "fairness" if sheet.kind == "home" else "role"
        values[f"{prefix}_spread"] += sheet.spread
        values[f"{prefix}_total"] += sum(abs(balance) for balance in sheet.balance.values())
        if sheet.kind == "home":
            border = sheet.monday_friday.values()
            values["monday_friday"] += max(border, default=0) - min(border, default=0)
    for measure in measures:
        for name, cost in measure.costs.items():
            values[name] += cost
    values["preferences"] += sum(v.amount * v.weight for v in violations if v.weight is not None)
    values["preferences"] += _unmet_preferences(cells)
    if unit.weights is not None:
        values[WEIGHTED_SUM] = weighted_sum(unit.weights, values)
    return Audit(
        unit=unit.name,
        violations=tuple(violations),
        objectives=values,
        quotas=tuple(quota for measure in measures for quota in measure.quotas),
        balances=balances,
        notes=tuple(notes),
    )


def false_claims(objectives: tuple[ObjectiveValue, ...], found: Mapping[str, int]) -> Iterator[Bilingual]:
    """Yield where the solver claimed another value than the roster has, or a bound above the value."""
    for claimed in objectives:
        value = found.get(claimed.name)
        if value is None:
            yield Bilingual(
                id=f"{claimed.name}: bukan tujuan menurut kebijakan ini.",
                en=f"{claimed.name}: is no objective under this policy.",
            )
        elif claimed.value != value:
            yield Bilingual(
                id=f"{claimed.name}: penyusun menyatakan {claimed.value}, pemeriksa menemukan {value}.",
                en=f"{claimed.name}: the solver claimed {claimed.value}, the verifier found {value}.",
            )
        elif claimed.bound > value:
            yield Bilingual(
                id=f"{claimed.name}: batas {claimed.bound} melampaui nilai {value}.",
                en=f"{claimed.name}: the bound {claimed.bound} is above the value {value}.",
            )


def _violation(cells: Cells, rule: str, person: Person, day: date, id_: str, en: str) -> Violation:
    return Violation(
        rule=rule,
        unit=cells.unit.name,
        day=day,
        people=(person.id,),
        sentence=Bilingual(
            id=f"{person.name}, {format_date(day, 'id')}: {id_}",
            en=f"{person.name}, {format_date(day, 'en')}: {en}",
        ),
    )


def _check_grid(cells: Cells) -> Iterator[Violation]:
    worked = set(cells.days)
    allowed = {HOME, OFFICE, *ABSENCE_KINDS}
    for person in cells.people:
        for day in cells.unit.horizon.days:
            status = cells.status(person, day)
            if not person.is_employed_on(day):
                if status != NOT_EMPLOYED:
                    yield _violation(
                        cells,
                        "grid",
                        person,
                        day,
                        "belum atau tidak lagi bertugas.",
                        "not employed that day.",
                    )
            elif day not in worked:
                if status != OFF:
                    yield _violation(cells, "grid", person, day, "hari libur.", "not a working day.")
            elif status not in allowed:
                yield _violation(
                    cells,
                    "grid",
                    person,
                    day,
                    f"status “{status}” tidak dikenal.",
                    f"unknown status “{status}”.",
                )


def _check_homes(cells: Cells) -> Iterator[Violation]:
    granted = granted_by_any(cells)
    not_granted = {day: cells.at_home(day) - granted[day] for day in cells.days}
    doubtful = [day for day, ids in not_granted.items() if ids]
    for person in cells.people if doubtful else ():
        for day in doubtful:
            if person.id in not_granted[day] and (person.id, day) not in cells.unit.pins:
                yield _violation(
                    cells,
                    "default",
                    person,
                    day,
                    "tidak ada aturan yang menugaskannya di rumah.",
                    "no rule sends them home.",
                )


def _check_roles(cells: Cells) -> Iterator[Violation]:
    offered: set[tuple[int, int, str]] = set()
    on_site: set[tuple[int, int, str]] = set()
    exclusive: set[str] = set()
    for rule in cells.unit.rules:
        offers = list(rule.offers_roles(cells.unit))
        offered.update(offers)
        if rule.roles_on_site:
            on_site.update(offers)
        if rule.exclusive_roles:
            exclusive.update({name for _, _, name in offers})
    days_with_roles: dict[str, set[date]] = {}
    for (person_id, day), held in cells.roster.roles.items():
        if held:
            days_with_roles.setdefault(person_id, set()).add(day)
    for i, person in enumerate(cells.people):
        for k, day in enumerate(cells.days if person.id in days_with_roles else ()):
            if day not in days_with_roles[person.id]:
                continue
            held = cells.roles(person, day)
            away = [name for name in held if (i, k, name) in on_site and not cells.is_office(person, day)]
            if away:
                yield _violation(
                    cells,
                    "role",
                    person,
                    day,
                    f"memegang {', '.join(away)} tetapi tidak di kantor.",
                    f"holds {', '.join(away)} but is not at the office.",
                )
            if strange := [name for name in held if (i, k, name) not in offered]:
                yield _violation(
                    cells,
                    "role",
                    person,
                    day,
                    f"bukan petugas {', '.join(strange)}.",
                    f"is no officer of {', '.join(strange)}.",
                )
            if sum(name in exclusive for name in held) > 1:
                yield _violation(
                    cells,
                    "role",
                    person,
                    day,
                    f"dua tugas sekaligus: {', '.join(held)}.",
                    f"two posts at once: {', '.join(held)}.",
                )
    yield from _check_roles_off_duty(cells)


def _check_roles_off_duty(cells: Cells) -> Iterator[Violation]:
    worked, people = set(cells.days), {person.id: person for person in cells.people}
    for (person_id, day), held in sorted(cells.roster.roles.items()):
        if held and day not in worked and person_id in people:
            yield _violation(
                cells,
                "role",
                people[person_id],
                day,
                f"memegang {', '.join(held)} pada hari libur.",
                f"holds {', '.join(held)} on a day not worked.",
            )


def _changes(roster: UnitRoster, replaced: Replaced) -> int:
    """Count the person-days that the replaced roster knew and that have another status or other roles now."""
    return sum(
        replaced.knows(person, day)
        and (
            replaced.status(person, day) != status
            or replaced.roles(person, day) != frozenset(roster.roles.get((person, day), ()))
        )
        for person, row in zip(roster.people, roster.statuses, strict=True)
        for day, status in zip(roster.days, row, strict=True)
    )


def _thawed(cells: Cells, replaced: Replaced) -> Iterator[Violation]:
    """Yield each person-day before the first that may change which is not what it was, in status or in roles."""
    offered = {
        (cells.people[i].id, cells.days[k], name)
        for rule in cells.unit.rules
        for i, k, name in rule.offers_roles(cells.unit)
    }
    for person in cells.people:
        for day in cells.days:
            if not replaced.freezes(person.id, day) or not cells.unit.is_present(person, day):
                continue
            before, held = replaced.status(person.id, day), frozenset(cells.roles(person, day))
            was_held = {n for n in replaced.roles(person.id, day) if (person.id, day, n) in offered}
            if cells.status(person, day) != before or held != was_held:
                yield _violation(
                    cells,
                    "frozen",
                    person,
                    day,
                    f"hari yang sudah lewat diubah (semula {before}).",
                    f"a day already past was changed (it was {before}).",
                )


def _unmet_preferences(cells: Cells) -> int:
    people = {person.id: person for person in cells.people}
    worked, cost = set(cells.days), 0
    for wish in cells.unit.preferences:
        person = people[wish.person_id]
        for day in cells.days if wish.day is None else (wish.day,):
            if day in worked and wish.applies_on(day):
                status = cells.status(person, day)
                cost += wish.weight * (status in (HOME, OFFICE) and status != wish.status)
    return cost
