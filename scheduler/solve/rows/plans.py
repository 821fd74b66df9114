"""A plan: how many are at home each day, who is due what then, and the turns that everybody takes within a window."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from scheduler.solve.bounds import Window
from scheduler.solve.model import UnitModel
from scheduler.solve.rows import graph, numbers
from scheduler.solve.rows.columns import PRICED, Programme, programme
from scheduler.solve.rows.entries import Costs, home_costs
from scheduler.solve.rows.fair_shares import Shares, hull, ranges_of, shares
from scheduler.solve.rows.graph import INFINITE, Counted, Graph, Whole
from scheduler.solve.rows.reading import Rows
from scheduler.solve.rows.relaxation import Coupling, merged
from scheduler.solve.rows.streams import Level, Remembered, Value, combinations, even_levels, fair_levels

MOST_NODES = 12_000_000
"""Larger graphs are not built: memory stays below a gigabyte."""


@dataclass(slots=True)
class Variant:
    """The numbers at home by day, the groups with what is due to each, and the fair levels of each group.

    `is_possible` tells whether rows of any kind can meet the numbers; None where that was not asked.
    """

    rows: Rows
    fewer: numbers.Fewer
    homes: list[Shares]
    numbers: list[Coupling]
    couplings: list[Coupling]
    combinations: Iterator[tuple[Value, tuple[Level, ...]]]
    is_possible: bool | None = None

    def loose(self) -> Programme:
        """Return the programme of all lawful rows, however many turns they have."""
        rows = self.rows
        none = np.zeros_like(rows.free)
        least = np.zeros(len(rows.people), dtype=np.int64)
        whole = graph.build(
            rows.people, rows.automata, Counted(turns=none, border=none, least=least, most=least)
        )
        prices = tuple(home_costs(rows.relaxation, rows.people, len(whole.layers), name) for name in PRICED)
        end = np.zeros(len(whole.end_person), dtype=np.int64)
        return programme(rows.relaxation, self.couplings, whole, prices, end)


def variant(
    model: UnitModel, rows: Rows, places: Sequence[int | None], fewer: numbers.Fewer
) -> Variant | None:
    """Return a variant; None where the turns of some day stay open."""
    lessened = numbers.less(places, fewer)
    homes = shares(model, "home", lessened)
    if homes is None:
        return None
    counted, _ = rows.counted(homes)
    least, most = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    if rows.people:
        least, most = graph.turns_possible(rows.automata, counted)
        if bool((least > most).any()):
            return Variant(rows, fewer, homes, [], [], iter(()))
    streams = [
        Remembered(fair_levels(s.everyday, ranges_of(s, s.everyday, rows.position, least, most)))
        for s in homes
    ]
    counts = numbers.couplings(model, lessened)
    lines = merged([*rows.relaxation.couplings, *counts])
    return Variant(rows, fewer, homes, counts, lines, combinations(streams))


@dataclass(slots=True)
class Plan:
    """A variant with one fair level of each group.

    Attributes
    ----------
    least, most : everybody's turns over all windows of the levels, by row of the graph.
    borders : the levels of each group's Mondays and Fridays; `combinations` of them come in their order.
    """

    variant: Variant
    levels: tuple[Level, ...]
    least: Whole
    most: Whole
    graph: Graph | None = None
    prices: tuple[Costs, ...] = ()
    borders: list[Remembered[Level]] = field(default_factory=list)
    combinations: Iterator[tuple[Value, tuple[Level, ...]]] = field(default_factory=lambda: iter(()))

    @property
    def is_too_large(self) -> bool:
        """Whether the graph is not worth building, or some group's turns are not told."""
        if any(level.is_rest for level in self.levels):
            return True
        return graph.size(self.variant.rows.automata, self.least, self.most) > MOST_NODES

    def build(self) -> bool:
        """Build the graph; return whether everybody has a row in it."""
        rows, homes = self.variant.rows, self.variant.homes
        counted, border = rows.counted(homes)
        self.graph = graph.build(
            rows.people,
            rows.automata,
            Counted(turns=counted, border=border, least=self.least, most=self.most),
        )
        low = np.full(len(rows.people), 1 << 20)
        high = np.full(len(rows.people), -1)
        np.minimum.at(low, self.graph.end_person, self.graph.end_border)
        np.maximum.at(high, self.graph.end_person, self.graph.end_border)
        if bool((high < 0).any()):
            return False
        self.prices = tuple(
            home_costs(rows.relaxation, rows.people, len(self.graph.layers), objective)
            for objective in PRICED
        )
        self.borders = [
            Remembered(even_levels(s.border, ranges_of(s, s.border, rows.position, low, high))) for s in homes
        ]
        self.combinations = combinations(self.borders)
        return True

    def programme(self) -> Programme:
        """Return the plan's programme, with any number of Mondays and Fridays."""
        assert self.graph is not None
        end = np.zeros(len(self.graph.end_person), dtype=np.int64)
        return programme(self.variant.rows.relaxation, self.variant.couplings, self.graph, self.prices, end)

    def border_turns(self, windows: Sequence[Window | None]) -> tuple[Whole, Whole]:
        """Return everybody's least and most border turns in the windows of all groups, by row of the graph."""
        rows = self.variant.rows
        least = np.zeros(len(rows.people), dtype=np.int64)
        most = np.full(len(rows.people), 1 << 20, dtype=np.int64)
        for s, window in zip(self.variant.homes, windows, strict=True):
            if window is None:
                continue
            for i, balance, low, high in zip(
                s.people, s.border.balances, window.least, window.most, strict=True
            ):
                if i in rows.position and i in s.own and balance.taken:
                    least[rows.position[i]], most[rows.position[i]] = low, high
        return least, most

    def ends(self, windows: Sequence[Window | None]) -> Whole:
        """Return 0 for each end of a row with as many border turns as the windows of all groups allow."""
        assert self.graph is not None
        least, most = self.border_turns(windows)
        whole = self.graph
        inside = (whole.end_border >= least[whole.end_person]) & (whole.end_border <= most[whole.end_person])
        return np.where(inside, 0, INFINITE).astype(np.int64)


def plan(chosen: Variant, levels: tuple[Level, ...]) -> Plan:
    """Return the plan of a variant and a level of each of its groups."""
    rows = chosen.rows
    least, most = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    if any(level.is_rest for level in levels):
        return Plan(chosen, levels, least, most)
    if rows.people:
        counted, _ = rows.counted(chosen.homes)
        least, most = graph.turns_possible(rows.automata, counted)
    for s, level in zip(chosen.homes, levels, strict=True):
        lowest, highest = hull(level.windows)
        for i, balance, low, high in zip(s.people, s.everyday.balances, lowest, highest, strict=True):
            if balance.taken and i in rows.position and i in s.own:
                least[rows.position[i]], most[rows.position[i]] = low, high
    return Plan(chosen, levels, least, most)
