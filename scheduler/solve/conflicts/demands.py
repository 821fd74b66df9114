"""What a unit's rules demand, one demand at a time, and small models of any part of them.

The solver's model is built once without enforcing anything; each demand is kept with the rule instance that makes
it, so that any set of instances can be tried by itself in a model no larger than it needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ortools.sat.python import cp_model

from scheduler.constraints.base import Instance, Rule, Truth
from scheduler.problem import Unit
from scheduler.solve.model import UnitModel

if TYPE_CHECKING:
    from scheduler.roster import Replaced

UNBOUNDED = 1_000_000


class Demand(NamedTuple):
    """Between `least` and `most` of `literals` hold; a literal below 0 is the negation of -literal - 1."""

    instance: int
    literals: tuple[int, ...]
    least: int
    most: int


class Demands(UnitModel):
    """The demands of one unit.

    Parameters
    ----------
    only : labels of the rules whose demands are built; all where None.
    frame : demands of the same unit with other settings, from which all else is taken over.

    Attributes
    ----------
    demands : in the rules' order.
    instances : by the number that a demand bears.
    """

    def __init__(
        self,
        unit: Unit,
        replaced: Replaced | None = None,
        only: frozenset[str] | None = None,
        frame: Demands | None = None,
    ) -> None:
        self._only = only
        self._frame = frame
        self._begins = 0
        self.demands: list[Demand] = []
        self.instances: list[Instance] = []
        self._numbers: dict[tuple[object, ...], int] = {}
        super().__init__(unit, explaining=True, replaced=replaced)
        self.of_instance: list[list[Demand]] = [[] for _ in self.instances]
        for demand in self.demands:
            self.of_instance[demand.instance].append(demand)
        self.cells = {truth.index: cell for cell, truth in self._home.items() if not isinstance(truth, bool)}
        before = frame._structures if frame is not None else ()
        self._structures: tuple[_Structure, ...] = (*before, _Structure(self.cp, self._begins))
        self._about: dict[int, tuple[int, int]] = {}

    def with_settings(self, unit: Unit) -> Demands | None:
        """Return the demands of the same unit with other settings of some rules; only those rules are built anew.

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

    # What the settings of a rule leave as it is -----------------------------------------------------------------

    def _offer_roles(self) -> None:
        frame = self._frame
        if frame is None:
            super()._offer_roles()
            return
        self.cp = frame.cp
        self._roles, self._home, self._settled = frame._roles, frame._home, frame._settled
        self._exclusive, self._on_site, self._duties = frame._exclusive, frame._on_site, frame._duties
        self._out, self._exempt, self._rigid = frame._out, frame._exempt, frame._rigid
        self._office_by_rule = frame._office_by_rule
        changed = {rule.label: rule for rule in self._built_rules()}
        self._unsettled_fixes = [
            (changed[rule.label], i, k, instance)
            for rule, i, k, instance in frame._unsettled_fixes
            if rule.label in changed
        ]
        self.instances, self._numbers = list(frame.instances), dict(frame._numbers)
        self.demands = [d for d in frame.demands if frame.instances[d.instance].rule not in changed]

    def _settle(self) -> None:
        if self._frame is None:
            super()._settle()

    def _create(self) -> None:
        if self._frame is None:
            super()._create()

    def _bind_roles(self) -> None:
        if self._frame is None:
            super()._bind_roles()
            return
        self._begins = len(self.cp.proto.constraints)

    def _built_rules(self) -> Sequence[Rule]:
        return [rule for rule in self.unit.rules if self._only is None or rule.label in self._only]

    # What rules demand ------------------------------------------------------------------------------------------

    def at_least(self, truths: Iterable[Truth], number: int, instance: Instance) -> None:
        """Keep the demand that at least `number` of `truths` hold."""
        if self._weight("under") is None:
            literals, held = _split(truths)
            need = number - held
            if self._is_past(instance):
                need = min(need, len(literals))
            if need > 0:
                self._keep(literals, need, len(literals), instance)

    def at_most(self, truths: Iterable[Truth], number: int, instance: Instance) -> None:
        """Keep the demand that at most `number` of `truths` hold."""
        if self._weight("over") is None:
            literals, held = _split(truths)
            room = max(number - held, 0) if self._is_past(instance) else number - held
            if room < len(literals):
                self._keep(literals, 0, room, instance)

    def clause(self, truths: Iterable[Truth], instance: Instance) -> None:
        """Keep the demand that one of `truths` holds."""
        if self._weight("") is None:
            literals, held = _split(truths)
            if not held and (literals or not self._is_past(instance)):
                self._keep(literals, 1, len(literals), instance)

    def add_shortfall(self, *_: Any) -> None:
        """Leave the shortfall out: it never forbids a roster."""

    def add_cost(self, *_: Any) -> None:
        """Leave costs out."""

    def _add_preferences(self) -> None: ...

    def _add_changes(self) -> None: ...

    def widened(self, key: str, least: int) -> int:
        """Return a bound that never binds: what can be widened is in no conflict."""
        return UNBOUNDED

    def _keep(self, literals: Sequence[Any], least: int, most: int, instance: Instance) -> None:
        key = (instance.rule, instance.day, instance.people, tuple(sorted(instance.facts.items())))
        number = self._numbers.setdefault(key, len(self.instances))
        if number == len(self.instances):
            self.instances.append(instance)
        self.demands.append(Demand(number, tuple(literal.index for literal in literals), least, most))

    def cells_of(self, demand: Demand) -> Iterator[tuple[int, int]]:
        """Yield the person-days that a demand is about, through homes and roles and what is derived from them."""
        if not self._about:
            self._about.update(self.cells)
            for cell, names in self._roles.items():
                self._about.update({t.index: cell for t in names.values() if not isinstance(t, bool)})
        for literal in demand.literals:
            positive = literal if literal >= 0 else -literal - 1
            if positive in self._about:
                yield self._about[positive]
            else:
                for structure in self._structures:
                    yield from structure.cells(positive, self._about)

    def needs_office(self, person: int, day: int, name: str) -> bool:
        """Whether who holds the role that day must be at the office."""
        return (person, day, name) in self._on_site

    # Trying a part ----------------------------------------------------------------------------------------------

    def is_feasible(self, chosen: Iterable[int], limit: float, *, presolve: bool = True) -> bool | None:
        """Whether the demands of these instances can all hold; None where `limit` ran out."""
        model = self._model(chosen)
        status = _solver(limit, presolve).solve(model)
        return None if status == cp_model.UNKNOWN else status != cp_model.INFEASIBLE

    def core(self, chosen: Sequence[int], limit: float) -> list[int] | None:
        """Return some of these instances that the solver holds for contradictory; None where it finds them feasible.

        What it returns can hold literals never assumed (OR-Tools issue 5141): the caller confirms.
        """
        literals: dict[int, Any] = {}
        model = self._model(chosen, literals)
        model.add_assumptions(list(literals.values()))
        solver = _solver(limit, presolve=True)
        status = solver.solve(model)
        if status == cp_model.UNKNOWN:
            return list(chosen)
        if status != cp_model.INFEASIBLE:
            return None
        returned = set(solver.sufficient_assumptions_for_infeasibility())
        return [number for number, literal in literals.items() if literal.index in returned]

    def _model(self, chosen: Iterable[int], literals: dict[int, Any] | None = None) -> cp_model.CpModel:
        model = cp_model.CpModel()
        variables: dict[int, Any] = {}
        fresh: list[int] = []

        def literal(index: int) -> Any:
            positive = index if index >= 0 else -index - 1
            if positive not in variables:
                variables[positive] = model.new_bool_var("")
                fresh.append(positive)
            return variables[positive] if index >= 0 else ~variables[positive]

        for number in chosen:
            enforcer = None
            if literals is not None:
                enforcer = literals[number] = model.new_bool_var("")
            for demand in self.of_instance[number]:
                _add(model, [literal(index) for index in demand.literals], demand, enforcer)
        done: list[set[int]] = [set() for _ in self._structures]
        while fresh:  # what a constraint brings in has constraints of its own
            variable = fresh.pop()
            for structure, added in zip(self._structures, done, strict=True):
                structure.add(variable, added, model, literal)
        return model


