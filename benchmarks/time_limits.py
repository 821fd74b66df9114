"""Is `--time-limit` kept, and what is there when it ends: asked, taken, units without a roster, gaps.

    python -m benchmarks.time_limits                                   # every case at 5, 10, 20 and 40 s: 12 minutes
    python -m benchmarks.time_limits --cases "luwu-utara;500x42" --limits 10
    python -m benchmarks.time_limits --write                           # keeps the table in results/time_limits.txt

Each line is one `giliran generate`, timed from its start to its end as a user would. `first` is the rosters that are no
more than lawful, `proven` those shown to be the best; `gap` is the widest of all others, of the first objective that is
open, in its own unit (home places, thousandths of a day, weights). "told" says whether the command itself told that the limit was
exceeded. Exits with 1 where a unit is without a roster, or the limit was exceeded by more than a tenth and not told.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.machine import about
from scheduler.roster import OBJECTIVES

SHIPPED = Path(__file__).resolve().parent.parent / "rosters"
RESULTS = Path(__file__).resolve().parent / "results" / "time_limits.txt"
FIRST = date(2026, 8, 31)
ALLOWED = 1.1


@dataclass(frozen=True, slots=True)
class Case:
    """A scenario: one that ships (real staff lists), or a city invented by `giliran synth` over so many working days."""

    name: str
    staff: int = 0
    units: int = 1
    days: int = 0

    def make(self, folder: Path) -> list[str]:
        """Write the scenario where it is invented; return the arguments that name it."""
        if not self.staff:
            return [str(SHIPPED / self.name)]
        words = ["--staff", str(self.staff), "--units", str(self.units), "-q"]
        subprocess.run([sys.executable, "-m", "scheduler", "synth", str(folder), *words], check=True)
        if not self.days:
            return [str(folder)]
        last = FIRST + timedelta(days=7 * (self.days // 5) + self.days % 5 - (1 if self.days % 5 else 3))
        return [str(folder), "--from", str(FIRST), "--to", str(last)]


CASES = (
    Case("luwu-utara"),
    Case("paser"),
    Case("city of 1,500", 1_500, 15),
    Case("city of 5,000", 5_000, 45),
    Case("60x42", 60, 1, 42),
    Case("60x66", 60, 1, 66),
    Case("500x42", 500, 1, 42),
    Case("500x66", 500, 1, 66),
)


def measure(words: list[str], limit: float, scratch: Path) -> dict[str, Any]:
    """Run `giliran generate` once, and return what it took and left."""
    out = scratch / f"out-{time.monotonic_ns()}"
    command = [sys.executable, "-m", "scheduler", "--lang", "en", "generate", *words, "--out", str(out)]
    load, began = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan"), time.monotonic()
    ran = subprocess.run(
        [*command, "--time-limit", str(limit)], capture_output=True, encoding="utf-8", check=False
    )
    took = time.monotonic() - began
    found = {"took": took, "load": load, "code": ran.returncode, "told": "exceeded" in ran.stderr}
    try:
        certificate = json.loads((out / "certificate.json").read_text(encoding="utf-8"))
    except OSError:
        return {**found, "units": 0, "without": None, "proven": 0, "gap": ran.stderr.strip()[:60]}
    units = certificate["units"]
    return {
        **found,
        "units": len(units) + len(certificate["unfinished"]),
        "without": len(certificate["unfinished"]),
        "proven": sum(unit["optimal"] for unit in units),
        "gap": widest_gap(units),
    }


def widest_gap(units: list[dict[str, Any]]) -> str:
    """Return the gap of the unit whose earliest open objective comes first, the widest of those."""
    gaps = [
        (OBJECTIVES.index(one["name"]), -one["within"])
        for unit in units
        for one in [next((o for o in unit["objectives"] if o["within"]), None)]
        if one is not None
    ]
    if not gaps:
        return "–"
    number, size = min(gaps)
    return f"{OBJECTIVES[number]} {-size}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", default=";".join(case.name for case in CASES), help="names, parted by ;")
    parser.add_argument("--limits", default="5,10,20,40")
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    wanted = asked.cases.split(";")
    lines = [about(f"python -m benchmarks.time_limits {' '.join(sys.argv[1:])}"), ""]
    lines.append("case            asked s  took s  of it   load  units  without  proven  told  widest gap")
    print("\n".join(lines), flush=True)
    missed = 0
    with tempfile.TemporaryDirectory() as scratch:
        for case in (case for case in CASES if case.name in wanted):
            words = case.make(Path(scratch) / case.name.replace(",", ""))
            for limit in map(float, asked.limits.split(",")):
                found = measure(words, limit, Path(scratch))
                late = found["took"] > ALLOWED * limit and not found["told"]
                missed += bool(late or found["without"] != 0)
                line = (
                    f"{case.name:15} {limit:7.0f} {found['took']:7.1f} {found['took'] / limit:6.0%} {found['load']:6.1f}"
                    f" {found['units']:6} {'all' if found['without'] is None else found['without']:>8} {found['proven']:7}"
                    f" {'yes' if found['told'] else '–':>5}  {found['gap']}"
                )
                print(line, flush=True)
                lines.append(line)
    lines.append("")
    lines.append(
        f"missed: {missed} runs" if missed else "every unit has a roster, and each limit is kept or told: met"
    )
    print(lines[-1])
    if asked.write:
        RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.exit(bool(missed))


if __name__ == "__main__":
    main()
