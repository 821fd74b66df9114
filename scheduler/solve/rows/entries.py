"""What a programme over whole rows is made of, as arrays: what couplings ask of which day, and what is minimised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from scheduler.solve.rows.graph import Whole
from scheduler.solve.rows.master import Master
from scheduler.solve.rows.relaxation import Coupling, Relaxation


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What is minimised: of being at home, (people, days); of other variables; the rest."""

    home: Whole
    others: dict[int, int]
    constant: int


class Entries(NamedTuple):
    """What couplings ask for: (coupling, person, day, coefficient) as arrays, by cell, and of variables in nobody's row."""

    lows: Whole
    highs: Whole
    at: tuple[Whole, Whole, Whole, Whole]
    by_cell: dict[tuple[int, int], list[tuple[int, int]]]
    loose: dict[int, list[tuple[int, int]]]

    def add_others(
        self, relaxation: Relaxation, prices: Sequence[Costs], master: Master
    ) -> list[tuple[tuple[int, ...], int, int, list[tuple[int, int]]]]:
        """Add the variables in nobody's row to a master; return their costs, least, most and terms."""
        others = []
        for variable, terms in self.loose.items():
            least, most = relaxation.others[variable]
            costs = tuple(price.others.get(variable, 0) for price in prices)
            others.append((costs, least, most, terms))
            master.add_other(costs[0], least, most, terms)
        return others


def read_entries(relaxation: Relaxation, couplings: Sequence[Coupling], people: Sequence[int]) -> Entries:
    """Return what couplings ask of the days of `people`, and of other variables."""
    position = {i: p for p, i in enumerate(people)}
    indices = np.array([v for line in couplings for v in line.variables], dtype=np.int64)
    coefficients = np.array([c for line in couplings for c in line.coefficients], dtype=np.int64)
    lengths = np.array([len(line.variables) for line in couplings], dtype=np.int64)
    lines = np.repeat(np.arange(len(couplings)), lengths)
    places = np.full((max(int(indices.max(initial=0)), max(relaxation.cells, default=0)) + 1, 2), -1)
    if relaxation.cells:
        places[list(relaxation.cells)] = [(position[i], k) for i, k in relaxation.cells.values()]
    person, day = places[indices].T
    is_cell = person >= 0
    at = (lines[is_cell], person[is_cell], day[is_cell], coefficients[is_cell])
    by_cell: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for r, p, k, coefficient in zip(*(values.tolist() for values in at), strict=True):
        by_cell.setdefault((p, k), []).append((r, coefficient))
    loose: dict[int, list[tuple[int, int]]] = {}
    rest = (indices[~is_cell], lines[~is_cell], coefficients[~is_cell])
    for variable, r, coefficient in zip(*(values.tolist() for values in rest), strict=True):
        loose.setdefault(variable, []).append((r, coefficient))
    return Entries(
        np.array([line.low for line in couplings], dtype=np.int64),
        np.array([line.high for line in couplings], dtype=np.int64),
        at,
        by_cell,
        loose,
    )


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
