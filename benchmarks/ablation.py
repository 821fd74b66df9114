"""Each piece of the engine switched off, one at a time, in the smallest case where it should tell: what is lost without it.

    python -m benchmarks.ablation                             # about 20 minutes, or what is left of them; 3 to 6 seeds a case
    python -m benchmarks.ablation --seeds 10 --minutes 10     # goes on for ten minutes, with more seeds
    python -m benchmarks.ablation --pieces "mending,smoothed duals"   # these alone
    python -m benchmarks.ablation --minutes 0                 # only prints what is kept

Every run is kept in results/ablation.jsonl by a hash of the engine's code, so that what is interrupted goes on and nothing is
run twice; all cases are run with one seed before the next. The table, in results/ablation.txt, has for each piece and case:
units proven in every objective, runs without a roster ("none"), with a rule broken, and stopped; the processor seconds of
the whole search; how far the weighted sum of what was found is from the engine's own bounds, and how much higher it is than
with all pieces on, seed by seed. "Loss" says what of this is worse without the piece; a piece without a loss in any case is
named at the end. "Near" is how many are within 0.5 %. Limits of time are in processor seconds of the run as well, so that a
busy machine shows the same table.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.compare import RESULTS, code_hash
from benchmarks.machine import about
from benchmarks.pieces import ALL, PIECES, Case, switches_of, without

SOURCES = ("scheduler/solve", "scheduler/constraints", "scheduler/rounds.py", "benchmarks/instances.py")
STOPPED = 75
"""What a run that used up its processor seconds ends with."""

SLOWER, WORSE = 1.15, 0.0005
"""How many times the processor seconds, and how much more of the gap or sum, count as a loss: means of all seeds, for some
pieces are there for the few units that take long."""

BARELY = 0.05
"""Seconds a run that tell nothing."""

NEAR = 0.005
"""How far from its bounds a sum may be over a long period: what issue and README promise."""

NEVER = 1e6
"""Seconds."""

Found = dict[str, Any]


# One run, in a process of its own --------------------------------------------------------------------------------


def one(piece: str, case: Case, seed: int, effort: float) -> Found:
    """Return what the engine does without a piece: processor seconds, what is proven and lawful, the weighted sum."""
    from ortools.linear_solver import pywraplp  # noqa: F401 - loaded before the clock starts
    from ortools.sat.python import cp_model  # noqa: F401

    how = {"unit": _unit, "office": _unit, "city": _city, "replan": _replan}[case.kind]
    with processor_time():
        return how(piece, case, seed, effort)


@contextmanager
def processor_time() -> Iterator[None]:
    """Tell whoever asks for the time the processor's seconds: then other processes do not take from a limit.

    CP-SAT, whose own limit is by the wall's clock, is stopped from outside.
    """
    from scheduler.solve import search

    solve = search._solve

    def by_processor(solver: Any, model: Any, effort: Any) -> Any:
        ended = threading.Event()

        def watch() -> None:
            while not ended.wait(0.02):
                if time.process_time() >= effort.deadline:
                    solver.stop_search()

        if effort.deadline is not None:
            solver.parameters.max_time_in_seconds = NEVER
            threading.Thread(target=watch, daemon=True).start()
        try:
            return solve(solver, model, effort)
        finally:
            ended.set()

    with patch.object(search, "_solve", by_processor), patch.object(time, "monotonic", time.process_time):
        yield


def _unit(piece: str, case: Case, seed: int, effort: float) -> Found:
    from benchmarks.instances import make_unit
    from scheduler.errors import NoRosterFoundError
    from scheduler.solve.search import Effort
    from scheduler.solve.unit import solve_unit
    from scheduler.verify import audit

    if case.kind == "unit":
        unit = make_unit(case.people, case.days, seed)
    else:
        (unit,) = _problem(case, seed).units
    used = time.monotonic()
    deadline = used + case.limit if case.limit else None
    try:
        with without(piece):
            solution = solve_unit(unit, Effort(limit=effort, deadline=deadline))
    except NoRosterFoundError:
        return {"cpu": time.monotonic() - used}
    return {
        "cpu": time.monotonic() - used,
        "broken": bool(audit(unit, solution.roster).broken),
        **_worth(solution.objectives),
    }


def _replan(piece: str, case: Case, seed: int, effort: float) -> Found:
    from benchmarks.instances import make_unit
    from benchmarks.replanning import new_absences
    from scheduler.roster import Replaced
    from scheduler.solve.model import UnitModel
    from scheduler.solve.passes import Passes
    from scheduler.solve.search import Effort
    from scheduler.solve.unit import solve_unit

    unit = make_unit(case.people, case.days, seed)
    before = solve_unit(unit, Effort()).roster
    changed = replace(unit, absences=new_absences(unit, 12, seed))
    used = time.monotonic()
    with without(piece):
        model = UnitModel(changed, replaced=Replaced(roster=before, before=unit.horizon.first))
        found = Passes(model, Effort(limit=effort)).fewest_changes()
    return {
        "cpu": time.monotonic() - used,
        "broken": False,
        **_worth(found),
    }


def _city(piece: str, case: Case, seed: int, effort: float) -> Found:
    """Solve offices one after another under one limit; a unit's roster is not there before it is told of."""
    from scheduler.pipeline import Order
    from scheduler.solving import solve_units

    problem = _problem(case, seed)
    used = time.monotonic()
    order = Order(
        scenario=Path(), effort=effort, workers=1, time_limit=case.limit, started=used, executor="here"
    )
    told: dict[str, float] = {}

    def tell(name: str) -> None:
        told.setdefault(name, time.monotonic() - used)

    with without(piece):
        solved = solve_units(problem, order, report=tell)
    if solved.unfinished:
        return {"cpu": time.monotonic() - used}
    return {
        "cpu": time.monotonic() - used,
        "first": max(told.values()),
        "broken": False,  # verified, or refused
        **_worth([objective for result in solved.results for objective in result.objectives]),
    }


