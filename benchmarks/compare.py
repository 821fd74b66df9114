"""giliran beside what somebody could use instead, on the same instances, judged by one independent scorer.

    python -m benchmarks.compare                      # sizes 20 to 2000 × 22 days, 10 seeds, 30 s a peer: about 3 hours
    python -m benchmarks.compare --quick              # 20 and 60 × 22 days, 3 seeds, 10 s: about 7 minutes
    python -m benchmarks.compare --sizes 60,150 --days 44,66
    python -m benchmarks.compare --most-load 3.5      # what was measured on a busier machine is run anew
    python -m benchmarks.compare --report             # the table and the plots from what is kept, running nothing

Each run is a process of its own, one at a time, and a line of `results/compare.jsonl`, keyed by engine, instance, limit and
a hash of the code that the run depends on: an interrupted command goes on where it was, and changed code runs anew.
Medians are over the seeds with a lawful roster that leaves no home place empty; what is not is counted beside them. A
gap is to the best bound known of each instance: by counting (`benchmarks.scorer.lower_bound`), or proven by CP-SAT, HiGHS
or CBC in this very comparison. Peers minimise the weighted sum; giliran minimises its parts one after the other, as
CONTRACT orders them, so that its sum may be the larger one where a little unfairness would buy many wishes: the last
table therefore compares both ways, and giliran runs a second time under a policy that weighs the objectives likewise.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.instances import make_unit
from benchmarks.peers.facts import facts_of, roster_of
from benchmarks.scorer import WEIGHTS, judge, lower_bound
from scheduler.problem import Unit

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
COMMON = (
    "benchmarks/instances.py",
    "benchmarks/scorer.py",
    "benchmarks/peers/facts.py",
    "benchmarks/peers/talk.py",
)
EXTRA_SECONDS = 60
"""Beyond one and a half times its limit, for start and loading, after which a peer is killed (CBC minds its limit rarely)."""


@dataclass(frozen=True, slots=True)
class Engine:
    """Something to compare: its module, what its results depend on, and what it needs."""

    key: str
    title: str
    sources: tuple[str, ...]
    package: str = ""
    needs: tuple[str, ...] = ()

    @property
    def module(self) -> str:
        return "benchmarks.peers." + {"timefold": "timefold_solver"}.get(self.key, self.key)

    def missing(self) -> str:
        """Return what is wanting to run it, or ""."""
        for need in self.needs:
            if need == "java" and shutil.which("java") is None:
                return "no java on the PATH"
            if need != "java" and importlib.util.find_spec(need) is None:
                return f"no module {need}"
        return ""


ENGINES = (
    Engine("giliran", "giliran", ("scheduler/solve", "scheduler/constraints", "benchmarks/peers/giliran.py"), "ortools"),
    Engine("giliran_sum", "giliran, weighted sum", ("scheduler/solve", "scheduler/constraints", "scheduler/weighing.py", "benchmarks/peers/giliran.py", "benchmarks/peers/giliran_sum.py"), "ortools"),
    Engine("hand", "two-group rota by hand", ("benchmarks/peers/hand.py",)),
    Engine("cp_sat", "CP-SAT, OR-Tools' example style", ("benchmarks/peers/cp_sat.py",), "ortools"),
    Engine("highs", "HiGHS, best model", ("benchmarks/peers/highs.py", "benchmarks/peers/mip.py"), "highspy", ("highspy",)),
    Engine("cbc", "CBC, the same model", ("benchmarks/peers/cbc.py", "benchmarks/peers/mip.py"), "ortools"),
    Engine("annealer", "compiled annealer", ("benchmarks/peers/annealer.py",), "numba", ("numba",)),
    Engine("timefold", "Timefold for Python", ("benchmarks/peers/timefold_solver.py",), "timefold", ("timefold", "java")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Task:
    """One engine on one instance."""

    engine: Engine
    people: int
    days: int
    seed: int
    limit: float

    def key(self) -> dict[str, Any]:
        """Return what makes a kept result one of this task."""
        return {
            "engine": self.engine.key,
            "people": self.people,
            "days": self.days,
            "seed": self.seed,
            "limit": self.limit,
            "instances": code_hash(COMMON, ""),
            "code": code_hash((*COMMON, *self.engine.sources), self.engine.package),
        }


@lru_cache
def code_hash(sources: Sequence[str], package: str) -> str:
    """Return a hash of the files, or all Python files of folders, and of a package's version."""
    digest = hashlib.sha256(version_of(package).encode() if package else b"")
    for source in sources:
        path = ROOT / source
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]


