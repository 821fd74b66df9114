"""The fewest changes of a roster by whole rows: a bound by column generation, and rows that meet it.

Everybody's lawful rows are priced by how many of their days differ from the roster replaced; what couples people are
the rules, the home places, and the posts: whoever leaves a post is replaced by somebody at the office, who is called
there or changes without moving. Where stints push changes from day to day, this tells how many in one programme. The
bound is the Lagrangian one in whole numbers (Geoffrion, 1974), so it holds for every roster; a day that has the same
status in every row cheap enough for so many changes (Dantzig, Fulkerson and Johnson, 1954) is settled.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scheduler.solve.model import UnitModel
from scheduler.solve.rows import graph, numbers
from scheduler.solve.rows.automaton import Automaton, Builder
from scheduler.solve.rows.columns import SCALE, Programme
from scheduler.solve.rows.differing import Differing, differing
from scheduler.solve.rows.entries import Costs
from scheduler.solve.rows.graph import INFINITE, Counted, Whole
from scheduler.solve.rows.master import MasterError
from scheduler.solve.rows.relaxation import FAR, Coupling, Relaxation, merged, relax
from scheduler.solve.search import Effort

Cell = tuple[int, int]

MOST_CHEAP = 400_000
"""More rows than this are not listed; then no day is settled by them."""

WITHIN = SCALE - SCALE // 50
"""The value of the programme and its bound are near enough once no whole number lies between them."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """What whole rows tell of the fewest changes.

    Attributes
    ----------
    changes : no roster without an empty place beyond the least has fewer; what changes whatever is chosen apart.
    rows : for each person of one whole row in the programme's solution, their days at home by variable.
    settled : variables that have this value in every roster with no more changes.
    """

    changes: int
    rows: dict[int, dict[int, bool]]
    settled: dict[int, bool]


def nearest(
    model: UnitModel,
    seen: UnitModel,
    fixed: Mapping[int, bool],
    at_home: Mapping[Cell, bool],
    effort: Effort,
    *,
    least: int,
) -> Nearest | None:
    """Return the fewest changes that whole rows tell; None where they do not.

    Parameters
    ----------
    seen : the model with what is fixed as constants.
    fixed : variables that a pin or a rule settles, with their values.
    at_home : of each person-day that may change and would then count, whether it was at home.
    least : changes that counting day by day proves; there are as many at least.
    """
    places = numbers.places(seen)
    if effort.is_over or any(
        number is None and shortfall.variable is not None
        for number, shortfall in zip(places, model.shortfalls, strict=True)
    ):
        return None
    rows = _Rows(model, fixed)
    if not rows.people:
        return None
    lines, others = _posts(model, at_home)
    rows.relaxation.others.update(others)
    couplings = merged([*rows.relaxation.couplings, *_homes(model, places), *lines])
    whole = rows.programme(couplings, at_home, others)
    try:
        bound = whole.generate(WITHIN, lambda: effort.is_over)
        if bound < INFINITE // 2 and (whole.master.missed > 1e-6 or not _is_whole(whole)):
            bound = max(bound, whole.generate(is_over=lambda: effort.is_over))
    except MasterError:
        return None
    if bound >= INFINITE // 2 or effort.is_over or whole.master.missed > 1e-6:
        return None
    changes = max(least, -(-bound // SCALE))
    return Nearest(changes, rows.chosen(whole), rows.settled(whole, changes))


def _is_whole(whole: Programme) -> bool:
    weights = whole.master.weights()
    return bool(((weights < 1e-6) | (weights > 1 - 1e-6)).all())


class _Rows:
    """Everybody's lawful rows by the rules alone: what is only minimised is left out."""

    def __init__(self, model: UnitModel, fixed: Mapping[int, bool]) -> None:
        bare = copy.copy(model)
        bare.cp, bare.costs = model.bare, {}
        self.relaxation: Relaxation = relax(bare)
        self.cells = self.relaxation.cells
        for variable in fixed.keys() & self.cells.keys():
            (i, k), value = self.cells[variable], int(fixed[variable])
            self.relaxation.own.setdefault(i, []).append((((k, 1),), value, value, 0))
        self.people = tuple(sorted({i for i, _ in self.cells.values()}))
        self.position = {i: p for p, i in enumerate(self.people)}
        self.free = np.zeros((len(self.people), len(model.days)), dtype=bool)
        for i, k in self.cells.values():
            self.free[self.position[i], k] = True
        self.automata = list(self._automata())

    def _automata(self) -> Iterator[Automaton]:
        builder = Builder()
        for i, free in zip(self.people, self.free.tolist(), strict=True):
            yield builder.build(free, sorted(self.relaxation.own.get(i, ())))

    def programme(
        self, couplings: Sequence[Coupling], at_home: Mapping[Cell, bool], others: Mapping[int, object]
    ) -> Differing:
        """Return the programme that counts changes; each of `others` is one more."""
        nobody, none = np.zeros_like(self.free), np.zeros(len(self.people), dtype=np.int64)
        paths = graph.build(
            self.people, self.automata, Counted(turns=nobody, border=nobody, least=none, most=none)
        )
        home, before = np.zeros(self.free.shape, dtype=np.int64), np.zeros_like(self.free)
        constant = 0
        for i, k in self.cells.values():
            if (was_home := at_home.get((i, k))) is not None:
                home[self.position[i], k] = -1 if was_home else 1
                before[self.position[i], k] = was_home
                constant += was_home
        changes = Costs(home=home, others=dict.fromkeys(others, 1), constant=constant)
        return differing(self.relaxation, couplings, paths, changes, before)

    def chosen(self, whole: Differing) -> dict[int, dict[int, bool]]:
        """Return the rows that the programme takes whole."""
        rows = {self.people[p]: row.tolist() for p, row in whole.taken().items()}
        found: dict[int, dict[int, bool]] = {}
        for variable, (i, k) in self.cells.items():
            if i in rows:
                found.setdefault(i, {})[variable] = rows[i][k]
        return found

    def settled(self, whole: Programme, changes: int) -> dict[int, bool]:
        """Return the days that are the same in every row of a roster with so many changes."""
        homes, count = self._cheap(whole, changes)
        is_same = (count > 0)[:, None] & ((homes == 0) | (homes == count[:, None]))
        same, at_home = is_same.tolist(), (homes > 0).tolist()
        found = {}
        for variable, (i, k) in self.cells.items():
            p = self.position[i]
            if same[p][k]:
                found[variable] = at_home[p][k]
        return found

    def _cheap(self, whole: Programme, changes: int) -> tuple[Whole, Whole]:
        """Return how many rows of each person may be part of so few changes: at home by day, and in all."""
        duals, size = whole.duals, len(self.people)
        cells, weights = whole.cell_costs(duals), whole.weights(duals)
        potentials = whole.graph.potentials(cells, whole.end, weights)
        slack = changes * SCALE - whole.rest(duals) - int(potentials[0][:size].sum())
        found = whole.graph.rows_within(cells, potentials, np.full(size, slack), MOST_CHEAP, weights)
        homes = np.zeros(self.free.shape, dtype=np.int64)
        if found is None:
            return homes, np.zeros(size, dtype=np.int64)
        np.add.at(homes, found[0], found[1])
        return homes, np.bincount(found[0], minlength=size)


