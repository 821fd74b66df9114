"""Dates settled by the roster or refused; any IANA zone; clocks that change."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.checkins.flags import codes
from scheduler.checkins.streams.dates import AmbiguousOrderError, MixedOrderError, as_date, settle_order
from scheduler.checkins.streams.times import LocalClock, LocalDays
from tests.checkins.tools import chat, here, judge, read, roster

AUGUST = [date(2021, 8, d) for d in range(1, 13)]


def test_a_number_above_twelve_tells_the_order() -> None:
    assert settle_order([(3, 8, 21), (28, 7, 21)], AUGUST) == "dmy"
    assert settle_order([(3, 8, 21), (7, 28, 21)], AUGUST) == "mdy"
    assert settle_order([(2021, 8, 3)], AUGUST) == "ymd"


def test_the_roster_tells_the_order_where_no_number_does() -> None:
    assert settle_order([(8, 3, 21)], AUGUST) == "mdy" and settle_order([(3, 8, 21)], AUGUST) == "dmy"
    assert settle_order([(8, 8, 21)], AUGUST) == "dmy"


def test_both_readings_in_the_roster_are_refused() -> None:
    year = [date(2021, 1, 1) + timedelta(n) for n in range(365)]
    with pytest.raises(AmbiguousOrderError):
        settle_order([(3, 8, 21)], year)


def test_a_lone_forged_date_does_not_turn_a_file_round_and_many_refuse_it() -> None:
    assert settle_order([(28, 7, 21)] * 3 + [(7, 28, 21)], AUGUST) == "dmy"
    with pytest.raises(MixedOrderError):
        settle_order([(28, 7, 21)] * 3 + [(7, 28, 21)] * 2, AUGUST)


def test_a_refused_file_says_what_to_do_and_makes_nobody_missing(tmp_path: Path) -> None:
    who = roster(days=365, first=date(2021, 1, 1))
    text = chat(("03/08/21, 08:03", "Budi Santoso", here()))
    judged = judge(tmp_path, {"chat.txt": text}, who=who)
    (source,) = judged.findings.sources
    assert source.is_refused and "--date-order" in source.faults[0].describe("id")
    assert {r.verdict for r in judged.rows} == {"unprovable"}
    settled = judge(tmp_path, {"chat.txt": text}, who=who, order="dmy")
    assert settled.of("B-1", "08:00", date(2021, 8, 3)).verdict == "on_time"


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_date_comes_back_in_every_order(day: date) -> None:
    y, m, d = day.year, day.month, day.day
    assert as_date((d, m, y), "dmy") == as_date((m, d, y % 100), "mdy") == as_date((y, m, d), "ymd") == day


def test_a_chat_exported_in_another_zone_is_judged_in_the_policys(tmp_path: Path) -> None:
    text = chat(("28/07/21, 07:03", "Budi Santoso", here()), ("29/07/21, 18:00", "Ani", "x"))
    assert judge(tmp_path, {"chat.txt": text}).of("B-1", "08:00").verdict == "missing"
    jakarta = judge(tmp_path, {"chat.txt": text}, exporter_zone=ZoneInfo("Asia/Jakarta"))
    assert (
        jakarta.of("B-1", "08:00").verdict == "on_time" and jakarta.findings.sources[0].zone == "Asia/Jakarta"
    )


def test_tables_are_read_in_the_policys_zone_whatever_the_phone(tmp_path: Path) -> None:
    log = "person_id,timestamp,latitude,longitude\nB-1,2021-07-28 08:03:00,-2.55,120.32\n"
    judged = judge(tmp_path, {"app.csv": log}, exporter_zone=ZoneInfo("Asia/Jakarta"))
    assert (
        judged.of("B-1", "08:00").verdict == "on_time" and judged.findings.sources[0].zone == "Asia/Makassar"
    )


def test_an_hour_that_happens_twice_is_flagged_and_windows_follow_the_clock(tmp_path: Path) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    twice = date(2021, 10, 31)
    found, _ = read(b"31/10/21, 02:30 - A: x\n", zone=berlin, days=[twice])
    assert codes(found[0].flags) == ("ambiguous_hour",)
    who = roster(days=3, first=date(2021, 10, 30))
    lines = [(f"{d}, 08:03", "Budi Santoso", here()) for d in ("30/10/21", "31/10/21", "01/11/21")]
    judged = judge(tmp_path, {"chat.txt": chat(*lines)}, who=who, zone=berlin)
    assert [judged.of("B-1", "08:00", date(2021, 10, 30) + timedelta(n)).verdict for n in range(3)] == [
        "on_time"
    ] * 3


@pytest.mark.parametrize("zone", ["Asia/Makassar", "Asia/Jayapura", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia", "Europe/Berlin"])  # fmt: skip
@given(st.integers(1_300_000_000, 1_900_000_000))
def test_local_dates_and_clock_times_agree_with_the_zone_database(zone: str, at: int) -> None:
    local = datetime.fromtimestamp(at, ZoneInfo(zone))
    assert LocalDays(ZoneInfo(zone)).day_of(at) == local.date()
    instant, flags = LocalClock(ZoneInfo(zone)).instant(local.date(), local.hour, local.minute, local.second)
    assert instant == at or codes(flags) == ("ambiguous_hour",)
