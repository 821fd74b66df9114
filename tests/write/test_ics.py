from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from scheduler.errors import InputError
from scheduler.problem import Letter
from scheduler.roster import Roster
from scheduler.write.calendar.names import person_file, person_uid, unit_file, unit_uid
from scheduler.write.ics import calendars, person_calendar, unit_calendar, write_calendars
from tests.samples import DAYS, horizon, sample_roster
from tests.write.calendar_tools import KEY, changed, events_of, people, renamed, sequence_of, with_policy

SAMPLE = sample_roster()
KADIS, BUDI, MAMUR, RAHMI, PUSPA, RINA, JOKO = people(SAMPLE)
DAY = date(2021, 7, 28)


def everything(roster: Roster) -> dict[str, bytes]:
    """Every calendar of a roster by person id or unit."""
    every = calendars(roster, KEY, "id")
    return {p: every.person(p) for p in every.people} | {u: every.unit(u) for u in every.units}


def events(calendar: bytes) -> list[Any]:
    return list(Calendar.from_ical(calendar).events)


def summaries(calendar: bytes) -> dict[date, str]:
    """The whole-day events by day."""
    return {e.start: str(e["SUMMARY"]) for e in events(calendar) if not isinstance(e.start, datetime)}


def test_a_calendar_is_these_bytes() -> None:
    policy = replace(SAMPLE.problem.policy, checkins={"point": [{"at": "08:00"}]})
    one_day = changed(SAMPLE, {(BUDI.id, day): "off" for day in DAYS[1:]})
    one_day = replace(one_day, problem=replace(one_day.problem, policy=policy), sequences={(BUDI.id, DAY): 2})
    uid = person_uid(KEY, BUDI.id, DAY)
    assert person_calendar(one_day, BUDI.id, KEY, "id").decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//giliran//giliran//ID",
        "CALSCALE:GREGORIAN",
        "NAME:Jadwal Budi Santoso",
        "X-WR-CALNAME:Jadwal Budi Santoso",
        "DESCRIPTION:Penyesuaian sistem kerja\\, tahap I · 800/935/BKPSDM/2021",
        "X-WR-CALDESC;VALUE=TEXT:Penyesuaian sistem kerja\\, tahap I · 800/935/BKPS",
        " DM/2021",
        "X-WR-TIMEZONE:Asia/Makassar",
        "REFRESH-INTERVAL;VALUE=DURATION:PT4H",
        "X-PUBLISHED-TTL:PT4H",
        "BEGIN:VTIMEZONE",
        "TZID:Asia/Makassar",
        "BEGIN:STANDARD",
        "DTSTART:20210727T080000",
        "TZOFFSETFROM:+0800",
        "TZOFFSETTO:+0800",
        "TZNAME:WITA",
        "END:STANDARD",
        "END:VTIMEZONE",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        "SEQUENCE:2",
        "DTSTAMP:20210727T000200Z",
        "LAST-MODIFIED:20210727T000200Z",
        "DTSTART;VALUE=DATE:20210728",
        "DTEND;VALUE=DATE:20210729",
        "SUMMARY:WFH — Dinas Contoh",
        "TRANSP:TRANSPARENT",
        "CATEGORIES:WFH",
        "X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE",
        "END:VEVENT",
        "BEGIN:VEVENT",
        f"UID:{uid}-0800",
        "SEQUENCE:2",
        "DTSTAMP:20210727T000200Z",
        "LAST-MODIFIED:20210727T000200Z",
        "DTSTART;TZID=Asia/Makassar:20210728T080000",
        "DTEND;TZID=Asia/Makassar:20210728T081500",
        "SUMMARY:Lapor kehadiran 08.00",
        "TRANSP:TRANSPARENT",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "DESCRIPTION:Lapor kehadiran 08.00",
        "TRIGGER:P0D",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


@pytest.mark.parametrize("language", ["id", "en"])
def test_templated_bytes_are_those_that_icalendar_renders_wholly(language: Any) -> None:
    every = calendars(replace(SAMPLE, sequences={(BUDI.id, DAY): 1}), KEY, language)
    for calendar in [*(every.person(p) for p in every.people), *(every.unit(u) for u in every.units)]:
        assert Calendar.from_ical(calendar).to_ical(sorted=False) == calendar


