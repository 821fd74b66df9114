"""What people asked for by phone: to be away, or to leave the area; their head decides."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, RowMapping, func, select

from scheduler.server.board.visit import Visit
from scheduler.server.phone.permits import OUTING, kind_label
from scheduler.server.store.tables import PERMIT_REQUEST, SUBJECT

MOST = 50


def waiting(connection: Connection, visit: Visit) -> list[dict[str, Any]]:
    """Return the unit's requests that nobody has decided on, oldest first."""
    wanted = select(PERMIT_REQUEST, SUBJECT.c.key, SUBJECT.c.name).join(
        SUBJECT, PERMIT_REQUEST.c.subject_id == SUBJECT.c.id
    )
    rows = connection.execute(
        wanted.where(*_mine(visit)).order_by(PERMIT_REQUEST.c.id).limit(MOST)
    ).mappings()
    return [
        {**row, "word": kind_label(row["kind"], visit.language), "is_outing": row["kind"] == OUTING}
        for row in rows
    ]


def count(connection: Connection, visit: Visit) -> int:
    """Return how many wait."""
    counted = (
        select(func.count())
        .select_from(PERMIT_REQUEST)
        .join(SUBJECT, PERMIT_REQUEST.c.subject_id == SUBJECT.c.id)
    )
    found: int = connection.execute(counted.where(*_mine(visit))).scalar_one()
    return found


def find(connection: Connection, visit: Visit, number: str) -> RowMapping | None:
    """Return one that waits in this very unit."""
    if not (number.isascii() and number.isdigit() and len(number) < 16):
        return None
    wanted = select(PERMIT_REQUEST, SUBJECT.c.key).join(SUBJECT, PERMIT_REQUEST.c.subject_id == SUBJECT.c.id)
    return (
        connection.execute(wanted.where(*_mine(visit), PERMIT_REQUEST.c.id == int(number))).mappings().first()
    )


def _mine(visit: Visit) -> tuple[Any, ...]:
    return (
        SUBJECT.c.scenario_id == visit.place["id"],
        SUBJECT.c.unit == visit.office["key"],
        PERMIT_REQUEST.c.decision == "",
    )
