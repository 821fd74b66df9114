"""Models written as text are those that OR-Tools' own calls make, and costs become variables only where asked for."""

from __future__ import annotations

import copy
import random
from dataclasses import replace

from ortools.sat.python import cp_model

from benchmarks.instances import make_unit as drawn_unit
from scheduler.problem import Unit
from scheduler.roster import Replaced, UnitRoster
from scheduler.solve.costs import RunCost
from scheduler.solve.lines import Lines, can_be_summed, written
from scheduler.solve.measuring import measure
from scheduler.solve.model import UnitModel
from scheduler.solve.passes import Passes
from scheduler.solve.search import Effort
from scheduler.solve.unit import solve_unit
from tests.constraints.problems import make_rule, make_unit


def test_what_is_written_is_what_calls_would_make() -> None:
    called, own = cp_model.CpModel(), cp_model.CpModel()
    a, b, c, d = (called.new_bool_var("") for _ in range(4))
    lines = Lines(own)
    assert [variable.index for variable in lines.booleans(4)] == [0, 1, 2, 3]
    called.add_bool_or([a, ~b, c])
    lines.clause([0, -2, 2])
    called.add_bool_or([~a, d])
    lines.clause_of(["-1", "3"])
    called.add_implication(a, ~d)
    lines.implication(0, -4)
    called.add_at_most_one([b, c, d])
    lines.at_most_one([1, 2, 3])
    called.add(sum([d, ~b, a]) >= 2)
    lines.total([3, -2, 0], 2, None)
    called.add(sum([~c, ~b]) <= 1)
    lines.total([-3, -2], None, 1)
    called.add(sum([a, c, d]) == 2)
    lines.total([0, 2, 3], 2, 2)
    lines.flush()
    assert str(own.proto) == str(called.proto)


def test_only_sums_that_name_no_variable_twice_are_written() -> None:
    assert can_be_summed([0, 2, -2])
    assert not can_be_summed([1, -2])
    assert not can_be_summed([1, 1])
    assert not can_be_summed([])


def test_a_view_of_a_model_has_its_costs_and_they_are_made_once() -> None:
    model = UnitModel(drawn_unit(20, 10, 2))
    assert model.is_unpriced
    before = len(model.bare.proto.variables)
    view = copy.copy(model)
    assert not model.is_unpriced
    assert view.cp is model.cp
    assert len(model.bare.proto.variables) == before < len(model.cp.proto.variables)
    assert view.costs is model.costs
    size = len(model.cp.proto.variables)
    assert model.costs["stints"]
    assert len(model.cp.proto.variables) == size


def test_runs_of_a_length_are_counted_between_days_that_fail() -> None:
    for seed in range(200):
        draw = random.Random(seed)
        row = [draw.random() < 0.5 for _ in range(draw.randint(0, 9))]
        length = draw.randint(1, 3)
        cost = RunCost("stints", 1, row, length)
        marks = "".join("H" if at_home else "-" for at_home in row)
        wanted = "-" + "H" * length + "-"
        found = sum(marks.startswith(wanted, a) for a in range(len(marks)))
        assert cost.runs(lambda truths: [int(truth) for truth in truths]) == found
        assert cost.certain == found == len(list(cost.costs()))


def test_what_is_told_without_variables_is_what_the_passes_variables_say() -> None:
    rules = [
        make_rule("home_quota", share="50%"),
        make_rule("stint", home=[1, 2], prefer=2, office=2, weight=3),
        make_rule("service_post", name="Loket", at_least=1, weight_under=2),
        make_rule("always_office", weight=5, **{"for": {"person": "p1"}}),
    ]
    for seed in range(6):
        draw = random.Random(seed)
        people = [{"service_posts": ("Loket",)} if i < 2 else {} for i in range(5)]
        away = {(i, k): "leave" for i in range(5) for k in range(8) if draw.random() < 0.1}
        wishes = [(i, k, draw.choice(["home", "office"]), 2) for i in range(5) for k in range(8)]
        unit = make_unit(rules, people, 8, absences=away, preferences=wishes)
        model = UnitModel(unit)
        passes = Passes(model, Effort())
        passes._begin()
        told = measure(model, passes.values)
        assert model.is_unpriced
        passes.take(passes.values)
        for name in ("shortfall", "preferences", "stints"):
            worth = sum(weight * passes.value_of(variable) for weight, variable in model.costs.get(name, ()))
            certain = sum(weight for weight, truth in model.costs.get(name, ()) if truth is True)
            least = sum(shortfall.least for shortfall in model.shortfalls)
            assert told[name] == (worth, least if name == "shortfall" else certain)
        assert told["shortfall"][1] <= told["shortfall"][0]
        assert told["preferences"][0] > 0


def test_what_a_model_knows_of_its_constraints_is_what_stands_in_it() -> None:
    unit = drawn_unit(20, 10, 2)
    before = first_roster(unit)
    for replaced in (None, Replaced(roster=before, before=unit.horizon.first)):
        model = UnitModel(unit, replaced=replaced)
        bare = copy.copy(model.demands())
        bare.cp = model.bare
        for view in (bare, model.demands(), model, copy.copy(model)):
            known = list(view.written())
            assert known == list(written(view.cp))
            assert {"bool_or", "linear", "at_most_one"} <= {line.kind for line in known}
        other = copy.copy(model)
        other.cp = model.cp.clone()
        other.cp.add(other.cp.new_bool_var("") == 1)
        model._lines.implication(0, 1)
        model._lines.flush()
        assert list(other.written()) == list(written(other.cp)) != list(model.written())


def first_roster(unit: Unit) -> UnitRoster:
    return solve_unit(unit, replace(Effort(), is_first=True)).roster
