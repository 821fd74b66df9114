"""Each rule's docstring holds examples that are valid; faulty settings are refused; words exist in both languages."""

from __future__ import annotations

import pickle
import re
import textwrap
import tomllib
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest
from pydantic import ValidationError

from scheduler.constraints import discover
from scheduler.constraints.selection import ASKED, Selection
from scheduler.problem import Person, Unit
from scheduler.roster import HOME, OFFICE, Cells
from scheduler.solve.conflicts.conflict import find_conflicts
from scheduler.solve.search import Effort
from scheduler.solve.unit import solve_unit
from scheduler.verify import audit
from tests.constraints.problems import example_unit, make_roster, make_rule, make_unit

MARKED = {"monitor": True}
A, B = {"tags": ("A",)}, {"tags": ("B",)}
ANY_HOME = make_rule("home_quota", name="any", share="100%", mode="at_most")
ALL_HOME = make_rule("home_quota", share="100%", mode="exact")


@pytest.mark.parametrize("key", discover())
def test_the_examples_in_the_docstring_are_valid_tables(key: str) -> None:
    module = __import__(discover()[key].__module__, fromlist=["__doc__"])
    text = textwrap.dedent(module.__doc__ or "")
    lines = [line.strip() for line in text.splitlines()]
    starts = [n for n, line in enumerate(lines) if line.startswith("[[rules.")]
    assert starts
    for start in starts:
        block = [lines[start]]
        for line in lines[start + 1 :]:
            if not re.match(r"[a-z_]+ = ", line):
                break
            block.append(line)
        for table in tomllib.loads("\n".join(block))["rules"][key]:
            make_rule(key, **table)


@pytest.mark.parametrize("key", discover())
def test_every_setting_has_a_description(key: str) -> None:
    assert all(field.description for field in discover()[key].model_fields.values())


FAULTY: list[tuple[str, dict[str, Any], str]] = [
    ("monitor", {"turns": "week"}, "period"),
    ("weekday", {"weekday": [], "status": "home"}, "at least 1 item"),
    ("weekday", {"weekday": ["frei"], "status": "home"}, "not a weekday"),
    ("weekday", {"weekday": ["fri"]}, "status"),
    ("home_count", {}, "at_least, at_most"),
    ("home_count", {"at_least": 3, "at_most": 2}, "must not be above"),
    ("weekends", {}, "at_most"),
    ("min_attendance", {"share": "160%"}, "100%"),
    ("min_attendance", {"share": "60%", "counting": ["holiday"]}, "travel"),
    ("capacity", {"at_most": -1}, "greater than or equal to 0"),
    ("capacity", {"at_most": 1, "per": "room"}, "tag"),
    ("capacity", {"at_most": 1, "warn": True, "weight": 2}, "only prints"),
    ("together", {}, "weekday"),
    ("together", {"weekday": ["mon"], "days": 1}, "either"),
    ("apart", {"at_most_away": 1, "at_least_on_site": 1}, "not both"),
    ("cohort", {"groups": 1}, "greater than or equal to 2"),
    ("cohort", {"groups": [{"tag": "A"}]}, "at least 2 items"),
    ("cohort", {"groups": 2, "workdays": "mon-funday"}, "not a weekday"),
    ("start_slot", {"slots": ["9.00"]}, "at least 2 items"),
    ("start_slot", {"slots": ["9.00", "09:00"]}, "stands twice"),
    ("start_slot", {"slots": ["9.00", "25.00"]}, "not a time"),
    ("preference", {"status": "leave"}, "home"),
    ("preference", {"status": "home", "weight": 0}, "greater than 0"),
]


@pytest.mark.parametrize(("key", "settings", "said"), FAULTY)
def test_faulty_settings_are_refused_with_what_is_allowed(key: str, settings: dict[str, Any], said: str) -> None:  # fmt: skip
    with pytest.raises(ValidationError, match=re.escape(said)):
        make_rule(key, **settings)


