"""Units side by side: independent models, so the order in which they finish never changes a result."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace

from scheduler.errors import InfeasibleError, NoRosterFoundError, SchedulerError
from scheduler.language import Bilingual
from scheduler.problem import Unit
from scheduler.roster import Replaced
from scheduler.solve.search import Effort
from scheduler.solve.unit import Solution, solve_unit


def solve_units(
    units: Sequence[Unit],
    effort: Effort,
    workers: int,
    report: Callable[[str], None],
    replaced: Mapping[str, Replaced] | None = None,
) -> list[Solution]:
    """Return a solution for each unit, in their order.

    CP-SAT lets go of the interpreter while it searches, so threads are enough. An interrupt stops the searches
    under way; units that have a roster by then keep it.

    Parameters
    ----------
    workers : units solved at once.
    report : called with a unit's name when it is done.
    replaced : the rosters to change as little as can be, by unit name, when replanning.

    Raises
    ------
    InfeasibleError
        Where units have no roster, with the conflicts of all of them.
    NoRosterFoundError
        Where effort or time ran out before a unit's first roster.
    KeyboardInterrupt
        Where an interrupt came before a unit's first roster: there is nothing to write.
    """
    solutions: dict[int, Solution] = {}
    failures: dict[int, SchedulerError] = {}
    with ThreadPoolExecutor(max_workers=max(1, workers)) as pool:
        futures = {
            pool.submit(solve_unit, unit, effort, (replaced or {}).get(unit.name)): number
            for number, unit in enumerate(units)
        }
        waiting = set(futures)
        while waiting:
            try:
                for future in as_completed(list(waiting)):
                    waiting.discard(future)
                    number = futures[future]
                    try:
                        solutions[number] = future.result()
                    except SchedulerError as error:
                        failures[number] = error
                    report(units[number].name)
            except KeyboardInterrupt:
                effort.stopped.set()
    if effort.stopped.is_set() and any(isinstance(error, NoRosterFoundError) for error in failures.values()):
        raise KeyboardInterrupt
    if failures:
        raise _together([failures[number] for number in sorted(failures)])
    found = [solutions[number] for number in range(len(units))]
    return [replace(s, interrupted=True) for s in found] if effort.stopped.is_set() else found


def _together(errors: Sequence[SchedulerError]) -> SchedulerError:
    """Return one error for all units: the impossible ones first, each with its conflict."""
    impossible = [error for error in errors if isinstance(error, InfeasibleError)]
    if not impossible:
        return errors[0]
    if len(impossible) == 1:
        return impossible[0]
    conflict = [line for error in impossible for line in (error.message, *error.conflict)]
    return InfeasibleError(
        Bilingual(
            id=f"{len(impossible)} unit tidak mungkin dijadwalkan.",
            en=f"{len(impossible)} units have no roster.",
        ),
        conflict,
        found=[found for error in impossible for found in error.found],
    )
