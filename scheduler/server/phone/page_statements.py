"""The statements by which the check-in pages are read: one about links, one about what people sent.

Made once: making a statement takes longer than SQLite takes to answer it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

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

from scheduler.server.links.tokens import serves
from scheduler.server.phone.calls import answers
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

MOST_REQUESTS = 10
"""Requests to be away that a page shows."""


def make_base(are_asked: ColumnElement[bool]) -> Select[Any]:
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


def make_facts(are_asked: Callable[[ColumnElement[int]], ColumnElement[bool]]) -> Any:
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


BASE = make_base(TOKEN.c.sha256 == bindparam("digest"))
BASES = make_base(TOKEN.c.sha256 == any_(bindparam("digests", type_=ARRAY(LargeBinary))))
FACTS = make_facts(lambda subject: subject == bindparam("subject", type_=BigInteger))
MANY_FACTS = make_facts(lambda subject: subject == any_(bindparam("subjects", type_=ARRAY(BigInteger))))
