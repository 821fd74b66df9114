"""giliran itself under the same clock: the engine as `generate` calls it, its default effort, the limit as deadline."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping
from dataclasses import replace

from ortools.linear_solver import pywraplp  # noqa: F401 - loaded before the clock starts
from ortools.sat.python import cp_model  # noqa: F401

from benchmarks.instances import make_unit
from scheduler.errors import NoRosterFoundError
from scheduler.roster import HOME
from scheduler.solve.search import Effort
from scheduler.solve.unit import solve_unit


def main(weights: Mapping[str, int] | None = None) -> None:
    """Solve the unit named and write the answer, with each objective's value and bound.

    Parameters
    ----------
    weights : of the objectives, where they are to be weighed against each other.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("--limit", type=float, default=30.0, help="seconds")
    parser.add_argument("--effort", type=float, default=20.0)
    parser.add_argument("--unit", required=True, help="people,days,seed")
    asked = parser.parse_args()
    unit = replace(make_unit(*(int(part) for part in asked.unit.split(","))), weights=weights)
    started, cpu = time.monotonic(), time.process_time()
    try:
        solution = solve_unit(unit, Effort(limit=asked.effort, deadline=started + asked.limit))
    except NoRosterFoundError:
        print(json.dumps({"seconds": time.monotonic() - started, "note": "none found"}))
        return
    seconds, cpu = time.monotonic() - started, time.process_time() - cpu
    number = {person.id: i for i, person in enumerate(unit.people)}
    column = {day: k for k, day in enumerate(unit.horizon.workdays)}
    rows = [dict(zip(solution.roster.days, row, strict=True)) for row in solution.roster.statuses]
    answer = {
        "home": [[int(row[day] == HOME) for day in column] for row in rows],
        "roles": [
            [number[i], column[day], name]
            for (i, day), names in solution.roster.roles.items()
            for name in names
        ],
        "objectives": {o.name: [o.value, o.bound] for o in solution.objectives},
        "proven": all(o.is_optimal for o in solution.objectives),
        "seconds": seconds,
        "cpu": cpu,
        "note": "proven" if all(o.is_optimal for o in solution.objectives) else "open",
    }
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
