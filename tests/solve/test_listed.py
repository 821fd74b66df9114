"""Everybody's rows listed beside the model, and the last searches of a pass that use them."""

from __future__ import annotations

import random
from itertools import product

import pytest
from ortools.sat.python import cp_model

from scheduler.problem import Unit
from scheduler.roster import HOME, OFFICE
from scheduler.solve.closing import Closing
from scheduler.solve.model import UnitModel
from scheduler.solve.rows.fair_shares import shares
from scheduler.solve.rows.listed import list_rows
from scheduler.solve.rows.numbers import places
from scheduler.solve.search import Effort
from tests.constraints.problems import make_rule, make_unit


def _unit(seed: int, days: int) -> Unit:
    """Seven people in two groups, some with balances and stints from before, some on leave."""
    draw = random.Random(f"listed {seed}")
    staff = [{"rank": "pelaksana" if i < 4 else "pengawas"} for i in range(7)]
    owed = [draw.randint(-1500, 1500) for _ in range(3)]
    return make_unit(
        [
            make_rule("home_quota", name="pelaksana", share="50%", **{"for": {"rank": "pelaksana"}}),
            make_rule("home_quota", name="pengawas", share="40%", **{"for": {"rank": "pengawas"}}),
            make_rule("stint", home=[1, 2]),
        ],
        staff,
        days,
        absences={(draw.randrange(7), draw.randrange(days)): "leave"},
        history={
            i: {"balance": balance, "last_status": draw.choice([HOME, OFFICE]), "last_stint": 1}
            for i, balance in enumerate([*owed, 0, -sum(owed), sum(owed)])
        },
    )


@pytest.mark.parametrize("seed", range(4))
def test_the_rows_of_any_lawful_roster_are_listed_for_its_spread(seed: int) -> None:
    draw = random.Random(seed)
    model = UnitModel(_unit(seed, 8))
    homes = [s.everyday for s in shares(model, "home", places(model)) or ()]
    assert len(homes) == 2
    for shortfall in (s.variable for s in model.shortfalls if s.variable is not None):
        model.cp.add(shortfall == 0)
    for _ in range(3):
        model.cp.minimize(
            sum(draw.randint(-9, 9) * literal for g in homes for b in g.balances for literal in b.taken)
        )
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.max_deterministic_time = 0.2
        assert solver.solve(model.cp) in (cp_model.OPTIMAL, cp_model.FEASIBLE)
        listing = list_rows(model, homes, sum(group.spread(solver.value) for group in homes))
        assert listing is not None
        listed = {
            (p, tuple(row)) for p, row in zip(listing.who.tolist(), listing.choices.tolist(), strict=True)
        }
        for p, i in enumerate(listing.rows.people):
            row = tuple(
                bool(listing.rows.free[p, k]) and bool(solver.value(model.home(i, k)))
                for k in range(len(model.days))
            )
            assert (p, row) in listed
        linked = model.cp.clone()
        listing.link(linked)
        assert solver.solve(linked) in (cp_model.OPTIMAL, cp_model.FEASIBLE)


def test_a_smaller_spread_leaves_fewer_rows() -> None:
    model = UnitModel(_unit(1, 8))
    homes = [s.everyday for s in shares(model, "home", places(model)) or ()]
    least = sum(aim.spread for group in homes if (aim := group.aim) is not None)
    few, many = (list_rows(model, homes, spread) for spread in (least, least + 4000))
    assert few is not None
    assert many is not None
    assert len(few.who) < len(many.who)


@pytest.mark.parametrize("seed", range(12))
def test_a_pass_of_few_variables_ends_with_the_least_and_its_proof(seed: int) -> None:
    draw = random.Random(seed)
    cp = cp_model.CpModel()
    literals = [cp.new_bool_var("") for _ in range(8)]
    lines = [([draw.randint(-2, 3) for _ in literals], draw.randint(1, 3)) for _ in range(3)]
    terms = [(draw.randint(1, 9), literal) for literal in literals]
    for coefficients, least in lines:
        cp.add(sum(c * x for c, x in zip(coefficients, literals, strict=True)) >= least)
    worth = {
        values: sum(weight * value for (weight, _), value in zip(terms, values, strict=True))
        for values in product((0, 1), repeat=8)
        if all(sum(c * v for c, v in zip(cs, values, strict=True)) >= least for cs, least in lines)
    }
    worst = max(worth, key=lambda values: worth[values])
    cp.minimize(sum(weight * literal for weight, literal in terms))
    for is_brief in (True, False):
        found = Closing(cp, terms, list(worst), 0, Effort(limit=2.0), lambda: None).run(is_brief=is_brief)
        assert found.values is not None
        assert worth[tuple(found.values)] == found.bound == min(worth.values())
