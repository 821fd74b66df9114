"""Days as templates: rendered once for everyone who has the same day, then only the UID is put in."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from scheduler.language import Language
from scheduler.write.calendar import events
from scheduler.write.calendar.events import Duty
from scheduler.write.calendar.names import checkpoint_suffix
from scheduler.write.calendar.reminders import Call

Duties = tuple[Duty, ...]
Calls = tuple[Call, ...]


class Templates:
    """The days of one roster in one language; `first_stamp` is the DTSTAMP of an event never changed."""

    def __init__(self, zone: ZoneInfo, first_stamp: datetime, language: Language) -> None:
        self._zone, self._first_stamp, self._language = zone, first_stamp, language
        self._pieces: dict[tuple[Duties, date, int, Calls], tuple[bytes, ...]] = {}
        self._duties: dict[Duties, bytes] = {}
        self._days: dict[tuple[date, int], bytes] = {}
        self._calls: dict[tuple[date, int, Call], bytes] = {}

    def person_day(self, uid: str, duties: Duties, day: date, sequence: int, calls: Calls) -> bytes:
        """Return one person's day and its reminders as events."""
        which = (duties, day, sequence, calls)
        pieces = self._pieces.get(which)
        if pieces is None:
            pieces = self._pieces[which] = self._render(*which)
        return uid.encode().join(pieces)

    def _render(self, duties: Duties, day: date, sequence: int, calls: Calls) -> tuple[bytes, ...]:
        """Return the events in pieces between which the day's UID belongs."""
        bodies = [b"\r\n" + self.all_day(day, sequence) + self._duty(duties)]
        for call in calls:
            suffix = checkpoint_suffix(call.at).encode()
            bodies.append(suffix + b"\r\n" + self._call(day, sequence, call))
        *others, last = bodies
        return (events.OPEN, *(body + events.END + events.OPEN for body in others), last + events.END)

    def all_day(self, day: date, sequence: int) -> bytes:
        """Return the lines that say when an event of a whole day is."""
        which = (day, sequence)
        if which not in self._days:
            self._days[which] = events.day_run(day, sequence, self._first_stamp)
        return self._days[which]

    def _duty(self, duties: Duties) -> bytes:
        if duties not in self._duties:
            self._duties[duties] = events.duty_run(duties, self._language)
        return self._duties[duties]

    def _call(self, day: date, sequence: int, call: Call) -> bytes:
        which = (day, sequence, call)
        if which not in self._calls:
            when = events.moment_run(day, call.at, self._zone, sequence, self._first_stamp)
            self._calls[which] = when + events.reminder_run(call, self._language)
        return self._calls[which]
