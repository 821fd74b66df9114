"""Column generation: the least cost of a unit's rows under its couplings, with a bound in exact whole numbers.

The duals of the master price everybody's rows (`graph`); the cheapest new rows enter the master. Duals are smoothed
towards the best so far (Wentges, 1997; Pessoa et al., 2018). For any duals, rounded to thousandths, the Lagrangian
relaxation is a lower bound (Geoffrion, 1974), computed in 64-bit integers. One programme serves one objective after
the other: a value reached becomes a row of its own (`keep`), and the columns found so far stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum

import numpy as np
import numpy.typing as npt

from scheduler.solve.rows.entries import Costs, read_entries
from scheduler.solve.rows.graph import INFINITE, Graph, Weights, Whole
from scheduler.solve.rows.master import Master, Number
from scheduler.solve.rows.relaxation import FAR, Coupling, Relaxation

SCALE = 1000
"""Duals are rounded to this part of a cost unit."""

PENALTY = 40.0
HARSHER = (10.0, 100.0, 1000.0)
"""Times the penalty where couplings are still missed though they can be met."""

LONG = 30
"""Days beyond which a bound is not brought nearer to the optimum in parts than its next whole number."""

PARTS = 8
"""Into how many parts duals are taken where a value that is kept becomes less tight."""

MOST_ROUNDS = 400
SMOOTHING = 0.6
PRICED = ("preferences", "stints", "shortfall")
"""The objectives that are priced, in the order of `graph.Weights`; nobody's row has a shortfall."""


class State(Enum):
    """What is known of the couplings once pricing ends."""

    MET = "met"
    IMPOSSIBLE = "impossible"
    OPEN = "open"


