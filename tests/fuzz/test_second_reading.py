"""A few seeds of each search; the thousands are for `python -m tests.fuzz.NAME FIRST LAST`."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from scheduler.solve.effort import Effort
from scheduler.solve.unit import solve_unit
from tests.constraints.problems import make_rule, make_unit
from tests.fuzz import conflicts_plain, evidence, folders
from tests.fuzz.against_plain import (
    NAMES,
    differences_of_answers,
    differences_of_replanning,
    differences_of_verdicts,
    strange,
    unit_of,
)
from tests.fuzz.units import ODD, odd_unit, random_unit


def test_the_verifier_finds_broken_what_a_second_reading_of_the_documents_finds_broken() -> None:
    for seed in range(30):
        unit = unit_of(seed)
        assert list(differences_of_verdicts(unit, random.Random(seed), 8)) == [], seed
        assert list(strange(unit, random.Random(seed))) == [], seed


@pytest.mark.parametrize("seed", [1, 5, 8, 12, 15])
def test_no_roster_of_a_tiny_unit_is_better_than_the_engines_by_a_second_reading(seed: int) -> None:
    unit = unit_of(seed, people=2)
    answers = [*differences_of_answers(unit), *differences_of_replanning(unit, random.Random(seed))]
    assert answers
    assert set(answers) <= {*NAMES, "replanned -"}


def test_a_conflict_cannot_hold_and_has_nothing_to_spare_and_every_way_out_leads_to_a_roster() -> None:
    count: Counter[str] = Counter()
    for seed in (*range(28, 42), 864, 1323):  # the last two deal people into cohorts again
        unit = (odd_unit if seed % 2 else random_unit)(seed)
        assert list(conflicts_plain.faults_of(unit, count)) == [], seed
    assert count["conflicts +"] >= 3
    assert count["ways +"] >= 3


def test_nobody_who_sent_is_missing_and_nothing_sent_is_lost_whatever_the_phone_and_the_zone(
    tmp_path: Path,
) -> None:
    count: Counter[str] = Counter()
    for seed in range(60):
        assert list(evidence.faults_of_seed(seed, tmp_path, count)) == [], seed
    assert count["on_time: on_time"] > 500


def test_a_folder_of_odd_names_reads_back_as_itself(tmp_path: Path) -> None:
    assert list(folders.faults_of_seed(6, tmp_path, Counter())) == []


def test_odd_units_have_every_rule() -> None:
    drawn = {rule.key for seed in range(150) for rule in odd_unit(seed).rules}
    assert drawn == {*ODD, "home_quota", "stint", "service_post"}


def test_a_bound_longer_than_the_period_is_not_said_to_have_been_widened() -> None:
    """It was said to be the least attainable, where the policy's own was never in the way."""
    pelaksana = {"rank": "pelaksana"}
    unable = make_rule("home_quota", name="a", share="100%", base="able", **{"for": pelaksana})
    seldom = make_rule("home_quota", name="b", share="24%", **{"for": {"not": pelaksana}})
    people = [{"rank": "pelaksana", "it_capable": False}, {"rank": "fungsional"}]
    unit = make_unit([unable, seldom, make_rule("stint", home=[1, 2])], people, 3)
    assert solve_unit(unit, Effort()).roster.attained == {"stint.office:home_quota[a]": 3}
