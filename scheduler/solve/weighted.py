"""The least weighted sum of objectives, from the roster that is best in them one after the other.

Parts of a unit that no rule connects are solved one by one, for the sum is a sum over them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from scheduler.problem import Weights
from scheduler.roster import ObjectiveValue
from scheduler.solve.measuring import measure_turns
from scheduler.solve.model import UnitModel
from scheduler.solve.rows import numbers
from scheduler.solve.rows.parts import parts, views
from scheduler.solve.search import Effort, search
from scheduler.solve.standing import Standing, sum_of
from scheduler.solve.weighted_search import Weighing
from scheduler.weighing import WEIGHED, WEIGHTED_SUM, weighted_sum


@dataclass(slots=True)
class Weighed:
    """A solution by variable of the unit's model, what it is worth, and whether the search was cut short."""

    values: list[int]
    objectives: list[ObjectiveValue]
    interrupted: bool


def weigh(
    model: UnitModel,
    values: Sequence[int],
    objectives: Sequence[ObjectiveValue],
    weights: Weights,
    effort: Effort,
) -> Weighed:
    """Return the solution with the least weighted sum that the effort finds, shortfall and changes first.

    Parameters
    ----------
    model : of the unit, with nothing added since it was built.
    values : of its variables in the solution to start from.
    objectives : what that is worth.
    """
    first = [o for o in objectives if o.name not in WEIGHED]
    worth = {o.name: o.value for o in objectives}
    known, bound, best = dict.fromkeys(WEIGHED, 0), 0, list(values)
    interrupted = effort.is_over
    if not effort.is_over:
        model.price()
        standing = Standing(model)
        standing.take(best[: len(model.cp.proto.variables)])
        best = standing.values
        for n in range(len(first)):
            if best is not standing.values:  # what was lowered may cost changes; their bound still holds
                standing.take(best)
                best = standing.values
                first[n] = replace(first[n], value=standing.worth(standing.costs(first[n].name)))
            if not first[n].is_optimal:
                best, first[n] = _lowered(model, best, first[n], effort)
        best, bound, known = _least(model, best, weights, effort, is_settled=all(o.is_optimal for o in first))
        worth = measured(model, best)
        interrupted = effort.is_over and bound < weighted_sum(weights, worth)
    value = weighted_sum(weights, worth)
    parts_ = [
        ObjectiveValue(name=name, value=worth[name], bound=min(known[name], worth[name]), is_part=True)
        for name in WEIGHED
    ]
    whole = ObjectiveValue(name=WEIGHTED_SUM, value=value, bound=min(bound, value))
    return Weighed(best, [*first, whole, *parts_], interrupted)


def measured(model: UnitModel, values: Sequence[int]) -> dict[str, int]:
    """Return what a solution is worth in the objectives that can be weighed."""
    standing = Standing(model)
    standing.take(values)
    places = standing.places()
    turns = measure_turns(model, values, lambda t: numbers.settled_numbers(model, t, places))
    costs = {name: standing.worth(standing.costs(name)) for name in ("preferences", "stints")}
    return {**{name: value for name, (value, _) in turns.items()}, **costs}


def _lowered(
    model: UnitModel, values: list[int], objective: ObjectiveValue, effort: Effort
) -> tuple[list[int], ObjectiveValue]:
    """Minimise shortfall or changes once more, where passes in haste have not proven it."""
    standing = Standing(model)
    standing.take(values)
    cp = model.cp.clone()
    if objective.name == "changes":
        shortfall = standing.costs("shortfall")
        cp.add(sum_of(shortfall.terms) <= standing.worth(shortfall))
    terms = standing.costs(objective.name).terms
    cp.minimize(sum_of(terms))
    answer = search(cp, effort, standing.values)
    if answer.values is None:
        return values, objective
    standing.take(answer.values)
    value = standing.worth(standing.costs(objective.name))
    if value > objective.value:
        return values, objective
    bound = min(value, max(objective.bound, answer.bound))
    return standing.values, ObjectiveValue(name=objective.name, value=value, bound=bound)


def _least(
    model: UnitModel, values: Sequence[int], weights: Weights, effort: Effort, *, is_settled: bool
) -> tuple[list[int], int, dict[str, int]]:
    """Return the solution with the least sum that is found, its bound, and what is known of the sum's parts.

    Shortfall and changes stay as they are; where that is not proven to be the least (`is_settled`), it might be
    shared out otherwise between parts of the unit, which then is left whole.
    """
    best = list(values)
    found = parts(model) if is_settled else []
    seen = (
        [(frozenset(range(len(best))), model)]
        if len(found) < 2
        else list(zip(found, views(model, found), strict=True))
    )
    bound, known = 0, dict.fromkeys(WEIGHED, 0)
    for number, (part, view) in enumerate(seen):
        start = [
            best[n] if n in part else next(iter(variable.domain))
            for n, variable in enumerate(view.cp.proto.variables)
        ]
        weighing = Weighing(view, start, weights)
        bound += weighing.run(effort.until(1 / (len(seen) - number)))
        for n in part:
            best[n] = weighing.values[n]
        for name, least in weighing.known.items():
            known[name] += least
    return best, bound, known
