"""The engine and the verifier against the second reading of the documents (`plain.py`), roster by roster.

`python -m tests.fuzz.against_plain FIRST LAST [PEOPLE DAYS]` searches those seeds and prints what differs, with the seed.
"""

from __future__ import annotations

import itertools
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

from scheduler.errors import InfeasibleError
from scheduler.problem import Unit
from scheduler.roster import OFF, STATUSES, Replaced, UnitRoster
from scheduler.solve.effort import Effort
from scheduler.solve.model import UnitModel
from scheduler.solve.unit import UNBOUNDED, solve_unit
from scheduler.verify import audit
from tests.fuzz.claims import disturbed
from tests.fuzz.plain import ORDER, Grid, Plain
from tests.fuzz.searching import numbers, search
from tests.fuzz.units import drawn

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
            lawful = (
                "office" if not plain.granted[i][k] or plain.kept[i][k] else draw.choice(["home", "office"])
            )
            row.append(
                draw.choice(["home", "office"])
                if draw.random() < chance / 3
                else pin.status
                if pin
                else lawful
            )
            offered = plain.offered(i, k)
            held = {
                n
                for n in offered
                if draw.random() < 0.45 and (row[-1] == "office" or draw.random() < chance / 4)
            }
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
        if mine["role", None]:  # what a duty counts for whose holder may not hold it is nobody's business
            if not theirs["role", None]:
                yield f"a role that nobody may hold is passed over: {grid}"
            continue
        for key in theirs.keys() | mine.keys():
            loose = key[0].split("[")[0] in UNCOUNTED
            if (theirs[key] > 0) != (mine[key] > 0) if loose else theirs[key] != mine[key]:
                yield f"{key}: the verifier says {theirs[key]}, the plain reading {mine[key]}: {grid}"
        for name, value in plain.worth(grid).items():
            if value != found.objectives[name] and not (
                name == "preferences"
                and any(k[1] and k[0].split("[")[0] in UNCOUNTED for k in theirs.keys() | mine.keys())
            ):
                yield f"{name}: the verifier says {found.objectives[name]}, the plain reading {value}: {grid}"


class Past:
    """A roster that is replanned: the days before the first that may change stay, others cost a change."""

    def __init__(self, plain: Plain, before: Grid, first: int) -> None:
        self.before, self.first = before, first
        self.kept = [
            (i, k, frozenset(before.of(i, k) & plain.offered(i, k).keys()))
            for i in plain.rows
            for k in range(first)
            if plain.present[i][k] and before.status[i][k] in ("home", "office")
        ]

    def stays(self, grid: Grid) -> bool:
        """Whether no day that is past was changed."""
        return all(
            grid.status[i][k] == self.before.status[i][k] and grid.of(i, k) == roles
            for i, k, roles in self.kept
        )

    def changes(self, grid: Grid) -> int:
        """Return how many person-days are spent otherwise, in place or in roles."""
        return sum(
            status != self.before.status[i][k] or grid.of(i, k) != self.before.of(i, k)
            for i, row in enumerate(grid.status)
            for k, status in enumerate(row)
        )


def ordered(unit: Unit, worth: Mapping[str, int]) -> tuple[int, ...]:
    """Return what is minimised, the first first: each objective, or the sum of those that the policy weighs."""
    if unit.weights is None:
        return tuple(worth[name] for name in ORDER)
    in_thousandths = {
        name: 1000 * worth[name] if name in ("preferences", "stints") else worth[name] for name in ORDER
    }
    return (
        worth["shortfall"],
        worth["changes"],
        sum(w * in_thousandths[name] for name, w in unit.weights.items()),
    )


def lawful(
    unit: Unit, attained: Mapping[str, int], past: tuple[Grid, int] | None = None
) -> Iterator[tuple[Grid, tuple[int, ...]]]:
    """Yield every lawful roster with what it is worth, objective by objective."""
    plain = Plain(unit, attained)
    known = past and Past(plain, *past)
    rosters = plain.every_roster(MOST)
    assert rosters is not None
    for grid in rosters:
        if not known or known.stays(grid):
            yield grid, ordered(unit, plain.worth(grid, known.changes(grid) if known else 0))


def exists(unit: Unit, attained: Mapping[str, int], past: tuple[Grid, int] | None = None) -> bool:
    """Whether any roster is lawful."""
    return next(lawful(unit, attained, past), None) is not None


