"""The fairest turns in posts that people's days at the office leave room for: counting, over all posts at once.

Who works at home so many days can hold posts on the others alone, and one at a time where posts exclude each other.
A small programme in whole numbers shares the turns out under that; its values are bounds (what it leaves out, which
day is whose, can only make turns less fair).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from scheduler.solve.bounds import Window
from scheduler.solve.model import UnitModel
from scheduler.solve.rows.fair_shares import Shares, constrain, fairest_of, ranges_of
from scheduler.solve.rows.graph import Whole
from scheduler.solve.rows.plans import Plan, Variant
from scheduler.solve.rows.sharing import Sharing, spread_of, total_of
from scheduler.solve.search import Effort, value_in

FARTHEST = 1000 * 1000
MOST_OFFICERS = 400
"""Where more people have turns in posts, each post is counted by itself."""


@dataclass(frozen=True, slots=True)
class Posts:
    """The least spread and sum of balances, and where each person's turns must be for them.

    `is_whole` tells whether every way to be so fair is there.
    """

    spread: int
    total: int
    groups: tuple[Shares, ...]
    windows: tuple[Window, ...]
    is_boxed: bool
    is_whole: bool = True

    def constrain(self, cp: Any) -> None:
        """Demand that turns be as fair as that."""
        if self.is_boxed:
            for shares, window in zip(self.groups, self.windows, strict=True):
                constrain(cp, shares.everyday, window)
            return
        values = [[b.constant + 1000 * sum(b.taken) for b in s.everyday.balances] for s in self.groups]
        cp.add(spread_of(cp, values) <= self.spread)
        cp.add(total_of(cp, values) <= self.total)

    def constrain_loosely(self, cp: Any) -> list[Any]:
        """Demand the same but for what the variables returned say, which are 0 where turns are so fair."""
        found: list[Any] = []
        if not self.is_boxed:
            values = [[b.constant + 1000 * sum(b.taken) for b in s.everyday.balances] for s in self.groups]
            for value, most in ((spread_of(cp, values), self.spread), (total_of(cp, values), self.total)):
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
    alone = [fairest_of(s.everyday, [None] * len(s.people)) for s in groups]
    known = [f for f in alone if f is not None]
    if len(known) < len(alone):
        return None
    posts = Posts(
        sum(f.spread for f in known), sum(f.total for f in known), tuple(groups),
        tuple(f.windows[0] for f in known), is_boxed=True,
        is_whole=all(len(f.windows) == 1 for f in known),
    )  # fmt: skip
    if len({i for s in groups for i in s.people}) > MOST_OFFICERS:
        return posts
    if _fits(posts, _room(model, plan, plan.most), [window.most for window in posts.windows]):
        return posts
    ranges = [
        ranges_of(s, s.everyday, plan.variant.rows.position, plan.least, plan.most)
        for s in plan.variant.homes
    ]
    fairness = tuple(sum(values) for values in zip(*(level.value for level in plan.levels), strict=True))
    found = _beside(model, groups, plan.variant, ranges, fairness, posts, effort)
    if found is None:
        return posts
    is_as_counted = found == (posts.spread, posts.total)
    if is_as_counted and _fits(posts, _room(model, plan, plan.least), [w.least for w in posts.windows]):
        return posts
    return Posts(*found, posts.groups, posts.windows, is_boxed=False)


def posts_beside(
    model: UnitModel, variants: Sequence[Variant], fairness: Sequence[int], posts: Posts, effort: Effort
) -> tuple[int, int] | None:
    """Return bounds of spread and sum of balances that hold in any plan where turns at home are as fair as that.

    None where they are not told for some of the variants.

    Parameters
    ----------
    fairness : spread and sum of balances of turns at home.
    posts : the fairest in one of the plans.
    """
    alone = [fairest_of(s.everyday, [None] * len(s.people)) for s in posts.groups]
    known = [f for f in alone if f is not None]
    counted = replace(posts, spread=sum(f.spread for f in known), total=sum(f.total for f in known))
    if (posts.spread, posts.total) == (counted.spread, counted.total):
        return counted.spread, counted.total
    least: list[tuple[int, int]] = []
    for variant in variants:
        ranges = [None] * len(variant.homes)
        found = _beside(model, posts.groups, variant, ranges, fairness, counted, effort)
        if found is None:
            return None
        least.append(found)
    return min(least, default=None)


def _beside(
    model: UnitModel,
    groups: Sequence[Shares],
    variant: Variant,
    ranges: Sequence[Sequence[tuple[int, int] | None] | None],
    fairness: Sequence[int],
    posts: Posts,
    effort: Effort,
) -> tuple[int, int] | None:
    """Return the least spread and sum of balances beside turns at home; None where they are not found."""
    sharing = Sharing(model, [s.everyday for s in variant.homes], [s.everyday for s in groups], ranges)
    if fairness:
        sharing.keep_homes(*fairness)
    spread, found = sharing.least_spread(effort, posts.spread)
    if found is None:
        return None
    total, found = sharing.least_total(effort, spread, posts.total)
    return None if found is None else (spread, total)


def _fits(posts: Posts, room: dict[int, int], turns: Sequence[Sequence[int]]) -> bool:
    """Whether everybody has room for so many turns, whichever posts exclude each other."""
    taken: dict[int, int] = {}
    for s, numbers in zip(posts.groups, turns, strict=True):
        for i, number in zip(s.people, numbers, strict=True):
            taken[i] = taken.get(i, 0) + number
    return all(number <= room.get(i, 0) for i, number in taken.items())


def _room(model: UnitModel, plan: Plan, homes: Whole) -> dict[int, int]:
    """Return on how many days each person can hold a post, at most: days on which one is offered less days at home.

    Parameters
    ----------
    homes : everybody's turns at home, by row of the graph.
    """
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
            room[i] -= max(0, int(homes[position[i]]) - elsewhere)
    return room