def _problem(case: Case, seed: int) -> Any:
    """Return the problem of invented offices."""
    from datetime import timedelta

    from scheduler.pipeline import Order, read_problem
    from scheduler.synth.city import FIRST, make_city
    from scheduler.synth.folder import write_city

    weeks, rest = divmod(case.days, 5)
    last = FIRST + timedelta(days=7 * weeks + (rest - 1 if rest else -3))
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "offices"
        write_city(make_city(case.people, case.units, seed, first=FIRST, last=last), folder, seed)
        return read_problem(Order(scenario=folder)).problem


def _worth(objectives: Sequence[Any]) -> Found:
    """Return the weighted sum, the same of the bounds, and whether they are the same in every objective."""
    from benchmarks.scorer import WEIGHTS

    weights = {**{name: float(weight) for name, weight in WEIGHTS.items()}, "changes": 1.0}
    cost, bound = (
        sum(weights[o.name] * value for o, value in zip(objectives, values, strict=True))
        for values in ([o.value for o in objectives], [o.bound for o in objectives])
    )
    return {"proven": all(o.is_optimal for o in objectives), "cost": cost, "bound": bound}


def _stop_after(seconds: float) -> None:
    """End this process once it has used so many processor seconds: at any load the same."""

    def watch() -> None:
        while time.process_time() < seconds:
            time.sleep(0.05)
        os._exit(STOPPED)

    threading.Thread(target=watch, daemon=True).start()


def run(piece: str, case: Case, seed: int, effort: float) -> Found:
    """Run one in a process of its own; what is found is {"stopped": True} or {"died": …} where it did not end."""
    given = json.dumps([piece, asdict(case), seed, effort])
    command = [sys.executable, "-m", "benchmarks.ablation", "--one", given]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=60 + 60 * case.stop, check=False
        )
    except subprocess.TimeoutExpired:
        return {"stopped": True}
    if done.returncode == STOPPED:
        return {"stopped": True}
    if done.returncode != 0 or not done.stdout.strip():
        return {"died": (done.stderr.strip().splitlines() or [str(done.returncode)])[-1][-200:]}
    found: Found = json.loads(done.stdout.splitlines()[-1])
    return found


# What is kept ----------------------------------------------------------------------------------------------------


