"""The model of one unit: what its rules demand (`rule_model`), and what of it is minimised.

The latter becomes variables only where it is asked for: a first roster is told its worth without.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar

from ortools.sat.python import cp_model

from scheduler.constraints.base import Truth
from scheduler.problem import Unit
from scheduler.roster import HOME, OFF, OFFICE, Replaced
from scheduler.solve.costs import Auxiliary, Cost, Places, RunCost, Shortfall
from scheduler.solve.frame import split, without_collecting
from scheduler.solve.lines import Kept, Written, written
from scheduler.solve.rule_model import RuleModel
from scheduler.solve.search import value_in, values_in

__all__ = ["Auxiliary", "Shortfall", "UnitModel"]

TOLD = ("shortfall", "preferences", "stints")
"""The objectives besides changes that are sums over what rules asked for, not over turns."""


Attribute = TypeVar("Attribute")


class Late(Generic[Attribute]):
    """An attribute of a model that is whole only once its costs are variables: they are when it is first asked for."""

    def __set_name__(self, owner: type, name: str) -> None:
        """Note the attribute's name."""
        self._name = name

    def __get__(self, model: UnitModel, owner: type | None = None) -> Attribute:
        """Return the attribute of a model with all its costs."""
        model.price()
        found: Attribute = model.__dict__[self._name]
        return found

    def __set__(self, model: UnitModel, value: Attribute) -> None:
        """Give a model, or a view of it, an attribute of its own."""
        model.__dict__[self._name] = value


