"""Lists laid out in ways that the five governments' are not."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from scheduler.read.staff import read_staff
from tests.read.lists import (
    ANI,
    BUDI,
    CITRA,
    DEDI,
    column,
    faults_of,
    names,
    only,
    read,
    read_text,
    units,
    workbook,
)


def test_a_ranking_list_duk_is_read(tmp_path: Path) -> None:
    rows = [
        ["DAFTAR URUT KEPANGKATAN PEGAWAI NEGERI SIPIL"],
        ["DINAS PEKERJAAN UMUM DAN PENATAAN RUANG"],
        ["KEADAAN 31 DESEMBER 2020"],
        [],
        ["NO", "NAMA", "NIP", "PANGKAT", "", "JABATAN", "", "MASA KERJA", "", "LATIHAN JABATAN", "", "", "PENDIDIKAN", "", "", "USIA", "CATATAN MUTASI", "KET"],
        ["", "", "", "GOL", "TMT", "NAMA", "TMT", "THN", "BLN", "NAMA", "BLN/THN", "JML JAM", "NAMA", "LULUS", "TINGKAT IJAZAH", "", "", ""],
        list(range(1, 19)),
        [1, "Ir. Ani Sari, M.T.", ANI, "IV/c", "01-04-2018", "Kepala Dinas", "02-01-2019", 30, 2, "Diklatpim II", "2019", 300, "UNHAS", 1990, "S2", 56, "", ""],
        [2, "Budi Jaya, S.T.", BUDI, "IV/a", "01-04-2018", "Kepala Bidang Bina Marga", "02-01-2019", 25, 1, "Diklatpim III", "2017", 300, "UMI", 1995, "S1", 50, "", ""],
    ]  # fmt: skip
    merged = [
        "A5:A6",
        "B5:B6",
        "C5:C6",
        "D5:E5",
        "F5:G5",
        "H5:I5",
        "J5:L5",
        "M5:O5",
        "P5:P6",
        "Q5:Q6",
        "R5:R6",
    ]
    staff = read(tmp_path, rows, merged)
    assert names(staff) == ["Ani Sari", "Budi Jaya"]
    assert column(staff, "position") == ["Kepala Dinas", "Kepala Bidang Bina Marga"]
    assert column(staff, "employment") == ["PNS", "PNS"]
    assert column(staff, "rank") == ["jpt", "administrator"]
    assert column(staff, "grade") == ["IV/c", "IV/a"]
    assert units(staff) == ["DINAS PEKERJAAN UMUM DAN PENATAAN RUANG"] * 2


def test_a_name_column_with_nip_and_birth_place_is_read(tmp_path: Path) -> None:
    rows = [["No", "NAMA, NIP, TEMPAT/TGL LAHIR", "Jabatan", "Unit Kerja"],
            [1, f"Ani Sari, S.E.\nNIP. {ANI}\nMasamba, 15 Maret 1985", "Bendahara", "Dinas Sosial"]]  # fmt: skip
    person = only(read(tmp_path, rows))
    assert (person.name, person.nip) == ("Ani Sari", ANI)


def test_sheets_named_after_employments_give_the_employment(tmp_path: Path) -> None:
    head = ["No", "Nama", "NIP", "Jabatan", "Unit Kerja"]
    sheets = {
        "PNS": [head, [1, "Ani", ANI, "Bendahara", "Dinas Sosial"]],
        "Non ASN": [head, [1, "Cici", "", "Tenaga Kebersihan", "Dinas Sosial"]],
    }
    staff = read(tmp_path, sheets)
    assert column(staff, "employment") == ["PNS", "Non ASN"]
    assert column(staff, "rank") == ["pelaksana", "non_asn"]
    assert units(staff) == ["Dinas Sosial"] * 2


def test_a_title_that_names_two_employments_gives_none(tmp_path: Path) -> None:
    rows = [
        ["DAFTAR PEGAWAI ASN DAN NON ASN DINAS SOSIAL"],
        ["Nama", "NIP", "Jabatan"],
        ["Ani", ANI, "Bendahara"],
    ]
    assert only(read(tmp_path, rows)).employment == ""


def test_a_name_and_its_nip_under_one_merged_header_are_read_from_two_columns(tmp_path: Path) -> None:
    rows = [["No", "NAMA / NIP", "", "Jabatan"], [1, "Ani Sari, S.E.", ANI, "Bendahara"], [2, "Cici", "PTT-0001", "Operator"],
            [3, "Dedi", 196512201990031004, "Pengemudi"]]  # fmt: skip
    staff = read(tmp_path, rows, ["B1:C1"])
    assert names(staff) == ["Ani Sari", "Cici", "Dedi"]
    assert column(staff, "nip") == [ANI, "", ""]
    assert staff.people[1].id == "PTT-0001"
    assert any(w.row == 4 and "digit" in w.problem.en for w in staff.warnings)


def test_people_numbered_within_the_name_cell_are_read(tmp_path: Path) -> None:
    rows = [
        ["Nama Pegawai", "NIP", "Jabatan", "OPD"],
        ["1. Ani Sari", ANI, "Bendahara", "Dinas Sosial"],
        ["2. Budi", BUDI, "Operator", "Dinas Sosial"],
    ]
    assert names(read(tmp_path, rows)) == ["Ani Sari", "Budi"]


@pytest.mark.parametrize("mark", ['"', "sda", "s.d.a.", "idem", "〃"])
def test_ditto_marks_mean_the_cell_above(tmp_path: Path, mark: str) -> None:
    rows = [
        ["Nama", "NIP", "Jabatan", "OPD"],
        ["Ani", ANI, "Bendahara", "Dinas Sosial"],
        ["Budi", BUDI, mark, mark],
    ]
    staff = read(tmp_path, rows)
    assert units(staff) == ["Dinas Sosial"] * 2
    assert column(staff, "position") == ["Bendahara"] * 2


def test_an_echelon_behind_the_post_is_told_apart(tmp_path: Path) -> None:
    rows = [
        ["Nama", "NIP", "Jabatan/Eselon", "OPD"],
        ["Ani", ANI, "Kepala Seksi Data (IV.a)", "Dinas Sosial"],
    ]
    rows[0][2] = "Jabatan"
    person = only(read(tmp_path, rows))
    assert (person.position, person.echelon, person.rank) == ("Kepala Seksi Data", "IV.a", "pengawas")


def test_a_plain_heading_in_the_number_column_is_a_part_with_a_warning(tmp_path: Path) -> None:
    rows = [
        ["DAFTAR PEGAWAI DINAS SOSIAL"],
        ["No", "Nama", "NIP", "Jabatan"],
        ["UMUM DAN KEPEGAWAIAN"],
        [1, "Ani", ANI, "Bendahara"],
    ]
    staff = read(tmp_path, rows)
    assert (only(staff).unit, only(staff).sub_unit) == ("DINAS SOSIAL", "UMUM DAN KEPEGAWAIAN")
    assert [w.row for w in staff.warnings] == [3]


def test_headings_of_ranks_are_neither_units_nor_parts(tmp_path: Path) -> None:
    rows = [["DAFTAR PEGAWAI DINAS SOSIAL"], ["No", "Nama", "NIP", "Jabatan"], ["I. PEJABAT STRUKTURAL"], [1, "Ani", ANI, "Kepala Bidang Data"],
            ["II. PELAKSANA"], [2, "Budi", BUDI, "Bendahara"]]  # fmt: skip
    staff = read(tmp_path, rows)
    assert units(staff) == ["DINAS SOSIAL"] * 2
    assert column(staff, "sub_unit") == ["", ""]
    assert staff.warnings == ()


def test_two_lists_side_by_side_are_a_fault_and_half_of_them_is_not_dropped(tmp_path: Path) -> None:
    rows = [["Nama", "NIP", "", "Nama", "NIP"], ["Ani", ANI, "", "Budi", BUDI]]
    faults = faults_of(tmp_path, rows)
    assert {f.field for f in faults} == {"Nama", "NIP"}


def test_a_second_column_for_a_field_is_warned_of_where_it_differs(tmp_path: Path) -> None:
    rows = [
        ["Nama", "NIP", "Jabatan", "Jabatan Terakhir", "OPD"],
        ["Ani", ANI, "Bendahara", "Operator", "Dinas Sosial"],
    ]
    staff = read(tmp_path, rows)
    assert only(staff).position == "Bendahara"
    assert [w.field for w in staff.warnings] == ["Jabatan Terakhir"]


def test_a_misspelt_header_is_warned_of(tmp_path: Path) -> None:
    staff = read(
        tmp_path,
        [["Nama", "NIP", "Jabatan", "Unit Kerj", "OPD"], ["Ani", ANI, "Bendahara", "x", "Dinas Sosial"]],
    )
    assert [w.field for w in staff.warnings] == ["Unit Kerj"]


def test_columns_of_the_supervisor_under_one_header_are_not_the_persons_own(tmp_path: Path) -> None:
    rows = [["No", "Nama", "NIP", "Jabatan", "Atasan Langsung", "", "", "OPD"], ["", "", "", "", "Nama", "NIP", "Jabatan", ""],
            [1, "Ani", ANI, "Bendahara", "Budi", BUDI, "Kepala Bidang", "Dinas Sosial"],
            [2, "Budi", BUDI, "Kepala Bidang Data", "", "", "", "Dinas Sosial"]]  # fmt: skip
    staff = read(tmp_path, rows, ["E1:G1"])
    assert column(staff, "position") == ["Bendahara", "Kepala Bidang Data"]
    assert column(staff, "supervisor") == [BUDI, ""]


@pytest.mark.parametrize(
    "header",
    [
        "NIP/NIK",
        "NIP / NI PPPK",
        "NIP*)",
        "NIP\n(18 digit)",
        "NIP Pegawai",
        "NIP/NRPTT",
        "Nomor Induk Pegawai",
        "NIP (wajib diisi)",
    ],
)
def test_headers_of_the_nip_in_many_wordings(tmp_path: Path, header: str) -> None:
    assert only(read(tmp_path, [["Nama", header, "OPD"], ["Ani", ANI, "Dinas Sosial"]])).nip == ANI


@pytest.mark.parametrize(
    "header",
    [
        "NAMA LENGKAP (TANPA GELAR)",
        "Nama\nPegawai",
        "NAMA PNS",
        "Nama Lengkap beserta Gelar",
        "Nama Pegawai *",
        "nama_lengkap",
        "Nama ASN / Non ASN",
    ],
)
def test_headers_of_the_name_in_many_wordings(tmp_path: Path, header: str) -> None:
    assert (
        only(read(tmp_path, [[header, "NIP", "OPD"], ["Ani Sari, S.E.", ANI, "Dinas Sosial"]])).name
        == "Ani Sari"
    )


@pytest.mark.parametrize(
    "header",
    [
        "Unit Organisasi",
        "Perangkat Daerah",
        "UNIT KERJA/SKPD",
        "Satuan Kerja",
        "Instansi",
        "Tempat Tugas",
        "Unit Kerja Sekarang",
    ],
)
def test_headers_of_the_unit_in_many_wordings(tmp_path: Path, header: str) -> None:
    assert (
        only(read(tmp_path, [["Nama", "NIP", header], ["Ani", ANI, "Dinas Sosial"]])).unit == "Dinas Sosial"
    )


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("Prof. Dr. Ir. H. Ani Sari, M.Si., Ph.D", "Ani Sari"),
        ("ANI SARI, S. PD", "ANI SARI"),
        ("Ani Sari S.E", "Ani Sari"),
        ("Ani Sari S. Pd", "Ani Sari"),
        ("Ani Sari, SE, MM", "Ani Sari"),
        ("ANI SARI SKM MKES", "ANI SARI"),
        ("dr. Ani Sari, Sp.OG(K)", "Ani Sari"),
        ("apt. Ani Sari, S.Farm", "Ani Sari"),
        ("Drs.H.Ani Sari", "Ani Sari"),
        ("H. M. Ani Sari", "M. Ani Sari"),
        ("Muh. Ani", "Muh. Ani"),
        ("A. Ani Sari", "A. Ani Sari"),
        ("Andi St. Aminah, A.Md.Keb", "Andi St. Aminah"),
        ("Ani Sari, Amd.Kep", "Ani Sari"),
        ("Ns. Ani Sari, S.Kep", "Ani Sari"),
        ("Ani Sari, S.STP., M.AP", "Ani Sari"),
        ("Ani", "Ani"),
        ("Ma'mur", "Ma'mur"),
        ("Hj. Ani", "Ani"),
        ("Ani Sari,S.H.,M.H.", "Ani Sari"),
        ("Ani Sari, S.Sos, M.Si (Han)", "Ani Sari"),
        ("Raden Ani Sari", "Raden Ani Sari"),
    ],
)
def test_names_lose_their_titles_and_degrees_and_nothing_else(
    tmp_path: Path, printed: str, name: str
) -> None:
    staff = read(tmp_path, [["Nama", "NIP", "Jabatan"], [printed, ANI, "Bendahara"]])
    assert only(staff).name == name
    assert only(staff).printed_name == printed


def test_a_comma_before_something_that_is_no_degree_is_warned_of(tmp_path: Path) -> None:
    staff = read(
        tmp_path, [["Nama", "NIP", "Jabatan", "OPD"], ["Siregar, Budi", BUDI, "Bendahara", "Dinas Sosial"]]
    )
    assert only(staff).name == "Siregar, Budi"
    assert [w.field for w in staff.warnings] == ["Nama"]


def test_subtotals_between_units_do_not_end_the_list(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Nama", "NIP", "Jabatan", "OPD"], ["Ani", ANI, "Bendahara", "Dinas Sosial"], ["Jumlah", "1"], [],
                             ["Budi", BUDI, "Operator", "BKPSDM"], ["TOTAL", "2 orang"]]  # fmt: skip
    assert names(read(tmp_path, rows)) == ["Ani", "Budi"]


def test_people_after_a_signature_block_are_read(tmp_path: Path) -> None:
    rows = [["No", "Nama", "NIP", "Jabatan", "OPD"], [1, "Ani", ANI, "Bendahara", "Dinas Sosial"], [], ["", "", "", "Masamba, 1 Juli 2021"],
            ["", "", "", "Kepala Dinas,"], ["", "", "", "Citra"], ["", "", "", f"NIP. {CITRA}"], [2, "Budi", BUDI, "Operator", "BKPSDM"],
            ["", "Dedi", DEDI, "Operator", "BKPSDM"]]  # fmt: skip
    assert names(read(tmp_path, rows)) == ["Ani", "Budi", "Dedi"]


def test_notes_beneath_the_list_are_nobody(tmp_path: Path) -> None:
    rows = [
        ["No", "Nama", "NIP", "Jabatan", "OPD"],
        [1, "Ani", ANI, "Bendahara", "Dinas Sosial"],
        [],
        ["Keterangan :"],
        ["", "PNS : 1 orang"],
        ["", "PPPK : 0 orang"],
    ]
    assert names(read(tmp_path, rows)) == ["Ani"]


def test_a_csv_with_titles_and_headings_is_read(tmp_path: Path) -> None:
    text = (
        "DAFTAR PEGAWAI;;;\n;;;\nNo;Nama;NIP;Jabatan\n1;2;3;4\nI. DINAS SOSIAL;;;\n"
        f'1;"Ani Sari, S.E.";{ANI};Bendahara\nII. KELURAHAN BONE;;;\n1;Budi;{BUDI};Lurah\n;;;"Masamba, 1 Juli 2021"\n;;;Lurah Bone,\n'
    )
    staff = read_text(tmp_path, text)
    assert names(staff) == ["Ani Sari", "Budi"]
    assert units(staff) == ["DINAS SOSIAL", "KELURAHAN BONE"]
    assert column(staff, "row") == [6, 8]


def test_one_unit_written_in_two_ways_is_one_unit_with_a_warning(tmp_path: Path) -> None:
    rows = [
        ["Nama", "NIP", "Jabatan", "OPD"],
        ["Ani", ANI, "Bendahara", "Dinas Sosial"],
        ["Budi", BUDI, "Operator", "DINAS  SOSIAL"],
    ]
    staff = read(tmp_path, rows)
    assert units(staff) == ["Dinas Sosial"] * 2
    assert [w.row for w in staff.warnings] == [3]


def test_a_nip_with_letters_in_it_is_a_fault(tmp_path: Path) -> None:
    rows = [["Nama", "NIP", "Status", "OPD"], ["Ani", ANI.replace("0", "O"), "PNS", "Dinas Sosial"]]
    assert [f.field for f in faults_of(tmp_path, rows)] == ["NIP"]


def test_nips_in_two_columns_for_pns_and_pppk_are_one_field(tmp_path: Path) -> None:
    rows = [
        ["Nama", "NIP", "NI PPPK", "OPD"],
        ["Ani", ANI, "", "Dinas Sosial"],
        ["Budi", "-", "198503152021212001", "Dinas Sosial"],
    ]
    assert column(read(tmp_path, rows), "nip") == [ANI, "198503152021212001"]


@pytest.mark.parametrize("name", ["-", "KOSONG", "(Lowong)"])
def test_a_vacant_post_is_nobody_and_is_reported(tmp_path: Path, name: str) -> None:
    rows = [
        ["No", "Nama", "NIP", "Jabatan", "OPD"],
        [1, "Ani", ANI, "Bendahara", "Dinas Sosial"],
        [2, name, "-", "Kepala Bidang Data", "Dinas Sosial"],
    ]
    staff = read(tmp_path, rows)
    assert names(staff) == ["Ani"]
    assert [(row, why.en) for row, _, why in staff.recognised[0].skipped] == [(3, "vacant post")]


@pytest.mark.parametrize(
    "name",
    [
        "Ketut Budi",
        "An Nur",
        "Halima",
        "Desa Putri",
        "Totalia",
        "Kel Jaya",
        "Nbudi",
        "Bagus Lembar",
        "Camalia",
    ],
)
def test_names_that_begin_like_something_else_are_people(tmp_path: Path, name: str) -> None:
    rows = [
        ["Nama", "Jabatan", "OPD"],
        ["Ani", "Bendahara", "Dinas Sosial"],
        [name, "Operator", ""],
        ["Dedi", "Pengemudi", ""],
    ]
    assert names(read(tmp_path, rows)) == ["Ani", name, "Dedi"]


def test_name_nip_and_grade_in_three_rows_are_one_person(tmp_path: Path) -> None:
    rows = [["NO", "NAMA / NIP / PANGKAT", "JABATAN", "UNIT KERJA"], [1, "Ani Sari, S.E.", "Bendahara", "Dinas Sosial"], ["", f"NIP. {ANI}"],
            ["", "Penata Muda (III/a)"], [2, "Budi", "Operator", "Dinas Sosial"], ["", BUDI], ["", "III/b"]]  # fmt: skip
    staff = read(tmp_path, rows)
    assert names(staff) == ["Ani Sari", "Budi"]
    assert column(staff, "grade") == ["Penata Muda (III/a)", "III/b"]


def test_a_number_before_the_sheets_name_is_no_part_of_the_unit(tmp_path: Path) -> None:
    assert units(read(tmp_path, {"2. Dinas Sosial": [["Nama", "NIP"], ["Ani", ANI]]})) == ["Dinas Sosial"]


def test_somebody_without_number_or_nip_beneath_a_signature_is_a_fault_and_not_dropped(
    tmp_path: Path,
) -> None:
    rows = [["No", "Nama", "NIP", "Jabatan", "OPD"], [1, "Ani", ANI, "Bendahara", "Dinas Sosial"], ["", "", "", "Masamba, 1 Juli 2021"],
            ["", "", "", "Kepala Dinas,"], ["", "Citra", "", "Dedi"], ["", "Eka", "", "Operator", "BKPSDM"]]  # fmt: skip
    assert [fault.row for fault in faults_of(tmp_path, rows)] == [6]


@pytest.mark.parametrize("header", ["Atasan Langsung", "Pejabat Penilai"])
def test_a_supervisors_name_and_nip_in_one_column_under_one_header_are_read(
    tmp_path: Path, header: str
) -> None:
    rows = [["No", "Nama", "NIP", header, "", "OPD"], ["", "", "", "Nama/NIP", "Jabatan", ""],
            [1, "Ani", ANI, f"Budi\nNIP. {BUDI}", "Kepala Bidang", "Dinas Sosial"], [2, "Budi", BUDI, "-", "-", "Dinas Sosial"]]  # fmt: skip
    staff = read(tmp_path, rows, ["D1:E1"])
    assert column(staff, "supervisor") == [BUDI, ""]
    assert column(staff, "position") == ["", ""]


def test_a_sex_column_split_in_two_with_marks_and_a_contract_driver_in_a_list_of_pns(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append([None, "DAFTAR URUT KEPANGKATAN PEGAWAI NEGERI SIPIL"])
    sheet.append([None, "DINAS PERHUBUNGAN KOTA PALU"])
    sheet.append(
        [None, "NO", "N A M A", "N I P", "JENIS KELAMIN", None, "GOL.", "ESL", "J A B A T A N", "KET"]
    )
    sheet.append([None, None, None, None, "L", "P"])
    sheet.append(
        [None, 1, "Ir. H. Ahmad Yani, M.Si", "197001011995031002", "V", None, "IV/c", "II/b", "Kepala Dinas"]
    )
    sheet.append([None, 2, "Rina Marlina", "199505052020122004", None, "V", "III/a", "-", "Pengolah Data"])
    sheet.append([None, 3, "Joni", None, "V", None, "-", "-", "Tenaga Kontrak Sopir", "honorer"])
    workbook.save(tmp_path / "staff.xlsx")
    people = read_staff(tmp_path / "staff.xlsx").people
    assert [(p.name, p.sex) for p in people] == [
        ("Ahmad Yani", "male"),
        ("Rina Marlina", "female"),
        ("Joni", "male"),
    ]
    assert [p.rank for p in people] == ["jpt", "pelaksana", "non_asn"]
    assert [p.employment for p in people][:2] == ["PNS", "PNS"]


def test_people_in_filtered_rows_are_read_and_told_with_their_rows(tmp_path: Path) -> None:
    rows = [["No", "Nama", "NIP", "Jabatan", "Unit Kerja"]] + [
        [n, name, nip, "Bendahara", "Dinas Sosial"]
        for n, (name, nip) in enumerate([("Ani", ANI), ("Budi", BUDI), ("Cici", CITRA)], 1)
    ]
    book = openpyxl.load_workbook(workbook(tmp_path / "daftar.xlsx", rows))
    for row in (3, 4):
        book.active.row_dimensions[row].hidden = True
    book.save(tmp_path / "daftar.xlsx")
    staff = read_staff(tmp_path / "daftar.xlsx")
    assert names(staff) == ["Ani", "Budi", "Cici"]
    (told,) = [fault.describe("en") for fault in staff.warnings]
    assert "2 people stand in hidden or filtered rows (3, 4); read all the same" in told


def test_whoever_is_marked_as_retired_is_told_to_be_rostered_all_the_same(tmp_path: Path) -> None:
    head = ["No", "Nama", "NIP", "Jabatan", "Unit Kerja", "Status Kepegawaian", "Berhenti"]
    rows = [head, [1, "Ani", ANI, "Bendahara", "Dinas Sosial", "Pensiun", "05 Agust 2021"]]
    staff = read(tmp_path, rows)
    assert only(staff).leaves == date(2021, 8, 5)
    (told,) = staff.warnings
    assert told.row == 2 and "rostered all the same" in told.problem.en
