"""The server is killed (kill -9) at random moments of a burst: `python -m benchmarks.server_kills --kills 100`.

Two hundred phones send without pause, again and again until they are told that it is stored, as the page's script
does. Whatever was acknowledged must be in the database exactly once, and SQLite must find its file sound.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from typing import Any

from sqlalchemy import text

from benchmarks.server_client import about, connect, free_port, post
from benchmarks.server_setup import Office, build, start
from scheduler.server.database import connect as open_engine


class Phones:
    """People who check in one after another; `acknowledged` holds the marks that they were told are stored."""

    def __init__(self, port: int, office: Office, count: int) -> None:
        self._port, self._office, self._count = port, office, count
        self.acknowledged: dict[str, bool] = {}
        self.sent: set[str] = set()
        self.broken = 0
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
                except OSError:
                    link = None
                    self.broken += 1
                    await asyncio.sleep(0.2)


async def run(port: int, office: Office, args: argparse.Namespace) -> tuple[Phones, int]:
    chance, phones = random.Random(args.seed), Phones(port, office, args.phones)
    process, _ = await asyncio.to_thread(start, office.url, port=port)
    sending = asyncio.create_task(phones.run())
    kills = 0
    ends = time.monotonic() + args.most_seconds
    while kills < args.kills and time.monotonic() < ends:
        await asyncio.sleep(chance.uniform(0.02, 0.8))
        process.kill()
        await asyncio.to_thread(process.wait)
        kills += 1
        process, _ = await asyncio.to_thread(start, office.url, port=port)
    phones.end()
    await sending
    process.terminate()
    await asyncio.to_thread(process.wait)
    return phones, kills


def judge(url: str, phones: Phones) -> dict[str, Any]:
    engine = open_engine(url)
    with engine.connect() as connection:
        marks = list(connection.execute(text("SELECT client_id FROM checkin")).scalars())
        sound = connection.execute(text("PRAGMA integrity_check")).scalar()
    engine.dispose()
    known = set(marks)
    return {
        "acknowledged": len(phones.acknowledged), "lost": len(set(phones.acknowledged) - known),
        "twice": len(marks) - len(known), "never_sent": len(known - phones.sent),
        "stored_before_the_answer_was_lost": sum(phones.acknowledged.values()),
        "connections_broken": phones.broken, "integrity_check": sound,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--phones", type=int, default=200)
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most-seconds", type=float, default=3_600.0)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        office = build(f"sqlite:///{folder}/giliran.db", args.people)
        began, port = time.time(), free_port()
        phones, kills = asyncio.run(run(port, office, args))
        found = judge(office.url, phones)
    print("$ python -m benchmarks.server_kills", *sys.argv[1:])
    print(json.dumps({**about(), "kills": kills, "took_s": round(time.time() - began), **found}))
    good = kills >= args.kills and found["lost"] == found["twice"] == 0 and found["integrity_check"] == "ok"
    print("target (nothing acknowledged is lost, integrity ok):", "met" if good else "MISSED")


if __name__ == "__main__":
    main()
