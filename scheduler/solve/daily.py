"""The changes of a replanning day by day: what each person-day was, and the fewest that each day needs by counting.

Whoever is gone from a home place or a post is replaced by somebody; what so few changes leave to choose is told too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scheduler.roster import HOME, OFFICE
from scheduler.solve.model import UnitModel
from scheduler.solve.rows.numbers import most_excused, places

Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Cells:
    """What person-days were.

    Attributes
    ----------
    at_home : whether the person was at home, for each person-day that may change and would then count as changed.
    turned : those of them that cannot stay, as pins or rules settle them the other way.
    """

    at_home: dict[Cell, bool]
    turned: frozenset[Cell]


def read_cells(model: UnitModel, fixed: Mapping[int, bool]) -> Cells:
    """Return what person-days were; `fixed` are variables that a pin or a rule settles, with their values."""
    at_home: dict[Cell, bool] = {}
    turned = set()
    replaced, offered = model.replaced, model.roles_offered()
    assert replaced is not None
    for (i, k), now in model._home.items():
        person_id, day = model.people[i].id, model.days[k]
        before = replaced.status(person_id, day)
        if before not in (HOME, OFFICE) or (day < replaced.before and model.is_frozen(i, k)):
            continue
        was_home = before == HOME
        is_gone = isinstance(now, bool) and now != was_home
        held = replaced.roles(person_id, day)
        if is_gone or (held and not held <= offered.get((i, k), {}).keys()):
            continue
        at_home[i, k] = was_home
        if not isinstance(now, bool) and fixed.get(now.index, was_home) != was_home:
            turned.add((i, k))
    return Cells(at_home, frozenset(turned))


@dataclass(slots=True)
class Day:
    """The least changes of one day.

    Attributes
    ----------
    sent, called : people who must newly be at home, and newly be at the office.
    posted : people who must newly hold a post, at the office.
    """

    sent: int = 0
    called: int = 0
    posted: int = 0

    @property
    def least(self) -> int:
        """The fewest changes; whoever newly takes a post may be one of those called to the office."""
        return self.sent + max(self.called, self.posted)


@dataclass(frozen=True, slots=True)
class Together:
    """Days that cannot all keep to their least: together they need `more`. A day alone needs none more."""

    days: frozenset[int]
    more: int = 0


def stays(day: Day, *, was_home: bool) -> bool:
    """Whether nobody who was there leaves, on a day with no change beyond the least."""
    return day.least == 0 or (day.called == day.posted == 0 if was_home else day.sent == 0)


def least_by_day(model: UnitModel, cells: Cells) -> list[Day]:
    """Return the fewest changes of each day where no home place is empty beyond the least, by counting."""
    days = [Day() for _ in model.days]
    counted: set[Cell] = set()
    homes = {turns.name: turns for turns in model.turns if turns.kind == "home"}
    for shortfall, number in zip(model.shortfalls, places(model), strict=True):
        if number is None or shortfall.rule is None:
            continue
        turns, k = homes[shortfall.rule.label], shortfall.day
        group = {(i, k) for i in turns.eligible[k]}
        if group & counted:  # somebody of two quotas would be counted twice
            continue
        counted |= group
        held = stayed = free = sent = called = 0
        for cell in group:
            truth = turns.taken[cell]
            if cell in cells.turned:
                called += cells.at_home[cell]
                sent += not cells.at_home[cell]
            if isinstance(truth, bool):
                held += truth
            elif cell in cells.at_home:
                stayed += cells.at_home[cell]
            else:
                free += 1
        empty = number - most_excused(shortfall) - held - stayed - free
        # On a day that is past for all but a few, too many at home are nobody's fault any more.
        surplus = 0 if _is_past(model, k) else held + stayed - number
        days[k].sent += sent + max(0, empty)
        days[k].called += called + max(0, surplus)
    for cell in cells.turned - counted:
        if cells.at_home[cell]:
            days[cell[1]].called += 1
        else:
            days[cell[1]].sent += 1
    for k, day in enumerate(days):
        day.posted = 0 if _is_past(model, k) else _newly_posted(model, cells, k)
    return days


def _is_past(model: UnitModel, k: int) -> bool:
    return model.replaced is not None and model.days[k] < model.replaced.before


def _newly_posted(model: UnitModel, cells: Cells, k: int) -> int:
    """Return how many must newly hold one of the day's posts: at the office, so that they are none of those sent home."""
    missing, is_one_each = [], True
    for turns in model.turns:
        if turns.kind != "role" or not turns.numbers or (number := turns.numbers[k]) is None:
            continue
        officers = [i for i in turns.eligible[k] if turns.taken[i, k] is not False]
        if any((i, k, turns.name) not in model._on_site for i in officers):
            continue
        new = sum((i, k) in cells.at_home and not _held_before(model, i, k, turns.name) for i in officers)
        if (needed := number - (len(officers) - new)) > 0:
            missing.append(needed)
            is_one_each &= all(turns.name in model._exclusive.get((i, k), ()) for i in officers)
    return sum(missing) if is_one_each else max(missing)


def _held_before(model: UnitModel, i: int, k: int, name: str) -> bool:
    return model.replaced is not None and name in model.replaced.roles(model.people[i].id, model.days[k])


def staying(
    model: UnitModel, cells: Cells, days: Sequence[Day], groups: Sequence[Together]
) -> Iterator[tuple[int, bool]]:
    """Yield the variables that keep their value in every roster with the fewest changes, with that value."""
    offered = model.roles_offered()
    loose = frozenset[int]().union(*(group.days for group in groups if group.more))
    kept = [(stays(day, was_home=False), stays(day, was_home=True)) for day in days]
    for cell, was_home in cells.at_home.items():
        i, k = cell
        if not kept[k][was_home] or cell in cells.turned or k in loose:
            continue
        home = model._home[cell]
        if not isinstance(home, bool):
            yield home.index, was_home
        if days[k].least == 0:
            for name, truth in offered.get(cell, {}).items():
                if not isinstance(truth, bool):
                    yield truth.index, _held_before(model, i, k, name)


def more_by_day(model: UnitModel, attempt: Any, cells: Cells, days: Sequence[Day]) -> dict[int, Any]:
    """Return, for each day, a variable that is at least its changes beyond the least.

    What is settled, where the model is seen so, is counted as it is.
    """
    offered = model.roles_offered()
    changed: dict[int, list[Any]] = {}
    odd: dict[int, list[Any]] = {}
    for (i, k), was_home in cells.at_home.items():
        home = model.home(i, k)
        moved: list[Any] = []
        if home is (not was_home):
            moved = [1]
        elif not isinstance(home, bool):
            moved = [~home if was_home else home]
        if moved and (i, k) not in cells.turned and stays(days[k], was_home=was_home):
            odd.setdefault(k, []).append(moved[0])
        if home is (not was_home):
            changed.setdefault(k, []).extend(moved)
            continue
        for name, truth in offered.get((i, k), {}).items():
            if not isinstance(truth, bool):
                moved.append(~truth if _held_before(model, i, k, name) else truth)
        if len(moved) > 1:
            anything = attempt.new_bool_var("")
            for literal in moved:
                attempt.add_implication(literal, anything)
            moved = [anything]
        if moved:
            changed.setdefault(k, []).extend(moved)
    more = {}
    for k, literals in changed.items():
        more[k] = attempt.new_int_var(0, len(literals), "")
        attempt.add(sum(literals) <= more[k] + days[k].least)
        # Implied; said so that a day without one more settles them at once.
        attempt.add(sum(odd.get(k, ())) <= more[k])
    return more
