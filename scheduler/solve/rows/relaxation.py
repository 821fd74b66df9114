"""What of a unit's model is one person's own, and what couples people: read off the CP-SAT model itself.

Constraints over one person's days shape that person's row; linear ones over several people become rows of a
linear programme; whatever is neither is left out. Leaving out only enlarges the set of rosters, so a lower bound
proven here holds for the model (Dantzig and Wolfe, 1960). No rule is named: a new one is read like the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

from scheduler.solve.model import UnitModel
from scheduler.solve.rows.automaton import Own

FAR = 1 << 40
MOST_COUPLINGS = 2000
"""More coupling rows than this are left out, shortest first: the programme would cost more than it tells."""

MOST_TOGETHER = 4
"""Demands on roles are added up for at most so many posts at once."""


class Coupling(NamedTuple):
    """low ≤ Σ coefficient × variable ≤ high, by indices of variables in the CP-SAT model."""

    variables: tuple[int, ...]
    coefficients: tuple[int, ...]
    low: int
    high: int


class Penalty(NamedTuple):
    """What a broken clause of a person's row costs: the objective and the variable that pays."""

    objective: str
    weight: int


@dataclass(slots=True)
class Relaxation:
    """The parts of a model.

    Attributes
    ----------
    cells : (person, day) by the index of the variable "at home".
    own : the hard lines of each person's row.
    soft : clauses of a person's row that a payment lifts, as (line, penalties); a line's own cost is 0.
    couplings : lines over several people and `others`.
    others : least and most value of each further variable that occurs in `couplings`.
    """

    model: UnitModel
    cells: dict[int, tuple[int, int]] = field(default_factory=dict)
    own: dict[int, list[Own]] = field(default_factory=dict)
    soft: dict[int, list[tuple[Own, tuple[Penalty, ...]]]] = field(default_factory=dict)
    couplings: list[Coupling] = field(default_factory=list)
    others: dict[int, tuple[int, int]] = field(default_factory=dict)
    paid: set[int] = field(default_factory=set)

    def costs(self, objective: str) -> tuple[dict[int, int], int]:
        """Return the cost by variable, and the constant, of an objective; what was left out costs its least."""
        found: dict[int, int] = {}
        constant = 0
        for weight, literal in self.model.costs.get(objective, ()):
            if isinstance(literal, bool):
                constant += weight * literal
                continue
            index, sign = _plain(literal.index)
            constant += weight if sign < 0 else 0
            if index in self.cells or index in self.others:
                found[index] = found.get(index, 0) + sign * weight
            else:
                least, most = _domain(self.model, index)
                constant += min(sign * weight * least, sign * weight * most)
        return found, constant


def relax(model: UnitModel, *, is_filled: bool = True) -> Relaxation:
    """Return the parts of a model.

    Parameters
    ----------
    is_filled : leave out what shortfalls cost; how many are at home each day is said otherwise (`numbers`).
    """
    return _Reader(model, is_filled=is_filled).read()


def merged(lines: Sequence[Coupling]) -> list[Coupling]:
    """Return one line for all those with the same terms, the longest first; at most `MOST_COUPLINGS`."""
    found: dict[tuple[tuple[int, ...], tuple[int, ...]], tuple[int, int]] = {}
    for line in lines:
        key = (line.variables, line.coefficients)
        if (variables := tuple(sorted(line.variables))) != line.variables:
            coefficient = dict(zip(line.variables, line.coefficients, strict=True))
            key = (variables, tuple(map(coefficient.__getitem__, variables)))
        low, high = found.get(key, (-FAR, FAR))
        found[key] = (max(low, line.low), min(high, line.high))
    kept = [Coupling(*key, *ends) for key, ends in found.items()]
    kept.sort(key=lambda line: -len(line.variables))
    return kept[:MOST_COUPLINGS]


def _plain(index: int) -> tuple[int, int]:
    return (index, 1) if index >= 0 else (-index - 1, -1)


def _domain(model: UnitModel, index: int) -> tuple[int, int]:
    domain = list(model.cp.proto.variables[index].domain)  # OR-Tools' own sequence misreads negative indices
    return domain[0], domain[-1]


