"""giliran init: by options, by questions and from an example; what it leaves generates at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from scheduler.cli import questions
from scheduler.cli.options import Terminal
from scheduler.pipeline import Order, read_problem
from scheduler.write.new_folder import examples
from tests.running import ROSTERS, giliran

STAFF = ROSTERS / "tangsel" / "staff.xlsx"


def test_options_alone_make_a_folder_that_generates_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "kantor"
    made = giliran(
        "init", folder, "--staff", STAFF, "--place", "Serpong", "--zone", "WIB", "--from", "2020-03-18",
        "--to", "2020-03-20", "--quota", "pelaksana=50%", "--quota", "non_asn=25%", "--turns", "2",
        "--exempt", "Kelurahan *", "--lang", "id",
    )  # fmt: skip
    assert made.code == 0, made.err
    assert f"giliran generate {folder}" in made.out
    assert sorted(path.name for path in folder.iterdir()) == ["calendar.key", "policy.toml", "staff.xlsx"]
    assert re.fullmatch(r"[0-9a-f]{64}\n", (folder / "calendar.key").read_text())
    text = (folder / "policy.toml").read_text(encoding="utf-8")
    assert "# Kantor yang dikecualikan" in text
    problem = read_problem(Order(scenario=folder)).problem
    assert (problem.policy.timezone, problem.policy.signature.place) == ("Asia/Jakarta", "Serpong")
    labels = [rule.label for rule in problem.policy.rules]
    assert labels == ["always_office[dikecualikan]", "home_quota[pelaksana]", "home_quota[non_asn]", "stint", "it_capable"]  # fmt: skip
    ran = giliran("generate", folder, "--unit", "UPTD *", "--out", tmp_path / "out", "--effort", 1, "-q")
    assert ran.code == 0, ran.err


def test_a_newcomer_speaking_english_gets_english_comments(tmp_path: Path) -> None:
    folder = tmp_path / "office"
    assert giliran("init", folder, "--staff", STAFF, "--lang", "en").code == 0
    text = (folder / "policy.toml").read_text(encoding="utf-8")
    assert 'language = "en"' in text
    assert "# Exempt offices" in text
    assert read_problem(Order(scenario=folder)).problem.policy.language == "en"


def test_the_questions_have_defaults_from_the_staff_list(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[str] = []

    def prompt(text: str, default: str, value_proc: object, err: bool) -> object:
        asked.append(text)
        assert callable(value_proc)
        return value_proc("60%" if "Non-ASN" in text else default)

    monkeypatch.setattr(questions.click, "prompt", prompt)
    monkeypatch.setattr(questions.sys.stdin, "isatty", lambda: True, raising=False)
    ran = giliran("init", tmp_path / "k", "--staff", STAFF, "--lang", "id")
    assert ran.code == 0, ran.err
    assert [word in " ".join(asked) for word in ("Tempat", "Zona", "Mulai", "Giliran", "selalu WFO")] == [
        True
    ] * 5
    text = (tmp_path / "k" / "policy.toml").read_text(encoding="utf-8")
    assert 'share = "60%"' in text
    assert 'unit = ["Kelurahan *"]' in text


def test_an_answer_that_cannot_be_taken_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    import click

    monkeypatch.setattr(questions.sys.stdin, "isatty", lambda: True, raising=False)
    asks = questions.Questions(Terminal(language="id"))
    answers = iter(["150%", "50%"])

    def prompt(text: str, default: str, value_proc: object, err: bool) -> object:
        assert callable(value_proc)
        with pytest.raises(click.BadParameter):
            value_proc(next(answers))
        return value_proc(next(answers))

    monkeypatch.setattr(questions.click, "prompt", prompt)
    from scheduler.constraints.shares import parse_share
    from scheduler.language import Bilingual

    assert asks.ask(Bilingual(id="?", en="?"), "0%", parse_share) * 2 == 1


def test_each_wrong_answer_is_asked_again_in_the_language_of_the_questions(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Every question gets a wrong answer first; the folder comes about all the same."""
    answers = {
        "Tempat": ["Masamba"],
        "Zona": ["WITE", "wita"],
        "Mulai": ["31/2/2026", "3 Agustus 2026"],
        "Sampai": ["1/8/2026", "14/8/2026"],
        "Bagian": ["separuh", "50"],
        "Giliran": ["tiga", "pekan"],
        "Kantor": ["-"],
    }
    refusals: list[str] = []

    def prompt(text: str, default: str, value_proc: Callable[[str], object], err: bool) -> object:
        *wrong, right = answers[text.split(maxsplit=1)[0]]
        for answer in wrong:
            with pytest.raises(questions.click.BadParameter) as raised:
                value_proc(answer)
            refusals.append(raised.value.message)
        return value_proc(right)

    monkeypatch.setattr(questions.click, "prompt", prompt)
    monkeypatch.setattr(questions.sys.stdin, "isatty", lambda: True, raising=False)
    ran = giliran("init", tmp_path / "k", "--staff", STAFF, "--lang", "id")
    assert ran.code == 0, ran.err
    said = "\n".join(refusals)
    for part in (
        "Yang boleh: WIB",
        "2026-08-01 sebelum hari pertama",
        "bukan persentase",
        "tulis 1, 2, 1-2 atau pekan",
    ):
        assert part in said
    text = (tmp_path / "k" / "policy.toml").read_text(encoding="utf-8")
    for part in ('share = "50%"', "from = 2026-08-03", 'home = "week"', "Asia/Makassar"):
        assert part in text


