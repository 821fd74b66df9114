"""The engine over instances by seed: how many are proven, gaps, medians of time; one process an instance.

    python -m benchmarks.engine --sizes 20,60,150,500,2000 --days 22 --seeds 10      # about 10 minutes
    python -m benchmarks.engine --sizes 60,150 --days 44,66 --time-limit 10          # about 8 minutes
    python -m benchmarks.engine --sizes 60 --time-limit 0.2                          # is there a first roster by then?

Search alone is timed: imports and making the instance are not counted. The gap is that of the weighted sum (scorer) of the
values to the same sum of the bounds that the engine itself proved, pass by pass.
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
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parent / "results"


def one(people: int, days: int, seed: int, asked: argparse.Namespace) -> dict[str, Any]:
    """Solve one instance; imports and making the instance are not counted."""
    from ortools.linear_solver import pywraplp  # noqa: F401 - loaded before the clock starts
    from ortools.sat.python import cp_model  # noqa: F401

    from benchmarks.instances import make_unit
    from benchmarks.scorer import WEIGHTS, judge
    from scheduler.errors import NoRosterFoundError
    from scheduler.solve.search import Effort
    from scheduler.solve.unit import solve_unit

    unit = make_unit(people, days, seed, base=asked.base)
    wall, cpu = time.monotonic(), time.process_time()
    deadline = wall + asked.time_limit if asked.time_limit else None
    try:
        solution = solve_unit(unit, Effort(limit=asked.effort, deadline=deadline))
    except NoRosterFoundError:
        return {"none": time.monotonic() - wall}
    wall, cpu = time.monotonic() - wall, time.process_time() - cpu
    found = judge(unit, solution.roster)
    bound = sum(float(WEIGHTS[o.name]) * o.bound for o in solution.objectives if o.name in WEIGHTS)
    return {
        "wall": wall,
        "cpu": cpu,
        "broken": len(found.broken),
        "cost": float(found.cost),
        "gap": (float(found.cost) - bound) / max(bound, 1.0),
        "open": {o.name: [o.value, o.bound] for o in solution.objectives if not o.is_optimal},
        "megabytes": _peak_megabytes(),
    }


def _peak_megabytes() -> float:
    """Return the most memory that this process has held; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run(people: int, days: int, seed: int, asked: argparse.Namespace) -> dict[str, Any] | None:
    """Solve one instance in a process of its own; None where it died or ran over `limit` seconds."""
    command = [sys.executable, "-m", "benchmarks.engine", "--one", f"{people},{days},{seed}"]
    command += ["--effort", str(asked.effort), "--base", asked.base, "--time-limit", str(asked.time_limit)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=asked.limit, check=False)
    except subprocess.TimeoutExpired:
        print(f"{people} × {days} #{seed}: over {asked.limit:g} s", file=sys.stderr)
        return None
    if done.returncode != 0 or not done.stdout.strip():
        last = (done.stderr.strip().splitlines() or [""])[-1]
        print(f"{people} × {days} #{seed}: died ({done.returncode}) {last}", file=sys.stderr)
        return None
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(f"{people} × {days} #{seed}: {json.dumps(found)}", file=sys.stderr, flush=True)
    return None if "none" in found else found


def line(people: int, days: int, results: list[dict[str, Any] | None]) -> str:
    """Return one line of the table."""
    done = [result for result in results if result is not None]
    if not done:
        return f"{people:6} {days:4}    0/{len(results):<4} none finished"
    proven = sum(not result["open"] for result in done)
    walls, cpus, gaps = ([result[name] for result in done] for name in ("wall", "cpu", "gap"))
    return (
        f"{people:6} {days:4} {proven:4}/{len(results):<4} {len(results) - len(done):6} {sum(r['broken'] > 0 for r in done):8}"
        f" {statistics.median(walls):10.2f} {max(walls):8.2f} {statistics.median(cpus):10.2f} {max(cpus):8.2f}"
        f" {statistics.median(gaps):9.3%} {max(gaps):9.3%} {max(r['megabytes'] for r in done):8.0f}"
        f"   {', '.join(sorted({name for result in done for name in result['open']}))}"
    )


def main() -> None:
    """Print the table and keep it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="20,60,150,500,2000")
    parser.add_argument("--days", default="22")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument(
        "--effort", type=float, default=20.0, help="deterministic seconds a pass, as `--effort`"
    )
    parser.add_argument(
        "--time-limit", type=float, default=0.0, help="seconds of wall clock, as `--time-limit`; 0 for none"
    )
    parser.add_argument(
        "--limit", type=float, default=120.0, help="seconds after which an instance is given up"
    )
    parser.add_argument("--base", default="active")
    parser.add_argument("--out", default="engine.txt", help="file in results/")
    parser.add_argument("--one")
    asked = parser.parse_args()
    if asked.one:
        people, days, seed = (int(part) for part in asked.one.split(","))
        print(json.dumps(one(people, days, seed, asked)))
        return
    lines = [
        f"command: python -m benchmarks.engine {' '.join(sys.argv[1:])}",
        f"{time.strftime('%Y-%m-%d %H:%M')} · Python {platform.python_version()} · ortools {version('ortools')}"
        f" · numpy {version('numpy')} · {os.cpu_count()} cores · load {os.getloadavg()[0]:.1f}",
        "people days   proven  none  unlawful  wall s: median, worst  CPU s: median, worst  gap: median, worst  MB   open",
    ]
    print(*lines, sep="\n", flush=True)
    for people in (int(size) for size in asked.sizes.split(",")):
        for days in (int(length) for length in asked.days.split(",")):
            results = [run(people, days, seed, asked) for seed in range(1, asked.seeds + 1)]
            lines.append(line(people, days, results))
            print(lines[-1], flush=True)
            (RESULTS / asked.out).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
