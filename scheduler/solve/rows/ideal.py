"""The roster that is best in every objective at once, where counting and whole rows say that one can exist.

Counting gives the fairest shares of turns (`fair_shares`); within those, column generation gives the least cost of
wishes (`columns`); CP-SAT then rounds: people with a whole row keep it, the others are searched in the full model,
everybody's turns within the windows and the cost within the bound ("relax and fix"; Wolsey, 1998). What it finds
meets every bound and so needs no pass; where it finds nothing the passes have the bounds all the same.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scheduler.roster import ObjectiveValue
from scheduler.solve.bounds import Window
from scheduler.solve.model import UnitModel
from scheduler.solve.rows import automaton, graph
from scheduler.solve.rows.automaton import Automaton, Own
from scheduler.solve.rows.columns import SCALE, Programme, home_costs, programme
from scheduler.solve.rows.fair_shares import (
    Fairest,
    Shares,
    constrain,
    evenest_of,
    fairest_of,
    hull,
    ranges_of,
    shares,
)
from scheduler.solve.rows.graph import INFINITE, Counted, Graph, Whole
from scheduler.solve.rows.master import MasterError
from scheduler.solve.rows.relaxation import Relaxation, relax
from scheduler.solve.search import Effort, search

MOST_NODES = 12_000_000
"""Larger graphs are not built: memory stays below a gigabyte."""

FREE_PARTS = (0.0, 0.1, 0.3, 1.0)
"""The parts of the people with a whole row that are set free as well, one step after the other."""

PART = 0.2
"""The part of a pass's effort for one attempt at rounding."""

FAIRNESS = ("shortfall", "fairness_spread", "fairness_total")
NEEDS = {
    "fairness_spread": ("shortfall",),
    "fairness_total": ("shortfall", "fairness_spread"),
    "role_spread": ("shortfall",),
    "role_total": ("shortfall", "role_spread"),
    "monday_friday": FAIRNESS,
    "preferences": (*FAIRNESS, "monday_friday"),
}
"""Which objectives must have met their bounds for a bound to hold."""


@dataclass(slots=True)
class Ideal:
    """What is known before the passes: bounds by objective (see `NEEDS`), and a solution where one was found."""

    bounds: dict[str, int] = field(default_factory=dict)
    values: list[int] | None = None
    homes: list[Shares] | None = None
    roles: list[Shares] | None = None

    def bound(self, objective: str, reached: Mapping[str, ObjectiveValue]) -> int:
        """Return the bound of an objective where those it needs have met theirs, else none worth having."""
        needed = NEEDS.get(objective)
        if needed is None or not all(name in reached and reached[name].is_optimal for name in needed):
            return 0
        return self.bounds.get(objective, 0)

    def measure(self, model: UnitModel, value: Callable[[Any], int]) -> dict[str, int] | None:
        """Return every objective of the solution found, without a variable of its own; None where none was."""
        if self.values is None or self.homes is None or self.roles is None:
            return None
        found = {name: _cost(model, name, value) for name in ("shortfall", "preferences", "stints")}
        for prefix, groups in (("fairness", self.homes), ("role", self.roles)):
            values = [[b.value(value) for b in s.everyday.balances] for s in groups]
            found[f"{prefix}_spread"] = sum(max(v) - min(v) for v in values if v)
            found[f"{prefix}_total"] = sum(abs(b) for v in values for b in v)
        border = [[b.value(value) for b in s.border.balances] for s in self.homes]
        found["monday_friday"] = sum(max(v) - min(v) for v in border if v)
        return found


def _cost(model: UnitModel, objective: str, value: Callable[[Any], int]) -> int:
    return sum(weight * value(literal) for weight, literal in model.costs.get(objective, ()))


