"""Lower bounds on unfairness by counting: each person's least and most turns against the sum of turns.

A pass whose value meets such a bound is proven at once. Everything is in whole thousandths of a day.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]


class Range(NamedTuple):
    """One person: balance = 1000 × turns + offset, for turns from least to most."""

    offset: int
    least: int
    most: int


class Aim(NamedTuple):
    """The fairest way to share out turns by counting alone.

    `spread` and `cost` (the sum of absolute balances) are bounds that no roster can go below; `turns` is how many each
    person takes there. One way is the best in both: of two ways x and y, where y has the least spread and i has more
    than y's highest balance in x, some j has fewer turns in x than in y, hence a balance more than a turn below i's.
    A turn moved from i to j does not add to the sum, for absolute values are convex, and leads towards y; likewise
    where someone is below y's lowest. So `cost` holds for rosters of a wider spread as well.
    """

    spread: int
    cost: int
    turns: tuple[int, ...]


def fairest(people: Sequence[Range], total: int) -> Aim | None:
    """Return the least spread with which `total` turns can be shared out, and the least sum of balances.

    None where the turns cannot be shared out at all within everybody's least and most.
    """
    if not sum(p.least for p in people) <= total <= sum(p.most for p in people):
        return None
    spread, lows = _least_spread(people, total)
    best: Aim | None = None
    for low in lows:
        cost, turns = _share_out(people, total, low, low + spread)
        if best is None or cost < best.cost:
            best = Aim(spread, cost, turns)
    return best


class Window(NamedTuple):
    """Balances from `low` to `low` + spread, and the least and most turns each person takes within."""

    low: int
    least: tuple[int, ...]
    most: tuple[int, ...]


def fairest_windows(people: Sequence[Range], total: int) -> tuple[Aim, list[Window]] | None:
    """Return the fairest aim, and windows that together hold every sharing out as fair as it.

    Within one window the least sum of balances is reached by exactly those turns that leave no gain in moving one
    from a person to another: everybody's turns range between two borders there, whatever the others take.
    """
    aim = fairest(people, total)
    if aim is None:
        return None
    found = []
    for low in _least_spread(people, total)[1]:
        cost, turns = _share_out(people, total, low, low + aim.spread)
        if cost == aim.cost:
            found.append(Window(low, *_borders(people, turns, low, low + aim.spread)))
    return aim, found


def even_windows(people: Sequence[Range], total: int) -> tuple[int, list[Window]] | None:
    """Return the least spread, and every window of balances in which it is reached."""
    if fairest(people, total) is None:
        return None
    spread, lows = _least_spread(people, total)
    return spread, [
        Window(
            low,
            tuple(max(p.least, -((p.offset - low) // 1000)) for p in people),
            tuple(min(p.most, (low + spread - p.offset) // 1000) for p in people),
        )
        for low in lows
    ]


def _borders(
    people: Sequence[Range], turns: Sequence[int], low: int, high: int
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    first = [max(p.least, -((p.offset - low) // 1000)) for p in people]
    last = [min(p.most, (high - p.offset) // 1000) for p in people]
    dearest = max(
        (_marginal(p, n - 1) for p, n, f in zip(people, turns, first, strict=True) if n > f), default=None
    )
    cheapest = min(
        (_marginal(p, n) for p, n, e in zip(people, turns, last, strict=True) if n < e), default=None
    )
    if dearest is None or cheapest is None or dearest < cheapest:
        return tuple(turns), tuple(turns)
    least, most = list(turns), list(turns)
    for i, p in enumerate(people):
        while least[i] > first[i] and _marginal(p, least[i] - 1) >= dearest:
            least[i] -= 1
        while most[i] < last[i] and _marginal(p, most[i]) <= dearest:
            most[i] += 1
    return tuple(least), tuple(most)


class _Table(NamedTuple):
    """The people as arrays."""

    offset: Whole
    least: Whole
    most: Whole

    def first(self, low: int) -> Whole:
        """Return the fewest turns with which everybody's balance is at least `low`."""
        return np.maximum(self.least, -((self.offset - low) // 1000))

    def last(self, high: int) -> Whole:
        """Return the most turns with which everybody's balance is at most `high`."""
        return np.minimum(self.most, (high - self.offset) // 1000)

    def fits(self, low: int, high: int, total: int) -> bool:
        """Whether everybody can have a balance from `low` to `high` with the turns adding up to `total`."""
        first, last = self.first(low), self.last(high)
        return bool((first <= last).all()) and int(first.sum()) <= total <= int(last.sum())


def _least_spread(people: Sequence[Range], total: int) -> tuple[int, list[int]]:
    """Return the least spread (most less least balance), and the lowest balances with which it is reached.

    The lowest balance is one of the attainable ones; for each of them that could do better than the best so far
    the least spread that lets the turns add up is found by bisection.
    """
    if not people:
        return 0, [0]
    table = _Table(*np.array(people, dtype=np.int64).T)
    levels = np.unique(
        np.concatenate(
            [table.offset + 1000 * n for n in range(int(table.least.min()), int(table.most.max()) + 1)]
        )
    )
    lowest, highest = (
        int((table.offset + 1000 * table.least).min()),
        int((table.offset + 1000 * table.most).max()),
    )
    highest_low = int((table.offset + 1000 * table.most).min())
    candidates = levels[(levels >= lowest) & (levels <= highest_low)].tolist()
    end = bisect_left(candidates, True, key=lambda low: int(table.first(low).sum()) > total)
    # The highest that leaves enough turns is nearly the best, and found again below where it is.
    best, lows = _spread_from(table, candidates[end - 1], highest - lowest, total) + 1, list[int]()
    n = -1
    while True:
        # Both sums grow with the lowest balance: those too low for the best so far are leapt over.
        n = bisect_left(
            candidates, True, n + 1, end, key=lambda low: int(table.last(low + best).sum()) >= total
        )
        if n == end:
            break
        low = candidates[n]
        if table.fits(low, low + best - 1, total):
            best, lows = _spread_from(table, low, best - 1, total), [low]
        elif table.fits(low, low + best, total):
            lows.append(low)
    return best, _attained(table, lows)


def _spread_from(table: _Table, low: int, longest: int, total: int) -> int:
    """Return the least spread with which the turns add up from a lowest balance; `longest` is enough."""
    shortest = -1
    while longest - shortest > 1:
        middle = (shortest + longest) // 2
        if table.fits(low, low + middle, total):
            longest = middle
        else:
            shortest = middle
    return longest


def _attained(table: _Table, lows: Sequence[int]) -> list[int]:
    """Keep the lows that are somebody's balance within their own turns; all of them where that leaves none."""
    kept = [
        low
        for low in lows
        if bool((((low - table.offset) % 1000 == 0) & (table.offset + 1000 * table.least <= low)).any())
    ]
    return kept or list(lows)


def _share_out(people: Sequence[Range], total: int, low: int, high: int) -> tuple[int, tuple[int, ...]]:
    """Return the least sum of absolute balances within [low, high], and the turns that give it.

    The sum is separable and convex, so giving each further turn to whom it costs least is optimal (Gross, 1956).
    """
    turns = [max(p.least, -((p.offset - low) // 1000)) for p in people]
    most = [min(p.most, (high - p.offset) // 1000) for p in people]
    heap = [(_marginal(p, n), i) for i, (p, n) in enumerate(zip(people, turns, strict=True)) if n < most[i]]
    heapq.heapify(heap)
    for _ in range(total - sum(turns)):
        _, i = heapq.heappop(heap)
        turns[i] += 1
        if turns[i] < most[i]:
            heapq.heappush(heap, (_marginal(people[i], turns[i]), i))
    return sum(abs(p.offset + 1000 * n) for p, n in zip(people, turns, strict=True)), tuple(turns)


def _marginal(person: Range, turns: int) -> int:
    return abs(person.offset + 1000 * (turns + 1)) - abs(person.offset + 1000 * turns)
