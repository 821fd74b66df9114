"""What the check-in pages of people say, read in two statements.

Whose link it is and what the roster asks of them today hold until links or rosters change, and may be kept until then;
what they sent and what became of it is read for every page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from scheduler.roster import NOT_EMPLOYED, OFF
from scheduler.server.phone.calls import Call, first_answer
from scheduler.server.phone.page_statements import BASE, BASES, FACTS, MANY_FACTS
from scheduler.server.publishing.publication import Asked, read_asked
from scheduler.server.store.raw import Ask

ACTIVITY_DAYS = 7
"""How many days back work may be entered on the page."""
COMING_DAYS = 7
"""How many days ahead the page tells where the person will be."""


class WorkDay(NamedTuple):
    """A day on which entries of work are asked for here, and how many."""

    day: str
    number: int
    needs_target: bool


class ComingDay(NamedTuple):
    """Where the roster has the person on a day after today."""

    day: date
    status: str
    roles: str


@dataclass(frozen=True, slots=True)
class Base:
    """Whose link it is, and their roster of one day.

    Attributes
    ----------
    day : the local date for which the rest holds; `since` and `until` its first second, and the next day's.
    status : None where no roster has the day.
    work_days : today first.
    coming : the days that follow, those off left out.
    """

    subject: int
    name: str
    unit: str
    timezone: str
    language: str
    day: date
    since: int
    until: int
    status: str | None
    roles: str
    asked: tuple[Asked, ...]
    work_days: tuple[WorkDay, ...]
    coming: tuple[ComingDay, ...] = ()

    def holds(self, now: float) -> bool:
        """Whether it is still that day there."""
        return self.since <= now < self.until


@dataclass(frozen=True, slots=True)
class Sign:
    """A check-in: milliseconds, and how it came."""

    at: int
    has_place: bool
    accuracy: float | None
    failure: str
    reason: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of work about a day; `at` in milliseconds."""

    at: int
    day: str
    target: str
    activity: str


