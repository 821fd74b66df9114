"""The straight line: read → Problem → solve → Roster → verify → write."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scheduler.language import Bilingual, Language
from scheduler.problem import Problem, Unit
from scheduler.read.outputs.history import read_history
from scheduler.read.scenario import Scenario, read_scenario
from scheduler.read.tweaks import Tweaks
from scheduler.read.units import choose_units
from scheduler.roster import Replaced, Roster, UnitResult
from scheduler.rounds import Stage
from scheduler.solving import Solved, readings, solve_units, warnings

if TYPE_CHECKING:
    from scheduler.solve.executors import Executor
    from scheduler.write.output import Facts

__all__ = [
    "DEFAULT_EFFORT",
    "Order",
    "Outcome",
    "facts_of",
    "fixed_home_days",
    "flags",
    "generate",
    "order_next",
    "output_folder",
    "planned_targets",
    "read_problem",
    "readings",
    "solve",
    "solve_units",
    "warnings",
]

DEFAULT_EFFORT = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a run is asked to do.

    Attributes
    ----------
    scenario : the folder to read.
    out : the folder to write; None for `output/<scenario>/<from>_<to>`.
    units : patterns of units to make; all where empty.
    history : output folders of earlier periods.
    effort : deterministic seconds for each pass.
    time_limit : seconds of wall clock, or None.
    started : `time.monotonic` from which the limit counts; None for when solving begins.
    executor : where units are solved: "here" in this process, "local" in processes, "dask" or "dask=ADDRESS".
    workers : units solved at once.
    """

    scenario: Path
    out: Path | None = None
    tweaks: Tweaks = field(default_factory=Tweaks)
    units: tuple[str, ...] = ()
    history: tuple[Path, ...] = ()
    effort: float = DEFAULT_EFFORT
    time_limit: float | None = None
    seed: int = 0
    workers: int = 2
    executor: str = "here"
    started: float | None = None
    language: Language | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A finished run: the roster, where it was written, and whether the folder already held just that.

    `interrupted` says whether an interrupt ended the search early; `details` are what failing solvers printed last.
    """

    roster: Roster
    folder: Path
    scenario: Scenario
    unchanged: bool = False
    interrupted: bool = False
    details: tuple[str, ...] = ()


def read_problem(order: Order) -> Scenario:
    """Read the scenario with its history; keep only the units asked for.

    Raises
    ------
    InputError
        With every fault.
    """
    scenario = read_scenario(
        order.scenario, order.tweaks, read_history(order.history) if order.history else None
    )
    if not order.units:
        return scenario
    units = scenario.problem.units
    chosen = choose_units([unit.name for unit in units], order.units)
    kept = tuple(unit for unit in units if unit.name in chosen)
    return replace(scenario, problem=replace(scenario.problem, units=kept))


def generate(
    order: Order,
    report: Callable[[str], None] = lambda unit: None,
    scenario: Scenario | None = None,
    executor: Executor | None = None,
    stage: Callable[[Stage], None] = lambda stage: None,
) -> Outcome:
    """Make, verify and write a roster: the main job. `scenario` is what `read_problem` gave, where it was read.

    Where some units have no roster because their solver crashed or was stopped, the others' are written and the
    outcome's roster names those (`Roster.unfinished`); a revision that holds a roster for one of them stands. An
    interrupt ends the search, and what it found is written; a second one ends everything. `report` and `stage` are told
    how far it is, as by `solve_units`.

    Raises
    ------
    InputError, InfeasibleError, NoRosterFoundError, VerificationError, ExportError
        See `scheduler.errors`; nothing is written then.
    """
    from scheduler.write.output import prepare

    scenario = scenario or read_problem(order)
    folder = order.out or output_folder(scenario.problem)
    prepare(folder)
    if order.units and (folder / "certificate.json").is_file():
        from scheduler.revise.some_units import generate_some

        return generate_some(order, folder, report, executor, stage)
    stopped = threading.Event()
    solved = solve_units(scenario.problem, order, report, executor=executor, stage=stage, stopped=stopped)
    if solved.unfinished:
        scenario = _only_finished(scenario, solved, folder)
    units = order.units if not solved.unfinished else tuple(r.unit.name for r in solved.results)
    facts = facts_of(order, scenario, units)
    roster = Roster(
        problem=scenario.problem, results=solved.results, flags=flags(order), unfinished=solved.unfinished
    )
    roster, written = write_whole(roster, facts, folder, stage, stopped)
    return Outcome(
        roster=roster,
        folder=folder,
        scenario=scenario,
        unchanged=not written,
        interrupted=stopped.is_set(),
        details=solved.details,
    )


def write_whole(
    roster: Roster,
    facts: Facts,
    folder: Path,
    stage: Callable[[Stage], None],
    stopped: threading.Event,
    *,
    replaces: int | None = None,
) -> tuple[Roster, bool]:
    """Write what was solved as `write_revision` does; an interrupt only sets `stopped`, for writing is short."""
    from scheduler.solve.executors.interrupts import interrupts_stop
    from scheduler.write.output import write_revision

    stage("writing")
    with interrupts_stop(stopped, partial(stage, "stopping")):
        return write_revision(roster, facts, folder, replaces=replaces)


def facts_of(order: Order, scenario: Scenario, units: tuple[str, ...]) -> Facts:
    """Return what a revision records of its order besides the roster; `units` are the patterns that it is of."""
    from scheduler.write.output import Facts, calendar_key

    return Facts(
        scenario=order.scenario,
        inputs=scenario.inputs,
        files=scenario.files,
        calendar_key=calendar_key(order.scenario, scenario.calendar_key),
        tweaks=order.tweaks,
        units=units,
        seed=order.seed,
        effort=order.effort,
        time_limit=order.time_limit,
        language=order.language or scenario.problem.policy.language,
    )


def _only_finished(scenario: Scenario, solved: Solved, folder: Path) -> Scenario:
    """Return the scenario with the units that have a roster.

    Raises
    ------
    KeyboardInterrupt, UnfinishedError
        Where there are none, or where the folder's current revision has a roster for one that failed now.
    """
    if not solved.results:
        raise solved.as_error()
    if (folder / "certificate.json").is_file():
        from scheduler.read.outputs.output_folder import read_certificate

        held = {unit["unit"] for unit in read_certificate(folder)["units"]}
        if held & solved.unfinished.keys():
            raise solved.as_error(
                Bilingual(
                    id=f"Tidak ada yang ditulis: revisi di {folder} memuat jadwal unit itu dan tetap berlaku.",
                    en=f"Nothing was written: the revision in {folder} has rosters for them and stands.",
                )
            )
    units = tuple(result.unit for result in solved.results)
    return replace(scenario, problem=replace(scenario.problem, units=units))


def output_folder(problem: Problem) -> Path:
    """Return where a problem's roster goes unless told otherwise."""
    return Path("output") / problem.name / f"{problem.first}_{problem.last}"


