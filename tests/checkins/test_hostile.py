"""Damaged, shuffled and hostile files: a clear message, and all that could be read, in bounded memory."""

from __future__ import annotations

import json
import tracemalloc
import zipfile
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.checkins.evidence import discover
from scheduler.checkins.evidence.base import Reading
from scheduler.checkins.streams.opened import Opened, open_evidence
from scheduler.errors import Fault
from tests.checkins.tools import DATA, DAY, MAKASSAR, chat, here, judge, opened, read

GOOD = chat(("28/07/21, 08:03", "Budi Santoso", here()), ("29/07/21, 18:00", "Ani", "ok"))
TELEGRAM = {"id": 1, "type": "message", "date_unixtime": "1627430400", "from": "B", "from_id": "user123", "text": "",
            "location_information": {"latitude": -2.55, "longitude": 120.32}}  # fmt: skip


def zipped(*members: tuple[str, bytes]) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return stream.getvalue()


def verdict(folder: Path, name: str, data: bytes) -> str:
    return judge(folder, {name: data}).of("B-1", "08:00").verdict


def test_a_forged_head_gives_nobody_a_verdict(tmp_path: Path) -> None:
    text = (DATA / "forged_head_inside_message.txt").read_bytes()
    row = judge(tmp_path, {"chat.txt": text}).of("B-1", "08:00")
    assert (row.verdict, row.reason, "looks_forged" in row.flags) == ("unprovable", "forged", True)


def test_a_genuine_sign_outweighs_a_forged_one(tmp_path: Path) -> None:
    real = "[28/07/21, 08:40:00] Budi Santoso: \u200eLocation: https://maps.google.com/?q=-2.55,120.32\r\n"
    data = (DATA / "forged_head_inside_message.txt").read_bytes() + real.encode()
    row = judge(tmp_path, {"chat.txt": data}).of("B-1", "08:00")
    assert (row.verdict, row.reason) == ("late", "")


def test_a_line_of_ten_megabytes_is_cut_and_the_rest_is_read(tmp_path: Path) -> None:
    huge = "28/07/21, 07:00 - Ani: " + "x" * 10_000_000 + "\n"
    judged = judge(tmp_path, {"chat.txt": huge + GOOD})
    assert judged.of("B-1", "08:00").verdict == "on_time"
    assert [f.row for f in judged.findings.sources[0].faults] == [1]


def test_ten_megabytes_without_any_line_are_no_evidence(tmp_path: Path) -> None:
    judged = judge(tmp_path, {"chat.txt": b"x" * 10_000_000})
    assert judged.findings.sources[0].is_refused and "tidak dikenali" in judged.findings.sources[0].faults[
        0
    ].describe("id")


@pytest.mark.parametrize("depth", [500, 100_000])
def test_deep_json_costs_only_its_own_message(tmp_path: Path, depth: int) -> None:
    deep = '{"id": 2, "type": "message", "text": ' + "[" * depth + "]" * depth + "}"
    text = '{"messages": [' + deep + ",\n" + json.dumps(TELEGRAM) + "]}"
    judged = judge(tmp_path, {"result.json": text})
    assert judged.of("B-1", "08:00").verdict == "on_time" and judged.of("B-1", "08:00").line == 2
    line = '{"update_id": 1, "message": ' + "[" * depth + "]" * depth + "}\n"
    good = {
        "update_id": 2,
        "message": {
            "from": {"id": 123},
            "date": 1627430400,
            "location": {"latitude": -2.55, "longitude": 120.32},
        },
    }
    assert verdict(tmp_path, "updates.jsonl", (line + json.dumps(good) + "\n").encode()) == "on_time"


def test_a_broken_message_is_skipped_and_named_by_its_line() -> None:
    text = (
        '{"messages": [\n{"id": 1, "text": oops},\n'
        + json.dumps(TELEGRAM)
        + ",\n"
        + '{"id": 3, "a": "\\q"},\n'
        + json.dumps({**TELEGRAM, "id": 4})
        + "\n]}"
    )
    found, reading = read(text.encode(), "result.json")
    assert [e.line for e in found] == [3, 5] and [f.row for f in reading.faults] == [2, 4]