class Kept:
    """Runs kept as JSON lines; those of other code are forgotten with the first new one."""

    def __init__(self, path: Path, effort: float) -> None:
        self.path = path
        self.common = {"code": code_hash(SOURCES, "ortools"), "effort": effort}
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        known = [json.loads(line) for line in lines]
        self.found: dict[str, Found] = {line["key"]: line for line in known if self._is_ours(line)}

    def _is_ours(self, line: Found) -> bool:
        return all(line[name] == value for name, value in self.common.items())

    @staticmethod
    def _key(piece: str, case: Case, seed: int) -> str:
        drawn = replace(case, seeds=1)  # how many there are of it changes nothing
        return json.dumps([piece, [switch.key for switch in switches_of(piece)], asdict(drawn), seed])

    def get(self, piece: str, case: Case, seed: int) -> Found | None:
        """Return what a run found."""
        line = self.found.get(self._key(piece, case, seed))
        return None if line is None else line["found"]

    def add(self, piece: str, case: Case, seed: int, found: Found) -> None:
        """Keep what a run found, with the machine's load."""
        load = round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None
        key = self._key(piece, case, seed)
        self.found[key] = {**self.common, "load": load, "key": key, "found": found}
        lines = [json.dumps(line) for line in self.found.values()]
        self.path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    @property
    def loads(self) -> list[float]:
        """How busy the machine was, run by run."""
        return [line["load"] for line in self.found.values() if line["load"] is not None]


# The table -------------------------------------------------------------------------------------------------------

HEAD = (
    "without                              case                      limit  proven none broken stopped  CPU s: median  worst"
    "   gap: median   worst  near  sum higher: median   worst   loss"
)


def line(piece: str, case: Case, pairs: Sequence[tuple[Found, Found]]) -> tuple[str, str]:
    """Return a line of the table, and the loss; `pairs` have a run without the piece and one with all on, by seed."""
    found = [one for one, _ in pairs]
    ended = [f for f in found if "cpu" in f]
    rosters = [f for f in found if "cost" in f]
    gaps = [_gap(f) for f in rosters]
    higher = [_higher(f, best) for f, best in pairs if "cost" in f and "cost" in best]
    loss = "" if piece == ALL else losses(case, pairs)
    counts = (
        f"{sum(f['proven'] for f in rosters):3}/{len(found):<3} {len(ended) - len(rosters):4}"
        f" {sum(f['broken'] for f in rosters):6} {len(found) - len(ended):7}"
    )
    limit = f"{case.limit:g} s" if case.limit else ""
    near = f"{sum(gap <= NEAR for gap in gaps):3}/{len(found):<2}" if case.limit else " " * 6
    return (
        f"{piece:36} {case.title:18} {limit:>12}  {counts}  {_pair([f['cpu'] for f in ended], '13.2f', '6.2f')}"
        f"   {_pair(gaps, '11.2%', '7.2%')} {near} {_pair(higher, '18.2%', '7.2%')}   {loss}"
    ).rstrip(), loss


def _pair(values: Sequence[float], median: str, worst: str) -> str:
    if not values:
        return " " * (len(f"{0:{median}}") + 1 + len(f"{0:{worst}}"))
    return f"{statistics.median(values):{median}} {max(values):{worst}}"


def _gap(found: Found) -> float:
    gap: float = (found["cost"] - found["bound"]) / max(1.0, abs(found["bound"]))
    return gap


def _higher(found: Found, best: Found) -> float:
    higher: float = (found["cost"] - best["cost"]) / max(1.0, abs(best["cost"]))
    return higher


def _near(found: Sequence[Found]) -> int:
    return sum("cost" in f and _gap(f) <= NEAR for f in found)


def losses(case: Case, pairs: Sequence[tuple[Found, Found]]) -> str:
    """Return in words what is worse without a piece, over all seeds; "" where nothing is."""
    off, on = [one for one, _ in pairs], [best for _, best in pairs]
    said = []
    for name, text in (("stopped", "stopped"), ("died", "died"), ("broken", "broken")):
        if (more := sum(bool(f.get(name)) for f in off) - sum(bool(f.get(name)) for f in on)) > 0:
            said.append(f"{more} {text}")
    both = [(f, best) for f, best in pairs if "cost" in f and "cost" in best]
    if (
        fewer := sum("cost" in best for best in on if "cpu" in best) - sum("cost" in f for f in off)
    ) > 0 and (none := sum("cpu" in f and "cost" not in f for f in off)):
        said.append(f"{min(fewer, none)} without a roster")
    if (fewer := sum(best["proven"] for _, best in both) - sum(f["proven"] for f, _ in both)) > 0:
        said.append(f"{fewer} not proven")
    if case.limit and (fewer := _near(on) - _near(off)) > 0:
        said.append(f"{fewer} fewer within {NEAR:.1%}")
    if both:
        if (wider := statistics.fmean(_gap(f) - _gap(best) for f, best in both)) > WORSE:
            said.append(f"gap {wider:.2%} wider")
        if (higher := statistics.fmean(_higher(f, best) for f, best in both)) > WORSE:
            said.append(f"sum {higher:.2%} higher")
        if "first" in both[0][0] and (
            (later := statistics.median(f["first"] / best["first"] for f, best in both)) > SLOWER
        ):
            said.append(f"first rosters after {later:.1f} times as long")
    # What was stopped took at least so long.
    used, usual = (sum(f.get("cpu", case.stop) for f in found) for found in (off, on))
    if used > SLOWER * usual + BARELY * len(on) and not case.limit:
        said.append(
            f"{used / usual:.1f} times the CPU" + (" at least" if any("cpu" not in f for f in off) else "")
        )
    return ", ".join(said)


