"""What people sent is deleted once the policy's retention is over: daily in the server, and by `giliran purge`.

UU PDP 27/2022: evidence is kept no longer than its purpose needs. Verdicts stand in the reports, which stay.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, Table, delete, select, text, update

from scheduler.checkins.settings import Privacy
from scheduler.server.database import writing
from scheduler.server.tables import (
    ACTIVITY,
    CHECKIN,
    PERMIT_REQUEST,
    REACH_CALL,
    SCENARIO,
    SUBJECT,
    TELEGRAM_MESSAGE,
)

RETENTION_LOCK = 0x7075726765
"""Of PostgreSQL's advisory locks: "purge" in ASCII; of several servers one deletes."""
BATCH = 1_000
"""Rows deleted in one transaction: check-ins that arrive meanwhile wait for one of these, not for all."""


class Purged(NamedTuple):
    """What was deleted of one scenario: how many rows, and the day before which nothing is left."""

    scenario: str
    before: date
    rows: int


def purge(engine: Engine, now: float, *, days: int | None = None, dry_run: bool = False) -> list[Purged]:
    """Delete whatever is past its scenario's retention; nothing where another process is at it.

    Parameters
    ----------
    now : seconds since 1970; a day counts in the scenario's zone.
    days : a retention for all instead of each scenario's own.
    dry_run : only count.
    """
    found: list[Purged] = []
    with _alone(engine) as is_mine:
        if is_mine:
            with engine.connect() as connection:
                scenarios = connection.execute(select(SCENARIO).order_by(SCENARIO.c.id)).mappings().all()
            for scenario in scenarios:
                found.append(_purge_scenario(engine, scenario, now, days, dry_run=dry_run))
            _purge_strangers(engine, now, days, dry_run=dry_run)
    return [one for one in found if one.rows]


def _purge_scenario(
    engine: Engine, scenario: RowMapping, now: float, days: int | None, *, dry_run: bool
) -> Purged:
    zone = ZoneInfo(scenario["timezone"])
    today = datetime.fromtimestamp(now, zone).date()
    before = today - timedelta(days=days or scenario["retention_days"])
    instant = int(datetime.combine(before, time(), zone).timestamp())
    own = select(SUBJECT.c.id).where(SUBJECT.c.scenario_id == scenario["id"])
    rows = 0
    for table, is_past in _past(before, instant):
        wanted = (table.c.subject_id.in_(own), is_past)
        for deleted in _delete(engine, table, wanted, dry_run=dry_run):
            rows += deleted
    if rows and not dry_run:
        with writing(engine) as connection:
            known = update(SCENARIO).where(SCENARIO.c.id == scenario["id"])
            connection.execute(known.values(purged_until=max(instant * 1000, scenario["purged_until"] or 0)))
    return Purged(scenario["name"], before, rows)


def _past(before: date, instant: int) -> list[tuple[Table, ColumnElement[bool]]]:
    return [
        (CHECKIN, CHECKIN.c.happened_at < instant * 1000),
        (ACTIVITY, ACTIVITY.c.happened_at < instant * 1000),
        (REACH_CALL, REACH_CALL.c.asked_at < instant * 1000),
        (TELEGRAM_MESSAGE, TELEGRAM_MESSAGE.c.at < instant),
        (PERMIT_REQUEST, PERMIT_REQUEST.c.last_day < before.isoformat()),
    ]


def _purge_strangers(engine: Engine, now: float, days: int | None, *, dry_run: bool) -> None:
    """Delete what Telegram accounts sent that nobody was ever linked to; it is of no scenario's retention."""
    kept = timedelta(days=days or Privacy().retention_days)
    instant = int((datetime.fromtimestamp(now, UTC) - kept).timestamp())
    wanted = (TELEGRAM_MESSAGE.c.subject_id.is_(None), TELEGRAM_MESSAGE.c.at < instant)
    for _ in _delete(engine, TELEGRAM_MESSAGE, wanted, dry_run=dry_run):
        pass


def _delete(
    engine: Engine, table: Table, wanted: tuple[ColumnElement[bool], ...], *, dry_run: bool
) -> Iterator[int]:
    """Delete in small transactions; yield how many rows each took, or would take."""
    if dry_run:
        with engine.connect() as connection:
            yield len(connection.execute(select(table.c.id).where(*wanted)).all())
        return
    while True:
        with writing(engine) as connection:
            batch = connection.execute(select(table.c.id).where(*wanted).limit(BATCH)).scalars().all()
            if batch:
                connection.execute(delete(table).where(table.c.id.in_(batch)))
        yield len(batch)
        if len(batch) < BATCH:
            return


@contextmanager
def _alone(engine: Engine) -> Iterator[bool]:
    """Yield whether no other process purges now; on SQLite two may, for the second finds nothing left."""
    if engine.dialect.name != "postgresql":
        yield True
        return
    with engine.connect() as connection:
        is_mine = _ask(connection, "SELECT pg_try_advisory_lock(:key)")
        try:
            yield is_mine
        finally:
            if is_mine:
                _ask(connection, "SELECT pg_advisory_unlock(:key)")


def _ask(connection: Connection, question: str) -> bool:
    found: Any = connection.execute(text(question), {"key": RETENTION_LOCK}).scalar()
    connection.commit()
    return bool(found)