@pytest.mark.parametrize("key", discover())
def test_what_is_broken_is_said_in_both_languages_and_names_the_rule(key: str) -> None:
    rule = discover()[key]
    unit, roster = example_unit(rule, rule.broken)
    for found in audit(unit, roster).violations:
        assert found.sentence.id
        assert found.sentence.en
        assert found.sentence.id != found.sentence.en
        assert found.amount >= 1


CONFLICTS: dict[str, tuple[Unit, str]] = {
    "monitor": (
        make_unit([make_rule("monitor", turns="day")], [MARKED], 2, pins={(0, 1): "home"}),
        "exactly one monitor",
    ),
    "weekday": (
        make_unit([ALL_HOME, make_rule("weekday", weekday=["mon"], status="office")], [{}], 1),
        "at the office on Monday",
    ),
    "home_count": (make_unit([ALL_HOME, make_rule("home_count", at_most=1)], [{}], 5), "at most 1 days"),
    "weekends": (
        make_unit([make_rule("weekends", at_most=0)], [{}], 1, start=date(2021, 8, 7), workdays=7),
        "at most 0 weekends",
    ),
    "min_attendance": (
        make_unit([ALL_HOME, make_rule("min_attendance", share="60%")], [{}], 5),
        "at least 3 days (60% a week)",
    ),
    "capacity": (make_unit([make_rule("capacity", at_most=1)], [{}, {}], 1), "at most 1 of 2"),
    "together": (
        make_unit([ALL_HOME, make_rule("together", days=1)], [{}, {}], 5),
        "on site together on 1 days",
    ),
    "apart": (make_unit([ALL_HOME, make_rule("apart")], [{}, {}], 1), "at most 1 of"),
    "cohort": (
        make_unit(
            [ALL_HOME, make_rule("cohort", groups=[{"tag": "A"}, {"tag": "B"}], every="day")], [A, B], 1
        ),
        "turn on site",
    ),
    "start_slot": (
        make_unit([make_rule("start_slot", slots=["9.00", "9.30"], at_most=1)], [{}] * 3, 1),
        "at most 1 people start",
    ),
}


@pytest.mark.parametrize("key", CONFLICTS)
def test_a_conflict_names_the_rule_s_own_demand(key: str) -> None:
    unit, said = CONFLICTS[key]
    sentences = [sentence for conflict in find_conflicts(unit, Effort()) for sentence in conflict.sentences()]
    assert any(said in sentence.en for sentence in sentences)


def test_readings_and_warnings_are_said_where_they_arise() -> None:
    def said(key: str, unit: Unit) -> str:
        rule = next(rule for rule in unit.rules if rule.key == key)
        return " ".join([r.text.en for r in rule.readings(unit)] + [w.en for w in rule.warnings(unit)])

    assert "for the whole period" in said("monitor", make_unit([make_rule("monitor")], [MARKED], 2))
    assert "on site" in said("monitor", make_unit([make_rule("monitor", turns="day")], [MARKED], 2))
    assert "nobody can be the monitor" in said("monitor", make_unit([make_rule("monitor")], [{}], 2))
    counted = make_rule("home_count", at_most=2)
    assert said("home_count", make_unit([counted], [{}], 5)) == ""
    assert "share of working days" in said("home_count", make_unit([counted], [{}], 7))
    assert "no weekend" in said("weekends", make_unit([make_rule("weekends", at_most=1)], [{}], 9))
    assert said("weekends", make_unit([make_rule("weekends", at_most=1)], [{}], 9, workdays=7)) == ""
    assert "absences" in said(
        "min_attendance", make_unit([make_rule("min_attendance", share="60%")], [{}], 2)
    )
    assert "has a" in said(
        "capacity", make_unit([make_rule("capacity", at_most=1, per="tag:ruang *")], [{}], 2)
    )
    dealt = make_unit([make_rule("cohort", groups=2)], [{}, {}, {}], 2)
    assert "1: Pegawai 0, Pegawai 2; 2: Pegawai 1" in said("cohort", dealt)
    lonely = make_unit([make_rule("cohort", groups=[{"tag": "A"}, {"tag": "B"}])], [A], 2)
    assert "group 2 of Kantor is empty" in said("cohort", lonely)


