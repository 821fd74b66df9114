"""Publications made from the sample roster without an output folder, and an application on them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fastapi.testclient import TestClient
from sqlalchemy import Engine

from scheduler.read.outputs.revision import PersonDay
from scheduler.roster import Roster
from scheduler.server.links import tokens
from scheduler.server.links.sheets import PLACES
from scheduler.server.publishing.publication import Publication, Subject, person_days
from scheduler.server.publishing.store import publish
from scheduler.server.store.database import open_database, writing
from scheduler.server.web.app import make_app
from scheduler.write.calendar.calendars import Calendars
from scheduler.write.calendar.names import opaque_name
from tests.samples import sample_roster

KEY = b"a key of the tests"
BUDI, MAMUR = "198001012005011002", "198001012005011003"
UNIT = "Dinas Contoh"
WITA = ZoneInfo("Asia/Makassar")
MORNING = datetime(2021, 7, 28, 8, 3, tzinfo=WITA).timestamp()
"""A home day of Budi, within the window of 08.00."""


def roster(number: int = 1, *, swapped: bool = False, channel: str = "any", checkins: Any = None) -> Roster:
    """The sample; `swapped` has Budi and Ma'mur change places on 28 July, which counts in their SEQUENCE."""
    made = sample_roster(number)
    points = {"point": [{"at": ["08:00", "16:00"], "required_on": ["home"], "channel": channel}]}
    policy = replace(made.problem.policy, checkins=checkins or points)
    made = replace(made, problem=replace(made.problem, policy=policy))
    if not swapped:
        return made
    first = made.results[0]
    rows = [list(row) for row in first.roster.statuses]
    rows[1][0], rows[2][0] = rows[2][0], rows[1][0]
    grid = replace(first.roster, statuses=tuple(map(tuple, rows)), roles={})
    day = first.roster.days[0]
    sequences = {(BUDI, day): number - 1, (MAMUR, day): number - 1}
    return replace(made, results=(replace(first, roster=grid), made.results[1]), sequences=sequences)


def publication(made: Roster | None = None, key: bytes = KEY, **changes: Any) -> Publication:
    """What the server is given of a roster."""
    made = made or roster()
    every, problem = Calendars(made, key, "id"), made.problem
    lines = list(made.assignments())
    people = {line.person.id: line for line in lines}
    calendars = {
        Subject("person", i, line.person.name, line.unit): every.person(i) for i, line in people.items()
    } | {Subject("unit", unit, unit, unit): every.unit(unit) for unit in every.units}
    calendars |= {
        Subject("supervisor", i, people[i].person.name, people[i].unit): every.supervisor(i)
        for i in every.supervisors
    }
    statuses = {
        (n.person.id, n.day): PersonDay(n.unit, n.status, n.roles, n.fixed_by, n.person.name, n.person.rank)
        for n in lines
    }
    facts: dict[str, Any] = {
        "name": problem.name,
        "fingerprint": opaque_name(key, "scenario", problem.name),
        "title": problem.policy.title,
        "timezone": problem.policy.timezone,
        "language": "id",
        "first": problem.first,
        "last": problem.last,
        "number": made.number,
        "sha256": hashlib.sha256(b"".join(calendars.values())).hexdigest(),
        "calendars": calendars,
        "days": tuple(person_days(problem, statuses)),
    }
    return Publication(**{**facts, **changes})


def moved(made: Publication, days: int, **changes: Any) -> Publication:
    """The same roster in a later period: its dates moved, in calendars too."""
    from datetime import timedelta

    def move(content: bytes) -> bytes:
        for day in sorted({d.day for d in made.days}, reverse=True):
            before = date.fromisoformat(day)
            after = before + timedelta(days=days)
            content = content.replace(b"%b" % f"{before:%Y%m%d}".encode(), b"%b" % f"{after:%Y%m%d}".encode())
        return content.replace(b"UID:", b"UID:later-")

    return replace(
        made,
        first=made.first + timedelta(days=days),
        last=made.last + timedelta(days=days),
        calendars={subject: move(content) for subject, content in made.calendars.items()},
        days=(),
        sha256="moved",
        **changes,
    )


@dataclass
class Server:
    """An application on a database, spoken to without a network; `now` is its clock, seconds since 1970."""

    engine: Engine
    client: TestClient
    now: float = MORNING

    def publish(self, *publications: Publication, now: int = 1_627_000_000, force: bool = False) -> None:
        with writing(self.engine) as connection:
            for one in publications:
                publish(connection, one, now, force=force)

    def link(self, key: str, purpose: str = "feed", *, kind: str = "", anew: bool = False) -> str:
        """Make a token and return the path of its address; of a person rather than their staff, unless `kind` says."""
        with writing(self.engine) as connection:
            rows = [r for r in tokens.subjects(connection) if r["key"] == key and kind in ("", r["kind"])]
            row = min(rows, key=lambda found: found["kind"])
            token = tokens.make(connection, [row["id"]], [purpose], 1, anew=anew)[0].token
        if purpose == "checkin":
            return f"/checkin/{token}"
        return f"/feeds/{PLACES[row['kind']]}/{token}.ics"

    def revoke(self, key: str) -> None:
        with writing(self.engine) as connection:
            row = next(r for r in tokens.subjects(connection) if r["key"] == key)
            assert tokens.revoke(connection, [row["id"]], tokens.PURPOSES, 2)


@contextmanager
def server_on(url: str, now: float = MORNING) -> Iterator[Server]:
    """Open a database and an application on it."""
    engine = open_database(url)
    found = Server(engine, None, now)  # type: ignore[arg-type]
    with TestClient(make_app(engine, lambda: found.now), follow_redirects=False) as client:
        found.client = client
        yield found
    engine.dispose()


def sqlite(folder: Path) -> str:
    return f"sqlite:///{folder / 'giliran.db'}"
