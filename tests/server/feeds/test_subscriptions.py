"""vdirsyncer, khal and ical.js subscribe to a running server, over three revisions of a roster."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from scheduler.roster import Roster
from scheduler.server.links import tokens
from scheduler.server.links.sheets import PLACES
from scheduler.server.publishing.store import publish
from scheduler.server.store.database import open_database, writing
from tests.server.published import BUDI, MAMUR, MORNING, publication, roster, sqlite
from tests.server.running_server import running
from tests.tools import JS, require, require_package

KADIS = "198001012005011001"
SETTINGS = """
[general]
status_path = "{home}/status/"
[pair giliran]
a = "server"
b = "phone"
collections = null
conflict_resolution = "a wins"
[storage server]
type = "http"
url = "{url}"
[storage phone]
type = "filesystem"
path = "{home}/calendar/"
fileext = ".ics"
"""


class Subscription:
    """A calendar on somebody's computer: vdirsyncer brings it, khal shows it."""

    def __init__(self, home: Path, url: str) -> None:
        self.home = home
        (home / "calendar").mkdir(parents=True)
        (home / "vdirsyncer").write_text(SETTINGS.format(home=home, url=url), encoding="utf-8")
        (home / "khal").write_text(
            f"[calendars]\n[[giliran]]\npath = {home}/calendar\n[sqlite]\npath = {home}/khal.db\n"
            "[locale]\nlocal_timezone = Asia/Makassar\ndefault_timezone = Asia/Makassar\n"
            "dateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
        )
        self._run("vdirsyncer", "-c", str(home / "vdirsyncer"), "discover")

    def _run(self, module: str, *words: str) -> str:
        home = {key: str(self.home) for key in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
        code = f"import sys; sys.argv[0] = {module!r}; from {module}.cli import "
        code += "app; app()" if module == "vdirsyncer" else "main_khal; main_khal()"
        done = subprocess.run(
            [sys.executable, "-c", code, *words],
            env={**os.environ, **home, "PYTHONUTF8": "1"}, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def sync(self) -> dict[str, tuple[int, str]]:
        """Bring the calendar up to date; return SEQUENCE and start of its events.

        vdirsyncer gives what it fetches by HTTP other UIDs, made of the event's content: an event that has the same
        one as before is the same but for its stamps.
        """
        self._run("vdirsyncer", "-c", str(self.home / "vdirsyncer"), "sync", "--force-delete")
        found = {}
        for path in (self.home / "calendar").iterdir():
            for event in Calendar.from_ical(path.read_bytes()).walk("VEVENT"):
                found[str(event["UID"])] = (int(event["SEQUENCE"]), str(event["DTSTART"].dt)[:10])
        return found

    def show(self) -> list[str]:
        """The days as khal lists them."""
        words = ["list", "2021-07-28", "3d", "--day-format", "", "--format", "{start-date} {title}"]
        listed = self._run("khal", "-c", str(self.home / "khal"), *words)
        return [line.strip() for line in listed.splitlines() if "Contoh" in line]


@pytest.fixture(scope="module")
def javascript() -> Iterator[Any]:
    node = require("node")
    require_package("ical.js")
    command = [node, str(JS / "subscribe.mjs")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:

        def ask(url: str, etag: str | None) -> Any:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps({"url": url, "etag": etag}) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield ask
        process.stdin.close()  # type: ignore[union-attr]


def revision(number: int) -> Roster:
    """1; 2 with Budi and Ma'mur in each other's place on 28 July; 3 also without Budi's 29 July."""
    made = roster(number, swapped=number > 1)
    if number < 3:
        return made
    first = made.results[0]
    rows = [list(row) for row in first.roster.statuses]
    rows[1][1] = "off"
    grid = replace(first.roster, statuses=tuple(map(tuple, rows)))
    day = first.roster.days[0]
    same = {(BUDI, day): 1, (MAMUR, day): 1, (BUDI, first.roster.days[1]): 1}
    return replace(made, results=(replace(first, roster=grid), made.results[1]), sequences=same)


def starts(events: dict[str, Any], chosen: Any) -> set[str]:
    return {events[uid]["start"][:10] for uid in chosen}


def raised(old: dict[str, Any], new: dict[str, Any]) -> dict[str, int]:
    """By how much SEQUENCE rose, by day, where an event of a whole day is not as it was."""
    return {
        old[uid]["start"]: new[uid]["sequence"] - old[uid]["sequence"]
        for uid in old.keys() & new.keys()
        if old[uid] != new[uid] and "T" not in old[uid]["start"]
    }


def test_readers_follow_three_revisions_under_the_same_uids(tmp_path: Path, javascript: Any) -> None:
    engine = open_database(sqlite(tmp_path))
    with writing(engine) as connection:
        publish(connection, publication(revision(1)), 1_627_000_000)
        rows = {(r["kind"], r["key"]): r["id"] for r in tokens.subjects(connection)}
        paths = {}
        for kind, key in (("person", BUDI), ("supervisor", KADIS)):
            token = tokens.make(connection, [rows[kind, key]], ["feed"], 1)[0].token
            paths[kind] = f"/feeds/{PLACES[kind]}/{token}.ics"
    brought, shown = [], []
    read: dict[str, list[dict[str, Any]]] = {kind: [] for kind in paths}
    etags: dict[str, str | None] = dict.fromkeys(paths)
    with running(engine, lambda: MORNING) as address:
        mine = Subscription(tmp_path / "budi", address + paths["person"])
        for number in (1, 2, 3):
            if number > 1:
                new = publication(revision(number), sha256=str(number))
                with writing(engine) as connection:
                    publish(connection, new, 1_627_000_000 + 60 * number)
            brought.append(mine.sync())
            shown.append(mine.show())
            for kind, path in paths.items():
                found = javascript(address + path, etags[kind])
                assert (found["status"], found["type"]) == (200, "text/calendar; charset=utf-8")
                again = javascript(address + path, found["etag"])
                assert (again["status"], again["etag"]) == (304, found["etag"])
                etags[kind] = found["etag"]
                read[kind].append(found["events"])
    engine.dispose()

    one, two, three = read["person"]
    assert {uid for uid in one if "-" not in uid} == {uid for uid in two if "-" not in uid}
    assert raised(one, two) == {"2021-07-28": 1}
    assert starts(two, two.keys() - three.keys()) == {"2021-07-29"}
    assert three.keys() < two.keys()
    assert raised(two, three) == {}
    one, two, three = read["supervisor"]
    assert one.keys() == two.keys() == three.keys()
    assert (raised(one, two), raised(two, three)) == ({"2021-07-28": 2}, {"2021-07-29": 1})

    before, between, after = brought
    assert {day for _, day in (before[uid] for uid in before.keys() - between.keys())} == {"2021-07-28"}
    assert {day for _, day in (between[uid] for uid in between.keys() - after.keys())} == {"2021-07-29"}
    assert after.keys() < between.keys()
    days = [[line for line in listed if line.startswith("2021-07-2")] for listed in shown]
    assert days[0] == ["2021-07-28 WFH — Dinas Contoh", "2021-07-29 WFH — Dinas Contoh"]
    assert days[1] == ["2021-07-28 WFO — Dinas Contoh", "2021-07-29 WFH — Dinas Contoh"]
    assert days[2] == ["2021-07-28 WFO — Dinas Contoh"]