def version_of(package: str) -> str:
    """Return a package's version, or "absent"."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "absent"


@lru_cache(maxsize=4)
def unit_of(people: int, days: int, seed: int) -> Unit:
    """Return an instance."""
    return make_unit(people, days, seed)


def run(task: Task) -> dict[str, Any]:
    """Run one task in a process of its own and judge what it found."""
    unit = unit_of(task.people, task.days, task.seed)
    command = [sys.executable, "-m", task.engine.module, "--limit", str(task.limit)]
    given = ""
    if task.engine.key in ("giliran", "giliran_sum"):
        command += ["--unit", f"{task.people},{task.days},{task.seed}"]
    else:
        given = json.dumps(facts_of(unit))
    found: dict[str, Any] = {**task.key(), "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None}
    started = time.monotonic()
    try:
        done = subprocess.run(
            command, input=given, capture_output=True, text=True, check=False, cwd=ROOT,
            timeout=1.5 * task.limit + EXTRA_SECONDS,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return {**found, "note": "killed: far over its limit", "wall": time.monotonic() - started}
    found["wall"] = time.monotonic() - started
    if done.returncode or not done.stdout.strip():
        last = (done.stderr.strip().splitlines() or ["nothing on standard error"])[-1]
        return {**found, "note": f"died ({done.returncode}): {last[:200]}"}
    answer = json.loads(done.stdout.splitlines()[-1])
    found |= {
        key: answer[key]
        for key in ("seconds", "cpu", "note", "bound", "proven", "objectives")
        if key in answer
    }
    if "home" not in answer:
        return found
    judgement = judge(unit, roster_of(unit, answer["home"], answer["roles"]))
    found |= {
        "broken": len(judgement.broken),
        "examples": judgement.broken[:3],
        "parts": dict(judgement.parts),
    }
    return {**found, "cost": float(judgement.cost)}


class Kept:
    """Results kept as JSON lines, by task; and each instance's bound by counting."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.by_key: dict[str, dict[str, Any]] = {}
        if path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                found = json.loads(line)
                self.by_key[_key_text(found)] = found

    def get(self, task: Task) -> dict[str, Any] | None:
        """Return the result kept for the task."""
        return self.by_key.get(_key_text(task.key()))

    def latest(self, task: Task) -> dict[str, Any] | None:
        """Return the result kept for the task, or else the last of the same instance with other code of the engine."""
        wanted, found = task.key(), self.get(task)
        names = [name for name in wanted if name != "code"]
        for other in self.by_key.values() if found is None else ():
            if all(other.get(name) == wanted[name] for name in names):
                found = other
        return found

    def add(self, found: dict[str, Any]) -> None:
        """Keep a result."""
        self.by_key[_key_text(found)] = found
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(found) + "\n")

    def counting_bound(self, people: int, days: int, seed: int) -> float:
        """Return the instance's bound by counting, worked out once."""
        key = {"engine": "bound", "people": people, "days": days, "seed": seed, "limit": 0,
               "code": code_hash(COMMON, "")}  # fmt: skip
        if (found := self.by_key.get(_key_text(key))) is None:
            found = {**key, "bound": float(lower_bound(unit_of(people, days, seed)))}
            self.add(found)
        bound: float = found["bound"]
        return bound


def _key_text(found: dict[str, Any]) -> str:
    return json.dumps([found.get(name) for name in ("engine", "people", "days", "seed", "limit", "code")])


@dataclass(frozen=True, slots=True)
class Row:
    """All results of one size and length: by engine, one for each seed, None where it was not run."""

    people: int
    days: int
    bounds: tuple[float, ...]
    results: dict[str, list[dict[str, Any] | None]]


def rows(kept: Kept, tasks: Sequence[Task]) -> list[Row]:
    """Gather what is kept by size and length, with the best bound known of each instance.

    Where an engine's present code has not been run, what its former code found stands in; `report` says so.
    """
    found = []
    for people, days in dict.fromkeys((task.people, task.days) for task in tasks):
        here = [task for task in tasks if (task.people, task.days) == (people, days)]
        seeds = sorted({task.seed for task in here})
        results: dict[str, list[dict[str, Any] | None]] = {}
        for task in sorted(here, key=lambda task: task.seed):
            results.setdefault(task.engine.key, []).append(kept.latest(task))
        bounds = []
        for position, seed in enumerate(seeds):
            proven = [kept.counting_bound(people, days, seed)]
            for key in ("cp_sat", "highs", "cbc"):
                result = results.get(key, [None] * len(seeds))[position]
                if result is not None and result.get("bound") is not None:
                    proven.append(result["bound"])
            bounds.append(max(proven))
        found.append(Row(people, days, tuple(bounds), results))
    return found


def is_lawful(result: dict[str, Any] | None) -> bool:
    """Whether a roster was found that breaks no rule and leaves no home place empty."""
    return result is not None and result.get("broken") == 0 and not result["parts"]["shortfall"]


