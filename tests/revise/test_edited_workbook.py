"""A workbook as people leave it is read back by its hidden ids; each change and each rule it breaks has its cell."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from scheduler.errors import InputError, UsageError
from scheduler.read.outputs.revision import read_statuses
from scheduler.read.requests import Words
from scheduler.revise.edits import check_workbook, pins_of
from scheduler.revise.replan import Request, replan
from tests.revise.offices import NOW, POLICY, STAFF, make_output, make_scenario
from tests.tools import save_by_libreoffice

ANI = "198001012005012001"
TOMORROW = date(2021, 8, 4)


def cell_of(sheet: Any, person_id: str, day: date) -> Any:
    """The cell of a person-day, wherever it has moved to."""
    dates = next(row for row in sheet.iter_rows(max_row=10) if row[0].value == "giliran:dates")
    column = next(cell.column for cell in dates if getattr(cell.value, "date", lambda: None)() == day)
    row = next(row[0].row for row in sheet.iter_rows(min_row=5) if row[0].value == person_id)
    return sheet.cell(row, column)


def edit(output: Path, target: Path, typed: dict[tuple[str, date], str | None]) -> Path:
    """The output's workbook with some words typed, saved elsewhere."""
    workbook = openpyxl.load_workbook(output / "roster.xlsx")
    for (person_id, day), text in typed.items():
        cell_of(workbook["Dinas Satu"], person_id, day).value = text
    workbook.save(target)
    return target


def people_at(output: Path, day: date, status: str) -> list[str]:
    return [
        p
        for (p, d), c in read_statuses(output).items()
        if d == day and c.unit == "Dinas Satu" and c.status == status
    ]


def test_an_untouched_workbook_says_what_the_roster_says(tmp_path: Path) -> None:
    output = make_output(tmp_path)
    for path in (output / "roster.xlsx", output / "units" / "Dinas Satu.xlsx"):
        check = check_workbook(path)
        assert (check.edits, check.broken, check.faults) == ((), (), ())


def test_words_are_taken_as_people_type_them_and_each_change_has_its_cell(tmp_path: Path) -> None:
    output = make_output(tmp_path)
    day = date(2021, 8, 11)
    home, office = people_at(output, day, "home"), people_at(output, day, "office")
    typed = {(home[0], day): "WFO ", (office[0], day): " wfh", (home[1], day): "CUTI", (office[1], day): None}
    path = edit(output, tmp_path / "edited.xlsx", typed)
    check = check_workbook(path, output)
    assert {(e.person_id, e.after) for e in check.edits} == {
        (home[0], "office"),
        (office[0], "home"),
        (home[1], "leave"),
        (office[1], "cleared"),
    }
    sheet = openpyxl.load_workbook(path)["Dinas Satu"]
    for change in check.edits:
        assert change.address.sheet == "Dinas Satu"
        assert change.address.cell == cell_of(sheet, change.person_id, change.day).coordinate
    assert any("the cell is empty" in broken.violation.sentence.en for broken in check.broken)


def test_a_rule_that_is_broken_names_the_cells(tmp_path: Path) -> None:
    output = make_output(tmp_path)
    day = date(2021, 8, 11)
    office = people_at(output, day, "office")[0]
    check = check_workbook(edit(output, tmp_path / "e.xlsx", {(office, day): "wfh"}), output)
    quota = next(b for b in check.broken if b.violation.rule == "home_quota[pelaksana]")
    sheet = openpyxl.load_workbook(tmp_path / "e.xlsx")["Dinas Satu"]
    assert cell_of(sheet, office, day).coordinate in {address.cell for address in quota.addresses}
    assert "11 August 2021: 3 at home, target 2" in quota.violation.sentence.en


def test_sorted_rows_inserted_rows_and_a_column_of_notes_move_nothing(tmp_path: Path) -> None:
    output = make_output(tmp_path)
    workbook = openpyxl.load_workbook(output / "roster.xlsx")
    sheet = workbook["Dinas Satu"]
    rows = list(range(11, 15))
    contents = [[sheet.cell(row, c).value for c in range(1, sheet.max_column + 1)] for row in rows]
    for row, values in zip(rows, reversed(contents), strict=True):
        for column, value in enumerate(values, start=1):
            if not isinstance(sheet.cell(row, column), openpyxl.cell.cell.MergedCell):
                sheet.cell(row, column).value = value
    sheet.insert_rows(12)
    sheet.insert_cols(7)
    sheet.cell(13, 7).value = "catatan: hubungi dulu"
    cell_of(sheet, ANI, date(2021, 8, 11)).value = "Sakit"
    workbook.save(tmp_path / "sorted.xlsx")
    check = check_workbook(tmp_path / "sorted.xlsx", output)
    assert [(e.person_id, e.day, e.after) for e in check.edits] == [(ANI, date(2021, 8, 11), "sick")]
    assert check.faults == ()


