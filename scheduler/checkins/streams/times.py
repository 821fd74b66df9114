"""Local clock times as seconds since 1970 UTC, in any IANA zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.checkins.flags import BIT

_MOST_REMEMBERED = 100_000


class LocalClock:
    """Turns dates and clock times of one zone into instants, remembering each minute it was asked for."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self._minutes: dict[tuple[date, int, int], tuple[int, int]] = {}

    def instant(self, day: date, hour: int, minute: int, second: int = 0) -> tuple[int, int]:
        """Return seconds since 1970 and flags: an hour that happens twice is taken as the first, and flagged.

        Raises
        ------
        ValueError
            Where the clock time does not exist on any clock (25:00), or lies outside years 1 to 9999.
        """
        key = (day, hour, minute)
        found = self._minutes.get(key)
        if found is None:
            if len(self._minutes) > _MOST_REMEMBERED:
                self._minutes.clear()
            found = self._minutes[key] = self._resolve(day, hour, minute)
        if not 0 <= second < 61:
            raise ValueError(f"second {second}")
        return found[0] + second, found[1]

    def _resolve(self, day: date, hour: int, minute: int) -> tuple[int, int]:
        try:
            local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=self.zone)
            flags = BIT["ambiguous_hour"] if local.utcoffset() != local.replace(fold=1).utcoffset() else 0
            return int(local.timestamp()), flags
        except OverflowError as e:
            raise ValueError(str(e)) from e


class LocalDays:
    """The local date of instants, by bisecting midnights only once a day: for millions of them."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._from, self._to, self._day = 1, 0, date.min

    def day_of(self, at: int) -> date:
        """Return the local date of an instant; dates out of range give `date.min` or `date.max`."""
        if self._from <= at < self._to:
            return self._day
        try:
            day = datetime.fromtimestamp(at, self._zone).date()
            start = datetime(day.year, day.month, day.day, tzinfo=self._zone)
            after = day + timedelta(days=1)
            end = datetime(after.year, after.month, after.day, tzinfo=self._zone)
        except (OverflowError, ValueError, OSError):
            return date.min if at < 0 else date.max
        self._day, self._from, self._to = day, int(start.timestamp()), int(end.timestamp())
        return day
