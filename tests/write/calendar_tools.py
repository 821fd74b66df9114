"""What the tests of calendars share: changing a sample roster, cutting calendars up, foreign readers."""

from __future__ import annotations

import ctypes
import ctypes.util
import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from scheduler.problem import Person
from scheduler.roster import Roster
from tests.samples import sample_roster
from tests.tools import JS, require, require_package

KEY = bytes(range(32))


def people(roster: Roster) -> tuple[Person, ...]:
    """Everyone on the roster, in order."""
    return tuple(person for result in roster.results for person in result.unit.people)


def changed(roster: Roster, cells: Mapping[tuple[str, date], str], **fields: Any) -> Roster:
    """The roster with other statuses in some cells."""
    results = []
    for result in roster.results:
        grid = result.roster
        rows = tuple(
            tuple(cells.get((p, d), status) for d, status in zip(grid.days, row, strict=True))
            for p, row in zip(grid.people, grid.statuses, strict=True)
        )
        results.append(replace(result, roster=replace(grid, statuses=rows)))
    return replace(roster, results=tuple(results), **fields)


def renamed(name: str = "Budi", unit: str = "Dinas", title: str = "Tahap I", post: str = "Loket") -> Roster:
    """The sample's first office with a person, unit, title and post of other names."""
    sample = sample_roster()
    first = sample.results[0]
    staff = tuple(replace(p, unit=unit, name=name, printed_name="") for p in first.unit.people)
    roles = dict.fromkeys(first.roster.roles, (post,))
    first = replace(
        first,
        unit=replace(first.unit, name=unit, people=staff),
        roster=replace(first.roster, unit=unit, roles=roles),
    )
    policy = replace(sample.problem.policy, title=title)
    problem = replace(sample.problem, policy=policy, units=(first.unit,))
    return replace(sample, problem=problem, results=(first,))


def with_policy(roster: Roster, **fields: Any) -> Roster:
    """The roster under another policy."""
    return replace(roster, problem=replace(roster.problem, policy=replace(roster.problem.policy, **fields)))


def events_of(calendar: bytes) -> dict[str, bytes]:
    """A calendar's events as bytes by UID, each UID once."""
    found = re.findall(rb"BEGIN:VEVENT\r\nUID:([^\r]+)\r\n(.*?)END:VEVENT\r\n", calendar, re.DOTALL)
    assert len(found) == calendar.count(b"BEGIN:VEVENT\r\n") == len({uid for uid, _ in found})
    return {uid.decode(): rest for uid, rest in found}


def sequence_of(event: bytes) -> int:
    """The SEQUENCE of an event's bytes."""
    match = re.search(rb"SEQUENCE:(\d+)\r\n", event)
    assert match
    return int(match[1])


class JavaScript:
    """ical.js and node-ical in one process of node."""

    def __init__(self) -> None:
        node = require("node")
        for name in ("ical.js", "node-ical"):
            require_package(name)
        self._process = subprocess.Popen(
            [node, str(JS / "read.mjs")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )

    def read(self, reader: str, calendar: bytes) -> Any:
        """What the reader makes of the calendar."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps({"reader": reader, "text": calendar.decode()}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        assert "error" not in answer, answer
        return answer

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


def libical_errors(calendar: bytes) -> list[str]:
    """What libical finds wrong with a calendar, by its parser and its table of restrictions."""
    name = ctypes.util.find_library("ical")
    if name is None:
        pytest.skip("this test needs libical; .ci/run installs it")
    library = ctypes.CDLL(name)
    library.icalparser_parse_string.restype = ctypes.c_void_p
    library.icalcomponent_as_ical_string.restype = ctypes.c_char_p
    component = ctypes.c_void_p(library.icalparser_parse_string(calendar))
    valid = library.icalrestriction_check(component)
    text = library.icalcomponent_as_ical_string(component).decode().replace("\r\n ", "")
    errors = [line for line in text.splitlines() if "X-LIC-ERROR" in line]
    assert bool(valid) is not bool(errors)
    return errors
