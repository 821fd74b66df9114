"""Checkpoints and their windows: from the policy's local clock times to instants of one day in any zone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import cached_property
from typing import NamedTuple

from scheduler.checkins.settings import CheckinSettings, Interval, Pair, Point, Reachability, Table
from scheduler.checkins.streams.times import LocalClock

MINUTE = 60
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One thing asked for on a day; offsets in seconds before and after `due`.

    Attributes
    ----------
    kind : "point", "arrival", "departure", "interval", "reachability" or "activity".
    early, late : how far outside the window something still counts as early or late.
    length : how long after that an interval may still go on.
    """

    label: str
    kind: str
    due: time
    before: int
    after: int
    early: int = 0
    late: int = 0
    length: int = 0


class Window(NamedTuple):
    """The instants of one checkpoint on one day, seconds since 1970 UTC."""

    due: int
    opens: int
    closes: int
    early_from: int
    late_until: int


@dataclass(frozen=True)
class Group:
    """The checkpoints of one table of the policy; a sign of one moment shows at most one of them."""

    table: Table
    checkpoints: tuple[Checkpoint, ...]

    def windows(self, day: date, clock: LocalClock) -> tuple[Window, ...]:
        """Return the window of each checkpoint on `day`."""
        found = []
        for c in self.checkpoints:
            due, _ = clock.instant(day, c.due.hour, c.due.minute, c.due.second)
            opens, closes = due - c.before, due + c.after
            found.append(Window(due, opens, closes, opens - c.early, closes + c.late))
        return tuple(found)

    @cached_property
    def leaves_its_day(self) -> bool:
        """Whether a window reaches over midnight, so that neighbouring days' evidence counts too."""
        return any(
            _seconds(c.due) - c.before - c.early < 0 or _seconds(c.due) + c.after + c.late + c.length >= DAY
            for c in self.checkpoints
        )


def groups_of(settings: CheckinSettings) -> tuple[Group, ...]:
    """Return one group for each table that makes checkpoints, in the policy's order.

    Examples
    --------
    >>> settings = CheckinSettings.model_validate({"point": [{"at": ["08:00", "11:00"], "name": "pagi"}]})
    >>> [c.label for c in groups_of(settings)[0].checkpoints]
    ['pagi 08:00', 'pagi 11:00']
    """
    return tuple(Group(table, tuple(_checkpoints(table))) for table in settings.tables)


def _checkpoints(table: Table) -> Sequence[Checkpoint]:
    named = f"{table.name} " if table.name else ""
    if isinstance(table, Point):
        before, after = table.before_minutes * MINUTE, table.after_minutes * MINUTE
        early, late = table.early_minutes * MINUTE, table.late_minutes * MINUTE
        return [
            Checkpoint(f"{named}{at:%H:%M}", "point", at, before, after, early, late)
            for at in sorted(set(table.at))
        ]
    if isinstance(table, Pair):
        between = _seconds(table.departure) - _seconds(table.arrival)
        in_after, out_before = table.arrival_after_minutes * MINUTE, table.departure_before_minutes * MINUTE
        late, early = max(0, between - in_after), max(0, between - out_before)
        return [
            Checkpoint(f"{named}arrival", "arrival", table.arrival, table.arrival_before_minutes * MINUTE, in_after, late=late),
            Checkpoint(f"{named}departure", "departure", table.departure, out_before, table.departure_after_minutes * MINUTE, early=early),
        ]  # fmt: skip
    if isinstance(table, Interval):
        label = table.name or f"live {table.start:%H:%M}"
        before, after = table.before_minutes * MINUTE, table.after_minutes * MINUTE
        late, length = table.late_minutes * MINUTE, table.length_minutes * MINUTE
        return [Checkpoint(label, "interval", table.start, before, after, late=late, length=length)]
    if isinstance(table, Reachability):
        hours = _seconds(table.hours_to) - _seconds(table.hours_from)
        return [Checkpoint(table.name or "reachability", "reachability", table.hours_from, 0, max(0, hours))]
    by = getattr(table, "by", time(23, 59))
    return [Checkpoint(table.name or "activity", "activity", by, _seconds(by), 0)]


def _seconds(clock: time) -> int:
    return clock.hour * 3600 + clock.minute * 60 + clock.second
