"""OUTPUT may be a period's folder or the scenario's; a crash's leftovers are settled; a bad certificate is told."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from scheduler.errors import InputError
from scheduler.read.outputs.output_folder import (
    certified_period,
    period_of_name,
    read_certificate,
    resolve_output,
    revision_folders,
)
from scheduler.read.outputs.recovery import Siblings

GOOD = {"revision": 2, "period": {"from": "2021-07-28", "to": "2021-08-11"}}


def period(parent: Path, name: str) -> Path:
    folder = parent / name
    folder.mkdir(parents=True)
    (folder / "certificate.json").write_text(json.dumps(GOOD))
    return folder


def test_the_folder_of_a_period_is_taken_as_it_is(tmp_path: Path) -> None:
    folder = period(tmp_path, "anything")
    assert resolve_output(folder) == folder


def test_of_a_scenarios_folder_the_latest_period_is_taken(tmp_path: Path) -> None:
    period(tmp_path, "2021-07-28_2021-08-11")
    latest = period(tmp_path, "2021-08-12_2021-08-31")
    period(tmp_path, "z")
    period(tmp_path, "2021-99-12_2021-99-31")
    (tmp_path / "2022-01-01_2022-01-31").mkdir()
    assert resolve_output(tmp_path) == latest


@pytest.mark.parametrize("given", ["", "2021-07-28_2021-08-11"])
def test_a_revision_that_a_crash_left_aside_is_found(tmp_path: Path, given: str) -> None:
    folder = period(tmp_path, "2021-07-28_2021-08-11")
    folder.rename(Siblings.of(folder).previous)
    assert resolve_output(tmp_path / given) == folder
    assert folder.is_dir() and not Siblings.of(folder).previous.exists()


def test_what_is_no_output_folder_is_an_error_that_says_what_to_give(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for path, words in (
        (tmp_path, "certificate.json"),
        (tmp_path / "file", "this is a file"),
        (tmp_path / "no", "not exist"),
    ):
        with pytest.raises(InputError) as caught:
            resolve_output(path)
        assert words in caught.value.describe("en") and str(path) in caught.value.describe("id")
        assert "giliran generate" in caught.value.describe("id")


def test_a_loop_of_links_is_an_error_and_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "a")
    with pytest.raises(InputError, match="Faulty input"):
        resolve_output(tmp_path / "a")


def test_names_of_periods_are_two_dates() -> None:
    assert period_of_name("2021-07-28_2021-08-11") == (date(2021, 7, 28), date(2021, 8, 11))
    assert period_of_name("2021-02-30_2021-03-01") is None
    assert period_of_name(".2021-07-28_2021-08-11.new") is None


def test_revisions_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for name in ("10", "9", "1", "01", "x", "0"):
        (tmp_path / "revisions" / name).mkdir(parents=True)
    (tmp_path / "revisions" / "3").write_text("")
    assert [number for number, _ in revision_folders(tmp_path)] == [1, 9, 10]
    assert revision_folders(tmp_path / "none") == []


def test_a_certificate_is_read_with_its_period(tmp_path: Path) -> None:
    document = read_certificate(period(tmp_path, "x"))
    assert document == GOOD
    assert certified_period(document) == (date(2021, 7, 28), date(2021, 8, 11))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "JSON"),
        ("{", "JSON"),
        ("[" * 100_000, "JSON"),
        ("[]", "no object"),
        ("{}", "revision"),
        ('{"revision": "2"}', "revision"),
        ('{"revision": 0}', "revision"),
        ('{"revision": 1}', "period"),
        ('{"revision": 1, "period": []}', "period"),
        ('{"revision": 1, "period": {"from": 1, "to": 2}}', "period"),
        ('{"revision": 1, "period": {"from": "2021-02-30", "to": "2021-03-01"}}', "period"),
        ('{"revision": 1, "period": {"from": "2021-03-02", "to": "2021-03-01"}}', "wrong way round"),
    ],
)
def test_a_spoilt_certificate_is_one_fault_with_what_to_do(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "certificate.json").write_text(text)
    with pytest.raises(InputError) as caught:
        read_certificate(tmp_path)
    assert words in caught.value.describe("en")
    assert "cadangan" in caught.value.describe("id")


def test_a_missing_certificate_is_one_fault(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Faulty input") as caught:
        read_certificate(tmp_path)
    assert "cannot be read" in caught.value.describe("en")