def test_a_limit_that_only_warns_notes_the_days_above_it() -> None:
    unit = make_unit([make_rule("capacity", at_most=1, warn=True)], [{}, {}], 1)
    found = audit(unit, make_roster(unit, {(0, 0): OFFICE, (1, 0): OFFICE}))
    assert found.violations == ()
    assert [note.en for note in found.notes] == ["capacity, 2 August 2021: 2 on site, capacity 1."]


def test_a_day_without_any_monitor_is_noted() -> None:
    unit = make_unit([make_rule("monitor")], [MARKED], 2, absences={(0, 1): "leave"})
    found = audit(unit, solve_unit(unit, Effort()).roster)
    assert ["Tuesday, 3 August 2021" in note.en for note in found.notes] == [True]


# Two readings of one letter ---------------------------------------------------------------------------------------


def test_monitor_for_the_period_and_by_day_are_two_rosters() -> None:
    def holders(turns: str) -> list[set[str]]:
        unit = make_unit([make_rule("always_home"), make_rule("monitor", turns=turns)], [MARKED] * 3, 3)
        roster = solve_unit(unit, Effort()).roster
        cells = Cells(unit, roster)
        at_office = {p.id for p in unit.people for day in cells.days if cells.is_office(p, day)}
        return [{person for person, _ in roster.roles}, at_office]

    assert [len(people) for people in holders("period")] == [1, 0]
    assert [len(people) for people in holders("day")] == [3, 3]


def test_fungsional_at_the_office_or_with_pelaksana_in_the_quota() -> None:
    def ever_home(rank: list[str]) -> set[str]:
        quota = make_rule("home_quota", share="50%", **{"for": {"rank": rank}})
        unit = make_unit([quota], [{"rank": "pelaksana"}] * 2 + [{"rank": "fungsional"}] * 2, 4)
        cells = Cells(unit, solve_unit(unit, Effort()).roster)
        return {p.rank for p, day in product(unit.people, cells.days) if cells.is_home(p, day)}

    assert ever_home(["pelaksana"]) == {"pelaksana"}
    assert ever_home(["pelaksana", "fungsional"]) == {"pelaksana", "fungsional"}


def test_leave_counts_against_attendance_only_where_the_share_is_of_all_working_days() -> None:
    def least_office(**settings: Any) -> int:
        rules = [ANY_HOME, make_rule("min_attendance", share="60%", **settings)]
        unit = make_unit([*rules, make_rule("preference", status="home")], [{}], 5, absences={(0, 0): "travel", (0, 1): "leave"})  # fmt: skip
        return sum(status == OFFICE for status in solve_unit(unit, Effort()).roster.statuses[0])

    assert least_office() == 2
    assert least_office(base="working") == 3
    assert least_office(counting=["travel"]) == 2
    assert least_office(base="working", counting=["travel"]) == 2


def test_a_cut_week_asks_its_share_or_counts_as_whole() -> None:
    def most_home(partial: str) -> int:
        rules = [ANY_HOME, make_rule("home_count", at_most=2, partial=partial), make_rule("preference", status="home")]  # fmt: skip
        unit = make_unit(rules, [{}], 2)
        return sum(status == HOME for status in solve_unit(unit, Effort()).roster.statuses[0])

    assert most_home("share") == 1
    assert most_home("whole") == 2


# What makes cohorts what they are -----------------------------------------------------------------------------------


def test_cohorts_never_meet_and_go_on_from_period_to_period() -> None:
    rule = make_rule("cohort", groups=2, every="week")
    on_site = []
    for start in (date(2021, 8, 2), date(2021, 8, 9), date(2021, 8, 16)):
        unit = make_unit([rule], [{"rank": "pelaksana"}] * 3 + [{"rank": "pengawas"}] * 2, 5, start=start)
        cells = Cells(unit, solve_unit(unit, Effort()).roster)
        days = [frozenset(p.id for p in unit.people if cells.is_office(p, day)) for day in cells.days]
        assert len(set(days)) == 1
        on_site.append(days[0])
    assert on_site[0] == on_site[2]
    assert on_site[0].isdisjoint(on_site[1])
    assert sorted(map(len, on_site[:2])) == [2, 3]