class _Reader:
    def __init__(self, model: UnitModel, *, is_filled: bool) -> None:
        self.found = Relaxation(model)
        count = len(model.cp.proto.variables)
        self.owner = [-1] * count
        self.day = [-1] * count
        self.found.cells = dict(model.cells)
        for index, (i, k) in model.cells.items():
            self.owner[index], self.day[index] = i, k
        self.priced: dict[int, list[Penalty]] = {}
        for objective, terms in model.costs.items():
            if is_filled and objective == "shortfall":
                continue
            for weight, literal in terms:
                if not isinstance(literal, bool) and literal.index >= 0:
                    self.priced.setdefault(literal.index, []).append(Penalty(objective, weight))
        self.uses: dict[int, int] = {}
        self.implied: dict[int, int] = {}
        self.tightened: dict[int, tuple[int, int]] = {}
        self.exclusive: dict[int, int] = {}
        self.roles = {
            truth.index
            for names in model.roles_offered().values()
            for truth in names.values()
            if not isinstance(truth, bool)
        }
        self.softly: list[tuple[int, int, Own]] = []
        self.waiting: list[Coupling] = []

    def read(self) -> Relaxation:
        for kind, enforced, literals, coefficients, domain in self.found.model.written():
            if kind == "bool_or":
                self._clause([*literals, *(-e - 1 for e in enforced)] if enforced else literals)
            elif kind == "bool_and":
                for literal in literals:
                    self._clause([literal, *(-e - 1 for e in enforced)])
            elif kind == "linear" and not enforced:
                self._linear(literals, coefficients, domain)
            elif kind == "at_most_one":
                for literal in literals:
                    self.exclusive[literal] = literals[0]
        for variable, person, line in self.softly:
            if self.uses[variable] == 1 and all(penalty.weight > 0 for penalty in self.priced[variable]):
                self.found.soft.setdefault(person, []).append((line, tuple(self.priced[variable])))
        for coupling in [*self.waiting, *self._joint_demands()]:
            self._couple(coupling)
        self.found.couplings = merged(self.found.couplings)
        return self.found

    def _clause(self, literals: Sequence[int]) -> None:
        """Sort a clause: of one row, of one row but for a payment, an implication of a role, or of several people."""
        owner, person, strange = self.owner, -1, []
        for literal in literals:
            variable = literal if literal >= 0 else -literal - 1
            who = owner[variable]
            if who < 0:
                strange.append(literal)
                if variable in self.priced:
                    self.uses[variable] = self.uses.get(variable, 0) + 1
            elif person in (-1, who):
                person = who
            else:
                self._wait(literals, (1,) * len(literals), 1, FAR)
                return
        if not strange and person >= 0:
            self.found.own.setdefault(person, []).append(self._own_clause(literals))
        elif len(strange) == 1 and strange[0] >= 0 and strange[0] in self.priced and person >= 0:
            line = self._own_clause([literal for literal in literals if literal != strange[0]])
            self.softly.append((strange[0], person, line))
        elif len(strange) == 1 and strange[0] < 0 and len(literals) == 2:
            self.implied[-strange[0] - 1] = next(literal for literal in literals if literal != strange[0])
        elif len(strange) < len(literals):
            self._wait(literals, (1,) * len(literals), 1, FAR)

    def _own_clause(self, literals: Sequence[int]) -> Own:
        low, terms = 1, []
        for literal in literals:
            if literal >= 0:
                terms.append((self.day[literal], 1))
            else:
                terms.append((self.day[-literal - 1], -1))
                low -= 1
        terms.sort()
        return tuple(terms), low, FAR, 0

    def _linear(self, variables: Sequence[int], coefficients: Sequence[int], bounds: Sequence[int]) -> None:
        if len(bounds) != 2:
            return
        low, high = max(bounds[0], -FAR), min(bounds[1], FAR)
        if self.priced:
            for variable in variables:
                if variable in self.priced or -variable - 1 in self.priced:
                    self.uses[_plain(variable)[0]] = self.uses.get(_plain(variable)[0], 0) + 1
        if (
            len(variables) == 1
            and coefficients[0] == 1
            and variables[0] >= 0
            and self.owner[variables[0]] < 0
        ):
            least, most = self.tightened.get(variables[0], (-FAR, FAR))
            self.tightened[variables[0]] = (max(least, low), min(most, high))
            return
        people = {self.owner[v if v >= 0 else -v - 1] for v in variables}
        if len(people) == 1 and -1 not in people:
            merged: dict[int, int] = {}
            for index, coefficient in zip(variables, coefficients, strict=True):
                variable, sign = _plain(index)
                merged[variable] = merged.get(variable, 0) + sign * coefficient
                if sign < 0:
                    low, high = low - coefficient, high - coefficient
            terms = tuple(sorted((self.day[variable], c) for variable, c in merged.items() if c))
            if terms:
                self.found.own.setdefault(people.pop(), []).append((terms, low, high, 0))
        else:
            self._wait(variables, coefficients, low, high)

    def _wait(self, literals: Sequence[int], coefficients: Sequence[int], low: int, high: int) -> None:
        if min(literals) >= 0 and len(set(literals)) == len(literals):
            self.waiting.append(Coupling(tuple(literals), tuple(coefficients), low, high))
            return
        merged: dict[int, int] = {}
        for index, coefficient in zip(literals, coefficients, strict=True):
            variable, sign = _plain(index)
            merged[variable] = merged.get(variable, 0) + sign * coefficient
            if sign < 0:
                low, high = low - coefficient, high - coefficient
        self.waiting.append(Coupling(tuple(merged), tuple(merged.values()), low, high))

    def _joint_demands(self) -> Iterator[Coupling]:
        """Yield what roles that exclude each other demand together: of each person one (Hall, 1935).

        For every few lines "so many of these roles" that share a person, their sum with one role a person.
        """
        lines = [
            line
            for line in self.waiting
            if line.low > 0
            and all(c == 1 for c in line.coefficients)
            and all(self.owner[v] < 0 and v not in self.priced for v in line.variables)
        ]
        users: dict[int, set[int]] = {}
        for n, line in enumerate(lines):
            for variable in line.variables:
                if variable in self.exclusive:
                    users.setdefault(self.exclusive[variable], set()).add(n)
        groups = {tuple(sorted(numbers)) for numbers in users.values() if len(numbers) > 1}
        together = {
            subset
            for numbers in groups
            for size in range(2, min(len(numbers), MOST_TOGETHER) + 1)
            for subset in combinations(numbers, size)
        }
        for subset in sorted(together):
            one: dict[int, int] = {}
            for n in subset:
                for variable in lines[n].variables:
                    one.setdefault(self.exclusive.get(variable, variable), variable)
            yield Coupling(tuple(one.values()), (1,) * len(one), sum(lines[n].low for n in subset), FAR)

    def _couple(self, line: Coupling) -> None:
        """Keep a line over several people, with every variable that is neither theirs nor paid for at its best.

        A role is at most the literal that it implies; other free variables are at their bound.
        """
        if all(line.coefficients) and min(map(self.owner.__getitem__, line.variables)) >= 0:
            self._keep_owned(line)
            return
        strange = any(self.owner[v] < 0 and v not in self.priced for v in line.variables)
        sides = ((line.low, 1), (line.high, -1)) if strange else ((None, 0),)
        for bound, side in sides:
            if side and abs(bound or 0) >= FAR // 2:
                continue
            terms: dict[int, int] = {}
            low, high = (
                (line.low, line.high) if not side else (bound or 0, FAR) if side > 0 else (-FAR, bound or 0)
            )
            for variable, coefficient in zip(line.variables, line.coefficients, strict=True):
                if self.owner[variable] >= 0 or variable in self.priced:
                    terms[variable] = terms.get(variable, 0) + coefficient
                    continue
                helps = coefficient * side > 0
                if helps and variable in self.implied:
                    target, sign = _plain(self.implied[variable])
                    terms[target] = terms.get(target, 0) + sign * coefficient
                    best = coefficient if sign < 0 else 0
                else:
                    least, most = self._bounds(variable)
                    best = coefficient * (most if helps else least)
                low, high = low - best, high - best
            self._keep({v: c for v, c in terms.items() if c}, low, high)

    def _keep_owned(self, line: Coupling) -> None:
        """Keep a line of whose variables each is a day of somebody, but for what holds anyhow."""
        most = sum(c for c in line.coefficients if c > 0)
        least = sum(line.coefficients) - most
        if least < line.low or most > line.high:
            self.found.couplings.append(line._replace(low=max(line.low, -FAR), high=min(line.high, FAR)))

    def _keep(self, terms: dict[int, int], low: int, high: int) -> None:
        least = most = 0
        for variable, coefficient in terms.items():
            down, up = (0, 1) if self.owner[variable] >= 0 else self._bounds(variable)
            least += min(coefficient * down, coefficient * up)
            most += max(coefficient * down, coefficient * up)
        if (least >= low and most <= high) or not any(self.owner[v] >= 0 for v in terms):
            return
        for variable in terms:
            if self.owner[variable] < 0:
                self.found.others[variable] = self._bounds(variable)
        self.found.couplings.append(
            Coupling(tuple(terms), tuple(terms.values()), max(low, -FAR), min(high, FAR))
        )

    def _bounds(self, variable: int) -> tuple[int, int]:
        least, most = (0, 1) if variable in self.roles else _domain(self.found.model, variable)
        low, high = self.tightened.get(variable, (-FAR, FAR))
        return max(least, low), min(most, high)
