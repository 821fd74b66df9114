"""Conflicts that counting finds at once: too few left for a demand, and days against people as a flow.

Clause learning takes very long over "at most 9 days each" against a quota of half; a maximum flow settles it in
milliseconds. Everything here is a relaxation: where it finds a contradiction there is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scheduler.solve.conflicts.demands import Demands
from scheduler.solve.conflicts.flows import Grid
from scheduler.solve.conflicts.small_models import Demand
from scheduler.solve.conflicts.windows import Window
from scheduler.solve.frame import without_collecting


def find_short(demands: Demands, pool: Sequence[int]) -> list[int] | None:
    """Return a demand that cannot be met once single person-days are settled, with what settles them.

    None where every demand can. Of those that settle only as many are returned as are needed.
    """
    settled: dict[int, tuple[bool, int]] = {}
    for number in pool:
        for demand in demands.of_instance[number]:
            if not demand.literals or demand.least > len(demand.literals) or demand.most < 0:
                return [number]
            if len(demand.literals) == 1:
                literal = demand.literals[0]
                positive = literal if literal >= 0 else -literal - 1
                value = (literal >= 0) == (demand.least == 1)
                known = settled.setdefault(positive, (value, number))
                if known[0] != value:
                    return sorted({known[1], number})
    forbidden = _forbidden_roles(demands, settled)
    decided = {*settled, *(~literal for literal in settled), *forbidden}
    for number in pool:
        for demand in demands.of_instance[number]:
            if len(demand.literals) == 1 or decided.isdisjoint(demand.literals):
                continue
            if found := _short(demand, settled, forbidden):
                return sorted({number, *found})
    return None


def _forbidden_roles(demands: Demands, settled: dict[int, tuple[bool, int]]) -> dict[int, int]:
    """Return what keeps somebody from a role on site: being settled at home that day."""
    found = {}
    for cell, names in demands.roles_offered().items():
        home = demands.home(*cell)
        if isinstance(home, bool) or not settled.get(home, (False, 0))[0]:
            continue
        for name, truth in names.items():
            if not isinstance(truth, bool) and demands.needs_office(*cell, name):
                found[truth] = settled[home][1]
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


def grid_of(demands: Demands, pool: Iterable[int]) -> Grid:
    """Return the demands on home days alone that lie in one person's row or in one day's column."""
    with without_collecting():
        windows = (_window(demands, demand) for number in pool for demand in demands.of_instance[number])
        return Grid.of(window for window in windows if window is not None)


def _window(demands: Demands, demand: Demand) -> Window | None:
    literals, least, most = demand.literals, demand.least, demand.most
    if not literals:
        return None
    if max(literals) < 0:
        least, most = len(literals) - most, len(literals) - least
        literals = tuple([~literal for literal in literals])
    elif min(literals) < 0:
        return None
    cells = frozenset(map(demands.cells.get, literals))
    if None in cells or len(cells) < len(literals):
        return None
    return Window.about(demand.instance, cells, least, most)  # type: ignore[arg-type]


def can_hold(demands: Demands, chosen: Sequence[int], limit: float) -> bool | None:
    """Whether these instances can all hold, by counting where that denies it, else by search; None if `limit` ran out."""
    if find_short(demands, chosen) is not None:
        return False
    grid = grid_of(demands, chosen)
    if not grid.is_dealt():
        return False
    if grid.size == sum(len(demands.of_instance[number]) for number in chosen):
        return True  # nothing but nested counts of home days: the flow is a roster
    return demands.is_feasible(chosen, limit)


def can_all_hold(demands: Demands, limit: float) -> bool | None:
    """Whether all instances can hold; the rules on rows are read only where the days alone are not short already."""
    if find_short(demands, demands.without_rows) is not None:
        return False
    return can_hold(demands, demands.numbers, limit)


def find_flow_conflict(demands: Demands, pool: Sequence[int]) -> list[int] | None:
    """Return instances whose counts of home days cannot agree, none to spare; None where they can."""
    with without_collecting():
        return grid_of(demands, pool).conflict()
