"""Curtois and Qu's instances of one shift type as a giliran scenario, and their published objective from roster.csv.

    python -m benchmarks.instance1                       # converts, generates, verifies; prints the objective twice
    python -m benchmarks.instance1 --write DIR           # only writes the scenario folder

On duty is "office", off duty "home". What is published becomes rules of the policy, with no special case in the engine:

* cover, with its weights for under and over: `min_on_site` (weight_under) and `capacity` (weight_over) for each day;
* most and least shifts (minutes over the shift's length) of a person: `home_count` over the horizon;
* most and fewest consecutive shifts, fewest consecutive days off: `stint` (office, office_least, home), whose least
  binds inside the horizon only and whose most counts within it, as published;
* most weekends: `weekends`; days off: a `home_count` of 1 on that day, which, unlike a pin, leaves the day's
  neighbours bound by the stints; requests: preferences with their weights.

The objective is then giliran's "preferences" (wishes unmet and soft rules broken). `published_objective` works it out
anew from the instance's text and the roster's lines, and checks every hard rule, sharing no code with either side.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

MONDAY = date(2014, 1, 6)
INSTANCE = Path(__file__).resolve().parent / "data" / "Instance1.txt"


@dataclass(frozen=True, slots=True)
class Nurse:
    """One line of SECTION_STAFF; shifts in days, `minutes` as (least, most)."""

    name: str
    most_shifts: int
    minutes: tuple[int, int]
    most_in_a_row: int
    least_in_a_row: int
    least_days_off: int
    most_weekends: int
    days_off: frozenset[int]


@dataclass(frozen=True, slots=True)
class Instance:
    """One instance: requests as (name, day, wants duty, weight), cover by day as (people, under, over)."""

    days: int
    shift_minutes: int
    nurses: tuple[Nurse, ...]
    requests: tuple[tuple[str, int, bool, int], ...]
    cover: Mapping[int, tuple[int, int, int]]


def parse(text: str) -> Instance:
    """Read an instance as published.

    Raises
    ------
    ValueError
        Where it has several shift types, which one status a day cannot tell apart.
    """
    sections = _sections(text)
    shifts = sections["SHIFTS"]
    if len(shifts) != 1:
        raise ValueError(f"{len(shifts)} shift types; only instances of one can be converted")
    off = {line[0]: frozenset(int(day) for day in line[1:]) for line in sections["DAYS_OFF"]}
    nurses = [
        Nurse(
            name=name,
            most_shifts=int(shifts_.split("=")[1]),
            minutes=(int(least), int(most)),
            most_in_a_row=int(row_most),
            least_in_a_row=int(row_least),
            least_days_off=int(off_least),
            most_weekends=int(weekends),
            days_off=off.get(name, frozenset()),
        )
        for name, shifts_, most, least, row_most, row_least, off_least, weekends in sections["STAFF"]
    ]
    requests = [
        (line[0], int(line[1]), wants, int(line[3]))
        for section, wants in (("SHIFT_ON_REQUESTS", True), ("SHIFT_OFF_REQUESTS", False))
        for line in sections[section]
    ]
    cover = {int(line[0]): (int(line[2]), int(line[3]), int(line[4])) for line in sections["COVER"]}
    horizon = int(sections["HORIZON"][0][0])
    return Instance(horizon, int(shifts[0][1]), tuple(nurses), tuple(requests), cover)


def _sections(text: str) -> dict[str, list[list[str]]]:
    sections: dict[str, list[list[str]]] = {}
    lines: list[list[str]] = []
    for line in (line.strip() for line in text.splitlines()):
        if line.startswith("SECTION_"):
            lines = sections.setdefault(line.removeprefix("SECTION_"), [])
        elif line and not line.startswith("#"):
            lines.append([part.strip() for part in line.split(",")])
    return sections


def write_scenario(instance: Instance, folder: Path) -> None:
    """Write the scenario folder: policy.toml, staff.csv, preferences.csv."""
    folder.mkdir(parents=True, exist_ok=True)
    last = MONDAY + timedelta(days=instance.days - 1)
    policy = [
        'title = "Curtois and Qu, one shift type"',
        'timezone = "Europe/London"',
        'language = "en"',
        "",
        "[period]",
        f"from = {MONDAY}",
        f"to = {last}",
        'workdays = "mon-sun"',
        'holidays = "none"',
        "",
        *_rules(instance),
    ]
    (folder / "policy.toml").write_text("\n".join(policy) + "\n", encoding="utf-8")
    with (folder / "staff.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["person_id", "name", "unit", "rank"])
        table.writerows([nurse.name, f"Nurse {nurse.name}", "Ward", "pelaksana"] for nurse in instance.nurses)
    with (folder / "preferences.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["person_id", "date", "status", "weight"])
        table.writerows(
            [name, MONDAY + timedelta(days=day), "office" if wants else "home", weight]
            for name, day, wants, weight in instance.requests
        )


def _rules(instance: Instance) -> Iterator[str]:
    for nurse in instance.nurses:
        who = f'for = {{ person = "{nurse.name}" }}'
        least = -(-nurse.minutes[0] // instance.shift_minutes)
        most = min(nurse.most_shifts, nurse.minutes[1] // instance.shift_minutes)
        fewest, longest = instance.days - most, instance.days - least
        yield from _table("home_count", f"{nurse.name} shifts", who, f"at_least = {fewest}", f"at_most = {longest}", 'per = "horizon"')  # fmt: skip
        yield from _table(
            "stint", nurse.name, who, f"home = [{nurse.least_days_off}, {instance.days}]",
            f"office = {nurse.most_in_a_row}", f"office_least = {nurse.least_in_a_row}",
        )  # fmt: skip
        yield from _table("weekends", nurse.name, who, f"at_most = {nurse.most_weekends}")
        for day in sorted(nurse.days_off):
            when = f"when = {{ dates = [{MONDAY + timedelta(days=day)}] }}"
            yield from _table(
                "home_count", f"{nurse.name} off {day}", who, when, "at_least = 1", 'per = "horizon"'
            )
    for day, (people, under, over) in instance.cover.items():
        when = f"when = {{ dates = [{MONDAY + timedelta(days=day)}] }}"
        yield from _table(
            "min_on_site", f"day {day}", when, f"at_least = {people}", f"weight_under = {under}"
        )
        yield from _table("capacity", f"day {day}", when, f"at_most = {people}", f"weight_over = {over}")


def _table(key: str, name: str, *lines: str) -> Iterator[str]:
    yield from (f"[[rules.{key}]]", f'name = "{name}"', *lines, "")


def duties_of(roster: Path) -> dict[str, list[bool]]:
    """Read roster.csv as whether each person is on duty, by day."""
    duties: dict[str, dict[str, bool]] = {}
    with roster.open(newline="", encoding="utf-8-sig") as file:
        for line in csv.DictReader(file):
            duties.setdefault(line["person_id"], {})[line["date"]] = line["status"] == "office"
    return {name: [days[day] for day in sorted(days)] for name, days in duties.items()}


def published_objective(instance: Instance, duties: Mapping[str, Sequence[bool]]) -> tuple[int, list[str]]:
    """Return the published objective of a roster, and the published hard rules that it breaks."""
    broken = [
        problem for nurse in instance.nurses for problem in _broken(instance, nurse, duties[nurse.name])
    ]
    cost = sum(weight for name, day, wants, weight in instance.requests if duties[name][day] != wants)
    for day, (people, under, over) in instance.cover.items():
        present = sum(row[day] for row in duties.values())
        cost += under * max(0, people - present) + over * max(0, present - people)
    return cost, broken


def _broken(instance: Instance, nurse: Nurse, row: Sequence[bool]) -> Iterator[str]:
    if len(row) != instance.days:
        yield f"{nurse.name}: {len(row)} days"
        return
    minutes = sum(row) * instance.shift_minutes
    if sum(row) > nurse.most_shifts or not nurse.minutes[0] <= minutes <= nurse.minutes[1]:
        yield f"{nurse.name}: {sum(row)} shifts"
    if any(row[day] for day in nurse.days_off):
        yield f"{nurse.name}: on duty on a day off"
    # Day 0 is a Monday.
    weekends = sum(any(row[day : day + 2]) for day in range(5, instance.days, 7))
    if weekends > nurse.most_weekends:
        yield f"{nurse.name}: {weekends} weekends"
    start = 0
    for day in range(1, instance.days + 1):
        if day < instance.days and row[day] == row[start]:
            continue
        length, inside = day - start, start > 0 and day < instance.days
        if row[start] and length > nurse.most_in_a_row:
            yield f"{nurse.name}: {length} shifts in a row"
        if inside and length < (nurse.least_in_a_row if row[start] else nurse.least_days_off):
            yield f"{nurse.name}: only {length} {'shifts' if row[start] else 'days off'} in a row"
        start = day


def main() -> None:
    """Convert, generate through the command line, and work out the objective on both sides."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("instance", type=Path, nargs="?", default=INSTANCE)
    parser.add_argument("--write", type=Path, help="only write the scenario folder")
    asked = parser.parse_args()
    instance = parse(asked.instance.read_text(encoding="utf-8"))
    if asked.write:
        write_scenario(instance, asked.write)
        return
    with tempfile.TemporaryDirectory() as scratch:
        scenario, output = Path(scratch) / "instance1", Path(scratch) / "output"
        write_scenario(instance, scenario)
        giliran = [sys.executable, "-m", "scheduler"]
        subprocess.run([*giliran, "generate", scenario, "--out", output, "-q"], check=True)
        subprocess.run([*giliran, "verify", output, "-q"], check=True)
        certificate = json.loads((output / "certificate.json").read_text(encoding="utf-8"))
        found = certificate["units"][0]["objectives"]
        print("certificate:", json.dumps(found))
        cost, broken = published_objective(instance, duties_of(output / "roster.csv"))
        print(f"published objective {cost}, hard rules broken: {broken or 'none'}")


if __name__ == "__main__":
    main()
