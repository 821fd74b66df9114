"""Each piece of the engine switched off, one at a time, where it should earn its place: what is lost without it.

    python -m benchmarks.ablation                        # about 25 minutes; seeds 1 to 5
    python -m benchmarks.ablation --pieces "diving,mending" --seeds 3

A line is one piece on one size: how many units are proven in every objective, how many have no roster or a broken one, the
CPU seconds of the whole search (`solve_unit`, passes included), and by how much the weighted sum of what was found is worse
than with all pieces on, over the seeds. Each run is a process of its own and ends after `--limit` seconds, which counts as
"stopped". Long periods have a `--time-limit` of 10 s, as users would give; replanning is timed until the fewest changes.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.machine import about

RESULTS = Path(__file__).parent / "results" / "ablation.txt"
ALL = "all on"

FEW, SOME, MANY, LONG = (16, 22, 0.0), (20, 22, 0.0), (60, 22, 0.0), (60, 44, 10.0)
LARGE, LONGER, HURRIED = (150, 22, 0.0), (60, 66, 10.0), (500, 22, 1.5)
REPLANNED = (500, 22, -1.0)
"""(people, working days, limit of time in seconds; 0 for none, -1 to replan for absences)."""

Case = tuple[int, int, float]

PIECES: dict[str, tuple[Case, ...]] = {
    "first roster": (HURRIED,),
    "counted bounds": (SOME, MANY),
    "whole rows": (SOME, MANY, LARGE),
    "units taken apart": (FEW, SOME),
    "numbers of few people": (FEW,),
    "plain search in small parts": (FEW,),
    "smoothed duals": (MANY, LARGE),
    "stints priced in rows": (SOME, MANY),
    "next best windows": (SOME, MANY, LARGE),
    "demands of posts added up": (SOME, MANY),
    "posts counted together": (SOME, MANY, LARGE),
    "people with whole rows set free": (MANY, LARGE),
    "picking of whole rows": (SOME, MANY, LARGE),
    "bounds raised by picking": (SOME, MANY),
    "diving": (MANY, LARGE, LONG),
    "mending": (LONG, LONGER),
    "places left empty at last": (LONGER,),
    "repair day by day": (REPLANNED,),
}
"""Each piece, and the sizes where it should tell."""


@contextmanager
def without(piece: str) -> Iterator[None]:
    """Switch a piece off.

    Raises
    ------
    AttributeError
        Where the engine has no such piece any more.
    """
    from scheduler.solve import apart, fairness, passes, unit
    from scheduler.solve.rows import columns, ideal, numbers, picking, relaxation, roles, rounding, tree
    from scheduler.solve.search import Found

    switches: dict[str, tuple[Any, ...]] = {
        ALL: (),
        "first roster": (patch.object(passes, "first_roster", _gives(Found(None, 0))),),
        "counted bounds": (
            patch.object(unit, "find_ideal", _gives(ideal.Ideal())),
            patch.object(fairness.Group, "aim", None),
        ),
        "whole rows": (patch.object(unit, "find_ideal", _gives(ideal.Ideal())),),
        "units taken apart": (patch.object(apart, "MOST_IN_PARTS", 0),),
        "numbers of few people": (patch.object(numbers, "FEW_PEOPLE", 0),),
        "plain search in small parts": (patch.object(apart, "FEW_IN_PART", 0),),
        "smoothed duals": (patch.object(columns, "SMOOTHING", 0.0),),
        "stints priced in rows": (patch.object(tree.Tree, "_price_stints", _stints_by_constant),),
        "next best windows": (patch.object(tree, "MOST_STEPS", 3),),
        "demands of posts added up": (patch.object(relaxation, "MOST_TOGETHER", 1),),
        "posts counted together": (patch.object(roles, "MOST_OFFICERS", -1),),
        "people with whole rows set free": (patch.object(rounding, "FREE_PARTS", (0.0,)),),
        "picking of whole rows": (patch.object(picking, "MOST_ROWS", -1),),
        "bounds raised by picking": (patch.object(rounding, "MOST_RAISED", 1),),
        "diving": (patch.object(rounding, "dive", _gives(None)),),
        "mending": (patch.object(rounding.Rounding, "_mend", _gives(None)),),
        "places left empty at last": (
            patch.object(rounding, "leave_empty", _gives((Found(None, 0), False))),
        ),
        "repair day by day": (patch.object(passes, "repaired", _gives(None)),),
    }
    with ExitStack() as off:
        for switch in switches[piece]:
            off.enter_context(switch)
        yield


def _gives(value: Any) -> Callable[..., Any]:
    return lambda *_, **__: value


def _stints_by_constant(self: Any, node: Any) -> list[Any]:
    from scheduler.solve.rows.tree import STINTS, Node

    least = node.programme.prices[STINTS].constant
    return [Node((*node.key, least), node.plan, node.levels, node.windows, node.programme, node.following)]


# One run, in a process of its own --------------------------------------------------------------------------------


def one(piece: str, case: Case, seed: int, effort: float) -> dict[str, Any]:
    """Return what the engine does without a piece: CPU seconds, whether proven, whether lawful, the weighted sum."""
    from ortools.linear_solver import pywraplp  # noqa: F401 - loaded before the clock starts
    from ortools.sat.python import cp_model  # noqa: F401

    from benchmarks.instances import make_unit
    from benchmarks.replanning import new_absences
    from benchmarks.scorer import judge
    from scheduler.errors import NoRosterFoundError
    from scheduler.roster import Replaced
    from scheduler.solve.model import UnitModel
    from scheduler.solve.passes import Passes
    from scheduler.solve.search import Effort
    from scheduler.solve.unit import solve_unit

    people, days, limit = case
    unit = make_unit(people, days, seed)
    if limit < 0:
        before = solve_unit(unit, Effort()).roster
        changed = replace(unit, absences=new_absences(unit, 12, seed))
        replaced = Replaced(roster=before, before=unit.horizon.first)
        started = time.process_time()
        with without(piece):
            found = Passes(UnitModel(changed, replaced=replaced), Effort(limit=effort)).fewest_changes()
        seconds = time.process_time() - started
        return {
            "cpu": seconds,
            "proven": all(objective.is_optimal for objective in found),
            "broken": False,
            "cost": float(sum(objective.value for objective in found)),
        }
    deadline = time.monotonic() + limit if limit else None
    started = time.process_time()
    try:
        with without(piece):
            solution = solve_unit(unit, Effort(limit=effort, deadline=deadline))
    except NoRosterFoundError:
        return {"cpu": time.process_time() - started}
    seconds = time.process_time() - started
    judged = judge(unit, solution.roster)
    return {
        "cpu": seconds,
        "proven": all(objective.is_optimal for objective in solution.objectives),
        "broken": bool(judged.broken),
        "cost": float(judged.cost),
    }


def run(piece: str, case: Case, seed: int, asked: argparse.Namespace) -> dict[str, Any] | None:
    """Run one in a process of its own; None where it died or was stopped."""
    given = json.dumps([piece, case, seed, asked.effort])
    command = [sys.executable, "-m", "benchmarks.ablation", "--one", given]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=asked.limit, check=False)
    except subprocess.TimeoutExpired:
        return None
    if done.returncode != 0 or not done.stdout.strip():
        print(done.stderr.strip()[-300:], file=sys.stderr)
        return None
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


# The table -------------------------------------------------------------------------------------------------------

HEAD = "people days  limit   proven  none  unlawful  stopped  CPU s: median, worst   sum is worse: median, worst   without"


def line(piece: str, case: Case, results: Sequence[dict[str, Any] | None], best: Sequence[Any]) -> str:
    """Return a line of the table; `best` has the results with all pieces on, by seed."""
    people, days, limit = case
    done = [result for result in results if result is not None]
    rosters = [result for result in done if "cost" in result]
    worse = [
        result["cost"] / other["cost"] - 1 if other["cost"] else result["cost"] - other["cost"]
        for result, other in zip(results, best, strict=True)
        if result is not None and other is not None and "cost" in result and "cost" in other
    ]
    seconds = [result["cpu"] for result in done]
    times = f"{statistics.median(seconds):9.2f} {max(seconds):8.2f}" if seconds else f"{'':18}"
    sums = f"{statistics.median(worse):12.2%} {max(worse):12.2%}" if worse else f"{'':25}"
    name = "replan" if limit < 0 else f"{limit:g} s" if limit else "none"
    return (
        f"{people:6} {days:4} {name:>6} {sum(r['proven'] for r in rosters):5}/{len(results):<3}"
        f" {len(done) - len(rosters):4} {sum(r['broken'] for r in rosters):9} {len(results) - len(done):8}"
        f"   {times}   {sums}     {piece}"
    )


def main() -> None:
    """Print the table, and keep it in benchmarks/results/ablation.txt."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pieces", default="", help="with commas; all of them where none is named")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--effort", type=float, default=20.0, help="deterministic seconds a pass")
    parser.add_argument("--limit", type=float, default=40.0, help="seconds after which a run is stopped")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        piece, case, seed, effort = json.loads(asked.one)
        print(json.dumps(one(piece, tuple(case), seed, effort)))
        return
    chosen = [name for name in PIECES if not asked.pieces or name in asked.pieces.split(",")]
    lines = [about(f"python -m benchmarks.ablation {' '.join(sys.argv[1:])}".rstrip()), HEAD]
    print(*lines, sep="\n", flush=True)
    for case in sorted({case for piece in chosen for case in PIECES[piece]}):
        best: list[Any] = []
        for piece in [ALL, *(name for name in chosen if case in PIECES[name])]:
            results = [run(piece, case, seed, asked) for seed in range(1, asked.seeds + 1)]
            best = best or results
            lines.append(line(piece, case, results, best))
            print(lines[-1], flush=True)
            RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"load at the end {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
