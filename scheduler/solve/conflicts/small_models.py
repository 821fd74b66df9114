"""Small models of some of a unit's demands, in which nothing is built but what those demands are about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ortools.sat.python import cp_model


class Demand(NamedTuple):
    """Between `least` and `most` of `literals` hold; a literal below 0 is the negation of -literal - 1."""

    instance: int
    literals: tuple[int, ...]
    least: int
    most: int


class Structure(NamedTuple):
    """What no rule can give up, as who holds a role on site is there: the bounds hold where `enforcer` does, if any."""

    literals: tuple[int, ...]
    least: int
    most: int
    enforcer: int | None = None


def small_model(
    of_instance: Mapping[int, Sequence[Demand]],
    structures_of: Mapping[int, Sequence[Structure]],
    chosen: Iterable[int],
    literals: dict[int, Any] | None = None,
) -> cp_model.CpModel:
    """Return a model of the demands of these instances, with the structures of the literals they use.

    Parameters
    ----------
    structures_of : by the literal itself, never by its negation.
    literals : filled, where given, with a literal for each instance under which alone its demands hold.
    """
    model = cp_model.CpModel()
    variables: dict[int, Any] = {}
    fresh: list[int] = []

    def literal(index: int) -> Any:
        positive = max(index, ~index)
        if positive not in variables:
            variables[positive] = model.new_bool_var("")
            fresh.append(positive)
        return variables[positive] if index >= 0 else ~variables[positive]

    for number in chosen:
        enforcer = None
        if literals is not None:
            enforcer = literals[number] = model.new_bool_var("")
        for demand in of_instance[number]:
            _add(model, [literal(index) for index in demand.literals], demand, enforcer)
    done: set[int] = set()
    while fresh:  # what a structure brings in has structures of its own
        for structure in structures_of.get(fresh.pop(), ()):
            if id(structure) not in done:
                done.add(id(structure))
                enforcer = None if structure.enforcer is None else literal(structure.enforcer)
                _add(model, [literal(index) for index in structure.literals], structure, enforcer)
    return model


def _add(model: Any, truths: list[Any], demand: Demand | Structure, enforcer: Any) -> None:
    if not truths or demand.least > len(truths) or demand.most < 0:
        impossible = model.add_bool_or([])
        if enforcer is not None:
            impossible.only_enforce_if(enforcer)
        return
    if demand.least == 1:
        constraints = [model.add_bool_or(truths)]
    else:
        constraints = [model.add(sum(truths) >= demand.least)] if demand.least > 0 else []
    if demand.most < len(truths):
        constraints.append(model.add(sum(truths) <= demand.most))
    for constraint in constraints:
        if enforcer is not None:
            constraint.only_enforce_if(enforcer)


def solver_within(limit: float, presolve: bool) -> cp_model.CpSolver:
    """Return a solver of one worker that stops at a deterministic limit."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = limit
    solver.parameters.cp_model_presolve = presolve
    return solver
