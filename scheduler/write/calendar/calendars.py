"""All calendars of one roster: what they have in common is rendered once and kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from icalendar import Calendar

from scheduler.language import Bilingual, Language
from scheduler.problem import Person
from scheduler.roster import HOME, NOT_EMPLOYED, OFF, OFFICE, Roster, UnitResult, unit_assignments
from scheduler.write.calendar import events
from scheduler.write.calendar.events import Duty
from scheduler.write.calendar.names import person_uid, supervisor_uid, unit_uid
from scheduler.write.calendar.reminders import Reminders
from scheduler.write.calendar.templates import Duties, Templates
from scheduler.write.calendar.text import Text, one_line, text_line
from scheduler.write.calendar.zone import zone_component

BEGIN, END = b"BEGIN:VCALENDAR\r\n", b"END:VCALENDAR\r\n"

PRODUCT = "-//giliran//giliran//ID"
"""PRODID without a version: an upgrade alone changes no calendar."""

REFRESH = timedelta(hours=4)
"""How often a reader is asked to look again; Google does as it pleases (12 to 24 h)."""


class Calendars:
    """The calendars of one revision of a roster, as bytes.

    Parameters
    ----------
    roster : its `sequences` say how often each person-day changed; nothing else tells revisions apart.
    key : the scenario's `calendar.key`.
    """

    def __init__(self, roster: Roster, key: bytes, language: Language) -> None:
        policy = roster.problem.policy
        zone = ZoneInfo(policy.timezone)
        self._key, self._language, self._sequences = key, language, roster.sequences
        self._reminders = Reminders(policy.checkins)
        self._templates = Templates(
            zone, events.first_stamp(policy.letter.day or roster.problem.first), language
        )
        self._frame = _frame(roster, zone)
        self._clean = cache(one_line)
        self._results = {result.roster.unit: result for result in roster.results}
        self._places: dict[str, list[tuple[UnitResult, int]]] = {}
        for result in roster.results:
            for row, person_id in enumerate(result.roster.people):
                self._places.setdefault(person_id, []).append((result, row))
        self._staff = _staff_of(roster)

    @property
    def people(self) -> tuple[str, ...]:
        """The ids of everyone on the roster, in unit and list order, each once."""
        return tuple(self._places)

    @property
    def units(self) -> tuple[str, ...]:
        """The names of the units, in the roster's order."""
        return tuple(self._results)

    @property
    def supervisors(self) -> tuple[str, ...]:
        """The ids of those on the roster whom others name as their direct supervisor, in the roster's order."""
        return tuple(person_id for person_id in self._places if person_id in self._staff)

    def person(self, person_id: str) -> bytes:
        """Return one person's calendar: their days, in order, each followed by its reminders."""
        result, row = self._places[person_id][0]
        person = result.unit.people[row]
        tables = self._reminders.tables_for(person)
        blocks = []
        for day, duties in sorted(self._duties(person_id).items()):
            calls = self._reminders.due(tables, day, tuple(duty.status for duty in duties))
            uid = person_uid(self._key, person_id, day)
            sequence = self._sequences.get((person_id, day), 0)
            blocks.append(self._templates.person_day(uid, duties, day, sequence, calls))
        return self._calendar(person.name, blocks)

    def _duties(self, person_id: str) -> dict[date, Duties]:
        """Return what each of the person's units has them do; two units on one day share its event."""
        days: dict[date, Duties] = {}
        for result, row in self._places[person_id]:
            grid = result.roster
            for day, status in zip(grid.days, grid.statuses[row], strict=True):
                if status not in (OFF, NOT_EMPLOYED):
                    duty = Duty(grid.unit, status, grid.roles.get((person_id, day), ()))
                    days[day] = (*days.get(day, ()), duty)
        return days

    def unit(self, name: str) -> bytes:
        """Return one unit's calendar: who is where, day by day.

        Its SEQUENCE is the sum of its people's: it rises whenever one of them changes. Where somebody leaves the unit, it
        could fall; feeds count on from what readers were given (`server.sequences`).
        """
        result = self._results[name]
        people = result.unit.people
        key = self._key
        days = [self._day(unit_uid(key, name, day), [(result, people)], day) for day in result.roster.days]
        return self._calendar(name, days)

    def supervisor(self, person_id: str) -> bytes:
        """Return one supervisor's calendar: where those are who report to them directly, of whatever unit.

        Its SEQUENCE is the sum of theirs, as a unit's is.
        """
        result, row = self._places[person_id][0]
        whose = one_line(result.unit.people[row].name)
        staff = self._staff[person_id]
        dates = sorted({day for result, _ in staff for day in result.roster.days})
        days = [self._day(supervisor_uid(self._key, person_id, day), staff, day) for day in dates]
        said = Bilingual(id=f"bawahan {whose}", en=f"the staff of {whose}")
        return self._calendar(said.in_language(self._language), days)

    def _day(self, uid: str, members: Sequence[tuple[UnitResult, Sequence[Person]]], day: date) -> bytes:
        """Return who of these people is where on a day as one event; nothing where nobody works."""
        groups: dict[str, list[str]] = defaultdict(list)
        for result, people in members:
            chosen = {person.id for person in people}
            for assignment in unit_assignments(result, day):
                if assignment.person.id in chosen and assignment.status != OFF:
                    name = self._clean(assignment.person.display_name)
                    roles = events.role_labels(assignment.roles, self._language)
                    group = assignment.status if assignment.status in (HOME, OFFICE) else events.AWAY
                    groups[group].append(f"{name} ({', '.join(roles)})" if roles else name)
        if not groups:
            return b""
        sequence = sum(self._sequences.get((p.id, day), 0) for _, people in members for p in people)
        when = self._templates.all_day(day, sequence)
        what = events.attendance_run(groups, self._language)
        return events.OPEN + uid.encode() + b"\r\n" + when + what + events.END

    def _calendar(self, whose: str, blocks: list[bytes]) -> bytes:
        whose = self._clean(whose)
        name = Text(Bilingual(id=f"Jadwal {whose}", en=f"Roster of {whose}").in_language(self._language))
        before, after = self._frame
        kind = ";VALUE=TEXT" if _has_escapes(name) else ""
        named = text_line(f"NAME{kind}", name) + text_line(f"X-WR-CALNAME{kind}", name)
        return b"".join((before, named, after, *blocks, END))


