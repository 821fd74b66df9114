"""What points, pairs and places come to: verdict, grade, source and line."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from scheduler.checkins.place import parse_region
from tests.checkins.tools import DAY, HOME, chat, here, judge, roster

TALK = ("29/07/21, 18:00", "Ani", "ok")


def one(folder: Path, time: str, body: str = "", **more: object) -> object:
    return judge(
        folder, {"chat.txt": chat((f"28/07/21, {time}", "Budi Santoso", body or here()), TALK)}, **more
    )  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("time", "verdict"),
    [("07:44", "early"), ("07:45", "on_time"), ("08:30", "on_time"), ("08:31", "late"), ("09:30", "late"), ("09:31", "missing"), ("07:14", "missing")],
)  # fmt: skip
def test_both_borders_of_a_window_are_in_time(tmp_path: Path, time: str, verdict: str) -> None:
    row = one(tmp_path, time).of("B-1", "08:00")  # type: ignore[attr-defined]
    assert row.verdict == verdict
    if verdict != "missing":
        assert (row.source, row.line, row.grade) == ("chat.txt", 1, "self_declared")
    else:
        assert (row.source, row.line, row.grade, row.seen_at) == ("", 0, "none", None)


OVERLAPPING = {
    "point": [{"at": ["08:00", "08:30"], "before_minutes": 20, "after_minutes": 20, "within_metres": 500}]
}
"""Both windows hold 08:10 to 08:20."""


@pytest.mark.parametrize(
    ("times", "verdicts"),
    [
        (["08:12"], ["on_time", "missing"]),  # one sign is for one point
        (["08:12", "08:18"], ["on_time", "on_time"]),
        (["07:50", "08:12"], ["on_time", "on_time"]),
        (["08:12", "08:45"], ["on_time", "on_time"]),
        (["08:12", "08:18", "08:19"], ["on_time", "on_time"]),
    ],
)
def test_of_signs_in_two_windows_at_once_each_counts_for_a_point_of_its_own(
    tmp_path: Path, times: list[str], verdicts: list[str]
) -> None:
    text = chat(*((f"28/07/21, {time}", "Budi Santoso", here()) for time in times), TALK)
    assert judge(tmp_path, {"chat.txt": text}, OVERLAPPING).day("B-1") == verdicts
    again = judge(tmp_path, {"chat.txt": text, "again.txt": text}, OVERLAPPING)
    assert again.day("B-1") == verdicts, "the same message in two exports is one sign"


def test_being_away_is_told_only_where_the_home_is_known(tmp_path: Path) -> None:
    far = here(-2.60)
    lines = [("28/07/21, 08:03", "Budi Santoso", far), ("28/07/21, 08:04", "Ani", far), TALK]
    judged = judge(tmp_path, {"chat.txt": chat(*lines)})
    away, unknown = judged.of("B-1", "08:00"), judged.of("A-1", "08:00")
    assert (away.verdict, away.distance) == ("out_of_area", 5529)
    assert (unknown.verdict, unknown.distance) == ("on_time", None)


def test_a_late_sign_from_home_is_better_than_one_in_time_from_elsewhere(tmp_path: Path) -> None:
    lines = [
        ("28/07/21, 08:03", "Budi Santoso", here(-2.6)),
        ("28/07/21, 08:40", "Budi Santoso", here()),
        TALK,
    ]
    assert judge(tmp_path, {"chat.txt": chat(*lines)}).of("B-1", "08:00").verdict == "late"


def test_a_place_without_coordinates_is_unprovable_where_a_place_is_asked_for(tmp_path: Path) -> None:
    row = one(tmp_path, "08:03", "location: https://foursquare.com/v/4b0588").of("B-1", "08:00")  # type: ignore[attr-defined]
    assert (row.verdict, row.reason, row.line) == ("unprovable", "place", 1)


def test_a_whatsapp_live_location_leaves_nothing_missing_that_it_may_have_shown(tmp_path: Path) -> None:
    judged = one(tmp_path, "07:40", "live location shared")  # eight hours end at 15:40
    assert judged.day("B-1") == ["unprovable", "unprovable", "unprovable", "missing"]  # type: ignore[attr-defined]


def test_a_live_location_of_the_night_leaves_nothing_missing_of_the_next_morning(tmp_path: Path) -> None:
    for time, verdict in (
        ("23:30", "missing"),
        ("23:50", "unprovable"),
    ):  # eight hours end at 07:30, and at 07:50
        line = (f"27/07/21, {time}", "Budi Santoso", "live location shared")
        judged = judge(tmp_path, {"chat.txt": chat(line, TALK)})
        assert judged.day("B-1") == [verdict, "missing", "missing", "missing"], "the window opens at 07:45"


def test_evidence_too_weak_for_the_policy_proves_nothing(tmp_path: Path) -> None:
    strict = {"point": [{"at": "08:00", "least_grade": "app"}]}
    row = one(tmp_path, "08:03", settings=strict).of("B-1", "08:00")  # type: ignore[attr-defined]
    assert (row.verdict, row.reason) == ("unprovable", "grade")


def test_only_the_channels_of_the_policy_count(tmp_path: Path) -> None:
    files = {"chat.txt": chat(("28/07/21, 08:03", "Budi Santoso", here()), TALK)}
    judged = judge(tmp_path, files, {"point": [{"at": "08:00", "channel": "app"}]})
    assert (judged.of("B-1", "08:00").verdict, judged.of("B-1", "08:00").reason) == (
        "unprovable",
        "no_evidence",
    )


@pytest.mark.parametrize("status", ["leave", "travel", "sick", "isolation", "hospital", "permit", "study"])
def test_every_absence_excuses_with_its_kind(tmp_path: Path, status: str) -> None:
    who = roster(statuses={("B-1", DAY): status})
    row = one(tmp_path, "09:00", who=who).of("B-1", "08:00")  # type: ignore[attr-defined]
    assert (row.verdict, row.reason) == ("excused", status)


def test_office_days_are_not_required_unless_the_policy_says_so(tmp_path: Path) -> None:
    who = roster(statuses={("B-1", DAY): "office"})
    assert one(tmp_path, "08:03", who=who).day("B-1") == ["not_required"] * 4  # type: ignore[attr-defined]
    both = {"point": [{"at": "08:00", "required_on": ["home", "office"]}]}
    assert one(tmp_path, "08:03", settings=both, who=who).day("B-1") == ["on_time"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("excuse", ["recall", "swap"])
def test_recalls_and_swaps_excuse(tmp_path: Path, excuse: str) -> None:
    at_office = roster(statuses={("B-1", DAY): "office"}, excuses={("B-1", DAY): excuse})
    still_home = roster(excuses={("B-1", DAY): excuse})
    for who in (at_office, still_home):
        row = one(tmp_path, "06:00", who=who).of("B-1", "08:00")  # type: ignore[attr-defined]
        assert (row.verdict, row.reason) == ("excused", excuse)


def test_days_off_and_days_outside_employment_have_no_line(tmp_path: Path) -> None:
    who = roster(statuses={("B-1", DAY): "off", ("A-1", DAY): ""})
    judged = one(tmp_path, "08:03", who=who)
    assert judged.day("B-1") == [] and judged.day("A-1") == []  # type: ignore[attr-defined]


REGION = (
    '{"type":"Polygon","coordinates":[[[120.3,-2.6],[120.4,-2.6],[120.4,-2.5],[120.3,-2.5],[120.3,-2.6]]]}'
)


def test_the_region_is_asked_of_everyone_and_a_dated_permit_lifts_it(tmp_path: Path) -> None:
    lines = [
        ("28/07/21, 08:03", "Ani", here(-2.7)),
        ("29/07/21, 08:03", "Ani", here(-2.71)),
        ("30/07/21, 08:03", "Ani", "x"),
    ]
    plain = {"point": [{"at": "08:00"}]}
    permits = {"A-1": [(DAY + timedelta(1), DAY + timedelta(1))]}
    judged = judge(tmp_path, {"chat.txt": chat(*lines)}, plain, region=parse_region(REGION), permits=permits)
    out, allowed, absent = (judged.of("A-1", "08:00", DAY + timedelta(n)) for n in range(3))
    assert (out.verdict, out.in_region, out.flags) == ("out_of_area", False, ("outside_region",))
    assert (allowed.verdict, allowed.in_region, allowed.flags) == ("on_time", False, ())
    assert absent.verdict == "missing"


def test_a_permit_excuses_a_day_without_any_sign(tmp_path: Path) -> None:
    judged = one(tmp_path, "12:00", permits={"B-1": [(DAY, DAY)]})
    assert (judged.of("B-1", "08:00").verdict, judged.of("B-1", "08:00").reason) == ("excused", "permit")  # type: ignore[attr-defined]


def test_a_reason_of_the_policy_given_in_the_window_excuses_being_away(tmp_path: Path) -> None:
    stay = {
        "point": [
            {
                "at": "08:00",
                "within_metres": 200,
                "reasons": {"food": ["belanja"], "health": ["berobat"]},
                "required_on": ["isolation"],
            }
        ]
    }
    who = roster(statuses={("B-1", DAY): "isolation", ("B-1", DAY + timedelta(1)): "isolation"})
    lines = [
        ("28/07/21, 08:03", "Budi Santoso", here(-2.56)), ("28/07/21, 08:05", "Budi Santoso", "izin berobat ke puskesmas"),
        ("29/07/21, 08:03", "Budi Santoso", here(-2.56)), ("29/07/21, 18:00", "Budi Santoso", "tadi belanja"),
    ]  # fmt: skip
    judged = judge(tmp_path, {"chat.txt": chat(*lines)}, stay, who)
    assert (judged.of("B-1", "08:00").verdict, judged.of("B-1", "08:00").reason) == ("excused", "health")
    assert judged.of("B-1", "08:00", DAY + timedelta(1)).verdict == "out_of_area"


def test_an_inaccurate_position_is_away_only_if_it_surely_is(tmp_path: Path) -> None:
    def row(accuracy: str) -> tuple[str, str, tuple[str, ...]]:
        text = f"person_id,timestamp,latitude,longitude,accuracy\nB-1,2021-07-28 08:03:00,{HOME[0] - 0.006},{HOME[1]},{accuracy}\nB-1,2021-07-29 08:00:00,,,\n"
        found = judge(tmp_path, {"app.csv": text}).of("B-1", "08:00")
        return found.verdict, found.reason, found.flags

    assert row("20") == ("out_of_area", "", ())
    assert row("400") == ("unprovable", "accuracy", ("accuracy_poor",))
    assert row("") == ("out_of_area", "", ("accuracy_missing",))


def test_arrival_and_departure_are_a_pair(tmp_path: Path) -> None:
    pair = {"pair": [{"arrival": "07:30", "departure": "16:00", "channel": "app"}]}
    text = (
        "person_id,timestamp,type\nB-1,2021-07-28 07:25:00,in\nB-1,2021-07-28 15:10:00,out\n"
        "A-1,2021-07-28 07:46:00,in\nA-1,2021-07-28 16:00:00,out\nB-1,2021-07-29 07:20:00,\nB-1,2021-07-29 16:20:00,\nA-1,2021-07-30 07:00:00,in\nB-1,2021-07-30 16:05:00,out\n"
    )
    judged = judge(tmp_path, {"lasik.csv": text}, pair)
    assert judged.day("B-1") == ["on_time", "early"] and judged.day("A-1") == ["late", "on_time"]
    assert judged.day("B-1", DAY + timedelta(1)) == ["on_time", "on_time"]
    assert judged.of("A-1", "departure", DAY + timedelta(2)).verdict == "missing"


def test_phases_and_people_are_selected_by_when_and_for(tmp_path: Path) -> None:
    settings = {
        "point": [
            {"name": "satu", "at": "08:00", "when": {"to": DAY}},
            {"name": "dua", "at": "10:00", "when": {"from": DAY + timedelta(1)}, "for": {"person": "B-1"}},
        ]
    }
    judged = one(tmp_path, "08:03", settings=settings)
    rows = {(r.person_id, r.day, r.checkpoint) for r in judged.rows}  # type: ignore[attr-defined]
    assert ("A-1", DAY, "satu 08:00") in rows and ("B-1", DAY + timedelta(1), "dua 10:00") in rows
    assert not any(c.startswith("dua") and (p != "B-1" or d == DAY) for p, d, c in rows)


def test_a_stronger_grade_wins_at_the_same_verdict(tmp_path: Path) -> None:
    files = {
        "chat.txt": chat(("28/07/21, 08:01", "Budi Santoso", here()), TALK),
        "app.csv": f"person_id,timestamp,latitude,longitude\nB-1,2021-07-28 08:09:00,{HOME[0]},{HOME[1]}\n",
    }
    row = judge(tmp_path, files).of("B-1", "08:00")
    assert (row.grade, row.source, row.line) == ("app", "app.csv", 2)


def test_a_window_over_midnight_takes_the_next_day_s_evidence(tmp_path: Path) -> None:
    night = {"point": [{"at": "23:50", "after_minutes": 30}]}
    judged = judge(tmp_path, {"chat.txt": chat(("29/07/21, 00:10", "Budi Santoso", here()), TALK)}, night)
    assert judged.of("B-1", "23:50").verdict == "on_time"


def test_the_order_of_lines_changes_no_verdict(tmp_path: Path) -> None:
    from random import Random

    lines = [
        (f"{28 + d}/07/21, {h:02}:{m:02}", who, here(-2.55 - m / 1e4))
        for d in range(3)
        for h in (7, 8, 11, 14, 15)
        for m, who in ((3, "Budi Santoso"), (50, "Ani"))
    ]
    straight = judge(tmp_path, {"chat.txt": chat(*lines)})
    Random(4).shuffle(lines)
    shuffled = judge(tmp_path, {"chat.txt": chat(*lines)})
    assert [r[:10] for r in straight.rows] == [r[:10] for r in shuffled.rows]
    assert shuffled.findings.sources[0].is_shuffled
    assert not any("clock_jump" in r.flags for r in shuffled.rows)


@pytest.mark.parametrize(
    "body",
    ["Pesan ini telah dihapus", "\u200eAnda menghapus pesan ini.", "This message was deleted", "Menunggu pesan ini. Tunggu beberapa saat.", "null"],
)  # fmt: skip
def test_nobody_is_missing_by_a_message_whose_content_is_gone(tmp_path: Path, body: str) -> None:
    judged = one(tmp_path, "08:03", body)
    row = judged.of("B-1", "08:00")  # type: ignore[attr-defined]
    assert (row.verdict, row.reason, row.source, row.line) == ("unprovable", "withheld", "chat.txt", 1)
    assert judged.day("B-1")[1:] == ["missing"] * 3  # type: ignore[attr-defined]


def test_whoever_sends_the_location_again_after_deleting_it_is_judged_by_what_stands(tmp_path: Path) -> None:
    lines = [
        ("28/07/21, 08:03", "Budi Santoso", "Pesan ini telah dihapus"),
        ("28/07/21, 08:04", "Budi Santoso", here()),
        ("28/07/21, 11:05", "Budi Santoso", "foto tidak disertakan"),
        TALK,
    ]
    judged = judge(tmp_path, {"chat.txt": chat(*lines)})
    assert judged.day("B-1")[:2] == ["on_time", "missing"]
