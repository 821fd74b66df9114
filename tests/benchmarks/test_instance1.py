"""Curtois and Qu's Instance 1 becomes a scenario that the engine proves at the published optimum."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.instance1 import INSTANCE, Instance, duties_of, parse, published_objective, write_scenario
from scheduler.read.scenario import read_scenario
from tests.running import giliran


@pytest.fixture
def instance() -> Instance:
    return parse(INSTANCE.read_text(encoding="utf-8"))


def test_the_scenario_reads_with_all_people_days_and_requests(instance: Instance, tmp_path: Path) -> None:
    write_scenario(instance, tmp_path)
    (unit,) = read_scenario(tmp_path).problem.units
    assert (len(unit.people), len(unit.horizon.workdays)) == (8, 14)
    assert len(unit.preferences) == len(instance.requests) == 26


def test_the_published_objective_is_computed_from_the_text(instance: Instance) -> None:
    nobody = {nurse.name: [False] * 14 for nurse in instance.nurses}
    cost, broken = published_objective(instance, nobody)
    assert cost == 100 * sum(people for people, _, _ in instance.cover.values()) + sum(
        weight for _, _, wants, weight in instance.requests if wants
    )
    assert broken == [f"{nurse.name}: 0 shifts" for nurse in instance.nurses]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("0110000011111..", "only 2"),
        ("1111110011100", "6 shifts in a row"),
        ("0110110011111", "only 1 days off"),
        ("0100111001111", "only 1 shifts"),
        ("0011111001100", "on duty on a day off"),
    ],
)
def test_hard_rules_are_checked_one_by_one(instance: Instance, row: str, problem: str) -> None:
    bits = [letter == "1" for letter in row.ljust(14, "0")[:14]]
    rows = {nurse.name: bits for nurse in instance.nurses}
    broken = published_objective(instance, rows)[1]
    if problem == "only 2":
        assert not any("in a row" in sentence for sentence in broken)
    else:
        assert any(problem in sentence for sentence in broken), broken


def test_the_engine_proves_607_and_the_roster_costs_607_by_the_published_rules(
    instance: Instance, tmp_path: Path
) -> None:
    write_scenario(instance, tmp_path / "instance1")
    assert giliran("generate", tmp_path / "instance1", "--out", tmp_path / "output", "-q").code == 0
    certificate = json.loads((tmp_path / "output" / "certificate.json").read_text(encoding="utf-8"))
    found = {objective["name"]: objective for objective in certificate["units"][0]["objectives"]}
    assert (found["preferences"]["value"], found["preferences"]["bound"]) == (607, 607)
    duties = duties_of(tmp_path / "output" / "roster.csv")
    assert published_objective(instance, duties) == (607, [])
