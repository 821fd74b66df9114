"""What counting allows before any search: how fair turns can be, and the turns that everybody takes then.

Each person's least and most turns come from their lawful rows (`graph.turns_possible`), so pins, leave and stints
are counted in. Home places are taken to be filled as far as they can be: where they are, the bounds hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scheduler.constraints.base import Turns
from scheduler.solve.bounds import Range, Window, even_windows, fairest_windows
from scheduler.solve.fairness import MONDAY_AND_FRIDAY, Group, Lookup, balances
from scheduler.solve.model import UnitModel
from scheduler.solve.rows.graph import Whole
from scheduler.solve.rows.numbers import settled_numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """One group: its people in the order of its balances, over all days and over Mondays and Fridays.

    Attributes
    ----------
    own : the people whose rows count these turns. Who takes turns in several groups, on different days for instance,
        has a row that counts those of one: what the others ask of them is left out of whole rows.
    """

    turns: Turns
    people: tuple[int, ...]
    own: frozenset[int]
    everyday: Group
    border: Group


@dataclass(frozen=True, slots=True, kw_only=True)
class Fairest:
    """The least spread and sum of balances by counting, and the windows in which they are reached."""

    spread: int
    total: int
    windows: tuple[Window, ...]


def shares(model: UnitModel, kind: str, places: Sequence[int | None] = ()) -> list[Shares] | None:
    """Return the groups of a kind, or None where the number of turns of some day is left to the search.

    Parameters
    ----------
    places : how many are at home, by index among the model's shortfalls, where that is settled.
    """
    found = []
    groups = [turns for turns in model.turns if turns.kind == kind]
    main = _main_groups(groups)
    for g, turns in enumerate(groups):
        numbers = settled_numbers(model, turns, places)
        if any(people and k not in numbers and _is_open(turns, k) for k, people in enumerate(turns.eligible)):
            return None
        lookup = Lookup(model, turns, numbers)
        people = tuple(sorted({i for group in turns.eligible for i in group}))
        found.append(
            Shares(
                turns=turns,
                people=people,
                own=frozenset(i for i in people if main[i] == g),
                everyday=balances(model, turns, lookup),
                border=balances(model, turns, lookup, MONDAY_AND_FRIDAY),
            )
        )
    return found


def _main_groups(groups: Sequence[Turns]) -> dict[int, int]:
    """Return for each person the number of the group in which they are eligible most often, the first of several."""
    days: dict[int, list[int]] = {}
    for g, turns in enumerate(groups):
        for people in turns.eligible:
            for i in people:
                days.setdefault(i, [0] * len(groups))[g] += 1
    return {i: counts.index(max(counts)) for i, counts in days.items()}


def _is_open(turns: Turns, k: int) -> bool:
    return any(not isinstance(turns.taken[i, k], bool) for i in turns.eligible[k])


def fairest_of(group: Group, ranges: Sequence[tuple[int, int] | None]) -> Fairest | None:
    """Return what counting allows in a group; None where its turns cannot be shared out at all.

    Parameters
    ----------
    ranges : for each balance the least and most turns still open, or None for as many as there are.
    """
    found = fairest_windows(people_of(group, ranges), group.total or 0)
    if found is None:
        return None
    aim, windows = found
    return Fairest(spread=aim.spread, total=aim.cost, windows=open_windows(group, windows))


def evenest_of(group: Group, ranges: Sequence[tuple[int, int] | None]) -> Fairest | None:
    """Return the least spread alone, and every window in which it is reached."""
    found = even_windows(people_of(group, ranges), group.total or 0)
    return None if found is None else Fairest(spread=found[0], total=0, windows=open_windows(group, found[1]))


def people_of(group: Group, ranges: Sequence[tuple[int, int] | None]) -> list[Range]:
    """Return a group's people for counting."""
    people = []
    for balance, given in zip(group.balances, ranges, strict=True):
        least, most = given if given is not None else (0, len(balance.taken))
        offset = balance.turns.offset if balance.turns is not None else 0
        people.append(Range(offset, balance.held + least, balance.held + most))
    return people


def open_windows(group: Group, windows: Sequence[Window]) -> tuple[Window, ...]:
    """Return windows that count only the turns still open, not those settled."""
    held = [balance.held for balance in group.balances]
    return tuple(
        Window(
            window.low,
            tuple(n - h for n, h in zip(window.least, held, strict=True)),
            tuple(n - h for n, h in zip(window.most, held, strict=True)),
        )
        for window in windows
    )


def hull(windows: Sequence[Window]) -> tuple[list[int], list[int]]:
    """Return everybody's least and most turns over all windows."""
    return (
        [min(ns) for ns in zip(*(w.least for w in windows), strict=True)],
        [max(ns) for ns in zip(*(w.most for w in windows), strict=True)],
    )


def exactly(group: Group, turns: Sequence[int]) -> Window:
    """Return the window in which everybody takes just so many turns."""
    return open_windows(group, [Window(0, tuple(turns), tuple(turns))])[0]


def constrain(cp: Any, group: Group, window: Window) -> None:
    """Demand that everybody's turns are within the window."""
    for balance, least, most in zip(group.balances, window.least, window.most, strict=True):
        if balance.taken and (least > 0 or most < len(balance.taken)):
            cp.add_linear_constraint(sum(balance.taken), least, most)


def ranges_of(
    shares: Shares, group: Group, position: dict[int, int], least: Whole, most: Whole
) -> list[tuple[int, int] | None]:
    """Return the open turns of each of a group's people, from arrays by row of the graph; None where no row tells.

    Parameters
    ----------
    group : of `shares`, over all days or over Mondays and Fridays.
    """
    return [
        (int(least[position[i]]), int(most[position[i]]))
        if i in position and i in shares.own and balance.taken
        else None
        for i, balance in zip(shares.people, group.balances, strict=True)
    ]