def test_each_working_day_is_one_event_and_other_days_none() -> None:
    worked = horizon().workdays
    assert list(summaries(person_calendar(SAMPLE, BUDI.id, KEY, "id"))) == list(worked)
    joined = summaries(person_calendar(SAMPLE, PUSPA.id, KEY, "id"))
    assert list(joined) == [day for day in worked if day >= date(2021, 8, 2)]
    for event in events(person_calendar(SAMPLE, BUDI.id, KEY, "id")):
        if not isinstance(event.start, datetime):
            assert event.end - event.start == timedelta(days=1)


def test_an_event_names_status_roles_and_unit_in_the_language() -> None:
    roster = changed(SAMPLE, {(BUDI.id, DAY): "travel"})
    results = roster.results
    roles = {(MAMUR.id, DAY): ("monitor", "Loket Berkas")}
    first = replace(results[0], roster=replace(results[0].roster, roles=roles))
    roster = replace(roster, results=(first, results[1]))
    assert (
        summaries(person_calendar(roster, MAMUR.id, KEY, "id"))[DAY]
        == "WFO · Pemantau · Loket Berkas — Dinas Contoh"
    )
    assert summaries(person_calendar(roster, MAMUR.id, KEY, "en"))[DAY].startswith(
        "Office · Monitor · Loket Berkas"
    )
    assert summaries(person_calendar(roster, BUDI.id, KEY, "id"))[DAY] == "Dinas Luar — Dinas Contoh"


@pytest.mark.parametrize(
    ("status", "transparency", "busy", "private"),
    [
        ("home", "TRANSPARENT", "WORKINGELSEWHERE", False),
        ("office", "TRANSPARENT", "FREE", False),
        ("leave", "OPAQUE", "OOF", False),
        ("sick", "OPAQUE", "OOF", True),
        ("isolation", "OPAQUE", "OOF", True),
        ("hospital", "OPAQUE", "OOF", True),
    ],
)
def test_only_absences_make_a_person_busy_and_illness_is_private(
    status: str, transparency: str, busy: str, private: bool
) -> None:
    roster = changed(SAMPLE, {(BUDI.id, DAY): status})
    event = next(e for e in events(person_calendar(roster, BUDI.id, KEY, "id")) if e.start == DAY)
    assert (event["TRANSP"], event["X-MICROSOFT-CDO-BUSYSTATUS"]) == (transparency, busy)
    assert (event.get("CLASS") == "PRIVATE") is private


def test_home_days_remind_of_each_checkpoint_for_a_quarter_of_an_hour_with_an_alarm() -> None:
    found = [e for e in events(person_calendar(SAMPLE, BUDI.id, KEY, "id")) if isinstance(e.start, datetime)]
    home = [
        d
        for d, text in summaries(person_calendar(SAMPLE, BUDI.id, KEY, "id")).items()
        if text.startswith("WFH")
    ]
    assert [e.start.isoformat() for e in found] == [
        f"{d}T{hour:02}:00:00+08:00" for d in home for hour in (8, 11, 14, 16)
    ]
    for event in found:
        assert event["DTSTART"].params["TZID"] == "Asia/Makassar"
        assert event.end - event.start == timedelta(minutes=15)
        (alarm,) = event.walk("VALARM")
        assert (alarm["ACTION"], alarm["TRIGGER"].dt) == ("DISPLAY", timedelta())


def test_an_interval_reminds_to_start_sharing_in_both_languages() -> None:
    roster = with_policy(SAMPLE, checkins={"interval": [{"start": "07:30"}]})
    assert b"SUMMARY:Mulai berbagi lokasi 07.30\r\n" in person_calendar(roster, BUDI.id, KEY, "id")
    assert b"SUMMARY:Start sharing your location 07:30\r\n" in person_calendar(roster, BUDI.id, KEY, "en")


def test_a_reminder_in_summer_time_is_at_the_local_hour() -> None:
    roster = with_policy(SAMPLE, timezone="Europe/Berlin")
    starts = {
        e.start for e in events(person_calendar(roster, BUDI.id, KEY, "id")) if isinstance(e.start, datetime)
    }
    assert datetime(2021, 7, 28, 6, tzinfo=UTC) in starts


def test_a_unit_calendar_counts_and_lists_who_is_where() -> None:
    calendar = unit_calendar(SAMPLE, "Dinas Contoh", KEY, "id")
    assert list(summaries(calendar)) == list(horizon().workdays)
    third = next(e for e in events(calendar) if e.start == date(2021, 8, 3))
    assert third["SUMMARY"] == "WFH 2 · WFO 2 · lainnya 1"
    assert third["DESCRIPTION"] == (
        "WFH (2): Budi Santoso, S.Kom; Puspa Sihombing\n"
        "WFO (2): Dr. Hj. Siti Aminah, S.Sos., M.Si; Ma'mur Andi\n"
        "Lainnya (1): =HYPERLINK Rahmi"
    )
    first = next(e for e in events(calendar) if e.start == DAY)
    assert "Ma'mur Andi (Loket Berkas)" in first["DESCRIPTION"]


