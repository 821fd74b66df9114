"""Ten thousand people check in within ten seconds: `python -m benchmarks.server_checkins [--database postgresql]`.

Each arrival comes at its set time whether or not earlier ones are answered; latencies count from that time. In the
end every acknowledged check-in must be in the database exactly once.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from sqlalchemy import text

from benchmarks.server_client import (
    Connection,
    Tally,
    about,
    children,
    connect,
    cpu_seconds,
    get,
    post,
    spread,
)
from benchmarks.server_setup import Office, build, database, database_pids, fill, serving
from scheduler.server.store.database import connect as open_engine


async def burst(port: int, office: Office, args: argparse.Namespace) -> tuple[Tally, set[str], float]:
    """Let everybody check in; return what came back, the marks that were acknowledged, and how long it took."""
    tally, acknowledged = Tally(), set[str]()
    loop = asyncio.get_running_loop()
    idle: list[Connection] = []
    if args.connections == "kept":
        idle = list(await asyncio.gather(*(connect(port) for _ in range(args.pool))))
    order = list(range(args.people))
    random.Random(args.seed).shuffle(order)

    async def check_in(number: int, due: float) -> None:
        now = int(time.time() * 1000)
        mark = f"mark-{order[number]:08}"
        body = {
            "client_id": mark, "taken_at": now, "sent_at": now, "latitude": -2.548123, "longitude": 120.321987,
            "accuracy": 12.5,
        }  # fmt: skip
        token = office.checkin[order[number] % len(office.checkin)]
        request = post(f"/checkin/{token}", body)
        try:
            link = idle.pop() if idle else await connect(port)
            if args.page:
                status, _, _ = await link.ask(get(f"/checkin/{token}"))
                if status != 200:
                    tally.errors += 1
            status, _, said = await link.ask(request)
        except OSError:
            tally.errors += 1
            return
        tally.note(status, loop.time() - due)
        if args.connections == "kept":
            idle.append(link)
        else:
            link.close()
        if status == 200 and json.loads(said)["stored"]:
            acknowledged.add(mark)

    took = await spread(args.people, args.seconds, check_in)
    for link in idle:
        link.close()
    return tally, acknowledged, took


def stored(url: str) -> list[str]:
    engine = open_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT client_id FROM checkin WHERE client_id LIKE 'mark-%'"))
        marks = list(found.scalars())
    engine.dispose()
    return marks


def measure(args: argparse.Namespace, folder: Path) -> dict[str, Any]:
    with database(args.database, folder) as url:
        office = build(url, args.people)
        if args.stored:
            engine = open_engine(url)
            fill(engine, args.stored, args.people)
            engine.dispose()
        words = ("--processes", str(args.processes)) if args.processes > 1 else ()
        with serving(url, *words, log=folder / "log") as (process, port):
            time.sleep(6 * (args.processes > 1))  # one answers for all; the others may still be starting
            pids = children(process.pid)
            base = database_pids(url, folder)
            before, own, below = cpu_seconds(pids), time.process_time(), cpu_seconds(base)
            gc.disable()
            import uvloop

            tally, acknowledged, took = uvloop.run(burst(port, office, args))
            server, client = cpu_seconds(pids) - before, time.process_time() - own
            below = cpu_seconds(database_pids(url, folder)) - below
        marks = stored(url)
    return {
        **about(),
        "database": args.database, "processes": args.processes, "people": args.people, "seconds": args.seconds,
        "connections": args.connections, "stored_before": args.stored, "page_first": args.page,
        "statuses": tally.statuses, "errors": tally.errors, "acknowledged": len(acknowledged),
        "lost": len(acknowledged - set(marks)), "twice": len(marks) - len(set(marks)), "took_s": round(took, 2),
        "ms": tally.percentiles(), "server_cpu_ms_each": round(server / args.people * 1000, 3),
        "database_cpu_ms_each": round(below / args.people * 1000, 3),
        "client_cpu_ms_each": round(client / args.people * 1000, 3),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--connections", choices=["fresh", "kept"], default="fresh")
    parser.add_argument("--pool", type=int, default=200, help="Connections that are kept.")
    parser.add_argument("--stored", type=int, default=0, help="Check-ins that are there before.")
    parser.add_argument("--page", action="store_true", help="Everybody opens the page first.")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(args, Path(folder))
    print("$ python -m benchmarks.server_checkins", *sys.argv[1:])
    print(json.dumps(found))
    met = (
        found["lost"] == found["twice"] == found["errors"] == 0
        and found["statuses"] == {200: args.people}
        and found["ms"]["p99"] <= 100
    )
    print("target (p99 <= 100 ms, none lost, none refused):", "met" if met else "MISSED")


if __name__ == "__main__":
    main()
