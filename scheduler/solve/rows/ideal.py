"""The roster that is best in every objective at once, where counting and whole rows say that one can exist.

Counting gives the fairest shares of turns (`fair_shares`, `roles`), column generation the least cost of wishes and
stints within them (`columns`), a search over windows the best of all (`tree`), and CP-SAT a roster there
(`rounding`). What it finds meets every bound and so needs no pass; where it finds nothing the passes have the bounds
all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from scheduler.roster import ObjectiveValue
from scheduler.solve.model import UnitModel
from scheduler.solve.rows import numbers
from scheduler.solve.rows.columns import LONG
from scheduler.solve.rows.fair_shares import Shares, shares
from scheduler.solve.rows.master import MasterError
from scheduler.solve.rows.plans import Variant, variant
from scheduler.solve.rows.reading import read_rows
from scheduler.solve.rows.roles import Posts, fairest_posts, posts_beside
from scheduler.solve.rows.rounding import FEW, Rounding
from scheduler.solve.rows.tree import Node, TooLongError, Tree
from scheduler.solve.search import Effort, value_in

FAIRNESS = ("shortfall", "fairness_spread", "fairness_total")
NEEDS = {
    "shortfall": (),
    "changes": ("shortfall",),
    "fairness_spread": ("shortfall",),
    "fairness_total": ("shortfall", "fairness_spread"),
    "role_spread": FAIRNESS,
    "role_total": (*FAIRNESS, "role_spread"),
    "monday_friday": FAIRNESS,
    "preferences": (*FAIRNESS, "monday_friday"),
    "stints": (*FAIRNESS, "monday_friday", "preferences"),
}
"""Which objectives must be exactly at their own bounds for a bound to hold."""

ROLES = ("role_spread", "role_total")
MOST_RAISED = 4
MOST_EXTRA = 3
"""Shortfalls beyond the least by counting that are looked into, where CP-SAT does not tell how many there must be."""

BOUNDED = 0.3
LONG_BOUNDED = 0.5
NEAR = 6000
"""The part of the time left, where it is bounded, after which stints of a long period are bounded no further, and of a
bound that is not yet so near, in thousandths; they are again for the wishes reached."""

SETTLING = 0.1
"""The part of the effort in which CP-SAT tells few people's numbers."""


@dataclass(slots=True)
class Ideal:
    """What is known before the passes: bounds by objective (see `NEEDS`), and a solution where one was found.

    `trade` is what wishes may cost and the bound of stints then. `after_roles` says that bounds after the
    roles' need those met as well; `measured` has the solution's objectives
    where it was put together from parts.
    """

    bounds: dict[str, int] = field(default_factory=dict)
    values: list[int] | None = None
    homes: list[Shares] | None = None
    roles: list[Shares] | None = None
    after_roles: bool = False
    trade: tuple[int, int] | None = None
    measured: dict[str, int] | None = None

    def needs(self, objective: str) -> tuple[str, ...]:
        """Return the objectives whose values must be their bounds for this one's bound to hold."""
        after = ROLES if self.after_roles and objective in ("monday_friday", "preferences", "stints") else ()
        return (*NEEDS[objective], *after)

    def bound(self, objective: str, reached: Mapping[str, ObjectiveValue]) -> int:
        """Return the bound of an objective where those it needs are at theirs, else none worth having."""
        if objective not in self.bounds:
            return 0
        unmet = [
            name
            for name in self.needs(objective)
            if name not in reached or reached[name].value != self.bounds.get(name)
        ]
        if not unmet:
            return self.bounds[objective]
        if objective == "stints" and unmet == ["preferences"] and self.trade is not None:
            wishes, stints = self.trade
            return max(0, stints) if reached["preferences"].value <= wishes else 0
        return 0

    def measure(self, model: UnitModel, value: Callable[[Any], int]) -> dict[str, int] | None:
        """Return every objective of the solution found, without a variable of its own; None where none was."""
        if self.measured is not None:
            return self.measured
        if self.values is None or self.homes is None or self.roles is None:
            return None
        found = {name: _cost(model, name, value) for name in ("shortfall", "preferences", "stints")}
        for prefix, groups in (("fairness", self.homes), ("role", self.roles)):
            found[f"{prefix}_spread"] = sum(s.everyday.spread(value) for s in groups)
            found[f"{prefix}_total"] = sum(s.everyday.sum_of_sizes(value) for s in groups)
        found["monday_friday"] = sum(s.border.spread(value) for s in self.homes)
        return found

    def is_met(self, model: UnitModel) -> bool:
        """Whether the solution found meets the bound of every objective."""
        measured = self.measure(model, lambda variable: value_in(variable, self.values or []))
        if measured is None:
            return False
        reached = {
            name: ObjectiveValue(name=name, value=value, bound=self.bounds.get(name, 0))
            for name, value in measured.items()
        }
        return all(value <= self.bound(name, reached) for name, value in measured.items())


def _cost(model: UnitModel, objective: str, value: Callable[[Any], int]) -> int:
    return sum(weight * value(literal) for weight, literal in model.costs.get(objective, ()))


