"""The engine and the verifier against the second reading of the documents (`plain.py`), roster by roster.

`python -m tests.fuzz.against_plain FIRST LAST [PEOPLE DAYS]` searches those seeds and prints what differs, with the seed.
"""

from __future__ import annotations

import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from scheduler.errors import InfeasibleError
from scheduler.problem import Unit
from scheduler.roster import OFF, UnitRoster
from scheduler.solve.effort import Effort
from scheduler.solve.model import UnitModel
from scheduler.solve.unit import UNBOUNDED, solve_unit
from scheduler.verify import audit
from tests.fuzz.plain import ORDER, Grid, Plain
from tests.fuzz.units import odd_unit, random_unit

MOST = 10_000
UNCOUNTED = ("stint", "monitor", "role")
"""What is asked of these is broken or kept: by how much is not said anywhere."""


def as_roster(unit: Unit, grid: Grid, attained: Mapping[str, int] | None = None) -> UnitRoster:
    """Return a grid as the verifier reads it."""
    column = {day: k for k, day in enumerate(unit.horizon.workdays)}
    return UnitRoster(
        unit=unit.name,
        people=tuple(p.id for p in unit.people),
        days=unit.horizon.days,
        statuses=tuple(
            tuple(
                "" if not p.is_employed_on(day) else grid.status[i][column[day]] if day in column else OFF
                for day in unit.horizon.days
            )
            for i, p in enumerate(unit.people)
        ),
        roles={(unit.people[i].id, unit.horizon.workdays[k]): tuple(sorted(names)) for (i, k), names in grid.roles.items()},
        attained=attained or {},
    )  # fmt: skip


def as_grid(unit: Unit, roster: UnitRoster) -> Grid:
    """Return a roster as the second reading reads it."""
    days = [roster.days.index(day) for day in unit.horizon.workdays]
    roles = {
        (i, k): frozenset(names)
        for i, p in enumerate(unit.people)
        for k, day in enumerate(unit.horizon.workdays)
        if (names := roster.roles.get((p.id, day)))
    }
    return Grid(tuple(tuple(row[c] for c in days) for row in roster.statuses), roles)


def random_grid(plain: Plain, draw: random.Random) -> Grid:
    """Return some roster, lawful or not."""
    chance, roles = draw.random(), {}
    rows = []
    for i in plain.rows:
        row = []
        for k in plain.columns:
            pin = plain.pins[i][k]
            if not plain.present[i][k]:
                row.append(plain.absent[i][k] if plain.employed[i][k] else "")
                continue
            lawful = "office" if not plain.granted[i][k] or plain.kept[i][k] else draw.choice(["home", "office"])
            row.append(draw.choice(["home", "office"]) if draw.random() < chance / 3 else pin.status if pin else lawful)
            offered = plain.offered(i, k)
            held = {n for n in offered if draw.random() < 0.45 and (row[-1] == "office" or draw.random() < chance / 4)}
            if draw.random() < chance / 30:
                held.add(draw.choice(["Loket", "Arsip", "monitor", "deputy", "start 08:00"]))
            if held:
                roles[i, k] = frozenset(held)
        rows.append(tuple(row))
    return Grid(tuple(rows), roles)


def differences_of_verdicts(unit: Unit, draw: random.Random, number: int) -> Iterator[str]:
    """Yield where the verifier finds other rules broken in random rosters, or other values."""
    plain = Plain(unit)
    for _ in range(number):
        grid = random_grid(plain, draw)
        found = audit(unit, as_roster(unit, grid))
        theirs, mine = defaultdict(int), defaultdict(int)  # type: ignore[var-annotated]
        for v in found.violations:
            theirs[v.rule, v.weight] += v.amount
        for b in plain.broken(grid):
            mine[b.label, b.weight] += b.amount
        for key in theirs.keys() | mine.keys():
            loose = key[0].split("[")[0] in UNCOUNTED
            if (theirs[key] > 0) != (mine[key] > 0) if loose else theirs[key] != mine[key]:
                yield f"{key}: the verifier says {theirs[key]}, the plain reading {mine[key]}: {grid}"
        for name, value in plain.worth(grid).items():
            if value != found.objectives[name] and not (name == "preferences" and any(k[1] and k[0].split("[")[0] in UNCOUNTED for k in theirs.keys() | mine.keys())):
                yield f"{name}: the verifier says {found.objectives[name]}, the plain reading {value}: {grid}"


def best_of(unit: Unit, attained: Mapping[str, int], most: int = MOST) -> tuple[tuple[int, ...] | None, bool]:
    """Return the best values over all rosters, None where none is lawful; and whether all could be looked at."""
    plain = Plain(unit, attained)
    rosters = plain.every_roster(most)
    if rosters is None:
        return None, False
    return min((tuple(plain.worth(g)[name] for name in ORDER) for g in rosters), default=None), True


def exists(unit: Unit, attained: Mapping[str, int]) -> bool:
    """Whether any roster is lawful."""
    rosters = Plain(unit, attained).every_roster(MOST)
    assert rosters is not None
    return next(rosters, None) is not None


def differences_of_answers(unit: Unit, effort: float = 4.0) -> Iterator[str]:
    """Yield where the engine's answer is not the best, or not what can be."""
    asked = UnitModel(unit).asked
    wide = dict.fromkeys(asked, UNBOUNDED)
    if Plain(unit, wide).every_roster(MOST) is None:
        yield "-"
        return
    try:
        solution = solve_unit(unit, Effort(limit=effort))
    except InfeasibleError:
        yield "0"
        if exists(unit, wide):
            yield "the engine finds no roster, the plain reading one"
        return
    yield "1"
    attained = solution.roster.attained
    plain = Plain(unit, attained)
    grid = as_grid(unit, solution.roster)
    if broken := [b for b in plain.broken(grid) if b.weight is None]:
        yield f"the engine's roster breaks {broken}"
    for key, bound in attained.items():
        if exists(unit, {**attained, key: bound - 1}):
            yield f"{key} was widened to {bound}, and {bound - 1} will do"
    value, (best, _) = plain.worth(grid), best_of(unit, attained)
    if best is None:
        yield "no roster under the bounds attained"
        return
    for claimed in solution.objectives:
        if claimed.value != value[claimed.name]:
            yield f"{claimed.name}: claimed {claimed.value}, is {value[claimed.name]}"
    if not all(claimed.is_optimal for claimed in solution.objectives):
        yield f"not proven: {solution.objectives}"
    if tuple(value[name] for name in ORDER) != best:
        yield f"the best is {dict(zip(ORDER, best, strict=True))}, the engine has {value}"


def main(words: list[str]) -> int:
    """Search the seeds of a range; return 1 where something differs."""
    first, last, people, days = (*map(int, words), *(3, 4)[len(words) - 2 :])
    count: Counter[str] = Counter()
    for seed in range(first, last):
        unit = (odd_unit if seed % 2 else random_unit)(seed, (2, people), days)
        found = [*differences_of_verdicts(unit, random.Random(seed), 25)]
        for answer in differences_of_answers(unit):
            if answer in ("-", "0", "1"):
                count[{"-": "too large", "0": "infeasible", "1": "solved"}[answer]] += 1
            else:
                found.append(answer)
        count["wrong" if found else "right"] += 1
        for fault in found[:4]:
            print(f"seed {seed}: {fault}", flush=True)
        if seed % 100 == 99:
            print(seed + 1, dict(count), flush=True)
    print(dict(count))
    return int(count["wrong"] > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
