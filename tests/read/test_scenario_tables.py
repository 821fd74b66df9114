"""The small tables of a scenario folder, in English and Indonesian, with every fault at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from scheduler.errors import Fault, InputError
from scheduler.problem import ABSENCE_KINDS, Person, Preference
from scheduler.read.scenario_tables import (
    KIND_OF,
    read_absences,
    read_activities,
    read_aliases,
    read_pins,
    read_preferences,
    read_travel_permits,
)
from tests.read.lists import ANI, BUDI

PEOPLE = (
    Person(id=ANI, nip=ANI, name="Ani Sari", printed_name="Hj. Ani Sari, S.E.", unit="Dinas Sosial"),
    Person(id=BUDI, nip=BUDI, name="Budi Jaya", printed_name="Budi Jaya, S.T.", unit="Dinas Sosial"),
    Person(id="PTT-0031", name="Citra", unit="Dinas Sosial"),
    Person(id="PTT-0032", name="Citra", unit="Kelurahan Bone"),
)


def csv_file(folder: Path, text: str) -> Path:
    path = folder / "tabel.csv"
    path.write_text(text, encoding="utf-8")
    return path


def faults_of(reader: Callable[..., Any], path: Path) -> tuple[Fault, ...]:
    with pytest.raises(InputError) as raised:
        reader(path, PEOPLE)
    assert all(fault.file == path.name for fault in raised.value.faults)
    return raised.value.faults


def test_absences_are_read_from_the_english_columns(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path,
        f"person_id,from,to,kind\n{ANI},2021-08-03,2021-08-05,leave\nPTT-0031,2021-08-04,2021-08-04,sick\n",
    )
    first, second = read_absences(path, PEOPLE)
    assert (first.person_id, first.first, first.last, first.kind, first.row) == (
        ANI, date(2021, 8, 3), date(2021, 8, 5), "leave", 2,
    )  # fmt: skip
    assert (second.person_id, second.kind) == ("PTT-0031", "sick")


@pytest.mark.parametrize(
    "who",
    ["Ani Sari", "ani sari", "Hj. Ani Sari, S.E.", "Ani Sari SE", f"'{ANI}", f"{ANI[:8]} {ANI[8:14]} 2 001"],
)
def test_absences_are_read_from_indonesian_columns_by_name_or_nip(tmp_path: Path, who: str) -> None:
    path = csv_file(
        tmp_path,
        f'Cuti bulan Agustus;;;;\nNo;Pegawai;Mulai;S.d.;Keterangan\n1;"{who}";3/8/2021;5 Agustus 2021;Cuti Tahunan\n',
    )
    (absence,) = read_absences(path, PEOPLE)
    assert (absence.person_id, absence.first, absence.last, absence.kind, absence.row) == (
        ANI, date(2021, 8, 3), date(2021, 8, 5), "leave", 3,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("word", "kind"),
    [("Cuti", "leave"), ("Dinas Luar", "travel"), ("perjalanan dinas", "travel"), ("SAKIT", "sick"), ("isoman", "isolation"),
     ("Isolasi Mandiri", "isolation"), ("Dirawat", "hospital"), ("Izin", "permit"), ("Tugas Belajar", "study")],
)  # fmt: skip
def test_kinds_of_absence_are_known_in_indonesian(tmp_path: Path, word: str, kind: str) -> None:
    path = csv_file(tmp_path, f"nip,dari,sampai,jenis\n{ANI},3/8/2021,3/8/2021,{word}\n")
    assert read_absences(path, PEOPLE)[0].kind == kind


def test_every_kind_of_the_contract_is_known_by_its_own_name() -> None:
    assert {KIND_OF[kind] for kind in ABSENCE_KINDS} == set(ABSENCE_KINDS)


def test_absences_are_read_from_a_workbook_with_date_cells(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["NIP", "Nama", "Tanggal", "Jenis"])
    sheet.append([ANI, "Ani Sari", date(2021, 8, 3), "sakit"])
    book.save(tmp_path / "absen.xlsx")
    (absence,) = read_absences(tmp_path / "absen.xlsx", PEOPLE)
    assert (absence.first, absence.last, absence.kind) == (date(2021, 8, 3), date(2021, 8, 3), "sick")


def test_every_faulty_absence_is_reported_at_once_with_its_row_and_column(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path,
        "person_id,from,to,kind\n"
        f"{ANI},2021-08-05,2021-08-03,leave\n"
        "Citra,2021-08-03,2021-08-03,leave\n"
        "Budi Jayo,2021-08-03,2021-08-03,leave\n"
        f"{BUDI},31/2/2021,2021-08-03,leave\n"
        f"{BUDI},2021-08-03,,leave\n"
        f"{BUDI},2021-08-03,2021-08-03,liburan\n"
        ",2021-08-03,2021-08-03,leave\n",
    )
    faults = faults_of(read_absences, path)
    assert [(f.row, f.field) for f in faults] == [
        (2, "to"), (3, "person_id"), (4, "person_id"), (5, "from"), (6, "to"), (7, "kind"), (8, "person_id"),
    ]  # fmt: skip
    assert "PTT-0031" in faults[1].problem.en
    assert "PTT-0032" in faults[1].problem.en
    assert "Budi Jaya" in faults[2].problem.id
    assert all(f.problem.id and f.problem.en for f in faults)


def test_a_name_that_fits_two_people_is_settled_by_its_unit(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "nama,unit kerja,tanggal,jenis\nCitra,kelurahan bone,3/8/2021,izin\n")
    assert read_absences(path, PEOPLE)[0].person_id == "PTT-0032"


def test_a_nip_and_a_name_of_different_people_are_a_fault(tmp_path: Path) -> None:
    path = csv_file(tmp_path, f"nip,nama,tanggal,jenis\n{ANI},Budi Jaya,3/8/2021,izin\n")
    assert [f.row for f in faults_of(read_absences, path)] == [2]


def test_overlapping_absences_of_one_kind_are_fine_and_of_two_kinds_a_fault(tmp_path: Path) -> None:
    same = csv_file(
        tmp_path, f"nip,dari,sampai,jenis\n{ANI},2/8/2021,4/8/2021,cuti\n{ANI},4/8/2021,6/8/2021,cuti\n"
    )
    assert len(read_absences(same, PEOPLE)) == 2
    other = csv_file(
        tmp_path,
        f"nip,dari,sampai,jenis\n{ANI},2/8/2021,4/8/2021,cuti\n{BUDI},2/8/2021,4/8/2021,sakit\n{ANI},4/8/2021,6/8/2021,sakit\n",
    )
    (fault,) = faults_of(read_absences, other)
    assert fault.row == 4
    assert "2" in fault.problem.en


def test_a_numeric_nip_in_a_workbook_is_a_fault_that_says_why(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["NIP", "Tanggal", "Jenis"])
    sheet.append([int(ANI), "3/8/2021", "izin"])
    book.save(tmp_path / "a.xlsx")
    (fault,) = faults_of(read_absences, tmp_path / "a.xlsx")
    assert "digit" in fault.problem.en


def test_pins_are_read_and_contradictions_are_faults(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path,
        f"nip,tanggal,status,alasan\n{ANI},3/8/2021,WFH,rapat\n{ANI},3/8/2021,rumah,\n{BUDI},3/8/2021,Kantor,\n",
    )
    first, second = read_pins(path, PEOPLE)
    assert (first.person_id, first.day, first.status, first.why) == (ANI, date(2021, 8, 3), "home", "rapat")
    assert second.status == "office"
    path = csv_file(
        tmp_path,
        f"person_id,date,status,why\n{ANI},2021-08-03,home,\n{ANI},2021-08-03,office,\n{BUDI},2021-08-03,cuti,\n",
    )
    assert [(f.row, f.field) for f in faults_of(read_pins, path)] == [(3, "status"), (4, "status")]


def test_preferences_are_for_a_date_or_a_weekday(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path, f"pegawai,tanggal,hari,status,bobot\n{ANI},3/8/2021,,rumah,3\n{BUDI},,Jum'at,kantor,\n"
    )
    assert read_preferences(path, PEOPLE) == (
        Preference(person_id=ANI, status="home", weight=3, day=date(2021, 8, 3)),
        Preference(person_id=BUDI, status="office", weight=1, weekday=4),
    )
    path = csv_file(
        tmp_path,
        f"person_id,date,weekday,status,weight\n{ANI},2021-08-03,Monday,home,1\n{ANI},,,home,1\n{ANI},,Someday,home,1\n{ANI},,Monday,home,0\n",
    )
    assert [(f.row, f.field) for f in faults_of(read_preferences, path)] == [
        (2, "date"), (3, "date"), (4, "weekday"), (5, "weight"),
    ]  # fmt: skip


def test_travel_permits_name_a_place(tmp_path: Path) -> None:
    path = csv_file(tmp_path, f"nip,dari,sampai,tujuan\n{ANI},3/8/2021,4/8/2021,Makassar\n")
    (permit,) = read_travel_permits(path, PEOPLE)
    assert (permit.person_id, permit.first, permit.last, permit.place) == (
        ANI,
        date(2021, 8, 3),
        date(2021, 8, 4),
        "Makassar",
    )


def test_a_sender_is_one_person(tmp_path: Path) -> None:
    path = csv_file(tmp_path, f"pengirim,pegawai\n~Ani,{ANI}\n+62 812-3456-7890,{BUDI}\n")
    assert [(a.sender, a.person_id) for a in read_aliases(path, PEOPLE)] == [
        ("~Ani", ANI),
        ("+62 812-3456-7890", BUDI),
    ]
    path = csv_file(tmp_path, f"sender,person_id\n~Ani,{ANI}\n~ani,{BUDI}\n,{BUDI}\n")
    assert [f.row for f in faults_of(read_aliases, path)] == [3, 4]


def test_activities_have_a_day_and_a_text(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path,
        f"nip,tanggal,target,kegiatan\n{ANI},3/8/2021,SKP 1,Menyusun laporan\n{BUDI},3/8/2021,SKP 1,\n",
    )
    (fault,) = faults_of(read_activities, path)
    assert (fault.row, fault.field) == (3, "kegiatan")
    path = csv_file(tmp_path, f"nip,tanggal,target,kegiatan\n{ANI},3/8/2021,SKP 1,Menyusun laporan\n")
    (activity,) = read_activities(path, PEOPLE)
    assert (activity.target, activity.activity) == ("SKP 1", "Menyusun laporan")


def test_a_table_without_the_columns_says_which_it_needs(tmp_path: Path) -> None:
    (fault,) = faults_of(read_pins, csv_file(tmp_path, "a,b\n1,2\n"))
    assert "status" in fault.problem.en
    assert "tanggal" in (fault.remedy.id if fault.remedy else "")
