"""Stints of whole calendar weeks: as clauses of a model, and as they are found in a roster; the two share nothing."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from scheduler.constraints.base import Instance, Truth
from scheduler.constraints.model import Model
from scheduler.constraints.walks import Found, runs
from scheduler.roster import HOME

Before = tuple[str, bool] | None
"""The last status of the last period, and whether its week goes on into this one; None where nothing counts."""


def build_weeks(
    model: Model, i: int, before: Before, longest: int | None, at: Callable[[int, str, int], Instance]
) -> None:
    """Demand one status a week, no two weeks at home in a row, and at most `longest` at the office."""
    weeks: list[list[int]] = []
    for k, day in enumerate(model.days):
        if k and model.days[k - 1].isocalendar()[:2] == day.isocalendar()[:2]:
            weeks[-1].append(k)
        else:
            weeks.append([k])
    chosen: list[Truth | None] = []
    for week in weeks:
        free = [k for k in week if model.is_present(i, k) and not model.is_fixed(i, k)]
        chosen.append(model.home(i, free[0]) if free else None)
        for a, b in itertools.pairwise(free):
            first, second = model.home(i, a), model.home(i, b)
            model.clause([first, model.negate(second)], at(a, "week", 1))
            model.clause([model.negate(first), second], at(a, "week", 1))
    if before is not None and chosen:
        status, same_week = before
        if same_week and chosen[0] is not None:
            goes_on = chosen[0] if status == HOME else model.negate(chosen[0])
            model.clause([goes_on], at(0, "week", 1))
        elif not same_week:
            chosen.insert(0, status == HOME)
            weeks.insert(0, [0])
    for w in range(len(chosen) - 1):
        if chosen[w] is not None and chosen[w + 1] is not None:
            pair = [model.negate(chosen[w]), model.negate(chosen[w + 1])]
            model.clause(pair, at(weeks[w + 1][0], "most", 1))
    for w in range(len(chosen) - longest if longest is not None else 0):
        window = chosen[w : w + longest + 1] if longest is not None else []
        if all(truth is not None for truth in window):
            model.clause(window, at(weeks[w + 1][0], "office", longest or 0))


def find_weeks(
    days: Sequence[date],
    at_home: Sequence[bool],
    choices: Sequence[bool],
    before: Before,
    longest: int | None,
) -> Iterator[Found]:
    """Yield weeks of two statuses, weeks at home in a row, and too many at the office, of days with a choice."""
    weeks: dict[tuple[int, int], list[tuple[date, bool]]] = {}
    for day, home, is_free in zip(days, at_home, choices, strict=True):
        week = weeks.setdefault(day.isocalendar()[:2], [])
        if is_free:
            week.append((day, home))
    statuses: list[bool | None] = []
    firsts: list[date] = []
    for week in weeks.values():
        changes = sum(x != y for (_, x), (_, y) in itertools.pairwise(week))
        if changes:
            yield Found(week[0][0], "week", 1, changes)
        statuses.append(week[0][1] if week else None)
        firsts.append(week[0][0] if week else days[0])
    if before is not None:
        status, same_week = before
        if same_week and statuses[0] is not None and statuses[0] != (status == HOME):
            yield Found(firsts[0], "week", 1, 1)
        elif not same_week:
            statuses, firsts = [status == HOME, *statuses], [firsts[0], *firsts]
    for w in range(1, len(statuses)):
        if statuses[w] and statuses[w - 1]:
            yield Found(firsts[w], "most", 1, 1)
    if longest is not None:
        for a, b in runs([status is False for status in statuses]):
            if b - a > longest:
                yield Found(firsts[a], "office", longest, b - a - longest)
