"""Telegram Desktop's `result.json`: the server's times, but of a live location only the last position, no track.

Sources: the exporter of Telegram Desktop (`export_output_json.cpp`); numbers such as `date_unixtime` are texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from scheduler.checkins.evidence.base import Evidence, Reading, Source, is_place, watch_clock
from scheduler.checkins.flags import BIT
from scheduler.checkins.streams.json_objects import ObjectStream
from scheduler.checkins.streams.opened import DamagedError, Opened
from scheduler.language import Bilingual

PROBLEMS = {
    "broken": Bilingual(id="pesan JSON rusak; dilewati", en="a broken JSON message; skipped"),
    "deep": Bilingual(
        id="pesan JSON bersarang terlalu dalam; dilewati", en="a JSON message nested too deep; skipped"
    ),
    "long": Bilingual(id="pesan JSON terlalu panjang; dilewati", en="a JSON message too long; skipped"),
    "truncated": Bilingual(
        id="berkas terpotong; semua sebelum ini sudah dibaca", en="the file breaks off; all before is read"
    ),
}


class Telegram(Source):
    """A chat, or all chats, exported as machine-readable JSON."""

    title: ClassVar = Bilingual(id="ekspor Telegram Desktop", en="Telegram Desktop export")
    channel: ClassVar = "telegram"
    tells_exporters_time: ClassVar = True

    def recognises(self, file: Opened) -> int:
        """Look for the marks of the export at the file's head."""
        head = file.sample
        if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
            return 0
        marks = (b'"messages"', b'"date_unixtime"', b'"from_id"', b'"chats"', b'"personal_information"')
        return min(95, 40 * sum(mark in head for mark in marks))

    def read(self, reading: Reading) -> Iterator[Evidence]:
        """Yield every message; a live location as its start ("live") and its last position ("position")."""
        yield from watch_clock(_evidence(reading), reading)


def _evidence(reading: Reading) -> Iterator[Evidence]:
    with reading.file.open() as stream:
        found = ObjectStream(stream, "messages", lambda line, why: reading.report(PROBLEMS[why], line))
        try:
            for line, message in found.objects():
                yield from _message(line, message, reading)
        except DamagedError as e:
            reading.is_truncated = True
            reading.report(PROBLEMS["truncated"], 0, str(e))
        reading.is_truncated = reading.is_truncated or found.is_truncated


def _message(line: int, message: dict[str, Any], reading: Reading) -> Iterator[Evidence]:
    is_service = message.get("type") == "service"
    owner = message.get("actor_id") if is_service else message.get("from_id")
    sender = str(message.get("actor" if is_service else "from") or owner or "")
    at, flags = _instant(message, "date", reading)
    plain = Evidence("text", at, line, sender[:200], "telegram", "export", _ids(owner), flags=flags)
    if not owner:
        return
    if is_service:
        yield plain._replace(kind="member")
        return
    if at is None:
        reading.report(Bilingual(id="pesan tanpa waktu", en="a message without a time"), line)
    if message.get("forwarded_from") or message.get("forwarded_from_id"):
        plain = plain._replace(flags=flags | BIT["forwarded"])
    where = message.get("location_information")
    period = message.get("live_location_period_seconds")
    if not isinstance(period, int) or isinstance(period, bool) or period <= 0:
        period = None
    latitude, longitude = _coordinates(where)
    if at is not None and period is not None:
        yield plain._replace(kind="live", until=at + period, live_period=period)
        moved, _ = _instant(message, "edited", reading)
        if moved is not None:  # the surviving position is that of the last move
            plain = plain._replace(at=min(max(moved, at), at + period))
        if is_place(latitude, longitude):
            yield plain._replace(kind="position", latitude=latitude, longitude=longitude, live_period=period)
    elif is_place(latitude, longitude):
        yield plain._replace(kind="position", latitude=latitude, longitude=longitude)
    elif "location_information" in message or message.get("place_name"):
        yield plain._replace(kind="place")
    else:
        yield plain._replace(text=_text(message.get("text")))


def _instant(message: dict[str, Any], key: str, reading: Reading) -> tuple[int | None, int]:
    """Return the server's time; old exports have only the exporter's local one."""
    value = message.get(f"{key}_unixtime")
    if (
        isinstance(value, str | int)
        and str(value).isascii()
        and str(value).isdigit()
        and len(str(value)) <= 11
    ):
        return int(value), 0
    local = message.get(key)
    if isinstance(local, str) and len(local) == 19:
        from datetime import date

        try:
            day = date.fromisoformat(local[:10])
            return reading.clock.instant(day, int(local[11:13]), int(local[14:16]), int(local[17:19]))
        except ValueError:
            return None, 0
    return None, 0


def _coordinates(where: Any) -> tuple[float | None, float | None]:
    if not isinstance(where, dict):
        return None, None
    found = [where.get(key) for key in ("latitude", "longitude")]
    numbers = [float(v) if isinstance(v, int | float) and not isinstance(v, bool) else None for v in found]
    return numbers[0], numbers[1]


def _ids(owner: Any) -> tuple[str, ...]:
    text = str(owner or "")
    return (f"telegram:{text.removeprefix('user')}",) if text.startswith("user") else ()


def _text(text: Any) -> str:
    """Return the words of a message: a text, or a list of texts and of pieces with a `text`."""
    parts = text if isinstance(text, list) else [text]
    words = (
        p if isinstance(p, str) else p.get("text", "") if isinstance(p, dict) else "" for p in parts[:200]
    )
    return "".join(str(w) for w in words)[:4096]
