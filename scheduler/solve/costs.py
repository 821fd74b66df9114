"""What rules ask to be minimised, before anything of it is a variable: places left empty, and costs by objective.

A roster can be told its worth from here at once; only who minimises needs variables for it (`UnitModel`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from scheduler.constraints.base import Rule, Truth

Value = Callable[[Any], int]
"""Tells what a truth is in a solution."""

Held = Callable[[Sequence[Any]], Sequence[int]]
"""Tells what many truths are in a solution."""


class Shortfall(NamedTuple):
    """The home places left empty by one quota on one day: its target, the least possible, and the variable.

    `excused` are those lost to roles and recalls alone: a number, or a variable where that can be chosen.
    """

    rule: Rule | None
    day: int
    target: int
    least: int
    variable: Any
    excused: Any


class Auxiliary(NamedTuple):
    """A variable that may stand above its true value in a solution; `evaluate` gets what tells a literal's value."""

    variable: Any
    evaluate: Callable[[Value], int]


class Places(NamedTuple):
    """The home places that one quota wants filled on one day, by whom, and which truths may call people away."""

    rule: Rule | None
    day: int
    target: int
    home: Sequence[Truth]
    able: int
    give_way: Sequence[Truth]

    @property
    def least(self) -> int:
        """The fewest places left empty in any roster, by counting who is able."""
        return max(0, self.target - self.able)

    @property
    def spare(self) -> int:
        """How many may be called away before a place is lost to that."""
        return self.able - min(self.target, self.able)

    def empty(self, held: Held) -> int:
        """Return how many places a solution leaves empty, less those excused."""
        excused = max(0, sum(held(self.give_way)) - self.spare)
        return max(0, self.target - sum(held(self.home)) - excused)


class Cost(NamedTuple):
    """What is added to an objective where all of `inside` hold, and neither `before` nor `after` does."""

    objective: str
    weight: int
    inside: Sequence[Truth]
    before: Truth = False
    after: Truth = False

    def due(self, value: Value) -> int:
        """Return 1 where the cost is due in a solution, else 0."""
        return int(all(map(value, self.inside)) and not value(self.before) and not value(self.after))

    @property
    def certain(self) -> int:
        """1 where it is due in every solution, else 0."""
        return int(self.before is False and self.after is False and all(t is True for t in self.inside))


class RunCost(NamedTuple):
    """What is added to an objective for each run of exactly `length` truths inside a row."""

    objective: str
    weight: int
    row: Sequence[Truth]
    length: int

    def costs(self) -> Iterator[Cost]:
        """Yield it as single costs, without those that cannot be due."""
        row, length = self.row, self.length
        cannot, must = [truth is False for truth in row], [truth is True for truth in row]
        for a in range(1, len(row) - length):
            b = a + length
            if not (must[a - 1] or must[b] or True in cannot[a:b]):
                yield Cost(self.objective, self.weight, row[a:b], row[a - 1], row[b])

    def runs(self, held: Held) -> int:
        """Return how many runs of this length a solution has."""
        return self._runs(bytes(held(self.row)))

    @property
    def certain(self) -> int:
        """How many such runs every solution has."""
        return self._runs(bytes(truth if isinstance(truth, bool) else 2 for truth in self.row))

    def _runs(self, marks: bytes) -> int:
        # Each gap stands twice, so that it can end one run and begin the next.
        return marks.replace(b"\0", b"\0\0").count(b"\0" + b"\1" * self.length + b"\0")
