"""Which check-ins a calendar reminds of, and when: the times that the policy's `[checkins]` tables name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from functools import cache
from typing import Any, NamedTuple

from scheduler.checkins.policy import parse_settings
from scheduler.checkins.settings import Interval, Pair, Point
from scheduler.problem import Person


class Call(NamedTuple):
    """A checkpoint of one day: its local time, and whether the location is shared for hours from then on."""

    at: time
    shares: bool


class Reminders:
    """The reminders of one policy.

    Parameters
    ----------
    checkins : the `[checkins]` tables as read; points, pairs and the starts of intervals are reminded of, while
        being reachable, in a group or busy has no time of its own.
    """

    def __init__(self, checkins: Mapping[str, Any]) -> None:
        settings = parse_settings(checkins)
        self._tables: tuple[Point | Pair | Interval, ...] = (
            *settings.point,
            *settings.pair,
            *settings.interval,
        )
        self._calls = tuple(tuple(_calls(table)) for table in self._tables)
        self.due = cache(self._due)

    def tables_for(self, person: Person) -> tuple[int, ...]:
        """Return which tables select the person."""
        return tuple(i for i, table in enumerate(self._tables) if table.for_.takes(person))

    def _due(self, tables: tuple[int, ...], day: date, statuses: tuple[str, ...]) -> tuple[Call, ...]:
        """Return what these tables ask on `day`, earliest first; a time that two of them name comes once."""
        found: dict[time, bool] = {}
        for i in tables:
            table = self._tables[i]
            if table.when.takes(day) and any(status in table.required_on for status in statuses):
                found |= {call.at: call.shares for call in self._calls[i] if call.at not in found}
        return tuple(Call(at, shares) for at, shares in sorted(found.items()))


def _calls(table: Point | Pair | Interval) -> list[Call]:
    if isinstance(table, Point):
        return [Call(at, shares=False) for at in table.at]
    if isinstance(table, Pair):
        return [Call(table.arrival, shares=False), Call(table.departure, shares=False)]
    return [Call(table.start, shares=True)]
