"""What the passes claim to be optimal is so: brute force over every roster of small units agrees, pass by pass."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from scheduler.problem import Unit
from scheduler.roster import HOME, OFFICE
from scheduler.solve.search import Effort
from scheduler.solve.unit import solve_unit
from scheduler.verify import audit
from tests.constraints.problems import best_values, make_rule, make_unit
from tests.solve.optimal import assert_optimal

LOKET = {"service_posts": ("Loket",)}
HALF = make_rule("home_quota", share="50%")


def _random_unit(seed: int) -> Unit:
    """Up to four people over up to four days, with leave, pins, IT, wishes, soft rules and a ledger."""
    draw = random.Random(seed)
    people = draw.randint(2, 4)
    days = draw.randint(2, 12 // people)
    cells = [(i, k) for i in range(people) for k in range(days)]
    rules = [
        make_rule(
            "home_quota",
            share=draw.choice(["50%", "1/3", "24%", "2/3"]),
            rounding=draw.choice(["carry", "nearest", "ceil"]),
        ),
        make_rule("stint", home=draw.choice([[1, 2], 1, [2, 2]]), prefer=draw.choice([None, 1, 2])),
    ]
    if draw.random() < 0.4:
        rules.append(make_rule("min_on_site", at_least=draw.randint(1, people), weight=draw.randint(1, 5)))
    if draw.random() < 0.4:
        rules.append(make_rule("it_capable"))
    staff = [{"it_capable": draw.random() > 0.3} for _ in range(people)]
    history = None
    if draw.random() < 0.6:
        balances = [draw.randint(-900, 900) for _ in range(people - 1)]
        balances.append(-sum(balances))
        history = {
            i: {
                "balance": balances[i],
                "monday_friday_balance": draw.choice([-500, 0, 500]),
                "last_status": draw.choice([HOME, OFFICE]),
                "last_stint": draw.randint(1, 2),
            }
            for i in range(people)
        }
    return make_unit(
        rules,
        staff,
        days,
        start=draw.choice([make_unit([], [{}], 1).horizon.first]),
        absences={cell: "leave" for cell in cells if draw.random() < 0.1},
        pins={cell: draw.choice([HOME, OFFICE]) for cell in cells if draw.random() < 0.04},
        history=history,
        preferences=[
            (*draw.choice(cells), draw.choice([HOME, OFFICE]), draw.randint(1, 3))
            for _ in range(draw.randint(0, 3))
        ],
    )


FIXED: dict[str, Callable[[], Unit]] = {
    "two posts' turns": lambda: make_unit([HALF, make_rule("service_post", name="Loket")], [LOKET, LOKET, {}], 2),
    "a post that the quota gives way to": lambda: make_unit(
        [make_rule("home_quota", share="100%"), make_rule("service_post", name="Loket", at_least=1)], [LOKET, LOKET], 3
    ),
    "an exact quota whose people are called": lambda: make_unit(
        [
            make_rule("home_quota", share="1/3", mode="exact"),
            make_rule("stint", home=1, office="any"),
            make_rule("service_post", name="Loket", at_least=2),
        ],
        [LOKET, LOKET, {}],
        3,
        absences={(2, 1): "leave"},
    ),
    "turns of a post with a ledger": lambda: make_unit(
        [make_rule("always_home"), make_rule("service_post", name="Loket")],
        [LOKET, LOKET],
        3,
        history={0: {"role_balances": {"Loket": 700}}, 1: {"role_balances": {"Loket": -700}}},
    ),
    "a quota whose numbers vary by day": lambda: make_unit(
        [make_rule("home_quota", share="100%"), make_rule("stint", home=1, office="any")], [{}, {}], 5
    ),
    "a pin that sends home whom a rule keeps at the office, and fills a place": lambda: make_unit(
        [make_rule("home_quota", share="100%"), make_rule("weekday", weekday=["mon"], status="office", **{"for": {"person": "p0"}})],
        [{}, {}, {}],
        2,
        pins={(0, 0): "home"},
        history={0: {}, 1: {"balance": 900}, 2: {"balance": -900}},
    ),
    "one person": lambda: make_unit([HALF, make_rule("stint", home=[1, 2])], [{}], 6),
    "everybody on leave": lambda: make_unit([HALF], [{}, {}], 2, absences={(i, k): "leave" for i in (0, 1) for k in (0, 1)}),
}  # fmt: skip


@pytest.mark.parametrize("case", FIXED)
def test_brute_force_agrees_on_chosen_units(case: str) -> None:
    unit = FIXED[case]()
    assert_optimal(unit, best_values(unit))


@pytest.mark.parametrize("seed", range(40))
def test_brute_force_agrees_on_random_units(seed: int) -> None:
    unit = _random_unit(seed)
    best = best_values(unit)
    if best is not None:
        assert_optimal(unit, best)
    else:
        from scheduler.errors import InfeasibleError

        # An "even" bound may still be widened; what is then found must be lawful under the widened bound.
        try:
            solution = solve_unit(unit, Effort())
        except InfeasibleError:
            return
        assert solution.roster.attained
        assert audit(unit, solution.roster).broken == ()


def test_the_same_unit_and_seed_give_the_same_roster_again() -> None:
    unit = make_unit([HALF, make_rule("stint", home=[1, 2])], [{}] * 8, 10)
    assert solve_unit(unit, Effort(seed=3)) == solve_unit(unit, Effort(seed=3))
