"""Every roster of a tiny unit, what it breaks and what it is worth."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from tests.fuzz.plain.facts import HOME, OFFICE, Broken, Grid
from tests.fuzz.plain.stretches import Stretches, runs

ORDER = (
    "shortfall", "changes", "fairness_spread", "fairness_total", "role_spread", "role_total", "monday_friday",
    "preferences", "stints",
)  # fmt: skip


class Plain(Stretches):
    """A unit as the documents have it."""

    def day_grids(self, k: int) -> Iterator[Grid]:
        """Yield every way to spend one day, of one column, that breaks no rule of that day alone."""
        choices: list[list[tuple[str, frozenset[str]]]] = []
        for i in self.rows:
            if not self.present[i][k]:
                choices.append([(self.absent[i][k] if self.employed[i][k] else "", frozenset())])
                continue
            pin, offered = self.pins[i][k], self.offered(i, k)
            statuses = [pin.status] if pin else [OFFICE, HOME] if self.granted[i][k] else [OFFICE]
            mine = []
            for status in statuses:
                posts = [n for n, kind in offered.items() if kind == "post" and status == OFFICE]
                watch = [
                    n
                    for n, kind in offered.items()
                    if kind == "anywhere" or (kind == "monitor" and status == OFFICE)
                ]
                slots = [n for n, kind in offered.items() if kind == "slot" and status == OFFICE]
                for some in itertools.product([None, *posts], [None, *watch], [None, *slots]):
                    mine.append((status, frozenset(n for n in some if n)))
            choices.append(mine)
        for cells in itertools.product(*choices):
            yield Grid(
                tuple((status,) for status, _ in cells),
                {(i, 0): roles for i, (_, roles) in enumerate(cells) if roles},
            )

    def every_roster(self, most: int) -> Iterator[Grid] | None:
        """Return every roster that breaks no hard rule; None where there are too many to look at."""
        columns: list[list[Grid]] = []
        for k in self.columns:
            ways = 1
            for i in self.rows:
                ways *= 1 + len(self.offered(i, k)) + self.granted[i][k] if self.present[i][k] else 1
            if ways > most:
                return None
            columns.append([])
            for one in self.day_grids(k):
                wide = Grid(
                    tuple(tuple(row[0] if c == k else "" for c in self.columns) for row in one.status),
                    {(i, k): roles for (i, _), roles in one.roles.items()},
                )
                if not any(b.weight is None for b in self.broken(wide, only=k)):
                    columns[-1].append(wide)
        size = 1
        for column in columns:
            size *= len(column)
        return self._together(columns) if size <= most else None

    def _together(self, columns: Sequence[Sequence[Grid]]) -> Iterator[Grid]:
        for chosen in itertools.product(*columns):
            status = tuple(tuple(chosen[k].status[i][k] for k in self.columns) for i in self.rows)
            roles: dict[tuple[int, int], frozenset[str]] = {}
            for one in chosen:
                roles |= one.roles
            grid = Grid(status, roles)
            if not any(b.weight is None for b in self.broken(grid)):
                yield grid

    def broken(self, grid: Grid, only: int | None = None) -> Iterator[Broken]:
        """Yield what a roster breaks; with `only`, what that day breaks by itself."""
        columns = self.columns if only is None else (only,)
        for i in self.rows:
            for k in columns:
                if grid.status[i][k] == HOME or (i, k) in grid.roles:
                    yield from self._cell(grid, i, k)
        for rule in self.rules:
            for k in columns:
                for amount, side, who in self.on_day(rule, grid, k):
                    yield self._found(rule, amount, side, k, who)
            for amount, side, since, who in self.over_days(rule, grid) if only is None else ():
                yield self._found(rule, amount, side, since, who)

    def _found(self, rule: Any, amount: int, side: str, k: int | None, who: Sequence[int]) -> Broken:
        weight = {"under": rule.weight_under, "over": rule.weight_over}.get(side)
        weight = weight if weight is not None else rule.weight
        day = None if k is None else self.days[k]
        return Broken(rule.label, amount, weight, day, tuple(self.people[i].id for i in who))

    def _cell(self, grid: Grid, i: int, k: int) -> Iterator[Broken]:
        day, who = self.days[k], (self.people[i].id,)
        status, held, offered = grid.status[i][k], grid.of(i, k), self.offered(i, k)
        if status == HOME and not self.granted[i][k] and self.pins[i][k] is None:
            yield Broken("default", 1, None, day, who)
        if any(name not in offered for name in held):
            yield Broken("role", 1, None, day, who)
        if status != OFFICE and any(offered.get(name) in ("post", "monitor", "slot") for name in held):
            yield Broken("role", 1, None, day, who)
        if sum(offered.get(name) in ("post",) for name in held) > 1:
            yield Broken("role", 1, None, day, who)

    def worth(self, grid: Grid, changes: int = 0) -> dict[str, int]:
        """Return the value of each objective."""
        found = dict.fromkeys(ORDER, 0)
        found["changes"] = changes
        for rule in self.rules:
            if rule.key == "home_quota":
                found["shortfall"] += self._shortfall(rule, grid)
                eligible = [
                    [i for i in group if self.present[i][k] and not self.settled[i][k]]
                    for k, (group, _) in enumerate(self.quotas[id(rule)])
                ]
                taken = [[i for i in group if grid.status[i][k] == HOME] for k, group in enumerate(eligible)]
                balance = self._balance(eligible, taken, lambda e: e.balance)
                border = self._balance(
                    [g if self.days[k].weekday() in (0, 4) else [] for k, g in enumerate(eligible)],
                    taken, lambda e: e.monday_friday_balance, {i for g in eligible for i in g},
                )  # fmt: skip
                found["fairness_spread"] += _spread(balance)
                found["fairness_total"] += sum(map(abs, balance))
                found["monday_friday"] += _spread(border)
            elif rule.key == "stint" and rule.prefer is not None and rule.home != "week":
                found["stints"] += self._unpreferred(rule, grid)
            for name, may in self._turns(rule):
                held = [[i for i in day if name in grid.of(i, k)] for k, day in enumerate(may)]
                balance = self._balance(may, held, lambda e, name=name: e.role_balances.get(name, 0))  # type: ignore[misc]
                found["role_spread"] += _spread(balance)
                found["role_total"] += sum(map(abs, balance))
        found["preferences"] = sum(b.amount * b.weight for b in self.broken(grid) if b.weight is not None)
        for wish in self.unit.preferences:
            for i, p in enumerate(self.people):
                for k, d in enumerate(self.days):
                    about = d == wish.day if wish.day is not None else d.weekday() == wish.weekday
                    if p.id == wish.person_id and about and grid.status[i][k] in (HOME, OFFICE):
                        found["preferences"] += wish.weight * (grid.status[i][k] != wish.status)
        return found

    def _shortfall(self, rule: Any, grid: Grid) -> int:
        if rule.mode in ("at_least", "exact"):
            return 0
        total = 0
        for k, (group, target) in enumerate(self.quotas[id(rule)]):
            able = self._able(group, k)
            called = sum(self._is_called(grid, i, k) for i in able)
            # Places that nobody is left to fill because duties or recalls took them.
            given_way = max(0, min(target, len(able)) - (len(able) - called))
            total += max(0, target - given_way - sum(grid.status[i][k] == HOME for i in group))
        return total

    def _turns(self, rule: Any) -> Iterator[tuple[str, list[list[int]]]]:
        if rule.key == "service_post":
            may = [
                [i for i in self.rows if self.chosen[id(rule)][i][k] and self.present[i][k]]
                for k in self.columns
            ]
            if any(may):
                yield rule.name, may
        elif rule.key == "monitor":
            monitors, deputies = self.monitors[id(rule)]
            if any(monitors):
                yield "monitor", monitors
                if any(deputies):
                    yield "deputy", deputies

    def _balance(self, eligible: Any, taken: Any, brought: Any, also: Iterable[int] = ()) -> list[int]:
        """Return the balances of a group: turns taken less turns due, in thousandths, with what the ledger brings."""
        found: Counter[int] = Counter()
        members = {i for group in eligible for i in group} | set(also)
        for k, group in enumerate(eligible):
            if not group:
                continue
            each, odd = divmod(1000 * len([i for i in taken[k] if i in group]), len(group))
            for i in group:
                found[i] += 1000 * (i in taken[k]) - each
            for n in range(odd):
                found[group[(self.days[k].toordinal() + n) % len(group)]] -= 1
        for i in members:
            p = self.people[i]
            entry = self.unit.ledger.entries.get(p.id)
            if entry is not None and entry.unit == self.unit.name and entry.rank == p.rank:
                found[i] += brought(entry)
        return [found[i] for i in sorted(members)]

    def _unpreferred(self, rule: Any, grid: Grid) -> int:
        total = 0
        for i in self.picked[id(rule)]:
            marks: list[bool | None] = []
            for k in self.columns:
                if k and not rule.across_weekends and self.days[k] - self.days[k - 1] > timedelta(days=1):
                    marks.append(None)
                marks.append(grid.status[i][k] == HOME)
            for a, b in runs([m is True for m in marks]):
                inside = a > 0 and b < len(marks) and marks[a - 1] is False and marks[b] is False
                total += inside and b - a != rule.prefer and b - a <= rule.home[1]
        return total


def _spread(balances: Sequence[int]) -> int:
    return max(balances, default=0) - min(balances, default=0)
