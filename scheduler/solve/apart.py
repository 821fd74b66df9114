"""A unit of several parts searched whole at first, and part by part where that meets every bound no sooner.

This stands above `passes`, which solve each part; for a whole unit `unit` hands them `find_ideal`.
"""

from __future__ import annotations

import time
from functools import partial

from scheduler.errors import NoRosterFoundError
from scheduler.roster import OBJECTIVES, ObjectiveValue
from scheduler.solve.model import UnitModel
from scheduler.solve.passes import Passes
from scheduler.solve.rows.columns import LONG
from scheduler.solve.rows.ideal import Ideal, find_whole
from scheduler.solve.rows.parts import Part, parts, views
from scheduler.solve.search import Effort, value_in

AT_ONCE = 0.05
STEPS_AT_ONCE = 40
"""The part of the effort, and the steps of the tree, in which a unit of several parts may be done as a whole."""

LEAST_AT_ONCE = 19
"""Smaller units are taken apart first: with few people hardly any roster meets every bound of the whole. So are those
without posts, whose parts are done soonest."""

FEW_IN_PART = 6
"""In a part of so few people whole rows give bounds alone, and plain search finds a roster sooner than rows are picked."""

IN_PARTS = 0.25
"""The part of the effort that a part has: where that is not enough the unit is searched whole from there."""

MOST_IN_PARTS = 400
"""Larger units are left whole: what their parts share is little against the copies of the model. So are long periods
under a limit of time, which a search of the whole would not leave to the parts."""


def find_ideal(model: UnitModel, effort: Effort) -> Ideal:
    """Return the bounds of a unit, and a solution that meets them where it is found."""
    is_hurried = effort.deadline is not None and len(model.days) > LONG
    if len(model.people) > MOST_IN_PARTS or is_hurried or len(found := parts(model)) < 2:
        return find_whole(model, effort)
    began = time.monotonic()
    whole = _at_once(model, effort)
    if whole.values is not None and (whole.is_met(model) or _is_late(began, effort)):
        return whole
    return _better(model, whole, _by_parts(model, found, effort))


find_bounds = partial(find_whole, steps=STEPS_AT_ONCE, is_bounding=True)
"""Returns the bounds that a few steps tell, without a solution."""


def _is_late(began: float, effort: Effort) -> bool:
    """Whether less time is left than was spent, where it is bounded: then the parts would not be done either."""
    now = time.monotonic()
    return effort.is_over or (effort.deadline is not None and effort.deadline - now < now - began)


def _better(model: UnitModel, whole: Ideal, apart: Ideal) -> Ideal:
    """Return the better solution of two, with the better bounds of both.

    A bound holds where those before it are met: from the first that is higher than the other's on, only its own follow.
    """
    found = apart
    if (worth := _worth(model, whole)) is not None:
        others = _worth(model, apart)
        found = whole if others is None or worth < others else apart
    bounds: dict[str, int] = {}
    holding = [whole, apart]
    for name in OBJECTIVES:
        known = [ideal.bounds[name] for ideal in holding if name in ideal.bounds]
        if known:
            bounds[name] = max(known)
            holding = [ideal for ideal in holding if ideal.bounds.get(name, bounds[name]) == bounds[name]]
    # What the parts prove of a later objective was proven with the roles at their bounds.
    found.after_roles = whole.after_roles or bounds != whole.bounds
    found.bounds = bounds
    if not any(ideal is found for ideal in holding):
        found.trade = None
    return found


def _worth(model: UnitModel, ideal: Ideal) -> list[int] | None:
    """Return the objectives of a solution in their order; None where there is none."""
    values = ideal.values
    if values is None:
        return None
    worth = ideal.measure(model, lambda variable: value_in(variable, values))
    return None if worth is None else [worth[name] for name in OBJECTIVES if name in worth]


def _at_once(model: UnitModel, effort: Effort) -> Ideal:
    """Return what a short search of the whole finds: most units meet every bound so."""
    if len(model.people) < LEAST_AT_ONCE or not any(turns.kind == "role" for turns in model.turns):
        return Ideal()
    found = find_whole(model.aside(), effort.share(AT_ONCE), STEPS_AT_ONCE)
    if found.values is not None:
        del found.values[len(model.cp.proto.variables) :]
    return found


def _by_parts(model: UnitModel, found: list[Part], effort: Effort) -> Ideal:
    """Solve part after part; bounds hold up to the first objective that some part leaves open."""
    values = [0] * len(model.cp.proto.variables)
    totals: dict[str, tuple[int, int]] = {}
    for number, (part, view) in enumerate(zip(found, views(model, found), strict=True)):
        try:
            best, objectives = _part_solved(view, effort.until(1 / (len(found) - number)).share(IN_PARTS))
        except NoRosterFoundError:
            return Ideal()
        for n in part:
            values[n] = best[n]
        for o in objectives:
            value, bound = totals.get(o.name, (0, 0))
            totals[o.name] = (value + o.value, bound + o.bound)
    ideal = Ideal(values=values, measured={name: value for name, (value, _) in totals.items()})
    for name, (value, bound) in totals.items():
        ideal.bounds[name] = bound
        if value != bound:
            break
    return ideal


def _part_solved(view: UnitModel, effort: Effort) -> tuple[list[int], list[ObjectiveValue]]:
    """Return the best solution of a part, and its objectives; few people are searched briefly first."""
    if len({i for (i, _), home in view._home.items() if not isinstance(home, bool)}) <= FEW_IN_PART:
        passes = Passes(view.aside(), effort, find=find_bounds, is_brief=True)
        objectives = passes.run()
        if all(objective.is_optimal for objective in objectives):
            return passes.values, objectives
    passes = Passes(view, effort, find=find_whole)
    objectives = passes.run()
    return passes.values, objectives
