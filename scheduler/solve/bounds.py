"""Lower bounds on unfairness by counting: each person's least and most turns against the sum of turns.

A pass whose value meets such a bound is proven at once. Everything is in whole thousandths of a day.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from typing import NamedTuple


class Range(NamedTuple):
    """One person: balance = 1000 × turns + offset, for turns from least to most."""

    offset: int
    least: int
    most: int


class Aim(NamedTuple):
    """The fairest way to share out turns by counting alone.

    `spread` and `cost` (the sum of absolute balances, given that spread) are bounds that no roster can go below;
    `turns` is how many each person takes there.
    """

    spread: int
    cost: int
    turns: tuple[int, ...]


def fairest(people: Sequence[Range], total: int) -> Aim | None:
    """Return the least spread with which `total` turns can be shared out, and the least sum of balances then.

    None where the turns cannot be shared out at all within everybody's least and most.
    """
    spread, lows = _least_spread(people, total)
    best: Aim | None = None
    for low in lows:
        cost, turns = _share_out(people, total, low, low + spread)
        if best is None or cost < best.cost:
            best = Aim(spread, cost, turns)
    return best


def _least_spread(people: Sequence[Range], total: int) -> tuple[int, list[int]]:
    """Return the least spread (most less least balance), and the lowest balances with which it is reached.

    For each lowest balance the least spread that lets the turns add up is found by bisection; the lowest balance
    is one of the attainable ones, so all of them are tried.
    """
    levels = sorted({p.offset + 1000 * n for p in people for n in range(p.least, p.most + 1)})
    highest_low = min((p.offset + 1000 * p.most for p in people), default=0)
    best = levels[-1] - levels[0] if levels else 0
    lows: list[int] = []
    for low in levels:
        if low > highest_low or _turns_down(people, low) > total:
            break
        if not _fits(people, low, low + best, total):
            continue
        shortest, longest = -1, best
        while longest - shortest > 1:
            middle = (shortest + longest) // 2
            if _fits(people, low, low + middle, total):
                longest = middle
            else:
                shortest = middle
        if longest < best:
            best, lows = longest, []
        lows.append(low)
    return best, lows


def _turns_down(people: Sequence[Range], low: int) -> int:
    return sum(max(p.least, -((p.offset - low) // 1000)) for p in people)


def _fits(people: Sequence[Range], low: int, high: int, total: int) -> bool:
    """Whether everybody can have a balance from `low` to `high` with the turns adding up to `total`."""
    fewest = most = 0
    for p in people:
        first = max(p.least, -((p.offset - low) // 1000))
        last = min(p.most, (high - p.offset) // 1000)
        if first > last:
            return False
        fewest += first
        most += last
    return fewest <= total <= most


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
