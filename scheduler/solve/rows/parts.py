"""Parts of a unit that no rule connects, such as ranks with quotas of their own and no common post: each is solved alone.

Every objective is a sum over the parts, so the best rosters of the parts make the best of the unit, in the order of
objectives too. A small unit of three ranks would else be searched over every combination of their ways to be fair.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from typing import Any

from scheduler.constraints.base import Truth, Turns
from scheduler.solve.frame import without_collecting
from scheduler.solve.lines import UNKNOWN
from scheduler.solve.model import UnitModel

Part = frozenset[int]
"""Variables, by index."""


def parts(model: UnitModel) -> list[Part]:
    """Return the parts, those first that have least to choose; one alone where a constraint is of a kind unknown here."""
    variables = model.cp.proto.variables
    domains = [list(v.domain) for v in variables]
    open_ = [domain[0] != domain[-1] for domain in domains]
    leader = list(range(len(open_)))

    def find(n: int) -> int:
        while leader[n] != n:
            leader[n] = leader[leader[n]]
            n = leader[n]
        return n

    def unite(found: Iterable[int]) -> None:
        first, *others = {find(n) for n in found if open_[n]} or {0}
        for n in others:
            leader[n] = first

    with without_collecting():
        for kind, enforced, literals, _, _ in model.written():
            if kind == UNKNOWN:
                return [frozenset(range(len(open_)))]
            unite(map(_plain, (*enforced, *literals)))
    for turns in model.turns:
        unite([*_indices(turns.taken.values()), *_quota(model, turns)])
    by_leader: dict[int, set[int]] = {}
    for n, is_open in enumerate(open_):
        if is_open:
            by_leader.setdefault(find(n), set()).add(n)
    return [
        frozenset(found) for found in sorted(by_leader.values(), key=lambda found: (len(found), min(found)))
    ]


def views(model: UnitModel, found: list[Part]) -> Iterator[UnitModel]:
    """Yield the model seen by each part: the same variables, of which only the part's are left to choose.

    What is settled, and costs something all the same, counts in the first.
    """
    whose = {n: number for number, part in enumerate(found) for n in part}

    def number_of(indices: Iterable[int]) -> int:
        return next((whose[n] for n in indices if n in whose), 0)

    quotas = [(t, number_of([*_indices(t.taken.values()), *_quota(model, t)])) for t in model.turns]
    lines = [(c, number_of(_variables(c) or ())) for c in model.cp.proto.constraints]
    for number, part in enumerate(found):

        def is_mine(truth: Any, number: int = number) -> bool:
            return number_of(_indices([truth])) == number

        view = copy.copy(model)
        view.cp = model.cp.clone()
        view.cp.proto.constraints.clear()
        for line, belongs in lines:
            if belongs == number:
                view.cp.proto.constraints.add().copy_from(line)
        for n, variable in enumerate(view.cp.proto.variables):
            if n not in part:
                least, *_ = list(variable.domain)  # OR-Tools' own sequence misreads negative indices
                variable.domain.clear()
                variable.domain.extend([least, least])
        view._home = {cell: _left(truth, part) for cell, truth in model._home.items()}
        view.cells = {index: cell for index, cell in model.cells.items() if index in part}
        view._roles = {
            cell: {name: _left(truth, part) for name, truth in names.items()}
            for cell, names in model._roles.items()
        }
        view.turns = [turns for turns, belongs in quotas if belongs == number]
        labels = {turns.name: belongs for turns, belongs in quotas if turns.kind == "home"}
        view.shortfalls = [
            s
            for s in model.shortfalls
            if labels.get(s.rule.label if s.rule else "", number_of(_indices([s.variable]))) == number
        ]
        view.costs = {
            name: [(weight, truth) for weight, truth in terms if is_mine(truth)]
            for name, terms in model.costs.items()
        }
        view.auxiliaries = [a for a in model.auxiliaries if is_mine(a.variable)]
        yield view


def _left(truth: Truth, part: Part) -> Truth:
    """Return a truth as a part sees it: another's choice is none of its own."""
    return truth if isinstance(truth, bool) or _plain(truth.index) in part else False


def _quota(model: UnitModel, turns: Turns) -> list[int]:
    """Return the shortfalls of the quota whose turns these are."""
    return list(
        _indices(s.variable for s in model.shortfalls if s.rule is not None and s.rule.label == turns.name)
    )


def _plain(index: int) -> int:
    return index if index >= 0 else -index - 1


def _indices(truths: Iterable[Any]) -> Iterator[int]:
    for truth in truths:
        if truth is not None and not isinstance(truth, (bool, int)):
            yield _plain(truth.index)


def _variables(constraint: Any) -> list[int] | None:
    """Return the variables of a constraint; None where its kind is not known here."""
    found = list(constraint.enforcement_literal)
    if constraint.has_linear():
        found += list(constraint.linear.vars)
    elif constraint.has_lin_max():
        for expression in (constraint.lin_max.target, *constraint.lin_max.exprs):
            found += list(expression.vars)
    else:
        for kind in ("bool_or", "bool_and", "at_most_one", "exactly_one"):
            if getattr(constraint, f"has_{kind}")():
                found += list(getattr(constraint, kind).literals)
                break
        else:
            return None
    return [_plain(n) for n in found]
