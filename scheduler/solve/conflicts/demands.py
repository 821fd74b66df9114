"""What a unit's rules demand, one demand at a time, of which any part can be tried by itself.

Nothing is built for the solver until a part is tried: each demand is kept as numbers, with the rule instance that
makes it, so that any set of instances can be tried by itself in a model no larger than it needs. A person-day or a
role is a whole number, and its negation what Python's `~` makes of it, as in CP-SAT.

Counting looks at the days first, so the rules on one person's row of days are read only when something asks for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from ortools.sat.python import cp_model

from scheduler.constraints.base import Direction, Instance, Rule, Truth, Turns
from scheduler.problem import Unit
from scheduler.solve.conflicts.small_models import Demand, Structure, small_model, solver_within
from scheduler.solve.frame import Cell, Frame, split, without_collecting

if TYPE_CHECKING:
    from scheduler.roster import Replaced

UNBOUNDED = 1_000_000

FIRST = 2
"""The first literal: 0 and 1 would be equal to False and True."""

BLOCK = 1 << 24
"""Instances of one rule have numbers in one block, so that they are in the rules' order whenever they are read."""


WAYS: tuple[Direction, ...] = ("", "under", "over")


class Demands(Frame):
    """The demands of one unit.

    Parameters
    ----------
    only : labels of the rules whose demands are built; all where None.
    frame : demands of the same unit with other settings, from which all else is taken over.

    Attributes
    ----------
    of_instance : the demands read so far, by the number of their instance.
    """

    explaining: ClassVar[bool] = True

    def __init__(
        self,
        unit: Unit,
        replaced: Replaced | None = None,
        only: frozenset[str] | None = None,
        frame: Demands | None = None,
    ) -> None:
        super().__init__(unit, replaced)
        self._only = only
        self._literals = FIRST
        self._instances: dict[int, Instance] = {}
        self.of_instance: dict[int, list[Demand]] = {}
        self._structures_of: dict[int, list[Structure]] = {}
        self._about: dict[int, Cell] = {}
        self._unread: list[Rule] = []
        with without_collecting():
            if frame is not None:
                self._take_over(frame)
            else:
                self._offer_roles()
                self._settle()
                self._create()
                self._bind_roles()
            self.cells: dict[int, Cell] = frame.cells if frame is not None else _cells(self._home)
            self._read_fixes()
            built = self._built_rules()
            for rule in built:
                if rule.scope != "row":
                    self._read(rule)
            self._unread = [rule for rule in built if rule.scope == "row"]
        self._without_rows = sorted(self._instances)

    def with_settings(self, unit: Unit) -> Demands | None:
        """Return the demands of the same unit with other settings of some rules; only those rules are read anew.

        None where a setting shapes what can be chosen. What other rules ask of a changed one (`share_of`,
        `block_length`) is not asked again: good for a try, not for a proof.
        """
        own = self.unit
        names = ("people", "absences", "pins", "horizon")
        if any(getattr(own, name) is not getattr(unit, name) for name in names):
            return None
        pairs = list(zip(own.rules, unit.rules, strict=True))
        if not all(old is new or _settles_alike(own, old, unit, new) for old, new in pairs):
            return None
        return Demands(
            unit, self.replaced, frozenset(new.label for old, new in pairs if old is not new), self
        )

    def _take_over(self, frame: Demands) -> None:
        """Share everything with demands of the same unit but what the rules to be read anew demand."""
        frame.complete()
        self._roles, self._home, self._settled = frame._roles, frame._home, frame._settled
        self._exclusive, self._on_site, self._duties = frame._exclusive, frame._on_site, frame._duties
        self._out, self._exempt, self._rigid = frame._out, frame._exempt, frame._rigid
        self._office_by_rule = frame._office_by_rule
        self._literals = frame._literals
        self._structures_of = {literal: list(found) for literal, found in frame._structures_of.items()}
        changed = {rule.label: rule for rule in self._built_rules()}
        self._unsettled_fixes = [
            (changed[rule.label], i, k, instance)
            for rule, i, k, instance in frame._unsettled_fixes
            if rule.label in changed
        ]
        self._instances = {n: i for n, i in frame._instances.items() if i.rule not in changed}
        self.of_instance = {n: frame.of_instance[n] for n in self._instances}

    # What there is ----------------------------------------------------------------------------------------------

    @property
    def without_rows(self) -> Sequence[int]:
        """The numbers of the instances of all rules but those on one person's row of days."""
        return self._without_rows

    @property
    def numbers(self) -> Sequence[int]:
        """The numbers of all instances, in the rules' order."""
        self.complete()
        return sorted(self._instances)

    @property
    def instances(self) -> Mapping[int, Instance]:
        """All instances by number."""
        self.complete()
        return self._instances

    def instance(self, number: int) -> Instance:
        """Return an instance that was read already."""
        return self._instances[number]

    @property
    def demands(self) -> Iterator[Demand]:
        """All demands, in the rules' order."""
        for number in self.numbers:
            yield from self.of_instance[number]

    def complete(self) -> None:
        """Read the rules on one person's row of days, where that was not done yet."""
        unread, self._unread = self._unread, []
        with without_collecting():
            for rule in unread:
                self._read(rule)

    # Reading ----------------------------------------------------------------------------------------------------

    def _built_rules(self) -> Sequence[Rule]:
        return [rule for rule in self.unit.rules if self._only is None or rule.label in self._only]

    def _read_fixes(self) -> None:
        """Demand what rules settle; their blocks come before those of all that rules demand besides."""
        blocks = {rule.label: place for place, rule in enumerate(self.unit.rules)}
        pins_first = {label: place for place, label in enumerate(sorted(blocks, key=self._is_no_pin))}
        for rule, i, k, instance in self._unsettled_fixes:
            if self._rule is not rule:
                self._begin(rule, pins_first[rule.label])
            home = self.home(i, k)
            truth = home if instance.facts["status"] == "home" else self.negate(home)
            self.clause([truth, *(self._duties_offered(i, k) if rule.gives_way_to_roles else ())], instance)
        self._rule = None

    def _is_no_pin(self, label: str) -> bool:
        return label.partition("[")[0] != "pin"

    def _read(self, rule: Rule) -> None:
        place = next(place for place, other in enumerate(self.unit.rules) if other is rule)
        self._begin(rule, len(self.unit.rules) + place)
        rule.build(self)
        self._rule = None

    def _begin(self, rule: Rule, block: int) -> None:
        self._rule = rule
        self._is_hard = {way: rule.weight_for(way) is None for way in WAYS}
        self._next = block * BLOCK
        self._known: dict[Instance, int] = {}

    def _keep(self, literals: Sequence[int], least: int, most: int, instance: Instance) -> None:
        number = self._known.get(instance, -1)
        if number < 0:
            number = self._known[instance] = self._next
            self._next += 1
            self._instances[number] = instance
            self.of_instance[number] = []
        self.of_instance[number].append(Demand(number, tuple(literals), least, most))

    # What rules demand ------------------------------------------------------------------------------------------

    def at_least(self, truths: Iterable[Truth], number: int, instance: Instance) -> None:
        """Keep the demand that at least `number` of `truths` hold."""
        if self._is_hard["under"]:
            literals, held = split(truths)
            need = number - held
            if self._is_past(instance):
                need = min(need, len(literals))
            if need > 0:
                self._keep(literals, need, len(literals), instance)

    def at_most(self, truths: Iterable[Truth], number: int, instance: Instance) -> None:
        """Keep the demand that at most `number` of `truths` hold."""
        if self._is_hard["over"]:
            literals, held = split(truths)
            room = max(number - held, 0) if self._is_past(instance) else number - held
            if room < len(literals):
                self._keep(literals, 0, room, instance)

    def clause(self, truths: Iterable[Truth], instance: Instance) -> None:
        """Keep the demand that one of `truths` holds."""
        if self._is_hard[""]:
            literals, held = split(truths)
            if not held and (literals or not self._is_past(instance)):
                self._keep(literals, 1, len(literals), instance)

    def add_shortfall(self, *_: Any) -> None:
        """Leave the shortfall out: it never forbids a roster."""

    def add_turns(self, _: Turns) -> None:
        """Leave fairness out."""

    def add_cost(self, *_: Any) -> None:
        """Leave costs out."""

    def add_run_cost(self, *_: Any) -> None:
        """Leave costs out."""

    def widened(self, key: str, least: int) -> int:
        """Return a bound that never binds: what can be widened is in no conflict."""
        return UNBOUNDED

    # What truths are --------------------------------------------------------------------------------------------

    def new_truth(self, name: str) -> Truth:
        """Return the next literal."""
        self._literals += 1
        return self._literals - 1

    def any_of(self, truths: Iterable[Truth]) -> Truth:
        """Return the truth that holds exactly where one of `truths` does."""
        literals, held = split(truths)
        if held or not literals:
            return bool(held)
        if len(literals) == 1:
            return literals[0]
        met = self.new_truth("any")
        self._bind(Structure((~met, *literals), 1, len(literals) + 1))
        for literal in literals:
            self._imply(literal, met)
        return met

    def reached(self, truths: Iterable[Truth], number: int) -> Truth:
        """Return a truth that can hold only where at least `number` of `truths` do."""
        literals, held = split(truths)
        if number <= held or number > held + len(literals):
            return number <= held
        met = self.new_truth("reached")
        self._bind(Structure(tuple(literals), number - held, len(literals), met))
        return met

    def _called_by(self, duties: Sequence[Truth]) -> Truth:
        return self.any_of(duties)

    def _imply(self, first: Truth, then: Truth) -> None:
        self._bind(Structure((~first, then), 1, 2))

    def _exclude(self, first: Truth, other: Truth) -> None:
        self._imply(first, ~other)

    def _at_most_one(self, truths: Sequence[Truth]) -> None:
        self._bind(Structure(tuple(truths), 0, 1))

    def _bind(self, structure: Structure) -> None:
        literals = (
            structure.literals if structure.enforcer is None else (*structure.literals, structure.enforcer)
        )
        for literal in literals:
            self._structures_of.setdefault(max(literal, ~literal), []).append(structure)

    def cells_of(self, demand: Demand) -> Iterator[Cell]:
        """Yield the person-days that a demand is about, through homes and roles and what is derived from them."""
        if not self._about:
            self._about.update(self.cells)
            for cell, names in self._roles.items():
                self._about.update({t: cell for t in names.values() if not isinstance(t, bool)})
        for literal in demand.literals:
            positive = max(literal, ~literal)
            if positive in self._about:
                yield self._about[positive]
                continue
            for structure in self._structures_of.get(positive, ()):
                for other in structure.literals:
                    if max(other, ~other) in self._about:
                        yield self._about[max(other, ~other)]

    def needs_office(self, person: int, day: int, name: str) -> bool:
        """Whether who holds the role that day must be at the office."""
        return (person, day, name) in self._on_site

    # Trying a part ----------------------------------------------------------------------------------------------

    def is_feasible(self, chosen: Iterable[int], limit: float, *, presolve: bool = True) -> bool | None:
        """Whether the demands of these instances can all hold; None where `limit` ran out."""
        model = small_model(self.of_instance, self._structures_of, chosen)
        status = solver_within(limit, presolve).solve(model)
        return None if status == cp_model.UNKNOWN else status != cp_model.INFEASIBLE

    def core(self, chosen: Sequence[int], limit: float) -> list[int] | None:
        """Return some of these instances that the solver holds for contradictory; None where it finds them feasible.

        What it returns can hold literals never assumed (OR-Tools issue 5141): the caller confirms.
        """
        literals: dict[int, Any] = {}
        model = small_model(self.of_instance, self._structures_of, chosen, literals)
        model.add_assumptions(list(literals.values()))
        solver = solver_within(limit, presolve=True)
        status = solver.solve(model)
        if status == cp_model.UNKNOWN:
            return list(chosen)
        if status != cp_model.INFEASIBLE:
            return None
        returned = set(solver.sufficient_assumptions_for_infeasibility())
        return [number for number, literal in literals.items() if literal.index in returned]


def _cells(homes: Mapping[Cell, Truth]) -> dict[int, Cell]:
    return {truth: cell for cell, truth in homes.items() if truth is not True and truth is not False}


def _settles_alike(own: Unit, old: Rule, unit: Unit, new: Rule) -> bool:
    """Whether two rules settle the same person-days and offer the same roles, to the same people on the same days."""
    kind = type(old)
    if type(new) is not kind or (old.label, old.for_, old.when) != (new.label, new.for_, new.when):
        return False
    if kind.fixes is not Rule.fixes and list(old.fixes(own)) != list(new.fixes(unit)):
        return False
    return kind.offers_roles is Rule.offers_roles or (
        list(old.offers_roles(own)) == list(new.offers_roles(unit))
        and (old.roles_on_site, old.roles_are_duties) == (new.roles_on_site, new.roles_are_duties)
    )
