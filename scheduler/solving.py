"""The middle of the line: units → solve → verify as each answer comes → results, and why some units have none."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from scheduler.errors import (
    InfeasibleError,
    NoRosterFoundError,
    SchedulerError,
    UnfinishedError,
    VerificationError,
)
from scheduler.language import Bilingual
from scheduler.problem import Problem, Reading, Unit
from scheduler.roster import ObjectiveValue, Replaced, UnitResult
from scheduler.rounds import Rounds, Stage
from scheduler.time_limit import search_until
from scheduler.verify import audit, false_claims
from scheduler.weighing import WEIGHED, objectives_of

if TYPE_CHECKING:
    from scheduler.pipeline import Order
    from scheduler.solve.executors import Executor, Failure
    from scheduler.solve.solution import Solution


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """What came of all units.

    Attributes
    ----------
    results : in the units' order; each is verified.
    unfinished : why the other units have no roster, by name.
    errors : what ended them, in the units' order.
    interrupted : whether an interrupt ended the search early.
    """

    results: tuple[UnitResult, ...]
    unfinished: Mapping[str, Bilingual]
    errors: tuple[SchedulerError, ...] = ()
    interrupted: bool = False

    def as_error(self, message: Bilingual | None = None) -> BaseException:
        """Return what to raise where a unit without a roster leaves nothing to write.

        That is KeyboardInterrupt after an interrupt; a unit's own error, where it is the only one.
        """
        if self.interrupted:
            return KeyboardInterrupt()
        if message is None and len(self.errors) == 1:
            return self.errors[0]
        said = message or Bilingual(id="Tidak ada yang ditulis.", en="Nothing was written.")
        return unfinished_error(self.unfinished, said, self.details)

    @property
    def details(self) -> tuple[str, ...]:
        """What failing solvers printed last."""
        return tuple(text for e in self.errors if isinstance(e, UnfinishedError) for text in e.details)


def unfinished_error(
    units: Mapping[str, Bilingual], said: Bilingual, details: Sequence[str] = ()
) -> UnfinishedError:
    """Return the error that names the units without a roster, and what became of the others."""
    count = len(units)
    return UnfinishedError(
        Bilingual(
            id=f"{count} unit belum mendapat jadwal. {said.id}",
            en=f"{count} unit{'s have' if count > 1 else ' has'} no roster. {said.en}",
        ),
        units,
        details,
    )


def solve_units(
    problem: Problem,
    order: Order,
    report: Callable[[str], None] = lambda unit: None,
    replaced: Mapping[str, Replaced] | None = None,
    executor: Executor | None = None,
    stage: Callable[[Stage], None] = lambda stage: None,
    stopped: threading.Event | None = None,
) -> Solved:
    """Solve all units and verify each as its answer comes; say why some have no roster.

    Parameters
    ----------
    report : called with a unit's name when it is done, in each stage that it passes.
    replaced : the rosters to change as little as can be, by unit name, when replanning.
    executor : where the units are solved; by default the order's, opened for this call.
    stage : called when first rosters, better ones, or those of units left without are begun.
    stopped : set by an interrupt, or by whoever wants the searches to end with what they have.

    Raises
    ------
    InfeasibleError
        Where no roster can exist for some, with the conflicts of all of them.
    VerificationError
        Where the verifier refuses what the solver made; that is a defect of ours.
    KeyboardInterrupt
        At the second interrupt.
    """
    from scheduler.solve.effort import Effort
    from scheduler.solve.executors import Task, open_executor
    from scheduler.solve.executors.interrupts import interrupts_stop

    before = replaced or {}
    effort = Effort(
        limit=order.effort,
        seed=order.seed,
        deadline=search_until(problem.units, order.time_limit, order.started),
        stopped=stopped or threading.Event(),
    )
    tasks = [Task(number=n, unit=u, replaced=before.get(u.name)) for n, u in enumerate(problem.units)]
    with (
        nullcontext(executor) if executor else open_executor(order.executor, order.workers) as chosen,
        interrupts_stop(effort.stopped, partial(stage, "stopping")),
    ):
        rounds = Rounds(
            chosen, tasks, effort, lambda t, solution: verified(t.unit, solution, t.replaced), report, stage
        )
        rounds.run(at_once=order.workers)
    results = rounds.results
    errors = {
        number: answer.error or _as_error(tasks[number].unit, answer.failure)
        for number, answer in sorted(rounds.failed.items())
    }
    if unanswered := [task.unit.name for task in tasks if task.number not in results.keys() | errors.keys()]:
        raise AssertionError(f"units without an answer: {unanswered}")
    if impossible := [error for error in errors.values() if isinstance(error, InfeasibleError)]:
        from scheduler.explain import with_ways_out
        from scheduler.solve.executors.finder import FinderApart

        with nullcontext(None) if order.executor == "here" else FinderApart() as finder:
            raise with_ways_out(_together(impossible), problem, effort, before, finder) from None
    return Solved(
        results=tuple(results[number] for number in sorted(results)),
        unfinished={problem.units[n].name: _why(problem.units[n], error) for n, error in errors.items()},
        errors=tuple(errors.values()),
        interrupted=effort.stopped.is_set(),
    )


def verified(unit: Unit, solution: Solution, replaced: Replaced | None = None) -> UnitResult:
    """Return a unit's result where its roster keeps every rule and is worth what the solver claims, if it claims anything.

    Raises
    ------
    VerificationError
        Where it does not.
    """
    found = audit(unit, solution.roster, replaced)
    _refuse_broken(
        unit, [v.sentence for v in found.broken] + list(false_claims(solution.objectives, found.objectives))
    )
    counted = tuple(
        ObjectiveValue(
            name=name,
            value=found.objectives[name],
            bound=0,
            is_part=unit.weights is not None and name in WEIGHED,
        )
        for name in objectives_of(unit.weights, with_changes=replaced is not None)
    )
    return UnitResult(
        unit=unit,
        roster=solution.roster,
        objectives=solution.objectives or counted,
        audit=replace(found, notes=(*warnings(unit), *found.notes)),
        readings=tuple(readings(unit, solution.roster.attained)),
        seconds=solution.seconds,
        interrupted=solution.interrupted,
    )


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
        said = rule.attained_sentence(key, bound)
        text = Bilingual(id=f"{unit.name}: {said.id}", en=f"{unit.name}: {said.en}")
        found.append(Reading(key=f"{unit.name}: {key}", text=text, rule=rule.label))
    return found


def _together(errors: Sequence[InfeasibleError]) -> InfeasibleError:
    """Return one error for all units that have no roster, each with its conflict."""
    if len(errors) == 1:
        return errors[0]
    return InfeasibleError(
        Bilingual(
            id=f"{len(errors)} unit tidak mungkin dijadwalkan.", en=f"{len(errors)} units have no roster."
        ),
        [line for error in errors for line in (error.message, *error.conflict)],
        found=[conflict for error in errors for conflict in error.found],
    )


_REMEDIES = {
    "crash": Bilingual(
        id="Coba --seed lain untuk unit itu (--unit), dan laporkan kesalahan ini.",
        en="Try another --seed for that unit (--unit), and report this defect.",
    ),
    "hang": Bilingual(
        id="Coba --effort yang lebih kecil atau --seed lain untuk unit itu (--unit).",
        en="Try a smaller --effort or another --seed for that unit (--unit).",
    ),
    "memory": Bilingual(
        id="Coba --workers 1 untuk unit itu (--unit), atau komputer dengan memori lebih besar.",
        en="Try --workers 1 for that unit (--unit), or a machine with more memory.",
    ),
    "lost": Bilingual(
        id="Jalankan lagi untuk unit itu (--unit) setelah pekerja Dask ada lagi.",
        en="Run that unit again (--unit) when there are Dask workers again.",
    ),
}


def _as_error(unit: Unit, failure: Failure | None) -> SchedulerError:
    """Return a solver's failure as an error: what happened, how often, and what to do."""
    if failure is None:
        raise AssertionError("an answer without solution, error and failure")
    what, remedy = failure.what, _REMEDIES[failure.kind]
    again = Bilingual(
        id=", juga pada percobaan kedua dengan setelan sederhana",
        en=", also in a second attempt with plain settings",
    )
    twice = again if failure.attempts > 1 else Bilingual(id="", en="")
    why = Bilingual(id=f"{what.id}{twice.id}. {remedy.id}", en=f"{what.en}{twice.en}. {remedy.en}")
    said = Bilingual(id=f"{unit.name}: {why.id}", en=f"{unit.name}: {why.en}")
    return UnfinishedError(said, {unit.name: why}, (failure.details,) if failure.details else ())


def _why(unit: Unit, error: SchedulerError) -> Bilingual:
    """Return why a unit has no roster, as a sentence without its name."""
    if isinstance(error, UnfinishedError):
        return error.units[unit.name]
    if not isinstance(error, NoRosterFoundError):
        raise error
    start = f"{unit.name}: "
    return Bilingual(id=error.message.id.removeprefix(start), en=error.message.en.removeprefix(start))
