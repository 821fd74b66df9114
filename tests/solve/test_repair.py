"""Replanning by counting day by day: brute force over every roster of small units agrees with what it proves and settles."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from scheduler.problem import Pin, Unit
from scheduler.roster import HOME, OFFICE, Replaced, UnitRoster
from scheduler.solve import repair
from scheduler.solve.model import UnitModel
from scheduler.solve.repair import repaired
from scheduler.solve.search import Effort, value_in
from scheduler.solve.unit import solve_unit
from scheduler.verify import audit
from tests.constraints.problems import all_rosters, make_rule, make_unit

COUPLING: list[dict[str, Any]] = [
    {"key": "apart", "for": {"person": ["p0", "p1"]}},
    {"key": "together", "weekday": ["tue"], "share": "50%"},
    {"key": "capacity", "at_most": 2},
    {"key": "cohort", "for": {"person": ["p0", "p1"]}, "groups": 2, "every": "day"},
    {"key": "min_on_site", "at_least": 1},
    {"key": "home_count", "per": "week", "at_most": 1},
]
SEEDS = range(24)
MANY, IN_ROWS = repair.MANY, repair._in_rows


def _unit(draw: random.Random) -> Unit:
    people = draw.choice([2, 3, 4])
    rules = [
        make_rule("home_quota", share=draw.choice(["50%", "1/3", "2/3"]), rounding="nearest"),
        make_rule("stint", home=draw.choice([[1, 2], 1]), office=draw.choice(["any", 2])),
    ]
    for settings in draw.sample(COUPLING, draw.choice([0, 1, 1, 2])):
        rules.append(make_rule(settings["key"], **{k: v for k, v in settings.items() if k != "key"}))
    return make_unit(rules, [{} for _ in range(people)], 8 // people if people > 2 else 3)


def _disturbed(unit: Unit, draw: random.Random) -> Unit:
    """The unit with a new absence, pin or recall."""
    key = (draw.choice(unit.people).id, draw.choice(unit.horizon.workdays))
    what = draw.choice(["absence", "absence", "pin", "recall"])
    if what == "absence":
        return replace(unit, absences={**unit.absences, key: "sick"})
    pin = Pin(status=draw.choice([HOME, OFFICE])) if what == "pin" else Pin(status="office", recall=True)  # type: ignore[arg-type]
    return replace(unit, pins={**unit.pins, key: pin})


def _case(seed: int) -> tuple[Unit, Replaced] | None:
    """A disturbed unit and what it replaces: some lawful roster, not always a good one."""
    draw = random.Random(seed)
    unit = _unit(draw)
    lawful = [roster for roster in all_rosters(unit) if not audit(unit, roster).broken]
    if not lawful:
        return None
    return _disturbed(unit, draw), Replaced(draw.choice(lawful), unit.horizon.first)


def _with_posts(seed: int) -> tuple[Unit, Replaced]:
    """A disturbed unit with two counters that share officers for a day, or one for two, and a lawful roster of it."""
    draw = random.Random(seed)
    names, days = (("A", "B"), 1) if seed % 2 else (("A",), 2)
    officers: list[dict[str, object]] = [{"service_posts": names}, {"service_posts": names[:1]}, {}]
    if days == 1:
        officers[2] = {"service_posts": names[1:]}
    rules = [make_rule("home_quota", share="1/3", rounding="nearest"), make_rule("stint", home=[1, 2])]
    unit = make_unit([*rules, *(make_rule("service_post", name=name) for name in names)], officers, days)
    lawful = [roster for roster in all_rosters(unit) if not audit(unit, roster).broken]
    return _disturbed(unit, draw), Replaced(draw.choice(lawful), unit.horizon.first)


def _wanted(unit: Unit, replaced: Replaced) -> tuple[tuple[int, int], list[UnitRoster]]:
    """The least shortfall and changes, and every lawful roster that has them."""
    by_worth: dict[tuple[int, int], list[UnitRoster]] = {}
    for roster in all_rosters(unit):
        if not (found := audit(unit, roster, replaced)).broken:
            worth = (found.objectives["shortfall"], found.objectives["changes"])
            by_worth.setdefault(worth, []).append(roster)
    least = min(by_worth, default=(0, 0))
    return least, by_worth.get(least, [])


def test_what_is_proven_is_the_least_and_what_is_settled_is_so_in_every_best_roster(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: Counter[str] = Counter()
    cases = [case for seed in SEEDS if (case := _case(seed))] + [_with_posts(seed) for seed in range(6)]
    for number, (unit, replaced) in enumerate(cases):
        least, best = _wanted(unit, replaced)
        for way, many in (("days", MANY), ("rows", 0), ("rows set free", 0)):
            monkeypatch.setattr(repair, "MANY", many)
            monkeypatch.setattr(repair, "_in_rows", IN_ROWS if way != "rows set free" else lambda *_: None)
            model = UnitModel(unit, replaced=replaced)
            found = repaired(model, Effort())
            if found is None:
                continue
            assert (found.shortfall, found.changes) == least, (number, way)
            for (i, k), truth in found.model._home.items():
                if isinstance(truth, bool):
                    person, day = unit.people[i].id, unit.horizon.workdays[k]
                    column = best[0].days.index(day)
                    statuses = {dict(zip(r.people, r.statuses, strict=True))[person][column] for r in best}
                    assert statuses == {HOME if truth else OFFICE}, (number, way, person, day)
                    seen[f"settled by {way}"] += isinstance(model._home[i, k], bool) is False
            changes = sum(weight * value_in(truth, found.values) for weight, truth in model.costs["changes"])
            assert changes == found.changes
            seen[f"proven by {way}"] += 1
            seen["changed"] += found.changes
    for way in ("days", "rows", "rows set free"):
        assert seen[f"proven by {way}"] >= 16
        assert seen[f"settled by {way}"] >= 40
    assert seen["changed"] >= 30


def test_whole_rows_alone_prove_the_fewest_changes_and_let_officers_go_where_posts_ask_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(repair, "MANY", 0)
    monkeypatch.setattr(repair, "_rounds", lambda *_: None)
    proven = 0
    for unit, replaced in [_with_posts(seed) for seed in range(6)]:
        found = repaired(UnitModel(unit, replaced=replaced), Effort())
        if found is not None:
            proven += 1
            solved = solve_unit(unit, Effort(), replaced)
            worth = {objective.name: objective.value for objective in solved.objectives}
            assert found.changes == worth["changes"]
            assert audit(unit, solved.roster, replaced).broken == ()
    assert proven >= 4


def test_days_that_cannot_all_keep_to_their_least_need_one_change_more_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # p0 falls ill on Tuesday; p1, who could take the place, may not be at home three days in a row.
    rules = [make_rule("home_quota", share="50%"), make_rule("stint", home=[1, 2], office="any")]
    unit = make_unit(rules, [{}, {}], 4)
    published = solve_unit(unit, Effort()).roster
    turned = replace(published, statuses=((OFFICE, HOME, OFFICE, OFFICE), (HOME, OFFICE, HOME, HOME)))
    ill = replace(unit, absences={("p0", unit.horizon.workdays[1]): "sick"})
    replaced = Replaced(turned, unit.horizon.first)
    rounds: list[frozenset[int]] = []
    inner = repair.hold_together

    def recorded(*given: Any) -> Any:
        answer = inner(*given)
        rounds.append(answer.apart)
        return answer

    monkeypatch.setattr(repair, "hold_together", recorded)
    found = repaired(UnitModel(ill, replaced=replaced), Effort())
    assert found is not None
    assert (found.shortfall, found.changes) == _wanted(ill, replaced)[0]
    assert len(rounds) >= 2


def test_after_a_stop_nothing_is_counted_and_a_lawful_roster_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def forbidden(*_: Any) -> Any:
        raise AssertionError("begun after the end")

    case = _case(0)
    assert case is not None
    monkeypatch.setattr(repair, "least_by_day", forbidden)
    effort = Effort()
    effort.stopped.set()
    solution = solve_unit(case[0], effort, case[1])
    assert solution.interrupted
    assert audit(case[0], solution.roster, case[1]).broken == ()
