"""What is known of a unit before any rule couples days or people: who is present, what is settled, which roles are offered.

The models that rules build on (`UnitModel` for solving, `Demands` for explanations) share it; it loads no solver. Every
model makes truths of its own kind, and binds them by `_exclude`, `_at_most_one` and `_equate`.
"""

from __future__ import annotations

import gc
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from operator import itemgetter
from typing import TYPE_CHECKING, Any, ClassVar

from scheduler.constraints.base import Instance, Rule, Truth
from scheduler.problem import Unit
from scheduler.roster import HOME, Replaced

if TYPE_CHECKING:
    from datetime import date

    from scheduler.problem import Person

DEFAULT = "default"
"""The label under which a person-day that no rule sends home is settled at the office."""

Cell = tuple[int, int]


@contextmanager
def without_collecting() -> Iterator[None]:
    """Keep Python from looking for cycles while many objects are made that all stay."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class Frame:
    """One unit's person-days and roles as truths, and what rules may ask of them.

    Parameters
    ----------
    replaced : the roster that is replaced; its frozen days are constants.

    Attributes
    ----------
    explaining : whether what rules settle stays a truth, so that each can be doubted.
    conflicts : pairs of instances that settle one person-day in two ways; any makes the unit infeasible.
    """

    explaining: ClassVar[bool] = False

    def __init__(self, unit: Unit, replaced: Replaced | None = None) -> None:
        self.unit = unit
        self.people: Sequence[Person] = unit.people
        self.days: Sequence[date] = unit.horizon.workdays
        self.replaced = replaced
        self.conflicts: list[tuple[Instance, Instance]] = []
        self._rule: Rule | None = None
        self._home: dict[Cell, Truth] = {}
        self._roles: dict[Cell, dict[str, Truth]] = {}
        self._settled: dict[Cell, tuple[str, Instance]] = {}
        self._out: set[Cell] = set()
        self._office_by_rule: set[Cell] = set()
        self._exempt: set[Cell] = set()
        self._rigid: set[Cell] = set()
        self._unsettled_fixes: list[tuple[Rule, int, int, Instance]] = []
        self._exclusive: dict[Cell, list[str]] = {}
        self._on_site: set[tuple[int, int, str]] = set()
        self._duties: dict[Cell, list[str]] = {}
        self._present = _presence(unit)
        rows = {person.id: i for i, person in enumerate(self.people)}
        columns = {day: k for k, day in enumerate(self.days)}
        pins = {
            (rows[person_id], columns[day]): pin
            for (person_id, day), pin in unit.pins.items()
            if person_id in rows and day in columns
        }
        self._pinned = pins.keys()
        self._recalled = {cell for cell, pin in pins.items() if pin.recall}

    # What a model makes of truths -------------------------------------------------------------------------------

    def new_truth(self, name: str) -> Truth:
        """Return a truth, free until it is bound."""
        raise NotImplementedError

    def _new_truths(self, number: int) -> Sequence[Truth]:
        """Return so many truths, free until they are bound."""
        return [self.new_truth("") for _ in range(number)]

    def clause(self, truths: Iterable[Truth], instance: Instance) -> None:
        """Demand that one of `truths` holds."""
        raise NotImplementedError

    def _exclude(self, first: Truth, other: Truth) -> None:
        """Bind two truths of which at most one holds."""
        raise NotImplementedError

    def _at_most_one(self, truths: Sequence[Truth]) -> None:
        raise NotImplementedError

    def _equate(self, truth: Truth, value: bool) -> None:
        raise NotImplementedError

    def _called_by(self, duties: Sequence[Truth]) -> Truth:
        """Return the truth that one of several duties is held."""
        raise NotImplementedError

    # Set-up -----------------------------------------------------------------------------------------------------

    def _offer_roles(self) -> None:
        for rule in self.unit.rules:
            exclusive, on_site, duties = rule.exclusive_roles, rule.roles_on_site, rule.roles_are_duties
            for i, k, name in rule.offers_roles(self.unit):
                if self._present[i][k]:
                    cell = (i, k)
                    self._roles.setdefault(cell, {})[name] = False
                    if exclusive:
                        self._exclusive.setdefault(cell, []).append(name)
                    if on_site:
                        self._on_site.add((i, k, name))
                    if duties:
                        self._duties.setdefault(cell, []).append(name)

    def _settle(self) -> None:
        """Collect what rules settle: pins first, then rules in order, then the office for whom none sends home."""
        unit = self.unit
        ordered = sorted(unit.rules, key=lambda rule: rule.key != "pin")
        for rule in ordered:
            for i, k, status in rule.fixes(unit):
                cell = (i, k)
                if rule.takes_out_of_turns:
                    self._out.add(cell)
                    pin = unit.pins.get((unit.people[i].id, self.days[k]))
                    if status == "office" and (pin is None or pin.status != "home"):
                        self._office_by_rule.add(cell)
                if rule.exempts:
                    self._exempt.add(cell)
                if not self.is_present(i, k) or (rule.yields_to_pins and cell in self._pinned):
                    continue
                instance = Instance(
                    rule=rule.label, day=self.days[k], people=(self.people[i].id,), facts={"status": status}
                )
                if not rule.gives_way_to_roles:
                    self._rigid.add(cell)
                known = self._settled.get(cell)
                if self.is_frozen(i, k):
                    self._settled.setdefault(cell, (status, instance))
                    continue
                if known is not None and known[0] != status:
                    self.conflicts.append((known[1], instance))
                elif known is None:
                    self._settled[cell] = (status, instance)
                if self.explaining or (rule.gives_way_to_roles and self._duties.get(cell)):
                    self._unsettled_fixes.append((rule, i, k, instance))
        self._settle_by_default()

    def _settle_by_default(self) -> None:
        by_default = ("office", Instance(rule=DEFAULT))
        for k, day in enumerate(self.days):
            granted = {i for rule in self.unit.rules for i in rule.granted(self.people, day)}
            for i in range(len(self.people)):
                if i not in granted and self._present[i][k]:
                    self._settled.setdefault((i, k), by_default)

    def _create(self) -> None:
        columns = range(len(self.days))
        open_cells: list[Cell] = []
        equated: list[tuple[Cell, bool]] = []
        for i, present in enumerate(self._present):
            for k in columns:
                if not present[k]:
                    continue
                cell = (i, k)
                if self.replaced is not None and self.is_frozen(i, k):
                    self._home[cell] = self._before(i, k) == HOME
                    continue
                settled = self._settled.get(cell)
                if settled is None:
                    self._home[cell] = False
                    open_cells.append(cell)
                    continue
                at_home = self._home[cell] = settled[0] == "home"
                gives_way = at_home and self._duties.get(cell)
                by_default = settled[1].rule == DEFAULT
                if (self.explaining and not by_default) or (gives_way and cell not in self._rigid):
                    open_cells.append(cell)
                elif self.replaced is not None and not by_default:
                    # A variable, so that of the constants none but frozen days excuse what past days broke.
                    open_cells.append(cell)
                    equated.append((cell, at_home))
        self._home.update(zip(open_cells, self._new_truths(len(open_cells)), strict=True))
        for cell, at_home in equated:
            self._equate(self._home[cell], at_home)

    def _bind_roles(self) -> None:
        """Create the roles offered; who holds one on site is at the office, and holds no second that excludes it."""
        opened: list[tuple[int, int, str]] = []
        for (i, k), names in self._roles.items():
            if self.replaced is not None and self.is_frozen(i, k):
                held = self._roles_before(i, k)
                names.update({name: name in held for name in names})
            elif self._home.get((i, k)) is True:
                opened += [(i, k, name) for name in names if (i, k, name) not in self._on_site]
            else:
                opened += [(i, k, name) for name in names]
        for (i, k, name), truth in zip(opened, self._new_truths(len(opened)), strict=True):
            self._roles[i, k][name] = truth
        for cell, roles in itertools.groupby(opened, key=itemgetter(0, 1)):
            home, names = self._home.get(cell, False), self._roles[cell]
            for role in roles:
                if role in self._on_site and not isinstance(home, bool):
                    self._exclude(names[role[2]], home)
            exclusive = [names[name] for name in self._exclusive.get(cell, ()) if names[name] is not False]
            if len(exclusive) > 1:
                self._at_most_one(exclusive)

    # What rules ask ---------------------------------------------------------------------------------------------

    def is_present(self, person: int, day: int) -> bool:
        """Whether the person works that day."""
        return self._present[person][day]

    def is_fixed(self, person: int, day: int) -> bool:
        """Whether pins and rules leave no choice between home and office."""
        return (person, day) in self._settled

    def is_fixed_at_office_by_rule(self, person: int, day: int) -> bool:
        """Whether a rule, not a pin, keeps the person at the office that day, and no pin sends them home all the same."""
        return (person, day) in self._office_by_rule

    def is_fixed_at_office(self, person: int, day: int) -> bool:
        """Whether a pin, a rule, or the want of any rule that sends them home keeps the person at the office."""
        return self._settled.get((person, day), ("",))[0] == "office"

    def is_exempt(self, person: int, day: int) -> bool:
        """Whether a rule that exempts from quotas settles that day."""
        return (person, day) in self._exempt

    def is_out_of_turns(self, person: int, day: int) -> bool:
        """Whether a rule that takes people out of turns settles that day."""
        return (person, day) in self._out

    def home(self, person: int, day: int) -> Truth:
        """Return "works from home that day"; False where absent."""
        return self._home.get((person, day), False)

    def office(self, person: int, day: int) -> Truth:
        """Return "works at the office that day"; False where absent."""
        home = self._home.get((person, day))
        return False if home is None else self.negate(home)

    def role(self, person: int, day: int, name: str) -> Truth:
        """Return "holds the role that day"; False where it was never offered."""
        return self._roles.get((person, day), {}).get(name, False)

    def roles(self, person: int, day: int) -> Sequence[Truth]:
        """Return every role offered for that person-day."""
        return list(self._roles.get((person, day), {}).values())

    def roles_offered(self) -> Mapping[Cell, Mapping[str, Truth]]:
        """Return the roles by (person, day) and name."""
        return self._roles

    def _duties_offered(self, person: int, day: int) -> list[Truth]:
        return [self.role(person, day, name) for name in self._duties.get((person, day), ())]

    def calls(self, person: int, day: int) -> Sequence[Truth]:
        """Return the duties offered, and True for a recall."""
        cell = (person, day)
        if cell in self._recalled:
            return [True]
        if cell not in self._duties:
            return ()
        duties = [truth for truth in self._duties_offered(person, day) if truth is not False]
        if any(truth is True for truth in duties):  # held on a day that is past
            return [True]
        return [self._called_by(duties)] if len(duties) > 1 else duties

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
        truths = [self.negate(truth) for truth in row] if negated else row
        for a in starts:
            self.clause(truths[a : a + length], instance(a))

    def fixed_by(self, person: int, day: int) -> str:
        """Return the label of what settled the person-day; empty where the solver chose."""
        settled = self._settled.get((person, day))
        return settled[1].rule if settled else ""

    def negate(self, truth: Truth) -> Truth:
        """Return the opposite of a truth."""
        return not truth if truth is True or truth is False else ~truth

    # The roster replaced ----------------------------------------------------------------------------------------

    def _before(self, i: int, k: int) -> str:
        return self.replaced.status(self.people[i].id, self.days[k]) if self.replaced else ""

    def _roles_before(self, i: int, k: int) -> frozenset[str]:
        return self.replaced.roles(self.people[i].id, self.days[k]) if self.replaced else frozenset()

    def is_frozen(self, person: int, day: int) -> bool:
        """Whether the person-day lies before the first that may change, and was worked."""
        return self.replaced is not None and self.replaced.freezes(self.people[person].id, self.days[day])

    def _is_past(self, instance: Instance) -> bool:
        """Whether what an instance demands may have been decided by frozen days, so that it binds only the rest."""
        return self.replaced is not None and (instance.day is None or instance.day < self.replaced.before)


def split(truths: Any) -> tuple[list[Any], int]:
    """Return the truths that are left to choose, and how many of the others hold."""
    chosen, held = [], 0
    for truth in truths:
        if truth is True:
            held += 1
        elif truth is not False:
            chosen.append(truth)
    return chosen, held


def _presence(unit: Unit) -> list[list[bool]]:
    """Return by person and working day who works: employed, and not absent."""
    days = unit.horizon.workdays
    columns = {day: k for k, day in enumerate(days)}
    rows = {}
    for person in unit.people:
        always = person.joins is None and person.leaves is None
        rows[person.id] = [True] * len(days) if always else [person.is_employed_on(day) for day in days]
    for person_id, day in unit.absences:
        if person_id in rows and day in columns:
            rows[person_id][columns[day]] = False
    return [rows[person.id] for person in unit.people]
