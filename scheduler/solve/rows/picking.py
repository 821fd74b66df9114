"""Whole rows picked by CP-SAT: one for each person, from all those that are cheap enough by the programme's duals.

A roster whose cost is at most `target` has no row whose reduced cost is more than the target less the bound (Dantzig,
Fulkerson and Johnson, 1954, for edges): with everybody free and all such rows at hand, finding none proves that none
is. People who are not free keep the row they have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from scheduler.solve.rows.branching import branch
from scheduler.solve.rows.columns import SCALE, Programme
from scheduler.solve.rows.graph import Whole
from scheduler.solve.rows.reading import Flags
from scheduler.solve.rows.relaxation import FAR
from scheduler.solve.search import Effort, search

MOST_ROWS = 60_000

AT_FIRST = 0.1
"""Deterministic seconds after which CP-SAT, which soon proves that nothing fits, leaves finding to `branch` for a while."""


class Way(Enum):
    """How rows are picked: CP-SAT in a moment, SCIP by a few nodes, CP-SAT at length."""

    SOON = "soon"
    BRANCH = "branch"
    AT_LENGTH = "at length"


def pick(
    programme: Programme,
    rows: Flags,
    free: set[int],
    target: int,
    effort: Effort,
    ways: tuple[Way, ...] = tuple(Way),
) -> tuple[Flags | None, bool]:
    """Return a row for each person, or None and whether there is none.

    Parameters
    ----------
    rows : of those who are not free.
    target : what the main objective may cost at most.
    ways : how to look for them, one after the other.
    """
    found = cheap_rows(programme, rows, free, target)
    if found is None:
        return None, False
    who, choices = found
    cp = cp_model.CpModel()
    chosen = [cp.new_bool_var("") for _ in who]
    by_person: dict[int, list[Any]] = {}
    for variable, person in zip(chosen, who.tolist(), strict=True):
        by_person.setdefault(person, []).append(variable)
    for variables in by_person.values():
        cp.add_exactly_one(variables)
    _couple(cp, programme, chosen, who, choices, target)
    values, is_none = _settled(cp, effort, ways)
    if values is None:
        return None, is_none
    picked = np.zeros_like(rows)
    for n, person in enumerate(who.tolist()):
        if values[n]:
            picked[person] = choices[n]
    return picked, False


def _settled(cp: cp_model.CpModel, effort: Effort, ways: Sequence[Way]) -> tuple[Sequence[int] | None, bool]:
    """Return a solution, or None and whether there is none."""
    for way in ways:
        if way is Way.BRANCH:
            if (values := branch(cp, effort)) is not None:
                return values, False
            continue
        soon = way is Way.SOON
        limited = replace(effort, limit=min(AT_FIRST, effort.limit)) if soon else effort
        answer = search(cp, limited, alone=True, small=soon)
        if answer.values is not None or answer.is_infeasible:
            return answer.values, answer.is_infeasible
    return None, False


def cheap_rows(programme: Programme, rows: Flags, free: set[int], target: int) -> tuple[Whole, Flags] | None:
    """Return (person, row) of every row that is cheap enough; the one kept for those not free.

    None where there are more than `MOST_ROWS`, or the rows kept cost too much already.
    """
    duals = programme.duals
    cells, weights = programme.cell_costs(duals), programme.weights(duals)
    potentials = programme.graph.potentials(cells, programme.end, weights)
    bound = programme.rest(duals) + int(potentials[0][: len(rows)].sum())
    kept = np.array([p for p in range(len(rows)) if p not in free], dtype=np.int64)
    # What the rows kept cost above their own best is no longer there for the others.
    spent = programme.reduced(kept, rows[kept], duals) - potentials[0][kept]
    slack = np.full(len(rows), -1, dtype=np.int64)
    slack[sorted(free)] = target * SCALE - bound - int(spent.sum())
    if bool((slack[sorted(free)] < 0).any()):
        return None
    found = programme.graph.rows_within(cells, potentials, slack, MOST_ROWS, weights)
    if found is None:
        return None
    return np.concatenate([found[0], kept]), np.concatenate([found[1], rows[kept]])


def _couple(
    cp: Any, programme: Programme, chosen: list[Any], who: Whole, choices: Flags, target: int
) -> None:
    """Add the couplings, the objectives kept, and the target."""
    count = len(programme.lows)
    terms: list[dict[int, int]] = [{} for _ in range(count)]
    row, person, day, coefficient = programme.at
    columns_of = {p: np.nonzero(who == p)[0] for p in np.unique(who).tolist()}
    for r, p, k, c in zip(row.tolist(), person.tolist(), day.tolist(), coefficient.tolist(), strict=True):
        for n in columns_of[p][choices[columns_of[p], k]].tolist():
            terms[r][n] = terms[r].get(n, 0) + c
    tolls = programme.graph.measure(who, choices).tolls
    costs = [(choices * price.home[who]).sum(axis=1) for price in programme.prices]
    costs = [cost + tolls[n] if n < len(tolls) else cost for n, cost in enumerate(costs)]
    limits: list[tuple[dict[int, int], int, int]] = [
        (terms[r], int(programme.lows[r]), int(programme.highs[r])) for r in range(count)
    ]
    for objective, r in programme.caps:
        limits[r] = (_nonzero(costs[objective]), *limits[r][1:])
    main = programme.main
    final: dict[int, int] = {}
    if main is not None:
        final = _nonzero(costs[main])
        limits.append((final, -FAR, target - programme.prices[main].constant))
    extra: list[list[Any]] = [[] for _ in limits]
    for values, least, most, parts in programme.others:
        variable = cp.new_int_var(least, most, "")
        for r, c in parts:
            extra[r].append(c * variable)
        if main is not None and values[main]:
            extra[-1].append(values[main] * variable)
    for (sums, low, high), rest in zip(limits, extra, strict=True):
        if sums or rest:
            expression = cp_model.LinearExpr.weighted_sum([chosen[n] for n in sums], list(sums.values()))
            cp.add_linear_constraint(expression + sum(rest), max(low, -FAR), min(high, FAR))


def _nonzero(costs: Whole) -> dict[int, int]:
    return {n: int(costs[n]) for n in np.nonzero(costs)[0].tolist()}


def lacking(programme: Programme, rows: Flags) -> Whole:
    """Return how much each coupling lacks (more than 0) or has too much (less), with the others at their best."""
    count = len(programme.lows)
    sums = np.zeros(count, dtype=np.int64)
    row, person, day, coefficient = programme.at
    np.add.at(sums, row, coefficient * rows[person, day])
    tolls = programme.graph.measure(np.arange(len(rows)), rows).tolls
    for objective, r in programme.caps:
        sums[r] = int((rows * programme.prices[objective].home).sum()) + int(tolls[objective].sum())
    low, high = sums.copy(), sums.copy()
    for _, least, most, terms in programme.others:
        for r, c in terms:
            low[r] += min(c * least, c * most)
            high[r] += max(c * least, c * most)
    found: Whole = np.maximum(programme.lows - high, 0) - np.maximum(low - programme.highs, 0)
    return found
