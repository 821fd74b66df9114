"""Turns in posts counted beside turns at home: no bound is above what any lawful roster has."""

from __future__ import annotations

import random
from typing import Any

import pytest
from ortools.sat.python import cp_model

from scheduler.problem import Unit
from scheduler.roster import HOME, OFFICE
from scheduler.solve.apart import find_ideal
from scheduler.solve.fairness import Group
from scheduler.solve.model import UnitModel
from scheduler.solve.passes import Passes
from scheduler.solve.rows.fair_shares import shares
from scheduler.solve.rows.numbers import places
from scheduler.solve.rows.sharing import Sharing
from scheduler.solve.search import Effort
from scheduler.solve.unit import solve_unit
from tests.constraints.problems import make_rule, make_unit

POSTS = {"Loket": (0, 1, 2, 4), "Arsip": (0, 2, 3, 4)}


def _unit(seed: int, days: int) -> Unit:
    """Five people, all but one of whom serve at two counters on the half of the days on which they are not at home."""
    draw = random.Random(f"sharing {seed}")
    staff: list[dict[str, Any]] = [
        {"service_posts": tuple(post for post, officers in POSTS.items() if i in officers), "monitor": i < 2}
        for i in range(5)
    ]
    owed = [draw.randint(-900, 900) for _ in range(2)]
    monitor = [[], [make_rule("monitor", turns="day")], [make_rule("monitor", turns="period")]][seed % 3]
    return make_unit(
        [
            make_rule("home_quota", share="50%"),
            make_rule("stint", home=[1, 2]),
            *(make_rule("service_post", name=post, at_least=1) for post in POSTS),
            *monitor,
        ],
        staff,
        days,
        absences={(draw.randint(2, 4), draw.randrange(days)): "leave"},
        history={
            i: {
                "balance": balance,
                "last_status": draw.choice([HOME, OFFICE]),
                "last_stint": 1,
                "role_balances": {name: draw.randint(-900, 900) for name in ("Loket", "monitor")},
            }
            for i, balance in enumerate([*owed, -sum(owed)])
        },
    )


def _groups(model: UnitModel, kind: str) -> list[Group]:
    """Return the groups of a kind; none where it is left to the search how many take turns."""
    is_settled = kind == "role" or all(isinstance(shortfall.excused, int) for shortfall in model.shortfalls)
    return [s.everyday for s in shares(model, kind, places(model)) or ()] if is_settled else []


@pytest.mark.parametrize("seed", range(4))
def test_any_lawful_roster_is_within_the_bounds_of_posts_counted_beside_its_homes(seed: int) -> None:
    draw = random.Random(seed)
    model = UnitModel(_unit(seed, 10))
    homes, posts = _groups(model, "home"), _groups(model, "role")
    assert posts
    balances = [balance for group in (*homes, *posts) for balance in group.balances]
    for shortfall in (s.variable for s in model.shortfalls if s.variable is not None):
        model.cp.add(shortfall == 0)
    for _ in range(3):
        # A roster that is fair to some and unfair to others, at home and in posts.
        model.cp.minimize(sum(draw.randint(-9, 9) * literal for b in balances for literal in b.taken))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.max_deterministic_time = 0.2
        assert solver.solve(model.cp) in (cp_model.OPTIMAL, cp_model.FEASIBLE)
        sharing = Sharing(model, homes, posts)
        if homes:
            sharing.keep_homes(
                sum(group.spread(solver.value) for group in homes),
                sum(group.sum_of_sizes(solver.value) for group in homes),
            )
        spread = sum(group.spread(solver.value) for group in posts)
        least, shared = sharing.least_spread(Effort(), 0)
        assert shared is not None
        assert least <= spread
        assert sharing.least_total(Effort(), spread, 0)[0] <= sum(g.sum_of_sizes(solver.value) for g in posts)


def test_who_is_at_home_on_half_of_the_days_shares_two_posts_less_fairly_than_each_alone_would_be() -> None:
    unit = _unit(3, 10)
    model = UnitModel(unit)
    posts = _groups(model, "role")
    found = {objective.name: objective for objective in solve_unit(unit, Effort()).objectives}
    sharing = Sharing(model, _groups(model, "home"), posts)
    sharing.keep_homes(found["fairness_spread"].value, found["fairness_total"].value)
    least, _ = sharing.least_spread(Effort(), 0)
    assert found["role_spread"].value == found["role_spread"].bound == least
    assert least > sum(aim.spread for group in posts if (aim := group.aim))


def test_a_roster_whose_posts_are_as_fair_as_is_known_is_not_given_up_for_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    passes = Passes(UnitModel(_unit(3, 10)), Effort(limit=2.0), find=find_ideal)
    others: list[object] = []
    monkeypatch.setattr(passes, "_proven", lambda: None)  # as where a later bound is not met
    monkeypatch.setattr(passes, "_look_for", lambda wanted: others.append(wanted) or False)
    role_spread = next(o for o in passes.run() if o.name == "role_spread")
    assert role_spread.value > sum(aim.spread for g, _ in passes.groups("role") if (aim := g.aim))
    assert not others
