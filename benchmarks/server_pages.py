"""CPU of opening the check-in page: `python -m benchmarks.server_pages [--database postgresql]`.

Everybody opens it once, then once more: the first time whose link it is and their roster are read too.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from pathlib import Path

from benchmarks.server_client import Tally, about, children, connect, cpu_seconds, get
from benchmarks.server_setup import Office, build, database, database_pids, serving


async def open_all(port: int, office: Office, at_once: int) -> Tally:
    """Open every person's page over connections that are kept."""
    tally, loop, turn = Tally(), asyncio.get_running_loop(), iter(office.checkin)

    async def visitor() -> None:
        link = await connect(port)
        for token in turn:
            began = loop.time()
            status, _, _ = await link.ask(get(f"/checkin/{token}"))
            tally.note(status, loop.time() - began)
        link.close()

    await asyncio.gather(*(visitor() for _ in range(at_once)))
    return tally


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--people", type=int, default=5_000)
    parser.add_argument("--at-once", type=int, default=20)
    args = parser.parse_args()
    import uvloop

    print("$ python -m benchmarks.server_pages", *sys.argv[1:])
    print(json.dumps(about()))
    with tempfile.TemporaryDirectory() as name, database(args.database, Path(name)) as url:
        office = build(url, args.people)
        with serving(url) as (process, port):
            for when in ("first", "again"):
                before, below = (
                    cpu_seconds(children(process.pid)),
                    cpu_seconds(database_pids(url, Path(name))),
                )
                tally = uvloop.run(open_all(port, office, args.at_once))
                used = cpu_seconds(children(process.pid)) - before
                below = cpu_seconds(database_pids(url, Path(name))) - below
                found = {
                    "opened": when,
                    "statuses": tally.statuses,
                    "server_cpu_ms_each": round(used / args.people * 1000, 3),
                    "database_cpu_ms_each": round(below / args.people * 1000, 3),
                    "ms": tally.percentiles(),
                }
                print(json.dumps(found))


if __name__ == "__main__":
    main()
