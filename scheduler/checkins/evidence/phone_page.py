"""Check-ins of giliran's own page, as `giliran checkins --database` takes them out of the server: JSON, a line each.

Their time is the server's clock at arrival less what the phone says it held them back; both clocks are in the line.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from scheduler.checkins.evidence.base import Evidence, Reading, Source, is_place
from scheduler.checkins.evidence.own_lines import (
    clock,
    clock_flags,
    is_marked,
    kept_of,
    mark_of,
    read_own,
)
from scheduler.checkins.streams.opened import Opened
from scheduler.language import Bilingual

MARK = b'"source": "giliran-checkin"'


class PhonePage(Source):
    """One JSON object a line: person, the three times in milliseconds, place and accuracy, or a reason."""

    title: ClassVar = Bilingual(id="halaman presensi giliran", en="giliran's check-in page")
    channel: ClassVar = "app"
    is_export: ClassVar = False

    def recognises(self, file: Opened) -> int:
        """Look for its mark in the first line."""
        return 95 if is_marked(file, MARK) else 0

    def read(self, reading: Reading) -> Iterator[Evidence]:
        """Yield every check-in."""
        yield from read_own(reading, _found)


def _found(line: int, row: Any) -> list[Evidence]:
    found = evidence_from(line, row)
    return [] if found is None else [found]


def evidence_from(line: int, row: Any) -> Evidence | None:
    """Return the check-in that the values of a line are; None where they are none."""
    try:
        person, at = str(row["person_id"]), clock(row["at"])
        received, taken, sent = (clock(row[key]) for key in ("received_at", "taken_at", "sent_at"))
    except (ValueError, KeyError, TypeError):
        return None
    latitude, longitude, accuracy = (_number(row.get(key)) for key in ("latitude", "longitude", "accuracy"))
    placed, kept = is_place(latitude, longitude), kept_of(row.get("kept"))
    return Evidence(
        "position" if placed or kept else "entry",
        at // 1000,
        line,
        str(row.get("name") or person)[:200],
        "app",
        "app",
        (mark_of(person),),
        latitude=latitude if placed else None,
        longitude=longitude if placed else None,
        accuracy=accuracy if placed or kept else None,
        has_accuracy=placed or kept is not None,
        flags=clock_flags(received, taken, sent),
        text=str(row.get("reason") or "")[:300],
        kept=kept,
    )


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
