"""Lexicographic passes over one unit's model: each value reached is kept, and the next pass starts from there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from scheduler.errors import NoRosterFoundError
from scheduler.language import Bilingual
from scheduler.roster import OBJECTIVES, ObjectiveValue
from scheduler.solve.aiming import Aiming
from scheduler.solve.closing import FIRST_ALONE, Closing
from scheduler.solve.fairness import Group, Term
from scheduler.solve.first import first_roster
from scheduler.solve.frame import without_collecting
from scheduler.solve.measuring import measure, measure_turns
from scheduler.solve.model import UnitModel
from scheduler.solve.repair import repaired
from scheduler.solve.rows import numbers
from scheduler.solve.rows.columns import LONG
from scheduler.solve.rows.ideal import Ideal, find_whole
from scheduler.solve.rows.listed import Listing, list_rows
from scheduler.solve.search import Effort, Found, search
from scheduler.solve.standing import Objective, sum_of, worth_of

SEARCHED, SEARCHED_LONG = 0.92, 0.98
"""The part of the time left, where it is bounded, that whole rows may take before the passes, which improve a short
period in what is left, and a long one hardly."""

FEW_VARIABLES = 700
"""Of so few choices the least is searched for in several ways (`closing`): short ones settle most of them."""

BALANCES = ("fairness", "role", "monday_friday")
"""What the objectives that add up balances begin with."""

Finder = Callable[[UnitModel, Effort], Ideal]
"""Tells the bounds of a model, and a solution that meets them where it finds one."""


def within(model: UnitModel, effort: Effort) -> Effort:
    """Return the effort that whole rows have."""
    return effort.until(SEARCHED_LONG if len(model.days) > LONG else SEARCHED)


class InfeasibleModelError(Exception):
    """The model has no solution, proven."""


class Passes(Aiming):
    """The passes of one unit's model.

    Attributes
    ----------
    values : of every variable by index, of the best solution so far.
    is_repaired : whether the fewest changes are proven and leave but few variables to choose.

    Parameters
    ----------
    find : tells what is known before the passes; by default whole rows of the unit as it is, not taken apart.
    is_brief : give up what takes long, for another search follows.
    """

    def __init__(
        self, model: UnitModel, effort: Effort, *, find: Finder = find_whole, is_brief: bool = False
    ) -> None:
        super().__init__(model, effort)
        self.find = find
        self.is_brief = is_brief
        self.interrupted = False
        self.is_repaired = False
        self._homes: list[Group] = []
        self._is_listed = False
        self._listed: Listing | None = None

    def run(self) -> list[ObjectiveValue]:
        """Minimise each objective in turn; return the value and bound of each.

        Raises
        ------
        InfeasibleModelError
            Where no roster exists.
        NoRosterFoundError
            Where effort or time ran out before the first.
        """
        if self.model.conflicts:
            raise InfeasibleModelError
        if not self._repair() and self.model.has_variables:
            self._begin()
            if self.values and self.model.is_unpriced and self.effort.is_over:
                return self._told()
            if self.values:
                self.take(self.values)
        if self.is_repaired:
            pass
        elif self.effort.is_over:
            self.interrupted = self.model.has_variables
        elif self.model.replaced is None and self.model.has_variables:
            self.ideal = self.find(self.model, within(self.model, self.effort))
            self._keep_fuller()
        elif self.model.has_variables:
            self.ideal = self._least_disturbance()
        if (proven := self._proven()) is not None:
            return proven
        found = [self._first()]
        objectives = []
        for objective in self._objectives():
            objectives.append(objective)
            found.append(self._minimise(objective))
            if self.effort.is_over:
                break
        # A later pass may have lowered an earlier value that was not proven to be the least.
        final = [self.worth(objective) for objective in objectives]
        found[1:] = [replace(o, value=v) for o, v in zip(found[1:], final, strict=True)]
        return [*found, *self._rest({objective.name for objective in found})]

    def _rest(self, done: set[str]) -> list[ObjectiveValue]:
        """Return what the present solution is worth in the objectives that no pass has come to."""
        names = [n for n in OBJECTIVES if n not in done and (n != "changes" or self.model.replaced)]
        if not names:
            return []
        places = self.places()
        worth = measure_turns(
            self.model, self.values, lambda turns: numbers.settled_numbers(self.model, turns, places)
        )
        for name in names:
            if name in worth:
                value, counted = worth[name]
            else:
                objective = self.costs(name)
                value, counted = self.worth(objective), objective.bound
            bound = min(value, max(counted, self.ideal.bound(name, self.reached)))
            self.interrupted |= bound < value
            self.reached[name] = ObjectiveValue(name=name, value=value, bound=bound)
        return [self.reached[name] for name in names]

    def _begin(self) -> None:
        """Find a lawful roster, so that an interrupt or a limit of time leaves one whatever comes after."""
        answer = first_roster(self.model, self.effort)
        if answer.is_infeasible:
            raise InfeasibleModelError
        if answer.values is not None:
            self.values = list(answer.values)

    def _told(self) -> list[ObjectiveValue]:
        """Return what the first roster is worth: for that alone nothing that passes minimise becomes a variable."""
        self.interrupted = True
        with without_collecting():
            worth = measure(self.model, self.values)
        return [
            ObjectiveValue(name=name, value=worth[name][0], bound=min(worth[name]))
            for name in OBJECTIVES
            if name in worth
        ]

    def _repair(self) -> bool:
        """Find a roster with the fewest changes, proven, and go on with what so few changes leave to choose."""
        found = repaired(self.model, self.effort)
        if found is None:
            return False
        self.model, self.is_repaired = found.model, True
        self.take(found.values)
        self.ideal = Ideal(
            values=list(self.values), bounds={"shortfall": found.shortfall, "changes": found.changes}
        )
        return True

    def _least_disturbance(self) -> Ideal:
        """Minimise shortfall and changes at once, as one sum in which a shortfall outweighs all changes.

        One subsolver with the full linear programme proves this many times faster than the passes do.
        """
        found = Ideal()
        shortfall, changes = (self.costs(name).terms for name in ("shortfall", "changes"))
        weight = 1 + sum(coefficient for coefficient, _ in changes)
        attempt = self.model.cp.clone()
        attempt.minimize(weight * sum_of(shortfall) + sum_of(changes))
        answer = search(attempt, self.effort, alone=True)
        if answer.is_infeasible:
            raise InfeasibleModelError
        if answer.values is not None:
            self.take(answer.values)
            found.values = list(self.values)
            found.bounds["shortfall"] = max(0, answer.bound) // weight
            if self.worth(Objective("shortfall", shortfall)) == found.bounds["shortfall"]:
                found.bounds["changes"] = max(0, answer.bound) % weight
        return found

    def fewest_changes(self) -> list[ObjectiveValue]:
        """Minimise shortfall and changes alone, and return their values and bounds.

        Raises
        ------
        InfeasibleModelError
            Where no roster exists.
        """
        if self.model.conflicts:
            raise InfeasibleModelError
        if (found := repaired(self.model, self.effort)) is not None:
            counted = (("shortfall", found.shortfall), ("changes", found.changes))
            return [ObjectiveValue(name=name, value=value, bound=value) for name, value in counted]
        self.ideal = self._least_disturbance()
        return [self._first(), self._minimise(self.costs("changes"))]

    def _keep_fuller(self) -> None:
        """Forget the roster of whole rows where it leaves more places empty than the first: its time was up too soon."""
        first, found = self.values, self.ideal.values
        if not first or found is None:
            return
        shortfall = self.costs("shortfall")
        before = self.worth(shortfall)
        self.take(found)
        self.ideal.values = list(self.values)
        if self.worth(shortfall) > before:
            self.ideal.values = None
            self.take(first)

    def _proven(self) -> list[ObjectiveValue] | None:
        """Return all objectives where the ideal solution meets every bound, so that nothing is left to search."""
        if self.ideal.values is None:
            return None
        if self.values != self.ideal.values:
            self.take(self.ideal.values)
        values = self.ideal.measure(self.model, self.value_of)
        if values is None:
            return None
        for name in (name for name in OBJECTIVES if name != "changes"):
            bound = max(self.ideal.bound(name, self.reached), self._least(name))
            self.reached[name] = ObjectiveValue(name=name, value=values[name], bound=min(bound, values[name]))
        found = list(self.reached.values())
        self.reached = {}
        return found if all(objective.is_optimal for objective in found) else None

    def _least(self, name: str) -> int:
        """Return the least that an objective costs whatever is chosen."""
        if name == "shortfall":
            least = sum(shortfall.least for shortfall in self.model.shortfalls)
            return max(least, self.ideal.bounds.get("shortfall", 0))
        return sum(weight for weight, truth in self.model.costs.get(name, ()) if truth is True)

    def _first(self) -> ObjectiveValue:
        """Find a first solution and the least shortfall, or take the ideal one."""
        model = self.model
        terms = tuple(model.costs.get("shortfall", ()))
        least = self._least("shortfall")
        if terms:
            model.cp.minimize(sum_of(terms))
            model.cp.add(sum_of(terms) >= least)
        if self.ideal.values is not None:
            answer = Found(self.ideal.values, least)
        elif self.values and self.effort.is_over:
            self.interrupted = True
            answer = Found(self.values, least)
        elif model.has_variables:
            answer = self._search(model.cp, terms, self.values or None)
            if answer.values is None and self.values and not answer.is_infeasible:
                answer = Found(self.values, least)
        else:
            answer = Found([], 0)
        if answer.is_infeasible:
            raise InfeasibleModelError
        if answer.values is None:
            raise NoRosterFoundError(
                Bilingual(
                    id=f"{model.unit.name}: upaya habis sebelum jadwal pertama ditemukan; tambah --effort atau --time-limit.",
                    en=f"{model.unit.name}: effort ran out before a first roster; raise --effort or --time-limit.",
                )
            )
        self.take(answer.values)
        value = self.worth(Objective("shortfall", terms))
        bound = max(least, answer.bound) if terms else 0
        if terms:
            model.cp.add(sum_of(terms) <= value)
            if value == sum(shortfall.least for shortfall in model.shortfalls):
                for shortfall in (s for s in model.shortfalls if s.variable is not None):
                    model.cp.add(shortfall.variable == shortfall.least)
        self.reached["shortfall"] = ObjectiveValue(name="shortfall", value=value, bound=min(bound, value))
        return self.reached["shortfall"]

    # The objectives after the shortfall -------------------------------------------------------------------------

    def _objectives(self) -> Iterator[Objective]:
        """Yield the objectives in CONTRACT's order; each is built only once those before are settled.

        Before fairness is minimised, a roster is looked for that meets what counting alone allows.
        """
        if self.effort.is_over:
            return
        if self.model.replaced is not None:
            yield self.costs("changes")
        homes = self.groups("home")
        everyday = self._homes = [group for group, _ in homes]
        self._aim_at(everyday)
        yield self.spread("fairness_spread", everyday)
        yield self._raised(self.total("fairness_total", everyday), [], everyday)
        roles = [group for group, _ in self.groups("role")]
        if self._are_posts_ideal(roles):
            pass  # any other roster of these turns would lose the wishes and stints of the one at hand
        elif (shared := self._shared(everyday, roles)) is not None:
            self._look_for(
                [*zip(everyday, shared.homes, strict=True), *zip(roles, shared.posts, strict=True)]
            )
        elif not self._aim_at(roles, keeping=everyday):
            self._aim_at(roles)
        yield self._raised(self.spread("role_spread", roles), everyday, roles)
        yield self._raised(self.total("role_total", roles), everyday, roles)
        borders = [border for _, border in homes]
        if not self._aim_at(borders, keeping=[*everyday, *roles]):
            self._aim_at(borders)
        yield self.spread("monday_friday", borders)
        yield self.costs("preferences")
        yield self.costs("stints")

    def _listing(self) -> Listing | None:
        """Return everybody's rows where they are few, once turns at home are as fair as they are."""
        if "fairness_total" not in self.reached or self.model.replaced is not None:
            return None
        if not self._is_listed:
            self._is_listed = True
            self._listed = list_rows(self.model, self._homes, self.reached["fairness_spread"].value)
        return self._listed

    # One pass -----------------------------------------------------------------------------------------------------

    def _minimise(self, objective: Objective) -> ObjectiveValue:
        """Minimise one objective from the present solution, and keep the value reached."""
        value = self.worth(objective)
        bound = max(objective.bound, self.ideal.bound(objective.name, self.reached))
        if not objective.terms or value <= bound:
            bound = min(bound, value)
        elif self.effort.is_over:
            self.interrupted = True
        else:
            cp = self.model.cp
            cp.minimize(sum_of(objective.terms))
            cp.add(sum_of(objective.terms) >= bound)
            answer = self._least_of(objective, bound)
            if answer.values is not None:
                before = self.values
                self.take(answer.values)
                if (reached := self.worth(objective)) <= value:
                    value = reached
                else:
                    self.values = before
                bound = min(value, max(bound, answer.bound))
        if objective.terms:
            self.model.cp.add(sum_of(objective.terms) <= value)
        self.reached[objective.name] = ObjectiveValue(
            name=objective.name, value=value, bound=min(bound, value)
        )
        return self.reached[objective.name]

    @cached_property
    def _open_variables(self) -> int:
        """How many choices the model has: counted only for who comes to a pass."""
        domains = (list(variable.domain) for variable in self.model.cp.proto.variables)
        return sum(domain == [0, 1] for domain in domains)

    def _least_of(self, objective: Objective, bound: int) -> Found:
        """Search for the least of an objective, from the present solution; of few variables in several ways."""
        cp, terms = self.model.cp, objective.terms
        if self.is_repaired or self._open_variables > FEW_VARIABLES:
            return self._search(cp, terms, self.values)
        is_balance = objective.name.startswith(BALANCES)
        closing = Closing(cp, terms, self.values, bound, self.effort, self._listing, is_balance=is_balance)
        return closing.run(is_brief=self.is_brief)

    def _search(self, cp: Any, terms: Sequence[Term], hint: Sequence[int] | None) -> Found:
        """Search for the least of the terms: by one subsolver first after a repair, and by it alone where briefly."""
        if not (self.is_repaired or self.is_brief):
            return search(cp, self.effort, hint)
        answer = search(cp, self.effort.share(FIRST_ALONE), hint, alone=True)
        if answer.is_infeasible or self.is_brief or self.effort.is_over:
            return answer
        if answer.values is not None and (not terms or worth_of(terms, answer.values) <= answer.bound):
            return answer
        longer = search(cp, self.effort, answer.values or hint)
        if longer.values is None and not longer.is_infeasible:
            return answer
        return replace(longer, bound=max(answer.bound, longer.bound))
