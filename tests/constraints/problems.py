"""Small units in which every roster can be tried."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import product
from typing import Any

from ortools.sat.python import cp_model

from scheduler.constraints import discover
from scheduler.constraints.base import Example, Rule
from scheduler.constraints.leaders import mark_people
from scheduler.problem import Horizon, Ledger, LedgerEntry, Person, Pin, Preference, Unit
from scheduler.roster import HOME, OBJECTIVES, OFF, OFFICE, Audit, Cells, UnitRoster
from scheduler.solve.model import UnitModel
from scheduler.verify import audit

MONDAY = date(2021, 8, 2)
STATUS_OF = {"H": HOME, "O": OFFICE, "L": "leave", "-": OFF}


def make_rule(key: str, **settings: Any) -> Rule:
    """One rule from its table in policy.toml."""
    return discover()[key].model_validate(settings)


def make_unit(
    rules: Sequence[Rule],
    people: Sequence[Mapping[str, Any]],
    working_days: int,
    *,
    start: date = MONDAY,
    workdays: int = 5,
    absences: Mapping[tuple[int, int], str] | None = None,
    pins: Mapping[tuple[int, int], str] | None = None,
    recalls: Sequence[tuple[int, int]] = (),
    history: Mapping[int, Mapping[str, Any]] | None = None,
    preferences: Sequence[tuple[int, int, str, int]] = (),
) -> Unit:
    """A unit whose people are p0, p1 … over so many working days from `start`.

    Person-days are given as (person index, working-day index); `history` by person index.
    """
    days, worked, day = [], [], start
    while len(worked) < working_days:
        days.append(day)
        if day.weekday() < workdays:
            worked.append(day)
        day += timedelta(days=1)
    staff = tuple(
        Person(**{"id": f"p{i}", "name": f"Pegawai {i}", "unit": "Kantor", "rank": "pelaksana", **fields})
        for i, fields in enumerate(people)
    )
    staff = mark_people(staff, rules)
    first = {label.key for label in rules}
    implied = [make_rule(key) for key in ("absence", "pin") if key not in first]
    cells = {(f"p{i}", worked[k]): kind for (i, k), kind in (absences or {}).items()}
    for rule in rules:
        for person in staff:
            for worked_day in worked:
                if kind := rule.absence_of(person, worked_day):
                    cells[person.id, worked_day] = kind
    fixed = {(f"p{i}", worked[k]): Pin(status=status) for (i, k), status in (pins or {}).items()}  # type: ignore[arg-type]
    fixed |= {(f"p{i}", worked[k]): Pin(status="office", recall=True) for i, k in recalls}
    for rule in rules:
        for person in staff:
            for worked_day in worked:
                if pin := rule.pin_of(person, worked_day):
                    fixed[person.id, worked_day] = pin
    ledger = Ledger()
    if history is not None:
        last = start - timedelta(days=1)
        while last.weekday() >= workdays:
            last -= timedelta(days=1)
        entries = {
            f"p{i}": LedgerEntry(**{"person_id": f"p{i}", "unit": "Kantor", "rank": "pelaksana", **fields})
            for i, fields in history.items()
        }
        ledger = Ledger(last_day=last, entries=entries)
    return Unit(
        name="Kantor",
        people=staff,
        horizon=Horizon(days=tuple(days), workdays=tuple(worked)),
        rules=(*rules, *implied),
        absences=cells,
        pins={key: pin for key, pin in fixed.items() if key not in cells},
        preferences=tuple(
            Preference(person_id=f"p{i}", day=worked[k], status=status, weight=weight)  # type: ignore[arg-type]
            for i, k, status, weight in preferences
        ),
        ledger=ledger,
        adjoins=history is not None,
    )


def example_unit(rule: type[Rule], example: Example) -> tuple[Unit, UnitRoster]:
    """The unit and the roster of a rule's tiny example."""
    people = example.people or tuple({} for _ in example.grid)
    rules = [rule.model_validate(dict(example.settings))]
    rules += [make_rule(key, **settings) for key, settings in example.rules]
    leave = {(i, k): "leave" for i, row in enumerate(example.grid) for k, c in enumerate(row) if c == "L"}
    unit = make_unit(
        rules,
        people,
        len(example.grid[0]),
        workdays=example.workdays,
        absences=leave if rule.key != "absence" else None,
    )
    grid = {(i, k): STATUS_OF[c] for i, row in enumerate(example.grid) for k, c in enumerate(row)}
    return unit, make_roster(unit, grid, {cell: (name,) for cell, name in example.roles.items()})


def make_roster(
    unit: Unit,
    grid: Mapping[tuple[int, int], str],
    roles: Mapping[tuple[int, int], tuple[str, ...]] | None = None,
) -> UnitRoster:
    """A roster from statuses by (person index, working-day index)."""
    column = {day: k for k, day in enumerate(unit.horizon.workdays)}
    statuses = tuple(
        tuple(
            "" if not person.is_employed_on(day) else grid[i, column[day]] if day in column else OFF
            for day in unit.horizon.days
        )
        for i, person in enumerate(unit.people)
    )
    return UnitRoster(
        unit=unit.name,
        people=tuple(p.id for p in unit.people),
        days=unit.horizon.days,
        statuses=statuses,
        roles={
            (unit.people[i].id, unit.horizon.workdays[k]): names for (i, k), names in (roles or {}).items()
        },
    )


