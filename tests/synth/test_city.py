"""Invented cities: the asked size, the same by the same seed, and a folder that generates at once."""

from __future__ import annotations

import csv
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.pipeline import Order, read_problem
from scheduler.read.staff import read_staff
from scheduler.synth.city import STAFF_COLUMNS, make_city
from tests.running import giliran

UNIT, NIP, NAME = (STAFF_COLUMNS.index(word) for word in ("Unit Kerja", "NIP", "Nama"))


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 900), st.integers(1, 40), st.integers(0, 99))
def test_a_city_has_as_many_people_and_units_as_asked(staff: int, units: int, seed: int) -> None:
    units = min(staff, units)
    city = make_city(staff, units, seed)
    assert len(city.staff) == staff
    assert len({row[UNIT] for row in city.staff}) == units
    assert len({row[NIP] for row in city.staff}) == staff
    assert city == make_city(staff, units, seed)


def test_another_seed_is_another_city() -> None:
    assert make_city(50, 2, 1).staff != make_city(50, 2, 2).staff


def test_a_large_city_gives_no_number_twice_and_sizes_differ_as_log_normal_ones_do() -> None:
    city = make_city(15_000, 330, 3)
    assert len({row[NIP] for row in city.staff}) == 15_000
    sizes = sorted(Counter(row[UNIT] for row in city.staff).values())
    assert sizes[0] < 12
    assert sizes[-1] > 200
    assert sizes[len(sizes) // 2] < sum(sizes) / len(sizes)  # the median is below the mean: a long tail


def test_more_units_than_people_are_refused() -> None:
    with pytest.raises(ValueError, match="at least as many people"):
        make_city(3, 4)
    assert giliran("synth", "x", "--staff", 3, "--units", 4, "--lang", "en").code == 2


@pytest.mark.parametrize(("staff", "units", "seed"), [(1, 1, 0), (9, 4, 1), (120, 5, 2)])
def test_the_folder_is_read_without_a_fault(tmp_path: Path, staff: int, units: int, seed: int) -> None:
    folder = tmp_path / "kota"
    assert giliran("synth", folder, "--staff", staff, "--units", units, "--seed", seed, "-q").code == 0
    scenario = read_problem(Order(scenario=folder))
    people = [person for unit in scenario.problem.units for person in unit.people]
    assert len(people) == staff
    assert all(person.name and person.id and person.rank for person in people)
    assert [warning for warning in scenario.warnings if warning.file.endswith(".csv")] == []


def test_the_ranks_are_those_of_the_posts(tmp_path: Path) -> None:
    folder = tmp_path / "kota"
    assert giliran("synth", folder, "--staff", 300, "--units", 6, "--seed", 5, "-q").code == 0
    ranks = Counter(person.rank for person in read_staff(folder / "staff.csv").people)
    assert set(ranks) == {"jpt", "administrator", "pengawas", "pelaksana", "fungsional", "non_asn"}
    assert ranks["pelaksana"] + ranks["non_asn"] > 150


def test_the_same_command_gives_the_same_bytes_and_never_overwrites(tmp_path: Path) -> None:
    made = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        assert giliran("synth", tmp_path / name / "kota", "--staff", 40, "--seed", 7, "-q").code == 0
        made.append(
            {path.name: path.read_bytes().replace(str(tmp_path / name).encode(), b"") for path in (tmp_path / name / "kota").iterdir()}
        )  # fmt: skip
    assert made[0] == made[1]
    again = giliran("synth", tmp_path / "a" / "kota", "--staff", 40, "--lang", "en")
    assert again.code == 2
    assert "nothing is overwritten" in again.err


def test_it_generates_at_once_and_with_evidence_is_judged_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "kota"
    ran = giliran("synth", folder, "--staff", 24, "--units", 2, "--seed", 3, "--evidence", "--lang", "en")
    assert ran.code == 0, ran.err
    assert (folder / "output" / "roster.xlsx").is_file()
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as file:
        truth = list(csv.DictReader(file))
    assert len(truth) > 100
    assert giliran("verify", folder / "output", "-q").code == 0
    aliases = folder / "evidence" / "aliases.csv"
    judged = giliran("checkins", folder / "output", folder / "evidence", "--aliases", aliases, "--lang", "en")
    assert (judged.code, "not recognised" in judged.err) == (0, False)
    dates = sorted({row["date"] for row in truth})
    assert all(a < b for a, b in pairwise(dates))
