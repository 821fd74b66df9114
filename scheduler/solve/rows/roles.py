"""The fairest turns in posts that people's days at the office leave room for: counting, over all posts at once.

Who works at home so many days can hold posts on the others alone, and one at a time where posts exclude each other.
A small programme in whole numbers shares the turns out under that; its values are bounds (what it leaves out, which
day is whose, can only make turns less fair).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ortools.sat.python import cp_model

from scheduler.solve.bounds import Window
from scheduler.solve.model import UnitModel
from scheduler.solve.rows.fair_shares import Shares, constrain, fairest_of
from scheduler.solve.rows.plans import Plan
from scheduler.solve.search import Effort, search, value_in

PART = 0.1
FARTHEST = 1000 * 1000
MOST_OFFICERS = 400
"""Where more people have turns in posts, each post is counted by itself."""


@dataclass(frozen=True, slots=True)
class Posts:
    """The least spread and sum of balances, and where each person's turns must be for them."""

    spread: int
    total: int
    groups: tuple[Shares, ...]
    windows: tuple[Window, ...]
    is_boxed: bool

    def constrain(self, cp: Any) -> None:
        """Demand that turns be as fair as that."""
        if self.is_boxed:
            for shares, window in zip(self.groups, self.windows, strict=True):
                constrain(cp, shares.everyday, window)
            return
        values = [[b.constant + 1000 * sum(b.taken) for b in s.everyday.balances] for s in self.groups]
        cp.add(_spread(cp, values) <= self.spread)
        cp.add(_total(cp, values) <= self.total)

    def constrain_loosely(self, cp: Any) -> list[Any]:
        """Demand the same but for what the variables returned say, which are 0 where turns are so fair."""
        found: list[Any] = []
        if not self.is_boxed:
            values = [[b.constant + 1000 * sum(b.taken) for b in s.everyday.balances] for s in self.groups]
            for value, most in ((_spread(cp, values), self.spread), (_total(cp, values), self.total)):
                found.append(cp.new_int_var(0, FARTHEST, ""))
                cp.add(value - 1000 * found[-1] <= most)
            return found
        for shares, window in zip(self.groups, self.windows, strict=True):
            for balance, least, most in zip(shares.everyday.balances, window.least, window.most, strict=True):
                if balance.taken and (least > 0 or most < len(balance.taken)):
                    fewer, more = (cp.new_int_var(0, len(balance.taken), "") for _ in range(2))
                    cp.add_linear_constraint(sum(balance.taken) + fewer - more, least, most)
                    found += [fewer, more]
        return found

    def amiss(self, values: Sequence[int]) -> set[int]:
        """Return the people who have more or fewer turns than they should; nobody where that is not told one by one."""
        found: set[int] = set()
        if self.is_boxed:
            for shares, window in zip(self.groups, self.windows, strict=True):
                for i, balance, least, most in zip(
                    shares.people, shares.everyday.balances, window.least, window.most, strict=True
                ):
                    turns = sum(value_in(literal, values) for literal in balance.taken)
                    if balance.taken and not least <= turns <= most:
                        found.add(i)
        return found


def fairest_posts(model: UnitModel, groups: Sequence[Shares], plan: Plan, effort: Effort) -> Posts | None:
    """Return the fairest turns in posts within a plan; None where counting cannot share them out."""
    room = _room(model, plan)
    alone = [fairest_of(s.everyday, [None] * len(s.people)) for s in groups]
    known = [f for f in alone if f is not None]
    if len(known) < len(alone):
        return None
    posts = Posts(
        sum(f.spread for f in known), sum(f.total for f in known), tuple(groups),
        tuple(f.windows[0] for f in known), is_boxed=True,
    )  # fmt: skip
    least: dict[int, int] = {}
    for s, f in zip(groups, known, strict=True):
        for i, n in zip(s.people, f.windows[0].least, strict=True):
            least[i] = least.get(i, 0) + n
    if all(number <= room[i] for i, number in least.items()) or len(least) > MOST_OFFICERS:
        return posts
    return _share_out(groups, room, posts, effort) or posts


def _room(model: UnitModel, plan: Plan) -> dict[int, int]:
    """Return on how many days each person can hold a post, at most: days on which one is offered less days at home."""
    position = plan.variant.rows.position
    free = plan.variant.rows.free
    offered: dict[int, set[int]] = {}
    for (i, k), names in model.roles_offered().items():
        if any(not isinstance(truth, bool) for truth in names.values()):
            offered.setdefault(i, set()).add(k)
    room = {}
    for i, days in offered.items():
        room[i] = len(days)
        if i in position:
            elsewhere = sum(bool(free[position[i], k]) for k in range(free.shape[1]) if k not in days)
            room[i] -= max(0, int(plan.least[position[i]]) - elsewhere)
    return room


def _share_out(groups: Sequence[Shares], room: dict[int, int], posts: Posts, effort: Effort) -> Posts | None:
    """Return the fairest turns that everybody has room for; None where that is not settled, or cannot be."""
    cp = cp_model.CpModel()
    by_person: dict[int, list[Any]] = {}
    values: list[list[Any]] = []
    for s in groups:
        turns = []
        for i, balance in zip(s.people, s.everyday.balances, strict=True):
            turns.append(cp.new_int_var(0, len(balance.taken), ""))
            by_person.setdefault(i, []).append(turns[-1])
        cp.add(sum(turns) == (s.everyday.total or 0) - sum(balance.held for balance in s.everyday.balances))
        values.append([b.constant + 1000 * n for b, n in zip(s.everyday.balances, turns, strict=True)])
    for i, numbers in by_person.items():
        cp.add(sum(numbers) <= room.get(i, 0))
    spread = _spread(cp, values)
    cp.add(spread >= posts.spread)
    cp.minimize(spread)
    answer = search(cp, effort.share(PART), alone=True)
    if answer.values is None or answer.bound < (least := round_value(cp, answer.values)):
        return None
    cp.add(spread <= least)
    total = _total(cp, values)
    cp.add(total >= posts.total)
    cp.minimize(total)
    answer = search(cp, effort.share(PART), alone=True)
    if answer.values is None or answer.bound < (sizes := round_value(cp, answer.values)):
        return None
    return Posts(least, sizes, posts.groups, posts.windows, is_boxed=False)


def round_value(cp: Any, values: Sequence[int]) -> int:
    """Return the value of a model's objective in a solution."""
    objective = cp.proto.objective
    value: int = int(objective.offset) + sum(
        c * (values[v] if v >= 0 else -values[-v - 1])
        for v, c in zip(objective.vars, objective.coeffs, strict=True)
    )
    return value


def _spread(cp: Any, groups: Sequence[Sequence[Any]]) -> Any:
    """Return the sum over groups of a variable above all values less one below them."""
    found = []
    for values in groups:
        least, most = (cp.new_int_var(-FARTHEST, FARTHEST, "") for _ in range(2))
        for value in values:
            cp.add(value >= least)
            cp.add(value <= most)
        found.append(most - least)
    return sum(found)


def _total(cp: Any, groups: Sequence[Sequence[Any]]) -> Any:
    """Return the sum of variables not below the size of each value."""
    found = []
    for values in groups:
        for value in values:
            size = cp.new_int_var(0, FARTHEST, "")
            cp.add(size >= value)
            cp.add(size >= -value)
            found.append(size)
    return sum(found)
