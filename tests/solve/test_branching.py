"""Picking by SCIP: what it finds holds in whole numbers, and it claims nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ortools.sat.python import cp_model

from scheduler.solve.rows.branching import branch
from scheduler.solve.search import Effort


def _solution(model: cp_model.CpModel) -> list[int]:
    found = branch(model, Effort())
    assert found is not None
    return found


def test_rows_are_picked_so_that_every_coupling_is_met() -> None:
    model = cp_model.CpModel()
    chosen = [[model.new_bool_var("") for _ in range(5)] for _ in range(5)]
    for person, row in enumerate(chosen):
        model.add_exactly_one(row)
        model.add(row[person] == 0)
    for place in range(5):
        model.add(sum(row[place] for row in chosen) == 1)
    values = _solution(model)
    places = [[values[variable.index] for variable in row].index(1) for row in chosen]
    assert sorted(places) == [0, 1, 2, 3, 4]
    assert all(place != person for person, place in enumerate(places))


def test_negated_literals_clauses_and_implications_are_read_as_lines() -> None:
    model = cp_model.CpModel()
    a, b, c, unused = (model.new_bool_var(name) for name in "abcd")
    model.add_bool_or(a.negated(), b)
    model.add_implication(b, c.negated())
    model.add_at_most_one(b.negated(), unused.negated())
    model.add(2 * a + c >= 2)
    values = _solution(model)
    assert [values[v.index] for v in (a, b, c)] == [1, 1, 0]


def _beyond() -> Iterator[cp_model.CpModel]:
    impossible = cp_model.CpModel()
    x = impossible.new_int_var(0, 9, "x")
    impossible.add(2 * x == 7)
    yield impossible
    conditional = cp_model.CpModel()
    y = conditional.new_bool_var("y")
    conditional.add(conditional.new_int_var(0, 9, "") >= 3).only_enforce_if(y)
    yield conditional
    holes = cp_model.CpModel()
    holes.new_int_var_from_domain(cp_model.Domain.from_values([0, 5]), "z")
    yield holes


@pytest.mark.parametrize("model", list(_beyond()))
def test_nothing_is_found_where_nothing_is_or_a_constraint_is_not_linear(model: cp_model.CpModel) -> None:
    assert branch(model, Effort()) is None
