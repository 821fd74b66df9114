"""Telegram: an export keeps a start and a last position, a bot's updates keep the track."""

from __future__ import annotations

from scheduler.checkins.flags import codes
from tests.checkins.tools import DATA, read, read_data

START = 1_627_428_660


def test_a_live_location_of_an_export_is_its_start_and_its_last_position() -> None:
    found, _ = read_data("telegram_one_chat.json")
    live, last = (e for e in found if e.live_period)
    assert (live.kind, live.at, live.until, live.latitude) == ("live", START, START + 28_800, None)
    assert (last.kind, last.at, last.latitude, last.live_period) == ("position", 1_627_457_400, -2.55, 28_800)
    assert {live.grade, last.grade} == {"export"} and live.ids == ("telegram:123",)


def test_each_message_is_known_by_the_line_on_which_it_starts() -> None:
    found, _ = read_data("telegram_one_chat.json")
    lines = (DATA / "telegram_one_chat.json").read_text("utf-8").splitlines()
    starts = [number for number, line in enumerate(lines, start=1) if line == "  {"]
    assert [e.line for e in found] == [starts[0], starts[1], *starts[1:]]


def test_forwarded_null_location_service_and_parts_of_text_are_understood() -> None:
    found, _ = read_data("telegram_one_chat.json")
    assert [e.kind for e in found] == ["member", "live", "position", "position", "place", "text"]
    assert codes(found[3].flags) == ("forwarded",)
    assert (
        found[5].text == "laporan harian" and found[5].at == 1_627_437_600
    )  # only a local date: zone of the exporter


def test_an_export_of_all_chats_is_read_chat_by_chat() -> None:
    found, _ = read_data("telegram_all_chats.json")
    assert [(e.kind, e.line) for e in found] == [("position", 3), ("text", 6)]


def test_a_bot_s_updates_are_a_track_with_accuracies() -> None:
    found, _ = read_data("bot_track.jsonl")
    first, move, picked, member = found
    assert (first.grade, first.at, first.accuracy, first.live_period) == ("track", START, 12.5, 28_800)
    assert (move.grade, move.at, move.accuracy, move.has_accuracy) == ("track", START + 600, None, True)
    assert (picked.grade, codes(picked.flags)) == ("export", ("forwarded",))
    assert member.kind == "member" and [e.line for e in found] == [1, 2, 3, 4]
    assert first.ids == ("telegram:123", "telegram:@budi_s")


def test_one_answer_of_getupdates_is_read_like_lines() -> None:
    lines = [line for line in (read_data("bot_track.jsonl")[1].file.sample.decode()).splitlines() if line]
    found, _ = read(('{"ok":true,"result":[' + ",\n".join(lines) + "]}").encode(), "updates.json")
    assert [e._replace(line=0) for e in found] == [
        e._replace(line=0) for e in read_data("bot_track.jsonl")[0]
    ]
