"""Which windows the best roster is in: a search, best first, over the objectives' lower bounds in their order.

A node has bounds for the first few objectives: by counting for fairness and for Mondays and Fridays, by column
generation for wishes and stints. The node whose bounds are least is taken next and gets its next bound; where whole
rows cannot meet the couplings, even in parts, it is dropped and fairness gives way by the next best window. The
first node taken that has all its bounds is the best there can be, and its bounds hold for every window and for every
way in which places stay empty (branch and bound over what column generation cannot price; Land and Doig, 1960).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product

import numpy as np

from scheduler.solve.bounds import Window
from scheduler.solve.rows.columns import SCALE, Programme, State
from scheduler.solve.rows.fair_shares import hull
from scheduler.solve.rows.graph import INFINITE, Whole
from scheduler.solve.rows.plans import Plan, Variant, plan
from scheduler.solve.rows.streams import Level, Remembered, Value, combinations

MOST_STEPS = 150
MOST_PERSON_STEPS = 7500
"""Few people's programmes are solved in milliseconds: as many more of them are worth it."""

MOST_WINDOWS = 50
"""Combinations of equally even windows that are told apart; where there are more, one bound is for all of them."""

WISHES, STINTS = 0, 1

WORTH = 20
"""How many stints a wish is worth where both are priced at once."""


class TooLongError(Exception):
    """The search was stopped, or took more steps than are worth it."""


@dataclass(slots=True)
class Node:
    """Part of all rosters, with lower bounds `key`: spread, sum of balances, Mondays and Fridays, wishes, stints.

    Attributes
    ----------
    windows : of each group's Mondays and Fridays, once they are chosen.
    """

    key: Value
    plan: Plan
    levels: tuple[Level, ...] = ()
    windows: tuple[Window, ...] = ()
    programme: Programme | None = None
    following: list[tuple[Window, ...]] = field(default_factory=list)
    shortfall: int = 0
    opened: Whole | None = None

    @property
    def target(self) -> int:
        """The bound of what the programme minimises: of wishes where no stint costs anything, else of stints."""
        is_wishes = self.programme is not None and self.programme.main == WISHES
        return self.key[3] if is_wishes else self.key[-1]