@dataclass(frozen=True, slots=True)
class Request:
    """A request to be away, and what was decided, empty where nothing is yet."""

    kind: str
    first: date
    last: date
    decision: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What a person sent today, and requests that are not over.

    Attributes
    ----------
    messages : seconds, when they wrote to the bot; `track` the first and the last of what live locations showed.
    """

    signs: tuple[Sign, ...]
    messages: tuple[int, ...]
    track: tuple[int, int] | None
    calls: tuple[Call, ...]
    entries: tuple[Entry, ...]
    requests: tuple[Request, ...]
    is_linked: bool


def read_base(ask: Ask, digest: bytes, now: float) -> Base | None:
    """Return whose link it is, with their day; None where it is nobody's check-in link.

    Parameters
    ----------
    digest : of the token (`tokens.digest`).
    now : seconds since 1970.
    """
    return _base(ask(BASE, {"digest": digest, **_around(now)}), now)


def read_bases(ask: Ask, digests: Sequence[bytes], now: float) -> dict[bytes, Base]:
    """Return the same of many links by their digests, from PostgreSQL in one statement."""
    found: dict[bytes, list[Sequence[Any]]] = defaultdict(list)
    for row in ask(BASES, {"digests": list(digests), **_around(now)}):
        found[bytes(row[-1])].append(row)
    return {one: base for one, rows in found.items() if (base := _base(rows, now)) is not None}


def _around(now: float) -> dict[str, str]:
    """Return the days that may be asked for, wherever people live."""
    utc = datetime.fromtimestamp(now, UTC).date()
    first, last = utc - timedelta(days=ACTIVITY_DAYS + 1), utc + timedelta(days=1 + COMING_DAYS)
    return {"first": first.isoformat(), "last": last.isoformat()}


def _base(rows: Sequence[Sequence[Any]], now: float) -> Base | None:
    if not rows:
        return None
    subject, name, unit, timezone, language = rows[0][:5]
    midnight = datetime.fromtimestamp(now, ZoneInfo(timezone)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    today = midnight.date()
    days = {row[6]: row[7:11] for row in rows if row[5] is not None}  # of current revisions
    own, status, roles, checkpoints = days.get(today.isoformat(), (unit, None, "", "[]"))
    return Base(
        subject=subject,
        name=name,
        unit=own,
        timezone=timezone,
        language=language,
        day=today,
        since=int(midnight.timestamp()),
        until=int((midnight + timedelta(days=1)).timestamp()),
        status=status,
        roles=roles,
        asked=_asked(checkpoints),
        work_days=_work_days({day: row[3] for day, row in days.items()}, today),
        coming=_coming(days, today),
    )


@lru_cache(4_096)
def _asked(checkpoints: str) -> tuple[Asked, ...]:
    """Most people of an office are asked for the same."""
    return tuple(read_asked(checkpoints))


def _work_days(checkpoints: Mapping[str, str], today: date) -> tuple[WorkDay, ...]:
    first, last = (today - timedelta(days=ACTIVITY_DAYS)).isoformat(), today.isoformat()
    found = []
    for day in sorted(checkpoints, reverse=True):
        if first <= day <= last:
            asked = (a for a in _asked(checkpoints[day]) if a.kind == "activity" and not a.elsewhere)
            found += [WorkDay(day, one.number, one.needs_target) for one in list(asked)[:1]]
    return tuple(found)


def _coming(days: Mapping[str, Sequence[Any]], today: date) -> tuple[ComingDay, ...]:
    first, last = ((today + timedelta(days=n)).isoformat() for n in (1, COMING_DAYS))
    return tuple(
        ComingDay(date.fromisoformat(day), status, roles)
        for day, (_, status, roles, _) in sorted(days.items())
        if first <= day <= last and status not in (OFF, NOT_EMPLOYED)
    )


def read_facts(ask: Ask, base: Base) -> Facts:
    """Return what the person sent and what became of it, as of now."""
    return _facts(ask(FACTS, {"subject": base.subject, **_day(base)}))


def read_many_facts(ask: Ask, bases: Sequence[Base]) -> list[Facts]:
    """Return the same of many people, from PostgreSQL in one statement for all who have the same day."""
    days: dict[tuple[int, int], list[Base]] = defaultdict(list)
    for base in bases:
        days[base.since, base.until].append(base)
    found: dict[int, list[Sequence[Any]]] = defaultdict(list)
    for same in days.values():
        for row in ask(MANY_FACTS, {"subjects": [base.subject for base in same], **_day(same[0])}):
            found[row[-1]].append(row)
    return [_facts(found[base.subject]) for base in bases]


def _day(base: Base) -> dict[str, Any]:
    return {
        "since": base.since,
        "until": base.until,
        "since_ms": base.since * 1000,
        "until_ms": base.until * 1000,
        "first": (base.day - timedelta(days=ACTIVITY_DAYS)).isoformat(),
        "today": base.day.isoformat(),
    }


def _facts(rows: Sequence[Sequence[Any]]) -> Facts:
    """Put the rows of one person together, each by its part of the union."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(row[1:-1])
    return Facts(
        signs=tuple(
            Sign(at, bool(n), x, a, b) for _, at, n, _, x, a, b, *_ in sorted(found[1], key=_by_time)
        ),
        messages=tuple(sorted(row[1] for row in found[2])),
        track=next(((row[1], row[2]) for row in found[3] if row[1] is not None), None),
        calls=tuple(
            Call(at, int(b), first_answer(n, m))
            for _, at, n, m, _, _, b, *_ in sorted(found[4], key=_by_time)
        ),
        entries=tuple(Entry(at, a, b, c) for _, at, _, _, _, a, b, c, _ in sorted(found[5], key=_by_id)),
        requests=tuple(
            Request(c, date.fromisoformat(a), date.fromisoformat(b), d)
            for _, _, _, _, _, a, b, c, d in sorted(found[6], key=_by_id, reverse=True)
        ),
        is_linked=bool(found[7]),
    )


def _by_id(row: Sequence[Any]) -> Any:
    return row[0]


def _by_time(row: Sequence[Any]) -> Any:
    return row[1], row[0]
