"""What whole rows are made of: the people with a choice, their automata, and the days that count as turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scheduler.solve.frame import without_collecting
from scheduler.solve.model import UnitModel
from scheduler.solve.rows.automaton import STINT, Automaton, Builder, Own
from scheduler.solve.rows.fair_shares import Shares
from scheduler.solve.rows.relaxation import Penalty, Relaxation, relax

Flags = npt.NDArray[np.bool_]
COSTS = {"preferences": 1, "stints": STINT}


@dataclass(frozen=True, slots=True)
class Rows:
    """The people of a unit who have a choice.

    Attributes
    ----------
    people : their indices in the unit; `position` is the inverse.
    free : the days on which each has a choice, (people, days).
    automata : of their lawful rows.
    """

    relaxation: Relaxation
    people: tuple[int, ...]
    position: dict[int, int]
    free: Flags
    automata: tuple[Automaton, ...]

    def counted(self, homes: Sequence[Shares]) -> tuple[Flags, Flags]:
        """Return which days count as turns and as border turns, (people, days)."""
        turns, border = np.zeros_like(self.free), np.zeros_like(self.free)
        for shares in homes:
            for group, into in ((shares.everyday, turns), (shares.border, border)):
                for person, balance in zip(shares.people, group.balances, strict=True):
                    for literal in balance.taken if person in shares.own else ():
                        i, k = self.relaxation.cells[literal.index]
                        into[self.position[i], k] = True
        return turns, border


def read_rows(model: UnitModel) -> Rows:
    """Read the rows off a unit's model."""
    with without_collecting():
        relaxation = relax(model)
    people = tuple(sorted({i for i, _ in relaxation.cells.values()}))
    position = {i: p for p, i in enumerate(people)}
    free = np.zeros((len(people), len(model.days)), dtype=bool)
    for i, k in relaxation.cells.values():
        free[position[i], k] = True
    builder = Builder()
    automata = [
        builder.build(days, [*relaxation.own.get(i, ()), *_soft(relaxation.soft.get(i, ()))])
        for i, days in zip(people, free.tolist(), strict=True)
    ]
    return Rows(relaxation, people, position, free, tuple(automata))


def _soft(lines: Sequence[tuple[Own, tuple[Penalty, ...]]]) -> list[Own]:
    """Return soft clauses with what they cost, as automata count it."""
    return [
        (*line[:3], cost)
        for line, penalties in lines
        if (cost := sum(COSTS.get(p.objective, 0) * p.weight for p in penalties))
    ]
