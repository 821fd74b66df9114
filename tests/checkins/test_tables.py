"""CSV and Excel: attendance apps, call logs, activity logs and membership lists by header aliases."""

from __future__ import annotations

import io
from datetime import date, datetime, time

import openpyxl
import pytest

from tests.checkins.tools import MAKASSAR, read, read_data

MARCH = [date(2020, 3, d) for d in range(16, 32)]


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=MAKASSAR).timestamp())


def test_an_app_s_export_with_title_rows_semicolons_and_decimal_commas_is_read() -> None:
    found, reading = read_data("lasik_semicolons.csv", days=MARCH)
    first, second, third = found
    assert (first.at, first.direction, first.latitude, first.accuracy) == (
        at("2020-03-18T07:25:10"),
        "in",
        -2.5501,
        15,
    )
    assert first.ids == ("nip:198001012005011002",) and first.grade == "app" and first.line == 4
    assert (second.kind, second.direction, second.at, second.precision) == (
        "entry",
        "out",
        at("2020-03-18T16:05"),
        60,
    )
    assert third.at is None and [f.row for f in reading.faults] == [6]


def test_in_and_out_in_one_row_are_two_pieces_of_evidence() -> None:
    found, _ = read_data("lasik_one_row_a_day.csv", days=MARCH)
    assert [(e.direction, e.at) for e in found] == [
        ("in", at("2020-03-18T07:20")), ("out", at("2020-03-18T16:01")), ("in", at("2020-03-19T07:40")),
    ]  # fmt: skip


def test_offsets_zone_letters_and_epochs_win_over_the_exporters_zone() -> None:
    found, _ = read_data("app_with_offsets.csv", days=MARCH)
    assert [e.at for e in found] == [at("2020-03-18T08:25:10"), at("2020-03-18T10:05"), 1_584_489_600]
    assert (found[0].latitude, found[0].longitude) == (-2.55, 120.32) and found[1].text == "beli obat"


def test_an_excel_export_with_real_dates_is_read() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Data presensi"])
    sheet.append(["NIP", "Tanggal", "Jam", "Tipe"])
    sheet.append(["198001012005011002", date(2020, 3, 18), time(7, 25), "IN"])
    sheet.append(["198001012005011002", "18/03/2020", "16.10", "OUT"])
    stream = io.BytesIO()
    book.save(stream)
    found, _ = read(stream.getvalue(), "presensi.xlsx", days=MARCH)
    assert [(e.direction, e.at, e.line) for e in found] == [
        ("in", at("2020-03-18T07:25"), 3), ("out", at("2020-03-18T16:10"), 4),
    ]  # fmt: skip


def test_a_call_log_tells_who_answered_when() -> None:
    found, _ = read_data("call_log.csv", days=MARCH)
    assert [(e.kind, e.answered, e.text) for e in found] == [
        ("call", at("2020-03-23T09:03"), "yes"), ("call", None, "no"), ("call", None, ""),
    ]  # fmt: skip
    assert all(e.ids[0].startswith("phone:") for e in found)


def test_an_activity_log_keeps_days_and_targets_and_drops_empty_activities() -> None:
    found, reading = read_data("activities.csv", days=MARCH)
    assert [(e.day, e.target, e.line) for e in found] == [
        (date(2020, 3, 18), "SKP 1", 2),
        (date(2020, 3, 19), "", 4),
    ]
    assert [f.row for f in reading.faults] == [5]


def test_a_membership_list_gives_members_by_number() -> None:
    found, _ = read_data("group_members.csv")
    assert [(e.kind, e.sender, e.ids) for e in found] == [
        ("member", "Budi", ("phone:+62 812-3456-7890",)), ("member", "Ani", ("phone:0899",)),
    ]  # fmt: skip


def test_a_quote_never_closed_costs_no_other_row() -> None:
    text = (
        "person_id,timestamp,type\n"
        + 'A,2020-03-18 07:25,"in\n'
        + "".join(f"B{n},2020-03-18 07:30,in\n" for n in range(50))
    )
    found, reading = read(text.encode(), "app.csv", days=MARCH)
    assert len(found) == 51 and [f.row for f in reading.faults] == [2]


@pytest.mark.parametrize("name", ["lasik_semicolons.csv", "call_log.csv", "activities.csv", "group_members.csv", "bot_track.jsonl", "telegram_one_chat.json", "android_english.txt"])  # fmt: skip
def test_each_file_is_recognised_by_one_source_more_than_by_any_other(name: str) -> None:
    from scheduler.checkins.evidence import discover
    from tests.checkins.tools import DATA, opened

    file = opened((DATA / name).read_bytes(), name)
    sure = sorted((source.recognises(file) for source in discover()), reverse=True)
    assert sure[0] > sure[1]


@pytest.mark.parametrize(
    "stamp",
    ["2020/03/18 7:25:10 AM GMT+8", "18/03/2020 7:25:10", "18/03/2020 07.25.10", "2020-03-17 23:25:10 UTC", "18/03/2020 06.55.10 GMT+07:30"],
)  # fmt: skip
def test_the_answers_of_a_google_form_are_read_by_its_questions(stamp: str) -> None:
    text = (
        "Stempel waktu,Alamat email,Masukkan Nama Lengkap Anda (dengan gelar),NIP Anda (18 digit),Lokasi Anda saat ini\n"
        f'{stamp},ani@masamba.go.id,"Ani Lestari, S.E.",19800101 200501 1 002,"-2,5501, 120,3201"\n'
    )
    (found,), reading = read(text.encode(), "jawaban.csv", days=MARCH)
    assert (found.at, found.sender, found.ids) == (
        at("2020-03-18T07:25:10"),
        "Ani Lestari, S.E.",
        ("nip:198001012005011002",),
    )
    assert reading.faults == []
    assert (found.kind, found.grade) == ("position", "self_declared")  # typed into the form


@pytest.mark.parametrize(
    ("heading", "grade"),
    [
        ("Timestamp,Nama,Lintang,Bujur", "app"),
        ("Waktu Presensi,Nama,Koordinat", "app"),
        ("Timestamp,Nama,Kirim lokasi Anda", "self_declared"),
    ],
)
def test_a_place_is_graded_by_whether_an_app_or_an_answer_to_a_form_tells_it(
    heading: str, grade: str
) -> None:
    place = "-2.5501,120.3201" if "Lintang" in heading else '"-2.5501, 120.3201"'
    text = f"Rekap presensi\n{heading}\n18/03/2020 07:25:10,Ani,{place}\n18/03/2020 11:01:00,Ani,\n"
    (placed, entry), _ = read(text.encode(), "rekap.csv", days=MARCH)
    assert (placed.kind, placed.grade) == ("position", grade)
    assert (entry.kind, entry.grade) == ("entry", "app")
