"""Conflicts that counting finds at once: too few left for a demand, and days against people as a flow.

Clause learning takes very long over "at most 9 days each" against a quota of half; a maximum flow settles it in
milliseconds. Everything here is a relaxation: where it finds a contradiction there is one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from scheduler.solve.conflicts.demands import Demand, Demands


def find_short(demands: Demands, pool: Sequence[int]) -> list[int] | None:
    """Return a demand that cannot be met once single person-days are settled, with what settles them.

    None where every demand can. Of those that settle only as many are returned as are needed.
    """
    settled: dict[int, tuple[bool, int]] = {}
    for number in pool:
        for demand in demands.of_instance[number]:
            if not demand.literals:
                return [number]
            if len(demand.literals) == 1:
                literal = demand.literals[0]
                positive = literal if literal >= 0 else -literal - 1
                value = (literal >= 0) == (demand.least == 1)
                known = settled.setdefault(positive, (value, number))
                if known[0] != value:
                    return sorted({known[1], number})
    forbidden = _forbidden_roles(demands, settled)
    for number in pool:
        for demand in demands.of_instance[number]:
            if len(demand.literals) > 1 and (found := _short(demand, settled, forbidden)):
                return sorted({number, *found})
    return None


def _forbidden_roles(demands: Demands, settled: dict[int, tuple[bool, int]]) -> dict[int, int]:
    """Return what keeps somebody from a role on site: being settled at home that day."""
    found = {}
    for cell, names in demands.roles_offered().items():
        home = demands.home(*cell)
        if isinstance(home, bool) or not settled.get(home.index, (False, 0))[0]:
            continue
        for name, truth in names.items():
            if not isinstance(truth, bool) and demands.needs_office(*cell, name):
                found[truth.index] = settled[home.index][1]
    return found


def _short(
    demand: Demand, settled: dict[int, tuple[bool, int]], forbidden: dict[int, int]
) -> list[int] | None:
    """Return the fewest instances that together leave a demand too little, or too much; None where they do not."""
    false: list[int] = []
    true: list[int] = []
    for literal in demand.literals:
        positive = literal if literal >= 0 else -literal - 1
        if positive in settled:
            value, reason = settled[positive]
            (true if value == (literal >= 0) else false).append(reason)
        elif literal >= 0 and literal in forbidden:
            false.append(forbidden[literal])
    too_many_false = len(demand.literals) - demand.least + 1
    if len(false) >= too_many_false:
        return false[:too_many_false]
    if len(true) > demand.most:
        return true[: demand.most + 1]
    return None


# Days against people ----------------------------------------------------------------------------------------------


class Window(NamedTuple):
    """Bounds on the home days among some cells of one person, or of one day."""

    instance: int
    cells: frozenset[tuple[int, int]]
    least: int
    most: int


class Grid(NamedTuple):
    """The windows by person and by day, and the cells that can be home."""

    rows: list[Window]
    columns: list[Window]


def grid_of(demands: Demands, pool: Iterable[int]) -> Grid:
    """Return the demands on home days alone that lie in one person's row or in one day's column."""
    rows: list[Window] = []
    columns: list[Window] = []
    for number in pool:
        for demand in demands.of_instance[number]:
            window = _window(demands, demand)
            if window is None:
                continue
            if len({k for _, k in window.cells}) == 1:
                columns.append(window)
            elif len({i for i, _ in window.cells}) == 1:
                rows.append(window)
    return Grid(rows, columns)


def _window(demands: Demands, demand: Demand) -> Window | None:
    count = len(demand.literals)
    if all(literal >= 0 for literal in demand.literals):
        cells = [demands.cells.get(literal) for literal in demand.literals]
        least, most = demand.least, demand.most
    elif all(literal < 0 for literal in demand.literals):
        cells = [demands.cells.get(-literal - 1) for literal in demand.literals]
        least, most = count - demand.most, count - demand.least
    else:
        return None
    known = frozenset(cell for cell in cells if cell is not None)
    return Window(demand.instance, known, least, most) if len(known) == count else None


def is_dealt(grid: Grid) -> bool:
    """Whether the counts of days and people can agree, as far as nested windows tell."""
    return _flows(_nested(grid.rows), _nested(grid.columns))


def can_hold(demands: Demands, chosen: Sequence[int], limit: float) -> bool | None:
    """Whether these instances can all hold, by counting where that denies it, else by search; None if `limit` ran out."""
    if find_short(demands, chosen) is not None:
        return False
    grid = grid_of(demands, chosen)
    rows, columns = _nested(grid.rows), _nested(grid.columns)
    if not _flows(rows, columns):
        return False
    if len(rows) + len(columns) == sum(len(demands.of_instance[number]) for number in chosen):
        return True  # nothing but nested counts of home days: the flow is a roster
    return demands.is_feasible(chosen, limit)


def find_flow_conflict(demands: Demands, pool: Sequence[int]) -> list[int] | None:
    """Return windows of days and people whose counts cannot agree, none to spare; None where they can.

    Only nested windows are used (each a part of another or apart from it), so that a flow is exact for them.
    """
    grid = grid_of(demands, pool)
    rows, columns = _nested(grid.rows), _nested(grid.columns)
    if not rows or not columns or _flows(rows, columns):
        return None
    rows, columns = _relevant(rows, columns)
    columns = _thin(columns, lambda fewer: _flows(rows, fewer), size=1)
    rows = _needed_rows(rows, columns) or _thin(
        rows, lambda fewer: _flows(fewer, columns), size=len(rows) // 4
    )
    return sorted({window.instance for window in (*rows, *columns)})


def _relevant(rows: list[Window], columns: list[Window]) -> tuple[list[Window], list[Window]]:
    """Leave out one side's floors or caps where the others alone are contradictory, so that the rest is of one kind."""
    needs = [w._replace(most=len(w.cells)) for w in columns if w.least > 0]
    caps = [w._replace(least=0) for w in rows if w.most < len(w.cells)]
    if needs and caps and not _flows(caps, needs):
        return caps, needs
    limits = [w._replace(least=0) for w in columns if w.most < len(w.cells)]
    floors = [w._replace(most=len(w.cells)) for w in rows if w.least > 0]
    if limits and floors and not _flows(floors, limits):
        return floors, limits
    return rows, columns


