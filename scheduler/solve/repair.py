"""The fewest changes of a replanning, counted day by day, and the few choices that so many changes leave.

Every day needs at least the changes that its quotas and posts ask for: whoever is gone from a home place or a post is
replaced by somebody. Where no place stays empty beyond the least, the sum of these numbers over the days is a bound
that no roster goes below. Where no roster meets it, because of stints for instance, CP-SAT names days that cannot all
keep to their numbers: together they need one change more, and so on until there is a roster. In a roster with the
fewest changes every other day has just its own number, and a day that needs none stays as it is. So little is left to
choose, and the search for what is fairest is short.

Of many people whole rows tell the fewest changes at once (`rows/nearest`). Where they are the days' least, a roster of
such days is found as soon; else what is left is to see that posts can be held in such rows, or by some officers in
others.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from scheduler.constraints.base import Truth
from scheduler.roster import HOME, OFFICE
from scheduler.solve.effort import Effort
from scheduler.solve.frame import without_collecting
from scheduler.solve.model import UnitModel
from scheduler.solve.rows.nearest import Nearest, nearest
from scheduler.solve.rows.numbers import most_excused, places
from scheduler.solve.search import hold_together

Cell = tuple[int, int]

MOST_MORE = 2
MOST_CONFLICTS = 6_000
"""How many changes beyond the days' least are looked into, and how hard all rounds may search, before another way is
tried: the more changes are free to be anywhere, the longer a round takes."""

MANY = 100
"""Of so many people whole rows are asked at first: of fewer the days tell as much sooner."""

MOST_FREED = 5
"""How often officers whose rows leave no way to hold the posts are let go, before another way is tried."""


@dataclass(slots=True)
class Day:
    """The least changes of one day.

    Attributes
    ----------
    sent, called : people who must newly be at home, and newly be at the office.
    posted : people who must newly hold a post, at the office.
    """

    sent: int = 0
    called: int = 0
    posted: int = 0

    @property
    def least(self) -> int:
        """The fewest changes; whoever newly takes a post may be one of those called to the office."""
        return self.sent + max(self.called, self.posted)


@dataclass(frozen=True, slots=True)
class Together:
    """Days that cannot all keep to their least: together they need `more`. A day alone needs none more."""

    days: frozenset[int]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Repair:
    """A roster with the fewest changes, proven.

    Attributes
    ----------
    model : the unit's model, in which whatever is the same in every such roster is settled.
    values : of every variable, by index.
    shortfall, changes : what such a roster costs.
    """

    model: UnitModel
    values: list[int]
    shortfall: int
    changes: int


def repaired(model: UnitModel, effort: Effort) -> Repair | None:
    """Return a roster with no place empty beyond the least and the fewest changes; None where it is not soon found."""
    if model.replaced is None or model.conflicts or not model.has_variables or effort.is_over:
        return None
    with without_collecting():
        return _repaired(model, effort)


def _repaired(model: UnitModel, effort: Effort) -> Repair | None:
    fixed = dict(_fixed(model))
    seen = _seen(model, fixed)
    cells = _cells(model, fixed)
    days = least_by_day(seen, cells)
    certain = sum(weight for weight, truth in model.costs.get("changes", ()) if truth is True)
    shortfall = sum(missing.least for missing in model.shortfalls)
    least = sum(day.least for day in days)
    told = None
    if len(model.people) >= MANY:
        told = nearest(model, seen, fixed, cells.at_home, effort)
        if told is not None and (held := _held(model, fixed, cells, days, told, effort)) is not None:
            values, settled = held
            return Repair(_narrowed(seen, settled), values, shortfall, certain + told.changes)
    if told is not None and told.changes > least + MOST_MORE:
        return None
    found = _rounds(model, fixed, cells, days, effort)
    if found is None:
        return None
    values, groups = found
    settled = fixed | dict(_staying(model, cells, days, groups))
    least += sum(group.more for group in groups)
    return Repair(_narrowed(seen, settled), values, shortfall, certain + least)


def _held(
    model: UnitModel,
    fixed: Mapping[int, bool],
    cells: Cells,
    days: Sequence[Day],
    told: Nearest,
    effort: Effort,
) -> tuple[list[int], dict[int, bool]] | None:
    """Return a roster with no more changes than whole rows tell, and what is settled in every such roster.

    Where days have no change beyond their least they leave so little to choose that no row need be kept.
    """
    settled = {**fixed, **told.settled}
    beyond = told.changes - sum(day.least for day in days)
    if beyond < 0:
        return None
    if beyond == 0:
        settled |= dict(_staying(model, cells, days, ()))
    taken = None if beyond == 0 else _in_rows(model, fixed, told, effort)
    if taken is None and not effort.is_over:
        taken = _within(model, settled, cells, days, told, beyond, effort)
    if taken is None and beyond == 0 and not effort.is_over:
        taken = _in_rows(model, fixed, told, effort)
    return None if taken is None else (taken, settled)


def _within(
    model: UnitModel,
    settled: Mapping[int, bool],
    cells: Cells,
    days: Sequence[Day],
    told: Nearest,
    beyond: int,
    effort: Effort,
) -> list[int] | None:
    """Return a roster with so many changes beyond the days' least, near the rows that are told."""
    attempt = _without_shortfall(model, settled)
    more = _more_by_day(_seen(model, settled), attempt, cells, days)
    attempt.add(sum(more.values()) <= beyond)
    if beyond:
        hints = attempt.proto.solution_hint
        for row in told.rows.values():
            hints.vars.extend(row.keys())
            hints.values.extend(map(int, row.values()))
    answer = hold_together(attempt, [], effort, MOST_CONFLICTS)
    return None if answer.values is None else list(answer.values[: len(model.cp.proto.variables)])


