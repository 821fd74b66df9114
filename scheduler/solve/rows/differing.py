"""A programme of whole rows in which everybody has a row already, and a column is what another differs by.

Where most people keep the row that they have, it costs a fraction of one that gives everybody a column for it: the
columns are few, and a few days long. Prices and bounds are those of `columns`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from scheduler.solve.rows.columns import PENALTY, SCALE, Programme
from scheduler.solve.rows.entries import Costs, read_entries
from scheduler.solve.rows.graph import Graph, Whole
from scheduler.solve.rows.master import Master, Number
from scheduler.solve.rows.relaxation import Coupling, Relaxation

Flags = npt.NDArray[np.bool_]


class _Kept(Master):
    """The linear programme over what rows differ by.

    Parameters
    ----------
    bounds : least and most of each coupling, less what the rows that people have come to.
    is_lawful : whether each may keep the row; who may not has to choose another.
    worth : what the rows that people have cost.
    """

    def __init__(self, bounds: Sequence[tuple[int, int]], is_lawful: Sequence[bool], worth: int) -> None:
        super().__init__(bounds, 0, PENALTY)
        self.worth = worth
        for may_keep in is_lawful:
            row: Any = self.solver.Constraint(-self.endless if may_keep else 1, 1)
            self.choice.append(row)
            if not may_keep:
                self._allow_missing(row, (1,), 100)

    def solve(self) -> tuple[float, Number, Number]:
        value, duals, prices = super().solve()
        return value + self.worth, duals, prices


@dataclass(slots=True)
class Differing(Programme):
    """The programme; only its first price counts, and no row has a toll.

    Attributes
    ----------
    base : the row that everybody has, (people, days).
    is_lawful : who may keep it.
    """

    base: Flags = field(default_factory=lambda: np.zeros((0, 0), dtype=bool))
    is_lawful: Flags = field(default_factory=lambda: np.zeros(0, dtype=bool))

    def add(self, who: Whole, rows: Flags, tolls: Whole | None = None) -> int:
        """Add columns; return how many were new."""
        new = 0
        differs = rows != self.base[who]
        signs = np.where(rows, 1, -1)
        costs = (differs * signs * self.prices[0].home[who]).sum(axis=1).tolist()
        for n, person, row in self._fresh(who, rows):
            new += 1
            sums: dict[int, int] = {}
            for day in np.nonzero(differs[n])[0].tolist():
                sign = int(signs[n, day])
                for r, c in self.by_cell.get((person, day), ()):
                    sums[r] = sums.get(r, 0) + sign * c
            self._add_column(person, row, (costs[n], 0, 0), {r: c for r, c in sums.items() if c})
        return new

    def present(self, prices: Number, duals: Whole) -> Number:
        """Return what everybody's row costs now at most, in thousandths: who has no other keeps theirs."""
        found: Number = prices * SCALE + (self.base * self.cell_costs(duals)).sum(axis=1)
        return found

    def taken(self) -> dict[int, Flags]:
        """Return the rows that the solution takes whole, by person."""
        weights = self.master.weights()
        total = np.bincount(self.who, weights=weights, minlength=len(self.base))
        found = {p: self.base[p] for p in np.nonzero(self.is_lawful & (total < 1e-6))[0].tolist()}
        return found | {self.who[n]: self.rows[n] for n in np.nonzero(weights > 1 - 1e-6)[0].tolist()}


def differing(
    relaxation: Relaxation, couplings: Sequence[Coupling], graph: Graph, price: Costs, base: Flags
) -> Differing:
    """Return the programme in which everybody's row costs what `price` says, with no columns yet."""
    nothing = Costs(home=np.zeros_like(price.home), others={}, constant=0)
    read = read_entries(relaxation, couplings, graph.people)
    row, person, day, coefficient = read.at
    held = np.bincount(row, weights=coefficient * base[person, day], minlength=len(couplings))
    bounds = [
        (line.low - h, line.high - h)
        for line, h in zip(couplings, np.rint(held).astype(int).tolist(), strict=True)
    ]
    is_lawful = graph.are_paths(base)
    master = _Kept(bounds, is_lawful.tolist(), int((base * price.home).sum()))
    others = read.add_others(relaxation, (price, nothing, nothing), master)
    found = Differing(
        graph=graph, lows=read.lows, highs=read.highs, at=read.at, others=others,
        prices=(price, nothing, nothing), master=master, by_cell=read.by_cell,
        end=np.zeros(len(graph.end_person), dtype=np.int64), base=base, is_lawful=is_lawful,
    )  # fmt: skip
    found.known |= {(p, base[p].tobytes()) for p in np.nonzero(is_lawful)[0].tolist()}
    return found