def test_cohorts_dealt_by_the_rule_divide_every_rank_alike() -> None:
    rule = make_rule("cohort", groups=3)
    ranks = ["pelaksana"] * 7 + ["pengawas"] * 3 + ["non_asn"] * 5
    unit = make_unit([rule], [{"rank": rank} for rank in ranks], 1)
    for rank in set(ranks):
        groups = [rule.group_of(p) for p in unit.people if p.rank == rank]  # type: ignore[attr-defined]
        sizes = [groups.count(g) for g in range(3)]
        assert max(sizes) - min(sizes) <= 1


def test_a_start_moves_on_each_week_and_comes_back() -> None:
    rule = make_rule("start_slot", slots=["9.00", "9.30", "10.00"], turns="week")
    unit = make_unit([rule], [{}] * 3, 20)
    starts = [rule.role_names(unit.people[0], date(2021, 8, 2 + 7 * week)) for week in range(4)]
    assert len(set(starts)) == 3
    assert starts[0] == starts[3]
    first_day = {rule.role_names(person, date(2021, 8, 2)) for person in unit.people}
    assert len(first_day) == 3


def test_what_a_selection_remembers_of_people_is_no_part_of_it() -> None:
    head = Person(id="p0", name="Siti", unit="Kantor", rank="pengawas")
    staff = (head, replace(head, rank="pelaksana"), replace(head, id="p1"))
    asked = Selection(rank=("pengawas",))
    assert [asked.takes(person) for person in staff] == [True, False, True]
    assert asked.among(staff) == asked.among(staff) == [0, 2]
    assert asked.among(staff[1:]) == [1]
    sent = pickle.loads(pickle.dumps(asked))
    assert sent == asked == Selection(rank=("pengawas",))
    assert hash(sent) == hash(asked)
    assert not set(ASKED) & sent.__dict__.keys()
    assert [asked.model_copy(update={"rank": ("pelaksana",)}).takes(person) for person in staff] == [
        False,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("weekdays", "numbers"), [(["mon", "tue"], [1, 1, 0, 0, 0]), (["thu", "fri"], [0, 0, 0, 1, 1])]
)
def test_a_quota_for_some_weekdays_asks_for_nothing_on_others_also_where_turns_are_weeks(
    weekdays: list[str], numbers: list[int]
) -> None:
    quota = make_rule("home_quota", share="50%", mode="exact", when={"weekdays": weekdays})
    unit = make_unit([quota, make_rule("stint", home="week")], [{}, {}], 5)
    roster = solve_unit(unit, Effort()).roster
    assert audit(unit, roster).broken == ()
    assert [sum(row[k] == HOME for row in roster.statuses) for k in range(5)] == numbers
    assert [day.target for report in audit(unit, roster).quotas for day in report.days] == numbers


def test_empty_home_places_are_told_with_who_cannot_be_at_home_and_how_many_could_but_are_not() -> None:
    quota = make_rule("home_quota", share="50%", rounding="nearest")
    floor = make_rule("min_on_site", at_least=3)
    people = [{"it_capable": False}, {}, {}, {}]
    beside_a_floor = make_unit([quota, floor, make_rule("it_capable")], people, 1)
    with_absences = make_unit([quota], [{}] * 4, 1, absences={(n, 0): "leave" for n in range(3)})

    told = [
        [cause.en for q in audit(unit, solve_unit(unit, Effort()).roster).quotas for d in q.days for cause in d.causes]
        for unit in (beside_a_floor, with_absences)
    ]  # fmt: skip

    assert told == [
        [
            "1 unable to use IT or kept at the office by a rule",
            "1 able to, but given no place (further rules, such as floors on site or turns)",
        ],
        ["3 absent"],
    ]
