"""Memory while a city and a province are solved on a Dask cluster: of the command, the scheduler and the workers.

    python -m benchmarks.dask_memory                       # 5,000 people in 45 units, 20,000 in 180: 3 minutes
    python -m benchmarks.dask_memory --people 50000 --units 450

A scheduler and two workers are processes of their own on this machine, as docs/scale-out.md starts them, and what each
holds (resident memory, MB; a worker with its solvers) is noted after every unit that the command has verified. Results stream in: the scheduler and the
workers must hold no more at the end than at the beginning, however many units there are, and the command no more than the
rosters that it is about to write. "Growth" is from the time a tenth of the units is done until all are; Python's and
Dask's own buffers make some tens of megabytes of it, whatever the size. Exits with 1 where the scheduler or a worker grew by
more than `MOST_GROWTH`, or the command held more than `MOST_MEGABYTES`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from benchmarks.machine import about, peak_megabytes

RESULTS = Path(__file__).resolve().parent / "results" / "dask_memory.txt"
SIZES = ((5_000, 45), (20_000, 180))
WORKERS = 2
MOST_GROWTH, MOST_MEGABYTES = 50, 1000
PARTS = (0.1, 0.25, 0.5, 0.75, 1.0)
"""Of the units done, when memory is told."""


@contextmanager
def cluster(folder: Path) -> Iterator[tuple[str, list[int]]]:
    """Start a scheduler and its workers; give its address, and their processes' numbers, the scheduler's first."""
    told = folder / "scheduler.json"
    started: list[subprocess.Popen[bytes]] = []

    def start(kind: str, *words: str) -> None:
        started.append(
            subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    f"distributed.cli.dask_{kind}",
                    *words,
                    "--scheduler-file",
                    str(told),
                    "--no-dashboard",
                ],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )

    try:
        start("scheduler", "--host", "127.0.0.1", "--port", "0")
        for _ in range(600):
            if told.exists() and told.read_text(encoding="utf-8").strip():
                break
            time.sleep(0.1)
        for _ in range(WORKERS):
            start("worker", "--nthreads", "1", "--no-nanny", "--local-directory", str(folder))
        address = json.loads(told.read_text(encoding="utf-8"))["address"]
        yield address, [process.pid for process in started]
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            process.wait()


def run(folder: Path, out: Path, address: str, processes: Sequence[int]) -> dict[str, Any]:
    """Do what `giliran generate` does in this process; return what each process held after every unit."""
    import psutil

    from scheduler.pipeline import Order, generate, read_problem

    watched = [psutil.Process(), *(psutil.Process(number) for number in processes)]
    notes: list[list[float]] = []

    def note(_: str = "") -> None:
        notes.append([_held(process, alone=n == 0) for n, process in enumerate(watched)])

    order = Order(scenario=folder, out=out, executor=f"dask={address}", workers=WORKERS)
    note()
    scenario = read_problem(order)
    note()
    read = len(notes)
    started = time.monotonic()
    outcome = generate(order, note, scenario=scenario)
    seconds = time.monotonic() - started
    note()
    return {
        "before": notes[:read],
        "units": notes[read:-1],
        "after": notes[-1],
        "peak": peak_megabytes(),
        "seconds": seconds,
        "people": sum(len(result.unit.people) for result in outcome.roster.results),
        "unfinished": len(outcome.roster.unfinished),
    }


def _held(process: Any, *, alone: bool) -> float:
    """Return the megabytes that a process holds; a worker with its solvers, which are processes of their own."""
    import psutil

    total = process.memory_info().rss
    for child in () if alone else process.children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            total += child.memory_info().rss
    held: float = total / (1 << 20)
    return held


def tell(found: dict[str, Any]) -> Iterator[str]:
    """Yield the table of one run."""
    notes = found["units"]
    yield (
        f"{found['people']} people, {len(notes)} units, {found['unfinished']} without a roster,"
        f" {found['seconds']:.0f} s from the problem to all files"
    )
    yield "MB                      command  scheduler  " + "  ".join(
        f"worker {n + 1}" for n in range(WORKERS)
    )
    lines = [("before reading", found["before"][0]), ("problem read", found["before"][-1])]
    lines += [(f"{part:.0%} of units done", notes[max(0, round(part * len(notes)) - 1)]) for part in PARTS]
    lines.append(("all written", found["after"]))
    for name, held in lines:
        yield f"{name:21} {held[0]:9.0f}  {held[1]:9.0f}  " + "  ".join(f"{h:8.0f}" for h in held[2:])
    yield (
        f"{'growth':21} "
        + "  ".join(f"{g:+9.0f}" for g in growth(found))
        + f"   peak of the command {found['peak']} MB"
    )


def growth(found: dict[str, Any]) -> list[float]:
    """Return by how much each process grew from the time that a tenth of the units was done until all were."""
    notes = found["units"]
    first = notes[max(0, round(PARTS[0] * len(notes)) - 1)]
    return [last - before for before, last in zip(first, notes[-1], strict=True)]


def measure(people: int, units: int, seed: int) -> dict[str, Any]:
    """Invent a scenario and solve it on a cluster of its own."""
    with tempfile.TemporaryDirectory() as scratch:
        folder, out, result = (Path(scratch) / name for name in ("scenario", "out", "result.json"))
        words = ["--staff", str(people), "--units", str(units), "--seed", str(seed), "-q"]
        subprocess.run([sys.executable, "-m", "scheduler", "synth", str(folder), *words], check=True)
        with cluster(Path(scratch)) as (address, processes):
            given = json.dumps([str(folder), str(out), address, processes, str(result)])
            subprocess.run([sys.executable, "-m", "benchmarks.dask_memory", "--run", given], check=True)
        found: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
        return found


def main() -> None:
    """Print the tables, and keep them in results/dask_memory.txt."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int)
    parser.add_argument("--units", type=int, default=45)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--run", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.run:
        folder, out, address, processes, result = json.loads(asked.run)
        found = run(Path(folder), Path(out), address, processes)
        Path(result).write_text(json.dumps(found), encoding="utf-8")
        return
    lines = [about(f"python -m benchmarks.dask_memory {' '.join(sys.argv[1:])}".rstrip())]
    print(lines[0])
    missed = []
    for people, units in ((asked.people, asked.units),) if asked.people else SIZES:
        found = measure(people, units, asked.seed)
        told = ["", *tell(found)]
        print(*told, sep="\n", flush=True)
        lines += told
        names = ("command", "scheduler", *(f"worker {n + 1}" for n in range(WORKERS)))
        for name, grown in list(zip(names, growth(found), strict=True))[1:]:
            if grown > MOST_GROWTH:
                missed.append(f"{people} people: the {name} grew by {grown:.0f} MB")
        if found["peak"] > MOST_MEGABYTES:
            missed.append(f"{people} people: the command held {found['peak']} MB")
    lines.append("\nmissed: " + "; ".join(missed) if missed else "\nall targets met")
    print(lines[-1])
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.exit(bool(missed))


if __name__ == "__main__":
    main()
