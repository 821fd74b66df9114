"""Files made to harm, or broken on the way: refused with a sentence, never a traceback or a full memory."""

from __future__ import annotations

import io
import random
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.errors import InputError
from scheduler.read.files.archive import MOST_MEMBERS
from scheduler.read.files.tables import MOST_FILE_BYTES, open_tables
from scheduler.read.staff import read_staff
from tests.read.lists import ANI, BUDI, workbook
from tests.tools import save_by_libreoffice

ROWS = [["No", "Nama", "NIP", "Jabatan", "OPD"], [1, "Ani", ANI, "Bendahara", "Dinas Sosial"]]
SHEET = "xl/worksheets/sheet1.xml"


def refusal(path: Path) -> str:
    """Return the one sentence with which a file is refused."""
    with pytest.raises(InputError) as raised:
        read_staff(path)
    (fault,) = raised.value.faults
    assert fault.file == path.name
    assert fault.problem.id
    return fault.problem.en


def changed(
    folder: Path, change: Callable[[str, bytes], bytes | None], more: dict[str, bytes] | None = None
) -> Path:
    """Write a sound workbook whose members `change` replaces, and `more` members."""
    sound = workbook(folder / "sound.xlsx", ROWS)
    path = folder / "changed.xlsx"
    with zipfile.ZipFile(sound) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
        for name, content in (more or {}).items():
            new.writestr(name, content)
    return path


def in_sheet(edit: Callable[[bytes], bytes]) -> Callable[[str, bytes], bytes]:
    return lambda name, content: edit(content) if name == SHEET else content


def same(name: str, content: bytes) -> bytes:
    return content


def test_a_member_that_unpacks_to_far_more_than_it_weighs_is_refused(tmp_path: Path) -> None:
    path = changed(
        tmp_path, in_sheet(lambda xml: xml.replace(b"<sheetData>", b"<sheetData>" + b" " * 20_000_000))
    )
    assert path.stat().st_size < 100_000
    assert "unreasonably large" in refusal(path)


def test_members_that_are_too_large_together_are_refused_before_they_are_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    block = random.Random(1).randbytes(4000) * 5000  # 20 MB that deflate to more than a 200th
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(11):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", block)
    assert "unreasonably large" in refusal(path)


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    path = changed(tmp_path, same, {f"xl/media/{i}.png": b"x" for i in range(MOST_MEMBERS)})
    assert "unreasonably large" in refusal(path)


@pytest.mark.parametrize(
    "name", ["../evil.xml", "/etc/evil.xml", "xl/../../evil.xml", "C:evil.xml", "xl\\evil.xml"]
)
def test_names_that_leave_the_archive_are_refused(tmp_path: Path, name: str) -> None:
    path = changed(tmp_path, same)
    data = path.read_bytes().replace(b"xl/theme/theme1.xml", name.encode().ljust(19, b"_"))
    path.write_bytes(data)
    assert "outside itself" in refusal(path)


