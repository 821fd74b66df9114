"""What the lines of giliran's own server have in common: JSON, one object a line, with the person's id and clocks.

All clocks are milliseconds since 1970.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from scheduler.checkins.evidence.base import Evidence, Reading
from scheduler.checkins.flags import BIT
from scheduler.checkins.streams.lines import read_lines
from scheduler.checkins.streams.opened import DamagedError, Opened
from scheduler.language import Bilingual

MOST_LINE_BYTES = 1 << 16
MOST_CLOCK = 1 << 46
HELD_BACK_MS = 5 * 60 * 1000
CLOCKS_APART_MS = 5 * 60 * 1000
BROKEN = Bilingual(id="baris ini bukan presensi", en="this line is no check-in")
TRUNCATED = Bilingual(id="berkas terpotong", en="the file breaks off")


def is_marked(file: Opened, mark: bytes) -> bool:
    """Whether the first line is JSON and holds the mark."""
    head = file.sample.lstrip(b"\xef\xbb\xbf \t\r\n")
    return head.startswith(b"{") and mark in head.split(b"\n", 1)[0]


def read_own(reading: Reading, parse: Callable[[int, Any], Sequence[Evidence]]) -> Iterator[Evidence]:
    """Yield what `parse` makes of each line's number and values; lines of which it makes nothing are reported.

    Parameters
    ----------
    parse : may raise ValueError, KeyError or TypeError where the line is none of its own.
    """
    try:
        with reading.file.open() as stream:
            for number, text, ending, is_cut in read_lines(stream, MOST_LINE_BYTES):
                if not text.strip():
                    continue
                try:
                    found = [] if is_cut else parse(number, json.loads(text))
                except (ValueError, KeyError, TypeError, RecursionError):
                    found = []
                if not found:
                    reading.is_truncated = reading.is_truncated or not ending
                    reading.report(BROKEN, number)
                yield from found
    except DamagedError as error:
        reading.is_truncated = True
        reading.report(TRUNCATED, 0, str(error))


def mark_of(person: str) -> str:
    """Return how evidence names a person: a number of 18 digits is a NIP."""
    return f"nip:{person}" if len(person) == 18 and person.isdigit() else f"id:{person}"


def clock_flags(received: int, taken: int, sent: int) -> int:
    """Return whether the phone sent late, and whether its clock and the server's differ."""
    flags = BIT["sent_later"] if sent - taken > HELD_BACK_MS else 0
    apart = abs(sent - received) > CLOCKS_APART_MS or sent < taken
    return flags | (BIT["clocks_differ"] if apart else 0)


def kept_of(value: Any) -> tuple[int | None, bool | None] | None:
    """Return metres from home and whether in the region, as kept where the coordinates are forgotten."""
    if not isinstance(value, list) or len(value) != 2:
        return None
    distance, inside = value
    return (distance if type(distance) is int else None, inside if isinstance(inside, bool) else None)


def clock(value: Any) -> int:
    """Return a clock's value.

    Raises
    ------
    ValueError
        Where it is none.
    """
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < MOST_CLOCK:
        raise ValueError(value)
    return value
