"""The straight line: read → Problem → solve → Roster → verify → write."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from scheduler.errors import InfeasibleError, UsageError, VerificationError
from scheduler.language import Bilingual, Language
from scheduler.problem import Problem, Reading, Unit
from scheduler.read.outputs.history import read_history
from scheduler.read.scenario import Scenario, read_scenario
from scheduler.read.tweaks import Tweaks
from scheduler.roster import Replaced, Roster, UnitResult
from scheduler.verify import audit, false_claims

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
    language: Language | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A finished run: the roster, where it was written, and whether the folder already held just that."""

    roster: Roster
    folder: Path
    scenario: Scenario
    unchanged: bool = False


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
    from scheduler.constraints.selection import matches

    chosen = tuple(unit for unit in scenario.problem.units if matches(unit.name, order.units))
    if not chosen:
        names = ", ".join(unit.name for unit in scenario.problem.units)
        raise UsageError(
            Bilingual(
                id=f"--unit {', '.join(order.units)}: tidak ada unit yang cocok. Yang ada: {names}.",
                en=f"--unit {', '.join(order.units)}: no unit matches. There are: {names}.",
            )
        )
    return replace(scenario, problem=replace(scenario.problem, units=chosen))


def generate(
    order: Order, report: Callable[[str], None] = lambda unit: None, scenario: Scenario | None = None
) -> Outcome:
    """Make, verify and write a roster: the main job. `scenario` is what `read_problem` gave, where it was read.

    Raises
    ------
    InputError, InfeasibleError, NoRosterFoundError, VerificationError, ExportError
        See `scheduler.errors`; nothing is written then.
    """
    from scheduler.write.output import Facts, calendar_key, prepare, write_revision

    scenario = scenario or read_problem(order)
    folder = order.out or output_folder(scenario.problem)
    prepare(folder)
    if order.units and (folder / "certificate.json").is_file():
        from scheduler.revise.some_units import generate_some

        return generate_some(order, folder, report)
    results = solve(scenario.problem, order, report)
    facts = Facts(
        scenario=order.scenario,
        inputs=scenario.inputs,
        files=scenario.files,
        calendar_key=calendar_key(order.scenario, scenario.calendar_key),
        tweaks=order.tweaks,
        units=order.units,
        seed=order.seed,
        effort=order.effort,
        time_limit=order.time_limit,
        language=order.language or scenario.problem.policy.language,
    )
    roster = Roster(problem=scenario.problem, results=tuple(results), flags=flags(order))
    roster, written = write_revision(roster, facts, folder)
    return Outcome(roster=roster, folder=folder, scenario=scenario, unchanged=not written)


def output_folder(problem: Problem) -> Path:
    """Return where a problem's roster goes unless told otherwise."""
    return Path("output") / problem.name / f"{problem.first}_{problem.last}"


def solve(
    problem: Problem,
    order: Order,
    report: Callable[[str], None] = lambda unit: None,
    replaced: Mapping[str, Replaced] | None = None,
) -> list[UnitResult]:
    """Solve and verify every unit of a problem; `replaced` has the rosters to change as little as can be.

    Raises
    ------
    InfeasibleError, NoRosterFoundError
        Where a unit has no roster, or none was found.
    VerificationError
        Where the verifier refuses what the solver made; that is a defect of ours.
    """
    import time

    from scheduler.solve.executors import solve_units
    from scheduler.solve.search import Effort

    deadline = time.monotonic() + order.time_limit if order.time_limit is not None else None
    effort = Effort(limit=order.effort, seed=order.seed, deadline=deadline)
    before = replaced or {}
    try:
        solutions = solve_units(problem.units, effort, order.workers, report, before)
    except InfeasibleError as error:
        from scheduler.explain import with_ways_out

        raise with_ways_out(error, problem, effort, before) from None
    results = []
    for unit, solution in zip(problem.units, solutions, strict=True):
        found = audit(unit, solution.roster, before.get(unit.name))
        _refuse_broken(
            unit,
            [v.sentence for v in found.broken] + list(false_claims(solution.objectives, found.objectives)),
        )
        results.append(
            UnitResult(
                unit=unit,
                roster=solution.roster,
                objectives=solution.objectives,
                audit=replace(found, notes=(*warnings(unit), *found.notes)),
                readings=tuple(readings(unit, solution.roster.attained)),
                seconds=solution.seconds,
                interrupted=solution.interrupted,
            )
        )
    return results


def _refuse_broken(unit: Unit, sentences: Sequence[Bilingual]) -> None:
    if sentences:
        raise VerificationError(
            Bilingual(
                id=f"{unit.name}: jadwal tidak lolos pemeriksaan dan tidak ditulis. "
                + " ".join(s.id for s in sentences[:5]),
                en=f"{unit.name}: the roster failed verification and was not written. "
                + " ".join(s.en for s in sentences[:5]),
            )
        )


def warnings(unit: Unit) -> list[Bilingual]:
    """Return what should be known of one unit before solving."""
    return list(dict.fromkeys(warning for rule in unit.rules for warning in rule.warnings(unit)))


def readings(unit: Unit, attained: Mapping[str, int]) -> list[Reading]:
    """Return the readings that the rules assumed for one unit, and the bounds that had to be widened."""
    found = [
        reading
        for rule in unit.rules
        if any(rule.for_.takes(person) for person in unit.people)
        for reading in rule.readings(unit)
    ]
    for key, bound in attained.items():
        rule = next(r for r in unit.rules if key.startswith(r.label))
        found.append(Reading(key=f"{unit.name}: {key}", text=rule.attained_sentence(key, bound)))
    return found


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
