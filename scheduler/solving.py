"""The middle of the line: units → solve → verify as each answer comes → results, and why some units have none."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
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
from scheduler.roster import Replaced, UnitResult
from scheduler.verify import audit, false_claims

if TYPE_CHECKING:
    from scheduler.pipeline import Order
    from scheduler.solve.executors import Executor, Failure
    from scheduler.solve.solution import Solution

WRITING = 1.8e-4
"""Seconds that verifying and writing one person-day takes, set aside from a time limit; measured with 500 people in
one unit on a busy machine. A city needs less: its units are verified while others are still solved."""

ENDING = 0.2
"""Seconds set aside for what every job ends with, however small."""

MOST_SET_ASIDE = 0.5
"""Part of a time limit that may be set aside for it."""


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
) -> Solved:
    """Solve all units and verify each as its answer comes; say why some have no roster.

    Parameters
    ----------
    report : called with a unit's name when it is done.
    replaced : the rosters to change as little as can be, by unit name, when replanning.
    executor : where the units are solved; by default the order's, opened for this call.

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
    effort = Effort(limit=order.effort, seed=order.seed, deadline=_deadline(problem, order))
    tasks = [Task(number=n, unit=u, replaced=before.get(u.name)) for n, u in enumerate(problem.units)]
    results: dict[int, UnitResult] = {}
    errors: dict[int, SchedulerError] = {}
    with (
        nullcontext(executor) if executor else open_executor(order.executor, order.workers) as chosen,
        interrupts_stop(effort.stopped),
    ):
        for answer in chosen.solve(tasks, effort):
            task = tasks[answer.number]
            if answer.solution is not None:
                result = verified(task.unit, answer.solution, task.replaced)
                is_late = result.interrupted or effort.stopped.is_set()
                retried = answer.retried.what if answer.retried else None
                results[task.number] = replace(result, interrupted=is_late, retried=retried)
            else:
                errors[task.number] = answer.error or _as_error(task.unit, answer.failure)
            report(task.unit.name)
    if unanswered := [task.unit.name for task in tasks if task.number not in results.keys() | errors.keys()]:
        raise AssertionError(f"units without an answer: {unanswered}")
    found = [errors[number] for number in sorted(errors)]
    if impossible := [error for error in found if isinstance(error, InfeasibleError)]:
        from scheduler.explain import with_ways_out
        from scheduler.solve.executors.finder import FinderApart

        with nullcontext(None) if order.executor == "here" else FinderApart() as finder:
            raise with_ways_out(_together(impossible), problem, effort, before, finder) from None
    return Solved(
        results=tuple(results[number] for number in sorted(results)),
        unfinished={problem.units[n].name: _why(problem.units[n], errors[n]) for n in sorted(errors)},
        errors=tuple(found),
        interrupted=effort.stopped.is_set(),
    )


def _deadline(problem: Problem, order: Order) -> float | None:
    """Return when to stop searching so that verifying and writing end within the order's limit."""
    if order.time_limit is None:
        return None
    now = time.monotonic()
    ends = (now if order.started is None else order.started) + order.time_limit
    person_days = sum(len(unit.people) * len(unit.horizon.days) for unit in problem.units)
    return max(now, ends - min(ENDING + WRITING * person_days, MOST_SET_ASIDE * order.time_limit))


def verified(unit: Unit, solution: Solution, replaced: Replaced | None = None) -> UnitResult:
    """Return a unit's result where its roster keeps every rule and is worth what the solver claims.

    Raises
    ------
    VerificationError
        Where it does not.
    """
    found = audit(unit, solution.roster, replaced)
    _refuse_broken(
        unit, [v.sentence for v in found.broken] + list(false_claims(solution.objectives, found.objectives))
    )
    return UnitResult(
        unit=unit,
        roster=solution.roster,
        objectives=solution.objectives,
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
        found.append(Reading(key=f"{unit.name}: {key}", text=rule.attained_sentence(key, bound)))
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
