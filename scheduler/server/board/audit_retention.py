"""How long the audit log is kept: longer than what people sent, and what was deleted of it stands in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, RowMapping, delete, func, select

from scheduler.errors import UsageError
from scheduler.language import Bilingual
from scheduler.server.board import audit
from scheduler.server.store.board_tables import AUDIT
from scheduler.server.store.database import writing

VARIABLE = "GILIRAN_AUDIT_DAYS"
DAYS = 730
"""Two years: whoever examines last year's decisions finds who made them."""
LEAST_DAYS, MOST_DAYS = 30, 36_500
BY_ITSELF = "(giliran)"
"""Who pruned, where no person did: no account can have this name."""
BATCH = 1_000
"""Rows deleted in one transaction, each with its entry."""


def read_audit_days(environment: Mapping[str, str]) -> int:
    """Return for how many days the log is kept, by GILIRAN_AUDIT_DAYS, else `DAYS`.

    Raises
    ------
    UsageError
        Where it is no whole number from `LEAST_DAYS` to `MOST_DAYS`.
    """
    text = environment.get(VARIABLE, "").strip() or str(DAYS)
    if not (text.isascii() and text.isdigit() and len(text) < 6 and LEAST_DAYS <= int(text) <= MOST_DAYS):
        raise UsageError(
            Bilingual(
                id=f"{VARIABLE}: “{text}” bukan jumlah hari dari {LEAST_DAYS} sampai {MOST_DAYS}.",
                en=f"{VARIABLE}: “{text}” is no number of days from {LEAST_DAYS} to {MOST_DAYS}.",
            )
        )
    return int(text)


def prune(
    engine: Engine,
    now: float,
    days: int,
    scenario: RowMapping | None,
    *,
    dry_run: bool = False,
    is_stopping: Callable[[], bool] = lambda: False,
) -> tuple[date, int]:
    """Delete what is too old of one scenario's log; return the day before which nothing is left, and how many rows went.

    Parameters
    ----------
    now : seconds since 1970.
    days : for which it is kept; never fewer than what people sent to the scenario.
    scenario : its row; None for what concerns none, such as signing in.
    """
    zone = ZoneInfo(scenario["timezone"]) if scenario is not None else UTC
    kept = max(days, scenario["retention_days"] if scenario is not None else 0)
    before = datetime.fromtimestamp(now, zone).date() - timedelta(days=kept)
    instant = int(datetime.combine(before, time(), zone).timestamp() * 1000)
    c = AUDIT.c
    number = scenario["id"] if scenario is not None else None
    old = (
        c.scenario_id == number if number is not None else c.scenario_id.is_(None),
        c.happened_at < instant,
    )
    if dry_run:
        with engine.connect() as connection:
            return before, connection.execute(
                select(func.count()).select_from(AUDIT).where(*old)
            ).scalar_one()
    note, rows, size = audit.Note(BY_ITSELF, "", number), 0, BATCH
    while size == BATCH and not is_stopping():
        with writing(engine) as connection:
            batch = connection.execute(select(c.id).where(*old).order_by(c.id).limit(BATCH)).scalars().all()
            size = len(batch)
            if batch:
                connection.execute(delete(AUDIT).where(c.id.in_(batch)))
                audit.write(connection, note, "pruned", now, f"{size} rows before {before}")
        rows += size
    return before, rows
