"""The next revision of a roster with the fewest changes: absences, pins, swaps, recalls, comers, leavers, amendments.

Read the current revision → add what is asked to its inputs → solve the units that this concerns, past days frozen
→ verify → publish with a notice of who moves, when and why.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from scheduler.changes import Step
from scheduler.errors import Fault, InputError, UsageError
from scheduler.language import Bilingual, Language
from scheduler.notice import Notice, make_notice
from scheduler.pipeline import DEFAULT_EFFORT, Order, Outcome, solve
from scheduler.problem import Person, Policy
from scheduler.read.outputs.kept import Kept, read_revision
from scheduler.read.outputs.order import INPUTS
from scheduler.read.requests import Words, read_words
from scheduler.read.scenario import CALENDAR_KEY, STAFF_NAMES, Scenario, read_scenario
from scheduler.read.tweaks import Tweaks
from scheduler.revise.edits import pins_of
from scheduler.revise.keeping import keep_result
from scheduler.roster import Replaced, Roster, UnitResult
from scheduler.write.output import Facts, prepare, write_revision

LEAD_MINUTES = 60
"""How long somebody called in has to reach the office, unless told otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a replanning is asked to do.

    Attributes
    ----------
    output : the output folder of the period, or of the scenario.
    as_of : the first day that may change; tomorrow in the policy's zone where None.
    staff, policy : files that take the place of those kept.
    tweaks : further than those in force.
    from_xlsx : a hand-edited workbook of the current revision, whose edits are kept.
    scenario : where the scenario folder, with its calendar key, is now.
    """

    output: Path
    words: Words = field(default_factory=Words)
    as_of: date | None = None
    staff: Path | None = None
    policy: Path | None = None
    tweaks: Tweaks = field(default_factory=Tweaks)
    from_xlsx: Path | None = None
    scenario: Path | None = None
    lead_minutes: int = LEAD_MINUTES
    effort: float = DEFAULT_EFFORT
    time_limit: float | None = None
    seed: int = 0
    workers: int = 2
    language: Language | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replanned:
    """A finished replanning: as `Outcome`, with what it changed for whom."""

    outcome: Outcome
    notice: Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A replanning solved and verified, but not yet published.

    Attributes
    ----------
    kept : the revision that it would replace.
    """

    kept: Kept
    scenario: Scenario
    roster: Roster
    facts: Facts
    notice: Notice


def replan(request: Request, now: datetime, report: Callable[[str], None] = lambda unit: None) -> Replanned:
    """Publish the next revision of a roster with the fewest changes.

    Parameters
    ----------
    now : the clock, with its zone; it decides which days are past.

    Raises
    ------
    InputError, UsageError
        Where what is asked cannot be taken, with every fault, nothing is asked, or another revision was
        published in between.
    InfeasibleError, NoRosterFoundError, VerificationError, ExportError
        As `pipeline.generate`; the current revision stands.
    """
    with planned(request, now, report) as plan:
        return publish_plan(plan)


@contextmanager
def planned(
    request: Request, now: datetime, report: Callable[[str], None] = lambda unit: None
) -> Iterator[Plan]:
    """Yield what `replan` would publish, to be looked at first; nothing is written.

    Raises
    ------
    SchedulerError
        As `replan`.
    """
    kept = read_revision(request.output)
    prepare(kept.folder)
    as_of, recall_from = first_days(request, kept.scenario.problem.policy, now)
    with _inputs(kept, request, as_of) as (folder, departed, joins, new_files):
        step = _step(request, kept, as_of, recall_from, departed, joins, new_files)
        scenario = _revise(kept, folder, request.tweaks, step)
        order = _order(request, kept)
        results = _results(scenario, kept, step, order, report)
        notice = make_notice(results, kept.rosters, step, kept.number)
        facts = _facts(request, kept, scenario, step, notice)
        roster = Roster(
            problem=scenario.problem, results=tuple(results), flags=_flags(request, order.tweaks, as_of)
        )
        yield Plan(kept=kept, scenario=scenario, roster=roster, facts=facts, notice=notice)


def publish_plan(plan: Plan) -> Replanned:
    """Publish what `planned` yielded, unless the revision that it replaces is no longer the current one.

    Raises
    ------
    UsageError
        Where another revision was published in between; that one stands.
    ExportError
        Where it cannot be written; the current revision stands.
    """
    kept = plan.kept
    roster, written = write_revision(plan.roster, plan.facts, kept.folder, replaces=kept.number)
    outcome = Outcome(roster=roster, folder=kept.folder, scenario=plan.scenario, unchanged=not written)
    return Replanned(outcome=outcome, notice=plan.notice)


