"""`generate --unit` on a folder that exists: those units are made anew, the others stay as they are."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.constraints.selection import matches
from scheduler.pipeline import Order, Outcome, facts_of, flags, solve, write_whole
from scheduler.read.outputs.history import read_history
from scheduler.read.outputs.kept import Kept, read_revision
from scheduler.read.scenario import Scenario, read_scenario
from scheduler.revise.keeping import keep_result
from scheduler.roster import Roster
from scheduler.rounds import Stage

if TYPE_CHECKING:
    from scheduler.solve.executors import Executor


def generate_some(
    order: Order,
    folder: Path,
    report: Callable[[str], None],
    executor: Executor | None,
    stage: Callable[[Stage], None],
) -> Outcome:
    """Make the units that `order.units` names from the scenario as it is now; keep the others' rosters.

    What replanning recorded holds on, and so does the opening ledger where no history is given. All else is as in
    `pipeline.generate`.

    Raises
    ------
    InputError, InfeasibleError, NoRosterFoundError, ExportError
        As `pipeline.generate`.
    VerificationError
        Also where a roster that was to be kept breaks a rule under the scenario as it is now.
    """
    kept = read_revision(folder)
    scenario = _scenario(order, kept)
    chosen = tuple(unit for unit in scenario.problem.units if matches(unit.name, order.units))
    problem = replace(scenario.problem, units=chosen)
    stopped = threading.Event()
    answers = solve(problem, order, report, executor=executor, stage=stage, stopped=stopped)
    solved = {result.unit.name: result for result in answers}
    results = [
        solved[unit.name] if unit.name in solved else keep_result(unit, kept, kept.replaced.get(unit.name))
        for unit in scenario.problem.units
    ]
    patterns = tuple(dict.fromkeys((*kept.order.units, *order.units))) if kept.order.units else ()
    facts = replace(
        facts_of(order, scenario, patterns),
        steps=kept.steps,
        replaced={key: line for key, line in kept.replaced_statuses.items() if line.unit not in solved},
    )
    roster = Roster(problem=scenario.problem, results=tuple(results), flags=flags(order))
    roster, written = write_whole(roster, facts, folder, stage, stopped)
    return Outcome(
        roster=roster,
        folder=folder,
        scenario=scenario,
        unchanged=not written,
        interrupted=stopped.is_set(),
    )


def _scenario(order: Order, kept: Kept) -> Scenario:
    """Return the scenario as it is now, with the units asked for and those that the folder holds."""
    ledger = read_history(order.history) if order.history else kept.scenario.problem.ledger
    scenario = read_scenario(order.scenario, order.tweaks, ledger, steps=kept.steps)
    units = tuple(
        unit
        for unit in scenario.problem.units
        if unit.name in kept.rosters or matches(unit.name, order.units)
    )
    return replace(scenario, problem=replace(scenario.problem, units=units))
