"""The program as its users meet it: words, exit codes, languages, and nothing half-written."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from scheduler.cli import main as program
from scheduler.cli.main import SUMMARIES, group
from scheduler.pipeline import Outcome
from tests.running import ROSTERS, giliran

LUWU_UTARA = ROSTERS / "luwu-utara"


def commands() -> list[str]:
    return group.list_commands(click.Context(group))


@pytest.mark.parametrize("name", commands())
def test_every_command_has_help_and_a_sentence_in_both_languages(name: str) -> None:
    ran = giliran(name, "--help")
    assert ran.code == 0
    assert "--lang" in ran.out
    assert all(SUMMARIES[name])


def test_help_imports_nothing_heavy() -> None:
    code = "import sys; sys.argv=['giliran','--help']\nfrom scheduler.cli.main import main\ntry: main()\nexcept SystemExit: pass\nprint(sorted({'ortools','pandas','openpyxl','icalendar','pydantic','rich','numpy'} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip().endswith("[]")


def test_generate_prints_a_table_the_readings_and_where_to_look(tmp_path: Path) -> None:
    ran = giliran("generate", LUWU_UTARA, "--unit", "BKPSDM", "--out", tmp_path / "out", "--lang", "id")
    assert ran.code == 0
    assert "BKPSDM" in ran.out
    assert "Bacaan yang dipakai:" in ran.out
    assert "roster.xlsx" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80
    assert (tmp_path / "out" / "certificate.json").is_file()


def test_generate_answers_machines_in_json(tmp_path: Path) -> None:
    ran = giliran("generate", LUWU_UTARA, "--unit", "BKPSDM", "--out", tmp_path / "out", "--json")
    assert json.loads(ran.out)["certificate"]["optimal"] is True


def test_a_dry_run_shows_targets_and_writes_nothing(tmp_path: Path) -> None:
    ran = giliran("generate", LUWU_UTARA, "--dry-run", "--out", tmp_path / "out", "--lang", "en")
    assert ran.code == 0
    assert "home_quota[pelaksana]" in ran.out
    assert "Dry run" in ran.out
    assert not (tmp_path / "out").exists()


def test_tweaks_are_applied_and_recorded(tmp_path: Path) -> None:
    out = tmp_path / "out"
    ran = giliran(
        "generate", LUWU_UTARA, "--unit", "BKPSDM", "--out", out, "--quota", "pelaksana=20%", "--exempt", "Dinas *",
        "--stint", "1", "--set", "home_quota[non_asn].rounding=floor", "--from", "28/7/2021", "--to", "2021-07-30", "-q",
    )  # fmt: skip
    assert (ran.code, ran.out) == (0, "")
    flags = json.loads((out / "certificate.json").read_text(encoding="utf-8"))["flags"]
    assert flags["--quota"] == "pelaksana=20%"
    assert flags["--from"] == "2021-07-28"
    assert flags["--unit"] == "BKPSDM"
    lines = (out / "roster.csv").read_text(encoding="utf-8").splitlines()[1:]
    home = [line for line in lines if ",pelaksana,home," in line]
    assert len(home) == 3 * 3, "a fifth of fifteen people on three days"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("generat",), 2, "Did you mean “generate”?"),
        (("generate",), 2, "SCENARIO"),
        (("generate", "no-such-folder"), 3, "does not exist"),
        (("generate", LUWU_UTARA, "--unit", "Dinas Nowhere"), 2, "no unit matches"),
        (("generate", LUWU_UTARA, "--quota", "pelaksanaa=50%"), 2, "Did you mean “pelaksana”?"),
        (("generate", LUWU_UTARA, "--quota", "pelaksana"), 2, "RANK=SHARE"),
        (("generate", LUWU_UTARA, "--quota", "pelaksana=150%"), 2, "outside 0% to 100%"),
        (("generate", LUWU_UTARA, "--from", "yesterday"), 2, "2021-08-03 or 3/8/2021"),
        (("generate", LUWU_UTARA, "--from", "2021-09-01"), 2, "The nearest valid date is 2021-08-05"),
        (("generate", LUWU_UTARA, "--set", "stint.hone=2"), 2, "Did you mean “home”?"),
        (("generate", LUWU_UTARA, "--set", "home_quota.share=20%"), 2, "there are several"),
        (("today", "no-such-folder"), 3, "does not exist"),
        (("rules", "no_such_rule"), 2, "Unknown rule"),
    ],
)
def test_what_is_wrong_is_said_with_the_nearest_that_is_right(
    words: tuple[object, ...], code: int, said: str
) -> None:
    ran = giliran(*words, "--lang", "en") if len(words) > 1 else giliran(*words)
    assert ran.code == code
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_an_infeasible_scenario_exits_with_4_and_names_the_conflict(scenario: Path, tmp_path: Path) -> None:
    (scenario / "pins.csv").write_text(
        "nip,tanggal,status\n199008102018061967,28/7/2021,WFH\n", encoding="utf-8"
    )
    ran = giliran("generate", scenario, "--out", tmp_path / "out", "--lang", "id")
    assert ran.code == 4
    assert "belum mampu menggunakan TI" in ran.err
    assert not (tmp_path / "out").exists()


def test_a_workbook_open_in_excel_gives_7_and_a_plain_sentence(scenario: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    giliran("generate", scenario, "--unit", "BKPSDM", "--out", out, "-q")
    before = (out / "roster.csv").read_bytes()
    (out / "~$roster.xlsx").write_bytes(b"Siti")
    ran = giliran(
        "generate", scenario, "--unit", "BKPSDM", "--out", out, "--quota", "pelaksana=20%", "--lang", "en"
    )
    assert ran.code == 7
    assert "roster.xlsx" in ran.err
    assert (out / "roster.csv").read_bytes() == before


def test_today_tells_who_is_where_without_nip(luwu_utara: Outcome) -> None:
    ran = giliran("today", luwu_utara.folder, "--date", "29/7/2021")
    assert ran.code == 0
    assert "*BKPSDM*" in ran.out
    assert "196412241988031994" not in ran.out


def test_today_finds_the_period_that_holds_the_day(luwu_utara: Outcome, tmp_path: Path) -> None:
    shutil.copytree(luwu_utara.folder, tmp_path / "2021-07-28_2021-08-05")
    giliran(
        "next",
        tmp_path,
        "--scenario",
        LUWU_UTARA,
        "--unit",
        "BKPSDM",
        "--out",
        tmp_path / "2021-08-06_2021-08-14",
        "-q",
    )
    early = giliran("today", tmp_path, "--date", "2021-07-29", "--json")
    late = giliran("today", tmp_path, "--date", "2021-08-09", "--json")
    assert len(json.loads(early.out)["people"]) == 618
    assert len(json.loads(late.out)["people"]) == 44


def test_next_makes_the_following_period_of_the_same_length(luwu_utara: Outcome, tmp_path: Path) -> None:
    ran = giliran(
        "next",
        luwu_utara.folder,
        "--scenario",
        LUWU_UTARA,
        "--unit",
        "BKPSDM",
        "--out",
        tmp_path / "next",
        "--json",
    )
    assert ran.code == 0
    assert json.loads(ran.out)["certificate"]["period"] == {"from": "2021-08-06", "to": "2021-08-14"}


def test_rules_come_from_the_code() -> None:
    from scheduler.constraints import discover

    listed = json.loads(giliran("rules", "--json").out)
    assert set(listed) == set(discover())
    whole = giliran("rules", "home_quota", "--lang", "en")
    assert "[[rules.home_quota]]" in whole.out
    assert "rounding" in whole.out


def test_staff_reports_what_it_recognised_and_writes_csv(tmp_path: Path) -> None:
    ran = giliran("staff", LUWU_UTARA / "staff.xlsx", "--csv", tmp_path / "staff.csv", "--lang", "en")
    assert ran.code == 0
    assert "618" in ran.out
    assert len((tmp_path / "staff.csv").read_text(encoding="utf-8-sig").splitlines()) == 619


def test_a_defect_of_ours_is_called_one_and_shows_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(program.group, "main", broken)
    ran = giliran("rules", "--lang", "en")
    assert ran.code == 1
    assert "defect in giliran itself" in ran.err
    assert "Traceback" not in ran.err


# Verify ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def output(luwu_utara: Outcome, tmp_path: Path) -> Path:
    """A copy of Luwu Utara's output, to be tampered with."""
    return Path(shutil.copytree(luwu_utara.folder, tmp_path / "2021-07-28_2021-08-05"))


