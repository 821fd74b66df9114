"""An independent judge: which rules a roster breaks, and one number for it, to compare peers that minimise a sum.

It shares no code with the solver or with `scheduler.verify`: of the product it takes the settings of the rules and
whom their `for` selects, and works everything else out anew from the statuses, after CONTRACT. It knows the rules that
`benchmarks.instances` uses and refuses any other, so that nothing goes unjudged. Bounds that a rule widened are not
accepted: each such unit has a roster without that.

The number is, with balances in days (CONTRACT, "Objectives"; weights of issue 4):

    1,000,000 × home places of the days' targets left empty            (shortfall comes first: it outweighs the rest)
    + 1000 × Σ over quotas of (most less least balance)                + 50 × Σ over their people of |balance|
    + 1000 × Σ over posts and the monitor of (most less least balance) + 50 × Σ over their people of |balance|
    +  200 × Σ over quotas of (most less least balance over Mondays and Fridays)
    +    1 × weight of each wish not met
    +    1 × home stints of a length that is not preferred

A person's balance is Σ over the days eligible of (1 if the turn was taken) - H/n, in thousandths by largest remainder
counted on from the day's ordinal, plus what the ledger brings; H took the turn that day of the n eligible.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import Any

from scheduler.constraints.base import Rule
from scheduler.problem import Person, Unit
from scheduler.roster import HOME, OFF, OFFICE, UnitRoster

WEIGHTS: Mapping[str, Fraction] = {
    "shortfall": Fraction(1_000_000),
    "fairness_spread": Fraction(1000, 1000),
    "fairness_total": Fraction(50, 1000),
    "role_spread": Fraction(1000, 1000),
    "role_total": Fraction(50, 1000),
    "monday_friday": Fraction(200, 1000),
    "preferences": Fraction(1),
    "stints": Fraction(1),
}
"""Cost of one unit of each part; balances are in thousandths of a day."""

KNOWN = frozenset(
    [
        "home_quota",
        "stint",
        "it_capable",
        "min_on_site",
        "monitor",
        "service_post",
        "absence",
        "pin",
        "always_office",
    ]
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is broken, as one sentence each, and the parts of the sum in their own units."""

    broken: tuple[str, ...]
    parts: Mapping[str, int]

    @property
    def cost(self) -> Fraction:
        """The weighted sum; it says nothing of rules broken."""
        return sum((WEIGHTS[name] * value for name, value in self.parts.items()), Fraction(0))


def score(unit: Unit, roster: UnitRoster) -> tuple[int, Fraction]:
    """Return how many hard rules a roster breaks, and its weighted sum."""
    found = judge(unit, roster)
    return len(found.broken), found.cost


def judge(unit: Unit, roster: UnitRoster) -> Judgement:
    """Judge one unit's roster.

    Raises
    ------
    NotImplementedError
        Where the unit has a rule, or a setting of one, that is not known here.
    """
    return _Judge(unit, roster).judge()


def lower_bound(unit: Unit) -> Fraction:
    """Return a number that no lawful roster's weighted sum is below, by counting alone.

    For each group by itself: if every day has its target at home (else the shortfall costs more than all else), what
    is due is known, and turns are whole and bounded by the days each person can take one.
    """
    judge_ = _Judge(unit, None)
    total = Fraction(0)
    for rule in unit.rules:
        if rule.key == "home_quota":
            group = judge_.members(rule)
            turns = {d: [p for p in group if judge_.in_turns(p, d)] for d in judge_.days}
            targets = dict(zip(judge_.days, judge_.targets(rule, group), strict=True))
            for border, spread, sums in (
                (False, "fairness_spread", "fairness_total"),
                (True, "monday_friday", None),
            ):
                days = [d for d in judge_.days if not border or d.weekday() in (0, 4)]
                total += judge_.least(days, turns, targets, "", border, spread, sums)
        elif rule.key in ("service_post", "monitor"):
            name, number = judge_.role_of(rule)
            eligible = {d: judge_.officers(rule, d) for d in judge_.days}
            wanted = {d: number if eligible[d] else 0 for d in judge_.days}
            total += judge_.least(judge_.days, eligible, wanted, name, False, "role_spread", "role_total")
    return total