@dataclass(slots=True)
class Tree:
    """The nodes not yet taken.

    Attributes
    ----------
    limit : steps after which to give up, where fewer than are worth it by the number of people.
    is_late : whether stints of a long period are to be bounded no further for now, though the search is not over,
        where the bound is as near as that (in thousandths).
    was_late : whether that left a bound of stints lower than it might be.
    steps : linear programmes solved so far.
    """

    variants: list[Variant]
    is_over: Callable[[], bool]
    limit: int | None = None
    is_late: Callable[[float], bool] = lambda gap: False
    was_late: bool = False
    steps: int = 0
    heap: list[tuple[Value, int, Node]] = field(default_factory=list)
    serial: int = 0

    def __post_init__(self) -> None:
        for variant in self.variants:
            self._push_plan(variant)

    def _push(self, node: Node) -> None:
        self.serial += 1
        heapq.heappush(self.heap, (node.key, self.serial, node))

    def _push_plan(self, variant: Variant) -> None:
        found = next(variant.combinations, None)
        if found is not None:
            self._push(Node(found[0] or (0, 0), plan(variant, found[1])))

    def _push_even(self, node: Node) -> None:
        found = next(node.plan.combinations, None)
        if found is not None:
            self._push(Node((*node.key[:2], *(found[0] or (0,))), node.plan, found[1]))

    @property
    def most_steps(self) -> int:
        """How many steps are worth it."""
        people = max((len(variant.rows.people) for variant in self.variants), default=1)
        worth = max(MOST_STEPS, MOST_PERSON_STEPS // max(1, people))
        return worth if self.limit is None else min(worth, self.limit)

    @property
    def least(self) -> Value:
        """The bounds of the best node not yet taken."""
        return self.heap[0][0] if self.heap else ()

    def _is_enough(self, programme: Programme) -> bool:
        self.was_late |= self.is_late(programme.gap)
        return self.was_late or self.is_over()

    def has_rival(self, node: Node) -> bool:
        """Whether another plan may be as fair as the node's."""
        return any(key[:2] == node.key[:2] and other.plan is not node.plan for key, _, other in self.heap)

    def stints_for(self, node: Node, wishes: int) -> int | None:
        """Return the bound of stints where wishes cost so much, which may be more than their bound.

        None where other windows as fair and as even may have fewer stints then.
        """
        programme = node.programme
        if programme is None or programme.main != STINTS or node.following or len(programme.caps) != 1:
            return None
        if any(key[:3] == node.key[:3] for key, _, _ in self.heap) or programme.caps[0][0] != WISHES:
            return None
        return -(-programme.loosen(WISHES, wishes, self.is_over) // SCALE)

    def best(self) -> Node | None:
        """Return the best node, or None where no roster can be.

        Raises
        ------
        TooLongError
            `least` still holds for every roster.
        """
        while self.heap:
            if self.is_over() or self.steps > self.most_steps:
                raise TooLongError
            _, _, node = self.heap[0]
            if len(node.key) == 5:
                heapq.heappop(self.heap)
                return node
            children = {2: self._share_out, 3: self._price, 4: self._price_stints}[len(node.key)](node)
            self.heap.remove(next(entry for entry in self.heap if entry[2] is node))
            heapq.heapify(self.heap)
            for child in children:
                self._push(child)
        return None

    def raise_wishes(self, node: Node) -> None:
        """Take a node back whose bound of wishes is proven not to be met in its windows: it is one more there."""
        windows, *others = _choices(node.levels)
        self._push_from_wishes(node, node.key[3] + 1, windows, others)
        self._push_others(node)

    def raise_stints(self, node: Node) -> None:
        """Take a node back whose last bound is proven not to be met in its windows, and beside it the others."""
        self._push(
            Node((*node.key[:4], node.key[4] + 1), node.plan, node.levels, node.windows, node.programme)
        )
        self._push_others(node)

    def _push_others(self, node: Node) -> None:
        if node.following:
            self._push_from_wishes(node, node.key[3], node.following[0], node.following[1:])

    def _push_from_wishes(
        self, node: Node, wishes: int, windows: tuple[Window, ...], others: list[tuple[Window, ...]]
    ) -> None:
        key = (*node.key[:3], wishes)
        self._push(Node(key, node.plan, node.levels, windows, node.plan.programme(), others))

    # One more bound ---------------------------------------------------------------------------------------------

    def _share_out(self, node: Node) -> list[Node]:
        """Bound Mondays and Fridays by counting."""
        if node.plan.variant.is_possible is False:
            return []
        if node.plan.is_too_large:  # not looked into, it stays the least: what is less fair would be no bound
            raise TooLongError
        self._push_plan(node.plan.variant)
        if not node.plan.variant.rows.people:
            return [Node((*node.key, 0, 0, 0), node.plan)]
        if not node.plan.build():
            return []
        found = next(node.plan.combinations, None)
        return [] if found is None else [Node((*node.key, *(found[0] or (0,))), node.plan, found[1])]

    def _price(self, node: Node) -> list[Node]:
        """Bound wishes by column generation, over every choice of windows as even as the node says."""
        if any(level.is_rest for level in node.levels):
            raise TooLongError
        programme = node.plan.programme()
        opened = None
        if programme.is_long:
            opened = self._open(node, programme)
        best = self._least_over_windows(node, programme, WISHES, list(_choices(node.levels)))
        if best is not None:
            bound, windows, others = best
            self._push_even(node)
            key = (*node.key, -(-bound // SCALE))
            return [Node(key, node.plan, node.levels, windows, programme, others, opened=opened)]
        if not self._is_possible(node.plan, [None] * len(node.plan.borders)):
            chosen = node.plan.variant
            if chosen.is_possible is None:
                self.steps += 1
                chosen.is_possible = chosen.loose().feasibility(self.is_over) is not State.IMPOSSIBLE
            return []
        self._raise_borders(node)
        self._push_even(node)
        return []

    def _open(self, node: Node, programme: Programme) -> Whole:
        """Price wishes and stints of a long period at once; return the duals."""
        programme.restrict(node.plan.ends(next(_choices(node.levels))))
        programme.turn_to(STINTS)
        opened = programme.open(WORTH, lambda: self._is_enough(programme))
        programme.duals = opened // WORTH
        return opened

    def _price_stints(self, node: Node) -> list[Node]:
        """Bound stints likewise, wishes kept at their bound."""
        programme = node.programme
        assert programme is not None
        price = programme.prices[STINTS]
        if not price.home.any() and not any(layer.paid[1] is not None for layer in programme.graph.layers):
            # A node taken back has a programme without rows yet.
            choices = [node.windows, *node.following]
            wishes, windows, others = node.key[3], node.windows, node.following
            if not programme.who:
                found = self._least_over_windows(node, programme, WISHES, choices)
                if found is None:
                    return []
                wishes, windows, others = max(wishes, -(-found[0] // SCALE)), *found[1:]
            key = (*node.key[:3], wishes, price.constant)
            return [Node(key, node.plan, node.levels, windows, programme, others)]
        programme.keep(WISHES, node.key[3])
        if node.opened is not None:
            programme.duals = np.append(node.opened, -WORTH * SCALE)
        choices = [node.windows, *node.following]
        best = self._least_over_windows(node, programme, STINTS, choices)
        if best is None:
            return []
        bound, windows, _ = best
        # Those refuted where wishes are at their bound stay: more wishes left unmet may allow them.
        others = [choice for choice in choices if choice != windows]
        return [Node((*node.key, -(-bound // SCALE)), node.plan, node.levels, windows, programme, others)]

    def _least_over_windows(
        self, node: Node, programme: Programme, objective: int, choices: list[tuple[Window, ...]]
    ) -> tuple[int, tuple[Window, ...], list[tuple[Window, ...]]] | None:
        """Return the least bound over choices of windows, the choice that has it, and the others not refuted."""
        known = dict.fromkeys(choices, -INFINITE)
        solved: set[tuple[Window, ...]] = set()
        last: tuple[Window, ...] = ()
        while known:
            chosen = min(known, key=lambda choice: (known[choice], choices.index(choice)))
            if chosen in solved:
                if chosen != last:  # rows are looked for by the programme as it stands
                    self._solve(node, programme, objective, chosen)
                return known[chosen], chosen, [choice for choice in known if choice != chosen]
            self.steps += 1
            if self.is_over() or self.steps > self.most_steps:
                raise TooLongError
            solved.add(chosen)
            last = chosen
            bound, state = self._solve(node, programme, objective, chosen)
            if state is State.IMPOSSIBLE:
                del known[chosen]
                continue
            known[chosen] = max(known[chosen], bound)
            for choice in known:
                if choice not in solved:
                    known[choice] = max(
                        known[choice], programme.bound(programme.duals, node.plan.ends(choice))
                    )
        return None

    def _solve(
        self, node: Node, programme: Programme, objective: int, windows: tuple[Window, ...]
    ) -> tuple[int, State]:
        """Return the bound of an objective within windows, to which the programme is restricted from now on."""
        programme.restrict(node.plan.ends(windows))
        programme.turn_to(objective)
        is_hasty = objective == STINTS and programme.is_long
        return programme.solve((lambda: self._is_enough(programme)) if is_hasty else self.is_over)

    # Where windows cannot be met --------------------------------------------------------------------------------

    def _is_possible(self, tried: Plan, windows: list[Window | None]) -> bool:
        """Whether rows within the windows meet the couplings, as far as is known."""
        self.steps += 1
        programme = tried.programme()
        programme.restrict(tried.ends(windows))
        return programme.feasibility(self.is_over) is not State.IMPOSSIBLE

    def _raise_borders(self, node: Node) -> None:
        """Leave out levels of one group that cannot be met whatever the others' are; start over with the rest."""
        groups = len(node.plan.borders)
        for g in range(groups):
            number = 0
            while (level := node.plan.borders[g](number)) is not None:
                low, high = hull(level.windows)
                windows: list[Window | None] = [None] * groups
                windows[g] = Window(0, tuple(low), tuple(high))
                if self.is_over() or self.steps > self.most_steps or self._is_possible(node.plan, windows):
                    break
                number += 1
            if number:
                node.plan.borders[g] = Remembered(iter(_from(node.plan.borders[g], number)))
        stream = combinations(node.plan.borders)
        node.plan.combinations = (found for found in stream if found[1] != node.levels)


def _from(stream: Remembered[Level], number: int) -> Iterator[Level]:
    while (level := stream(number)) is not None:
        yield level
        number += 1


def _choices(levels: tuple[Level, ...]) -> Iterator[tuple[Window, ...]]:
    count = 1
    for level in levels:
        count *= len(level.windows)
    if count <= MOST_WINDOWS:
        yield from product(*(level.windows for level in levels))
        return
    yield tuple(Window(0, tuple(low), tuple(high)) for low, high in (hull(level.windows) for level in levels))
