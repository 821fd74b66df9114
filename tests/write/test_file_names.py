"""A unit's name becomes a file name that is readable, unique, and harmless on every system."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.write.file_names import unit_file_name, unit_file_names

DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"COM{n}" for n in range(10)), *(f"LPT{n}" for n in range(10))}


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("Dinas Kesehatan", "Dinas Kesehatan"),
        (
            "Badan Kepegawaian, Pendidikan & Pelatihan (BKPSDM)",
            "Badan Kepegawaian, Pendidikan & Pelatihan (BKPSDM)",
        ),
        ("RSUD ../Contoh", "RSUD ..-Contoh"),
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\Windows", "C-Windows"),
        ("/", "unit"),
        ("", "unit"),
        ("..", "unit"),
        ("CON", "CON_"),
        ("nul", "nul_"),
        ("com1.bagian", "com1_.bagian"),
        ("LPT¹", "LPT¹_"),
        ("aux .x", "aux_.x"),
        ("Contoh. . ", "Contoh"),
        (".tersembunyi", "tersembunyi"),
        ("-rf", "rf"),
        ("~$roster", "roster"),
        ("Bagian\tUmum\nSetda", "Bagian Umum Setda"),
        ("a\x00b\u202ec\u200bd", "abcd"),
        ("Seksi [A]", "Seksi (A)"),
        ("Kantor?*", "Kantor"),
        ("Cafe\u0301", "Café"),
    ],
)
def test_names_stay_readable_and_lose_what_does_harm(name: str, file: str) -> None:
    assert unit_file_name(name) == file


@given(st.text())
def test_no_name_escapes_or_is_refused_by_windows(name: str) -> None:
    file = unit_file_name(name)
    assert file
    assert not set(file) & set('<>:"/\\|?*')
    assert not any(unicodedata.category(c).startswith("C") for c in file)
    assert file[0] not in ". -~" and file[-1] not in ". "
    assert file.partition(".")[0].strip().upper() not in DEVICES
    assert len((file + ".xlsx").encode()) <= 200
    assert unicodedata.normalize("NFC", file) == file


def test_a_long_name_is_cut_between_characters() -> None:
    assert len(unit_file_name("Dinas " * 60)) <= 80
    assert len(unit_file_name("部" * 300).encode()) <= 160
    assert set(unit_file_name("部" * 300)) == {"部"}


def test_names_that_differ_in_case_or_width_only_get_numbers() -> None:
    files = unit_file_names(["Dinas A", "DINAS A", "dinas a", "Ｄinas A", "Dinas B"])
    assert len({unicodedata.normalize("NFKC", f).casefold() for f in files.values()}) == 5
    assert files["Dinas B"] == "Dinas B"


def test_names_that_become_the_same_file_get_numbers() -> None:
    assert unit_file_names(["a/b", "a:b", "a-b"]) == {"a/b": "a-b (2)", "a:b": "a-b (3)", "a-b": "a-b"}


def test_a_number_does_not_fall_on_a_name_that_exists() -> None:
    files = unit_file_names(["A", "a", "A (2)"])
    assert len({file.casefold() for file in files.values()}) == 3
    assert files["A (2)"] == "A (2)"


def test_the_order_of_the_units_does_not_change_their_files() -> None:
    names = ["x/y", "x:y", "X-Y", "z"]
    assert unit_file_names(names) == unit_file_names(list(reversed(names)))
    assert list(unit_file_names(names)) == names


@given(st.lists(st.text(max_size=100), max_size=12))
def test_all_files_are_different_where_case_does_not_count(names: list[str]) -> None:
    files = unit_file_names(names)
    assert set(files) == set(names)
    keys = {unicodedata.normalize("NFKC", file).casefold() for file in files.values()}
    assert len(keys) == len(files)
    assert all(len(file) <= 80 for file in files.values())