class UnitModel(RuleModel):
    """A CP-SAT model built by the rules of one unit; what is minimised becomes variables only where it is asked for.

    Parameters
    ----------
    unit : the facts and the rules.
    attained : bounds to use instead of those that a rule asks for (`widened`), by key.
    replaced : what this roster replaces: its frozen days are constants, its other cells count as changes.

    Attributes
    ----------
    cp : the CP-SAT model.
    bare : the same without what is minimised: its variables are the first of `cp`, those after them auxiliaries.
    costs : linear terms by objective (`OBJECTIVES`), as (coefficient, variable or bool) pairs.
    auxiliaries : variables that only a minimising solver makes tight, with their true values.
    shortfalls : the places that quotas may leave empty.
    is_unpriced : whether what is minimised is no variables yet.
    has_wishes : whether wishes and stints, which come last, are variables too, or never will be (`demands`).
    """

    cp = Late[cp_model.CpModel]()
    costs = Late[dict[str, list[tuple[int, Any]]]]()
    shortfalls = Late[list[Shortfall]]()
    auxiliaries = Late[list[Auxiliary]]()

    def __init__(
        self,
        unit: Unit,
        attained: Mapping[str, int] | None = None,
        *,
        replaced: Replaced | None = None,
    ) -> None:
        super().__init__(unit, attained, replaced)
        self.is_unpriced, self.has_wishes = False, True  # until it is built
        self._bare_kept: Kept = ()
        self._copied: tuple[Any, Kept] = None, ()
        self.cp = self._cp
        self.costs = {}
        self.shortfalls = []
        self.auxiliaries = []
        self._places: list[Places] = []
        self._unpriced: list[Cost | RunCost] = []
        with without_collecting():
            self._build()
        self.bare, self._bare_kept = self._cp, tuple(self._lines.kept)
        self.is_unpriced, self.has_wishes = True, False

    def price(self) -> None:
        """Make what is minimised variables, where that was not done yet."""
        self._price_demands()
        if self.has_wishes:
            return
        self.has_wishes = True
        with without_collecting():
            for weight, auxiliary in self._soft:
                self.auxiliaries.append(auxiliary)
                self.costs.setdefault("preferences", []).append((weight, auxiliary.variable))
            self._price([*self._unpriced, *self._wishes()])
            self._lines.flush()

    def _price_demands(self) -> None:
        if not self.is_unpriced:
            return
        self.is_unpriced, has_wishes = False, self.has_wishes
        self.has_wishes = True  # as far as what is asked for meanwhile goes
        self.bare, self._bare_kept = self.cp.clone(), tuple(self._lines.kept)
        with without_collecting():
            for places in self._places:
                self._count_shortfall(places)
            self._add_changes()
            self._lines.flush()
        self.has_wishes = has_wishes

    def demands(self) -> UnitModel:
        """Return a view of the same variables in which places left empty and changes cost something, and nothing else."""
        self._price_demands()
        view = self._view()
        view.has_wishes = True
        costs: dict[str, list[tuple[int, Any]]] = self.__dict__["costs"]
        view.costs = {name: list(terms) for name, terms in costs.items()}
        view.auxiliaries = list(self.__dict__["auxiliaries"])
        return view

    def written(self) -> Iterator[Written]:
        """Yield the constraints of the model, or of the view's own."""
        cp = self.cp
        if cp is self._lines.cp:
            return written(cp, self._lines.kept)
        if cp is self.bare:
            return written(cp, self._bare_kept)
        return written(cp, self._copied[1] if cp is self._copied[0] else ())

    def aside(self) -> UnitModel:
        """Return a view with a copy of the model, for what is to leave none of its variables in this one."""
        view = copy.copy(self)
        view.cp, view.auxiliaries = view.cp.clone(), list(view.auxiliaries)
        view._copied = view.cp, tuple(self._lines.kept) if self.cp is self._lines.cp else ()
        return view

    def _view(self) -> UnitModel:
        view = object.__new__(type(self))
        view.__dict__.update(self.__dict__)
        return view

    def __copy__(self) -> UnitModel:
        """Return a view of the same variables; costs are priced first, or both would."""
        self.price()
        return self._view()

    @property
    def has_variables(self) -> bool:
        """Whether anything is left to choose."""
        return len(self.bare.proto.variables) > 0 or len(self.cp.proto.variables) > 0

    def _wishes(self) -> Iterator[Cost]:
        rows = {person.id: i for i, person in enumerate(self.people)}
        days = {day: [(k, day)] for k, day in enumerate(self.days)}
        for wish in self.unit.preferences:
            i = rows[wish.person_id]
            for k, day in days.get(wish.day, ()) if wish.day is not None else enumerate(self.days):
                if wish.applies_on(day) and self.is_present(i, k):
                    unmet = self.office(i, k) if wish.status == "home" else self.home(i, k)
                    if unmet is not False:
                        yield Cost("preferences", wish.weight, [unmet])

    def _add_changes(self) -> None:
        """Count each person-day whose status or roles differ from the roster replaced, and hint at that roster."""
        if self.replaced is None:
            return
        costs = self.costs.setdefault("changes", [])
        several: list[tuple[int, list[int]]] = []
        hints: list[tuple[Truth, bool]] = []
        rested = set(self.unit.horizon.days) - set(self.days)
        for i, person in enumerate(self.people):
            for day in rested:
                now = OFF if person.is_employed_on(day) else ""
                known = self.replaced.knows(person.id, day)
                costs += [(1, True)] * (known and self.replaced.status(person.id, day) != now)
            for k, day in enumerate(self.days):
                if not self.replaced.knows(person.id, day):
                    continue
                if not self.is_present(i, k):  # on a past day too: facts that came later stand against it
                    now = self.unit.absences.get((person.id, day), "") if person.is_employed_on(day) else ""
                    costs += [(1, True)] * (self._before(i, k) != now)
                    continue
                if day < self.replaced.before and self.is_frozen(i, k):
                    # all but a role that is no longer offered
                    costs += [(1, True)] * bool(self._roles_before(i, k) - self._roles.get((i, k), {}).keys())
                    continue
                different = self._moved(i, k, hints)
                if different is None:
                    different = self._difference(i, k, hints)
                if isinstance(different, list):
                    several.append((len(costs), different))
                    costs.append((1, True))  # until it is a variable
                elif different is not False:
                    costs.append((1, different))
        for (place, literals), met in zip(several, self._lines.booleans(len(several)), strict=True):
            self._lines.clause([-met.index - 1, *literals])
            for literal in literals:
                self._lines.implication(literal, met.index)
            costs[place] = (1, met)
        # All at once: one by one takes as long as making the variables.
        self.cp.proto.solution_hint.vars.extend([truth.index for truth, _ in hints])
        self.cp.proto.solution_hint.values.extend([int(value) for _, value in hints])

    def _moved(self, i: int, k: int, hints: list[tuple[Truth, bool]]) -> Truth | None:
        """Return the truth that an open person-day without roles is no longer what it was; None of any other."""
        home = self._home[i, k]
        if home is True or home is False or (i, k) in self._roles or self._roles_before(i, k):
            return None
        before = self._before(i, k)
        if before not in (HOME, OFFICE):
            return True
        hints.append((home, before == HOME))
        return ~home if before == HOME else home

    def _difference(self, i: int, k: int, hints: list[tuple[Truth, bool]]) -> Truth | list[int]:
        """Return the truth that a person-day is no longer what it was, or the literals of which any says so.

        What it was is added to the hints.
        """
        before, held = self._before(i, k), self._roles_before(i, k)
        offered = self._roles.get((i, k), {})
        if before not in (HOME, OFFICE) or held - offered.keys():
            return True
        was = [(self.home(i, k), before == HOME)]
        was += [(truth, name in held) for name, truth in offered.items()]
        is_open = [(truth, value) for truth, value in was if truth is not True and truth is not False]
        hints += is_open
        if len(is_open) < len(was) and any(t is (not value) for t, value in was):
            return True
        if not is_open:
            return False
        if len(is_open) == 1:
            ((truth, value),) = is_open
            return ~truth if value else truth
        return [-truth.index - 1 if value else truth.index for truth, value in is_open]

    # What passes minimise ---------------------------------------------------------------------------------------

    def add_shortfall(
        self, day: int, target: int, home: Sequence[Truth], able: int, give_way: Sequence[Truth]
    ) -> None:
        """Count the home places below `target`, less those lost only to roles and recalls.

        That waits until every rule has built: only then is it known how many roles can be held at once.
        """
        self._places.append(Places(self._rule, day, target, home, able, give_way))

    def count_shortfalls(self) -> list[Shortfall]:
        """Return the shortfalls by counting alone: without variables, `excused` None where it can be chosen."""
        found = []
        for places in self._places:
            rule, day, target, *_ = places
            least, most = self._excused(places) if target else (0, 0)
            found.append(Shortfall(rule, day, target, places.least, None, least if least == most else None))
        return found

    def _excused(self, places: Places) -> tuple[int, int]:
        """Return the least and the most places that can be lost to roles and recalls alone."""
        literals, called = split(places.give_way)
        most = called + self._most_held(literals) - places.spare
        return (0, max(0, most)) if literals or most <= 0 else (most, most)

    def _count_shortfall(self, places: Places) -> None:
        rule, day, target, *_ = places
        if target == 0:
            self.shortfalls.append(Shortfall(rule, day, 0, 0, None, 0))
            return
        shortfall = self.cp.new_int_var(0, target, f"shortfall[{day}]")
        least, most = self._excused(places)
        excused: Any = most
        if least < most:
            callers, called = split(places.give_way)
            excused = self.cp.new_int_var(0, most, f"excused[{day}]")
            self._lines.flush()
            self.cp.add_max_equality(excused, [0, sum(callers) + called - places.spare])
            spare = places.spare - called
            self.auxiliaries.append(
                Auxiliary(excused, lambda value: max(0, sum(map(value, callers)) - spare))
            )
        literals, held = split(places.home)
        if isinstance(excused, int):
            self._sum([shortfall, *literals], least=target - held - excused)
        else:
            self._sum([shortfall, *literals, excused], least=target - held)
        open_places = target - held
        self.auxiliaries.append(
            Auxiliary(
                shortfall, lambda value: max(0, open_places - sum(map(value, literals)) - value(excused))
            )
        )
        self.shortfalls.append(Shortfall(rule, day, target, places.least, shortfall, excused))
        self.costs.setdefault("shortfall", []).append((1, shortfall))

    def _most_held(self, literals: Sequence[Any]) -> int:
        """Return a bound on how many of `literals` hold at once, from the limits on roles."""
        left = {role.index for literal in literals for role in self._called.get(literal.index, [literal])}
        most = 0
        for limited, room in self._limits:
            covered = left & limited if len(left) > room else frozenset()
            if len(covered) > room:
                most += room
                left -= covered
        return min(len(literals), most + len(left))

    def add_cost(self, objective: str, truths: Sequence[Truth], weight: int) -> None:
        """Add `weight` to an objective where all of `truths` hold; that waits until every rule has built."""
        if not any(truth is False for truth in truths):
            self._unpriced.append(Cost(objective, weight, truths))

    def add_run_cost(self, objective: str, row: Sequence[Truth], length: int, weight: int) -> None:
        """Add `weight` for each run of exactly `length` truths inside the row: those before and after it fail."""
        self._unpriced.append(RunCost(objective, weight, row, length))

    def tell_costs(self, values: Sequence[int]) -> dict[str, tuple[int, int]]:
        """Return what a solution of an unpriced model has of `TOLD`, and what is certain of that."""

        def value(truth: Truth) -> int:
            return value_in(truth, values)

        def held(truths: Sequence[Truth]) -> Sequence[int]:
            return values_in(truths, values)

        worth, certain = dict.fromkeys(TOLD, 0), dict.fromkeys(TOLD, 0)
        worth["preferences"] = sum(weight * auxiliary.evaluate(value) for weight, auxiliary in self._soft)
        for places in self._places:
            worth["shortfall"] += places.empty(held)
            certain["shortfall"] += places.least
        for cost in (*self._unpriced, *self._wishes()):
            number = cost.runs(held) if isinstance(cost, RunCost) else cost.due(value)
            worth[cost.objective] += cost.weight * number
            certain[cost.objective] += cost.weight * cost.certain
        return {name: (worth[name], certain[name]) for name in TOLD}

    def _price(self, asked: Sequence[Cost | RunCost]) -> None:
        """Add what costs are to their objectives: a literal, or a variable that stands for several."""
        costs = [one for cost in asked for one in (cost.costs() if isinstance(cost, RunCost) else (cost,))]
        unmet: list[list[int]] = []
        for _, _, inside, before, after in costs:
            literals = [] if before is False else [before.index]
            literals += [-truth.index - 1 for truth in inside if truth is not True]
            unmet.append(literals if after is False else [*literals, after.index])
        variables = iter(self._lines.booleans(sum(len(literals) > 1 for literals in unmet)))
        for cost, literals in zip(costs, unmet, strict=True):
            met: Any = True
            if len(literals) > 1:
                met = next(variables)
                self._lines.clause([met.index, *literals])
                self.auxiliaries.append(Auxiliary(met, cost.due))
            elif literals:
                chosen = [truth for truth in cost.inside if truth is not True]
                met = chosen[0] if chosen else ~(cost.after if cost.before is False else cost.before)
            self.costs.setdefault(cost.objective, []).append((cost.weight, met))
