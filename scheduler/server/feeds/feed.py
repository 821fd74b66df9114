"""One feed out of the calendars of several periods, and the answers that HTTP gives about it (RFC 9110, 8.8, 13.1)."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date
from email.utils import formatdate, parsedate_to_datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from scheduler.server.publishing.store import Stored, calendars_of, former_calendar

EVENT, ZONE, END = b"BEGIN:VEVENT\r\n", b"BEGIN:VTIMEZONE\r\n", b"END:VCALENDAR\r\n"
_STARTS = re.compile(rb"\r\nDTSTART[^:\r\n]*:(\d{4})(\d\d)(\d\d)")
FORM = "1"
"""Part of every ETag: count it up when `join` makes other bytes of the same calendars."""
TYPE = "text/calendar; charset=utf-8"


class Answer(NamedTuple):
    """What is sent: status, headers, body."""

    status: int
    headers: dict[str, str]
    body: bytes


def answer(connection: Connection, subject_id: int, asked: Mapping[str, str]) -> Answer:
    """Return a subject's feed, or that it has not changed.

    Parameters
    ----------
    asked : the request's headers, by lower-case names.
    """
    marks = calendars_of(connection, subject_id, content=False)
    if marks and is_known(asked, _tag(marks), _changed(marks)):
        return _answer(marks, b"", asked, 304)
    if marks:
        stored = calendars_of(connection, subject_id, content=True)
        return _answer(stored, join(stored), asked, 200)
    former = former_calendar(connection, subject_id)
    if former is None:
        return Answer(404, {}, b"")
    content, since = former
    ended = _without_events(content)
    only = [Stored(hashlib.sha256(ended).hexdigest(), since, since, "", "", "")]
    known = is_known(asked, _tag(only), since)
    return _answer(only, ended, asked, 304 if known else 200)


def join(stored: Sequence[Stored]) -> bytes:
    """Return one calendar with the events of all; a day that two periods hold is as the later published one has it.

    Parameters
    ----------
    stored : in the order of publication, each with its content.
    """
    if len(stored) == 1:
        return stored[0].content
    latest = max(stored, key=lambda one: one.first_day)
    head = _head(latest.content)
    zones = b"".join(
        _zone(name, *_reach([one for one in stored if one.timezone == name]))
        for name in dict.fromkeys(one.timezone for one in stored)
    )
    events: list[tuple[str, bytes]] = []
    for number, one in enumerate(stored):
        later = stored[number + 1 :]
        events += [
            (day, event)
            for day, event in _events(one.content)
            if not any(other.first_day <= day <= other.last_day for other in later)
        ]
    events.sort(key=lambda found: found[0])
    return b"".join((head, zones, *(event for _, event in events), END))


def _head(content: bytes) -> bytes:
    return re.split(b"BEGIN:V(?:TIMEZONE|EVENT)\r\n|END:VCALENDAR\r\n", content, maxsplit=1)[0]


def _events(content: bytes) -> Iterator[tuple[str, bytes]]:
    for block in content.removesuffix(END).split(EVENT)[1:]:
        start = _STARTS.search(block)
        yield (b"-".join(start.groups()).decode() if start else ""), EVENT + block


def _without_events(content: bytes) -> bytes:
    head, rest = content.removesuffix(END).split(EVENT)[0], END
    return head + rest


def _reach(stored: Sequence[Stored]) -> tuple[str, str]:
    return min(one.first_day for one in stored), max(one.last_day for one in stored)


@lru_cache(maxsize=256)
def _zone(name: str, first: str, last: str) -> bytes:
    from scheduler.write.calendar.zone import zone_component

    reach = (date.fromisoformat(first), date.fromisoformat(last))
    rendered: bytes = zone_component(ZoneInfo(name), *reach).to_ical(sorted=False)
    return rendered


def _tag(stored: Sequence[Stored]) -> str:
    """Return the strong validator: equal exactly where the bytes are."""
    facts = [FORM, *(f"{s.sha256} {s.first_day} {s.last_day} {s.timezone}" for s in stored)]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:40]


def _changed(stored: Sequence[Stored]) -> int:
    return max(one.changed_at for one in stored)


def is_known(asked: Mapping[str, str], tag: str, changed: int) -> bool:
    """Whether the reader has it; If-None-Match, where given, decides alone (RFC 9110, 13.2.2)."""
    if (tags := asked.get("if-none-match")) is not None:
        given = {one.strip().removeprefix("W/") for one in tags.split(",")}
        return "*" in given or bool(given & {f'"{tag}"', f'"{tag}-gzip"'})
    try:
        since = parsedate_to_datetime(asked.get("if-modified-since", ""))
    except ValueError:
        return False
    return changed <= since.replace(tzinfo=since.tzinfo or UTC).timestamp()


def unchanged(tag: str, changed: int, *, zipped: bool) -> Answer:
    """Return that the reader has the feed of this tag already."""
    return Answer(304, _marks(tag, changed, zipped=zipped), b"")


def _marks(tag: str, changed: int, *, zipped: bool) -> dict[str, str]:
    return {
        "ETag": f'"{tag}-gzip"' if zipped else f'"{tag}"',
        "Last-Modified": formatdate(changed, usegmt=True),
        "Cache-Control": "private, no-cache",
        "Vary": "Accept-Encoding",
    }


def _answer(stored: Sequence[Stored], body: bytes, asked: Mapping[str, str], status: int) -> Answer:
    tag, changed, zipped = _tag(stored), _changed(stored), takes_gzip(asked.get("accept-encoding", ""))
    if status == 304:
        return unchanged(tag, changed, zipped=zipped)
    headers = _marks(tag, changed, zipped=zipped)
    headers["Content-Type"] = TYPE
    headers["Content-Disposition"] = 'inline; filename="giliran.ics"'
    if zipped:
        headers["Content-Encoding"] = "gzip"
        body = gzip.compress(body, 6, mtime=0)
    return Answer(200, headers, body)


def takes_gzip(accepted: str) -> bool:
    """Whether the reader takes a gzipped body, by its Accept-Encoding."""
    for part in accepted.lower().split(","):
        name, _, quality = part.partition(";")
        if name.strip() in ("gzip", "*"):
            return not re.fullmatch(r"\s*q\s*=\s*0(\.0*)?\s*", quality)
    return False
