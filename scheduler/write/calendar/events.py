"""The events of calendars, each made of three runs of lines: whose (UID), when, and what.

icalendar renders every run, and a UID is always short enough not to be folded: joining runs gives the very bytes
that rendering the whole event would give, a hundred times faster.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from icalendar import Alarm, Event

from scheduler.language import Bilingual, Language
from scheduler.roster import HOME, OFFICE
from scheduler.write.calendar.reminders import Call
from scheduler.write.calendar.text import Text, one_line, text_line
from scheduler.write.labels import role_label, status_label

BEGIN, END = b"BEGIN:VEVENT\r\n", b"END:VEVENT\r\n"
OPEN = BEGIN + b"UID:"

REMINDER_LENGTH = timedelta(minutes=15)

AWAY = "away"
"""Every absence in a unit's calendar: were illness alone unnamed, leaving its name out would tell it."""

HEALTH = ("sick", "isolation", "hospital")
"""Absences that tell of a person's health (UU PDP 27/2022, article 4): private even in their own calendar."""

BUSY = {HOME: "WORKINGELSEWHERE", OFFICE: "FREE"}


class Duty(NamedTuple):
    """What one unit's roster says of one person-day."""

    unit: str
    status: str
    roles: tuple[str, ...]


def day_run(day: date, sequence: int, first_stamp: datetime) -> bytes:
    """Return SEQUENCE, the stamps, and the whole of `day` (DTEND is exclusive) as lines."""
    event = _stamped(sequence, first_stamp)
    event.add("DTSTART", day)
    event.add("DTEND", day + timedelta(days=1))
    return lines(event)


def moment_run(day: date, at: time, zone: ZoneInfo, sequence: int, first_stamp: datetime) -> bytes:
    """Return SEQUENCE, the stamps, and a quarter of an hour from `at` local time as lines."""
    event = _stamped(sequence, first_stamp)
    start = datetime.combine(day, at, zone)
    event.add("DTSTART", start)
    event.add("DTEND", start + REMINDER_LENGTH)
    return lines(event)


def _stamped(sequence: int, first_stamp: datetime) -> Event:
    event = Event()
    stamp = first_stamp + timedelta(minutes=sequence)
    event.add("SEQUENCE", sequence)
    event.add("DTSTAMP", stamp)
    event.add("LAST-MODIFIED", stamp)
    return event


def first_stamp(day: date) -> datetime:
    """Return the DTSTAMP of an event never changed: midnight UTC of `day`, never the clock's."""
    return datetime.combine(day, time(), UTC)


def duty_run(duties: Iterable[Duty], language: Language) -> bytes:
    """Return what a person does on a day as lines; `duties` has one for each of their units that works."""
    duties = tuple(duties)
    status = duties[0].status
    event = Event()
    event.add("SUMMARY", Text(" / ".join(_summary(duty, language) for duty in duties)))
    event.add("TRANSP", "TRANSPARENT" if status in BUSY else "OPAQUE")
    if any(duty.status in HEALTH for duty in duties):
        event.add("CLASS", "PRIVATE")
    event.add("CATEGORIES", [status_label(status, language)])
    event.add("X-MICROSOFT-CDO-BUSYSTATUS", BUSY.get(status, "OOF"))
    return lines(event)


def _summary(duty: Duty, language: Language) -> str:
    label = status_label(duty.status, language)
    return f"{' · '.join([label, *role_labels(duty.roles, language)])} — {one_line(duty.unit)}"


def role_labels(roles: Iterable[str], language: Language) -> list[str]:
    """Return the roles as people call them, posts by their own names."""
    return [one_line(role_label(role, language)) for role in roles]


def reminder_run(call: Call, language: Language) -> bytes:
    """Return what to do at a checkpoint as lines, with an alarm that shows at its start."""
    what = (
        Bilingual(
            id=f"Mulai berbagi lokasi {call.at:%H.%M}", en=f"Start sharing your location {call.at:%H:%M}"
        )
        if call.shares
        else Bilingual(id=f"Lapor kehadiran {call.at:%H.%M}", en=f"Check in {call.at:%H:%M}")
    ).in_language(language)
    event = Event()
    event.add("SUMMARY", Text(what))
    event.add("TRANSP", "TRANSPARENT")
    event.add("X-MICROSOFT-CDO-BUSYSTATUS", "FREE")
    alarm = Alarm()
    alarm.add("ACTION", "DISPLAY")
    alarm.add("DESCRIPTION", Text(what))
    alarm.add("TRIGGER", timedelta())
    event.add_component(alarm)
    return lines(event)


def attendance_run(groups: dict[str, list[str]], language: Language) -> bytes:
    """Return who is where in a unit as lines; `groups` has the names at home, at the office and away."""
    headings = {
        HOME: status_label(HOME, language),
        OFFICE: status_label(OFFICE, language),
        AWAY: Bilingual(id="Lainnya", en="Away").in_language(language),
    }
    counts = []
    listed = []
    for group, label in headings.items():
        if names := groups.get(group):
            counts.append(f"{label if group in BUSY else label.lower()} {len(names)}")
            listed.append(f"{label} ({len(names)}): {'; '.join(names)}")
    said = text_line("SUMMARY", Text(" · ".join(counts))) + text_line("DESCRIPTION", Text("\n".join(listed)))
    event = Event()
    event.add("TRANSP", "TRANSPARENT")
    event.add("X-MICROSOFT-CDO-BUSYSTATUS", "FREE")
    return said + lines(event)


def lines(event: Event) -> bytes:
    """Return an event's own lines, in the order in which they were added."""
    rendered: bytes = event.to_ical(sorted=False)
    return rendered.removeprefix(BEGIN).removesuffix(END)
