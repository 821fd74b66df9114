"""A lawful roster at once, for whoever interrupts or sets a limit: CP-SAT walks from day to day without looking back.

Each day it sends home whom the rules still let go, beginning with other people than the day before; where a roster
is replaced it keeps what was there. Only what propagation refutes is undone, so this takes about as long as
loading the model.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ortools.sat.python import cp_model

from scheduler.roster import HOME, Replaced
from scheduler.solve.effort import Effort
from scheduler.solve.frame import without_collecting
from scheduler.solve.model import UnitModel
from scheduler.solve.search import Found, search, walk

WALK = 1.0
"""Deterministic seconds for the walk, and as many for any other roster; 500 people over 44 days take 0.16."""

TURNED = 3
"""Each day the walk begins with the people a third further on, so that not always the same stay at home."""


def first_roster(model: UnitModel, effort: Effort) -> Found:
    """Return a lawful roster that leaves few home places empty, or changes little; or one without such care.

    An interrupt does not end it: it is what an interrupt leaves. `Found.values` is None where the time is up, or
    where no roster is found without a real search. Auxiliary variables may have any value, or none yet.
    """
    unstopped = replace(effort, limit=WALK, stopped=threading.Event())
    found = _walked(model, unstopped)
    if found.values is None and not found.is_infeasible and not effort.is_over:
        found = search(model.cp.clone(), unstopped if effort.deadline is None else effort, alone=True)
    return found


def _walked(model: UnitModel, effort: Effort) -> Found:
    """Walk as the model stands; where that leads into a corner, again by one round of presolve, which sees further."""
    start = model.bare if model.replaced is None else model.cp
    with without_collecting():
        found = walk(start, [truth for day in _choices(model) for truth in day], effort)
    if found.values is None and not found.is_infeasible and not effort.is_over:
        attempt = start.clone()
        for literals in _choices(model):
            attempt.add_decision_strategy(literals, cp_model.CHOOSE_FIRST, cp_model.SELECT_MAX_VALUE)
        found = search(attempt, effort, walking=True, keeping=model.replaced is not None)
    return found


def _choices(model: UnitModel) -> Iterator[list[Any]]:
    """Yield what the walk wishes to be true, day by day."""
    people = len(model.people)
    roles = model.roles_offered()
    for k in range(len(model.days)):
        turn = k * (people // TURNED) % people
        order = (*range(turn, people), *range(turn))
        if model.replaced is None:
            wanted = [model.home(i, k) for i in order]
        else:
            wanted = [_wish(model, model.replaced, i, k) for i in order]
            wanted += [
                truth
                if name in model.replaced.roles(model.people[i].id, model.days[k])
                else model.negate(truth)
                for i in order
                for name, truth in roles.get((i, k), {}).items()
            ]
        if literals := [truth for truth in wanted if truth is not True and truth is not False]:
            yield literals


def _wish(model: UnitModel, replaced: Replaced, i: int, k: int) -> Any:
    if replaced.status(model.people[i].id, model.days[k]) == HOME:
        return model.home(i, k)
    return model.office(i, k)
