"""The weighted sum of one model's objectives as linear terms, and the search for the least.

Where the number of turns is settled everybody's is a variable of its own, the most and the least balance are among the
values that balances can have, and a balance's size is bounded by the line through the two whole numbers beside its
kink: with that CP-SAT's linear programme comes within a hundredth of the least sum before any search.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

from ortools.sat.python import cp_model

from scheduler.problem import Weights
from scheduler.solve.fairness import Balance, Group, Term
from scheduler.solve.model import Auxiliary, UnitModel
from scheduler.solve.search import Effort, search
from scheduler.solve.standing import Standing, sum_of, worth_of
from scheduler.weighing import WEIGHED, coefficient, weighted_sum

AT_ONCE = 0.05
"""The part of the effort in which small parts are proven at once."""

SEARCHED = 0.6
"""The part of the time left, where it is bounded, in which all is searched before a solution is made better in parts."""

MOST_AT_ONCE = 1500
"""Person-days left to choose up to which all are searched at once."""

CELLS = 180
NEARBY = 0.02
IN_VAIN = 16
"""Person-days that are searched anew at a time, the part of the effort for that, and how often in a row in vain."""

FARTHEST = 1000 * 400
"""Balances are less than this, in thousandths of a day."""


class Weighing(Standing):
    """The weighted sum of one model: its terms, and the search for the least.

    Attributes
    ----------
    known : bounds of the sum's parts by themselves, by counting.
    """

    def __init__(self, model: UnitModel, values: Sequence[int], weights: Weights) -> None:
        super().__init__(model)
        self.weights = weights
        self.take(values)
        for name in ("shortfall", "changes"):
            self._keep(name)
        self.known = dict.fromkeys(WEIGHED, 0)
        self.terms: list[Term] = []
        homes, roles = self.groups("home"), self.groups("role")
        for everyday, border in homes:
            self._weigh(everyday, "fairness_spread", "fairness_total")
            self._weigh(border, "monday_friday")
        for everyday, _ in roles:
            self._weigh(everyday, "role_spread", "role_total")
        for name in ("preferences", "stints"):
            costs = self.costs(name)
            self.known[name] = costs.bound
            if times := coefficient(weights, name):
                self.terms += [(times * cost, truth) for cost, truth in costs.terms]

    @property
    def value(self) -> int:
        """The sum of the best solution so far."""
        return worth_of(self.terms, self.values)

    def run(self, effort: Effort) -> int:
        """Search for the least sum; return its bound."""
        open_ = [(c, v) for c, v in self.terms if not isinstance(v, bool)]
        certain = sum(c for c, v in self.terms if v is True)
        if not open_:
            return certain
        self.model.cp.minimize(sum_of(open_))
        cells = {(i, k): variables for i, k, variables in self._cells()}
        is_small = len(cells) <= MOST_AT_ONCE
        bound = weighted_sum(self.weights, self.known)
        if is_small and bound < self.value:
            bound = max(bound, certain + self._search(self.model.cp, effort.share(AT_ONCE), small=True))
        if is_small and effort.deadline is not None and bound < self.value:
            bound = max(bound, certain + self._search(self.model.cp, effort.until(SEARCHED)))
        if bound < self.value:
            self._improve(sorted(cells.items()), effort)
        if is_small and bound < self.value:
            bound = max(bound, certain + self._search(self.model.cp, effort))
        return min(bound, self.value)

    def _improve(self, cells: Sequence[tuple[tuple[int, int], list[int]]], effort: Effort) -> None:
        """Search anew a few people, or everybody over a few days, at a time, until that is often in vain."""
        draw, idle = random.Random(effort.seed), 0
        while idle < IN_VAIN and not effort.is_over:
            free = self._drawn([cell for cell, _ in cells], draw, by_days=idle % 2 == 1)
            attempt = self.model.cp.clone()
            for cell, variables in cells:
                for n in () if cell in free else variables:
                    attempt.proto.variables[n].domain.clear()
                    attempt.proto.variables[n].domain.extend([self.values[n], self.values[n]])
            before = self.value
            self._search(attempt, effort.share(NEARBY), small=True)
            idle = 0 if self.value < before else idle + 1

    def _cells(self) -> Iterator[tuple[int, int, list[int]]]:
        """Yield person, day and the variables that are open there: at home or not, and roles."""
        roles = self.model.roles_offered()
        for i in range(len(self.model.people)):
            for k in range(len(self.model.days)):
                truths = [self.model.home(i, k), *roles.get((i, k), {}).values()]
                variables = {max(t.index, -t.index - 1) for t in truths if not isinstance(t, bool)}
                open_ = [
                    n for n in sorted(variables) if len(set(self.model.cp.proto.variables[n].domain)) > 1
                ]
                if open_:
                    yield i, k, open_

    def _drawn(
        self, cells: Sequence[tuple[int, int]], draw: random.Random, *, by_days: bool
    ) -> set[tuple[int, int]]:
        """Return about `CELLS` cells: all of some people, or of some days in a row."""
        people, days = sorted({i for i, _ in cells}), sorted({k for _, k in cells})
        part = CELLS / max(1, len(cells))
        if by_days:
            count = max(1, round(part * len(days)))
            first = draw.randrange(max(1, len(days) - count + 1))
            chosen = set(days[first : first + count])
            return {(i, k) for i, k in cells if k in chosen}
        whose = set(draw.sample(people, min(len(people), max(2, round(part * len(people))))))
        return {(i, k) for i, k in cells if i in whose}

    def _search(self, cp: Any, effort: Effort, *, small: bool = False) -> int:
        """Minimise from the best solution so far, which is replaced by a better one; return the bound of what is open."""
        if effort.is_over:
            return 0
        answer = search(cp, effort, self.values, alone=True, small=small)
        if answer.values is None:
            return 0
        before = self.values, self.value
        self.take(answer.values)
        if self.value > before[1]:
            self.values = before[0]
        return answer.bound

    def _keep(self, name: str) -> None:
        """Demand that an objective stay what it is."""
        objective = self.costs(name)
        value = self.worth(objective)
        if not objective.terms:
            return
        self.model.cp.add(sum_of(objective.terms) <= value)
        if name == "shortfall" and value == sum(s.least for s in self.model.shortfalls):
            for shortfall in self.model.shortfalls:
                if shortfall.variable is not None:
                    self.model.cp.add(shortfall.variable == shortfall.least)

    # A group's spread and sizes -----------------------------------------------------------------------------------

    def _weigh(self, group: Group, spread: str, total: str = "") -> None:
        """Add a group's spread, and its sum of balances, to the terms."""
        cp, of_spread, of_total = (
            self.model.cp,
            *(coefficient(self.weights, name) for name in (spread, total)),
        )
        aim = group.aim
        least_spread, least_total = (aim.spread, aim.cost) if aim else (0, 0)
        self.known[spread] += least_spread
        if total:
            self.known[total] += least_total
        if not group.balances or not (of_spread or of_total):
            return
        counted = [self._counted(balance) for balance in group.balances]
        if of_spread and len(group.balances) > 1:
            most, least = (self._extreme(group, pick) for pick in (max, min))
            for expression in counted:
                cp.add(expression <= most)
                cp.add(expression >= least)
            cp.add(most - least >= least_spread)
            self.terms += [(of_spread, most), (-of_spread, least)]
        if of_total:
            sizes = [self._size(b, e) for b, e in zip(group.balances, counted, strict=True)]
            cp.add(sum(sizes) >= least_total)
            self.terms += [(of_total, size) for size in sizes]

    def _counted(self, balance: Balance) -> Any:
        """Return a balance as an expression: of a whole number of turns where that is all it depends on."""
        turns = balance.turns
        if turns is None:
            return sum_of(balance.terms) + balance.constant
        if turns.least == turns.most:
            return 1000 * turns.least + turns.offset
        number = self.model.cp.new_int_var(turns.least, turns.most, "turns")
        self._tell(number, lambda value: balance.held + sum(map(value, balance.taken)))
        self.model.cp.add(number == sum(balance.taken) + balance.held)
        return 1000 * number + turns.offset

    def _extreme(self, group: Group, pick: Any) -> Any:
        """Return a variable for the most or the least balance, among the values there are."""
        ranges = [balance.turns for balance in group.balances]
        domain = cp_model.Domain(-FARTHEST, FARTHEST)
        if all(turns is not None for turns in ranges):
            domain = cp_model.Domain.from_values(
                [t.offset + 1000 * n for t in ranges if t is not None for n in range(t.least, t.most + 1)]
            )
        variable = self.model.cp.new_int_var_from_domain(domain, "extreme")
        self._tell(variable, lambda value: pick(b.value(value) for b in group.balances))
        return variable

    def _size(self, balance: Balance, expression: Any) -> Any:
        """Return a variable not below a balance's size, nor below the line through the whole numbers beside its kink."""
        cp, turns = self.model.cp, balance.turns
        size = cp.new_int_var(0, FARTHEST, "size")
        self._tell(size, lambda value: abs(balance.value(value)))
        cp.add(size >= expression)
        cp.add(size >= -expression)
        if turns is not None and turns.least < turns.most:
            kink = -turns.offset // 1000
            if turns.least <= kink < turns.most:
                below, above = (abs(turns.offset + 1000 * n) for n in (kink, kink + 1))
                # 1000 times the line, whose slope is a part of a turn's thousand
                here = turns.offset + 1000 * kink
                cp.add(1000 * size >= 1000 * below + (above - below) * (expression - here))
        return size

    def _tell(self, variable: Any, evaluate: Any) -> None:
        self.model.auxiliaries.append(Auxiliary(variable, evaluate))
        self._extend(variable, evaluate(self.value_of))
