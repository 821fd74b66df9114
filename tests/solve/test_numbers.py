"""How many are at home each day: CP-SAT finds just those ways of leaving places empty that some roster has."""

from __future__ import annotations

import random

import pytest

from scheduler.problem import Unit
from scheduler.roster import HOME, OBJECTIVES, OFFICE
from scheduler.solve.model import UnitModel
from scheduler.solve.rows import numbers
from scheduler.solve.search import Effort, search
from scheduler.solve.unit import solve_unit
from tests.constraints.problems import best_values, make_rule, make_unit

EFFORT = Effort(limit=2.0)


def _wanting(seed: int, days: int) -> Unit:
    """Two people wanted at home more often than stints allow."""
    draw = random.Random(f"numbers {seed}")
    cells = [(i, k) for i in range(2) for k in range(days)]
    return make_unit(
        [
            make_rule("home_quota", share=draw.choice(["3/4", "1"])),
            make_rule("stint", home=[1, draw.choice([1, 2])], office=2),
        ],
        [{}, {}],
        days,
        absences={cell: "leave" for cell in cells if draw.random() < 0.1},
        pins={cell: draw.choice([HOME, OFFICE]) for cell in cells if draw.random() < 0.1},
    )


def _has_roster(model: UnitModel, fewer: numbers.Fewer) -> bool:
    cp = model.cp.clone()
    empty = dict(fewer)
    for n, shortfall in enumerate(model.shortfalls):
        if shortfall.variable is not None:
            cp.add(shortfall.variable == shortfall.least + empty.get(n, 0))
    return search(cp, EFFORT, alone=True).values is not None


@pytest.mark.parametrize("seed", range(8))
def test_the_ways_found_are_those_that_have_a_roster_and_no_fewer_places_empty_would_do(seed: int) -> None:
    model = UnitModel(_wanting(seed, 5))
    found = numbers.attainable(model, EFFORT)
    assert not model.conflicts and found is not None, "every unit drawn here has a roster"
    extra, ways = found
    for fewer in range(extra):
        assert not [way for way in numbers.variants(model, fewer) or () if _has_roster(model, way)]
    assert ways == sorted(way for way in numbers.variants(model, extra) or () if _has_roster(model, way))


@pytest.mark.parametrize("seed", range(6))
def test_where_more_ways_have_rosters_than_are_told_apart_the_best_is_found_all_the_same(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = _wanting(seed, 4)
    monkeypatch.setattr(numbers, "MOST_ATTAINABLE", 1)
    lowest = best_values(unit)
    assert lowest is not None, "every unit drawn here has a roster"
    best = dict(zip(OBJECTIVES, lowest, strict=True))
    found = solve_unit(unit, EFFORT)
    assert {o.name: o.value for o in found.objectives} == {o.name: best[o.name] for o in found.objectives}
    assert all(o.is_optimal for o in found.objectives)
