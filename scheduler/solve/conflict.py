"""Why a unit has no roster: a smallest set of rule instances that cannot all hold.

One literal per instance, solved without hints or objective; what the solver returns as sufficient can hold
literals never assumed (OR-Tools issue 5141), so it is intersected, confirmed with presolve off, and thinned out
one by one. Nothing unconfirmed is returned.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ortools.sat.python import cp_model

from scheduler.constraints.base import Instance
from scheduler.language import Bilingual, format_date
from scheduler.problem import Unit
from scheduler.solve.model import DEFAULT, UnitModel
from scheduler.solve.search import Effort


def find_conflict(unit: Unit, effort: Effort) -> tuple[Bilingual, ...]:
    """Return the sentences of a smallest set of rule instances that cannot all hold; empty if unconfirmed."""
    return tuple(describe(unit, instance) for instance in find_instances(unit, effort))


def find_instances(unit: Unit, effort: Effort) -> tuple[Instance, ...]:
    """Return the instances of one irreducible conflict, in the rules' order."""
    model = UnitModel(unit, explaining=True)
    literals = list(model.literals.values())
    kept = _sufficient(model.cp, [literal for _, literal in literals], effort)
    if kept is None:
        return ()
    for literal in list(kept):
        fewer = [other for other in kept if other.index != literal.index]
        if len(fewer) < len(kept) and _is_infeasible(model.cp, fewer, effort):
            kept = fewer
    indices = {literal.index for literal in kept}
    return tuple(instance for instance, literal in literals if literal.index in indices)


def describe(unit: Unit, instance: Instance) -> Bilingual:
    """Return an instance as a sentence, with its date in front."""
    if instance.rule == DEFAULT:
        names = unit.names(instance.people)
        sentence = Bilingual(
            id=f"tidak ada aturan yang menugaskan {names} di rumah.", en=f"no rule sends {names} home."
        )
    else:
        rule = next(rule for rule in unit.rules if rule.label == instance.rule)
        sentence = rule.sentence(unit, instance)
    if instance.day is None:
        return sentence
    return Bilingual(
        id=f"{format_date(instance.day, 'id')}: {sentence.id}",
        en=f"{format_date(instance.day, 'en')}: {sentence.en}",
    )


def _sufficient(model: cp_model.CpModel, literals: Sequence[Any], effort: Effort) -> list[Any] | None:
    model.clear_assumptions()
    model.add_assumptions(literals)
    solver = _solver(effort)
    if solver.solve(model) != cp_model.INFEASIBLE:
        return None
    returned = set(solver.sufficient_assumptions_for_infeasibility())
    kept = [literal for literal in literals if literal.index in returned]
    return kept if kept and _is_infeasible(model, kept, effort) else list(literals)


def _is_infeasible(model: cp_model.CpModel, literals: Sequence[Any], effort: Effort) -> bool:
    model.clear_assumptions()
    model.add_assumptions(literals)
    solver = _solver(effort)
    solver.parameters.cp_model_presolve = False
    return bool(solver.solve(model) == cp_model.INFEASIBLE)


def _solver(effort: Effort) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = effort.seed
    solver.parameters.max_deterministic_time = effort.limit
    return solver
