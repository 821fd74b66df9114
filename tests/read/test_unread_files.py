"""A table under a name that nothing reads is told: a leave that is not read is no leave."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.read.unread_files import unread_tables
from tests.running import ROSTERS, giliran
from tests.scenarios import person, write_scenario

QUOTA = '[[rules.home_quota]]\nfor = { rank = "pelaksana" }\nshare = "50%"\n'


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("absence.csv", "absences"),
        ("Absences.xls", "absences"),
        ("absences.csv.txt", "absences"),  # Windows hides the ending
        ("absences (1).csv", "absences"),
        ("cuti Agustus.xlsx", "absences"),
        ("Dinas Luar.csv", "absences"),
        ("ketidak-hadiran.csv", "absences"),
        ("preference.csv", "preferences"),
        ("kegiatan 2026.ods", "activities"),
    ],
)
def test_a_table_under_another_name_is_told_with_the_name_it_should_have(
    tmp_path: Path, name: str, meant: str
) -> None:
    (tmp_path / name).write_text("person_id,from,to,kind\n", encoding="utf-8")
    (fault,) = unread_tables(tmp_path)
    assert fault.warning
    assert fault.file == name
    assert fault.remedy is not None
    assert f"{meant}.csv" in fault.remedy.id


def test_what_is_read_and_what_is_something_else_is_not_told(tmp_path: Path) -> None:
    names = ("absences.csv", "pins.xlsx", "staff.csv", "policy.toml", "daftar pegawai lama.xlsx", "~$absence.xlsx",
             "surat edaran.pdf", "jadwal.xlsx", "catatan.txt")  # fmt: skip
    for name in names:
        (tmp_path / name).write_text("", encoding="utf-8")
    assert unread_tables(tmp_path) == []
    assert [path for path in ROSTERS.iterdir() if path.is_dir() and unread_tables(path)] == []


def test_the_terminal_tells_it_and_goes_on(tmp_path: Path) -> None:
    folder = write_scenario(tmp_path / "s", QUOTA, [person(1), person(2)])
    (folder / "absence.csv").write_text("person_id,from,to,kind\n", encoding="utf-8")
    ran = giliran("generate", folder, "--dry-run", "--lang", "id")
    assert ran.code == 0
    assert "absence.csv: berkas ini tidak dibaca" in ran.err.replace("\n", " ")
