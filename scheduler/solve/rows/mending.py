"""Rows that miss a few couplings, mended: CP-SAT frees some people, or everybody for some weeks, and keeps the rest.

Every row stays lawful and within its windows throughout; what couplings still miss is paid for and comes first, then
wishes, then stints (large neighbourhood search; Shaw, 1998). Where nothing is missed, those whose rows cost more than their best by the
duals are freed: what all rows cost beyond the bound is lost there. Over long periods the rows as good as any are too many to
pick from, and a whole roster is too large for one search, while a few weeks of it are not.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from scheduler.solve.rows.columns import SCALE, Programme
from scheduler.solve.rows.freed import MISSED, STINT, WISH, Freed, Ranges
from scheduler.solve.rows.graph import Whole
from scheduler.solve.rows.picking import lacking
from scheduler.solve.rows.reading import Flags, Rows
from scheduler.solve.search import Effort, search

LIMIT = 0.2
"""Deterministic seconds of one neighbourhood; what it found until then is kept."""

CELLS = 160
MOST_CELLS = 1200
"""Choices of one neighbourhood: more after one that was searched to its end in vain, fewer after one that was not."""

LARGER, SMALLER = 1.3, 1.5

MENDINGS = 400
IDLE = 60
"""Mending ends after so many neighbourhoods, or so many in vain one after the other."""

DEAR = 0.5
"""The part of a neighbourhood's people that are drawn for what their rows cost beyond their best."""

WORTHLESS = 0.1
"""What a row may cost beyond its best without being searched for it, in units of the main objective."""

KINDS = 2
"""Neighbourhoods of some weeks and of the whole period take turns, each of the size that suits it."""

MARGIN = 4
LONGEST = 16
SHORTEST = 6
"""Days of the shortest span that is freed for everybody."""


