"""How long explanations take at 500 people: `python benchmarks/explain.py [people]`."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

from scheduler.problem import Unit
from scheduler.solve.conflicts.conflict import find_conflicts
from scheduler.solve.conflicts.counting import find_flow_conflict, find_short, grid_of, is_dealt
from scheduler.solve.conflicts.demands import Demands
from scheduler.solve.conflicts.ways_out import find_ways_out
from scheduler.solve.search import Effort
from tests.constraints.problems import make_rule, make_unit

LOKET = {"service_posts": ("Loket",)}


def counter(people: int) -> Unit:
    """A counter of 12 that leave and pins leave too few for on one day, in a unit of so many."""
    rules = [
        make_rule("home_quota", share="50%"),
        make_rule("stint", home=[1, 2]),
        make_rule("it_capable"),
        make_rule("service_post", name="Loket", at_least=4),
    ]
    staff: list[dict[str, Any]] = [
        {"it_capable": i % 9 != 0, **(LOKET if i < 6 else {})} for i in range(people)
    ]
    return make_unit(rules, staff, 10, pins={(1, 3): "home"}, absences={(2, 3): "leave", (4, 3): "leave"})


def cap(people: int) -> Unit:
    """At most 9 days each against half of everybody on 20 days."""
    rules = [
        make_rule("home_quota", share="50%", mode="exact", rounding="nearest"),
        make_rule("home_count", per="horizon", at_most=9),
    ]
    return make_unit(rules, [{}] * people, 20)


def turns(people: int) -> Unit:
    """60 % on every day with single days at home."""
    rules = [
        make_rule("home_quota", share="60%", mode="at_least", rounding="nearest"),
        make_rule("stint", home=1, office="any"),
        make_rule("it_capable"),
    ]
    return make_unit(rules, [{"it_capable": i % 9 != 0} for i in range(people)], 10)


def main(people: int) -> None:
    for make in (counter, cap, turns):
        measure(make, people)


def measure(make: Callable[[int], Unit], people: int) -> None:
    unit = make(people)
    start = time.perf_counter()
    demands = Demands(unit)
    built = time.perf_counter()
    pool = range(len(demands.instances))
    short = find_short(demands, pool)
    counted = time.perf_counter()
    decided = not is_dealt(grid_of(demands, pool)) if short is None else True
    decided_at = time.perf_counter()
    flow = find_flow_conflict(demands, pool) if short is None else None
    thinned = time.perf_counter()
    conflicts = find_conflicts(unit, Effort())
    explained = time.perf_counter()
    ways = find_ways_out([unit], conflicts, Effort())
    done = time.perf_counter()
    print(f"{make.__name__}: {people} people, {len(demands.instances)} instances")
    print(
        f"  model {built - start:.3f} s, counting {counted - built:.3f} s, flow decides {decided_at - counted:.3f} s",
        end="",
    )
    print(
        f" ({decided}), smallest by counting {thinned - decided_at:.3f} s ({len(short or flow or ())} instances)"
    )
    print(
        f"  all conflicts {explained - thinned:.2f} s ({len(conflicts)}), ways out {done - explained:.2f} s ({len(ways)})"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
