"""Each tweak of the command line: what it does, that the certificate records it, and what it says when wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scheduler.errors import InputError
from scheduler.pipeline import Order, flags, read_problem
from scheduler.problem import Policy
from scheduler.read.tweaks import Tweaks
from tests.running import giliran
from tests.scenarios import person, tweaks_of, write_scenario

RULES = """
[[rules.home_quota]]
name = "pelaksana"
for = { rank = "pelaksana" }
share = "50%"

[[rules.home_quota]]
name = "pengawas"
for = { rank = "pengawas" }
share = "25%"

[[rules.stint]]
home = [1, 2]

[[rules.service_post]]
name = "Loket Berkas"

[[rules.home_count]]
at_least = 1
at_most = 3

[[checkins.point]]
name = "lokasi"
at = ["08:00"]
"""
STAFF = [
    person(1, "Kepala Dinas", Eselon="II.b"),
    person(2, "Kepala Bidang Data", Eselon="III.b"),
    person(3, "Kepala Sub Bidang Data", Eselon="IV.a"),
    *(person(n, **{"Loket Layanan": "Loket Berkas"}) for n in range(4, 10)),
    *(person(n, unit="Badan Uji") for n in range(10, 14)),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_scenario(tmp_path / "uji", RULES, STAFF)


def policy(folder: Path, words: str) -> Policy:
    return read_problem(Order(scenario=folder, tweaks=tweaks_of(words))).problem.policy


def setting(folder: Path, words: str, label: str, name: str) -> Any:
    rule = next(rule for rule in policy(folder, words).rules if rule.label == label)
    return getattr(rule, name)


TWEAKS = [
    ("--quota pelaksana=25%", "home_quota[pelaksana]", "share", "1/4"),
    ("--quota Pengawas=1/3", "home_quota[pengawas]", "share", "1/3"),
    ("--quota administrator=10%", "home_quota[administrator]", "share", "1/10"),
    ("--rounding ceil", "home_quota[pengawas]", "rounding", "ceil"),
    ("--stint week", "stint", "home", "week"),
    ("--stint 1-2", "stint", "home", "(1, 2)"),
    ("--stint 2", "stint", "home", "(2, 2)"),
    ("--min-on-site III=1", "min_on_site[III]", "at_least", "1"),
    ("--exempt 'Badan *'", "always_office[--exempt 1]", "name", "--exempt 1"),
    ("--service-post 'loket berkas=2'", "service_post[Loket Berkas]", "at_least", "2"),
    ("--capacity 7", "capacity", "at_most", "7"),
    ("--weekday fri=home", "weekday[--weekday fri]", "status", "home"),
    ("--weekday jumat,senin=office", "weekday[--weekday jumat,senin]", "weekday", "(4, 0)"),
    ("--max-home-per-week 2", "home_count", "at_most", "2"),
    ("--set stint.across_weekends=false", "stint", "across_weekends", "False"),
    ("--set home_quota[pelaksana].base=able", "home_quota[pelaksana]", "base", "able"),
    ("--set 'home_quota[pelaksana].for={rank=[\"pelaksana\",\"pengawas\"]}' --set home_quota[pengawas].enabled=false",
     "home_quota[pelaksana]", "share", "1/2"),
    ("--set it_capable.enabled=true", "it_capable", "enabled", "True"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "label", "name", "value"), TWEAKS)
def test_a_tweak_changes_the_rule_for_one_run(
    folder: Path, words: str, label: str, name: str, value: str
) -> None:
    assert str(setting(folder, words, label, name)) == value
    assert (folder / "policy.toml").read_text(encoding="utf-8").endswith(RULES)


def test_check_ins_and_period_can_be_set_too(folder: Path) -> None:
    changed = policy(folder, "--set checkins.point[lokasi].after_minutes=45")
    assert changed.checkins["point"][0]["after_minutes"] == 45
    problem = read_problem(Order(scenario=folder, tweaks=tweaks_of("--set period.workdays=mon-sat --to 2021-08-07"))).problem  # fmt: skip
    assert len(problem.units[0].horizon.workdays) == 6


def test_the_dates_of_one_run(folder: Path) -> None:
    problem = read_problem(
        Order(scenario=folder, tweaks=tweaks_of("--from 9/8/2021 --to 2021-08-10"))
    ).problem
    assert (problem.first.isoformat(), problem.last.isoformat()) == ("2021-08-09", "2021-08-10")


@pytest.mark.parametrize("words", [words for words, *_ in TWEAKS])
def test_every_tweak_is_among_the_flags_of_the_certificate(words: str) -> None:
    recorded = flags(Order(scenario=Path(), tweaks=tweaks_of(words)))
    flag = words.split(maxsplit=1)[0]
    assert recorded[flag]
    assert all(part.strip("'\"") in " ".join(recorded.values()) for part in words.split()[1:2])


def test_the_certificate_of_a_run_holds_its_tweaks(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ran = giliran("generate", folder, "--out", out, "--quota", "pelaksana=25%", "--capacity", "9", "-q")
    assert ran.code == 0
    recorded = json.loads((out / "certificate.json").read_text(encoding="utf-8"))["flags"]
    assert recorded == {"--capacity": "9", "--quota": "pelaksana=25%"}


REFUSED = [
    ("--quota pelaksana=150%", "--quota pelaksana=150%", "“100%”"),
    ("--quota pelaksana=50", "--quota pelaksana=50", "“50%”"),
    ("--quota pelaksana=-5%", "--quota pelaksana=-5%", "“0%”"),
    ("--quota pelaksanna=50%", "pelaksanna", "“pelaksana”"),
    ("--quota pelaksana", "--quota pelaksana", "RANK=SHARE"),
    ("--min-on-site III=-1", "--min-on-site III=-1", "nearest valid value is 0"),
    ("--min-on-site III=two", "--min-on-site III=two", "whole number"),
    ("--min-on-site V=1", "--min-on-site V=1", "II"),
    ("--exempt 'Bdan Uji'", "--exempt Bdan Uji", "“Badan Uji”"),
    ("--service-post 'Loket Brkas=1'", "--service-post Loket Brkas=1", "“Loket Berkas”"),
    ("--weekday fri=hom", "--weekday fri=hom", "“home”"),
    ("--weekday frei=home", "--weekday frei=home", "mon, tue"),
    ("--max-home-per-week 0", "--max-home-per-week 0", "nearest valid value is 1"),
    ("--from 2021-08-09", "--from 2021-08-09", "2021-08-06"),
    ("--to 2021-07-01", "--to 2021-07-01", "2021-08-02"),
    ("--set home_quotta.share=1", "home_quotta", "“home_quota”"),
    ("--set home_quota[pelaksana].shares=1", "shares", "“share”"),
    ("--set home_quota.share=50%", "there are several", "home_quota[pelaksana]"),
    ("--set home_quota[plaksana].share=50%", "no such rule", "“home_quota[pelaksana]”"),
    ("--set home_quota[pelaksana].rounding=cary", "--set home_quota[pelaksana].rounding=cary", "“carry”"),
    ("--set stint.prefer=99", "--set stint.prefer=99", "nearest valid value is 60"),
    ("--set nonsense", "--set nonsense", "RULE[NAME].FIELD=VALUE"),
    ("--set checkins.point[lokasi].after_minute=5", "--set checkins.point", "after_minutes"),
    ("--set 'home_quota[pelaksana].for.uint=BKPSDM'", "--set home_quota[pelaksana].for.uint", "“unit”"),
    ("--phase dua", "--phase", "no phases"),
]


@pytest.mark.parametrize(
    "handed_over",
    [
        'home_quota[pelaksana].for.rank=["pelaksana","pengawas"]',  # as typed
        '\'home_quota[pelaksana].for.rank=["pelaksana","pengawas"]\'',  # cmd.exe keeps single quotes
        "home_quota[pelaksana].for.rank=[pelaksana, pengawas]",  # PowerShell 5.1 takes double quotes out
    ],
)
def test_a_printed_flag_may_be_copied_into_any_shell(folder: Path, handed_over: str) -> None:
    tweaks = Tweaks(settings=(handed_over, "home_quota[pengawas].enabled=false"))
    rules = read_problem(Order(scenario=folder, tweaks=tweaks)).problem.policy.rules
    chosen = next(rule for rule in rules if rule.label == "home_quota[pelaksana]").for_
    assert chosen is not None
    assert chosen.rank == ("pelaksana", "pengawas")


@pytest.mark.parametrize(("words", "names", "nearest"), REFUSED)
def test_a_wrong_tweak_is_refused_with_the_nearest_valid_value(
    folder: Path, words: str, names: str, nearest: str
) -> None:
    with pytest.raises(InputError) as caught:
        policy(folder, words)
    said = caught.value.describe("en")
    assert names in said
    assert nearest in said
    assert "policy.toml" not in said  # the fault is the flag's, not the file's


@pytest.mark.parametrize(
    ("flag", "value", "said"),
    [
        ("--quota", "pelaksana=150%", "the nearest valid value is “100%”"),
        ("--quota", "pelakasna=50%", "Did you mean “pelaksana”?"),
        ("--stint", "3", "is not one of"),
        ("--set", "home_qouta.share=50%", "home_quota"),
    ],
)
def test_a_wrong_option_is_wrong_usage_whoever_finds_it_and_nothing_is_written(
    folder: Path, tmp_path: Path, flag: str, value: str, said: str
) -> None:
    out = tmp_path / "out"
    ran = giliran("generate", folder, "--out", out, flag, value, "--lang", "en")
    assert ran.code == 2
    assert said in ran.err
    assert not out.exists()


def test_a_wrong_option_beside_a_faulty_file_is_faulty_input(tmp_path: Path) -> None:
    faulty = write_scenario(tmp_path / "faulty", RULES, STAFF)
    next(faulty.glob("staff.*")).unlink()
    ran = giliran("generate", faulty, "--out", tmp_path / "out", "--quota", "pelakasna=50%", "--lang", "en")
    assert ran.code == 3
    assert "--quota pelakasna=50%" in ran.err


def test_rounding_without_a_quota_is_refused(tmp_path: Path) -> None:
    bare = write_scenario(tmp_path / "bare", "", STAFF)
    with pytest.raises(InputError, match="Wrong option") as caught:
        policy(bare, "--rounding ceil")
    assert "has no quota" in caught.value.describe("en")
