"""Conflicts planted in units of several sizes, among rules that have no part in them, are each named exactly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from scheduler.problem import Unit
from scheduler.solve.conflicts.conflict import find_conflicts
from scheduler.solve.conflicts.demands import Demands
from scheduler.solve.search import Effort
from tests.constraints.problems import make_rule, make_unit

LOKET, UNABLE, LEADER = {"service_posts": ("Loket",)}, {"it_capable": False}, {"rank": "pengawas"}
SIZES = (10, 60, 150)


def bystanders() -> list[Any]:
    """Rules that bind somewhere in every unit below, and have no part in what is planted."""
    return [
        make_rule("service_post", name="Arsip", at_least=1),
        make_rule("home_count", name="sebulan", per="month", at_most=20),
        make_rule("always_office", **{"for": {"rank": "jpt"}}),
    ]


def staff_of(size: int, *some: dict[str, Any]) -> list[dict[str, Any]]:
    """So many people: those given, two archivists, a head, and officials without anything particular."""
    others: list[dict[str, Any]] = [{"service_posts": ("Arsip",)}] * 2 + [{"rank": "jpt"}]
    return [*some, *others, *([{}] * (size - len(some) - len(others)))]


def counter(size: int) -> Unit:
    """A counter of six that needs four, of whom leave takes two and a pin one."""
    return make_unit(
        [make_rule("home_quota", share="50%"), make_rule("stint", home=[1, 2]),
         make_rule("service_post", name="Loket", at_least=4), *bystanders()],
        staff_of(size, *[LOKET] * 6), 5,
        pins={(0, 1): "home"}, absences={(1, 1): "leave", (2, 1): "leave"},
    )  # fmt: skip


def able(size: int) -> Unit:
    """Half of everybody on every day, single days at home, and half of the people cannot use IT."""
    return make_unit(
        [make_rule("home_quota", share="50%", rounding="nearest", mode="exact"),
         make_rule("stint", home=1, office="any"), make_rule("it_capable"), *bystanders()],
        staff_of(size, *[UNABLE] * (size // 2 - 1)), 4,
    )  # fmt: skip


def desks(size: int) -> Unit:
    """Two cohorts in turns, and desks for fewer than either."""
    return make_unit(
        [make_rule("cohort", groups=2, every="day"), make_rule("capacity", at_most=size // 2 - 2), bystanders()[1]],
        [{"rank": "pelaksana"}] * size, 2,
    )  # fmt: skip


def weekly(size: int) -> Unit:
    """Two days a week each against 60 % of everybody every day."""
    return make_unit(
        [make_rule("home_quota", share="60%", mode="at_least", rounding="nearest"),
         make_rule("home_count", per="week", at_most=2), bystanders()[1]],
        [{"rank": "pelaksana"}] * size, 5,
    )  # fmt: skip


def floor(size: int) -> Unit:
    """A strict floor of two leaders, of whom leave takes two of three on a day."""
    return make_unit(
        [make_rule("home_quota", share="50%"),
         make_rule("min_on_site", at_least=2, strict=True, **{"for": {"rank": "pengawas"}}), *bystanders()],
        staff_of(size, *[LEADER] * 3), 5, absences={(0, 3): "leave", (1, 3): "leave"},
    )  # fmt: skip


def five(size: int) -> Unit:
    """A quota of half on the only day, of which IT, a pin, leave and a floor of leaders each take one too many."""
    needed = [UNABLE, {}, {}, LEADER, LEADER]
    rest = [{"rank": "jpt"}] * (size - 6)
    half = {"for": {"rank": ["pelaksana", "pengawas"]}}
    return make_unit(
        [make_rule("home_quota", share="50%", mode="at_least", rounding="nearest", **half), make_rule("it_capable"),
         make_rule("min_on_site", at_least=1, **{"for": {"rank": "pengawas"}}),
         make_rule("stint", home=[1, 2], office="any")],
        [*needed, {}, *rest], 1, pins={(1, 0): "office"}, absences={(2, 0): "leave"},
    )  # fmt: skip


CASES: dict[Callable[[int], Unit], set[str]] = {
    counter: {"service_post[Loket]", "absence", "pin"},
    able: {"home_quota", "stint", "it_capable"},
    desks: {"cohort", "capacity"},
    weekly: {"home_quota", "home_count"},
    floor: {"min_on_site", "absence"},
    five: {"home_quota", "it_capable", "pin", "absence", "min_on_site"},
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("make", CASES, ids=lambda make: make.__name__)
def test_a_planted_conflict_is_named_exactly_and_nothing_else_is(
    make: Callable[[int], Unit], size: int
) -> None:
    conflicts = find_conflicts(make(size), Effort())
    assert conflicts
    assert {frozenset(conflict.rules) for conflict in conflicts} == {frozenset(CASES[make])}


@pytest.mark.parametrize("size", SIZES[:2])
@pytest.mark.parametrize("make", CASES, ids=lambda make: make.__name__)
def test_without_any_one_instance_the_others_can_hold(make: Callable[[int], Unit], size: int) -> None:
    unit = make(size)
    demands = Demands(unit)
    for conflict in find_conflicts(unit, Effort()):
        wanted = {(i.rule, i.day, i.people) for i in conflict.instances if i.rule != "absence"}
        chosen = [n for n, i in demands.instances.items() if (i.rule, i.day, i.people) in wanted]
        assert len(chosen) == len(wanted)
        assert demands.is_feasible(chosen, 5.0, presolve=False) is False
        for gone in (*chosen[:3], *chosen[-3:]):
            assert demands.is_feasible([n for n in chosen if n != gone], 5.0) is True


def test_three_independent_conflicts_of_different_rules_are_all_listed() -> None:
    unit = counter(60)
    leaders = make_rule("min_on_site", at_least=2, strict=True, **{"for": {"rank": "pengawas"}})
    full = make_rule("capacity", at_most=30, when={"weekdays": ["fri"]}, **{"for": {"rank": "pelaksana"}})
    people = tuple(replace(p, rank="pengawas") if p.id in ("p20", "p21") else p for p in unit.people)
    day = unit.horizon.workdays
    unit = replace(
        unit,
        people=people,
        rules=(*unit.rules, leaders, full),
        absences={**unit.absences, ("p20", day[3]): "leave"},
        pins={**unit.pins, **{(f"p{i}", day[4]): pin("office") for i in range(25, 56)}},
    )
    found = {frozenset(conflict.rules): conflict for conflict in find_conflicts(unit, Effort())}
    assert set(found) == {
        frozenset({"service_post[Loket]", "absence", "pin"}),
        frozenset({"min_on_site", "absence"}),
        frozenset({"capacity", "pin"}),
    }
    assert {conflict.instances[0].day for conflict in found.values()} == {day[1], day[3], day[4]}


def pin(status: str) -> Any:
    from scheduler.problem import Pin

    return Pin(status=status)  # type: ignore[arg-type]
