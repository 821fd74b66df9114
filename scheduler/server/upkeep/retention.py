"""What people sent is deleted once the policy's retention is over: daily in the server, and by `giliran purge`.

UU PDP 27/2022: evidence is kept no longer than its purpose needs. Verdicts stand in the reports, which stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    RowMapping,
    Table,
    delete,
    func,
    select,
    text,
    update,
)

from scheduler.checkins.settings import Privacy
from scheduler.server.board.audit_retention import DAYS as AUDIT_DAYS
from scheduler.server.board.audit_retention import prune
from scheduler.server.store.database import writing
from scheduler.server.store.tables import (
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
    """What was deleted of one scenario: how many rows, and the day before which nothing is left.

    `what` is evidence (what people sent) or audit (the board's log; its scenario is empty where it concerns none).
    """

    scenario: str
    before: date
    rows: int
    what: str = "evidence"


def purge(
    engine: Engine,
    now: float,
    *,
    days: int | None = None,
    audit_days: int = AUDIT_DAYS,
    dry_run: bool = False,
    is_stopping: Callable[[], bool] = lambda: False,
) -> list[Purged]:
    """Delete whatever is past its scenario's retention; nothing where another process is at it.

    Parameters
    ----------
    now : seconds since 1970; a day counts in the scenario's zone.
    days : a retention for all instead of each scenario's own, of what people sent.
    audit_days : the retention of the board's audit log.
    dry_run : only count.
    is_stopping : asked between batches; the rest is left for the next time.
    """
    found: list[Purged] = []
    with _alone(engine) as is_mine:
        if is_mine:
            with engine.connect() as connection:
                scenarios = connection.execute(select(SCENARIO).order_by(SCENARIO.c.id)).mappings().all()
            work = _Work(engine, now, days, dry_run, is_stopping)
            found = [_purge_scenario(work, scenario) for scenario in scenarios]
            _purge_strangers(work)
            found += [_prune_audit(work, scenario, audit_days) for scenario in (*scenarios, None)]
    return [one for one in found if one.rows]


class _Work(NamedTuple):
    engine: Engine
    now: float
    days: int | None
    dry_run: bool
    is_stopping: Callable[[], bool]


def _purge_scenario(work: _Work, scenario: RowMapping) -> Purged:
    zone = ZoneInfo(scenario["timezone"])
    today = datetime.fromtimestamp(work.now, zone).date()
    before = today - timedelta(days=work.days or scenario["retention_days"])
    instant = int(datetime.combine(before, time(), zone).timestamp())
    own = select(SUBJECT.c.id).where(SUBJECT.c.scenario_id == scenario["id"])
    rows = 0
    for table, is_past in _past(before, instant):
        wanted = (table.c.subject_id.in_(own), is_past)
        rows += sum(_delete(work, table, wanted))
    if rows and not work.dry_run:
        with writing(work.engine) as connection:
            known = update(SCENARIO).where(SCENARIO.c.id == scenario["id"])
            connection.execute(known.values(purged_until=max(instant * 1000, scenario["purged_until"] or 0)))
    return Purged(scenario["name"], before, rows)


def _prune_audit(work: _Work, scenario: RowMapping | None, days: int) -> Purged:
    before, rows = prune(
        work.engine, work.now, days, scenario, dry_run=work.dry_run, is_stopping=work.is_stopping
    )
    return Purged(scenario["name"] if scenario is not None else "", before, rows, "audit")


def _past(before: date, instant: int) -> list[tuple[Table, ColumnElement[bool]]]:
    return [
        (CHECKIN, CHECKIN.c.happened_at < instant * 1000),
        (ACTIVITY, ACTIVITY.c.happened_at < instant * 1000),
        (REACH_CALL, REACH_CALL.c.asked_at < instant * 1000),
        (TELEGRAM_MESSAGE, TELEGRAM_MESSAGE.c.at < instant),
        (PERMIT_REQUEST, PERMIT_REQUEST.c.last_day < before.isoformat()),
    ]


def _purge_strangers(work: _Work) -> None:
    """Delete what Telegram accounts sent that nobody was ever linked to; it is of no scenario's retention."""
    kept = timedelta(days=work.days or Privacy().retention_days)
    instant = int((datetime.fromtimestamp(work.now, UTC) - kept).timestamp())
    wanted = (TELEGRAM_MESSAGE.c.subject_id.is_(None), TELEGRAM_MESSAGE.c.at < instant)
    sum(_delete(work, TELEGRAM_MESSAGE, wanted))


def _delete(work: _Work, table: Table, wanted: tuple[ColumnElement[bool], ...]) -> Iterator[int]:
    """Delete in small transactions; yield how many rows each took, or would take."""
    if work.dry_run:
        with work.engine.connect() as connection:
            yield connection.execute(select(func.count()).select_from(table).where(*wanted)).scalar_one()
        return
    size = BATCH
    while size == BATCH and not work.is_stopping():
        with writing(work.engine) as connection:
            batch = connection.execute(select(table.c.id).where(*wanted).limit(BATCH)).scalars().all()
            if batch:
                connection.execute(delete(table).where(table.c.id.in_(batch)))
        size = len(batch)
        yield size


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