def _staff_of(roster: Roster) -> dict[str, list[tuple[UnitResult, list[Person]]]]:
    """Return the people who name each supervisor, with the unit's result in which they stand."""
    found: dict[str, list[tuple[UnitResult, list[Person]]]] = {}
    for result in roster.results:
        mine: dict[str, list[Person]] = defaultdict(list)
        for person in result.unit.people:
            if person.supervisor:
                mine[person.supervisor].append(person)
        for supervisor, people in mine.items():
            found.setdefault(supervisor, []).append((result, people))
    return found


def _frame(roster: Roster, zone: ZoneInfo) -> tuple[bytes, bytes]:
    """Return what stands before and after the name in every calendar."""
    problem = roster.problem
    before = Calendar()
    before.add("VERSION", "2.0")
    before.add("PRODID", PRODUCT)
    before.add("CALSCALE", "GREGORIAN")
    after = Calendar()
    about = [one_line(text) for text in (problem.policy.title, problem.policy.letter.number) if text]
    if about:
        after.add("DESCRIPTION", Text(" · ".join(about)))
        title = Text(" · ".join(about))
        after.add("X-WR-CALDESC", title, parameters={"VALUE": "TEXT"} if _has_escapes(title) else {})
    after.add("X-WR-TIMEZONE", zone.key)
    after.add("REFRESH-INTERVAL", REFRESH, parameters={"VALUE": "DURATION"})
    after.add("X-PUBLISHED-TTL", "PT4H")
    after.add_component(zone_component(zone, problem.first, problem.last))
    return BEGIN + _inside(before), _inside(after)


def _has_escapes(text: Text) -> bool:
    """Whether a property that not every reader knows to be a text (RFC 7986, Apple) has to say so.

    Else some would show the escapes in it.
    """
    return text.to_ical() != text.encode()


def _inside(calendar: Calendar) -> bytes:
    rendered: bytes = calendar.to_ical(sorted=False)
    return rendered.removeprefix(BEGIN).removesuffix(END)
