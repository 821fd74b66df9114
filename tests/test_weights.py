"""Weights of a policy, from the file to the screens, the certificate, the checker, the replanned and the kept roster."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scheduler.errors import InputError
from scheduler.verify import audit
from scheduler.weighing import WEIGHED
from tests.running import giliran
from tests.scenarios import person, solved, write_scenario

RULES = """
[objectives]
weights = { fairness_spread = 100, fairness_total = 5, preferences = 300 }

[[rules.home_quota]]
name = "p"
share = "50%"
"""
WISHES = "person_id,date,status,weight\n" + "".join(
    f"{person(1)['NIP']},2021-08-0{day},home,2\n" for day in range(2, 7)
)


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    staff = [person(n) for n in range(1, 5)] + [person(n, unit="Dinas Lain") for n in range(5, 9)]
    return write_scenario(tmp_path / "weighed", RULES, staff, preferences=WISHES)


@pytest.fixture
def output(scenario: Path, tmp_path: Path) -> Path:
    assert giliran("generate", scenario, "--out", tmp_path / "out", "--effort", 2, "-q").code == 0
    return tmp_path / "out"


def test_the_certificate_has_the_sum_with_its_bound_and_the_parts_with_their_weights(output: Path) -> None:
    certificate = json.loads((output / "certificate.json").read_text(encoding="utf-8"))
    assert certificate["optimal"] is True and certificate["within"] == {}
    assert certificate["weights"]["preferences"] == 300
    assert certificate["measures"]["weighted_sum"] == "thousandths of the weights"
    for unit in certificate["units"]:
        shortfall, whole, *parts = unit["objectives"]
        assert (shortfall["name"], whole["name"]) == ("shortfall", "weighted_sum")
        assert whole["value"] == whole["bound"]
        assert [part["name"] for part in parts] == list(WEIGHED)
        counted = {"preferences": 1000, "fairness_spread": 1, "fairness_total": 1}
        assert whole["value"] == sum(p["weight"] * counted.get(p["name"], 1) * p["value"] for p in parts)
        assert {part["part_of"] for part in parts} == {"weighted_sum"}


def test_what_is_minimised_is_said_in_both_languages(output: Path, scenario: Path) -> None:
    for language, words in (("id", "Tujuan ditimbang"), ("en", "Objectives are weighed")):
        said = giliran("generate", scenario, "--out", output, "--effort", 2, "--lang", language).out
        assert words in said and "preferences = 300" in " ".join(said.split())
    assert "Tujuan ditimbang" in (output / "roster.html").read_text(encoding="utf-8")


def test_the_checker_refuses_a_false_sum(output: Path) -> None:
    assert giliran("verify", output).code == 0
    path = output / "certificate.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["units"][0]["objectives"][1]["value"] -= 1
    path.write_text(json.dumps(document), encoding="utf-8")
    ran = giliran("verify", output, "--lang", "en")
    assert ran.code == 5
    assert "weighted_sum: the solver claimed" in ran.out


def test_a_replanned_unit_and_one_that_is_kept_go_on_under_the_weights(output: Path) -> None:
    absent = f"{person(2)['NIP']}:2021-08-04=sick"
    ran = giliran("replan", output, "--absent", absent, "--as-of", "2021-08-03", "-q")
    assert ran.code == 0, ran.err
    certificate = json.loads((output / "certificate.json").read_text(encoding="utf-8"))
    names = [[o["name"] for o in unit["objectives"]][:3] for unit in certificate["units"]]
    assert names == [["shortfall", "changes", "weighted_sum"]] * 2
    assert certificate["optimal"] is True
    assert giliran("verify", output).code == 0


def test_any_number_of_workers_makes_the_same_roster(scenario: Path) -> None:
    one, two = (solved(scenario, workers=workers, effort=2.0) for workers in (1, 2))
    assert [(r.roster, r.objectives) for r in one.results] == [(r.roster, r.objectives) for r in two.results]


def test_weights_can_be_set_for_one_run(scenario: Path) -> None:
    wishes = [
        audit(r.unit, r.roster).objectives["preferences"]
        for weight in (300, 0)
        for r in solved(scenario, f"--set objectives.weights.preferences={weight}", ["Dinas Uji"]).results
    ]
    assert wishes[0] < wishes[1]
    with pytest.raises(InputError) as caught:
        solved(scenario, "--set objectives.weights.fairnes_spread=1")
    said = caught.value.faults[0].describe("en")
    assert "--set objectives.weights.fairnes_spread=1" in said and "“fairness_spread”" in said