def find_whole(
    model: UnitModel, effort: Effort, steps: int | None = None, *, is_bounding: bool = False
) -> Ideal:
    """Return the bounds of a unit that is not taken apart; given up after so many `steps` of the tree.

    No roster is looked for where `is_bounding`.
    """
    found = Ideal(roles=shares(model, "role"))
    if found.roles == []:
        found.bounds.update(role_spread=0, role_total=0)
    places, rows = numbers.places(model), read_rows(model)
    least = sum(shortfall.least for shortfall in model.shortfalls)
    for extra, ways, is_certain in _ways(model, len(rows.people), effort):
        if ways is None and is_certain:
            found.bounds["shortfall"] = least + extra
            return found
        is_complete = ways is not None
        variants = [variant(model, rows, places, fewer) for fewer in (ways if ways is not None else [()])]
        known = [v for v in variants if v is not None]
        if len(known) < len(variants) or effort.is_over:
            return found
        tree = _tree(known, effort, steps)
        try:
            node = tree.best()
        except (TooLongError, MasterError):
            if is_complete:
                found.bounds["shortfall"] = least + extra
                _fill_in(found, tree.least)
            return found
        if node is not None:
            break
        if not is_complete:
            return found
    else:
        return found
    if is_complete:
        found.bounds["shortfall"] = least + extra
        _fill_in(found, node.key)
        # Another plan is as fair: it may leave room for fairer posts, and then other Mondays and Fridays.
        found.after_roles = tree.has_rival(node)
    found.homes = node.plan.variant.homes
    for _ in range(0 if is_bounding else MOST_RAISED):
        node.shortfall = least + extra
        posts = None
        if (
            found.roles
            and (posts := fairest_posts(model, found.roles, node.plan, effort)) is not None
            and is_complete
        ):
            found.bounds.update(_posts_bounds(model, known if found.after_roles else [], node, posts, effort))
        rounding = Rounding(model, node, posts, effort, is_brief=steps is not None and _is_small(model))
        rounding.run()
        if is_complete:  # what is raised holds only as far as no other node is open below
            _fill_in(found, min(node.key, tree.least or node.key))
        found.values, found.homes = rounding.values, node.plan.variant.homes
        found.after_roles |= rounding.after_posts
        if not (rounding.raise_wishes or rounding.raise_stints):
            break
        (tree.raise_wishes if rounding.raise_wishes else tree.raise_stints)(node)
        try:
            following = tree.best()
        except (TooLongError, MasterError):
            break
        if following is None:
            break
        node = following
    _trade(found, model, tree, node)
    return found


def _is_small(model: UnitModel) -> bool:
    """Whether parts of the unit are sooner done by themselves than what a few searches of the whole do not find."""
    return len(model.people) <= FEW or len(model.days) <= LONG


def _posts_bounds(
    model: UnitModel, rivals: list[Variant], node: Node, posts: Posts, effort: Effort
) -> dict[str, int]:
    """Return the bounds of roles: those of a plan's posts, or of all plans' where it has rivals."""
    bounds = (
        posts_beside(model, rivals, node.key[:2], posts, effort) if rivals else (posts.spread, posts.total)
    )
    return {} if bounds is None else dict(zip(ROLES, bounds, strict=True))


def _tree(variants: list[Variant], effort: Effort, steps: int | None) -> Tree:
    """Return the tree of variants, which leaves stints of long periods to themselves in time."""
    late, too_late = effort.until(BOUNDED), effort.until(LONG_BOUNDED)
    return Tree(
        variants,
        lambda: effort.is_over,
        steps,
        is_late=lambda gap: too_late.is_over or (gap <= NEAR and late.is_over),
    )


def _trade(found: Ideal, model: UnitModel, tree: Tree, node: Node) -> None:
    """Bound stints again for what the wishes of the solution cost, where that tells more than is known so far.

    That is where they cost more than their bound, or where the bound of stints was left before its time.
    """
    if (values := found.values) is None or "stints" not in found.bounds or len(node.key) < 5:
        return
    wishes = max(node.key[3], _cost(model, "preferences", lambda variable: value_in(variable, values)))
    if wishes == node.key[3] and not tree.was_late:
        return
    try:
        stints = tree.stints_for(node, wishes)
    except MasterError:
        return
    if stints is None:
        return
    found.trade = wishes, stints
    if wishes == node.key[3]:
        found.bounds["stints"] = max(found.bounds["stints"], stints)


def _ways(
    model: UnitModel, people: int, effort: Effort
) -> Iterator[tuple[int, list[numbers.Fewer] | None, bool]]:
    """Yield shortfalls beyond the least, the ways to have so many, and whether some roster has one of them for certain."""
    if people <= numbers.FEW_PEOPLE and (known := numbers.attainable(model, effort.share(SETTLING))):
        yield *known, True
        return
    for extra in range(MOST_EXTRA + 1):
        yield extra, numbers.variants(model, extra), False


def _fill_in(found: Ideal, key: tuple[int, ...]) -> None:
    names = ("fairness_spread", "fairness_total", "monday_friday", "preferences", "stints")
    found.bounds.update(zip(names, key, strict=False))
