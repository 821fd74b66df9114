"""What somebody who has never used the program types or gives it first: taken where it is plain, else told what to do."""

from __future__ import annotations

import errno
from datetime import date
from pathlib import Path

import click
import pytest

from scheduler.cli.options import DAY
from scheduler.cli.warnings import gathered, ranges
from scheduler.errors import ExportError, Fault, InputError
from scheduler.extras import how_to_install
from scheduler.language import Bilingual
from scheduler.read.files.tables import open_tables
from scheduler.read.requests import Words, find_person, read_words
from scheduler.read.scenario import read_scenario
from scheduler.write.obstacles import in_plain_words
from tests.read.lists import ANI, read, workbook
from tests.scenarios import person, write_scenario

QUOTA = '[[rules.home_quota]]\nname = "pelaksana"\nfor = { rank = "pelaksana" }\nshare = "50%"\n'


def refused(folder: Path) -> str:
    """The Indonesian sentences with which a scenario is refused."""
    with pytest.raises(InputError) as raised:
        read_scenario(folder)
    return raised.value.describe("id")


@pytest.mark.parametrize(
    "typed", ["2026-08-03", "3/8/2026", "3 Agustus 2026", "Senin, 3 Agustus 2026", "03-08-26"]
)
def test_a_date_is_taken_as_people_write_it(typed: str) -> None:
    assert DAY.convert(typed, None, None) == date(2026, 8, 3)


def test_a_date_that_does_not_exist_is_refused_with_what_is_allowed() -> None:
    with pytest.raises(click.BadParameter, match="2021-08-03"):
        DAY.convert("31/2/2026", None, None)


def test_a_policy_takes_dates_in_words_and_says_what_it_takes(tmp_path: Path) -> None:
    people = [person(1), person(2)]
    taken = read_scenario(write_scenario(tmp_path / "a", QUOTA, people, '"3 Agustus 2026"', '"7/8/2026"'))
    assert (taken.problem.first, taken.problem.last) == (date(2026, 8, 3), date(2026, 8, 7))
    said = refused(write_scenario(tmp_path / "b", QUOTA, people, '"awal Agustus"'))
    assert "baris 4, period.from" in said
    assert "yang boleh: tanggal seperti 2021-08-03" in said


def test_a_period_without_a_working_day_is_refused(tmp_path: Path) -> None:
    said = refused(write_scenario(tmp_path, QUOTA, [person(1)], "2026-08-08", "2026-08-09"))
    assert "tidak memuat hari kerja" in said
    assert "--from" in said


def test_a_file_given_for_the_folder_is_told_how_to_go_on(tmp_path: Path) -> None:
    folder = write_scenario(tmp_path / "kantor", QUOTA, [person(1)])
    lone = tmp_path / "Daftar pegawai.csv"
    lone.write_bytes((folder / "staff.csv").read_bytes())
    assert f'giliran init kantor-saya --staff "{lone}"' in refused(lone)
    assert f"Berikan foldernya: {folder}" in refused(folder / "policy.toml")


def test_silent_ranks_are_written_as_letters_write_them(tmp_path: Path) -> None:
    people = [
        person(1),
        person(2, "Kepala Dinas", Eselon="II.b"),
        person(3, **{"Status Kepegawaian": "Non ASN"}),
    ]
    problem = read_scenario(write_scenario(tmp_path, QUOTA, people)).problem
    (reading,) = [r for r in problem.policy.readings if r.key == "default.office"]
    assert "tidak mengatur JPT, Non-ASN:" in reading.text.id
    assert "--quota non_asn=50%" in reading.text.id


@pytest.mark.parametrize(
    "page", [b"<html><table><tr><td>Nama", b"\xef\xbb\xbf\r\n<!DOCTYPE html>", b"<TABLE border=1>"]
)
def test_a_web_page_with_the_ending_of_a_workbook_says_how_to_save_it(tmp_path: Path, page: bytes) -> None:
    path = tmp_path / "simpeg.xls"
    path.write_bytes(page)
    with pytest.raises(InputError, match="1 fault") as raised:
        open_tables(path)
    assert "Simpan Sebagai" in raised.value.describe("id")


def test_the_lock_of_an_open_workbook_names_the_workbook(tmp_path: Path) -> None:
    path = tmp_path / "~$pegawai.xlsx"
    path.write_bytes(b"\x05admin" + b" " * 150)
    with pytest.raises(InputError) as raised:
        open_tables(path)
    assert "Pakai pegawai.xlsx." in raised.value.describe("id")


def test_words_in_the_place_of_a_civil_servants_nip_are_told(tmp_path: Path) -> None:
    rows = [["Nama", "NIP", "Jabatan", "Status", "OPD"], ["Ani", ANI, "Bendahara", "PNS", "Dinas"], ["Budi", "menyusul", "Sopir", "PNS", "Dinas"],
            ["Citra", "-", "Sopir", "PNS", "Dinas"], ["Dedi", "tidak punya", "Sopir", "Honorer", "Dinas"]]  # fmt: skip
    (warning,) = read(tmp_path, rows).warnings
    assert (warning.row, warning.field, warning.value) == (3, "NIP", "menyusul")


