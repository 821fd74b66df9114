"""Each piece of the engine switched off, one at a time: what is still proven, and at what cost.

    python -m benchmarks.ablation --sizes 20,60,150 --days 22 --seeds 5      # about 15 minutes

Only whole rows are run (`find_ideal`), not the passes behind them: "proven" means that a roster met every bound. CPU seconds
are of the search alone. A piece that changes neither column need not be there.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch


@contextmanager
def without(piece: str) -> Iterator[None]:
    """Switch a piece off."""
    from scheduler.solve.rows import columns, picking, relaxation, roles, rounding, tree

    nothing: Callable[..., Any] = lambda *_, **__: None  # noqa: E731 - a stand-in
    switches = {
        "all on": None,
        "smoothed duals": patch.object(columns, "SMOOTHING", 0.0),
        "stints priced in rows": patch.object(tree.Tree, "_price_stints", _stints_by_constant),
        "next best windows": patch.object(tree, "MOST_STEPS", 3),
        "demands of posts added up": patch.object(relaxation, "MOST_TOGETHER", 1),
        "posts counted together": patch.object(roles, "MOST_OFFICERS", -1),
        "people with whole rows set free": patch.object(rounding, "FREE_PARTS", (0.0,)),
        "picking of whole rows": patch.object(picking, "MOST_ROWS", -1),
        "bounds raised by picking": patch.object(rounding, "MOST_RAISED", 1),
        "diving and repair": patch.object(rounding, "dive", nothing),
    }
    switch = switches[piece]
    if switch is None:
        yield
    else:
        with switch:
            yield


PIECES = ("all on", "smoothed duals", "stints priced in rows", "next best windows", "demands of posts added up",
          "posts counted together", "people with whole rows set free", "picking of whole rows",
          "bounds raised by picking", "diving and repair")  # fmt: skip


def _stints_by_constant(self: Any, node: Any) -> list[Any]:
    from scheduler.solve.rows.tree import STINTS, Node

    least = node.programme.prices[STINTS].constant
    return [Node((*node.key, least), node.plan, node.levels, node.windows, node.programme, node.following)]


def one(people: int, days: int, seed: int, effort: float) -> tuple[bool, bool, float]:
    """Return whether a roster was found, whether it is proven, and the CPU seconds."""
    from benchmarks.instances import make_unit
    from scheduler.solve.apart import find_ideal
    from scheduler.solve.model import UnitModel
    from scheduler.solve.passes import Passes
    from scheduler.solve.search import Effort

    unit = make_unit(people, days, seed)
    started = time.process_time()
    model = UnitModel(unit)
    found = find_ideal(model, Effort(limit=effort))
    seconds = time.process_time() - started
    reader = Passes(model, Effort(limit=effort))
    if found.values is not None:
        reader.take(found.values)
    measured = found.measure(model, reader.value_of) if found.values is not None else None
    proven = measured is not None and all(
        found.bounds.get(name, 0) == value for name, value in measured.items()
    )
    return found.values is not None, proven, seconds


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="20,60,150")
    parser.add_argument("--days", type=int, default=22)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--effort", type=float, default=20.0)
    asked = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f}")
    print("people days   found  proven   cpu s (median, worst)   without")
    for people in (int(size) for size in asked.sizes.split(",")):
        for piece in PIECES:
            with without(piece):
                results = [one(people, asked.days, seed, asked.effort) for seed in range(1, asked.seeds + 1)]
            seconds = [result[2] for result in results]
            print(f"{people:6} {asked.days:4} {sum(r[0] for r in results):7} {sum(r[1] for r in results):7}"
                  f" {statistics.median(seconds):10.2f} {max(seconds):8.2f}       {piece}", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
