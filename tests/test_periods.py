"""Periods that follow one another: twelve fortnights with the ledger and without, and people who come and go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from scheduler.constraints import discover
from scheduler.ledger import close_ledger
from scheduler.pipeline import Order, solve
from scheduler.problem import Horizon, Ledger, Person, Policy, Problem, Unit
from scheduler.roster import HOME, Roster

FIRST = date(2021, 8, 2)
ORDER = Order(scenario=Path(), effort=1.0, workers=1)
PENGAWAS = tuple(
    Person(id=f"p{n}", name=f"Pengawas {n}", unit="BKPSDM", rank="pengawas", echelon="IV.a") for n in range(7)
)
Away = Mapping[tuple[str, date], str]


def fortnight(
    number: int,
    ledger: Ledger,
    people: Sequence[Person] = PENGAWAS,
    absences: Away | None = None,
    share: str = "24%",
) -> Problem:
    """The problem of the `number`-th fortnight of one unit: 24 % of its Pengawas at home, by turns of 1 or 2 days."""
    first = FIRST + timedelta(days=14 * number)
    days = tuple(first + timedelta(days=n) for n in range(14))
    worked = tuple(day for day in days if day.weekday() < 5)
    there = tuple(p for p in people if any(p.is_employed_on(day) for day in days))
    rules = (
        discover()["home_quota"].model_validate({"for": {"rank": "pengawas"}, "share": share}),
        discover()["stint"].model_validate({"home": [1, 2]}),
        discover()["absence"](),
    )
    away = {key: kind for key, kind in (absences or {}).items() if key[1] in worked}
    unit = Unit(
        name=there[0].unit, people=there, horizon=Horizon(days=days, workdays=worked), rules=rules,
        absences=away, ledger=ledger, adjoins=ledger.last_day is not None,
    )  # fmt: skip
    policy = Policy(title="Uji", timezone="Asia/Makassar", rules=rules)
    return Problem(name="uji", policy=policy, first=days[0], last=days[-1], units=(unit,), ledger=ledger)


def roster_of(problem: Problem) -> Roster:
    return Roster(problem=problem, results=tuple(solve(problem, ORDER)))


def home_days(roster: Roster) -> dict[str, int]:
    (result,) = roster.results
    rows = zip(result.roster.people, result.roster.statuses, strict=True)
    return {person: sum(status == HOME for status in row) for person, row in rows}


def twelve(absences: Away | None = None, *, with_ledger: bool = True) -> tuple[list[Roster], dict[str, int]]:
    """Twelve fortnights, each from the ledger of the last or from none; and the home days of each person in all."""
    ledger, rosters, totals = Ledger(), [], dict.fromkeys((p.id for p in PENGAWAS), 0)
    for number in range(12):
        rosters.append(roster_of(fortnight(number, ledger if with_ledger else Ledger(), absences=absences)))
        ledger = close_ledger(rosters[-1])
        for person, days in home_days(rosters[-1]).items():
            totals[person] += days
    return rosters, totals


def spread(values: Mapping[str, int]) -> int:
    return max(values.values()) - min(values.values())


def test_over_twelve_fortnights_equals_end_within_one_day_of_each_other() -> None:
    rosters, totals = twelve()
    assert spread(totals) <= 1
    # 7 × 24 % × 10 days × 12 periods is 201.6; the remainders are carried, so that no period's fraction is lost.
    assert sum(totals.values()) in (201, 202)
    for roster in rosters:
        (sheet,) = roster.results[0].audit.balances
        assert sheet.spread <= 1000


def test_without_the_ledger_they_drift_apart() -> None:
    _, totals = twelve(with_ledger=False)
    assert spread(totals) > 3


def test_with_absences_the_spread_equals_the_proven_bound() -> None:
    away = {
        (f"p{n % 7}", FIRST + timedelta(days=14 * number + n)): "leave"
        for number in range(12)
        for n in (0, 1, 2, 7, 8)
    }
    rosters, _ = twelve(away)
    for roster in rosters:
        objectives = {objective.name: objective for objective in roster.results[0].objectives}
        fairness = objectives["fairness_spread"]
        assert fairness.value == fairness.bound


def test_a_stint_that_is_open_goes_on_in_the_next_period() -> None:
    before = close_ledger(roster_of(fortnight(0, Ledger(), share="50%")))
    after = roster_of(fortnight(1, before, share="50%"))
    for person, row in zip(after.results[0].roster.people, after.results[0].roster.statuses, strict=True):
        entry = before.entries[person]
        if entry.last_status == HOME and entry.last_stint == 2:
            assert row[0] != HOME


@pytest.mark.parametrize("day", [FIRST + timedelta(days=n) for n in (14, 18, 25)])
def test_who_joins_midway_starts_at_nothing_and_owes_nobody(day: date) -> None:
    ledger = close_ledger(roster_of(fortnight(0, Ledger())))
    people = (*PENGAWAS, replace(PENGAWAS[0], id="new", name="Baru", joins=day))
    roster = roster_of(fortnight(1, ledger, people))
    row = roster.results[0].roster.statuses[-1]
    columns = dict(zip(roster.results[0].roster.days, row, strict=True))
    assert all(not status for on, status in columns.items() if on < day)
    (sheet,) = roster.results[0].audit.balances
    assert abs(sheet.balance["new"]) <= 1000
    assert "new" not in ledger.entries
    assert "new" in close_ledger(roster).entries


def test_who_retires_midway_is_nowhere_afterwards_and_keeps_the_balance() -> None:
    last = FIRST + timedelta(days=16)
    people = (replace(PENGAWAS[0], leaves=last), *PENGAWAS[1:])
    ledger = close_ledger(roster_of(fortnight(0, Ledger(), people)))
    second = roster_of(fortnight(1, ledger, people))
    row = dict(zip(second.results[0].roster.days, second.results[0].roster.statuses[0], strict=True))
    assert all(not status for day, status in row.items() if day > last)
    third = fortnight(2, close_ledger(second), people)
    assert "p0" not in {person.id for person in third.units[0].people}
    assert "p0" in close_ledger(roster_of(third)).entries


@pytest.mark.parametrize("change", [{"rank": "pelaksana"}, {"unit": "Dinas Kominfo"}])
def test_who_changes_unit_or_rank_starts_anew_at_nothing(change: dict[str, str]) -> None:
    ledger = close_ledger(roster_of(fortnight(0, Ledger())))
    moved = next(p for p in PENGAWAS if ledger.entries[p.id].balance != 0)
    unit = fortnight(1, ledger).units[0]
    other = replace(unit, name=change.get("unit", unit.name))
    assert unit.carried(moved).balance != 0
    assert other.carried(replace(moved, **change)).balance == 0  # type: ignore[arg-type]