def test_a_full_disk_names_what_could_not_be_written_not_what_was_read(tmp_path: Path) -> None:
    error = OSError(
        errno.ENOSPC, "full", "kantor/policy.toml", None, str(tmp_path / ".x.new" / "inputs" / "policy.toml")
    )
    with pytest.raises(ExportError) as raised, in_plain_words(tmp_path / "x"):
        raise error
    assert f"{tmp_path / 'x' / 'inputs' / 'policy.toml'} tidak dapat ditulis" in raised.value.describe("id")


def test_what_is_to_be_said_of_many_rows_is_said_once_with_every_row() -> None:
    def warning(row: int, value: str, field: str = "NIP") -> Fault:
        return Fault(
            problem=Bilingual(id="hilang", en="lost"), row=row, value=value, field=field, warning=True
        )

    faults = [warning(9, "a"), warning(2, "b"), warning(3, "a"), warning(4, "x", "Nama")]
    together, alone = gathered(faults)
    assert together.describe("id") == "NIP: hilang (3 baris: 2–3, 9); tertulis “a, b”."
    assert alone == faults[3]
    assert ranges([5]) == "5"


def test_the_workbook_of_the_tests_is_read(tmp_path: Path) -> None:
    """The refusals above are not refusals of everything."""
    assert open_tables(workbook(tmp_path / "sound.xlsx", [["Nama"], ["Ani"]]))[0].rows


def test_a_first_name_alone_finds_its_only_bearer_and_lists_several(tmp_path: Path) -> None:
    people = [
        {**person(n), "Nama": name}
        for n, name in enumerate(("Winda Zulkarnain", "Budi Hartono", "Budi Santoso"))
    ]
    problem = read_scenario(write_scenario(tmp_path, QUOTA, people)).problem
    assert find_person(problem, "winda")[0].name == "Winda Zulkarnain"
    with pytest.raises(InputError) as raised:
        find_person(problem, "Budi")
    assert "Budi Hartono" in raised.value.describe("id")
    assert "Budi Santoso" in raised.value.describe("id")
    absences = "person_id,from,to,kind\nHartono,2021-08-03,2021-08-03,cuti\n"
    said = refused(write_scenario(tmp_path / "b", QUOTA, people, absences=absences))
    assert "yang mirip: Budi Hartono" in said


def test_what_is_missing_is_named_with_a_line_that_every_shell_takes() -> None:
    line = how_to_install("geo")
    assert line.endswith('-m pip install "giliran[geo]"')
    assert "'" not in line
    assert "\\n" not in line


def test_words_that_ask_for_a_change_are_refused_in_plain_indonesian(tmp_path: Path) -> None:
    absences = "person_id,from,to,kind\nWinda Zulkarnain,2021-08-03,2021-08-03,DL\n"
    people = [{**person(n), "Nama": name} for n, name in enumerate(("Winda Zulkarnain", "Budi Hartono"))]
    problem = read_scenario(write_scenario(tmp_path, QUOTA, people, absences=absences)).problem
    words = Words(absent=("Budi 3/8/2021",), pin=("Winda:3/8/2021=home",))
    with pytest.raises(InputError) as raised:
        read_words(words, problem, {}, date(2021, 8, 2), recall_from=date(2021, 8, 2))
    said = raised.value.describe("id")
    assert "Budi:2021-08-03..2021-08-05=cuti" in said
    assert "hari itu berhalangan (dinas luar)" in said


def test_an_anonymous_list_of_numbered_people_is_read(tmp_path: Path) -> None:
    rows = [
        ["Nama", "NIP", "Jabatan", "OPD"],
        *([f"Pegawai {n}", "", "Sopir", "Dinas"] for n in (9, 10, 101)),
    ]
    assert [p.name for p in read(tmp_path, rows).people] == ["Pegawai 9", "Pegawai 10", "Pegawai 101"]


def test_a_slip_in_one_rank_of_a_list_is_refused_with_the_nearest(tmp_path: Path) -> None:
    quota = QUOTA.replace('rank = "pelaksana"', 'rank = ["pelaksana", "pengawass"]')
    said = refused(write_scenario(tmp_path, quota, [person(1)]))
    assert "jenjang ini tidak ada; tertulis “pengawass”" in said
    assert "Maksud Anda “pengawas”?" in said
    read_scenario(write_scenario(tmp_path / "b", QUOTA.replace('"pelaksana" }', '"PELA*" }'), [person(1)]))


def test_a_person_who_is_not_there_is_told_with_the_option_and_what_to_write(tmp_path: Path) -> None:
    problem = read_scenario(
        write_scenario(tmp_path, QUOTA, [person(1, "Kepala Dinas", Eselon="II.b")])
    ).problem
    with pytest.raises(InputError) as raised:
        find_person(problem, "xyz 9")
    assert raised.value.exit_code == 2
    assert raised.value.faults[0].describe("id") == (
        "--person: orang itu tidak ada di jadwal; tertulis “xyz 9”. Tulis NIP, id atau namanya seperti di roster.csv."
    )
