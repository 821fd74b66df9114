"""How long explanations take at 500 people, conflicts and ways out: `python -m benchmarks.explain [people]`.

Each case runs in a process of its own.
"""

from __future__ import annotations

import multiprocessing
import os
import platform
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from scheduler.explain import explain
from scheduler.problem import Policy, Problem, Unit
from scheduler.solve.conflicts.counting import find_flow_conflict, find_short
from scheduler.solve.conflicts.demands import Demands
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


def desks(people: int) -> Unit:
    """Two cohorts that come in turns, and fewer desks than half of the people."""
    rules = [
        make_rule("cohort", groups=2, every="day"),
        make_rule("capacity", at_most=people // 3),
    ]
    return make_unit(rules, [{}] * people, 10)


def floor(people: int) -> Unit:
    """A strict floor of leaders on a day on which leave leaves too few; a quota with stints beside it."""
    rules = [
        make_rule("home_quota", share="50%"),
        make_rule("stint", home=[1, 2]),
        make_rule("min_on_site", at_least=3, strict=True, **{"for": {"rank": "pengawas"}}),
    ]
    staff: list[dict[str, Any]] = [{"rank": "pengawas"} if i < 5 else {} for i in range(people)]
    return make_unit(rules, staff, 20, absences={(i, 7): "leave" for i in range(3)})


CASES = (counter, cap, turns, desks, floor)


def main(people: int) -> None:
    print(f"command: python -m benchmarks.explain {people}")
    print(
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, python {platform.python_version()}, ortools {version('ortools')}, "
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; wall seconds (CPU seconds)"
    )
    sys.stdout.flush()
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        1, context, max_tasks_per_child=1
    ) as pool:  # cold, as whoever asks for one explanation
        found = [pool.submit(measure, make, people).result() for make in CASES]
    counting, whole = [one[0] for one in found], [one[1] for one in found]
    print(
        f"reading demands and counting a conflict at most {max(counting):.3f} s of CPU, target 0.1: {_met(max(counting), 0.1)}"
    )
    wall, cpu = (max(laps) for laps in zip(*whole, strict=True))
    print(
        f"an explanation at most {wall:.2f} s of wall clock ({cpu:.2f} of CPU), target 5: {_met(wall, 5.0)}"
    )


def _met(value: float, target: float) -> str:
    return "met" if value <= target else "MISSED"


class Clock:
    """Wall clock and CPU since it was last asked."""

    def __init__(self) -> None:
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def lap(self) -> tuple[float, float]:
        wall, cpu = time.perf_counter(), time.process_time()
        found = wall - self.wall, cpu - self.cpu
        self.wall, self.cpu = wall, cpu
        return found


def measure(make: Callable[[int], Unit], people: int) -> tuple[float, tuple[float, float]]:
    """Print the times of one case; return the CPU seconds of counting, and wall and CPU seconds of an explanation.

    Counting begins with the rules: reading what they demand is part of it.
    """
    unit = make(people)
    problem = Problem(
        name="bench",
        policy=Policy(title="", timezone="Asia/Makassar", rules=unit.rules),
        first=unit.horizon.first,
        last=unit.horizon.last,
        units=(unit,),
    )
    clock = Clock()
    demands = Demands(unit)
    built = clock.lap()
    smallest = find_short(demands, demands.without_rows)
    short = clock.lap()
    rows = flows = (0.0, 0.0)
    if smallest is None:
        pool = demands.numbers
        rows = clock.lap()
        smallest = find_short(demands, pool) or find_flow_conflict(demands, pool)
        flows = clock.lap()
    explanation = explain(problem, Effort())
    done = clock.lap()
    sizes = ", ".join(str(len(conflict.instances)) for conflict in explanation.conflicts)
    print(
        f"{make.__name__}: {people} people × {len(unit.horizon.workdays)} days, {len(demands.instances)} instances"
    )
    counted = built[1] + short[1] + rows[1] + flows[1]
    print(
        f"  demands of days {_text(built)}, single demands {_text(short)}, demands of people {_text(rows)}, "
        f"flows {_text(flows)}; together {counted:.3f} of CPU: {len(smallest or ())} instances"
    )
    print(
        f"  whole explanation {_text(done)}: {len(explanation.conflicts)} conflicts of {sizes} instances, "
        f"{len(explanation.ways_out)} ways out"
    )
    for way in explanation.ways_out:
        print(f"    {way.cost:5}  {way.sentence.en}")
    sys.stdout.flush()
    return counted, done


def _text(lap: tuple[float, float]) -> str:
    return f"{lap[0]:.3f} ({lap[1]:.3f})"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
