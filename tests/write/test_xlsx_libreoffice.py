"""LibreOffice opens the workbooks, agrees with the values written, keeps what reading back needs, and prints them."""

import re
import subprocess
from datetime import date

import pytest

from scheduler.write.xlsx import write_unit_workbook, write_workbook
from tests.samples import sample_roster
from tests.tools import require, save_by_libreoffice
from tests.write.made_rosters import made_roster, made_unit
from tests.write.workbooks import FIRST_DAY, ROW_OF_IDS, formulas, values

ROSTER = sample_roster()


@pytest.fixture(scope="module")
def converted(tmp_path_factory):
    """The sample as LibreOffice saves it anew, every formula calculated, and both as PDF."""
    folder = tmp_path_factory.mktemp("libreoffice")
    write_workbook(ROSTER, folder / "roster.xlsx", "id")
    unit = made_unit("Dinas Kesehatan", 28, date(2021, 7, 28), 9)
    write_unit_workbook(made_roster([unit]), unit, folder / "unit.xlsx", "id")
    for target, outdir in (("xlsx", "again"), ("pdf", ".")):
        save_by_libreoffice(target, folder / outdir, folder / "roster.xlsx", folder / "unit.xlsx")
    return folder


def pages(pdf):
    text = subprocess.run(
        [require("pdftotext"), "-layout", str(pdf), "-"], check=True, capture_output=True, text=True
    )
    return text.stdout.split("\f")[:-1]


def test_libreoffice_calculates_the_same_values_as_were_written(converted):
    ours, live = values(converted / "roster.xlsx"), formulas(converted / "roster.xlsx")
    theirs = values(converted / "again" / "roster.xlsx")
    compared = 0
    for sheet in live.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    place = cell.coordinate
                    assert theirs[sheet.title][place].value == ours[sheet.title][place].value, (
                        sheet.title,
                        place,
                    )
                    compared += 1
    assert compared > 100


def test_lists_hidden_ids_dates_and_names_survive_libreoffice(converted):
    sheet = values(converted / "again" / "roster.xlsx")["Dinas Contoh"]
    assert sheet["A1"].value == "giliran:unit"
    assert [sheet.cell(ROW_OF_IDS + n, 1).value for n in range(5)] == list(ROSTER.results[0].roster.people)
    assert sheet.cell(ROW_OF_IDS, 5).value == "198001012005011001"
    assert sheet.cell(2, FIRST_DAY).value.date() == date(2021, 7, 28)
    assert sheet.column_dimensions["A"].hidden
    assert {name for name in sheet.defined_names if name.startswith("giliran")} == {"giliran_unit", "giliran_dates", "giliran_ids", "giliran_grid"}  # fmt: skip
    (choice,) = [v for v in sheet.data_validations.dataValidation if v.type == "list"]
    assert "Dinas Luar" in choice.formula1
    assert sum(len(area.rules) for area in sheet.conditional_formatting) >= 10
    properties = {
        item.name: item.value for item in values(converted / "again" / "roster.xlsx").custom_doc_props.props
    }
    assert properties["giliran.revision"] == 1


def test_each_unit_prints_on_one_page_across_with_its_signature(converted):
    found = pages(converted / "roster.pdf")
    assert len(found) == 5
    assert "DINAS CONTOH" in found[1]
    assert "NIP. 19800101 200501 1 001" in found[1]
    assert "Tahun Baru Islam 1443 H" in found[1]
    assert re.search(r"Halaman 2 dari 5", found[1])


def test_the_signature_never_stands_alone_on_a_page(converted):
    (signed,) = [page for page in pages(converted / "unit.pdf") if "Pembina Utama Muda" in page]
    rows = re.findall(r"^\s*\d+\s+\S.*(?:WFH|WFO)", signed, re.MULTILINE)
    assert len(rows) >= 2
    assert "Masamba, ...." in signed
    assert "Jumlah WFO" in signed
