"""Searches of a unit's model within the windows of a node: some people keep their rows, CP-SAT finds the others'."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from scheduler.solve.fairness import Group
from scheduler.solve.model import UnitModel
from scheduler.solve.rows.columns import Programme
from scheduler.solve.rows.fair_shares import constrain
from scheduler.solve.rows.graph import Whole
from scheduler.solve.rows.picking import cheap_rows
from scheduler.solve.rows.reading import Flags
from scheduler.solve.rows.roles import Posts
from scheduler.solve.rows.tree import WISHES, Node
from scheduler.solve.search import Effort, Found, search

PART = 0.2
FREELY = 0.04
"""The parts of the effort that a search has; any rows in the windows are found at once, or rather picked."""

LEAST_FREELY = 0.2
"""Deterministic seconds that looking for any rows has at least: a unit of 40 that is tried whole with a twentieth of the
effort found none in a fifth of this, and took ten times as long by other ways."""

HOLDING = 0.05
"""Deterministic seconds in which roles beside settled rows are mostly found, or proven not to be."""


class Restricted:
    """The model of a unit restricted to a node's windows and bounds.

    Attributes
    ----------
    most_stints : what stints may cost where that is more than the node's bound; None where it is not.
    """

    def __init__(self, model: UnitModel, node: Node, posts: Posts | None, effort: Effort) -> None:
        self.model = model
        self.node = node
        self.posts = posts
        self.effort = effort
        self.rows = node.plan.variant.rows
        self.most_stints: int | None = None

    def find(
        self,
        rows: Flags,
        free: set[int],
        *,
        with_posts: bool,
        programme: Programme | None = None,
        levels: int = 5,
        is_short: bool = False,
    ) -> Found:
        """Search the unit's model, those not free kept to their rows; the others by whole rows of a programme.

        `levels` says how many of the node's bounds are kept.
        """
        if self.effort.is_over:
            return Found(None, 0)
        cp = self.model_of(rows, free, with_posts=with_posts, levels=levels)
        if programme is not None:
            most = self.node.target if programme.main == WISHES else self._last()
            found = cheap_rows(programme, rows, free, most)
            if found is None:
                return Found(None, 0)
            self._link(cp, free, *found)
        if not free:
            return self._hold(cp)
        if is_short:
            limit = max(LEAST_FREELY, FREELY * self.effort.limit)
            return search(cp, replace(self.effort, limit=limit), alone=True, small=True)
        return search(cp, self.effort.share(PART), alone=True)

    def _hold(self, cp: Any) -> Found:
        """Search where every row is settled: mostly a moment's work, and else rather by other strategies."""
        for limit, restarting in ((HOLDING, False), (3 * HOLDING, True)):
            effort = replace(self.effort, limit=min(limit, self.effort.limit))
            answer = search(cp, effort, alone=True, small=True, restarting=restarting)
            if answer.values is not None or answer.is_infeasible:
                return answer
        return search(cp, self.effort.share(PART), alone=True)

    def _link(self, cp: Any, free: set[int], who: Whole, choices: Flags) -> None:
        """Say that each of the free has one of the rows given."""
        number: dict[tuple[int, int], int] = {
            (self.rows.position[i], k): index for index, (i, k) in self.rows.relaxation.cells.items()
        }
        for p in sorted(free):
            mine = np.nonzero(who == p)[0].tolist()
            chosen = [cp.new_bool_var("") for _ in mine]
            cp.add_exactly_one(chosen)
            for k in np.nonzero(self.rows.free[p])[0].tolist():
                home = [variable for n, variable in zip(mine, chosen, strict=True) if choices[n, k]]
                cp.add(sum(home) == cp.get_int_var_from_proto_index(number[p, k]))

    def model_of(self, rows: Flags, free: set[int], *, with_posts: bool, levels: int) -> Any:
        """Return the unit's model with everybody's turns in the windows, and those not free kept to their rows."""
        model, plan = self.model, self.node.plan
        cp = model.cp.clone()
        cp.clear_objective()  # type: ignore[no-untyped-call]  # ortools leaves it untyped
        short = sum(number for _, number in plan.variant.fewer)
        for shortfall in model.shortfalls:
            if shortfall.variable is not None and not short:
                cp.add(shortfall.variable == shortfall.least)
        for line in plan.variant.numbers:
            variables = [cp.get_int_var_from_proto_index(v) for v in line.variables]
            cp.add_linear_constraint(sum(variables), line.low, line.high)
        for s, level in zip(plan.variant.homes, plan.levels, strict=True):
            constrain(cp, s.everyday, level.windows[self._fitting(s.everyday, s.people, level.windows, rows)])
        if levels > 2:
            for s, window in zip(plan.variant.homes, self.node.windows, strict=False):
                constrain(cp, s.border, window)
        if with_posts and self.posts is not None:
            self.posts.constrain(cp)
        for index, (i, k) in self.rows.relaxation.cells.items():
            p = self.rows.position[i]
            if p not in free:
                cp.proto.variables[index].domain.clear()
                value = int(rows[p, k])
                cp.proto.variables[index].domain.extend([value, value])
        for objective, most in zip(
            ("shortfall", "preferences", "stints"), self._most(short, levels), strict=True
        ):
            terms = model.costs.get(objective, [])
            if terms and most is not None:
                cp.add(sum(weight * literal for weight, literal in terms) <= most)
        return cp

    def _most(self, short: int, levels: int) -> tuple[int | None, int | None, int | None]:
        """Return how much shortfall, wishes and stints may cost."""
        key = self.node.key
        return (
            self.node.shortfall if short else None,
            key[3] if levels > 3 else None,
            self._last() if levels > 4 else None,
        )

    def _last(self) -> int:
        return self.node.key[-1] if self.most_stints is None else max(self.most_stints, self.node.key[-1])

    def homes(self, values: Sequence[int]) -> Flags:
        """Return everybody's days at home in a solution."""
        rows = np.zeros_like(self.rows.free)
        for index, (i, k) in self.rows.relaxation.cells.items():
            rows[self.rows.position[i], k] = bool(values[index])
        return rows

    def _fitting(self, group: Group, people: Sequence[int], windows: Sequence[Any], rows: Flags) -> int:
        """Return the number of the window that most people's rows are in."""
        if len(windows) == 1 or not rows.size:
            return 0
        position = self.rows.position
        cells = self.rows.relaxation.cells
        turns = [
            sum(int(rows[position[i], cells[literal.index][1]]) for literal in balance.taken)
            for i, balance in zip(people, group.balances, strict=True)
        ]
        fits = [
            sum(low <= n <= high for low, n, high in zip(w.least, turns, w.most, strict=True))
            for w in windows
        ]
        return fits.index(max(fits))
