"""Replanning changes as few person-days as can be: brute force over every roster of small units agrees, pass by pass."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from scheduler.constraints.base import Rule
from scheduler.errors import InfeasibleError
from scheduler.problem import Pin, Unit
from scheduler.roster import HOME, OBJECTIVES, OFFICE, Replaced, UnitRoster
from scheduler.solve.search import Effort
from scheduler.solve.unit import solve_unit
from scheduler.verify import audit, false_claims
from tests.constraints.problems import all_rosters, make_rule, make_unit

LOKET = {"service_posts": ("Loket",)}


def _published(draw: random.Random) -> tuple[Unit, UnitRoster]:
    """A small unit with a roster that some passes found."""
    has_post = draw.random() < 0.4
    people = draw.randint(2, 3 if has_post else 4)
    days = 2 if has_post else draw.randint(2, 8 // people)
    rules = [
        make_rule(
            "home_quota", share=draw.choice(["50%", "1/3", "2/3"]), rounding=draw.choice(["nearest", "ceil"])
        ),
        make_rule("stint", home=draw.choice([[1, 2], 1]), office="any"),
    ]
    staff: list[dict[str, object]] = [{} for _ in range(people)]
    if has_post:
        rules.append(make_rule("service_post", name="Loket", at_least=1))
        staff[0] = staff[1] = LOKET
    unit = make_unit(rules, staff, days)
    return unit, solve_unit(unit, Effort()).roster


def _disturbed(unit: Unit, draw: random.Random) -> tuple[Unit, int]:
    """The unit with a new absence or pin, and the number of the first working day that may change."""
    days = unit.horizon.workdays
    first = draw.randrange(len(days))
    person, day = draw.choice(unit.people), days[draw.randrange(first, len(days))]
    if draw.random() < 0.5:
        return replace(unit, absences={**unit.absences, (person.id, day): "leave"}), first
    pin = Pin(status=draw.choice([HOME, OFFICE]), recall=draw.random() < 0.3)  # type: ignore[arg-type]
    pin = replace(pin, status="office") if pin.recall else pin
    return replace(unit, pins={**unit.pins, (person.id, day): pin}), first


@pytest.mark.parametrize("seed", range(20))
def test_no_lawful_roster_is_better_in_shortfall_and_then_in_changes(seed: int) -> None:
    draw = random.Random(seed)
    unit, published = _published(draw)
    revised, first = _disturbed(unit, draw)
    replaced = Replaced(published, revised.horizon.workdays[first])
    lawful = [
        tuple(found.objectives[name] for name in OBJECTIVES)
        for roster in all_rosters(revised)
        if not (found := audit(revised, roster, replaced)).broken
    ]
    if not lawful:
        with pytest.raises(InfeasibleError):
            solve_unit(revised, Effort(), replaced)
        return
    solution = solve_unit(revised, Effort(), replaced)
    found = audit(revised, solution.roster, replaced)
    assert found.broken == ()
    assert list(false_claims(solution.objectives, found.objectives)) == []
    assert all(objective.is_optimal for objective in solution.objectives)
    assert tuple(found.objectives[name] for name in OBJECTIVES) == min(lawful)


def test_days_before_the_first_that_may_change_stay_even_where_a_later_rule_would_forbid_them() -> None:
    generous = make_rule("home_quota", share="100%", mode="at_most")
    unit = make_unit([generous], [{}, {}], 4, pins={(i, k): HOME for i in (0, 1) for k in range(4)})
    published = solve_unit(unit, Effort()).roster
    floor = make_rule("min_on_site", at_least=1)
    revised = replace(unit, rules=(floor, *unit.rules), pins={})
    replaced = Replaced(published, unit.horizon.workdays[2])
    solution = solve_unit(revised, Effort(), replaced)
    found = audit(revised, solution.roster, replaced)
    assert [row[:2] for row in solution.roster.statuses] == [row[:2] for row in published.statuses]
    assert found.broken == ()
    assert found.objectives["changes"] == 2
    assert len(found.notes) == 2
    assert found.notes[0].en.startswith("Past, left as it was: min_on_site, 2 August 2021")
    later = [list(row) for row in solution.roster.statuses]
    later[0][2] = later[1][2] = HOME
    broken = replace(solution.roster, statuses=tuple(map(tuple, later)))
    assert [v.rule for v in audit(revised, broken, replaced).broken] == ["min_on_site"]


@pytest.mark.parametrize(
    "wish",
    [
        make_rule("service_post", name="Loket", at_least=2, weight=3),
        make_rule("capacity", at_most=0, weight=2),
        make_rule("weekday", weekday=["mon"], status="home", weight=1),
    ],
    ids=lambda rule: rule.key,
)
def test_what_wishes_cost_on_days_that_are_past_is_counted_by_model_and_verifier_alike(wish: Rule) -> None:
    unit = make_unit([make_rule("home_quota", share="50%"), wish], [LOKET, {}], 4)
    published = solve_unit(unit, Effort()).roster
    days = unit.horizon.workdays
    ill = replace(unit, absences={("p1", days[3]): "sick"})
    replaced = Replaced(published, days[2])
    solution = solve_unit(ill, Effort(), replaced)
    found = audit(ill, solution.roster, replaced)
    assert any(
        v.weight is not None and v.day is not None and v.day < replaced.before for v in found.violations
    )
    assert list(false_claims(solution.objectives, found.objectives)) == []


def test_a_past_day_that_was_changed_is_refused() -> None:
    unit = make_unit([make_rule("home_quota", share="50%")], [{}, {}], 2)
    published = solve_unit(unit, Effort()).roster
    turned = replace(published, statuses=published.statuses[::-1])
    replaced = Replaced(published, unit.horizon.workdays[1])
    assert {v.rule for v in audit(unit, turned, replaced).broken} == {"frozen"}


def test_a_weekly_cap_counts_the_days_already_spent_at_home() -> None:
    free = make_rule("home_quota", share="100%")
    unit = make_unit([free], [{}], 5)
    published = solve_unit(unit, Effort()).roster
    assert published.statuses == ((HOME,) * 5,)
    cap = make_rule("home_count", per="week", at_most=1)
    revised = replace(unit, rules=(*unit.rules, cap))
    replaced = Replaced(published, unit.horizon.workdays[3])
    solution = solve_unit(revised, Effort(), replaced)
    assert solution.roster.statuses == ((HOME, HOME, HOME, OFFICE, OFFICE),)
    assert audit(revised, solution.roster, replaced).broken == ()


def test_two_duties_held_by_one_person_on_a_day_that_is_past_are_kept() -> None:
    rules = [
        make_rule("home_quota", share="50%"),
        make_rule("service_post", name="Loket"),
        make_rule("monitor", turns="day", **{"for": {"person": ["p0"]}}),
    ]
    unit = make_unit(rules, [LOKET, {}], 2)
    published = solve_unit(unit, Effort()).roster
    first = unit.horizon.workdays[0]
    assert len(published.roles["p0", first]) == 2
    ill = replace(unit, absences={("p1", unit.horizon.workdays[1]): "sick"})
    replaced = Replaced(published, unit.horizon.workdays[1])
    solution = solve_unit(ill, Effort(), replaced)
    assert audit(ill, solution.roster, replaced).broken == ()
    assert solution.roster.roles["p0", first] == published.roles["p0", first]


def test_facts_that_an_amended_policy_tells_of_past_days_count_as_changes_for_model_and_verifier_alike() -> (
    None
):
    """Leave taken on a past day and a post abolished from the start; everything else of those days stays."""
    quota, post = make_rule("home_quota", share="50%"), make_rule("service_post", name="Loket")
    unit = make_unit([quota, post], [LOKET, LOKET, {}, {}], 4)
    published = solve_unit(unit, Effort()).roster
    days = unit.horizon.workdays
    held = sum(bool(names) for (_, day), names in published.roles.items() if day in days)
    assert held == len(days)
    away = next(i for i in (2, 3) if published.statuses[i][0] == OFFICE)
    revised = replace(
        unit,
        rules=tuple(rule for rule in unit.rules if rule is not post),
        absences={(f"p{away}", days[0]): "sick"},
    )
    replaced = Replaced(published, days[2])
    solution = solve_unit(revised, Effort(), replaced)
    found = audit(revised, solution.roster, replaced)
    assert found.broken == ()
    assert list(false_claims(solution.objectives, found.objectives)) == []
    assert solution.roster.statuses[away][0] == "sick"
    for i in {0, 1, 2, 3} - {away}:
        assert solution.roster.statuses[i][:2] == published.statuses[i][:2]
    assert found.objectives["changes"] == held + 1
