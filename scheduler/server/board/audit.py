"""The audit log: who did what, when and from where; rows are only ever added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, insert, select

from scheduler.server.board.accounts import EVERY_UNIT, Account
from scheduler.server.store.board_tables import AUDIT
from scheduler.server.store.tables import SCENARIO

LONGEST = 500


@dataclass(frozen=True, slots=True)
class Note:
    """Who, from where, and about which office."""

    account: str
    address: str
    scenario_id: int | None = None
    unit: str = ""


def write(connection: Connection, note: Note, act: str, now: float, detail: str = "") -> None:
    """Add a row; it stands as soon as the caller's transaction does.

    Parameters
    ----------
    now : seconds since 1970.
    """
    row = {
        "happened_at": int(now * 1000),
        "account": note.account,
        "address": note.address,
        "act": act,
        "scenario_id": note.scenario_id,
        "unit": note.unit,
        "detail": detail[:LONGEST],
    }
    connection.execute(insert(AUDIT), row)


def rows(connection: Connection, who: Account, before: int | None, most: int) -> Sequence[RowMapping]:
    """Return what an admin may read of it, newest first: everything, or that of their scenarios."""
    joined = AUDIT.outerjoin(SCENARIO, AUDIT.c.scenario_id == SCENARIO.c.id)
    wanted = select(AUDIT, SCENARIO.c.name.label("scenario"), SCENARIO.c.timezone).select_from(joined)
    if not who.sees_everything:
        mine = [scenario for scenario, unit in who.scopes if unit == EVERY_UNIT]
        wanted = wanted.where(AUDIT.c.scenario_id.in_(mine))
    if before is not None:
        wanted = wanted.where(AUDIT.c.id < before)
    return connection.execute(wanted.order_by(AUDIT.c.id.desc()).limit(most)).mappings().all()
