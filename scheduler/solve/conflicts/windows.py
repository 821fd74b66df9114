"""Home days of people against those of days as a flow: a contradiction of counts is found in milliseconds.

A window bounds the home days among some cells of one person's row or of one day's column. People whose windows have
the same shape are one node: where the flow of a group exists, it can be dealt out evenly and then, capacities being
whole, in whole days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Window(NamedTuple):
    """Bounds on the home days among some cells (person, day) of one person, or of one day.

    Attributes
    ----------
    days : of the cells.
    is_row : whether they are one person's.
    """

    instance: int
    cells: frozenset[tuple[int, int]]
    least: int
    most: int
    days: frozenset[int]
    is_row: bool

    @classmethod
    def about(cls, instance: int, cells: frozenset[tuple[int, int]], least: int, most: int) -> Window | None:
        """Return the window on these cells; None where they lie neither in one row nor in one column."""
        people, days = map(frozenset, zip(*cells, strict=True))
        is_row = len(people) == 1
        return cls(instance, cells, least, most, days, is_row) if is_row or len(days) == 1 else None

    @property
    def person(self) -> int:
        """Whose row it is in."""
        return next(iter(self.cells))[0]


class Shape(NamedTuple):
    """A person's window without the person: days, bounds, and whether it still counts."""

    days: frozenset[int]
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Group:
    """People alike: the shapes of their windows, nested, the largest first, and the innermost column of each day.

    `columns` has -1 for a day whose cell lies in no column.
    """

    people: tuple[int, ...]
    shapes: tuple[Shape, ...]
    columns: tuple[tuple[int, int], ...]


def flows(
    groups: Sequence[Group],
    columns: Sequence[Window],
    parents: Sequence[int],
    active: frozenset[int] | None = None,
) -> bool:
    """Whether a circulation with lower bounds exists: from the days' windows over the cells to the people's windows.

    Parameters
    ----------
    active : the columns that count; all where None.
    """
    import numpy as np
    from ortools.graph.python import max_flow

    source, sink, top, bottom = 0, 1, 2, 3
    first = 4 + len(columns)
    arcs: list[tuple[int, int, int]] = []
    balance: dict[int, int] = {}

    def bound(tail: int, head: int, least: int, most: int, size: int) -> bool:
        least, most = max(0, least), min(most, size)
        if least > most:
            return False
        if most > least:
            arcs.append((tail, head, most - least))
        if least:
            balance[head] = balance.get(head, 0) + least
            balance[tail] = balance.get(tail, 0) - least
        return True

    def node(column: int) -> int:
        while column >= 0 and active is not None and column not in active:
            column = parents[column]
        return top if column < 0 else 4 + column

    for number, column in enumerate(columns):
        counts = active is None or number in active
        if counts and not bound(
            node(parents[number]), 4 + number, column.least, column.most, len(column.cells)
        ):
            return False
    total = 0
    for group in groups:
        size = len(group.people)
        total += size * len(group.columns)
        inner: dict[int, int] = {}
        for shape in group.shapes:
            around = inner.get(next(iter(shape.days)), bottom)
            if not bound(first, around, size * shape.least, size * shape.most, size * len(shape.days)):
                return False
            inner.update(dict.fromkeys(shape.days, first))
            first += 1
        arcs += [(node(column), inner.get(day, bottom), size) for day, column in group.columns]
    arcs.append((bottom, top, total))
    needed = 0
    for place, amount in balance.items():
        if amount > 0:
            arcs.append((source, place, amount))
            needed += amount
        elif amount < 0:
            arcs.append((place, sink, -amount))
    if not needed:
        return True
    flow = max_flow.SimpleMaxFlow()
    tails, heads, capacities = np.array(arcs, dtype=np.int64).T
    flow.add_arcs_with_capacity(tails.astype(np.int32), heads.astype(np.int32), capacities)
    flow.solve(source, sink)
    return bool(flow.optimal_flow() == needed)