def report(kept: Kept, chosen: Sequence[str], seeds: int) -> Iterator[str]:
    """Yield the lines of the table as far as runs are kept, and which pieces lose nothing anywhere."""
    yield HEAD
    idle, missing = [], 0
    shown: set[Case] = set()
    for piece in (piece for piece in PIECES if piece.name in chosen):
        lost = []
        for case in piece.cases:
            drawn = range(case.first, case.first + max(seeds, case.seeds))
            runs = [(kept.get(piece.name, case, seed), kept.get(ALL, case, seed)) for seed in drawn]
            pairs = [(off, on) for off, on in runs if off is not None and on is not None]
            missing += len(runs) - len(pairs)
            if not pairs:
                continue
            if case not in shown:
                shown.add(case)
                yield line(ALL, case, [(on, on) for _, on in pairs])[0]
            text, loss = line(piece.name, case, pairs)
            yield text
            lost.append(loss)
        if lost and not any(lost):
            idle.append(piece.name)
    yield ""
    yield "lose nothing anywhere: " + (", ".join(idle) or "none")
    if missing:
        yield f"{missing} runs are still missing; the same command goes on with them"
    if loads := kept.loads:
        yield f"load while it ran: median {statistics.median(loads):.1f}, highest {max(loads):.1f}"


def _runs(names: Sequence[str], seeds: int) -> Iterator[tuple[str, Case, int]]:
    """Yield what is to be run: all cases with one seed before the next, and what is compared one soon after the other.

    The machine's own speed changes from minute to minute.
    """
    pieces = [piece for piece in PIECES if piece.name in names]
    cases = list(dict.fromkeys(case for piece in pieces for case in piece.cases))
    for number in range(max(seeds, *(case.seeds for case in cases))):
        for case in (case for case in cases if number < max(seeds, case.seeds)):
            for name in (ALL, *(piece.name for piece in pieces if case in piece.cases)):
                yield name, case, case.first + number


def main() -> None:
    """Run what is missing, print the table, and keep it in results/ablation.txt."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pieces", default="", help="with commas; all of them where none is named")
    parser.add_argument("--seeds", type=int, default=0, help="at least so many a case")
    parser.add_argument("--minutes", type=float, help="begin no run after so many")
    parser.add_argument("--effort", type=float, default=20.0, help="deterministic seconds a pass")
    parser.add_argument("--out", default="ablation", help="name of the files in results/")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        piece, case, seed, effort = json.loads(asked.one)
        _stop_after(case["stop"])
        print(json.dumps(one(piece, Case(**case), seed, effort)))
        return
    names = asked.pieces.split(",") if asked.pieces else [piece.name for piece in PIECES]
    for name in names:
        switches_of(name)
    head = about(f"python -m benchmarks.ablation {' '.join(sys.argv[1:])}".rstrip())
    kept = Kept(RESULTS / f"{asked.out}.jsonl", asked.effort)
    ends = time.monotonic() + 60 * asked.minutes if asked.minutes is not None else float("inf")
    for piece, case, seed in _runs(names, asked.seeds):
        if time.monotonic() < ends and kept.get(piece, case, seed) is None:
            found = run(piece, case, seed, asked.effort)
            kept.add(piece, case, seed, found)
            print(f"#{seed} {case.title}, {piece}: {json.dumps(found)}", file=sys.stderr, flush=True)
    text = "\n".join([head, *report(kept, names, asked.seeds)]) + "\n"
    print(text, end="")
    if kept.found:
        (RESULTS / f"{asked.out}.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
