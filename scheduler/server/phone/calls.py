"""Calls to be answered: whether people who must be reachable are. A check-in, or a message to the bot, answers.

The minutes are those of the policy's `reachability`; an answer after them is late, one after `LONGEST_ANSWER` none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, ScalarSelect, func, insert, select

from scheduler.server.publishing.publication import read_asked
from scheduler.server.publishing.store import day_of
from scheduler.server.store.tables import CHECKIN, REACH_CALL, SUBJECT, TELEGRAM_MESSAGE

LONGEST_ANSWER = 8 * 3_600_000
"""Milliseconds."""


class Call(NamedTuple):
    """One call; times in milliseconds since 1970 by the server's clock, `answered_at` None where there is none yet."""

    asked_at: int
    minutes: int
    answered_at: int | None

    @property
    def until(self) -> int:
        """Until when an answer is in time."""
        return self.asked_at + self.minutes * 60_000


def minutes_asked(connection: Connection, subject_id: int, day: str, now: int) -> int:
    """Return within how many minutes the person must answer a call made now; 0 where no call may be made.

    Parameters
    ----------
    day : the local date; `now` in milliseconds since 1970.
    """
    row = day_of(connection, subject_id, day)
    for one in read_asked(row["checkpoints"]) if row else ():
        if one.kind == "reachability" and not one.elsewhere and one.opens <= now // 1000 <= one.closes:
            return one.number
    return 0


def ask(connection: Connection, wanted: Sequence[tuple[int, int]], by: str, now: int) -> None:
    """Store calls to people by (subject, minutes).

    Parameters
    ----------
    by : who asks, as people will read it; `now` in milliseconds since 1970.
    """
    rows = [{"subject_id": s, "asked_at": now, "minutes": m, "asked_by": by} for s, m in wanted]
    if rows:
        connection.execute(insert(REACH_CALL), rows)


def call_lines(connection: Connection, scenario: Any, since: int, until: int) -> Iterator[dict[str, Any]]:
    """Yield the calls to people of a scenario, as lines of evidence.

    Parameters
    ----------
    scenario : a condition on `SUBJECT`.
    """
    c = REACH_CALL.c
    joined = REACH_CALL.join(SUBJECT, c.subject_id == SUBJECT.c.id)
    columns = (SUBJECT.c.key, SUBJECT.c.name, c.asked_at, *answers())
    wanted = select(*columns).select_from(joined)
    wanted = wanted.where(scenario, c.asked_at >= since, c.asked_at < until).order_by(c.id)
    for key, name, asked, *found in connection.execute(wanted):
        yield {
            "what": "call",
            "person_id": key,
            "name": name,
            "at": asked,
            "answered_at": first_answer(*found),
        }


def answers() -> tuple[ScalarSelect[Any], ...]:
    """Return the first check-in and the first message since a call, as columns of it."""
    c, m, call = CHECKIN.c, TELEGRAM_MESSAGE.c, REACH_CALL.c
    last = call.asked_at + LONGEST_ANSWER
    tapped = select(func.min(c.happened_at)).where(
        c.subject_id == call.subject_id, c.happened_at >= call.asked_at, c.happened_at < last
    )
    wrote = select(func.min(m.at)).where(
        m.subject_id == call.subject_id,
        m.at >= call.asked_at // 1000,  # Telegram's clock has whole seconds
        m.at < last // 1000,
        m.is_edit.is_(False),  # a live location moves by itself
    )
    return tapped.scalar_subquery(), wrote.scalar_subquery()


def first_answer(tapped: int | None, wrote: int | None) -> int | None:
    """Return the earlier of a check-in (milliseconds) and a message (seconds), in milliseconds."""
    found = [tapped] if tapped is not None else []
    return min([*found, *([wrote * 1000] if wrote is not None else [])], default=None)
