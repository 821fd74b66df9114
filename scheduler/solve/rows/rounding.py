"""From parts of whole rows to a roster: who has one row keeps it, CP-SAT finds the others' ("relax and fix"; Wolsey, 1998).

Everybody's turns stay within the windows and wishes and stints within their bounds, so that what is found needs no
further proof. Where nothing is found everybody is set free, so that finding none is a proof.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np

from scheduler.solve.model import UnitModel
from scheduler.solve.rows.columns import Programme
from scheduler.solve.rows.descent import settle
from scheduler.solve.rows.emptying import leave_empty
from scheduler.solve.rows.freed import MISSED, STINT, WISH, Ranges
from scheduler.solve.rows.holding import LOOSE, hold_posts
from scheduler.solve.rows.mending import IDLE, Mending
from scheduler.solve.rows.picking import Way, cheap_rows, pick
from scheduler.solve.rows.reading import Flags
from scheduler.solve.rows.restricted import PART, Restricted
from scheduler.solve.rows.roles import Posts
from scheduler.solve.rows.tree import WISHES, Node
from scheduler.solve.search import Effort, Found, value_in

MOST_RAISED = 4
"""How often the last bound is raised by one where nothing meets it, proven."""

FEW = 30
"""People whose rows the plain model finds sooner than they are picked: few have thousands of rows as good as any."""

MOST_AT_ONCE = 100
MOST_ROWS_AT_ONCE = 4000
"""People, and rows of theirs that are cheap enough, that are picked from at once rather than by and by."""

MOST_RAISED_BRIEFLY = 1

MENDED = 0.8
"""The part of the time left, where it is bounded, after which rows of a short period are mended no further."""

ROUNDED = 0.91
SEARCHED = 0.92
"""The part of the time left, where it is bounded, that a long period has, and of this the part after which rows still
not mended are completed as they are. What is left is for its bounds."""

SETTLED = 5
IN_VAIN = 12
"""How often rows of a long period are chosen anew, and how often mending them may be in vain before that."""

PEOPLE_PER_IDLE = 8
"""Of a short period's wishes mending is tried once more in vain for so many people, where that is more than usual: in a
unit of 1800 there are the more neighbourhoods, and where mending gives up a search of the whole takes minutes."""

FEW_WHOLE = 5
"""People who are searched anew at least for the whole of a long period."""

UNLIMITED = 1 << 40


class Rounding:
    """Rosters within the windows of a node; `is_brief` where a few searches are all that it is worth.

    Attributes
    ----------
    after_posts : whether stints were raised for posts as fair as they can be: the bound holds only where they are.
    """

    def __init__(
        self, model: UnitModel, node: Node, posts: Posts | None, effort: Effort, *, is_brief: bool = False
    ) -> None:
        self.is_brief = is_brief
        self.model = model
        self.node = node
        self.posts = posts
        self.effort = self.whole = self.given = effort
        self.rows = node.plan.variant.rows
        self.restricted = Restricted(model, node, posts, effort)
        self.values: list[int] | None = None
        self.has_posts = posts is None
        self.after_posts = False
        self.base: Flags = np.zeros((0, 0), dtype=bool)
        self.is_none = False
        self.is_few = False
        self.raise_wishes = False
        self.raise_stints = False
        self.half_mended: Flags | None = None

    def run(self) -> None:
        """Look for a roster that meets every bound; raise the last bound where whole rows prove that it cannot be.

        Where none is found in time, rows mended in part are completed with places left empty.
        """
        programme = self.node.programme
        if programme is None:
            self._run_without_choice()
            return
        if programme.is_long:
            self.whole = self.effort.until(ROUNDED)
            self.effort = self.restricted.effort = self.whole.until(SEARCHED)
        self._run_with(programme)
        if self.values is None and self.half_mended is not None:
            answer, has_posts = leave_empty(
                self.model, programme, self.rows, self.half_mended, self.posts, self.whole
            )
            if answer.values is not None:
                self._take(answer, has_posts=has_posts)

    def _run_with(self, programme: Programme) -> None:
        """Look for a roster by the rows of a programme."""
        heavy, split = heaviest(programme)
        self.base = heavy
        draw = random.Random(self.effort.seed)
        between = {p for p, is_split in enumerate(split) if is_split}
        at_once = [between, set(range(len(split)))][all(split) :]
        if programme.is_long:
            self._mend(programme, heavy, draw)
            if self.has_posts and self._least_cost(has_posts=True) <= self._target_cost:
                return
        if not programme.has_costs and self._fits_freely():
            return
        for raised in range(MOST_RAISED):
            self.is_few = self._are_few_rows(programme, heavy)
            is_tried = self.is_few or raised or (self.is_brief and len(self.model.people) <= FEW)
            if not is_tried and len(heavy) <= FEW and self._fits_freely():
                return
            if raised and self._officers_fit(programme):
                return
            parts = at_once if self.is_few or not self.is_brief else [between]
            if self._pick_and_hold(programme, heavy, parts, raised):
                return
            if self.is_brief and not (self.is_none and self.is_few and raised < MOST_RAISED_BRIEFLY):
                return
            if not self.is_none:
                break
            if programme.main == WISHES or (not self.after_posts and self._must_wishes_rise(raised)):
                self.raise_wishes = True
                return
            if self.node.following:
                self.raise_stints = True
                return
            self.node.key = (*self.node.key[:-1], self.node.key[-1] + 1)
        if not programme.is_long and (self.values is None or not self.has_posts):
            self._mend(programme, heavy, draw)
        if self.values is None:
            self._settle_for_less()

    def _mend(self, programme: Programme, rows: Flags, draw: random.Random) -> None:
        """Mend rows until no coupling is missed, and again for wishes and stints; complete them by roles each time."""
        plan = self.node.plan
        turns, border = self.rows.counted(plan.variant.homes)
        least, most = plan.border_turns(self.node.windows)
        mending = Mending(
            programme=programme,
            rows=self.rows,
            ranges=(
                Ranges(counted=turns, least=plan.least, most=plan.most),
                Ranges(counted=border, least=least, most=most),
            ),
            target=(self.node.key[3], self.node.key[4]),
            effort=self.effort,
            draw=draw,
            current=rows,
        )
        if programme.is_long:
            programme.restrict(plan.ends(self.node.windows))
            self._settle(mending, draw)
            # What is mended is completed even if little time is left.
            self.restricted.effort = self.whole
        if mending.run(until=MISSED - 1):
            if not programme.is_long or not self._complete_nearby(mending.current, draw):
                self._complete(mending.current)
            if self.values is not None:
                mending.current, mending.frozen = (
                    self.restricted.homes(self.values),
                    self._on_duty(self.values),
                )
            mending.effort = self.whole if programme.is_long else self.effort.until(MENDED)
            if programme.is_long:
                mending.run(least_cells=FEW_WHOLE * rows.shape[1])
            else:
                mending.run(most_idle=max(IDLE, len(rows) // PEOPLE_PER_IDLE))
            self.restricted.effort = self.given
            self._complete(mending.current)
        else:
            self.half_mended = mending.current
        self.restricted.effort = self.effort

    def _settle(self, mending: Mending, draw: random.Random) -> None:
        """Choose rows one person after another, and mend them; again while that ends in vain, the best rows kept."""
        rows, best = mending.current, mending.current
        for _ in range(SETTLED):
            mending.current = settle(mending.programme, rows, draw, lambda: self.effort.is_over)
            is_mended = mending.run(
                until=MISSED - 1, most_idle=IN_VAIN, least_cells=FEW_WHOLE * rows.shape[1]
            )
            if mending.value(mending.current) < mending.value(best):
                best = mending.current
            if is_mended or self.effort.is_over:
                break
        mending.current = best

    def _complete_nearby(self, rows: Flags, draw: random.Random) -> bool:
        """Complete rows with posts, a few people's changed until turns are fair; return whether it could be done."""
        if self.posts is None:
            return False
        values, has_posts = hold_posts(self.restricted, rows, self.posts, self.whole, draw)
        if values is not None:
            self._take(Found(values, 0), has_posts=has_posts)
        return values is not None

    def _complete(self, rows: Flags) -> None:
        """Complete rows by roles, as they are or with officers' rows changed; the posts' turns as fair as can be."""
        for with_posts in (True, False) if self.posts is not None else (False,):
            for free in (set(), officers) if (officers := self._officers) else (set(),):
                answer = self.restricted.find(rows, free, with_posts=with_posts, levels=LOOSE)
                if answer.values is None:
                    continue
                if self._cost(answer.values) < self._least_cost(has_posts=with_posts):
                    self._take(answer, has_posts=with_posts or self.posts is None)
                return
            if self.values is not None and self.has_posts:
                return

    @property
    def _officers(self) -> set[int]:
        """The rows of people who may hold a role."""
        return {self.rows.position[i] for i, _ in self.model.roles_offered() if i in self.rows.position}

    def _on_duty(self, values: Sequence[int]) -> Flags:
        """Return the days on which people hold a role: who stays on site then can go on holding it."""
        found = np.zeros_like(self.rows.free)
        for (i, k), offered in self.model.roles_offered().items():
            if i in self.rows.position and any(value_in(truth, values) for truth in offered.values()):
                found[self.rows.position[i], k] = True
        return found

    @property
    def _target_cost(self) -> int:
        """What wishes and stints cost at their bounds."""
        return self.node.key[3] * WISH + self.node.key[4] * STINT

    def _least_cost(self, has_posts: bool) -> int:
        """Return what the roster found so far costs, if its posts are no worse."""
        if self.values is None or (has_posts and not self.has_posts):
            return UNLIMITED
        return self._cost(self.values)

    def _cost(self, values: Sequence[int]) -> int:
        """Return what a roster's wishes and stints cost."""
        return sum(
            weight * times * value_in(literal, values)
            for objective, times in (("preferences", WISH), ("stints", STINT))
            for weight, literal in self.model.costs.get(objective, ())
        )

    @property
    def _is_exact(self) -> bool:
        """Whether what is restricted to one window of each group leaves out none that is as fair."""
        return all(len(level.windows) == 1 for level in (*self.node.plan.levels, *self.node.levels))

    def _are_few_rows(self, programme: Programme, heavy: Flags) -> bool:
        """Whether everybody's rows that are cheap enough can be picked from at once."""
        if programme.is_long or len(heavy) > MOST_AT_ONCE:
            return False
        found = cheap_rows(programme, heavy, set(range(len(heavy))), self.node.target)
        return found is not None and len(found[0]) <= MOST_ROWS_AT_ONCE

    def _pick_and_hold(
        self, programme: Programme, heavy: Flags, parts: Sequence[set[int]], raised: int
    ) -> bool:
        """Pick rows first and fill posts then, for more and more people; at last both at once."""
        picked = False
        for free in parts:
            if self.effort.is_over:
                return True
            rows, self.is_none = pick(
                programme, heavy, free, self.node.target, self.effort.share(PART), self._ways(raised)
            )
            if rows is not None:
                picked, self.base = True, rows
                if self._hold_posts(rows):
                    return True
                if self.is_few:
                    break
        if not picked:
            return False
        if self._officers_fit(programme):
            return True
        answer = self.restricted.find(
            self.base,
            set(range(len(heavy))),
            with_posts=self.posts is not None,
            programme=programme,
            is_short=self.is_brief,
        )
        self.is_none = answer.is_infeasible and self._is_exact and self._have_posts_room(programme)
        if answer.values is not None:
            self._take(answer, has_posts=True)
        return answer.values is not None

    def _have_posts_room(self, programme: Programme) -> bool:
        """Whether posts, if any, can be as fair as is known beside all else but stints: then these must give way to them."""
        if self.posts is None or self.after_posts:
            return True
        if programme.main == WISHES or self.node.following or not self.posts.is_whole:
            return False
        everybody = set(range(len(self.base)))
        answer = self.restricted.find(self.base, everybody, with_posts=True, levels=4, is_short=True)
        if answer.values is not None:
            self._take(answer, has_posts=True)
            self.after_posts = True
        return self.after_posts

    def _ways(self, raised: int) -> tuple[Way, ...]:
        """Return how to pick rows: briefly where parts of the unit are soon done by themselves."""
        if not self.is_brief:
            return tuple(Way)
        return (Way.SOON,) if raised and len(self.base) <= FEW else (Way.SOON, Way.BRANCH)

    def _officers_fit(self, programme: Programme) -> bool:
        """Pick rows and posts at once for officers alone."""
        self.restricted.most_stints = self.node.key[-1]
        answer = self.restricted.find(
            self.base,
            self._officers,
            with_posts=self.posts is not None,
            programme=programme,
            is_short=True,
        )
        if answer.values is not None:
            self._take(answer, has_posts=True)
        return answer.values is not None

    def _fits_freely(self) -> bool:
        """Whether any rows in the windows make a roster: searched first where they are too many to pick from."""
        answer = self.restricted.find(
            self.base, set(range(len(self.base))), with_posts=self.posts is not None, is_short=True
        )
        if answer.values is not None:
            self._take(answer, has_posts=True)
        return answer.values is not None

    def _must_wishes_rise(self, raised: int) -> bool:
        """Whether the wishes' bound is what cannot be met: asked where raising stints once has not helped, or cannot."""
        return (raised == 1 or bool(self.node.following)) and not self._wishes_can_be()

    def _wishes_can_be(self) -> bool:
        """Whether the wishes' bound can be met at all, as far as a search tells; keep what it finds."""
        everybody = set(range(len(self.base)))
        answer = self.restricted.find(self.base, everybody, with_posts=False, levels=4)
        if answer.values is not None and self.values is None:
            self._take(answer, has_posts=self.posts is None)
        return not (answer.is_infeasible and self._is_exact)

    def _settle_for_less(self) -> None:
        """Find a roster that meets the first few bounds: posts before Mondays and Fridays, as objectives are ordered."""
        everybody = set(range(len(self.base)))
        for with_posts, levels in ((True, 4), (True, 3), (True, 2), (False, 4), (False, 3), (False, 2)):
            if with_posts and self.posts is None:
                continue
            answer = self.restricted.find(self.base, everybody, with_posts=with_posts, levels=levels)
            if answer.values is not None:
                self._take(answer, has_posts=with_posts or self.posts is None)
                return

    def _hold_posts(self, rows: Flags) -> bool:
        """Complete whole rows by roles; return whether the posts' turns are as fair as can be too."""
        for with_posts in (True, False) if self.posts is not None else (False,):
            answer = self.restricted.find(rows, set(), with_posts=with_posts)
            if answer.values is not None:
                self._take(answer, has_posts=with_posts or self.posts is None)
                return with_posts or self.posts is None
        return False

    def _run_without_choice(self) -> None:
        self.base = np.zeros((0, 0), dtype=bool)
        self._hold_posts(self.base)

    def _take(self, answer: Found, *, has_posts: bool) -> None:
        assert answer.values is not None
        if self.values is not None and self.has_posts and not has_posts:
            return
        self.values = list(answer.values)[: len(self.model.cp.proto.variables)]
        self.has_posts = has_posts


def heaviest(programme: Programme) -> tuple[Flags, list[bool]]:
    """Return everybody's heaviest row in the programme's optimum, and who is split between several."""
    people = len(programme.graph.people)
    most = np.zeros(people)
    rows = np.zeros((people, len(programme.graph.layers)), dtype=bool)
    for weight, person, row in zip(programme.master.weights(), programme.who, programme.rows, strict=True):
        if weight > most[person]:
            most[person] = weight
            rows[person] = row
    return rows, [bool(weight < 1 - 1e-6) for weight in most]
