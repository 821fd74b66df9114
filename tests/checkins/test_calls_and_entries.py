"""Calls answered within minutes; activities against targets; membership of the group."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from scheduler.checkins.report.tables import membership
from tests.checkins.tools import DAY, chat, judge


def test_each_call_in_working_hours_is_judged_by_its_answer(tmp_path: Path) -> None:
    log = (
        "person_id,waktu panggilan,waktu dijawab,hasil\n"
        "B-1,2021-07-28 07:29,,tidak\nB-1,2021-07-28 09:00,2021-07-28 09:05,\nB-1,2021-07-28 10:00,2021-07-28 10:06,\n"
        "B-1,2021-07-28 11:00,,tidak dijawab\nB-1,2021-07-28 12:00,,ya\nB-1,2021-07-28 13:00,2021-07-28 12:00,\n"
    )
    judged = judge(tmp_path, {"log.csv": log}, {"reachability": [{"within_minutes": 5}]})
    rows = [
        (r.checkpoint[-5:], r.verdict, r.line) for r in judged.rows if r.person_id == "B-1" and r.day == DAY
    ]
    assert rows == [
        ("09:00", "on_time", 3), ("10:00", "late", 4), ("11:00", "missing", 5), ("12:00", "on_time", 6), ("13:00", "unprovable", 7),
    ]  # fmt: skip


def test_a_log_without_answers_proves_nothing(tmp_path: Path) -> None:
    log = "person_id,waktu panggilan\nB-1,2021-07-28 09:00\n"
    judged = judge(tmp_path, {"log.csv": log}, {"reachability": [{}]})
    assert [(r.verdict, r.reason) for r in judged.rows if r.person_id == "B-1" and r.day == DAY] == [
        ("unprovable", "no_answer_column")
    ]


def test_an_activity_needs_a_target_and_its_number(tmp_path: Path) -> None:
    log = (
        "person_id,date,target,activity\nB-1,2021-07-28,SKP 1,a\nB-1,2021-07-28,SKP 1,b\n"
        "B-1,2021-07-29,,a\nB-1,2021-07-29,SKP 1,b\nB-1,2021-07-30,SKP 1,a\nA-1,2021-07-30,SKP 1,a\n"
    )
    judged = judge(tmp_path, {"log.csv": log}, {"activity": [{"at_least": 2}]})
    rows = [judged.of("B-1", "activity", DAY + timedelta(n)) for n in range(3)]
    assert [(r.verdict, r.reason) for r in rows] == [
        ("on_time", ""),
        ("unprovable", "no_target"),
        ("missing", ""),
    ]
    assert rows[0].line == 3


def test_an_entry_after_the_deadline_is_late(tmp_path: Path) -> None:
    log = "person_id,tanggal,waktu input,target,kegiatan\nB-1,2021-07-28,2021-07-28 17:30,SKP,a\nA-1,2021-07-28,2021-07-29 09:00,SKP,a\n"
    judged = judge(tmp_path, {"log.csv": log}, {"activity": [{"by": "18:00"}]})
    assert (
        judged.of("B-1", "activity").verdict == "on_time" and judged.of("A-1", "activity").verdict == "late"
    )


def test_an_entry_counts_for_its_own_day_where_another_window_reaches_over_midnight(tmp_path: Path) -> None:
    asked = {"activity": [{"channel": "any", "words": "laporan"}], "point": [{"at": "23:50"}]}
    lines = [
        ("28/07/21, 07:00", "Ani", "ok"),
        ("29/07/21, 15:00", "Ani", "Laporan target 3"),
        ("30/07/21, 23:55", "Ani", "ok"),
    ]
    judged = judge(tmp_path, {"chat.txt": chat(*lines)}, asked)
    found = [judged.of("A-1", "activity", DAY + timedelta(n)).verdict for n in range(3)]
    assert found == ["missing", "on_time", "missing"]


def test_words_of_the_policy_make_a_chat_message_an_entry(tmp_path: Path) -> None:
    settings = {"activity": [{"channel": "whatsapp", "words": "laporan", "needs_target": False}]}
    text = chat(
        ("28/07/21, 15:00", "Budi Santoso", "Laporan harian: rapat daring"),
        ("28/07/21, 15:05", "Ani", "siap"),
    )
    judged = judge(tmp_path, {"chat.txt": text}, settings)
    assert (
        judged.of("B-1", "activity").verdict == "on_time"
        and judged.of("A-1", "activity").verdict == "missing"
    )


def test_a_member_is_who_spoke_or_is_listed_and_no_one_is_called_absent_without_a_list(
    tmp_path: Path,
) -> None:
    settings = {"membership": [{"group": "ASN"}]}
    spoke = judge(tmp_path, {"chat.txt": chat(("28/07/21, 15:00", "Budi Santoso", "siap"))}, settings)
    assert [(p.id, state) for p, state, _, _ in membership(spoke.findings)] == [
        ("B-1", "yes"),
        ("A-1", "unknown"),
        ("C-1", "unknown"),
    ]
    log = "person_id,date,target,activity\nC-1,2021-07-28,SKP 1,a\n"
    worked = judge(tmp_path, {"kegiatan.csv": log}, settings)
    assert {state for _, state, _, _ in membership(worked.findings)} == {
        "unknown"
    }  # working shows nobody in a group
    listed = judge(tmp_path, {"anggota.csv": "No,Nama,Nomor WhatsApp\n1,x,+62 812-3456-7890\n"}, settings)
    assert [(p.id, state, line) for p, state, _, line in membership(listed.findings)] == [
        ("B-1", "yes", 2), ("A-1", "no", 0), ("C-1", "unknown", 0),
    ]  # fmt: skip