def gaps(row: Row, engine: str) -> list[float]:
    """Return the gap to the bound of each lawful roster, as a part of the bound."""
    return [
        max(0.0, result["cost"] - bound) / bound
        for result, bound in zip(row.results[engine], row.bounds, strict=True)
        if result is not None and is_lawful(result)
    ]


def report(table: Sequence[Row], engines: Sequence[Engine]) -> Iterator[str]:
    """Yield the lines of the tables."""
    yield "people days  engine                             lawful  unlawful  none  cost (median)      gap  worst gap  seconds  worst"
    for row in table:
        lawful = {
            e.key: [r for r in row.results.get(e.key, []) if r is not None and is_lawful(r)] for e in engines
        }
        medians = {key: statistics.median(r["cost"] for r in found) for key, found in lawful.items() if found}
        most = max((len(found) for found in lawful.values()), default=0)
        # Only engines with as many lawful rosters as any are the best of a row: a median of the easy seeds is none.
        best = min((cost for key, cost in medians.items() if len(lawful[key]) == most), default=None)
        for engine in engines:
            run_ = [r for r in row.results.get(engine.key, []) if r is not None]
            if not run_:
                continue
            none = sum("broken" not in r for r in run_)
            line = (
                f"{row.people:6} {row.days:4}  {engine.title:33} {len(lawful[engine.key]):4}/{len(run_):<3}"
            )
            line += f"{len(run_) - none - len(lawful[engine.key]):7} {none:6}"
            if engine.key in medians:
                gap, cost = gaps(row, engine.key), medians[engine.key]
                star = "*" if best is not None and cost <= best and len(lawful[engine.key]) == most else " "
                line += f"  {cost:12.1f}{star} {statistics.median(gap):8.2%}  {max(gap):9.2%}"
            else:
                line += f"  {_unlawful(run_):>33}"
            seconds = [r["seconds"] for r in run_ if "seconds" in r] or [float("nan")]
            yield f"{line} {statistics.median(seconds):8.1f} {max(seconds):6.1f}"
        yield f"{row.people:6} {row.days:4}  {'bound':33} {'':21}  {statistics.median(row.bounds):12.1f}"
    yield "* the best of the row, of those with the most lawful rosters"
    for engine in engines:
        now = Task(engine, 0, 0, 0, 0.0).key()["code"]
        every = [r for row in table for r in row.results.get(engine.key, []) if r is not None]
        if older := sum(result["code"] != now for result in every):
            yield f"{engine.title}: {older} of {len(every)} results are of former code or another version"
    yield ""
    yield from _duels(table, engines)


def _unlawful(run_: Sequence[dict[str, Any]]) -> str:
    judged = [r for r in run_ if "broken" in r]
    if not judged:
        return str(run_[0].get("note", ""))[:33]
    broken = statistics.median(r["broken"] for r in judged)
    return (
        f"{broken:.0f} broken, {statistics.median(r['parts']['shortfall'] for r in judged):.0f} places empty"
    )


def _duels(table: Sequence[Row], engines: Sequence[Engine]) -> Iterator[str]:
    """Yield on how many seeds giliran, by either policy, is at least as good as each peer: in the sum, and part by part."""
    for mine in (engine for engine in engines if engine.key in ("giliran", "giliran_sum")):
        yield f"{mine.title} at least as good as …"
        yield f"{'':47}in the weighted sum   part by part, in CONTRACT's order   (seeds of seeds)"
        for row in table:
            for engine in (engine for engine in engines if engine is not mine):
                pairs = [
                    (ours, theirs)
                    for ours, theirs in zip(
                        row.results.get(mine.key, []), row.results.get(engine.key, []), strict=False
                    )
                    if ours is not None and theirs is not None
                ]
                if not pairs:
                    continue
                by_sum = sum(_is_as_good(a, b, lambda r: [round(r["cost"], 6)]) for a, b in pairs)
                in_order = sum(
                    _is_as_good(a, b, lambda r: [r["parts"][name] for name in WEIGHTS]) for a, b in pairs
                )
                yield (
                    f"{row.people:6} × {row.days:<4}{engine.title:33} {by_sum:4}/{len(pairs):<20} {in_order:4}/{len(pairs)}"
                )
        yield ""


def _is_as_good(ours: dict[str, Any], theirs: dict[str, Any], measure: Any) -> bool:
    if not is_lawful(theirs):
        return is_lawful(ours) or not is_lawful(theirs)
    return is_lawful(ours) and measure(ours) <= measure(theirs)


