"""The days of each unit: weekday patterns, Indonesian holidays with collective leave, local exceptions, adjoining."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from scheduler.problem import Person
from scheduler.read.horizon import calendar_faults, make_calendar
from scheduler.read.policy_document import Period
from scheduler.read.policy_faults import Source

NURSE = Person(id="1", name="Rina", unit="RSUD Contoh")
CLERK = Person(id="2", name="Budi", unit="Dinas Contoh")
SOURCE = Source(file="policy.toml", text='title = "x"\n[period]\nholidays = "XX"\n')


def period(first: str, last: str, **settings: Any) -> Period:
    return Period.model_validate(
        {"from": date.fromisoformat(first), "to": date.fromisoformat(last), **settings}
    )


def worked(made: Period, member: Person = CLERK) -> list[str]:
    return [str(day) for day in make_calendar(made, "id").horizon(member).workdays]


def test_holidays_and_collective_leave_are_days_off_with_their_names() -> None:
    horizon = make_calendar(period("2020-10-26", "2020-11-01"), "id").horizon(CLERK)
    assert [str(day) for day in horizon.workdays] == ["2020-10-26", "2020-10-27"]
    assert horizon.holidays[date(2020, 10, 28)] == "Cuti Bersama Maulid Nabi Muhammad"
    assert horizon.holidays[date(2020, 10, 29)] == "Maulid Nabi Muhammad"


def test_names_of_holidays_follow_the_policys_language() -> None:
    horizon = make_calendar(period("2021-08-16", "2021-08-18"), "en").horizon(CLERK)
    assert horizon.holidays == {date(2021, 8, 17): "Independence Day"}


def test_a_number_that_is_no_weekday_is_refused() -> None:
    with pytest.raises(ValidationError, match="weekday"):
        period("2021-08-02", "2021-08-08", workdays=[0, 7])


def test_the_letters_periods_have_the_working_days_that_the_letters_count() -> None:
    assert len(worked(period("2021-07-28", "2021-08-05"))) == 7
    assert len(worked(period("2020-03-18", "2020-03-31"))) == 9, "Nyepi on 25 March"
    assert len(worked(period("2020-07-29", "2020-08-12"))) == 10, "Idul Adha on 31 July"


def test_a_unit_may_work_six_days_while_the_others_work_five() -> None:
    made = period("2021-07-28", "2021-08-05", units=[{"for": {"unit": "RSUD *"}, "workdays": "mon-sat"}])
    assert len(worked(made, NURSE)) == 8
    assert len(worked(made, CLERK)) == 7


@pytest.mark.parametrize(
    "days", ["mon,wed-fri", ["mon", "wed", "thu", "jumat"], ["fri", "wed-thu", "mon", "mon"], [4, 0, 2, 3]]
)
def test_days_worked_are_a_range_or_a_list_of_names_ranges_and_numbers(days: Any) -> None:
    """A list of names was refused, and told to be whole numbers."""
    assert period("2021-08-02", "2021-08-08", workdays=days).workdays == (0, 2, 3, 4)


def test_local_days_off_and_days_worked_after_all_win_over_the_calendar() -> None:
    made = period(
        "2021-08-16",
        "2021-08-20",
        extra=[date(2021, 8, 19)],
        units=[{"for": {"unit": "RSUD *"}, "except": [date(2021, 8, 17)], "extra": [date(2021, 8, 20)]}],
    )
    assert worked(made, CLERK) == ["2021-08-16", "2021-08-18", "2021-08-20"]
    assert worked(made, NURSE) == ["2021-08-16", "2021-08-17", "2021-08-18"]
    assert worked(period("2021-08-17", "2021-08-17", **{"except": [date(2021, 8, 17)]})) == ["2021-08-17"]


def test_no_holidays_at_all_where_the_policy_says_none() -> None:
    assert worked(period("2021-08-17", "2021-08-17", holidays="none")) == ["2021-08-17"]


@pytest.mark.parametrize(
    ("first", "adjoins"),
    [("2021-08-06", True), ("2021-08-09", False), ("2021-08-07", False)],
)
def test_periods_adjoin_where_no_working_day_lies_between(first: str, adjoins: bool) -> None:
    calendar = make_calendar(period(first, "2021-08-20"), "id")
    assert calendar.adjoins(date(2021, 8, 5), CLERK) is adjoins


def test_a_weekend_and_a_holiday_between_do_not_part_periods() -> None:
    calendar = make_calendar(period("2021-08-18", "2021-08-20"), "id")
    assert calendar.adjoins(date(2021, 8, 16), CLERK)
    assert calendar.adjoins(date(2021, 8, 13), CLERK) is False, "Monday the 16th is worked"


def test_estimated_holidays_and_unknown_collective_leave_are_warned_of() -> None:
    faults = list(calendar_faults(period("2028-02-20", "2028-03-05"), "id", SOURCE))
    assert all(fault.warning for fault in faults)
    assert any("Idul Fitri (perkiraan)" in fault.value for fault in faults)
    assert any(fault.value == "2028" for fault in faults)


def test_an_unknown_country_is_a_fault() -> None:
    (fault,) = calendar_faults(period("2021-08-01", "2021-08-02", holidays="XX"), "id", SOURCE)
    assert not fault.warning
    assert (fault.file, fault.row) == ("policy.toml", 3)
    assert fault.value == "XX"