@dataclass(slots=True)
class Programme:
    """One unit's rows and couplings, and the columns generated so far.

    Attributes
    ----------
    who, rows : person and row of each column.
    costs : of each column by objective (`PRICED`).
    main : which objective is minimised; None to ask only how far couplings must be missed.
    caps : objective and row of each value to keep.
    duals : the best so far for the main objective, in thousandths.
    gap : between its value in parts and its bound, in thousandths.
    """

    graph: Graph
    lows: Whole
    highs: Whole
    at: tuple[Whole, Whole, Whole, Whole]
    others: list[tuple[tuple[int, ...], int, int, list[tuple[int, int]]]]
    prices: tuple[Costs, ...]
    master: Master
    by_cell: dict[tuple[int, int], list[tuple[int, int]]]
    end: Whole
    main: int | None = 0
    worth: int = 0
    caps: list[tuple[int, int]] = field(default_factory=list)
    who: list[int] = field(default_factory=list)
    rows: list[npt.NDArray[np.bool_]] = field(default_factory=list)
    costs: list[tuple[int, ...]] = field(default_factory=list)
    known: set[tuple[int, bytes]] = field(default_factory=set)
    duals: Whole = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    gap: float = INFINITE

    # Prices -----------------------------------------------------------------------------------------------------

    def cell_costs(self, duals: Whole) -> Whole:
        """Return the reduced cost of each home day, (people, days), in thousandths."""
        row, person, day, coefficient = self.at
        people, days = self.prices[0].home.shape
        owed = np.bincount(
            person * days + day, weights=(duals[row] * coefficient).astype(float), minlength=people * days
        )
        found: Whole = -np.rint(owed).astype(np.int64).reshape(people, days)
        for weight, price in zip(self.weights(duals), self.prices, strict=True):
            if weight:
                found += weight * price.home
        return found

    def weights(self, duals: Whole) -> Weights:
        """Return what one unit of each objective costs: the main one `SCALE`, one that is kept its dual."""
        found = [SCALE * number for number in self.counts]
        for objective, row in self.caps:
            found[objective] -= int(duals[row])
        return found

    def rest(self, duals: Whole) -> int:
        """Return the part of the Lagrangian bound that is nobody's row, in thousandths."""
        value = SCALE * self._constant
        for dual, low, high in zip(duals.tolist(), self.lows.tolist(), self.highs.tolist(), strict=True):
            if dual:
                value += dual * low if dual > 0 else dual * high
        for costs, least, most, terms in self.others:
            reduced = sum(w * c for w, c in zip(self.weights(duals), costs, strict=True))
            reduced -= sum(int(duals[r]) * c for r, c in terms)
            value += reduced * (least if reduced > 0 else most)
        return value

    def rounded(self, duals: npt.NDArray[np.float64]) -> Whole:
        """Return duals as whole thousandths, none where the coupling has no such side."""
        found = np.rint(duals * SCALE).astype(np.int64)
        found[(found > 0) & (self.lows <= -FAR // 2)] = 0
        found[(found < 0) & (self.highs >= FAR // 2)] = 0
        return found

    def bound(self, duals: Whole, end: Whole | None = None) -> int:
        """Return what everybody's rows cost at least by these duals, in thousandths."""
        potentials = self.graph.potentials(
            self.cell_costs(duals), self.end if end is None else end, self.weights(duals)
        )
        return self.rest(duals) + int(potentials[0][: len(self.graph.people)].sum())

    def loosen(self, objective: int, most: int, is_over: Callable[[], bool]) -> int:
        """Let an objective that is kept cost more; return the bound of the main one then, in thousandths."""
        row = next(r for kept, r in reversed(self.caps) if kept == objective)
        self.highs[row] = most - self.prices[objective].constant
        self.master.rows[row].SetUb(int(self.highs[row]))
        known = -INFINITE
        if len(self.duals) == len(self.lows):
            # Duals of a tighter cap make too much of it: a part of all of them is often nearer to the new optimum.
            parts = [self.duals * number // PARTS for number in range(PARTS + 1)]
            bounds = [self.bound(part) for part in parts]
            known = max(bounds)
            self.duals = parts[bounds.index(known)]
        return max(known, self.generate(is_over=is_over, known=known))

    @property
    def has_costs(self) -> bool:
        """Whether some row costs more than another in the main objective."""
        if self.main is None:
            return False
        tolls = self.main < len(PRICED) - 1 and any(
            layer.paid[self.main] is not None for layer in self.graph.layers
        )
        return bool(self.prices[self.main].home.any()) or tolls

    @property
    def is_long(self) -> bool:
        """Whether the period is so long that rows as good as any are too many to pick from."""
        return len(self.graph.layers) > LONG

    # Columns ----------------------------------------------------------------------------------------------------

    def add(self, who: Whole, rows: npt.NDArray[np.bool_], tolls: Whole | None = None) -> int:
        """Add columns; return how many were new. `tolls` is what the soft lines that they break cost, where it is known."""
        new = 0
        tolls = self.graph.measure(who, rows).tolls if tolls is None else tolls
        costs = [(rows * price.home[who]).sum(axis=1) for price in self.prices]
        costs = [(cost + tolls[n] if n < len(tolls) else cost).tolist() for n, cost in enumerate(costs)]
        for n, person, row in self._fresh(who, rows):
            new += 1
            sums: dict[int, int] = {}
            for day in np.nonzero(row)[0].tolist():
                for r, c in self.by_cell.get((person, day), ()):
                    sums[r] = sums.get(r, 0) + c
            cost = tuple(values[n] for values in costs)
            for objective, r in self.caps:
                sums[r] = cost[objective]
            self._add_column(person, row, cost, sums)
        return new

    def _fresh(
        self, who: Whole, rows: npt.NDArray[np.bool_]
    ) -> Iterator[tuple[int, int, npt.NDArray[np.bool_]]]:
        """Yield number, person and row of those that are no columns yet; they are to become some."""
        for n, (person, row) in enumerate(zip(who.tolist(), rows, strict=True)):
            key = (person, row.tobytes())
            if key not in self.known:
                self.known.add(key)
                yield n, person, row

    def _add_column(
        self, person: int, row: npt.NDArray[np.bool_], cost: tuple[int, ...], sums: dict[int, int]
    ) -> None:
        """Add a column that costs so much by objective; `sums` are its coefficients by coupling."""
        self.master.add_column(person, self._priced(cost), list(sums), list(sums.values()))
        self.who.append(person)
        self.rows.append(row)
        self.costs.append(cost)

    def reduced(
        self, who: Whole, rows: npt.NDArray[np.bool_], duals: Whole, tolls: Whole | None = None
    ) -> Whole:
        """Return the reduced cost of rows, in thousandths."""
        weights = self.weights(duals)
        tolls = self.graph.measure(who, rows).tolls if tolls is None else tolls
        found: Whole = (rows * self.cell_costs(duals)[who]).sum(axis=1)
        for weight, toll in zip(weights, tolls, strict=False):
            if weight:
                found = found + weight * toll
        return found

    @property
    def counts(self) -> list[int]:
        """What one of each objective counts in what is minimised: the main one 1, and wishes beside stints `worth`."""
        found = [0] * len(PRICED)
        if self.main is not None:
            found[self.main] = 1
            found[0] += self.worth
        return found

    def _priced(self, costs: Sequence[int]) -> int:
        """Return what costs by objective count in what is minimised."""
        return sum(number * cost for number, cost in zip(self.counts, costs, strict=True))

    @property
    def _constant(self) -> int:
        return self._priced([price.constant for price in self.prices])

    def turn_to(self, main: int | None, penalty: float = PENALTY, worth: int = 0) -> None:
        """Minimise another objective, with every wish so much worth beside it, or only what is missed of the couplings."""
        self.main, self.worth = main, worth
        self.master.set_costs(
            [self._priced(cost) for cost in self.costs],
            [self._priced(costs) for costs, _, _, _ in self.others],
        )
        self.master.set_penalty(penalty)

    def keep(self, objective: int, most: int) -> None:
        """Demand from now on that an objective be at most this."""
        price = self.prices[objective]
        row = len(self.lows)
        self.lows = np.append(self.lows, -FAR)
        self.highs = np.append(self.highs, most - price.constant)
        self.duals = np.append(self.duals, 0)
        for costs, _, _, terms in self.others:
            if costs[objective]:
                terms.append((row, costs[objective]))
        self.master.add_row(-FAR, most - price.constant)
        self.master.extend_row(
            [cost[objective] for cost in self.costs], [costs[objective] for costs, _, _, _ in self.others]
        )
        self.caps.append((objective, row))

    def restrict(self, end: Whole) -> None:
        """Allow from now on only rows that end where `end` is 0; it is `INFINITE` elsewhere."""
        self.end = end
        if not self.who:
            return
        who, rows = np.array(self.who, dtype=np.int64), np.array(self.rows)
        ends = self.graph.measure(who, rows).ends
        for column, closed in enumerate((end[ends] >= INFINITE).tolist()):
            self.master.close(column, closed=closed)

    # Pricing ----------------------------------------------------------------------------------------------------

    def solve(self, is_over: Callable[[], bool] = lambda: False) -> tuple[int, State]:
        """Return the bound of the main objective in thousandths, and whether the couplings can be met.

        Where they are missed it is asked by how much they must be: more than nothing proves that no roster is.
        """
        main = self.main
        bound = self.generate(is_over=is_over)
        if bound >= INFINITE:  # somebody has no row at all, and nothing was solved
            return bound, State.IMPOSSIBLE
        for times in HARSHER:
            if self.master.missed < 1e-6:
                return bound, State.MET
            if is_over():
                return bound, State.OPEN
            best, state = self.duals, self.feasibility(is_over)
            self.turn_to(main, PENALTY * times)
            self.duals = best
            if state is not State.MET:
                return bound, state
            bound = max(bound, self.generate(is_over=is_over))
        return bound, State.MET if self.master.missed < 1e-6 else State.OPEN

    def open(self, worth: int, is_over: Callable[[], bool]) -> Whole:
        """Price the main objective with every wish so much worth; return the duals, near the optimum of either.

        What comes close to both at once takes half of the programmes that one after the other would.
        """
        assert self.main is not None
        main = self.main
        self.turn_to(main, worth=worth)
        self.generate(is_over=is_over)
        self.turn_to(main)
        return self.duals

    def feasibility(self, is_over: Callable[[], bool] = lambda: False) -> State:
        """Return whether rows exist, in parts, that meet the couplings; `main` is None afterwards."""
        self.turn_to(None, 1.0)
        if self.generate(tolerance=0, is_over=is_over, enough=0) > 0:
            return State.IMPOSSIBLE
        return State.MET if self.master.missed < 1e-6 else State.OPEN

    def present(self, prices: Number, duals: Whole) -> Number:
        """Return what everybody's row costs by the duals of the master, in thousandths; a better one costs less."""
        return prices * SCALE

    def generate(
        self,
        tolerance: int = SCALE // 50,
        is_over: Callable[[], bool] = lambda: False,
        enough: int = INFINITE,
        known: int = -INFINITE,
    ) -> int:
        """Price until value and bound are within `tolerance`; return the bound in thousandths.

        Parameters
        ----------
        is_over : asked after each round; the bound so far is as valid as the last.
        enough : stop once the bound is above this.
        known : the bound by the duals so far, where it was told.
        """
        people = len(self.graph.people)
        centre = self.duals if len(self.duals) == len(self.lows) else np.zeros(len(self.lows), dtype=np.int64)
        constant = SCALE * self._constant
        if self.is_long and known == -INFINITE and centre.any():
            known = self.bound(centre)
        best, value, new = known, float("inf"), 0
        outer, present = centre, np.full(people, float(INFINITE))
        everybody = np.arange(people)
        started = bool(self.who)
        for number in range(MOST_ROUNDS):
            if number or started:
                value, duals, prices = self.master.solve()
                outer = self.rounded(duals)
                present = self.present(prices, outer)
            share = SMOOTHING if number else 0.0
            while True:
                tried = self.rounded((share * centre + (1 - share) * outer) / SCALE)
                cells, weights = self.cell_costs(tried), self.weights(tried)
                potentials = self.graph.potentials(cells, self.end, weights)
                if int(potentials[0][:people].max(initial=0)) >= INFINITE // 2:
                    return INFINITE
                bound = self.rest(tried) + int(potentials[0][:people].sum())
                rows = self.graph.best_rows(cells, potentials, weights)
                tolls = self.graph.measure(everybody, rows).tolls
                worth = self.reduced(everybody, rows, outer, tolls) < present - 0.01
                new = self.add(everybody[worth], rows[worth], tolls[:, worth])
                if bound > best:
                    best, centre = bound, tried
                    self.duals = tried
                if new or share == 0:
                    break
                share = 0.0 if share < 0.3 else share / 2
            self.gap = gap = value * SCALE + constant - best
            if self.is_long and self.main is not None and value < float("inf"):
                # Whole numbers are what counts, and there are too many rows to pick from anyway.
                gap -= -best % SCALE
            if gap <= tolerance or best > enough or (not new and (number or started)) or is_over():
                break
        if new:
            self.master.solve()
        return best


def programme(
    relaxation: Relaxation, couplings: Sequence[Coupling], graph: Graph, prices: tuple[Costs, ...], end: Whole
) -> Programme:
    """Return the programme of a unit with no columns yet."""
    read = read_entries(relaxation, couplings, graph.people)
    bounds = [(line.low, line.high) for line in couplings]
    master = Master(bounds, len(graph.people), PENALTY, is_large=len(graph.layers) > LONG)
    others = read.add_others(relaxation, prices, master)
    return Programme(
        graph=graph, lows=read.lows, highs=read.highs, at=read.at, others=others, prices=prices, master=master,
        by_cell=read.by_cell, end=end,
    )  # fmt: skip