def test_a_workbook_saved_again_by_libreoffice_reads_the_same(tmp_path: Path) -> None:
    output = make_output(tmp_path)
    path = edit(output, tmp_path / "edited.xlsx", {(ANI, date(2021, 8, 11)): "Dinas luar"})
    (tmp_path / "saved").mkdir()
    save_by_libreoffice("xlsx", tmp_path / "saved", path)
    check = check_workbook(tmp_path / "saved" / "edited.xlsx", output)
    assert [(e.person_id, e.day, e.after) for e in check.edits] == [(ANI, date(2021, 8, 11), "travel")]
    assert check.kept.number == 1


def test_edits_become_pins_and_the_rest_is_repaired(tmp_path: Path) -> None:
    output = make_output(tmp_path)
    day = date(2021, 8, 11)
    office, home = people_at(output, day, "office")[0], people_at(output, day, "home")[0]
    path = edit(output, tmp_path / "e.xlsx", {(office, day): "wfh", (home, date(2021, 8, 12)): "cuti"})
    done = replan(Request(output=output, from_xlsx=path, workers=1, effort=2.0), NOW)
    after = read_statuses(output)
    assert after[office, day].status == "home"
    assert after[home, date(2021, 8, 12)].status == "leave"
    assert sum(c.status == "home" for (_, d), c in after.items() if d == day and c.unit == "Dinas Satu") == 2
    assert all(result.audit.broken == () for result in done.outcome.roster.results)


def test_what_cannot_be_taken_is_told_with_its_cell(tmp_path: Path) -> None:
    output = make_output(tmp_path)
    past, later = date(2021, 8, 2), date(2021, 8, 11)
    typed = {(people_at(output, past, "home")[0], past): "wfo", (ANI, later): "di mana saja"}
    path = edit(output, tmp_path / "e.xlsx", typed)
    with pytest.raises(InputError) as caught:
        pins_of(path, output, TOMORROW)
    said = [fault.describe("en") for fault in caught.value.faults]
    assert any("di mana saja" in line and "sheet “Dinas Satu”" in line for line in said)
    assert any("past" in line for line in said)
    shutil.copy(output / "roster.csv", tmp_path / "no.xlsx")
    with pytest.raises(InputError):
        check_workbook(tmp_path / "no.xlsx", output)


RULES = """
[[rules.it_capable]]

[[rules.home_count]]
name = "pekan"
per = "week"
at_most = 3

[[rules.capacity]]
for = { unit = "Dinas Satu" }
at_most = 3

[[rules.min_on_site]]
for = { unit = "Dinas Satu" }
at_least = 1
"""


