"""The first roster: lawful, at once, and what an interrupt leaves; what it is worth is what the verifier measures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ortools.sat.python import cp_model

from benchmarks.instances import make_unit as drawn_unit
from scheduler.errors import InfeasibleError
from scheduler.roster import Replaced
from scheduler.solve import first
from scheduler.solve import unit as unit_solving
from scheduler.solve.first import first_roster
from scheduler.solve.model import UnitModel
from scheduler.solve.passes import Passes
from scheduler.solve.rows.ideal import Ideal
from scheduler.solve.search import Effort, Found, search, walk
from scheduler.solve.standing import Objective
from scheduler.solve.unit import solve_unit
from scheduler.verify import audit, false_claims
from tests.constraints.problems import make_rule, make_unit


def _shortfall(model: UnitModel, values: Any) -> int:
    return sum(weight * values[variable.index] for weight, variable in model.costs["shortfall"])


def _stopped() -> Effort:
    effort = Effort()
    effort.stopped.set()
    return effort


def test_the_walk_fills_most_places_that_any_roster_leaves_empty() -> None:
    model = UnitModel(drawn_unit(60, 22, 1))
    walk = Passes(model, Effort())
    walk.take(first_roster(model, Effort()).values or [])
    walked = walk.values
    anyhow = search(model.cp.clone(), Effort(), alone=True).values
    assert _shortfall(model, walked) * 10 < _shortfall(model, anyhow)


def test_an_interrupt_at_once_leaves_a_verified_roster_and_true_claims() -> None:
    unit = drawn_unit(20, 10, 2)
    solution = solve_unit(unit, _stopped())
    found = audit(unit, solution.roster)
    assert solution.interrupted
    assert found.broken == ()
    assert list(false_claims(solution.objectives, found.objectives)) == []


def test_an_interrupt_during_whole_rows_leaves_the_first_roster_with_its_gap(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupted(_: Any, effort: Effort) -> Ideal:
        effort.stopped.set()
        return Ideal(bounds={"shortfall": 0})

    monkeypatch.setattr(unit_solving, "find_ideal", interrupted)
    unit = drawn_unit(20, 10, 2)
    best = {o.name: o.value for o in solve_unit(unit, _stopped()).objectives}
    effort = Effort()
    solution = solve_unit(unit, effort)
    assert {o.name: o.value for o in solution.objectives} == best
    assert solution.interrupted
    assert any(o.bound < o.value for o in solution.objectives)


def test_values_told_after_an_interrupt_are_those_that_passes_would_start_from() -> None:
    unit = drawn_unit(20, 10, 2)
    model = UnitModel(unit)
    stopped = Passes(model, _stopped())
    told = {o.name: o.value for o in stopped.run()}
    assert model.is_unpriced
    stopped.take(stopped.values)
    built = {o.name: stopped.worth(o) for o in _all_objectives(stopped)}
    assert built == {name: told[name] for name in built}


def _all_objectives(stopped: Passes) -> list[Objective]:
    stopped.effort = replace(stopped.effort, stopped=Effort().stopped)
    stopped._aim_at = lambda *_, **__: True  # type: ignore[method-assign]
    return list(stopped._objectives())


def test_a_replaced_roster_is_kept_by_the_walk_where_nothing_changed() -> None:
    unit = drawn_unit(20, 10, 2)
    before = solve_unit(unit, _stopped()).roster
    solution = solve_unit(unit, _stopped(), Replaced(roster=before, before=unit.horizon.first))
    assert {o.name: o.value for o in solution.objectives}["changes"] == 0


def test_where_no_roster_exists_an_interrupt_says_so_too() -> None:
    rules = [make_rule("home_quota", share="50%"), make_rule("pin"), make_rule("min_on_site", at_least=1)]
    with pytest.raises(InfeasibleError):
        solve_unit(make_unit(rules, [{}] * 2, 2, pins={(0, 0): "home", (1, 0): "home"}), _stopped())


def test_where_the_walk_ends_in_a_corner_a_slower_one_finds_a_roster(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first, "walk", lambda *_: Found(None, 0))
    unit = drawn_unit(20, 10, 2)
    assert audit(unit, solve_unit(unit, _stopped()).roster).broken == ()


def test_a_wish_holds_unless_those_before_it_forbid_it_whatever_the_order_of_variables() -> None:
    cp = cp_model.CpModel()
    a, b, c = (cp.new_bool_var(name) for name in "abc")
    cp.add_at_most_one(a, b)
    cp.add_at_most_one(b, c)
    assert walk(cp, [b, c, a], Effort()).values == [0, 1, 0]
    assert walk(cp, [c, b, ~a], Effort()).values == [0, 0, 1]
    cp.add(a + b + c == 3)
    assert walk(cp, [c, b, a], Effort()).is_infeasible