def _in_rows(model: UnitModel, fixed: Mapping[int, bool], told: Nearest, effort: Effort) -> list[int] | None:
    """Return a roster with no more changes than whole rows tell; officers have other rows where posts ask for it."""
    officers = {i for i, _ in model.roles_offered()}
    attempt = _without_shortfall(model, fixed)
    changes = [(weight, truth) for weight, truth in model.costs["changes"] if not isinstance(truth, bool)]
    attempt.add(sum(weight * truth for weight, truth in changes) <= told.changes)
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
    more = _more_by_day(model, attempt, cells, days)
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


def _more_by_day(model: UnitModel, attempt: Any, cells: Cells, days: Sequence[Day]) -> dict[int, Any]:
    """Return, for each day, a variable that is at least its changes beyond the least.

    What is settled, where the model is seen so, is counted as it is.
    """
    offered = model.roles_offered()
    changed: dict[int, list[Any]] = {}
    odd: dict[int, list[Any]] = {}
    for (i, k), was_home in cells.at_home.items():
        home = model.home(i, k)
        moved: list[Any] = []
        if home is (not was_home):
            moved = [1]
        elif not isinstance(home, bool):
            moved = [~home if was_home else home]
        if moved and (i, k) not in cells.turned and _stays(days[k], was_home=was_home):
            odd.setdefault(k, []).append(moved[0])
        if home is (not was_home):
            changed.setdefault(k, []).extend(moved)
            continue
        for name, truth in offered.get((i, k), {}).items():
            if not isinstance(truth, bool):
                moved.append(~truth if _held_before(model, i, k, name) else truth)
        if len(moved) > 1:
            anything = attempt.new_bool_var("")
            for literal in moved:
                attempt.add_implication(literal, anything)
            moved = [anything]
        if moved:
            changed.setdefault(k, []).extend(moved)
    more = {}
    for k, literals in changed.items():
        more[k] = attempt.new_int_var(0, len(literals), "")
        attempt.add(sum(literals) <= more[k] + days[k].least)
        # Implied; said so that a day without one more settles them at once.
        attempt.add(sum(odd.get(k, ())) <= more[k])
    return more


def _stays(day: Day, *, was_home: bool) -> bool:
    """Whether nobody who was there leaves, on a day with no change beyond the least."""
    return day.least == 0 or (day.called == day.posted == 0 if was_home else day.sent == 0)


@dataclass(frozen=True, slots=True)
class Cells:
    """What person-days were.

    Attributes
    ----------
    at_home : whether the person was at home, for each person-day that may change and would then count as changed.
    turned : those of them that cannot stay, as pins or rules settle them the other way.
    """

    at_home: dict[Cell, bool]
    turned: frozenset[Cell]


def _fixed(model: UnitModel) -> Iterator[tuple[int, bool]]:
    """Yield the variables of person-days that a pin or a rule settles, whatever duties are held, with their values."""
    offered = model.roles_offered()
    for (i, k), truth in model._home.items():
        if not isinstance(truth, bool) and model.is_fixed(i, k):
            at_office = model.is_fixed_at_office(i, k)
            if at_office or (i, k) not in offered:
                yield truth.index, not at_office


