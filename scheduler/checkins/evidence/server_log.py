"""What the server keeps besides check-ins, as `giliran checkins --database` takes it out: JSON, a line each.

Activities entered on the phone's page, calls with the time of their answer, and what the Telegram bot was sent, each
under the person's id. The clock is the server's, and Telegram's for its messages.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar

from scheduler.checkins.evidence.base import Evidence, Reading, Source
from scheduler.checkins.evidence.own_lines import (
    clock,
    clock_flags,
    is_marked,
    kept_of,
    mark_of,
    read_own,
)
from scheduler.checkins.evidence.telegram_bot import evidence_of
from scheduler.checkins.streams.opened import Opened
from scheduler.language import Bilingual

MARK = b'"source": "giliran-log"'


class ServerLog(Source):
    """One JSON object a line; `what` is activity, call or telegram."""

    title: ClassVar = Bilingual(id="catatan peladen giliran", en="the log of giliran's server")
    channel: ClassVar = "app"
    is_export: ClassVar = False

    def recognises(self, file: Opened) -> int:
        """Look for its mark in the first line."""
        return 96 if is_marked(file, MARK) else 0

    def read(self, reading: Reading) -> Iterator[Evidence]:
        """Yield every entry, call and message."""
        yield from read_own(reading, entries_of)


def entries_of(line: int, row: dict[str, Any]) -> list[Evidence]:
    """Return what one line says.

    Raises
    ------
    ValueError, KeyError, TypeError
        Where it is no line of the log.
    """
    person = str(row["person_id"])
    mark = mark_of(person)
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
    at = clock(row["at"])
    plain = Evidence("call", at // 1000, line, sender, "app", "app", (mark,))
    if row["what"] == "call":
        answered = row.get("answered_at")
        return [plain._replace(answered=None if answered is None else clock(answered) // 1000, text="no")]
    if row["what"] != "activity":
        raise ValueError(row["what"])
    return [
        plain._replace(
            kind="activity",
            day=date.fromisoformat(row["day"]),
            target=str(row["target"])[:100],
            flags=clock_flags(*(clock(row[key]) for key in ("received_at", "taken_at", "sent_at"))),
        )
    ]