def _homes(model: UnitModel, places: Sequence[int | None]) -> Iterator[Coupling]:
    """Yield how many are at home at least where no place is empty beyond the least; roles may excuse some."""
    turns = {t.name: t for t in model.turns if t.kind == "home"}
    for shortfall, number in zip(model.shortfalls, places, strict=True):
        if shortfall.variable is None or number is None or shortfall.rule is None:
            continue
        group, k = turns[shortfall.rule.label], shortfall.day
        terms, low = _sum([(group.taken[i, k], 1) for i in group.eligible[k]])
        yield Coupling(
            tuple(terms), tuple(terms.values()), number - numbers.most_excused(shortfall) - low, FAR
        )


def _posts(
    model: UnitModel, at_home: Mapping[Cell, bool]
) -> tuple[list[Coupling], dict[int, tuple[int, int]]]:
    """Return what replacing those in posts asks for, and of each day a variable: how many change without moving.

    A post's number is reached by those who held it and are at the office, those who are called there, and whoever
    was there and changes; where nobody holds two posts on a day, by so many for all posts together.
    """
    lines: list[Coupling] = []
    others: dict[int, tuple[int, int]] = {}
    first = len(model.cp.proto.variables)
    for k, day in enumerate(model.days):
        if model.replaced is None or day < model.replaced.before:
            continue
        posts = list(_posts_of(model, k))
        is_one_each = all(
            name in model._exclusive.get((i, k), ()) for name, _, officers in posts for i in officers
        )
        groups = [[post] for post in posts]
        for group in [*groups, *([posts] if is_one_each and len(posts) > 1 else [])]:
            truths = []
            low = 0
            for name, number, officers in group:
                counted = [i for i in officers if (i, k) in at_home]
                low += number - (len(officers) - len(counted))
                truths += [(model.home(i, k), -1) for i in counted if name in model._roles_before(i, k)]
                low -= sum(name in model._roles_before(i, k) for i in counted)
            everybody = {i for _, _, officers in group for i in officers}
            called = [i for i in sorted(everybody) if at_home.get((i, k))]
            terms, held = _sum([*truths, *((model.home(i, k), -1) for i in called)])
            low -= len(called) + held
            if (most := low - sum(c for c in terms.values() if c < 0)) > 0:
                others[first + k] = (0, max(most, others.get(first + k, (0, 0))[1]))
                lines.append(Coupling((first + k, *terms), (1, *terms.values()), low, FAR))
    return lines, others


def _posts_of(model: UnitModel, k: int) -> Iterator[tuple[str, int, list[int]]]:
    """Yield the posts of a day that are held at the office: name, how many hold it, who may."""
    for turns in model.turns:
        if turns.kind != "role" or not turns.numbers or (number := turns.numbers[k]) is None:
            continue
        officers = [i for i in turns.eligible[k] if turns.taken[i, k] is not False]
        if all((i, k, turns.name) in model._on_site for i in officers):
            yield turns.name, number, officers


def _sum(truths: Sequence[tuple[object, int]]) -> tuple[dict[int, int], int]:
    """Return coefficients by variable, and the sum of those that hold whatever is chosen."""
    terms: dict[int, int] = {}
    held = 0
    for truth, coefficient in truths:
        if isinstance(truth, bool):
            held += coefficient * truth
        else:
            index: int = truth.index  # type: ignore[attr-defined]  # ortools' literals
            terms[index] = terms.get(index, 0) + coefficient
    return terms, held
