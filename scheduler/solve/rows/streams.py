"""Ways to share turns out, the fairest first, as streams that are read only as far as they are needed."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from scheduler.solve.bounds import Window
from scheduler.solve.fairness import Group
from scheduler.solve.rows.fair_shares import evenest_of, fairest_of

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


def fair_levels(group: Group, ranges: Sequence[tuple[int, int] | None]) -> Iterator[Level]:
    """Yield the least spread and sum of balances by counting, with the windows that have them, then every other way."""
    first = fairest_of(group, ranges)
    if first is None:
        return
    yield Level(value=(first.spread, first.total), windows=first.windows)
    yield _rest(group, (first.spread, first.total + 1))


def even_levels(group: Group, ranges: Sequence[tuple[int, int] | None]) -> Iterator[Level]:
    """Yield the least spread, with every window that has it, then every other way."""
    first = evenest_of(group, ranges)
    if first is None:
        return
    yield Level(value=(first.spread,), windows=first.windows)
    yield _rest(group, (first.spread + 1,))


def _rest(group: Group, value: Value) -> Level:
    """Return the level of every way that is not told."""
    most = tuple(len(balance.taken) for balance in group.balances)
    return Level(value=value, windows=(Window(0, (0,) * len(most), most),), is_rest=True)


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
