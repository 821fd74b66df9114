"""The five governments' lists read back equal to the truth beside them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from scheduler.problem import Person
from scheduler.read.staff import read_staff

DATA = Path(__file__).parents[1] / "data" / "staff"
GOVERNMENTS = sorted(folder.name for folder in DATA.iterdir())
PEOPLE = {"bontang": 136, "luwu-utara": 618, "parepare": 112, "paser": 357, "tangsel": 152}


def as_truth(person: Person) -> dict[str, str]:
    def shown(value: bool | None) -> str:
        return "" if value is None else str(value)

    return {
        "person_id": person.id,
        "name": person.name,
        "nip": person.nip,
        "rank": person.rank,
        "echelon": person.echelon,
        "position": person.position,
        "unit": person.unit,
        "sub_unit": person.sub_unit,
        "employment": person.employment,
        "it_capable": shown(person.it_capable),
        "service_post": ";".join(person.service_posts),
        "monitor": shown(person.monitor),
        "supervisor": person.supervisor,
        "telegram": person.telegram,
    }


def staff_file(government: str) -> Path:
    return next((DATA / government).glob("staff.*"))


@pytest.mark.parametrize("government", GOVERNMENTS)
def test_a_list_reads_back_equal_to_its_truth_in_every_field(government: str) -> None:
    with (DATA / government / "truth.csv").open(encoding="utf-8", newline="") as file:
        truth = list(csv.DictReader(file))
    people = read_staff(staff_file(government)).people
    assert len(people) == len(truth) == PEOPLE[government]
    for person, row in zip(people, truth, strict=True):
        got = as_truth(person)
        if not row["person_id"]:  # the NIP was typed as a number: the id is our own, and no NIP
            assert not person.id.isdigit()
            assert person.id.startswith(("bagian-", "kantor-", "kelurahan-", "sd-"))
            got["person_id"] = ""
        assert got == row


@pytest.mark.parametrize("government", GOVERNMENTS)
def test_every_row_of_a_list_is_a_person_or_is_reported(government: str) -> None:
    staff = read_staff(staff_file(government))
    assert sum(reading.people for reading in staff.recognised) == len(staff.people)
    assert len({person.id for person in staff.people}) == len(staff.people)
    assert all(reading.header_rows[0] for reading in staff.recognised)
    assert not any(reading.ignored for reading in staff.recognised)


def test_only_parepare_warns_and_only_of_the_numeric_nips_by_row() -> None:
    warned = {g: read_staff(staff_file(g)).warnings for g in GOVERNMENTS}
    assert {g for g, warnings in warned.items() if warnings} == {"parepare"}
    rows = [w.row for w in warned["parepare"]]
    assert len(rows) == len(set(rows)) == 64
    assert all(
        w.sheet == "Sheet1" and w.field == "NIP" and "digit" in w.problem.en for w in warned["parepare"]
    )
    assert warned["parepare"][0].value == "196301051994012000"


def test_the_units_homes_and_phones_of_bontang_are_numbers_people_can_use() -> None:
    first = read_staff(staff_file("bontang")).people[0]
    assert (first.latitude, first.longitude) == (0.13337, 117.49099)
    assert first.phone == "6285613221155"
    assert first.unit_class == "bagian"
    assert first.printed_name == "Lamar Pangestu, S.T."
    assert first.grade == "IV/a"
    assert first.row == 2


def test_the_sections_column_numbers_and_signature_of_luwu_utara_are_reported() -> None:
    (reading,) = read_staff(staff_file("luwu-utara")).recognised
    assert reading.header_rows == (5, 5)
    assert [row for row, _, kind in reading.sections if kind == "unit"] == [7, 52, 144, 177, 549, 625]
    assert [row for row, _, _ in reading.skipped] == [6, 633, 634, 637, 638]


def test_the_two_header_rows_of_tangsel_give_each_column_its_own_meaning() -> None:
    (reading,) = read_staff(staff_file("tangsel")).recognised
    assert reading.header_rows == (3, 4)
    assert dict(reading.columns)["Nama / Gelar Depan"] == "title_before"
    assert dict(reading.columns)["Jabatan / Eselon"] == "echelon"
