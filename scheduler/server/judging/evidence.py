"""What the server keeps besides check-ins, as lines that `checkins.evidence.server_log` reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Connection, select

from scheduler.server.phone.arrivals import DAY_MS
from scheduler.server.phone.calls import call_lines
from scheduler.server.store.tables import ACTIVITY, SCENARIO, SUBJECT, TELEGRAM_MESSAGE

SOURCE = "giliran-log"


def log_lines(connection: Connection, fingerprint: str, first: date, last: date) -> Iterator[str]:
    """Yield activities about the days from first to last, calls and Telegram messages of then, as JSON, a line each.

    Calls and messages of one day more on either side, for windows that reach over midnight.

    Parameters
    ----------
    fingerprint : of the scenario's calendar key (`publication.fingerprint_of`).
    """
    mine = SUBJECT.c.scenario_id.in_(select(SCENARIO.c.id).where(SCENARIO.c.fingerprint == fingerprint))
    yield from map(_line, log_rows(connection, mine, first, last))


def log_rows(connection: Connection, mine: Any, first: date, last: date) -> Iterator[dict[str, Any]]:
    """Yield the same as values.

    Parameters
    ----------
    mine : a condition on the columns of `subject`.
    """
    since = int(datetime.combine(first, time(), UTC).timestamp()) * 1000 - DAY_MS
    until = int(datetime.combine(last, time(), UTC).timestamp()) * 1000 + 2 * DAY_MS
    yield from _activities(connection, mine, first, last)
    yield from call_lines(connection, mine, since, until)
    yield from _messages(connection, mine, since // 1000, until // 1000)


def _line(row: dict[str, Any]) -> str:
    return json.dumps({"source": SOURCE, **row}, ensure_ascii=False) + "\n"


def _activities(connection: Connection, mine: Any, first: date, last: date) -> Iterator[dict[str, Any]]:
    c = ACTIVITY.c
    joined = ACTIVITY.join(SUBJECT, c.subject_id == SUBJECT.c.id)
    wanted = select(ACTIVITY, SUBJECT.c.key, SUBJECT.c.name).select_from(joined)
    wanted = wanted.where(mine, c.day >= first.isoformat(), c.day <= last.isoformat()).order_by(c.id)
    for row in connection.execution_options(yield_per=5_000).execute(wanted).mappings():
        times = {key: row[key] for key in ("received_at", "taken_at", "sent_at")}
        who = {"person_id": row["key"], "name": row["name"], "at": row["happened_at"]}
        yield {"what": "activity", **who, **times, "day": row["day"], "target": row["target"]}


def _messages(connection: Connection, mine: Any, since: int, until: int) -> Iterator[dict[str, Any]]:
    c = TELEGRAM_MESSAGE.c
    joined = TELEGRAM_MESSAGE.join(SUBJECT, c.subject_id == SUBJECT.c.id)
    wanted = select(c.content, SUBJECT.c.key, SUBJECT.c.name).select_from(joined)
    wanted = wanted.where(mine, c.content != "", c.at >= since, c.at < until).order_by(c.id)
    for content, key, name in connection.execution_options(yield_per=5_000).execute(wanted):
        yield {"what": "telegram", "person_id": key, "name": name, "update": json.loads(content)}
