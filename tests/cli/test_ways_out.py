"""Planted conflicts in scenario folders: every way out is taken as a user would, and lets a roster be made."""

from __future__ import annotations

import csv
import json
import re
import shlex
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from scheduler.cli.main import group

COLUMNS = ("person_id", "name", "unit", "rank", "it_capable", "service_post")
FIRST = ("Ani", "Budi", "Citra", "Dedi", "Eka", "Fajar", "Gita", "Hadi", "Ika", "Joko", "Kiki", "Lina")
POLICY = """
title = "Uji"
timezone = "Asia/Makassar"

[letter]
date = 2021-07-30

[period]
from = 2021-08-02
to = {last}
holidays = "none"
"""


def scenario(
    folder: Path,
    rules: str,
    people: Mapping[int, Mapping[str, str]],
    *,
    last: str = "2021-08-06",
    absences: Sequence[tuple[int, str]] = (),
    pins: Sequence[tuple[int, str, str]] = (),
) -> Path:
    """Twelve officials, of whom `people` has what is particular, with their leave and pins."""
    folder.mkdir()
    (folder / "policy.toml").write_text(POLICY.format(last=last) + rules, encoding="utf-8")
    rows = [
        {"person_id": f"198001012005011{i + 1:03}", "name": f"{name} Lestari", "unit": "Dinas", "rank": "pelaksana",
         "it_capable": "ya", "service_post": "", **people.get(i, {})}
        for i, name in enumerate(FIRST)
    ]  # fmt: skip
    write(folder / "staff.csv", COLUMNS, rows)
    ids = [row["person_id"] for row in rows]
    write(folder / "absences.csv", ("person_id", "from", "to", "kind"),
          [{"person_id": ids[i], "from": day, "to": day, "kind": "cuti"} for i, day in absences])  # fmt: skip
    write(folder / "pins.csv", ("person_id", "date", "status", "why"),
          [{"person_id": ids[i], "date": day, "status": status, "why": "rapat"} for i, day, status in pins])  # fmt: skip
    return folder


def write(path: Path, columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, columns)
        table.writeheader()
        table.writerows(rows)


def counter(folder: Path) -> Path:
    return scenario(
        folder,
        '[[rules.home_quota]]\nshare = "50%"\n[[rules.service_post]]\nname = "Loket"\nat_least = 4\n',
        {i: {"service_post": "Loket"} for i in range(6)},
        absences=[(1, "2021-08-03"), (2, "2021-08-03")], pins=[(0, "2021-08-03", "wfh")],
    )  # fmt: skip


def able(folder: Path) -> Path:
    return scenario(
        folder,
        '[[rules.home_quota]]\nshare = "50%"\nrounding = "nearest"\nmode = "exact"\n[[rules.it_capable]]\n'
        '[[rules.stint]]\nhome = 1\noffice = "any"\n',
        {i: {"it_capable": "tidak"} for i in range(6)}, last="2021-08-03",
    )  # fmt: skip


def desks(folder: Path) -> Path:
    return scenario(
        folder,
        '[[rules.cohort]]\ngroups = 2\nevery = "day"\n[[rules.capacity]]\nat_most = 4\n', {}, last="2021-08-03",
    )  # fmt: skip


def weekly(folder: Path) -> Path:
    return scenario(
        folder,
        '[[rules.home_quota]]\nshare = "60%"\nrounding = "nearest"\nmode = "at_least"\n'
        '[[rules.home_count]]\nper = "week"\nat_most = 2\n',
        {},
    )  # fmt: skip


def floor(folder: Path) -> Path:
    return scenario(
        folder,
        '[[rules.home_quota]]\nshare = "50%"\n'
        '[[rules.min_on_site]]\nfor = { rank = "pengawas" }\nat_least = 2\nstrict = true\n',
        {i: {"rank": "pengawas"} for i in range(3)}, absences=[(0, "2021-08-05"), (1, "2021-08-05")],
    )  # fmt: skip


def two_at_once(folder: Path) -> Path:
    """A counter short on Tuesday, and another on Thursday: a way out needs a change for each."""
    posts = '[[rules.service_post]]\nname = "Loket"\nat_least = 2\n[[rules.service_post]]\nname = "Arsip"\nat_least = 2\n'
    staff = {i: {"service_post": "Loket" if i < 2 else "Arsip"} for i in range(4)}
    return scenario(
        folder, '[[rules.home_quota]]\nshare = "50%"\n' + posts, staff,
        pins=[(0, "2021-08-03", "wfh"), (2, "2021-08-05", "wfh")],
    )  # fmt: skip


