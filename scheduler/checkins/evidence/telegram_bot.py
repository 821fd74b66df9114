"""Updates of the Telegram Bot API, one JSON object a line: the one source that proves a live location's track.

A live location comes first as `message` with `location.live_period`; its moves as `edited_message` with
`edit_date` (Bot API, "Location"). A location without a period can be picked on the map: it is no track.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, ClassVar

from scheduler.checkins.evidence.base import Evidence, Reading, Source, is_place, watch_clock
from scheduler.checkins.evidence.telegram import PROBLEMS
from scheduler.checkins.flags import BIT
from scheduler.checkins.streams.json_objects import ObjectStream
from scheduler.checkins.streams.lines import read_lines
from scheduler.checkins.streams.opened import DamagedError, Opened
from scheduler.language import Bilingual

MOST_LINE_BYTES = 1 << 20
INDEFINITE = 0x7FFFFFFF
"""A live period without end (Bot API 7.3)."""


class TelegramBot(Source):
    """JSON lines of updates, or one answer of `getUpdates`."""

    title: ClassVar = Bilingual(id="catatan bot Telegram", en="Telegram bot updates")
    channel: ClassVar = "bot"

    def recognises(self, file: Opened) -> int:
        """Look for `update_id` at the file's head."""
        head = file.sample.lstrip(b"\xef\xbb\xbf \t\r\n")
        return 95 if head.startswith(b"{") and b'"update_id"' in head else 0

    def read(self, reading: Reading) -> Iterator[Evidence]:
        """Yield every message and every move."""
        yield from watch_clock((e for line, u in _updates(reading) for e in evidence_of(line, u)), reading)


def _updates(reading: Reading) -> Iterator[tuple[int, dict[str, Any]]]:
    def report(line: int, why: str) -> None:
        reading.report(PROBLEMS[why], line)

    try:
        with reading.file.open() as stream:
            if reading.file.sample.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b'{"ok"', b'{ "ok"', b"{\n")):
                found = ObjectStream(stream, "result", report)
                yield from found.objects()
                reading.is_truncated = found.is_truncated
                return
            for number, text, ending, is_cut in read_lines(stream, MOST_LINE_BYTES):
                if not text.strip("\ufeff\0 \t"):
                    continue
                if is_cut:
                    report(number, "long")
                    continue
                try:
                    update = json.loads(text.strip("\ufeff\0"))
                except RecursionError:
                    report(number, "deep")
                except ValueError:
                    reading.is_truncated = not ending
                    report(number, "broken" if ending else "truncated")
                else:
                    if isinstance(update, dict):
                        yield number, update
    except DamagedError as e:
        reading.is_truncated = True
        reading.report(PROBLEMS["truncated"], 0, str(e))


def evidence_of(line: int, update: dict[str, Any]) -> Iterator[Evidence]:
    """Yield what one update shows: a position, a place without coordinates, or a text."""
    message = update.get("message")
    is_move = message is None
    message = message or update.get("edited_message")
    if not isinstance(message, dict) or not isinstance(message.get("from"), dict):
        return
    origin = message["from"]
    name = " ".join(str(origin[k]) for k in ("first_name", "last_name") if origin.get(k))
    ids = tuple(
        f"telegram:{mark}{origin[key]}" for key, mark in (("id", ""), ("username", "@")) if origin.get(key)
    )
    started = _seconds(message.get("date"))
    at = _seconds(message.get("edit_date")) or started if is_move else started
    forwarded = any(key in message for key in ("forward_origin", "forward_date", "forward_from"))
    plain = Evidence(
        "text", at, line, (name or str(origin.get("username", "")))[:200], "bot", "export", ids,
        flags=BIT["forwarded"] if forwarded else 0,
    )  # fmt: skip
    where = message.get("location")
    if not isinstance(where, dict):
        text = str(message.get("text") or message.get("caption") or "")
        yield plain._replace(text=text[:4096], kind="member" if "new_chat_members" in message else "text")
        return
    period = where.get("live_period")
    period = period if isinstance(period, int) and not isinstance(period, bool) and period > 0 else None
    latitude, longitude = _number(where.get("latitude")), _number(where.get("longitude"))
    is_track = (period is not None or is_move) and not forwarded
    located = plain._replace(
        grade="track" if is_track else "export",
        accuracy=_number(where.get("horizontal_accuracy")),
        has_accuracy=is_track,
        live_period=None if is_move or period == INDEFINITE else period,
    )
    if is_place(latitude, longitude):
        yield located._replace(kind="position", latitude=latitude, longitude=longitude)
    else:
        yield located._replace(kind="place")


def _seconds(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1 << 35 else None


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
