"""The ledger after a period: balances, days due and taken, open stints, and what stays of those who are gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

from scheduler.constraints.selection import Selection
from scheduler.ledger import close_ledger
from scheduler.problem import Ledger, LedgerEntry, Person
from scheduler.roster import BalanceSheet, Roster, UnitResult
from tests.samples import FIRST, LAST, office, person, sample_roster

NAME = "Dinas Contoh"
BUDI = person(2, "Budi", NAME)
BEFORE = date(2021, 7, 27)


def roster_of(result: UnitResult, ledger: Ledger | None = None) -> Roster:
    """A roster of one unit over the sample's days."""
    sample = sample_roster()
    ledger = ledger or Ledger()
    problem = replace(sample.problem, units=(result.unit,), ledger=ledger)
    return replace(sample, problem=problem, results=(result,))


def closed(
    row: str, *, earlier: LedgerEntry | None = None, adjoins: bool = True, who: Person = BUDI, **unit: Any
) -> LedgerEntry:
    """The entry of one person after ten working days as in `row`."""
    ledger = Ledger(last_day=BEFORE, entries={who.id: earlier} if earlier else {})
    result = office(NAME, (who,), (row,))
    result = replace(result, unit=replace(result.unit, ledger=ledger, adjoins=adjoins, **unit))
    return close_ledger(roster_of(result, ledger)).entries[who.id]


def carried(**fields: Any) -> LedgerEntry:
    return LedgerEntry(**{"person_id": BUDI.id, "unit": NAME, "rank": "pelaksana", **fields})


def test_the_ledger_closes_on_the_last_day_of_the_period() -> None:
    assert close_ledger(sample_roster()).last_day == LAST


def test_everybody_in_the_staff_has_an_entry_with_unit_and_rank() -> None:
    entries = close_ledger(sample_roster()).entries
    assert {(e.unit, e.rank) for e in entries.values()} >= {(NAME, "jpt"), ("RSUD ../Contoh", "fungsional")}
    assert len(entries) == 7


def test_home_days_are_counted_from_the_roster_and_added_to_those_before() -> None:
    assert closed("HHOOHHOOHO").home_days == 5
    assert closed("HHOOHHOOHO", earlier=carried(home_days=7)).home_days == 12


def test_days_due_add_up_and_the_running_balance_is_taken_as_the_verifier_has_it() -> None:
    entry = closed("HHHOHHOOHO", earlier=carried(due=4000, balance=250))
    assert (entry.due, entry.balance) == (9000, 1000)


def test_without_a_quota_balances_stay_as_they_were() -> None:
    who = replace(BUDI, rank="pengawas")
    entry = closed(
        "O" * 10, who=who, earlier=carried(rank="pengawas", due=3000, balance=-400, monday_friday_balance=7)
    )
    assert (entry.due, entry.balance, entry.monday_friday_balance) == (3000, -400, 7)


def test_who_changes_unit_or_rank_starts_anew() -> None:
    for changed in ({"unit": "Lain"}, {"rank": "pengawas"}):
        entry = closed("HHOOHHOOHO", earlier=carried(due=9000, home_days=9, balance=70, **changed))
        assert (entry.due, entry.home_days, entry.balance, entry.rank) == (5000, 5, 0, "pelaksana")


def sheet(name: str, kind: Any, balance: int, border: int = 0) -> BalanceSheet:
    who = BUDI.id
    return BalanceSheet(
        name=name,
        kind=kind,
        taken={who: 1},
        due={who: 800},
        balance={who: balance},
        monday_friday={who: border},
    )


def with_sheets(*sheets: BalanceSheet, **earlier: Any) -> LedgerEntry:
    ledger = Ledger(entries={BUDI.id: carried(**earlier)})
    result = office(NAME, (BUDI,), ("HHOOHHOOHO",))
    unit = replace(result.unit, ledger=ledger)
    result = replace(result, unit=unit, audit=replace(result.audit, balances=sheets))
    return close_ledger(roster_of(result, ledger)).entries[BUDI.id]


def test_two_quotas_of_one_person_bring_the_carried_balance_once() -> None:
    entry = with_sheets(
        sheet("a", "home", 300, 30), sheet("b", "home", 50, 40), balance=100, monday_friday_balance=10
    )
    assert entry.balance == 100 + 200 - 50
    assert entry.monday_friday_balance == 10 + 20 + 30
    assert entry.due == 1600


def test_turns_in_roles_have_balances_of_their_own_and_those_of_other_roles_stay() -> None:
    entry = with_sheets(
        sheet("Loket Berkas", "role", 250), role_balances={"Loket Berkas": 50, "monitor": -100}
    )
    assert entry.role_balances == {"Loket Berkas": 250, "monitor": -100}
    assert (entry.due, entry.balance) == (0, 0)


def test_an_open_stint_counts_working_days_across_weekends() -> None:
    assert (closed("HHOOHHHOOO").last_status, closed("HHOOHHHOOO").last_stint) == ("office", 3)
    assert (closed("OOOOOOOHHH").last_status, closed("OOOOOOOHHH").last_stint) == ("home", 3)