def solve(
    problem: Problem,
    order: Order,
    report: Callable[[str], None] = lambda unit: None,
    replaced: Mapping[str, Replaced] | None = None,
    executor: Executor | None = None,
    stage: Callable[[Stage], None] = lambda stage: None,
    stopped: threading.Event | None = None,
) -> list[UnitResult]:
    """Solve and verify every unit of a problem, as `solve_units`, or raise where one has no roster.

    Raises
    ------
    InfeasibleError, NoRosterFoundError, UnfinishedError
        Where a unit has no roster, or none was found.
    VerificationError
        Where the verifier refuses what the solver made; that is a defect of ours.
    KeyboardInterrupt
        Where an interrupt came before a unit's first roster.
    """
    solved = solve_units(problem, order, report, replaced, executor, stage, stopped)
    if solved.unfinished:
        raise solved.as_error()
    return list(solved.results)


def flags(order: Order) -> dict[str, str]:
    """Return the tweaks and choices in force, for the certificate."""
    chosen = dict(order.tweaks.as_flags())
    if order.units:
        chosen["--unit"] = "; ".join(order.units)
    return chosen


def planned_targets(unit: Unit) -> dict[str, list[int]]:
    """Return the home places that each quota wants day by day, before anything is solved."""
    from scheduler.roster import OFFICE, Cells, UnitRoster

    blank = UnitRoster(
        unit=unit.name,
        people=tuple(person.id for person in unit.people),
        days=unit.horizon.days,
        statuses=tuple(tuple(OFFICE for _ in unit.horizon.days) for _ in unit.people),
    )
    reports = [quota for rule in unit.rules for quota in rule.measure(Cells(unit, blank)).quotas]
    return {
        report.rule: [day.target for day in report.days]
        for report in reports
        if any(d.base for d in report.days)
    }


def fixed_home_days(unit: Unit) -> int:
    """Return the person-days that rules such as `always_home` or `weekday` settle at home, before duties."""
    strong = [rule for rule in unit.rules if rule.takes_out_of_turns]
    count = 0
    for person in unit.people:
        for day in unit.horizon.workdays:
            pin = unit.pins.get((person.id, day))
            settling = [rule for rule in strong if rule.settles(person, day)]
            if pin is None and settling and unit.is_present(person, day):
                count += all(rule.grants_home(person, day) for rule in settling)
    return count


def order_next(
    output: Path, scenario: Path | None, tweaks: Tweaks, language: Language | None, search: Mapping[str, Any]
) -> Order:
    """Return the order for the period after that of an output folder: the next phase, or dates of the same length.

    The scenario folder is that of the output, unless it has moved; its tweaks hold on, those given now win.

    Raises
    ------
    InputError
        Where the output or its scenario is not found.
    """
    from scheduler.read.outputs.following import following_tweaks
    from scheduler.read.outputs.order import read_order

    kept = read_order(output)
    folder = scenario or kept.scenario
    return Order(
        scenario=folder,
        tweaks=following_tweaks(kept, folder, tweaks),
        history=(kept.folder,),
        language=language,
        **search,
    )
