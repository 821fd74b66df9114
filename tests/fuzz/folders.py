"""Whole folders of odd names: what is written reads back as itself, whoever made it, and replanning leaves the past alone.

`python -m tests.fuzz.folders FIRST LAST` searches those seeds and prints what is wrong, with the seed.
"""

from __future__ import annotations

import csv
import json
import os
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from scheduler.read.outputs.edited_workbook import read_edited
from scheduler.read.outputs.kept import read_revision
from tests.fuzz.searching import numbers, search
from tests.running import giliran

UNITS = (
    "Dinas Pekerjaan Umum dan Penataan Ruang Kabupaten A", "Dinas Pekerjaan Umum dan Penataan Ruang Kabupaten B", "=SUM(A1:A9)",
    "Badan [Uji]: */\\? 'Petik'", "Dinas, Koma; Titik \"Kutip\"", "+Kelurahan", "Ringkasan", "Kantor 李 💐", "CON", "a" * 120, "Dinas\u00a0Satu", "History", "@Bagian",
)  # fmt: skip
NAMES = (
    "Ani Lestari", "=CMD()", "+Budi", "-Citra", "@Dewi", "Eko, Fajar", 'Gita "Gigi" Hadi', "Ma'mur", "O’Brien", "李小龍", "Zoe\u0301 Nfd",
    "مريم", "Ni Luh 💐", "A" * 90, "Joko;Kar", "Lukman\u200bX", "TRUE", "Nul", "Ani  Lestari",
)  # fmt: skip


def make_scenario(seed: int, folder: Path) -> None:
    """Write a scenario of odd units and people, some of the same name."""
    draw = random.Random(seed)
    units = draw.sample(UNITS, draw.randint(1, 4))
    folder.mkdir(parents=True)
    (folder / "calendar.key").write_text("0" * 64, encoding="ascii")
    with (folder / "staff.csv").open("w", encoding="utf-8", newline="") as stream:
        write = csv.writer(stream, delimiter=draw.choice([",", ";"])).writerow
        write(["Nama", "NIP", "Jabatan", "Unit Kerja", "Jenjang", "Loket"])
        number = 0
        for unit in units:
            for name in draw.choices(NAMES, k=draw.randint(2, 5)):
                number += 1
                write(
                    [
                        name,
                        f"19800101200501{1 + number % 2}{number:03}",
                        draw.choice(["Pelaksana", "=1+1", "Analis, muda"]),
                        unit,
                        "pelaksana",
                        draw.choice(["", "Loket =A"]),
                    ]
                )
    first = date(2021, 8, 2) + timedelta(draw.randrange(0, 300))
    text = f"""title = {json.dumps(draw.choice(NAMES), ensure_ascii=False)}
timezone = "Asia/Makassar"
[period]
from = {first}
to = {first + timedelta(draw.randint(3, 11))}
[[rules.home_quota]]
share = "50%"
[[rules.stint]]
home = [1, 2]
office = "any"
"""
    if draw.random() < 0.5:
        text += '[[rules.service_post]]\nname = "Loket =A"\nweight = 3\n'
    if draw.random() < 0.3:
        text += '[[rules.start_slot]]\nslots = ["08:00", "09:00"]\n'
    (folder / "policy.toml").write_text(text, encoding="utf-8")


def rows_of(folder: Path) -> list[list[str]]:
    """Return roster.csv."""
    with (folder / "roster.csv").open(encoding="utf-8-sig", newline="") as stream:
        return [[re.sub(r"^'(?=[=+@\t\r-])", "", cell) for cell in row] for row in csv.reader(stream)]


