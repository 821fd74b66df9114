"""One person's lawful rows as a layered automaton, a layer a day, made from the lines over that person alone.

A state holds, for each line that has begun and is not yet decided, the sum so far; a line that can no longer be
broken is forgotten. So a clause over a window of days costs one bit while it is open, and rows of stints come out
with as many states as a programme written by hand for them (Pesant, 2004, does the reverse: automaton to lines).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MOST_STATES = 400
"""A layer with more states drops the person's longest line: the rows are then a superset, which bounds survive."""

DEAD = -1

STINT = 1 << 24
"""What an unwanted stint costs in the sums of soft lines; wishes cost their weight, which is far below."""

Own = tuple[tuple[tuple[int, int], ...], int, int, int]
"""A line of one person: (day, coefficient) pairs, low, high, and what breaking it costs (0: it cannot be)."""


@dataclass(frozen=True, slots=True)
class Automaton:
    """`after[k][state]` is (next state at the office, cost, next state at home, cost); `DEAD` where unlawful."""

    after: tuple[tuple[tuple[int, int, int, int], ...], ...]

    @property
    def width(self) -> int:
        """The most states of a layer."""
        return max((len(layer) for layer in self.after), default=1)


def build(free: Sequence[bool], lines: Sequence[Own]) -> Automaton:
    """Return the automaton of a person who has a choice on the days that are `free`.

    On other days the only way on is "office": what is settled there is no variable, and its lines know it.
    """
    kept = sorted(set(lines), key=lambda line: (line[0][0][0], line[0][-1][0]))
    while True:
        found = _try_build(free, kept)
        if found is not None:
            return Automaton(found)
        kept.remove(max(kept, key=lambda line: line[0][-1][0] - line[0][0][0]))


def _try_build(
    free: Sequence[bool], lines: Sequence[Own]
) -> tuple[tuple[tuple[int, int, int, int], ...], ...] | None:
    days = len(free)
    at: list[list[tuple[int, int]]] = [[] for _ in range(days)]
    rest: list[dict[int, tuple[int, int]]] = []
    for number, (terms, _, _, _) in enumerate(lines):
        least = most = 0
        after: dict[int, tuple[int, int]] = {}
        for day, coefficient in reversed(terms):
            at[day].append((number, coefficient))
            after[day] = (least, most)
            least, most = least + min(0, coefficient), most + max(0, coefficient)
        rest.append(after)
    layers: list[tuple[tuple[int, int, int, int], ...]] = []
    states: dict[tuple[tuple[int, int], ...], int] = {(): 0}
    for k in range(days):
        following: dict[tuple[tuple[int, int], ...], int] = {}
        layer = []
        for state in states:
            ways: list[int] = []
            for home in (0, 1):
                if home and not free[k]:
                    ways += [DEAD, 0]
                    continue
                reached, cost = _step(state, at[k], home, lines, rest, k)
                number = DEAD if reached is None else following.setdefault(reached, len(following))
                ways += [number, cost]
            layer.append((ways[0], ways[1], ways[2], ways[3]))
        if len(following) > MOST_STATES:
            return None
        layers.append(tuple(layer))
        states = following
    return tuple(layers)


def _step(
    state: tuple[tuple[int, int], ...],
    here: Sequence[tuple[int, int]],
    home: int,
    lines: Sequence[Own],
    rest: Sequence[dict[int, tuple[int, int]]],
    k: int,
) -> tuple[tuple[tuple[int, int], ...] | None, int]:
    """Return the state after a day, or None where a line is broken, and what broken soft lines cost."""
    if not here:
        return state, 0
    sums = dict(state)
    cost = 0
    for number, coefficient in here:
        terms, low, high, weight = lines[number]
        if terms[0][0] != k and number not in sums:
            continue
        total = sums.pop(number, 0) + coefficient * home
        least, most = rest[number][k]
        if total + least > high or total + most < low:
            if not weight:
                return None, 0
            cost += weight
        elif total + least < low or total + most > high:
            sums[number] = total
    return tuple(sorted(sums.items())), cost
