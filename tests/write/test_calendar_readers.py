"""Calendars as other programs read them: icalendar, khal, ical.js, node-ical, libical."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unicodedata import category
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from scheduler.roster import Roster
from scheduler.write.calendar.text import one_line
from scheduler.write.ics import calendars, person_calendar, unit_calendar
from tests.samples import sample_roster
from tests.write.calendar_tools import KEY, JavaScript, changed, libical_errors, people, renamed, with_policy

SAMPLE = sample_roster()
BUDI = people(SAMPLE)[1]

NASTY = ["\r", "\n", "\r\n", "\0", "\x0b", "\x0c", "\x1c", "\x1f", "\x7f", "\x85", "\u2028", "\u2029", "\ud800",
         "\ufeff", "\u202e", "\t", "\\", "\\n", "\\N", ";", ",", ":", '"', "^n", "=", "END:VEVENT", " ", "\xa0"]  # fmt: skip
texts = st.lists(st.sampled_from(NASTY) | st.text(max_size=90), max_size=8).map("".join)


@pytest.fixture(scope="module")
def javascript() -> Iterator[JavaScript]:
    readers = JavaScript()
    yield readers
    readers.close()


def all_calendars(roster: Roster) -> list[bytes]:
    every = calendars(roster, KEY, "id")
    return [*(every.person(p) for p in every.people), *(every.unit(u) for u in every.units)]


def test_ical_js_reads_back_every_event(javascript: JavaScript) -> None:
    for calendar in all_calendars(SAMPLE):
        ours = Calendar.from_ical(calendar)
        read = javascript.read("ical.js", calendar)
        assert read["name"] == read["wrName"] == ours["NAME"]
        assert (read["refresh"], read["zones"]) == (4 * 3600, 1)
        assert [
            (e["uid"], e["sequence"], e["summary"], e["transparency"], e["alarms"]) for e in read["events"]
        ] == [
            (e["UID"], e["SEQUENCE"], e["SUMMARY"], e["TRANSP"], len(e.walk("VALARM"))) for e in ours.events
        ]
        for theirs, event in zip(read["events"], ours.events, strict=True):
            timed = isinstance(event.start, datetime)
            assert theirs["allDay"] is not timed
            assert theirs["seconds"] == (15 * 60 if timed else 24 * 3600)
            assert theirs["start"] == event.start.isoformat().removesuffix("+08:00")
            if timed:
                assert theirs["startSeconds"] == event.start.timestamp()


def test_ical_js_finds_the_local_hour_from_our_time_zone_on_both_sides_of_summer_time(
    javascript: JavaScript,
) -> None:
    for first, last in ((date(2021, 3, 25), date(2021, 4, 2)), (date(2021, 10, 28), date(2021, 11, 4))):
        roster = with_policy(_shifted(first), timezone="Europe/Berlin")
        roster = replace(roster, problem=replace(roster.problem, first=first, last=last))
        read = javascript.read("ical.js", person_calendar(roster, BUDI.id, KEY, "id"))
        timed = [e for e in read["events"] if not e["allDay"]]
        offsets = set()
        for event in timed:
            local = datetime.fromisoformat(event["start"]).replace(tzinfo=ZoneInfo("Europe/Berlin"))
            offsets.add(local.utcoffset())
            assert event["startSeconds"] == local.timestamp()
        assert len(offsets) == 2


def _shifted(first: date) -> Roster:
    """The sample's first office on as many days from `first` on, at home every day."""
    result = SAMPLE.results[0]
    days = tuple(first + timedelta(days=n) for n in range(8))
    rows = tuple(("home",) * 8 for _ in result.roster.people)
    return replace(
        SAMPLE, results=(replace(result, roster=replace(result.roster, days=days, statuses=rows)),)
    )


def test_node_ical_reads_back_every_event(javascript: JavaScript) -> None:
    for calendar in all_calendars(SAMPLE):
        read = javascript.read("node-ical", calendar)["events"]
        ours = {str(e["UID"]): e for e in Calendar.from_ical(calendar).events}
        assert {e["uid"] for e in read} == set(ours) and len(read) == len(ours)
        for theirs in read:
            event = ours[theirs["uid"]]
            assert theirs["summary"] == event["SUMMARY"]
            assert theirs["sequence"] == event["SEQUENCE"]
            if theirs["allDay"]:
                assert (theirs["start"], theirs["end"]) == (event.start.isoformat(), event.end.isoformat())
            else:
                assert datetime.fromisoformat(theirs["start"]) == event.start.astimezone(UTC)


def test_libical_finds_nothing_wrong() -> None:
    for calendar in all_calendars(SAMPLE):
        assert libical_errors(calendar) == []


def test_libical_would_find_a_method_without_organizer_and_a_commented_time_zone() -> None:
    calendar = person_calendar(SAMPLE, BUDI.id, KEY, "id")
    assert libical_errors(calendar.replace(b"VERSION:2.0\r\n", b"VERSION:2.0\r\nMETHOD:PUBLISH\r\n"))
    assert libical_errors(
        calendar.replace(b"TZID:Asia/Makassar\r\n", b"TZID:Asia/Makassar\r\nCOMMENT:x\r\n", 1)
    )