def _nested(windows: Sequence[Window]) -> list[Window]:
    """Return the windows of which each is a part of, or apart from, every other; the largest come first."""
    kept: list[Window] = []
    of_cell: dict[tuple[int, int], list[Window]] = {}
    for window in sorted(windows, key=lambda w: -len(w.cells)):
        others = {id(other): other for cell in window.cells for other in of_cell.get(cell, ())}
        if all(window.cells <= other.cells for other in others.values()):
            kept.append(window)
            for cell in window.cells:
                of_cell.setdefault(cell, []).append(window)
    return kept


def _thin(windows: list[Window], flows: Callable[[list[Window]], bool], size: int) -> list[Window]:
    """Drop windows in blocks of `size`, then smaller ones, as long as the rest still cannot flow."""
    kept, size = list(windows), max(1, size)
    while True:
        at = 0
        while at < len(kept):
            fewer = kept[:at] + kept[at + size :]
            if fewer and not flows(fewer):
                kept = fewer
            else:
                at += size
        if size == 1:
            return kept
        size = max(1, size // 4)


def _needed_rows(rows: list[Window], columns: list[Window]) -> list[Window] | None:
    """Return as few caps of people as keep the days' needs out of reach, or None where it is not caps against needs.

    No part of the days is out of reach by itself (`columns` is thin), so one count over all of them decides: what
    the days need in excess of what the people can give. A cap saves w days; caps are dropped, the smallest first,
    while what they save stays below the excess. Floors of people against caps of days are the same, seen from the
    office.
    """
    if all(row.least <= 0 for row in rows) and all(column.most >= len(column.cells) for column in columns):
        caps, needs = [row.most for row in rows], [column.least for column in columns]
    elif all(row.most >= len(row.cells) for row in rows) and all(column.least <= 0 for column in columns):
        caps = [len(row.cells) - row.least for row in rows]
        needs = [len(column.cells) - column.most for column in columns]
    else:
        return None
    wanted = frozenset(cell for column in columns for cell in column.cells)
    if len({cell for row in rows for cell in row.cells}) < sum(len(row.cells) for row in rows):
        return None  # windows within windows
    if len(wanted) < sum(len(column.cells) for column in columns):
        return None
    saved = [len(row.cells & wanted) - cap for row, cap in zip(rows, caps, strict=True)]
    excess = sum(needs) - len(wanted) + sum(max(0, days) for days in saved)
    kept = []
    for days, row in sorted(zip(saved, rows, strict=True), key=lambda item: (item[0], item[1].instance)):
        if days <= 0:
            continue
        if days < excess:
            excess -= days
        else:
            kept.append(row)
    return kept if kept and not _flows(kept, columns) else None


def _flows(rows: Sequence[Window], columns: Sequence[Window]) -> bool:
    """Whether home days can be dealt out so that every window has between its least and its most.

    A circulation with lower bounds: from the days' windows, nested, over the cells to the people's windows.
    """
    import numpy as np
    from ortools.graph.python import max_flow

    flow = max_flow.SimpleMaxFlow()
    cells = {cell for window in (*rows, *columns) for cell in window.cells}
    source, sink, top, bottom = 0, 1, 2, 3
    first_row, first_column = 4, 4 + len(rows)
    above: dict[int, int] = {}
    arcs: list[tuple[int, int, int]] = []
    balance: dict[int, int] = {}

    def arc(tail: int, head: int, least: int, most: int) -> None:
        if most > least:
            arcs.append((tail, head, most - least))
        if least:
            balance[head] = balance.get(head, 0) + least
            balance[tail] = balance.get(tail, 0) - least

    def smallest(windows: Sequence[Window], offset: int, root: int) -> dict[tuple[int, int], int]:
        """Return the node of the smallest window of each cell, with an arc from each window to the next larger."""
        inner: dict[tuple[int, int], int] = {}
        for number, window in enumerate(windows):
            above[offset + number] = inner.get(next(iter(window.cells)), root)
            inner.update(dict.fromkeys(window.cells, offset + number))
        return inner

    into = smallest(columns, first_column, top)
    out = smallest(rows, first_row, bottom)
    impossible = False
    for number, window in enumerate(columns):
        impossible |= window.least > min(window.most, len(window.cells))
        arc(
            above[first_column + number],
            first_column + number,
            max(0, window.least),
            min(window.most, len(window.cells)),
        )
    for number, window in enumerate(rows):
        impossible |= window.least > min(window.most, len(window.cells))
        arc(
            first_row + number,
            above[first_row + number],
            max(0, window.least),
            min(window.most, len(window.cells)),
        )
    if impossible or any(window.most < 0 for window in (*rows, *columns)):
        return False
    together = Counter((into.get(cell, top), out.get(cell, bottom)) for cell in cells)
    arcs += [(tail, head, count) for (tail, head), count in together.items()]
    arcs.append((bottom, top, len(cells)))
    needed = 0
    for node, amount in balance.items():
        if amount > 0:
            arcs.append((source, node, amount))
            needed += amount
        elif amount < 0:
            arcs.append((node, sink, -amount))
    if not needed:
        return True
    tails, heads, capacities = np.array(arcs, dtype=np.int64).T
    flow.add_arcs_with_capacity(tails.astype(np.int32), heads.astype(np.int32), capacities)
    flow.solve(source, sink)
    return bool(flow.optimal_flow() == needed)
