"""Random units typed into a scenario folder: what `generate` and `explain` make of it, against the second reading.

`python -m tests.fuzz.typed FIRST LAST [PEOPLE DAYS]` searches those seeds and prints what is wrong, with the seed.
"""

from __future__ import annotations

import csv
import json
import os
import shlex
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from scheduler.problem import Ledger, Unit
from scheduler.read.outputs.kept import read_revision
from scheduler.solve.model import UnitModel
from scheduler.solve.unit import UNBOUNDED
from tests.fuzz.against_plain import MOST, as_grid, exists, lawful, ordered
from tests.fuzz.plain import ORDER, Plain
from tests.fuzz.searching import numbers, search
from tests.fuzz.units import odd_unit, random_unit
from tests.running import giliran

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def toml(value: Any) -> str:
    """Return a setting as policy.toml has it."""
    if isinstance(value, dict):
        return (
            "{ " + ", ".join(f"{key} = {toml(v)}" for key, v in value.items() if v not in ((), None)) + " }"
        )
    if isinstance(value, tuple | list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return (
        value.isoformat()
        if isinstance(value, date)
        else json.dumps(str(value) if isinstance(value, Fraction) else value)
    )


def write_scenario(unit: Unit, folder: Path) -> None:
    """Write the folder as a person would type it."""
    days, worked = unit.horizon.days, unit.horizon.workdays
    week = sorted({day.weekday() for day in worked})
    off = [day for day in days if day.weekday() in week and day not in worked]
    lines = [
        'title = "Uji"',
        'timezone = "Asia/Makassar"',
        "[period]",
        f"from = {days[0]}",
        f"to = {days[-1]}",
    ]
    lines += [f"workdays = {toml([WEEK[d] for d in week])}", 'holidays = "none"', f"extra = {toml(off)}"]
    for rule in unit.rules:
        given = rule.model_dump(by_alias=True, exclude_unset=True)
        if given or rule.key not in ("absence", "pin"):
            lines.append(f"[[rules.{rule.key}]]")
        for name, value in given.items():
            lines.append(f"{name} = {toml(_named(name, value))}")
    folder.mkdir(parents=True)
    (folder / "policy.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    said = {True: "Ya", False: "Tidak", None: ""}
    _table(folder / "staff.csv", ["Nama", "NIP", "Unit Kerja", "Jenjang", "Bidang", "Tag", "Mampu TI", "Pemantau", "Loket", "Mulai bertugas", "Berhenti"], [
        [p.name, p.id, p.unit, p.rank, p.sub_unit, ";".join(t for t in p.tags if not t.startswith("giliran:")), said[p.it_capable], said[p.monitor],
         ";".join(p.service_posts), p.joins or "", p.leaves or ""] for p in unit.people
    ])  # fmt: skip
    _table(
        folder / "absences.csv",
        ["person_id", "from", "to", "kind"],
        [[p, d, d, kind] for (p, d), kind in unit.absences.items()],
    )
    _table(
        folder / "pins.csv",
        ["person_id", "date", "status", "why"],
        [[p, d, pin.status, "surat"] for (p, d), pin in unit.pins.items()],
    )
    _table(
        folder / "preferences.csv", ["person_id", "date", "weekday", "status", "weight"],
        [[w.person_id, w.day or "", WEEK[w.weekday] if w.weekday is not None else "", w.status, w.weight] for w in unit.preferences],
    )  # fmt: skip


def _named(name: str, value: Any) -> Any:
    """Return a setting with its weekdays as names."""
    if name in ("weekday", "workdays") and not isinstance(value, str):
        return [WEEK[d] for d in value]
    if name == "when" and value.get("weekdays"):
        return {**value, "weekdays": [WEEK[d] for d in value["weekdays"]]}
    return value


def _table(path: Path, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    if rows:
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([columns, *rows])


def typed_unit(seed: int, people: int, days: int) -> Unit:
    """Return a unit of which everything can be typed: in a first period, and without recalls."""
    unit = (odd_unit if seed % 2 else random_unit)(seed, (2, people), days)
    pins = {key: replace(pin, recall=False) for key, pin in unit.pins.items()}
    # Whoever the list says nothing about is typed as able: under “Mampu TI” an empty cell may mean no.
    people = tuple(replace(p, it_capable=p.it_capable is not False) for p in unit.people)
    return replace(unit, people=people, ledger=Ledger(), adjoins=False, pins=pins)


def faults_of(unit: Unit, folder: Path, count: Counter[str]) -> Iterator[str]:
    """Yield what is wrong with what becomes of a unit that was typed."""
    wide = dict.fromkeys(UnitModel(unit).asked, UNBOUNDED)
    if Plain(unit, wide).every_roster(MOST) is None:
        count["too large"] += 1
        return
    scenario, out = folder / "kantor", folder / "out"
    write_scenario(unit, scenario)
    ran = giliran("generate", scenario, "--out", out, "-q", "--lang", "en")
    count[f"ended with {ran.code}"] += 1
    if ran.code == 4:
        if exists(unit, wide):
            yield "no roster is made where one exists"
        yield from _ways_out(scenario, folder, count)
        return
    if ran.code:
        if ran.code != 3:
            yield f"ended with {ran.code}: {ran.err}"
        else:
            count[ran.err.splitlines()[1][:60]] += 1
        return
    kept = read_revision(out)
    roster = kept.rosters[unit.name]
    plain, grid = Plain(unit, roster.attained), as_grid(unit, roster)
    if broken := [b for b in plain.broken(grid) if b.weight is None]:
        yield f"the roster breaks {broken}"
    best = min((worth for _, worth in lawful(unit, roster.attained)), default=None)
    if ordered(unit, plain.worth(grid)) != best:
        yield f"the best is {best} of {ORDER}, this is {ordered(unit, plain.worth(grid))}"
    if (ran := giliran("verify", out)).code:
        yield f"verify: {ran.out} {ran.err}"


def _ways_out(scenario: Path, folder: Path, count: Counter[str]) -> Iterator[str]:
    ran = giliran("explain", scenario, "--json")
    for number, way in enumerate(json.loads(ran.out).get("ways_out", ())):
        flags = way["flags"]
        if any("kind" in change and change["kind"] != "setting" for change in way["changes"]) or not flags:
            continue
        count["ways out typed"] += 1
        made = giliran("generate", scenario, "--out", folder / f"way{number}", "-q", *shlex.split(flags))
        if made.code:
            yield f"{flags}: ended with {made.code}: {made.err}"


def main(words: list[str]) -> int:
    """Search the seeds of a range; return 1 where something is wrong."""
    os.environ.setdefault("GILIRAN_EXECUTOR", "here")
    first, last, people, days = numbers(words, 3, 4)
    count: Counter[str] = Counter()

    def faults(seed: int) -> Iterator[str]:
        with tempfile.TemporaryDirectory() as scratch:
            yield from faults_of(typed_unit(seed, people, days), Path(scratch), count)

    return search(range(first, last), faults, count)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
