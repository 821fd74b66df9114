"""The dates of the following period: as long as people count it, from the next day on which somebody works."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from scheduler.pipeline import Order, generate, order_next
from scheduler.read.outputs.following import following_dates
from scheduler.read.tweaks import Tweaks
from tests.scenarios import person, write_scenario

MON_TO_FRI, MON_TO_SAT, EVERY_DAY = frozenset(range(5)), frozenset(range(6)), frozenset(range(7))


@pytest.mark.parametrize(
    ("first", "last", "worked", "following"),
    [
        ("2026-11-30", "2026-12-11", MON_TO_FRI, ("2026-12-14", "2026-12-25")),  # two weeks, Monday to Friday
        (
            "2026-11-30",
            "2026-12-13",
            MON_TO_FRI,
            ("2026-12-14", "2026-12-27"),
        ),  # the same with their weekends
        ("2026-11-30", "2026-12-11", MON_TO_SAT, ("2026-12-12", "2026-12-23")),  # Saturday is worked
        ("2026-11-30", "2026-12-11", EVERY_DAY, ("2026-12-12", "2026-12-23")),
        ("2026-11-30", "2026-12-11", frozenset(), ("2026-12-12", "2026-12-23")),  # not known: the next day
        (
            "2021-07-28",
            "2021-08-05",
            MON_TO_FRI,
            ("2021-08-06", "2021-08-14"),
        ),  # nine days from the next, a Friday
        (
            "2026-08-01",
            "2026-08-31",
            MON_TO_FRI,
            ("2026-09-01", "2026-09-30"),
        ),  # a month, whatever its length
        ("2026-12-01", "2026-12-31", MON_TO_FRI, ("2027-01-01", "2027-01-31")),
        ("2027-01-01", "2027-01-31", MON_TO_FRI, ("2027-02-01", "2027-02-28")),
        ("2026-10-01", "2026-12-31", MON_TO_FRI, ("2027-01-01", "2027-03-31")),  # a quarter of the year
        ("2026-08-03", "2026-08-31", MON_TO_FRI, ("2026-09-01", "2026-09-29")),
    ],
)
def test_the_following_period_is_as_long_as_people_count(
    first: str, last: str, worked: frozenset[int], following: tuple[str, str]
) -> None:
    dates = following_dates(date.fromisoformat(first), date.fromisoformat(last), worked)
    assert tuple(day.isoformat() for day in dates) == following


@pytest.mark.parametrize(
    ("days", "start"),
    [
        ("", "2021-08-09"),
        ('units = [{ for = { unit = "*" }, workdays = "mon-sat" }]\n', "2021-08-07"),
        ("workdays = [0, 1, 2, 3, 4, 6]\n", "2021-08-08"),
    ],
)
def test_next_begins_on_a_day_that_some_unit_works(tmp_path: Path, days: str, start: str) -> None:
    folder = write_scenario(
        tmp_path / "s", '[[rules.home_quota]]\nfor = {}\nshare = "50%"\n', [person(1), person(2)]
    )
    policy = folder / "policy.toml"
    text = policy.read_text(encoding="utf-8")
    policy.write_text(text.replace("[period]\n", "[period]\n" + days), encoding="utf-8")
    before = tmp_path / "before"
    outcome = generate(Order(scenario=folder, out=before, effort=1.0, workers=1))
    assert outcome.roster.problem.last == date(2021, 8, 6)
    following = order_next(before, None, Tweaks(), None, {"effort": 1.0, "workers": 1})
    assert following.tweaks.first == date.fromisoformat(start)


def test_a_day_declared_off_is_not_asked_for_again_in_the_period_after(tmp_path: Path) -> None:
    folder = write_scenario(tmp_path / "s", '[[rules.home_quota]]\nfor = {}\nshare = "50%"\n', [person(1)])
    before = tmp_path / "before"
    declared = Tweaks(holiday=("2021-08-05",), max_home_per_week=3)
    generate(Order(scenario=folder, out=before, tweaks=declared, effort=1.0, workers=1))

    following = order_next(before, None, Tweaks(), None, {}).tweaks
    declared_again = order_next(before, None, Tweaks(holiday=("2021-08-10",)), None, {}).tweaks

    assert (following.holiday, following.max_home_per_week) == ((), 3)
    assert declared_again.holiday == ("2021-08-10",)
