"""A time zone as a VTIMEZONE (RFC 5545, 3.6.5), for the days of a calendar and no more.

icalendar 7.3 could make one, but libical flags its comment, and it starts summer time an hour late: a start is
written in the time that ends (`TZOFFSETFROM`), not in the one that begins.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard


class Observance(NamedTuple):
    """What a zone's clocks show for a while."""

    offset: timedelta
    is_summer: bool
    name: str


def zone_component(zone: ZoneInfo, first: date, last: date) -> Timezone:
    """Return the VTIMEZONE of `zone`, right from the day before `first` to the day after `last`."""
    start = datetime.combine(first - timedelta(days=1), time(), UTC)
    end = datetime.combine(last + timedelta(days=2), time(), UTC)
    component = Timezone()
    component.add("TZID", zone.key)
    before = _observed(zone, start)
    component.add_component(_part(before, before, start))
    for moment in _changes(zone, start, end):
        after = _observed(zone, moment)
        component.add_component(_part(before, after, moment))
        before = after
    return component


def _observed(zone: ZoneInfo, moment: datetime) -> Observance:
    local = moment.astimezone(zone)
    return Observance(local.utcoffset() or timedelta(), bool(local.dst()), local.tzname() or zone.key)


def _changes(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield the first second of every change of the clocks: none comes and goes within an hour."""
    while start < end:
        low, high = start, start + timedelta(hours=1)
        if _observed(zone, low) != _observed(zone, high):
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) // 2
                low, high = (
                    (middle, high) if _observed(zone, middle) == _observed(zone, start) else (low, middle)
                )
            yield high.replace(microsecond=0)
        start += timedelta(hours=1)


def _part(before: Observance, after: Observance, moment: datetime) -> TimezoneStandard | TimezoneDaylight:
    part = TimezoneDaylight() if after.is_summer else TimezoneStandard()
    part.add("DTSTART", (moment + before.offset).replace(tzinfo=None))
    part.add("TZOFFSETFROM", before.offset)
    part.add("TZOFFSETTO", after.offset)
    part.add("TZNAME", after.name)
    return part
