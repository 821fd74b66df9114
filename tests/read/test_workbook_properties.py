"""What a workbook says of its roster is said by whoever sent it: it names folders, and leads to none elsewhere."""

from __future__ import annotations

import tracemalloc
import zipfile
from pathlib import Path

import pytest

from scheduler.read.outputs.edited_workbook import read_properties
from scheduler.revise.edits import find_revision

ROW = '<property name="giliran.{}" fmtid="x" pid="2"><vt:lpwstr>{}</vt:lpwstr></property>'


def workbook(folder: Path, more: bytes = b"", **told: str) -> Path:
    path = folder / "sent.xlsx"
    content = "".join(ROW.format(name.rstrip("_"), value) for name, value in told.items()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("docProps/custom.xml", content + more)
    return path


def output(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "certificate.json").write_text("{}")
    return folder


def test_the_properties_are_read_as_they_were_meant(tmp_path: Path) -> None:
    path = workbook(
        tmp_path, scenario="Dinas A &amp; B", unit="Bagian I/II", revision="3", from_="2021-08-02"
    )
    assert read_properties(path) == {
        "scenario": "Dinas A & B", "unit": "Bagian I/II", "revision": "3", "from": "2021-08-02",
    }  # fmt: skip


@pytest.mark.parametrize("revision", ["../../secret", "..\\..\\secret", "/secret", ".", "²"])
def test_a_revision_that_leads_out_of_the_output_folder_is_none(tmp_path: Path, revision: str) -> None:
    mine = output(tmp_path / "mine")
    (mine / "revisions").mkdir()
    output(tmp_path / "secret")
    told = revision.replace("/secret", f"{tmp_path}/secret") if revision == "/secret" else revision
    assert find_revision(workbook(tmp_path, revision=told), mine) == mine


@pytest.mark.parametrize("scenario", ["..", "../elsewhere", "C:\\elsewhere"])
def test_a_scenario_that_is_no_plain_name_is_not_looked_for(tmp_path: Path, scenario: str) -> None:
    assert read_properties(workbook(tmp_path, scenario=scenario)) == {}


def test_properties_that_unpack_to_far_more_than_they_weigh_fill_no_memory(tmp_path: Path) -> None:
    path = workbook(tmp_path, more=bytes(60_000_000), revision="1")
    tracemalloc.start()
    assert read_properties(path) == {"revision": "1"}
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 5_000_000


@pytest.mark.parametrize("damage", ["password", "method", "content"])
def test_properties_that_cannot_be_unpacked_are_lost_and_no_defect(tmp_path: Path, damage: str) -> None:
    path = workbook(tmp_path, revision="1")
    data = bytearray(path.read_bytes())
    begin = data.index(b"PK\x01\x02")
    if damage == "password":
        data[begin + 8] |= 1
    elif damage == "method":
        data[begin + 10] = 99
    else:
        data[60] ^= 0xFF
    path.write_bytes(data)
    assert read_properties(path) == {}