def all_rosters(unit: Unit) -> Iterator[UnitRoster]:
    """Every grid of home and office on present person-days, with every way to hold or not to hold offered roles."""
    cells = [
        (i, k)
        for i, person in enumerate(unit.people)
        for k, day in enumerate(unit.horizon.workdays)
        if unit.is_present(person, day)
    ]
    given = {
        (i, k): unit.absences.get((person.id, day), "")
        for i, person in enumerate(unit.people)
        for k, day in enumerate(unit.horizon.workdays)
        if not unit.is_present(person, day)
    }
    offers = [offer for rule in unit.rules for offer in rule.offers_roles(unit)]
    for choice in product((HOME, OFFICE), repeat=len(cells)):
        for held in product((False, True), repeat=len(offers)):
            roles: dict[tuple[int, int], tuple[str, ...]] = {}
            for (i, k, name), taken in zip(offers, held, strict=True):
                if taken:
                    roles[i, k] = (*roles.get((i, k), ()), name)
            yield make_roster(unit, {**given, **dict(zip(cells, choice, strict=True))}, roles)


def lawful_rosters(unit: Unit) -> Iterator[tuple[UnitRoster, Audit]]:
    """Every roster in which the verifier finds nothing broken, with all that it finds.

    One that a rule's own check refuses is not audited any further: `audit` would list that violation too.
    """
    rules = sorted(unit.rules, key=lambda rule: rule.key not in ("absence", "pin"))
    for roster in all_rosters(unit):
        cells = Cells(unit, roster)
        if not any(violation.weight is None for rule in rules for violation in rule.check(cells)):
            found = audit(unit, roster)
            if not found.broken:
                yield roster, found


def best_values(unit: Unit) -> tuple[int, ...] | None:
    """The best values of `OBJECTIVES`, in their order, over every lawful roster; None where no roster is lawful."""
    return min(
        (tuple(found.objectives[name] for name in OBJECTIVES) for _, found in lawful_rosters(unit)),
        default=None,
    )


def signature(roster: UnitRoster) -> tuple[Any, ...]:
    """What tells two rosters apart."""
    return roster.statuses, tuple(
        sorted((cell, tuple(sorted(names))) for cell, names in roster.roles.items() if names)
    )


class BareModel(UnitModel):
    """A unit's model without the variables that only passes need: each roster is then one solution."""

    def add_shortfall(self, *_: Any) -> None:
        """Leave the shortfall out: it never forbids a roster."""


def rosters_of_model(unit: Unit, attained: Mapping[str, int] | None = None) -> dict[tuple[Any, ...], int]:
    """Every roster that the model admits, with its least cost of preferences and soft rules."""
    model = BareModel(unit, attained)
    if model.conflicts:
        return {}
    return _cheapest(model, unit) if model.costs.get("preferences") else _all_solutions(model, unit)


def _all_solutions(model: UnitModel, unit: Unit) -> dict[tuple[Any, ...], int]:
    found: dict[tuple[Any, ...], int] = {}

    class Collector(cp_model.CpSolverSolutionCallback):
        def on_solution_callback(self) -> None:
            def holds(truth: Any) -> bool:
                return truth if isinstance(truth, bool) else bool(self.value(truth))

            grid, roles = {}, {}
            for i, person in enumerate(unit.people):
                for k, day in enumerate(unit.horizon.workdays):
                    home = HOME if holds(model.home(i, k)) else OFFICE
                    grid[i, k] = (
                        home if unit.is_present(person, day) else unit.absences.get((person.id, day), "")
                    )
                    roles[i, k] = tuple(
                        n for n, t in model.roles_offered().get((i, k), {}).items() if holds(t)
                    )
            found[signature(make_roster(unit, grid, roles))] = 0

    solver = cp_model.CpSolver()
    solver.parameters.enumerate_all_solutions = True
    solver.parameters.num_workers = 1
    if not model.has_variables:
        model.cp.new_constant(0)
    status = solver.solve(model.cp, Collector())
    assert status in (cp_model.OPTIMAL, cp_model.INFEASIBLE), status
    return found


def _cheapest(model: UnitModel, unit: Unit) -> dict[tuple[Any, ...], int]:
    """Fix each roster in turn and minimise its cost."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    model.cp.minimize(sum(weight * cost for weight, cost in model.costs["preferences"]))
    found: dict[tuple[Any, ...], int] = {}
    column = {day: k for k, day in enumerate(unit.horizon.days)}
    for roster in all_rosters(unit):
        fixed = model.cp.clone()
        possible = True
        for i, person in enumerate(unit.people):
            for k, day in enumerate(unit.horizon.workdays):
                wanted = [(model.home(i, k), roster.statuses[i][column[day]] == HOME)]
                held = roster.roles.get((person.id, day), ())
                wanted += [(t, n in held) for n, t in model.roles_offered().get((i, k), {}).items()]
                for truth, value in wanted:
                    if isinstance(truth, bool):
                        possible = possible and truth == value
                    else:
                        fixed.add(truth == int(value))
        if possible and solver.solve(fixed) == cp_model.OPTIMAL:
            found[signature(roster)] = round(solver.objective_value)
    return found