def test_verify_confirms_what_generate_wrote_from_the_folder_alone(output: Path) -> None:
    ran = giliran("verify", output, "--lang", "en")
    assert (ran.code, ran.err) == (0, "")
    assert "keeps every rule" in ran.out


def test_verify_does_not_load_the_solver(luwu_utara: Outcome) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom scheduler.checking import check_output\n"
        f"assert not check_output(Path({str(luwu_utara.folder)!r})).is_broken\nprint('ortools' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


def test_verify_names_the_rule_the_day_and_the_file_that_a_hand_broke(output: Path) -> None:
    table = output / "roster.csv"
    text = table.read_text(encoding="utf-8")
    victim = next(
        line for line in text.splitlines() if ",jpt,office," in line and line.startswith("2021-07-29")
    )
    table.write_text(text.replace(victim, victim.replace(",office,", ",home,")), encoding="utf-8")
    ran = giliran("verify", output, "--lang", "id")
    assert ran.code == 5
    assert "29 Juli 2021" in ran.out
    assert "roster.csv telah diubah" in ran.out
    assert "TIDAK memenuhi" in ran.out


@pytest.mark.parametrize("where", ["objective", "unit", "whole"])
def test_verify_finds_optimal_written_into_a_certificate_whose_bounds_do_not_say_so(
    output: Path, where: str
) -> None:
    path = output / "certificate.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    unit = document["units"][0]
    stated = next(s for s in unit["objectives"] if s["name"] == "fairness_total")
    stated["bound"] -= 500  # as if the solver had proven less
    if where != "objective":
        stated |= {"within": 500, "optimal": False}
    if where == "whole":
        unit["optimal"] = False
    path.write_text(json.dumps(document), encoding="utf-8")
    ran = giliran("verify", output, "--lang", "en")
    said = " ".join(ran.out.split())
    assert ran.code == 5
    assert ("the certificate says optimal, or how far from it" in said) is (where == "objective")
    assert ("says whether it is optimal not as its objectives" in said) is (where != "whole")
    assert "summary (optimal, within) is not as its units are" in said
    assert "This roster keeps every rule, but is NOT as giliran wrote it" in said


def test_verify_holds_a_roster_against_another_policy(output: Path, scenario: Path) -> None:
    policy = scenario / "policy.toml"
    policy.write_text(
        policy.read_text(encoding="utf-8").replace('share = "24%"', 'share = "10%"'), encoding="utf-8"
    )
    ran = giliran("verify", output, "--policy", policy, "--json")
    assert ran.code == 5
    answer = json.loads(ran.out)
    broken = {v["rule"] for unit in answer["units"] for v in unit["violations"]}
    assert broken == {"home_quota[pengawas]"}


def test_verify_refuses_a_claim_that_the_roster_does_not_bear_out(output: Path) -> None:
    certificate = output / "certificate.json"
    document = json.loads(certificate.read_text(encoding="utf-8"))
    document["units"][0]["objectives"][1]["value"] -= 1
    certificate.write_text(json.dumps(document), encoding="utf-8")
    ran = giliran("verify", output, "--lang", "en")
    assert ran.code == 5
    assert "the solver claimed" in ran.out
