"""The least of one objective where few variables are left to choose: short searches after each other, until one proves it.

None of them is the best for all. Everybody's rows beside the days prove a short period's (`rows/listed`). Asked for
something better than what stands, and not shown it, one subsolver often finds or refutes that several times sooner than
from the hint; from the hint it improves what is far from the best. Eight in turns come last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from scheduler.solve.fairness import Term
from scheduler.solve.rows.listed import Listing
from scheduler.solve.search import Effort, Found, search
from scheduler.solve.standing import sum_of, worth_of

LISTED, BETTER = 0.5, 2.0
"""Deterministic seconds that a search over listed rows has, and one for something better."""

AGAIN = 2
"""How many times as long the second search for something better has, which knows a better value."""

FIRST_ALONE = 0.1
"""The part of the effort that one subsolver has from the hint."""


@dataclass(slots=True)
class Closing:
    """The search for the least of one objective.

    Attributes
    ----------
    terms : what the model minimises.
    best, bound : of the solutions so far the best, at first the hint, and what none can be below.
    listing : returns everybody's rows, where they are to be listed.
    is_balance : whether balances are minimised, thousands of which are between one roster and another: the hint, which
        is left step by step, comes first there.
    """

    cp: Any
    terms: Sequence[Term]
    best: Sequence[int]
    bound: int
    effort: Effort
    listing: Callable[[], Listing | None]
    is_balance: bool = False

    def run(self, *, is_brief: bool = False) -> Found:
        """Return the best solution found, and the bound; what takes long is left out where `is_brief`."""
        size = len(self.best)
        for answer in self._searches(is_brief):
            if answer.is_infeasible:
                return Found(self.best, self.value)
            if answer.values is not None and worth_of(self.terms, answer.values) < self.value:
                self.best = list(answer.values)[:size]
            self.bound = max(self.bound, answer.bound)
            if self.value <= self.bound or self.effort.is_over:
                break
        return Found(self.best, self.bound)

    @property
    def value(self) -> int:
        """What the best solution is worth."""
        return worth_of(self.terms, self.best)

    def _searches(self, is_brief: bool) -> Iterator[Found]:
        """Yield what one search after the other finds."""
        if (rows := self.listing()) is not None:
            yield self._better(LISTED, rows)
        if not self.is_balance:
            yield self._better(BETTER)
        if self.is_balance or not is_brief:
            yield search(self.cp, self.effort.share(FIRST_ALONE), self.best, alone=True)
        if is_brief:
            return
        if not self.is_balance:
            yield self._better(AGAIN * BETTER)
        yield search(self.cp, self.effort, self.best)

    def _better(self, limit: float, rows: Listing | None = None) -> Found:
        """Search for something better than the best, without a hint; there is none where that is infeasible."""
        attempt = self.cp.clone()
        attempt.clear_hints()
        attempt.add(sum_of(self.terms) <= self.value - 1)
        attempt.add(sum_of(self.terms) >= self.bound)
        if rows is not None:
            rows.link(attempt)
        return search(
            attempt, replace(self.effort, limit=min(limit, self.effort.limit)), alone=True, small=True
        )
