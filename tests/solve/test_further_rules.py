"""Brute force agrees, pass by pass, on units of the further rules: role turns with a ledger, wishes, counts, groups."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from scheduler.constraints.base import Rule
from scheduler.errors import InfeasibleError
from scheduler.problem import Unit
from scheduler.roster import HOME, OFFICE
from scheduler.solve.conflicts.conflict import find_conflicts
from scheduler.solve.search import Effort
from scheduler.solve.unit import solve_unit
from scheduler.verify import audit
from tests.constraints.problems import best_values, make_rule, make_unit
from tests.solve.optimal import assert_optimal

HALF = make_rule("home_quota", share="50%")
ANY_HOME = make_rule("home_quota", name="any", share="100%", mode="at_most")
MARKED = {"monitor": True}
A, B = {"tags": ("A",)}, {"tags": ("B",)}


def _role(name: str, *balances: int) -> dict[int, Mapping[str, Any]]:
    return {i: {"role_balances": {name: balance}} for i, balance in enumerate(balances)}


UNITS: dict[str, Callable[[], Unit]] = {
    "monitor for the period": lambda: make_unit([HALF, make_rule("monitor")], [MARKED, MARKED], 2),
    "monitor for the period with a ledger": lambda: make_unit(
        [make_rule("monitor")], [MARKED] * 3, 2, history=_role("monitor", 2000, -1500, -500)
    ),
    "monitor for the period with leave": lambda: make_unit(
        [HALF, make_rule("monitor")], [MARKED, MARKED], 3, absences={(0, 1): "leave"}, history=_role("monitor", -900, 900)
    ),
    "monitor by day": lambda: make_unit([HALF, make_rule("monitor", turns="day")], [MARKED, MARKED, {}], 2),
    "monitor by day with a ledger": lambda: make_unit(
        [make_rule("always_home"), make_rule("monitor", turns="day")], [MARKED] * 2, 3, history=_role("monitor", 1500, -1500)
    ),
    "starts in turn": lambda: make_unit([HALF, make_rule("start_slot", slots=["9.00", "9.30"])], [{}, {}], 2),
    "starts by the month": lambda: make_unit([HALF, make_rule("start_slot", slots=["9.00", "9.30"], turns="month")], [{}, {}], 2),
    "wishes of a selection after fairness": lambda: make_unit(
        [HALF, make_rule("preference", status="home", weight=3, **{"for": {"person": "p0"}, "when": {"weekdays": ["tue"]}}),
         make_rule("weekday", weekday=["wed"], status="office", weight=2)], [{}, {}], 4,
    ),
    "counts, desks and a quota": lambda: make_unit(
        [HALF, make_rule("home_count", at_most=2, partial="whole"), make_rule("capacity", at_most=2)], [{}] * 3, 3
    ),
    "groups, a quota and fridays": lambda: make_unit(
        [make_rule("home_quota", share="1/2", **{"for": {"not": {"tag": ["A", "B"]}}}),
         make_rule("cohort", groups=[{"tag": "A"}, {"tag": "B"}], every="day")], [A, B, {}], 3,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", UNITS)
def test_brute_force_agrees_on_chosen_units(case: str) -> None:
    unit = UNITS[case]()
    assert_optimal(unit, best_values(unit))


def _some_rules(draw: random.Random) -> list[Rule]:
    weight = {"weight": draw.randint(1, 4)} if draw.random() < 0.5 else {}
    pool = [
        make_rule("weekday", weekday=[draw.choice(["mon", "tue", "wed"])], status=draw.choice([HOME, OFFICE]), weight=2),
        make_rule("home_count", at_least=draw.randint(0, 1), at_most=draw.randint(1, 2), per=draw.choice(["week", "horizon"]), **weight),
        make_rule("min_attendance", share=draw.choice(["1/3", "60%"]), counting=["travel"], **weight),
        make_rule("capacity", at_most=draw.randint(1, 3), **weight),
        make_rule("together", **draw.choice([{"days": 1}, {"weekday": ["tue"]}]), share=draw.choice(["50%", "100%"]), **weight),
        make_rule("apart", at_most_away=draw.randint(1, 2), counting=draw.choice(["home", "away"]), **weight),
        make_rule("cohort", groups=2, every="day", **{"for": {"person": "p0"}}, **weight),
        make_rule("preference", status=draw.choice([HOME, OFFICE]), **{"for": {"person": ["p1"]}}),
        make_rule("monitor", turns=draw.choice(["period", "day"]), **{"for": {"person": ["p0", "p1"]}}),
    ]  # fmt: skip
    return draw.sample(pool, draw.randint(1, 3))


def _random_unit(seed: int) -> Unit:
    draw = random.Random(seed)
    people = draw.randint(2, 3)
    days = draw.randint(2, 3)
    cells = [(i, k) for i in range(people) for k in range(days)]
    quota = make_rule(
        "home_quota", share=draw.choice(["50%", "1/3"]), rounding=draw.choice(["carry", "ceil"])
    )
    history = None
    if draw.random() < 0.5:
        history = {i: {"balance": 300 * sign, "role_balances": {"monitor": 400 * sign}, "last_status": HOME, "last_stint": 1} for i, sign in enumerate([1, -1])}  # fmt: skip
    absences = {cell: draw.choice(["leave", "travel"]) for cell in cells if draw.random() < 0.15}
    pins = {cell: draw.choice([HOME, OFFICE]) for cell in cells if draw.random() < 0.05}
    return make_unit(
        [quota, *_some_rules(draw)], [{}] * people, days, absences=absences, pins=pins, history=history
    )


@pytest.mark.parametrize("seed", range(60))
def test_brute_force_agrees_on_random_units_or_names_a_conflict(seed: int) -> None:
    unit = _random_unit(seed)
    best = best_values(unit)
    if best is not None:
        assert_optimal(unit, best)
        return
    with pytest.raises(InfeasibleError):
        solve_unit(unit, Effort())
    assert find_conflicts(unit, Effort())


def test_the_period_s_monitor_goes_round_from_period_to_period() -> None:
    balances = [0, 0, 0]
    monitors = []
    for _ in range(6):
        unit = make_unit([make_rule("monitor")], [MARKED] * 3, 5, history=_role("monitor", *balances))
        roster = solve_unit(unit, Effort()).roster
        (holder,) = {person for (person, _), names in roster.roles.items() if names == ("monitor",)}
        monitors.append(holder)
        (sheet,) = audit(unit, roster).balances
        balances = [sheet.balance[person.id] for person in unit.people]
    assert sorted(monitors[:3]) == sorted(monitors[3:]) == ["p0", "p1", "p2"]


@pytest.mark.parametrize("turns", ["day", "week", "fixed"])
def test_starts_of_a_large_unit_are_evenly_filled_and_go_round(turns: str) -> None:
    slots = ["9.00", "9.30", "10.00"]
    unit = make_unit([HALF, make_rule("start_slot", slots=slots, turns=turns)], [{}] * 12, 15)
    solution = solve_unit(unit, Effort())
    roster = solution.roster
    assert audit(unit, roster).broken == ()
    assert all(objective.is_optimal for objective in solution.objectives)
    had = {person.id: [names[0] for (p, _), names in roster.roles.items() if p == person.id] for person in unit.people}  # fmt: skip
    assert sum(map(len, had.values())) == sum(row.count(OFFICE) for row in roster.statuses)
    counts = {person: sorted(names.count(f"start {slot}") for slot in ("09:00", "09:30", "10:00")) for person, names in had.items()}  # fmt: skip
    if turns == "day":
        assert all(most - least <= 1 for least, _, most in counts.values())
    elif turns == "fixed":
        assert all(middle == 0 for _, middle, _ in counts.values())
    else:
        assert all(most <= 5 for _, _, most in counts.values())
