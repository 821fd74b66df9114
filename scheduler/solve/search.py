"""One call of CP-SAT: reproducible, interruptible, and hinted with a whole solution."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ortools.sat.python import cp_model

from scheduler.solve.effort import Effort
from scheduler.solve.lines import Lines

__all__ = ["LEAST_LIMIT", "WORKERS", "Effort", "Found", "Held", "hold_together", "search", "walk"]

WORKERS = 8
"""Subsolvers, interleaved: eight prove more than two even on two cores, and the same ones at any load."""

BOOLEAN = cp_model.Domain(0, 1)

LEAST_LIMIT = 2.0
"""Deterministic seconds below which a limit may be reached while a subsolver still loads the model: OR-Tools 9.15
then aborts the whole process ("Check failed: heuristics.fixed_search != nullptr")."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: `values` of every variable by index (None where nothing was found), and the bound."""

    values: Sequence[int] | None
    bound: int
    is_infeasible: bool = False


def search(
    model: cp_model.CpModel,
    effort: Effort,
    hint: Sequence[int] | None = None,
    *,
    alone: bool = False,
    walking: bool = False,
    keeping: bool = False,
    small: bool = False,
    restarting: bool = False,
) -> Found:
    """Solve `model` for its objective, starting from `hint`, a value for every variable.

    The same model, seed and limit give the same answer: eight subsolvers take turns in a fixed order
    (`interleave_search`) until a deterministic time. On a stop the incumbent is returned. `alone` leaves it to one,
    with the full linear programme and little presolve: best for picking among whole rows. `walking` has one follow the
    model's decision strategies, with neither a linear programme nor more than one round of presolve, which may settle
    what the walk could choose unless `keeping`. `small` takes a limit
    of less than `LEAST_LIMIT` at its word: for models that are loaded in a hundredth of it. `restarting` changes the
    strategy every few conflicts: what takes one long another may find at once.
    """
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.num_workers = WORKERS
    parameters.interleave_search = True
    parameters.random_seed = effort.seed
    parameters.max_deterministic_time = max(LEAST_LIMIT, effort.limit)
    # Its own handler is one for the process: with two searches under way an interrupt would abort us.
    parameters.catch_sigint_signal = False
    if effort.deadline is not None:
        parameters.max_time_in_seconds = max(0.01, effort.deadline - time.monotonic())
    if alone or walking or effort.plain:
        parameters.num_workers = 1
        parameters.interleave_search = False
        parameters.linearization_level = 2
        parameters.symmetry_level = 0
        parameters.cp_model_probing_level = 0
    if walking:
        parameters.linearization_level = 0
        parameters.search_branching = cp_model.FIXED_SEARCH
        parameters.max_presolve_iterations = 1
        parameters.inprocessing_dtime_ratio = 0.0
        parameters.inprocessing_probing_dtime = 0.0
        parameters.inprocessing_minimization_dtime = 0.0
        parameters.keep_all_feasible_solutions_in_presolve = keeping
        parameters.max_deterministic_time = effort.limit
    if restarting:
        parameters.search_branching = cp_model.PORTFOLIO_WITH_QUICK_RESTART_SEARCH
    if small:
        parameters.max_deterministic_time = effort.limit
    if hint is not None:
        _set_hint(model, hint)
    status = _solve(solver, model, effort)
    if status == cp_model.INFEASIBLE:
        return Found(None, 0, is_infeasible=True)
    if status == cp_model.MODEL_INVALID:
        raise AssertionError(f"invalid model: {model.validate()}")
    if status == cp_model.UNKNOWN:
        return Found(None, 0)
    return Found(list(solver.response_proto.solution), _round_up(solver.best_objective_bound))


@dataclass(frozen=True, slots=True)
class Held:
    """`values` of every variable where all literals hold together, or the indices of some that cannot (`apart`).

    `conflicts` is how many the search went through.
    """

    values: Sequence[int] | None
    apart: frozenset[int] = frozenset()
    conflicts: int = 0