def test_each_rule_that_is_broken_is_shown_with_a_cell_of_whom_and_when_it_is_about(tmp_path: Path) -> None:
    scenario = make_scenario(tmp_path / "kantor")
    (scenario / "policy.toml").write_text(POLICY + RULES, encoding="utf-8")
    rows = [f"{line},{'tidak' if 'Dedi' in line else 'ya'}" for line in STAFF.splitlines()[1:]]
    header = STAFF.splitlines()[0] + ",Mampu TI"
    (scenario / "staff.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    output = make_output(tmp_path)
    dedi, week = "198001012005011004", [date(2021, 8, day) for day in (9, 10, 11, 12, 13)]
    staff = sorted({p for (p, _), c in read_statuses(output).items() if c.unit == "Dinas Satu"})
    typed = {(dedi, week[0]): "wfh", **{(ANI, day): "wfh" for day in week}}
    typed |= {(p, week[1]): "wfh" for p in staff} | {(p, week[3]): "WFO" for p in staff}
    path = edit(output, tmp_path / "e.xlsx", typed)
    check = check_workbook(path, output)
    sheet = openpyxl.load_workbook(path)["Dinas Satu"]
    found = {broken.violation.rule: broken for broken in check.broken}
    assert found.keys() >= {
        "it_capable",
        "home_count[pekan]",
        "capacity",
        "min_on_site",
        "stint",
        "home_quota[pelaksana]",
    }
    for broken in check.broken:
        day, people = broken.violation.day, broken.violation.people
        possible = {
            cell_of(sheet, p, d).coordinate for p in people or staff for d in ([day] if day else week)
        }
        assert broken.addresses
        assert {address.sheet for address in broken.addresses} == {"Dinas Satu"}
        assert {address.cell for address in broken.addresses} <= possible
    unable = {b.addresses[0].cell for b in check.broken if b.violation.rule == "it_capable"}
    assert unable == {cell_of(sheet, dedi, day).coordinate for day in week[:2]}


def test_a_workbook_sorted_annotated_and_saved_by_libreoffice_is_repaired_as_the_same_pins_would_be(
    tmp_path: Path,
) -> None:
    output, twin = make_output(tmp_path), make_output(tmp_path, out="twin")
    day = date(2021, 8, 11)
    office, home = people_at(output, day, "office")[0], people_at(output, day, "home")[0]
    workbook = openpyxl.load_workbook(output / "roster.xlsx")
    sheet = workbook["Dinas Satu"]
    cell_of(sheet, office, day).value = "wfh"
    cell_of(sheet, home, date(2021, 8, 12)).value = None
    sheet.insert_rows(12)
    sheet.insert_cols(7)
    sheet.cell(14, 7).value = "minta pindah"
    workbook.save(tmp_path / "e.xlsx")
    (tmp_path / "saved").mkdir()
    save_by_libreoffice("xlsx", tmp_path / "saved", tmp_path / "e.xlsx")
    done = replan(Request(output=output, from_xlsx=tmp_path / "saved" / "e.xlsx", workers=1, effort=2.0), NOW)
    replan(Request(output=twin, words=Words(pin=[f"{office}:{day}=wfh"]), workers=1, effort=2.0), NOW)
    after = read_statuses(output)
    assert after[office, day].status == "home"
    assert {key: c.status for key, c in after.items()} == {
        key: c.status for key, c in read_statuses(twin).items()
    }
    (unit,) = (result for result in done.outcome.roster.results if result.unit.name == "Dinas Satu")
    changes = next(objective for objective in unit.objectives if objective.name == "changes")
    assert changes.is_optimal and changes.value == len(done.notice.moves)


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output that tests only read."""
    return make_output(tmp_path_factory.mktemp("untouched"))


def _swap_shown(sheet: Any, one: int, other: int) -> None:
    """As Excel sorts a selection that begins at the first visible column: the hidden ids stay."""
    for column in range(3, 19):
        first, second = sheet.cell(one, column), sheet.cell(other, column)
        first.value, second.value = second.value, first.value


def test_rows_sorted_without_the_hidden_ids_belong_to_the_names_that_are_seen(tmp_path: Path) -> None:
    output = make_output(tmp_path)
    workbook = openpyxl.load_workbook(output / "roster.xlsx")
    sheet = workbook["Dinas Satu"]
    _swap_shown(sheet, 11, 12)
    column = cell_of(sheet, ANI, date(2021, 8, 11)).column
    assert sheet.cell(12, 4).value == "Ani Lestari"
    sheet.cell(12, column).value = "Sakit"
    workbook.save(tmp_path / "e.xlsx")
    check = check_workbook(tmp_path / "e.xlsx", output)
    assert [(e.person_id, e.after, e.address.cell[-2:]) for e in check.edits] == [(ANI, "sick", "12")]
    assert check.faults == () and "2 rows (11, 12)" in check.warnings[0].describe("en")
    done = replan(Request(output=output, from_xlsx=tmp_path / "e.xlsx", workers=1, effort=2.0), NOW)
    assert done.warnings == check.warnings
    _swap_shown(sheet, 11, 12)
    sheet["D11"].value, sheet["D12"].value = sheet["D12"].value, sheet["D11"].value
    workbook.save(tmp_path / "names.xlsx")
    faults = check_workbook(tmp_path / "names.xlsx", output / "revisions" / "1").faults
    assert [(f.row, f.problem.en) for f in faults] == [
        (row, "name and NIP are two people's") for row in (11, 12)
    ]


def test_a_merged_cell_speaks_for_every_day_that_it_covers_but_not_for_the_weekend(
    untouched: Path, tmp_path: Path
) -> None:
    workbook = openpyxl.load_workbook(untouched / "roster.xlsx")
    sheet = workbook["Dinas Satu"]
    friday, monday = (cell_of(sheet, ANI, date(2021, 8, day)).coordinate for day in (6, 9))
    sheet[friday].value = "Cuti"
    sheet.merge_cells(f"{friday}:{monday}")
    workbook.save(tmp_path / "e.xlsx")
    check = check_workbook(tmp_path / "e.xlsx", untouched)
    assert [(e.day.day, e.after) for e in check.edits] == [(6, "leave"), (9, "leave")]


def _copy_sheet(workbook: Any) -> None:
    workbook.copy_worksheet(workbook["Dinas Satu"])


def _insert_person(workbook: Any) -> None:
    sheet = workbook["Dinas Satu"]
    sheet.insert_rows(12)
    sheet["D12"].value, sheet["K12"].value = "Pegawai Baru", "WFH"


def _copy_column(workbook: Any) -> None:
    sheet = workbook["Dinas Satu"]
    sheet.insert_cols(8)
    for row in range(1, 15):
        if type(sheet.cell(row, 8)).__name__ == "Cell":
            sheet.cell(row, 8).value = sheet.cell(row, 7).value


def _doubt(workbook: Any) -> None:
    workbook["Dinas Satu"]["K11"].value = "WFH?"


def _older(workbook: Any) -> None:
    workbook["Dinas Satu"]["C1"].value = "giliran:revision=7"


def _further_year(workbook: Any) -> None:
    for cell in workbook["Dinas Satu"][2][6:18]:
        cell.value = cell.value.replace(year=2022)


@pytest.mark.parametrize(
    "harm, told",
    [
        (lambda workbook: workbook["Dinas Satu"].delete_cols(1), "sheet “Dinas Satu”: it looks like a roster"),
        (lambda workbook: workbook["Dinas Satu"].delete_rows(2), "holds the dates (row 2) is gone"),
        (_copy_sheet, "this unit is on sheet “Dinas Satu” already"),
        (_insert_person, "row 12: the row is nobody's on this unit's roster; found “Pegawai Baru”"),
        (_copy_column, "2 August 2021 is there twice: columns G and H"),
        (_doubt, "K11: the cell says nothing known; found “WFH?”"),
        (_older, "the sheet is of revision 7, not of revision 1"),
        (_further_year, "2 August 2022 to 13 August 2022, another period"),
    ],
    ids=["no ids", "no dates", "sheet twice", "new row", "column twice", "a doubt", "older sheet", "other period"],
)  # fmt: skip
def test_nothing_typed_is_passed_over_in_silence(
    untouched: Path, tmp_path: Path, harm: Any, told: str
) -> None:
    workbook = openpyxl.load_workbook(untouched / "roster.xlsx")
    harm(workbook)
    workbook.save(tmp_path / "e.xlsx")
    (fault,) = check_workbook(tmp_path / "e.xlsx", untouched).faults
    assert told in fault.describe("en")
    assert fault.describe("id") != fault.describe("en")


def test_a_day_and_a_person_that_were_deleted_are_told_and_taken_as_unchanged(
    untouched: Path, tmp_path: Path
) -> None:
    workbook = openpyxl.load_workbook(untouched / "roster.xlsx")
    sheet = workbook["Dinas Satu"]
    sheet.delete_cols(7)
    sheet.delete_rows(11)
    workbook.save(tmp_path / "e.xlsx")
    check = check_workbook(tmp_path / "e.xlsx", untouched)
    assert (check.edits, check.faults) == ((), ())
    said = [warning.describe("en") for warning in check.warnings]
    assert ["no column for 2 August 2021" in said[0], "found “Ani Lestari”" in said[1]] == [True, True]


def test_a_workbook_in_which_nothing_was_changed_makes_no_revision(tmp_path: Path) -> None:
    output = make_output(tmp_path)
    path = edit(output, tmp_path / "same.xlsx", {})
    with pytest.raises(UsageError, match="every cell is as in revision 1"):
        replan(Request(output=output, from_xlsx=path, workers=1, effort=2.0), NOW)
    assert not (output / "revisions").exists()
