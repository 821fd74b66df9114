"""Calendar programs poll: `python -m benchmarks.server_feeds [--database postgresql]`, as fast as the server answers.

First with If-None-Match, then without, then without while rosters change every second, so that memory is no help.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.server_client import Tally, about, children, connect, cpu_seconds, get
from benchmarks.server_setup import Office, build, database, serving
from scheduler.server.store.changes import count_change
from scheduler.server.store.database import connect as open_engine
from scheduler.server.store.database import writing


async def poll(
    port: int, office: Office, tags: dict[str, str], seconds: float, readers: int
) -> dict[str, Any]:
    """Let `readers` poll one feed after another for some seconds, each on a connection that is kept."""
    tally = Tally()
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    turn = iter(range(10**9))

    async def read() -> None:
        link = await connect(port)
        while loop.time() < end:
            token = office.feed[next(turn) % len(office.feed)]
            asked = {"If_None_Match": tags[token]} if token in tags else {}
            began = loop.time()
            status, _, _ = await link.ask(get(f"/feeds/people/{token}.ics", Accept_Encoding="gzip", **asked))
            tally.note(status, loop.time() - began)
        link.close()

    began = loop.time()
    await asyncio.gather(*(read() for _ in range(readers)))
    rate = len(tally.latencies) / (loop.time() - began)
    return {"per_second": round(rate), "statuses": tally.statuses, "ms": tally.percentiles()}


async def learn(port: int, office: Office) -> dict[str, str]:
    """Read every feed once; return its tag."""
    link, tags = await connect(port), {}
    for token in office.feed:
        _, head, _ = await link.ask(get(f"/feeds/people/{token}.ics", Accept_Encoding="gzip"))
        tags[token] = next(
            line[6:].decode() for line in head.split(b"\r\n") if line.lower().startswith(b"etag: ")
        )
    link.close()
    return tags


async def measure(port: int, pid: int, office: Office, args: argparse.Namespace) -> dict[str, Any]:
    pids = children(pid)
    tags = await learn(port, office)
    found: dict[str, Any] = {}

    async def part(name: str, known: dict[str, str]) -> None:
        before = cpu_seconds(pids)
        result = await poll(port, office, known, args.seconds, args.readers)
        polls = sum(result["statuses"].values())
        found[name] = {**result, "server_cpu_ms_each": round((cpu_seconds(pids) - before) / polls * 1000, 3)}

    await part("with If-None-Match", tags)
    await part("without", {})
    engine, stop = open_engine(office.url), asyncio.Event()

    def change() -> None:
        with writing(engine) as connection:
            count_change(connection)

    async def keep_changing() -> None:
        while not stop.is_set():
            await asyncio.to_thread(change)
            await asyncio.sleep(1)

    changing = asyncio.create_task(keep_changing())
    await part("without, links or rosters changing every second", {})
    stop.set()
    await changing
    engine.dispose()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--readers", type=int, default=50)
    args = parser.parse_args()
    import uvloop

    with tempfile.TemporaryDirectory() as folder, database(args.database, Path(folder)) as url:
        office = build(url, args.people)
        words = ("--processes", str(args.processes)) if args.processes > 1 else ()
        with serving(url, *words) as (process, port):
            began = time.time()
            found = uvloop.run(measure(port, process.pid, office, args))
    print("$ python -m benchmarks.server_feeds", *sys.argv[1:])
    print(json.dumps({**about(), "took_s": round(time.time() - began)}))
    for name, result in found.items():
        print(f"{name}: {json.dumps(result)}")
    met = found["with If-None-Match"]["per_second"] >= 1_500 and all(
        result["per_second"] >= 300 for result in found.values()
    )
    print("target (1,500/s with If-None-Match, 300/s without):", "met" if met else "MISSED")


if __name__ == "__main__":
    main()
