"""Published revisions: stored whole or not at all, the current one of each period marked, former ones kept.

Everything here takes a connection, so that whoever calls says what is one transaction (`database.writing`).
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping, Select, and_, bindparam, insert, select, update

from scheduler.errors import UsageError
from scheduler.language import Bilingual
from scheduler.server.publishing.publication import Publication, Subject
from scheduler.server.publishing.sequences import counted_on
from scheduler.server.store.changes import count_change
from scheduler.server.store.tables import CALENDAR, PERSON_DAY, REVISION, SCENARIO, SUBJECT

BATCH = 2_000
"""Rows sent at once."""


class Published(NamedTuple):
    """What became of a publication: its revision's row, and whether it was there already."""

    revision_id: int
    unchanged: bool


class Stored(NamedTuple):
    """One calendar of one current revision, with what joining it to other periods needs; content only if asked."""

    sha256: str
    changed_at: int
    published_at: int
    first_day: str
    last_day: str
    timezone: str
    content: bytes = b""


def lock_scenario(connection: Connection, scenario: int) -> None:
    """Have other publications of a scenario wait in line until the transaction ends; SQLite has one writer anyway."""
    connection.execute(select(SCENARIO.c.id).where(SCENARIO.c.id == scenario).with_for_update())


def publish(
    connection: Connection,
    new: Publication,
    now: int,
    *,
    force: bool = False,
    lock: Callable[[Connection, int], None] = lock_scenario,
) -> Published:
    """Store a revision and make it the current one of its period; the former stays, no longer current.

    Parameters
    ----------
    now : seconds since 1970.
    force : publish even where a later revision, or another of the same number, is current.
    lock : keeps others from publishing the same scenario meanwhile; a test takes it away to see what it is for.

    Raises
    ------
    UsageError
        Where a later revision, or another of the same number, is current: calendars would count backwards.
    """
    scenario = _scenario(connection, new, lock)
    current = _current(connection, scenario, new)
    if current and current["sha256"] == new.sha256:
        return Published(current["id"], unchanged=True)
    if current and current["number"] >= new.number and not force:
        raise _refusal(new, current["number"])
    calendars = counted_on(connection, scenario, new)
    if current:
        now = max(now, current["published_at"] + 1)  # Last-Modified has whole seconds
        connection.execute(update(REVISION).where(REVISION.c.id == current["id"]).values(is_current=False))
    revision = connection.execute(
        insert(REVISION).returning(REVISION.c.id),
        {
            "scenario_id": scenario,
            "first_day": new.first.isoformat(),
            "last_day": new.last.isoformat(),
            "number": new.number,
            "sha256": new.sha256,
            "published_at": now,
            "is_current": True,
        },
    ).scalar_one()
    subjects = _subjects(connection, scenario, new.calendars)
    known = _known(connection, current["id"] if current else None)
    for rows in _batches(_calendar_rows(calendars, revision, subjects, known, now)):
        connection.execute(insert(CALENDAR), rows)
    for rows in _batches(_day_rows(new, revision, subjects)):
        connection.execute(insert(PERSON_DAY), rows)
    count_change(connection)
    return Published(revision, unchanged=False)


def _scenario(connection: Connection, new: Publication, lock: Callable[[Connection, int], None]) -> int:
    """Return the scenario's row, added where it is new, locked, and brought up to date."""
    facts = {
        "title": new.title,
        "timezone": new.timezone,
        "language": new.language,
        "retention_days": new.retention_days,
        "decimals": new.decimals,
    }
    mine = and_(SCENARIO.c.name == new.name, SCENARIO.c.fingerprint == new.fingerprint)
    row = {"name": new.name, "fingerprint": new.fingerprint, **facts}
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as add

        connection.execute(add(SCENARIO).values(row).on_conflict_do_nothing())
    elif connection.execute(select(SCENARIO.c.id).where(mine)).first() is None:
        connection.execute(insert(SCENARIO), row)
    scenario: int = connection.execute(select(SCENARIO.c.id).where(mine)).scalar_one()
    lock(connection, scenario)
    known = connection.execute(select(SCENARIO).where(SCENARIO.c.id == scenario)).mappings().one()
    if any(known[name] != fact for name, fact in facts.items()):
        connection.execute(update(SCENARIO).where(SCENARIO.c.id == scenario).values(facts))
        count_change(connection)  # also where the revision is there already: pages remember the zone
    return scenario


def _current(connection: Connection, scenario: int, new: Publication) -> RowMapping | None:
    c = REVISION.c
    wanted = (c.scenario_id == scenario, c.first_day == new.first.isoformat(), c.is_current)
    found = connection.execute(select(REVISION).where(*wanted, c.last_day == new.last.isoformat()))
    return found.mappings().first()


def _refusal(new: Publication, number: int) -> UsageError:
    return UsageError(
        Bilingual(
            id=f"{new.name} {new.first}..{new.last}: revisi {number} sudah terbit dan isinya lain; revisi {new.number} tidak menggantikannya. Paksa dengan --force.",
            en=f"{new.name} {new.first}..{new.last}: revision {number} is published and differs; revision {new.number} does not replace it. Insist by --force.",
        )
    )


