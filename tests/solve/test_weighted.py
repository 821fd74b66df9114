"""A policy that weighs the objectives: the least sum, by brute force; claims, replanning, and any number of workers."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from scheduler.problem import Unit, Weights
from scheduler.roster import OBJECTIVES, OFFICE, ObjectiveValue, Replaced
from scheduler.solve.model import UnitModel
from scheduler.solve.search import Effort, search
from scheduler.solve.unit import solve_unit
from scheduler.solve.weighted import weigh
from scheduler.verify import audit, false_claims
from scheduler.weighing import WEIGHED, WEIGHTED_SUM, objectives_of, weighted_sum
from tests.constraints.problems import lawful_rosters, make_roster, make_rule, make_unit

LIKE_PEERS = dict(zip(WEIGHED, (1000, 50, 1000, 50, 200, 1, 1), strict=True))
LOKET = {"service_posts": ("Loket",)}
HALF = make_rule("home_quota", share="50%")


def weigh_by_chance(draw: random.Random) -> Weights:
    weights = {name: draw.choice([0, 0, 1, 2, 5, 40, 1000]) for name in WEIGHED}
    return weights if any(weights.values()) else {**weights, "stints": 1}


def unit_by_chance(seed: int) -> Unit:
    draw = random.Random(f"weighted {seed}")
    has_posts = seed % 2 == 0
    people = [LOKET, LOKET, {}] if has_posts else [{}, {}, {}]
    rules = [
        make_rule(
            "home_quota", share=draw.choice(["50%", "1/3", "2/3"]), mode=draw.choice(["target", "at_most"])
        ),
        make_rule("stint", home=[1, 2], office="any", prefer=draw.choice([1, 2])),
        *([make_rule("service_post", name="Loket")] if has_posts else []),
    ]
    days = 2 if has_posts else 3
    return make_unit(
        rules,
        people,
        days,
        absences={(draw.randrange(3), draw.randrange(days)): "leave"} if draw.random() < 0.4 else {},
        history={i: {"balance": draw.randint(-1500, 1500), "monday_friday_balance": draw.randint(-900, 900)} for i in range(3)},
        preferences=[(draw.randrange(3), draw.randrange(days), draw.choice(["home", "office"]), draw.randint(1, 3)) for _ in range(3)],
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(10))
def test_no_lawful_roster_with_as_few_empty_places_has_a_lesser_sum(seed: int) -> None:
    weights = LIKE_PEERS if seed % 3 == 0 else weigh_by_chance(random.Random(seed))
    unit = replace(unit_by_chance(seed), weights=weights)
    lawful = [
        (found.objectives["shortfall"], found.objectives[WEIGHTED_SUM]) for _, found in lawful_rosters(unit)
    ]
    solution = solve_unit(unit, Effort())
    found = audit(unit, solution.roster)
    assert found.broken == ()
    assert list(false_claims(solution.objectives, found.objectives)) == []
    assert (found.objectives["shortfall"], found.objectives[WEIGHTED_SUM]) == min(lawful)
    assert [o.name for o in solution.objectives] == list(objectives_of(weights, with_changes=False))
    assert all(objective.is_optimal for objective in solution.objectives)
    assert [o.name for o in solution.objectives if o.is_part] == list(WEIGHED)


def test_what_is_known_of_the_parts_by_themselves_holds_for_every_roster() -> None:
    for seed in range(4):
        unit = replace(unit_by_chance(seed), weights=LIKE_PEERS)
        least = solve_unit(unit, Effort()).objectives
        shortfall = least[0].value
        rosters = [f.objectives for _, f in lawful_rosters(unit) if f.objectives["shortfall"] == shortfall]
        for part in (objective for objective in least if objective.is_part):
            assert part.bound <= min(found[part.name] for found in rosters), part.name


def test_weights_choose_another_roster_than_the_order_of_objectives() -> None:
    unit = make_unit(
        [HALF, make_rule("stint", home=[1, 2], office="any")], [{}, {}], 4,
        preferences=[(0, k, "home", 3) for k in range(4)],
    )  # fmt: skip
    wishes = dict.fromkeys(WEIGHED, 0) | {"preferences": 1000, "fairness_spread": 1}
    in_turn = audit(unit, solve_unit(unit, Effort()).roster).objectives
    weighed = audit(unit, solve_unit(replace(unit, weights=wishes), Effort()).roster).objectives
    assert weighed["preferences"] < in_turn["preferences"]
    assert weighed["fairness_spread"] > in_turn["fairness_spread"]


def test_a_false_sum_is_refused() -> None:
    unit = replace(unit_by_chance(1), weights=LIKE_PEERS)
    solution = solve_unit(unit, Effort())
    found = audit(unit, solution.roster).objectives
    assert found[WEIGHTED_SUM] == weighted_sum(LIKE_PEERS, found)
    for name in (WEIGHTED_SUM, "fairness_total"):
        lowered = [
            replace(o, value=o.value - 1, bound=0) if o.name == name else o for o in solution.objectives
        ]
        (doubt,) = false_claims(tuple(lowered), found)
        assert name in doubt.en
    unweighed = audit(replace(unit, weights=None), solution.roster).objectives
    assert [doubt.en for doubt in false_claims(solution.objectives, unweighed)] == [
        "weighted_sum: is no objective under this policy."
    ]


def test_replanning_keeps_the_fewest_changes_first() -> None:
    unit = replace(unit_by_chance(4), weights=LIKE_PEERS)
    before = solve_unit(unit, Effort()).roster
    absent = (unit.people[0].id, unit.horizon.workdays[-1])
    after = replace(unit, absences={**unit.absences, absent: "sick"}, pins={})
    replaced = Replaced(before, unit.horizon.days[0] - timedelta(days=1))
    solution = solve_unit(after, Effort(), replaced)
    every = [audit(after, roster, replaced).objectives for roster, _ in lawful_rosters(after)]
    keys = ("shortfall", "changes", WEIGHTED_SUM)
    found = audit(after, solution.roster, replaced).objectives
    assert list(false_claims(solution.objectives, found)) == []
    assert tuple(found[key] for key in keys) == min(tuple(one[key] for key in keys) for one in every)
    assert [o.name for o in solution.objectives][:3] == [*OBJECTIVES[:2], WEIGHTED_SUM]


def test_changes_are_told_anew_where_a_place_is_filled_after_them() -> None:
    unit = replace(make_unit([HALF], [{}, {}], 2), weights=LIKE_PEERS)
    grid = {(i, k): OFFICE for i in range(2) for k in range(2)}
    replaced = Replaced(make_roster(unit, grid), unit.horizon.days[0] - timedelta(days=1))
    model = UnitModel(unit, replaced=replaced)
    attempt = model.cp.clone()
    for i, k in grid:
        attempt.add(model.home(i, k) == 0)
    values = search(attempt, Effort(), alone=True).values
    assert values is not None
    told = [
        ObjectiveValue(name="shortfall", value=2, bound=0),
        ObjectiveValue(name="changes", value=0, bound=0),
    ]
    weighed = weigh(UnitModel(unit, replaced=replaced), values, told, LIKE_PEERS, Effort())
    assert [(o.name, o.value, o.bound) for o in weighed.objectives[:2]] == [
        ("shortfall", 0, 0),
        ("changes", 2, 2),
    ]


def test_a_search_that_is_over_claims_no_sum_that_is_not_proven() -> None:
    unit = replace(unit_by_chance(2), weights=LIKE_PEERS)
    solution = solve_unit(unit, Effort(is_first=True))
    found = audit(unit, solution.roster).objectives
    assert solution.interrupted
    assert list(false_claims(solution.objectives, found)) == []
    assert not next(o for o in solution.objectives if o.name == WEIGHTED_SUM).is_optimal
