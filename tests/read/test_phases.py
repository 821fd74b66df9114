"""Phases of one policy: what each changes, what follows what, and what is wrong with its file and line."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest

from scheduler.errors import InputError
from scheduler.pipeline import Order, generate, order_next, read_problem
from scheduler.read.tweaks import Tweaks
from tests.running import ROSTERS, giliran
from tests.scenarios import person, tweaks_of, write_scenario

RULES = """
[[phases]]
name = "satu"
from = 2021-08-02
to = 2021-08-06

[[phases]]
name = "dua"
from = 2021-08-09
to = 2021-08-20
title = "Uji, tahap dua"
letter = { number = "2/2021" }
change = { "home_quota[pelaksana].share" = "25%" }
drop = ["stint"]

[[phases.rules.home_count]]
at_most = 2

[[phases]]
name = "tiga"
from = 2021-08-23
to = 2021-08-27

[letter]
number = "1/2021"

[[rules.home_quota]]
name = "pelaksana"
for = { rank = "pelaksana" }
share = "50%"

[[rules.stint]]
home = [1, 2]
"""
STAFF = [person(1, "Kepala Dinas", Eselon="II.b"), *(person(n) for n in range(2, 7))]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_scenario(tmp_path / "uji", RULES, STAFF)


def order(folder: Path, words: str = "") -> Order:
    return Order(scenario=folder, tweaks=tweaks_of(words), effort=1.0, workers=1)


def test_generate_makes_the_first_phase_or_the_one_named(folder: Path) -> None:
    first = read_problem(order(folder)).problem
    assert (first.first.isoformat(), first.last.isoformat()) == ("2021-08-02", "2021-08-06")
    assert first.policy.letter.number == "1/2021"
    second = read_problem(order(folder, "--phase DUA")).problem
    assert (second.first.isoformat(), second.last.isoformat()) == ("2021-08-09", "2021-08-20")
    assert second.policy.letter.number == "2/2021"
    assert second.policy.title == "Uji, tahap dua"


def test_a_phase_changes_drops_and_adds_rules(folder: Path) -> None:
    rules = {r.label: r for r in read_problem(order(folder, "--phase dua")).problem.policy.rules}
    assert set(rules) == {"home_quota[pelaksana]", "home_count"}
    assert str(rules["home_quota[pelaksana]"].share) == "1/4"  # type: ignore[attr-defined]
    third = {r.label: r for r in read_problem(order(folder, "--phase tiga")).problem.policy.rules}
    assert set(third) == {"home_quota[pelaksana]", "stint"}


def test_a_flag_is_stronger_than_the_phase(folder: Path) -> None:
    problem = read_problem(order(folder, "--phase dua --quota pelaksana=75%")).problem
    assert str(problem.policy.rules[0].share) == "3/4"  # type: ignore[attr-defined]


def test_the_phase_is_a_reading(folder: Path) -> None:
    readings = {r.key: r.text for r in read_problem(order(folder, "--phase dua")).problem.policy.readings}
    assert readings["phase"].en.startswith("Phase 2 of 3: “dua”")


def test_next_goes_from_phase_to_phase_and_then_on_with_the_last(folder: Path, tmp_path: Path) -> None:
    outs = [tmp_path / f"out{n}" for n in range(4)]
    outcome = generate(Order(scenario=folder, out=outs[0], effort=1.0, workers=1))
    spans = []
    for before, after in itertools.pairwise(outs):
        following = order_next(before, None, Tweaks(), None, {"out": after, "effort": 1.0, "workers": 1})
        outcome = generate(following)
        spans.append((outcome.roster.problem.first.isoformat(), outcome.roster.problem.last.isoformat()))
        assert outcome.roster.problem.ledger.entries
        assert outcome.roster.problem.units[0].adjoins
    assert spans == [
        ("2021-08-09", "2021-08-20"),
        ("2021-08-23", "2021-08-27"),
        ("2021-08-30", "2021-09-03"),
    ]
    recorded = json.loads((outs[1] / "certificate.json").read_text(encoding="utf-8"))["flags"]
    assert recorded["--phase"] == "dua"
    assert outcome.roster.flags["--phase"] == "tiga"


def test_the_four_phases_of_bontang_follow_one_another(tmp_path: Path) -> None:
    out = tmp_path / "1"
    ran = giliran("generate", ROSTERS / "bontang", "--out", out, "--effort", 1, "--lang", "en")
    assert ran.code == 0
    for number, dates in enumerate(("2020-04-01", "2020-04-22", "2020-05-14"), 2):
        following = tmp_path / str(number)
        assert giliran("next", out, "--out", following, "--effort", 1).code == 0
        period = json.loads((following / "certificate.json").read_text(encoding="utf-8"))["period"]
        assert period["from"] == dates
        out = following
    assert period["to"] == "2020-05-29"


FAULTS = [
    ('change = { "home_quota[pelaksana].share" = "25%" }', 'change = { "home_quota[pelaksana].share" = "250%" }', 19, "“100%”"),
    ('change = { "home_quota[pelaksana].share" = "25%" }', 'change = { "home_quota[pelaksana].shares" = 1 }', 19, "“share”"),
    ('drop = ["stint"]', 'drop = ["stnt"]', 20, "“stint”"),
    ("at_most = 2", "at_mst = 2", 23, "“at_most”"),
    ("from = 2021-08-09", "from = 2021-08-06", 15, "2021-08-07"),
    ("to = 2021-08-20", "to = 2021-08-01", 13, "must not be after"),
    ('name = "tiga"', 'name = "Dua"', 26, "the same name"),
    ('name = "tiga"', 'nam = "tiga"', 26, "“name”"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "line", "remedy"), FAULTS)
def test_a_fault_of_any_phase_is_told_with_its_line_whichever_is_made(
    tmp_path: Path, right: str, wrong: str, line: int, remedy: str
) -> None:
    folder = write_scenario(tmp_path / "s", RULES.replace(right, wrong), STAFF)
    with pytest.raises(InputError) as caught:
        read_problem(order(folder))
    found = [fault for fault in caught.value.faults if remedy in fault.describe("en")]
    assert [fault.row for fault in found] == [line]
    assert found[0].file.endswith("policy.toml")


def test_a_phase_that_does_not_exist_is_refused_with_the_nearest(folder: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_problem(order(folder, "--phase duwa"))
    assert "“dua”" in caught.value.describe("en")
