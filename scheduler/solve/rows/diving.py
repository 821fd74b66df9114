"""Diving: the people nearest to one row take it, the others' rows are priced anew, until everybody has one.

Column generation goes on below the root, so that the last people still find rows that fit the others' (Wedelin, 1995;
Sadykov et al., 2019). What is found meets the couplings or misses a few, which a search over few people repairs.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from scheduler.solve.rows.columns import SCALE, Programme
from scheduler.solve.rows.reading import Flags

BATCH = 0.15
"""The part of the people still open that is settled in a step, besides those with a whole row."""

ROUNDS = 4
MOST_STEPS = 60


def dive(programme: Programme, is_over: Callable[[], bool]) -> Flags | None:
    """Return a row for each person, which may miss couplings; None where it was stopped before everybody had one.

    The programme's columns are all open again afterwards, but for those that end outside the windows.
    """
    people = len(programme.graph.people)
    rows = np.zeros((people, len(programme.graph.layers)), dtype=bool)
    settled: set[int] = set()
    closed: set[int] = set()
    best = programme.duals
    for _ in range(MOST_STEPS):
        chosen = _nearest(programme, settled, people)
        if not chosen or is_over():
            break
        for person, column in chosen.items():
            settled.add(person)
            rows[person] = programme.rows[column]
        _close_others(programme, settled, rows, closed)
        programme.master.solve()
        if len(settled) < people:
            _price(programme, settled)
    for column in closed:
        programme.master.close(column, closed=False)
    programme.restrict(programme.end)
    programme.duals = best
    return rows if len(settled) == people else None


def _nearest(programme: Programme, settled: set[int], people: int) -> dict[int, int]:
    """Return the columns of those with a whole row, and of the next few who nearly have one."""
    heaviest: dict[int, tuple[float, int]] = {}
    for column, weight in enumerate(programme.master.weights().tolist()):
        person = programme.who[column]
        if person not in settled and weight > heaviest.get(person, (1e-6, 0))[0]:
            heaviest[person] = (weight, column)
    order = sorted(heaviest, key=lambda person: (-heaviest[person][0], person))
    whole = [person for person in order if heaviest[person][0] > 1 - 1e-6]
    split = [person for person in order if heaviest[person][0] <= 1 - 1e-6]
    more = max(1, int(BATCH * len(split))) if not whole or len(settled) else 0
    return {person: heaviest[person][1] for person in [*whole, *split[:more]]}


def _close_others(programme: Programme, settled: set[int], rows: Flags, closed: set[int]) -> None:
    for column, person in enumerate(programme.who):
        if person in settled and column not in closed and (programme.rows[column] != rows[person]).any():
            programme.master.close(column, closed=True)
            closed.add(column)


def _price(programme: Programme, settled: set[int]) -> None:
    """Add the best rows of those still open, a few times over."""
    people = len(programme.graph.people)
    open_people = np.array([p for p in range(people) if p not in settled], dtype=np.int64)
    for _ in range(ROUNDS):
        _, duals, prices = programme.master.solve()
        whole = programme.rounded(duals)
        cells, weights = programme.cell_costs(whole), programme.weights(whole)
        potentials = programme.graph.potentials(cells, programme.end, weights)
        rows = programme.graph.best_rows(cells, potentials, weights)[open_people]
        worth = potentials[0][open_people] < prices[open_people] * SCALE - 1
        if not programme.add(open_people[worth], rows[worth]):
            break
    programme.master.solve()
