"""Rows that miss a few couplings, mended: CP-SAT frees some people, or everybody for some weeks, and keeps the rest.

Every row stays lawful and within its windows throughout; what couplings still miss is paid for and comes first, then
wishes, then stints (large neighbourhood search; Shaw, 1998). Over long periods the rows as good as any are too many to
pick from, and a whole roster is too large for one search, while a few weeks of it are not.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from scheduler.solve.rows.columns import SCALE, Programme
from scheduler.solve.rows.graph import Whole
from scheduler.solve.rows.picking import lacking
from scheduler.solve.rows.reading import Flags, Rows
from scheduler.solve.rows.relaxation import FAR
from scheduler.solve.search import Effort, search, value_in

MISSED, WISH, STINT = 1_000_000, 1000, 1
"""What one place missed, one wish and one stint cost: nobody has so many of the next as would outweigh one."""

WEIGHTS = {"preferences": WISH, "stints": STINT}
MOST_MISSED = 1 << 20
LIMIT = 0.2
"""Deterministic seconds of one neighbourhood; what it found until then is kept."""

CELLS = 160
MOST_CELLS = 1200
"""Choices of one neighbourhood: more after one that was searched to its end in vain, fewer after one that was not."""

LARGER, SMALLER = 1.2, 1.5

AT_ONCE = 2
"""Neighbourhoods searched at once, of different people; as many on any machine, so that the result is the same."""

MENDINGS = 100
IDLE = 20
"""Mending ends after so many times as many neighbourhoods, or so many in vain one after the other."""

MARGIN = 4
LONGEST = 16
SHORTEST = 6
"""Days of the shortest span that is freed for everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranges:
    """Everybody's turns allowed: which days count, (people, days), and the least and most of them."""

    counted: Flags
    least: Whole
    most: Whole


