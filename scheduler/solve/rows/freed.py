"""The cells that a search frees, as a model of their own; all others stay as they are.

Every row stays lawful and within its turns. What couplings miss is paid for and comes first, then wishes, then stints.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from scheduler.solve.rows.columns import Programme
from scheduler.solve.rows.graph import Whole
from scheduler.solve.rows.picking import lacking
from scheduler.solve.rows.reading import Flags, Rows
from scheduler.solve.rows.relaxation import FAR
from scheduler.solve.search import value_in

MISSED, WISH, STINT = 1_000_000, 1000, 1
"""What one place missed, one wish and one stint cost: nobody has so many of the next as would outweigh one."""

WEIGHTS = {"preferences": WISH, "stints": STINT}
MOST_MISSED = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranges:
    """Everybody's turns allowed: which days count, (people, days), and the least and most of them."""

    counted: Flags
    least: Whole
    most: Whole


class Freed:
    """The cells freed as a model of their own, hinted with the present rows.

    Attributes
    ----------
    home : the variable of each cell freed.
    costs : (cost, variable, present value).
    present : the present value of each variable that is no cell.
    is_known : whether the present values say what the present rows cost here.
    """

    def __init__(
        self, programme: Programme, rows: Rows, ranges: Sequence[Ranges], current: Flags, free: Flags
    ) -> None:
        self.programme = programme
        self.rows = rows
        self.ranges = ranges
        self.current = current
        self.free = free
        self.cp = cp_model.CpModel()
        self.home = {(p, k): self.cp.new_bool_var("") for p, k in np.argwhere(free).tolist()}
        self.costs: list[tuple[int, Any, int]] = []
        self.is_known = True
        self.present: list[tuple[Any, int]] = []
        prices = programme.prices
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
        for variable, value in self.present:
            self.cp.add_hint(variable, value)
        return self.cp

    def cost(self, values: Sequence[int]) -> int:
        """Return what a solution costs."""
        return sum(cost * value_in(variable, values) for cost, variable, _ in self.costs)

    def _at(self, p: int, k: int) -> int:
        return int(self.current[p, k])

    def _charge(self, cost: int, variable: Any, value: int) -> None:
        if cost:
            self.costs.append((cost, variable, value))

    def _add_person(self, p: int) -> None:
        """Add the lines of one person's row, and what its soft lines cost."""
        relaxation, i = self.rows.relaxation, self.rows.people[p]
        lines = [(terms, low, high, 0) for terms, low, high, _ in relaxation.own.get(i, ())]
        for (terms, low, high, _), penalties in relaxation.soft.get(i, ()):
            cost = sum(WEIGHTS.get(penalty.objective, 0) * penalty.weight for penalty in penalties)
            lines += [(terms, low, high, cost)] if cost else []
        for allowed in self.ranges:
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
                is_kept = low <= present <= high
                self.present.append((kept, int(is_kept)))
                self._charge(cost, ~kept, int(not is_kept))

    def _line(self, terms: Sequence[tuple[Any, int]], low: int, high: int, settled: int) -> Any:
        expression = cp_model.LinearExpr.weighted_sum([v for v, _ in terms], [c for _, c in terms])
        return self.cp.add_linear_constraint(
            expression,
            low - settled if low > -FAR // 2 else -FAR,
            high - settled if high < FAR // 2 else FAR,
        )

    def _add_couplings(self) -> None:
        """Add the couplings that the cells freed count in; what they miss costs more than all else."""
        programme = self.programme
        row, person, day, coefficient = programme.at
        inside = self.free[person, day]
        fixed = coefficient * (self.current[person, day] & ~inside)
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
        short = lacking(programme, self.current)
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
            for variable, sign in missing:
                value = max(0, sign * int(short[r]))
                self.present.append((variable, value))
                self._charge(MISSED, variable, value)
