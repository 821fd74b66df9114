"""Rows chosen one person after another, each the best beside all others', until few couplings are missed.

A row costs what the programme's duals say, and what it makes the couplings miss; missing one costs more from round to
round (an augmented Lagrangian by coordinate descent; compare Wedelin, 1995). One person's best row is a pass over
their own few nodes, a thousandth of a search: over long periods, where many rows are as good as any, this comes near
the bound and leaves little to mend.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from scheduler.solve.rows.columns import SCALE, Programme
from scheduler.solve.rows.graph import INFINITE, Graph, Weights, Whole
from scheduler.solve.rows.reading import Flags

ROUNDS = tuple(0.2 * 1.3**number for number in range(18))
"""What missing a coupling by one costs in each round, in units of the main objective."""

NOISE = 0.05
"""Random part of what a day at home costs, in such units: rows that are equal else would all go the same way."""


_Ways = tuple[Whole, Whole, Whole | None, Whole | None]
"""Where a layer's nodes lead from the office and from home, and what soft lines broken cost on both ways."""


def settle(programme: Programme, rows: Flags, draw: random.Random, is_over: Callable[[], bool]) -> Flags:
    """Return rows within the programme's windows that miss few couplings, of these the cheapest by the duals."""
    descent = _Descent(programme, rows, draw)
    best, least, cheapest = rows, INFINITE, INFINITE
    if not descent.outside.any():
        least, cheapest = descent.missed, descent.cost
    for penalty in ROUNDS:
        if is_over() or not least:
            break
        descent.run(int(penalty * SCALE), is_over)
        if (number := descent.missed) > least or ((cost := descent.cost) >= cheapest and number == least):
            continue
        best, least, cheapest = descent.rows.copy(), number, cost
    return best


class _Descent:
    """Rows under way, and how often each coupling is met by them.

    Attributes
    ----------
    low, high : of each coupling, with the variables that are nobody's row at their best.
    entries : of each person: couplings, days, coefficients.
    outside : whose rows are not in the programme's windows.
    """

    def __init__(self, programme: Programme, rows: Flags, draw: random.Random) -> None:
        self.programme = programme
        self.rows = rows.copy()
        self.draw = draw
        count = len(programme.lows) - len(programme.caps)
        self.low, self.high = programme.lows[:count].copy(), programme.highs[:count].copy()
        for _, least, most, terms in programme.others:
            for r, c in terms:
                if r < count:
                    self.low[r] -= max(c * least, c * most)
                    self.high[r] -= min(c * least, c * most)
        row, person, day, coefficient = programme.at
        mine = row < count
        order = np.argsort(person[mine], kind="stable")
        borders = np.searchsorted(person[mine][order], np.arange(1, len(rows)))
        self.entries = list(
            zip(*(np.split(part[mine][order], borders) for part in (row, day, coefficient)), strict=True)
        )
        self.sums = np.zeros(count, dtype=np.int64)
        np.add.at(self.sums, row[mine], (coefficient * rows[person, day])[mine])
        self.costs = programme.cell_costs(programme.duals)
        ends = programme.graph.measure(np.arange(len(rows)), rows).ends
        self.outside = programme.end[ends] >= INFINITE
        self.paths = _Paths(programme.graph, programme.end, programme.weights(programme.duals))

    @property
    def missed(self) -> int:
        """By how much couplings are missed in all."""
        return int(self._missing(np.arange(len(self.low)), self.sums).sum())

    @property
    def cost(self) -> int:
        """What rows cost by the duals, in thousandths."""
        everybody = np.arange(len(self.rows))
        return int(self.programme.reduced(everybody, self.rows, self.programme.duals).sum())

    def run(self, penalty: int, is_over: Callable[[], bool]) -> None:
        """Give everybody who counts in a coupling missed their best row, in random order."""
        order = list(range(len(self.rows)))
        self.draw.shuffle(order)
        noise = np.random.default_rng(self.draw.getrandbits(32))
        for p in order:
            if is_over():
                return
            couplings, days, coefficients = self.entries[p]
            sums = self.sums[couplings]
            is_met = not ((sums < self.low[couplings]) | (sums > self.high[couplings])).any()
            if is_met and not self.outside[p]:
                continue
            np.subtract.at(self.sums, couplings, coefficients * self.rows[p, days])
            without = self.sums[couplings]
            worse = self._missing(couplings, without + coefficients) - self._missing(couplings, without)
            cost = self.costs[p] + noise.integers(0, int(NOISE * SCALE), len(self.costs[p]))
            np.add.at(cost, days, penalty * worse)
            if (found := self.paths.best(p, cost)) is not None:
                self.rows[p] = found
                self.outside[p] = False
            np.add.at(self.sums, couplings, coefficients * self.rows[p, days])

    def _missing(self, couplings: Whole, sums: Whole) -> Whole:
        found: Whole = np.maximum(self.low[couplings] - sums, 0) + np.maximum(sums - self.high[couplings], 0)
        return found


class _Paths:
    """Everybody's nodes, numbered anew for each person in each layer; each layer's last is the sentinel."""

    def __init__(self, graph: Graph, end: Whole, weights: Weights) -> None:
        people = np.arange(len(graph.people) + 1)
        borders = [np.searchsorted(layer.person, people) for layer in graph.layers]
        borders.append(np.searchsorted(graph.end_person, people))
        self.borders = [border.tolist() for border in borders]
        self.end = end
        self.layers = []
        for layer, following in zip(graph.layers, borders[1:], strict=True):
            first, size = following[layer.person], np.diff(following)[layer.person]
            office, home = (np.minimum(way - first, size) for way in (layer.office, layer.home))
            self.layers.append((office, home, *layer.tolls(weights)))
        self.cut: dict[int, tuple[Whole, list[_Ways]]] = {}

    def _cut(self, p: int) -> tuple[Whole, list[_Ways]]:
        """Return what one person's ends cost, and their ways on, the last layer first."""
        found: list[_Ways] = []
        for k in range(len(self.layers) - 1, -1, -1):
            here = slice(self.borders[k][p], self.borders[k][p + 1])
            office, home, *tolls = self.layers[k]
            of_office, of_home = (None if isinstance(toll, int) else toll[here] for toll in tolls)
            found.append((office[here], home[here], of_office, of_home))
        here = slice(self.borders[-1][p], self.borders[-1][p + 1])
        return np.append(self.end[here], INFINITE), found

    def best(self, p: int, cost: Whole) -> npt.NDArray[np.bool_] | None:
        """Return a person's cheapest row, `cost` being that of each day at home; None where none is open."""
        if p not in self.cut:
            self.cut[p] = self._cut(p)
        last, layers = self.cut[p]
        following = last
        ways: list[tuple[Whole, Whole, npt.NDArray[np.bool_]]] = []
        for (office, home, office_toll, home_toll), price in zip(
            layers, reversed(cost.tolist()), strict=True
        ):
            stays, goes = following[office], following[home] + price
            if office_toll is not None:
                stays += office_toll
            if home_toll is not None:
                goes += home_toll
            ways.append((office, home, goes < stays))
            following = np.empty(len(stays) + 1, dtype=np.int64)
            np.minimum(stays, goes, out=following[:-1])
            following[-1] = INFINITE
        if following[0] >= INFINITE // 2:
            return None
        at, found = 0, np.zeros(len(cost), dtype=bool)
        for k, (office, home, is_home) in enumerate(reversed(ways)):
            found[k] = is_home[at]
            at = home[at] if found[k] else office[at]
        return found