def _subjects(
    connection: Connection, scenario: int, wanted: Mapping[Subject, Any]
) -> dict[tuple[str, str], int]:
    """Return the rows of people and units by kind and key; new ones are added, names brought up to date."""
    c = SUBJECT.c
    rows = connection.execute(select(SUBJECT).where(c.scenario_id == scenario)).mappings().all()
    known = {(row["kind"], row["key"]): row for row in rows}
    missing = []
    for subject in wanted:
        row = known.get((subject.kind, subject.key))
        if row is None:
            facts = {"kind": subject.kind, "key": subject.key, "name": subject.name, "unit": subject.unit}
            missing.append({"scenario_id": scenario, **facts})
        elif (row["name"], row["unit"]) != (subject.name, subject.unit):
            changed = update(SUBJECT).where(c.id == row["id"])
            connection.execute(changed.values(name=subject.name, unit=subject.unit))
    for batch in _batches(iter(missing)):
        connection.execute(insert(SUBJECT), batch)
    found = connection.execute(select(c.kind, c.key, c.id).where(c.scenario_id == scenario))
    return {(kind, key): subject_id for kind, key, subject_id in found}


def _known(connection: Connection, revision: int | None) -> dict[int, tuple[str, int]]:
    c = CALENDAR.c
    found = connection.execute(select(c.subject_id, c.sha256, c.changed_at).where(c.revision_id == revision))
    return {subject: (sha256, changed_at) for subject, sha256, changed_at in found}


def _calendar_rows(
    calendars: Mapping[Subject, bytes],
    revision: int,
    subjects: Mapping[tuple[str, str], int],
    known: Mapping[int, tuple[str, int]],
    now: int,
) -> Iterator[dict[str, Any]]:
    for subject, content in calendars.items():
        subject_id = subjects[subject.kind, subject.key]
        sha256 = hashlib.sha256(content).hexdigest()
        before, since = known.get(subject_id, ("", now))
        yield {
            "revision_id": revision,
            "subject_id": subject_id,
            "sha256": sha256,
            "changed_at": since if before == sha256 else now,
            "content": zlib.compress(content),
        }


def _day_rows(
    new: Publication, revision: int, subjects: Mapping[tuple[str, str], int]
) -> Iterator[dict[str, Any]]:
    for day in new.days:
        yield {
            "revision_id": revision,
            "subject_id": subjects["person", day.person_id],
            "day": day.day,
            "unit": day.unit,
            "status": day.status,
            "roles": day.roles,
            "checkpoints": day.checkpoints,
        }


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def revisions(connection: Connection) -> Sequence[RowMapping]:
    """Return every revision ever published with its scenario's name, oldest first."""
    joined = REVISION.join(SCENARIO, REVISION.c.scenario_id == SCENARIO.c.id)
    wanted = select(REVISION, SCENARIO.c.name, SCENARIO.c.title).select_from(joined).order_by(REVISION.c.id)
    return connection.execute(wanted).mappings().all()


def calendars_of(connection: Connection, subject_id: int, *, content: bool) -> list[Stored]:
    """Return a subject's calendars of all current revisions, in the order in which they were published.

    Parameters
    ----------
    content : False where only what they are is wanted, which is far quicker.
    """
    found = connection.execute(_calendars(content=content), {"subject": subject_id})
    return [Stored(*row[:6], *map(zlib.decompress, row[6:])) for row in found]


@cache
def _calendars(*, content: bool) -> Select[Any]:
    joined = CALENDAR.join(REVISION, CALENDAR.c.revision_id == REVISION.c.id)
    joined = joined.join(SCENARIO, REVISION.c.scenario_id == SCENARIO.c.id)
    c, r = CALENDAR.c, REVISION.c
    columns: list[Any] = [
        c.sha256,
        c.changed_at,
        r.published_at,
        r.first_day,
        r.last_day,
        SCENARIO.c.timezone,
    ]
    wanted = select(*columns, *([c.content] if content else [])).select_from(joined)
    return wanted.where(c.subject_id == bindparam("subject"), r.is_current).order_by(r.published_at, r.id)


def former_calendar(connection: Connection, subject_id: int) -> tuple[bytes, int] | None:
    """Return the calendar that a subject had last, and when the revision without it was published."""
    joined = CALENDAR.join(REVISION, CALENDAR.c.revision_id == REVISION.c.id)
    c = REVISION.c
    columns = (CALENDAR.c.content, c.scenario_id, c.first_day, c.last_day)
    wanted = select(*columns).select_from(joined).where(CALENDAR.c.subject_id == subject_id)
    found = connection.execute(wanted.order_by(c.id.desc()).limit(1)).first()
    if found is None:
        return None
    content, scenario, first, last = found
    same = (c.scenario_id == scenario, c.first_day == first, c.last_day == last, c.is_current)
    since = connection.execute(select(c.published_at).where(*same)).scalar_one()
    return zlib.decompress(content), since


def day_of(connection: Connection, subject_id: int, day: str) -> RowMapping | None:
    """Return a person's day in the revision published last of those that hold it, or None."""
    joined = PERSON_DAY.join(REVISION, PERSON_DAY.c.revision_id == REVISION.c.id)
    wanted = (PERSON_DAY.c.subject_id == subject_id, PERSON_DAY.c.day == day, REVISION.c.is_current)
    found = select(PERSON_DAY).select_from(joined).where(*wanted).order_by(REVISION.c.published_at.desc())
    return connection.execute(found.limit(1)).mappings().first()