CASES: dict[Callable[[Path], Path], set[str]] = {
    counter: {"service_post[Loket]", "absence", "pin"},
    able: {"home_quota", "stint", "it_capable"},
    desks: {"cohort", "capacity"},
    weekly: {"home_quota", "home_count"},
    floor: {"min_on_site", "absence"},
    two_at_once: {"service_post[Loket]", "service_post[Arsip]", "pin"},
}


def run(*words: str) -> Result:
    return CliRunner().invoke(group, list(words), standalone_mode=False)


def take(folder: Path, change: Mapping[str, Any], staff: str = "person_id") -> None:
    """Take back a line of a table, or write “Ya” in the staff list, as the sentence asks."""
    name = {"pin": "pins.csv", "absence": "absences.csv", "it_capable": "staff.csv"}[change["kind"]]
    with (folder / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
        columns = list(rows[0])
    person, day = change["person_id"], change["date"]
    if change["kind"] == "it_capable":
        rows = [{**row, "it_capable": "Ya"} if row[staff] == person else row for row in rows]
    else:
        kept = [r for r in rows if not (r[staff] == person and day in (r.get("date"), r.get("from")))]
        assert len(kept) == len(rows) - 1
        rows = kept
    write(folder / name, columns, rows)


@pytest.mark.parametrize("make", CASES, ids=lambda make: make.__name__)
def test_every_way_out_taken_as_a_user_would_lets_a_roster_be_made(
    make: Callable[[Path], Path], tmp_path: Path
) -> None:
    folder = make(tmp_path / "dinas")
    said = run("explain", str(folder), "--json")
    assert said.return_value == 4
    found = json.loads(said.output)
    assert {rule for conflict in found["conflicts"] for rule in conflict["rules"]} == CASES[make]
    assert found["ways_out"]
    assert [way["cost"] for way in found["ways_out"]] == sorted(way["cost"] for way in found["ways_out"])
    for number, way in enumerate(found["ways_out"]):
        tried = Path(shutil.copytree(folder, tmp_path / f"try{number}"))
        for change in way["changes"]:
            if change["kind"] != "setting":
                assert not change["in_policy"]
                take(tried, change)
        typed = shlex.split(way["flags"])
        assert way["flags"] in way["en"] or len(way["changes"]) > 1
        again = run("explain", str(tried), *typed, "--json")
        assert (again.return_value, json.loads(again.output)["feasible"]) == (0, True), way["en"]
        if number == 0 and make is counter:
            made = run("generate", str(tried), *typed, "--out", str(tried / "out"), "--workers", "1",
                       "--effort", "0.5", "--executor", "here")  # fmt: skip
            assert made.exception is None, way["en"]


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("make", CASES, ids=lambda make: make.__name__)
def test_an_explanation_fits_80_columns_and_names_what_there_is(
    make: Callable[[Path], Path], language: str, tmp_path: Path
) -> None:
    said = run("explain", str(make(tmp_path / "dinas")), "--lang", language).output
    assert all(len(line) <= 80 for line in said.splitlines())
    flat = " ".join(said.split())
    dated = {"id": r"[1-9]\d? Agustus 2021", "en": r"[1-9]\d? August 2021"}[language]
    assert re.search(dated, flat)
    assert {"id": "Jalan keluar, termurah dulu", "en": "Ways out, cheapest first"}[language] in flat
    for rule in CASES[make] & {"service_post[Loket]"}:
        assert rule.removeprefix("service_post[").removesuffix("]") in flat


def test_a_pin_that_the_policy_itself_makes_is_to_be_changed_in_the_policy(tmp_path: Path) -> None:
    rules = (
        '[[rules.home_quota]]\nshare = "50%"\n[[rules.service_post]]\nname = "Loket"\nat_least = 2\n'
        '[[rules.pin]]\nfor = { person = "Ani Lestari" }\nwhen = { dates = [2021-08-03] }\nstatus = "home"\n'
    )
    folder = scenario(tmp_path / "dinas", rules, {i: {"service_post": "Loket"} for i in (0, 1)})
    found = json.loads(run("explain", str(folder), "--json").output)
    pins = [change for way in found["ways_out"] for change in way["changes"] if change["kind"] == "pin"]
    assert pins and all(change["in_policy"] for change in pins)
    assert any(
        way["en"].startswith("policy.toml: take back the pin of Ani Lestari") for way in found["ways_out"]
    )
