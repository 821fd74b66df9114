"""The main job's figures on this machine: Luwu Utara against the time its libraries take to import.

    python benchmarks/main_job.py [RUNS]

Prints medians over RUNS (5), side by side in one go: the imports alone, the whole command, their ratio to the
target (three times the imports plus three seconds), the peak memory of the command, and what it proved.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
IMPORTS = "import ortools.sat.python.cp_model, pandas, openpyxl, icalendar"
MOST_MEGABYTES = 300


def measured(command: list[str]) -> tuple[float, float]:
    """Return the seconds of wall clock and the peak memory in MB of one run."""
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command} ended with {status}")
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    imports, whole, memory = [], [], []
    with tempfile.TemporaryDirectory() as scratch:
        for number in range(runs):
            out = Path(scratch) / str(number)
            imports.append(measured([sys.executable, "-c", IMPORTS])[0])
            seconds, megabytes = measured(
                [sys.executable, "-m", "scheduler", "generate", "rosters/luwu-utara", "-q", "--out", str(out)]
            )
            whole.append(seconds)
            memory.append(megabytes)
        certificate = json.loads((out / "certificate.json").read_text(encoding="utf-8"))
    target = 3 * statistics.median(imports) + 3
    reached, peak = statistics.median(whole), max(memory)
    print(
        f"python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {runs} runs, medians"
    )
    print(
        f"imports {statistics.median(imports):.2f} s, peak of children {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB"
    )
    print(f"whole command {reached:.2f} s, target {target:.2f} s: {'met' if reached <= target else 'MISSED'}")
    print(
        f"peak memory {peak:.0f} MB, target {MOST_MEGABYTES} MB: {'met' if peak < MOST_MEGABYTES else 'MISSED'}"
    )
    proven = sum(unit["optimal"] for unit in certificate["units"])
    passes = [o for unit in certificate["units"] for o in unit["objectives"]]
    print(
        f"units proven optimal {proven} of {len(certificate['units'])}, passes {sum(o['optimal'] for o in passes)} of {len(passes)}"
    )


if __name__ == "__main__":
    main()
