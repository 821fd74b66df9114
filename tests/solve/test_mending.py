"""Rows that miss couplings are mended, and stints are bounded for wishes left unmet."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from scheduler.problem import Unit
from scheduler.solve.bounds import Window
from scheduler.solve.model import UnitModel
from scheduler.solve.rows import numbers
from scheduler.solve.rows.columns import Programme, State
from scheduler.solve.rows.descent import settle
from scheduler.solve.rows.emptying import leave_empty
from scheduler.solve.rows.fair_shares import shares
from scheduler.solve.rows.freed import MISSED, Ranges
from scheduler.solve.rows.graph import INFINITE
from scheduler.solve.rows.holding import hold_posts
from scheduler.solve.rows.mending import Mending
from scheduler.solve.rows.picking import lacking
from scheduler.solve.rows.plans import variant
from scheduler.solve.rows.reading import read_rows
from scheduler.solve.rows.restricted import Restricted
from scheduler.solve.rows.roles import fairest_posts
from scheduler.solve.rows.rounding import Rounding, heaviest
from scheduler.solve.rows.tree import Node, Tree
from scheduler.solve.search import Effort, search, value_in
from scheduler.solve.unit import solve_unit
from scheduler.verify import audit
from tests.constraints.problems import lawful_rosters, make_rule, make_unit


def _tree(model: UnitModel) -> Tree:
    places, rows = numbers.places(model), read_rows(model)
    known = [variant(model, rows, places, fewer) for fewer in numbers.variants(model, 0) or []]
    return Tree([v for v in known if v is not None], lambda: False)


def test_a_choice_of_ends_that_somebody_cannot_reach_is_impossible_not_dear() -> None:
    model = UnitModel(make_unit([make_rule("home_quota", share="50%")], [{}] * 4, 5))
    node = _tree(model).best()
    assert node is not None
    programme = node.plan.programme()
    programme.restrict(np.full_like(programme.end, INFINITE))
    assert programme.solve()[1] is State.IMPOSSIBLE


def _mending(node: Node, seed: int) -> Mending:
    """Rows that are lawful and within their windows, drawn without a look at anybody else's."""
    programme, plan = node.programme, node.plan
    assert programme is not None
    draw = np.random.default_rng(seed)
    cost = draw.integers(-1000, 1000, programme.prices[0].home.shape)
    rows = programme.graph.best_rows(cost, programme.graph.potentials(cost, programme.end))
    turns, border = plan.variant.rows.counted(plan.variant.homes)
    least, most = plan.border_turns(node.windows)
    return Mending(
        programme=programme,
        rows=plan.variant.rows,
        ranges=(
            Ranges(counted=turns, least=plan.least, most=plan.most),
            Ranges(counted=border, least=least, most=most),
        ),
        target=(node.key[3], node.key[4]),
        effort=Effort(),
        draw=random.Random(seed),
        current=rows,
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_rows_drawn_apart_are_mended_into_a_lawful_roster(seed: int) -> None:
    rules = [make_rule("home_quota", share="50%"), make_rule("stint", home=[1, 2], prefer=2)]
    model = UnitModel(make_unit(rules, [{}] * 8, 15, preferences=[(0, 3, "home", 2), (1, 3, "home", 1)]))
    node = _tree(model).best()
    assert node is not None
    mending = _mending(node, seed)
    assert lacking(mending.programme, mending.current).any()
    assert mending.run()
    assert mending.value(mending.current) < MISSED
    for index, (i, k) in mending.rows.relaxation.cells.items():
        home = int(mending.current[mending.rows.position[i], k])
        model.cp.add(model.cp.get_int_var_from_proto_index(index) == home)
    found = search(model.cp, Effort())
    assert found.values is not None


@pytest.mark.parametrize("seed", [1, 2])
def test_rows_chosen_one_after_another_stay_lawful_and_miss_less(seed: int) -> None:
    rules = [make_rule("home_quota", share="50%"), make_rule("stint", home=[1, 2], prefer=2)]
    model = UnitModel(make_unit(rules, [{}] * 8, 15, preferences=[(0, 3, "home", 2), (1, 3, "home", 1)]))
    node = _tree(model).best()
    assert node is not None and node.programme is not None
    programme, drawn = node.programme, _mending(node, seed).current
    programme.restrict(node.plan.ends(node.windows))
    rows = settle(programme, drawn, random.Random(seed), lambda: False)
    before, after = (int(abs(lacking(programme, found)).sum()) for found in (drawn, rows))
    assert after < before / 2
    ends = programme.graph.measure(np.arange(len(rows)), rows).ends
    assert (programme.end[ends] < INFINITE).all()
    assert (settle(programme, drawn, random.Random(seed), lambda: False) == rows).all()


def test_a_row_outside_its_window_is_chosen_anew() -> None:
    rules = [make_rule("home_quota", share="50%"), make_rule("stint", home=[1, 2], prefer=2)]
    node = _tree(UnitModel(make_unit(rules, [{}] * 5, 15))).best()
    assert node is not None and node.programme is not None
    programme, rows = node.programme, _mending(node, 1).current
    programme.restrict(np.zeros_like(programme.end))
    ends = programme.graph.measure(np.arange(len(rows)), rows).ends
    programme.restrict(np.where(np.arange(len(programme.end)) == ends[0], INFINITE, 0))
    found = settle(programme, rows, random.Random(1), lambda: False)
    ends = programme.graph.measure(np.arange(len(found)), found).ends
    assert (programme.end[ends] < INFINITE).all()


def _with_posts() -> Unit:
    rules = [
        make_rule("home_quota", share="50%"),
        make_rule("stint", home=[1, 2], prefer=2),
        make_rule("service_post", name="Loket"),
    ]
    return make_unit(rules, [{"service_posts": ("Loket",)}] * 3 + [{}] * 5, 12)


def test_posts_are_held_fairly_with_few_peoples_rows_changed() -> None:
    model = UnitModel(_with_posts())
    node = _tree(model).best()
    assert node is not None
    node.shortfall = 0
    groups = shares(model, "role")
    assert groups
    posts = fairest_posts(model, groups, node.plan, Effort())
    assert posts is not None
    mending = _mending(node, 1)
    assert mending.run()
    values, is_fair = hold_posts(
        Restricted(model, node, posts, Effort()), mending.current, posts, Effort(), random.Random(1)
    )
    assert values is not None and is_fair
    taken = [[value_in(literal, values) for literal in b.taken] for s in groups for b in s.everyday.balances]
    assert sum(map(sum, taken)) == 12
    assert max(map(sum, taken)) == 4
    for index, value in enumerate(list(values)[: len(model.cp.proto.variables)]):
        model.cp.add(model.cp.get_int_var_from_proto_index(index) == value)
    assert search(model.cp, Effort()).values is not None


def test_posts_that_no_change_makes_fair_are_held_all_the_same() -> None:
    unit = _with_posts()
    model = UnitModel(unit)
    node = _tree(model).best()
    assert node is not None
    node.shortfall = 0
    groups = shares(model, "role")
    assert groups
    posts = fairest_posts(model, groups, node.plan, Effort())
    assert posts is not None
    window = posts.windows[0]
    none = replace(posts, windows=(Window(window.low, (0, 0, 0), (0, 0, 0)),))
    mending = _mending(node, 1)
    assert mending.run()
    values, is_fair = hold_posts(
        Restricted(model, node, none, Effort()), mending.current, none, Effort(), random.Random(1)
    )
    assert values is not None and not is_fair
    balances = groups[0].everyday.balances
    assert none.amiss(values) == {
        i for i, b in enumerate(balances) if any(value_in(literal, values) for literal in b.taken)
    }


def test_mending_twice_gives_the_same_rows() -> None:
    rules = [make_rule("home_quota", share="50%"), make_rule("stint", home=[1, 2], prefer=2)]
    model = UnitModel(make_unit(rules, [{}] * 6, 12))
    node = _tree(model).best()
    assert node is not None
    first, second = _mending(node, 3), _mending(node, 3)
    assert first.run() == second.run()
    assert (first.current == second.current).all()


def _unit(seed: int) -> Unit:
    draw = random.Random(f"stints for wishes {seed}")
    rules = [make_rule("home_quota", share="50%"), make_rule("stint", home=[1, 2], prefer=2)]
    wishes = [(i, k, draw.choice(["home", "office"]), draw.randint(1, 2)) for i in range(2) for k in range(4)]
    return make_unit(rules, [{}] * 2, 5, preferences=wishes)


def test_no_roster_with_so_many_wishes_unmet_has_fewer_stints_than_the_bound() -> None:
    binding = 0
    for seed in range(6):
        unit = _unit(seed)
        tree = _tree(UnitModel(unit))
        node = tree.best()
        assert node is not None
        values = [found.objectives for _, found in lawful_rosters(unit)]
        for more in (1, 3, 8):
            wishes = node.key[3] + more
            bound = tree.stints_for(node, wishes)
            as_fair = [
                v["stints"]
                for v in values
                if v["shortfall"] == 0
                and (v["fairness_spread"], v["fairness_total"], v["monday_friday"]) == node.key[:3]
                and v["preferences"] <= wishes
            ]
            if bound is not None and as_fair:
                assert bound <= min(as_fair)
                binding += bound > 0
    assert binding >= 3


@pytest.mark.parametrize("seed", [1, 2])
def test_rows_not_mended_in_time_are_completed_near_what_they_are(seed: int) -> None:
    rules = [make_rule("home_quota", share="50%"), make_rule("stint", home=[1, 2], prefer=2)]
    model = UnitModel(make_unit(rules, [{}] * 6, 15))
    node = _tree(model).best()
    assert node is not None
    mending = _mending(node, seed)
    short = int(abs(lacking(mending.programme, mending.current)).sum())
    assert short
    found, _ = leave_empty(model, mending.programme, mending.rows, mending.current, None, Effort())
    assert found.values is not None
    for index, value in enumerate(list(found.values)[: len(model.cp.proto.variables)]):
        model.cp.add(model.cp.get_int_var_from_proto_index(index) == value)
    assert search(model.cp, Effort()).values is not None
    empty = sum(weight * value_in(literal, found.values) for weight, literal in model.costs["shortfall"])
    assert empty <= short


def test_a_unit_whose_rows_were_not_mended_in_time_has_a_lawful_roster(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taken: list[bool] = []

    def unfinished(rounding: Rounding, programme: Programme) -> None:
        rounding.half_mended = heaviest(programme)[0]
        taken.append(bool(lacking(programme, rounding.half_mended).any()))

    monkeypatch.setattr(Rounding, "_run_with", unfinished)
    unit = make_unit(
        [
            make_rule("home_quota", share="50%"),
            make_rule("stint", home=[1, 2], prefer=2),
            make_rule("service_post", name="Loket"),
        ],
        [{"service_posts": ("Loket",)}] * 3 + [{}] * 4,
        12,
    )
    solution = solve_unit(unit, Effort())
    assert any(taken)
    assert audit(unit, solution.roster).broken == ()


def test_what_is_lost_from_each_day_on_adds_up_to_what_rows_cost_beyond_their_best() -> None:
    rules = [make_rule("home_quota", share="50%"), make_rule("stint", home=[1, 2], prefer=2)]
    model = UnitModel(make_unit(rules, [{}] * 6, 12, preferences=[(0, 3, "home", 2)]))
    node = _tree(model).best()
    assert node is not None
    mending = _mending(node, 3)
    programme, rows = mending.programme, mending.current
    cost, weights = programme.cell_costs(programme.duals), programme.weights(programme.duals)
    potentials = programme.graph.potentials(cost, programme.end, weights)
    losses = programme.graph.losses(rows, cost, potentials, weights)
    best = potentials[0][: len(rows)]
    assert (losses >= 0).all()
    assert losses.any()
    assert (losses.sum(axis=1) == programme.reduced(np.arange(len(rows)), rows, programme.duals) - best).all()


def test_wishes_and_stints_priced_at_once_have_the_bounds_they_have_one_after_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rules = [make_rule("home_quota", share="50%"), make_rule("stint", home=[1, 2], prefer=2)]
    wishes = [(p, k, "home", 1) for p in range(5) for k in (3, 4)]
    unit = make_unit(rules, [{}] * 5, 32, preferences=wishes)
    at_once = _tree(UnitModel(unit)).best()
    monkeypatch.setattr(Tree, "_open", lambda tree, node, programme: None)
    one_by_one = _tree(UnitModel(unit)).best()
    assert at_once is not None and one_by_one is not None
    assert at_once.programme is not None and at_once.programme.is_long
    assert at_once.key == one_by_one.key
    assert at_once.key[3] > 0 and at_once.key[4] > 0
