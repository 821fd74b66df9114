"""A limit of time: no search is given more than is left, and a lawful roster is there whatever whole rows take."""

from __future__ import annotations

import time
from typing import Any

import pytest

from scheduler.problem import Unit
from scheduler.solve import aiming, first, passes, search
from scheduler.solve import effort as clocked
from scheduler.solve import unit as unit_solving
from scheduler.solve.model import UnitModel
from scheduler.solve.rows import picking, restricted, sharing
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
    modules = (first, aiming, passes, picking, restricted, sharing)
    for module, name in [*((module, "search") for module in modules), (first, "walk")]:
        inner = getattr(module, name)

        def recorded(*given: Any, _inner: Any = inner, **more: Any) -> Any:
            ends.extend(effort.deadline for effort in given if isinstance(effort, Effort))
            return _inner(*given, **more)

        monkeypatch.setattr(module, name, recorded)
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


def test_what_ends_a_search_is_set_aside_but_never_more_than_half() -> None:
    deadline = time.monotonic() + 1000
    assert Effort(deadline=deadline).sooner(3).deadline == deadline - 3
    halved = Effort(deadline=deadline).sooner(5000).deadline
    assert halved is not None
    assert deadline - 500.1 < halved <= deadline - 499
    assert Effort().sooner(3).deadline is None


def test_every_call_of_the_solver_gets_the_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    limits: list[float] = []
    for module in (clocked, search):
        monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    real = search._solve

    def passing(solver: Any, model: Any, effort: Effort) -> Any:
        limits.append(solver.parameters.max_time_in_seconds)
        assert limits[-1] <= max(0.01, 1040.0 - now[0])
        now[0] += 3.0
        return real(solver, model, effort)

    monkeypatch.setattr(search, "_solve", passing)
    unit = _unit()
    solution = solve_unit(unit, Effort(deadline=1040.0))
    assert limits
    assert audit(unit, solution.roster).broken == ()


def test_once_the_time_is_up_no_pass_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: Any) -> Any:
        raise AssertionError("built after the end")

    def endless(_: Any, effort: Effort) -> Ideal:
        effort.stopped.set()
        return Ideal()

    monkeypatch.setattr(unit_solving, "find_ideal", endless)
    for name in ("groups", "spread", "total", "_aim_at"):
        monkeypatch.setattr(passes.Passes, name, forbidden)
    solution = solve_unit(_unit(), Effort(deadline=time.monotonic() + 3600))
    assert len(solution.objectives) == 8


def test_whole_rows_that_take_all_the_time_leave_a_lawful_roster(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(_: Any, effort: Effort) -> Ideal:
        effort.stopped.set()
        return Ideal()

    monkeypatch.setattr(unit_solving, "find_ideal", endless)
    unit = _unit()
    solution = solve_unit(unit, Effort(deadline=time.monotonic() + 3600))
    assert solution.interrupted
    assert audit(unit, solution.roster).broken == ()


def test_a_limit_that_does_not_bind_changes_no_value() -> None:
    unit = _unit()
    with_limit = solve_unit(unit, Effort(deadline=time.monotonic() + 3600))
    without = solve_unit(unit, Effort())
    assert [o.value for o in with_limit.objectives] == [o.value for o in without.objectives]


def test_a_first_roster_with_fewer_empty_places_is_kept() -> None:
    unit = _unit()
    model = UnitModel(unit)
    emptier = model.cp.clone()
    for i in range(len(model.people)):
        if not isinstance(home := model.home(i, 3), bool):
            emptier.add(home == 0)
    empty = search.search(emptier, Effort()).values
    assert empty is not None
    found = passes.Passes(model, Effort(limit=0.01), find=lambda *_: Ideal(values=list(empty)))
    found.take(empty)
    worst = found.worth(found.costs("shortfall"))
    found.run()
    assert found.reached["shortfall"].value < worst
