"""One person's lawful rows as a layered automaton, a layer a day, made from the lines over that person alone.

A state holds, for each line that has begun and is not yet decided, the sum so far; a line that can no longer be
broken is forgotten. So a clause over a window of days costs one bit while it is open, and rows of stints come out
with as many states as a programme written by hand for them (Pesant, 2004, does the reverse: automaton to lines).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

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


class Builder:
    """Makes the automata of many people: what is the same for several is read, and built, once."""

    def __init__(self) -> None:
        self._read: dict[Own, _Line] = {}
        self._built: dict[tuple[tuple[bool, ...], tuple[Own, ...]], Automaton] = {}

    def build(self, free: Sequence[bool], lines: Sequence[Own]) -> Automaton:
        """Return the automaton of a person who has a choice on the days that are `free`.

        On other days the only way on is "office": what is settled there is no variable, and its lines know it.
        """
        key = (tuple(free), tuple(lines))
        found = self._built.get(key)
        if found is None:
            found = self._built[key] = self._automaton(*key)
        return found

    def _automaton(self, free: Sequence[bool], lines: Sequence[Own]) -> Automaton:
        kept = sorted(set(lines), key=lambda line: (line[0][0][0], line[0][-1][0]))
        while True:
            found = _try_build(free, [self._line(line) for line in kept])
            if found is not None:
                return Automaton(found)
            kept.remove(max(kept, key=lambda line: line[0][-1][0] - line[0][0][0]))

    def _line(self, line: Own) -> _Line:
        known = self._read.get(line)
        if known is None:
            known = self._read[line] = _read(line)
        return known


class _Line(NamedTuple):
    """A line as it is stepped through.

    `met` are, for a clause, the days and choices of which any meets it: all that a state need know of it is whether
    it is open. Any other line is summed up: `rest` has the least and most that come after each of its days.
    """

    own: Own
    first: int
    last: int
    met: tuple[tuple[int, int], ...] | None
    rest: dict[int, tuple[int, int]]


def _read(line: Own) -> _Line:
    terms, low, high, _ = line
    rest: dict[int, tuple[int, int]] = {}
    least = most = 0
    for day, coefficient in reversed(terms):
        rest[day] = (least, most)
        least, most = least + min(0, coefficient), most + max(0, coefficient)
    met = None
    if most - least == len(terms) == len(rest):  # each coefficient is 1 or -1
        if low == least + 1 and high >= most:
            met = tuple((day, int(coefficient > 0)) for day, coefficient in terms)
        elif high == most - 1 and low <= least:
            met = tuple((day, int(coefficient < 0)) for day, coefficient in terms)
    return _Line(line, terms[0][0], terms[-1][0], met, rest)


State = tuple[int, tuple[tuple[int, int], ...]]
"""The clauses that are open, a bit each, and the sums of other lines, by number."""


def _try_build(
    free: Sequence[bool], lines: Sequence[_Line]
) -> tuple[tuple[tuple[int, int, int, int], ...], ...] | None:
    days = len(free)
    begun, ended = [0] * days, [0] * days
    met = [[0, 0] for _ in range(days)]
    at: list[list[tuple[int, int]]] = [[] for _ in range(days)]
    prices: dict[int, int] = {}
    for number, line in enumerate(lines):
        if line.met is None:
            for day, coefficient in line.own[0]:
                at[day].append((number, coefficient))
            continue
        bit = 1 << number
        begun[line.first] |= bit
        ended[line.last] |= bit
        for day, choice in line.met:
            met[day][choice] |= bit
        if line.own[3]:
            prices[bit] = line.own[3]
    layers: list[tuple[tuple[int, int, int, int], ...]] = []
    states: dict[State, int] = {(0, ()): 0}
    for k in range(days):
        following: dict[State, int] = {}
        layer = []
        begins, ends, here = begun[k], ended[k], at[k]
        for clauses, sums in states:
            ways: list[int] = []
            for home in (0, 1):
                left = (clauses | begins) & ~met[k][home]
                broken = left & ends
                cost = _cost(broken, prices) if broken else 0
                if cost is None or (home and not free[k]):
                    ways += [DEAD, 0]
                    continue
                reached: tuple[tuple[int, int], ...] | None = sums
                if here:
                    reached, more = _step(sums, here, home, lines, k)
                    cost += more
                if reached is None:
                    ways += [DEAD, 0]
                    continue
                ways += [following.setdefault((left ^ broken, reached), len(following)), cost]
            layer.append((ways[0], ways[1], ways[2], ways[3]))
        if len(following) > MOST_STATES:
            return None
        layers.append(tuple(layer))
        states = following
    return tuple(layers)


def _cost(broken: int, prices: Mapping[int, int]) -> int | None:
    """Return what broken clauses cost; None where one of them cannot be."""
    cost = 0
    while broken:
        bit = broken & -broken
        if bit not in prices:
            return None
        cost += prices[bit]
        broken ^= bit
    return cost


def _step(
    state: tuple[tuple[int, int], ...],
    here: Sequence[tuple[int, int]],
    home: int,
    lines: Sequence[_Line],
    k: int,
) -> tuple[tuple[tuple[int, int], ...] | None, int]:
    """Return the sums after a day, or None where a line is broken, and what broken soft lines cost."""
    sums = dict(state)
    cost = 0
    for number, coefficient in here:
        (terms, low, high, weight), _, _, _, rest = lines[number]
        if terms[0][0] != k and number not in sums:
            continue
        total = sums.pop(number, 0) + coefficient * home
        least, most = rest[k]
        if total + least > high or total + most < low:
            if not weight:
                return None, 0
            cost += weight
        elif total + least < low or total + most > high:
            sums[number] = total
    return tuple(sorted(sums.items())), cost
