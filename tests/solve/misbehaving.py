"""Stand-ins for the solver that misbehave in the unit "Dinas B": found by executors through their import path."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace

from scheduler.problem import Unit
from scheduler.roster import HOME, NOT_EMPLOYED, OFF, OFFICE, ObjectiveValue, Replaced, UnitRoster
from scheduler.solve.effort import Effort
from scheduler.solve.solution import Solution

HERE = __name__
VICTIM = "Dinas B"


def at_the_office(
    unit: Unit, effort: Effort, replaced: Replaced | None, interrupted: bool = False
) -> Solution:
    """Everybody is at the office: lawful where no rule sends anybody home."""
    worked = set(unit.horizon.workdays)
    rows = tuple(
        tuple(
            (OFFICE if day in worked else OFF) if person.is_employed_on(day) else NOT_EMPLOYED
            for day in unit.horizon.days
        )
        for person in unit.people
    )
    roster = UnitRoster(
        unit=unit.name, people=tuple(p.id for p in unit.people), days=unit.horizon.days, statuses=rows
    )
    claim = ObjectiveValue(name="shortfall", value=0, bound=0)
    return Solution(roster=roster, objectives=(claim,), interrupted=interrupted)


def crashes(unit: Unit, effort: Effort, replaced: Replaced | None) -> Solution:
    """End the process as OR-Tools does when a check of its own fails."""
    if unit.name == VICTIM:
        os.write(2, b"F0000 Check failed: heuristics.fixed_search != nullptr\n")
        os.abort()
    return at_the_office(unit, effort, replaced)


def crashes_unless_plain(unit: Unit, effort: Effort, replaced: Replaced | None) -> Solution:
    """The same, but for the plain settings."""
    return at_the_office(unit, effort, replaced) if effort.plain else crashes(unit, effort, replaced)


def hangs(unit: Unit, effort: Effort, replaced: Replaced | None) -> Solution:
    """Heed neither limits nor interrupts."""
    if unit.name == VICTIM:
        time.sleep(600)
    return at_the_office(unit, effort, replaced)


def eats_memory(unit: Unit, effort: Effort, replaced: Replaced | None) -> Solution:
    """Ask for ever more memory."""
    eaten = []
    while unit.name == VICTIM:
        eaten.append(bytearray(64 << 20))
    return at_the_office(unit, effort, replaced)


def is_defective(unit: Unit, effort: Effort, replaced: Replaced | None) -> Solution:
    """Raise what nobody expects."""
    if unit.name == VICTIM:
        raise ZeroDivisionError("division by zero")
    return at_the_office(unit, effort, replaced)


def prints(unit: Unit, effort: Effort, replaced: Replaced | None) -> Solution:
    """Print, from Python and from below it."""
    print("solving", unit.name)
    os.write(1, b"solving\n")
    return at_the_office(unit, effort, replaced)


def searches_until_stopped(unit: Unit, effort: Effort, replaced: Replaced | None) -> Solution:
    """Find a roster at once and look for a better one until a stop; "Dinas A" is proven at once."""
    if unit.name != "Dinas A" and not effort.is_first:
        effort.stopped.wait(60)
    return at_the_office(unit, effort, replaced, interrupted=effort.stopped.is_set())


def lies(unit: Unit, effort: Effort, replaced: Replaced | None) -> Solution:
    """Send somebody home whom no rule sends there."""
    found = at_the_office(unit, effort, replaced)
    first = tuple(HOME if status == OFFICE else status for status in found.roster.statuses[0])
    return replace(found, roster=replace(found.roster, statuses=(first, *found.roster.statuses[1:])))


def takes_a_moment(unit: Unit, effort: Effort, replaced: Replaced | None) -> Solution:
    """Work for a third of a second."""
    time.sleep(0.3)
    return at_the_office(unit, effort, replaced)


def tells_and_dies(unit: Unit, effort: Effort, replaced: Replaced | None) -> Solution:
    """Find a first roster and tell of it; the process is killed while it looks for a better one."""
    found = at_the_office(unit, effort, replaced, interrupted=True)
    if unit.name == VICTIM and effort.found is not None:
        effort.found(replace(found, objectives=()))
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
    return found


def dies_but_for_the_first(unit: Unit, effort: Effort, replaced: Replaced | None) -> Solution:
    """Be killed whenever more than a first roster is asked for."""
    if unit.name == VICTIM and not effort.is_first:
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
    return at_the_office(unit, effort, replaced, interrupted=effort.is_first)


def stops_dead(unit: Unit, effort: Effort, replaced: Replaced | None) -> Solution:
    """Find a first roster and tell of it; then the system suspends the process."""
    found = at_the_office(unit, effort, replaced, interrupted=True)
    if unit.name == VICTIM and effort.found is not None:
        effort.found(replace(found, objectives=()))
        os.kill(os.getpid(), signal.SIGSTOP)
    return found


def takes_all_the_time(unit: Unit, effort: Effort, replaced: Replaced | None) -> Solution:
    """Find a first roster at once, and look for a better one until the deadline."""
    if not effort.is_first:
        while not effort.is_over:
            time.sleep(0.01)
    return at_the_office(unit, effort, replaced, interrupted=True)


KEPT: list[bytes] = []


def keeps_memory(unit: Unit, effort: Effort, replaced: Replaced | None) -> Solution:
    """Keep 200 MB for "Dinas A" and "Dinas B"; the claim says which process it was."""
    if unit.name in ("Dinas A", VICTIM):
        KEPT.append(b"x" * (200 << 20))
    found = at_the_office(unit, effort, replaced)
    return replace(found, objectives=(ObjectiveValue(name="shortfall", value=os.getpid(), bound=0),))
