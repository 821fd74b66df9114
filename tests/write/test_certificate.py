"""certificate.json: what went in, what is proven, what it replaced; nothing that changes by itself."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scheduler.language import Bilingual
from scheduler.problem import Reading
from scheduler.roster import OBJECTIVES, ObjectiveValue, Roster, Violation
from scheduler.weighing import WEIGHTED_SUM
from scheduler.write.certificate import (
    MEASURES,
    certificate,
    file_hashes,
    installed_versions,
    sha256_of,
    write_certificate,
)
from tests.samples import sample_roster


def certify(roster: Roster, **more: Any) -> dict[str, Any]:
    return certificate(roster, **{"inputs": {}, "versions": {}, "seed": 7, **more})


def with_objectives(*objectives: ObjectiveValue, measured: dict[str, int] | None = None) -> Roster:
    """The sample with these passes in each unit, and what the verifier measured."""
    sample = sample_roster()
    measured = measured if measured is not None else {o.name: o.value for o in objectives}
    results = tuple(
        replace(r, objectives=objectives, audit=replace(r.audit, objectives=measured)) for r in sample.results
    )
    return replace(sample, results=results)


def value(name: str, reached: int, bound: int) -> ObjectiveValue:
    return ObjectiveValue(name=name, value=reached, bound=bound)


PROVEN = value("shortfall", 3, 3), value("fairness_spread", 1000, 1000)


def test_it_names_scenario_period_zone_language_and_letter() -> None:
    document = certify(sample_roster())
    assert document["scenario"] == "contoh"
    assert document["period"] == {"from": "2021-07-28", "to": "2021-08-11"}
    assert (document["timezone"], document["language"]) == ("Asia/Makassar", "id")
    assert document["letter"]["number"] == "800/935/BKPSDM/2021"
    assert document["letter"]["date"] == "2021-07-27"


def test_it_holds_inputs_versions_seed_effort_and_flags_in_alphabetical_order() -> None:
    roster = replace(sample_roster(), flags={"--unit": "RSUD *", "--seed": "7"})
    document = certify(
        roster, inputs={"staff.csv": "b", "policy.toml": "a"}, versions={"z": "1", "a": "2"}, effort=5
    )
    assert list(document["inputs"].items()) == [("policy.toml", "a"), ("staff.csv", "b")]
    assert list(document["versions"]) == ["a", "z"]
    assert list(document["flags"]) == ["--seed", "--unit"]
    assert (document["seed"], document["effort"]) == (7, 5)


def test_every_objective_of_every_unit_has_value_bound_and_what_is_proven() -> None:
    document = certify(with_objectives(value("shortfall", 3, 3), value("fairness_spread", 1500, 1000)))
    for unit in document["units"]:
        assert unit["objectives"] == [
            {"name": "shortfall", "value": 3, "bound": 3, "within": 0, "optimal": True},
            {"name": "fairness_spread", "value": 1500, "bound": 1000, "within": 500, "optimal": False},
        ]
        assert unit["optimal"] is False
    assert document["within"] == {"fairness_spread": 1000}


def test_it_is_optimal_only_where_every_pass_of_every_unit_is_proven() -> None:
    proven = with_objectives(*PROVEN)
    assert certify(proven)["optimal"] is True
    assert certify(proven)["within"] == {}
    doubtful = replace(proven.results[1], objectives=(value("shortfall", 3, 2), PROVEN[1]))
    document = certify(replace(proven, results=(proven.results[0], doubtful)))
    assert document["optimal"] is False
    assert [unit["optimal"] for unit in document["units"]] == [True, False]


def test_a_tolerance_that_a_later_pass_used_is_no_optimum() -> None:
    document = certify(with_objectives(*PROVEN, measured={"shortfall": 3, "fairness_spread": 1100}))
    assert document["optimal"] is False
    assert document["units"][0]["objectives"][1]["value"] == 1100
    assert document["within"] == {"fairness_spread": 200}


def test_an_interrupted_search_is_no_optimum_and_a_rerun_may_differ() -> None:
    proven = with_objectives(*PROVEN)
    stopped = replace(proven, results=(replace(proven.results[0], interrupted=True), proven.results[1]))
    document = certify(stopped)
    assert document["optimal"] is False
    assert document["interrupted"] is True and document["rerun_may_differ"] is True
    assert document["within"] == {}


def test_a_time_limit_is_told_to_make_reruns_differ() -> None:
    assert certify(sample_roster())["rerun_may_differ"] is False
    document = certify(sample_roster(), time_limit=30.0)
    assert document["rerun_may_differ"] is True and document["time_limit"] == 30.0


def test_the_verdict_counts_hard_and_soft_violations_and_lists_them() -> None:
    sample = sample_roster()
    sentence = Bilingual(id="Keinginan tidak terpenuhi.", en="A wish is not met.")
    soft = Violation(
        rule="preference", unit="Dinas Contoh", sentence=sentence, day=date(2021, 8, 2), weight=5
    )
    first = replace(sample.results[0], audit=replace(sample.results[0].audit, violations=(soft,)))
    document = certify(replace(sample, results=(first, sample.results[1])))
    assert document["verdict"] == "kept"
    assert document["violations"] == {"hard": 0, "soft": 1}
    assert document["units"][0]["verifier"]["violations"] == [
        {"rule": "preference", "date": "2021-08-02", "people": [], "amount": 1, "weight": 5,
         "id": sentence.id, "en": sentence.en},
    ]  # fmt: skip
    hard = replace(first, audit=replace(first.audit, violations=(soft, replace(soft, weight=None, day=None))))
    document = certify(replace(sample, results=(hard, sample.results[1])))
    assert document["verdict"] == "broken"
    assert document["violations"] == {"hard": 1, "soft": 1}


def test_readings_notes_and_attained_bounds_are_printed() -> None:
    sample = sample_roster()
    reading = Reading(key="period.holidays", text=Bilingual(id="Libur nasional.", en="National holidays."))
    first = replace(sample.results[0], roster=replace(sample.results[0].roster, attained={"office_max": 3}))
    problem = replace(sample.problem, policy=replace(sample.problem.policy, readings=(reading,)))
    document = certify(replace(sample, problem=problem, results=(first, sample.results[1])))
    assert document["readings"] == [
        {"key": "period.holidays", "id": "Libur nasional.", "en": "National holidays."}
    ]
    assert document["units"][0]["readings"][0]["key"] == "home_quota.rounding"
    assert document["units"][0]["attained"] == {"office_max": 3}
    assert document["units"][0]["notes"][0]["en"] == "3 August 2021: appoint an acting head."


def test_a_first_revision_replaces_nothing_and_a_later_one_says_what() -> None:
    assert certify(sample_roster())["replaces"] is None
    document = certify(sample_roster(3), replaced_sha256="abc")
    assert document["revision"] == 3
    assert document["replaces"] == {"revision": 2, "roster.csv": "abc"}


def test_no_clock_time_and_no_duration_gets_in() -> None:
    sample = sample_roster()
    slow = replace(sample, results=tuple(replace(r, seconds=12.5) for r in sample.results))
    assert certify(slow) == certify(sample)


def test_the_file_is_indented_utf8_that_ends_in_a_newline_and_reads_back(tmp_path: Path) -> None:
    document = certify(sample_roster(), inputs={"Daftar—ASN.xlsx": "a"})
    write_certificate(document, tmp_path / "certificate.json")
    data = (tmp_path / "certificate.json").read_bytes()
    assert data.startswith(b'{\n  "format": 1,') and data.endswith(b"}\n") and b"\r" not in data
    assert "Daftar—ASN.xlsx".encode() in data
    assert json.loads(data) == document


def test_what_is_no_number_never_gets_into_the_file(tmp_path: Path) -> None:
    with pytest.raises(ValueError):
        write_certificate({"effort": float("nan")}, tmp_path / "certificate.json")


def test_every_objective_says_in_what_it_is_measured() -> None:
    assert set(MEASURES) == {*OBJECTIVES, WEIGHTED_SUM}


def test_file_hashes_cover_every_file_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "units").mkdir()
    (tmp_path / "units" / "b.xlsx").write_bytes(b"b")
    (tmp_path / "a.csv").write_bytes(b"a")
    expected = {"a.csv": hashlib.sha256(b"a").hexdigest(), "units/b.xlsx": hashlib.sha256(b"b").hexdigest()}
    assert file_hashes(tmp_path) == expected
    assert list(file_hashes(tmp_path)) == ["a.csv", "units/b.xlsx"]
    assert sha256_of(tmp_path / "a.csv") == expected["a.csv"]


def test_versions_name_giliran_python_and_the_solver() -> None:
    assert {"giliran", "python", "ortools"} <= set(installed_versions())
