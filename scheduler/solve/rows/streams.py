"""Ways to share turns out, from the fairest on, as streams that are read only as far as they are needed."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from scheduler.solve.bounds import Window, windows_in_order
from scheduler.solve.fairness import Group
from scheduler.solve.rows.fair_shares import evenest_of, fairest_of, open_windows, people_of

Value = tuple[int, ...]
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """Windows of one group that are equally fair; together they hold every way as fair as that.

    `is_rest` marks the last level of a group of which no more are told: its one window holds every way there is, and
    its value is no more than that of any way not told before.
    """

    value: Value
    windows: tuple[Window, ...]
    is_rest: bool = False


MOST_PEOPLE = 150
"""In larger groups the fairest windows are mostly attainable, and the next ones cost more than they tell."""


def fair_levels(group: Group, ranges: Sequence[tuple[int, int] | None]) -> Iterator[Level]:
    """Yield (spread, sum of balances) and windows by counting, then wider windows whose sum is left open."""
    first = fairest_of(group, ranges)
    if first is None:
        return
    yield Level(value=(first.spread, first.total), windows=first.windows)
    if len(group.balances) > MOST_PEOPLE:
        yield _rest(group, (first.spread, first.total + 1))
        return
    for level in _wider(group, ranges, first.spread):
        # The first windows hold every way with the least sum of balances.
        total = first.total + 1 if level.value == (first.spread,) else 0
        yield Level(value=(*level.value, total), windows=level.windows)


def even_levels(group: Group, ranges: Sequence[tuple[int, int] | None]) -> Iterator[Level]:
    """Yield the spreads that are possible, from the least on, each with the windows that have it."""
    first = evenest_of(group, ranges)
    if first is None:
        return
    yield Level(value=(first.spread,), windows=first.windows)
    if len(group.balances) > MOST_PEOPLE:
        yield _rest(group, (first.spread + 1,))
        return
    yield from _wider(group, ranges, first.spread + 1)


def _rest(group: Group, value: Value) -> Level:
    """Return the level of every way that is not told."""
    most = tuple(len(balance.taken) for balance in group.balances)
    return Level(value=value, windows=(Window(0, (0,) * len(most), most),), is_rest=True)


def _wider(group: Group, ranges: Sequence[tuple[int, int] | None], least: int) -> Iterator[Level]:
    pending: list[Window] = []
    spread = -1
    for found, window in windows_in_order(people_of(group, ranges), group.total or 0):
        if pending and found != spread:
            yield Level(value=(spread,), windows=open_windows(group, pending))
            pending = []
        if found >= least:
            spread = found
            pending.append(window)
    if pending:
        yield Level(value=(spread,), windows=open_windows(group, pending))


@dataclass(slots=True)
class Remembered(Generic[Item]):
    """A stream that can be read again by number."""

    source: Iterator[Item]
    known: list[Item] = field(default_factory=list)

    def __call__(self, number: int) -> Item | None:
        """Return the item of that number, or None behind the last."""
        while len(self.known) <= number:
            following = next(self.source, None)
            if following is None:
                return None
            self.known.append(following)
        return self.known[number]


def combinations(streams: Sequence[Remembered[Level]]) -> Iterator[tuple[Value, tuple[Level, ...]]]:
    """Yield one level of each stream at a time, in the order of the sum of their values."""
    start = tuple(0 for _ in streams)
    heap: list[tuple[Value, tuple[int, ...]]] = []
    seen = {start}

    def push(numbers: tuple[int, ...]) -> None:
        levels = [stream(n) for stream, n in zip(streams, numbers, strict=True)]
        known = [level for level in levels if level is not None]
        if len(known) == len(levels):
            value = tuple(map(sum, zip(*(level.value for level in known), strict=True)))
            heapq.heappush(heap, (value, numbers))

    push(start)
    while heap:
        value, numbers = heapq.heappop(heap)
        levels = [stream(n) for stream, n in zip(streams, numbers, strict=True)]
        yield value, tuple(level for level in levels if level is not None)
        for g in range(len(streams)):
            following = (*numbers[:g], numbers[g] + 1, *numbers[g + 1 :])
            if following not in seen:
                seen.add(following)
                push(following)
