"""Scenario folders made for a test, and the shipped ones solved with the flags of a command line."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import click

from scheduler.cli.search_options import tweak_options
from scheduler.pipeline import Order, read_problem, solve
from scheduler.read.tweaks import Tweaks
from scheduler.roster import HOME, Roster
from scheduler.synth.names import FAMILY, GIVEN

ROSTERS = Path(__file__).parents[1] / "rosters"
PEOPLE = ("Nama", "NIP", "Jabatan", "Eselon", "Unit Kerja", "Status Kepegawaian", "Loket Layanan", "Mampu TI")
HEAD = """title = "Uji"
timezone = "Asia/Makassar"
[period]
from = {first}
to = {last}
holidays = "none"
"""


def person(
    number: int, position: str = "Pengelola Data", unit: str = "Dinas Uji", **fields: str
) -> dict[str, str]:
    """One line of a staff list; `Eselon` and others by their headers."""
    born = f"1980{number % 12 + 1:02}{number % 28 + 1:02}"
    nip = f"{born}2005011{number % 999 + 1:03}"
    return {"Nama": f"{GIVEN[number]} {FAMILY[number]}", "NIP": nip, "Jabatan": position, "Unit Kerja": unit,
            "Status Kepegawaian": "PNS", "Mampu TI": "Ya", **fields}  # fmt: skip


def write_scenario(
    folder: Path,
    rules: str,
    people: Sequence[Mapping[str, str]],
    first: str = "2021-08-02",
    last: str = "2021-08-06",
    **tables: str,
) -> Path:
    """Write policy, staff list and further tables; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "policy.toml").write_text(HEAD.format(first=first, last=last) + rules, encoding="utf-8")
    lines = [",".join(PEOPLE), *(",".join(line.get(key, "") for key in PEOPLE) for line in people)]
    (folder / "staff.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


@click.command()
@tweak_options
def _parsed(tweaks: Tweaks) -> Tweaks:
    return tweaks


def tweaks_of(flags: str) -> Tweaks:
    """The tweaks of a command line, read as the shell and `generate` read it."""
    found: Tweaks = _parsed.main(shlex.split(flags), standalone_mode=False)
    return found


def solved(scenario: Path, flags: str = "", units: Sequence[str] = (), **order: Any) -> Roster:
    """The roster of a scenario under these flags, not written anywhere."""
    wanted = Order(
        scenario=scenario,
        tweaks=tweaks_of(flags),
        units=tuple(units),
        **{"effort": 1.0, "workers": 1, **order},
    )
    problem = read_problem(wanted).problem
    return Roster(problem=problem, results=tuple(solve(problem, wanted)))


@cache
def shipped(name: str, flags: str = "") -> Roster:
    """The roster of a shipped scenario under these flags, solved once for each process of tests."""
    return solved(ROSTERS / name, flags)


def home_days(roster: Roster) -> dict[str, int]:
    """Person-days at home by unit."""
    return {
        result.unit.name: sum(status == HOME for row in result.roster.statuses for status in row)
        for result in roster.results
    }
