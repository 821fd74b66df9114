"""Pages over a million stored check-ins: `python -m benchmarks.server_board [--stored 1000000]`.

An invented government is rostered and published, four check-ins a day of everybody are stored (for as many days back
as it takes), and every page is asked for by several people at once: first with few stored, then with all of them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, insert, select, text

from benchmarks.server_client import Tally, about, connect, get
from benchmarks.server_setup import database, serving
from scheduler.server.board import accounts, sessions
from scheduler.server.board.gate import COOKIE
from scheduler.server.links import tokens
from scheduler.server.store.database import connect as open_engine
from scheduler.server.store.database import writing
from scheduler.server.store.tables import CHECKIN, SCENARIO, SUBJECT
from scheduler.server.web.rates import VARIABLE
from tests.running import giliran

RESULTS = Path(__file__).parent / "results" / "server_board.txt"
A_DAY = 4
"""Check-ins of one person."""


def prepare(folder: Path, url: str, args: argparse.Namespace) -> None:
    """Invent, roster and publish a government whose period is around today."""
    scenario, out = folder / "synth", folder / "out"
    today = date.today()  # noqa: DTZ011 - wherever it runs
    first, last = today - timedelta(days=today.weekday() + 7), today + timedelta(days=11)
    for words in (
        ("synth", scenario, "--staff", args.staff, "--units", args.units, "--seed", 1),
        (
            "generate",
            scenario,
            "--from",
            first,
            "--to",
            last,
            "--effort",
            "0.05",
            "--out",
            out / f"{first}_{last}",
        ),
        ("publish", out, "--scenario", scenario, "--database", url),
    ):
        ran = giliran(*words)
        if ran.code:
            raise SystemExit(f"{words[0]}: {ran.err}")


def fill(engine: Engine, count: int, before: int = 0) -> None:
    """Store check-ins of everybody, four a day, the newest just now."""
    now = int(time.time() * 1000)
    with engine.connect() as connection:
        people = list(connection.execute(select(SUBJECT.c.id).where(SUBJECT.c.kind == "person")).scalars())
    for start in range(before, count, 20_000):
        rows = []
        for n in range(start, min(count, start + 20_000)):
            at = now - n // len(people) * (86_400_000 // A_DAY) - n % 3_600_000
            rows.append(
                {
                    "subject_id": people[n % len(people)], "client_id": f"stored-{n}", "received_at": at, "taken_at": at,
                    "sent_at": at, "happened_at": at, "latitude": -2.5, "longitude": 120.3, "accuracy": 9.0,
                    "failure": "", "reason": "",
                }
            )  # fmt: skip
        with writing(engine) as connection:
            connection.execute(insert(CHECKIN), rows)
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))


def pages(engine: Engine) -> tuple[dict[str, str], str]:
    """Return the address of every page by its name, and a cookie that opens them."""
    now = int(time.time())
    with writing(engine) as connection:
        scenario = connection.execute(select(SCENARIO.c.id)).scalar_one()
        accounts.add(connection, "bench", "admin", "a long pass phrase", [(scenario, "*")], now)
        secret = sessions.begin(connection, accounts.find(connection, "bench")["id"], now)
        unit = (
            connection.execute(select(SUBJECT.c.id).where(SUBJECT.c.kind == "unit").order_by(SUBJECT.c.id))
            .scalars()
            .first()
        )
        person = (
            connection.execute(select(SUBJECT.c.id).where(SUBJECT.c.kind == "person").order_by(SUBJECT.c.id))
            .scalars()
            .first()
        )
        link = tokens.make(connection, [person or 0], ["checkin"], now)[0].token
    own = f"/board/units/{unit}"
    return {
        "overview": "/board?all=1", "today": own, "week": f"{own}/week", "pictures": f"{own}/pictures",
        "change": f"{own}/change", "downloads": f"{own}/downloads", "audit": "/board/audit",
        "scenario": f"/board/scenarios/{scenario}", "check-in page": f"/checkin/{link}", "health": "/healthz",
    }, f"{COOKIE}={secret}"  # fmt: skip


async def ask(port: int, path: str, cookie: str, count: int, at_once: int) -> Tally:
    tally = Tally()
    loop = asyncio.get_running_loop()
    turn = iter(range(count))

    async def visitor() -> None:
        link = await connect(port)
        for _ in turn:
            began = loop.time()
            status, _, _ = await link.ask(get(path, Cookie=cookie))
            tally.note(status, loop.time() - began)
        link.close()

    await asyncio.gather(*(visitor() for _ in range(at_once)))
    return tally


def measure(url: str, args: argparse.Namespace, engine: Engine) -> dict[str, Any]:
    import uvloop

    found, cookie = pages(engine)
    results: dict[str, Any] = {}
    with serving(url, log=args.log) as (_, port):
        before = 0
        for stored in (args.stored // 100, args.stored):
            fill(engine, stored, before)
            before = stored
            for name, path in found.items():
                uvloop.run(ask(port, path, cookie, 3, 1))
                tally = uvloop.run(ask(port, path, cookie, args.requests, args.at_once))
                results.setdefault(name, {})[stored] = {"statuses": tally.statuses, "ms": tally.percentiles()}
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--staff", type=int, default=1_000)
    parser.add_argument("--units", type=int, default=20)
    parser.add_argument("--stored", type=int, default=1_000_000)
    parser.add_argument("--requests", type=int, default=100)
    parser.add_argument("--at-once", type=int, default=2)
    parser.add_argument("--log", type=Path)
    parser.add_argument("--write", action="store_true", help="Add the figures to results/server_board.txt.")
    args = parser.parse_args()
    os.environ.setdefault(VARIABLE, "checkin=1000000")  # the one page asked for is that of one person
    with tempfile.TemporaryDirectory() as name, database(args.database, Path(name)) as url:
        prepare(Path(name), url, args)
        engine = open_engine(url)
        results = measure(url, args, engine)
        engine.dispose()
    lines = [" ".join(["$ python -m benchmarks.server_board", *sys.argv[1:]]), json.dumps(about())]
    met = True
    for page, by_stored in results.items():
        for stored, result in by_stored.items():
            lines.append(f"{page}, {stored} stored: {json.dumps(result)}")
        last = by_stored[args.stored]
        met = met and set(last["statuses"]) == {200} and last["ms"]["p95"] <= 300
    lines.append(f"target (p95 <= 300 ms of every page with all stored): {'met' if met else 'MISSED'}")
    print("\n".join(lines))
    if args.write:
        with RESULTS.open("a", encoding="utf-8") as file:
            file.write("\n".join(["", *lines, ""]))


if __name__ == "__main__":
    main()
