"""Random check-ins in every form in which they come, with the truth known: nobody who sent is missing, nothing is lost.

`python -m tests.fuzz.evidence FIRST LAST` searches those seeds and prints what is wrong, with the seed.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from scheduler.problem import ABSENCE_KINDS, Person
from tests.checkins.tools import judge, roster
from tests.fuzz.searching import numbers, search

ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
FIRSTS = (
    date(2021, 7, 28), date(2024, 2, 27), date(2020, 12, 30), date(2021, 8, 9), date(2021, 12, 6), date(2022, 2, 25), date(2021, 10, 31)
)  # fmt: skip
NAMES = (
    "Ni Luh Sari",
    "Ma'mur, S.Kom",
    "Żółć 💐 Ibu",
    "A. Rahmat",
    "Budi: Kasubag",
    "Dr. H. Jufri",
    "李小龍",
    "Ó'Brien - Andi",
)
FORMS = ("id", "id", "en24", "en12", "ios_id", "ios_en", "ios_12", "us12", "csv", "csv")
NIGHT, DAY = (["00:05", "12:00", "21:30"], ["07:30", "12:00", "16:00"])


class Sent(NamedTuple):
    """One message: when (UTC), by whom, and what it is."""

    at: datetime
    sender: str
    kind: str


def location(draw: random.Random) -> str:
    """Return a place somewhere in the country."""
    return f"{-draw.uniform(0, 9):.{draw.randint(4, 7)}f},{draw.uniform(96, 140):.6f}"


def line(form: str, sent: Sent, zone: ZoneInfo, draw: random.Random) -> str:
    """Return a message as that phone exports it."""
    t, place = sent.at.astimezone(zone), f"https://maps.google.com/?q={location(draw)}"
    half, hour = ("AM", "PM")[t.hour >= 12], t.hour % 12 or 12
    gap = draw.choice([" ", "\u202f"])
    head = {
        "id": f"{t:%d/%m/%y %H.%M} - ", "en24": f"{t:%d/%m/%y, %H:%M} - ", "en12": f"{t:%d/%m/%y}, {hour}:{t:%M}{gap}{half.lower()} - ",
        "us12": f"{t.month}/{t.day}/{t:%y}, {hour}:{t:%M}{gap}{half} - ", "ios_id": f"[{t:%d/%m/%y %H.%M.%S}] ",
        "ios_en": f"[{t:%d/%m/%y, %H:%M:%S}] ", "ios_12": f"[{t.day}/{t.month}/{t:%Y}, {hour}:{t:%M:%S}{gap}{half}] ",
    }[form]  # fmt: skip
    mark = "\u200e" if form.startswith("ios") else ""
    word = {"id": "lokasi : ", "ios_id": "Lokasi: ", "ios_en": "Location: ", "ios_12": "Location: "}.get(
        form, "location: "
    )
    body = {
        "place": f"{mark}{word}{place}",
        "gone": f"{mark}{'Pesan ini dihapus' if form in ('id', 'ios_id') else 'This message was deleted'}",
        "text": draw.choice(["Selamat pagi\nBapak/Ibu", "siap", "https://bkn.go.id", "ok 👍", "28/07/21"]),
    }[sent.kind]
    return f"{draw.choice(['', '', mark])}{head}{sent.sender}: {body}"


class Case:
    """Invented people, days, messages and files, and what must come of them."""

    def __init__(self, seed: int) -> None:
        draw = self.draw = random.Random(seed)
        self.zone, self.exporter = ZoneInfo(draw.choice(ZONES)), ZoneInfo(draw.choice(ZONES))
        self.times = draw.choice([NIGHT, DAY, DAY])
        number = draw.randint(2, 5)
        self.people = [
            Person(
                id=f"19800101200501{1000 + n}",
                nip=f"19800101200501{1000 + n}",
                name=name,
                unit="Kantor",
                phone=f"62812{n}3456789" if draw.random() < 0.6 else "",
            )
            for n, name in enumerate(draw.sample(NAMES, number))
        ]
        self.first, self.size = draw.choice(FIRSTS), draw.randint(2, 6)
        self.days = [self.first + timedelta(n) for n in range(self.size)]
        statuses = {}
        for p in self.people:
            for day in self.days:
                statuses[p.id, day] = draw.choices(
                    ["home", "office", "off", draw.choice(ABSENCE_KINDS)], [6, 2, 1, 1]
                )[0]
        self.roster = roster(self.people, statuses, self.size, self.first)
        self.aliases: dict[str, str] = {}
        self.truth: dict[tuple[str, date, str], str] = {}
        self.strangers = draw.choice([0, 0, 0, 2])
        self.files: dict[str, bytes] = {}
        self.known = self.unknown = 0
        self._make()

    def _sender(self, p: Person, form: str) -> str:
        if form == "csv":
            return p.nip
        if p.phone and self.draw.random() < 0.7:
            n = p.phone
            return self.draw.choice(
                [
                    f"+{n[:2]} {n[2:5]}-{n[5:9]}-{n[9:]}",
                    f"+{n[:2]}\xa0{n[2:5]}\u2011{n[5:9]}\u2011{n[9:]}",
                    f"~\u202fX {p.id}",
                ]
            )
        return self.draw.choice([p.name.replace(": ", " ") + " Kantor", f"Bpk {p.id[-2:]}"])

    def _make(self) -> None:
        draw, by_form = self.draw, {}  # type: ignore[var-annotated]
        forms = draw.sample(FORMS, draw.randint(1, 3))
        for p in self.people:
            form = draw.choice(forms)
            sender = self._sender(p, form)
            if form != "csv" and not sender.startswith("+"):
                self.aliases[sender.lstrip("~\u202f ")] = p.id
            messages = by_form.setdefault(form, [])
            for day in self.days:
                asked = self.roster.statuses[p.id, day] == "home"
                for clock in self.times:
                    way = draw.choices(["on_time", "missing", "late", "early", "gone"], [6, 2, 1, 1, 1])[0]
                    if form == "csv" and way == "gone":
                        way = "missing"
                    due = datetime.combine(day, time.fromisoformat(clock), self.zone)
                    low, high = {
                        "on_time": (-15, 29),
                        "late": (32, 85),
                        "early": (-44, -17),
                        "gone": (-14, 28),
                    }.get(way, (0, 0))
                    at = (
                        due + timedelta(minutes=draw.randint(low, high), seconds=draw.randint(0, 59))
                    ).astimezone(UTC)
                    if way in ("on_time", "late", "early"):
                        messages.append(Sent(at, sender, "place"))
                        self.known += 1
                    elif way == "gone":
                        messages.append(Sent(at, sender, "gone"))
                    if asked:
                        self.truth[p.id, day, clock] = way
        for number, (form, messages) in enumerate(sorted(by_form.items())):
            for n in range(self.strangers if form != "csv" else 0):
                start = datetime.combine(draw.choice(self.days), datetime.min.time(), self.zone)
                messages.append(
                    Sent(
                        (start + timedelta(minutes=draw.randint(0, 1400))).astimezone(UTC),
                        f"Orang Lain {n}",
                        "place",
                    )
                )
                self.unknown += 1
            speaker = messages[0].sender if messages else "Tukang"
            for n in (-2, self.size + 1):
                messages.append(
                    Sent(
                        datetime.combine(self.first + timedelta(n), datetime.min.time(), UTC), speaker, "text"
                    )
                )
            self.files[f"{number}.{'csv' if form == 'csv' else 'txt'}"] = self._written(form, messages)

    def _written(self, form: str, messages: list[Sent]) -> bytes:
        draw = self.draw
        messages.sort(key=lambda m: m.at)
        if form == "csv":
            shape = draw.choice(
                ["%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M", "%Y-%m-%dT%H:%M:%S%z", "%d-%m-%Y %H.%M.%S"]
            )
            mark = draw.choice([";", ",", "\t"])
            rows = [draw.choice([("NIP", "Waktu"), ("nip", "Tanggal/Waktu"), ("NIP", "Timestamp")])]
            rows += [
                (
                    f"'{m.sender}" if draw.random() < 0.1 else m.sender,
                    m.at.astimezone(self.zone).strftime(shape),
                )
                for m in messages
                if m.kind == "place"
            ]
            bom = draw.choice(["", "\ufeff"])
            return (bom + "\r\n".join(mark.join(row) for row in rows) + "\r\n").encode()
        if draw.random() < 0.2:  # lines out of order
            for _ in range(3):
                a, b = draw.randrange(len(messages)), draw.randrange(len(messages))
                messages[a], messages[b] = messages[b], messages[a]
        end = "\r\n" if form.startswith("ios") else "\n"
        text = end.join(line(form, m, self.exporter, draw) for m in messages) + end
        return (draw.choice(["", "\ufeff"]) + text).encode()


def faults_of_seed(seed: int, folder: Path, count: Counter[str]) -> Iterator[str]:
    """Yield what is wrong with what comes of a seed's evidence."""
    case = Case(seed)
    settings = {"point": [{"at": case.times}]}
    found = judge(
        folder,
        case.files,
        settings,
        case.roster,
        zone=case.zone,
        exporter_zone=case.exporter,
        aliases=case.aliases,
    )
    sources = found.findings.sources
    if any(s.is_refused for s in sources):
        if not all(
            "d" in str(s.faults[0].problem.en) and "order" in str(s.faults[0])
            for s in sources
            if s.is_refused
        ):
            yield f"refused: {[s.faults for s in sources if s.is_refused]}"
        count["refused, order doubtful"] += 1
    else:
        count["files"] += len(sources)
        matched, unmatched = sum(s.matched for s in sources), sum(s.unmatched for s in sources)
        if (matched, unmatched, len(found.unmatched)) != (case.known, case.unknown, case.unknown):
            yield f"sent by known {case.known}, by unknown {case.unknown}; counted {matched}, {unmatched}, told of {len(found.unmatched)}"
        if any(s.fault_count for s in sources):
            yield f"faults: {[s.faults for s in sources]}"
    rows = {(v.person_id, v.day, v.checkpoint): v for v in found.rows}
    for key, way in case.truth.items():
        verdict = rows[key].verdict
        count[f"{way}: {verdict}"] += 1
        wanted = {
            "on_time": ("on_time",),
            "late": ("late",),
            "early": ("early",),
            "missing": ("missing", "unprovable"),
            "gone": ("unprovable",),
        }[way]
        if any(s.is_refused for s in sources):
            if way != "missing" and verdict == "missing":
                yield f"{key} {way}: {verdict}"
        elif verdict not in wanted:
            yield f"{key} {way}: {rows[key]}"
    if case.truth.keys() != {k for k, v in rows.items() if v.verdict not in ("excused", "not_required")}:
        yield "other checkpoints are judged"


def main(words: list[str]) -> int:
    """Search the seeds of a range; return 1 where something is wrong."""
    first, last = numbers(words)
    count: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as scratch:
        return search(range(first, last), lambda seed: faults_of_seed(seed, Path(scratch), count), count)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
