"""A small office whose roster is made, published and judged by the commands that people type."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from tests.running import giliran
from tests.scenarios import person, write_scenario
from tests.server.published import sqlite

RULES = """
[[rules.always_home]]
for = { rank = "pelaksana" }
[[checkins.point]]
at = ["08:00"]
channel = "app"
[[checkins.interval]]
start = "07:30"
length_minutes = 60
largest_gap_minutes = 30
channel = "telegram"
least_grade = "track"
[[checkins.reachability]]
within_minutes = 15
[[checkins.activity]]
at_least = 1
"""
DAY = "2021-08-02"


class Office:
    """Three people at home for a week, published to a database of their own."""

    def __init__(self, folder: Path) -> None:
        self.scenario = write_scenario(folder / "kantor", RULES, [person(n) for n in (1, 2, 3)])
        (self.scenario / "calendar.key").write_bytes(b"a key of the tests")
        self.out, self.url = folder / "out" / "2021-08-02_2021-08-06", sqlite(folder)
        self.say("generate", self.scenario, "--out", self.out)
        self.say("publish", self.out, "--database", self.url, "--scenario", self.scenario)
        self.people = [line["key"] for line in self.tokens("list") if line["kind"] == "person"]

    def say(self, *words: object) -> Any:
        """Run a command that must do; return what it answers to machines."""
        ran = giliran(*words, "--json")
        assert ran.code == 0, ran.err
        return json.loads(ran.out) if ran.out.strip() else None

    def tokens(self, *words: object) -> Any:
        """Run `giliran tokens`."""
        found = self.say("tokens", *words, "--database", self.url, "--url", "http://testserver")
        return found["links"] if isinstance(found, dict) else found

    def page(self, person_id: str) -> str:
        """Make and return the check-in address of a person."""
        (link,) = self.tokens("make", "--person", person_id, "--purpose", "checkin")
        return str(link["link"])

    def verdicts(self, person_id: str, day: str = DAY) -> dict[str, dict[str, str]]:
        """Judge what the database holds up to that day; return a person's lines of it by checkpoint."""
        self.say("checkins", self.out, "--database", self.url, "--scenario", self.scenario, "--until", day)
        with (self.out / "checkins" / "checkins.csv").open(encoding="utf-8") as file:
            rows = [row for row in csv.DictReader(file) if row["person_id"] == person_id]
        return {row["checkpoint"]: row for row in rows if row["date"] == day}
