"""What people's phones send: check-ins and requests as rows, and check-ins as evidence for `giliran checkins`.

Two clocks are kept. The phone's may be wrong or turned, so what counts is the server's clock at arrival, less
the time that the phone says the check-in waited in its queue; how far the two clocks differ is kept to be seen.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from scheduler.server.phone.putting import put
from scheduler.server.store.tables import ACTIVITY, CHECKIN, PERMIT_REQUEST, REVISION, SCENARIO, SUBJECT

LONGEST_QUEUE = 7 * 86_400_000
"""Milliseconds: what waited longer counts as having waited so long."""
EVIDENCE = "giliran-checkin"
DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkin:
    """One press of the button; times in milliseconds since 1970, by the phone's clock.

    Attributes
    ----------
    client_id : made by the phone, so that sending again stores nothing twice.
    accuracy : metres.
    failure : why there is no place: denied, unavailable, timeout, unsupported; "answer" where a call was answered
        and none was asked for; else empty.
    """

    client_id: str
    taken_at: int
    sent_at: int
    latitude: float | None = None
    longitude: float | None = None
    accuracy: float | None = None
    failure: str = ""
    reason: str = ""

    def row(self, subject_id: int, received_at: int) -> dict[str, Any]:
        """Return the row of the database."""
        return {
            "subject_id": subject_id,
            "client_id": self.client_id,
            "received_at": received_at,
            "taken_at": self.taken_at,
            "sent_at": self.sent_at,
            "happened_at": self.happened_at(received_at),
            "latitude": self.latitude,
            "longitude": self.longitude,
            "accuracy": self.accuracy,
            "failure": self.failure,
            "reason": self.reason,
        }

    def happened_at(self, received_at: int) -> int:
        """Return when it was taken, by the server's clock."""
        return received_at - waited(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class PermitRequest:
    """One request to be away; dates both included."""

    client_id: str
    first_day: date
    last_day: date
    kind: str
    reason: str

    def row(self, subject_id: int, received_at: int) -> dict[str, Any]:
        """Return the row of the database."""
        days = {"first_day": self.first_day.isoformat(), "last_day": self.last_day.isoformat()}
        return {"subject_id": subject_id, **asdict(self), **days, "received_at": received_at}


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityEntry:
    """One piece of work done on a day, against a target where one is named; both clocks as of a check-in."""

    client_id: str
    taken_at: int
    sent_at: int
    day: date
    target: str
    activity: str

    def row(self, subject_id: int, received_at: int) -> dict[str, Any]:
        """Return the row of the database."""
        times = {"received_at": received_at, "happened_at": received_at - waited(self)}
        return {"subject_id": subject_id, **asdict(self), "day": self.day.isoformat(), **times}


Arrival = Checkin | PermitRequest | ActivityEntry
TABLES = {Checkin: CHECKIN, PermitRequest: PERMIT_REQUEST, ActivityEntry: ACTIVITY}


def waited(arrival: Checkin | ActivityEntry) -> int:
    """Return for how many milliseconds the phone held it back, by its own clock."""
    return min(max(0, arrival.sent_at - arrival.taken_at), LONGEST_QUEUE)


def store(
    connection: Connection, rows: Sequence[tuple[int, Arrival]], received_at: int, number: int | None = None
) -> list[bool]:
    """Store arrivals by (subject, arrival); return for each whether it is new. All are durable after the commit.

    Parameters
    ----------
    number : as `putting.put` takes it, on PostgreSQL.

    Raises
    ------
    OutdatedError
        As `putting.put` raises it; some may have been stored then, and are not new the next time.
    """
    new: set[tuple[type, int, str]] = set()
    for kind, table in TABLES.items():
        mine = {(s, a.client_id): a.row(s, received_at) for s, a in reversed(rows) if isinstance(a, kind)}
        if mine:
            added = put(connection, table, list(mine.values()), number)
            new |= {(kind, subject, client_id) for subject, client_id in added}
    found = []
    for subject, arrival in rows:
        one = (type(arrival), subject, arrival.client_id)
        found.append(one in new)
        new.discard(one)
    return found


def requests(connection: Connection, scenario: str | None = None) -> Sequence[RowMapping]:
    """Return the requests to be away, oldest first, with the scenario, person and unit."""
    joined = PERMIT_REQUEST.join(SUBJECT, PERMIT_REQUEST.c.subject_id == SUBJECT.c.id)
    joined = joined.join(SCENARIO, SUBJECT.c.scenario_id == SCENARIO.c.id)
    columns = (
        SCENARIO.c.name.label("scenario"),
        SUBJECT.c.unit,
        SUBJECT.c.key.label("person_id"),
        SUBJECT.c.name,
    )
    wanted = select(*columns, PERMIT_REQUEST).select_from(joined)
    if scenario is not None:
        wanted = wanted.where(SCENARIO.c.name == scenario)
    return connection.execute(wanted.order_by(PERMIT_REQUEST.c.id)).mappings().all()


def evidence_lines(connection: Connection, fingerprint: str, first: date, last: date) -> Iterator[str]:
    """Yield the check-ins of one scenario as JSON, a line each, in the order of arrival.

    One day more on either side, for windows that reach over midnight.

    Parameters
    ----------
    fingerprint : of the scenario's calendar key (`publication.fingerprint_of`).
    """
    from datetime import UTC, datetime, time

    joined = CHECKIN.join(SUBJECT, CHECKIN.c.subject_id == SUBJECT.c.id)
    joined = joined.join(SCENARIO, SUBJECT.c.scenario_id == SCENARIO.c.id)
    c = CHECKIN.c
    since = int(datetime.combine(first, time(), UTC).timestamp()) * 1000 - DAY_MS
    until = int(datetime.combine(last, time(), UTC).timestamp()) * 1000 + 2 * DAY_MS
    wanted = select(CHECKIN, SUBJECT.c.key, SUBJECT.c.name).select_from(joined)
    wanted = wanted.where(
        SCENARIO.c.fingerprint == fingerprint, c.happened_at >= since, c.happened_at < until
    ).order_by(c.id)
    for row in connection.execution_options(yield_per=5_000).execute(wanted).mappings():
        yield evidence_line(row)


def evidence_line(row: RowMapping) -> str:
    """Return a check-in, with its subject's `key` and `name`, as a line of evidence."""
    return json.dumps(evidence_row(row), ensure_ascii=False) + "\n"


def evidence_row(row: RowMapping) -> dict[str, Any]:
    """Return what that line says."""
    return {
        "source": EVIDENCE,
        "person_id": row["key"],
        "name": row["name"],
        "at": row["happened_at"],
        "received_at": row["received_at"],
        "taken_at": row["taken_at"],
        "sent_at": row["sent_at"],
        **_place(row),
        "accuracy": row["accuracy"],
        "failure": row["failure"],
        "reason": row["reason"],
    }


def _place(row: RowMapping) -> dict[str, Any]:
    """Return where it was, or once that is forgotten (`judged.py`), how far from home and whether in the region."""
    if row["judged_at"] is None:
        return {"latitude": row["latitude"], "longitude": row["longitude"]}
    return {"kept": [row["distance_m"], row["in_region"]]}


def newest(connection: Connection) -> int | None:
    """Return the latest time at which anything was received or published, in seconds, or None."""
    times = [
        connection.execute(select(CHECKIN.c.received_at).order_by(CHECKIN.c.id.desc()).limit(1)).scalar(),
        connection.execute(
            select(PERMIT_REQUEST.c.received_at).order_by(PERMIT_REQUEST.c.id.desc()).limit(1)
        ).scalar(),
    ]
    seconds = [time // 1000 for time in times if time is not None]
    latest = connection.execute(
        select(REVISION.c.published_at).order_by(REVISION.c.id.desc()).limit(1)
    ).scalar()
    return max([*seconds, *([latest] if latest else [])], default=None)