def first_days(request: Request, policy: Policy, now: datetime) -> tuple[date, date]:
    """Return the first day that may change, and the first on which somebody can still be called in."""
    there = now.astimezone(ZoneInfo(policy.timezone))
    today = there.date()
    as_of = request.as_of or today + timedelta(days=1)
    arrival = there + timedelta(minutes=request.lead_minutes)
    in_time = arrival.date() == today and arrival.time() < policy.hours.end
    recall_from = today if in_time else max(arrival.date(), today + timedelta(days=1))
    return as_of, min(as_of, recall_from) if request.as_of else recall_from


# What is asked ----------------------------------------------------------------------------------------------------


def _step(
    request: Request,
    kept: Kept,
    as_of: date,
    recall_from: date,
    departed: tuple[Person, ...],
    joins: Mapping[str, date],
    new_files: tuple[str, ...],
) -> Step:
    asked = read_words(request.words, kept.scenario.problem, kept.rosters, as_of, recall_from=recall_from)
    pins, absences = pins_of(request.from_xlsx, kept.folder, as_of) if request.from_xlsx else ((), ())
    step = Step(
        as_of=as_of,
        absences=(*asked.absences, *absences),
        pins=(*asked.pins, *pins),
        leaves=asked.leaves,
        joins=joins,
        departed=departed,
        new_files=new_files,
    )
    if step.is_empty and not request.tweaks.as_flags():
        raise UsageError(
            Bilingual(
                id="Tidak ada yang diminta: beri --absent, --pin, --swap, --recall, --leaves, --staff, --policy, "
                "--from-xlsx atau setelan seperti --quota.",
                en="Nothing is asked: give --absent, --pin, --swap, --recall, --leaves, --staff, --policy, "
                "--from-xlsx or a setting such as --quota.",
            )
        )
    return step


@contextmanager
def _inputs(
    kept: Kept, request: Request, as_of: date
) -> Iterator[tuple[Path, tuple[Person, ...], Mapping[str, date], tuple[str, ...]]]:
    """Yield the folder of inputs, those kept with new files in their place, who is gone, who is new, and what is new."""
    inputs = kept.folder / INPUTS
    if request.staff is None and request.policy is None:
        yield inputs, (), {}, ()
        return
    departed, joins = _comers_and_goers(kept, request.staff, as_of) if request.staff else ((), {})
    with tempfile.TemporaryDirectory(prefix="giliran-") as scratch:
        folder = Path(scratch)
        new: dict[str, Path] = {}
        if request.staff is not None:
            new["staff" + request.staff.suffix.casefold()] = request.staff
        if request.policy is not None:
            new["policy.toml"] = request.policy
        for path in inputs.iterdir():
            if not (request.staff is not None and path.name in STAFF_NAMES) and path.name not in new:
                shutil.copyfile(path, folder / path.name)
        for name, path in new.items():
            _copy(path, folder / name)
        try:
            yield folder, departed, joins, tuple(sorted(new))
        except InputError as error:
            raise type(error)([_in_place(fault, folder, new) for fault in error.faults]) from None


def _copy(source: Path, target: Path) -> None:
    try:
        shutil.copyfile(source, target)
    except OSError as error:
        raise InputError([
            Fault(
                file=str(source),
                problem=Bilingual(id=f"tidak terbaca ({error.strerror})", en=f"cannot be read ({error.strerror})"),
            )
        ]) from None  # fmt: skip


def _in_place(fault: Fault, folder: Path, new: Mapping[str, Path]) -> Fault:
    """Return a fault of a copied file with the place of the file itself."""
    path = Path(fault.file)
    return replace(fault, file=str(new.get(path.name, path))) if path.parent == folder else fault


def _comers_and_goers(kept: Kept, staff: Path, as_of: date) -> tuple[tuple[Person, ...], dict[str, date]]:
    """Return the people whom a new list no longer has, and the first day of those whom only it has."""
    from scheduler.read.staff import read_staff

    new = read_staff(staff).people
    listed = {person.id for person in new}
    units = kept.scenario.problem.units
    known = {person.id: person for unit in units for person in unit.people}
    departed = tuple(
        person for person in known.values() if person.id not in listed and not _left_before(person, as_of)
    )
    names = {unit.name for unit in units}
    joins = {p.id: as_of for p in new if p.unit in names and p.id not in known and p.joins is None}
    return departed, joins


def _left_before(person: Person, day: date) -> bool:
    return person.leaves is not None and person.leaves < day


# The revised problem ----------------------------------------------------------------------------------------------


