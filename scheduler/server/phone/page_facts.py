"""What the check-in pages of people say, read in two statements.

Whose link it is and what the roster asks of them today hold until links or rosters change, and may be kept until then;
what they sent and what became of it is read for every page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Float,
    LargeBinary,
    Select,
    Text,
    any_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    null,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY

from scheduler.roster import NOT_EMPLOYED, OFF
from scheduler.server.links.tokens import serves
from scheduler.server.phone.calls import Call, answers, first_answer
from scheduler.server.publishing.publication import Asked, read_asked
from scheduler.server.store.raw import Ask
from scheduler.server.store.tables import (
    ACTIVITY,
    CHECKIN,
    PERMIT_REQUEST,
    PERSON_DAY,
    REACH_CALL,
    REVISION,
    SCENARIO,
    SUBJECT,
    TELEGRAM_ACCOUNT,
    TELEGRAM_MESSAGE,
    TOKEN,
)

ACTIVITY_DAYS = 7
"""How many days back work may be entered on the page."""
COMING_DAYS = 7
"""How many days ahead the page tells where the person will be."""
MOST_REQUESTS = 10


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
    return _base(ask(_BASE, {"digest": digest, **_around(now)}), now)


def read_bases(ask: Ask, digests: Sequence[bytes], now: float) -> dict[bytes, Base]:
    """Return the same of many links by their digests, from PostgreSQL in one statement."""
    found: dict[bytes, list[Sequence[Any]]] = defaultdict(list)
    for row in ask(_BASES, {"digests": list(digests), **_around(now)}):
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
    return _facts(ask(_FACTS, {"subject": base.subject, **_day(base)}))


def read_many_facts(ask: Ask, bases: Sequence[Base]) -> list[Facts]:
    """Return the same of many people, from PostgreSQL in one statement for all who have the same day."""
    days: dict[tuple[int, int], list[Base]] = defaultdict(list)
    for base in bases:
        days[base.since, base.until].append(base)
    found: dict[int, list[Sequence[Any]]] = defaultdict(list)
    for same in days.values():
        for row in ask(_MANY_FACTS, {"subjects": [base.subject for base in same], **_day(same[0])}):
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


def _make_base(are_asked: ColumnElement[bool]) -> Select[Any]:
    """Return the statement about links.

    People's days come in the order of publication: where two revisions have a day, the later counts.

    Joined flat: SQLite would put together all days of everybody for a subquery.
    """
    day, revision = PERSON_DAY.c, REVISION.c
    within = (
        (day.subject_id == SUBJECT.c.id) & (day.day >= bindparam("first")) & (day.day <= bindparam("last"))
    )
    joined = TOKEN.join(SUBJECT, TOKEN.c.subject_id == SUBJECT.c.id)
    joined = joined.join(SCENARIO, SUBJECT.c.scenario_id == SCENARIO.c.id).outerjoin(PERSON_DAY, within)
    joined = joined.outerjoin(REVISION, (revision.id == day.revision_id) & revision.is_current)
    whose = (SUBJECT.c.id, SUBJECT.c.name, SUBJECT.c.unit, SCENARIO.c.timezone, SCENARIO.c.language)
    days = (revision.id, day.day, day.unit, day.status, day.roles, day.checkpoints)
    wanted = select(*whose, *days, TOKEN.c.sha256).select_from(joined)
    wanted = wanted.where(are_asked, TOKEN.c.revoked_at.is_(None))
    right = (serves(literal_column("'checkin'")), SUBJECT.c.kind == literal_column("'person'"))
    return wanted.where(*right).order_by(revision.published_at, revision.id)


_COLUMNS: dict[str, Any] = {
    "id": BigInteger, "at": BigInteger, "n": BigInteger, "m": BigInteger,
    "x": Float, "a": Text, "b": Text, "c": Text, "d": Text,
}  # fmt: skip


def _part(number: int, subject: ColumnElement[Any], **given: ColumnElement[Any]) -> Select[Any]:
    """Return one part of the union: every part has the same columns, NULL where it has nothing to say."""
    columns = [given.get(name, cast(null(), kind)).label(name) for name, kind in _COLUMNS.items()]
    return select(literal_column(str(number)).label("part"), *columns, subject.label("subject"))


def _make_facts(are_asked: Callable[[ColumnElement[int]], ColumnElement[bool]]) -> Any:
    """Return the statement about people, of whose rows `are_asked` makes the condition."""
    since, until = bindparam("since", type_=BigInteger), bindparam("until", type_=BigInteger)
    since_ms, until_ms = bindparam("since_ms", type_=BigInteger), bindparam("until_ms", type_=BigInteger)
    first, today = bindparam("first", type_=Text), bindparam("today", type_=Text)
    c, m, r, e, p, t = (
        table.c
        for table in (CHECKIN, TELEGRAM_MESSAGE, REACH_CALL, ACTIVITY, PERMIT_REQUEST, TELEGRAM_ACCOUNT)
    )
    has_place = cast(
        case((c.latitude.is_not(None), literal_column("1")), else_=literal_column("0")), BigInteger
    )
    placed = {"n": has_place, "x": c.accuracy}
    signs = _part(1, c.subject_id, id=c.id, at=c.happened_at, a=c.failure, b=c.reason, **placed).where(
        are_asked(c.subject_id), c.happened_at >= since_ms, c.happened_at < until_ms
    )
    wrote = (are_asked(m.subject_id), m.at >= since, m.at < until, m.content != literal_column("''"))
    messages = _part(2, m.subject_id, id=m.id, at=m.at).where(*wrote, m.is_edit.is_(False))
    track = _part(3, m.subject_id, at=func.min(m.at), n=func.max(m.at)).where(*wrote).group_by(m.subject_id)
    tapped, written = answers()
    calls = _part(
        4, r.subject_id, id=r.id, at=r.asked_at, n=tapped, m=written, b=cast(r.minutes, Text)
    ).where(are_asked(r.subject_id), r.asked_at >= since_ms, r.asked_at < until_ms)
    entries = _part(5, e.subject_id, id=e.id, at=e.happened_at, a=e.day, b=e.target, c=e.activity).where(
        are_asked(e.subject_id), e.day >= first, e.day <= today
    )
    place = func.row_number().over(partition_by=p.subject_id, order_by=p.id.desc()).label("place")
    own = (
        select(p.id, p.subject_id, p.first_day, p.last_day, p.kind, p.decision, place)
        .where(are_asked(p.subject_id), p.last_day >= today)
        .subquery("own")
    ).c
    requests = _part(
        6, own.subject_id, id=own.id, a=own.first_day, b=own.last_day, c=own.kind, d=own.decision
    ).where(own.place <= literal_column(str(MOST_REQUESTS)))
    accounts = _part(7, t.subject_id, id=t.id).where(are_asked(t.subject_id), t.ended_at.is_(None))
    return union_all(signs, messages, track, calls, entries, requests, accounts)


_BASE = _make_base(TOKEN.c.sha256 == bindparam("digest"))
_BASES = _make_base(TOKEN.c.sha256 == any_(bindparam("digests", type_=ARRAY(LargeBinary))))
_FACTS = _make_facts(lambda subject: subject == bindparam("subject", type_=BigInteger))
_MANY_FACTS = _make_facts(lambda subject: subject == any_(bindparam("subjects", type_=ARRAY(BigInteger))))
"""Made once: making a statement takes longer than SQLite takes to answer it."""
