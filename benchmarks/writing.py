"""How long files take: 5,000 calendars, and a workbook of 2,000 people over 22 working days.

    python -m benchmarks.writing [RUNS]

Rosters are drawn by seed and not solved: only their shape matters here. Prints medians over RUNS (5) of wall clock,
and of processor seconds: our own, and the system's for files, which others' writing makes dearer. TMPDIR says where.
Below the calendars stands what creating so many files of their size takes here without making anything: after much has
been deleted on the same disk (an earlier run, say), ext4 needs ten times as long for a minute, whoever writes.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from benchmarks.machine import about, peak_megabytes
from scheduler.pipeline import Order, read_problem
from scheduler.problem import Problem, Unit
from scheduler.roster import HOME, NOT_EMPLOYED, OFF, OFFICE, Roster, UnitResult, UnitRoster
from scheduler.synth.city import make_city
from scheduler.synth.folder import write_city
from scheduler.verify import audit
from scheduler.write.html import write_page
from scheduler.write.ics import calendars, write_calendars
from scheduler.write.tables import write_roster_csv
from scheduler.write.xlsx import write_workbook

KEY = b"benchmark"
FIRST, LAST = date(2026, 9, 1), date(2026, 9, 30)
"""22 working days, no holiday."""


def read_city(folder: Path, staff: int, units: int) -> Problem:
    """Return an invented city over the 22 days."""
    write_city(make_city(staff, units, 0, first=FIRST, last=LAST), folder, 0)
    return read_problem(Order(scenario=folder)).problem


def drawn(problem: Problem) -> Roster:
    """Return a roster of the right shape: half of the turns at home, drawn by seed."""
    return Roster(problem=problem, results=tuple(_drawn_unit(unit) for unit in problem.units))


def _drawn_unit(unit: Unit) -> UnitResult:
    draw = random.Random(unit.name)
    rows, worked = [], set(unit.horizon.workdays)
    for person in unit.people:
        turns = any(rule.grants_home(person, unit.horizon.workdays[0]) for rule in unit.rules)
        rows.append(
            tuple(
                NOT_EMPLOYED
                if not person.is_employed_on(day)
                else OFF
                if day not in worked
                else unit.absences.get((person.id, day))
                or (HOME if turns and draw.random() < 0.5 else OFFICE)
                for day in unit.horizon.days
            )
        )
    grid = UnitRoster(
        unit=unit.name, people=tuple(p.id for p in unit.people), days=unit.horizon.days, statuses=tuple(rows)
    )
    found = replace(audit(unit, grid), violations=())
    return UnitResult(unit=unit, roster=grid, objectives=(), audit=found)


def measured(name: str, target: float, runs: int, scratch: Path, write: Callable[[Path], None]) -> None:
    """Print the medians of writing something some times, each into a new place.

    Nothing is deleted between: ext4 passes over inodes freed a few seconds ago, one by one, which would triple the time.
    """
    wall, own, systems = [], [], []
    for run in range(runs):
        place = scratch / f"{name.strip()} {run}"
        started, used = time.perf_counter(), os.times()
        write(place)
        wall.append(time.perf_counter() - started)
        own.append(os.times().user - used.user)
        systems.append(os.times().system - used.system)
    reached = statistics.median(wall)
    verdict = "" if not target else f", target {target:g} s: {'met' if reached <= target else 'MISSED'}"
    processor = (
        f"processor {statistics.median(own):5.2f} s and the system's {statistics.median(systems):5.2f} s"
    )
    print(f"{name:34} {reached:6.2f} s, {processor}{verdict}", flush=True)


def write_files(size: int, folder: Path) -> None:
    """Write as many files as the calendars are, of their mean size: what this disk takes for any program."""
    folder.mkdir()
    content = bytes(size)
    for number in range(5_000 + 45):
        (folder / f"{number:016x}.ics").write_bytes(content)


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    print(about(f"python -m benchmarks.writing {runs}"))
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        city = drawn(read_city(scratch / "city", 5000, 45))
        office = drawn(read_city(scratch / "office", 2000, 1))
        made = calendars(city, KEY, "id")
        size = sum(len(made.person(p)) for p in made.people) // len(made.people)

        def row(name: str, target: float, write: Callable[[Path], None]) -> None:
            measured(name, target, runs, scratch, write)

        row("5,000 calendars over 22 days", 3, lambda p: write_calendars(city, p, KEY, "id"))
        row("  their files alone, bytes ready", 0, lambda p: write_files(size, p))
        row("workbook, 1 unit, 2,000 x 22", 2, lambda p: write_workbook(office, p, "id"))
        row("workbook, 45 units, 5,000 x 22", 0, lambda p: write_workbook(city, p, "id"))
        row("page, 5,000 x 22", 0, lambda p: write_page(city, p, "id"))
        row("roster.csv, 5,000 x 30", 0, lambda p: write_roster_csv(city, p))
    print(f"peak memory {peak_megabytes()} MB")


if __name__ == "__main__":
    main()
