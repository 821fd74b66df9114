"""Help and usage errors speak the language asked for, fit into 80 columns, and leave no option without a sentence."""

from __future__ import annotations

import gettext
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from scheduler.cli import spoken
from scheduler.cli.examples import EXAMPLES
from scheduler.cli.help_words import INDONESIAN, SEARCH, SECTIONS, TWEAKS
from scheduler.cli.main import ORDER, group
from scheduler.cli.spoken import CATALOGUES, DOMAIN, SpokenCommand, SpokenOption
from scheduler.pipeline import DEFAULT_EFFORT
from tests.running import giliran

COMMANDS = {name: group.get_command(click.Context(group), name) for name in ORDER}


def help_of(name: str, language: str, monkeypatch: pytest.MonkeyPatch) -> str:
    command = COMMANDS[name]
    assert command is not None
    monkeypatch.setattr(spoken, "command_line_language", lambda: language)
    return command.get_help(click.Context(command, info_name=f"giliran {name}", terminal_width=80))


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("name", ORDER)
def test_the_help_of_each_command_fits_into_80_columns_in_both_languages(
    name: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = help_of(name, language, monkeypatch).splitlines()
    assert max(map(len, lines)) <= 80
    assert len(lines) > 8


@pytest.mark.parametrize("name", ORDER)
@pytest.mark.parametrize("language", ["id", "en"])
def test_each_help_ends_with_examples_that_the_command_takes(
    name: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = COMMANDS[name]
    assert command is not None
    lines = re.split(r"\n(?:Contoh|Examples):\n", help_of(name, language, monkeypatch))[1].splitlines()
    assert [line[:4] for line in lines[::2]] == ["  # "] * len(EXAMPLES[name])
    for line in lines[1::2]:
        program, called, *words = shlex.split(line)
        assert (program, called) == ("giliran", name)
        command.make_context(name, words, resilient_parsing=False)


@pytest.mark.parametrize("name", ORDER)
def test_the_indonesian_help_names_values_in_indonesian(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = help_of(name, "id", monkeypatch)
    assert [word for word in INDONESIAN if re.search(rf"(?<![\w$]){word}(?!\w)", text)] == []
    assert "RANGE" not in text


def test_options_stand_by_sections_those_of_every_command_last(monkeypatch: pytest.MonkeyPatch) -> None:
    text = help_of("generate", "en", monkeypatch)
    heads = re.findall(r"^(\w.*):$", text, re.MULTILINE)
    assert heads == [*(section.en for section in SECTIONS), "Examples"]
    tweaks = text.partition(TWEAKS.en)[2].partition(SEARCH.en)[0]
    assert "--quota" in tweaks and "--time-limit" not in tweaks and "--json" not in tweaks


def test_defaults_that_help_states_are_those_that_are_used() -> None:
    command = COMMANDS["generate"]
    assert command is not None
    said = {p.name: p.spoken.en for p in command.params if isinstance(p, SpokenOption)}
    assert f"default {DEFAULT_EFFORT:g}." in said["effort"]


@pytest.mark.parametrize("words", [("help",), ("help", "today"), ("bantuan", "today")])
def test_help_is_a_command_too(words: tuple[str, ...]) -> None:
    ran = giliran("--lang", "en", *words)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Usage: giliran today" if words[1:] else "Usage: giliran [OPTIONS] COMMAND")


@pytest.mark.parametrize("name", ORDER)
def test_every_option_and_command_has_a_sentence_of_its_own_in_each_language(name: str) -> None:
    command = COMMANDS[name]
    assert isinstance(command, SpokenCommand)
    said = [command.spoken, *(p.spoken for p in command.params if isinstance(p, SpokenOption))]
    assert all(text.id and text.en and text.id != text.en for text in said)
    mute = [p for p in command.params if isinstance(p, click.Option) and not isinstance(p, SpokenOption)]
    assert not mute


def test_the_catalogue_was_compiled_from_the_source_beside_it() -> None:
    folder = CATALOGUES / "id" / "LC_MESSAGES"
    source = (folder / f"{DOMAIN}.po").read_text(encoding="utf-8")
    with (folder / f"{DOMAIN}.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    sentences = [
        entry.split('\nmsgstr "') for entry in source.split('msgid "')[2:] if "msgid_plural" not in entry
    ]
    pairs = [(a.rsplit('"', 1)[0], b.rsplit('"', 1)[0]) for a, b in sentences if "\\n" not in a]
    assert len(pairs) > 20
    assert all(compiled.gettext(english) == indonesian for english, indonesian in pairs)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["generate", "--stint", "3"], "yang boleh: '1', '2', '1-2', 'week'"),
        (["--lang", "id", "generate"], "Belum disebut: 'SKENARIO'"),
        (["susun", "kantor"], "Maksud Anda “generate” atau “next”?"),
        (["today", "x", "--lang=id", "--dat", "2021-08-04"], "Maksud Anda"),
    ],
)
def test_what_click_finds_wrong_is_said_in_indonesian(words: list[str], said: str, tmp_path: Path) -> None:
    """In a process of its own: click's language is settled once at its start."""
    environment = {**os.environ, "LANG": "id_ID.UTF-8", "LC_ALL": "id_ID.UTF-8"}
    ran = subprocess.run(
        [sys.executable, "-m", "scheduler", *words],
        env=environment, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert ran.returncode == 2
    assert "Pemakaian: giliran" in ran.stderr
    assert said in ran.stderr
