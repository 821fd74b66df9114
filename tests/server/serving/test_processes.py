"""Several server processes on one PostgreSQL: what one does all see at once, and publications wait in line."""

from __future__ import annotations

import json
import signal
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import bindparam, make_url, text

from benchmarks.server_client import children
from benchmarks.server_setup import start
from scheduler.server.phone import page_statements
from scheduler.server.publishing import store
from scheduler.server.store.database import connect, open_database, writing
from scheduler.server.store.tables import TOKEN
from tests.server.phones import send, sent, stored
from tests.server.published import BUDI, Server, publication, roster, server_on
from tests.server.serving.test_durability import posix


@pytest.fixture
def url(postgresql: str) -> str:
    import psycopg

    name = f"p{uuid4().hex}"
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return make_url(postgresql).set(database=name).render_as_string(hide_password=False)


@pytest.fixture
def pair(url: str) -> Iterator[tuple[Server, Server]]:
    """Two applications with caches of their own on one database."""
    with server_on(url) as one, server_on(url) as two:
        yield one, two


def test_what_one_process_publishes_and_revokes_all_others_see_at_once(pair: tuple[Server, Server]) -> None:
    one, two = pair
    one.publish(publication())
    feed, checkin = one.link(BUDI), one.link(BUDI, "checkin")
    for server in pair:
        assert server.client.get(feed).status_code == 200
        assert server.client.post(checkin, json=sent()).json()["stored"]
    tag = two.client.get(feed).headers["etag"]
    assert two.client.get(feed, headers={"If-None-Match": tag}).status_code == 304
    one.publish(publication(roster(2, swapped=True)), now=1_627_000_500)
    assert two.client.get(feed, headers={"If-None-Match": tag}).status_code == 200
    one.revoke(BUDI)
    for server in (two, one):
        assert server.client.get(feed).status_code == 404
        assert server.client.post(checkin, json=sent(client_id="after-it-ended")).status_code == 404
    assert len(stored(one)) == 1


def race(url: str, monkeypatch: pytest.MonkeyPatch, **how: Any) -> list[str]:
    """Publish revisions 2 and 3 at once, each held until both have read what is current; return what came of it."""
    engine, both = connect(url), threading.Barrier(2)
    read = store._current

    def held(*words: Any) -> Any:
        found = read(*words)
        try:
            both.wait(1.5)
        except threading.BrokenBarrierError:
            return found  # the other waits in line, as it should
        return found

    def attempt(number: int) -> str:
        try:
            with writing(engine) as connection:
                made = publication(roster(number, swapped=True), sha256=str(number))
                store.publish(connection, made, 1_627_000_000 + number, **how)
        except Exception as error:  # noqa: BLE001 - what went wrong is what is looked at
            return type(error).__name__
        return "published"

    with monkeypatch.context() as patched, ThreadPoolExecutor(2) as threads:
        patched.setattr(store, "_current", held)
        outcome = sorted(threads.map(attempt, (2, 3)))
    engine.dispose()
    return outcome


def test_publications_at_once_wait_in_line_and_without_the_lock_they_collide(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_database(url)
    with writing(engine) as connection:
        store.publish(connection, publication(), 1_627_000_000)
    without = race(url, monkeypatch, lock=lambda *_: None)
    assert without == ["IntegrityError", "published"]
    with writing(engine) as connection:
        connection.execute(text("DELETE FROM calendar WHERE revision_id > 1"))
        connection.execute(text("DELETE FROM person_day WHERE revision_id > 1"))
        connection.execute(text("DELETE FROM revision WHERE id > 1"))
        connection.execute(text("UPDATE revision SET is_current = true"))
    assert race(url, monkeypatch) in (["published", "published"], ["UsageError", "published"])
    with engine.connect() as connection:
        current = [row["number"] for row in store.revisions(connection) if row["is_current"]]
    engine.dispose()
    assert current == [3]


def test_processes_that_start_at_once_build_the_database_once(url: str) -> None:
    with ThreadPoolExecutor(3) as threads:
        engines = list(threads.map(open_database, [url] * 3))
    with engines[0].connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM change")).scalar() == 1
    for engine in engines:
        engine.dispose()


def test_a_database_that_was_restarted_is_found_again_without_a_word(pair: tuple[Server, Server]) -> None:
    one, two = pair
    one.publish(publication())
    feed, checkin = one.link(BUDI), one.link(BUDI, "checkin")
    assert two.client.get(feed).status_code == 200
    assert two.client.post(checkin, json=sent(client_id="before-it-ended")).json()["stored"]
    with one.engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    assert two.client.post(checkin, json=sent(client_id="after-it-ended")).json()["stored"]
    assert two.client.get(feed).status_code == 200
    assert two.client.get("/healthz").status_code == 200
    assert len(stored(two)) == 2


def published(url: str) -> str:
    """Publish a roster; return a check-in token."""
    with server_on(url) as office:
        office.publish(publication())
        return office.link(BUDI, "checkin").removeprefix("/checkin/")


def test_postgresql_without_statistics_takes_a_link_by_its_hash(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_database(url)

    def plan() -> str:
        made = page_statements.make_base(TOKEN.c.sha256 == bindparam("digest")).compile(
            dialect=engine.dialect
        )
        asked = {**made.params, "digest": b"x", "first": "2021-07-01", "last": "2021-08-01"}
        with engine.connect() as connection:
            return "\n".join(connection.exec_driver_sql(f"EXPLAIN {made}", asked).scalars())

    assert "uq_token_sha256" in plan()
    monkeypatch.setattr(page_statements, "serves", lambda purpose: TOKEN.c.purpose == purpose)
    assert "uq_token_live" in plan(), "all live links would be searched: `serves` has lost its reason"
    engine.dispose()


@posix
def test_serve_with_two_processes_shares_load_and_bounds_and_stops_gracefully(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, log = published(url), tmp_path / "log"
    monkeypatch.setenv("GILIRAN_RATES", "checkin=60")
    process, port = start(url, "--processes", "2", log=log)
    try:
        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(lambda n: send(port, token, f"number-{n:04}"), range(60)))
        assert {status for status, _ in answers} == {200}
        beyond = [ask(port, token) for _ in range(20)]
        assert beyond.count(429) >= 18, "each process by itself would have had some 30 left"
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    finally:
        process.kill()
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert sum(line["message"].startswith("Started server process") for line in lines) == 2
    assert sum(line["message"].startswith("Finished server process") for line in lines) == 2
    with connect(url).connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM checkin")).scalar() == 60


@posix
def test_processes_end_once_the_one_that_began_them_is_killed(url: str, tmp_path: Path) -> None:
    token, log = published(url), tmp_path / "log"
    process, port = start(url, "--processes", "2", log=log)
    workers = [pid for pid in children(process.pid) if pid != process.pid]
    assert send(port, token, "while-all-live")[0] == 200
    process.kill()
    process.wait()
    for _ in range(300):
        if not any(serves(pid) for pid in workers):
            break
        time.sleep(0.1)
    assert [pid for pid in workers if serves(pid)] == []
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", port))
    assert log.read_text().count("the process that began this one is gone") == 2


def ask(port: int, token: str) -> int:
    """Open a page; return the status."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/checkin/{token}", timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


def serves(pid: int) -> bool:
    """Whether a process is there, and no more than waiting to be buried."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"