def khal(folder: Path, *arguments: str) -> str:
    """What khal prints, with nothing of its own but what is in `folder`."""
    settings_ = folder / "khal.ini"
    if not settings_.exists():
        (folder / "giliran").mkdir()
        settings_.write_text(
            f"[calendars]\n[[giliran]]\npath = {folder}/giliran\n"
            f"[sqlite]\npath = {folder}/khal.db\n"
            "[locale]\nlocal_timezone = Asia/Makassar\ndefault_timezone = Asia/Makassar\n"
            "timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
            "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n",
            encoding="utf-8",
        )
    home = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_CACHE_HOME": str(folder)}
    done = subprocess.run(
        [sys.executable, "-m", "khal", "-c", str(settings_), *arguments],
        env={**os.environ, **home, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_khal_imports_and_lists_a_persons_days_and_reminders(tmp_path: Path) -> None:
    (tmp_path / "budi.ics").write_bytes(person_calendar(SAMPLE, BUDI.id, KEY, "id"))
    khal(tmp_path, "import", "--batch", "-a", "giliran", str(tmp_path / "budi.ics"))
    listed = khal(tmp_path, "list", "2021-07-28", "15d", "--day-format", "", "--format", "{start} {title}")
    expected = []
    for day, letter in zip(SAMPLE.results[0].unit.horizon.workdays, "HHOOHHOOHO", strict=True):
        expected.append(f"{day} {'WFH' if letter == 'H' else 'WFO'} — Dinas Contoh")
        if letter == "H":
            expected += [f"{day} {hour}:00 Lapor kehadiran {hour}.00" for hour in ("08", "11", "14", "16")]
    assert sorted(listed.split("\n")) == sorted(["", *expected])


def test_khal_takes_a_revision_in_place_of_the_one_before(tmp_path: Path) -> None:
    day = date(2021, 7, 28)
    later = changed(SAMPLE, {(BUDI.id, day): "office"}, number=2, sequences={(BUDI.id, day): 1})
    later = replace(later, replaced=1)
    for roster in (SAMPLE, later):
        (tmp_path / "budi.ics").write_bytes(person_calendar(roster, BUDI.id, KEY, "id"))
        khal(tmp_path, "import", "--batch", "-a", "giliran", str(tmp_path / "budi.ics"))
    listed = khal(tmp_path, "list", "2021-07-28", "1d", "--day-format", "", "--format", "{title}")
    assert [line for line in listed.splitlines() if "Dinas" in line] == ["WFO — Dinas Contoh"]


@settings(deadline=None, max_examples=60)
@given(name=texts, unit=texts, title=texts, post=texts)
def test_no_text_breaks_a_calendar_for_any_reader(
    javascript: JavaScript, name: str, unit: str, title: str, post: str
) -> None:
    roster = renamed(name, unit, title, post)
    staff = people(roster)
    for calendar, whose in (
        (person_calendar(roster, staff[2].id, KEY, "id"), name),
        (unit_calendar(roster, unit, KEY, "id"), unit),
    ):
        text = calendar.decode()
        lines = text.split("\r\n")
        assert not [c for c in text.replace("\r\n", "") if category(c) in ("Cc", "Zl", "Zp", "Cs")]
        assert max(len(line.encode()) for line in lines) <= 75
        assert all(re.match(r" |[A-Z-]+[:;]", line) for line in lines[:-1])
        ours = Calendar.from_ical(calendar)
        read = javascript.read("ical.js", calendar)
        assert read["name"] == read["wrName"] == ours["NAME"] == f"Jadwal {one_line(whose)}"
        if title:
            assert read["description"] == ours["DESCRIPTION"] == f"{one_line(title)} · 800/935/BKPSDM/2021"
        mine = [(e["UID"], e["SUMMARY"], e.get("DESCRIPTION")) for e in ours.events]
        assert [(e["uid"], e["summary"], e["description"]) for e in read["events"]] == mine
    first = Calendar.from_ical(person_calendar(roster, staff[2].id, KEY, "id")).events[0]
    assert first["SUMMARY"] == f"WFO · {one_line(post)} — {one_line(unit)}"
    day = ours.events[0]
    assert f"{one_line(name)} ({one_line(post)})" in day["DESCRIPTION"]


@settings(deadline=None, max_examples=25)
@given(name=texts, unit=texts)
def test_whatever_the_names_templated_bytes_are_those_that_icalendar_renders_wholly(
    name: str, unit: str
) -> None:
    # icalendar itself renders a backslash before an N wrongly (see `Text`): that one case it cannot show.
    roster = renamed(name.replace("\\", "/"), unit.replace("\\", "/"))
    for calendar in all_calendars(roster):
        assert Calendar.from_ical(calendar).to_ical(sorted=False) == calendar
