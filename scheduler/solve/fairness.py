"""Balances as linear expressions over the model: what each person takes of the turns less what is due.

On a day with H takers among n eligible people each is due H/n of a turn, in thousandths by largest remainder
(CONTRACT, "Fairness"). Where H is settled, what is due is a number; else it is looked up by H.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scheduler.constraints.base import Truth, Turns
from scheduler.solve.bounds import Aim, Range, fairest
from scheduler.solve.model import UnitModel

Term = tuple[int, Any]

MONDAY_AND_FRIDAY = (0, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """One person's balance in thousandths: `constant` + the sum of coefficient × variable.

    `turns` bounds the balance where the turns of every day are settled in number; else it is None. `taken` are
    the turns that this person may take, and `held` how many are settled to be taken.
    """

    constant: int
    terms: tuple[Term, ...]
    turns: Range | None
    taken: tuple[Any, ...]
    held: int

    def value(self, value: Callable[[Any], int]) -> int:
        """Return the balance in a solution; `value` tells a variable's."""
        return self.constant + sum(coefficient * value(variable) for coefficient, variable in self.terms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The balances of one group; `total` is the number of its turns where that is settled, else None."""

    balances: tuple[Balance, ...]
    total: int | None

    @property
    def aim(self) -> Aim | None:
        """The fairest sharing out by counting, where the number of turns is settled."""
        if self.total is None:
            return None
        return fairest([balance.turns for balance in self.balances if balance.turns is not None], self.total)

    def spread(self, value: Callable[[Any], int]) -> int:
        """Return the most less the least balance in a solution."""
        values = [balance.value(value) for balance in self.balances] or [0]
        return max(values) - min(values)

    def sum_of_sizes(self, value: Callable[[Any], int]) -> int:
        """Return the sum of absolute balances in a solution."""
        return sum(abs(balance.value(value)) for balance in self.balances)


class Lookup:
    """Remembers for each group and day the number of takers and, where it varies, its indicators."""

    def __init__(self, model: UnitModel, turns: Turns, settled: Mapping[int, int]) -> None:
        self.model = model
        self.turns = turns
        self.number: list[int | list[tuple[int, Any]]] = [
            self._number(k, people, settled.get(k)) for k, people in enumerate(turns.eligible)
        ]

    def _number(self, k: int, people: Sequence[int], settled: int | None) -> int | list[tuple[int, Any]]:
        """Return how many take a turn on day k, or (number, indicator) pairs."""
        literals, held = self._taken(k, people)
        if settled is not None:
            return settled
        if not literals:
            return held
        options = [
            (held + n, self.model.cp.new_bool_var(f"{self.turns.name} {held + n} on {k}"))
            for n in range(len(literals) + 1)
        ]
        self.model.cp.add_exactly_one(indicator for _, indicator in options)
        self.model.cp.add(sum(n * indicator for n, indicator in options) == sum(literals) + held)
        return options

    def _taken(self, k: int, people: Sequence[int]) -> tuple[list[Any], int]:
        truths = [self.turns.taken[i, k] for i in people]
        return [t for t in truths if not isinstance(t, bool)], sum(t for t in truths if isinstance(t, bool))

    def indicators(self) -> list[tuple[list[Any], int, list[tuple[int, Any]]]]:
        """Return (literals, held, options) for each day whose number varies, to complete hints."""
        found = []
        for k, number in enumerate(self.number):
            if isinstance(number, list):
                literals, held = self._taken(k, self.turns.eligible[k])
                found.append((literals, held, number))
        return found


def due(number: int, size: int, position: int, ordinal: int) -> int:
    """Return the thousandths due to the person at `position` of `size` eligible when `number` take a turn."""
    base, rest = 1000 * number // size, 1000 * number % size
    return base + 1 if (position - ordinal) % size < rest else base


def balances(model: UnitModel, turns: Turns, lookup: Lookup, weekdays: Sequence[int] | None = None) -> Group:
    """Return each eligible person's balance, over all days or only those of `weekdays` (Monday 0)."""
    taken: dict[int, list[Truth]] = {}
    owed: dict[int, int] = {}
    looked_up: dict[int, list[Term]] = {}
    is_settled, total = True, 0
    everybody = sorted({i for people in turns.eligible for i in people})
    for k, people in enumerate(turns.eligible):
        if not people or (weekdays is not None and model.days[k].weekday() not in weekdays):
            continue
        number, ordinal = lookup.number[k], model.days[k].toordinal()
        if isinstance(number, int):
            total += number
        else:
            is_settled = False
        for position, i in enumerate(people):
            taken.setdefault(i, []).append(turns.taken[i, k])
            if isinstance(number, int):
                owed[i] = owed.get(i, 0) + due(number, len(people), position, ordinal)
            else:
                looked_up.setdefault(i, []).extend(
                    (-due(n, len(people), position, ordinal), indicator) for n, indicator in number
                )
    found = []
    for i in everybody:
        truths = taken.get(i, [])
        literals = [t for t in truths if not isinstance(t, bool)]
        held = sum(t for t in truths if isinstance(t, bool))
        offset = carried(model, turns, i, weekdays is not None) - owed.get(i, 0)
        terms = tuple((1000, literal) for literal in literals) + tuple(looked_up.get(i, ()))
        bounds = Range(offset, held, held + len(literals)) if is_settled else None
        found.append(
            Balance(
                constant=offset + 1000 * held, terms=terms, turns=bounds, taken=tuple(literals), held=held
            )
        )
    return Group(balances=tuple(found), total=total if is_settled else None)


def carried(model: UnitModel, turns: Turns, person: int, at_border: bool) -> int:
    """Return what the ledger brings of a person's turns, over all days or over Mondays and Fridays."""
    entry = model.unit.carried(model.people[person])
    if turns.kind == "role":
        return 0 if at_border else entry.role_balances.get(turns.name, 0)
    return entry.monday_friday_balance if at_border else entry.balance
