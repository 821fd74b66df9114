"""Faults of a policy: each with file and line, the value, what is allowed and what to do; nothing is written."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from scheduler.errors import Fault, InputError
from scheduler.pipeline import Order, read_problem
from scheduler.read.policy import load_tables
from scheduler.read.policy_faults import find_line
from scheduler.roster import HOME
from tests.running import giliran
from tests.scenarios import home_days, person, solved, write_scenario

STAFF = [person(1, "Kepala Dinas", Eselon="II.b"), *(person(n) for n in range(2, 8))]
QUOTA = '[[rules.home_quota]]\nname = "a"\nfor = { rank = "pelaksana" }\nshare = "50%"\n'
FIRST_LINE = 7
"""Of the rules in a scenario of `write_scenario`: six lines come before."""


def faults_of(folder: Path, rules: str, **tables: str) -> tuple[Fault, ...]:
    with pytest.raises(InputError) as caught:
        read_problem(Order(scenario=write_scenario(folder, rules, STAFF, **tables)))
    return caught.value.faults


def warnings_of(folder: Path, rules: str, **tables: str) -> tuple[Fault, ...]:
    return read_problem(Order(scenario=write_scenario(folder, rules, STAFF, **tables))).warnings


FAULTS = [
    ("unknown rule", '[[rules.home_qouta]]\nshare = "50%"\n', 0, "home_qouta", "“home_quota”"),
    ("unknown key of a rule", '[[rules.home_quota]]\nshare = "50%"\nroundin = "carry"\n', 2, "roundin", "“rounding”"),
    ("unknown key of for", '[[rules.home_quota]]\nshare = "50%"\nfor = { rnk = "pelaksana" }\n', 2, "rnk", "“rank”"),
    ("unknown key of when", '[[rules.home_quota]]\nshare = "50%"\nwhen = { weekday = ["mon"] }\n', 2, "weekday", "“weekdays”"),
    ("unknown table", '[signatur]\nplace = "x"\n', 0, "signatur", "“signature”"),
    ("unknown key of checkins", '[[checkins.point]]\nat = ["08:00"]\nafter_minute = 5\n', 2, "after_minute", "“after_minutes”"),
    ("unknown objective", "[objectives]\nweights = { fairnes_spread = 1 }\n", 1, "fairnes_spread", "“fairness_spread”"),
    ("an objective that always comes first", "[objectives]\nweights = { shortfall = 1 }\n", 1, "shortfall", "fairness_spread"),
    ("a negative weight", "[objectives]\nweights = { stints = -1 }\n", 1, "-1", "nearest valid value is 0"),
    ("a weight that is no whole number", "[objectives]\nweights = { stints = 0.5 }\n", 1, "0.5", "a whole number"),
    ("weights that are all zero", "[objectives]\nweights = { stints = 0 }\n", 1, "all weights are zero", "at least one"),
    ("unknown key of objectives", "[objectives]\nweight = { stints = 1 }\n", 1, "weight", "“weights”"),
    ("wrong type", '[[rules.min_on_site]]\nat_least = "many"\n', 1, "many", "a whole number"),
    ("wrong type of a flag", '[[rules.stint]]\nhome = [1, 2]\nacross_weekends = "perhaps"\n', 2, "perhaps", "true or false"),
    ("required", '[[rules.home_quota]]\nname = "x"\n', 0, "share", "is required"),
    ("over 100 %", '[[rules.home_quota]]\nshare = "150%"\n', 1, "150%", "“100%”"),
    ("no percentage", '[[rules.home_quota]]\nshare = "half"\n', 1, "half", "“50%”"),
    ("no word of those allowed", '[[rules.home_quota]]\nshare = "50%"\nmode = "atmost"\n', 2, "atmost", "“at_most”"),
    ("beyond a bound", '[[rules.stint]]\nhome = [1, 2]\nprefer = 0\n', 2, "0", "nearest valid value is 1"),
    ("least above most", '[[rules.stint]]\nhome = [3, 2]\n', 1, "[3, 2]", "least first"),
    ("when runs backwards", '[[rules.stint]]\nhome = 1\nwhen = { from = 2021-08-05, to = 2021-08-03 }\n', 2, "2021-08-05", "must not be after"),
    ("a number for weekdays", '[[rules.weekday]]\nstatus = "home"\nweekday = 1.5\n', 2, "1.5", "list"),
    ("no such weekday", '[[rules.weekday]]\nstatus = "home"\nweekday = [7]\n', 2, "7", "mon, tue"),
    ("a number for channels", '[[checkins.point]]\nat = ["08:00"]\nchannel = 3\n', 2, "3", "list"),
    ("a number for statuses", '[[checkins.point]]\nat = ["08:00"]\nrequired_on = 1e9\n', 2, "1000000000.0", "list"),
    ("a number for times", '[[checkins.point]]\nat = 8\n', 1, "8", "list"),
    ("a letter that is a list, with phases", '[[letter]]\n[[phases]]\nname = "I"\nfrom = 2021-08-02\nto = 2021-08-06\n', 0, "letter", "table"),
    ("a quote never closed", 'x = \'\'\'a\n', 0, "no valid TOML", "quotes"),
    ("same name twice", QUOTA + QUOTA, 4, "two rules with the same name", "name"),
    ("overrides nobody", QUOTA + '[[rules.home_quota]]\nname = "b"\nshare = "10%"\noverrides = "A1"\n', 7, "A1", "“a”"),
    ("two quotas on one person", QUOTA + '[[rules.home_quota]]\nname = "b"\nshare = "10%"\nfor = { position = "Pengelola *" }\n', 4, "select the same person", 'overrides = "a"'),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "line", "names", "remedy"), [case[1:] for case in FAULTS], ids=[case[0] for case in FAULTS])  # fmt: skip
def test_a_faulty_policy_is_told_with_file_line_and_remedy(
    tmp_path: Path, rules: str, line: int, names: str, remedy: str
) -> None:
    (fault,) = faults_of(tmp_path / "s", rules)
    said = fault.describe("en")
    assert fault.file.endswith("policy.toml")
    assert fault.row == FIRST_LINE + line
    assert names in said
    assert remedy in said
    assert fault.describe("id") != said


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    rules = '[[rules.home_quota]]\nshare = "150%"\nroundin = "x"\n\n[[rules.stnt]]\nhome = 1\n'
    assert [fault.row - FIRST_LINE for fault in faults_of(tmp_path / "s", rules)] == [1, 2, 4]


WARNINGS = [
    ("for nobody", '[[rules.always_office]]\nfor = { unit = "Dinas Ujii" }\n', 1, "for nobody", "“Dinas Uji”"),
    ("a rule outside the period", '[[rules.always_office]]\nwhen = { dates = [2021-09-01] }\n', 1, "outside the period", "2 August 2021"),
    ("a day off outside the period", '', -1, "outside the period", "2021-12-25"),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "line", "names", "remedy"), [case[1:] for case in WARNINGS], ids=[case[0] for case in WARNINGS])  # fmt: skip
def test_what_is_doubtful_is_warned_of_with_file_and_line(
    tmp_path: Path, rules: str, line: int, names: str, remedy: str
) -> None:
    folder = write_scenario(tmp_path / "s", rules, STAFF)
    if not rules:
        path = folder / "policy.toml"
        path.write_text(path.read_text(encoding="utf-8") + "extra = [2021-12-25]\n", encoding="utf-8")
        line = 0
    (warning,) = read_problem(Order(scenario=folder)).warnings
    assert (Path(warning.file).name, warning.row) == ("policy.toml", FIRST_LINE + line)
    assert names in warning.describe("en")
    assert remedy in warning.describe("en")


def test_marks_of_our_own_are_never_offered_as_tags(tmp_path: Path) -> None:
    (warning,) = warnings_of(tmp_path / "s", '[[rules.always_office]]\nfor = { tag = "tim *" }\n')
    assert "for nobody" in warning.describe("en")
    assert "giliran:" not in warning.describe("en")


def test_records_outside_the_period_are_warned_of_with_their_row(tmp_path: Path) -> None:
    nip = STAFF[1]["NIP"]
    (warning,) = warnings_of(
        tmp_path / "s", QUOTA, absences=f"person_id,from,to,kind\n{nip},2021-09-01,2021-09-02,leave\n"
    )
    assert warning.file.endswith("absences.csv")
    assert warning.row == 2
    assert "outside the period" in warning.describe("en")


@pytest.mark.parametrize("rules", [case[1] for case in FAULTS], ids=[case[0] for case in FAULTS])
def test_a_faulty_policy_exits_with_3_and_writes_nothing(tmp_path: Path, rules: str) -> None:
    folder = write_scenario(tmp_path / "s", rules, STAFF)
    ran = giliran("generate", folder, "--out", tmp_path / "out", "--lang", "en")
    assert ran.code == 3
    assert "nothing was written" in ran.err
    assert not (tmp_path / "out").exists()


def test_a_quota_that_overrides_another_takes_its_people_from_it(tmp_path: Path) -> None:
    second = (
        '[[rules.home_quota]]\nname = "b"\nfor = { person = "Ani Basri" }\nshare = "100%"\noverrides = "a"\n'
    )
    folder = write_scenario(tmp_path / "s", QUOTA + second, STAFF)
    (result,) = solved(folder).results
    groups = {quota.rule: len(quota.people) for quota in result.audit.quotas}
    assert groups == {"home_quota[a]": 5, "home_quota[b]": 1}
    row = result.roster.statuses[1]
    assert sum(status == HOME for status in row) == 5


def test_an_overriding_quota_on_some_days_leaves_the_other_days_to_the_first(tmp_path: Path) -> None:
    second = (
        '[[rules.home_quota]]\nname = "b"\nwhen = { weekdays = ["fri"] }\nshare = "0%"\noverrides = "a"\n'
    )
    folder = write_scenario(tmp_path / "s", QUOTA + second, STAFF)
    (result,) = solved(folder).results
    friday = result.roster.days.index(date(2021, 8, 6))
    assert sum(row[friday] == HOME for row in result.roster.statuses) == 0
    assert home_days(solved(folder))["Dinas Uji"] == 3 * 4


def test_the_line_of_a_table_within_a_phase_is_found() -> None:
    text = '[[phases]]\nname = "1"\n[[phases]]\nname = "2"\n[[phases.rules.stint]]\nhome = 9\n[[phases.rules.stint]]\nhome = 3\n'
    assert find_line(text, ("phases", 1, "rules", "stint", 1, "home")) == 8
    assert find_line(text, ("phases", 1, "rules", "stint", 0, "homes")) == 5
    assert find_line(text, ("phases", 0, "name")) == 2
    assert find_line(text, ("nothing",)) == 0


SLIPS = [
    ("title = “Uji”", "curly", 'title = "Uji"'),
    ("share = 0,5", "decimal comma", "0.5"),
    ("share = 50%", "between quotes", '"50%"'),
    ("from = 28/7/2021", "year-month-day", "2021-07-28"),
    ("to = 2021-08-32", "no date 2021-08-32", "2021-08-03"),
    ("at = [08:00, 11:00]", "time of day", '"08:00"'),
    ('title = "Uji', "not closed", '"…"'),
    ("title = Uji", "between quotes", '"Uji"'),
    ("enabled = ya", "true and false", "Write true"),
    ('title: "Uji"', "colon", 'title = "Uji"'),
    ('title = "a"\ntitle = "b"', "further up", "[[rules.home_quota]]"),
    ("home = [1,, 2]", "no valid TOML", "brackets"),
]


@pytest.mark.parametrize(("line", "problem", "remedy"), SLIPS, ids=[slip[0][:18] for slip in SLIPS])
def test_a_slip_in_the_writing_is_told_with_its_line_and_what_to_write_instead(
    tmp_path: Path, line: str, problem: str, remedy: str
) -> None:
    (tmp_path / "policy.toml").write_text(f"# uji\n\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_tables(tmp_path / "policy.toml")
    (fault,) = caught.value.faults
    assert (fault.row, fault.value) == (3 + line.count("\n"), line.splitlines()[-1])
    assert problem in fault.problem.en and fault.remedy is not None and remedy in fault.remedy.en


def test_a_policy_saved_by_notepad_in_utf_16_is_read_and_in_ansi_is_told_with_its_line(
    tmp_path: Path,
) -> None:
    path = tmp_path / "policy.toml"
    path.write_text('title = "Ujié"\n', encoding="utf-16")
    assert load_tables(path)[0] == {"title": "Ujié"}
    path.write_bytes('# a\ntitle = "Ujié"\n'.encode("cp1252"))
    with pytest.raises(InputError) as caught:
        load_tables(path)
    assert (caught.value.faults[0].row, caught.value.faults[0].value) == (2, 'title = "Ujié"')
