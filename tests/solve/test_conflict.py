"""Conflicts are named exactly, none is larger than it must be, and every way out offered lets a roster exist."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from scheduler.constraints import discover
from scheduler.explain import explain
from scheduler.problem import Policy, Problem, Unit
from scheduler.read.policy import override
from scheduler.solve.conflicts.change import Change, WayOut
from scheduler.solve.conflicts.conflict import Conflict, find_conflicts
from scheduler.solve.conflicts.counting import find_flow_conflict, find_short
from scheduler.solve.conflicts.demands import Demands
from scheduler.solve.conflicts.options import values_of
from scheduler.solve.conflicts.ways_out import find_ways_out
from scheduler.solve.search import Effort
from scheduler.solve.unit import solve_unit
from scheduler.verify import audit
from tests.constraints.problems import all_rosters, make_rule, make_unit

LOKET = {"service_posts": ("Loket",)}
UNABLE = {"it_capable": False}
HALF = {"share": "50%", "rounding": "nearest"}


def _problem(*units: Unit) -> Problem:
    policy = Policy(title="", timezone="Asia/Makassar", rules=units[0].rules)
    horizon = units[0].horizon
    return Problem(name="x", policy=policy, first=horizon.first, last=horizon.last, units=units)


def _relaxed(problem: Problem, way: WayOut) -> tuple[Unit, ...]:
    """The units as a way out would make them."""
    units = []
    for unit in problem.units:
        for change in way.changes:
            if change.kind == "setting" or change.unit == unit.name:
                unit = change.apply(unit)  # noqa: PLW2901
        units.append(unit)
    return tuple(units)


PLANTED: dict[str, tuple[Callable[[], Unit], set[str]]] = {
    "a floor and those always at home": (
        lambda: make_unit([make_rule("always_home"), make_rule("min_on_site", at_least=2)], [{}, {}, {}], 1),
        {"always_home", "min_on_site"},
    ),
    "a floor and leave": (
        lambda: make_unit(
            [make_rule("home_quota", **HALF), make_rule("min_on_site", at_least=2, strict=True)],
            [{}] * 3,
            3,
            absences={(0, 1): "leave", (1, 1): "leave"},
        ),
        {"min_on_site", "absence"},
    ),
    "a counter, leave and pins": (
        lambda: make_unit(
            [make_rule("service_post", name="Loket", at_least=4), make_rule("home_quota", **HALF)],
            [LOKET] * 6,
            3,
            pins={(0, 1): "home"},
            absences={(1, 1): "leave", (2, 1): "leave"},
        ),
        {"service_post[Loket]", "absence", "pin"},
    ),
    "a quota, stints and IT": (
        lambda: make_unit(
            [
                make_rule("home_quota", mode="exact", **HALF),
                make_rule("stint", home=1, office="any"),
                make_rule("it_capable"),
            ],
            [UNABLE, {}],
            2,
        ),
        {"home_quota", "stint", "it_capable"},
    ),
    "a weekly cap and a quota": (
        lambda: make_unit(
            [
                make_rule("home_quota", share="60%", mode="at_least", rounding="nearest"),
                make_rule("home_count", per="week", at_most=2),
            ],
            [{}] * 5,
            5,
        ),
        {"home_quota", "home_count"},
    ),
    "cohorts and desks": (
        lambda: make_unit(
            [make_rule("cohort", groups=2, every="day"), make_rule("capacity", at_most=1)],
            [{}] * 4,
            2,
        ),
        {"cohort", "capacity"},
    ),
    "desks, and leave that is to spare": (
        lambda: make_unit(
            [make_rule("home_quota", share="10%", rounding="floor"), make_rule("capacity", at_most=1)],
            [{}] * 3,
            1,
            absences={(2, 0): "leave"},
        ),
        {"home_quota", "capacity"},
    ),
    "five rules: IT, a pin, leave and a floor against a quota": (
        lambda: make_unit(
            [
                make_rule("home_quota", share="50%", mode="at_least", rounding="nearest"),
                make_rule("it_capable"),
                make_rule("min_on_site", at_least=1, **{"for": {"rank": "pengawas"}}),
            ],
            [UNABLE, {}, {}, {"rank": "pengawas"}, {"rank": "pengawas"}, {}],
            1,
            pins={(1, 0): "office"},
            absences={(2, 0): "leave"},
        ),
        {"home_quota", "it_capable", "pin", "absence", "min_on_site"},
    ),
}  # fmt: skip


def _only(unit: Unit) -> Conflict:
    conflicts = find_conflicts(unit, Effort())
    assert len(conflicts) >= 1
    return conflicts[0]


@pytest.mark.parametrize("case", PLANTED)
def test_a_planted_conflict_is_named_exactly(case: str) -> None:
    make, expected = PLANTED[case]
    assert set(_only(make()).rules) == expected


@pytest.mark.parametrize("case", PLANTED)
def test_every_way_out_offered_makes_the_unit_feasible(case: str) -> None:
    problem = _problem(PLANTED[case][0]())
    found = explain(problem, Effort())
    assert found.ways_out
    costs = [way.cost for way in found.ways_out]
    assert costs == sorted(costs)
    for way in found.ways_out:
        (unit,) = _relaxed(problem, way)
        solution = solve_unit(unit, Effort())
        assert audit(unit, solution.roster).broken == ()


def test_the_sentence_tells_unit_head_what_is_missing_and_why() -> None:
    conflict = _only(PLANTED["a counter, leave and pins"][0]())
    english = [sentence.en for sentence in conflict.sentences()]
    assert any(
        "3 August 2021: Loket needs 4 on site; of its 6 officers 2 are away and 1 is pinned home." in sentence
        for sentence in english
    )
    assert any("Pegawai 0" in sentence for sentence in english)
    assert all(sentence.id != sentence.en for sentence in conflict.sentences())


def test_independent_conflicts_are_all_listed_and_share_nothing() -> None:
    unit = make_unit(
        [make_rule("home_quota", **HALF), make_rule("service_post", name="Loket", at_least=2)],
        [LOKET, LOKET, {}, {}],
        3,
        pins={(0, 0): "home", (1, 2): "home"},
    )
    conflicts = find_conflicts(unit, Effort())
    assert {instance.day for conflict in conflicts for instance in conflict.instances} == {
        unit.horizon.workdays[0],
        unit.horizon.workdays[2],
    }
    assert [len(conflict.instances) for conflict in conflicts] == [2, 2]


def test_a_cap_of_days_against_a_quota_of_half_is_found_by_counting_alone() -> None:
    unit = make_unit(
        [make_rule("home_quota", mode="exact", **HALF), make_rule("home_count", per="horizon", at_most=9)],
        [{}] * 60,
        20,
    )
    demands = Demands(unit)
    pool = demands.numbers
    found = find_flow_conflict(demands, pool)
    assert find_short(demands, pool) is None
    assert found is not None
    assert {demands.instances[number].rule for number in found} == {"home_quota", "home_count"}
    days = [n for n in found if demands.instances[n].rule == "home_quota"]
    people = [n for n in found if demands.instances[n].rule == "home_count"]
    assert demands.is_feasible(found, 5.0) is not True
    for gone in (days[0], days[-1], people[0], people[-1]):
        assert demands.is_feasible([n for n in found if n != gone], 20.0) is True


def _random_unit(seed: int) -> Unit:
    draw = random.Random(seed)
    people, days = draw.randint(2, 4), draw.randint(1, 2)
    cells = [(i, k) for i in range(people) for k in range(days)]
    rules: list[Any] = [
        make_rule(
            "home_quota",
            share=draw.choice(["50%", "2/3", "1/3"]),
            mode=draw.choice(["exact", "at_least"]),
            rounding="nearest",
        )
    ]
    if draw.random() < 0.6:
        rules.append(make_rule("min_on_site", at_least=draw.randint(1, people)))
    if draw.random() < 0.5:
        rules.append(make_rule("stint", home=1, office="any"))
    if draw.random() < 0.5:
        rules.append(make_rule("it_capable"))
    if draw.random() < 0.4:
        rules.append(make_rule("home_count", per="horizon", at_most=1))
    staff = [{"it_capable": draw.random() > 0.3} for _ in range(people)]
    pins = {cell: draw.choice(["home", "office"]) for cell in cells if draw.random() < 0.25}
    return make_unit(rules, staff, days, pins=pins)  # fmt: skip


@pytest.mark.parametrize("seed", range(40))
def test_brute_force_agrees_that_a_conflict_cannot_hold_and_that_nothing_in_it_is_superfluous(
    seed: int,
) -> None:
    unit = _random_unit(seed)
    rosters = list(all_rosters(unit))
    conflicts = find_conflicts(unit, Effort())
    assert bool(conflicts) == all(audit(unit, roster).broken for roster in rosters)
    for conflict in conflicts:
        keys = [(i.rule, i.day, i.people) for i in conflict.instances if i.rule != "absence"]
        broken = [_broken_instances(unit, roster) for roster in rosters]
        assert all(any(_hits(key, found) for key in keys) for found in broken)
        for gone in keys:
            rest = [key for key in keys if key != gone]
            assert any(not any(_hits(key, found) for key in rest) for found in broken)


def _broken_instances(unit: Unit, roster: Any) -> list[tuple[str, Any, tuple[str, ...]]]:
    return [(v.rule, v.day, v.people) for v in audit(unit, roster).broken]


def _hits(key: tuple[str, Any, tuple[str, ...]], found: list[tuple[str, Any, tuple[str, ...]]]) -> bool:
    """Whether a roster breaks an instance: same rule and day, and the person where the rule is about one."""
    rule, day, people = key
    return any(
        r == rule
        and d == day
        and (len(people) != 1 or r in ("home_quota", "min_on_site") or set(people) & set(p))
        for r, d, p in found
    )


def test_a_feasible_unit_has_no_conflict() -> None:
    unit = make_unit([make_rule("home_quota", **HALF), make_rule("stint", home=[1, 2])], [{}] * 4, 5)
    assert find_conflicts(unit, Effort()) == ()
    assert explain(_problem(unit), Effort()).is_feasible


def test_a_way_out_for_two_conflicts_mends_both() -> None:
    first = make_unit(
        [make_rule("home_quota", **HALF), make_rule("service_post", name="Loket", at_least=2)],
        [LOKET, LOKET, {}],
        1,
        pins={(0, 0): "home"},
    )
    second = replace(first, name="Dinas Lain")
    problem = _problem(first, second)
    found = explain(problem, Effort())
    assert {conflict.unit.name for conflict in found.conflicts} == {"Kantor", "Dinas Lain"}
    for way in found.ways_out:
        for unit in _relaxed(problem, way):
            assert find_conflicts(unit, Effort()) == ()


def test_whoever_could_be_called_to_a_post_is_no_part_of_what_another_lacks() -> None:
    attend = make_rule("min_attendance", share="1/3")
    quota = make_rule("home_quota", share="100%", mode="exact")
    unit = make_unit([make_rule("service_post", name="Loket"), attend, quota], [LOKET, {}, LOKET], 1)
    conflict = _only(unit)
    assert [(i.rule, i.people) for i in conflict.instances] == [
        ("min_attendance", ("p1",)),
        ("home_quota", ("p0", "p1", "p2")),
    ]


def test_a_way_out_does_not_take_a_setting_to_and_fro() -> None:
    few, groups = {"for": {"person": "p2"}}, [{"tag": "A"}, {"person": "p2"}]
    rules = [
        make_rule("stint", home=1, office=4, across_weekends=False),
        make_rule("it_capable"),
        make_rule("cohort", groups=groups, every=2, starts=date(2021, 8, 3), workdays="mon-sat", **few),
        make_rule("home_quota", share="50%", rounding="ceil", mode="exact", base="present"),
    ]
    staff = [UNABLE, {}, {"tags": ("A",)}]
    unit = make_unit(
        rules, staff, 4, start=date(2021, 8, 16), absences={(2, 1): "isolation"}, pins={(0, 3): "home"}
    )
    found = explain(_problem(unit), Effort())
    assert len(found.ways_out) == 2
    for way in found.ways_out:
        assert find_conflicts(_relaxed(_problem(unit), way)[0], Effort()) == ()


def test_rules_on_rows_are_read_last_and_numbered_in_the_rules_order() -> None:
    rules = [
        make_rule("stint", home=1),
        make_rule("home_quota", mode="exact", **HALF),
        make_rule("home_count", per="horizon", at_most=2),
    ]
    demands = Demands(make_unit(rules, [{}] * 4, 5))
    early = {demands.instance(number).rule for number in demands.without_rows}
    everything = [demands.instance(number).rule for number in demands.numbers]
    assert early == {"home_quota"}
    assert list(dict.fromkeys(everything)) == ["stint", "home_quota", "home_count"]
    assert set(demands.without_rows) < set(demands.numbers)


def test_a_way_out_on_an_overridden_quota_leaves_to_the_other_whom_that_selects() -> None:
    """Of four officials two are to be at home and three on site; the two leaders have a quota of their own."""
    officials = {"for": {"rank": "pelaksana"}}
    rules = [
        make_rule("home_quota", name="semua", mode="exact", **HALF),
        make_rule(
            "home_quota", name="pimpinan", share="0%", overrides="semua", **{"for": {"rank": "pengawas"}}
        ),
        make_rule("min_on_site", at_least=3, strict=True, **officials),
    ]
    unit = make_unit(override(rules), [{"rank": "pengawas"}] * 2 + [{}] * 4, 1)
    found = explain(_problem(unit), Effort())
    shares = [c.value for way in found.ways_out for c in way.changes if c.field == "share"]
    assert shares == [Fraction(37, 100)]  # 1.48 of four; of all six it would be 24 %
    for way in found.ways_out:
        (changed,) = _relaxed(_problem(unit), way)
        assert not any(changed.rules[0].selects(leader, unit.horizon.first) for leader in unit.people[:2])
        assert audit(changed, solve_unit(changed, Effort()).roster).broken == ()


def test_every_setting_that_a_way_out_may_change_is_told_in_words_with_the_rule_as_it_is_called_on_paper():
    rules = [
        make_rule(key, **dict(example.settings))
        for key, rule_type in discover().items()
        for example in (rule_type.kept, rule_type.broken)
    ]
    rules += [make_rule("home_quota", mode="exact", **HALF), make_rule("cohort", groups=2, every=3)]
    rules += [make_rule("min_on_site", at_least=1, strict=True)]
    rules += [make_rule("stint", home=[1, 2], office=3, prefer=2)]
    changes = [
        (
            rule,
            Change(cost=1, unit="", rule=rule.label, field=field, before=getattr(rule, field), value=value),
        )
        for rule in rules
        for field in type(rule).model_fields
        for value in itertools.chain.from_iterable(values_of(rule, field, 3))
    ]
    told = {"share", "at_least", "at_most", "home", "office", "prefer", "mode", "strict", "groups", "every"}
    assert told <= {change.field for _, change in changes}
    for rule, change in changes:
        assert rule.title.id in change.text.id and rule.title.en in change.text.en
        assert f": {change.field} " not in change.text.en


def test_a_way_out_says_what_becomes_of_what():
    change = Change(cost=1, unit="", rule="home_count[pekan]", field="at_most", before=2, value=3)
    longer = Change(cost=1, unit="", rule="stint", field="home", before=(1, 2), value=(1, 3))

    assert change.text.id == "“Hari di rumah per orang [pekan]”: paling banyak 3, semula 2"
    assert longer.text.en == "“Length of turns”: turns at home (days) of 1 to 3 instead of 1 to 2"
    assert change.flag == "--set 'home_count[pekan].at_most=3'"


def test_ways_out_of_two_units_are_put_together_though_neither_alone_lets_the_other_have_a_roster():
    rules = [
        make_rule("always_office", **{"for": {"tag": "front"}}),
        make_rule("capacity", at_most=2, **{"for": {"tag": "front"}}),
        make_rule("always_home", **{"for": {"tag": "back"}}),
        make_rule("min_on_site", at_least=3, **{"for": {"tag": "back"}}),
    ]
    front = make_unit(rules, [{"tags": ("front",)}] * 16, 2)
    back = replace(make_unit(rules, [{"tags": ("back",)}] * 4, 2), name="Back")
    conflicts = [conflict for unit in (front, back) for conflict in find_conflicts(unit, Effort())]

    cheapest = find_ways_out((front, back), conflicts, Effort())[0]

    assert {change.flag for change in cheapest.changes} == {
        "--set capacity.at_most=16",
        "--set min_on_site.at_least=0",
    }
