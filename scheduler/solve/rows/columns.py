"""Column generation: the least cost of a unit's rows under its couplings, with a bound in exact whole numbers.

The duals of the master price everybody's rows (`graph`); the cheapest new rows enter the master. Duals are smoothed
towards the best so far (Wentges, 1997; Pessoa et al., 2018). For any duals, rounded to thousandths, the Lagrangian
relaxation is a lower bound (Geoffrion, 1974), computed in 64-bit integers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from scheduler.solve.rows.graph import INFINITE, Graph, Whole
from scheduler.solve.rows.master import Master
from scheduler.solve.rows.relaxation import FAR, Relaxation

SCALE = 1000
"""Duals are rounded to this part of a cost unit."""

PENALTY = 40.0
MOST_ROUNDS = 400
SMOOTHING = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What is minimised: of being at home, (people, days); of other variables; the rest."""

    home: Whole
    others: dict[int, int]
    constant: int


@dataclass(slots=True)
class Programme:
    """One unit's rows and couplings, and the columns generated so far.

    Attributes
    ----------
    who, rows, costs : person, row and cost of each column.
    duals : the best so far, in thousandths.
    bound : proven for `costs` over all rows that end in allowed nodes, in thousandths of a cost unit.
    """

    graph: Graph
    lows: Whole
    highs: Whole
    at: tuple[Whole, Whole, Whole, Whole]
    others: list[tuple[int, int, int, list[tuple[int, int]]]]
    price: Costs
    master: Master
    by_cell: dict[tuple[int, int], list[tuple[int, int]]]
    who: list[int] = field(default_factory=list)
    rows: list[npt.NDArray[np.bool_]] = field(default_factory=list)
    costs: list[int] = field(default_factory=list)
    known: set[tuple[int, bytes]] = field(default_factory=set)
    duals: Whole = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    rounds: int = 0

    def cell_costs(self, duals: Whole) -> Whole:
        """Return the reduced cost of each home day, (people, days), in thousandths."""
        row, person, day, coefficient = self.at
        people, days = self.price.home.shape
        owed = np.bincount(
            person * days + day, weights=(duals[row] * coefficient).astype(float), minlength=people * days
        )
        return SCALE * self.price.home - np.rint(owed).astype(np.int64).reshape(people, days)

    def rest(self, duals: Whole) -> int:
        """Return the part of the Lagrangian bound that is nobody's row, in thousandths."""
        value = SCALE * self.price.constant
        for dual, low, high in zip(duals.tolist(), self.lows.tolist(), self.highs.tolist(), strict=True):
            value += dual * low if dual > 0 else dual * high
        for cost, least, most, terms in self.others:
            reduced = SCALE * cost - sum(int(duals[r]) * c for r, c in terms)
            value += reduced * (least if reduced > 0 else most)
        return value

    def rounded(self, duals: npt.NDArray[np.float64]) -> Whole:
        """Return duals as whole thousandths, none where the coupling has no such side."""
        found = np.rint(duals * SCALE).astype(np.int64)
        found[(found > 0) & (self.lows <= -FAR // 2)] = 0
        found[(found < 0) & (self.highs >= FAR // 2)] = 0
        return found

    def add(self, who: Whole, rows: npt.NDArray[np.bool_]) -> int:
        """Add columns; return how many were new."""
        new = 0
        costs = self.graph.row_costs(who, rows, SCALE * self.price.home)[0] // SCALE
        for person, row, cost in zip(who.tolist(), rows, costs.tolist(), strict=True):
            key = (person, row.tobytes())
            if key in self.known:
                continue
            self.known.add(key)
            new += 1
            sums: dict[int, int] = {}
            for day in np.nonzero(row)[0].tolist():
                for r, c in self.by_cell.get((person, day), ()):
                    sums[r] = sums.get(r, 0) + c
            self.master.add_column(person, cost, list(sums), list(sums.values()))
            self.who.append(person)
            self.rows.append(row)
            self.costs.append(cost)
        return new

    def generate(
        self, end: Whole, tolerance: int = SCALE // 50, is_over: Callable[[], bool] = lambda: False
    ) -> int:
        """Price until value and bound are within `tolerance`; return the bound in thousandths.

        Parameters
        ----------
        end : 0 for each end node allowed, `INFINITE` for the others.
        is_over : asked after each round; the bound so far is as valid as the last.
        """
        people = len(self.graph.people)
        centre = np.zeros(len(self.lows), dtype=np.int64)
        best, value, new = -INFINITE, float("inf"), 0
        outer, prices = centre, np.full(people, float(INFINITE))
        for number in range(MOST_ROUNDS):
            self.rounds += 1
            if number:
                value, duals, prices = self.master.solve()
                outer = self.rounded(duals)
            share = SMOOTHING if number else 0.0
            while True:
                tried = self.rounded((share * centre + (1 - share) * outer) / SCALE)
                cells = self.cell_costs(tried)
                potentials = self.graph.potentials(cells, end)
                bound = self.rest(tried) + int(potentials[0][:people].sum())
                rows = self.graph.best_rows(cells, potentials)
                everybody = np.arange(people)
                reduced, _, _ = self.graph.row_costs(everybody, rows, self.cell_costs(outer))
                worth = reduced < prices * SCALE - 0.01
                new = self.add(everybody[worth], rows[worth])
                if bound > best:
                    best, centre = bound, tried
                    self.duals = tried
                if new or share == 0:
                    break
                share = 0.0 if share < 0.3 else share / 2
            gap = value * SCALE + SCALE * self.price.constant - best
            if gap < tolerance or (not new and number) or is_over():
                break
        if new:
            self.master.solve()
        return best


def programme(relaxation: Relaxation, graph: Graph, price: Costs) -> Programme:
    """Return the programme of a unit with no columns yet."""
    position = {i: p for p, i in enumerate(graph.people)}
    entries: list[tuple[int, int, int, int]] = []
    by_cell: dict[tuple[int, int], list[tuple[int, int]]] = {}
    lows, highs = [], []
    loose: dict[int, list[tuple[int, int]]] = {}
    for r, line in enumerate(relaxation.couplings):
        lows.append(line.low)
        highs.append(line.high)
        for variable, coefficient in zip(line.variables, line.coefficients, strict=True):
            if variable in relaxation.cells:
                i, k = relaxation.cells[variable]
                entries.append((r, position[i], k, coefficient))
                by_cell.setdefault((position[i], k), []).append((r, coefficient))
            else:
                loose.setdefault(variable, []).append((r, coefficient))
    master = Master(list(zip(lows, highs, strict=True)), len(graph.people), PENALTY)
    others = []
    for variable, terms in loose.items():
        least, most = relaxation.others[variable]
        cost = price.others.get(variable, 0)
        others.append((cost, least, most, terms))
        master.add_other(cost, least, most, terms)
    columns = np.array(entries, dtype=np.int64).reshape(-1, 4).T
    return Programme(
        graph=graph, lows=np.array(lows, dtype=np.int64), highs=np.array(highs, dtype=np.int64),
        at=(columns[0], columns[1], columns[2], columns[3]), others=others, price=price, master=master,
        by_cell=by_cell,
    )  # fmt: skip


def home_costs(relaxation: Relaxation, people: Sequence[int], days: int, objective: str) -> Costs:
    """Return an objective as costs."""
    found, constant = relaxation.costs(objective)
    position = {i: p for p, i in enumerate(people)}
    home = np.zeros((len(people), days), dtype=np.int64)
    others: dict[int, int] = {}
    for variable, cost in found.items():
        if variable in relaxation.cells:
            i, k = relaxation.cells[variable]
            home[position[i], k] += cost
        else:
            others[variable] = cost
    return Costs(home=home, others=others, constant=constant)
