"""Every rule's two sides agree: what the model admits is what the checker accepts, over all rosters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from scheduler.constraints import discover
from scheduler.problem import Unit
from scheduler.roster import HOME, OFFICE
from scheduler.verify import audit
from tests.constraints.problems import (
    all_rosters,
    example_unit,
    lawful_rosters,
    make_roster,
    make_rule,
    make_unit,
    rosters_of_model,
    signature,
)

ANY_HOME = make_rule("home_quota", name="any", share="100%", mode="at_most")
LOKET = {"service_posts": ("Loket",)}
FOUR = [{}, {}, {}]


def _quota(days: int = 4, **settings: Any) -> Unit:
    people = [{}, {}, {"it_capable": False}]
    return make_unit([make_rule("home_quota", **settings)], people, days, absences={(0, 1): "leave"})


def _stint(people: int, days: int, history: Any = None, **settings: Any) -> Unit:
    stint = {"office": "any", **settings}
    return make_unit([ANY_HOME, make_rule("stint", **stint)], [{}] * people, days, history=history)


CASES: dict[str, Callable[[], Unit]] = {
    "quota 50% carry": lambda: _quota(share="50%"),
    "quota 24% carry": lambda: _quota(share="24%"),
    "quota floor": lambda: _quota(share="50%", rounding="floor"),
    "quota nearest": lambda: _quota(share="50%", rounding="nearest"),
    "quota ceil exact": lambda: _quota(share="1/3", rounding="ceil", mode="exact"),
    "quota at least": lambda: _quota(share="1/3", mode="at_least", rounding="ceil"),
    "quota of those present": lambda: _quota(share="50%", base="present", rounding="ceil"),
    "quota of those able": lambda: _quota(share="50%", base="able", rounding="ceil"),
    "quota soft": lambda: _quota(3, share="1/3", weight=3, rounding="ceil", mode="exact"),
    "quota soft above only": lambda: _quota(3, share="1/3", weight_over=2, rounding="ceil"),
    "quota with somebody exempt and somebody always home": lambda: make_unit(
        [
            make_rule("home_quota", share="50%"),
            make_rule("always_office", **{"for": {"person": "p0"}}),
            make_rule("always_home", **{"for": {"person": "p1"}, "when": {"weekdays": ["mon"]}}),
        ],
        [{}] * 4,
        3,
    ),
    "quota gives way to a post and a recall": lambda: make_unit(
        [make_rule("home_quota", share="100%", mode="exact"), make_rule("service_post", name="Loket")],
        [LOKET, LOKET],
        2,
        recalls=[(0, 1)],
    ),
    "quota in weekly blocks": lambda: make_unit(
        [make_rule("home_quota", share="50%"), make_rule("stint", home="week", office="any")],
        [{}, {}, {}],
        4,
        start=date(2021, 8, 5),
    ),
    "quota in blocks of two": lambda: make_unit(
        [make_rule("home_quota", share="50%"), make_rule("stint", home=2, office="any")], [{}, {}, {}], 4
    ),
    "always office with a pin home": lambda: make_unit(
        [make_rule("always_office", **{"for": {"person": "p0"}}), ANY_HOME], [{}, {}], 3, pins={(0, 1): "home"}
    ),
    "always home with leave": lambda: make_unit([make_rule("always_home")], [{}, {}], 3, absences={(0, 0): "sick"}),
    "always home gives way to a post": lambda: make_unit(
        [make_rule("always_home"), make_rule("service_post", name="Loket", at_least=1)], [LOKET, LOKET, {}], 2
    ),
    "nobody home but by a rule or a pin": lambda: make_unit([], [{}, {}], 2, pins={(1, 0): "home"}),
    "soft cells beside a quota": lambda: make_unit(
        [
            make_rule("home_quota", share="50%"),
            make_rule("always_office", weight=5, **{"for": {"person": "p0"}}),
            make_rule("always_home", weight=3, **{"for": {"person": "p1"}}),
            make_rule("it_capable", weight=2),
        ],
        [{}, {}, {"it_capable": False}],
        3,
        pins={(2, 0): "home"},
        absences={(1, 1): "leave"},
    ),
    "a soft always home that a post calls": lambda: make_unit(
        [make_rule("always_home", weight=3), make_rule("service_post", name="Loket")], [LOKET, LOKET], 2
    ),
    "it capable": lambda: make_unit(
        [make_rule("it_capable"), ANY_HOME], [{"it_capable": False}, {"it_capable": None}, {}], 3
    ),
    "floor per unit": lambda: make_unit(
        [ANY_HOME, make_rule("min_on_site", at_least=2)], [{}] * 3, 3, absences={(0, 0): "leave", (1, 0): "leave"}
    ),
    "floor strict": lambda: make_unit(
        [ANY_HOME, make_rule("min_on_site", at_least=2, strict=True)], [{}] * 3, 2, absences={(0, 0): "leave"}
    ),
    "floor per sub unit": lambda: make_unit(
        [ANY_HOME, make_rule("min_on_site", at_least=1, per="sub_unit")],
        [{"sub_unit": "A"}, {"sub_unit": "A"}, {"sub_unit": "B"}, {"sub_unit": "B"}],
        2,
    ),
    "floor soft": lambda: make_unit([ANY_HOME, make_rule("min_on_site", at_least=2, weight_under=7)], [{}] * 3, 3),
    "floor for employed only": lambda: make_unit(
        [ANY_HOME, make_rule("min_on_site", at_least=2)], [{}, {"joins": date(2021, 8, 3)}, {}], 3
    ),
    "stint one to two": lambda: _stint(1, 8, home=[1, 2]),
    "stint exactly two": lambda: _stint(1, 9, home=2),
    "stint two to three": lambda: _stint(1, 10, home=[2, 3]),
    "stint soft": lambda: _stint(1, 7, home=[2, 3], weight=2),
    "stint cut by weekends": lambda: _stint(1, 10, home=[2, 2], across_weekends=False),
    "stint after one day at home": lambda: _stint(1, 7, home=[2, 3], history={0: {"last_status": HOME, "last_stint": 1}}),
    "stint after two days at home": lambda: _stint(1, 7, home=[1, 2], history={0: {"last_status": HOME, "last_stint": 2}}),
    "stint soft after two days at home": lambda: _stint(
        1, 6, home=[1, 2], weight=3, history={0: {"last_status": HOME, "last_stint": 2}}
    ),
    "stint soft after a long one at home": lambda: _stint(
        1, 6, home=[1, 2], weight=3, history={0: {"last_status": HOME, "last_stint": 5}}
    ),
    "stint after the office": lambda: _stint(1, 7, home=[2, 3], history={0: {"last_status": OFFICE, "last_stint": 4}}),
    "stint after leave": lambda: _stint(1, 6, home=[2, 2], history={0: {"last_status": "leave", "last_stint": 0}}),
    "stint cut by weekends after a weekend": lambda: _stint(
        1, 6, home=[2, 2], across_weekends=False, history={0: {"last_status": HOME, "last_stint": 1}}
    ),
    "office at most two": lambda: _stint(1, 8, home=[1, 2], office=2),
    "office at most two after one": lambda: _stint(
        1, 6, home=[1, 2], office=2, history={0: {"last_status": OFFICE, "last_stint": 1}}
    ),
    "office at most two after a long one": lambda: _stint(
        1, 6, home=[1, 2], office=2, history={0: {"last_status": OFFICE, "last_stint": 9}}
    ),
    "office soft": lambda: _stint(1, 7, home=[1, 7], office=2, weight=1, history={0: {"last_status": OFFICE, "last_stint": 1}}),
    "office at least two": lambda: _stint(1, 8, home=[1, 8], office_least=2),
    "office three to four": lambda: _stint(1, 10, home=[1, 3], office=4, office_least=3),
    "office at least two, soft": lambda: _stint(1, 7, home=[1, 7], office_least=2, weight=2),
    "office at least two around leave and pins": lambda: make_unit(
        [ANY_HOME, make_rule("stint", home=[1, 2], office="any", office_least=2)],
        [{}],
        10,
        absences={(0, 3): "leave"},
        pins={(0, 6): "home", (0, 8): "office"},
    ),
    "office at least three after one there": lambda: _stint(
        1, 7, home=[1, 7], office_least=3, history={0: {"last_status": OFFICE, "last_stint": 1}}
    ),
    "office at least two after home": lambda: _stint(
        1, 7, home=[1, 7], office_least=2, history={0: {"last_status": HOME, "last_stint": 1}}
    ),
    "office at least two, cut by weekends": lambda: _stint(1, 10, home=[1, 5], office_least=2, across_weekends=False),
    "even turns at 50%": lambda: make_unit(
        [make_rule("home_quota", share="50%", mode="at_most"), make_rule("stint", home=[1, 2])], [{}, {}], 6
    ),
    "stints around leave and pins": lambda: make_unit(
        [ANY_HOME, make_rule("stint", home=[2, 2], office=3)], [{}], 10, absences={(0, 3): "leave"}, pins={(0, 7): "office"}
    ),
    "pins longer than a stint may be": lambda: make_unit(
        [ANY_HOME, make_rule("stint", home=[1, 2], office=1)], [{}], 6, pins={(0, k): "office" for k in range(4)}
    ),
    "whole weeks": lambda: make_unit(
        [ANY_HOME, make_rule("stint", home="week", office=1)], [{}], 9, start=date(2021, 8, 5), pins={(0, 4): "office"}
    ),
    "whole weeks, soft": lambda: make_unit(
        [ANY_HOME, make_rule("stint", home="week", office=1, weight=1)], [{}], 9, start=date(2021, 8, 5)
    ),
    "whole weeks after a week at home": lambda: make_unit(
        [ANY_HOME, make_rule("stint", home="week", office=1)], [{}], 9, history={0: {"last_status": HOME, "last_stint": 5}}
    ),
    "whole weeks after a week at the office": lambda: make_unit(
        [ANY_HOME, make_rule("stint", home="week", office=1)], [{}], 9, history={0: {"last_status": OFFICE, "last_stint": 5}}
    ),
    "whole weeks going on": lambda: make_unit(
        [ANY_HOME, make_rule("stint", home="week", office=1)],
        [{}],
        7,
        start=date(2021, 8, 4),
        history={0: {"last_status": HOME, "last_stint": 2}},
    ),
    "a post and its officers": lambda: make_unit(
        [ANY_HOME, make_rule("service_post", name="Loket", at_least=1)], [LOKET, LOKET, {}], 2, absences={(0, 0): "leave"}
    ),
    "two posts, one officer for both": lambda: make_unit(
        [ANY_HOME, make_rule("service_post", name="A"), make_rule("service_post", name="B")],
        [{"service_posts": ("A", "B")}, {"service_posts": ("A",)}, {"service_posts": ("B",)}],
        1,
    ),
    "a post by selection": lambda: make_unit(
        [ANY_HOME, make_rule("service_post", name="Piket", **{"for": {"rank": "pelaksana"}})], [{}, {}], 2
    ),
    "a soft post": lambda: make_unit([ANY_HOME, make_rule("service_post", name="Loket", at_least=2, weight=5)], [LOKET, LOKET], 2),
    "preferences": lambda: make_unit([ANY_HOME], [{}, {}], 2, preferences=[(0, 0, "home", 3), (1, 1, "office", 2)]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_model_and_checker_agree_over_all_rosters(case: str) -> None:
    unit = CASES[case]()
    admitted = rosters_of_model(unit)
    accepted = {signature(roster): found.objectives["preferences"] for roster, found in lawful_rosters(unit)}
    assert admitted == accepted


@pytest.mark.parametrize(
    "case", ["stint one to two", "quota 50% carry", "a post and its officers", "floor per unit"]
)
def test_a_case_is_not_empty_and_not_everything(case: str) -> None:
    unit = CASES[case]()
    assert 0 < len(rosters_of_model(unit)) < sum(1 for _ in all_rosters(unit))


@pytest.mark.parametrize(
    "case", ["stint cut by weekends", "a post and its officers", "soft cells beside a quota"]
)
def test_the_lawful_rosters_are_those_in_which_the_whole_audit_finds_nothing_broken(case: str) -> None:
    unit = CASES[case]()
    every = [(roster, audit(unit, roster)) for roster in all_rosters(unit)]
    assert list(lawful_rosters(unit)) == [(roster, found) for roster, found in every if not found.broken]


@pytest.mark.parametrize("key", discover())
def test_the_kept_example_is_accepted(key: str) -> None:
    rule = discover()[key]
    unit, roster = example_unit(rule, rule.kept)
    assert audit(unit, roster).broken == ()


@pytest.mark.parametrize("key", discover())
def test_the_broken_example_breaks_this_rule_and_only_this_one(key: str) -> None:
    rule = discover()[key]
    unit, roster = example_unit(rule, rule.broken)
    found = audit(unit, roster)
    broken = found.broken or found.violations  # a preference is never hard
    assert {violation.rule.partition("[")[0] for violation in broken} == {key}


@pytest.mark.parametrize("key", discover())
def test_without_the_rule_its_broken_example_passes(key: str) -> None:
    rule = discover()[key]
    unit, roster = example_unit(rule, rule.broken)
    rest = tuple(other for other in unit.rules if other.key != key)
    found = audit(replace(unit, rules=rest), roster).violations
    # What such a rule alone allows (a home day, a role) is then missing, which is another matter.
    assert [violation for violation in found if violation.rule not in ("default", "role")] == []


@pytest.mark.parametrize(
    "case", ["stint one to two", "quota 50% carry", "floor per unit", "office at most two", "whole weeks"]
)
def test_every_one_cell_change_of_a_valid_roster_is_judged_as_the_model_does(case: str) -> None:
    unit = CASES[case]()
    admitted = rosters_of_model(unit)
    statuses = next(iter(sorted(admitted)))[0]
    column = {day: number for number, day in enumerate(unit.horizon.days)}
    changed = 0
    for i, person in enumerate(unit.people):
        for day in unit.horizon.workdays:
            if not unit.is_present(person, day):
                continue
            k = column[day]
            row = list(statuses[i])
            row[k] = OFFICE if row[k] == HOME else HOME
            grid = (*statuses[:i], tuple(row), *statuses[i + 1 :])
            base = make_roster(
                unit,
                {(a, b): HOME for a in range(len(unit.people)) for b in range(len(unit.horizon.workdays))},
            )
            roster = replace(base, statuses=grid)
            assert (signature(roster) in admitted) == (audit(unit, roster).broken == ())
            changed += 1
    assert changed > 0
