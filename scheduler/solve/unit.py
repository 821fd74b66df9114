"""One unit from facts to roster: build, pass by pass, widen what cannot be attained, or explain why not."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

from scheduler.constraints.base import Truth
from scheduler.errors import InfeasibleError, NoRosterFoundError
from scheduler.language import Bilingual
from scheduler.problem import Unit
from scheduler.roster import HOME, NOT_EMPLOYED, OFF, OFFICE, Replaced, UnitRoster
from scheduler.solve.apart import find_ideal
from scheduler.solve.conflicts.conflict import find_conflicts
from scheduler.solve.model import UnitModel
from scheduler.solve.passes import InfeasibleModelError, Passes, within
from scheduler.solve.rows.ideal import Ideal
from scheduler.solve.search import Effort, search
from scheduler.solve.solution import Solution
from scheduler.solve.weighted import weigh

__all__ = ["UNBOUNDED", "Solution", "solve_unit"]

UNBOUNDED = 1_000_000

LEAVING = 2e-5
"""Seconds that ending a search, and telling what its roster is worth, take for one person-day: set aside from a limit
of time. Measured for 150 and 500 people over 42 and 66 days, and for 2000 over 22."""

FEW, IN_TURN = 100, 0.25
"""The part of the effort, and of a limit of time, in which the objectives of so few people are minimised in turn where
their weighted sum is what counts: its search begins there. For more people it is a small matter beside the turns."""

WEIGHING = 4e-4
"""Seconds that building the model anew, and searching a first few people, take for one person-day: with less time left
the sum stays as the turns left it."""


def solve_unit(unit: Unit, effort: Effort, replaced: Replaced | None = None) -> Solution:
    """Return the best roster of one unit that the effort finds.

    Parameters
    ----------
    replaced : the roster to change as little as can be, when replanning.

    Raises
    ------
    InfeasibleError
        Where no roster can exist; it carries the rules in conflict.
    NoRosterFoundError
        Where effort or time ran out before the first roster.
    """
    started = time.monotonic()
    try:
        return replace(_attempt(unit, effort, {}, replaced), seconds=time.monotonic() - started)
    except InfeasibleModelError:
        attained = _least_attainable(unit, effort, replaced)
    if attained is None:
        found = find_conflicts(unit, effort, replaced)
        raise InfeasibleError(
            Bilingual(
                id=f"{unit.name}: tidak ada jadwal yang memenuhi semua aturan.",
                en=f"{unit.name}: no roster meets every rule.",
            ),
            [sentence for conflict in found for sentence in conflict.sentences()],
            found=found,
        )
    return replace(_attempt(unit, effort, attained, replaced), seconds=time.monotonic() - started)


def _attempt(unit: Unit, effort: Effort, attained: Mapping[str, int], replaced: Replaced | None) -> Solution:
    model = UnitModel(unit, attained, replaced=replaced)
    later = effort.sooner(LEAVING * _size(model))
    if effort.is_first:
        later = later.ended()
    in_turn = later
    if unit.weights is not None and len(unit.people) <= FEW:
        in_turn = later.share(IN_TURN).until(IN_TURN)

    def after_first(_: UnitModel, __: Effort) -> Ideal:
        """Tell of the first roster, whatever time it took, and go on within the time there is."""
        passes.effort = in_turn
        if effort.found is not None and passes.values and not effort.is_first:
            first = _extract(model, passes.values, attained)
            effort.found(Solution(roster=first, objectives=(), interrupted=True))
        return Ideal() if later.is_over else find_ideal(model, within(model, in_turn))

    passes = Passes(model, in_turn if replaced is not None else effort.opening(), find=after_first)
    objectives, values = passes.run(), passes.values
    interrupted = passes.interrupted
    if unit.weights is not None:
        if later.deadline is not None and later.deadline - time.monotonic() < WEIGHING * _size(model):
            later = later.ended()
        anew = model if later.is_over else UnitModel(unit, attained, replaced=replaced)
        weighed = weigh(anew, values, objectives, unit.weights, later)
        objectives, values, interrupted = weighed.objectives, weighed.values, weighed.interrupted
    return Solution(
        roster=_extract(model, values, attained), objectives=tuple(objectives), interrupted=interrupted
    )


def _size(model: UnitModel) -> int:
    return len(model.people) * len(model.days)


def _least_attainable(unit: Unit, effort: Effort, replaced: Replaced | None = None) -> dict[str, int] | None:
    """Return the least bound for each key of `widened` with which a roster exists, or None if none does.

    Keys are lowered one after the other in the rules' order, each by bisection while those after it stay open.

    Raises
    ------
    NoRosterFoundError
        Where effort or time ran out before it is known whether one does.
    """
    asked = UnitModel(unit, replaced=replaced).asked
    attained = dict.fromkeys(asked, UNBOUNDED)
    if not asked or (is_feasible := _is_feasible(unit, effort, attained, replaced)) is False:
        return None
    if is_feasible is None:
        raise NoRosterFoundError(
            Bilingual(
                id=f"{unit.name}: upaya habis sebelum diketahui apakah ada jadwal; tambah --effort atau --time-limit.",
                en=f"{unit.name}: effort ran out before it was known whether a roster exists; raise --effort or --time-limit.",
            )
        )
    longest = len(unit.horizon.workdays) + max(
        (entry.last_stint for entry in unit.ledger.entries.values()), default=0
    )
    for key, least in asked.items():
        low, high = least - 1, max(least, longest)  # what is longer than the period binds nobody
        while high - low > 1:
            middle = (low + high) // 2
            if _is_feasible(unit, effort, {**attained, key: middle}, replaced):
                high = middle
            else:
                low = middle
        attained[key] = high
    return {key: bound for key, bound in attained.items() if bound != asked[key]}


def _is_feasible(
    unit: Unit, effort: Effort, attained: Mapping[str, int], replaced: Replaced | None
) -> bool | None:
    """Whether a roster exists; None where the effort did not tell."""
    model = UnitModel(unit, attained, replaced=replaced)
    if model.conflicts:
        return False
    found = search(model.cp, effort.opening())
    return None if found.values is None and not found.is_infeasible else found.values is not None


def _extract(model: UnitModel, values: Sequence[int], attained: Mapping[str, int]) -> UnitRoster:
    """Read the grid off a solution."""
    unit = model.unit
    columns = {day: k for k, day in enumerate(model.days)}
    statuses, roles, fixed_by = [], {}, {}
    for i, person in enumerate(unit.people):
        row = []
        for day in unit.horizon.days:
            k = columns.get(day)
            if not person.is_employed_on(day):
                row.append(NOT_EMPLOYED)
            elif k is None:
                row.append(OFF)
            elif (kind := unit.absences.get((person.id, day))) is not None:
                row.append(kind)
                fixed_by[person.id, day] = "absence"
            else:
                row.append(HOME if _holds(model.home(i, k), values) else OFFICE)
                held = tuple(
                    name
                    for name, truth in model.roles_offered().get((i, k), {}).items()
                    if _holds(truth, values)
                )
                if held:
                    roles[person.id, day] = held
                elif label := model.fixed_by(i, k):
                    fixed_by[person.id, day] = label
        statuses.append(tuple(row))
    return UnitRoster(
        unit=unit.name,
        people=tuple(person.id for person in unit.people),
        days=unit.horizon.days,
        statuses=tuple(statuses),
        roles=roles,
        fixed_by=fixed_by,
        attained=dict(attained),
    )


def _holds(truth: Truth, values: Sequence[int]) -> bool:
    return truth if isinstance(truth, bool) else bool(values[truth.index])
