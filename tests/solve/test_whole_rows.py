"""Whole rows: what they bound, brute force over every roster confirms; what they find keeps every rule."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from scheduler.problem import Unit
from scheduler.roster import HOME, OBJECTIVES, OFFICE
from scheduler.solve.apart import find_ideal
from scheduler.solve.bounds import Window
from scheduler.solve.model import UnitModel
from scheduler.solve.rows import numbers, plans
from scheduler.solve.rows.reading import read_rows
from scheduler.solve.rows.rounding import Rounding
from scheduler.solve.rows.streams import Level
from scheduler.solve.rows.tree import Node, Tree
from scheduler.solve.search import Effort
from tests.constraints.problems import best_values, make_rule, make_unit


def _random_unit(seed: int) -> Unit:
    """Up to four people over up to four days: a ledger, pins, leave, wishes, a post and preferred stints."""
    draw = random.Random(f"whole rows {seed}")
    people = draw.randint(2, 4)
    days = draw.randint(2, 9 // people + 1)
    cells = [(i, k) for i in range(people) for k in range(days)]
    rules = [
        make_rule("home_quota", share=draw.choice(["50%", "1/3", "2/3", "75%"])),
        make_rule("stint", home=[1, 2], prefer=draw.choice([None, 1, 2])),
    ]
    officers = {i for i in range(people) if draw.random() < 0.5}
    if officers and people * days <= 6:
        rules.append(make_rule("service_post", name="Loket", at_least=1))
    balances = [draw.randint(-900, 900) for _ in range(people - 1)]
    balances.append(-sum(balances))
    return make_unit(
        rules,
        [{"service_posts": ("Loket",) if i in officers else ()} for i in range(people)],
        days,
        absences={cell: "leave" for cell in cells if draw.random() < 0.1},
        pins={cell: draw.choice([HOME, OFFICE]) for cell in cells if draw.random() < 0.06},
        history={
            i: {"balance": balances[i], "last_status": draw.choice([HOME, OFFICE]), "last_stint": 1}
            for i in range(people)
        },
        preferences=[
            (*draw.choice(cells), draw.choice([HOME, OFFICE]), draw.randint(1, 3))
            for _ in range(draw.randint(0, 3))
        ],
    )


@pytest.mark.parametrize("seed", range(16))
def test_no_bound_is_above_what_brute_force_attains(seed: int) -> None:
    _compare_with_brute_force(_random_unit(seed))


@pytest.mark.parametrize("share", ["1/2", "1/3"])
@pytest.mark.parametrize("absent", [0, 1, 2])
@pytest.mark.parametrize("number", [1, 2])
def test_a_counter_without_wishes_is_bounded_though_no_row_costs_anything(
    share: str, absent: int, number: int
) -> None:
    rules = [
        make_rule("home_quota", share=share, rounding="nearest"),
        make_rule("stint", home=[1, 2], office="any"),
        make_rule("service_post", name="Loket", at_least=number),
    ]
    staff = [{"service_posts": ("Loket",)}, {"service_posts": ("Loket",)}, {}]
    _compare_with_brute_force(make_unit(rules, staff, 2, absences={(absent, 1): "leave"}))


@pytest.mark.parametrize("seed", range(8, 11))
def test_whoever_is_in_two_quotas_on_different_days_takes_turns_in_each_by_itself(seed: int) -> None:
    draw = random.Random(seed)
    rules = [
        make_rule("home_quota", name="a", share="50%", when={"weekdays": ["mon", "wed"]}),
        make_rule(
            "home_quota",
            name="b",
            share=draw.choice(["1/3", "50%", "2/3"]),
            when={"weekdays": ["tue", "thu"]},
        ),
        make_rule("stint", home=[1, 3], office="any"),
    ]
    history = {
        i: {"balance": draw.randint(-900, 900), "last_status": OFFICE, "last_stint": 1} for i in range(2)
    }
    wishes = [(draw.randrange(2), draw.randrange(4), draw.choice([HOME, OFFICE]), 1)]
    _compare_with_brute_force(make_unit(rules, [{}, {}], 4, history=history, preferences=wishes))


@pytest.mark.parametrize("seed", [37, 41])
@pytest.mark.parametrize("most", [30, plans.MOST_NODES])
def test_what_is_not_looked_into_is_not_taken_for_impossible(
    seed: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(numbers, "FEW_PEOPLE", 0)
    monkeypatch.setattr(plans, "MOST_NODES", most)
    _compare_with_brute_force(_random_unit(seed))


def test_rows_are_looked_for_in_the_windows_whose_bound_is_the_least() -> None:
    unit = make_unit(
        [make_rule("home_quota", share="1/3"), make_rule("stint", home=[2, 3], prefer=2)],
        [{}] * 4,
        6,
        absences={(1, 4): "leave", (2, 3): "leave", (2, 4): "leave"},
        history={
            i: {"balance": balance, "monday_friday_balance": border, "last_status": status, "last_stint": 1}
            for i, (balance, border, status) in enumerate(
                [(500, 0, HOME), (0, -500, OFFICE), (0, -500, OFFICE), (0, -500, HOME)]
            )
        },
        preferences=[
            (0, 4, HOME, 1),
            (0, 1, OFFICE, 1),
            (0, 4, OFFICE, 1),
            (1, 0, OFFICE, 1),
            (0, 1, HOME, 1),
        ],
    )
    model = UnitModel(unit)
    only = plans.variant(model, read_rows(model), numbers.places(model), ())
    assert only is not None
    tree = Tree([only], lambda: False)
    plan = tree.heap.pop()[2].plan
    assert plan.build()
    plan.combinations = iter(())
    either = (Window(-1250, (1, 0, 0, 1), (1, 1, 1, 2)), Window(-750, (1, 1, 1, 1), (2, 1, 1, 2)))
    given = Node((833, 1000, 1500), plan, (Level(value=(1500,), windows=either),))
    tree.heap.append((given.key, 0, given))
    node = tree.best()
    assert node is not None and node.programme is not None
    assert (node.windows, node.following) == (either[:1], [either[1:]])
    assert node.windows not in node.following
    assert node.programme.end.tolist() == node.plan.ends(node.windows).tolist()
    # A search in one of several windows refutes nothing of the others.
    node.levels = tuple(replace(level, windows=level.windows[:1]) for level in node.levels)
    assert Rounding(model, node, None, Effort())._is_exact
    (level,) = node.plan.levels
    node.plan.levels = (replace(level, windows=level.windows * 2),)
    assert not Rounding(model, node, None, Effort())._is_exact


def _compare_with_brute_force(unit: Unit) -> None:
    model = UnitModel(unit)
    if model.conflicts:
        return
    found = find_ideal(model, Effort())
    lowest = best_values(unit)
    if lowest is None:
        assert found.values is None
        return
    best = dict(zip(OBJECTIVES, lowest, strict=True))
    assert found.bounds or found.values is None
    for name, bound in found.bounds.items():
        if all(best[other] == found.bounds.get(other) for other in found.needs(name)):
            assert bound <= best[name], name
