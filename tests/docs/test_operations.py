"""The pages about running the server work as they stand, and name every setting."""

from __future__ import annotations

import configparser
import importlib.util
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import click
import pytest

from scheduler.checkins.settings import CheckinSettings
from scheduler.cli.main import group
from scheduler.server.telegram import settings as telegram
from scheduler.server.web.rates import Rates
from tests.running import giliran
from tests.scenarios import person, write_scenario

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("operations.md", "operasi.md")
POLICY = '[[rules.always_home]]\nfor = { rank = "pelaksana" }\n[[checkins.point]]\nat = ["08:00"]\n'


def blocks(page: str, kind: str) -> list[str]:
    """The lines of a page's blocks of one kind."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return [
        line for block in re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL) for line in block.splitlines()
    ]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the output of a small office."""
    folder = tmp_path_factory.mktemp("operations")
    people = [{**person(1), "Nama": "Rina Pertiwi"}, person(2)]
    scenario = write_scenario(folder / "kantor-saya", POLICY, people)
    (scenario / "calendar.key").write_bytes(b"a key of the tests")
    ran = giliran("generate", scenario, "--out", folder / "output" / "kantor-saya" / "2021-08-02_2021-08-06")
    assert ran.code == 0, ran.err
    return folder


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_the_page_does_as_it_stands_there(
    page: str, published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = f"sqlite:///{tmp_path / 'giliran.db'}"
    monkeypatch.setenv("GILIRAN_DATABASE", database)
    shutil.copytree(published, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    lines = blocks(page, "sh")
    assert len(lines) >= 9
    for line in lines:
        program, *words = shlex.split(line.replace("$GILIRAN_DATABASE", database))
        assert program == "giliran"
        ran = giliran(*words)
        assert (line, ran.code) == (line, 0), ran.err


@pytest.mark.parametrize("page", PAGES)
def test_commands_that_are_only_shown_exist_with_their_options(page: str) -> None:
    shown = [
        found[1] for line in blocks(page, "console") if (found := re.search(r"\bgiliran ([a-z].*)", line))
    ]
    commands = [words for line in shown if (words := shlex.split(line))[0] in group.list_commands(None)]  # type: ignore[arg-type]
    assert len(commands) >= 4
    for name, *words in commands:
        assert set(re.findall(r"--[a-z-]+", " ".join(words))) <= options(name), name


def options(name: str) -> set[str]:
    command = group.get_command(click.Context(group), name)
    assert command is not None
    return {flag for parameter in command.params for flag in parameter.opts}


@pytest.mark.parametrize("name", ["giliran", "giliran-telegram", "giliran-backup"])
def test_units_start_commands_that_exist_and_are_confined(name: str) -> None:
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(DOCS / "systemd" / f"{name}.service", encoding="utf-8")
    service = unit["Service"]
    found = re.search(r"/opt/giliran/bin/giliran ([a-z-]+)(.*)", service["ExecStart"])
    assert found is not None
    assert set(re.findall(r"--[a-z-]+", found[2])) <= options(found[1])
    assert service["User"] == "giliran"
    assert (service["ProtectSystem"], service["NoNewPrivileges"]) == ("strict", "true")
    assert service["ReadWritePaths"] == "/srv/giliran"


def test_every_variable_and_bound_is_told() -> None:
    text = (DOCS / "operations.md").read_text(encoding="utf-8")
    own = [
        telegram.TOKEN,
        telegram.NAME,
        telegram.SECRET,
        telegram.HEADER,
        "GILIRAN_TELEGRAM_API",
        "GILIRAN_DATABASE",
    ]
    assert [name for name in (*own, "GILIRAN_RATES", "FORWARDED_ALLOW_IPS") if f"`{name}`" not in text] == []
    bounds = Rates()
    told = (bounds.checkin, bounds.feeds, bounds.address, bounds.telegram, bounds.unknown)
    assert [number for number in told if f"{number:,}" not in text] == []


def test_no_proxy_logs_links_or_passes_on_what_visitors_say_of_themselves() -> None:
    nginx = (DOCS / "proxy" / "nginx.conf").read_text(encoding="utf-8")
    assert "$request_uri;" in nginx
    assert re.search(r"log_format without_links [^;]*;", nginx)
    assert not re.search(r"log_format[^;]*\$(request|request_uri|uri|http_referer)\b", nginx)
    assert nginx.count("server {") == nginx.count("access_log ") == 2
    assert "X-Forwarded-For $remote_addr" in nginx
    assert "header_up X-Forwarded-For {remote_host}" in (DOCS / "proxy" / "Caddyfile").read_text(
        encoding="utf-8"
    )


def maker() -> Any:
    spec = importlib.util.spec_from_file_location("make_checkins", DOCS / "make_checkins.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_of_check_ins_is_not_stale() -> None:
    text = (DOCS / "checkins.md").read_text(encoding="utf-8")
    assert text == maker().page(), "run: python docs/make_checkins.py"


def test_every_setting_of_check_ins_is_told_with_its_meaning() -> None:
    text = (DOCS / "checkins.md").read_text(encoding="utf-8")
    made = maker()
    for name, info in CheckinSettings.model_fields.items():
        model = made._model_in(info.annotation)
        part = re.split(rf"\n### `\[+checkins\.{name}\]+`\n", text)[1].split("\n### ")[0]
        rows = dict(re.findall(r"^\| `([^`]*)` \|.*\| *([^|]*?) *\|$", part, re.MULTILINE))
        assert {field.alias or key for key, field in model.model_fields.items()} <= rows.keys(), name
        assert all(rows.values()), name
