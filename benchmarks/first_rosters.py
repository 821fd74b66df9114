"""How soon there is a first verified roster, as an interrupt leaves it: `python -m benchmarks.first_rosters [people …]`.

From the unit in memory to a roster that the verifier passed: the model built, the walk, what the roster is worth in
every objective, the verification. Imports and making the instance are not counted.
"""

from __future__ import annotations

import os
import platform
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import version

from benchmarks.instances import make_unit
from scheduler.solve.search import Effort
from scheduler.solve.unit import solve_unit
from scheduler.verify import audit, false_claims

DAYS, SEEDS = 22, (1, 2, 3)
TARGETS = {60: 0.2, 2000: 2.0}
"""Seconds, from issue 4."""


def main(sizes: list[int]) -> None:
    """Print wall and CPU seconds of every instance."""
    print(f"command: python -m benchmarks.first_rosters {' '.join(map(str, sizes))}")
    print(
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, python {platform.python_version()}, ortools {version('ortools')}, "
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; wall seconds (CPU seconds), {DAYS} days"
    )
    for people in sizes:
        found = [measure(people, seed) for seed in SEEDS]
        target = f", target {TARGETS[people]:g}" if people in TARGETS else ""
        print(
            f"{people:5} people: " + ", ".join(f"{wall:.2f} ({cpu:.2f})" for wall, cpu in found) + target,
            flush=True,
        )


def measure(people: int, seed: int) -> tuple[float, float]:
    """Return wall and CPU seconds to the first verified roster of one instance."""
    unit = make_unit(people, DAYS, seed)
    effort = Effort()
    effort.stopped.set()
    wall, cpu = time.perf_counter(), time.process_time()
    solution = solve_unit(unit, effort)
    found = audit(unit, solution.roster)
    taken = time.perf_counter() - wall, time.process_time() - cpu
    if found.broken or list(false_claims(solution.objectives, found.objectives)):
        raise AssertionError(f"{unit.name}: the first roster is not lawful, or not worth what it claims")
    return taken


if __name__ == "__main__":
    main([int(text) for text in sys.argv[1:]] or [60, 500, 2000])
