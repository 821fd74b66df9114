"""Everybody's lawful rows listed beside the model, where they are few: over ten days some twenty a person.

A person's days at home are then one choice, whose linear relaxation is as tight as one person's rows can make it: beside
posts CP-SAT proves by it in a moment what the days alone leave open. The list leaves out no roster whose turns at home
are as fair as said: by counting, nobody can have fewer or more turns then.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from scheduler.solve.fairness import Group
from scheduler.solve.model import UnitModel
from scheduler.solve.rows import graph
from scheduler.solve.rows.graph import Counted, Whole
from scheduler.solve.rows.reading import Flags, Rows, read_rows

MOST_ROWS = 2000
MOST_NODES = 100_000
"""Rows that are listed, and nodes of the graph that tells them, at most: more would take longer than they save."""


class Listing:
    """The rows that may be in a roster as fair as that, `choices`, each of the person `who` of `rows`."""

    def __init__(self, rows: Rows, who: Whole, choices: Flags) -> None:
        self.rows = rows
        self.who = who
        self.choices = choices

    def link(self, cp: Any) -> None:
        """Say in a model that everybody has one of their rows."""
        number = {(self.rows.position[i], k): index for index, (i, k) in self.rows.relaxation.cells.items()}
        for p in range(len(self.rows.people)):
            mine = np.nonzero(self.who == p)[0].tolist()
            chosen = [cp.new_bool_var("") for _ in mine]
            cp.add_exactly_one(chosen)
            for k in np.nonzero(self.rows.free[p])[0].tolist():
                home = [variable for n, variable in zip(mine, chosen, strict=True) if self.choices[n, k]]
                cp.add(sum(home) == cp.get_int_var_from_proto_index(number[p, k]))


def list_rows(model: UnitModel, homes: Sequence[Group], spread: int) -> Listing | None:
    """Return everybody's rows; None where they are too many, or the number of turns is not settled.

    Parameters
    ----------
    homes : the groups that take turns at home.
    spread : the sum over groups of most less least balance is no more than this.
    """
    aims = [aim for group in homes if (aim := group.aim) is not None]
    rows = read_rows(model)
    if len(aims) < len(homes) or not rows.people:
        return None
    counted = _counted(rows, homes)
    if counted is None:
        return None
    least, most = graph.turns_possible(rows.automata, counted)
    wider = spread - sum(aim.spread for aim in aims)
    for group, aim in zip(homes, aims, strict=True):
        for balance, found in zip(group.balances, turns_within(group, aim.spread + wider), strict=True):
            if balance.taken:
                p = rows.position[rows.relaxation.cells[balance.taken[0].index][0]]
                least[p], most[p] = max(least[p], found[0]), min(most[p], found[1])
    if bool((least > most).any()) or graph.size(rows.automata, least, most) > MOST_NODES:
        return None
    border = np.zeros_like(counted)
    whole = graph.build(
        rows.people, rows.automata, Counted(turns=counted, border=border, least=least, most=most)
    )
    free = np.zeros(counted.shape, dtype=np.int64)
    values = whole.potentials(free, np.zeros(len(whole.end_person), dtype=np.int64), (0, 0))
    slack = np.zeros(len(rows.people), dtype=np.int64)
    listed = whole.rows_within(free, values, slack, MOST_ROWS, (0, 0))
    return None if listed is None else Listing(rows, *listed)


def _counted(rows: Rows, homes: Sequence[Group]) -> Flags | None:
    """Return which days count as turns, (people, days); None where it is not one group that counts them all."""
    counted = np.zeros_like(rows.free)
    for group in homes:
        before = np.asarray(counted.any(axis=1))
        for balance in group.balances:
            for literal in balance.taken:
                cell = rows.relaxation.cells.get(literal.index)
                if cell is None or before[rows.position[cell[0]]]:
                    return None
                counted[rows.position[cell[0]], cell[1]] = True
    return counted


def turns_within(group: Group, spread: int) -> list[tuple[int, int]]:
    """Return the least and most open turns that each can have where balances are no further apart than `spread`.

    The lowest balance is one that somebody can have; for each of them everybody's turns have ends, and what all
    others cannot take is left. Where nothing fits the least is more than the most.
    """
    total = group.total or 0
    held = np.array([b.held for b in group.balances], dtype=np.int64)
    offset = np.array([b.constant for b in group.balances], dtype=np.int64) - 1000 * held
    highest = held + np.array([len(b.taken) for b in group.balances], dtype=np.int64)
    least, most = highest + 1, held - 1
    lows = {
        int(o) + 1000 * turns
        for o, low, high in zip(offset, held, highest, strict=True)
        for turns in range(int(low), int(high) + 1)
    }
    for low in lows:
        first = np.maximum(held, -((offset - low) // 1000))
        last = np.minimum(highest, (low + spread - offset) // 1000)
        if bool((first > last).any()) or not first.sum() <= total <= last.sum():
            continue
        least = np.minimum(least, np.maximum(first, total - (last.sum() - last)))
        most = np.maximum(most, np.minimum(last, total - (first.sum() - first)))
    return list(zip((least - held).tolist(), (most - held).tolist(), strict=True))
