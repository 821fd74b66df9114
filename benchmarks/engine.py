"""The engine over instances by seed: medians of time, and how many are proven, one process an instance.

python -m benchmarks.engine --sizes 20,60,150,500,2000 --days 22 --seeds 10
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from importlib.metadata import version
from typing import Any


def one(people: int, days: int, seed: int, effort: float, base: str) -> dict[str, Any]:
    """Solve one instance; imports and making the instance are not counted."""
    from ortools.linear_solver import pywraplp  # noqa: F401 - loaded before the clock starts

    from benchmarks.instances import make_unit
    from benchmarks.scorer import score
    from scheduler.solve.search import Effort
    from scheduler.solve.unit import solve_unit

    unit = make_unit(people, days, seed, base=base)
    wall, cpu = time.perf_counter(), time.process_time()
    solution = solve_unit(unit, Effort(limit=effort))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    broken, cost = score(unit, solution.roster)
    gaps = {o.name: [o.value, o.bound] for o in solution.objectives if not o.is_optimal}
    return {"wall": wall, "cpu": cpu, "broken": broken, "cost": float(cost), "gaps": gaps}


def run(people: int, days: int, seed: int, effort: float, base: str, limit: float) -> dict[str, Any] | None:
    """Solve one instance in a process of its own; None where it died or ran over `limit` seconds."""
    command = [sys.executable, "-m", "benchmarks.engine", "--one", f"{people},{days},{seed}"]
    command += ["--effort", str(effort), "--base", base]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        return None
    if done.returncode != 0 or not done.stdout.strip():
        return None
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="20,60,150,500,2000")
    parser.add_argument("--days", default="22")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--effort", type=float, default=20.0)
    parser.add_argument("--limit", type=float, default=120.0)
    parser.add_argument("--base", default="active")
    parser.add_argument("--one")
    asked = parser.parse_args()
    if asked.one:
        people, days, seed = (int(part) for part in asked.one.split(","))
        print(json.dumps(one(people, days, seed, asked.effort, asked.base)))
        return
    print("command: python -m benchmarks.engine", *sys.argv[1:])
    print(f"{time.strftime('%Y-%m-%d %H:%M')} · Python {platform.python_version()} · ortools {version('ortools')}"
          f" · numpy {version('numpy')} · {os.cpu_count()} cores · load {os.getloadavg()[0]:.1f}")  # fmt: skip
    print("people days   proven  unfinished  broken   wall s (median, worst)   cpu s (median)   open")
    for people in (int(size) for size in asked.sizes.split(",")):
        for days in (int(length) for length in asked.days.split(",")):
            results = [
                run(people, days, seed, asked.effort, asked.base, asked.limit)
                for seed in range(1, asked.seeds + 1)
            ]
            done = [result for result in results if result is not None]
            proven = [result for result in done if not result["gaps"]]
            opened = sorted({name for result in done for name in result["gaps"]})
            walls = [result["wall"] for result in done] or [float("nan")]
            cpus = [result["cpu"] for result in done] or [float("nan")]
            print(f"{people:6} {days:4} {len(proven):4}/{len(results):<4} {len(results) - len(done):8}"
                  f" {sum(r['broken'] for r in done):9} {statistics.median(walls):12.2f} {max(walls):8.2f}"
                  f" {statistics.median(cpus):15.2f}        {', '.join(opened)}", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
