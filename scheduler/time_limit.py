"""A limit of wall clock: when to stop searching so that what follows still ends within it."""

from __future__ import annotations

import time
from collections.abc import Sequence

from scheduler.problem import Unit

BEGINNING, OF_UNIT, OF_PERSON, OF_PERSON_DAY = 0.8, 0.03, 5.5e-4, 1.5e-5
"""Seconds that verifying the last unit, writing and leaving take on a quiet machine: in any case, and for each unit, person and
person-day. A fifth more than measured for 60 to 5,000 people in 1 to 45 units over 9 to 66 days."""

SLOWEST = 2.5
"""How much longer writing is taken to last on a busy machine, at most; see `slowness`."""

MOST_SET_ASIDE = 0.75
"""Part of the time left that may be set aside: first rosters are made in any case."""


def to_write(units: Sequence[Unit]) -> float:
    """Return the seconds that writing so much takes on a quiet machine."""
    people = sum(len(unit.people) for unit in units)
    person_days = sum(len(unit.people) * len(unit.horizon.days) for unit in units)
    return BEGINNING + OF_UNIT * len(units) + OF_PERSON * people + OF_PERSON_DAY * person_days


def slowness(started: float | None) -> float:
    """Return how many seconds each second of this process's processor has taken since `started`: a busy machine's are more.

    What this process did before is reading, which keeps it as busy as writing will.
    """
    used = time.process_time()
    if started is None or used <= 0:
        return 1.0
    return min(SLOWEST, max(1.0, (time.monotonic() - started) / used))


def search_until(
    units: Sequence[Unit], limit: float | None, started: float | None, now: float | None = None
) -> float | None:
    """Return when to stop searching, as `time.monotonic`; None without a limit.

    Parameters
    ----------
    started : from when the limit counts; None for now.
    """
    if limit is None:
        return None
    now = time.monotonic() if now is None else now
    ends = (now if started is None else started) + limit
    aside = min(to_write(units) * slowness(started), MOST_SET_ASIDE * max(0.0, ends - now))
    return max(now, ends - aside)
