"""The server is killed (kill -9) at random moments of a burst: `python -m benchmarks.server_kills --kills 100`.

Two hundred phones send without pause, again and again until they are told that it is stored, as the page's script
does. Whatever was acknowledged must be in the database exactly once, and the database must find itself sound.

With `--database postgresql` two processes serve, and what is killed is one of them, all of them, or PostgreSQL itself
(`pg_ctl stop -m immediate`: it ends without writing anything, and recovers from its log).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from benchmarks.server_client import about, children, connect, free_port, post
from benchmarks.server_setup import Office, build, crash, database, start
from scheduler.server.store.database import connect as open_engine


class Phones:
    """People who check in one after another; `acknowledged` holds the marks that they were told are stored."""

    def __init__(self, port: int, office: Office, count: int) -> None:
        self._port, self._office, self._count = port, office, count
        self.acknowledged: dict[str, bool] = {}
        self.sent: set[str] = set()
        self.broken = self.refused = 0
        self._next = 0
        self._is_ending = False

    async def run(self) -> None:
        await asyncio.gather(*(self._phone() for _ in range(self._count)))

    def end(self) -> None:
        """Let every phone finish what it has begun."""
        self._is_ending = True

    async def _phone(self) -> None:
        link = None
        while not self._is_ending:
            self._next += 1
            mark, token = (
                f"mark-{self._next:09}",
                self._office.checkin[self._next % len(self._office.checkin)],
            )
            self.sent.add(mark)
            while mark not in self.acknowledged:
                now = int(time.time() * 1000)
                body = {
                    "client_id": mark,
                    "taken_at": now,
                    "sent_at": now,
                    "latitude": -2.5,
                    "longitude": 120.3,
                }
                try:
                    link = link or await connect(self._port)
                    status, _, told = await link.ask(post(f"/checkin/{token}", body))
                    if status == 200:
                        self.acknowledged[mark] = json.loads(told)["repeated"]
                    else:
                        self.refused += 1  # the database is away: the page tries again later
                        await asyncio.sleep(0.2)
                except OSError:
                    link = None
                    self.broken += 1
                    await asyncio.sleep(0.2)


async def run(port: int, office: Office, args: argparse.Namespace) -> tuple[Phones, dict[str, int]]:
    """Let phones send while things are killed; return the phones, and how often what was killed."""
    chance, phones = random.Random(args.seed), Phones(port, office, args.phones)
    words = ("--processes", "2") if args.victims != ("all",) else ()
    process, _ = await asyncio.to_thread(start, office.url, *words, port=port)
    sending = asyncio.create_task(phones.run())
    killed = dict.fromkeys(args.victims, 0)
    ends = time.monotonic() + args.most_seconds
    while sum(killed.values()) < args.kills and time.monotonic() < ends:
        await asyncio.sleep(chance.uniform(0.02, 0.8))
        victim = args.victims[sum(killed.values()) % len(args.victims)]
        killed[victim] += 1
        if victim == "database":
            await asyncio.to_thread(crash, args.folder)
        elif victim == "one":
            await asyncio.to_thread(kill_one, process, chance)
        else:
            await asyncio.to_thread(kill_all, process)
            process, _ = await asyncio.to_thread(start, office.url, *words, port=port)
    phones.end()
    await sending
    process.terminate()
    await asyncio.to_thread(process.wait)
    return phones, killed


def serving_processes(parent: int) -> list[int]:
    """Return those below the parent that answer requests, which the tracker of shared memory does not."""
    found = [pid for pid in children(parent) if pid != parent]
    return [pid for pid in found if "spawn_main" in Path(f"/proc/{pid}/cmdline").read_text()]


def kill_one(process: subprocess.Popen[str], chance: random.Random) -> None:
    """Kill one process of two; return once the parent has another in its place."""
    before = serving_processes(process.pid)
    os.kill(chance.choice(before), signal.SIGKILL)
    while len(now := serving_processes(process.pid)) < len(before) or now == before:
        time.sleep(0.05)


def kill_all(process: subprocess.Popen[str]) -> None:
    """Kill the parent and all below it."""
    for pid in reversed(children(process.pid)):
        os.kill(pid, signal.SIGKILL)
    process.wait()


def judge(url: str, phones: Phones) -> dict[str, Any]:
    """Compare what is stored with what was acknowledged."""
    engine = open_engine(url)
    with engine.connect() as connection:
        marks = list(connection.execute(text("SELECT client_id FROM checkin")).scalars())
    known, sound = set(marks), soundness(engine)
    engine.dispose()
    return {
        "acknowledged": len(phones.acknowledged), "lost": len(set(phones.acknowledged) - known),
        "twice": len(marks) - len(known), "never_sent": len(known - phones.sent),
        "stored_before_the_answer_was_lost": sum(phones.acknowledged.values()),
        "connections_broken": phones.broken, "integrity_check": sound,
    }  # fmt: skip


def soundness(engine: Engine) -> str:
    """Return "ok" where SQLite finds its file sound, or where PostgreSQL's indexes have what its table has."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            return str(connection.execute(text("PRAGMA integrity_check")).scalar())
        counts = []
        for way in ("seqscan", "indexonlyscan", "bitmapscan"):
            for other in ("seqscan", "indexscan", "indexonlyscan", "bitmapscan"):
                connection.execute(text(f"SET enable_{other} = {'on' if other == way else 'off'}"))
            whole = "SELECT count(*), sum(subject_id) FROM checkin WHERE subject_id > 0"
            counts.append(tuple(connection.execute(text(whole)).one()))
    return "ok" if len(set(counts)) == 1 else f"counts by table and by index: {counts}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--phones", type=int, default=200)
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most-seconds", type=float, default=3_600.0)
    args = parser.parse_args()
    args.victims = ("all",) if args.database == "sqlite" else ("one", "all", "database")
    with tempfile.TemporaryDirectory() as folder, database(args.database, Path(folder)) as url:
        office, args.folder = build(url, args.people), Path(folder)
        began, port = time.time(), free_port()
        phones, killed = asyncio.run(run(port, office, args))
        found = judge(office.url, phones)
    print("$ python -m benchmarks.server_kills", *sys.argv[1:])
    figures = {"kills": killed, "took_s": round(time.time() - began), "refused": phones.refused, **found}
    print(json.dumps({**about(), **figures}))
    good = sum(killed.values()) >= args.kills and found["lost"] == found["twice"] == found["never_sent"] == 0
    good = good and found["integrity_check"] == "ok"
    print("target (nothing acknowledged is lost, integrity ok):", "met" if good else "MISSED")


if __name__ == "__main__":
    main()
