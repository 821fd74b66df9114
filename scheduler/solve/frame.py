"""What is known of a unit before any rule couples days or people: who is present, what is settled, which roles are offered.

The models that rules build on (`UnitModel` for solving, `Demands` for explanations) share it; it loads no solver. Every
model makes truths of its own kind, and binds them by `_imply`, `_at_most_one` and `_is_any_of`.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
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

    def _imply(self, first: Truth, then: Truth) -> None:
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
            for i, k, name in rule.offers_roles(self.unit):
                if self.is_present(i, k):
                    self._roles.setdefault((i, k), {})[name] = False
                    if rule.exclusive_roles:
                        self._exclusive.setdefault((i, k), []).append(name)
                    if rule.roles_on_site:
                        self._on_site.add((i, k, name))
                    if rule.roles_are_duties:
                        self._duties.setdefault((i, k), []).append(name)

    def _settle(self) -> None:
        """Collect what rules settle: pins first, then rules in order, then the office for whom none sends home."""
        unit = self.unit
        ordered = sorted(unit.rules, key=lambda rule: rule.key != "pin")
        for rule in ordered:
            for i, k, status in rule.fixes(unit):
                cell = (i, k)
                if rule.takes_out_of_turns:
                    self._out.add(cell)
                    if status == "office":
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
        granted = [
            {i for rule in self.unit.rules for i in rule.granted(self.people, day)} for day in self.days
        ]
        for i, person in enumerate(self.people):
            present = self._present[i]
            for k, day in enumerate(self.days):
                if present[k] and i not in granted[k] and (i, k) not in self._settled:
                    instance = Instance(rule=DEFAULT, day=day, people=(person.id,))
                    self._settled[i, k] = ("office", instance)

    def _create(self) -> None:
        for i, present in enumerate(self._present):
            for k in range(len(self.days)):
                if not present[k]:
                    continue
                if self.is_frozen(i, k):
                    self._home[i, k] = self._before(i, k) == HOME
                    continue
                settled = self._settled.get((i, k))
                if settled is None:
                    self._home[i, k] = self.new_truth("home")
                    continue
                gives_way = settled[0] == "home" and self._duties.get((i, k))
                by_default = settled[1].rule == DEFAULT
                if (self.explaining and not by_default) or (gives_way and (i, k) not in self._rigid):
                    self._home[i, k] = self.new_truth("home")
                elif self.replaced is not None and not by_default:
                    # A variable, so that of the constants none but frozen days excuse what past days broke.
                    self._home[i, k] = self.new_truth("home")
                    self._equate(self._home[i, k], settled[0] == "home")
                else:
                    self._home[i, k] = settled[0] == "home"

    def _bind_roles(self) -> None:
        """Create the roles offered; who holds one on site is at the office, and holds no second that excludes it."""
        for (i, k), names in self._roles.items():
            home = self.home(i, k)
            if self.is_frozen(i, k):
                held = self.replaced.roles(self.people[i].id, self.days[k]) if self.replaced else ()
                names.update({name: name in held for name in names})
                continue
            for name in names:
                on_site = (i, k, name) in self._on_site
                impossible = on_site and home is True
                names[name] = False if impossible else self.new_truth(name)
                if on_site and not isinstance(home, bool):
                    self._imply(names[name], ~home)
            exclusive = [names[name] for name in self._exclusive.get((i, k), []) if names[name] is not False]
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
        """Whether a rule, not a pin, keeps the person at the office that day."""
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
