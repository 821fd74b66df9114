"""The whole country on paper: 4.5 million people in 60,000 units, from the rates of a sample measured here and now.

    python -m benchmarks.country                # four units of each size
    python -m benchmarks.country --sample 1     # rougher, a minute

What is measured is kept by the line in results/country.jsonl, so that an interrupted run goes on where it was.

Sizes of units are those of `giliran synth` (log-normal, `scheduler.synth.city.SPREAD`), scaled to the country; beside
them the table has what the 22 units of the given staff lists measure (tests/data/staff, the copy of shared/data), for
comparison. From each class of size some units are drawn at even steps of size, invented by `giliran synth` and taken through the
real line, from staff list to every file: read, solve and verify, write. No unit is exempt, as if all took turns, which real
health centres and sub-districts do not: that is on the safe side.

The country is then simulated: every unit of the 60,000 costs what the nearest measured size costs per person, and is given
to the core that is free first, largest first. Printed are CPU-hours by stage, money at the stated price, the time on so many cores, what bounds it,
bytes and files. What is not measured: network and shared disks, and reading 500 governments' lists, each of which is read
once and not once a unit (reading a unit's own list is in the rates).
"""

from __future__ import annotations

import argparse
import csv
import heapq
import itertools
import json
import math
import os
import platform
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path
from random import Random

from benchmarks.compare import RESULTS, code_hash
from scheduler.pipeline import DEFAULT_EFFORT, Order, flags, read_problem, solve_units
from scheduler.roster import Roster
from scheduler.synth.city import SPREAD, _sizes, make_city
from scheduler.synth.folder import write_city

PEOPLE, UNITS = 4_500_000, 60_000
CLASSES = (1, 10, 20, 40, 80, 160, 320, 640)
STAGES = ("read", "solve and verify", "write")
FIRST = date(2026, 8, 31)
GIVEN = Path(__file__).resolve().parent.parent / "tests" / "data" / "staff"
CORES = (2, 16, 64, 256, 1024)


@dataclass(frozen=True, slots=True)
class Measured:
    """One unit taken through the line: CPU seconds by stage, wall seconds in all, what it wrote, whether proven."""

    size: int
    cpu: tuple[float, ...]
    wall: float
    bytes_: int
    files: int
    is_optimal: bool

    def cpu_per_person(self) -> float:
        return sum(self.cpu) / self.size


def measure(size: int, days: int, seed: int, effort: float) -> Measured:
    """Invent a unit of `size` and take it from its staff list to its files."""
    from scheduler.write.output import Facts, calendar_key, prepare, write_revision

    last = FIRST + timedelta(days=7 * (days // 5) + days % 5 - 1 - (2 if days % 5 == 0 else 0))
    city = make_city(size, 1, seed, first=FIRST, last=last)
    with tempfile.TemporaryDirectory() as scratch:
        folder, out = Path(scratch) / "unit", Path(scratch) / "out"
        write_city(city, folder, seed)
        wall, marks = time.perf_counter(), [time.process_time()]
        order = Order(scenario=folder, out=out, effort=effort, workers=1)
        scenario = read_problem(order)
        marks.append(time.process_time())
        solved = solve_units(scenario.problem, order)
        if solved.unfinished:
            raise solved.as_error()
        marks.append(time.process_time())
        prepare(out)
        facts = Facts(
            scenario=folder, inputs=scenario.inputs, files=scenario.files,
            calendar_key=calendar_key(folder, scenario.calendar_key), tweaks=order.tweaks, units=(), seed=0,
            effort=effort, time_limit=None, language=scenario.problem.policy.language,
        )  # fmt: skip
        roster = Roster(problem=scenario.problem, results=solved.results, flags=flags(order))
        write_revision(roster, facts, out)
        marks.append(time.process_time())
        written = [path for path in out.rglob("*") if path.is_file()]
        return Measured(
            size=size,
            cpu=tuple(b - a for a, b in itertools.pairwise(marks)),
            wall=time.perf_counter() - wall,
            bytes_=sum(path.stat().st_size for path in written),
            files=len(written),
            is_optimal=all(result.is_optimal for result in solved.results),
        )


def measured(size: int, days: int, seed: int, effort: float, kept: Path) -> Measured:
    """Return what `measure` found, from the lines of `kept` where the same code measured it before."""
    key = [size, days, seed, effort, code_hash(("scheduler", "benchmarks/country.py"), "ortools")]
    for line in kept.read_text(encoding="utf-8").splitlines() if kept.exists() else ():
        known = json.loads(line)
        if known["key"] == key:
            return Measured(**{**known["found"], "cpu": tuple(known["found"]["cpu"])})
    found = measure(size, days, seed, effort)
    with kept.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"key": key, "found": asdict(found)}) + "\n")
    return found


def country_sizes() -> list[int]:
    """Return the sizes of all units, largest first."""
    return sorted(_sizes(PEOPLE, UNITS, Random("country")), reverse=True)


def given_sizes() -> list[int]:
    """Return the sizes of the units in the given staff lists."""
    sizes: Counter[tuple[str, str]] = Counter()
    for path in GIVEN.glob("*/truth.csv"):
        with path.open(newline="", encoding="utf-8-sig") as file:
            sizes.update((path.parent.name, line["unit"]) for line in csv.DictReader(file))
    return list(sizes.values())


def class_of(size: int) -> int:
    """Return the number of the class that a size falls into."""
    return max(n for n, least in enumerate(CLASSES) if size >= least)


