"""The commands for living with a roster: what they say fits 80 columns, in both languages, with CONTRACT's exit codes."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from scheduler.cli.main import group
from scheduler.errors import InputError
from tests.revise.offices import POLICY, make_output, make_scenario

ANI, EKA = "198001012005012001", "198001012005012005"


def run(*words: str) -> Result:
    return CliRunner().invoke(group, list(words), standalone_mode=False)


def lines_fit(result: Result) -> None:
    assert all(len(line) <= 80 for line in result.output.splitlines())


def conflicting(tmp_path: Path) -> Path:
    """A counter that needs three of its four officers while two are pinned home on 5 August."""
    folder = make_scenario(tmp_path / "buntu")
    post = '\n[[rules.service_post]]\nname = "Loket"\nfor = { unit = "Dinas Satu" }\nat_least = 3\n'
    (folder / "policy.toml").write_text(POLICY + post, encoding="utf-8")
    (folder / "pins.csv").write_text(
        f"person_id,date,status,why\n{ANI},2021-08-05,home,rapat daring\n198001012005011002,2021-08-05,home,\n", encoding="utf-8"
    )  # fmt: skip
    return folder


def test_explain_tells_the_conflict_and_the_ways_out_with_their_flags(tmp_path: Path) -> None:
    folder = conflicting(tmp_path)
    for language, words in (("id", "tidak mungkin dipenuhi sekaligus"), ("en", "these cannot all hold")):
        result = run("explain", str(folder), "--lang", language)
        assert result.return_value == 4
        assert words in result.output
        assert "Ani Lestari" in result.output
        lines_fit(result)
    assert "--set 'service_post[Loket].at_least=2'" in " ".join(result.output.split())


def test_every_flag_that_explain_offers_makes_the_scenario_feasible_when_typed(tmp_path: Path) -> None:
    folder = conflicting(tmp_path)
    found = json.loads(run("explain", str(folder), "--json").output)
    settings = [way["flags"] for way in found["ways_out"] if way["flags"]]
    assert settings
    for flags in settings:
        value = flags.removeprefix("--set ").strip("'")
        again = run("explain", str(folder), "--set", value, "--json")
        assert json.loads(again.output)["feasible"] is True


def test_generate_tells_the_same_where_it_finds_none(tmp_path: Path) -> None:
    from scheduler.errors import InfeasibleError

    result = run("generate", str(conflicting(tmp_path)), "--out", str(tmp_path / "out"), "--workers", "1")
    assert isinstance(result.exception, InfeasibleError)
    text = result.exception.describe("en")
    assert "Ways out, cheapest first" in text and "take back the pin of Ani Lestari" in " ".join(text.split())
    assert not (tmp_path / "out").exists()


def test_a_feasible_scenario_has_nothing_to_explain(tmp_path: Path) -> None:
    result = run("explain", str(make_scenario(tmp_path / "kantor")), "--lang", "en")
    assert result.return_value == 0
    assert "A roster can be made" in result.output


def test_log_diff_partners_and_replan_speak_in_80_columns(tmp_path: Path) -> None:
    output = make_output(tmp_path)
    replanned = run(
        "replan", str(output), "--as-of", "2021-08-04", "--absent", f"{ANI}:5/8/2021..6/8/2021=cuti",
        "--effort", "2", "--workers", "1", "--lang", "en",
    )  # fmt: skip
    assert replanned.exception is None
    said = " ".join(replanned.output.split())
    assert "Proven: it cannot be fewer." in said
    with (
        (output / "roster.csv").open(encoding="utf-8") as now,
        (output / "revisions" / "1" / "roster.csv").open(encoding="utf-8") as then,
    ):
        before = {(row["date"], row["name"]): row["status"] for row in csv.DictReader(then)}
        others = {
            row["name"]
            for row in csv.DictReader(now)
            if row["status"] != before[row["date"], row["name"]] and row["name"] != "Ani Lestari"
        }
    told = said[said.index("days change along:") :] if others else ""
    assert all(f"{name} (" in told for name in others)
    assert others or "Nobody needs to be told" in said
    log = run("log", str(output), "--lang", "en")
    assert "Revision 2" in log.output
    difference = run("diff", str(output / "revisions" / "1"), str(output), "--lang", "id")
    assert "Ani Lestari" in difference.output and "→ Cuti" in difference.output
    partners = run("partners", str(output), "--person", "Eka Putri", "--date", "2021-08-09", "--lang", "id")
    assert "Fajar Nur" in partners.output
    for result in (replanned, log, difference, partners):
        lines_fit(result)


@pytest.mark.parametrize("language", ["id", "en"])
def test_verify_takes_a_workbook(tmp_path: Path, language: str) -> None:
    output = make_output(tmp_path)
    result = run("verify", str(output / "roster.xlsx"), "--lang", language)
    assert result.exception is None
    assert {"id": "0 sel berbeda dari revisi 1", "en": "0 cells differ from revision 1"}[
        language
    ] in result.output


def test_a_workbook_is_checked_against_the_policy_that_is_given(tmp_path: Path) -> None:
    output = make_output(tmp_path)
    other = tmp_path / "lain.toml"
    other.write_text(POLICY.replace('share = "50%"', 'share = "25%"'), encoding="utf-8")
    result = run("verify", str(output / "roster.xlsx"), "--policy", str(other), "--lang", "en")
    assert result.return_value == 5
    assert "home_quota[pelaksana]" in result.output
    assert "This roster does NOT keep the rules" in result.output


def test_while_a_cell_cannot_be_read_no_workbook_is_said_to_keep_every_rule(tmp_path: Path) -> None:
    output = make_output(tmp_path)
    book = openpyxl.load_workbook(output / "roster.xlsx")
    book["Dinas Satu"]["H11"].value = "whf"
    book.save(tmp_path / "e.xlsx")
    result = run("verify", str(tmp_path / "e.xlsx"), "--against", str(output), "--lang", "en")
    assert isinstance(result.exception, InputError)
    assert "This roster keeps every rule" not in result.output
    assert "could not be read and was taken as unchanged" in " ".join(result.output.split())


def test_a_workbook_that_is_not_there_is_told_as_such(tmp_path: Path) -> None:
    result = run("verify", str(tmp_path / "salah.xlsx"), "--lang", "en")
    assert isinstance(result.exception, InputError)
    assert "salah.xlsx: there is no such file" in result.exception.faults[0].describe("en")
