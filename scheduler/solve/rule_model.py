"""What one unit's rules demand, as a CP-SAT model: one Boolean per free person-day and per role offered.

Settled days are constants. Rules see it as `scheduler.constraints.model.Model`; what is known before they build is in
`frame`, what is minimised in `model`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ortools.sat.python import cp_model

from scheduler.constraints.base import Instance, Truth, Turns
from scheduler.problem import Unit
from scheduler.roster import Replaced
from scheduler.solve.costs import Auxiliary, Value
from scheduler.solve.frame import Cell, Frame, split
from scheduler.solve.lines import Lines, can_be_summed
from scheduler.solve.search import BOOLEAN

HOLDS, FAILS = "holds", "fails"
"""What stands for a literal in the text of a row where there is nothing to choose."""


class RuleModel(Frame):
    """The truths of one unit and what its rules demand of them.

    Attributes
    ----------
    turns : the groups that take turns.
    asked : for each key of `widened` the least bound that a rule asked for.
    cells : (person, day) by the index of the variable "at home", of those that are left to choose.
    """

    def __init__(self, unit: Unit, attained: Mapping[str, int] | None, replaced: Replaced | None) -> None:
        super().__init__(unit, replaced)
        self.turns: list[Turns] = []
        self.asked: dict[str, int] = {}
        self.cells: dict[int, Cell] = {}
        self._cp = cp_model.CpModel()
        self._lines = Lines(self._cp)
        self._attained = dict(attained or {})
        self._soft: list[tuple[int, Auxiliary]] = []
        self._limits: list[tuple[frozenset[int], int]] = []
        self._called: dict[int, list[Any]] = {}

    def _build(self) -> None:
        self._offer_roles()
        self._settle()
        self._create()
        self.cells = {
            truth.index: cell
            for cell, truth in self._home.items()
            if truth is not True and truth is not False
        }
        self._bind_roles()
        self._bind_fixes()
        for rule in self.unit.rules:
            self._rule = rule
            rule.build(self)  # type: ignore[arg-type]  # what is minimised comes with `UnitModel`
        self._rule = None
        self._lines.flush()

    # What the frame is made of ----------------------------------------------------------------------------------

    def new_truth(self, name: str) -> Truth:
        """Return a truth, free until it is bound."""
        return self._cp.new_int_var_from_domain(BOOLEAN, name)

    def _new_truths(self, number: int) -> Sequence[Truth]:
        return self._lines.booleans(number)

    def _exclude(self, first: Truth, other: Truth) -> None:
        self._lines.implication(first.index, -other.index - 1)

    def _at_most_one(self, truths: Sequence[Truth]) -> None:
        self._lines.at_most_one([truth.index for truth in truths])

    def _equate(self, truth: Truth, value: bool) -> None:
        self._lines.total([truth.index], int(value), int(value))

    def _called_by(self, duties: Sequence[Truth]) -> Truth:
        called = self._cp.new_bool_var("called")
        self._lines.flush()
        self._cp.add_max_equality(called, duties)
        self._called[called.index] = list(duties)
        return called

    def _bind_fixes(self) -> None:
        for rule, i, k, instance in self._unsettled_fixes:
            self._rule = rule
            home = instance.facts["status"] == "home"
            truth = self.home(i, k) if home else self.negate(self.home(i, k))
            self.clause([truth, *(self._duties_offered(i, k) if rule.gives_way_to_roles else ())], instance)

    def any_of(self, truths: Iterable[Truth]) -> Truth:
        """Return the truth that holds exactly where one of `truths` does."""
        literals, held = split(truths)
        if held or not literals:
            return bool(held)
        if len(literals) == 1:
            return literals[0]
        met = self.new_truth("any")
        indices = [literal.index for literal in literals]
        self._lines.clause([-met.index - 1, *indices])
        for index in indices:
            self._lines.implication(index, met.index)
        return met

    def reached(self, truths: Iterable[Truth], number: int) -> Truth:
        """Return the truth that holds exactly where at least `number` of `truths` do, so that wishes are told by it."""
        literals, held = split(truths)
        if number <= held or number > held + len(literals):
            return number <= held
        met = self.new_truth("reached")
        self._lines.flush()
        self._cp.add(sum(literals) >= number - held).only_enforce_if(met)
        self._cp.add(sum(literals) < number - held).only_enforce_if(~met)
        return met

    # What rules demand ------------------------------------------------------------------------------------------

    def at_least(self, truths: Iterable[Truth], number: int, instance: Instance) -> None:
        """Demand that at least `number` of `truths` hold."""
        literals, held = split(truths)
        need, weight = number - held, self._weight("under")
        if weight is None and self._is_past(instance):
            need = min(need, len(literals))
        if need <= 0:
            return
        if weight is not None:
            missing = self._cp.new_int_var(0, need, "missing")
            self._sum([*literals, missing], least=need)
            self._soften(weight, missing, lambda value: max(0, need - sum(map(value, literals))))
        elif literals:
            self._sum(literals, least=need)
        else:
            self.conflicts.append((instance, instance))

    def at_most(self, truths: Iterable[Truth], number: int, instance: Instance) -> None:
        """Demand that at most `number` of `truths` hold."""
        literals, held = split(truths)
        room, weight = number - held, self._weight("over")
        if weight is None and self._is_past(instance):
            room = max(room, 0)
        if room >= len(literals):
            return
        if weight is not None:
            surplus = self._cp.new_int_var(max(0, -room), len(literals) + held, "surplus")
            self._lines.flush()
            self._cp.add(sum(literals) - surplus <= room)
            self._soften(weight, surplus, lambda value: max(0, sum(map(value, literals)) - room))
        else:
            if room >= 0:
                self._limits.append((frozenset(literal.index for literal in literals), room))
            if literals:
                self._sum(literals, most=room)
            else:
                self.conflicts.append((instance, instance))

    def clause(self, truths: Iterable[Truth], instance: Instance) -> None:
        """Demand that one of `truths` holds."""
        literals, held = split(truths)
        weight = self._weight("")
        if held or (not literals and weight is None and self._is_past(instance)):
            return
        if weight is not None:
            broken = self._cp.new_bool_var("broken")
            self._lines.clause([literal.index for literal in [*literals, broken]])
            self._soften(weight, broken, lambda value: int(not any(map(value, literals))))
        elif literals:
            self._lines.clause([literal.index for literal in literals])
        else:
            self.conflicts.append((instance, instance))

    def windows(
        self,
        row: Sequence[Truth],
        length: int,
        starts: Iterable[int],
        instance: Callable[[int], Instance],
        *,
        negated: bool = False,
    ) -> None:
        """Demand from each of `starts` on that one of `length` truths in a row holds, or fails where `negated`."""
        if self._weight("") is not None:
            super().windows(row, length, starts, instance, negated=negated)
            return
        marks = _marks(row, negated)
        for a in starts:
            window = marks[a : a + length]
            if HOLDS in window:
                continue
            if FAILS in window and not (window := [mark for mark in window if mark != FAILS]):
                self.clause((), instance(a))
            else:
                self._lines.clause_of(window)

    def _weight(self, direction: Any) -> int | None:
        return self._rule.weight_for(direction) if self._rule is not None else None

    def _soften(self, weight: int, variable: Any, evaluate: Callable[[Value], int]) -> None:
        """Note by how much a soft rule is broken."""
        self._soft.append((weight, Auxiliary(variable, evaluate)))

    def _sum(self, literals: Sequence[Any], *, least: int | None = None, most: int | None = None) -> None:
        """Demand that a sum is at least, or at most, so much."""
        indices = [literal.index for literal in literals]
        if can_be_summed(indices):
            self._lines.total(indices, least, most)
            return
        self._lines.flush()
        if least is not None:
            self._cp.add(sum(literals) >= least)
        if most is not None:
            self._cp.add(sum(literals) <= most)

    def add_turns(self, turns: Turns) -> None:
        """Keep these turns fair."""
        self.turns.append(turns)

    def widened(self, key: str, least: int) -> int:
        """Return the bound to use for `key`."""
        self.asked[key] = least
        return self._attained.get(key, least)


def _marks(row: Sequence[Truth], negated: bool) -> list[str]:
    """Return truths, or their opposites, as text: the literal, or that it holds or fails anyhow."""
    if negated:
        return [
            FAILS if truth is True else HOLDS if truth is False else str(-truth.index - 1) for truth in row
        ]
    return [HOLDS if truth is True else FAILS if truth is False else str(truth.index) for truth in row]
