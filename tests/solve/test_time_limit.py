"""A limit of time: no search is given more than is left, and a lawful roster is there whatever whole rows take."""

from __future__ import annotations

import time
from typing import Any

import pytest

from scheduler.problem import Unit
from scheduler.solve import passes
from scheduler.solve.rows import picking, roles, rounding
from scheduler.solve.rows.ideal import Ideal
from scheduler.solve.search import Effort
from scheduler.solve.unit import solve_unit
from scheduler.verify import audit
from tests.constraints.problems import make_rule, make_unit


def _unit() -> Unit:
    return make_unit(
        [
            make_rule("home_quota", share="50%"),
            make_rule("stint", home=[1, 2], prefer=2),
            make_rule("service_post", name="Loket"),
        ],
        [{"service_posts": ("Loket",)}] * 4 + [{}] * 4,
        8,
        preferences=[(0, 3, "home", 2), (1, 3, "office", 1)],
    )


def test_no_search_ends_after_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    ends: list[float | None] = []
    for module in (passes, picking, roles, rounding):
        inner = module.search

        def recorded(model: Any, effort: Effort, *rest: Any, _inner: Any = inner, **more: Any) -> Any:
            ends.append(effort.deadline)
            return _inner(model, effort, *rest, **more)

        monkeypatch.setattr(module, "search", recorded)
    deadline = time.monotonic() + 3600
    solve_unit(_unit(), Effort(deadline=deadline))
    assert len(ends) >= 2
    assert all(end is not None and end <= deadline for end in ends)


def test_a_part_of_the_time_left_never_goes_beyond_it() -> None:
    deadline = time.monotonic() + 1000
    part = Effort(deadline=deadline).until(0.5)
    assert part.deadline is not None
    assert part.deadline <= deadline - 499
    gone = Effort(deadline=time.monotonic() - 5).until(0.5)
    assert gone.is_over


def test_whole_rows_that_take_all_the_time_leave_a_lawful_roster(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(_: Any, effort: Effort) -> Ideal:
        effort.stopped.set()
        return Ideal()

    monkeypatch.setattr(passes, "find_ideal", endless)
    unit = _unit()
    solution = solve_unit(unit, Effort(deadline=time.monotonic() + 3600))
    assert solution.interrupted
    assert audit(unit, solution.roster).broken == ()


def test_a_limit_that_does_not_bind_changes_no_value() -> None:
    unit = _unit()
    with_limit = solve_unit(unit, Effort(deadline=time.monotonic() + 3600))
    without = solve_unit(unit, Effort())
    assert [o.value for o in with_limit.objectives] == [o.value for o in without.objectives]
