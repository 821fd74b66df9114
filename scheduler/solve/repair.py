"""The fewest changes of a replanning, counted day by day, and the few choices that so many changes leave.

Every day needs at least the changes that its quotas and posts ask for: whoever is gone from a home place or a post is
replaced by somebody. Where no place stays empty beyond the least, the sum of these numbers over the days is a bound
that no roster goes below. Where no roster meets it, because of stints for instance, CP-SAT names days that cannot all
keep to their numbers: together they need one change more, and so on until there is a roster. In a roster with the
fewest changes every other day has just its own number, and a day that needs none stays as it is. So little is left to
choose, and the search for what is fairest is short.

Of many people whole rows tell the fewest changes at once (`rows/nearest`); what is left is to see that posts can be
held in such rows, or by some officers in others.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from scheduler.constraints.base import Truth, Turns
from scheduler.solve.daily import Cell, Cells, Day, Together, least_by_day, more_by_day, read_cells, staying
from scheduler.solve.effort import Effort
from scheduler.solve.frame import without_collecting
from scheduler.solve.lines import Lines
from scheduler.solve.model import UnitModel
from scheduler.solve.rows.nearest import Nearest, nearest
from scheduler.solve.search import hold_together

MOST_MORE = 2
MOST_CONFLICTS = 6_000
"""How many changes beyond the days' least are looked into, and how hard all rounds may search, before another way is
tried: the more changes are free to be anywhere, the longer a round takes."""

MANY = 100
"""Of so many people whole rows are asked at first: of fewer the days tell as much sooner."""

MOST_FREED = 5
"""How often officers whose rows leave no way to hold the posts are let go, before another way is tried."""


@dataclass(frozen=True, slots=True)
class Repair:
    """A roster with the fewest changes, proven.

    Attributes
    ----------
    whole : the unit's model, of which wishes and stints were not looked at.
    settled : variables that have this value in every such roster.
    values : of every variable, by index.
    shortfall, changes : what such a roster costs.
    """

    whole: UnitModel
    settled: Mapping[int, bool]
    values: list[int]
    shortfall: int
    changes: int

    @property
    def model(self) -> UnitModel:
        """Return the unit's model, in which whatever is the same in every such roster is settled."""
        return _narrowed(self.whole, self.settled)


def repaired(model: UnitModel, effort: Effort) -> Repair | None:
    """Return a roster with no place empty beyond the least and the fewest changes; None where it is not soon found."""
    if model.replaced is None or model.conflicts or not model.has_variables or effort.is_over:
        return None
    with without_collecting():
        return _repaired(model, effort)


def _repaired(whole: UnitModel, effort: Effort) -> Repair | None:
    model = whole.demands()
    fixed = dict(_fixed(model))
    seen = _seen(model, fixed)
    cells = read_cells(model, fixed)
    days = least_by_day(seen, cells)
    certain = sum(weight for weight, truth in model.costs.get("changes", ()) if truth is True)
    shortfall = sum(missing.least for missing in model.shortfalls)
    least = sum(day.least for day in days)
    told = None
    if len(model.people) >= MANY:
        told = nearest(model, seen, fixed, cells.at_home, effort, least=least)
        if told is not None and (held := _held(model, fixed, cells, days, told, effort)) is not None:
            values, settled = held
            return Repair(whole, settled, values, shortfall, certain + told.changes)
    if told is not None and told.changes > least + MOST_MORE:
        return None
    found = _rounds(model, fixed, cells, days, effort)
    if found is None:
        return None
    values, groups = found
    settled = fixed | dict(staying(model, cells, days, groups))
    least += sum(group.more for group in groups)
    return Repair(whole, settled, values, shortfall, certain + least)


def _held(
    model: UnitModel,
    fixed: Mapping[int, bool],
    cells: Cells,
    days: Sequence[Day],
    told: Nearest,
    effort: Effort,
) -> tuple[list[int], dict[int, bool]] | None:
    """Return a roster with no more changes than whole rows tell, and what is settled in every such roster."""
    settled = {**fixed, **told.settled}
    beyond = told.changes - sum(day.least for day in days)
    if beyond < 0:
        return None
    if beyond == 0:
        settled |= dict(staying(model, cells, days, ()))
    taken = _in_rows(model, settled, told, effort)
    return None if taken is None else (taken, settled)