def plot(table: Sequence[Row], engines: Sequence[Engine], path: Path) -> None:
    """Draw the median gap and the median time by size, one line an engine, for each length."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot
    from matplotlib.ticker import PercentFormatter

    lengths, sizes = sorted({row.days for row in table}), sorted({row.people for row in table})
    figure, axes = pyplot.subplots(2, len(lengths), figsize=(6 * len(lengths), 9), squeeze=False)
    for above, below, days in zip(axes[0], axes[1], lengths, strict=True):
        for number, engine in enumerate(engines):
            here = [row for row in table if row.days == days and any(row.results.get(engine.key, []))]
            style = {
                "marker": "o",
                "label": engine.title,
                "color": f"C{number}",
                "linewidth": 3 - 2 * bool(number),
            }
            found = [(row.people, gaps(row, engine.key)) for row in here]
            # A gap of nothing has no place on a logarithmic axis: it is drawn at 0.001 %.
            shown = [(people, max(1e-5, statistics.median(gap))) for people, gap in found if gap]
            above.plot([people for people, _ in shown], [gap for _, gap in shown], **style)
            timed = [
                (row.people, [r["seconds"] for r in row.results[engine.key] if r and "seconds" in r])
                for row in here
            ]
            times = [(people, statistics.median(t)) for people, t in timed if t and engine.key != "hand"]
            below.plot([people for people, _ in times], [seconds for _, seconds in times], **style)
        for axis, title in ((above, "gap to the bound, lawful rosters only"), (below, "seconds of search")):
            axis.set(
                xscale="log", yscale="log", xlabel="people", title=f"{title}: median, {days} working days"
            )
            axis.grid(visible=True, which="major", alpha=0.3)
            axis.set_xticks(sizes, [str(size) for size in sizes])
            axis.minorticks_off()
        above.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes[0][0].legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path, dpi=90, metadata={"Software": "benchmarks/compare.py"})


def header(arguments: Sequence[str], loads: Sequence[float]) -> str:
    """Return the command, date and versions."""
    names = ("ortools", "highspy", "timefold", "numpy")
    return (
        f"command: python -m benchmarks.compare {' '.join(arguments)}\n"
        f"{time.strftime('%Y-%m-%d %H:%M')} · Python {platform.python_version()} · "
        + " · ".join(f"{name} {version_of(name)}" for name in names)
        + f" · {os.cpu_count()} cores · load while running: median {statistics.median(loads):.1f}, most {max(loads):.1f}\n"
    )


def main() -> None:
    """Run what is not kept yet, then print and keep the table and draw the plots."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", help="people, with commas (20,60,150,500,2000)")
    parser.add_argument("--days", default="22", help="working days, with commas")
    parser.add_argument("--seeds", type=int, help="instances of each size (10)")
    parser.add_argument("--limit", type=float, help="seconds for each engine (30)")
    parser.add_argument("--engines", default=",".join(engine.key for engine in ENGINES))
    parser.add_argument("--quick", action="store_true", help="20 and 60 people, 3 seeds, 10 seconds")
    parser.add_argument("--report", action="store_true", help="run nothing")
    parser.add_argument("--most-load", type=float, help="run anew what was measured at a higher load average")
    parser.add_argument("--name", help="of the files in results/ (compare, or compare_quick)")
    asked = parser.parse_args()
    sizes = asked.sizes or ("20,60" if asked.quick else "20,60,150,500,2000")
    seeds = asked.seeds or (3 if asked.quick else 10)
    limit = asked.limit or (10.0 if asked.quick else 30.0)
    engines = [engine for engine in ENGINES if engine.key in asked.engines.split(",")]
    for engine in [engine for engine in engines if engine.missing()]:
        print(f"{engine.title} is left out: {engine.missing()}", file=sys.stderr)
        engines.remove(engine)
    tasks = [
        Task(engine, people, days, seed, limit)
        for seed in range(1, seeds + 1)
        for days in (int(part) for part in asked.days.split(","))
        for people in (int(part) for part in sizes.split(","))
        for engine in engines
    ]
    name = asked.name or ("compare_quick" if asked.quick else "compare")
    kept = Kept(RESULTS / f"{name}.jsonl")
    for number, task in enumerate(tasks):
        before = kept.get(task)
        is_busy = (
            before is not None and asked.most_load is not None and (before["load"] or 0) > asked.most_load
        )
        if asked.report or (before is not None and not is_busy):
            continue
        found = run(task)
        kept.add(found)
        print(
            f"{number + 1}/{len(tasks)} {task.engine.key} {task.people}×{task.days} #{task.seed}:"
            f" {found.get('cost', found.get('note'))} {found.get('seconds', 0):.1f} s",
            file=sys.stderr,
            flush=True,
        )
    loads = [
        result["load"] for task in tasks if (result := kept.latest(task)) and result["load"] is not None
    ] or [0.0]
    table = rows(kept, tasks)
    text = header(sys.argv[1:], loads) + "\n".join(report(table, engines)) + "\n"
    print(text)
    (RESULTS / f"{name}.txt").write_text(text, encoding="utf-8")
    plot(table, engines, RESULTS / f"{name}.png")


if __name__ == "__main__":
    main()
