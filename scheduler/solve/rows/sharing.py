"""How fair turns in posts can be beside turns at home: counting, over everybody's days at once.

Who works at home on so many days can hold posts on the others alone, and one a day where posts exclude each other. A
small programme in whole numbers has how many turns each person takes, of every post and at home; which day is whose
is left out, and can only make turns less fair. So its least spread and sum of balances are bounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ortools.sat.python import cp_model

from scheduler.solve.fairness import Group
from scheduler.solve.model import UnitModel
from scheduler.solve.search import Effort, search, value_in

PART = 0.1
FARTHEST = 1000 * 400 * 1000


@dataclass(frozen=True, slots=True)
class Shared:
    """Turns at home and in posts that are fairest by counting, by group and balance, those settled included."""

    homes: tuple[tuple[int, ...], ...]
    posts: tuple[tuple[int, ...], ...]


@dataclass(slots=True)
class _Taken:
    """A variable that counts turns of one person, and the days on which they may be taken."""

    number: Any
    days: frozenset[int]


@dataclass(slots=True)
class _Days:
    """What one person may take: at home, in posts on site that exclude each other, and in other roles on site."""

    home: list[_Taken] = field(default_factory=list)
    exclusive: list[_Taken] = field(default_factory=list)
    elsewhere: list[_Taken] = field(default_factory=list)
    other: list[_Taken] = field(default_factory=list)


class Sharing:
    """The programme of one unit's turns.

    Parameters
    ----------
    homes, posts : the groups that take turns at home and in roles.
    ranges : everybody's least and most turns at home, by group and balance, where more is known than their number.
    """

    def __init__(
        self,
        model: UnitModel,
        homes: Sequence[Group],
        posts: Sequence[Group],
        ranges: Sequence[Sequence[tuple[int, int] | None] | None] | None = None,
    ) -> None:
        self.model = model
        self.cp = cp_model.CpModel()
        self.days: dict[int, _Days] = {}
        self._cell = _cells(model, posts)
        self._homes = [
            self._group(group, at_home=True, ranges=ranges[n] if ranges is not None else None)
            for n, group in enumerate(homes)
        ]
        self._posts = [self._group(group, at_home=False) for group in posts]
        for days in self.days.values():
            self._leave_room(days)
        self._groups = homes, posts

    def _group(
        self, group: Group, *, at_home: bool, ranges: Sequence[tuple[int, int] | None] | None = None
    ) -> list[Any]:
        """Return how many turns still open everybody of a group takes."""
        numbers: list[Any] = []
        for n, balance in enumerate(group.balances):
            if not balance.taken:
                numbers.append(0)
                continue
            least, most = (ranges[n] if ranges is not None else None) or (0, len(balance.taken))
            numbers.append(self.cp.new_int_var(least, most, ""))
            self._note(numbers[-1], [literal.index for literal in balance.taken], at_home=at_home)
        if group.total is not None:
            open_turns = group.total - sum(balance.held for balance in group.balances)
            self.cp.add(sum(numbers) == open_turns)
        return numbers

    def _note(self, number: Any, literals: Sequence[int], *, at_home: bool) -> None:
        """Note what excludes turns."""
        cells = [self._cell[index] for index in literals if index in self._cell]
        if len(cells) < len(literals) or len({(i, name) for i, _, name in cells}) != 1:
            return  # truths of a rule's own, of which nothing more is known
        i, _, name = cells[0]
        taken = _Taken(number, frozenset(k for _, k, _ in cells))
        days = self.days.setdefault(i, _Days())
        if at_home:
            days.home.append(taken)
            return
        exclusive = all(name in self.model._exclusive.get((i, k), ()) for k in taken.days)
        on_site = all((i, k, name) in self.model._on_site for k in taken.days)
        (days.exclusive if exclusive and on_site else days.elsewhere if on_site else days.other).append(taken)

    def _leave_room(self, days: _Days) -> None:
        """Nobody holds two posts on one day, or a post on a day at home."""
        for home in days.home or [_Taken(0, frozenset())]:
            for takes in (days.exclusive, *([taken] for taken in days.elsewhere)):
                several = [*takes, home] if days.home else takes
                if len(several) > 1:
                    room = frozenset[int]().union(*(taken.days for taken in several))
                    self.cp.add(sum(taken.number for taken in several) <= len(room))

    def keep_homes(self, spread: int, total: int) -> None:
        """Demand that turns at home are no less fair than that."""
        values = _balances(self._groups[0], self._homes)
        self.cp.add(spread_of(self.cp, values) <= spread)
        self.cp.add(total_of(self.cp, values) <= total)

    def least_spread(self, effort: Effort, known: int) -> tuple[int, Shared | None]:
        """Return the least sum of spreads of the posts, and turns that have it where they are found.

        Parameters
        ----------
        known : a bound known before.
        """
        return self._least(spread_of(self.cp, _balances(self._groups[1], self._posts)), effort, known)

    def least_total(self, effort: Effort, spread: int, known: int) -> tuple[int, Shared | None]:
        """Return the least sum of balances of the posts whose spreads sum to no more than `spread`, and turns that have it."""
        values = _balances(self._groups[1], self._posts)
        self.cp.add(spread_of(self.cp, values) <= spread)
        return self._least(total_of(self.cp, values), effort, known)

    def _least(self, objective: Any, effort: Effort, known: int) -> tuple[int, Shared | None]:
        self.cp.add(objective >= known)
        self.cp.minimize(objective)
        answer = search(self.cp, effort.share(PART), alone=True)
        if answer.values is None:
            return known, None
        homes, posts = (
            tuple(
                tuple(
                    b.held + value_in(number, answer.values)
                    for b, number in zip(g.balances, numbers, strict=True)
                )
                for g, numbers in zip(groups, counted, strict=True)
            )
            for groups, counted in zip(self._groups, (self._homes, self._posts), strict=True)
        )
        return max(known, answer.bound), Shared(homes, posts)


def _cells(model: UnitModel, posts: Sequence[Group]) -> dict[int, tuple[int, int, str]]:
    """Return whose turn a literal is, on which day, and in which role or (empty) at home, of those who hold posts."""
    taken = {literal.index for group in posts for balance in group.balances for literal in balance.taken}
    found = {
        truth.index: (i, k, name)
        for (i, k), names in model.roles_offered().items()
        for name, truth in names.items()
        if not isinstance(truth, bool) and truth.index in taken
    }
    for i in {i for i, _, _ in found.values()}:
        for k in range(len(model.days)):
            if not isinstance(home := model.home(i, k), bool):
                found[home.index] = i, k, ""
    return found


def _balances(groups: Sequence[Group], counted: Sequence[Sequence[Any]]) -> list[list[Any]]:
    return [
        [b.constant + 1000 * number for b, number in zip(group.balances, numbers, strict=True)]
        for group, numbers in zip(groups, counted, strict=True)
    ]


def spread_of(cp: Any, groups: Sequence[Sequence[Any]]) -> Any:
    """Return the sum over groups of a variable above all values less one below them."""
    found = []
    for values in groups:
        if len(values) < 2:
            continue
        least, most = (cp.new_int_var(-FARTHEST, FARTHEST, "") for _ in range(2))
        for value in values:
            cp.add(value >= least)
            cp.add(value <= most)
        found.append(most - least)
    return sum(found)


def total_of(cp: Any, groups: Sequence[Sequence[Any]]) -> Any:
    """Return the sum of variables not below the size of each value."""
    found = []
    for values in groups:
        for value in values:
            size = cp.new_int_var(0, FARTHEST, "")
            cp.add(size >= value)
            cp.add(size >= -value)
            found.append(size)
    return sum(found)
