"""Random units solved again elsewhere: the same roster wherever it is made, and none worse for more effort.

`python -m tests.fuzz.repeats FIRST LAST [PEOPLE DAYS]` searches those seeds, ten to a batch, and prints what differs.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from scheduler.problem import Unit
from scheduler.solve.effort import Effort
from scheduler.solve.executors import Task, open_executor
from scheduler.weighing import objectives_of
from tests.fuzz.searching import numbers, search
from tests.fuzz.units import odd_unit, random_unit

WEIGHTS = {"fairness_spread": 1000, "fairness_total": 50, "monday_friday": 200, "preferences": 1, "stints": 1}
WAYS = (("here", 2), ("local", 1), ("local", 2))


def answers(units: list[Unit], way: tuple[str, int], effort: float) -> dict[int, object]:
    """Return what came of each unit: its roster and claims, or the kind of error and its words."""
    tasks = [Task(number=n, unit=unit) for n, unit in enumerate(units)]
    with open_executor(*way) as executor:
        return {
            a.number: (a.solution.roster, a.solution.objectives)
            if a.solution
            else f"{type(a.error).__name__}: {a.error} {a.failure}"
            for a in executor.solve(tasks, Effort(limit=effort))
        }


def faults_of(units: list[Unit], seeds: list[int], count: Counter[str]) -> Iterator[str]:
    """Yield where the same units come out otherwise, or worse."""
    plain = answers(units, ("here", 1), 2.0)
    for way in WAYS:
        for number, answer in answers(units, way, 2.0).items():
            count[" ".join(map(str, way))] += 1
            if answer != plain[number]:
                yield f"seed {seeds[number]}, {way}: other than here"
    less = answers(units, ("here", 1), 1.0)
    tiny = answers(units, ("here", 1), 0.02)
    for number, more in plain.items():
        for name, fewer in (("effort 1", less[number]), ("effort 0.02", tiny[number])):
            if not isinstance(more, tuple):
                if isinstance(fewer, tuple):
                    yield f"seed {seeds[number]}: a roster with {name}, none with 2: {more}"
                continue
            if not isinstance(fewer, tuple):
                count[f"none with {name}"] += 1
                continue
            order = objectives_of(units[number].weights, with_changes=False)
            worth = [{o.name: o.value for o in a[1]} for a in (fewer, more)]
            a, b = ([w[n] for n in order if n in w] for w in worth)
            count[f"{name} {'better' if a < b else 'same' if a == b else 'worse'}"] += 1
            if a < b and all(o.is_optimal for o in more[1]):
                yield f"seed {seeds[number]}: {a} with {name}, and {b} claimed to be best"
            elif a < b and name == "effort 1":
                yield f"seed {seeds[number]}: {a} with {name}, {b} with twice that"


def main(words: list[str]) -> int:
    """Search the seeds of a range, ten at a time; return 1 where something differs."""
    first, last, people, days = numbers(words, 8, 10)
    count: Counter[str] = Counter()

    def faults_from(start: int) -> Iterator[str]:
        seeds = list(range(start, min(last, start + 10)))
        units = [(odd_unit if s % 2 else random_unit)(s, (3, people), days) for s in seeds]
        units = [replace(u, weights=WEIGHTS) if s % 5 == 0 else u for s, u in zip(seeds, units, strict=True)]
        return faults_of(units, seeds, count)

    return search(range(first, last, 10), faults_from, count)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
