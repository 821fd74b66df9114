"""Work that takes longer than a page: its rows in the database, where every server process sees how far it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update

from scheduler.errors import UsageError
from scheduler.language import Bilingual
from scheduler.server.board.visit import Upload
from scheduler.server.store.board_tables import JOB

WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"
QUIET = 90
"""Seconds without a sign of life after which running work counts as lost: its server was stopped or killed."""
KEPT = 7 * 86_400
"""Seconds after which a job's upload and result are dropped: they hold people's names."""
MOST_WAITING = 20


def add(
    connection: Connection,
    account: int,
    scenario: int,
    unit: str,
    kind: str,
    asked: Mapping[str, Any],
    now: float,
    file: Upload | None = None,
) -> int:
    """Add a job and return its row; those long past lose what they held.

    Raises
    ------
    UsageError
        Where too many wait already.
    """
    c = JOB.c
    connection.execute(
        update(JOB).where(c.made_at < now - KEPT, c.asked != "{}").values(file=None, asked="{}", result="{}")
    )
    waiting = select(c.id).where(c.state.in_((WAITING, RUNNING)), c.touched_at > now - QUIET)
    if len(connection.execute(waiting.limit(MOST_WAITING)).all()) >= MOST_WAITING:
        raise UsageError(
            Bilingual(
                id="Peladen sedang mengerjakan banyak hal. Coba lagi sebentar lagi.",
                en="The server has much to do. Try again in a moment.",
            )
        )
    row = {
        "account_id": account,
        "scenario_id": scenario,
        "unit": unit,
        "kind": kind,
        "state": WAITING,
        "asked": json.dumps(asked, ensure_ascii=False),
        "file": file.content if file else None,
        "file_name": file.name if file else "",
        "done": 0,
        "total": 0,
        "result": "{}",
        "made_at": int(now),
        "touched_at": int(now),
    }
    made: int = connection.execute(insert(JOB).returning(c.id), row).scalar_one()
    return made


def read(connection: Connection, job: int) -> RowMapping | None:
    """Return a job's row."""
    return connection.execute(select(JOB).where(JOB.c.id == job)).mappings().first()


def change(connection: Connection, job: int, now: float, **values: Any) -> None:
    """Change a job that has not ended."""
    live = (JOB.c.id == job, JOB.c.state.in_((WAITING, RUNNING)))
    connection.execute(update(JOB).where(*live).values(touched_at=int(now), **values))


def finish(connection: Connection, job: int, now: float, state: str, result: Mapping[str, Any]) -> None:
    """End a job with what came of it."""
    change(connection, job, now, state=state, result=json.dumps(result, ensure_ascii=False, default=str))


def state_of(row: RowMapping, now: float) -> str:
    """Return a job's state; one that gave no sign of life for long counts as failed."""
    if row["state"] in (WAITING, RUNNING) and row["touched_at"] < now - QUIET:
        return FAILED
    return str(row["state"])


def recent(connection: Connection, scenario: int, most: int = 10) -> list[RowMapping]:
    """Return a scenario's last jobs about all of it, newest first, without their contents."""
    c = JOB.c
    columns = (c.id, c.kind, c.unit, c.state, c.made_at, c.touched_at)
    wanted = select(*columns).where(c.scenario_id == scenario, c.unit == "")
    return list(connection.execute(wanted.order_by(c.made_at.desc(), c.id.desc()).limit(most)).mappings())