@pytest.mark.parametrize("name", list(examples()))
def test_every_example_is_copied_with_a_key_of_its_own(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "salinan"
    assert giliran("init", folder, "--example", name).code == 0
    theirs = {path.name for path in (ROSTERS / name).iterdir()}
    assert {path.name for path in folder.iterdir()} == theirs
    assert (folder / "calendar.key").read_bytes() != (ROSTERS / name / "calendar.key").read_bytes()
    assert f"rosters/{name}" not in (folder / "policy.toml").read_text(encoding="utf-8")
    assert read_problem(Order(scenario=folder)).problem.units


def test_nothing_that_exists_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text("mine", encoding="utf-8")
    for words in (("--example", "paser"), ("--staff", STAFF)):
        ran = giliran("init", tmp_path, *words, "--lang", "en")
        assert ran.code == 2
        assert "nothing is overwritten" in ran.err
    assert (tmp_path / "policy.toml").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--example", "luwu-utar"), "“luwu-utara”"),
        ((), "--staff FILE"),
        (("--staff", "daftar.pdf"), ".xlsx, .csv"),
        (("--staff", STAFF, "--zone", "WIBB"), "Asia/Jakarta"),
        (("--staff", STAFF, "--quota", "pelaksana=150%"), "“100%”"),
        (("--staff", STAFF, "--quota", "staf=50%"), "pelaksana=50%"),
        (("--staff", STAFF, "--from", "2021-08-09", "--to", "2021-08-02"), "2021-08-09"),
    ],
)
def test_wrong_usage_is_told_with_what_is_allowed(
    tmp_path: Path, words: tuple[object, ...], said: str
) -> None:
    ran = giliran("init", tmp_path / "k", *words, "--lang", "en")
    assert ran.code == 2
    assert said in ran.err
    assert not (tmp_path / "k").exists()


def test_a_staff_list_that_does_not_exist_is_a_fault_of_input(tmp_path: Path) -> None:
    ran = giliran("init", tmp_path / "k", "--staff", tmp_path / "none.xlsx", "--lang", "en")
    assert ran.code == 3
    assert not (tmp_path / "k").exists()


def test_the_examples_can_be_listed() -> None:
    ran = giliran("init", "x", "--example", "list", "--lang", "en")
    assert "bontang" in ran.out.split()
