from __future__ import annotations

from datetime import date, time

import pytest

from scheduler.errors import PolicyError
from scheduler.write.calendar.reminders import Call, Reminders
from tests.samples import sample_roster
from tests.write.calendar_tools import people

BUDI = people(sample_roster())[1]
DAY = date(2021, 7, 28)


def due(checkins: dict[str, object], status: str = "home", day: date = DAY) -> tuple[Call, ...]:
    found = Reminders(checkins)
    return found.due(found.tables_for(BUDI), day, (status,))


def test_each_time_of_a_point_is_reminded_of_on_home_days_only() -> None:
    checkins = {"point": [{"at": ["16.00", "08:00"]}]}
    assert due(checkins) == (Call(time(8), False), Call(time(16), False))
    assert due(checkins, "office") == due(checkins, "sick") == ()


def test_an_interval_is_reminded_of_at_its_start_and_a_pair_at_both_ends() -> None:
    assert due({"interval": [{"start": "07:30"}]}) == (Call(time(7, 30), True),)
    assert due({"pair": [{"arrival": "07:30", "departure": "16:00"}]}) == (
        Call(time(7, 30), False),
        Call(time(16), False),
    )


def test_required_on_for_and_when_are_kept_to() -> None:
    everywhere = {"point": [{"at": ["08:00"], "required_on": ["home", "office"]}]}
    assert due(everywhere, "office") == (Call(time(8), False),)
    assert due({"point": [{"at": ["08:00"], "for": {"rank": "jpt"}}]}) == ()
    fridays = {"point": [{"at": ["08:00"], "when": {"weekdays": ["fri"]}}]}
    assert due(fridays) == ()
    assert due(fridays, day=date(2021, 7, 30)) == (Call(time(8), False),)


def test_a_time_that_two_tables_name_is_reminded_of_once() -> None:
    assert len(due({"point": [{"at": ["08:00"]}, {"at": ["08:00", "11:00"]}]})) == 2


def test_what_has_no_time_of_its_own_is_not_reminded_of() -> None:
    assert due({"reachability": [{}], "activity": [{}]}) == due({}) == ()


def test_a_time_that_is_none_is_refused_as_the_policys_fault() -> None:
    with pytest.raises(PolicyError):
        due({"point": [{"at": ["25:00"]}]})
