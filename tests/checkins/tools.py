"""Short ways to read and judge evidence in tests: a small office, files from text, verdicts by checkpoint."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, BinaryIO, cast
from zoneinfo import ZoneInfo

from scheduler.checkins.evidence import discover
from scheduler.checkins.evidence.base import Evidence, Reading
from scheduler.checkins.findings import Findings
from scheduler.checkins.policy import parse_settings
from scheduler.checkins.roster_days import RosterDays
from scheduler.checkins.run import read_evidence
from scheduler.checkins.streams.dates import Order
from scheduler.checkins.streams.opened import Opened
from scheduler.checkins.validate import UnmatchedLine, Validator
from scheduler.checkins.verdicts import Verdict
from scheduler.problem import Person

DATA = Path(__file__).parent / "data"
MAKASSAR = ZoneInfo("Asia/Makassar")
DAY = date(2021, 7, 28)
HOME = (-2.55, 120.32)
POINTS = {"point": [{"at": ["08:00", "11:00", "14:00", "16:00"], "within_metres": 500}]}

BUDI = Person(id="B-1", name="Budi Santoso", unit="BKPSDM", nip="198001012005011002", phone="6281234567890",
              telegram="user123", latitude=HOME[0], longitude=HOME[1])  # fmt: skip
ANI = Person(id="A-1", name="Ani Lestari", unit="BKPSDM", telegram="user456", phone="628990000001")
CITRA = Person(id="C-1", name="Citra Rahman", unit="Dinas Lain", phone="628990000002")
ALIASES = {"Budi Santoso": "B-1", "Ani": "A-1"}


def opened(data: bytes, name: str = "evidence.txt") -> Opened:
    """A file in memory."""
    return Opened(name, "0" * 64, data[:65_536], lambda: cast(BinaryIO, io.BytesIO(data)))


def read(
    data: bytes,
    name: str = "evidence.txt",
    *,
    zone: ZoneInfo = MAKASSAR,
    days: Sequence[date] = (),
    order: Order | None = None,
) -> tuple[list[Evidence], Reading]:
    """What the source that recognises the data makes of it."""
    file = opened(data, name)
    source = max(discover(), key=lambda s: s.recognises(file))
    assert source.recognises(file)
    reading = Reading(file, zone=zone, days=days or [DAY + timedelta(n) for n in range(15)], order=order)
    return list(source.read(reading)), reading


def read_data(name: str, **more: Any) -> tuple[list[Evidence], Reading]:
    """The same for a file of `data/`."""
    return read((DATA / name).read_bytes(), name, **more)


def roster(
    people: Sequence[Person] = (BUDI, ANI, CITRA),
    statuses: Mapping[tuple[str, date], str] | None = None,
    days: int = 3,
    first: date = DAY,
    **more: Any,
) -> RosterDays:
    """Everyone at home on every day but where `statuses` says otherwise."""
    every = tuple(first + timedelta(n) for n in range(days))
    plain = {(p.id, d): "home" for p in people for d in every}
    return RosterDays(people=tuple(people), days=every, statuses={**plain, **(statuses or {})}, **more)


class Judged:
    """Verdicts by (person id, checkpoint) of one day, and what was found besides."""

    def __init__(self, findings: Findings, unmatched: list[UnmatchedLine], validator: Validator) -> None:
        self.findings = findings
        self.unmatched = unmatched
        self.validator = validator
        self.rows = list(findings.verdicts())

    def of(self, person: str, checkpoint: str, day: date = DAY) -> Verdict:
        found = [r for r in self.rows if (r.person_id, r.checkpoint, r.day) == (person, checkpoint, day)]
        assert len(found) == 1, [(r.person_id, r.checkpoint, r.day) for r in self.rows]
        return found[0]

    def day(self, person: str, day: date = DAY) -> list[str]:
        return [r.verdict for r in self.rows if (r.person_id, r.day) == (person, day)]


def judge(
    folder: Path,
    files: Mapping[str, str | bytes],
    settings: Mapping[str, Any] = POINTS,
    who: RosterDays | None = None,
    *,
    exporter_zone: ZoneInfo | None = None,
    zone: ZoneInfo = MAKASSAR,
    order: Order | None = None,
    aliases: Mapping[str, str] | None = None,
    **more: Any,
) -> Judged:
    """Judge files given as text or bytes by name."""
    paths = []
    for name, content in files.items():
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        paths.append(path)
    unmatched: list[UnmatchedLine] = []
    validator = Validator(
        who or roster(), parse_settings(settings), zone,
        aliases=ALIASES if aliases is None else aliases, unmatched=unmatched.append, **more,
    )  # fmt: skip
    read_evidence(paths, validator, exporter_zone=exporter_zone or zone, order=order)
    return Judged(validator.settle(), unmatched, validator)


def chat(*lines: tuple[str, str, str]) -> str:
    """An Android export of (time as `28/07/21, 08:03`, sender, body), with its first and last line by Ani."""
    return "".join(f"{at} - {sender}: {body}\n" for at, sender, body in lines)


def here(latitude: float = HOME[0], longitude: float = HOME[1]) -> str:
    """The body of a location."""
    return f"location: https://maps.google.com/?q={latitude},{longitude}"
