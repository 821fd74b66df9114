"""The board's pages over a million stored check-ins: p50 and p95 in milliseconds, one visitor after another.

    python -m benchmarks.board [PEOPLE] [CHECKINS]

Makes a city by `giliran synth`, publishes it, stores check-ins of two years before and of the present period, and asks
for each page of random units through the application itself (no network). The first page after a publication reads the
output folder once; it is given apart.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

ROUNDS = 60


def main(people: int = 2_000, checkins: int = 1_000_000) -> None:
    from fastapi.testclient import TestClient

    from scheduler.server.app import make_app
    from scheduler.server.board import accounts, sessions
    from scheduler.server.board.gate import COOKIE
    from scheduler.server.database import open_database, writing

    with tempfile.TemporaryDirectory(prefix="giliran-board-") as scratch:
        engine = open_database(f"sqlite:///{scratch}/board.db")
        zone, first = publish_city(engine, Path(scratch), people)
        now = datetime(first.year, first.month, first.day, 12, 30, tzinfo=zone) + timedelta(days=3)
        stored = store_checkins(engine, now, checkins)
        with writing(engine) as connection:
            admin = accounts.add(connection, "admin", "admin", "a long password", (), int(now.timestamp()))
            secret = sessions.begin(connection, admin, int(now.timestamp()))
        with TestClient(make_app(engine, now.timestamp), base_url="https://board") as client:
            client.cookies.set(COOKIE, secret)
            units = [row[0] for row in query(engine, "SELECT id FROM subject WHERE kind = 'unit'")]
            began = time.perf_counter()
            client.get(f"/board/units/{units[0]}")
            cold = time.perf_counter() - began
            found = {
                name: measure(client, [path.format(random.Random(n).choice(units)) for n in range(ROUNDS)])
                for name, path in {
                    "overview": "/board?all=1",
                    "today": "/board/units/{}",
                    "week": "/board/units/{}/week",
                    "pictures": "/board/units/{}/pictures",
                }.items()
            }
        print(
            json.dumps(
                {
                    "people": people,
                    "units": len(units),
                    "checkins": stored,
                    "cold_ms": round(cold * 1000),
                    **found,
                },
                indent=1,
            )
        )
        engine.dispose()


def publish_city(engine, folder: Path, people: int):  # type: ignore[no-untyped-def]
    from click.testing import CliRunner

    from scheduler.cli.main import group
    from scheduler.pipeline import Order, generate
    from scheduler.server.board.folders import remember_folder
    from scheduler.server.database import writing
    from scheduler.server.publication import read_publication
    from scheduler.server.store import publish

    city = folder / "city"
    made = CliRunner().invoke(
        group,
        ["synth", str(city), "--staff", str(people), "--units", str(max(1, people // 50)), "--seed", "1"],
    )
    assert made.exit_code == 0, made.output
    policy = (city / "policy.toml").read_text("utf-8")
    if "[[checkins" not in policy:
        policy += '\n[[checkins.point]]\nat = ["08:00", "11:00", "14:00", "16:00"]\nrequired_on = ["home"]\n'
        (city / "policy.toml").write_text(policy, "utf-8")
    outcome = generate(Order(scenario=city, out=folder / "out", effort=2.0))
    with writing(engine) as connection:
        new = read_publication(outcome.folder, city)
        published = publish(connection, new, int(time.time()))
        remember_folder(connection, published.revision_id, outcome.folder, city)
    return ZoneInfo(new.timezone), new.first


def store_checkins(engine, now: datetime, wanted: int) -> int:  # type: ignore[no-untyped-def]
    """Store check-ins of everybody, four a day, backwards from now until there are enough."""
    from scheduler.server.database import writing

    people = [row[0] for row in query(engine, "SELECT id FROM subject WHERE kind = 'person'")]
    clocks, stored, day = (8, 11, 14, 16), 0, now.replace(hour=0, minute=0)
    chance = random.Random(1)
    insert = (
        "INSERT INTO checkin (subject_id, client_id, received_at, taken_at, sent_at, happened_at, latitude, longitude, "
        "accuracy, failure, reason) VALUES (?, ?, ?, ?, ?, ?, -2.5, 120.3, 12, '', '')"
    )
    while stored < wanted:
        rows = []
        for person in people:
            for hour in clocks:
                at = int((day + timedelta(hours=hour, minutes=chance.randrange(-5, 40))).timestamp() * 1000)
                if at <= now.timestamp() * 1000:
                    rows.append((person, f"{person}-{at}", at, at, at, at))
        with writing(engine) as connection:
            connection.exec_driver_sql(insert, rows)
        stored, day = stored + len(rows), day - timedelta(days=1)
    return stored


def query(engine, text: str):  # type: ignore[no-untyped-def]
    with engine.connect() as connection:
        return connection.exec_driver_sql(text).all()


def measure(client, paths: list[str]) -> dict[str, float]:  # type: ignore[no-untyped-def]
    times = []
    for path in paths:
        began = time.perf_counter()
        assert client.get(path).status_code == 200
        times.append((time.perf_counter() - began) * 1000)
    times.sort()
    return {
        "p50_ms": round(statistics.median(times), 1),
        "p95_ms": round(times[int(len(times) * 0.95)], 1),
        "most_ms": round(times[-1], 1),
    }


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
