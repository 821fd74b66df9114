"""A plain reference: CP-SAT over a unit's model, objective by objective, with nothing that the engine knows of bounds.

What it finds is judged by the verifier alone, so that a better roster of its own refutes whatever the engine claims.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ortools.sat.python import cp_model

from scheduler.problem import Unit
from scheduler.roster import OBJECTIVES, Replaced, UnitRoster
from scheduler.solve.fairness import MONDAY_AND_FRIDAY, Group, Lookup, balances
from scheduler.solve.model import UnitModel
from scheduler.solve.unit import UNBOUNDED, _extract

FAR = 10**9
LIMIT = 20.0


class Best(NamedTuple):
    """The best roster found, what it is worth by objective, and whether every objective was proven."""

    roster: UnitRoster
    worth: Mapping[str, int]
    is_proven: bool


def _solve(cp: cp_model.CpModel) -> tuple[cp_model.CpSolver, Any]:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = LIMIT
    return solver, solver.solve(cp)


def can_exist(unit: Unit, replaced: Replaced | None = None) -> bool:
    """Whether a roster exists, with every bound that may be widened wide open."""
    asked = UnitModel(unit, replaced=replaced).asked
    model = UnitModel(unit, dict.fromkeys(asked, UNBOUNDED), replaced=replaced)
    if model.conflicts or not model.has_variables:
        return not model.conflicts
    status = _solve(model.cp)[1]
    assert status != cp_model.UNKNOWN
    return bool(status in (cp_model.OPTIMAL, cp_model.FEASIBLE))


def best_roster(unit: Unit, attained: Mapping[str, int], replaced: Replaced | None = None) -> Best | None:
    """Return the best roster under these widened bounds; None where none exists."""
    model = UnitModel(unit, attained, replaced=replaced)
    if model.conflicts:
        return None
    if not model.has_variables:
        return Best(_extract(model, [], attained), {}, True)
    cp, values, worth = model.cp, [], {}
    objectives = _objectives(model)
    for name in OBJECTIVES:
        if name not in objectives:
            continue
        cp.minimize(objectives[name])
        for index, value in enumerate(values):
            cp.add_hint(cp.get_int_var_from_proto_index(index), value)
        solver, status = _solve(cp)
        if status == cp_model.INFEASIBLE:
            assert not values, name
            return None
        assert status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
        values, worth[name] = list(solver.response_proto.solution), round(solver.objective_value)
        cp.clear_hints()  # type: ignore[no-untyped-call]  # ortools leaves it untyped
        if status != cp_model.OPTIMAL:
            return Best(_extract(model, values, attained), worth, False)
        cp.add(objectives[name] <= worth[name])
    return Best(_extract(model, values, attained), worth, True)


def _objectives(model: UnitModel) -> dict[str, Any]:
    """Return each objective as an expression; every number of turns is looked up, none taken for settled."""
    cp, groups = model.cp, {"home": [], "role": [], "border": []}  # type: ignore[var-annotated]
    for turns in model.turns:
        lookup = Lookup(model, turns, {})
        groups[turns.kind].append(balances(model, turns, lookup))
        if turns.kind == "home":
            groups["border"].append(balances(model, turns, lookup, MONDAY_AND_FRIDAY))

    def spread(of: Sequence[Group]) -> Any:
        total = 0
        for group in (g for g in of if len(g.balances) > 1):
            most, least = cp.new_int_var(-FAR, FAR, ""), cp.new_int_var(-FAR, FAR, "")
            for expression in _balances(group):
                cp.add(expression <= most)
                cp.add(expression >= least)
            total = total + most - least
        return total

    def sizes(of: Sequence[Group]) -> Any:
        total = 0
        for group in of:
            for expression in _balances(group):
                size = cp.new_int_var(0, FAR, "")
                cp.add(expression <= size)
                cp.add(-expression <= size)
                total = total + size
        return total

    found = {
        name: sum(weight * truth for weight, truth in model.costs.get(name, ()))
        for name in ("shortfall", "changes", "preferences", "stints")
    }
    found |= {"fairness_spread": spread(groups["home"]), "fairness_total": sizes(groups["home"])}
    found |= {"role_spread": spread(groups["role"]), "role_total": sizes(groups["role"])}
    return found | {"monday_friday": spread(groups["border"])}


def _balances(group: Group) -> list[Any]:
    return [sum(c * variable for c, variable in b.terms) + b.constant for b in group.balances]
