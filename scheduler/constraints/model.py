"""What a rule may ask of and add to the model of one unit: all that the building side of a rule sees of the solver."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Protocol

from scheduler.constraints.base import Instance, Truth, Turns
from scheduler.problem import Person, Unit


class Model(Protocol):
    """The model as a rule sees it; indices are of `people` and of `days`."""

    unit: Unit
    people: Sequence[Person]
    days: Sequence[date]

    def is_present(self, person: int, day: int) -> bool:
        """Whether the person works that day: employed and not absent."""

    def is_fixed(self, person: int, day: int) -> bool:
        """Whether pins and rules leave the solver no choice between home and office."""

    def is_fixed_at_office_by_rule(self, person: int, day: int) -> bool:
        """Whether a rule, not a pin, keeps the person at the office that day, and no pin sends them home all the same."""

    def is_fixed_at_office(self, person: int, day: int) -> bool:
        """Whether a pin, a rule, or the want of any rule that sends them home keeps the person at the office."""

    def is_exempt(self, person: int, day: int) -> bool:
        """Whether a rule that exempts from quotas settles that day."""

    def calls(self, person: int, day: int) -> Sequence[Truth]:
        """Return the truths that call the person to the office: duties offered, and a recall as True."""

    def is_out_of_turns(self, person: int, day: int) -> bool:
        """Whether a rule that takes people out of turns (always_*, weekday, it_capable …) settles that day."""

    def home(self, person: int, day: int) -> Truth:
        """Return "works from home that day"; False where absent."""

    def office(self, person: int, day: int) -> Truth:
        """Return "works at the office that day"; False where absent."""

    def role(self, person: int, day: int, name: str) -> Truth:
        """Return "holds the role that day"; False where it was never offered to that person-day."""

    def roles(self, person: int, day: int) -> Sequence[Truth]:
        """Return every role offered for that person-day."""

    def at_least(self, truths: Iterable[Truth], number: int, instance: Instance) -> None:
        """Demand that at least `number` of `truths` hold; soft where the rule has a weight."""

    def at_most(self, truths: Iterable[Truth], number: int, instance: Instance) -> None:
        """Demand that at most `number` of `truths` hold; soft where the rule has a weight."""

    def clause(self, truths: Iterable[Truth], instance: Instance) -> None:
        """Demand that one of `truths` holds; soft where the rule has a weight."""

    def windows(
        self,
        row: Sequence[Truth],
        length: int,
        starts: Iterable[int],
        instance: Callable[[int], Instance],
        *,
        negated: bool = False,
    ) -> None:
        """Demand from each of `starts` on that one of `length` truths in a row holds, or fails where `negated`.

        The same as so many clauses, only faster; `instance` tells where the rule binds, by start.
        """

    def negate(self, truth: Truth) -> Truth:
        """Return the opposite of a truth."""

    def new_truth(self, name: str) -> Truth:
        """Return a truth of the rule's own, free until the rule binds it."""

    def any_of(self, truths: Iterable[Truth]) -> Truth:
        """Return the truth that holds exactly where one of `truths` does."""

    def reached(self, truths: Iterable[Truth], number: int) -> Truth:
        """Return a truth that can hold only where at least `number` of `truths` do."""

    def add_shortfall(
        self, day: int, target: int, home: Sequence[Truth], able: int, give_way: Sequence[Truth]
    ) -> None:
        """Count the home places below `target`, less those lost only because some of `give_way` hold.

        `able` people could be at home but for the roles and recalls of `give_way`.
        """

    def add_turns(self, turns: Turns) -> None:
        """Keep these turns fair."""

    def add_cost(self, objective: str, truths: Sequence[Truth], weight: int) -> None:
        """Add `weight` to an objective of `OBJECTIVES` where all of `truths` hold."""

    def add_run_cost(self, objective: str, row: Sequence[Truth], length: int, weight: int) -> None:
        """Add `weight` for each run of exactly `length` truths inside the row: those before and after it fail."""

    def widened(self, key: str, least: int) -> int:
        """Return the bound to use for `key`: `least`, or what the unit needs so that a roster exists."""
