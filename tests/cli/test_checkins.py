"""`giliran checkins` and `giliran purge` as their users meet them."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from scheduler.read.outputs.revision import read_statuses
from tests.running import Ran, giliran

POLICY = """
title = "Tahap I"
timezone = "Asia/Makassar"
[period]
from = 2021-07-28
to = 2021-07-30
workdays = "mon-fri"
[[rules.always_home]]
[[checkins.point]]
at = ["08:00", "11:00"]
within_metres = 500
channel = "whatsapp"
[checkins.place]
region = "wilayah.geojson"
"""
REGION = '{"type":"Polygon","coordinates":[[[120,-3],[121,-3],[121,-2],[120,-2],[120,-3]]]}'
STAFF = """NIP,Nama,Unit Kerja,Jabatan,No HP,Lintang,Bujur
198001012005011002,Budi Santoso,BKPSDM,Analis,081234567890,-2.55,120.32
198001012005012003,Ani Lestari,BKPSDM,Analis,081298765432,,
198001012005011004,Citra Rahman,Dinas Lain,Analis,081211112222,,
"""
CHAT = (
    "28/07/21 08.03 - +62 812-3456-7890: lokasi : https://maps.google.com/?q=-2.5501,120.3201\n"
    "28/07/21 08.04 - Kasubag Ani: lokasi : https://maps.google.com/?q=-2.56,120.33\n"
    "30/07/21 18.00 - +62 812-9876-5432: siap\n"
)


@pytest.fixture
def output(tmp_path: Path) -> Path:
    home = tmp_path / "kota"
    home.mkdir()
    for name, text in (("policy.toml", POLICY), ("staff.csv", STAFF), ("wilayah.geojson", REGION)):
        (home / name).write_text(text, "utf-8")
    ran = giliran("generate", home, "--out", tmp_path / "out", "-q")
    assert ran.code == 0, ran.err
    return tmp_path / "out"


@pytest.fixture
def check(output: Path, tmp_path: Path) -> Callable[..., Ran]:
    def run(*words: object, text: str = CHAT) -> Ran:
        (tmp_path / "chat.txt").write_text(text, "utf-8")
        return giliran("checkins", output, tmp_path / "chat.txt", *words)

    return run


def verdicts(output: Path) -> dict[tuple[str, str, str], str]:
    with (output / "checkins" / "checkins.csv").open(encoding="utf-8", newline="") as stream:
        return {(r["date"], r["person_id"], r["checkpoint"]): r["verdict"] for r in csv.DictReader(stream)}


def test_reports_are_put_into_the_output_folder_and_the_roster_stays(
    output: Path, check: Callable[..., Ran]
) -> None:
    before = read_statuses(output)
    ran = check("--lang", "id")
    assert ran.code == 0
    assert sorted(p.name for p in (output / "checkins").iterdir()) == [
        "aliases.csv", "aliases.xlsx", "checkins.csv", "checkins.html", "checkins.xlsx", "sources.csv", "unmatched.csv",
    ]  # fmt: skip
    assert "tepat waktu 1" in ran.out and "Asia/Makassar" in ran.err and "1 pengirim tidak dikenal" in ran.out
    assert verdicts(output)["2021-07-28", "198001012005011002", "08:00"] == "on_time"
    assert read_statuses(output) == before


def test_filling_in_the_aliases_and_running_again_finds_the_sender(
    output: Path, check: Callable[..., Ran]
) -> None:
    check()
    ani = ("2021-07-28", "198001012005012003", "08:00")
    assert verdicts(output)[ani] == "unprovable"
    path = output / "checkins" / "aliases.csv"
    path.write_text(
        path.read_text("utf-8").replace("Kasubag Ani,,", "Kasubag Ani,198001012005012003,"), "utf-8"
    )
    assert check().code == 0 and verdicts(output)[ani] == "on_time"
    assert check().code == 0 and verdicts(output)[ani] == "on_time"


def test_a_suggestion_chosen_in_excel_finds_the_sender_and_two_answers_are_refused(
    output: Path, check: Callable[..., Ran]
) -> None:
    check()
    path = output / "checkins" / "aliases.xlsx"
    book = openpyxl.load_workbook(path)
    (row,) = (cells for cells in book.active.iter_rows(min_row=4) if cells[0].value == "Kasubag Ani")
    (choice,) = book.active.data_validations.dataValidation
    assert choice.formula1 == "=$C4:$E4" and row[1].coordinate in choice.sqref
    assert row[2].value.startswith("198001012005012003 (")
    row[1].value = row[2].value
    book.save(path)
    assert check().code == 0
    assert verdicts(output)["2021-07-28", "198001012005012003", "08:00"] == "on_time"
    table = output / "checkins" / "aliases.csv"
    table.write_text(
        table.read_text("utf-8").replace("Kasubag Ani,198001012005012003", "Kasubag Ani,-"), "utf-8"
    )
    ran = check("--lang", "id")
    assert ran.code == 3 and "tetapi - di aliases.csv" in ran.err


def test_a_policy_that_asks_for_nothing_says_so(check: Callable[..., Ran], tmp_path: Path) -> None:
    policy = tmp_path / "kota" / "policy.toml"
    text = policy.read_text("utf-8")
    policy.write_text(text[: text.index("[[checkins")], "utf-8")
    ran = check("--lang", "id")
    assert ran.code == 0 and "tidak memuat tabel [checkins]" in ran.err


def test_strict_answers_with_5_where_a_verdict_is_against_someone(check: Callable[..., Ran]) -> None:
    assert check("--strict").code == 5
    assert (
        check("--strict", "--until", "2021-07-28", text=CHAT.split("\n", maxsplit=1)[0] + "\n").code == 5
    )  # 11:00 is missing


def test_machines_get_one_object(check: Callable[..., Ran]) -> None:
    found = json.loads(check("--json").out)
    assert found["verdicts"]["on_time"] == 1 and found["unknown_senders"] == 1
    assert found["sources"][0]["kind"] == "whatsapp" and len(found["sources"][0]["sha256"]) == 64


def test_one_unit_and_the_exporters_zone(output: Path, check: Callable[..., Ran]) -> None:
    ran = check("--unit", "dinas*", "--exporter-zone", "WIB", "--lang", "en")
    assert ran.code == 0 and "Asia/Jakarta" in ran.err
    assert {person for _, person, _ in verdicts(output)} == {"198001012005011004"}


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [(("--unit", "x"), 2, "BKPSDM"), (("--exporter-zone", "Mars"), 2, "Asia/Makassar"), (("--since", "kemarin"), 2, "2021-08-03")],
)  # fmt: skip
def test_wrong_options_say_what_is_allowed(
    check: Callable[..., Ran], words: tuple[str, str], code: int, said: str
) -> None:
    ran = check(*words)
    assert ran.code == code and said in ran.err and "Traceback" not in ran.err


def test_a_file_that_is_not_there_and_a_broken_region_are_faulty_input(output: Path, tmp_path: Path) -> None:
    assert giliran("checkins", output, tmp_path / "none.txt").code == 3
    (tmp_path / "kota" / "wilayah.geojson").write_text("{}")
    (tmp_path / "chat.txt").write_text(CHAT)
    ran = giliran("checkins", output, tmp_path / "chat.txt")
    assert ran.code == 3 and "wilayah.geojson" in ran.err


def test_faults_of_a_file_are_told_and_the_rest_is_written(output: Path, check: Callable[..., Ran]) -> None:
    ran = check("--lang", "id", text=CHAT + "31/06/21 08.00 - +62 812-3456-7890: x\n")
    assert ran.code == 0 and "baris 4" in ran.err
    assert verdicts(output)["2021-07-28", "198001012005011002", "08:00"] == "on_time"


def test_where_nothing_could_be_read_nothing_is_written(output: Path, check: Callable[..., Ran]) -> None:
    ran = check("--lang", "id", text="bukan ekspor apa pun\n")
    assert ran.code == 3 and "tidak dikenali" in ran.err and not (output / "checkins").exists()


def test_purge_deletes_old_evidence_that_a_report_knows_and_keeps_the_verdicts(
    output: Path, check: Callable[..., Ran], tmp_path: Path
) -> None:
    check()
    other = tmp_path / "lain.txt"
    other.write_text("x")
    soon = giliran("purge", output, tmp_path / "chat.txt", other, "--today", "2021-08-01")
    assert soon.code == 0 and (tmp_path / "chat.txt").exists()
    dry = json.loads(
        giliran(
            "purge", output, tmp_path / "chat.txt", other, "--today", "2022-01-01", "--dry-run", "--json"
        ).out
    )
    assert len(dry["deleted"]) == 2 and (tmp_path / "chat.txt").exists()
    late = giliran("purge", output, tmp_path / "chat.txt", other, "--today", "2022-01-01")
    assert late.code == 0 and not (tmp_path / "chat.txt").exists() and other.exists()
    assert (
        not (output / "checkins" / "unmatched.csv").exists()
        and (output / "checkins" / "checkins.csv").exists()
    )
    again = giliran("purge", output, other, "--today", "2022-01-01", "--days", "10")
    assert again.code == 0 and other.exists()


def test_the_scenario_s_activities_are_evidence_beside_the_files_or_alone(
    output: Path, tmp_path: Path
) -> None:
    home = tmp_path / "kota"
    policy = home / "policy.toml"
    policy.write_text(
        POLICY.replace("[checkins.place]", '[[checkins.activity]]\nname = "kerja"\n[checkins.place]'), "utf-8"
    )
    (home / "activities.csv").write_text(
        "person_id,date,target,activity\nBudi Santoso,28/7/2021,SKP 1,Menyusun laporan\n", "utf-8"
    )
    ran = giliran("checkins", output)
    assert ran.code == 0, ran.err
    rows = list(csv.DictReader((output / "checkins" / "checkins.csv").open(encoding="utf-8")))
    found = {(r["person_id"][-1], r["date"]): r for r in rows if r["checkpoint"] == "kerja"}
    assert found["2", "2021-07-28"]["verdict"] == "on_time"
    assert (found["2", "2021-07-28"]["source"], found["2", "2021-07-28"]["line"]) == ("activities.csv", "2")
    assert found["3", "2021-07-28"]["verdict"] == "missing"
    assert {r["verdict"] for r in rows if r["checkpoint"] != "kerja"} == {"unprovable"}

    (home / "activities.csv").write_text(
        "person_id,date,target,activity\nBudi Santoso,28/7/2021,SKP 1,\n", "utf-8"
    )
    faulty = giliran("checkins", output)
    assert faulty.code == 3 and "activities.csv" in faulty.err