@settings(deadline=None)
@given(
    st.sampled_from(["leave", "travel", "permit", "study"]),
    st.sampled_from(["sick", "isolation", "hospital"]),
)
def test_a_unit_calendar_does_not_tell_illness_from_any_other_absence(other: str, illness: str) -> None:
    as_other = unit_calendar(changed(SAMPLE, {(BUDI.id, DAY): other}), "Dinas Contoh", KEY, "id")
    assert unit_calendar(changed(SAMPLE, {(BUDI.id, DAY): illness}), "Dinas Contoh", KEY, "id") == as_other


def test_no_nip_phone_or_coordinate_is_in_any_calendar_or_file_name(tmp_path: Path) -> None:
    write_calendars(SAMPLE, tmp_path, KEY, "id")
    for path in tmp_path.rglob("*.ics"):
        text = path.name + path.read_text(encoding="utf-8")
        for word in (b"GEO", b"LOCATION:", b"METHOD", b"CANCELLED", b"COMMENT", b"ATTENDEE", b"ORGANIZER"):
            assert word.decode() not in text
        for person in people(SAMPLE):
            assert person.nip not in text or not person.nip
            for secret in (person.phone, person.latitude, person.longitude):
                assert not secret or str(secret) not in text
            for hashed in (hashlib.sha256, hashlib.sha1, hashlib.md5):
                assert hashed(person.id.encode()).hexdigest()[:20] not in text


def test_everyone_and_every_unit_gets_one_file_under_an_opaque_name(tmp_path: Path) -> None:
    write_calendars(SAMPLE, tmp_path / "calendars", KEY, "id")
    found = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()}
    assert found == {f"calendars/people/{person_file(KEY, p.id)}" for p in people(SAMPLE)} | {
        f"calendars/units/{unit_file(KEY, unit)}" for unit in ("Dinas Contoh", "RSUD ../Contoh")
    }
    path = tmp_path / "calendars" / "people" / person_file(KEY, BUDI.id)
    assert path.read_bytes() == person_calendar(SAMPLE, BUDI.id, KEY, "id")


@pytest.mark.parametrize("name", ["../../x", "/etc/x", "..", "a\x00b", "CON", "x" * 5000, "\ud800", ""])
def test_no_unit_name_escapes_the_folder(name: str, tmp_path: Path) -> None:
    write_calendars(renamed(unit=name), tmp_path / "calendars", KEY, "id")
    assert [p.name for p in tmp_path.iterdir()] == ["calendars"]
    (path,) = (tmp_path / "calendars" / "units").iterdir()
    assert path.name == unit_file(KEY, name)


def test_a_unit_on_no_working_day_still_has_a_valid_calendar() -> None:
    closed = changed(SAMPLE, {(p.id, d): "off" for p in people(SAMPLE) for d in DAYS})
    assert events_of(unit_calendar(closed, "Dinas Contoh", KEY, "id")) == {}
    Calendar.from_ical(unit_calendar(closed, "Dinas Contoh", KEY, "id")).validate()


def test_a_policy_without_title_or_letter_leaves_the_description_out() -> None:
    assert b"DESC" not in person_calendar(
        with_policy(SAMPLE, title="", letter=Letter(), checkins={}), BUDI.id, KEY, "id"
    )


def test_an_empty_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        write_calendars(SAMPLE, tmp_path / "calendars", b"", "id")
    assert not (tmp_path / "calendars").exists()


def test_unknown_people_and_units_are_no_calendars() -> None:
    for _ in range(2):  # asking does not make one
        with pytest.raises(KeyError):
            person_calendar(SAMPLE, "nobody", KEY, "id")
    with pytest.raises(KeyError):
        unit_calendar(SAMPLE, "nowhere", KEY, "id")


