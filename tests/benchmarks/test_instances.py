"""The benchmark's instances are lawful by construction, and its scorer judges as the verifier does."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest

from benchmarks.instances import make_case, make_city, make_unit
from benchmarks.scorer import _least_spread, _least_sum, judge, lower_bound
from scheduler.roster import HOME, OFFICE, UnitRoster
from scheduler.verify import audit
from tests.constraints.problems import make_rule

SMALL = [(15, 10), (20, 22), (20, 66), (60, 10)]


@pytest.mark.parametrize(("people", "days"), SMALL)
def test_every_instance_has_a_lawful_roster_without_shortfall(people: int, days: int) -> None:
    for seed in (1, 2):
        case = make_case(people, days, seed)
        found = audit(case.unit, case.witness)
        assert (found.broken, found.objectives["shortfall"]) == ((), 0)


def test_the_same_seed_gives_the_same_instance_and_another_seed_another() -> None:
    assert make_unit(20, 10, 3) == make_unit(20, 10, 3)
    assert make_unit(20, 10, 3).absences != make_unit(20, 10, 4).absences


def test_the_first_counter_needs_all_its_officers_on_site_of_the_witness_on_some_day() -> None:
    case = make_case(60, 22, 1)
    counter = next(rule for rule in case.unit.rules if rule.label == "min_on_site[Loket A]")
    row = {person.id: number for number, person in enumerate(case.unit.people)}
    on_site = [
        sum(
            case.witness.statuses[row[p.id]][case.witness.days.index(day)] == OFFICE
            for p in case.unit.people
            if counter.for_.takes(p)
        )
        for day in case.unit.horizon.workdays
    ]
    assert min(on_site) == counter.at_least > 1  # type: ignore[attr-defined]


def test_a_city_has_units_of_their_own_names_that_keep_their_targets() -> None:
    units = make_city(60, 10, 1)
    assert len({unit.name for unit in units}) == len(units)
    for unit in units:
        assert all(
            unit.ledger.remainders[unit.name, f"home_quota[{rank}]"] < 1 for rank in ("pelaksana", "non_asn")
        )


def _disturbed(roster: UnitRoster, cells: int, draw: random.Random, workdays: Counter[object]) -> UnitRoster:
    rows, roles = [list(row) for row in roster.statuses], dict(roster.roles)
    for _ in range(cells):
        i, k = draw.randrange(len(rows)), draw.randrange(len(roster.days))
        if rows[i][k] in (HOME, OFFICE):
            rows[i][k] = draw.choice([HOME, OFFICE])
        if roles and draw.random() < 0.2:
            roles.pop(draw.choice(sorted(roles)))
        if workdays[roster.days[k]] and draw.random() < 0.2:
            roles[roster.people[i], roster.days[k]] = ("Loket A",)
    return replace(roster, statuses=tuple(tuple(row) for row in rows), roles=roles)


@pytest.mark.parametrize(("people", "days"), [(15, 10), (20, 22)])
def test_the_scorer_finds_the_verifiers_objectives_and_breaches_in_disturbed_rosters(
    people: int, days: int
) -> None:
    lawful = 0
    for seed in (1, 2):
        case = make_case(people, days, seed)
        draw, bound = random.Random(seed), lower_bound(case.unit)
        for cells in range(25):
            roster = _disturbed(case.witness, cells, draw, Counter(case.unit.horizon.workdays))
            expected, found = audit(case.unit, roster), judge(case.unit, roster)
            assert dict(found.parts) == {n: v for n, v in expected.objectives.items() if n != "changes"}
            assert bool(found.broken) == bool(expected.broken), (found.broken, expected.broken)
            if not found.broken:
                lawful += 1
                assert found.cost >= bound
    assert lawful >= 2


def test_the_scorer_refuses_rules_that_it_does_not_know() -> None:
    unit = make_unit(15, 10, 1)
    unit = replace(unit, rules=(*unit.rules, make_rule("capacity", at_most=3)))
    with pytest.raises(NotImplementedError, match="capacity"):
        lower_bound(unit)


def test_an_empty_home_place_outweighs_everything_else() -> None:
    case = make_case(20, 22, 1)
    rows = tuple(tuple(OFFICE if s == HOME else s for s in row) for row in case.witness.statuses)
    nobody_home = judge(case.unit, replace(case.witness, statuses=rows))
    assert nobody_home.parts["shortfall"] > 0
    assert nobody_home.cost > 20 * judge(case.unit, case.witness).cost


def test_counting_gives_exactly_the_least_spread_and_sum_of_freely_shared_turns() -> None:
    draw = random.Random(1)
    for _ in range(150):
        size = draw.randint(2, 4)
        offsets = [draw.randint(-2500, 1500) for _ in range(size)]
        could = [draw.randint(0, 3) for _ in range(size)]
        wanted = draw.randint(0, sum(could))
        shared = [
            [o + 1000 * t for o, t in zip(offsets, turns, strict=True)]
            for turns in product(*[range(c + 1) for c in could])
            if sum(turns) == wanted
        ]
        assert _least_spread(offsets, could, wanted) == min(max(v) - min(v) for v in shared)
        assert _least_sum(offsets, could, wanted) == min(sum(map(abs, v)) for v in shared)


def test_a_balance_costs_what_the_docstring_says() -> None:
    case = make_case(15, 10, 1)
    parts = judge(case.unit, case.witness).parts
    expected = (
        Fraction(parts["fairness_spread"] + parts["role_spread"])
        + Fraction(parts["fairness_total"] + parts["role_total"], 20)
        + Fraction(parts["monday_friday"], 5)
        + parts["preferences"]
        + parts["stints"]
    )
    assert judge(case.unit, case.witness).cost == expected