def differences_of_answers(
    unit: Unit, past: tuple[Grid, int] | None = None, effort: float = 4.0
) -> Iterator[str]:
    """Yield where the engine's answer is not the best, or not what can be; first what came of it."""
    replaced = past and Replaced(as_roster(unit, past[0]), unit.horizon.workdays[past[1]])
    asked = UnitModel(unit, replaced=replaced).asked
    wide = dict.fromkeys(asked, UNBOUNDED)
    if Plain(unit, wide).every_roster(MOST) is None:
        yield "-"
        return
    try:
        solution = solve_unit(unit, Effort(limit=effort), replaced)
    except InfeasibleError:
        yield "0"
        if exists(unit, wide, past):
            yield "the engine finds no roster, the plain reading one"
        return
    yield "1"
    attained = solution.roster.attained
    plain = Plain(unit, attained)
    grid = as_grid(unit, solution.roster)
    if broken := [b for b in plain.broken(grid) if b.weight is None]:
        yield f"the engine's roster breaks {broken}"
    known = past and Past(plain, *past)
    if known and not known.stays(grid):
        yield "the past was changed"
    for key, bound in attained.items():
        if exists(unit, {**attained, key: bound - 1}, past):
            yield f"{key} was widened to {bound}, and {bound - 1} will do"
    value = plain.worth(grid, known.changes(grid) if known else 0)
    best = min((worth for _, worth in lawful(unit, attained, past)), default=None)
    if best is None:
        yield "no roster under the bounds attained"
        return
    for claimed in solution.objectives:
        real = ordered(unit, value)[-1] if claimed.name == "weighted_sum" else value[claimed.name]
        if claimed.value != real:
            yield f"{claimed.name}: claimed {claimed.value}, is {real}"
    if not all(claimed.is_optimal for claimed in solution.objectives):
        yield f"not proven: {solution.objectives}"
    if ordered(unit, value) != best:
        yield f"the best is worth {best}, the engine's {ordered(unit, value)}"


def differences_of_replanning(unit: Unit, draw: random.Random) -> Iterator[str]:
    """Yield the same of a lawful roster, not the engine's own, to which something happens in the middle."""
    rosters = Plain(unit).every_roster(MOST)
    if rosters is None or not (some := list(itertools.islice(rosters, 300))):
        return
    revised, first = disturbed(unit, draw)
    for answer in differences_of_answers(revised, (draw.choice(some), first)):
        yield {"-": "replanned -", "0": "replanned 0", "1": "replanned 1"}.get(answer, f"replanned: {answer}")


NAMES = {
    "-": "too large",
    "0": "infeasible",
    "1": "solved",
    "replanned 0": "cannot be replanned",
    "replanned 1": "replanned",
}


def unit_of(seed: int, people: int = 3, days: int = 4) -> Unit:
    """Return a seed's unit: every other one odd, every fifth with objectives that are weighed."""
    unit = drawn(seed, (2, people), days)
    draw = random.Random(seed)
    weights = {name: draw.choice([0, 1, 5, 200]) for name in ORDER[2:]}
    return replace(unit, weights=weights) if seed % 5 == 0 else unit


def strange(unit: Unit, draw: random.Random) -> Iterator[str]:
    """Yield where the verifier passes over a status that no person-day of the unit can have."""
    days, worked = unit.horizon.days, set(unit.horizon.workdays)
    rosters = Plain(unit).every_roster(MOST)
    if rosters is None or (grid := next(rosters, None)) is None:
        return
    roster = as_roster(unit, grid)
    for _ in range(20):
        i, k = draw.randrange(len(unit.people)), draw.randrange(len(days))
        status = draw.choice([*STATUSES, "", "Home", "WFH"])
        was, person = roster.statuses[i][k], unit.people[i]
        may_be = {"home", "office"} if unit.is_present(person, days[k]) and days[k] in worked else {was}
        if status not in may_be:
            rows = [list(row) for row in roster.statuses]
            rows[i][k] = status
            if not audit(unit, replace(roster, statuses=tuple(map(tuple, rows)))).broken:
                yield f"{person.id} on {days[k]} may be “{status}” instead of “{was}”"


def faults_of_seed(seed: int, people: int, days: int, count: Counter[str]) -> Iterator[str]:
    """Yield what differs for the unit of a seed; what could be compared is counted."""
    unit = unit_of(seed, people, days)
    yield from differences_of_verdicts(unit, random.Random(seed), 25)
    yield from strange(unit, random.Random(seed))
    for answer in [*differences_of_answers(unit), *differences_of_replanning(unit, random.Random(seed))]:
        if answer in NAMES or answer == "replanned -":
            count[NAMES.get(answer, "too large")] += 1
        else:
            yield answer


def main(words: list[str]) -> int:
    """Search the seeds of a range; return 1 where something differs."""
    first, last, people, days = numbers(words, 3, 4)
    count: Counter[str] = Counter()
    return search(range(first, last), lambda seed: faults_of_seed(seed, people, days, count), count)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
