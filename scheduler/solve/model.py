"""The model of one unit: one Boolean per free person-day and per role offered; settled days are constants.

Rules see it as `scheduler.constraints.base.Model`. In explaining mode nothing is a constant: every demand hangs
on a literal of its rule instance, so that conflicts can be named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ortools.sat.python import cp_model

from scheduler.constraints.base import Instance, Rule, Truth, Turns
from scheduler.problem import Unit
from scheduler.roster import HOME, OFF, OFFICE, Replaced

if TYPE_CHECKING:
    from datetime import date

    from scheduler.problem import Person

DEFAULT = "default"
"""The label under which a person-day that no rule sends home is settled at the office."""


class Shortfall(NamedTuple):
    """The home places left empty by one quota on one day: its target, the least possible, and the variable."""

    rule: Rule | None
    day: int
    target: int
    least: int
    variable: Any
    excused: Any


class Auxiliary(NamedTuple):
    """A variable that may stand above its true value in a solution; `evaluate` gets what tells a literal's value."""

    variable: Any
    evaluate: Callable[[Callable[[Any], int]], int]


class UnitModel:
    """A CP-SAT model built by the rules of one unit.

    Parameters
    ----------
    unit : the facts and the rules.
    attained : bounds to use instead of those that a rule asks for (`widened`), by key.
    explaining : hang every demand on a literal of its instance; settle nothing beforehand.
    replaced : what this roster replaces: its frozen days are constants, its other cells count as changes.

    Attributes
    ----------
    cp : the CP-SAT model.
    conflicts : pairs of instances that settle one person-day in two ways; any makes the unit infeasible.
    costs : linear terms by objective (`OBJECTIVES`), as (coefficient, variable or bool) pairs.
    auxiliaries : variables that only a minimising solver makes tight, with their true values.
    turns : the groups that take turns.
    asked : for each key of `widened` the least bound that a rule asked for.
    """

    def __init__(
        self,
        unit: Unit,
        attained: Mapping[str, int] | None = None,
        *,
        explaining: bool = False,
        replaced: Replaced | None = None,
    ) -> None:
        self.unit = unit
        self.people: Sequence[Person] = unit.people
        self.days: Sequence[date] = unit.horizon.workdays
        self.cp = cp_model.CpModel()
        self.explaining = explaining
        self.replaced = replaced
        self.conflicts: list[tuple[Instance, Instance]] = []
        self.costs: dict[str, list[tuple[int, Any]]] = {}
        self.shortfalls: list[Shortfall] = []
        self.auxiliaries: list[Auxiliary] = []
        self.turns: list[Turns] = []
        self.asked: dict[str, int] = {}
        self.literals: dict[tuple[object, ...], tuple[Instance, Any]] = {}
        self._attained = dict(attained or {})
        self._rule: Rule | None = None
        self._home: dict[tuple[int, int], Truth] = {}
        self._roles: dict[tuple[int, int], dict[str, Truth]] = {}
        self._settled: dict[tuple[int, int], tuple[str, Instance]] = {}
        self._out: set[tuple[int, int]] = set()
        self._office_by_rule: set[tuple[int, int]] = set()
        self._exempt: set[tuple[int, int]] = set()
        self._rigid: set[tuple[int, int]] = set()
        self._unsettled_fixes: list[tuple[Rule, int, int, Instance]] = []
        self._waiting: list[tuple[Rule | None, int, int, Sequence[Truth], int, Sequence[Truth]]] = []
        self._limits: list[tuple[frozenset[int], int]] = []
        self._called: dict[int, list[Any]] = {}
        self._offer_roles()
        self._settle()
        self._create()
        self._bind_roles()
        self._bind_fixes()
        for rule in self._built_rules():
            self._rule = rule
            rule.build(self)
        self._rule = None
        for waiting in self._waiting:  # after the rules
            self._count_shortfall(*waiting)
        self._add_preferences()
        self._add_changes()

    def _built_rules(self) -> Sequence[Rule]:
        """Return the rules whose demands the model holds."""
        return self.unit.rules

    # Set-up -----------------------------------------------------------------------------------------------------

    def _offer_roles(self) -> None:
        self._exclusive: dict[tuple[int, int], list[str]] = {}
        self._on_site: set[tuple[int, int, str]] = set()
        self._duties: dict[tuple[int, int], list[str]] = {}
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
                pinned = (self.people[i].id, self.days[k]) in unit.pins
                if not self.is_present(i, k) or (pinned and rule.yields_to_pins):
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
        for i, person in enumerate(self.people):
            for k, day in enumerate(self.days):
                if (i, k) in self._settled or not self.is_present(i, k):
                    continue
                if not any(rule.grants_home(person, day) for rule in unit.rules):
                    self._settled[i, k] = ("office", Instance(rule=DEFAULT, day=day, people=(person.id,)))

    def _create(self) -> None:
        for i in range(len(self.people)):
            for k in range(len(self.days)):
                if not self.is_present(i, k):
                    continue
                if self.is_frozen(i, k):
                    self._home[i, k] = self._before(i, k) == HOME
                    continue
                settled = self._settled.get((i, k))
                gives_way = settled is not None and settled[0] == "home" and self._duties.get((i, k))
                by_default = settled is not None and settled[1].rule == DEFAULT
                if (
                    settled is None
                    or (self.explaining and not by_default)
                    or (gives_way and (i, k) not in self._rigid)
                ):
                    self._home[i, k] = self.cp.new_bool_var(f"home[{i},{k}]")
                elif self.replaced is not None and not by_default:
                    # A variable, so that of the constants none but frozen days excuse what past days broke.
                    self._home[i, k] = self.cp.new_bool_var(f"home[{i},{k}]")
                    self.cp.add(self._home[i, k] == (settled[0] == "home"))
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
                names[name] = False if impossible else self.cp.new_bool_var(f"{name}[{i},{k}]")
                if on_site and not isinstance(home, bool):
                    self.cp.add_implication(names[name], ~home)
            exclusive = [names[name] for name in self._exclusive.get((i, k), []) if names[name] is not False]
            if len(exclusive) > 1:
                self.cp.add_at_most_one(exclusive)

    def _bind_fixes(self) -> None:
        for rule, i, k, instance in self._unsettled_fixes:
            self._rule = rule
            home = instance.facts["status"] == "home"
            truth = self.home(i, k) if home else self.negate(self.home(i, k))
            self.clause([truth, *(self._duties_offered(i, k) if rule.gives_way_to_roles else ())], instance)

    def _add_preferences(self) -> None:
        rows = {person.id: i for i, person in enumerate(self.people)}
        for wish in self.unit.preferences:
            for k, day in enumerate(self.days):
                i = rows[wish.person_id]
                if wish.applies_on(day) and self.is_present(i, k):
                    unmet = self.office(i, k) if wish.status == "home" else self.home(i, k)
                    self.add_cost("preferences", [unmet], wish.weight)

    def _add_changes(self) -> None:
        """Count each person-day whose status or roles differ from the roster replaced, and hint at that roster."""
        if self.replaced is None:
            return
        costs = self.costs.setdefault("changes", [])
        rested = set(self.unit.horizon.days) - set(self.days)
        for i, person in enumerate(self.people):
            for day in rested:
                now = OFF if person.is_employed_on(day) else ""
                known = self.replaced.knows(person.id, day)
                costs += [(1, True)] * (known and self.replaced.status(person.id, day) != now)
            for k, day in enumerate(self.days):
                if self.is_frozen(i, k) or not self.replaced.knows(person.id, day):
                    continue
                if not self.is_present(i, k):
                    now = self.unit.absences.get((person.id, day), "") if person.is_employed_on(day) else ""
                    costs += [(1, True)] * (self._before(i, k) != now)
                    continue
                if (different := self._difference(i, k)) is not False:
                    costs.append((1, different))

    def _difference(self, i: int, k: int) -> Truth:
        """Return the truth that a person-day is no longer what it was, in status or in roles."""
        before, held = self._before(i, k), self._roles_before(i, k)
        offered = self._roles.get((i, k), {})
        if before not in (HOME, OFFICE) or held - offered.keys():
            return True
        changed = [self.home(i, k) if before == OFFICE else self.negate(self.home(i, k))]
        changed += [self.negate(truth) if name in held else truth for name, truth in offered.items()]
        self._hint(self.home(i, k), before == HOME)
        for name, truth in offered.items():
            self._hint(truth, name in held)
        return self.any_of(changed)

    def _hint(self, truth: Truth, value: bool) -> None:
        if not isinstance(truth, bool):
            self.cp.add_hint(truth, value)

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

    @property
    def has_variables(self) -> bool:
        """Whether anything is left to choose."""
        return len(self.cp.proto.variables) > 0

    # What rules ask ---------------------------------------------------------------------------------------------

    def is_present(self, person: int, day: int) -> bool:
        """Whether the person works that day."""
        return self.unit.is_present(self.people[person], self.days[day])

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
        return self.negate(self._home[person, day]) if (person, day) in self._home else False

    def role(self, person: int, day: int, name: str) -> Truth:
        """Return "holds the role that day"; False where it was never offered."""
        return self._roles.get((person, day), {}).get(name, False)

    def roles(self, person: int, day: int) -> Sequence[Truth]:
        """Return every role offered for that person-day."""
        return list(self._roles.get((person, day), {}).values())

    def roles_offered(self) -> Mapping[tuple[int, int], Mapping[str, Truth]]:
        """Return the roles by (person, day) and name."""
        return self._roles

    def _duties_offered(self, person: int, day: int) -> list[Truth]:
        return [self.role(person, day, name) for name in self._duties.get((person, day), ())]

    def calls(self, person: int, day: int) -> Sequence[Truth]:
        """Return the duties offered, and True for a recall."""
        pin = self.unit.pins.get((self.people[person].id, self.days[day]))
        recalled = [True] if pin is not None and pin.recall else []
        roles = [truth for truth in self._duties_offered(person, day) if truth is not False]
        if recalled:
            return recalled
        if len(roles) > 1:
            called = self.cp.new_bool_var("called")
            self.cp.add_max_equality(called, roles)
            self._called[called.index] = roles
            return [called]
        return roles

    def fixed_by(self, person: int, day: int) -> str:
        """Return the label of what settled the person-day; empty where the solver chose."""
        settled = self._settled.get((person, day))
        return settled[1].rule if settled else ""

    def negate(self, truth: Truth) -> Truth:
        """Return the opposite of a truth."""
        return not truth if isinstance(truth, bool) else ~truth

    def new_truth(self, name: str) -> Truth:
        """Return a truth of a rule's own."""
        return self.cp.new_bool_var(name)

    def any_of(self, truths: Iterable[Truth]) -> Truth:
        """Return the truth that holds exactly where one of `truths` does."""
        literals, held = _split(truths)
        if held or not literals:
            return bool(held)
        if len(literals) == 1:
            return literals[0]
        met = self.cp.new_bool_var("any")
        self.cp.add_bool_or([~met, *literals])
        for literal in literals:
            self.cp.add_implication(literal, met)
        return met

    def reached(self, truths: Iterable[Truth], number: int) -> Truth:
        """Return a truth that can hold only where at least `number` of `truths` do."""
        literals, held = _split(truths)
        if number <= held or number > held + len(literals):
            return number <= held
        met = self.cp.new_bool_var("reached")
        self.cp.add(sum(literals) >= number - held).only_enforce_if(met)
        return met

    # What rules demand ------------------------------------------------------------------------------------------

    def at_least(self, truths: Iterable[Truth], number: int, instance: Instance) -> None:
        """Demand that at least `number` of `truths` hold."""
        literals, held = _split(truths)
        need = number - held
        if self._is_past(instance):
            need = min(need, len(literals))
        if need <= 0:
            return
        weight = self._weight("under")
        if weight is not None:
            missing = self.cp.new_int_var(0, need, "missing")
            self.auxiliaries.append(
                Auxiliary(missing, lambda value: max(0, need - sum(map(value, literals))))
            )
            self.cp.add(sum(literals) + missing >= need)
            self._add_preference_cost(weight, missing)
        else:
            self._enforce(self.cp.add(sum(literals) >= need) if literals else None, instance)

    def at_most(self, truths: Iterable[Truth], number: int, instance: Instance) -> None:
        """Demand that at most `number` of `truths` hold."""
        literals, held = _split(truths)
        room = number - held
        if self._is_past(instance):
            room = max(room, 0)
        if room >= len(literals):
            return
        weight = self._weight("over")
        if weight is not None:
            surplus = self.cp.new_int_var(max(0, -room), len(literals) + held, "surplus")
            self.auxiliaries.append(
                Auxiliary(surplus, lambda value: max(0, sum(map(value, literals)) - room))
            )
            self.cp.add(sum(literals) - surplus <= room)
            self._add_preference_cost(weight, surplus)
        else:
            if not self.explaining and room >= 0:
                self._limits.append((frozenset(literal.index for literal in literals), room))
            self._enforce(self.cp.add(sum(literals) <= room) if literals else None, instance)

    def clause(self, truths: Iterable[Truth], instance: Instance) -> None:
        """Demand that one of `truths` holds."""
        literals, held = _split(truths)
        if held or (not literals and self._is_past(instance)):
            return
        weight = self._weight("")
        if weight is not None:
            broken = self.cp.new_bool_var("broken")
            self.auxiliaries.append(Auxiliary(broken, lambda value: int(not any(map(value, literals)))))
            self.cp.add_bool_or([*literals, broken])
            self._add_preference_cost(weight, broken)
        else:
            self._enforce(self.cp.add_bool_or(literals) if literals else None, instance)

    def _weight(self, direction: Any) -> int | None:
        return self._rule.weight_for(direction) if self._rule is not None else None

    def _add_preference_cost(self, weight: int, variable: Any) -> None:
        self.costs.setdefault("preferences", []).append((weight, variable))

    def _enforce(self, constraint: Any, instance: Instance) -> None:
        """Hang a constraint on its instance's literal when explaining; None stands for one that cannot hold."""
        if not self.explaining:
            if constraint is None:
                self.conflicts.append((instance, instance))
            return
        key = (instance.rule, instance.day, instance.people, tuple(sorted(instance.facts.items())))
        if key not in self.literals:
            self.literals[key] = (instance, self.cp.new_bool_var(f"holds {instance.rule}"))
        literal = self.literals[key][1]
        if constraint is None:
            self.cp.add(literal == 0)
        else:
            constraint.only_enforce_if(literal)

    # What passes minimise ---------------------------------------------------------------------------------------

    def add_shortfall(
        self, day: int, target: int, home: Sequence[Truth], able: int, give_way: Sequence[Truth]
    ) -> None:
        """Count the home places below `target`, less those lost only to roles and recalls.

        That waits until every rule has built: only then is it known how many roles can be held at once.
        """
        self._waiting.append((self._rule, day, target, home, able, give_way))

    def _count_shortfall(
        self,
        rule: Rule | None,
        day: int,
        target: int,
        home: Sequence[Truth],
        able: int,
        give_way: Sequence[Truth],
    ) -> None:
        if target == 0:
            self.shortfalls.append(Shortfall(rule, day, 0, 0, None, 0))
            return
        shortfall = self.cp.new_int_var(0, target, f"shortfall[{day}]")
        slack = able - min(target, able)
        literals, called = _split(give_way)
        if called + self._most_held(literals) <= slack:
            excused: Any = 0
        elif literals:
            most = called + self._most_held(literals) - slack
            excused = self.cp.new_int_var(0, most, f"excused[{day}]")
            self.cp.add_max_equality(excused, [0, sum(literals) + called - slack])
        else:
            excused = called - slack
        literals, held = _split(home)
        self.cp.add(shortfall + sum(literals) + held + excused >= target)
        open_places = target - held
        self.auxiliaries.append(
            Auxiliary(
                shortfall, lambda value: max(0, open_places - sum(map(value, literals)) - value(excused))
            )
        )
        self.shortfalls.append(Shortfall(rule, day, target, max(0, target - able), shortfall, excused))
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

    def add_turns(self, turns: Turns) -> None:
        """Keep these turns fair."""
        self.turns.append(turns)

    def add_cost(self, objective: str, truths: Sequence[Truth], weight: int) -> None:
        """Add `weight` to an objective where all of `truths` hold."""
        if any(truth is False for truth in truths):
            return
        literals = [truth for truth in truths if not isinstance(truth, bool)]
        if not literals:
            self.costs.setdefault(objective, []).append((weight, True))
            return
        met = literals[0]
        if len(literals) > 1:
            met = self.cp.new_bool_var(f"cost {objective}")
            self.cp.add_bool_or([met, *(~literal for literal in literals)])
            self.auxiliaries.append(Auxiliary(met, lambda value: int(all(map(value, literals)))))
        self.costs.setdefault(objective, []).append((weight, met))

    def widened(self, key: str, least: int) -> int:
        """Return the bound to use for `key`."""
        self.asked[key] = least
        return self._attained.get(key, least)


def _split(truths: Iterable[Truth]) -> tuple[list[Any], int]:
    """Return the solver's literals among `truths`, and how many of them hold anyway."""
    literals, held = [], 0
    for truth in truths:
        if isinstance(truth, bool):
            held += truth
        else:
            literals.append(truth)
    return literals, held