@dataclass(slots=True)
class Mending:
    """Rows under way.

    Attributes
    ----------
    target : wishes and stints that are known to be the least.
    current : a row for each person.
    frozen : cells that are kept as they are, (people, days).
    potentials : what it costs at least from each day on, by the programme's duals.
    """

    programme: Programme
    rows: Rows
    ranges: Sequence[Ranges]
    target: tuple[int, int]
    effort: Effort
    draw: random.Random
    current: Flags
    frozen: Flags | None = None
    potentials: list[Whole] = field(default_factory=list)

    @property
    def least(self) -> int:
        """What rows cost at least."""
        return self.target[0] * WISH + self.target[1] * STINT

    def run(self, until: int = 0, most_idle: int = IDLE, least_cells: int = CELLS) -> bool:
        """Mend and improve until rows cost no more than that, or than the least; return whether no coupling is missed.

        Parameters
        ----------
        most_idle : how often in vain, one after the other, before giving up.
        least_cells : choices of a neighbourhood, at least.
        """
        value, idle, number = self.value(self.current), 0, 0
        cells = [float(least_cells)] * KINDS
        programme = self.programme
        cost, weights = programme.cell_costs(programme.duals), programme.weights(programme.duals)
        self.potentials = programme.graph.potentials(cost, programme.end, weights)
        while number < MENDINGS and idle < most_idle and value > max(until, self.least):
            if self.effort.is_over:
                break
            before, kind = value, number % KINDS
            free = self._neighbourhood(number, int(cells[kind]))
            found, is_best = self._search(free, value) if free.any() else (None, True)
            if found is not None and (worth := self.value(found)) <= value:
                self.current, value = found, worth
            idle = 0 if value < before else idle + 1
            if is_best and value == before and bool((free == self._open).all()):
                break  # nothing is left that could be freed as well
            if not is_best:
                cells[kind] = max(least_cells, cells[kind] / SMALLER)
            elif value == before:
                cells[kind] = min(MOST_CELLS, cells[kind] * LARGER)
            number += 1
        return value < MISSED

    def value(self, rows: Flags) -> int:
        """Return what rows cost: couplings missed, wishes, stints."""
        programme = self.programme
        tolls = programme.graph.measure(np.arange(len(rows)), rows).tolls
        wishes, stints = (
            int((rows * programme.prices[n].home).sum() + tolls[n].sum()) + programme.prices[n].constant
            for n in range(2)
        )
        return int(np.abs(self._lacking(rows)).sum()) * MISSED + wishes * WISH + stints * STINT

    def _lacking(self, rows: Flags) -> Whole:
        """Return what each coupling lacks or has too much, but for those that keep an objective."""
        return lacking(self.programme, rows)[: self.couplings]

    @property
    def couplings(self) -> int:
        """How many couplings there are; the rows behind them keep an objective."""
        return len(self.programme.lows) - len(self.programme.caps)

    # Neighbourhoods ---------------------------------------------------------------------------------------------

    def _neighbourhood(self, number: int, most: int) -> Flags:
        """Return the cells to free: the days about what is missed, or some people for the whole period.

        Where nothing is missed, people whose rows cost more than their best are drawn the more likely.
        """
        days = self.current.shape[1]
        row, person, _, _ = self.programme.at
        lacking = self._lacking(self.current)
        losses = np.zeros(self.current.shape)
        least = SHORTEST
        if lacking.any():
            chosen = self.draw.choice(np.nonzero(lacking)[0].tolist())
            middle, least = self._between(chosen, lacking)
        else:
            losses = self._losses()
            dear = self.draw.choices(range(len(losses)), (losses.sum(axis=1) + 0.01).tolist())[0]
            chosen = self.draw.choice(np.unique(row[person == dear]).tolist() or [-1])
            middle = self.draw.choices(range(days), (losses[dear] + 0.001).tolist())[0]
        is_whole = bool(number % KINDS)
        wanted = max(2, most // (days if is_whole else least))
        who = np.unique(person[row == chosen]).tolist()
        if chosen < 0:  # who counts in no coupling
            who = [dear]
        if len(who) < wanted:
            beside = np.isin(row, np.unique(row[np.isin(person, who)]))
            more = np.setdiff1d(person[beside], who).tolist()
            who += self.draw.sample(more, min(wanted - len(who), len(more)))
        length = days if is_whole else max(least, min(days, most // max(1, min(wanted, len(who)))))
        first = middle - length // 2 + self.draw.randint(-length // 4, length // 4) * (least == SHORTEST)
        first = max(0, min(days - length, first))
        loss = losses[:, max(0, first - MARGIN) : first + length].sum(axis=1)
        order = sorted(who, key=lambda p: -self.draw.random() * (1 + float(loss[p])))
        some = self._dear(loss, wanted)
        cells = np.zeros_like(self.rows.free)
        cells[[*some, *(p for p in order if p not in some)][:wanted], first : first + length] = True
        return cells & self._open

    @property
    def _open(self) -> Flags:
        """The cells that may be freed."""
        return self.rows.free if self.frozen is None else self.rows.free & ~self.frozen

    def _losses(self) -> npt.NDArray[np.float64]:
        """Return by how much more than need be everybody's row costs from each day on, (people, days).

        By the programme's duals; a day counts for what it leaves open no longer, so that what is lost is told where it
        is decided.
        """
        programme = self.programme
        cost, weights = programme.cell_costs(programme.duals), programme.weights(programme.duals)
        return programme.graph.losses(self.current, cost, self.potentials, weights) / SCALE

    def _dear(self, loss: npt.NDArray[np.float64], wanted: int) -> list[int]:
        """Draw some of those whose rows cost more than their best: nothing becomes better without them."""
        dear = np.nonzero(loss > WORTHLESS)[0].tolist()
        keys = {p: self.draw.random() ** (1 / float(loss[p])) for p in dear}
        return sorted(dear, key=lambda p: -keys[p])[: max(1, int(wanted * DEAR))]

    def _between(self, chosen: int, lacking: Whole) -> tuple[int, int]:
        """Return the middle and the length of the days from a coupling to the nearest that can give what it lacks."""
        row, person, day, _ = self.programme.at
        mine = row == chosen
        here = int(day[mine][0])
        opposite = (np.sign(lacking) == -np.sign(lacking[chosen])).nonzero()[0]
        shared = np.isin(row, opposite) & np.isin(person, person[mine])
        if not shared.any():
            return here, SHORTEST
        there = day[shared]
        other = int(there[np.argmin(np.abs(there - here))])
        length = abs(here - other) + MARGIN
        return ((here + other) // 2, max(SHORTEST, length)) if length <= LONGEST else (here, SHORTEST)

    # One search -------------------------------------------------------------------------------------------------

    def _search(self, free: Flags, value: int) -> tuple[Flags | None, bool]:
        """Return rows with the cells freed, or None, and whether none are better; `value` is what those before cost."""
        freed = Freed(self.programme, self.rows, self.ranges, self.current, free)
        answer = search(
            freed.model(self.least - value), replace(self.effort, limit=LIMIT), alone=True, small=True
        )
        if answer.values is None:
            return None, False
        found = self.current.copy()
        for (p, k), variable in freed.home.items():
            found[p, k] = bool(answer.values[variable.index])
        return found, answer.bound >= freed.cost(answer.values)