@dataclass(slots=True)
class Mending:
    """Rows under way.

    Attributes
    ----------
    target : wishes and stints that are known to be the least.
    current : a row for each person.
    frozen : cells that are kept as they are, (people, days).
    best : what everybody's best row costs by the programme's duals.
    """

    programme: Programme
    rows: Rows
    ranges: Sequence[Ranges]
    target: tuple[int, int]
    effort: Effort
    draw: random.Random
    current: Flags
    frozen: Flags | None = None
    best: Whole = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    @property
    def least(self) -> int:
        """What rows cost at least."""
        return self.target[0] * WISH + self.target[1] * STINT

    def run(self, until: int = 0, most_idle: int = IDLE, least_cells: int = CELLS) -> bool:
        """Mend and improve until rows cost no more than that, or than the least; return whether no coupling is missed.

        Parameters
        ----------
        most_idle : how often in vain, one after the other, before giving up.
        least_cells : choices of a neighbourhood, at least.
        """
        value, idle, cells = self.value(self.current), 0, float(least_cells)
        self.best = self.programme.best(self.programme.duals)
        with ThreadPoolExecutor(AT_ONCE) as threads:
            for number in range(MENDINGS):
                if value <= max(until, self.least) or idle >= most_idle or self.effort.is_over:
                    break
                before = value
                freed = self._neighbourhoods(number, int(cells))
                searches = [threads.submit(self._search, free, value) for free in freed]
                answers = [answer.result() for answer in searches]
                for free, (found, _) in zip(freed, answers, strict=True):
                    value = self._apply(free, found, value)
                idle = 0 if value < before else idle + 1
                if not all(is_best for _, is_best in answers):
                    cells = max(least_cells, cells / SMALLER)
                elif idle:
                    cells = min(MOST_CELLS, cells * LARGER)
        return value < MISSED

    def _apply(self, free: Flags, found: Flags | None, value: int) -> int:
        """Take what a search found for the cells freed, unless it costs more beside what others found; return the cost."""
        if found is None:
            return value
        tried = np.where(free, found, self.current)
        cost = self.value(tried)
        if cost > value:
            return value
        self.current = tried
        return cost

    def value(self, rows: Flags) -> int:
        """Return what rows cost: couplings missed, wishes, stints."""
        programme = self.programme
        tolls = programme.graph.measure(np.arange(len(rows)), rows).tolls
        wishes, stints = (
            int((rows * programme.prices[n].home).sum() + tolls[n].sum()) + programme.prices[n].constant
            for n in range(2)
        )
        return int(np.abs(self._lacking(rows)).sum()) * MISSED + wishes * WISH + stints * STINT

    def _lacking(self, rows: Flags) -> Whole:
        """Return what each coupling lacks or has too much, but for those that keep an objective."""
        return lacking(self.programme, rows)[: self.couplings]

    @property
    def couplings(self) -> int:
        """How many couplings there are; the rows behind them keep an objective."""
        return len(self.programme.lows) - len(self.programme.caps)

    # Neighbourhoods ---------------------------------------------------------------------------------------------

    def _neighbourhoods(self, number: int, most: int) -> list[Flags]:
        """Return the cells to free by searches that go on at once: nobody is in two, so that every row stays lawful."""
        found: list[Flags] = []
        others = np.ones(len(self.current), dtype=bool)
        for _ in range(AT_ONCE):
            free = self._neighbourhood(number, most, others)
            if free.any():
                found.append(free)
                others = others & ~free.any(axis=1)
        return found

    def _neighbourhood(self, number: int, most: int, others: Flags) -> Flags:
        """Return the cells to free: the days about what is missed, or some people for the whole period.

        Where nothing is missed, people whose rows cost more than their best are drawn the more likely. Only people of
        `others` are drawn.
        """
        days = self.current.shape[1]
        row, person, _, _ = self.programme.at
        loss = np.zeros(len(self.current))
        least = SHORTEST
        lacking = self._lacking(self.current)
        if lacking.any():
            chosen = self.draw.choice(np.nonzero(lacking)[0].tolist())
            middle, least = self._between(chosen, lacking)
        else:
            everybody = np.arange(len(self.current))
            spent = self.programme.reduced(everybody, self.current, self.programme.duals) - self.best
            loss = spent / SCALE
            dear = self.draw.choices(everybody.tolist(), (loss + 0.01).tolist())[0]
            chosen = self.draw.choice(np.unique(row[person == dear]).tolist())
            middle = self.draw.randrange(days)
        who = np.unique(person[(row == chosen) & others[person]]).tolist()
        order = sorted(who, key=lambda p: -self.draw.random() * (1 + float(loss[p])))
        cells = np.zeros_like(self.rows.free)
        if number % 2:
            cells[order[: max(2, most // days)]] = True
        else:
            some = order[: max(2, most // least)]
            length = max(least, min(days, most // max(1, len(some))))
            first = middle - length // 2 + self.draw.randint(-length // 4, length // 4) * (least == SHORTEST)
            first = max(0, min(days - length, first))
            cells[some, first : first + length] = True
        return cells & self.rows.free if self.frozen is None else cells & self.rows.free & ~self.frozen

    def _between(self, chosen: int, lacking: Whole) -> tuple[int, int]:
        """Return the middle and the length of the days from a coupling to the nearest that can give what it lacks."""
        row, person, day, _ = self.programme.at
        mine = row == chosen
        here = int(day[mine][0])
        opposite = (np.sign(lacking) == -np.sign(lacking[chosen])).nonzero()[0]
        shared = np.isin(row, opposite) & np.isin(person, person[mine])
        if not shared.any():
            return here, SHORTEST
        there = day[shared]
        other = int(there[np.argmin(np.abs(there - here))])
        length = abs(here - other) + MARGIN
        return ((here + other) // 2, max(SHORTEST, length)) if length <= LONGEST else (here, SHORTEST)

    # One search -------------------------------------------------------------------------------------------------

    def _search(self, free: Flags, value: int) -> tuple[Flags | None, bool]:
        """Return rows with the cells freed, or None, and whether none are better; `value` is what those before cost."""
        part = _Part(self, free)
        answer = search(
            part.model(self.least - value), replace(self.effort, limit=LIMIT), alone=True, small=True
        )
        if answer.values is None:
            return None, False
        found = self.current.copy()
        for (p, k), variable in part.home.items():
            found[p, k] = bool(answer.values[variable.index])
        return found, answer.bound >= part.cost(answer.values)


class _Part:
    """The cells freed as a model of their own, hinted with the present rows.

    Attributes
    ----------
    home : the variable of each cell freed.
    costs : (cost, variable, present value).
    is_known : whether the present values say what the present rows cost here.
    """

    def __init__(self, mending: Mending, free: Flags) -> None:
        self.mending = mending
        self.free = free
        self.cp = cp_model.CpModel()
        self.home = {(p, k): self.cp.new_bool_var("") for p, k in np.argwhere(free).tolist()}
        self.costs: list[tuple[int, Any, int]] = []
        self.is_known = True
        prices = mending.programme.prices
        for (p, k), variable in self.home.items():
            self._charge(
                int(prices[0].home[p, k]) * WISH + int(prices[1].home[p, k]) * STINT, variable, self._at(p, k)
            )
        for p in np.nonzero(free.any(axis=1))[0].tolist():
            self._add_person(p)
        self._add_couplings()

    def model(self, gain: int) -> cp_model.CpModel:
        """Return the model, which is solved once the costs are lower by `gain` (a negative number)."""
        variables, costs = [v for _, v, _ in self.costs], [c for c, _, _ in self.costs]
        total = cp_model.LinearExpr.weighted_sum(variables, costs)
        self.cp.minimize(total)
        if self.is_known:
            self.cp.add(total >= gain + sum(cost * value for cost, _, value in self.costs))
        for (p, k), variable in self.home.items():
            self.cp.add_hint(variable, self._at(p, k))
        return self.cp

    def cost(self, values: Sequence[int]) -> int:
        """Return what a solution costs."""
        return sum(cost * value_in(variable, values) for cost, variable, _ in self.costs)

    def _at(self, p: int, k: int) -> int:
        return int(self.mending.current[p, k])

    def _charge(self, cost: int, variable: Any, value: int) -> None:
        if cost:
            self.costs.append((cost, variable, value))

    def _add_person(self, p: int) -> None:
        """Add the lines of one person's row, and what its soft lines cost."""
        relaxation, i = self.mending.rows.relaxation, self.mending.rows.people[p]
        lines = [(terms, low, high, 0) for terms, low, high, _ in relaxation.own.get(i, ())]
        for (terms, low, high, _), penalties in relaxation.soft.get(i, ()):
            cost = sum(WEIGHTS.get(penalty.objective, 0) * penalty.weight for penalty in penalties)
            lines += [(terms, low, high, cost)] if cost else []
        for allowed in self.mending.ranges:
            counted = tuple((k, 1) for k in np.nonzero(allowed.counted[p])[0].tolist())
            lines.append((counted, int(allowed.least[p]), int(allowed.most[p]), 0))
        days = [k for q, k in self.home if q == p]
        for terms, low, high, cost in lines:
            if not terms or terms[-1][0] < days[0] or terms[0][0] > days[-1]:
                continue
            opened = [(self.home[p, k], c) for k, c in terms if (p, k) in self.home]
            settled = sum(c * self._at(p, k) for k, c in terms if (p, k) not in self.home)
            least = settled + sum(min(0, c) for _, c in opened)
            most = settled + sum(max(0, c) for _, c in opened)
            if not opened or (least >= low and most <= high):
                continue
            line = self._line(opened, low, high, settled)
            if cost:
                kept = self.cp.new_bool_var("")
                line.only_enforce_if(kept)
                present = sum(c * self._at(p, k) for k, c in terms)
                self._charge(cost, ~kept, int(not low <= present <= high))

    def _line(self, terms: Sequence[tuple[Any, int]], low: int, high: int, settled: int) -> Any:
        expression = cp_model.LinearExpr.weighted_sum([v for v, _ in terms], [c for _, c in terms])
        return self.cp.add_linear_constraint(
            expression,
            low - settled if low > -FAR // 2 else -FAR,
            high - settled if high < FAR // 2 else FAR,
        )

    def _add_couplings(self) -> None:
        """Add the couplings that the cells freed count in; what they miss costs more than all else."""
        programme = self.mending.programme
        row, person, day, coefficient = programme.at
        inside = self.free[person, day]
        fixed = coefficient * (self.mending.current[person, day] & ~inside)
        settled = np.bincount(row, weights=fixed, minlength=len(programme.lows)).astype(np.int64)
        opened: dict[int, list[tuple[Any, int]]] = {}
        for r, p, k, c in np.stack([row, person, day, coefficient])[:, inside].T.tolist():
            opened.setdefault(r, []).append((self.home[p, k], c))
        for values, least, most, terms in programme.others:
            if any(r in opened for r, _ in terms):
                self.is_known = False
                variable = self.cp.new_int_var(least, most, "")
                self._charge(values[0] * WISH + values[1] * STINT, variable, 0)
                for r, c in terms:
                    opened.setdefault(r, []).append((variable, c))
        short = np.abs(lacking(programme, self.mending.current))
        for r in sorted(opened):
            missing = []
            for sign, is_bounded in (
                (1, programme.lows[r] > -FAR // 2),
                (-1, programme.highs[r] < FAR // 2),
            ):
                if is_bounded:
                    missing.append((self.cp.new_int_var(0, MOST_MISSED, ""), sign))
            self._line(
                [*opened[r], *missing], int(programme.lows[r]), int(programme.highs[r]), int(settled[r])
            )
            for n, (variable, _) in enumerate(missing):
                self._charge(MISSED, variable, int(short[r]) if n == 0 else 0)
