"""Home days of people against those of days: windows that nest, and as few of them as contradict each other.

Of windows that overlap only nested ones are used (each a part of another or apart from it): for those a flow is exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import TypeVar

from scheduler.solve.conflicts.windows import Group, Shape, Window, flows

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Grid:
    """Nested windows by people and by days.

    Attributes
    ----------
    rows : by person, the largest first.
    columns : of all days; `parents` has for each the column around it, or -1.
    innermost : for each cell the smallest column that holds it.
    """

    rows: dict[int, list[Window]]
    columns: list[Window]
    parents: list[int]
    innermost: dict[tuple[int, int], int]

    @classmethod
    def of(cls, windows: Iterable[Window]) -> Grid:
        """Return the grid of as many windows as nest."""
        rows: dict[int, list[Window]] = {}
        columns: list[Window] = []
        inner_row: dict[tuple[int, int], int] = {}
        for number, window in enumerate(sorted(windows, key=lambda w: -len(w.cells))):
            if not window.is_row:
                columns.append(window)
            elif len(set(map(inner_row.get, window.cells))) == 1:
                inner_row.update(dict.fromkeys(window.cells, number))
                rows.setdefault(window.person, []).append(window)
        return cls.nested(rows, columns)

    @classmethod
    def nested(cls, rows: dict[int, list[Window]], columns: Iterable[Window]) -> Grid:
        """Return the grid of rows that nest, and of as many columns as do, all of them the largest first."""
        kept: list[Window] = []
        parents: list[int] = []
        innermost: dict[tuple[int, int], int] = {}
        for window in columns:
            around = {innermost.get(cell, -1) for cell in window.cells}
            if len(around) == 1:
                parents.append(around.pop())
                innermost.update(dict.fromkeys(window.cells, len(kept)))
                kept.append(window)
        return cls(rows, kept, parents, innermost)

    @property
    def size(self) -> int:
        """How many windows it holds."""
        return len(self.columns) + sum(map(len, self.rows.values()))

    @property
    def windows(self) -> Iterator[Window]:
        """Every window."""
        yield from self.columns
        for windows in self.rows.values():
            yield from windows

    def groups(self) -> list[Group]:
        """Return the people, those alike together."""
        days: dict[int, dict[int, int]] = {}
        for (person, day), column in self.innermost.items():
            days.setdefault(person, {})[day] = column
        for person, windows in self.rows.items():
            reached = days.setdefault(person, {})
            for window in windows:
                if not window.days <= reached.keys():
                    for day in window.days:
                        reached.setdefault(day, -1)
        alike: dict[tuple[object, ...], list[int]] = {}
        for person, reached in days.items():
            shapes = tuple([Shape(w.days, w.least, w.most) for w in self.rows.get(person, ())])
            alike.setdefault((shapes, tuple(sorted(reached.items()))), []).append(person)
        return [Group(tuple(people), shapes, columns) for (shapes, columns), people in alike.items()]  # type: ignore[arg-type]

    def is_dealt(self) -> bool:
        """Whether home days can be dealt out so that every window has between its least and its most."""
        return flows(self.groups(), self.columns, self.parents)

    def conflict(self) -> list[int] | None:
        """Return the instances of windows whose counts cannot agree, none to spare; None where they can."""
        if self.is_dealt():
            return None
        part = self._of_one_kind()
        part = part._with_fewest_columns()
        rows = part._rows_by_count()
        if rows is None:
            rows = part._rows_by_trying()
        return sorted({window.instance for window in (*rows, *part.columns)})

    # Fewer windows ----------------------------------------------------------------------------------------------

    def _of_one_kind(self) -> Grid:
        """Leave out one side's floors or caps where the others alone contradict each other."""
        needs = [w._replace(most=len(w.cells)) for w in self.columns if w.least > 0]
        limits = [w._replace(least=0) for w in self.columns if w.most < len(w.cells)]
        if needs:
            caps = self._rows_of(lambda w: w._replace(least=0) if w.most < len(w.cells) else None)
            part = Grid.nested(caps, needs)
            if caps and not part.is_dealt():
                return part
        if limits:
            floors = self._rows_of(lambda w: w._replace(most=len(w.cells)) if w.least > 0 else None)
            part = Grid.nested(floors, limits)
            if floors and not part.is_dealt():
                return part
        return self

    def _rows_of(self, change: Callable[[Window], Window | None]) -> dict[int, list[Window]]:
        """Return the rows' windows as changed, without those of which nothing is left."""
        rows = {
            person: [new for w in windows if (new := change(w)) is not None]
            for person, windows in self.rows.items()
        }
        return {person: windows for person, windows in rows.items() if windows}

    def _with_fewest_columns(self) -> Grid:
        groups = self.groups()

        def impossible(kept: Sequence[int]) -> bool:
            return not flows(groups, self.columns, self.parents, frozenset(kept))

        kept = drop(list(range(len(self.columns))), impossible)
        return Grid.nested(self.rows, [self.columns[number] for number in kept])

    def _rows_by_count(self) -> list[Window] | None:
        """Return as few caps of people as keep the days' needs out of reach, or None where it is not caps against needs.

        No part of the days is out of reach by itself (the columns are fewest), so one count over all of them
        decides: the days need more than the sum of what each person can give. A cap is dropped while what it saves
        stays below that excess, those that save least first; what a cap saves only grows as others are dropped.
        Floors of people against caps of days are the same, seen from the office.
        """
        if any(parent >= 0 for parent in self.parents):
            return None
        rows = [w for windows in self.rows.values() for w in windows]
        if all(w.least <= 0 for w in rows) and all(c.most >= len(c.cells) for c in self.columns):
            most, needed = {w: w.most for w in rows}, sum(c.least for c in self.columns)
        elif all(w.most >= len(w.cells) for w in rows) and all(c.least <= 0 for c in self.columns):
            most = {w: len(w.cells) - w.least for w in rows}
            needed = sum(len(c.cells) - c.most for c in self.columns)
        else:
            return None
        reach = dict.fromkeys(self.rows, 0)
        outside = 0
        for person, _ in self.innermost:
            if person in reach:
                reach[person] += 1
            else:
                outside += 1
        given = {
            person: self._can_give(reach[person], windows, most) for person, windows in self.rows.items()
        }
        excess = needed - outside - sum(given.values())
        kept = {person: list(windows) for person, windows in self.rows.items()}
        for window in sorted(rows, key=lambda w: (len(w.cells) - most[w], w.instance)):
            person = window.person
            fewer = [other for other in kept[person] if other is not window]
            more = self._can_give(reach[person], fewer, most)
            if more - given[person] < excess:
                excess -= more - given[person]
                kept[person], given[person] = fewer, more
        chosen = {person: windows for person, windows in kept.items() if windows}
        if excess <= 0 or Grid.nested(chosen, self.columns).is_dealt():
            return None
        return [window for windows in chosen.values() for window in windows]

    def _can_give(self, reach: int, windows: Sequence[Window], most: Mapping[Window, int]) -> int:
        """Return the most days of a person among the columns' cells, of which `reach` are theirs."""
        given = reach
        taken: set[tuple[int, int]] = set()
        for window in reversed(windows):  # the largest comes last, and what smaller ones took is gone
            left = [cell for cell in window.cells if cell in self.innermost and cell not in taken]
            if (surplus := len(left) - most[window]) > 0:
                given -= surplus
                taken.update(left[:surplus])
        return given

    def _rows_by_trying(self) -> list[Window]:
        """Return as few windows of people as still contradict the days, group by group, by bisection within each."""
        numbers = count()
        groups = {next(numbers): group for group in self.groups()}
        open_items = [(n, shape) for n, group in groups.items() for shape in group.shapes]

        def impossible(kept: Sequence[tuple[int, Shape]]) -> bool:
            chosen = set(kept)
            return not flows(
                [_only(g, [s for s in g.shapes if (n, s) in chosen]) for n, g in groups.items()],
                self.columns,
                self.parents,
            )

        left = set(drop(open_items, impossible))
        groups = {n: _only(g, [s for s in g.shapes if (n, s) in left]) for n, g in groups.items()}
        waiting = [(n, shape) for n, g in groups.items() for shape in g.shapes]
        while waiting:
            number, shape = waiting.pop(0)
            group = groups[number]
            bare = [s for s in group.shapes if s != shape]
            low, high = 0, len(group.people)  # as many people as keep the window
            while low < high:
                middle = (low + high) // 2
                parts = [
                    replace(group, people=group.people[:middle]),
                    _only(replace(group, people=group.people[middle:]), bare),
                ]
                others = [g for n, g in groups.items() if n != number]
                if flows([*others, *parts], self.columns, self.parents):
                    low = middle + 1
                else:
                    high = middle
            if low < len(group.people):
                groups[number] = replace(group, people=group.people[:low])
                further = next(numbers)
                groups[further] = _only(replace(group, people=group.people[low:]), bare)
                waiting += [(further, s) for n, s in list(waiting) if n == number and s in bare]
        kept = {(p, shape) for g in groups.values() for p in g.people for shape in g.shapes}
        return [
            window
            for person, windows in self.rows.items()
            for window in windows
            if (person, Shape(window.days, window.least, window.most)) in kept
        ]


def _only(group: Group, shapes: Sequence[Shape]) -> Group:
    return replace(group, shapes=tuple(shapes))


def drop(items: list[Item], impossible: Callable[[Sequence[Item]], bool]) -> list[Item]:
    """Return as few items as remain impossible, dropped block by block, then one by one."""
    size = max(1, len(items) // 2)
    while True:
        at = 0
        while at < len(items):
            fewer = items[:at] + items[at + size :]
            if len(items) > size and impossible(fewer):
                items = fewer
            else:
                at += size
        if size == 1:
            return items
        size = max(1, size // 4)