def sample_of(sizes: Sequence[int], number: int) -> Iterator[tuple[int, int]]:
    """Yield (class, size) of `number` units of each class, at even steps of the class's people."""
    for n in range(len(CLASSES)):
        inside = sorted(size for size in sizes if class_of(size) == n)
        total, below, wanted = sum(inside), 0, [(k + 0.5) / number for k in range(number)]
        for size in inside:
            below += size
            while wanted and below >= wanted[0] * total:
                yield n, size
                wanted.pop(0)


def makespan(costs: Sequence[float], cores: int) -> float:
    """Return when the last core is done, each unit given to the core that is free first."""
    free = [0.0] * cores
    for cost in costs:
        heapq.heapreplace(free, free[0] + cost)
    return max(free)


def report(sizes: Sequence[int], sample: dict[int, list[Measured]], price: float) -> Iterator[str]:
    """Yield the lines of the table and of the simulation."""
    given = given_sizes()
    for name, found in (("given lists", given), ("country (synth)", sizes)):
        logs = [math.log(size) for size in found]
        yield (
            f"{name:16} {len(found):6} units, mean {statistics.mean(found):5.1f}, median {statistics.median(found):4.0f},"
            f" largest {max(found)}, spread of the logarithm {statistics.stdev(logs):.2f} (synth: {SPREAD})"
        )
    yield ""
    yield (
        "people        units    people in all  measured  proven  CPU-s a unit (median)  CPU-ms a person: "
        + " / ".join(STAGES)
    )
    nearest = [_nearest(size, sample) for size in sizes]
    for n, least in enumerate(CLASSES):
        inside = [size for size in sizes if class_of(size) == n]
        found = sample[n]
        stages = [
            sum(m.cpu[s] for m in found) / sum(m.size for m in found) * 1000 for s in range(len(STAGES))
        ]
        upper = f"{CLASSES[n + 1] - 1}" if n + 1 < len(CLASSES) else f"{max(sizes)}"
        yield (
            f"{least:4} to {upper:5} {len(inside):6} {sum(inside):14,} {len(found):9} {sum(m.is_optimal for m in found):5}/{len(found)}"
            f" {statistics.median(sum(m.cpu) for m in found):16.2f}"
            + " " * 8
            + " / ".join(f"{ms:.1f}" for ms in stages)
        )
    by_stage = [
        sum(size * m.cpu[s] / m.size for size, m in zip(sizes, nearest, strict=True)) / 3600
        for s in range(len(STAGES))
    ]
    hours = sum(by_stage)
    yield ""
    yield (
        "CPU-hours: "
        + ", ".join(f"{name} {h:.1f} ({h / hours:.0%})" for name, h in zip(STAGES, by_stage, strict=True))
        + f"; in all {hours:.1f}"
    )
    yield f"at {price:g} USD a core-hour: {hours * price:,.2f} USD a period, {hours * price / PEOPLE * 1e6:,.1f} USD a million people"
    costs = [size * m.cpu_per_person() for size, m in zip(sizes, nearest, strict=True)]
    order = sorted(costs, reverse=True)
    for cores in CORES:
        took = makespan(order, cores)
        bound = "the largest unit" if took < 1.05 * order[0] else "the number of cores"
        yield f"{cores:5} cores: {took / 3600:7.2f} h ({took:,.0f} s), used {sum(costs) / cores / took:4.0%}; bounded by {bound}"
    written = sum(size * m.bytes_ / m.size for size, m in zip(sizes, nearest, strict=True))
    files = sum(size * m.files / m.size for size, m in zip(sizes, nearest, strict=True))
    yield f"written: {written / 1e9:,.1f} GB in {files / 1e6:,.1f} million files; a network of 1 Gbit/s takes {written * 8 / 1e9 / 60:,.1f} min"
    worst = max((m for found in sample.values() for m in found), key=lambda m: sum(m.cpu))
    main_stage = STAGES[by_stage.index(max(by_stage))]
    yield (
        f"bottleneck: {main_stage}; the slowest unit measured, {worst.size} people, took {sum(worst.cpu):.1f} CPU-s"
        f" ({worst.wall:.1f} s by the clock), and no number of cores makes the country faster than its slowest unit"
    )


def _nearest(size: int, sample: dict[int, list[Measured]]) -> Measured:
    """Return the unit measured in the same class whose size is nearest."""
    return min(sample[class_of(size)], key=lambda m: (abs(m.size - size), m.size))


def main() -> None:
    """Measure the sample, print and keep the report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sample", type=int, default=4, help="units of each class of size")
    parser.add_argument("--days", type=int, default=22, help="working days")
    parser.add_argument("--effort", type=float, default=DEFAULT_EFFORT)
    parser.add_argument("--price", type=float, default=0.05, help="USD a core-hour, as rented by the hour")
    asked = parser.parse_args()
    sizes = country_sizes()
    measure(20, 5, 0, asked.effort)  # loads everything, so that the first unit does not pay for imports
    sample: dict[int, list[Measured]] = {}
    loads = []
    for number, (n, size) in enumerate(sample_of(sizes, asked.sample)):
        found = measured(size, asked.days, number, asked.effort, RESULTS / "country.jsonl")
        sample.setdefault(n, []).append(found)
        loads.append(os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0)
        print(f"{size} people: {' / '.join(f'{cpu:.2f}' for cpu in found.cpu)} CPU-s, proven {found.is_optimal}",
              file=sys.stderr, flush=True)  # fmt: skip
    head = (
        f"command: python -m benchmarks.country {' '.join(sys.argv[1:])}\n"
        f"{time.strftime('%Y-%m-%d %H:%M')} · Python {platform.python_version()} · ortools {version('ortools')} · "
        f"{os.cpu_count()} cores · load {statistics.median(loads):.1f} · {asked.days} working days\n"
    )
    text = head + "\n".join(report(sizes, sample, asked.price)) + "\n"
    print(text)
    (RESULTS / "country.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
