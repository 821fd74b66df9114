"""One unit's days judged by `scheduler.checkins` over what phones sent: the same verdicts as `giliran checkins`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, select

from scheduler.checkins.coverage import SourceReport
from scheduler.checkins.evidence.base import Evidence
from scheduler.checkins.evidence.phone_page import evidence_from
from scheduler.checkins.evidence.server_log import entries_of
from scheduler.checkins.findings import Findings
from scheduler.checkins.roster_days import RosterDays
from scheduler.checkins.validate import Validator
from scheduler.language import Bilingual
from scheduler.problem import Person
from scheduler.server.board.folders import Office
from scheduler.server.board.roster_days import Row
from scheduler.server.judging.evidence import log_rows
from scheduler.server.phone.arrivals import DAY_MS, evidence_row
from scheduler.server.phone.permits import ACCEPTED, OUTING
from scheduler.server.store.tables import CHECKIN, PERMIT_REQUEST, SUBJECT, TOKEN

SOURCE = "giliran"
TITLE = Bilingual(id="halaman presensi giliran", en="giliran's check-in page")
AT_ONCE = 500
"""People asked about in one query: SQLite takes 32,766 values, and plans best with few."""


def judge(
    connection: Connection, office: Office, unit: str, rows: Sequence[Row], days: Sequence[date], now: float
) -> Findings:
    """Return what the stored check-ins come to for some days of one unit.

    Parameters
    ----------
    rows : of `roster_days.unit_rows`, with these days' cells.
    now : seconds since 1970; what is not due yet is not judged.
    """
    roster = _roster(office, unit, rows, days)
    validator = Validator(
        roster,
        office.settings,
        office.zone,
        region=office.region,
        permits=_permits(connection, office, rows),
        as_of=int(now),
    )
    source = SourceReport(SOURCE, key="phone_page", title=TITLE, channel="app", is_export=False)
    validator.sources.append(source)
    indices = {"app": 0}
    for item in _evidence(connection, office, rows, days):
        if item.channel not in indices:  # Telegram tells of the days on which it was used
            indices[item.channel] = len(validator.sources)
            validator.sources.append(
                SourceReport(SOURCE, key=item.channel, title=TITLE, channel=item.channel, is_export=False)
            )
        validator.take(item, indices[item.channel])
    since = _page_since(connection, rows)
    if since is not None:
        # From then on the page is there for the whole office, every day: who sends nothing is missing.
        first = datetime.fromtimestamp(since, office.zone).date()
        source.reach_everybody(unit, range(len(roster.people)), [day for day in days if day >= first])
    return validator.settle()


def _roster(office: Office, unit: str, rows: Sequence[Row], days: Sequence[date]) -> RosterDays:
    people = tuple(
        office.people.get(row.person_id) or Person(id=row.person_id, name=row.name, unit=unit, rank="")
        for row in rows
    )
    cells = {
        (row.person_id, day): cell
        for row in rows
        for day in days
        if (cell := row.cells.get(day.isoformat())) is not None
    }
    return RosterDays(
        people=people,
        days=tuple(days),
        statuses={key: cell.status for key, cell in cells.items()},
        roles={key: cell.roles for key, cell in cells.items() if cell.roles},
        excuses=_excuses(office, unit),
    )


def _excuses(office: Office, unit: str) -> dict[tuple[str, date], str]:
    """Return the recalls of the unit: whoever was called in is not asked to check in from home."""
    problem = office.kept.scenario.problem
    return {
        key: "recall"
        for one in problem.units
        if one.name == unit
        for key, pin in one.pins.items()
        if pin.recall
    }


def _evidence(
    connection: Connection, office: Office, rows: Sequence[Row], days: Sequence[date]
) -> Iterator[Evidence]:
    """Yield what these people sent about some days, by the indexes on person and time."""
    if not days:
        return
    since = _midnight(office, days[0]) - DAY_MS  # a day around them, for windows that reach over midnight
    until = _midnight(office, days[-1] + timedelta(days=1)) + DAY_MS
    c = CHECKIN.c
    for some in _some_at_once(rows):
        wanted = select(CHECKIN, SUBJECT.c.key, SUBJECT.c.name).join(SUBJECT, c.subject_id == SUBJECT.c.id)
        wanted = wanted.where(c.subject_id.in_(some), c.happened_at >= since, c.happened_at < until)
        for row in connection.execute(wanted).mappings():
            item = evidence_from(0, evidence_row(row))
            if item is not None:
                yield item
        for entry in log_rows(connection, SUBJECT.c.id.in_(some), days[0], days[-1]):
            with suppress(ValueError, KeyError, TypeError):
                yield from entries_of(0, entry)


def _permits(
    connection: Connection, office: Office, rows: Sequence[Row]
) -> dict[str, list[tuple[date, date]]]:
    """Return when people may leave the area: by the scenario's table, and by requests accepted since."""
    found = {person: list(spans) for person, spans in office.permits.items()}
    c = PERMIT_REQUEST.c
    wanted = select(SUBJECT.c.key, c.first_day, c.last_day).join(SUBJECT, c.subject_id == SUBJECT.c.id)
    wanted = wanted.where(c.kind == OUTING, c.decision == ACCEPTED)
    for some in _some_at_once(rows):
        for person, first, last in connection.execute(wanted.where(c.subject_id.in_(some))):
            found.setdefault(person, []).append((date.fromisoformat(first), date.fromisoformat(last)))
    return found


def _page_since(connection: Connection, rows: Sequence[Row]) -> int | None:
    """Return since when (seconds) the office has had the page: its first link or check-in; None where it has not."""
    made = select(func.min(TOKEN.c.made_at)).where(TOKEN.c.purpose == "checkin")
    since = _first(connection, made, TOKEN.c.subject_id, rows)
    if since is None:
        at = _first(connection, select(func.min(CHECKIN.c.happened_at)), CHECKIN.c.subject_id, rows)
        since = at // 1000 if at is not None else None
    return since


def _first(connection: Connection, wanted: Select[Any], subject: Any, rows: Sequence[Row]) -> int | None:
    """Return the least of what a statement finds of all these people."""
    found = (connection.execute(wanted.where(subject.in_(some))).scalar() for some in _some_at_once(rows))
    return min((at for at in found if at is not None), default=None)


def _some_at_once(rows: Sequence[Row]) -> Iterator[list[int]]:
    """Yield the people's rows of `subject`, as many as one query takes."""
    for start in range(0, len(rows), AT_ONCE):
        yield [row.subject_id for row in rows[start : start + AT_ONCE]]


def _midnight(office: Office, day: date) -> int:
    """Return a day's beginning in milliseconds since 1970."""
    return int(datetime.combine(day, time(), office.zone).timestamp() * 1000)
