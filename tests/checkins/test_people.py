"""People are matched by marks and by hand, never by likeness."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from scheduler.checkins.alias_file import read_filled
from scheduler.checkins.names import phone_digits
from scheduler.checkins.people import AMBIGUOUS, NOBODY, Directory
from scheduler.errors import InputError
from tests.checkins.tools import ANI, BUDI, CITRA, chat, here, judge

PEOPLE = (BUDI, ANI, CITRA)


@pytest.mark.parametrize(
    "sender",
    ["+62 812-3456-7890", "081234567890", "62 812 3456 7890", "\u202a+62\u00a0812\u20113456\u20117890\u202c", "0812.3456.7890",
     "(0812) 3456-7890", "Pak Budi 198001012005011002", "19800101 200501 1 002 Budi", "B-1", "b-1"],
)  # fmt: skip
def test_a_number_a_nip_or_an_id_in_the_sender_finds_the_person(sender: str) -> None:
    assert Directory(PEOPLE).match(sender) == 0


@pytest.mark.parametrize("ids", [("telegram:123",), ("nip:198001012005011002",), ("phone:+62 812-3456-7890",), ("id:B-1",), ("id:198001012005011002",)])  # fmt: skip
def test_every_mark_of_a_file_finds_the_person(ids: tuple[str, ...]) -> None:
    assert Directory(PEOPLE).match("siapa saja", ids) == 0


@pytest.mark.parametrize("sender", ["Budi Santoso", "BUDI SANTOSO, S.Kom", "Budi", "Budi Santosa", "0812 3456 7891", "198001012005011000"])  # fmt: skip
def test_a_name_is_never_assumed_however_near(sender: str) -> None:
    directory = Directory(PEOPLE)
    assert directory.match(sender) == NOBODY
    assert directory.note_unknown(sender, (), "f", 1, None).reason == "nobody"


def test_near_matches_are_suggested() -> None:
    directory = Directory(PEOPLE)
    for sender in (
        "Budi Santosa",
        "Pak Budi Santoso, S.Kom",
        "budi",
        "19800101200501100",
        "+1 555 4567890",
        "Bdi Santoso",
    ):
        assert 0 in directory.note_unknown(sender, (), "f", 1, None).near, sender
    assert directory.note_unknown("Tukang Galon", (), "f", 1, None).near == ()


def test_two_people_with_one_number_are_ambiguous_until_an_alias_decides() -> None:
    twins = (BUDI, replace(ANI, phone=BUDI.phone))
    assert Directory(twins).match("+62 812-3456-7890") == AMBIGUOUS
    assert Directory(twins, {"+6281234567890": "A-1"}).match("+62 812-3456-7890") == 1


def test_aliases_take_ids_nips_and_unambiguous_names_and_ignore_case_and_tildes() -> None:
    aliases = {
        "Kasubag  Umum": "B-1",
        "~Ani": "ani lestari",
        "Bu Citra": "C-1",
        "hantu": "Z-9",
        "telegram:777": "C-1",
    }
    directory = Directory(PEOPLE, aliases)
    assert [directory.match(s) for s in ("kasubag umum", "~ Ani", "ani", "BU CITRA", "hantu")] == [
        0,
        1,
        1,
        2,
        NOBODY,
    ]
    assert directory.match("x", ("telegram:777",)) == 2 and directory.unknown_aliases == ["Z-9"]


@pytest.mark.parametrize(("text", "digits"), [("0812", ""), ("8123456789", "628123456789"), ("0062 8123456789", "628123456789"), ("Budi 0812", ""), ("+1 (555) 010-9999", "15550109999")])  # fmt: skip
def test_phone_numbers_have_one_form(text: str, digits: str) -> None:
    assert phone_digits(text) == digits


def test_every_line_without_a_person_is_listed_with_its_file_and_line(tmp_path: Path) -> None:
    text = chat(("28/07/21, 08:01", "Budi S", here()), ("28/07/21, 08:02", "Budi S", "ok"), ("28/07/21, 08:03", "Budi S", here()), ("28/07/21, 08:05", "Ani", "ok"))  # fmt: skip
    judged = judge(tmp_path, {"chat.txt": text})
    assert [(u.source, u.line, u.sender, u.kind, u.reason, u.near) for u in judged.unmatched] == [
        ("chat.txt", 1, "Budi S", "position", "nobody", (0,)), ("chat.txt", 3, "Budi S", "position", "nobody", (0,)),
    ]  # fmt: skip


def test_only_filled_in_aliases_are_read_back_and_contradictions_refused(tmp_path: Path) -> None:
    path = tmp_path / "aliases.csv"
    assert read_filled(path) == {}
    path.write_text("sender,person_id,suggestions\n'+62 811,B-1,x\nAni,,y\n", "utf-8")
    assert read_filled(path) == {"+62 811": "B-1"}
    path.write_text("sender;person_id\nAni;A-1\nAni;B-1\n", "utf-8")
    with pytest.raises(InputError) as refused:
        read_filled(path)
    assert refused.value.faults[0].row == 3
