"""The clauses of stints in one person's row of days; how stints are checked stands in `stint.py`, sharing nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from scheduler.constraints.base import Instance, Truth
from scheduler.constraints.model import Model
from scheduler.roster import HOME, OFFICE


class Stretch(NamedTuple):
    """One person's days of a row that nothing cuts: indices, truths, who has a choice, and the stint before them."""

    model: Model
    person: int
    columns: Sequence[int]
    home: Sequence[Truth]
    free: Sequence[bool]
    status_before: str
    days_before: int

    def length_before(self, status: str) -> int:
        """Return how many days of this status the person had right before."""
        return self.days_before if self.status_before == status else 0

    def keep_home_short(self, most: int, instance: Callable[[int], Instance]) -> None:
        """Demand that no stint at home is longer; `instance` tells of a start."""
        size, before = len(self.columns), self.length_before(HOME)
        self.model.windows(self.home, most + 1, range(size - most), instance, negated=True)
        for inside in range(max(1, most + 1 - before), min(most, size) + 1):
            if before:
                self.model.windows(self.home, inside, (0,), instance, negated=True)

    def keep_home_long(self, least: int, instance: Instance) -> None:
        """Demand that no stint at home is shorter where the days on both sides are free."""
        model, _, columns, home, free, status_before, _ = self
        size, before = len(columns), self.length_before(HOME)
        stay = [model.negate(truth) for truth in home]
        for length in range(1, least):
            for a in range(1, size - length):
                if free[a - 1] and free[a + length]:
                    model.clause([home[a - 1], *stay[a : a + length], home[a + length]], instance)
            if status_before == OFFICE and length < size and free[length]:
                model.clause([*stay[:length], home[length]], instance)
        for inside in range(max(0, least - before)):
            if before and inside < size and free[inside]:
                model.clause([*stay[:inside], home[inside]], instance)

    def keep_office_short(self, longest: int, instance: Instance) -> None:
        """Demand that nobody waits longer at the office for a turn, of days that are free."""
        starts, waited = [], 0
        for k, is_free in enumerate(self.free):
            waited = waited + 1 if is_free else 0
            if waited > longest:
                starts.append(k - longest)
        self.model.windows(self.home, longest + 1, starts, lambda _: instance)
        before = self.length_before(OFFICE)
        for inside in range(longest + 1 - before, min(longest, len(self.columns)) + 1):
            if 0 < before <= longest and all(self.free[:inside]):
                self.model.windows(self.home, inside, (0,), lambda _: instance)

    def keep_office_long(self, least: int, instance: Instance) -> None:
        """Demand that no stint at the office is shorter where the days on both sides are free."""
        model, i, columns, home, free, status_before, _ = self
        present = [model.is_present(i, k) for k in columns]
        size, before = len(columns), self.length_before(OFFICE)
        for length in range(1, least):
            for a in range(1, size - length):
                if free[a - 1] and free[a + length] and all(present[a : a + length]):
                    around = [model.negate(home[a - 1]), model.negate(home[a + length])]
                    model.clause([*around, *home[a : a + length]], instance)
            if status_before == HOME and length < size and free[length] and all(present[:length]):
                model.clause([*home[:length], model.negate(home[length])], instance)
        for inside in range(max(0, least - before) if before else 0):
            if inside < size and free[inside] and all(present[:inside]):
                model.clause([*home[:inside], model.negate(home[inside])], instance)
