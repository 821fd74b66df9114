"""How cells are read: NIPs, employments, echelons, ranks, phones, homes; and what is a fault or a warning."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from scheduler.errors import InputError
from scheduler.read.staff import StaffList, read_staff
from tests.read.lists import ANI, BUDI, CITRA, column, faults_of, only, read, read_text

HEAD = ["No", "Nama", "NIP", "L/P", "Jabatan", "Eselon", "Unit Kerja", "Status Kepegawaian"]


def row(**changes: Any) -> list[Any]:
    cells = {"No": 1, "Nama": "Ani Sari", "NIP": ANI, "L/P": "P", "Jabatan": "Bendahara", "Eselon": "-",
             "Unit Kerja": "Dinas Sosial", "Status Kepegawaian": "PNS"}  # fmt: skip
    cells.update({key.replace("_", " "): value for key, value in changes.items()})
    cells["L/P"] = cells.pop("LP", cells["L/P"])
    return list(cells.values())


def warned(staff: StaffList) -> list[tuple[int, str]]:
    return [(warning.row, warning.field) for warning in staff.warnings]


def test_a_numeric_nip_is_never_guessed_and_the_id_does_not_depend_on_the_row(tmp_path: Path) -> None:
    rows = [row(NIP=196301051994012345), row(No=2, Nama="Budi", NIP=BUDI, LP="L")]
    staff = read(tmp_path, [HEAD, *rows])
    swapped = read(tmp_path, [["Judul"], HEAD, *reversed(rows)])
    assert staff.people[0].nip == ""
    assert staff.people[0].id == "dinas-sosial-ani-sari"
    assert warned(staff) == [(2, "NIP")]
    assert {p.id for p in staff.people} == {p.id for p in swapped.people}


@pytest.mark.parametrize("text", ["1,96301E+17", "1.96301051994012E+17", "196301051994012000"])
def test_a_nip_that_lost_its_digits_in_a_csv_is_warned_of(tmp_path: Path, text: str) -> None:
    staff = read_text(tmp_path, f"No;Nama;NIP;OPD;Jabatan\n1;Ani Sari;{text};Dinas Sosial;Bendahara\n")
    assert (only(staff).nip, only(staff).id) == ("", "dinas-sosial-ani-sari")
    assert warned(staff) == [(2, "NIP")]


def test_namesakes_without_a_nip_are_numbered_alike_however_the_list_is_sorted(tmp_path: Path) -> None:
    one, two = row(NIP="-", Jabatan="Operator"), row(No=2, NIP="", Jabatan="Bendahara")
    staff, sorted_anew = read(tmp_path, [HEAD, one, two]), read(tmp_path, [HEAD, two, one])
    by_post = {p.position: p.id for p in staff.people}
    assert by_post == {"Bendahara": "dinas-sosial-ani-sari", "Operator": "dinas-sosial-ani-sari-2"}
    assert {p.position: p.id for p in sorted_anew.people} == by_post
    assert len(staff.warnings) == 1


@pytest.mark.parametrize(
    "text",
    [
        f"'{ANI}",
        f"{ANI[:8]} {ANI[8:14]} {ANI[14]} {ANI[15:]}",
        f"NIP. {ANI}",
        f" {ANI}\u00a0",
        f"{ANI[:8]}.{ANI[8:14]}.{ANI[14]}.{ANI[15:]}",
    ],
)
def test_a_nip_is_read_however_it_is_typed(tmp_path: Path, text: str) -> None:
    assert only(read(tmp_path, [HEAD, row(NIP=text)])).nip == ANI


@pytest.mark.parametrize("text", ["TKD-6680", "PTT-9912", "NonASN-1522", "HON.007", "12345"])
def test_an_id_printed_in_the_column_of_the_nip_is_the_id_and_no_nip(tmp_path: Path, text: str) -> None:
    person = only(read(tmp_path, [HEAD, row(NIP=text, Status_Kepegawaian="PTT")]))
    assert (person.id, person.nip) == (text, "")


def test_every_fault_of_a_list_is_reported_at_once(tmp_path: Path) -> None:
    rows = [
        HEAD,
        row(NIP=ANI[:-1]),
        row(NIP="198513152010012001"),
        row(NIP=BUDI, LP="L"),
        row(NIP=BUDI, Nama="Budi", LP="L"),
        row(NIP=CITRA, Eselon="Empat"),
        row(NIP="198503152010212001"),
        ["", "", "", "", "Bendahara", "-", "Dinas Sosial", "PNS"],
    ]
    faults = faults_of(tmp_path, rows)
    assert [(f.row, f.field) for f in faults] == [
        (2, "NIP"),
        (3, "NIP"),
        (5, "NIP"),
        (6, "Eselon"),
        (7, "NIP"),
        (8, "Nama"),
    ]
    assert all(f.file == "daftar.xlsx" and f.sheet == "Sheet1" for f in faults)
    assert faults[0].value == ANI[:-1]
    assert "17" in faults[0].problem.en
    assert faults[0].allowed is not None
    assert "4" in faults[2].problem.en


def test_a_pppk_nip_may_have_a_month_beyond_twelve(tmp_path: Path) -> None:
    nip = "198503152021212001"
    assert only(read(tmp_path, [HEAD, row(NIP=nip, Status_Kepegawaian="PPPK")])).nip == nip


def test_a_sex_that_contradicts_the_nip_is_a_warning(tmp_path: Path) -> None:
    staff = read(tmp_path, [HEAD, row(LP="L")])
    assert warned(staff) == [(2, "L/P")]
    assert only(staff).sex == "male"


def test_the_same_row_twice_is_a_fault_even_without_a_nip(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, [HEAD, row(NIP=""), row(No=2, NIP="")])
    assert fault.row == 3


@pytest.mark.parametrize(
    ("text", "name"),
    [("P N S", "PNS"), ("PNSD", "PNS"), ("Cpns", "CPNS"), ("P3K", "PPPK"), ("NON ASN", "Non ASN"), ("Non-PNS", "Non PNS"),
     ("honorer", "Honorer"), ("THL", "THL"), ("Tenaga Kontrak", "Kontrak"), ("GTT", "GTT"), ("tkd", "TKD"), ("PNS / Aktif", "PNS")],
)  # fmt: skip
def test_employments_have_one_name_each(tmp_path: Path, text: str, name: str) -> None:
    assert only(read(tmp_path, [HEAD, row(Status_Kepegawaian=text)])).employment == name


def test_an_unknown_employment_is_kept_with_a_warning(tmp_path: Path) -> None:
    staff = read(tmp_path, [HEAD, row(Status_Kepegawaian="Magang")])
    assert only(staff).employment == "Magang"
    assert warned(staff) == [(2, "Status Kepegawaian")]


def test_a_legal_standing_is_no_employment(tmp_path: Path) -> None:
    staff = read(tmp_path, [["Nama", "NIP", "Kedudukan Hukum", "OPD"], ["Ani", ANI, "Aktif", "Dinas Sosial"]])
    assert only(staff).employment == ""


@pytest.mark.parametrize("text", ["II.b", "IIb", "II/b", "2b", "Eselon II.b", "II B", "ii.B "])
def test_an_echelon_is_read_however_it_is_typed(tmp_path: Path, text: str) -> None:
    person = only(read(tmp_path, [HEAD, row(Jabatan="Kepala Dinas", Eselon=text)]))
    assert (person.echelon, person.rank) == ("II.b", "jpt")


@pytest.mark.parametrize(
    ("post", "echelon", "employment", "rank"),
    [
        ("Kepala Pelaksana", "II.b", "PNS", "jpt"),
        ("Kepala Pelaksana", "III.a", "PNS", "administrator"),
        ("Kepala Pelaksana", "", "PNS", ""),
        ("Pengawas Sekolah Ahli Madya", "", "PNS", "fungsional"),
        ("Kepala Sekolah", "", "PNS", "fungsional"),
        ("Kepala SDN 12", "", "PNS", "fungsional"),
        ("Guru Kelas", "", "PPPK", "fungsional"),
        ("Operator Layanan Operasional", "", "PPPK", "pelaksana"),
        ("Guru", "", "GTT", "non_asn"),
        ("Lurah", "IV.a", "PNS", "pengawas"),
        ("Lurah", "", "PNS", "pengawas"),
        ("Sekretaris", "", "PNS", "administrator"),
        ("Camat", "", "PNS", "administrator"),
        ("Kasubbag Umum", "", "PNS", "pengawas"),
        ("Kasi Data", "", "PNS", "pengawas"),
        ("Kepala UPTD", "", "PNS", "pengawas"),
        ("Kepala Tata Usaha", "V.a", "PNS", "pengawas"),
        ("Asisten Administrasi Umum", "", "PNS", "jpt"),
        ("Staf Ahli Bupati", "", "PNS", "jpt"),
        ("Staf", "", "PNS", "pelaksana"),
        ("Inspektur Pembantu Wilayah I", "", "PNS", "administrator"),
        ("Inspektur", "", "PNS", "jpt"),
        ("Asisten Apoteker Terampil", "", "PNS", "fungsional"),
        ("Analis Kebijakan Ahli Muda", "", "PNS", "fungsional"),
        ("Analis Kebijakan", "", "PNS", "pelaksana"),
        ("Plt. Kepala Dinas", "III.b", "PNS", "administrator"),
        ("Plt. Kepala Dinas", "", "PNS", ""),
        ("Kepala Bidang Data / Plt. Sekretaris", "", "PNS", "administrator"),
        ("Jabatan Aneh", "", "PNS", ""),
        ("Tenaga Kebersihan", "", "Honorer", "non_asn"),
    ],
)
def test_the_rank_follows_employment_echelon_and_post(
    tmp_path: Path, post: str, echelon: str, employment: str, rank: str
) -> None:
    staff = read(tmp_path, [HEAD, row(Jabatan=post, Eselon=echelon, Status_Kepegawaian=employment)])
    assert only(staff).rank == rank
    assert bool(staff.warnings) == (rank == "")


def test_one_doubt_about_many_rows_is_said_once_with_the_rows(tmp_path: Path) -> None:
    staff = read(
        tmp_path, [["Nama", "NIP", "OPD"], ["Ani", ANI, "Dinas Sosial"], ["Budi", BUDI, "Dinas Sosial"]]
    )
    (warning,) = staff.warnings
    assert "2, 3" in warning.problem.en


def test_an_echelon_that_does_not_fit_the_post_is_a_warning(tmp_path: Path) -> None:
    staff = read(tmp_path, [HEAD, row(Jabatan="Pengadministrasi Umum", Eselon="II.b")])
    assert only(staff).rank == "jpt"
    assert warned(staff) == [(2, "Jabatan")]


@pytest.mark.parametrize(
    ("kind", "rank"),
    [
        ("JFU", "pelaksana"),
        ("Fungsional Tertentu", "fungsional"),
        ("Pelaksana", "pelaksana"),
        ("Struktural", "pengawas"),
    ],
)
def test_the_kind_of_post_wins_where_it_tells(tmp_path: Path, kind: str, rank: str) -> None:
    rows = [
        ["Nama", "NIP", "Jabatan", "Jenis Jabatan", "OPD"],
        ["Ani", ANI, "Kepala Seksi Data", kind, "Kecamatan Sabbang"],
    ]
    assert only(read(tmp_path, rows)).rank == rank


def test_the_kind_of_post_wins_over_the_echelon_with_a_warning(tmp_path: Path) -> None:
    rows = [["Nama", "NIP", "Jabatan", "Jenis Jabatan", "Eselon"], ["Ani", ANI, "Guru", "Fungsional", "IV.a"]]
    staff = read(tmp_path, rows)
    assert only(staff).rank == "fungsional"
    assert (2, "Jabatan") in warned(staff)


def test_a_rank_that_cannot_be_told_stays_empty_with_one_warning(tmp_path: Path) -> None:
    staff = read(tmp_path, [["Nama", "NIP", "OPD"], ["Ani", ANI, "Dinas Sosial"]])
    assert only(staff).rank == ""
    assert [w.row for w in staff.warnings] == [2]


@pytest.mark.parametrize(
    ("typed", "digits"),
    [("0812-3456-7890", "6281234567890"), (81234567890, "6281234567890"), ("+62 812 3456 7890", "6281234567890"),
     ("6281234567890", "6281234567890"), ("(0473) 21345", "6247321345"), ("-", ""), ("0812345678 / 0857999888", "62812345678")],
)  # fmt: skip
def test_phones_have_a_country_code_and_no_sign(tmp_path: Path, typed: object, digits: str) -> None:
    staff = read(tmp_path, [["Nama", "NIP", "No. HP", "OPD"], ["Ani", ANI, typed, "Dinas Sosial"]])
    assert only(staff).phone == digits


@pytest.mark.parametrize(("mark", "said"), [("√", True), ("Ya", True), ("X", True), (1, True), ("v", True), ("Mampu", True),
                                            ("Tidak", False), ("", False), ("-", False), (0, False), ("T", False)])  # fmt: skip
def test_marks_say_yes_or_no_and_an_empty_cell_says_no(tmp_path: Path, mark: object, said: bool) -> None:
    head = ["Nama", "NIP", "Mampu TI", "Pemantau"]
    staff = read(tmp_path, [head, ["Ani", ANI, mark, mark], ["Budi", BUDI, "√", "√"]])
    assert (staff.people[0].it_capable, staff.people[0].monitor) == (said, said)


def test_a_column_of_it_that_nobody_filled_in_counts_as_missing_and_is_told_of(tmp_path: Path) -> None:
    head = ["Nama", "NIP", "Mampu TI", "Jabatan", "Unit Kerja"]
    staff = read(
        tmp_path, [head, ["Ani", ANI, "", "Operator", "Dinas"], ["Budi", BUDI, "-", "Operator", "Dinas"]]
    )
    assert [person.it_capable for person in staff.people] == [None, None]
    assert "it_capable" not in staff.fields
    (warning,) = staff.warnings
    assert (warning.row, warning.field) == (2, "Mampu TI")
    assert "semua dianggap mampu TI" in warning.problem.id


@pytest.mark.parametrize(
    ("marks", "doubted"),
    [(["", "Ya", "Tidak"], [2]), (["", "Ya", "Ya"], [2]), (["", "√", "v"], []), (["", "", "√"], [2])],
)
def test_an_empty_cell_says_no_and_is_told_of_among_words_or_where_few_are_ticked(
    tmp_path: Path, marks: list[str], doubted: list[int]
) -> None:
    people = zip(["Ani", "Budi", "Citra"], [ANI, BUDI, CITRA], marks, strict=True)
    rows = [[name, nip, mark, "Operator", "Dinas"] for name, nip, mark in people]
    staff = read(tmp_path, [["Nama", "NIP", "Mampu TI", "Jabatan", "Unit Kerja"], *rows])
    assert [person.it_capable for person in staff.people] == [mark in {"Ya", "√", "v"} for mark in marks]
    assert warned(staff) == [(row, "Mampu TI") for row in doubted]


def test_a_mark_that_says_neither_is_a_fault(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, [["Nama", "NIP", "Mampu TI"], ["Ani", ANI, "mungkin"]])
    assert (fault.row, fault.field, fault.value) == (2, "Mampu TI", "mungkin")


def test_what_the_list_lacks_stays_empty(tmp_path: Path) -> None:
    staff = read(tmp_path, [["Nama", "NIP"], ["Ani", ANI]])
    person = only(staff)
    assert (person.it_capable, person.monitor, person.service_posts, person.supervisor, person.telegram) == (
        None,
        None,
        (),
        "",
        "",
    )
    assert (person.employment, person.echelon, person.unit, person.latitude, person.joins) == (
        "",
        "",
        "",
        None,
        None,
    )
    assert staff.fields == {"name", "nip"}


def test_homes_have_decimal_commas_or_points_and_must_be_on_earth(tmp_path: Path) -> None:
    rows = [
        ["Nama", "NIP", "Lintang", "Bujur"],
        ["Ani", ANI, "-2,5512", "120,3234"],
        ["Budi", BUDI, -2.5512, 120.3234],
    ]
    staff = read(tmp_path, rows)
    assert {(p.latitude, p.longitude) for p in staff.people} == {(-2.5512, 120.3234)}
    (fault,) = faults_of(tmp_path, [rows[0], ["Ani", ANI, "120,3234", "-2,5512"]])
    assert fault.field == "Lintang"
    person = only(read(tmp_path, [["Nama", "NIP", "Koordinat"], ["Ani", ANI, "-2.5512, 120.3234"]]))
    assert (person.latitude, person.longitude) == (-2.5512, 120.3234)


def test_first_and_last_days_are_read_and_must_be_in_order(tmp_path: Path) -> None:
    head = ["Nama", "NIP", "Tanggal Masuk", "Tanggal Keluar"]
    person = only(read(tmp_path, [head, ["Ani", ANI, "3/8/2021", date(2021, 8, 31)]]))
    assert (person.joins, person.leaves) == (date(2021, 8, 3), date(2021, 8, 31))
    (fault,) = faults_of(tmp_path, [head, ["Ani", ANI, "3/9/2021", "3/8/2021"]])
    assert fault.field == "Tanggal Keluar"


def test_several_service_posts_in_a_cell_are_several(tmp_path: Path) -> None:
    rows = [["Nama", "NIP", "Loket"], ["Ani", ANI, "Loket Berkas; Loket Pengaduan"], ["Budi", BUDI, ""]]
    assert column(read(tmp_path, rows), "service_posts") == [("Loket Berkas", "Loket Pengaduan"), ()]


@pytest.mark.parametrize(
    "shown",
    ["Budi Jaya, S.T.", "budi jaya", BUDI, f"'{BUDI}", f"Budi Jaya\nNIP. {BUDI}", "Kepala Bidang Data"],
)
def test_a_supervisor_is_found_by_name_nip_or_post(tmp_path: Path, shown: str) -> None:
    head = ["Nama", "NIP", "Jabatan", "Eselon", "Unit Kerja", "Atasan Langsung"]
    rows = [
        head,
        ["Ani", ANI, "Bendahara", "-", "Dinas Sosial", shown],
        ["Budi Jaya, S.T.", BUDI, "Kepala Bidang Data", "III.b", "Dinas Sosial", "-"],
    ]
    staff = read(tmp_path, rows)
    assert staff.people[0].supervisor == BUDI
    assert staff.warnings == ()


def test_supervisors_unknown_ambiguous_or_in_a_circle_are_left_empty_with_warnings(tmp_path: Path) -> None:
    head = ["Nama", "NIP", "Unit Kerja", "Jabatan", "Atasan Langsung"]
    rows = [
        head,
        ["Ani", ANI, "Dinas Sosial", "Bendahara", "Zainal"],
        ["Budi", BUDI, "Dinas Sosial", "Operator", "Citra"],
        ["Citra", CITRA, "Dinas Sosial", "Operator", "Budi"],
        ["Dedi", "PTT-1", "BKPSDM", "Operator", "Eka"],
        ["Eka", "PTT-2", "Dinas Sosial", "Operator", ""],
        ["Eka", "PTT-3", "Kelurahan Bone", "Operator", "Eka"],
    ]
    staff = read(tmp_path, rows)
    assert column(staff, "supervisor") == [""] * 6
    assert [w.row for w in staff.warnings] == [2, 3, 5, 7]


def test_a_supervisor_of_the_same_name_in_another_unit_is_not_taken(tmp_path: Path) -> None:
    rows = [["Nama", "NIP", "Unit Kerja", "Jabatan", "Atasan Langsung"], ["Ani", ANI, "Dinas Sosial", "Operator", "Eka"],
            ["Eka", "PTT-2", "Dinas Sosial", "Bendahara", ""], ["Eka", "PTT-3", "BKPSDM", "Bendahara", ""]]  # fmt: skip
    assert read(tmp_path, rows).people[0].supervisor == "PTT-2"


def test_the_columns_of_the_contract_are_read_back(tmp_path: Path) -> None:
    text = (
        "person_id,name,nip,rank,echelon,position,unit,sub_unit,employment,it_capable,service_post,monitor,supervisor,telegram\n"
        f"{ANI},Ani Sari,{ANI},pengawas,IV.a,Kepala Seksi Data,Dinas Sosial,,PNS,True,Loket 1,False,x-1,@ani\n"
        "x-1,Budi,,fungsional,,Jabatan Aneh,Dinas Sosial,Bidang A,PPPK,False,,True,,\n"
    )
    one, two = read_text(tmp_path, text).people
    assert (one.id, one.rank, one.supervisor, one.telegram, one.service_posts) == (
        ANI,
        "pengawas",
        "x-1",
        "ani",
        ("Loket 1",),
    )
    assert (two.id, two.nip, two.rank, two.it_capable, two.monitor, two.sub_unit) == (
        "x-1",
        "",
        "fungsional",
        False,
        True,
        "Bidang A",
    )


def test_invisible_characters_are_taken_out_of_names_with_a_warning(tmp_path: Path) -> None:
    staff = read(
        tmp_path,
        [
            ["Nama", "NIP", "OPD", "Jabatan"],
            ["Ani\u202e Sa\u200bri\u00a0Ma'mur", ANI, "Dinas\u00a0Sosial", "Bendahara"],
        ],
    )
    assert (only(staff).name, only(staff).unit) == ("Ani Sari Ma'mur", "Dinas Sosial")
    assert warned(staff) == [(2, "Nama")]


def test_a_formula_gives_its_stored_value_and_without_one_is_a_fault(tmp_path: Path) -> None:
    rows = [
        ["No", "Nama", "NIP", "Jabatan"],
        [1, "Ani", ANI, "Bendahara"],
        ["=A2+1", "Budi", BUDI, '="Kepala "&"Seksi"'],
    ]
    (fault,) = faults_of(tmp_path, rows)
    assert (fault.row, fault.field) == (3, "Jabatan")
    assert "Excel" in (fault.remedy.en if fault.remedy else "")


def test_an_error_cell_is_a_fault(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, [["Nama", "NIP", "Jabatan"], ["Ani", ANI, "#REF!"]])
    assert (fault.row, fault.field) == (2, "Jabatan")


def test_a_csv_cell_that_looks_like_a_formula_is_text(tmp_path: Path) -> None:
    staff = read_text(tmp_path, f'Nama;NIP;Jabatan;OPD\nAni;"=""{ANI}""";=cmd|calc;Dinas Sosial\n')
    assert (only(staff).nip, only(staff).position) == (ANI, "=cmd|calc")


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_csv_files_of_every_separator_and_encoding_are_read_alike(
    tmp_path: Path, separator: str, encoding: str
) -> None:
    lines = [
        ["No", "Nama", "NIP", "Jabatan", "OPD"],
        ["1", '"Ani, S.E."', ANI, '"Bendahara;\nPengelola"', "Dinas José"],
        [""],
        ["2", "Budi", BUDI, "Operator", "Dinas José"],
    ]
    text = "\r\n".join(separator.join(line) for line in lines)
    staff = read_text(tmp_path, text.encode(encoding))
    assert column(staff, "name") == ["Ani", "Budi"]
    assert column(staff, "unit") == ["Dinas José"] * 2
    assert column(staff, "row") == [2, 4]


def test_the_hint_that_excel_writes_for_the_separator_is_no_row(tmp_path: Path) -> None:
    assert only(read_text(tmp_path, f"sep=,\nNama,NIP\nAni,{ANI}\n")).row == 2


def test_a_list_with_a_header_and_nobody_is_a_fault(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, [HEAD])
    assert fault.row == 1


def test_dates_in_the_list_do_not_depend_on_cell_formats(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Nama", "NIP", "Tanggal Masuk"])
    sheet.append(["Ani", ANI, 44411])
    book.save(tmp_path / "a.xlsx")
    assert only(read_staff(tmp_path / "a.xlsx")).joins == date(2021, 8, 3)


def test_a_missing_file_is_faulty_input_and_not_a_traceback(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        read_staff(tmp_path / "tidak-ada.xlsx")
    assert raised.value.exit_code == 3
    assert raised.value.faults[0].file == "tidak-ada.xlsx"
