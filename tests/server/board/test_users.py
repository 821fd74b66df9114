"""`giliran users`: accounts from the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scheduler.cli.main import group
from scheduler.errors import UsageError
from tests.server.board.boards import Board, board_on, copy_of
from tests.server.published import sqlite


@pytest.fixture(scope="module")
def steady(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    """One board for all that is refused."""
    folder = copy_of(template, tmp_path_factory.mktemp("users"))
    with board_on(sqlite(folder), folder) as board:
        yield board


def users(board: Board, *words: str, said: str = "") -> Result:
    order = ["users", *words, "--database", str(board.engine.url), "--lang", "en"]
    return CliRunner().invoke(group, order, input=said)


def test_an_account_is_added_listed_given_another_password_and_disabled(board: Board) -> None:
    made = users(board, "add", "Camat", "--unit", "Dinas D*", "--password-stdin", said="kata sandi camat\n")
    assert made.exit_code == 0, made.output
    listed = {row["name"]: row for row in json.loads(users(board, "list", "--json").output)}
    assert (listed["camat"]["role"], listed["camat"]["units"]) == ("head", ["kantor: Dinas Dua"])
    assert listed["admin"]["sees_everything"]
    assert "camat" in users(board).output
    assert board.as_("camat").get(f"/units/{board.unit('Dinas Dua')}").status_code == 200
    assert board.get(f"/units/{board.unit()}").status_code == 404
    asked = users(board, "password", "camat", said="sandi yang baru\nsandi yang baru\n")
    assert asked.exit_code == 0, asked.output
    assert "sandi yang baru" not in asked.output
    assert board.get("").headers["location"].startswith("/board/sign-in")
    assert users(board, "disable", "camat").exit_code == 0
    assert "✓" in users(board).output


def test_scopes_may_be_all_units_of_a_scenario_those_to_come_too(board: Board) -> None:
    users(
        board,
        "add",
        "bkpsdm",
        "--role",
        "admin",
        "--scenario",
        "kantor",
        "--password-stdin",
        said="kata sandi bkpsdm\n",
    )
    listed = {row["name"]: row for row in json.loads(users(board, "--json").output)}
    assert (listed["bkpsdm"]["sees_everything"], listed["bkpsdm"]["units"]) == (False, ["kantor: *"])
    assert board.as_("bkpsdm").get(f"/scenarios/{board.scenario()}").status_code == 200
    assert board.get(f"/scenarios/{board.scenario('tetangga')}").status_code == 404


@pytest.mark.parametrize(
    ("words", "said", "why"),
    [
        (("add",), "", "name the account"),
        (("add", "kepala", "--unit", "*"), "kata sandi panjang", "exists already"),
        (("add", "baru"), "kata sandi panjang", "needs their units"),
        (("add", "baru", "--unit", "Dinas Tiga"), "kata sandi panjang", "Published are: Dinas Contoh"),
        (("add", "baru", "--unit", "*"), "pendek", "10 to 200 characters"),
        (("add", "nama-akun-ku", "--unit", "*"), "nama-akun-ku", "10 to 200 characters"),
        (("add", "a b", "--unit", "*"), "kata sandi panjang", "small letters"),
        (("add", "baru", "--scenario", "entah"), "kata sandi panjang", "no roster of that name"),
        (("password", "siapa"), "kata sandi panjang", "There is no account"),
        (("disable", "siapa"), "", "There is no account"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_refused_and_says_why(
    steady: Board, words: tuple[str, ...], said: str, why: str
) -> None:
    stdin = ("--password-stdin",) if words[0] in ("add", "password") else ()
    result = users(steady, *words, *stdin, said=said + "\n")
    assert isinstance(result.exception, UsageError)
    assert why in str(result.exception)
    assert len(steady.all("SELECT * FROM board_account")) == 5
