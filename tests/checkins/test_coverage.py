"""Nobody is missing of whom, or of which day, the files do not tell."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from scheduler.problem import Person
from tests.checkins.tools import ALIASES, ANI, BUDI, CITRA, DAY, MAKASSAR, chat, here, judge, roster

AT = {"point": [{"at": "08:00"}]}


def reason(judged: object, person: str, days: int = 0) -> tuple[str, str]:
    row = judged.of(person, "08:00", DAY + timedelta(days))  # type: ignore[attr-defined]
    return row.verdict, row.reason


def test_days_before_and_after_a_file_are_unprovable_days_within_are_missing(tmp_path: Path) -> None:
    text = chat(("29/07/21, 09:50", "Ani", "ok"), ("29/07/21, 10:00", "Ani", "ok"))
    judged = judge(tmp_path, {"chat.txt": text}, AT)
    assert [reason(judged, "B-1", n) for n in range(3)] == [
        ("unprovable", "no_evidence"), ("missing", ""), ("unprovable", "no_evidence"),
    ]  # fmt: skip


def test_an_office_of_which_nobody_was_recognised_is_not_told_of(tmp_path: Path) -> None:
    judged = judge(tmp_path, {"chat.txt": chat(("28/07/21, 18:00", "Ani", "ok"))}, AT)
    assert reason(judged, "B-1") == ("missing", "") and reason(judged, "C-1") == ("unprovable", "no_evidence")


def test_a_guest_s_greeting_does_not_make_a_group_another_office_s_but_a_check_in_does(
    tmp_path: Path,
) -> None:
    names = ("Dedi Kusnadi", "Eka Wijaya", "Fajar Siregar", "Gita Melati", "Hadi Pranoto")
    who = roster((BUDI, ANI, CITRA, *(Person(id=name[0], name=name, unit="Dinas Lain") for name in names)))
    aliases = {**ALIASES, **{name: name[0] for name in names}}
    greetings = [("28/07/21, 18:00", name, "selamat sore") for name in names[:3]]
    for lines, expected in (
        (greetings[:2], ("unprovable", "no_evidence")),
        (greetings, ("missing", "")),
        ([("28/07/21, 18:05", "Eka Wijaya", here())], ("missing", "")),
    ):
        text = chat(("28/07/21, 17:00", "Ani", "ok"), *lines)
        judged = judge(tmp_path, {"chat.txt": text}, AT, who=who, aliases=aliases)
        assert reason(judged, "C-1") == expected
        assert reason(judged, "B-1") == ("missing", "")


def test_a_file_that_breaks_off_tells_nothing_of_what_comes_after(tmp_path: Path) -> None:
    early = chat(("28/07/21, 07:50", "Ani", "ok"))
    assert reason(judge(tmp_path, {"chat.txt": early + "28/07/21, 07:55 - An"}, AT), "B-1") == (
        "unprovable",
        "damaged",
    )
    later = early + chat(("28/07/21, 08:00", "Ani", "ok"))
    assert reason(judge(tmp_path, {"chat.txt": later}, AT), "B-1") == ("missing", "")


def test_a_file_saved_before_a_checkpoint_was_due_tells_nothing_of_it(tmp_path: Path) -> None:
    asked = {"point": [{"at": ["08:00", "14:00"]}]}
    saved_at_ten = chat(("27/07/21, 18:00", "Ani", "ok"), ("28/07/21, 10:00", "Ani", "ok"))
    judged = judge(tmp_path, {"chat.txt": saved_at_ten}, asked)
    assert reason(judged, "B-1") == ("missing", "")
    assert (judged.of("B-1", "14:00").verdict, judged.of("B-1", "14:00").reason) == (
        "unprovable",
        "no_evidence",
    )
    next_day = chat(("29/07/21, 10:00", "Ani", "ok"))
    judged = judge(tmp_path, {"chat.txt": saved_at_ten, "more.txt": saved_at_ten + next_day}, asked)
    assert judged.of("B-1", "14:00").verdict == "missing"


def test_a_day_s_entries_without_a_time_reach_its_end(tmp_path: Path) -> None:
    log = "person_id,tanggal,target,kegiatan\nA-1,2021-07-28,SKP 1,x\n"
    judged = judge(tmp_path, {"log.csv": log}, {"activity": [{"by": "16:00"}]})
    assert judged.of("B-1", "activity").verdict == "missing"


def test_an_export_of_as_many_messages_as_a_phone_gives_may_lack_older_ones(tmp_path: Path) -> None:
    first = chat(("28/07/21, 10:00", "Ani", "ok"))
    rest = chat(("29/07/21, 10:00", "Ani", "ok")) * 9_998
    assert reason(judge(tmp_path, {"chat.txt": first + rest}, AT), "B-1") == ("missing", "")
    full = judge(tmp_path, {"chat.txt": first + rest + chat(("29/07/21, 18:00", "Ani", "ok"))}, AT)
    assert [reason(full, "B-1", n) for n in range(2)] == [("unprovable", "no_evidence"), ("missing", "")]


def test_a_bare_number_may_be_whoever_was_not_seen_that_day_since_people_change_phones(
    tmp_path: Path,
) -> None:
    text = chat(
        ("28/07/21, 08:05", "Budi Santoso", here()),
        ("29/07/21, 08:05", "+62 813-5555-0001", here()),
        ("29/07/21, 18:00", "Ani", "ok"),
        ("30/07/21, 18:00", "Ani", "ok"),
    )
    judged = judge(tmp_path, {"chat.txt": text}, AT)
    assert [reason(judged, "B-1", n) for n in range(3)] == [
        ("on_time", ""), ("unprovable", "unmatched_sender"), ("missing", ""),
    ]  # fmt: skip
    assert reason(judged, "A-1", 1) == ("missing", "")  # she wrote from her own number that day
    named = judge(
        tmp_path,
        {"chat.txt": text},
        AT,
        aliases={"Ani": "A-1", "+62 813-5555-0001": "-", "Budi Santoso": "B-1"},
    )
    assert reason(named, "B-1", 1) == ("missing", "")


def test_while_a_file_was_refused_nobody_is_missing(tmp_path: Path) -> None:
    files = {"chat.txt": chat(("28/07/21, 18:00", "Ani", "ok")), "foto.jpg": b"\xff\xd8\xff" * 50}
    judged = judge(tmp_path, files, AT)
    assert reason(judged, "B-1") == ("unprovable", "damaged")
    assert judged.findings.sources[1].is_refused


def test_what_is_not_due_yet_is_not_missing(tmp_path: Path) -> None:
    now = int(datetime(2021, 7, 28, 8, 10, tzinfo=MAKASSAR).timestamp())
    text = chat(("28/07/21, 08:05", "Ani", "ok"))
    assert reason(judge(tmp_path, {"chat.txt": text}, AT, as_of=now), "B-1") == ("unprovable", "not_due")
    assert reason(judge(tmp_path, {"chat.txt": text}, AT, as_of=now + 3600), "B-1") == ("missing", "")


def test_whoever_may_be_an_unknown_sender_is_not_missing_on_that_sender_s_days(tmp_path: Path) -> None:
    text = chat(("28/07/21, 08:05", "Budi Santosa Kantor", here()), ("29/07/21, 18:00", "Ani", "ok"))
    judged = judge(tmp_path, {"chat.txt": text}, AT)
    assert reason(judged, "B-1") == ("unprovable", "unmatched_sender") and reason(judged, "B-1", 1) == (
        "missing",
        "",
    )


def test_nobody_called_is_said_only_where_there_is_a_log(tmp_path: Path) -> None:
    asked = {"reachability": [{}]}
    log = "person_id,waktu panggilan,hasil\nA-1,2021-07-28 10:00,ya\nA-1,2021-07-29 10:00,ya\n"
    judged = judge(tmp_path, {"log.csv": log}, asked)
    rows = {(r.person_id, r.day): (r.verdict, r.reason) for r in judged.rows}
    assert rows["B-1", DAY] == ("not_required", "no_calls") and rows["C-1", DAY] == (
        "unprovable",
        "no_evidence",
    )


def test_whoever_was_never_recognised_may_be_any_unknown_sender_until_all_are_named(tmp_path: Path) -> None:
    text = chat(
        ("28/07/21, 08:05", "Mama Echa", here()),
        ("28/07/21, 18:00", "Ani", "ok"),
        ("29/07/21, 18:00", "Ani", "ok"),
    )
    judged = judge(tmp_path, {"chat.txt": text}, AT)
    assert [reason(judged, "B-1", n) for n in range(2)] == [
        ("unprovable", "unmatched_sender"),
        ("missing", ""),
    ]
    assert reason(judged, "A-1") == (
        "missing",
        "",
    )  # Ani was recognised: a sender of another name is not hers
    named = judge(tmp_path, {"chat.txt": text}, AT, aliases={"Ani": "A-1", "Mama Echa": "B-1"})
    assert reason(named, "B-1") == ("on_time", "")
    stranger = judge(tmp_path, {"chat.txt": text}, AT, aliases={"Ani": "A-1", "Mama Echa": "-"})
    assert reason(stranger, "B-1") == ("missing", "") and stranger.unmatched == []