class _Judge:
    """One unit and one roster of it."""

    def __init__(self, unit: Unit, roster: UnitRoster | None) -> None:
        for rule in unit.rules:
            _refuse_unknown(rule)
        self.unit = unit
        self.days = unit.horizon.workdays
        self.people = unit.people
        self.rules = unit.rules
        self.it_matters = any(rule.key == "it_capable" for rule in unit.rules)
        self.ranks = {p.id: p.rank for p in unit.people}
        self.status: dict[tuple[str, date], str] = {}
        self.roles: Mapping[tuple[str, date], Sequence[str]] = {}
        self.roster = roster
        if roster is not None:
            self.roles = roster.roles
            for person_id, row in zip(roster.people, roster.statuses, strict=True):
                for day, status in zip(roster.days, row, strict=True):
                    self.status[person_id, day] = status

    def judge(self) -> Judgement:
        parts = dict.fromkeys(WEIGHTS, 0)
        broken = [*self._cells(), *self._roles()]
        for rule in self.rules:
            if rule.key == "home_quota":
                broken += self._quota(rule, parts)
            elif rule.key == "stint":
                broken += self._stints(rule, parts)
            elif rule.key == "min_on_site":
                broken += self._floor(rule)
            elif rule.key in ("service_post", "monitor"):
                broken += self._post(rule, parts)
        for wish in self.unit.preferences:
            for day in self.days:
                asked = wish.day == day if wish.day is not None else wish.weekday == day.weekday()
                status = self.status.get((wish.person_id, day))
                if asked and status in (HOME, OFFICE) and status != wish.status:
                    parts["preferences"] += wish.weight
        return Judgement(tuple(broken), parts)

    # Facts --------------------------------------------------------------------------------------------------------

    def is_here(self, person: Person, day: date) -> bool:
        """Whether the person works that day, at home or at the office."""
        return (
            (person.joins is None or person.joins <= day)
            and (person.leaves is None or day <= person.leaves)
            and (person.id, day) not in self.unit.absences
        )

    def is_home(self, person: Person, day: date) -> bool:
        return self.status.get((person.id, day)) == HOME

    def is_bound_to_office(self, person: Person, day: date) -> bool:
        """Whether a rule keeps the person at the office, whatever the turns."""
        if self.it_matters and person.it_capable is False:
            return True
        return any(
            r.key == "always_office" and r.for_.takes(person) and r.when.takes(day) for r in self.rules
        )

    def in_turns(self, person: Person, day: date) -> bool:
        return self.is_here(person, day) and not self.is_bound_to_office(person, day)

    def is_granted_home(self, person: Person) -> bool:
        return any(rule.key == "home_quota" and rule.for_.takes(person) for rule in self.rules)

    def members(self, rule: Rule) -> list[Person]:
        """Return the quota's group."""
        always = [r for r in self.rules if r.key == "always_office"]
        return [p for p in self.people if rule.for_.takes(p) and not any(r.for_.takes(p) for r in always)]

    def targets(self, rule: Any, group: Sequence[Person]) -> list[int]:
        """Return how many should be at home on each day: whole parts of a running sum."""
        start = self.unit.ledger.remainders[self.unit.name, rule.label]
        running, found = start, []
        for day in self.days:
            base = [
                p
                for p in group
                if (p.joins is None or p.joins <= day) and (p.leaves is None or day <= p.leaves)
            ]
            if rule.base != "active":
                base = [p for p in base if self.is_here(p, day)]
            if rule.base == "able":
                base = [p for p in base if p.it_capable is not False]
            before, running = running, running + rule.share * len(base)
            found.append(floor(running) - floor(before))
        return found

    def officers(self, rule: Any, day: date) -> list[Person]:
        """Return who may hold a post, or be the monitor, that day."""
        if not rule.for_.is_everybody:
            able = [p for p in self.people if rule.for_.takes(p)]
        elif rule.key == "monitor":
            able = [p for p in self.people if p.monitor]
        else:
            able = [p for p in self.people if rule.name in p.service_posts]
        return [p for p in able if self.is_here(p, day)]

    def role_of(self, rule: Any) -> tuple[str, int]:
        return ("monitor", 1) if rule.key == "monitor" else (rule.name, rule.at_least)

    # Balances -----------------------------------------------------------------------------------------------------

    def dues(
        self, days: Sequence[date], turns: Mapping[date, Sequence[Person]], numbers: Mapping[date, int]
    ) -> dict[str, int]:
        """Return what each is due over `days`, in thousandths."""
        owed = {p.id: 0 for day in self.days for p in turns[day]}
        for day in days:
            size = len(turns[day])
            for position, person in enumerate(turns[day]):
                whole, odd = divmod(1000 * numbers[day], size)
                owed[person.id] += whole + (1 if (position - day.toordinal()) % size < odd else 0)
        return owed

    def brought(self, person_id: str, role: str, border: bool) -> int:
        """Return the balance that the ledger brings, unless unit or rank changed."""
        entry = self.unit.ledger.entries.get(person_id)
        if entry is None or (entry.unit, entry.rank) != (self.unit.name, self.ranks[person_id]):
            return 0
        if role:
            return 0 if border else entry.role_balances.get(role, 0)
        return entry.monday_friday_balance if border else entry.balance

    def _unfairness(
        self, days: Sequence[date], turns: Mapping[date, Sequence[Person]], taken: Mapping[date, set[str]], role: str,
        border: bool,
    ) -> tuple[int, int]:  # fmt: skip
        """Return the spread and the sum of absolute balances over `days`."""
        numbers = {day: len(taken[day]) for day in self.days}
        owed = self.dues(days, turns, numbers)
        balances = [
            1000 * sum(person_id in taken[day] for day in days) - due + self.brought(person_id, role, border)
            for person_id, due in owed.items()
        ]
        return (max(balances) - min(balances) if balances else 0), sum(abs(balance) for balance in balances)

    def least(
        self, days: Sequence[date], turns: Mapping[date, Sequence[Person]], numbers: Mapping[date, int], role: str,
        border: bool, spread: str, sums: str | None,
    ) -> Fraction:  # fmt: skip
        """Return the least cost of these turns by counting: whole turns, shared out freely."""
        owed = self.dues(days, turns, numbers)
        could = dict.fromkeys(owed, 0)
        for day in days:
            for person in turns[day]:
                could[person.id] += 1
        offsets = {key: self.brought(key, role, border) - due for key, due in owed.items()}
        wanted = sum(numbers[day] for day in days)
        cost = WEIGHTS[spread] * _least_spread(list(offsets.values()), list(could.values()), wanted)
        if sums is not None:
            cost += WEIGHTS[sums] * _least_sum(list(offsets.values()), list(could.values()), wanted)
        return cost

    # Rules --------------------------------------------------------------------------------------------------------

    def _cells(self) -> Iterator[str]:
        assert self.roster is not None
        expected = {(p.id, d) for p in self.people for d in self.unit.horizon.days}
        if set(self.status) != expected or self.roster.people != tuple(p.id for p in self.people):
            yield "the grid has other people or days"
        for person in self.people:
            for day in self.unit.horizon.days:
                status, where = self.status.get((person.id, day), "?"), f"{person.id} {day}"
                if day not in self.days:
                    if status != OFF:
                        yield f"{where}: not a working day"
                    continue
                kind = self.unit.absences.get((person.id, day))
                if not self.is_here(person, day):
                    if status != (kind or ""):
                        yield f"{where}: absent, not {status}"
                    continue
                if status not in (HOME, OFFICE):
                    yield f"{where}: {status}"
                pin = self.unit.pins.get((person.id, day))
                if pin is not None and pin.status != status:
                    yield f"{where}: pinned"
                if status == HOME and self.it_matters and person.it_capable is False:
                    yield f"{where}: cannot use IT"
                if status == HOME and pin is None:
                    if not self.is_granted_home(person):
                        yield f"{where}: nothing sends them home"
                    elif any(
                        r.key == "always_office" and r.for_.takes(person) and r.when.takes(day)
                        for r in self.rules
                    ):
                        yield f"{where}: always at the office"

    def _roles(self) -> Iterator[str]:
        posts = {self.role_of(r)[0]: r for r in self.rules if r.key in ("service_post", "monitor")}
        for (person_id, day), held in self.roles.items():
            if held and self.status.get((person_id, day)) != OFFICE:
                yield f"{person_id} {day}: {held} but not on site"
            if sum(name != "monitor" for name in held) > 1:
                yield f"{person_id} {day}: two posts"
            for name in held:
                if name not in posts or person_id not in {p.id for p in self.officers(posts[name], day)}:
                    yield f"{person_id} {day}: no officer of {name}"

    def _quota(self, rule: Any, parts: dict[str, int]) -> Iterator[str]:
        group = self.members(rule)
        for day, target in zip(self.days, self.targets(rule, group), strict=True):
            home = sum(self.is_home(p, day) for p in group)
            if home > target:
                yield f"{rule.label} {day}: {home} at home, at most {target}"
            able = [p for p in group if self.in_turns(p, day)]
            called = sum(bool(self.roles.get((p.id, day))) or self._is_recalled(p, day) for p in able)
            places = min(target, len(able))
            parts["shortfall"] += max(0, target - home - max(0, called - (len(able) - places)))
        turns = {day: [p for p in group if self.in_turns(p, day)] for day in self.days}
        taken = {day: {p.id for p in turns[day] if self.is_home(p, day)} for day in self.days}
        spread, total = self._unfairness(self.days, turns, taken, "", False)
        parts["fairness_spread"] += spread
        parts["fairness_total"] += total
        border = [day for day in self.days if day.weekday() in (0, 4)]
        parts["monday_friday"] += self._unfairness(border, turns, taken, "", True)[0]

    def _is_recalled(self, person: Person, day: date) -> bool:
        pin = self.unit.pins.get((person.id, day))
        return pin is not None and pin.recall

    def _post(self, rule: Any, parts: dict[str, int]) -> Iterator[str]:
        name, number = self.role_of(rule)
        turns = {day: self.officers(rule, day) for day in self.days}
        taken = {d: {p.id for p in self.people if name in self.roles.get((p.id, d), ())} for d in self.days}
        for day in self.days:
            # A post wants its number even where all its officers are away; without candidates there is no monitor.
            if len(taken[day]) != number and (rule.key == "service_post" or turns[day]):
                yield f"{name} {day}: {len(taken[day])} of {number}"
        spread, total = self._unfairness(
            self.days, turns, {d: taken[d] & {p.id for p in turns[d]} for d in self.days}, name, False
        )
        parts["role_spread"] += spread
        parts["role_total"] += total

    def _floor(self, rule: Any) -> Iterator[str]:
        for day in self.days:
            here = [p for p in self.people if rule.for_.takes(p) and self.is_here(p, day)]
            found = sum(not self.is_home(p, day) for p in here)
            if found < min(rule.at_least, len(here)):
                yield f"{rule.label} {day}: {found} on site, at least {rule.at_least}"

    def _stints(self, rule: Any, parts: dict[str, int]) -> Iterator[str]:
        longest_home = rule.home[1]
        for person in self.people:
            if not rule.for_.takes(person):
                continue
            share = next(
                (r.share for r in self.rules if r.key == "home_quota" and r.for_.takes(person)), None
            )  # type: ignore[attr-defined]
            longest = ceil(longest_home * (1 - share) / share) if share else None
            entry = self.unit.ledger.entries.get(person.id)
            before, open_ = (entry.last_status, entry.last_stint) if entry and self.unit.adjoins else ("", 0)
            if before == OFFICE and longest is not None and open_ > longest:
                open_ = 0  # what was too long before is not held against this period
            at_home = open_ if before == HOME else 0
            at_office = open_ if before == OFFICE else 0
            home_row = [self.is_home(person, day) for day in self.days]
            for k, day in enumerate(self.days):
                at_home = at_home + 1 if home_row[k] else 0
                waits = (
                    not home_row[k]
                    and self.is_here(person, day)
                    and not self.is_bound_to_office(person, day)
                    and (person.id, day) not in self.unit.pins
                    and self.is_granted_home(person)
                )
                at_office = at_office + 1 if waits else 0
                if at_home == longest_home + 1 or (at_home > longest_home and k == 0):
                    yield f"{rule.label} {person.id} {day}: more than {longest_home} days at home"
                if longest is not None and at_office == longest + 1:
                    yield f"{rule.label} {person.id} {day}: more than {longest} days at the office"
            if rule.prefer is not None:
                parts["stints"] += _odd_stints(home_row, rule.prefer, longest_home)


