"""Everybody's lawful rows as paths through one layered graph, priced by one dynamic programme for all at once.

A node of layer k is (person, state of their automaton, turns so far, border turns so far); layers follow the
days. All nodes of a layer lie side by side in flat arrays, so a pass over the graph costs a few vector operations
a day whatever the number of people. Costs are whole numbers: what is computed here is exact (64 bits).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scheduler.solve.rows.automaton import DEAD, STINT, Automaton

Whole = npt.NDArray[np.int64]
INFINITE = 1 << 50


Weights = Sequence[int]
"""What a broken soft line counts: one that costs among wishes, one of an unwanted stint (`automaton.STINT`)."""

WISHES: Weights = (1, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """The nodes before day k and their two ways on; a way that is closed leads to the sentinel node, the last.

    `paid` holds, for wishes and for stints, what soft lines broken cost on the way to the office and home; None
    where nobody pays anything.
    """

    person: Whole
    office: Whole
    home: Whole
    paid: tuple[tuple[Whole, Whole] | None, tuple[Whole, Whole] | None]

    def tolls(self, weights: Weights) -> tuple[Whole | int, Whole | int]:
        """Return what the two ways cost each node."""
        office: Whole | int = 0
        home: Whole | int = 0
        for weight, paid in zip(weights, self.paid, strict=False):
            if weight and paid is not None:
                office, home = office + weight * paid[0], home + weight * paid[1]
        return office, home


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """The rows of `people` (indices in the unit), with their border turns at the end of each path.

    Attributes
    ----------
    people : by row of the graph.
    layers : one a day.
    end_person, end_border : person and border turns of each node behind the last day.
    """

    people: tuple[int, ...]
    layers: tuple[Layer, ...]
    end_person: Whole
    end_border: Whole

    def potentials(self, cost: Whole, end: Whole, weights: Weights = WISHES) -> list[Whole]:
        """Return the least cost from each node to an end, by layer; the sentinel's is infinite.

        Parameters
        ----------
        cost : of being at home, (people, days).
        end : of each end node; `INFINITE` where the path may not end there.
        weights : of the soft lines broken on the way.
        """
        found = [np.append(end, INFINITE)]
        for k in range(len(self.layers) - 1, -1, -1):
            layer, following = self.layers[k], found[-1]
            office_toll, home_toll = layer.tolls(weights)
            office = following[layer.office] + office_toll
            home = following[layer.home] + home_toll + cost[layer.person, k]
            found.append(np.append(np.minimum(np.minimum(office, home), INFINITE), INFINITE))
        found.reverse()
        return found

    def best_rows(
        self, cost: Whole, values: Sequence[Whole], weights: Weights = WISHES
    ) -> npt.NDArray[np.bool_]:
        """Return everybody's cheapest row, (people, days), by the potentials of the same costs."""
        count = len(self.people)
        rows = np.zeros((count, len(self.layers)), dtype=bool)
        at = np.arange(count)
        for k, layer in enumerate(self.layers):
            following = values[k + 1]
            office_toll, home_toll = layer.tolls(weights)
            office = following[layer.office[at]] + _of(office_toll, at)
            home = following[layer.home[at]] + _of(home_toll, at) + cost[np.arange(count), k]
            rows[:, k] = home < office
            at = np.where(rows[:, k], layer.home[at], layer.office[at])
        return rows

    def rows_within(
        self, cost: Whole, values: Sequence[Whole], slack: Whole, most: int, weights: Weights = WISHES
    ) -> tuple[Whole, npt.NDArray[np.bool_]] | None:
        """Return (person, row) of every path that costs at most its person's best and `slack` more.

        None where there are more than `most`.
        """
        who = np.nonzero(slack >= 0)[0]
        at, left = who.copy(), slack[who].copy()
        rows = np.zeros((len(who), len(self.layers)), dtype=bool)
        for k, layer in enumerate(self.layers):
            following, here = values[k + 1], values[k][at]
            office_toll, home_toll = layer.tolls(weights)
            office = left - (following[layer.office[at]] + _of(office_toll, at) - here)
            home = left - (following[layer.home[at]] + _of(home_toll, at) + cost[who, k] - here)
            stays, goes = np.nonzero(office >= 0)[0], np.nonzero(home >= 0)[0]
            if len(stays) + len(goes) > most:
                return None
            at = np.concatenate([layer.office[at[stays]], layer.home[at[goes]]])
            left = np.concatenate([office[stays], home[goes]])
            rows = np.concatenate([rows[stays], rows[goes]])
            rows[len(stays) :, k] = True
            who = np.concatenate([who[stays], who[goes]])
        return who, rows

    def losses(
        self, rows: npt.NDArray[np.bool_], cost: Whole, values: Sequence[Whole], weights: Weights = WISHES
    ) -> Whole:
        """Return by how much everybody's row costs more than it need from each day on, (people, days)."""
        at = everybody = np.arange(len(rows))
        found = np.zeros(rows.shape, dtype=np.int64)
        for k, layer in enumerate(self.layers):
            office_toll, home_toll = layer.tolls(weights)
            home = rows[:, k]
            to = np.where(home, layer.home[at], layer.office[at])
            paid = np.where(home, cost[everybody, k] + _of(home_toll, at), _of(office_toll, at))
            found[:, k] = values[k + 1][to] + paid - values[k][at]
            at = to
        return found

    def are_paths(self, rows: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Return for each person whether their row, of (people, days), is lawful."""
        found = np.ones(len(self.people), dtype=bool)
        at = np.arange(len(self.people))
        sizes = [*(len(layer.person) for layer in self.layers[1:]), len(self.end_person)]
        for k, (layer, size) in enumerate(zip(self.layers, sizes, strict=True)):
            at = np.where(rows[:, k], layer.home[at], layer.office[at])
            found &= at < size
            at = np.where(found, at, 0)
        return found

    def measure(self, who: Whole, rows: npt.NDArray[np.bool_]) -> Measured:
        """Return what the soft lines that rows break cost, and where the rows end."""
        at = who.copy()
        tolls = np.zeros((2, len(who)), dtype=np.int64)
        for k, layer in enumerate(self.layers):
            home = rows[:, k]
            for n, paid in enumerate(layer.paid):
                if paid is not None:
                    tolls[n] += np.where(home, paid[1][at], paid[0][at])
            at = np.where(home, layer.home[at], layer.office[at])
        return Measured(tolls=tolls, ends=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Of rows: their tolls (wishes, stints), and the nodes behind the last day."""

    tolls: Whole
    ends: Whole


def _of(toll: Whole | int, at: Whole) -> Whole | int:
    return toll if isinstance(toll, int) else toll[at]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Which days count as a turn and as a border turn of each person, (people, days), and the turns allowed."""

    turns: npt.NDArray[np.bool_]
    border: npt.NDArray[np.bool_]
    least: Whole
    most: Whole


def turns_possible(automata: Sequence[Automaton], counted: npt.NDArray[np.bool_]) -> tuple[Whole, Whole]:
    """Return each person's least and most counted days over all lawful rows; least > most where none is."""
    tables = _Tables(automata)
    least, most = tables.remaining(counted)
    return least[0][:, 0], most[0][:, 0]


def size(automata: Sequence[Automaton], least: Whole, most: Whole) -> int:
    """Return about how many nodes a graph will have, from above: every state with every number of turns on the way."""
    days = len(automata[0].after) if automata else 0
    states = np.array([sum(len(layer) for layer in automaton.after) for automaton in automata])
    spans = (most - least + 1 + days // 6) * (1 + days // 12)
    return int((states * spans).sum())


def build(people: Sequence[int], automata: Sequence[Automaton], counted: Counted) -> Graph:
    """Return the graph of all lawful rows in which everybody's turns end between `least` and `most`."""
    tables = _Tables(automata)
    fewest, farthest = tables.remaining(counted.turns)
    span, border_span = counted.turns.shape[1] + 1, counted.border.shape[1] + 1
    who = np.arange(len(people), dtype=np.int64)
    state, turns, border = (np.zeros(len(people), dtype=np.int64) for _ in range(3))
    alive = (fewest[0][who, 0] <= counted.most) & (farthest[0][who, 0] >= counted.least)
    layers = []
    for k in range(tables.days):
        targets, codes = [], []
        for home in (0, 1):
            goes = tables.after[home][k][who, state]
            t = turns + home * counted.turns[who, k]
            b = border + home * counted.border[who, k]
            fits = (goes != DEAD) & (alive if k == 0 else True)
            safe = np.where(fits, goes, 0)
            fits &= t + fewest[k + 1][who, safe] <= counted.most[who]
            fits &= t + farthest[k + 1][who, safe] >= counted.least[who]
            code = ((who * tables.width + safe) * span + t) * border_span + b
            targets.append(fits)
            codes.append(code)
        known = np.unique(np.concatenate([codes[0][targets[0]], codes[1][targets[1]]]))
        ways = [np.where(targets[h], np.searchsorted(known, codes[h]), len(known)) for h in (0, 1)]
        layers.append(Layer(person=who, office=ways[0], home=ways[1], paid=tables.paid(k, who, state)))
        rest, border = np.divmod(known, border_span)
        rest, turns = np.divmod(rest, span)
        who, state = np.divmod(rest, tables.width)
    return Graph(people=tuple(people), layers=tuple(layers), end_person=who, end_border=border)


class _Tables:
    """The automata of many people padded to the widest: next state and cost by choice, day, person, state."""

    def __init__(self, automata: Sequence[Automaton]) -> None:
        self.days = len(automata[0].after)
        self.width = max(automaton.width for automaton in automata)
        kinds = list({id(automaton): automaton for automaton in automata}.values())
        number = {id(automaton): n for n, automaton in enumerate(kinds)}
        kind = np.array([number[id(automaton)] for automaton in automata])
        table = np.zeros((self.days, len(kinds), self.width, 4), dtype=np.int64)
        table[..., 0] = table[..., 2] = DEAD
        for n, automaton in enumerate(kinds):
            for k, layer in enumerate(automaton.after):
                if layer:  # none where no row is lawful
                    table[k, n, : len(layer)] = layer
        table = table[:, kind]
        self.after = (table[..., 0], table[..., 2])
        self.cost = (table[..., 1], table[..., 3])

    def paid(
        self, k: int, who: Whole, state: Whole
    ) -> tuple[tuple[Whole, Whole] | None, tuple[Whole, Whole] | None]:
        """Return what soft lines cost on day k, for wishes and for stints."""
        costs = [self.cost[h][k][who, state] for h in (0, 1)]
        if not costs[0].any() and not costs[1].any():
            return None, None
        wishes = (costs[0] % STINT, costs[1] % STINT)
        stints = (costs[0] // STINT, costs[1] // STINT)
        return wishes, stints

    def remaining(self, counted: npt.NDArray[np.bool_]) -> tuple[list[Whole], list[Whole]]:
        """Return the least and most counted days still to come, by layer, (people, states)."""
        people = counted.shape[0]
        far = self.days + 1
        least = [np.zeros((people, self.width), dtype=np.int64)]
        most = [np.zeros((people, self.width), dtype=np.int64)]
        rows = np.arange(people)[:, None]
        for k in range(self.days - 1, -1, -1):
            down = np.full((people, self.width), far, dtype=np.int64)
            up = np.full((people, self.width), -far, dtype=np.int64)
            for home in (0, 1):
                goes = self.after[home][k]
                step = home * counted[:, k : k + 1]
                closed = goes == DEAD
                down = np.minimum(down, np.where(closed, far, least[-1][rows, goes] + step))
                up = np.maximum(up, np.where(closed, -far, most[-1][rows, goes] + step))
            least.append(np.minimum(down, far))
            most.append(np.maximum(up, -far))
        least.reverse()
        most.reverse()
        return least, most
