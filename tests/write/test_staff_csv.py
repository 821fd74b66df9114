"""A staff list as CSV: fixed columns, nothing that a spreadsheet would run, whole or not at all."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from scheduler.errors import ExportError
from scheduler.problem import Person
from scheduler.read.staff import read_staff
from scheduler.write.staff_csv import COLUMNS, staff_csv, write_staff_csv

TRUTH = Path(__file__).parents[1] / "data" / "staff"


@pytest.mark.parametrize("government", ["bontang", "luwu-utara", "paser", "tangsel"])
def test_the_csv_of_a_list_is_its_truth_byte_for_byte(government: str) -> None:
    staff = read_staff(next((TRUTH / government).glob("staff.*")))
    truth = (TRUTH / government / "truth.csv").read_text(encoding="utf-8")
    assert staff_csv(staff.people) == truth


def test_the_columns_are_those_of_the_contract() -> None:
    truth = (TRUTH / "paser" / "truth.csv").read_text(encoding="utf-8").partition("\n")[0]
    assert ",".join(COLUMNS) == truth


def test_a_cell_that_would_be_a_formula_is_text_and_reads_back(tmp_path: Path) -> None:
    person = Person(id="x-1", name="=cmd|' /C calc'!A0", unit="@Dinas", position="+Operator")
    path = tmp_path / "staff.csv"
    write_staff_csv([person], path)
    with path.open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert [row[key][0] for key in ("name", "unit", "position")] == ["'", "'", "'"]
    assert read_staff(path).people[0].name == person.name


def test_a_file_that_cannot_be_written_leaves_the_old_one_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "staff.csv"
    target.mkdir()
    with pytest.raises(ExportError) as raised:
        write_staff_csv([Person(id="1", name="Ani", unit="A")], target)
    assert raised.value.exit_code == 7
    assert [path.name for path in tmp_path.iterdir()] == ["staff.csv"]
