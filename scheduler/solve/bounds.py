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


def spread_bound(people: Sequence[Range], total: int) -> int:
    """Return the least spread (most less least balance) of any way to give `total` turns to these people.

    For each lowest balance the least spread that lets the turns add up is found by bisection; the lowest balance
    is one of the attainable ones, so all of them are tried.
    """
    if not people:
        return 0
    levels = sorted({p.offset + 1000 * n for p in people for n in range(p.least, p.most + 1)})
    most_low = min(p.offset + 1000 * p.most for p in people)
    best = levels[-1] - levels[0]
    for low in levels:
        if low > most_low:
            break
        if _turns_down(people, low) > total:
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
        best = longest
        if best == 0:
            break
    return best


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


def total_bound(people: Sequence[Range], total: int) -> int:
    """Return the least sum of absolute balances of any way to give `total` turns to these people.

    The sum is separable and convex, so giving each further turn to whom it costs least is optimal
    (Gross, 1956).
    """
    cost = sum(abs(p.offset + 1000 * p.least) for p in people)
    left = total - sum(p.least for p in people)
    heap = [(_marginal(p, p.least), number, p.least) for number, p in enumerate(people) if p.least < p.most]
    heapq.heapify(heap)
    while left > 0 and heap:
        step, number, turns = heapq.heappop(heap)
        cost += step
        left -= 1
        if turns + 1 < people[number].most:
            heapq.heappush(heap, (_marginal(people[number], turns + 1), number, turns + 1))
    return cost


def _marginal(person: Range, turns: int) -> int:
    return abs(person.offset + 1000 * (turns + 1)) - abs(person.offset + 1000 * turns)
