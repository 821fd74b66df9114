"""Replanning for new absences: the fewest changes, and how long until they are proven.

    python -m benchmarks.replanning --people 500 --days 22 --absences 12 --seeds 10      # about 2 minutes

A unit is solved, absences of one to three days are drawn among those who take turns, and the unit is solved again
against its own roster. The clock counts the search until the fewest changes are proven, not the fairness after them.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.machine import about

RESULTS = Path(__file__).parent / "results" / "replanning.txt"


def new_absences(unit: Any, number: int, seed: int) -> dict[Any, str]:
    """Return the unit's absences with `number` more people away for one to three working days."""
    draw = random.Random(seed)
    away = dict(unit.absences)
    people = [p for p in unit.people if p.rank in ("pelaksana", "non_asn") and p.it_capable is not False]
    for person in draw.sample(people, number):
        first = draw.randrange(4, len(unit.horizon.workdays) - 3)
        for day in unit.horizon.workdays[first : first + draw.randint(1, 3)]:
            if (person.id, day) not in unit.pins:
                away[person.id, day] = "sick"
    return away


def run(people: int, days: int, absences: int, seed: int, times: int = 1) -> str:
    """Return one line of the table: of so many times, each from the very beginning, the median."""
    from benchmarks.instances import make_unit
    from scheduler.roster import Replaced
    from scheduler.solve.model import UnitModel
    from scheduler.solve.passes import Passes
    from scheduler.solve.search import Effort
    from scheduler.solve.unit import solve_unit

    unit = make_unit(people, days, seed)
    before = solve_unit(unit, Effort()).roster
    changed = replace(unit, absences=new_absences(unit, absences, seed))
    replaced = Replaced(roster=before, before=unit.horizon.first)
    taken: list[tuple[float, float, float]] = []
    for _ in range(times):
        wall, cpu = time.monotonic(), time.process_time()
        model = UnitModel(changed, replaced=replaced)
        built = time.process_time() - cpu
        found = Passes(model, Effort()).fewest_changes()
        taken.append((time.monotonic() - wall, time.process_time() - cpu, built))
    wall, cpu, built = sorted(taken)[len(taken) // 2]
    worst = max(wall for wall, *_ in taken)
    reached = " ".join(f"{o.name} {o.value} (bound {o.bound})" for o in found)
    return f"{people:6} {days:4} {seed:4} {wall:9.2f} {worst:9.2f} {cpu:9.2f} {built:9.2f}   {reached}"


def main() -> None:
    """Print the table, and keep it in benchmarks/results/replanning.txt."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--days", type=int, default=22)
    parser.add_argument("--absences", type=int, default=12)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument(
        "--times", type=int, default=3, help="so often each; the median is told, and the worst"
    )
    asked = parser.parse_args()
    lines: list[str] = []

    def tell(line: str) -> None:
        print(line, flush=True)
        lines.append(line)
        RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")

    tell(about("python -m benchmarks.replanning " + " ".join(sys.argv[1:])))
    tell("people days seed    wall s     worst     cpu s   model s   reached")
    for seed in range(1, asked.seeds + 1):
        tell(run(asked.people, asked.days, asked.absences, seed, asked.times))


if __name__ == "__main__":
    main()
