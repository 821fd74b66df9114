"""SEQUENCE of events that tell of several people, kept from falling (RFC 5545, 3.8.7.4).

The events of units and supervisors count how often their people changed; whoever leaves takes their count along. What
readers were last given of the same UID is in the former revisions, which stay in the database: an event that differs
from it counts on from there, and one that does not is given again as it was.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, select

from scheduler.server.publishing.publication import Publication, Subject
from scheduler.server.store.tables import CALENDAR, REVISION, SUBJECT

GROUPS = ("unit", "supervisor")
EVENT, END_EVENT = b"BEGIN:VEVENT\r\n", b"END:VEVENT\r\n"
_UID = re.compile(rb"\r\nUID:((?:[^\r\n]|\r\n[ \t])*)\r\n")
_COUNT = re.compile(rb"\r\nSEQUENCE:(\d+)(?=\r\n)")
_STAMP = re.compile(rb"(\r\n(?:DTSTAMP|LAST-MODIFIED):)(\d{8}T\d{6})(?=Z\r\n)")
_FORM = "%Y%m%dT%H%M%S"


class _Event(NamedTuple):
    """One event: `said` is all of it but its count and stamps."""

    uid: bytes
    sequence: int
    said: bytes
    block: bytes


def counted_on(connection: Connection, scenario: int, new: Publication) -> Mapping[Subject, bytes]:
    """Return the calendars of a publication with no event's SEQUENCE below what readers of it were given before.

    Parameters
    ----------
    scenario : its row; other publications of it wait until the transaction ends.
    """
    former = _former_revisions(connection, scenario, new)
    if not former:
        return new.calendars
    given = _calendars(connection, former[:1])
    earlier: dict[tuple[str, str], dict[bytes, _Event]] | None = None
    found = dict(new.calendars)
    for subject, content in new.calendars.items():
        if subject.kind not in GROUPS:
            continue
        key = (subject.kind, subject.key)
        known = given.get(key, {})
        if any(event.uid not in known for event in _events(content)):
            if earlier is None:
                earlier = _calendars(connection, former[1:])
            known = {**earlier.get(key, {}), **known}
        found[subject] = _raise(content, known)
    return found


def _raise(content: bytes, known: Mapping[bytes, _Event]) -> bytes:
    for event in _events(content):
        before = known.get(event.uid)
        if before is None:
            continue
        block = before.block
        if before.said != event.said:
            block = _with_count(event, max(event.sequence, before.sequence + 1))
        content = content.replace(event.block, block, 1)
    return content


def _with_count(event: _Event, count: int) -> bytes:
    """Return an event with another count; its stamps say a minute later for each (`write.calendar.events`)."""
    later = timedelta(minutes=count - event.sequence)

    def move(stamp: re.Match[bytes]) -> bytes:
        moment = datetime.strptime(stamp[2].decode(), _FORM) + later  # noqa: DTZ007 - UTC before and after
        return stamp[1] + moment.strftime(_FORM).encode()

    return _STAMP.sub(move, _COUNT.sub(b"\r\nSEQUENCE:%d" % count, event.block))


def _events(content: bytes) -> Iterator[_Event]:
    for part in content.split(EVENT)[1:]:
        block = EVENT + part[: part.rindex(END_EVENT)] + END_EVENT
        uid, count = _UID.search(block), _COUNT.search(block)
        if uid is not None:
            said = _STAMP.sub(rb"\1", _COUNT.sub(b"", block))
            yield _Event(uid[1], int(count[1]) if count else 0, said, block)


def _former_revisions(connection: Connection, scenario: int, new: Publication) -> list[int]:
    """Return the rows of all revisions of the same period, newest first."""
    c = REVISION.c
    same = (
        c.scenario_id == scenario,
        c.first_day == new.first.isoformat(),
        c.last_day == new.last.isoformat(),
    )
    return list(connection.execute(select(c.id).where(*same).order_by(c.id.desc())).scalars())


def _calendars(
    connection: Connection, revisions: Sequence[int]
) -> dict[tuple[str, str], dict[bytes, _Event]]:
    """Return by subject what readers were given of each event last; revisions come newest first."""
    c = CALENDAR.c
    found: dict[tuple[str, str], dict[bytes, _Event]] = {}
    for revision in reversed(revisions):
        wanted = select(SUBJECT.c.kind, SUBJECT.c.key, c.content).join(SUBJECT, c.subject_id == SUBJECT.c.id)
        for kind, key, content in connection.execute(
            wanted.where(c.revision_id == revision, SUBJECT.c.kind.in_(GROUPS))
        ):
            own = found.setdefault((kind, key), {})
            own.update((event.uid, event) for event in _events(zlib.decompress(content)))
    return found
