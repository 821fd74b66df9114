"""Check-ins of giliran's own page, as `giliran checkins --database` takes them out of the server: JSON, a line each.

Their time is the server's clock at arrival less what the phone says it held them back; both clocks are in the line.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, ClassVar

from scheduler.checkins.evidence.base import Evidence, Reading, Source, is_place
from scheduler.checkins.flags import BIT
from scheduler.checkins.streams.lines import read_lines
from scheduler.checkins.streams.opened import DamagedError, Opened
from scheduler.language import Bilingual

MARK = b'"source": "giliran-checkin"'
MOST_LINE_BYTES = 1 << 16
HELD_BACK_MS = 5 * 60 * 1000
CLOCKS_APART_MS = 5 * 60 * 1000
BROKEN = Bilingual(id="baris ini bukan presensi", en="this line is no check-in")
TRUNCATED = Bilingual(id="berkas terpotong", en="the file breaks off")


class PhonePage(Source):
    """One JSON object a line: person, the three times in milliseconds, place and accuracy, or a reason."""

    title: ClassVar = Bilingual(id="halaman presensi giliran", en="giliran's check-in page")
    channel: ClassVar = "app"

    def recognises(self, file: Opened) -> int:
        """Look for its mark in the first line."""
        head = file.sample.lstrip(b"\xef\xbb\xbf \t\r\n")
        return 95 if head.startswith(b"{") and MARK in head.split(b"\n", 1)[0] else 0

    def read(self, reading: Reading) -> Iterator[Evidence]:
        """Yield every check-in."""
        try:
            with reading.file.open() as stream:
                for number, text, ending, is_cut in read_lines(stream, MOST_LINE_BYTES):
                    if not text.strip():
                        continue
                    found = None if is_cut else evidence_of(number, text)
                    if found is None:
                        reading.is_truncated = reading.is_truncated or not ending
                        reading.report(BROKEN, number)
                    else:
                        yield found
        except DamagedError as error:
            reading.is_truncated = True
            reading.report(TRUNCATED, 0, str(error))


def evidence_of(line: int, text: str) -> Evidence | None:
    """Return the check-in of one line; None where the line is none."""
    try:
        row = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return evidence_from(line, row)


def evidence_from(line: int, row: Any) -> Evidence | None:
    """Return the check-in that the values of a line are; None where they are none."""
    try:
        person, at = str(row["person_id"]), _whole(row["at"])
        received, taken, sent = (_whole(row[key]) for key in ("received_at", "taken_at", "sent_at"))
    except (ValueError, KeyError, TypeError):
        return None
    latitude, longitude, accuracy = (_number(row.get(key)) for key in ("latitude", "longitude", "accuracy"))
    placed, kept = is_place(latitude, longitude), kept_of(row.get("kept"))
    flags = BIT["sent_later"] if sent - taken > HELD_BACK_MS else 0
    if abs(sent - received) > CLOCKS_APART_MS or sent < taken:
        flags |= BIT["clocks_differ"]
    mark = f"nip:{person}" if len(person) == 18 and person.isdigit() else f"id:{person}"
    return Evidence(
        "position" if placed or kept else "entry",
        at // 1000,
        line,
        str(row.get("name") or person)[:200],
        "app",
        "app",
        (mark,),
        latitude=latitude if placed else None,
        longitude=longitude if placed else None,
        accuracy=accuracy if placed or kept else None,
        has_accuracy=placed or kept is not None,
        flags=flags,
        text=str(row.get("reason") or "")[:300],
        kept=kept,
    )


def kept_of(value: Any) -> tuple[int | None, bool | None] | None:
    """Return metres from home and whether in the region, as kept where the coordinates are forgotten."""
    if not isinstance(value, list) or len(value) != 2:
        return None
    distance, inside = value
    return (distance if type(distance) is int else None, inside if isinstance(inside, bool) else None)


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 1 << 46:
        raise ValueError(value)
    return value


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