def _in_rows(
    model: UnitModel, settled: Mapping[int, bool], told: Nearest, effort: Effort
) -> list[int] | None:
    """Return a roster with no more changes than whole rows tell; officers have other rows where posts ask for it."""
    officers = {i for i, _ in model.roles_offered()}
    attempt = _without_shortfall(model, settled)
    if changes := [truth.index for _, truth in model.costs["changes"] if not isinstance(truth, bool)]:
        Lines(attempt).total(changes, None, told.changes)
    kept = {}
    for i, row in told.rows.items():
        rule = attempt.proto.constraints.add()
        rule.bool_and.literals.extend(_literals(row))
        if i in officers:
            kept[i] = attempt.new_bool_var("")
            rule.enforcement_literal.append(kept[i].index)
    left = MOST_CONFLICTS
    for _ in range(MOST_FREED):
        answer = hold_together(attempt, list(kept.values()), effort, left)
        if answer.values is not None:
            return list(answer.values[: len(model.cp.proto.variables)])
        left -= answer.conflicts
        if not answer.apart or effort.is_over or left <= 0:
            return None
        kept = {i: literal for i, literal in kept.items() if literal.index not in answer.apart}
    return None


def _without_shortfall(model: UnitModel, fixed: Mapping[int, bool]) -> Any:
    """Return a copy of the model in which no place is empty beyond the least."""
    attempt = model.cp.clone()
    attempt.clear_hints()  # type: ignore[no-untyped-call]  # ortools leaves it untyped
    attempt.proto.constraints.add().bool_and.literals.extend(_literals(fixed))
    for missing in model.shortfalls:
        if missing.variable is not None:
            attempt.add(missing.variable <= missing.least)
    return attempt


def _rounds(
    model: UnitModel,
    fixed: Mapping[int, bool],
    cells: Cells,
    days: Sequence[Day],
    effort: Effort,
) -> tuple[list[int], list[Together]] | None:
    """Return a roster in which every group of days keeps to its least, and the groups; None where it is not soon found."""
    attempt = _without_shortfall(model, fixed)
    more = more_by_day(model, attempt, cells, days)
    groups = [Together(frozenset([k])) for k in more]
    kept: dict[Together, Any] = {}
    left = MOST_CONFLICTS
    for _ in range(MOST_MORE + 1):
        for group in groups:
            if group not in kept:
                kept[group] = attempt.new_bool_var("")
                attempt.add(sum(more[k] for k in group.days) <= group.more).only_enforce_if(kept[group])
        answer = hold_together(attempt, [kept[group] for group in groups], effort, left)
        if answer.values is not None:
            return list(answer.values[: len(model.cp.proto.variables)]), groups
        apart = [group for group in groups if kept[group].index in answer.apart]
        left -= answer.conflicts
        if not apart or effort.is_over or left <= 0:
            return None
        merged = Together(frozenset().union(*(g.days for g in apart)), sum(g.more for g in apart) + 1)
        groups = [*(group for group in groups if group not in apart), merged]
    return None


def _fixed(model: UnitModel) -> Iterator[tuple[int, bool]]:
    """Yield the variables of person-days that a pin or a rule settles, whatever duties are held, with their values."""
    offered = model.roles_offered()
    for index, (i, k) in model.cells.items():
        if model.is_fixed(i, k):
            at_office = model.is_fixed_at_office(i, k)
            if at_office or (i, k) not in offered:
                yield index, not at_office


def _literals(settled: Mapping[int, bool]) -> list[int]:
    return [index if value else -index - 1 for index, value in settled.items()]


def _narrowed(model: UnitModel, settled: Mapping[int, bool]) -> UnitModel:
    """Return the model with the same variables, some of them settled."""
    narrow = _seen(model, settled)
    narrow.cp = model.cp.clone()
    narrow.cp.proto.constraints.add().bool_and.literals.extend(_literals(settled))
    return narrow


def _seen(model: UnitModel, settled: Mapping[int, bool]) -> UnitModel:
    """Return the model with what is settled as constants to whoever asks; its variables are the same."""

    cells = {model.cells[index]: value for index, value in settled.items() if index in model.cells}

    def left(truth: Truth) -> Truth:
        return truth if isinstance(truth, bool) else settled.get(truth.index, truth)

    def taken(turns: Turns) -> dict[Cell, Truth]:
        homes = model._home  # most turns are one of these, told by the cell
        return {
            cell: cells.get(cell, truth) if homes.get(cell) is truth else left(truth)
            for cell, truth in turns.taken.items()
        }

    seen = copy.copy(model)
    seen._home = model._home | cells
    seen.cells = {index: cell for index, cell in model.cells.items() if index not in settled}
    seen._roles = {
        cell: {name: left(truth) for name, truth in names.items()} for cell, names in model._roles.items()
    }
    seen.turns = [replace(turns, taken=taken(turns)) for turns in model.turns]
    return seen
