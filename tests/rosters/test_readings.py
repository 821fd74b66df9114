"""Where a letter is silent: the flag printed with each reading works as printed, and changes the roster so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

import pytest

from scheduler.pipeline import Order, read_problem
from scheduler.roster import Roster
from tests.scenarios import ROSTERS, home_days, shipped, solved

FLAG = re.compile(r"--[a-z][a-z-]+ (?:'[^']*'|[^\s;,)]*[^\s;,.)])")
GOVERNMENTS = ("luwu-utara", "tangsel", "paser", "bontang", "parepare", "friday-home-2026", "two-days-a-week", "split-teams")  # fmt: skip


@cache
def printed_flags() -> Mapping[tuple[str, str], str]:
    """The flags that each reading of each shipped policy prints, in Indonesian and in English alike."""
    found = {}
    for name in GOVERNMENTS:
        for reading in read_problem(Order(scenario=ROSTERS / name)).problem.policy.readings:
            if reading.key in ("letter.recall", "phase", "default.office"):
                continue
            flags = FLAG.findall(reading.text.en)
            assert flags == FLAG.findall(reading.text.id)
            if flags:
                found[name, reading.key] = " ".join(flags)
    return found


def both(name: str, key: str) -> tuple[Roster, Roster]:
    return shipped(name), shipped(name, printed_flags()[name, key])


# Person-days at home that the other reading adds, or takes, by hand.
DIFFERENCES = {
    # 25 % of 12 and 9 Pengawas over 7 days are 21 and 15.75, against 20.16 and 15.12.
    ("luwu-utara", "letter.24"): None,
    # 12 non-ASN take turns: half of 12 over 7 days.
    ("luwu-utara", "letter.exempt.camat"): {"Kantor Camat Masamba": 6 * 7},
    ("luwu-utara", "letter.exempt"): None,
    # Half of 2 and of 5 Fungsional over 7 days.
    ("luwu-utara", "letter.fungsional"): None,
    # By echelon nobody is below a Lurah or the head of an UPTD: 4 + 1 more at home on 9 days.
    ("tangsel", "letter.below"): {"Kelurahan Serua": 4 * 9, "UPTD Laboratorium Lingkungan": 1 * 9},
    # A second officer at Loket Pengaduan on each of 9 days.
    ("tangsel", "letter.picket"): dict.fromkeys(
        ("BKPP", "Inspektorat", "Kelurahan Serua", "UPTD Laboratorium Lingkungan"), -9
    ),
    ("tangsel", "letter.designated"): {"BKPP": 9},
    # Tuesday 12 August is left out: one day less.
    ("paser", "letter.days"): {"Bagian Organisasi Setda": -18, "Dinas Kominfo": -58},
    # In a Bagian of the Setda the two highest levels are III and IV: 3 Pengawas stay for 10 days.
    ("paser", "letter.levels"): {"Bagian Organisasi Setda": -3 * 10},
    # 9 Pelaksana; 17 Pelaksana and 2 Fungsional.
    ("paser", "letter.silent"): {"Bagian Organisasi Setda": -9 * 10, "Dinas Kominfo": -19 * 10},
    # Only the civil servants of exempt offices stay: 30 and 70 PTT go home on 10 days.
    ("paser", "letter.exempt"): {"Disdukcapil": 30 * 10, "RSUD Panglima Sebaya": 70 * 10},
    # By echelon the Lurah goes home on 6 days.
    ("bontang", "letter.lurah"): {"Kelurahan Kanaan": 6},
    ("two-days-a-week", "letter.count"): None,
}


@pytest.mark.parametrize(
    ("name", "key"), [pair for pair, change in DIFFERENCES.items() if change is not None]
)
def test_the_other_reading_changes_the_totals_as_done_by_hand(name: str, key: str) -> None:
    one, other = both(name, key)
    before, after = home_days(one), home_days(other)
    expected = DIFFERENCES[name, key]
    assert {unit: after[unit] - before[unit] for unit in before if after[unit] != before[unit]} == expected


def test_24_percent_of_12_pengawas_is_a_fifth_of_a_day_less_than_25() -> None:
    one, other = both("luwu-utara", "letter.24")
    sums = [
        sum(day.target for q in roster.results[0].audit.quotas if "pengawas" in q.rule for day in q.days)
        for roster in (one, other)
    ]
    assert sums[0] in (20, 21)
    assert sums[1] == 21
    shares = [
        {str(rule.share) for rule in r.problem.policy.rules if rule.name == "pengawas"} for r in (one, other)
    ]  # type: ignore[attr-defined]
    assert shares == [{"6/25"}, {"1/4"}]
    remainders = [
        [q.remainder for q in roster.results[0].audit.quotas if "pengawas" in q.rule]
        for roster in (one, other)
    ]
    assert remainders[0] != remainders[1]


def test_only_those_who_serve_directly_stay_in_the_hospital() -> None:
    one, other = both("luwu-utara", "letter.exempt")
    assert home_days(one)["RSUD Andi Djemma"] == 0
    assert home_days(other)["RSUD Andi Djemma"] > 0
    result = next(r for r in other.results if r.unit.name == "RSUD Andi Djemma")
    at_home = {
        person.rank
        for person, row in zip(result.unit.people, result.roster.statuses, strict=True)
        if "home" in row and not person.service_posts
    }
    assert "fungsional" not in at_home
    assert {"pelaksana", "non_asn"} <= at_home


def test_fungsional_take_turns_where_the_flag_says_so() -> None:
    one, other = both("luwu-utara", "letter.fungsional")
    before, after = home_days(one), home_days(other)
    assert after["BKPSDM"] - before["BKPSDM"] == 7  # half of 2 people over 7 days
    assert after["Dinas Pendidikan"] - before["Dinas Pendidikan"] in (17, 18)  # half of 5


def test_a_monitor_for_the_period_or_by_day() -> None:
    one, other = both("parepare", "letter.monitor")
    for result, by_day in zip(one.results, other.results, strict=True):
        for roster, least in ((result.roster, 1), (by_day.roster, 2)):
            holders = {person for (person, _), roles in roster.roles.items() if "monitor" in roles}
            assert (len(holders) == 1) is (least == 1)


def test_check_ins_are_required_on_home_days_or_on_every_working_day() -> None:
    one, other = both("parepare", "letter.required")
    required = [roster.problem.policy.checkins["interval"][0]["required_on"] for roster in (one, other)]
    assert required == [["home"], ["home", "office"]]


def test_a_report_a_day_or_two() -> None:
    one, other = both("bontang", "letter.report")
    wanted = [roster.problem.policy.checkins["activity"][0]["at_least"] for roster in (one, other)]
    assert wanted == [1, 2]


def test_a_letter_without_quota_is_filled_in_by_flags() -> None:
    one, flags = shipped("parepare"), printed_flags()["parepare", "letter.dates"]
    other = solved(ROSTERS / "parepare", flags, ["Kelurahan Lompoe", "SD Negeri 9"])
    assert sum(home_days(one).values()) == 0
    assert min(home_days(other).values()) > 0
    assert (other.problem.last - one.problem.last).days == 7


def test_meetings_warn_or_limit() -> None:
    one, other = both("tangsel", "letter.meetings")
    warn = [
        next(r for r in roster.problem.policy.rules if r.key == "capacity").warn for roster in (one, other)
    ]  # type: ignore[attr-defined]
    assert warn == [True, False]


def test_two_days_a_week_or_one_or_two() -> None:
    one, other = both("two-days-a-week", "letter.count")
    assert home_days(one) == {"Dinas Pendidikan": 24 * 2 * 2}
    rule = next(r for r in other.problem.policy.rules if r.key == "home_count")
    assert (rule.at_least, rule.at_most) == (1, 2)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["friday-home-2026", "split-teams"])
def test_days_and_turns_elsewhere_can_be_read_otherwise(name: str) -> None:
    (key,) = [key for scenario, key in printed_flags() if scenario == name]
    one, other = both(name, key)
    assert [r.roster.statuses for r in one.results] != [r.roster.statuses for r in other.results]


def test_every_reading_that_prints_a_flag_is_tested_here() -> None:
    elsewhere = {
        ("parepare", "letter.monitor"), ("parepare", "letter.required"), ("parepare", "letter.dates"),
        ("bontang", "letter.report"), ("tangsel", "letter.meetings"), ("friday-home-2026", "letter.day"),
        ("split-teams", "letter.turns"),
    }  # fmt: skip
    assert set(printed_flags()) == set(DIFFERENCES) | elsewhere
