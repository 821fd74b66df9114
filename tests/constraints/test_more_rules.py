"""The further rules' two sides agree over all rosters, soft or hard, at both borders and with history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from scheduler.constraints.base import Rule
from scheduler.problem import Unit
from scheduler.roster import HOME, OFFICE
from tests.constraints.problems import lawful_rosters, make_rule, make_unit, rosters_of_model, signature

ANY_HOME = make_rule("home_quota", name="any", share="100%", mode="at_most")
FRIDAY = date(2021, 8, 6)
WEDNESDAY = date(2021, 8, 4)
MARKED = {"monitor": True}
A, B = {"tags": ("A",)}, {"tags": ("B",)}
TWO_GROUPS = {"groups": [{"tag": "A"}, {"tag": "B"}]}
LOKET = {"service_posts": ("Loket",)}


def _unit(key: str, people: Any, working_days: int, more: tuple[Rule, ...] = (ANY_HOME,), facts: Any = None, **settings: Any) -> Unit:  # fmt: skip
    staff = [{}] * people if isinstance(people, int) else people
    return make_unit([*more, make_rule(key, **settings)], staff, working_days, **(facts or {}))


CASES: dict[str, Callable[[], Unit]] = {
    # monitor
    "monitor for the period, wherever they work": lambda: _unit("monitor", [MARKED, MARKED, {}], 2),
    "monitor for the period among those always at home": lambda: _unit("monitor", [MARKED, MARKED], 3, (make_rule("always_home"),)),
    "monitor with a day away": lambda: _unit("monitor", [MARKED, MARKED], 3, (), {"absences": {(0, 1): "leave"}}),
    "monitor with both away": lambda: _unit("monitor", [MARKED, MARKED], 3, (), {"absences": {(0, 1): "leave", (1, 1): "sick"}}),
    "a deputy from elsewhere": lambda: _unit(
        "monitor", [MARKED, {}], 3, (), {"absences": {(0, 1): "leave"}}, deputies={"person": "p1"}
    ),
    "somebody mostly away is no monitor": lambda: _unit(
        "monitor", [MARKED, MARKED], 3, (), {"absences": {(0, 0): "leave", (0, 1): "leave"}}
    ),
    "monitor by selection on some days": lambda: _unit(
        "monitor", 2, 3, (), None, **{"for": {"person": ["p0", "p1"]}, "when": {"weekdays": ["mon", "wed"]}}
    ),
    "monitor soft": lambda: _unit("monitor", [MARKED, MARKED], 2, (), {"absences": {(0, 1): "leave"}}, weight=3),
    "monitor by day": lambda: _unit("monitor", [MARKED, MARKED, {}], 2, turns="day"),
    "monitor by day, from home": lambda: _unit(
        "monitor", [MARKED, MARKED], 2, (make_rule("always_home"),), {"absences": {(1, 1): "leave"}}, turns="day"
    ),
    "monitor by day beside a post": lambda: _unit(
        "monitor", [{**MARKED, **LOKET}, MARKED], 1, (ANY_HOME, make_rule("service_post", name="Loket")), turns="day"
    ),
    "monitor by day soft": lambda: _unit("monitor", [MARKED, MARKED], 2, (), turns="day", weight_under=2),
    "nobody is marked": lambda: _unit("monitor", 2, 2),
    "a monitor at home is no reason to miss a quota": lambda: _unit(
        "monitor", [MARKED, {}], 2, (make_rule("home_quota", share="100%", mode="exact"),)
    ),
    # weekday
    "fridays at home": lambda: _unit("weekday", 2, 3, (), {"start": date(2021, 8, 5), "absences": {(0, 1): "leave"}}, weekday=["fri"], status="home"),
    "fridays at the office": lambda: _unit("weekday", 2, 3, facts={"start": date(2021, 8, 5), "pins": {(0, 1): "home"}}, weekday=["jumat"], status="office"),
    "fridays at home beside exempt people, a post and pins": lambda: _unit(
        "weekday", [{}, {}, LOKET, LOKET], 2,
        (make_rule("always_office", **{"for": {"person": "p0"}}), make_rule("service_post", name="Loket")),
        {"start": FRIDAY, "pins": {(1, 0): "office"}}, weekday=["fri"], status="home",
    ),
    "fridays at home but for whom cannot use IT": lambda: _unit(
        "weekday", [{"it_capable": False}, {}], 2, (make_rule("it_capable"),), {"start": FRIDAY}, weekday=["fri"], status="home"
    ),
    "fridays at home within a quota": lambda: _unit(
        "weekday", 3, 3, (make_rule("home_quota", share="1/3", mode="at_least"),), {"start": date(2021, 8, 5)}, weekday=["fri"], status="home"
    ),
    "fridays at home soft": lambda: _unit(
        "weekday", [LOKET, LOKET], 2, (make_rule("service_post", name="Loket"),), {"start": FRIDAY}, weekday=["fri"], status="home", weight=4
    ),
    "mondays at the office soft": lambda: _unit("weekday", 2, 2, weekday=["mon"], status="office", weight=4),
    # home_count
    "two home days a week": lambda: _unit("home_count", 1, 10, (), at_least=2, at_most=2),
    "a cap on what others allow": lambda: _unit("home_count", 2, 5, at_most=2),
    "a cap alone lets nobody be at home": lambda: _unit("home_count", 2, 3, (), at_most=2),
    "a week cut at both ends": lambda: _unit("home_count", 1, 8, (), {"start": WEDNESDAY}, at_least=2, at_most=3),
    "a week cut at both ends, whole": lambda: _unit("home_count", 1, 8, (), {"start": WEDNESDAY}, at_least=2, at_most=2, partial="whole"),
    "halves at both ends": lambda: _unit("home_count", 1, 6, (), {"start": date(2021, 8, 4), "workdays": 6}, at_least=1, at_most=3),
    "home days by month": lambda: _unit("home_count", 1, 8, (), {"start": date(2021, 8, 26)}, at_least=3, at_most=8, per="month"),
    "home days in the horizon": lambda: _unit("home_count", 1, 8, (), {"start": WEDNESDAY}, at_least=3, at_most=4, per="horizon"),
    "home days with leave, pins and exempt days": lambda: _unit(
        "home_count", 2, 5,
        (make_rule("always_office", **{"for": {"person": "p0"}, "when": {"weekdays": ["mon", "tue", "wed"]}}),),
        {"absences": {(0, 3): "leave", (1, 0): "leave"}, "pins": {(1, 1): "office", (1, 2): "office", (1, 3): "home"}},
        at_least=2, at_most=2,
    ),
    "home days soft": lambda: _unit("home_count", 1, 5, weight_under=2, weight_over=3, at_least=2, at_most=3),
    "home days on some days": lambda: _unit("home_count", 1, 8, (), {"start": WEDNESDAY}, at_least=1, at_most=1, when={"weekdays": ["mon", "fri"]}),
    # weekends
    "one weekend on site": lambda: _unit("weekends", 1, 8, facts={"start": date(2021, 8, 7), "workdays": 7}, at_most=1),
    "complete weekends": lambda: _unit("weekends", 1, 9, facts={"start": date(2021, 8, 6), "workdays": 7}, complete=True),
    "complete weekends with leave": lambda: _unit(
        "weekends", 1, 9, facts={"start": date(2021, 8, 7), "workdays": 7, "absences": {(0, 1): "leave"}, "pins": {(0, 7): "home"}}, complete=True
    ),
    "a sunday after a saturday on site": lambda: _unit(
        "weekends", 1, 4, facts={"start": date(2021, 8, 8), "workdays": 7, "history": {0: {"last_status": OFFICE, "last_stint": 3}}}, complete=True
    ),
    "a sunday after a saturday of leave": lambda: _unit(
        "weekends", 1, 4, facts={"start": date(2021, 8, 8), "workdays": 7, "history": {0: {"last_status": "leave", "last_stint": 0}}}, complete=True
    ),
    "weekends soft": lambda: _unit("weekends", 1, 9, facts={"start": date(2021, 8, 7), "workdays": 7}, at_most=0, complete=True, weight=2),
    "saturdays only": lambda: _unit("weekends", 2, 2, facts={"start": date(2021, 8, 7), "workdays": 6}, at_most=0),
    # min_attendance
    "60 % a week": lambda: _unit("min_attendance", 1, 8, facts={"start": WEDNESDAY}, share="60%"),
    "60 % with leave and travel": lambda: _unit(
        "min_attendance", 2, 5, facts={"absences": {(0, 0): "leave", (0, 1): "travel", (1, 4): "travel"}}, share="60%", counting=["travel"]
    ),
    "60 % of all working days": lambda: _unit(
        "min_attendance", 2, 5, facts={"absences": {(0, 0): "leave", (0, 1): "travel", (1, 0): "leave", (1, 1): "leave", (1, 2): "leave", (1, 3): "leave"}},
        share="60%", base="working", counting=["travel"],
    ),
    "attendance by month": lambda: _unit("min_attendance", 1, 8, facts={"start": date(2021, 8, 26)}, share="1/2", per="month"),
    "attendance in the horizon by whom has joined": lambda: _unit(
        "min_attendance", [{"joins": date(2021, 8, 4)}], 7, facts={}, share="2/3", per="horizon", base="working"
    ),
    "attendance soft": lambda: _unit("min_attendance", 1, 6, share="80%", weight=2),
    # capacity
    "fewer desks than people": lambda: _unit("capacity", 3, 3, facts={"absences": {(0, 0): "leave"}}, at_most=1),
    "rooms by tag": lambda: _unit("capacity", [{"tags": ("ruang 1",)}, {"tags": ("ruang 1", "ruang 2")}, {"tags": ("ruang 2",)}, {}], 2, per="tag:ruang *", at_most=1),
    "places by sub unit soft": lambda: _unit("capacity", [{"sub_unit": "X"}, {"sub_unit": "X"}, {}], 2, per="sub_unit", at_most=1, weight_over=3),
    "capacity that warns": lambda: _unit("capacity", 2, 2, at_most=0, warn=True),
    "capacity below those always there": lambda: _unit("capacity", 2, 2, (), at_most=1),
    # together
    "all on tuesday": lambda: _unit("together", 3, 3, facts={"absences": {(0, 1): "leave"}}, weekday=["tue"]),
    "most on tuesday but for a pin": lambda: _unit("together", 4, 2, facts={"pins": {(0, 1): "home"}}, weekday=["tue"], share="60%"),
    "nobody to meet": lambda: _unit("together", 2, 2, facts={"absences": {(0, 1): "leave"}}, weekday=["tue"]),
    "one day a week": lambda: _unit("together", 2, 6, facts={"start": date(2021, 8, 2)}, days=1),
    "two days a week, cut": lambda: _unit("together", 2, 6, facts={"start": WEDNESDAY, "absences": {(1, 0): "leave"}}, days=2),
    "teams by tag, soft": lambda: _unit("together", [A, A, B, B], 3, facts={"start": WEDNESDAY, "absences": {(1, 2): "leave", (3, 0): "leave"}}, days=2, per="tag:*", weight=2),
    "teams by sub unit on monday": lambda: _unit("together", [{"sub_unit": "X"}, {"sub_unit": "X"}, {}], 2, per="sub_unit", weekday=["mon"], weight_under=5),
    # apart
    "not both away": lambda: _unit("apart", 2, 3, facts={"absences": {(0, 1): "leave"}, "pins": {(1, 0): "home"}}),
    "not both at home": lambda: _unit("apart", 2, 3, facts={"absences": {(0, 1): "leave"}}, counting="home"),
    "at most two of three away": lambda: _unit("apart", 3, 3, facts={"absences": {(0, 1): "leave", (1, 1): "leave", (2, 1): "sick"}}, at_most_away=2),
    "never a whole Bidang at home": lambda: _unit(
        "apart", [{"sub_unit": "X"}, {"sub_unit": "X"}, {"sub_unit": "Y"}, {}], 2, facts={"absences": {(2, 0): "leave"}}, per="sub_unit", at_least_on_site=1
    ),
    "apart soft": lambda: _unit("apart", 3, 2, facts={"absences": {(0, 1): "leave"}}, at_most_away=0, weight=2),
    "apart soft on site": lambda: _unit("apart", 3, 2, at_least_on_site=2, weight_under=2),
    # cohort
    "two groups by day": lambda: _unit("cohort", [A, B, {}], 3, (), every="day", starts=date(2021, 8, 3), **TWO_GROUPS),
    "two groups by week": lambda: _unit("cohort", [A, B], 4, (), {"start": date(2021, 8, 5), "absences": {(0, 2): "leave"}, "pins": {(1, 0): "office"}}, **TWO_GROUPS),
    "three groups dealt out, two days each": lambda: _unit("cohort", 4, 3, (), {"start": WEDNESDAY}, groups=3, every=2, starts=FRIDAY),
    "groups on six days": lambda: _unit("cohort", [A, B], 4, (), {"start": FRIDAY, "workdays": 6}, every="day", workdays="mon-sat", **TWO_GROUPS),
    "groups beside exempt people and a post": lambda: _unit(
        "cohort", [{**A, **LOKET}, {**B, **LOKET}, A, B], 2,
        (make_rule("always_office", **{"for": {"person": ["p2", "p3"]}}), make_rule("service_post", name="Loket")), None, every="day", **TWO_GROUPS,
    ),
    "groups within a quota": lambda: _unit("cohort", [A, B, {}], 3, (make_rule("home_quota", share="1/2"),), None, every="day", **TWO_GROUPS),
    "groups beside an exact quota": lambda: _unit(
        "cohort", [A, B, {}], 2, (make_rule("home_quota", share="2/3", mode="exact"),), None, every="day", **TWO_GROUPS
    ),
    "groups and fridays at home": lambda: make_unit(
        [make_rule("cohort", every="day", **TWO_GROUPS), make_rule("weekday", weekday=["fri"], status="home")], [A, B, {}], 2, start=FRIDAY
    ),
    "groups soft": lambda: _unit("cohort", [A, B], 2, every="day", weight=3, **TWO_GROUPS),
    # start_slot
    "two starts": lambda: _unit("start_slot", 2, 1, slots=["9.00", "9.30"]),
    "two starts, three people": lambda: _unit("start_slot", 3, 1, slots=["9.00", "9.30"]),
    "three starts": lambda: _unit("start_slot", 2, 1, slots=["9.00", "9.30", "10.00"]),
    "starts with a limit": lambda: _unit("start_slot", 2, 2, facts={"absences": {(0, 1): "leave"}}, slots=["9.00", "9.30"], at_most=1),
    "starts by week": lambda: _unit("start_slot", 3, 2, (ANY_HOME,), {"start": FRIDAY, "absences": {(0, 0): "leave"}}, slots=["9.00", "9.30"], turns="week"),
    "starts by month with a limit": lambda: _unit("start_slot", 3, 2, (ANY_HOME,), None, slots=["9.00", "9.30"], turns="month", at_most=1),
    "fixed starts, soft": lambda: _unit("start_slot", 2, 2, (), {"absences": {(1, 1): "leave"}}, slots=["9.00", "9.30"], turns="fixed", weight=2),
    "starts in turn, soft": lambda: _unit("start_slot", 1, 4, (), None, slots=["9.00", "9.30"], weight=2),
    "starts in turn with a limit": lambda: _unit("start_slot", 1, 4, slots=["9.00", "9.30"], at_most=1),
    "starts soft": lambda: _unit("start_slot", 2, 1, slots=["9.00", "9.30"], weight=2),
    "starts beside a post and a quota": lambda: _unit(
        "start_slot", [LOKET, LOKET], 1, (make_rule("home_quota", share="100%", mode="exact"), make_rule("service_post", name="Loket")), None, slots=["9.00", "9.30"]
    ),
    "starts call nobody from home": lambda: _unit("start_slot", 2, 1, (make_rule("always_home"),), slots=["9.00", "9.30"]),
    # preference
    "a wish for wednesday": lambda: _unit("preference", 2, 3, facts={"absences": {(0, 2): "leave"}}, status="home", weight=2, when={"weekdays": ["wed", "mon"]}),
    "a wish of whom nothing lets be at home": lambda: _unit("preference", 2, 2, (), status="home"),
}  # fmt: skip


IMPOSSIBLE = {"capacity below those always there"}


@pytest.mark.parametrize("case", CASES)
def test_model_and_checker_agree_over_all_rosters_and_one_exists_but_where_none_can(case: str) -> None:
    unit = CASES[case]()
    admitted = rosters_of_model(unit)
    accepted = {signature(roster): found.objectives["preferences"] for roster, found in lawful_rosters(unit)}
    assert admitted == accepted
    assert bool(admitted) == (case not in IMPOSSIBLE)


def test_history_matters_to_a_divided_weekend() -> None:
    with_history = CASES["a sunday after a saturday on site"]()
    without = CASES["a sunday after a saturday of leave"]()
    assert 2 * len(rosters_of_model(with_history)) == len(rosters_of_model(without))


def _home_bounds(start: date, days: int, least: int) -> set[int]:
    unit = make_unit([make_rule("home_count", at_least=least, at_most=least)], [{}], days, start=start)
    return {sum(s == HOME for s in statuses[0]) for statuses, _ in rosters_of_model(unit)}


@pytest.mark.parametrize("least", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("inside", [1, 2, 3, 4])
def test_two_periods_that_divide_a_week_together_ask_the_whole(inside: int, least: int) -> None:
    (first,) = _home_bounds(date(2021, 8, 2), inside, least)
    (second,) = _home_bounds(date(2021, 8, 2 + inside), 5 - inside, least)
    assert first + second == least