def _bytes(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def faults_of_seed(seed: int, scratch: Path, count: Counter[str]) -> Iterator[str]:
    """Yield what is wrong with what a seed's folder becomes."""
    draw = random.Random(seed)
    scenario, out = scratch / f"{seed}" / "kantor", scratch / f"{seed}" / "out"
    make_scenario(seed, scenario)
    ran = giliran("generate", scenario, "--out", out, "-q")
    if ran.code:
        yield f"generate ended with {ran.code}: {ran.err}"
        return
    kept = read_revision(out)
    rows = rows_of(out)
    given = {(u.name, p.id): p for u in kept.scenario.problem.units for p in u.people}
    count["units"] += len(kept.rosters)
    count["people"] += len(given)
    if {(r[1], r[2], r[3]) for r in rows[1:]} != {(u, i, p.name) for (u, i), p in given.items()}:
        yield f"roster.csv tells of others: {sorted({(r[1], r[2], r[3]) for r in rows[1:]} ^ {(u, i, p.name) for (u, i), p in given.items()})}"
    for book in [out / "roster.xlsx", *sorted((out / "units").glob("*.xlsx"))]:
        edited = read_edited(book, kept.scenario.problem.units, 1)
        if edited.faults or edited.warnings:
            yield f"{book.name}: {edited.faults or edited.warnings}"
        for unit in edited.units:
            roster = kept.rosters[unit]
            for person, row in zip(roster.people, roster.statuses, strict=True):
                for day, status in zip(roster.days, row, strict=True):
                    cell = edited.cells.get((unit, person, day))
                    if status and (cell is None or cell.status != (status if status != "off" else "")):
                        yield f"{book.name}, {unit}, {person}, {day}: {status} reads back as {cell}"
        count["workbooks"] += 1
        ran = giliran("verify", book)
        if ran.code:
            yield f"verify {book.name} ended with {ran.code}: {ran.out}{ran.err}"
    if (ran := giliran("verify", out)).code:
        yield f"verify ended with {ran.code}: {ran.out}{ran.err}"
    yield from _calendars(out, kept, count)
    before = _bytes(out)
    if draw.random() < 0.5:
        again = scratch / f"{seed}" / "again"
        words = draw.choice(
            [["--workers", "1"], ["--workers", "2"], ["--executor", "local", "--workers", "2"]]
        )
        giliran("generate", scenario, "--out", again, "-q", *words)
        count["made again"] += 1
        if different := [n for n, b in _bytes(again).items() if before.get(n) != b]:
            yield f"other bytes with {words}: {different}"
    first = kept.scenario.problem.first
    ran = giliran("replan", out, "--from-xlsx", out / "roster.xlsx", "--as-of", first)
    if _bytes(out) != before:
        yield f"an unedited workbook made a new revision: {ran.code} {ran.out} {ran.err}"
    yield from _replanned(out, rows, kept, draw, count)


def _calendars(out: Path, kept, count: Counter[str]) -> Iterator[str]:  # type: ignore[no-untyped-def]
    from icalendar import Calendar

    seen = 0
    for path in (out / "calendars" / "people").glob("*.ics"):
        calendar = Calendar.from_ical(path.read_bytes())
        seen += 1
        if not any(c.name == "VEVENT" for c in calendar.walk()):
            yield f"{path.name}: no event"
    if seen != sum(len(r.people) for r in kept.rosters.values()):
        yield f"{seen} calendars"
    count["calendars"] += seen


def _replanned(
    out: Path, rows: list[list[str]], kept, draw: random.Random, count: Counter[str]
) -> Iterator[str]:  # type: ignore[no-untyped-def]
    unit = draw.choice(kept.scenario.problem.units)
    days = unit.horizon.workdays
    person, as_of = draw.choice(unit.people), draw.choice(days)
    start = draw.choice([d for d in days if d >= as_of])
    ran = giliran("replan", out, "--as-of", as_of, "--absent", f"{person.id}:{start}..{days[-1]}=sick")
    if ran.code:
        yield f"replan ended with {ran.code}: {ran.err}"
        return
    count["replanned"] += 1
    after = {(r[0], r[2]): r[5:7] for r in rows_of(out)[1:]}
    for row in rows[1:]:
        now, was = after[row[0], row[2]], row[5:7]
        if row[2] == person.id and str(start) <= row[0] and row[5] != "off":
            if now[0] != "sick":
                yield f"{row} is {now}"
        elif (row[0] < str(as_of) or row[1] != unit.name) and now != was:
            yield f"{row} became {now}"
    if (ran := giliran("verify", out)).code:
        yield f"verify ended with {ran.code} after replanning: {ran.out}{ran.err}"


def main(words: list[str]) -> int:
    """Search the seeds of a range; return 1 where something is wrong."""
    os.environ.setdefault("GILIRAN_EXECUTOR", "here")
    first, last = numbers(words)
    count: Counter[str] = Counter()

    def faults(seed: int) -> Iterator[str]:
        with tempfile.TemporaryDirectory() as scratch:
            yield from faults_of_seed(seed, Path(scratch), count)

    return search(range(first, last), faults, count)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
