"""WhatsApp's exports in every form that POLICIES lists: each golden file says the same three things."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scheduler.checkins.evidence.base import Evidence
from scheduler.checkins.flags import codes
from tests.checkins.tools import MAKASSAR, read, read_data


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=MAKASSAR).timestamp())


def shown(found: list[Evidence]) -> list[tuple[str, str, int | None]]:
    return [(e.sender, e.kind, e.at) for e in found if e.sender]


@pytest.mark.parametrize(
    ("name", "order", "live_at", "precision"),
    [
        ("iphone_indonesian.txt", "mdy", "11:01:05", 1),
        ("android_indonesian.txt", "dmy", "11:01:00", 60),
        ("android_english.txt", "dmy", "11:01:00", 60),
        ("iphone_english.txt", "dmy", "11:01:05", 1),
        ("android_english_12_hours.txt", "mdy", "12:01:00", 60),
        ("iphone_english_12_hours.txt", "dmy", "16:01:05", 1),
        ("year_first_with_marks_inside.txt", "ymd", "11:01:05", 1),
    ],
)
def test_every_locale_form_gives_the_same_position_and_live_location(
    name: str, order: str, live_at: str, precision: int
) -> None:
    found, reading = read_data(name)
    position = next(e for e in found if e.kind == "position")
    live = next(e for e in found if e.kind == "live")
    second = "12" if precision == 1 else "00"
    assert reading.order == order and not reading.faults
    assert (position.sender, position.at) == ("Budi Santoso", at(f"2021-07-28T08:03:{second}"))
    assert (position.latitude, position.longitude, position.precision) == (-2.5501456, 120.320397, precision)
    assert (live.sender, live.at, live.latitude) == ("Ani", at(f"2021-07-28T{live_at}"), None)
    assert live.until == at(f"2021-07-28T{live_at}") + 8 * 3600
    assert {e.grade for e in found} == {"self_declared"} and not any(e.is_doubtful for e in found)
    assert codes(position.flags) == ()


def test_a_number_with_marks_odd_spaces_and_hyphens_is_read_as_one_sender() -> None:
    found, _ = read_data("iphone_indonesian.txt")
    assert found[-1].sender == "+62 812-3456-7890" and found[-1].text == "hadir pak\nbaris kedua"


def test_a_tilde_before_a_name_is_no_part_of_it() -> None:
    assert "Ani" in {e.sender for e in read_data("iphone_indonesian.txt")[0]}


def test_what_the_group_did_has_no_sender() -> None:
    found, _ = read_data("android_indonesian.txt")
    assert [e.line for e in found if not e.sender] == [1, 6]


def test_a_named_place_has_no_coordinates() -> None:
    for name in ("android_english.txt", "iphone_english.txt"):
        places = [e for e in read_data(name)[0] if e.kind == "place"]
        assert [(e.sender, e.latitude) for e in places] == [("Budi Santoso", None)]


def test_a_word_for_location_in_any_language_will_do() -> None:
    (found,), _ = read_data("german_dots.txt")
    assert found.kind == "position" and codes(found.flags) == ()


def test_a_link_typed_by_hand_counts_and_is_flagged() -> None:
    typed, short = read_data("typed_by_hand.txt")[0]
    assert (typed.kind, typed.line, codes(typed.flags)) == ("position", 1, ("typed_link",))
    assert (short.kind, codes(short.flags)) == ("place", ("typed_link",))


def test_an_iphone_location_without_its_mark_was_typed() -> None:
    text = "[28/07/21, 08:03:12] Budi: Location: https://maps.google.com/?q=-2.55,120.32\r\n"
    assert codes(read(text.encode())[0][0].flags) == ("typed_link",)


def test_a_head_inside_a_message_is_doubtful_where_line_endings_or_shape_tell() -> None:
    found, _ = read_data("forged_head_inside_message.txt")
    doubtful = [(e.line, e.sender) for e in found if e.is_doubtful]
    assert doubtful == [(3, "Budi Santoso"), (5, "Budi Santoso")]
    assert all("looks_forged" in codes(e.flags) for e in found if e.is_doubtful)


def test_lines_out_of_order_are_read_and_their_clock_is_flagged() -> None:
    found, _ = read_data("lines_out_of_order.txt")
    assert [e.at for e in found[:2]] == [at("2021-07-28T11:01"), at("2021-07-28T08:03")]
    assert [codes(e.flags) for e in found] == [("clock_jump",), ("clock_jump",), ()]


def test_the_exporters_zone_is_an_option() -> None:
    from zoneinfo import ZoneInfo

    found, _ = read_data("iphone_english.txt", zone=ZoneInfo("UTC"))
    assert found[0].at == int(datetime(2021, 7, 28, 8, 3, 12, tzinfo=UTC).timestamp())


def test_utf_16_and_byte_order_marks_are_read(tmp_path: object) -> None:
    from pathlib import Path

    from scheduler.checkins.streams.opened import Opened, open_evidence
    from tests.checkins.tools import DATA

    text = (DATA / "android_english.txt").read_text("utf-8")
    path = Path(str(tmp_path)) / "chat.txt"
    for encoding in ("utf-16", "utf-16-le", "utf-8-sig"):
        path.write_bytes(text.encode(encoding))
        (file,) = open_evidence(path)
        assert isinstance(file, Opened)
        found, _ = read(file.open().read())
        assert shown(found) == shown(read_data("android_english.txt")[0]), encoding


def test_a_date_that_does_not_exist_is_reported_with_its_line() -> None:
    text = "28/07/21, 08:03 - A: x\n" * 3 + "31/06/21, 08:03 - A: y\n" + "28/07/21, 25:03 - A: z\n"
    found, reading = read(text.encode())
    assert [f.row for f in reading.faults] == [4, 5] and [e.at is None for e in found] == [False] * 3 + [
        True
    ] * 2
