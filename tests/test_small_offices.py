"""Offices of one, two and three people, leaders on leave, nobody there, a day and a year: a roster or a sentence."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import pytest

from scheduler.roster import HOME, OFFICE, Roster
from tests.running import giliran
from tests.scenarios import home_days, person, solved, write_scenario

RULES = """
[[rules.home_quota]]
name = "pelaksana"
for = { rank = "pelaksana" }
share = "50%"

[[rules.stint]]
home = [1, 2]

[[rules.min_on_site]]
for = { echelon = ["II", "III", "IV"] }
at_least = 1
"""
HEAD = person(1, "Kepala Dinas", Eselon="II.b")


def absent(kind: str, *people: dict[str, str], days: tuple[str, str] = ("2021-08-02", "2021-08-06")) -> str:
    lines = [f"{one['NIP']},{days[0]},{days[1]},{kind}" for one in people]
    return "\n".join(["person_id,from,to,kind", *lines]) + "\n"


def notes(roster: Roster) -> str:
    return " ".join(note.en for result in roster.results for note in result.audit.notes)


@pytest.mark.parametrize(
    ("size", "home"),
    [
        (1, (2, 3)),  # half of one over five days
        (2, (5, 5)),  # one of two each day
        (3, (7, 8)),  # half of three over five days
    ],
)
def test_an_office_of_a_few_executors_takes_turns(tmp_path: Path, size: int, home: tuple[int, int]) -> None:
    people = [person(n) for n in range(2, 2 + size)]
    roster = solved(write_scenario(tmp_path / "s", RULES, people))
    assert home[0] <= home_days(roster)["Dinas Uji"] <= home[1]
    for row in roster.results[0].roster.statuses:
        worked = [status for status in row if status in (HOME, OFFICE)]
        assert max(len(list(run)) for _, run in groupby(worked)) <= 2


def test_a_head_alone_stays_at_the_office(tmp_path: Path) -> None:
    roster = solved(write_scenario(tmp_path / "s", RULES, [HEAD]))
    assert home_days(roster) == {"Dinas Uji": 0}
    assert roster.results[0].audit.broken == ()


def test_a_lone_leader_on_leave_gets_a_note_to_appoint_an_acting_one(tmp_path: Path) -> None:
    people = [HEAD, person(2), person(3)]
    roster = solved(write_scenario(tmp_path / "s", RULES, people, absences=absent("leave", HEAD)))
    assert "(Plh)" in notes(roster) or "acting" in notes(roster)
    assert "2 August 2021" in notes(roster)
    assert home_days(roster)["Dinas Uji"] == 5


def test_with_strict_a_lone_leader_on_leave_means_no_roster_and_a_sentence(tmp_path: Path) -> None:
    folder = write_scenario(
        tmp_path / "s", RULES + "strict = true\n", [HEAD, person(2)], absences=absent("leave", HEAD)
    )
    ran = giliran("generate", folder, "--out", tmp_path / "out", "--lang", "en")
    assert ran.code == 4
    assert "Dinas Uji" in ran.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("size", [1, 3])
def test_with_everybody_on_leave_the_roster_says_so(tmp_path: Path, size: int) -> None:
    people = [HEAD, person(2), person(3)][:size]
    roster = solved(write_scenario(tmp_path / "s", RULES, people, absences=absent("leave", *people)))
    worked = len(roster.problem.units[0].horizon.workdays)
    statuses = [status for row in roster.results[0].roster.statuses for status in row]
    assert statuses.count("leave") == size * worked
    assert home_days(roster) == {"Dinas Uji": 0}
    assert "2 August 2021" in notes(roster)


def test_a_period_of_one_day(tmp_path: Path) -> None:
    people = [HEAD, *(person(n) for n in range(2, 6))]
    roster = solved(write_scenario(tmp_path / "s", RULES, people, "2021-08-03", "2021-08-03"))
    assert home_days(roster) == {"Dinas Uji": 2}


def test_a_period_without_a_working_day_is_refused_with_what_to_change(tmp_path: Path) -> None:
    folder = write_scenario(tmp_path / "s", RULES, [HEAD, person(2)], "2021-08-07", "2021-08-08")
    ran = giliran("generate", folder, "--lang", "en", "--out", tmp_path / "out")
    assert ran.code == 3
    assert "no working day" in ran.err and "--from, --to" in ran.err
    assert not (tmp_path / "out").exists()


def test_a_year_of_two_people_is_fair_to_the_day(tmp_path: Path) -> None:
    people = [person(2), person(3)]
    roster = solved(write_scenario(tmp_path / "s", RULES, people, "2021-01-01", "2021-12-31"), effort=0.2)
    assert len(roster.problem.units[0].horizon.workdays) == 261
    assert home_days(roster)["Dinas Uji"] == 261  # half of two people each day
    (sheet,) = roster.results[0].audit.balances
    assert sheet.spread <= 1000


def test_a_period_of_more_than_two_years_is_refused_with_the_nearest_date(tmp_path: Path) -> None:
    folder = write_scenario(tmp_path / "s", RULES, [HEAD], "2021-01-01", "2031-01-01")
    ran = giliran("generate", folder, "--lang", "en", "--out", tmp_path / "out")
    assert ran.code == 3
    assert "2023-01-02" in ran.err
