"""CBC (as OR-Tools' `pywraplp` ships it) on the best programme known to us (`mip.py`)."""

from __future__ import annotations

import time
from typing import Any

from ortools.linear_solver import pywraplp

from benchmarks.peers.mip import programme
from benchmarks.peers.talk import Answer, run


def solve(facts: dict[str, Any], limit: float) -> Answer:
    """Build the programme and solve it with what is left of the limit."""
    started = time.monotonic()
    lp = programme(facts)
    solver = pywraplp.Solver.CreateSolver("CBC")
    endless = solver.infinity()

    def finite(value: float) -> float:
        return max(-endless, min(endless, value))

    columns = [
        (solver.IntVar if whole else solver.NumVar)(finite(least), finite(most), "")
        for least, most, whole in zip(lp.least, lp.most, lp.whole, strict=True)
    ]
    for number, (least, most) in enumerate(zip(lp.row_least, lp.row_most, strict=True)):
        row = solver.Constraint(finite(least), finite(most))
        for entry in range(lp.starts[number], lp.starts[number + 1]):
            row.SetCoefficient(columns[lp.columns[entry]], lp.values[entry])
    objective = solver.Objective()
    for column, cost in zip(columns, lp.cost, strict=True):
        if cost:
            objective.SetCoefficient(column, cost)
    objective.SetOffset(lp.constant)
    objective.SetMinimization()
    solver.SetNumThreads(2)
    solver.SetTimeLimit(max(100, int(1000 * (limit - (time.monotonic() - started)))))
    status = solver.Solve()
    if status not in (pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE):
        return Answer(note=f"status {status}")
    home, roles = lp.answer(facts, [column.solution_value() for column in columns])
    proven = status == pywraplp.Solver.OPTIMAL
    return Answer(
        home=home, roles=roles, bound=objective.BestBound(), note="Optimal" if proven else "Feasible"
    )


if __name__ == "__main__":
    run(solve)