_KINDS = ("bool_or", "bool_and", "at_most_one", "linear", "lin_max")


class _Structure:
    """The constraints that no rule can give up: who holds a role on site is there, and the like.

    Parameters
    ----------
    begins : the first constraint of the model that counts.
    """

    def __init__(self, cp: cp_model.CpModel, begins: int = 0) -> None:
        self._about: dict[int, list[int]] = {}
        self._constraints: list[tuple[str, list[int], list[int], Any]] = []
        constraints = cp.proto.constraints
        for number in range(begins, len(constraints)):
            proto = constraints[number]
            enforcers = list(proto.enforcement_literal)
            kind = next(k for k in _KINDS if getattr(proto, f"has_{k}")())
            if kind in ("bool_or", "bool_and", "at_most_one"):
                self._append(kind, enforcers, list(getattr(proto, kind).literals), None)
            elif kind == "linear":
                linear = proto.linear
                self._append(
                    "linear", enforcers, list(linear.vars), (list(linear.coeffs), list(linear.domain))
                )
            else:
                exprs = [(list(e.vars), list(e.coeffs), e.offset) for e in proto.lin_max.exprs]
                target = proto.lin_max.target
                inside = [v for e in exprs for v in e[0]]
                self._append(
                    "lin_max",
                    [],
                    [*target.vars, *inside],
                    (list(target.vars), list(target.coeffs), target.offset, exprs),
                )

    def _append(self, kind: str, enforcers: list[int], literals: list[int], more: Any) -> None:
        number = len(self._constraints)
        self._constraints.append((kind, enforcers, literals, more))
        for index in (*enforcers, *literals):
            self._about.setdefault(index if index >= 0 else -index - 1, []).append(number)

    def cells(self, variable: int, known: dict[int, tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """Yield the cells of the variables that a derived one stands with in a constraint."""
        for number in self._about.get(variable, ()):
            _, enforcers, indices, _ = self._constraints[number]
            for index in (*enforcers, *indices):
                positive = index if index >= 0 else -index - 1
                if positive in known:
                    yield known[positive]

    def add(self, variable: int, done: set[int], model: Any, literal: Any) -> None:
        """Add every constraint about a variable that is not among those `done`."""
        for number in self._about.get(variable, ()):
            if number not in done:
                done.add(number)
                kind, enforcers, indices, more = self._constraints[number]
                self._add(model, kind, [literal(i) for i in enforcers], indices, more, literal)

    @staticmethod
    def _add(
        model: Any, kind: str, enforcers: list[Any], indices: list[int], more: Any, literal: Any
    ) -> None:
        if kind == "lin_max":
            vars_, coeffs, offset, exprs = more
            target = sum(c * literal(v) for v, c in zip(vars_, coeffs, strict=True)) + offset
            model.add_max_equality(
                target, [sum(c * literal(v) for v, c in zip(vs, cs, strict=True)) + o for vs, cs, o in exprs]
            )
            return
        truths = [literal(index) for index in indices]
        if kind == "linear":
            coeffs, domain = more
            total = sum(c * t for c, t in zip(coeffs, truths, strict=True))
            constraint = model.add_linear_expression_in_domain(
                total, cp_model.Domain.from_flat_intervals(domain)
            )
        elif kind == "at_most_one":
            constraint = model.add_at_most_one(truths)
        else:
            constraint = model.add_bool_or(truths) if kind == "bool_or" else model.add_bool_and(truths)
        if enforcers:
            constraint.only_enforce_if(enforcers)


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


def _add(model: Any, truths: list[Any], demand: Demand, enforcer: Any) -> None:
    if not truths or demand.least > len(truths) or demand.most < 0:
        impossible = model.add_bool_or([])
        if enforcer is not None:
            impossible.only_enforce_if(enforcer)
        return
    if demand.least == 1:
        constraints = [model.add_bool_or(truths)]
    else:
        constraints = [model.add(sum(truths) >= demand.least)] if demand.least > 0 else []
    if demand.most < len(truths):
        constraints.append(model.add(sum(truths) <= demand.most))
    for constraint in constraints:
        if enforcer is not None:
            constraint.only_enforce_if(enforcer)


def _solver(limit: float, presolve: bool) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = limit
    solver.parameters.cp_model_presolve = presolve
    return solver


def _split(truths: Iterable[Truth]) -> tuple[list[Any], int]:
    literals, held = [], 0
    for truth in truths:
        if isinstance(truth, bool):
            held += truth
        else:
            literals.append(truth)
    return literals, held
