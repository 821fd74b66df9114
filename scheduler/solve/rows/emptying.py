"""Rows that still miss couplings when the time is up: completed all the same, with as few places left empty as can be.

The days about what is missed are searched anew for everybody, close to the rows; the other days stay. What the rows
were made for, fairness and wishes, holds but for a few of them, which is more than any roster made at once offers.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from scheduler.solve.model import UnitModel
from scheduler.solve.rows.columns import Programme
from scheduler.solve.rows.picking import lacking
from scheduler.solve.rows.reading import Flags, Rows
from scheduler.solve.rows.roles import Posts
from scheduler.solve.search import Effort, Found, search

PART = 0.05
"""The part of the effort that each search has."""

AT_MOST = 0.6
"""The part of the time left, where it is bounded, that each may take."""

REACHES = (2, 5)
"""Days before and after those missed that are searched too; all days where these do not do."""


def leave_empty(
    model: UnitModel, programme: Programme, rows: Rows, current: Flags, posts: Posts | None, effort: Effort
) -> tuple[Found, bool]:
    """Return the roster near `current` that leaves the fewest places empty, and whether turns in posts are as fair.

    No values where none is found in time. Posts' turns come second: officers' other days are searched too, to have them
    as fair as can be. Like a first roster it is what an interrupt leaves, and so an interrupt does not end it.
    """
    unstopped = replace(effort.share(PART), stopped=threading.Event())
    for open_days in _open_days(programme, current):
        if unstopped.is_over:
            break
        found = _searched(model, rows, current, open_days, None, unstopped.until(AT_MOST))
        if found.values is None:
            continue
        if posts is None:
            return found, True
        fair = _searched(model, rows, current, open_days, posts, unstopped)
        return (fair, True) if fair.values is not None else (found, False)
    return Found(None, 0), False


def _searched(
    model: UnitModel, rows: Rows, current: Flags, open_days: Flags, posts: Posts | None, effort: Effort
) -> Found:
    """Search the open days for everybody and, where there are posts to be fair in, all days of their officers."""
    cp = model.cp.clone()
    officers: set[int] = set()
    if posts is not None:
        posts.constrain(cp)
        officers = {i for i, _ in model.roles_offered()}
    weight = 1 + current.size
    total = weight * sum(cost * literal for cost, literal in model.costs.get("shortfall", ()))
    for index, (i, k) in rows.relaxation.cells.items():
        home = int(current[rows.position[i], k])
        if open_days[k] or i in officers:
            variable = cp.get_int_var_from_proto_index(index)
            total += 1 - variable if home else variable
        else:
            cp.proto.variables[index].domain.clear()
            cp.proto.variables[index].domain.extend([home, home])
    cp.minimize(total)
    return search(cp, effort, alone=True)


def _open_days(programme: Programme, current: Flags) -> Iterator[Flags]:
    """Yield the days to search, more and more of them."""
    days = current.shape[1]
    row, _, day, _ = programme.at
    short = np.nonzero(lacking(programme, current)[: len(programme.lows) - len(programme.caps)])[0]
    concerned = np.unique(day[np.isin(row, short)])
    for reach in (*REACHES, days):
        found = np.zeros(days, dtype=bool)
        for k in concerned.tolist():
            found[max(0, k - reach) : k + reach + 1] = True
        yield found if reach < days else np.ones(days, dtype=bool)