def find_ideal(model: UnitModel, effort: Effort) -> Ideal:
    """Return the bounds of a unit, and a solution that meets them where it is found."""
    found = Ideal()
    homes = shares(model, "home")
    is_settled = homes is not None
    if homes is None:
        homes = shares(model, "home", assume=True)
    if homes is None or effort.is_over:
        return found
    attempt = _Attempt(model, homes)
    found.homes, found.roles = homes, attempt.roles
    attempt.find_bounds(found, effort)
    if attempt.chosen is not None:
        attempt.find_values(found, effort)
    if not is_settled:
        found.bounds.clear()
    return found


@dataclass(slots=True)
class _Rows:
    relaxation: Relaxation
    people: list[int]
    position: dict[int, int]
    free: Any
    automata: list[Automaton]


class _Attempt:
    def __init__(self, model: UnitModel, homes: list[Shares]) -> None:
        self.model = model
        self.homes = homes
        self.roles = shares(model, "role")
        self.rows = _read_rows(model)
        self.everyday: list[Window] = []
        self.role_windows: list[Window] = []
        self.chosen: list[Window] | None = None
        self.programme: Programme | None = None
        self.end: Whole = np.zeros(0, dtype=np.int64)

    def find_bounds(self, found: Ideal, effort: Effort) -> None:
        """Fill in bounds, from fairness to wishes, as far as the turns can be shared out at all."""
        rows = self.rows
        counted, border = self._counted()
        least, most = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        if rows.people:
            least, most = graph.turns_possible(rows.automata, counted)
        fairest = [
            fairest_of(s.everyday, ranges_of(s.everyday, rows.position, s.people, least, most))
            for s in self.homes
        ]
        if any(f is None for f in fairest) or (rows.people and bool((least > most).any())):
            return
        known = [f for f in fairest if f is not None]
        found.bounds["fairness_spread"] = sum(f.spread for f in known)
        found.bounds["fairness_total"] = sum(f.total for f in known)
        self._add_roles(found)
        for s, f in zip(self.homes, known, strict=True):
            lowest, highest = hull(f.windows)
            for i, balance, low, high in zip(s.people, s.everyday.balances, lowest, highest, strict=True):
                if balance.taken and i in rows.position:
                    least[rows.position[i]], most[rows.position[i]] = low, high
            self.everyday.append(f.windows[0])
        if not rows.people:
            return
        if graph.size(rows.automata, least, most) > MOST_NODES:
            return
        whole = graph.build(
            rows.people, rows.automata, Counted(turns=counted, border=border, least=least, most=most)
        )
        evenest = self._evenest(whole)
        if evenest is None:
            return
        found.bounds["monday_friday"] = sum(f.spread for f in evenest)
        self._price(found, whole, evenest, effort)

    def _add_roles(self, found: Ideal) -> None:
        if self.roles is None:
            return
        best = [fairest_of(s.everyday, [None] * len(s.people)) for s in self.roles]
        known = [f for f in best if f is not None]
        if len(known) == len(best):
            found.bounds["role_spread"] = sum(f.spread for f in known)
            found.bounds["role_total"] = sum(f.total for f in known)
            self.role_windows = [f.windows[0] for f in known]

    def _counted(self) -> tuple[Any, Any]:
        """Return which days count as turns and as border turns, by row of the graph."""
        rows = self.rows
        turns, border = (np.zeros_like(rows.free) for _ in range(2))
        for s in self.homes:
            for group, into in ((s.everyday, turns), (s.border, border)):
                for balance in group.balances:
                    for literal in balance.taken:
                        i, k = rows.relaxation.cells[literal.index]
                        into[rows.position[i], k] = True
        return turns, border

    def _evenest(self, whole: Graph) -> list[Fairest] | None:
        least = np.full(len(whole.people), 1 << 20)
        most = np.full(len(whole.people), -1)
        np.minimum.at(least, whole.end_person, whole.end_border)
        np.maximum.at(most, whole.end_person, whole.end_border)
        if bool((most < 0).any()):
            return None
        found = [
            evenest_of(s.border, ranges_of(s.border, self.rows.position, s.people, least, most))
            for s in self.homes
        ]
        known = [f for f in found if f is not None]
        return known if len(known) == len(found) else None

    def _price(self, found: Ideal, whole: Graph, evenest: Sequence[Fairest], effort: Effort) -> None:
        """Find the least cost of wishes within the windows; go on to better windows as long as there are any."""
        costs = home_costs(self.rows.relaxation, whole.people, len(self.model.days), "preferences")
        chosen = [f.windows[0] for f in evenest]
        for _ in range(4):
            self.end = self._ends(whole, chosen)
            self.programme = programme(self.rows.relaxation, whole, costs)
            try:
                self.programme.generate(self.end, is_over=lambda: effort.is_over)
            except MasterError:
                return
            bound, better = self._least_over_windows(whole, evenest, chosen)
            found.bounds["preferences"] = max(found.bounds.get("preferences", 0), -(-bound // SCALE))
            if better == chosen:
                break
            chosen = better
        if self.programme is not None and self.programme.master.missed < 1e-6:
            self.chosen = chosen

    def _ends(self, whole: Graph, windows: Sequence[Window]) -> Whole:
        least = np.zeros(len(whole.people), dtype=np.int64)
        most = np.full(len(whole.people), 1 << 20, dtype=np.int64)
        for s, window in zip(self.homes, windows, strict=True):
            for i, balance, low, high in zip(
                s.people, s.border.balances, window.least, window.most, strict=True
            ):
                if i in self.rows.position and balance.taken:
                    least[self.rows.position[i]], most[self.rows.position[i]] = low, high
        inside = (whole.end_border >= least[whole.end_person]) & (whole.end_border <= most[whole.end_person])
        return np.where(inside, 0, INFINITE).astype(np.int64)

    def _least_over_windows(
        self, whole: Graph, evenest: Sequence[Fairest], chosen: Sequence[Window]
    ) -> tuple[int, list[Window]]:
        """Return the bound over all windows of all groups at the present duals, and the windows that have it."""
        assert self.programme is not None
        cells = self.programme.cell_costs(self.programme.duals)
        values: list[dict[int, int]] = []
        for n, f in enumerate(evenest):
            members = [self.rows.position[i] for i in self.homes[n].people if i in self.rows.position]
            values.append({})
            for w, window in enumerate(f.windows[:50]):
                tried = [window if m == n else c for m, c in enumerate(chosen)]
                start = whole.potentials(cells, self._ends(whole, tried))[0][: len(whole.people)]
                values[n][w] = int(start[members].sum())
        inside = {self.rows.position[i] for s in self.homes for i in s.people if i in self.rows.position}
        outside = [p for p in range(len(whole.people)) if p not in inside]
        start = whole.potentials(cells, self.end)[0]
        bound = self.programme.rest(self.programme.duals) + int(start[outside].sum())
        best = []
        for n, f in enumerate(evenest):
            now = values[n].get(f.windows.index(chosen[n]), INFINITE)
            w = min(values[n], key=lambda w: (values[n][w], w))
            bound += values[n][w] if len(f.windows) <= 50 else -INFINITE
            best.append(chosen[n] if values[n][w] >= now else f.windows[w])
        return bound, best

    # Rounding ----------------------------------------------------------------------------------------------------

    def find_values(self, found: Ideal, effort: Effort) -> None:
        """Look for a solution that meets every bound; without the roles' windows where it must be."""
        assert self.programme is not None and self.chosen is not None
        rows, split = _heaviest(self.programme)
        target = found.bounds["preferences"]
        draw = random.Random(effort.seed)
        order = [draw.random() for _ in split]
        for part in FREE_PARTS:
            free = {p for p, is_split in enumerate(split) if is_split or order[p] < part}
            if found.values is None:
                values = self._search(rows, free, target, effort, with_roles=False)
                if values is None:
                    continue
                found.values, rows = values, self._homes(values)
                if not self.role_windows:
                    return
                values = self._search(rows, set(), target, effort, with_roles=True)
            else:
                values = self._search(rows, free, target, effort, with_roles=True)
            if values is not None:
                found.values = values
                return

    def _search(
        self, rows: Any, free: set[int], target: int, effort: Effort, *, with_roles: bool
    ) -> list[int] | None:
        if effort.is_over:
            return None
        answer = search(self._restricted(rows, free, target, with_roles), effort.share(PART), alone=True)
        return None if answer.values is None else list(answer.values)[: len(self.model.cp.proto.variables)]

    def _homes(self, values: Sequence[int]) -> Any:
        rows = np.zeros_like(self.rows.free)
        for index, (i, k) in self.rows.relaxation.cells.items():
            rows[self.rows.position[i], k] = bool(values[index])
        return rows

    def _restricted(self, rows: Any, free: set[int], target: int, with_roles: bool) -> Any:
        """Return the unit's model with everybody's turns in the windows, and those not free kept to their rows."""
        assert self.chosen is not None
        cp = self.model.cp.clone()
        cp.clear_objective()  # type: ignore[no-untyped-call]  # ortools leaves it untyped
        for shortfall in self.model.shortfalls:
            if shortfall.variable is not None:
                cp.add(shortfall.variable == shortfall.least)
                if not isinstance(shortfall.excused, int):
                    cp.add(shortfall.excused == 0)
        for s, everyday, border in zip(self.homes, self.everyday, self.chosen, strict=True):
            constrain(cp, s.everyday, everyday)
            constrain(cp, s.border, border)
        if with_roles and self.roles is not None:
            for s, window in zip(self.roles, self.role_windows, strict=True):
                constrain(cp, s.everyday, window)
        for index, (i, k) in self.rows.relaxation.cells.items():
            p = self.rows.position[i]
            if p not in free:
                cp.proto.variables[index].domain.clear()
                value = int(rows[p, k])
                cp.proto.variables[index].domain.extend([value, value])
        terms = self.model.costs.get("preferences", [])
        if terms:
            cp.add(sum(weight * literal for weight, literal in terms) <= target)
        return cp


def _heaviest(programme: Programme) -> tuple[Any, list[bool]]:
    """Return everybody's heaviest row in the programme's optimum, and who is split between several."""
    people = len(programme.graph.people)
    heaviest = np.zeros(people)
    rows = np.zeros((people, len(programme.graph.layers)), dtype=bool)
    for weight, person, row in zip(programme.master.weights(), programme.who, programme.rows, strict=True):
        if weight > heaviest[person]:
            heaviest[person] = weight
            rows[person] = row
    return rows, [bool(weight < 1 - 1e-6) for weight in heaviest]


def _read_rows(model: UnitModel) -> _Rows:
    relaxation = relax(model)
    people = sorted({i for i, _ in relaxation.cells.values()})
    position = {i: p for p, i in enumerate(people)}
    free = np.zeros((len(people), len(model.days)), dtype=bool)
    for i, k in relaxation.cells.values():
        free[position[i], k] = True
    known: dict[tuple[tuple[bool, ...], tuple[Own, ...]], Automaton] = {}
    automata = []
    for i in people:
        own = [*relaxation.own.get(i, ()), *_soft(relaxation, i)]
        key = (tuple(free[position[i]].tolist()), tuple(own))
        if key not in known:
            known[key] = automaton.build(*key)
        automata.append(known[key])
    return _Rows(relaxation, people, position, free, automata)


def _soft(relaxation: Relaxation, person: int) -> list[Own]:
    """Return a person's soft clauses with what they cost among wishes, in thousandths."""
    return [
        (*line[:3], SCALE * weight)
        for line, penalties in relaxation.soft.get(person, ())
        if (weight := sum(p.weight for p in penalties if p.objective == "preferences"))
    ]
