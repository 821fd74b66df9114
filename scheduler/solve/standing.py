"""The present solution of one unit's model, and the objectives that passes minimise from there, built as they come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from scheduler.solve.bounds import Aim
from scheduler.solve.fairness import MONDAY_AND_FRIDAY, Balance, Group, Lookup, Term, balances
from scheduler.solve.model import Auxiliary, UnitModel
from scheduler.solve.rows import numbers
from scheduler.solve.search import value_in

MOST_THOUSANDTHS = 1000 * 400 * 1000


@dataclass(frozen=True, slots=True)
class Objective:
    """What one pass minimises: coefficient × variable terms, and a bound known beforehand."""

    name: str
    terms: tuple[Term, ...]
    constant: int = 0
    bound: int = 0


class Standing:
    """The best solution so far.

    Attributes
    ----------
    values : of every variable by index.
    """

    def __init__(self, model: UnitModel) -> None:
        self.model = model
        self.values: list[int] = []

    def meets(self, group: Group, aim: Aim) -> bool:
        """Whether a group's turns are as fair as counting allows."""
        return group.spread(self.value_of) <= aim.spread and group.sum_of_sizes(self.value_of) <= aim.cost

    def turns_of(self, group: Group) -> tuple[int, ...]:
        """Return how many turns everybody takes."""
        return tuple(b.held + sum(self.value_of(literal) for literal in b.taken) for b in group.balances)

    def groups(self, kind: str) -> list[tuple[Group, Group]]:
        """Return for each group of turns its balances over all days and over Mondays and Fridays."""
        found = []
        places = self.places()
        for turns in self.model.turns:
            if turns.kind != kind:
                continue
            lookup = Lookup(self.model, turns, numbers.settled_numbers(self.model, turns, places))
            for literals, held, options in lookup.indicators():
                count = held + sum(self.value_of(literal) for literal in literals)
                for number, indicator in options:
                    self._extend(indicator, int(number == count))
            found.append(
                (balances(self.model, turns, lookup), balances(self.model, turns, lookup, MONDAY_AND_FRIDAY))
            )
        return found

    def places(self) -> Sequence[int | None]:
        """Return how many are at home by shortfall where the shortfall pass leaves no choice of it."""
        model = self.model
        least = sum(shortfall.least for shortfall in model.shortfalls)
        if self.worth(Objective("", tuple(model.costs.get("shortfall", ())))) != least:
            return ()
        return [
            number if isinstance(shortfall.excused, int) else None
            for shortfall, number in zip(model.shortfalls, numbers.places(model), strict=True)
        ]

    def spread(self, name: str, groups: Sequence[Group]) -> Objective:
        """Return the sum over groups of most less least balance."""
        terms: list[Term] = []
        bound = 0
        for group in groups:
            if len(group.balances) < 2:
                continue
            values = [balance.value(self.value_of) for balance in group.balances]
            most = self._new_variable(f"{name} most", max(values))
            least = self._new_variable(f"{name} least", min(values))
            members = group.balances
            self.model.auxiliaries += [
                Auxiliary(most, partial(_extreme, max, members)),
                Auxiliary(least, partial(_extreme, min, members)),
            ]
            for balance in group.balances:
                expression = sum_of(balance.terms) + balance.constant
                self.model.cp.add(expression <= most)
                self.model.cp.add(expression >= least)
            terms += [(1, most), (-1, least)]
            bound += aim.spread if (aim := group.aim) else 0
        return Objective(name, tuple(terms), bound=bound)

    def total(self, name: str, groups: Sequence[Group]) -> Objective:
        """Return the sum over groups of absolute balances."""
        terms: list[Term] = []
        bound = 0
        for group in groups:
            for balance in group.balances:
                size = self._new_variable(f"{name} size", abs(balance.value(self.value_of)))
                self.model.auxiliaries.append(Auxiliary(size, partial(_size, balance)))
                expression = sum_of(balance.terms) + balance.constant
                self.model.cp.add(expression <= size)
                self.model.cp.add(-expression <= size)
                terms.append((1, size))
            bound += aim.cost if (aim := group.aim) else 0
        return Objective(name, tuple(terms), bound=bound)

    def costs(self, name: str) -> Objective:
        """Return an objective that is a sum of the model's own costs."""
        terms = tuple(self.model.costs.get(name, ()))
        return Objective(name, terms, bound=sum(weight for weight, truth in terms if truth is True))

    def worth(self, objective: Objective) -> int:
        """Return what an objective is worth."""
        return sum(coefficient * self.value_of(variable) for coefficient, variable in objective.terms)

    def take(self, values: Sequence[int]) -> None:
        """Take a solution for the present one, with every auxiliary variable at its true value."""
        self.values = list(values)
        self.values += [0] * (len(self.model.cp.proto.variables) - len(self.values))
        for auxiliary in self.model.auxiliaries:
            self.values[auxiliary.variable.index] = auxiliary.evaluate(self.value_of)

    def value_of(self, variable: Any) -> int:
        """Return the value of a variable, a negated literal or a constant in the best solution so far."""
        return value_in(variable, self.values)

    def _new_variable(self, name: str, value: int) -> Any:
        variable = self.model.cp.new_int_var(-MOST_THOUSANDTHS, MOST_THOUSANDTHS, name)
        self._extend(variable, value)
        return variable

    def _extend(self, variable: Any, value: int) -> None:
        """Complete the present solution by the value of a new variable, so that hints stay whole."""
        self.values += [0] * (variable.index + 1 - len(self.values))
        self.values[variable.index] = value


def worth_of(terms: Sequence[Term], values: Sequence[int]) -> int:
    """Return what terms come to in a solution."""
    return sum(coefficient * value_in(variable, values) for coefficient, variable in terms)


def sum_of(terms: Sequence[Term]) -> Any:
    """Return terms as an expression of CP-SAT."""
    return sum(coefficient * variable for coefficient, variable in terms)


def _extreme(
    pick: Callable[[Iterable[int]], int], balances: Sequence[Balance], value: Callable[[Any], int]
) -> int:
    return pick(balance.value(value) for balance in balances)


def _size(balance: Balance, value: Callable[[Any], int]) -> int:
    return abs(balance.value(value))
