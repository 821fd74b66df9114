"""Rosters as the validator takes them, folders of evidence, and the cells of tables."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from scheduler.checkins.pipeline import Request, check
from scheduler.checkins.policy import parse_settings
from scheduler.checkins.roster_days import from_assignments
from scheduler.checkins.run import read_evidence
from scheduler.checkins.streams.cells import parse_moment, parse_number
from scheduler.checkins.streams.times import LocalClock
from scheduler.checkins.validate import Validator
from scheduler.roster import Assignment
from tests.checkins.tools import ALIASES, BUDI, DATA, DAY, MAKASSAR, POINTS, chat, here, judge, roster
from tests.samples import sample_roster


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=MAKASSAR).timestamp())


def test_a_roster_gives_everybody_in_order_with_statuses_and_roles() -> None:
    days = from_assignments(sample_roster().assignments())
    budi, mamur = days.people[1], days.people[2]
    assert [p.unit for p in days.people] == ["Dinas Contoh"] * 5 + ["RSUD ../Contoh"] * 2
    assert days.statuses[budi.id, DAY] == "home" and days.roles[mamur.id, DAY] == ("Loket Berkas",)
    assert ("NonASN-1522", DAY) not in days.statuses and len(days.days) == 15 and days.excuses == {}


def test_what_fixed_a_day_tells_of_recalls_and_swaps() -> None:
    lines = [
        Assignment(DAY + timedelta(n), "BKPSDM", BUDI, "office", (), why)
        for n, why in enumerate(("pin: recall", "Swap", "absence"))
    ]
    assert from_assignments(lines).excuses == {("B-1", DAY): "recall", ("B-1", DAY + timedelta(1)): "swap"}


def test_a_folder_as_telegram_exports_it_is_read_and_what_it_brings_along_is_passed_over(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "ChatExport"
    folder.mkdir()
    (folder / "result.json").write_bytes((DATA / "telegram_all_chats.json").read_bytes())
    (folder / "readme.txt").write_text("export")
    (folder / "photo.jpg").write_bytes(b"\xff")
    validator = Validator(roster(), parse_settings(POINTS), MAKASSAR, aliases=ALIASES)
    read_evidence([folder], validator, exporter_zone=MAKASSAR)
    assert [(s.name, s.key, s.is_refused) for s in validator.sources] == [
        ("ChatExport/readme.txt", "", False), ("ChatExport/result.json", "telegram", False),
    ]  # fmt: skip


def test_membership_is_written_where_the_policy_asks_for_it(tmp_path: Path) -> None:
    (tmp_path / "chat.txt").write_text(chat(("28/07/21, 08:03", "Budi Santoso", here())))
    settings = parse_settings({"membership": [{"group": "ASN", "for": {"unit": "BKPSDM"}}]})
    request = Request(
        roster=roster(),
        settings=settings,
        zone=MAKASSAR,
        exporter_zone=MAKASSAR,
        aliases=ALIASES,
        language="en",
    )
    (tmp_path / "out").mkdir()
    check(request, [tmp_path / "chat.txt"], tmp_path / "out")
    assert (tmp_path / "out" / "membership.csv").read_text("utf-8") == (
        "person_id,unit,name,member,source,line\nB-1,BKPSDM,Budi Santoso,yes,chat.txt,1\nA-1,BKPSDM,Ani Lestari,unknown,,\n"
    )
    assert "Group members" in openpyxl.load_workbook(tmp_path / "out" / "checkins.xlsx").sheetnames


@pytest.mark.parametrize(
    ("cell", "clock", "expected"),
    [
        ("28/07/2021 08.03", None, "2021-07-28T08:03"), ("2021-07-28T08:03:05", None, "2021-07-28T08:03:05"),
        ("Rabu, 28 Juli 2021 08:03", None, "2021-07-28T08:03"), ("28-Agt-2021 8:03 pm", None, "2021-08-28T20:03"),
        ("28 July 2021, 12:03 AM", None, "2021-07-28T00:03"), ("28/7/21", "08:03:05", "2021-07-28T08:03:05"),
        (datetime.combine(DAY, time(8, 3)), None, "2021-07-28T08:03"), (date(2021, 7, 28), time(8, 3), "2021-07-28T08:03"),
        (date(2021, 7, 28), 0.5, "2021-07-28T12:00"), (date(2021, 7, 28), datetime.combine(date(1900, 1, 1), time(8, 3)), "2021-07-28T08:03"),
        ("2021-07-28 07:03 WIB", None, "2021-07-28T08:03"), ("2021-07-28T00:03:00Z", None, "2021-07-28T08:03"),
        ("2021-07-28 09:03 WIT", None, "2021-07-28T08:03"), ("2021-07-27 21:03:00-03:00", None, "2021-07-28T08:03"),
        ("1627430580", None, "2021-07-28T08:03"), (1_627_430_580_000.0, None, "2021-07-28T08:03"),
    ],
)  # fmt: skip
def test_every_way_of_writing_a_moment_is_read(cell: Any, clock: Any, expected: str) -> None:
    assert parse_moment(cell, clock, "dmy", LocalClock(MAKASSAR)).at == at(expected)


@pytest.mark.parametrize("cell", ["", None, "kemarin", "32/13/2021 08:00", "28/07/2021 24:01", "28/07/2021 13:00 pm", "28 Foo 2021 08:00", True, "2021-07-28 25:00 WIB"])  # fmt: skip
def test_what_is_no_moment_has_no_instant(cell: Any) -> None:
    assert parse_moment(cell, None, "dmy", LocalClock(MAKASSAR)).at is None


@pytest.mark.parametrize(("cell", "number"), [("-2,55", -2.55), (" 120.3 ", 120.3), (3, 3.0), ("", None), (None, None), ("x", None), (True, None)])  # fmt: skip
def test_numbers_with_commas_or_points_are_read(cell: Any, number: float | None) -> None:
    assert parse_number(cell) == number


def test_tables_whose_dates_are_open_or_mixed_are_refused_with_the_way_out(tmp_path: Path) -> None:
    who = roster(days=365, first=date(2021, 1, 1))
    rows = {"open.csv": "03/08/2021 08:00", "mixed.csv": "28/08/2021 08:00\nB-1,08/28/2021 08:00"}
    for name, text in rows.items():
        judged = judge(tmp_path, {name: f"person_id,timestamp\nB-1,{text}\n"}, who=who)
        (source,) = judged.findings.sources
        assert source.is_refused and "--date-order" in source.faults[0].describe("en"), name


def test_a_workbook_broken_in_its_rows_is_refused(tmp_path: Path) -> None:
    import zipfile

    book = openpyxl.Workbook()
    book.worksheets[0].append(["NIP", "Waktu"])
    whole = BytesIO()
    book.save(whole)
    broken = BytesIO()
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(broken, "w") as target:
        for info in source.infolist():
            data = source.read(info)
            target.writestr(info, data[: len(data) // 2] if "sheet1" in info.filename else data)
    judged = judge(tmp_path, {"absen.xlsx": broken.getvalue()})
    assert judged.findings.sources[0].is_refused