def test_one_name_twice_is_refused(tmp_path: Path) -> None:
    path = changed(tmp_path, same, {SHEET.upper(): b"<worksheet/>"})
    assert "twice" in refusal(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("declaration", ["<!DOCTYPE worksheet>", '<!DOCTYPE a [<!ENTITY b "bbbbbb">]>'])
def test_document_types_and_entities_are_refused_in_any_encoding(
    tmp_path: Path, encoding: str, declaration: str
) -> None:
    def edit(xml: bytes) -> bytes:
        return f'<?xml version="1.0" encoding="{encoding}"?>{declaration}{xml.decode()}'.encode(encoding)

    assert "DOCTYPE" in refusal(changed(tmp_path, in_sheet(edit)))


def test_entities_are_refused_in_every_member_whatever_its_name(tmp_path: Path) -> None:
    evil = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
    assert "DOCTYPE" in refusal(changed(tmp_path, same, {"xl/other.dat": evil}))


@pytest.mark.parametrize("reference", ["XFD1048576", "A1048576", "XFD1"])
def test_a_stray_cell_far_out_is_refused_without_filling_the_memory(tmp_path: Path, reference: str) -> None:
    row = reference.lstrip("XFDA")
    stray = f'<row r="{row}"><c r="{reference}" t="n"><v>1</v></c></row></sheetData>'.encode()
    path = changed(tmp_path, in_sheet(lambda xml: xml.replace(b"</sheetData>", stray)))
    tracemalloc.start()
    problem = refusal(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "too large" in problem
    assert peak < 50_000_000


def test_a_stray_cell_without_references_is_found_all_the_same(tmp_path: Path) -> None:
    stray = b'<row r="1048576">' + b"<c/>" * 400 + b"<c><v>1</v></c></row></sheetData>"
    path = changed(tmp_path, in_sheet(lambda xml: xml.replace(b"</sheetData>", stray)))
    assert "too large" in refusal(path)


def test_formatted_but_empty_cells_far_out_do_no_harm(tmp_path: Path) -> None:
    blank = b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    path = changed(tmp_path, in_sheet(lambda xml: xml.replace(b"</sheetData>", blank)))
    assert len(read_staff(path).people) == 1


def test_a_size_that_lies_is_found_out(tmp_path: Path) -> None:
    path = changed(tmp_path, same)
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo(SHEET).file_size
    data = bytearray(bytes(data).replace(struct.pack("<I", size), struct.pack("<I", size // 2)))
    path.write_bytes(data)
    assert "broken" in refusal(path)


def test_a_workbook_under_a_password_says_so(tmp_path: Path) -> None:
    path = tmp_path / "locked.xlsx"
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(500)
    )
    assert "password" in refusal(path)


@pytest.mark.parametrize("content", [b"", b"  \n ", b"PK\x03\x04", b"PK\x03\x04" + bytes(200), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), bytes(100),
                                     b"\x89PNG\r\n\x1a\n" + bytes(50)])  # fmt: skip
@pytest.mark.parametrize("name", ["a.xlsx", "a.csv", "a.xls", "a"])
def test_files_that_are_nothing_are_refused(tmp_path: Path, content: bytes, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert refusal(path)


def test_a_file_beyond_the_limit_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(MOST_FILE_BYTES + 1)
    assert "larger" in refusal(path)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert "a folder, not a file" in refusal(tmp_path)


def test_a_csv_with_too_many_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text("a;" * 400)
    assert "too large" in refusal(path)


OPEN_QUOTES = [
    '1;"Ani;BPS\n2;Budi;BPS\n3;Citra;BPS\n',  # never closed
    '1;"Ani;BPS\n2;"Budi";BPS\n3;Citra;BPS\n',  # closed by the next cell in quotes
    '1;Ani;BPS\n2;Budi;BPS\n3;"Citra;BPS',
    '1;"Ani" Sari;"BPS\n2;Budi;BPS\n3;Citra;BPS\n',
]


@pytest.mark.parametrize("rows", OPEN_QUOTES)
def test_an_open_quotation_mark_does_not_swallow_the_people_below_it(tmp_path: Path, rows: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text("No;Nama;OPD\n" + rows)
    with pytest.raises(InputError) as raised:
        read_staff(path)
    (fault,) = raised.value.faults
    assert "quotation mark" in fault.problem.en
    assert fault.row == 2 + next(n for n, row in enumerate(rows.splitlines()) if row.count('"') % 2)


def test_quotation_marks_in_the_midst_of_cells_lose_nobody(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        'No;Nama;OPD\n1;"Ani" Sari;BPS\n2;"Budi\nHarjo";BPS\n3;5" Citra;BPS\n4;"Dedi ""D"" B";BPS\n'
    )
    (sheet,) = open_tables(path)
    assert [row[1] for row in sheet.rows[1:]] == ["Ani Sari", "Budi\nHarjo", '5" Citra', 'Dedi "D" B']


def test_plain_text_with_the_ending_of_a_workbook_is_told_its_own_name(tmp_path: Path) -> None:
    path = tmp_path / "daftar.xls"
    path.write_text("No\tNama\tOPD\n1\tAni\tBPS\n")
    with pytest.raises(InputError) as raised:
        read_staff(path)
    assert "daftar.csv" in raised.value.faults[0].describe("id")


def test_cells_that_cover_more_than_a_list_has_are_refused(tmp_path: Path) -> None:
    areas = b"".join(b'<mergeCell ref="A%d:B%d"/>' % (i, i) for i in range(1, 50_002))
    merged = b'<mergeCells count="1">' + areas + b"</mergeCells>"
    path = changed(tmp_path, in_sheet(lambda xml: xml.replace(b"</sheetData>", b"</sheetData>" + merged)))
    assert "merged" in refusal(path)


def test_endless_texts_take_no_endless_time(tmp_path: Path) -> None:
    endless = ["- " * 16_000, "NIP " * 8_000, "(" * 32_000, "Dinas " * 5_000, "S." * 16_000]
    for text in endless:
        path = workbook(
            tmp_path / "a.xlsx", [[text], ["No", "Nama", "NIP", "Jabatan"], [1, "Ani " + text, ANI, text]]
        )
        with pytest.raises(InputError) as raised:
            read_staff(path)
        assert [fault.field for fault in raised.value.faults] == ["Nama"]


def test_pictures_and_links_to_other_workbooks_do_no_harm(tmp_path: Path) -> None:
    more = {
        "xl/media/logo.png": b"\x89PNG<!DOCTYPE>",
        "xl/externalLinks/externalLink1.xml": b"<externalLink/>",
    }
    assert len(read_staff(changed(tmp_path, same, more)).people) == 1


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["a.csv", "a.xlsx", "a.txt", "a.xls"]))
def test_random_bytes_give_people_or_an_input_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, name: str
) -> None:
    path = tmp_path_factory.mktemp("random") / name
    path.write_bytes(data)
    with pytest.raises(InputError) as raised:
        read_staff(path)
    assert raised.value.faults


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_workbook_gives_people_or_an_input_error(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    sound = bytearray(
        workbook(folder / "sound.xlsx", [*ROWS, [2, "Budi", BUDI, "Operator", "Dinas Sosial"]]).read_bytes()
    )
    for place, byte in data.draw(
        st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=5)
    ):
        sound[int(place * len(sound))] = byte
    path = folder / "damaged.xlsx"
    path.write_bytes(sound[: int(len(sound) * data.draw(st.floats(0.5, 1)))])
    try:
        assert read_staff(path).people
    except InputError as e:
        assert e.faults


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("text") / "a.csv"
    path.write_bytes(("Nama;NIP;Jabatan\n" + text).encode("utf-8", "surrogatepass"))
    try:
        assert read_staff(path).people
    except InputError as e:
        assert all(fault.describe("id") and fault.describe("en") for fault in e.faults)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"]), max_size=200))
def test_damaged_xml_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("xml")
    path = changed(folder, in_sheet(lambda xml: xml.replace(b"<sheetData>", text.encode() + b"<sheetData>")))
    try:
        assert read_staff(path).people
    except InputError as e:
        assert e.faults


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_older_and_other_workbooks_are_read_like_xlsx(tmp_path: Path, kind: str) -> None:
    rows = [["DAFTAR PEGAWAI DINAS SOSIAL"], [], *ROWS, [2, "Budi", BUDI, "Operator", ""]]
    path = workbook(tmp_path / "daftar.xlsx", rows, ["E4:E5"])
    save_by_libreoffice(kind, tmp_path, path)
    staff = read_staff(path.with_suffix(f".{kind}"))
    assert [person.name for person in staff.people] == ["Ani", "Budi"]
    assert [person.unit for person in staff.people] == ["Dinas Sosial"] * 2
    assert [person.row for person in staff.people] == [4, 5]


def test_a_stray_cell_in_an_old_workbook_ends_its_reader_and_not_us(
    tmp_path: Path,
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Nama", "NIP"])
    sheet.cell(65536, 256, 1)
    book.save(tmp_path / "stray.xlsx")
    save_by_libreoffice("xls", tmp_path, tmp_path / "stray.xlsx")
    assert refusal(tmp_path / "stray.xls")


def test_the_office_suites_own_empty_repeats_do_no_harm_but_filled_ones_are_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "daftar.xlsx", ROWS)
    save_by_libreoffice("ods", tmp_path, path)
    evil = io.BytesIO()
    with (
        zipfile.ZipFile(path.with_suffix(".ods")) as old,
        zipfile.ZipFile(evil, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            if name == "content.xml":
                filled = (
                    b'<table:table-row table:number-rows-repeated="1048000"><table:table-cell office:value-type="float" '
                    b'office:value="1" table:number-columns-repeated="16000"/></table:table-row></table:table>'
                )
                content = content.replace(b"</table:table>", filled, 1)
            new.writestr(name, content)
    (tmp_path / "evil.ods").write_bytes(evil.getvalue())
    with pytest.raises(InputError) as raised:
        open_tables(tmp_path / "evil.ods")
    assert "too large" in raised.value.faults[0].problem.en
