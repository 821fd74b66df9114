"""What one random unit comes to: every claim of the engine against the verifier and the plain reference.

`python -m tests.fuzz.claims FIRST LAST [PEOPLE DAYS]` searches those seeds and prints what is wrong, with the seed.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from scheduler.errors import InfeasibleError
from scheduler.problem import ABSENCE_KINDS, Pin, Unit
from scheduler.roster import Replaced, UnitRoster
from scheduler.solve.effort import Effort
from scheduler.solve.solution import Solution
from scheduler.solve.unit import solve_unit
from scheduler.verify import audit, false_claims
from tests.fuzz.reference import best_roster, can_exist
from tests.fuzz.searching import numbers, search
from tests.fuzz.units import random_unit

EFFORT = 4.0


def faults_of(unit: Unit, replaced: Replaced | None = None) -> Iterator[str]:
    """Yield what is wrong with the engine's answer to a unit, if anything is."""
    try:
        solution = solve_unit(unit, Effort(limit=EFFORT), replaced)
    except InfeasibleError as error:
        if can_exist(unit, replaced):
            yield "a roster exists"
        if not error.found:
            yield "no conflict is named"
        return
    yield from faults_of_solution(unit, solution, replaced)


def faults_of_solution(unit: Unit, solution: Solution, replaced: Replaced | None = None) -> Iterator[str]:
    """Yield which rules a roster breaks, and which of its claims are false."""
    found = audit(unit, solution.roster, replaced)
    yield from (violation.sentence.en for violation in found.broken)
    yield from (claim.en for claim in false_claims(solution.objectives, found.objectives))
    best = best_roster(unit, solution.roster.attained, replaced)
    if best is None:
        yield "the reference finds no roster"
        return
    other = audit(unit, best.roster, replaced)
    yield from (f"reference: {violation.sentence.en}" for violation in other.broken)
    for name, value in best.worth.items() if best.is_proven else ():
        if other.objectives[name] != value:
            yield f"{name}: the model says {value}, the verifier {other.objectives[name]}"
    for claimed in solution.objectives:
        value = other.objectives[claimed.name]
        if value < claimed.bound:
            yield f"{claimed.name}: the bound {claimed.bound} is above {value}, which a roster attains"
        if value > claimed.value and best.is_proven and claimed.name in best.worth:
            yield f"{claimed.name}: the model has no roster as good as {claimed.value}"
        if value != claimed.value:
            break


def disturbed(unit: Unit, draw: random.Random) -> tuple[Unit, int]:
    """Return the unit with something new, and the number of the first working day that may change."""
    days = unit.horizon.workdays
    first = draw.randrange(len(days))
    absences, pins = dict(unit.absences), dict(unit.pins)
    for _ in range(draw.choice([1, 1, 2])):
        person, day = draw.choice(unit.people), draw.choice(days[first:])
        if person.is_employed_on(day) and draw.random() < 0.6:
            absences[person.id, day] = draw.choice(ABSENCE_KINDS)
            pins.pop((person.id, day), None)
        elif person.is_employed_on(day) and (person.id, day) not in absences:
            pins[person.id, day] = Pin(status=draw.choice(["home", "office"]))
    return replace(unit, absences=absences, pins=pins), first


def published(unit: Unit) -> UnitRoster | None:
    """Return a roster to replan: lawful, not the engine's own."""
    best = best_roster(unit, {}) if can_exist(unit) else None
    return best.roster if best is not None else None


def faults_of_seed(seed: int, people: tuple[int, int] = (2, 4), most_days: int = 5) -> Iterator[str]:
    """Yield what is wrong with the roster of a seed's unit, with its first one alone, and with its replanning."""
    unit = random_unit(seed, people, most_days)
    yield from faults_of(unit)
    roster = published(unit)
    if roster is None:
        return
    first = solve_unit(unit, Effort(limit=EFFORT, is_first=True))
    if first.objectives:
        yield from (f"first roster: {fault}" for fault in faults_of_solution(unit, first))
    revised, day = disturbed(unit, random.Random(seed))
    replaced = Replaced(roster, revised.horizon.workdays[day])
    yield from (f"replanned: {fault}" for fault in faults_of(revised, replaced))


def main(words: list[str]) -> int:
    """Search the seeds of a range; return 1 where something was wrong."""
    first, last, people, days = numbers(words, 4, 5)
    return search(range(first, last), lambda seed: faults_of_seed(seed, (2, people), days), Counter())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
