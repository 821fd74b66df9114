"""The best mixed-integer programme known to us, for HiGHS and CBC alike; it imports neither.

Balances are in days. Stints are window sums over free cells (each person's rows are then an interval matrix). Each
person's turns are a whole number of their own, so that a solver can branch on them and rows stay short; the absolute
balance has the one cut that makes it exact at the two whole numbers beside its kink; spreads and sums are bounded
below by counting.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

INFINITY = float("inf")


@dataclass
class Programme:
    """Columns (least, most, cost, whole) and rows (least, most, entries); cost of the answer is theirs plus `constant`."""

    least: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)
    cost: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    row_least: list[float] = field(default_factory=list)
    row_most: list[float] = field(default_factory=list)
    starts: list[int] = field(default_factory=lambda: [0])
    columns: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    constant: float = 0.0
    home: dict[tuple[int, int], int] = field(default_factory=dict)
    roles: dict[tuple[int, int, str], int] = field(default_factory=dict)

    def column(self, least: float, most: float, cost: float = 0.0, *, whole: bool = False) -> int:
        """Add a column; return its number."""
        self.least.append(least)
        self.most.append(most)
        self.cost.append(cost)
        self.whole.append(whole)
        return len(self.cost) - 1

    def row(self, least: float, most: float, entries: list[tuple[int, float]]) -> None:
        """Add a row."""
        self.row_least.append(least)
        self.row_most.append(most)
        for column, value in entries:
            self.columns.append(column)
            self.values.append(value)
        self.starts.append(len(self.columns))

    def answer(self, facts: dict[str, Any], values: Any) -> tuple[list[list[int]], list[list[Any]]]:
        """Return the cells and roles of a solution."""
        home = [[int(letter == "H") for letter in row] for row in facts["cells"]]
        for (i, k), column in self.home.items():
            home[i][k] = int(values[column] > 0.5)
        return home, [[i, k, name] for (i, k, name), column in self.roles.items() if values[column] > 0.5]


def programme(facts: dict[str, Any]) -> Programme:
    """Build the programme of one unit; costs are in points."""
    lp = Programme()
    cells = facts["cells"]
    lp.home = {
        (i, k): lp.column(0, 1, whole=True)
        for i, row in enumerate(cells)
        for k, letter in enumerate(row)
        if letter == "."
    }
    _stints(lp, facts)
    for group in facts["groups"]:
        for k, target in enumerate(group["targets"]):
            fixed = sum(cells[i][k] == "H" for i in group["members"])
            entries = [(lp.home[i, k], 1.0) for i in group["members"] if (i, k) in lp.home]
            lp.row(target - fixed, target - fixed, entries)
        for key, days, spread, total in (
            ("offset", list(range(facts["days"])), 1000.0, 50.0),
            ("border", facts["border_days"], 200.0, 0.0),
        ):
            taken = {i: [lp.home[i, k] for k in days if (i, k) in lp.home] for i, _ in group[key]}
            held = {i: sum(cells[i][k] == "H" for k in days) for i, _ in group[key]}
            _balances(lp, taken, held, group, key, spread, total)
    for k, people, least in facts["floors"]:
        fixed = sum(cells[i][k] == "H" for i in people)
        entries = [(lp.home[i, k], 1.0) for i in people if (i, k) in lp.home]
        if len(entries) > len(people) - least - fixed:
            lp.row(-INFINITY, len(people) - least - fixed, entries)
    _roles(lp, facts)
    for i, k, wants_home, weight in facts["wishes"]:
        if (i, k) in lp.home:
            lp.cost[lp.home[i, k]] += -weight if wants_home else weight
            lp.constant += weight if wants_home else 0
        else:
            lp.constant += weight if (cells[i][k] == "H") != bool(wants_home) else 0
    return lp


def _stints(lp: Programme, facts: dict[str, Any]) -> None:
    days, cells, most = facts["days"], facts["cells"], facts["most_home"]
    for i, (status, length, longest) in enumerate(facts["rows"]):
        if longest is None:
            continue
        windows = [(k, k + most + 1) for k in range(days - most)]
        if status == "home" and 0 < most + 1 - length <= days:
            windows.append((0, most + 1 - length))
        for a, b in windows:
            if all(letter in ".H" for letter in cells[i][a:b]):
                fixed = sum(letter == "H" for letter in cells[i][a:b])
                lp.row(
                    -INFINITY,
                    b - a - 1 - fixed,
                    [(lp.home[i, k], 1.0) for k in range(a, b) if (i, k) in lp.home],
                )
        windows = [(k, k + longest + 1) for k in range(days - longest)]
        if status == "office" and 0 < longest + 1 - length <= days:
            windows.append((0, longest + 1 - length))
        for a, b in windows:
            if all(letter == "." for letter in cells[i][a:b]):
                lp.row(1, INFINITY, [(lp.home[i, k], 1.0) for k in range(a, b)])
        if facts["prefer"] is None:
            continue
        for size in range(1, most + 1):
            for k in range(1, days - size) if size != facts["prefer"] else ():
                _odd_stint(lp, cells, i, k, size)


def _odd_stint(lp: Programme, cells: list[str], i: int, k: int, size: int) -> None:
    """Charge 1 where the days from k, and neither of those around them, are at home."""
    inside = range(k, k + size)
    if any(cells[i][x] not in ".H" for x in inside) or cells[i][k - 1] == "H" or cells[i][k + size] == "H":
        return
    entries = [(lp.home[i, x], -1.0) for x in inside if (i, x) in lp.home]
    entries += [(lp.home[i, x], 1.0) for x in (k - 1, k + size) if (i, x) in lp.home]
    fixed = sum(cells[i][x] == "H" for x in inside)
    lp.row(fixed - size + 1, INFINITY, [*entries, (lp.column(0, 1, 1.0), 1.0)])


def _roles(lp: Programme, facts: dict[str, Any]) -> None:
    cells = facts["cells"]
    alone: dict[tuple[int, int], list[int]] = {}
    for role in facts["roles"]:
        taken: dict[int, list[int]] = {i: [] for i, _ in role["offset"]}
        for k, officers in enumerate(role["officers"]):
            for i in officers:
                column = lp.roles[i, k, role["name"]] = lp.column(
                    0, 0 if cells[i][k] == "H" else 1, whole=True
                )
                taken[i].append(column)
                if role["alone"]:
                    alone.setdefault((i, k), []).append(column)
                elif (i, k) in lp.home:
                    lp.row(-INFINITY, 1, [(column, 1.0), (lp.home[i, k], 1.0)])
            lp.row(role["number"], role["number"], [(lp.roles[i, k, role["name"]], 1.0) for i in officers])
        _balances(lp, taken, dict.fromkeys(taken, 0), role, "offset", 1000.0, 50.0)
    for (i, k), columns in alone.items():
        entries = [(column, 1.0) for column in columns]
        if (i, k) in lp.home:
            entries.append((lp.home[i, k], 1.0))
        if len(entries) > 1:
            lp.row(-INFINITY, 1, entries)


def _balances(
    lp: Programme, taken: dict[int, list[int]], held: dict[int, int], turns: dict[str, Any], key: str, spread: float,
    total: float,
) -> None:  # fmt: skip
    """Add spread and sum of absolute balances: offset + turns, in days."""
    if not turns[key]:
        return
    top, bottom = lp.column(-INFINITY, INFINITY, spread), lp.column(-INFINITY, INFINITY, -spread)
    lp.row(turns[f"{key}_spread"] / 1000, INFINITY, [(top, 1.0), (bottom, -1.0)])
    sizes: list[int] = []
    for i, thousandths in turns[key]:
        offset = thousandths / 1000
        number = lp.column(held[i], held[i] + len(taken[i]), whole=True)
        lp.row(held[i], held[i], [(number, 1.0), *[(column, -1.0) for column in taken[i]]])
        lp.row(-INFINITY, -offset, [(number, 1.0), (top, -1.0)])
        lp.row(-offset, INFINITY, [(number, 1.0), (bottom, -1.0)])
        if total:
            size = lp.column(0, INFINITY, total)
            sizes.append(size)
            lp.row(offset, INFINITY, [(size, 1.0), (number, -1.0)])
            lp.row(-offset, INFINITY, [(size, 1.0), (number, 1.0)])
            kink = float(np.floor(-offset))
            slope = abs(offset + kink + 1) - abs(offset + kink)
            lp.row(abs(offset + kink) - slope * kink, INFINITY, [(size, 1.0), (number, -slope)])
    if sizes:
        lp.row(turns[f"{key}_total"] / 1000, INFINITY, [(size, 1.0) for size in sizes])
