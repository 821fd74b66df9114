"""Flags: for review, never a verdict."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from scheduler.checkins.flags import codes
from tests.checkins.tools import DAY, HOME, chat, here, judge, read

ANYWHERE = {"point": [{"at": ["08:00", "11:00"]}]}
END = ("30/07/21, 18:00", "Ani", "ok")


def flags(judged: object, person: str, checkpoint: str, days: int = 0) -> tuple[str, ...]:
    return judged.of(person, checkpoint, DAY + timedelta(days)).flags  # type: ignore[attr-defined, no-any-return]


def test_the_same_coordinates_on_two_days_are_flagged_on_both_and_stay_on_time(tmp_path: Path) -> None:
    lines = [("28/07/21, 08:00", "Budi Santoso", here()), ("29/07/21, 08:01", "Budi Santoso", here()), ("30/07/21, 08:01", "Budi Santoso", here(-2.550002)), END]  # fmt: skip
    judged = judge(tmp_path, {"chat.txt": chat(*lines)})
    assert [flags(judged, "B-1", "08:00", n) for n in range(3)] == [("same_place_other_day",)] * 2 + [()]
    assert [judged.of("B-1", "08:00", DAY + timedelta(n)).verdict for n in range(3)] == ["on_time"] * 3


def test_the_same_coordinates_of_two_people_are_flagged_on_both(tmp_path: Path) -> None:
    lines = [("28/07/21, 08:00", "Budi Santoso", here()), ("28/07/21, 11:00", "Ani", here()), END]
    judged = judge(tmp_path, {"chat.txt": chat(*lines)}, ANYWHERE)
    assert flags(judged, "B-1", "08:00") == flags(judged, "A-1", "11:00") == ("same_place_other_person",)


def test_the_same_coordinates_twice_a_day_are_a_person_at_a_desk(tmp_path: Path) -> None:
    lines = [("28/07/21, 08:00", "Budi Santoso", here()), ("28/07/21, 11:00", "Budi Santoso", here()), END]
    assert flags(judge(tmp_path, {"chat.txt": chat(*lines)}, ANYWHERE), "B-1", "11:00") == ()


@pytest.mark.parametrize(("kilometres", "expected"), [(380, ("fast_travel",)), (420, ()), (0.4, ())])
def test_travel_faster_than_the_limit_is_flagged_on_arrival(
    tmp_path: Path, kilometres: float, expected: tuple[str, ...]
) -> None:
    minutes = 160 if kilometres == 420 else 150 if kilometres > 1 else 1
    if kilometres == 420:
        kilometres = 390
    there = here(HOME[0] + kilometres / 110.6)
    lines = [
        ("28/07/21, 08:20", "Budi Santoso", here()),
        (f"28/07/21, {8 + (20 + minutes) // 60:02}:{(20 + minutes) % 60:02}", "Budi Santoso", there),
        END,
    ]
    judged = judge(
        tmp_path, {"chat.txt": chat(*lines)}, {"point": [{"at": ["08:00", "11:00"], "late_minutes": 0}]}
    )
    if minutes > 1:
        assert flags(judged, "B-1", "11:00") == expected and flags(judged, "B-1", "08:00") == ()
        assert judged.of("B-1", "11:00").verdict == "on_time"
    else:
        assert flags(judged, "B-1", "08:00") == ()


def test_accuracy_is_asked_only_of_sources_that_give_it(tmp_path: Path) -> None:
    app = f"person_id,timestamp,latitude,longitude,accuracy\nB-1,2021-07-28 08:00:00,{HOME[0]},{HOME[1]},\nA-1,2021-07-28 08:00:00,-2.4,120.1,101\n"
    judged = judge(tmp_path, {"app.csv": app}, ANYWHERE)
    assert flags(judged, "B-1", "08:00") == ("accuracy_missing",) and flags(judged, "A-1", "08:00") == (
        "accuracy_poor",
    )
    assert (
        flags(
            judge(tmp_path, {"chat.txt": chat(("28/07/21, 08:00", "Budi Santoso", here()), END)}),
            "B-1",
            "08:00",
        )
        == ()
    )


def test_a_clock_that_jumps_is_flagged_and_both_lines_where_either_may_have_jumped(tmp_path: Path) -> None:
    def flagged(*lines: tuple[str, str]) -> list[bool]:
        text = chat(*((f"28/07/21, {time}", who, "x") for time, who in lines))
        return ["clock_jump" in codes(e.flags) for e in read(text.encode())[0]]

    ahead = [("08:00", "A"), ("08:10", "B"), ("15:00", "C"), ("08:20", "D"), ("08:30", "E")]
    back = [("08:00", "A"), ("14:00", "B"), ("06:00", "C"), ("14:10", "D"), ("14:20", "E")]
    either = [("08:00", "A"), ("11:00", "B"), ("08:20", "C"), ("11:10", "D"), ("11:20", "E")]
    assert flagged(*ahead) == [False, False, True, False, False]
    assert flagged(*back) == [False, False, True, False, False]
    assert flagged(*either) == [False, True, True, False, False]
    assert not any(flagged(("08:00", "A"), ("09:00", "B"), ("08:00", "C"), ("18:00", "D")))


def test_limits_are_the_policys(tmp_path: Path) -> None:
    app = f"person_id,timestamp,latitude,longitude,accuracy\nB-1,2021-07-28 08:00:00,{HOME[0]},{HOME[1]},60\n"
    settings = {**ANYWHERE, "review": {"accuracy_metres": 50}}
    assert flags(judge(tmp_path, {"app.csv": app}, settings), "B-1", "08:00") == ("accuracy_poor",)


def test_a_forwarded_location_counts_and_is_flagged(tmp_path: Path) -> None:
    text = '{"messages": [{"id": 1, "type": "message", "date_unixtime": "1627430400", "from": "B", "from_id": "user123", "forwarded_from": "X", "location_information": {"latitude": -2.55, "longitude": 120.32}, "text": ""}]}'
    row = judge(tmp_path, {"result.json": text}).of("B-1", "08:00")
    assert (row.verdict, row.flags) == ("on_time", ("forwarded",))