def hold_together(
    model: cp_model.CpModel, literals: Sequence[cp_model.IntVar], effort: Effort, conflicts: int
) -> Held:
    """Return whether variables can hold together, or which of them cannot; neither where that takes long.

    One subsolver without presolve or linear programme, for models in which the literals settle almost everything.
    What stops it is a number of conflicts, for a deterministic time may end while the model is still loaded.
    """
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.num_workers = 1
    parameters.cp_model_presolve = False
    parameters.linearization_level = 0
    parameters.symmetry_level = 0
    parameters.random_seed = effort.seed
    parameters.max_number_of_conflicts = conflicts
    parameters.catch_sigint_signal = False
    if effort.deadline is not None:
        parameters.max_time_in_seconds = max(0.01, effort.deadline - time.monotonic())
    model.clear_assumptions()
    model.add_assumptions(literals)
    status = _solve(solver, model, effort)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Held(list(solver.response_proto.solution))
    if status == cp_model.INFEASIBLE:
        apart = frozenset(solver.sufficient_assumptions_for_infeasibility())
        return Held(None, apart, solver.num_conflicts)
    return Held(None)


def walk(model: cp_model.CpModel, wishes: Sequence[cp_model.IntVar], effort: Effort) -> Found:
    """Return a solution in which each wish holds that those before it leave open; `None` where that is found too hard.

    One subsolver follows hints, without presolve. Unlike decision strategies, which are looked through from the first
    at every decision, they take no longer the more there are; but CP-SAT follows them in the order of its variables.
    So each wish gets a variable of its own that implies it, after all others.
    """
    attempt = model.clone()
    size = len(attempt.proto.variables)
    attempt.clear_hints()  # type: ignore[no-untyped-call]  # ortools leaves it untyped
    lines = Lines(attempt)
    for index, wish in enumerate(wishes, lines.add_booleans(len(wishes))):
        lines.implication(index, wish.index)
    lines.flush()
    hints = attempt.proto.solution_hint  # all at once: one by one takes as long as making the variables
    hints.vars.extend(range(size, size + len(wishes)))
    hints.values.extend([1] * len(wishes))
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.num_workers = 1
    parameters.search_branching = cp_model.HINT_SEARCH
    parameters.cp_model_presolve = False
    parameters.linearization_level = 0
    parameters.symmetry_level = 0
    parameters.cp_model_probing_level = 0
    parameters.inprocessing_dtime_ratio = 0.0
    parameters.inprocessing_probing_dtime = 0.0
    parameters.inprocessing_minimization_dtime = 0.0
    parameters.random_seed = effort.seed
    parameters.max_deterministic_time = effort.limit
    parameters.catch_sigint_signal = False
    if effort.deadline is not None:
        parameters.max_time_in_seconds = max(0.01, effort.deadline - time.monotonic())
    status = _solve(solver, attempt, effort)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Found(list(solver.response_proto.solution)[:size], 0)
    return Found(None, 0, is_infeasible=status == cp_model.INFEASIBLE)


def _set_hint(model: cp_model.CpModel, hint: Sequence[int]) -> None:
    model.clear_hints()  # type: ignore[no-untyped-call]  # ortools leaves it untyped
    for index, value in enumerate(hint):
        model.add_hint(model.get_int_var_from_proto_index(index), value)


def _solve(solver: cp_model.CpSolver, model: cp_model.CpModel, effort: Effort) -> Any:
    """Solve in a thread of its own, so that an interrupt reaches the caller, who stops it and takes the incumbent."""
    outcome: list[Any] = []

    def run() -> None:
        try:
            outcome.append(solver.solve(model))
        except BaseException as error:  # noqa: BLE001 - handed over to the caller's thread
            outcome.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(0.05)
        if effort.stopped.is_set():
            solver.stop_search()
    if isinstance(outcome[0], BaseException):
        raise outcome[0]
    return outcome[0]


def _round_up(bound: float) -> int:
    """Return the least whole number that is not below `bound`, forgiving the last digits of a float."""
    nearest = round(bound)
    return nearest if abs(bound - nearest) < 1e-6 else int(bound // 1) + 1


def values_in(truths: Iterable[Any], values: Sequence[int]) -> list[int]:
    """Return the values of many truths in a solution."""
    found = []
    for truth in truths:
        if truth is True or truth is False:
            found.append(int(truth))
        else:
            index = truth.index
            found.append(values[index] if index >= 0 else 1 - values[-index - 1])
    return found


def value_in(variable: Any, values: Sequence[int]) -> int:
    """Return the value of a variable, a negated literal or a constant in a solution."""
    if isinstance(variable, int):
        return int(variable)
    index: int = variable.index
    return values[index] if index >= 0 else 1 - values[-index - 1]
