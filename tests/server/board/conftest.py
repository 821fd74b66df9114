"""Boards on fresh databases; jobs run at once and in this process, so that what they do is seen (and covered)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from scheduler.server.board import passwords
from scheduler.server.board.runner import Runner
from scheduler.server.board.worker import carry_out
from scheduler.server.store.database import open_database
from tests.server.board.boards import PASSWORDS, Board, board_on, copy_of, make_template, publish_template
from tests.server.conftest import database_on, name_of
from tests.server.published import sqlite


@pytest.fixture(scope="session", autouse=True)
def _quick_hashes() -> Iterator[None]:
    """Argon2 all the same, but with a hundredth of the work; one test uses the real parameters."""
    quick = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", lambda: quick)
        yield


@pytest.fixture(scope="session")
def hashes(_quick_hashes: None) -> dict[str, str]:
    return {name: passwords.hash_password(password) for name, password in PASSWORDS.items()}


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, hashes: dict[str, str]) -> Path:
    return make_template(tmp_path_factory.mktemp("template"), hashes)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Runner, "put", lambda self, job: carry_out(self._engine, job, self._clock))


@pytest.fixture
def board(template: Path, tmp_path: Path, at_once: None) -> Iterator[Board]:
    folder = copy_of(template, tmp_path)
    with board_on(sqlite(folder), folder) as found:
        yield found


@pytest.fixture(scope="session")
def template_there(postgresql: str, template: Path, hashes: dict[str, str]) -> str:
    """The name of a database in PostgreSQL that holds the template, to be copied."""
    url = database_on(postgresql)
    engine = open_database(url)
    publish_template(engine, template, hashes)
    engine.dispose()
    return name_of(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def any_board(
    request: pytest.FixtureRequest, template: Path, tmp_path: Path, at_once: None
) -> Iterator[Board]:
    """A board on either database, fresh."""
    folder = copy_of(template, tmp_path)
    if request.param == "sqlite":
        url = sqlite(folder)
    else:
        there = request.getfixturevalue("template_there")
        url = database_on(request.getfixturevalue("postgresql"), there)
    with board_on(url, folder) as found:
        yield found