def _refuse_unknown(rule: Any) -> None:
    plain = rule.weight is None and rule.weight_under is None and rule.weight_over is None
    fits = {
        "home_quota": lambda: rule.mode == "target" and rule.rounding == "carry" and not rule.overrides,
        "stint": lambda: rule.home != "week" and rule.home[0] == 1 < rule.home[1] and rule.office == "even"
        and rule.across_weekends,
        "min_on_site": lambda: rule.per == "unit" and not rule.strict,
        "monitor": lambda: rule.turns == "day",
        "absence": lambda: rule.kind is None,
        "pin": lambda: rule.status is None,
    }  # fmt: skip
    if (
        rule.key not in KNOWN
        or not plain
        or rule.when.model_fields_set
        or not fits.get(rule.key, lambda: True)()
    ):
        raise NotImplementedError(f"{rule.label} is not known to this scorer")


def _odd_stints(home: Sequence[bool], preferred: int, longest: int) -> int:
    """Count the home stints, begun and ended inside, of a length that is not the preferred one."""
    odd = k = 0
    while k < len(home):
        end = k
        while end < len(home) and home[end]:
            end += 1
        odd += 0 < k < end < len(home) and end - k != preferred and end - k <= longest
        k = max(end, k + 1)
    return odd


def _least_spread(offsets: Sequence[int], could: Sequence[int], wanted: int) -> int:
    """Return the least of most less least of offset + 1000 × turns, turns whole, within bounds, `wanted` in all.

    The most is at least where the turns below it suffice (`top`), the least at most where those that it demands are
    not too many; between these every least is tried, and the most is then the lowest that everybody can reach.
    """
    if len(offsets) < 2:
        return 0
    values = sorted(o + 1000 * t for o, c in zip(offsets, could, strict=True) for t in range(1, c + 1))
    top = max(*offsets, values[wanted - 1]) if wanted else max(offsets)
    ends = [o + 1000 * c for o, c in zip(offsets, could, strict=True)]
    best: int | None = None
    for low in sorted({value for value in [*values, *offsets] if value <= min(ends)}, reverse=True):
        if best is not None and top - low >= best:
            break
        firsts = [o if o >= low else low + (o - low) % 1000 for o in offsets]
        if sum((first - o) // 1000 for first, o in zip(firsts, offsets, strict=True)) <= wanted:
            reach = max(top, *firsts) - min(firsts)
            best = reach if best is None else min(best, reach)
    return best or 0


def _least_sum(offsets: Sequence[int], could: Sequence[int], wanted: int) -> int:
    """Return the least sum of |offset + 1000 × turns| with `wanted` turns in all: the cheapest steps, one by one."""
    steps = sorted(
        abs(o + 1000 * (t + 1)) - abs(o + 1000 * t)
        for o, c in zip(offsets, could, strict=True)
        for t in range(c)
    )
    return sum(abs(o) for o in offsets) + sum(steps[:wanted])