def _revise(kept: Kept, folder: Path, tweaks: Tweaks, step: Step) -> Scenario:
    """Return the problem with the step added, of the same period and units."""
    scenario = read_scenario(
        folder,
        _merged(kept.order.tweaks, tweaks, kept),
        kept.scenario.problem.ledger,
        name=kept.order.name,
        steps=(*kept.steps, step),
    )
    units = tuple(unit for unit in scenario.problem.units if unit.name in kept.rosters)
    return replace(scenario, problem=replace(scenario.problem, units=units))


def _merged(before: Tweaks, now: Tweaks, kept: Kept) -> Tweaks:
    """Return the tweaks in force: those given now win, lists are joined; the period stays."""
    values: dict[str, Any] = {}
    for name in Tweaks.__dataclass_fields__:
        old, new = getattr(before, name), getattr(now, name)
        values[name] = (*old, *new) if isinstance(old, tuple) else (old if new in (None, "") else new)
    return Tweaks(**{**values, "first": kept.order.first, "last": kept.order.last})


def _results(
    scenario: Scenario, kept: Kept, step: Step, order: Order, report: Callable[[str], None]
) -> list[UnitResult]:
    """Return every unit's result: solved where anything it depends on changed, else as it stands."""
    known = {unit.name: unit for unit in kept.scenario.problem.units}
    units = scenario.problem.units
    replaced = {name: Replaced(roster, step.as_of, step.open_days) for name, roster in kept.rosters.items()}
    touched = [unit for unit in units if known.get(unit.name) != unit]
    solved = {
        result.unit.name: result
        for result in solve(replace(scenario.problem, units=tuple(touched)), order, report, replaced)
    }
    return [
        solved[unit.name] if unit.name in solved else keep_result(unit, kept, replaced[unit.name])
        for unit in units
    ]


# What is written --------------------------------------------------------------------------------------------------


def _order(request: Request, kept: Kept) -> Order:
    return Order(
        scenario=kept.order.scenario,
        out=kept.folder,
        tweaks=_merged(kept.order.tweaks, request.tweaks, kept),
        effort=request.effort,
        time_limit=request.time_limit,
        seed=request.seed,
        workers=request.workers,
        language=request.language,
    )


def _facts(request: Request, kept: Kept, scenario: Scenario, step: Step, notice: Notice) -> Facts:
    tweaks = _merged(kept.order.tweaks, request.tweaks, kept)
    given: dict[str, Any] = {
        name: getattr(kept.order.tweaks, name) if name in ("first", "last") else getattr(tweaks, name)
        for name in Tweaks.__dataclass_fields__
    }
    return Facts(
        scenario=Path(kept.scenario_given),
        inputs=scenario.inputs,
        files=scenario.files,
        calendar_key=find_key(request.scenario or kept.order.scenario),
        tweaks=Tweaks(**given),
        units=kept.order.units,
        seed=request.seed,
        effort=request.effort,
        time_limit=request.time_limit,
        language=request.language or scenario.problem.policy.language,
        steps=(*kept.steps, step),
        replaced=kept.statuses,
        notice=notice,
    )


def find_key(scenario: Path) -> bytes:
    """Return the calendar key of a scenario folder: a new one would give every calendar a new address.

    Raises
    ------
    InputError
        Where it is not found.
    """
    path = scenario / CALENDAR_KEY
    try:
        return path.read_bytes().strip()
    except OSError as error:
        raise InputError([
            Fault(
                file=str(path),
                problem=Bilingual(
                    id=f"kunci kalender tidak terbaca ({error.strerror})",
                    en=f"the calendar key cannot be read ({error.strerror})",
                ),
                remedy=Bilingual(
                    id="Tunjukkan folder skenarionya dengan --scenario; tanpa kunci itu semua alamat kalender berubah.",
                    en="Name the scenario folder by --scenario; without the key every calendar would change its address.",
                ),
            )
        ]) from None  # fmt: skip


def _flags(request: Request, tweaks: Tweaks, as_of: date) -> dict[str, str]:
    """Return what was asked, flag by flag, for the certificate."""
    words = request.words
    chosen = {
        "--as-of": as_of.isoformat(),
        "--absent": "; ".join(words.absent),
        "--pin": "; ".join(words.pin),
        "--swap": "; ".join(words.swap),
        "--recall": "; ".join(words.recall),
        "--leaves": "; ".join(words.leaves),
        "--staff": request.staff.name if request.staff else "",
        "--policy": request.policy.name if request.policy else "",
        "--from-xlsx": request.from_xlsx.name if request.from_xlsx else "",
    }
    in_force = {k: v for k, v in tweaks.as_flags().items() if k not in ("--from", "--to")}
    return {**in_force, **{flag: value for flag, value in chosen.items() if value}}