def moved() -> Roster:
    """Budi leaves the first unit after 30 July and works in the second from then on."""
    second = SAMPLE.results[1]
    budi = replace(BUDI, unit=second.unit.name, joins=date(2021, 8, 2))
    row = tuple(
        "" if d < date(2021, 8, 2) else status
        for d, status in zip(DAYS, second.roster.statuses[1], strict=True)
    )
    grid = second.roster
    grid = replace(grid, people=(*grid.people, BUDI.id), statuses=(*grid.statuses, row))
    second = replace(second, unit=replace(second.unit, people=(*second.unit.people, budi)), roster=grid)
    left = changed(SAMPLE, {(BUDI.id, d): "" for d in DAYS if d >= date(2021, 8, 2)})
    return replace(left, results=(left.results[0], second))


def test_who_changes_units_has_one_calendar_with_the_days_of_both(tmp_path: Path) -> None:
    write_calendars(moved(), tmp_path, KEY, "id")
    assert len(list((tmp_path / "people").iterdir())) == len(people(SAMPLE))
    found = summaries((tmp_path / "people" / person_file(KEY, BUDI.id)).read_bytes())
    assert found[date(2021, 7, 30)].endswith("Dinas Contoh")
    assert found[date(2021, 8, 2)].endswith("RSUD ../Contoh")


def test_two_units_on_one_day_share_its_event() -> None:
    both = replace(moved(), results=(SAMPLE.results[0], moved().results[1]))
    calendar = person_calendar(both, BUDI.id, KEY, "id")
    events_of(calendar)  # each UID once
    assert summaries(calendar)[date(2021, 8, 3)] == "WFH — Dinas Contoh / WFO — RSUD ../Contoh"


# Revisions


def test_stamps_come_from_the_letter_or_else_the_period_and_never_from_the_clock() -> None:
    for letter, stamp in ((Letter(day=date(2021, 7, 27)), "20210727"), (Letter(), "20210728")):
        calendar = person_calendar(with_policy(SAMPLE, letter=letter), BUDI.id, KEY, "id")
        stamps = {(e["DTSTAMP"].to_ical(), e["LAST-MODIFIED"].to_ical()) for e in events(calendar)}
        assert stamps == {(f"{stamp}T000000Z".encode(),) * 2}


def test_a_new_revision_without_changes_has_the_same_bytes() -> None:
    assert everything(replace(SAMPLE, number=9, replaced=8)) == everything(SAMPLE)


@settings(deadline=None)
@given(
    st.sampled_from(people(SAMPLE)),
    st.sampled_from(horizon().workdays),
    st.sampled_from(["home", "office", "leave", "sick"]),
    st.integers(0, 3),
)
def test_a_changed_person_day_changes_its_own_events_only_and_raises_their_sequence(
    person: Any, day: date, status: str, before: int
) -> None:
    if not person.is_employed_on(day):
        return
    sequences = {(KADIS.id, day): 1, (person.id, day): before}
    old = replace(SAMPLE, sequences=sequences)
    new = changed(
        old, {(person.id, day): status}, number=2, sequences={**sequences, (person.id, day): before + 1}
    )
    old_files, new_files = everything(old), everything(new)
    assert {name for name in new_files if new_files[name] != old_files[name]} == {person.id, person.unit}
    for name, uid in (
        (person.id, person_uid(KEY, person.id, day)),
        (person.unit, unit_uid(KEY, person.unit, day)),
    ):
        before_, after = events_of(old_files[name]), events_of(new_files[name])
        assert {u: e for u, e in before_.items() if u[:40] != uid} == {
            u: e for u, e in after.items() if u[:40] != uid
        }
        assert sequence_of(after[uid]) == sequence_of(before_[uid]) + 1
        assert {sequence_of(e) for u, e in after.items() if u[:40] == uid} == {sequence_of(after[uid])}


def test_a_day_removed_is_dropped_and_not_cancelled() -> None:
    shorter = person_calendar(changed(SAMPLE, {(BUDI.id, DAY): "off"}, number=2), BUDI.id, KEY, "id")
    assert not [uid for uid in events_of(shorter) if uid.startswith(person_uid(KEY, BUDI.id, DAY))]
    assert b"CANCELLED" not in shorter


def test_the_same_roster_gives_the_same_bytes_in_any_process() -> None:
    code = (
        "from tests.write.test_ics import *; import hashlib;"
        "print(hashlib.sha256(repr(sorted(everything(SAMPLE).items())).encode()).hexdigest())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, zone in (("0", "UTC"), ("1", "Asia/Jayapura"))
    }
    here = hashlib.sha256(repr(sorted(everything(SAMPLE).items())).encode()).hexdigest()
    assert found == {here + "\n"}


def test_importing_the_writer_does_not_import_icalendar() -> None:
    code = "import sys, scheduler.write.ics; sys.exit('icalendar' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2]).returncode == 0
