"""A small published office with accounts for each role, and a visitor who fills in forms as a browser does."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from scheduler.server.board import accounts, passwords, sessions
from scheduler.server.board.folders import remember_folder
from scheduler.server.board.gate import COOKIE
from scheduler.server.publishing.publication import read_publication
from scheduler.server.publishing.store import publish
from scheduler.server.store.database import open_database, writing
from scheduler.server.web.app import make_app
from tests.revise.offices import NOW, POLICY, make_output, make_scenario
from tests.server.published import publication, sqlite

PASSWORDS = {name: f"sandi panjang {name}" for name in ("admin", "kepala", "lain", "pantau", "tetangga")}
"""Accounts: an admin, the heads of Dinas Satu and Dinas Dua, a monitor of Dinas Satu, an admin of a neighbour."""
ANI, BUDI, CITRA, DEDI = (f"198001012005{n}" for n in ("012001", "011002", "012003", "011004"))
EKA, FAJAR = "198001012005012005", "198001012005011006"
DAY = date(2021, 8, 5)


RULES = """
[[rules.min_on_site]]
at_least = 1

[[checkins.point]]
at = ["08:00", "11:00"]
before_minutes = 15
after_minutes = 30
required_on = ["home"]
"""


def make_template(folder: Path, hashes: dict[str, str]) -> Path:
    """Generate and publish the scenario's first period once; every test gets a copy of folder and database.

    Without stints any two in opposite places may swap, wherever the solver puts them.
    """
    scenario = make_scenario(folder / "kantor")
    policy = POLICY[: POLICY.index("[[rules.stint]]")] + RULES
    (scenario / "policy.toml").write_text(policy, encoding="utf-8")
    make_output(folder, out="out/kantor/2021-08-02_2021-08-13")
    engine = open_database(sqlite(folder))
    publish_template(engine, folder, hashes)
    engine.dispose()
    return folder


@dataclass
class Board:
    """An application on a database, its clock, and who is signed in."""

    engine: Engine
    client: TestClient
    folder: Path
    now: float = NOW.timestamp()
    secrets: dict[str, str] = field(default_factory=dict)
    who: str = ""

    @property
    def output(self) -> Path:
        return self.folder / "out" / "kantor" / "2021-08-02_2021-08-13"

    def all(self, query: str, **values: Any) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.execute(text(query), values).mappings())

    def one(self, query: str, **values: Any) -> Any:
        (row,) = self.all(query, **values)
        return next(iter(row.values()))

    def unit(self, name: str = "Dinas Satu") -> int:
        return int(self.one("SELECT id FROM subject WHERE kind = 'unit' AND key = :name", name=name))

    def scenario(self, name: str = "kantor") -> int:
        return int(self.one("SELECT id FROM scenario WHERE name = :name", name=name))

    def as_(self, name: str) -> Board:
        """Go on as somebody, with a session as signing in gives it."""
        if name not in self.secrets:
            with writing(self.engine) as connection:
                row = accounts.find(connection, name)
                self.secrets[name] = sessions.begin(connection, row["id"], int(self.now))
        self.who = name
        self.client.cookies.clear()
        self.client.cookies.set(COOKIE, self.secrets[name])
        return self

    def get(self, path: str, **more: Any) -> Any:
        return self.client.get(f"/board{path}", **more)

    def post(self, path: str, fields: dict[str, str] | None = None, **more: Any) -> Any:
        filled = {"form_token": sessions.form_token(self.secrets[self.who]), **(fields or {})}
        return self.client.post(f"/board{path}", data=filled, **more)

    def act(self, path: str, fields: dict[str, str] | None = None, **more: Any) -> tuple[int, Any]:
        """Send a form that begins a job; return the job's row, and its page once it has ended."""
        answer = self.post(path, fields, **more)
        assert answer.status_code == 303, answer.text
        job = int(answer.headers["location"].rsplit("/", 1)[1])
        return job, self.get(f"/jobs/{job}")

    def result(self, job: int) -> Any:
        return json.loads(self.one("SELECT result FROM board_job WHERE id = :job", job=job))

    def state(self, job: int) -> str:
        return str(self.one("SELECT state FROM board_job WHERE id = :job", job=job))

    def swap(self, person: str, partner: str, day: date = DAY) -> tuple[int, Any]:
        fields = {"person": person, "day": day.isoformat(), "partner": partner}
        return self.act(f"/units/{self.unit()}/swap", fields)

    def status(self, person: str, day: date = DAY) -> str:
        """Where somebody is, in the revision that is current."""
        return str(
            self.one(
                "SELECT status FROM person_day JOIN revision ON revision.id = revision_id AND is_current "
                "JOIN subject ON subject.id = subject_id "
                "WHERE key = :person AND day = :day AND subject.scenario_id = :scenario",
                person=person,
                scenario=self.scenario(),
                day=day.isoformat(),
            )
        )

    def opposite(self, day: date = DAY) -> tuple[str, str]:
        """Two people of Dinas Satu of whom one is at home, and who may swap."""
        four = (ANI, BUDI, CITRA, DEDI)
        for home in (p for p in four if self.status(p, day) == "home"):
            page = self.get(f"/units/{self.unit()}/change?person={home}&day={day}").text
            for partner in four:
                if f'name="partner" value="{partner}"' in page:
                    return home, partner
        raise AssertionError(f"nobody may swap on {day}")

    def numbers(self) -> list[int]:
        return [row["number"] for row in self.all("SELECT number FROM revision ORDER BY id")]


def publish_template(engine: Engine, folder: Path, hashes: dict[str, str]) -> None:
    """Publish the folder's period, and a neighbour's, and add the accounts."""
    with writing(engine) as connection:
        output = folder / "out" / "kantor" / "2021-08-02_2021-08-13"
        published = publish(connection, read_publication(output, folder / "kantor"), 1_627_900_000)
        remember_folder(connection, published.revision_id, output, folder / "kantor")
        publish(connection, publication(name="tetangga"), 1_627_900_000)
        known = {name: i for i, name in connection.execute(text("SELECT id, name FROM scenario"))}
        kantor, tetangga = known["kantor"], known["tetangga"]
        for name, role, scopes in (
            ("admin", "admin", []),
            ("kepala", "head", [(kantor, "Dinas Satu")]),
            ("lain", "head", [(kantor, "Dinas Dua")]),
            ("pantau", "monitor", [(kantor, "Dinas Satu")]),
            ("tetangga", "admin", [(tetangga, "*")]),
        ):
            _add(connection, name, role, scopes, hashes[name])


@contextmanager
def board_on(url: str, folder: Path) -> Iterator[Board]:
    """Open an application on a database that holds the template; its folder is where it was copied to."""
    engine = open_database(url)
    with writing(engine) as connection:
        remember_folder(connection, 1, folder / "out" / "kantor" / "2021-08-02_2021-08-13", folder / "kantor")
    found = Board(engine, None, folder)  # type: ignore[arg-type]
    app = make_app(engine, lambda: found.now)
    with TestClient(app, base_url="https://testserver", follow_redirects=False) as client:
        found.client = client
        yield found
    engine.dispose()


def _add(connection: Any, name: str, role: str, scopes: list[Any], hashed: str) -> None:
    """Add an account as `accounts.add` does, with a hash made once for all tests."""
    before = passwords.hash_password
    passwords.hash_password = lambda password: hashed
    try:
        accounts.add(connection, name, role, PASSWORDS[name], scopes, 1_627_900_000)  # type: ignore[arg-type]
    finally:
        passwords.hash_password = before


def copy_of(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "office"))
