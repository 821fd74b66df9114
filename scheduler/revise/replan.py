"""The next revision of a roster with the fewest changes: absences, pins, swaps, recalls, comers, leavers, amendments.

Read the current revision → add what is asked to its inputs → solve the units that this concerns, past days frozen
→ verify → publish with a notice of who moves, when and why. Going back to an earlier revision is a revision too.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from scheduler.changes import Step
from scheduler.errors import Fault
from scheduler.notice import Notice, make_notice
from scheduler.pipeline import Order, Outcome, solve, write_whole
from scheduler.read.outputs.kept import Kept, read_revision
from scheduler.read.requests import read_words
from scheduler.read.scenario import Scenario
from scheduler.revise.base import Base, go_back
from scheduler.revise.edits import Typed, pins_of
from scheduler.revise.keeping import keep_result
from scheduler.revise.new_inputs import NewInputs, new_inputs
from scheduler.revise.request import LEAD_MINUTES, Request, first_days
from scheduler.revise.revised import facts_of, flags_of, order_of, revised_scenario
from scheduler.roster import Replaced, Roster, UnitResult
from scheduler.rounds import Stage
from scheduler.write.output import Facts, prepare

__all__ = ["LEAD_MINUTES", "Plan", "Replanned", "Request", "first_days", "planned", "publish_plan", "replan"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replanned:
    """A finished replanning: as `Outcome`, with what it changed for whom.

    Attributes
    ----------
    warnings : what reading an edited workbook had to assume.
    """

    outcome: Outcome
    notice: Notice
    warnings: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A replanning solved and verified, but not yet published.

    Attributes
    ----------
    kept : the revision that it would replace.
    warnings : what reading an edited workbook had to assume.
    stopped : set where an interrupt ended the search, and to be set by one while it is published.
    """

    kept: Kept
    scenario: Scenario
    roster: Roster
    facts: Facts
    notice: Notice
    warnings: tuple[Fault, ...] = ()
    stopped: threading.Event = field(default_factory=threading.Event)


def replan(
    request: Request,
    now: datetime,
    report: Callable[[str], None] = lambda unit: None,
    stage: Callable[[Stage], None] = lambda stage: None,
) -> Replanned:
    """Publish the next revision of a roster with the fewest changes.

    An interrupt ends the search, and what it found is published; a second one ends everything.

    Parameters
    ----------
    now : the clock, with its zone; it decides which days are past.
    report, stage : told how far it is, as by `pipeline.generate`.

    Raises
    ------
    InputError, UsageError
        Where what is asked cannot be taken, with every fault, nothing is asked, or another revision was
        published in between.
    InfeasibleError, NoRosterFoundError, VerificationError, ExportError
        As `pipeline.generate`; the current revision stands.
    """
    with planned(request, now, report, stage) as plan:
        return publish_plan(plan, stage)


@contextmanager
def planned(
    request: Request,
    now: datetime,
    report: Callable[[str], None] = lambda unit: None,
    stage: Callable[[Stage], None] = lambda stage: None,
) -> Iterator[Plan]:
    """Yield what `replan` would publish, to be looked at first; nothing is written.

    Raises
    ------
    SchedulerError
        As `replan`.
    """
    request.refuse_nothing()
    kept = read_revision(request.output)
    prepare(kept.folder)
    as_of, recall_from = first_days(request, kept.scenario.problem.policy, now)
    request.refuse_days_outside(as_of, kept.order.last)
    base, undoing = Base.current(kept), None
    if request.to_revision is not None:
        base, undoing = go_back(kept, request.to_revision, as_of)
    with new_inputs(kept, base.inputs, request.staff, request.policy, as_of) as inputs:
        typed = pins_of(request.from_xlsx, kept.folder, as_of) if request.from_xlsx else Typed()
        if not typed.is_edited:
            request.refuse_unedited(kept.number)
        step = undoing or _step(request, kept, as_of, recall_from, inputs, typed)
        scenario = revised_scenario(kept, base, inputs.folder, request.tweaks, step)
        order = order_of(request, kept, base)
        stopped = threading.Event()
        results = _results(scenario, kept, base, step, order, report, stage, stopped)
        notice = make_notice(results, kept.rosters, step, kept.number, base.rosters)
        facts = facts_of(request, kept, base, scenario, step, notice)
        roster = Roster(
            problem=scenario.problem, results=tuple(results), flags=flags_of(request, order.tweaks, as_of)
        )
        yield Plan(
            kept=kept,
            scenario=scenario,
            roster=roster,
            facts=facts,
            notice=notice,
            warnings=typed.warnings,
            stopped=stopped,
        )


def publish_plan(plan: Plan, stage: Callable[[Stage], None] = lambda stage: None) -> Replanned:
    """Publish what `planned` yielded, unless the revision that it replaces is no longer the current one.

    Raises
    ------
    UsageError
        Where another revision was published in between; that one stands.
    ExportError
        Where it cannot be written; the current revision stands.
    """
    kept = plan.kept
    roster, written = write_whole(
        plan.roster, plan.facts, kept.folder, stage, plan.stopped, replaces=kept.number
    )
    outcome = Outcome(
        roster=roster,
        folder=kept.folder,
        scenario=plan.scenario,
        unchanged=not written,
        interrupted=plan.stopped.is_set(),
    )
    return Replanned(outcome=outcome, notice=plan.notice, warnings=plan.warnings)


def _step(
    request: Request, kept: Kept, as_of: date, recall_from: date, inputs: NewInputs, typed: Typed
) -> Step:
    """Return what is asked as one step."""
    asked = read_words(request.words, kept.scenario.problem, kept.rosters, as_of, recall_from=recall_from)
    return Step(
        as_of=as_of,
        absences=(*asked.absences, *typed.absences),
        pins=(*asked.pins, *typed.pins),
        leaves=asked.leaves,
        joins=inputs.joins,
        departed=inputs.departed,
        new_files=inputs.new_files,
    )


def _results(
    scenario: Scenario,
    kept: Kept,
    base: Base,
    step: Step,
    order: Order,
    report: Callable[[str], None],
    stage: Callable[[Stage], None],
    stopped: threading.Event,
) -> list[UnitResult]:
    """Return every unit's result: solved where anything it depends on changed, else as it stands."""
    known = {unit.name: unit for unit in kept.scenario.problem.units}
    units = scenario.problem.units
    replaced = {name: Replaced(roster, step.as_of, step.open_days) for name, roster in base.rosters.items()}
    touched = [
        unit for unit in units if known.get(unit.name) != unit or not _says_the_same(kept, base, unit.name)
    ]
    problem = replace(scenario.problem, units=tuple(touched))
    answers = solve(problem, order, report, replaced, stage=stage, stopped=stopped)
    solved = {result.unit.name: result for result in answers}
    return [
        solved[unit.name] if unit.name in solved else keep_result(unit, kept, replaced[unit.name])
        for unit in units
    ]


def _says_the_same(kept: Kept, base: Base, unit: str) -> bool:
    """Whether what a unit's roster is to be is what it is."""
    if base.statuses is kept.statuses:
        return True
    now, then = (
        {key: (cell.status, sorted(cell.roles)) for key, cell in statuses.items() if cell.unit == unit}
        for statuses in (kept.statuses, base.statuses)
    )
    return now == then
