"""A well-formed list reads back equal, however it is laid out."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.problem import Person
from scheduler.read.staff import read_staff
from scheduler.write.staff_csv import write_staff_csv

NAMES = [
    "Ani",
    "Budi",
    "Citra",
    "Ma'mur",
    "Sa'diyah",
    "Andi Tenri",
    "Daeng Ngalle",
    "Muh. Yusuf",
    "Abd. Rahman",
    "Hasnah",
]
FAMILIES = ["Sihombing", "Jaya", "Uwais", "Nur'aini", "Palastri", "Wahyudin", "Hariyah", ""]
BEFORE = ["", "", "Dr.", "Drs. H.", "Hj.", "Ir.", "dr."]
AFTER = ["", "", "S.E.", "S.Kom., M.M.", "A.Md", "S.Pd., M.Pd", "S.H., M.H."]
POSTS = [
    ("Kepala Dinas", "II.b", "PNS", "jpt"),
    ("Kepala Bidang Data", "III.b", "PNS", "administrator"),
    ("Kepala Seksi Arsip", "IV.a", "PNS", "pengawas"),
    ("Bendahara", "", "PNS", "pelaksana"),
    ("Analis Data", "", "PPPK", "pelaksana"),
    ("Guru Ahli Pertama", "", "PPPK", "fungsional"),
    ("Tenaga Kebersihan", "", "Non ASN", "non_asn"),
    ("Operator", "", "PTT", "non_asn"),
]
UNITS = [
    "Dinas Sosial",
    "Kantor Camat Masamba",
    "RSUD Andi Djemma",
    "Kelurahan Bone",
    "BKPSDM",
    "SD Negeri 9",
]
ALIASES = {
    "name": ["Nama", "NAMA LENGKAP", "Nama Pegawai", "N A M A"],
    "nip": ["NIP", "NIP Baru", "NIP/NI PPPK", "N I P"],
    "position": ["Jabatan", "NAMA JABATAN", "Jabatan Sekarang"],
    "echelon": ["Eselon", "ESELON", "Esl."],
    "unit": ["Unit Kerja", "OPD", "SKPD", "Perangkat Daerah", "Unor"],
    "employment": ["Status", "Jenis Pegawai", "Status Kepegawaian", "JENIS KEPEGAWAIAN"],
    "it_capable": ["Mampu TI", "BISA TI", "Mampu IT"],
    "phone": ["No. WA", "NO HP", "Telepon"],
}


@dataclass(frozen=True)
class Made:
    """One invented person as the list prints them, and what reading must give back."""

    printed: str
    cells: dict[str, Any]
    truth: dict[str, Any]


@st.composite
def people(draw: st.DrawFn) -> list[Made]:
    made = []
    no = draw(st.sampled_from([["Tidak"], ["", "-"]]))
    for number in range(draw(st.integers(3, 12))):
        name = f"{draw(st.sampled_from(NAMES))} {draw(st.sampled_from(FAMILIES))}".strip()
        before, after = draw(st.sampled_from(BEFORE)), draw(st.sampled_from(AFTER))
        printed = f"{before} {name}".strip() + (f", {after}" if after else "")
        position, echelon, employment, rank = draw(st.sampled_from(POSTS))
        asn = employment in {"PNS", "PPPK"}
        nip = f"19{draw(st.integers(65, 95))}0{draw(st.integers(1, 9))}1520{draw(st.integers(11, 18))}0{draw(st.integers(1, 9))}{draw(st.integers(1, 2))}{number + 1:03d}"
        printed_id = nip if asn else f"{employment.replace(' ', '')}-{1000 + number}"
        capable = draw(st.booleans())
        cells = {
            "name": printed,
            "nip": draw(st.sampled_from([printed_id, f"'{printed_id}", f"{printed_id} "])),
            "position": draw(st.sampled_from([position, f"{position} "])),
            "echelon": echelon or draw(st.sampled_from(["-", "", "Non Eselon"])),
            "employment": employment,
            "it_capable": draw(st.sampled_from(["Ya", "√", "v"] if capable else no)),
            "phone": f"0812345{number:05d}",
        }
        truth = {
            "id": printed_id, "name": name, "printed_name": printed, "nip": nip if asn else "", "position": position,
            "echelon": echelon, "employment": employment, "rank": rank, "it_capable": capable, "phone": f"62812345{number:05d}",
        }  # fmt: skip
        made.append(Made(printed, cells, truth))
    if no != ["Tidak"] and not any(person.truth["it_capable"] for person in made):
        for person in made:  # nothing stands in the column: it says nothing about anybody
            person.truth["it_capable"] = None
    return made


@dataclass(frozen=True)
class Layout:
    """One way of laying a list out."""

    order: list[str]
    headers: dict[str, str]
    titles: int
    numbered: bool
    column_numbers: bool
    units: str
    left: int
    repeat_after: int
    signature: bool
    blanks: set[int] = field(default_factory=set)


@st.composite
def layouts(draw: st.DrawFn) -> Layout:
    units = draw(st.sampled_from(["column", "merged", "first", "section", "sheet"]))
    order = list(
        draw(st.permutations([f for f in ALIASES if f != "unit" or units in {"column", "merged", "first"}]))
    )
    return Layout(
        order=order,
        headers={name: draw(st.sampled_from(aliases)) for name, aliases in ALIASES.items()},
        titles=draw(st.integers(0, 3)),
        numbered=draw(st.booleans()),
        column_numbers=draw(st.booleans()),
        units=units,
        left=draw(st.integers(0, 2)),
        repeat_after=draw(st.integers(0, 6)),
        signature=draw(st.booleans()),
        blanks=draw(st.sets(st.integers(0, 12), max_size=3)),
    )


def lay_out(path: Path, offices: list[tuple[str, list[Made]]], layout: Layout) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    sheet: Any = None
    number = 0
    for unit, made in offices:
        if sheet is None or layout.units == "sheet":
            sheet = book.create_sheet(unit if layout.units == "sheet" else "Lampiran")
            begin(sheet, layout)
        if layout.units == "section":
            put(sheet, layout, [f"{'ABCDEF'[UNITS.index(unit)]}. {unit}"])
        first = sheet.max_row + 1
        for place, person in enumerate(made):
            if number in layout.blanks and layout.units not in {"merged"}:
                sheet.cell(sheet.max_row + 1, 40, " ")
            if (
                layout.repeat_after
                and number
                and number % layout.repeat_after == 0
                and layout.units != "merged"
            ):
                put(sheet, layout, header(layout))
            number += 1
            cells = {**person.cells, "unit": unit if layout.units == "column" or place == 0 else ""}
            put(
                sheet,
                layout,
                [*([number] if layout.numbered else []), *(cells[name] for name in layout.order)],
            )
        if layout.units == "merged" and len(made) > 1:
            column = layout.left + layout.numbered + layout.order.index("unit") + 1
            sheet.merge_cells(start_row=first, end_row=sheet.max_row, start_column=column, end_column=column)
    if layout.signature:
        for text in (
            "Masamba, 27 Juli 2021",
            "Kepala Dinas,",
            "( ................ )",
            "NIP. ................",
        ):
            put(sheet, layout, ["", "", text])
    book.save(path)


def header(layout: Layout) -> list[str]:
    return [*(["No."] if layout.numbered else []), *(layout.headers[name] for name in layout.order)]


def begin(sheet: Any, layout: Layout) -> None:
    for title in ["DAFTAR PEGAWAI", "KEADAAN JULI 2021", "KABUPATEN LUWU UTARA"][: layout.titles]:
        put(sheet, layout, [title])
    put(sheet, layout, header(layout))
    if layout.column_numbers:
        put(sheet, layout, list(range(1, len(header(layout)) + 1)))


def put(sheet: Any, layout: Layout, cells: list[Any]) -> None:
    row = (
        1 if sheet.max_row == 1 and sheet.max_column == 1 and sheet["A1"].value is None else sheet.max_row + 1
    )
    for column, value in enumerate(cells, layout.left + 1):
        if value != "":
            sheet.cell(row, column, value)
    if all(value == "" for value in cells):
        sheet.cell(row, 40, " ")


@settings(max_examples=80, deadline=None)
@given(people(), layouts(), st.lists(st.sampled_from(UNITS), min_size=1, max_size=3, unique=True))
def test_a_list_laid_out_at_random_reads_back_equal(
    tmp_path_factory: pytest.TempPathFactory, made: list[Made], layout: Layout, units: list[str]
) -> None:
    share = -(-len(made) // len(units))
    offices = [
        (unit, made[i * share : (i + 1) * share])
        for i, unit in enumerate(units)
        if made[i * share : (i + 1) * share]
    ]
    path = tmp_path_factory.mktemp("list") / "daftar.xlsx"
    lay_out(path, offices, layout)
    staff = read_staff(path)
    got = [
        {**{key: getattr(person, key) for key in made[0].truth}, "unit": person.unit}
        for person in staff.people
    ]
    assert got == [{**person.truth, "unit": unit} for unit, part in offices for person in part]
    assert {warning.field for warning in staff.warnings} <= {layout.headers["it_capable"]}


@settings(max_examples=60, deadline=None)
@given(people(), st.sampled_from(UNITS))
def test_what_is_written_as_csv_reads_back_equal(
    tmp_path_factory: pytest.TempPathFactory, made: list[Made], unit: str
) -> None:
    fields = [key for key in made[0].truth if key not in {"printed_name", "phone"}]
    persons = [
        Person(unit=unit, monitor=bool(i % 2), **{key: person.truth[key] for key in fields})
        for i, person in enumerate(made)
    ]
    path = tmp_path_factory.mktemp("csv") / "staff.csv"
    write_staff_csv(persons, path)
    staff = read_staff(path)
    keys = [*fields, "unit", "monitor", "supervisor", "sub_unit"]
    assert [[getattr(p, k) for k in keys] for p in staff.people] == [
        [getattr(p, k) for k in keys] for p in persons
    ]