def test_a_stint_as_long_as_the_period_goes_on_from_the_period_before_where_they_adjoin() -> None:
    earlier = carried(last_status="office", last_stint=4)
    assert closed("O" * 10, earlier=earlier).last_stint == 14
    assert closed("O" * 10, earlier=earlier, adjoins=False).last_stint == 10
    assert closed("H" * 10, earlier=earlier).last_stint == 10
    assert closed("H" + "O" * 9, earlier=earlier).last_stint == 9


def test_an_absence_has_no_stint_and_ends_one() -> None:
    assert (closed("OOOOOOOOOL").last_status, closed("OOOOOOOOOL").last_stint) == ("leave", 0)
    assert closed("OOOOOOOLOO").last_stint == 2


def test_who_left_before_the_last_working_day_has_no_open_stint() -> None:
    entry = closed("HHOOHH    ", who=replace(BUDI, leaves=date(2021, 8, 4)))
    assert (entry.last_status, entry.last_stint) == ("", 0)


def test_who_joined_on_the_way_has_a_stint_of_the_days_since() -> None:
    entry = closed(
        "       OOO",
        who=replace(BUDI, joins=date(2021, 8, 6)),
        earlier=carried(last_status="office", last_stint=5),
    )
    assert entry.last_stint == 3


def test_a_period_without_working_days_leaves_the_stint_open() -> None:
    result = office(NAME, (BUDI,), ("O" * 10,))
    ledger = Ledger(last_day=BEFORE, entries={BUDI.id: carried(last_status="home", last_stint=2)})
    idle = replace(result.unit.horizon, workdays=())
    grid = (tuple("off" for _ in result.roster.days),)
    result = replace(
        result,
        unit=replace(result.unit, ledger=ledger, adjoins=True, horizon=idle),
        roster=replace(result.roster, statuses=grid),
    )
    entry = close_ledger(roster_of(result, ledger)).entries[BUDI.id]
    assert (entry.last_status, entry.last_stint) == ("home", 2)


WEEKENDS_END = SimpleNamespace(across_weekends=False, for_=Selection())


def until(last: date, row: str, earlier: LedgerEntry | None = None) -> LedgerEntry:
    """The entry after a period that ends on `last`, where weekends end stints."""
    ledger = Ledger(last_day=BEFORE, entries={BUDI.id: earlier} if earlier else {})
    result = office(NAME, (BUDI,), (row,))
    length = result.roster.days.index(last) + 1
    days = replace(
        result.unit.horizon,
        days=result.unit.horizon.days[:length],
        workdays=tuple(day for day in result.unit.horizon.workdays if day <= last),
    )
    unit = replace(result.unit, horizon=days, ledger=ledger, adjoins=True, rules=(WEEKENDS_END,))
    grid = replace(result.roster, days=days.days, statuses=(result.roster.statuses[0][:length],))
    return close_ledger(roster_of(replace(result, unit=unit, roster=grid), ledger)).entries[BUDI.id]


def test_where_weekends_end_stints_only_the_days_since_the_weekend_count() -> None:
    assert until(date(2021, 8, 10), "O" * 10).last_stint == 2
    assert until(date(2021, 7, 30), "O" * 10, carried(last_status="office", last_stint=2)).last_stint == 5
    other = SimpleNamespace(across_weekends=False, for_=Selection.model_validate({"rank": "jpt"}))
    assert closed("O" * 10, rules=(other,)).last_stint == 10


def test_where_weekends_end_stints_none_is_open_after_a_weekend_or_holiday() -> None:
    for last in (date(2021, 8, 8), date(2021, 8, 11)):
        entry = until(last, "O" * 10)
        assert (entry.last_status, entry.last_stint) == ("", 0)


def test_people_who_are_gone_keep_their_balance_but_no_stint() -> None:
    gone = LedgerEntry(
        person_id="x", unit="Lain", rank="jpt", due=1, balance=-30, last_status="home", last_stint=2
    )
    sample = sample_roster()
    ledger = Ledger(last_day=BEFORE, entries={"x": gone}, remainders={("Lain", "q"): Fraction(1, 3)})
    after = close_ledger(replace(sample, problem=replace(sample.problem, ledger=ledger)))
    assert after.entries["x"] == replace(gone, last_status="", last_stint=0)
    assert after.remainders["Lain", "q"] == Fraction(1, 3)


def test_the_remainder_of_each_carried_quota_replaces_the_one_before() -> None:
    sample = sample_roster()
    first = sample.results[0]
    quota = replace(first.audit.quotas[0], remainder=Fraction(37, 100))
    first = replace(first, audit=replace(first.audit, quotas=(quota,)))
    after = close_ledger(replace(sample, results=(first, *sample.results[1:])))
    assert after.remainders == {(NAME, quota.rule): Fraction(37, 100)}
    assert FIRST < LAST


def test_a_rounding_without_carry_leaves_the_remainder_alone() -> None:
    assert close_ledger(sample_roster()).remainders == {(NAME, "home_quota[pelaksana]"): Fraction(1, 2)}