def _cells(model: UnitModel, fixed: Mapping[int, bool]) -> Cells:
    at_home: dict[Cell, bool] = {}
    turned = set()
    replaced, offered = model.replaced, model.roles_offered()
    assert replaced is not None
    for (i, k), now in model._home.items():
        person_id, day = model.people[i].id, model.days[k]
        before = replaced.status(person_id, day)
        if before not in (HOME, OFFICE) or model.is_frozen(i, k):
            continue
        was_home = before == HOME
        is_gone = isinstance(now, bool) and now != was_home
        if is_gone or not replaced.roles(person_id, day) <= offered.get((i, k), {}).keys():
            continue
        at_home[i, k] = was_home
        if not isinstance(now, bool) and fixed.get(now.index, was_home) != was_home:
            turned.add((i, k))
    return Cells(at_home, frozenset(turned))


def least_by_day(model: UnitModel, cells: Cells) -> list[Day]:
    """Return the fewest changes of each day where no home place is empty beyond the least, by counting."""
    days = [Day() for _ in model.days]
    counted: set[Cell] = set()
    homes = {turns.name: turns for turns in model.turns if turns.kind == "home"}
    for shortfall, number in zip(model.shortfalls, places(model), strict=True):
        if number is None or shortfall.rule is None:
            continue
        turns, k = homes[shortfall.rule.label], shortfall.day
        group = {(i, k) for i in turns.eligible[k]}
        if group & counted:  # somebody of two quotas would be counted twice
            continue
        counted |= group
        held = stayed = free = sent = called = 0
        for cell in group:
            truth = turns.taken[cell]
            if cell in cells.turned:
                called += cells.at_home[cell]
                sent += not cells.at_home[cell]
            if isinstance(truth, bool):
                held += truth
            elif cell in cells.at_home:
                stayed += cells.at_home[cell]
            else:
                free += 1
        empty = number - most_excused(shortfall) - held - stayed - free
        # On a day that is past for all but a few, too many at home are nobody's fault any more.
        surplus = 0 if _is_past(model, k) else held + stayed - number
        days[k].sent += sent + max(0, empty)
        days[k].called += called + max(0, surplus)
    for cell in cells.turned - counted:
        if cells.at_home[cell]:
            days[cell[1]].called += 1
        else:
            days[cell[1]].sent += 1
    for k, day in enumerate(days):
        day.posted = 0 if _is_past(model, k) else _newly_posted(model, cells, k)
    return days


def _is_past(model: UnitModel, k: int) -> bool:
    return model.replaced is not None and model.days[k] < model.replaced.before


def _newly_posted(model: UnitModel, cells: Cells, k: int) -> int:
    """Return how many must newly hold one of the day's posts: at the office, so that they are none of those sent home."""
    missing, is_one_each = [], True
    for turns in model.turns:
        if turns.kind != "role" or not turns.numbers or (number := turns.numbers[k]) is None:
            continue
        officers = [i for i in turns.eligible[k] if turns.taken[i, k] is not False]
        if any((i, k, turns.name) not in model._on_site for i in officers):
            continue
        new = sum((i, k) in cells.at_home and not _held_before(model, i, k, turns.name) for i in officers)
        if (needed := number - (len(officers) - new)) > 0:
            missing.append(needed)
            is_one_each &= all(turns.name in model._exclusive.get((i, k), ()) for i in officers)
    return sum(missing) if is_one_each else max(missing)


def _held_before(model: UnitModel, i: int, k: int, name: str) -> bool:
    return model.replaced is not None and name in model.replaced.roles(model.people[i].id, model.days[k])


def _staying(
    model: UnitModel, cells: Cells, days: Sequence[Day], groups: Sequence[Together]
) -> Iterator[tuple[int, bool]]:
    """Yield the variables that keep their value in every roster with the fewest changes, with that value."""
    offered = model.roles_offered()
    loose = frozenset[int]().union(*(group.days for group in groups if group.more))
    for (i, k), was_home in cells.at_home.items():
        if (i, k) in cells.turned or k in loose:
            continue
        home = model.home(i, k)
        if not isinstance(home, bool) and _stays(days[k], was_home=was_home):
            yield home.index, was_home
        if days[k].least == 0:
            for name, truth in offered.get((i, k), {}).items():
                if not isinstance(truth, bool):
                    yield truth.index, _held_before(model, i, k, name)


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

    def left(truth: Truth) -> Truth:
        return truth if isinstance(truth, bool) else settled.get(truth.index, truth)

    seen = copy.copy(model)
    seen._home = {cell: left(truth) for cell, truth in model._home.items()}
    seen._roles = {
        cell: {name: left(truth) for name, truth in names.items()} for cell, names in model._roles.items()
    }
    seen.turns = [
        replace(turns, taken={cell: left(truth) for cell, truth in turns.taken.items()})
        for turns in model.turns
    ]
    return seen
