"""Posts given to whole rows, their turns as fair as can be, with few people's rows changed for it.

At first rows stay, and turns may be less fair; then a few of those who have too many or too few, and some people more,
are searched anew until nobody has (large neighbourhood search; Shaw, 1998). Searching all officers at once takes long,
and makes their rows any that are lawful.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from scheduler.solve.rows.freed import STINT, WISH
from scheduler.solve.rows.reading import Flags
from scheduler.solve.rows.restricted import PART, Restricted
from scheduler.solve.rows.roles import Posts
from scheduler.solve.search import Effort, search, value_in

LOOSE = 3
"""The bounds kept where wishes and stints are as few as can be rather than at most so many."""

ATTEMPTS = 30
AMISS = 4
"""People whose turns are amiss set free in an attempt."""

OTHERS = 4
"""People set free beside them, at first; one more after each attempt in vain."""

ALLOWED = 2
MOST_ALLOWED = 2 * WISH
"""What wishes and stints may cost more after the first attempt, twice as much after each in vain, and at most."""


def hold_posts(
    restricted: Restricted, rows: Flags, posts: Posts, effort: Effort, draw: random.Random
) -> tuple[Sequence[int] | None, bool]:
    """Return the values of every variable for a roster of these rows or nearly so, and whether posts are as fair.

    None where posts cannot be held with these rows, however unfair.
    """
    holding = _Holding(restricted, posts, effort)
    unfair = holding.search(rows, set(), None)
    everybody, vain = range(len(rows)), 0
    for _ in range(ATTEMPTS):
        if not unfair or effort.is_over:
            break
        assert holding.values is not None
        position = restricted.rows.position
        wrong = sorted(position[i] for i in posts.amiss(holding.values) if i in position)
        some = draw.sample(everybody, min(OTHERS + vain, len(rows)))
        free = {*draw.sample(wrong, min(AMISS, len(wrong))), *some}
        now = holding.search(
            restricted.homes(holding.values), free, holding.values, min(MOST_ALLOWED, ALLOWED << vain)
        )
        unfair, vain = (now, 0) if now is not None and now < unfair else (unfair, vain + 1)
    return holding.values, unfair == 0


class _Holding:
    """The best roster so far: `values` of every variable."""

    def __init__(self, restricted: Restricted, posts: Posts, effort: Effort) -> None:
        self.restricted = restricted
        self.posts = posts
        self.effort = effort.share(PART)
        self.values: Sequence[int] | None = None

    def search(self, rows: Flags, free: set[int], hint: Sequence[int] | None, allowed: int = 0) -> int | None:
        """Return how unfair posts are at least with the rows of those `free` to choose; keep the roster."""
        cp = self.restricted.model_of(rows, free, with_posts=False, levels=LOOSE)
        loose = self.posts.constrain_loosely(cp)
        cp.minimize(sum(loose))
        terms = [
            (weight * times, literal)
            for objective, times in (("preferences", WISH), ("stints", STINT))
            for weight, literal in self.restricted.model.costs.get(objective, ())
        ]
        if hint is not None and terms:
            cost = sum(weight * value_in(literal, hint) for weight, literal in terms)
            cp.add(sum(weight * literal for weight, literal in terms) <= cost + allowed)
        answer = search(cp, self.effort, hint, alone=True)
        if answer.values is None:
            return None
        self.values = answer.values
        return sum(value_in(variable, answer.values) for variable in loose)
