"""Why units have no roster, against the second reading: conflicts hold nothing to spare, ways out lead to a roster.

`python -m tests.fuzz.conflicts_plain FIRST LAST [PEOPLE DAYS]` searches those seeds and prints what differs, with the seed.
"""

from __future__ import annotations

import itertools
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from scheduler.constraints.base import Instance
from scheduler.errors import InfeasibleError
from scheduler.problem import Unit
from scheduler.solve.conflicts.change import applied
from scheduler.solve.conflicts.conflict import Conflict
from scheduler.solve.conflicts.ways_out import find_ways_out
from scheduler.solve.effort import Effort
from scheduler.solve.model import UnitModel
from scheduler.solve.unit import UNBOUNDED, solve_unit
from tests.fuzz.plain import Grid, Plain
from tests.fuzz.searching import numbers, search
from tests.fuzz.units import drawn

MOST = 60_000
LOOSE = ("stint", "monitor", "start_slot", "weekends")
"""What these break is not told apart by day and people in the second reading: conflicts with them are passed over."""


def can_hold(unit: Unit, instances: Sequence[Instance], days: Sequence[date]) -> bool | None:
    """Whether some way to spend these days keeps all instances; None where there are too many ways to look at."""
    plain = Plain(unit)
    numbers = [k for k, day in enumerate(plain.days) if day in days]
    columns = [list(_ways(plain, k)) for k in numbers]
    size = 1
    for column in columns:
        size *= len(column)
    if size > MOST:
        return None
    for chosen in itertools.product(*columns):
        by_day = dict(zip(numbers, chosen, strict=True))
        blank = [plain.absent[i][0] if not plain.present[i][0] else "office" for i in plain.rows]
        grid = Grid(
            tuple(tuple(by_day[k].status[i][0] if k in by_day else blank[i] for k in plain.columns) for i in plain.rows),
            {(i, k): roles for k, one in by_day.items() for (i, _), roles in one.roles.items()},
        )  # fmt: skip
        broken = [b for b in plain.broken(grid) if b.weight is None]
        if not any(
            b.label == i.rule and b.day == i.day and set(i.people) & set(b.people)
            for b in broken
            for i in instances
        ):
            return True
    return False


def _ways(plain: Plain, k: int) -> Iterator[Grid]:
    """Yield every way to spend a day, whatever any rule demands; whom none sends home is at the office."""
    choices: list[list[tuple[str, frozenset[str]]]] = []
    for i in plain.rows:
        if not plain.present[i][k]:
            choices.append([(plain.absent[i][k], frozenset())])
            continue
        offered = plain.offered(i, k)
        posts = [n for n, kind in offered.items() if kind == "post"]
        watch = [n for n, kind in offered.items() if kind == "monitor"]
        mine = [("home", frozenset[str]())] if plain.granted[i][k] or plain.pins[i][k] else []
        mine += [
            ("office", frozenset(filter(None, some)))
            for some in itertools.product([None, *posts], [None, *watch])
        ]
        choices.append(mine)
    for cells in itertools.product(*choices):
        yield Grid(
            tuple((status,) for status, _ in cells),
            {(i, 0): roles for i, (_, roles) in enumerate(cells) if roles},
        )


def faults_of_conflict(conflict: Conflict) -> Iterator[str]:
    """Yield what is wrong with a conflict; first "-" where it cannot be looked at, else "+"."""
    unit, keys = conflict.unit, {rule.label: rule.key for rule in conflict.unit.rules}
    absences = [i for i in conflict.instances if keys.get(i.rule) == "absence"]
    others = [i for i in conflict.instances if i not in absences]
    windows = [
        rule
        for rule in unit.rules
        if rule.label in conflict.rules and rule.key in ("home_count", "min_attendance", "together")
    ]
    days = unit.horizon.workdays if windows else sorted({i.day for i in others if i.day})
    if (
        any(keys.get(i.rule, "default") in LOOSE or i.day is None for i in others)
        or (holds := can_hold(unit, others, days)) is None
    ):
        yield "-"
        return
    yield "+"
    names = [(i.rule, str(i.day), i.people) for i in conflict.instances]
    if holds:
        yield f"the conflict can hold: {names}"
    for one in others:
        if can_hold(unit, [i for i in others if i is not one], days) is False:
            yield f"{one.rule} of {one.people} on {one.day} is to spare: {names}"
    for one in absences:
        listed = {(i.people[0], i.day) for i in absences if i is not one}
        less = replace(unit, absences={k: v for k, v in unit.absences.items() if k in listed})
        if can_hold(less, others, days) is False:
            yield f"the absence of {one.people} on {one.day} is to spare: {names}"


def faults_of(unit: Unit, count: Counter[str]) -> Iterator[str]:
    """Yield what is wrong with what is said of a unit without a roster."""
    effort = Effort(limit=4.0)
    try:
        solve_unit(unit, replace(effort, is_first=True))
        count["feasible"] += 1
        return
    except InfeasibleError as error:
        conflicts = tuple(error.found)
    count["infeasible"] += 1
    if not conflicts:
        yield "no conflict is named"
        return
    for conflict in conflicts:
        for fault in faults_of_conflict(conflict):
            if fault in "+-":
                count[f"conflicts {fault}"] += 1
            else:
                yield fault
    ways = find_ways_out([unit], conflicts, effort)
    count["no way out"] += not ways
    for way in ways:
        changed = applied(unit, way.changes)
        rosters = Plain(changed, dict.fromkeys(UnitModel(changed).asked, UNBOUNDED)).every_roster(MOST)
        if rosters is None:
            count["ways -"] += 1
        elif next(rosters, None) is None:
            yield f"no way out: {way.sentence.en}"
        else:
            count["ways +"] += 1


def main(words: list[str]) -> int:
    """Search the seeds of a range; return 1 where something differs."""
    first, last, people, days = numbers(words, 3, 4)
    count: Counter[str] = Counter()

    def faults_of_seed(seed: int) -> Iterator[str]:
        return faults_of(drawn(seed, (2, people), days), count)

    return search(range(first, last), faults_of_seed, count)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
