"""A live location of eight hours: a bot's track proves it, an export its start at most, WhatsApp nothing."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from scheduler.checkins.evidence.base import Evidence
from scheduler.checkins.kinds.intervals import IntervalJudge
from scheduler.checkins.policy import parse_settings
from scheduler.checkins.streams.times import LocalClock
from scheduler.checkins.verdicts import Verdict
from scheduler.checkins.windows import groups_of
from tests.checkins.tools import DAY, HOME, MAKASSAR, chat, here, judge

SETTINGS = {"interval": [{"start": "07:30", "within_metres": 500}]}
LABEL = "live 07:30"


def second(clock: str) -> int:
    return int(datetime.fromisoformat(f"{DAY}T{clock}").replace(tzinfo=MAKASSAR).timestamp())


def track(*times: int, away: tuple[int, ...] = (), period: int = 28_800) -> str:
    lines = []
    for n, at in enumerate(times):
        where = {
            "latitude": HOME[0] + (0.05 if at in away else 0) + n / 1e6,
            "longitude": HOME[1],
            "horizontal_accuracy": 9,
        }
        kind = "edited_message" if n else "message"
        stamp = {"date": times[0], "edit_date": at} if n else {"date": at}
        message = {
            "message_id": 1,
            "from": {"id": 123},
            **stamp,
            "location": {**where, "live_period": period},
        }
        lines.append(json.dumps({"update_id": n, kind: message}))
    return "\n".join(lines) + "\n"


def steps(start: str, end: str, minutes: int = 20) -> tuple[int, ...]:
    return tuple(range(second(start), second(end) + 1, minutes * 60))


def row(folder: Path, text: str, name: str = "updates.jsonl") -> Verdict:
    return judge(folder, {name: text}, SETTINGS).of("B-1", LABEL)


def test_a_whole_track_is_on_time_and_rests_on_its_first_line(tmp_path: Path) -> None:
    found = row(tmp_path, track(*steps("07:35", "15:35")))
    assert (found.verdict, found.grade, found.line, found.seen_at) == ("on_time", "track", 1, second("07:35"))


def test_a_track_that_starts_late_is_late(tmp_path: Path) -> None:
    assert row(tmp_path, track(*steps("07:46", "15:46"))).verdict == "late"


def test_a_track_that_ends_too_soon_is_early_and_rests_on_its_last_line(tmp_path: Path) -> None:
    found = row(tmp_path, track(*steps("07:35", "12:15")))
    assert (found.verdict, found.line) == ("early", 15)


def test_a_gap_proves_nothing_either_way(tmp_path: Path) -> None:
    found = row(tmp_path, track(*steps("07:35", "11:35"), *steps("12:06", "15:36")))
    assert (found.verdict, found.reason, found.flags) == ("unprovable", "gap", ("track_gap",))


def test_a_gap_as_long_as_allowed_is_none(tmp_path: Path) -> None:
    assert row(tmp_path, track(*steps("07:35", "11:35"), *steps("12:05", "15:35"))).verdict == "on_time"


def test_one_position_away_is_out_of_area_and_named_by_its_line(tmp_path: Path) -> None:
    times = steps("07:35", "15:35")
    found = row(tmp_path, track(*times, away=(times[5],)))
    assert (found.verdict, found.line) == ("out_of_area", 6)


def test_where_somebody_was_before_the_start_or_after_the_eight_hours_is_not_asked(tmp_path: Path) -> None:
    times = steps("06:35", "19:35")
    on_the_way, in_the_evening = steps("06:35", "07:15"), steps("17:15", "19:35")
    assert row(tmp_path, track(*times, away=(*on_the_way, *in_the_evening))).verdict == "on_time"
    in_the_eighth_hour = (second("15:15"),)  # at home from 07:35 on
    assert row(tmp_path, track(*times, away=(*on_the_way, *in_the_eighth_hour))).verdict == "out_of_area"


def test_a_second_share_after_the_eight_hours_shows_nobody_away_in_them(tmp_path: Path) -> None:
    first, second_ = (
        json.loads(text)["messages"] for text in (export("07:31", 28_800), export("15:45", 10_800, 0.0))
    )
    text = json.dumps({"name": "g", "id": 1, "messages": first + second_})
    found = row(tmp_path, text, "result.json")
    assert (found.verdict, found.reason, found.line) == ("unprovable", "length", 1)


def test_a_short_live_period_is_flagged_and_not_judged(tmp_path: Path) -> None:
    found = row(tmp_path, track(*steps("07:35", "15:35"), period=3_600))
    assert (found.verdict, found.flags) == ("on_time", ("short_live_period",))


def test_a_track_that_goes_on_after_midnight_belongs_to_the_day_on_which_it_began(tmp_path: Path) -> None:
    evening = {"interval": [{"start": "18:00"}]}
    times = tuple(second("18:05") + n * 1_200 for n in range(25))  # until 02.05
    found = judge(tmp_path, {"updates.jsonl": track(*times)}, evening).of("B-1", "live 18:00")
    assert found.verdict == "on_time"


def export(start: str, period: int, latitude: float = HOME[0]) -> str:
    message = {
        "id": 1, "type": "message", "date_unixtime": str(second(start)), "edited_unixtime": str(second(start) + period - 60),
        "from": "Budi", "from_id": "user123", "location_information": {"latitude": latitude, "longitude": HOME[1]},
        "live_location_period_seconds": period, "text": "",
    }  # fmt: skip
    return json.dumps({"name": "g", "id": 1, "messages": [message]})


def test_an_eight_hour_track_in_an_export_is_unprovable_never_missing(tmp_path: Path) -> None:
    found = row(tmp_path, export("07:31", 28_800), "result.json")
    assert (found.verdict, found.reason, found.grade, found.line) == ("unprovable", "length", "export", 1)


def test_an_export_can_show_a_late_start_and_a_last_position_away(tmp_path: Path) -> None:
    assert row(tmp_path, export("09:00", 28_800), "result.json").verdict == "late"
    assert row(tmp_path, export("07:31", 28_800, HOME[0] + 0.1), "result.json").verdict == "out_of_area"


def test_a_whatsapp_live_location_is_unprovable_never_missing(tmp_path: Path) -> None:
    text = chat(
        ("28/07/21, 07:31", "Budi Santoso", "live location shared"), ("28/07/21, 18:00", "Ani", here())
    )
    judged = judge(tmp_path, {"chat.txt": text}, SETTINGS)
    found = judged.of("B-1", LABEL)
    assert (found.verdict, found.reason, found.grade) == ("unprovable", "live_location", "self_declared")
    assert judged.of("A-1", LABEL).verdict == "missing"


@given(st.lists(st.integers(0, 8 * 60), min_size=1, max_size=60), st.randoms())
def test_stretches_do_not_depend_on_the_order_of_positions(minutes: list[int], random: object) -> None:
    (group,) = groups_of(parse_settings(SETTINGS))
    windows = group.windows(DAY, LocalClock(MAKASSAR))
    gap = 30 * 60

    def stretches(order: list[int]) -> list[tuple[int, int]]:
        judge_ = IntervalJudge(group.table, group.checkpoints, windows, False, 28_800)  # type: ignore[arg-type]
        for minute in order:
            at = second("07:30") + minute * 60
            judge_.add(Evidence("position", at, 1, "B", "bot", "track"), at, 0, None)
        return judge_._stretches

    expected: list[list[int]] = []
    for minute in sorted(set(minutes)):
        at = second("07:30") + minute * 60
        if expected and at - expected[-1][1] <= gap:
            expected[-1][1] = at
        else:
            expected.append([at, at])
    shuffled = list(minutes)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert stretches(minutes) == stretches(shuffled) == [tuple(pair) for pair in expected]
