"""Each way of laying out a list, alone."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from scheduler.read.staff import read_staff
from tests.read.lists import ANI, BUDI, CITRA, DEDI, column, faults_of, names, only, read, units, workbook

HEAD = ["No", "Nama", "NIP", "Jabatan", "Eselon", "Unit Kerja", "Status Kepegawaian"]
TWO = [
    [1, "Ani Sari, S.E.", ANI, "Pengelola Layanan", "-", "Dinas Sosial", "PNS"],
    [2, "Drs. Budi Jaya", BUDI, "Kepala Bidang Bantuan", "III.b", "Dinas Sosial", "PNS"],
]


def skipped(staff: object) -> dict[int, str]:
    return {row: why.en for reading in staff.recognised for row, _, why in reading.skipped}  # type: ignore[attr-defined]


def test_a_plain_list_is_read_without_a_warning(tmp_path: Path) -> None:
    staff = read(tmp_path, [HEAD, *TWO])
    assert names(staff) == ["Ani Sari", "Budi Jaya"]
    assert column(staff, "id") == [ANI, BUDI]
    assert column(staff, "rank") == ["pelaksana", "administrator"]
    assert column(staff, "row") == [2, 3]
    assert staff.warnings == ()


def test_titles_blank_rows_and_columns_before_the_list_do_not_matter(tmp_path: Path) -> None:
    rows = [["", "", "DAFTAR PEGAWAI"], [], ["", "", "KEADAAN JULI 2021"], [], ["", "", *HEAD], [], ["", "", *TWO[0]], [], [],
            ["", "", *TWO[1]]]  # fmt: skip
    staff = read(tmp_path, rows)
    assert names(staff) == ["Ani Sari", "Budi Jaya"]
    assert column(staff, "row") == [7, 10]


def test_columns_may_stand_in_any_order_with_empty_and_unknown_ones_between(tmp_path: Path) -> None:
    rows = [
        ["Unit Kerja", "", "NIP", "Hobi", "Jabatan", "Nama Lengkap", "No."],
        ["Dinas Sosial", "", ANI, "Catur", "Pengelola Layanan", "Ani Sari", 1],
    ]
    staff = read(tmp_path, rows)
    assert only(staff).unit == "Dinas Sosial"
    assert only(staff).nip == ANI
    assert staff.recognised[0].ignored == ("Hobi",)


def test_a_header_of_three_merged_rows_gives_each_column_its_meaning(tmp_path: Path) -> None:
    rows = [
        ["NO", "DATA PEGAWAI", "", "", "", "JABATAN", "", "UNIT KERJA"],
        ["", "NAMA", "", "", "NIP", "NAMA", "ESELON", ""],
        ["", "GELAR DEPAN", "NAMA LENGKAP", "GELAR BELAKANG", "", "", "", ""],
        [1, 2, 3, 4, 5, 6, 7, 8],
        [1, "Dra. Hj.", "Ani Sari", "M.M.", ANI, "Sekretaris", "III.a", "Dinas Sosial"],
    ]
    merged = ["A1:A3", "B1:E1", "B2:D2", "E2:E3", "F1:G1", "F2:F3", "G2:G3", "H1:H3"]
    staff = read(tmp_path, rows, merged)
    person = only(staff)
    assert (person.name, person.printed_name) == ("Ani Sari", "Dra. Hj. Ani Sari, M.M.")
    assert (person.nip, person.position, person.echelon, person.unit) == (
        ANI,
        "Sekretaris",
        "III.a",
        "Dinas Sosial",
    )
    assert skipped(staff) == {4: "column numbers"}


def test_a_header_of_two_rows_without_merged_cells_is_understood(tmp_path: Path) -> None:
    rows = [
        ["No", "Nama", "", "NIP", "Jabatan", "", "Unit Kerja"],
        ["", "Nama Lengkap", "Gelar Belakang", "", "Nama Jabatan", "Eselon", ""],
        [1, "Ani Sari", "S.E.", ANI, "Kepala Seksi Data", "IV.a", "Kantor Camat Sabbang"],
    ]
    person = only(read(tmp_path, rows))
    assert (person.printed_name, person.echelon, person.rank) == ("Ani Sari, S.E.", "IV.a", "pengawas")


def test_name_and_nip_stacked_in_the_header_and_in_two_rows_beneath_are_one_person(tmp_path: Path) -> None:
    rows = [
        ["NO", "NAMA", "PANGKAT", "JABATAN", "UNIT KERJA"],
        ["", "NIP", "GOL. RUANG", "", ""],
        [1, "Ani Sari, S.E.", "Penata Muda", "Pengelola Layanan", "Dinas Sosial"],
        ["", ANI, "III/a"],
        [2, "Budi Jaya", "Pembina", "Kepala Bidang Bantuan", "Dinas Sosial"],
        ["", f"NIP. {BUDI[:8]} {BUDI[8:14]} {BUDI[14]} {BUDI[15:]}", "IV/a"],
        [3, "Cici", "-", "Tenaga Kebersihan", "Dinas Sosial"],
        ["", "PTT-0031"],
    ]
    staff = read(tmp_path, rows)
    assert names(staff) == ["Ani Sari", "Budi Jaya", "Cici"]
    assert column(staff, "id") == [ANI, BUDI, "PTT-0031"]
    assert column(staff, "grade") == ["Penata Muda III/a", "Pembina IV/a", ""]


@pytest.mark.parametrize(
    "cell",
    [
        f"Ani Sari, S.E.\nNIP. {ANI}",
        f"Ani Sari, S.E.\n{ANI}",
        f"Ani Sari, S.E. / {ANI}",
        f"Ani Sari, S.E. / NIP. {ANI}",
        f"Ani Sari, S.E. NIP {ANI[:8]} {ANI[8:14]} {ANI[14]} {ANI[15:]}",
        f"Ani Sari, S.E. ({ANI})",
        f"{ANI} - Ani Sari, S.E.",
        f"Ani Sari, S.E.\nNIP : '{ANI}",
    ],
)
def test_name_and_nip_in_one_cell_are_told_apart(tmp_path: Path, cell: str) -> None:
    person = only(
        read(tmp_path, [["No", "Nama / NIP", "Jabatan", "OPD"], [1, cell, "Bendahara", "Dinas Sosial"]])
    )
    assert (person.name, person.printed_name, person.nip) == ("Ani Sari", "Ani Sari, S.E.", ANI)


def test_a_header_printed_again_on_every_page_and_page_footers_are_skipped(tmp_path: Path) -> None:
    rows = [
        ["DAFTAR PEGAWAI"],
        HEAD,
        TWO[0],
        ["Halaman 1 dari 2"],
        HEAD,
        [1, 2, 3, 4, 5, 6, 7],
        TWO[1],
        ["Jumlah", "", "2 orang"],
    ]
    staff = read(tmp_path, rows)
    assert names(staff) == ["Ani Sari", "Budi Jaya"]
    assert skipped(staff) == {4: "page footer", 5: "header printed again", 6: "column numbers", 8: "total"}


@pytest.mark.parametrize(
    "heading",
    ["I. DINAS SOSIAL", "A. Dinas Sosial", "DINAS SOSIAL", "1. Dinas Sosial", "Unit Kerja : Dinas Sosial"],
)
def test_a_heading_row_gives_the_unit_where_there_is_no_column(tmp_path: Path, heading: str) -> None:
    rows = [
        ["No", "Nama", "NIP", "Jabatan"],
        [heading],
        [1, "Ani", ANI, "Bendahara"],
        ["II. BKPSDM"],
        [2, "Budi", BUDI, "Bendahara"],
    ]
    staff = read(tmp_path, rows)
    assert [unit.casefold() for unit in units(staff)] == ["dinas sosial", "bkpsdm"]
    assert [row for row, _, _ in staff.recognised[0].sections] == [2, 4]


def test_a_heading_with_its_number_in_the_first_column_gives_the_unit(tmp_path: Path) -> None:
    rows = [["No", "Nama", "NIP", "Jabatan"], ["I", "DINAS SOSIAL"], [1, "Ani", ANI, "Bendahara"], ["II", "KELURAHAN BONE"],
            [1, "Budi", BUDI, "Bendahara"]]  # fmt: skip
    assert units(read(tmp_path, rows)) == ["DINAS SOSIAL", "KELURAHAN BONE"]


def test_a_lettered_heading_with_a_number_is_no_id_in_a_list_that_begins_with_the_nip(tmp_path: Path) -> None:
    rows = [
        ["NIP", "Nama", "Jabatan", "Status"],
        ["F. SD Negeri 9"],
        [ANI, "Ani Sari", "Pengelola Layanan", "PNS"],
    ]
    assert only(read(tmp_path, rows)).unit == "SD Negeri 9"
    [fault] = faults_of(tmp_path, [*rows, ["TKD-6680"]])
    assert "no name" in fault.problem.en


def test_a_heading_beats_no_proper_unit_in_the_column_and_keeps_its_spelling(tmp_path: Path) -> None:
    rows = [
        HEAD,
        ["I. DINAS SOSIAL"],
        *TWO,
        ["II. KELURAHAN BONE"],
        [1, "Citra", CITRA, "Lurah", "IV.a", "Kelurahan Bone", "PNS"],
    ]
    assert units(read(tmp_path, rows, ["A2:G2", "A5:G5"])) == [
        "Dinas Sosial",
        "Dinas Sosial",
        "Kelurahan Bone",
    ]


def test_headings_of_parts_of_a_unit_stay_within_the_unit(tmp_path: Path) -> None:
    rows = [
        ["No", "Nama", "NIP", "Jabatan"],
        ["I. DINAS SOSIAL"],
        [1, "Ani", ANI, "Kepala Dinas"],
        ["A. Sekretariat"],
        [2, "Budi", BUDI, "Bendahara"],
        ["B. Bidang Bantuan"],
        [3, "Citra", CITRA, "Pengelola Bantuan"],
        ["II. BADAN PENDAPATAN DAERAH"],
        [4, "Dedi", DEDI, "Kepala Badan"],
    ]
    staff = read(tmp_path, rows)
    assert units(staff) == ["DINAS SOSIAL"] * 3 + ["BADAN PENDAPATAN DAERAH"]
    assert column(staff, "sub_unit") == ["", "Sekretariat", "Bidang Bantuan", ""]


def test_headings_of_employments_give_the_employment_and_with_it_the_rank(tmp_path: Path) -> None:
    rows = [
        ["DAFTAR PEGAWAI DINAS SOSIAL"],
        ["No", "Nama", "NIP", "Jabatan"],
        ["A. PNS"],
        [1, "Ani", ANI, "Bendahara"],
        ["B. TENAGA HONORER"],
        [1, "Budi", "", "Tenaga Administrasi"],
    ]
    staff = read(tmp_path, rows)
    assert column(staff, "employment") == ["PNS", "Honorer"]
    assert column(staff, "rank") == ["pelaksana", "non_asn"]
    assert units(staff) == ["DINAS SOSIAL"] * 2


def test_a_unit_merged_over_its_rows_holds_for_all_of_them(tmp_path: Path) -> None:
    rows = [
        HEAD,
        TWO[0],
        [*TWO[1][:5], "", "PNS"],
        [3, "Citra", CITRA, "Lurah", "IV.a", "Kelurahan Bone", "PNS"],
    ]
    assert units(read(tmp_path, rows, ["F2:F3"])) == ["Dinas Sosial", "Dinas Sosial", "Kelurahan Bone"]


def test_a_unit_printed_only_on_the_first_row_of_its_block_holds_until_the_next(tmp_path: Path) -> None:
    rows = [HEAD, TWO[0], [*TWO[1][:5], "", "PNS"], [3, "Citra", CITRA, "Lurah", "IV.a", "Kelurahan Bone", "PNS"],
            [4, "Dedi", DEDI, "Bendahara", "-", "", "PNS"]]  # fmt: skip
    staff = read(tmp_path, rows)
    assert units(staff) == ["Dinas Sosial", "Dinas Sosial", "Kelurahan Bone", "Kelurahan Bone"]
    assert staff.warnings == ()


def test_a_lone_blank_between_two_units_of_a_full_column_is_a_fault_and_not_guessed(tmp_path: Path) -> None:
    rows = [
        HEAD,
        *TWO,
        [3, "Citra", CITRA, "Bendahara", "-", "", "PNS"],
        [4, "Dedi", DEDI, "Lurah", "IV.a", "Kelurahan Bone", "PNS"],
    ]
    (fault,) = faults_of(tmp_path, rows)
    assert (fault.row, fault.field) == (4, "Unit Kerja")


def test_a_part_printed_only_on_the_first_row_of_its_block_holds_until_the_next(tmp_path: Path) -> None:
    head = ["No", "Nama", "NIP", "Jabatan", "Unit Kerja", "Bidang"]
    rows = [
        head,
        [1, "Ani", ANI, "Kepala Dinas", "Dinas Sosial", ""],
        [2, "Budi", BUDI, "Bendahara", "Dinas Sosial", "Sekretariat"],
        [3, "Citra", CITRA, "Pengemudi", "Dinas Sosial", ""],
        [4, "Dedi", DEDI, "Pengelola Data", "Dinas Sosial", "Bidang Bantuan"],
        [5, "Eka", "PTT-1", "Operator", "Dinas Sosial", ""],
    ]
    assert column(read(tmp_path, rows), "sub_unit") == [
        "",
        "Sekretariat",
        "Sekretariat",
        "Bidang Bantuan",
        "Bidang Bantuan",
    ]


def test_a_sheet_for_each_office_gives_the_unit_by_its_name(tmp_path: Path) -> None:
    head = ["No", "Nama", "NIP", "Jabatan"]
    sheets = {
        "Dinas Sosial": [["DAFTAR NOMINATIF PEGAWAI DINAS SOSIAL"], head, [1, "Ani", ANI, "Bendahara"]],
        "Kelurahan Bone": [head, [1, "Budi", BUDI, "Lurah"]],
    }
    staff = read(tmp_path, sheets)
    assert units(staff) == ["Dinas Sosial", "Kelurahan Bone"]
    assert column(staff, "sheet") == ["Dinas Sosial", "Kelurahan Bone"]


@pytest.mark.parametrize(
    ("titles", "unit"),
    [
        ([["DAFTAR NOMINATIF PEGAWAI DINAS SOSIAL TAHUN 2021"]], "DINAS SOSIAL"),
        (
            [
                ["PEMERINTAH KABUPATEN LUWU UTARA"],
                ["DAFTAR PEGAWAI PADA RSUD ANDI DJEMMA"],
                ["KEADAAN JULI 2021"],
            ],
            "RSUD ANDI DJEMMA",
        ),
        ([["Daftar Pegawai"], ["Unit Kerja : Puskesmas Masamba"]], "Puskesmas Masamba"),
        ([["Daftar Pegawai"], ["SKPD", ": Badan Pendapatan Daerah"]], "Badan Pendapatan Daerah"),
        ([["Daftar Pegawai Kelurahan Bone Kecamatan Masamba"]], "Kelurahan Bone Kecamatan Masamba"),
    ],
)
def test_a_title_gives_the_unit_where_the_sheet_has_no_name_of_its_own(
    tmp_path: Path, titles: list[list[str]], unit: str
) -> None:
    staff = read(tmp_path, [*titles, ["No", "Nama", "NIP", "Jabatan"], [1, "Ani", ANI, "Bendahara"]])
    assert units(staff) == [unit]


def test_a_sheet_name_cut_at_31_letters_is_completed_from_the_title(tmp_path: Path) -> None:
    full = "DINAS PENANAMAN MODAL DAN PELAYANAN TERPADU SATU PINTU"
    sheets = {
        "Dinas Penanaman Modal dan Pelay": [
            [f"DAFTAR PEGAWAI {full}"],
            ["No", "Nama", "NIP"],
            [1, "Ani", ANI],
        ]
    }
    assert units(read(tmp_path, sheets)) == [full]


def test_cover_sheets_and_hidden_sheets_are_reported_as_skipped(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        {"Sampul": [["Laporan Kepegawaian"], ["Tahun 2021"]], "Data": [HEAD, *TWO], "Lama": [HEAD, *TWO]},
    )
    book = openpyxl.load_workbook(path)
    book["Lama"].sheet_state = "hidden"
    book.save(path)
    staff = read_staff(path)
    assert len(staff.people) == 2
    assert [reading.why_skipped is not None for reading in staff.recognised] == [True, False, True]
    (warning,) = staff.warnings
    assert warning.sheet == "Lama"
    assert "2" in warning.problem.en


def test_a_second_table_with_other_columns_on_the_same_sheet_is_read_by_its_own_header(
    tmp_path: Path,
) -> None:
    rows = [
        ["DAFTAR PEGAWAI DINAS SOSIAL"],
        ["No", "Nama", "NIP", "Jabatan", "Eselon"],
        [1, "Ani", ANI, "Kepala Dinas", "II.b"],
        [],
        ["DAFTAR PEGAWAI KELURAHAN BONE"],
        ["No", "NIP", "Nama", "Eselon", "Jabatan"],
        [1, BUDI, "Budi", "IV.a", "Lurah"],
    ]
    staff = read(tmp_path, rows)
    assert names(staff) == ["Ani", "Budi"]
    assert units(staff) == ["DINAS SOSIAL", "KELURAHAN BONE"]
    assert column(staff, "position") == ["Kepala Dinas", "Lurah"]


@pytest.mark.parametrize("at", [0, 1, 3])
def test_a_signature_block_is_nobody_wherever_it_stands(tmp_path: Path, at: int) -> None:
    pad = [""] * at
    block = [
        [*pad, "Masamba, 27 Juli 2021"],
        [*pad, "Kepala Dinas Sosial,"],
        [],
        [*pad, "Drs. BUDI JAYA, M.Si"],
        [*pad, "Pembina Utama Muda"],
        [*pad, f"NIP. {DEDI}"],
    ]
    staff = read(tmp_path, [HEAD, *TWO, [], *block])
    assert names(staff) == ["Ani Sari", "Budi Jaya"]
    assert len(skipped(staff)) == 5


def test_two_signatures_side_by_side_are_nobody(tmp_path: Path) -> None:
    block = [
        ["", "Mengetahui:", "", "", "", "Masamba, 27 Juli 2021"],
        ["", "Kepala Dinas", "", "", "", "Pembuat Daftar"],
        [],
        ["", "Citra", "", "", "", "Dedi"],
        ["", f"NIP. {CITRA}", "", "", "", f"NIP. {DEDI}"],
    ]
    assert names(read(tmp_path, [HEAD, *TWO, *block])) == ["Ani Sari", "Budi Jaya"]


def test_a_row_with_data_but_no_name_is_a_fault(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, [HEAD, TWO[0], [2, "", BUDI, "Bendahara", "-", "Dinas Sosial", "PNS"]])
    assert (fault.sheet, fault.row, fault.field) == ("Sheet1", 3, "Nama")


def test_a_row_that_is_nothing_known_is_a_fault_and_not_dropped(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, [HEAD, TWO[0], ["", "Siti Aminah"], TWO[1]])
    assert (fault.row, fault.value) == (3, "Siti Aminah")


def test_a_running_number_alone_is_skipped_and_reported(tmp_path: Path) -> None:
    staff = read(tmp_path, [HEAD, *TWO, [3], [4]])
    assert len(staff.people) == 2
    assert skipped(staff) == {4: "a running number and nothing else", 5: "a running number and nothing else"}


def test_a_list_without_a_header_says_what_was_looked_for_and_what_came_closest(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, [["Jabatan", "Eselon"], ["Camat", "III.a"]])
    assert "Nama" in fault.problem.id
    assert "1: Jabatan, Eselon" in fault.problem.en


def test_people_without_a_header_are_not_passed_over(tmp_path: Path) -> None:
    sheets = {"Data": [HEAD, *TWO], "Sisa": [[1, "Citra", CITRA], [2, "Dedi", DEDI]]}
    (fault,) = faults_of(tmp_path, sheets)
    assert fault.sheet == "Sisa"


def test_a_value_with_a_column_for_each_choice_is_read_from_the_mark(tmp_path: Path) -> None:
    rows = [
        ["No", "Nama", "NIP", "L/P", "", "Status", "", "", "Unit Kerja"],
        ["", "", "", "L", "P", "PNS", "PPPK", "Non ASN", ""],
        [1, "Ani", ANI, "", "√", "v", "", "", "Dinas Sosial"],
        [2, "Budi", "HON-12", "√", "", "", "", "v", "Dinas Sosial"],
    ]
    staff = read(tmp_path, rows, ["D1:E1", "F1:H1"])
    assert column(staff, "sex") == ["female", "male"]
    assert column(staff, "employment") == ["PNS", "Non ASN"]


def test_an_agency_and_a_unit_column_together_are_unit_and_part(tmp_path: Path) -> None:
    rows = [
        ["Nama", "NIP", "OPD", "Unit Kerja"],
        ["Ani", ANI, "Dinas Kesehatan", "Bidang P2P"],
        ["Budi", BUDI, "Dinas Kesehatan", "Dinas Kesehatan"],
    ]
    staff = read(tmp_path, rows)
    assert units(staff) == ["Dinas Kesehatan"] * 2
    assert column(staff, "sub_unit") == ["Bidang P2P", ""]


def test_a_unit_column_that_holds_only_parts_is_the_part_of_the_titled_unit(tmp_path: Path) -> None:
    rows = [
        ["DAFTAR PEGAWAI DINAS SOSIAL"],
        ["Nama", "NIP", "Unit Kerja"],
        ["Ani", ANI, "Sekretariat"],
        ["Budi", BUDI, "Bidang Bantuan"],
    ]
    staff = read(tmp_path, rows)
    assert units(staff) == ["DINAS SOSIAL"] * 2
    assert column(staff, "sub_unit") == ["Sekretariat", "Bidang Bantuan"]


def test_any_shared_cell_merged_over_its_rows_holds_for_all_of_them(tmp_path: Path) -> None:
    rows = [HEAD, TWO[0], [*TWO[1][:6], ""], [3, "Citra", CITRA, "Lurah", "IV.a", "Kelurahan Bone", ""]]
    assert column(read(tmp_path, rows, ["G2:G3"]), "employment") == ["PNS", "PNS", ""]


def test_a_name_merged_over_two_posts_is_one_person(tmp_path: Path) -> None:
    rows = [HEAD, TWO[1], ["", "", "", "Plt. Sekretaris"], TWO[0]]
    staff = read(tmp_path, rows, ["A2:A3", "B2:B3", "C2:C3"])
    assert names(staff) == ["Budi Jaya", "Ani Sari"]
    assert staff.people[0].position == "Kepala Bidang Bantuan / Plt. Sekretaris"
    assert skipped(staff) == {3: "continues the row above"}