def test_a_truncated_export_gives_all_before_and_says_so() -> None:
    whole = json.dumps({"messages": [TELEGRAM] * 50}, indent=1)
    found, reading = read(whole[: len(whole) // 2].encode(), "result.json")
    assert 20 <= len(found) <= 25 and reading.is_truncated and "terpotong" in reading.faults[-1].problem.id


@given(st.integers(0, 100_000), st.sampled_from(["telegram_one_chat.json", "bot_track.jsonl", "iphone_indonesian.txt", "android_english.txt", "lasik_semicolons.csv", "call_log.csv"]), st.binary(max_size=6))  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_no_damage_anywhere_breaks_a_reader(place: int, name: str, junk: bytes) -> None:
    data = (DATA / name).read_bytes()
    place %= len(data)
    for damaged in (
        data[:place],
        data[:place] + junk + data[place:],
        data[:place] + junk + data[place + len(junk) :],
    ):
        file = opened(damaged, name)
        for source in discover():
            if source.recognises(file):
                found = list(source.read(Reading(file, zone=MAKASSAR, days=[DAY])))
                assert all(e.line >= 1 for e in found)


def test_a_zip_as_exported_is_read_and_its_media_passed_over(tmp_path: Path) -> None:
    judged = judge(
        tmp_path, {"WhatsApp Chat.zip": zipped(("IMG-1.jpg", b"\xff\xd8"), ("_chat.txt", GOOD.encode()))}
    )
    row = judged.of("B-1", "08:00")
    assert (row.verdict, row.source, row.line) == ("on_time", "WhatsApp Chat.zip/_chat.txt", 1)


@pytest.mark.parametrize(
    "name", ["../../etc/evil.txt", "/etc/evil.txt", "a/../../evil.txt", "C:\\evil.txt", "..\\evil.txt"]
)
def test_a_path_that_leaves_the_zip_is_refused_and_the_rest_is_read(tmp_path: Path, name: str) -> None:
    judged = judge(tmp_path, {"chat.zip": zipped((name, GOOD.encode()), ("_chat.txt", GOOD.encode()))})
    refused, whole = judged.findings.sources
    assert refused.is_refused and "keluar dari zip" in refused.faults[0].problem.id and whole.evidence == 1
    assert judged.of("B-1", "08:00").verdict == "on_time"
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["chat.zip"]


def test_a_zip_bomb_is_refused_unopened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("_chat.txt", "w") as member,
    ):
        for _ in range(80):
            member.write(b"0" * 1_000_000)
    (found,) = open_evidence(path)
    assert isinstance(found, Fault) and "tidak wajar" in found.problem.id


def test_a_zip_cut_in_half_or_with_a_flipped_byte_says_so(tmp_path: Path) -> None:
    from random import Random

    lines = [("28/07/21, 08:03", "Budi Santoso", here(-2.55 + n / 1e5)) for n in range(3000)]
    Random(1).shuffle(lines)
    data = zipped(("_chat.txt", chat(*lines).encode()))
    cut = judge(tmp_path, {"cut.zip": data[: len(data) // 2]})
    assert cut.findings.sources[0].is_refused
    flipped = bytearray(data)
    flipped[len(data) // 2] ^= 0xFF
    damaged = judge(tmp_path, {"flipped.zip": bytes(flipped)}).findings.sources[0]
    assert damaged.is_truncated or damaged.is_refused


def test_an_encrypted_member_and_a_workbook_that_is_none_are_refused(tmp_path: Path) -> None:
    data = bytearray(zipped(("_chat.txt", GOOD.encode())))
    data[6] |= 1
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    judged = judge(tmp_path, {"locked.zip": bytes(data), "absen.xlsx": b"PK\x03\x04" + b"\0" * 200})
    assert all(source.is_refused for source in judged.findings.sources)


def test_a_document_with_entities_is_no_evidence(tmp_path: Path) -> None:
    sheet = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'
    judged = judge(
        tmp_path, {"absen.xlsx": zipped(("xl/workbook.xml", sheet), ("[Content_Types].xml", sheet))}
    )
    assert judged.findings.sources[0].is_refused


def test_memory_does_not_grow_with_the_file() -> None:
    class Endless:
        def __init__(self, block: bytes, times: int) -> None:
            self.block, self.left, self.rest = block, times, b""

        def readline(self, most: int = -1) -> bytes:
            if not self.rest and self.left:
                self.left, self.rest = self.left - 1, self.block
            end = self.rest.find(b"\n") + 1 or len(self.rest)
            end = min(end, most) if most > 0 else end
            line, self.rest = self.rest[:end], self.rest[end:]
            return line

        def read(self, most: int = -1) -> bytes:
            if not self.left:
                return b""
            self.left -= 1
            return self.block

        def __enter__(self) -> Endless:
            return self

        def __exit__(self, *_: object) -> None:
            pass

    def peak(name: str, head: bytes, block: bytes, times: int) -> int:
        class Stream(Endless):
            pass

        def make() -> BinaryIO:
            stream = Stream(block, times)
            stream.rest = head
            return cast(BinaryIO, stream)

        file = Opened(name, "", (head + block)[:65_536], make)
        source = max(discover(), key=lambda s: s.recognises(file))
        tracemalloc.start()
        count = sum(1 for _ in source.read(Reading(file, zone=MAKASSAR, days=[DAY])))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert count >= times
        return most

    lines = GOOD.encode() * 40
    moves = (DATA / "bot_track.jsonl").read_bytes() * 20
    for name, head, block in (("c.txt", b"", lines), ("u.jsonl", b"", moves)):
        assert peak(name, head, block, 60) < 1.5 * peak(name, head, block, 6) + 500_000, name


def test_telegram_messages_stream_in_constant_memory() -> None:
    def peak(count: int) -> int:
        data = ('{"messages": [' + ",\n".join([json.dumps(TELEGRAM)] * count) + "]}").encode()
        file = opened(data, "result.json")
        tracemalloc.start()
        source = max(discover(), key=lambda s: s.recognises(file))
        assert sum(1 for _ in source.read(Reading(file, zone=MAKASSAR, days=[DAY]))) == count
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(30_000) < 1.3 * peak(6_000) + 300_000


def test_ten_thousand_strangers_do_not_stop_the_judge(tmp_path: Path) -> None:
    lines = [("28/07/21, 08:03", f"Budi Asing Santosa {n:05}", here()) for n in range(10_000)]
    judged = judge(tmp_path, {"chat.txt": chat(*lines) + GOOD})
    assert len(judged.unmatched) == 10_000 and judged.of("B-1", "08:00").verdict == "on_time"
    assert len(judged.validator.directory.unknown) == 10_000


def test_instants_beyond_every_calendar_are_read_and_ignored(tmp_path: Path) -> None:
    messages = [
        {**TELEGRAM, "date_unixtime": text} for text in ("99999999999", "-5", "0", "1e9", "²", "")
    ] + [TELEGRAM]
    judged = judge(tmp_path, {"result.json": json.dumps({"messages": messages})})
    assert judged.of("B-1", "08:00").verdict == "on_time"


@pytest.mark.parametrize("name", ["aliases.csv", "Aliases.xlsx"])
def test_a_table_of_senders_in_a_folder_of_evidence_is_no_evidence(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("sender,person_id\nAni,1\n", encoding="utf-8")
    (tmp_path / "chat.txt").write_text("halo\n", encoding="utf-8")
    found = [one.name for one in open_evidence(tmp_path) if isinstance(one, Opened)]
    assert found == [f"{tmp_path.name}/chat.txt"]
