from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil.tz import tzical
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.write.calendar.zone import zone_component

ZONES = sorted(available_timezones() - {"localtime"})


def rendered(zone: str, first: date, last: date) -> str:
    return zone_component(ZoneInfo(zone), first, last).to_ical(sorted=False).decode()


@pytest.mark.parametrize(
    ("zone", "offset", "name"),
    [("Asia/Jakarta", "+0700", "WIB"), ("Asia/Makassar", "+0800", "WITA"), ("Asia/Jayapura", "+0900", "WIT")],
)
def test_an_indonesian_zone_has_one_offset_and_no_comment(zone: str, offset: str, name: str) -> None:
    lines = rendered(zone, date(2021, 7, 28), date(2021, 8, 5)).split("\r\n")
    assert lines[0:3] == ["BEGIN:VTIMEZONE", f"TZID:{zone}", "BEGIN:STANDARD"]
    assert lines[4:] == [
        f"TZOFFSETFROM:{offset}", f"TZOFFSETTO:{offset}", f"TZNAME:{name}", "END:STANDARD", "END:VTIMEZONE", "",
    ]  # fmt: skip


def test_summer_time_starts_at_an_hour_of_the_time_that_ends() -> None:
    text = rendered("Europe/Berlin", date(2021, 3, 22), date(2021, 4, 2))
    assert (
        "BEGIN:DAYLIGHT\r\nDTSTART:20210328T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nTZNAME:CEST\r\n"
        in text
    )
    autumn = rendered("Europe/Berlin", date(2021, 10, 25), date(2021, 11, 5))
    assert (
        "BEGIN:STANDARD\r\nDTSTART:20211031T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nTZNAME:CET\r\n"
        in autumn
    )


@settings(deadline=None)
@given(
    st.sampled_from(ZONES),
    st.dates(date(1995, 1, 1), date(2036, 12, 1)),
    st.integers(0, 45),
)
def test_any_zone_shows_another_reader_the_same_clocks_throughout(
    zone: str, first: date, length: int
) -> None:
    last = first + timedelta(days=length)
    # dateutil takes observances that are not "standard" for summer time; offsets are what counts here.
    read = tzical(StringIO(rendered(zone, first, last))).get()
    moment = datetime.combine(first, time(), UTC) - timedelta(hours=12)
    while moment.date() <= last:
        local = moment.astimezone(ZoneInfo(zone))
        wall = local.replace(tzinfo=None)
        both = {wall.replace(fold=fold, tzinfo=ZoneInfo(zone)).utcoffset() for fold in (0, 1)}
        if len(both) == 1 and first <= wall.date() <= last:
            assert wall.replace(tzinfo=read).utcoffset() == local.utcoffset()
        moment += timedelta(minutes=30)
