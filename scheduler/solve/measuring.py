"""What a solution is worth in the fairness of turns, told without a variable: for searches that are over.

The numbers at home are those of the solution, so that balances are sums; a bound by counting is told only where the
numbers are settled whatever is chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from scheduler.constraints.base import Turns
from scheduler.solve.fairness import MONDAY_AND_FRIDAY, Group, Lookup, balances
from scheduler.solve.model import UnitModel


def numbers_taken(turns: Turns, value: Callable[[Any], int]) -> dict[int, int]:
    """Return how many take the turn each day in a solution; `value` tells a variable's value."""
    return {k: sum(value(turns.taken[i, k]) for i in people) for k, people in enumerate(turns.eligible)}


def measure_turns(
    model: UnitModel, value: Callable[[Any], int], settled: Callable[[Turns], Mapping[int, int]]
) -> dict[str, tuple[int, int]]:
    """Return the value of each fairness objective and its bound by counting, 0 where none is known.

    Parameters
    ----------
    settled : tells how many take a turn on those days on which no choice is left.
    """
    everyday: dict[str, list[tuple[Group, bool]]] = {"home": [], "role": []}
    border: list[tuple[Group, bool]] = []
    for turns in model.turns:
        known = settled(turns)
        is_settled = all(
            k in known or all(isinstance(turns.taken[i, k], bool) for i in people)
            for k, people in enumerate(turns.eligible)
        )
        lookup = Lookup(model, turns, {**numbers_taken(turns, value), **known})
        everyday[turns.kind].append((balances(model, turns, lookup), is_settled))
        if turns.kind == "home":
            border.append((balances(model, turns, lookup, MONDAY_AND_FRIDAY), is_settled))
    return {
        "fairness_spread": _spread(everyday["home"], value),
        "fairness_total": _total(everyday["home"], value),
        "role_spread": _spread(everyday["role"], value),
        "role_total": _total(everyday["role"], value),
        "monday_friday": _spread(border, value),
    }


def _spread(groups: Sequence[tuple[Group, bool]], value: Callable[[Any], int]) -> tuple[int, int]:
    reached = bound = 0
    for group, is_settled in groups:
        reached += group.spread(value)
        bound += aim.spread if is_settled and (aim := group.aim) else 0
    return reached, bound


def _total(groups: Sequence[tuple[Group, bool]], value: Callable[[Any], int]) -> tuple[int, int]:
    reached = bound = 0
    for group, is_settled in groups:
        reached += group.sum_of_sizes(value)
        bound += aim.cost if is_settled and (aim := group.aim) else 0
    return reached, bound
