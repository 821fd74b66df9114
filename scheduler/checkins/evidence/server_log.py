"""What the server keeps besides check-ins, as `giliran checkins --database` takes it out: JSON, a line each.

Activities entered on the phone's page, calls with the time of their answer, and what the Telegram bot was sent, each
under the person's id. The clock is the server's, and Telegram's for its messages.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar

from scheduler.checkins.evidence.base import Evidence, Reading, Source
from scheduler.checkins.evidence.phone_page import BROKEN, TRUNCATED, kept_of
from scheduler.checkins.evidence.telegram_bot import evidence_of
from scheduler.checkins.flags import BIT
from scheduler.checkins.streams.lines import read_lines
from scheduler.checkins.streams.opened import DamagedError, Opened
from scheduler.language import Bilingual

MARK = b'"source": "giliran-log"'
MOST_LINE_BYTES = 1 << 16
HELD_BACK_MS = CLOCKS_APART_MS = 5 * 60 * 1000
MOST = 1 << 46


class ServerLog(Source):
    """One JSON object a line; `what` is activity, call or telegram."""

    title: ClassVar = Bilingual(id="catatan peladen giliran", en="the log of giliran's server")
    channel: ClassVar = "app"

    def recognises(self, file: Opened) -> int:
        """Look for its mark in the first line."""
        head = file.sample.lstrip(b"\xef\xbb\xbf \t\r\n")
        return 96 if head.startswith(b"{") and MARK in head.split(b"\n", 1)[0] else 0

    def read(self, reading: Reading) -> Iterator[Evidence]:
        """Yield every entry, call and message."""
        try:
            with reading.file.open() as stream:
                for number, text, ending, is_cut in read_lines(stream, MOST_LINE_BYTES):
                    if not text.strip():
                        continue
                    try:
                        found = [] if is_cut else entries_of(number, json.loads(text))
                    except (ValueError, KeyError, TypeError, RecursionError):
                        found = []
                    if not found:
                        reading.is_truncated = reading.is_truncated or not ending
                        reading.report(BROKEN, number)
                    yield from found
        except DamagedError as error:
            reading.is_truncated = True
            reading.report(TRUNCATED, 0, str(error))


def entries_of(line: int, row: dict[str, Any]) -> list[Evidence]:
    """Return what one line says.

    Raises
    ------
    ValueError, KeyError, TypeError
        Where it is no line of the log.
    """
    person = str(row["person_id"])
    mark = f"nip:{person}" if len(person) == 18 and person.isdigit() else f"id:{person}"
    sender = str(row.get("name") or person)[:200]
    if row["what"] == "telegram":
        if not isinstance(row["update"], dict):
            raise ValueError("no update")
        kept = kept_of(row["update"].get("kept"))
        return [
            item._replace(
                sender=sender,
                ids=(mark,),
                kept=kept,
                kind="position" if kept and item.kind == "place" else item.kind,
            )
            for item in evidence_of(line, row["update"])
        ]
    at = _whole(row["at"])
    plain = Evidence("call", at // 1000, line, sender, "app", "app", (mark,))
    if row["what"] == "call":
        answered = row.get("answered_at")
        return [plain._replace(answered=None if answered is None else _whole(answered) // 1000, text="no")]
    if row["what"] != "activity":
        raise ValueError(row["what"])
    return [
        plain._replace(
            kind="activity",
            day=date.fromisoformat(row["day"]),
            target=str(row["target"])[:100],
            flags=_flags(*(_whole(row[key]) for key in ("received_at", "taken_at", "sent_at"))),
        )
    ]


def _flags(received: int, taken: int, sent: int) -> int:
    flags = BIT["sent_later"] if sent - taken > HELD_BACK_MS else 0
    apart = abs(sent - received) > CLOCKS_APART_MS or sent < taken
    return flags | (BIT["clocks_differ"] if apart else 0)


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < MOST:
        raise ValueError(value)
    return value
