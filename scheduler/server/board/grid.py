"""The roster of one unit by week: people down, days across, each cell a way to change that day.

Of earlier revisions, only to read: where they differ from the current one is marked.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from fastapi import Response
from sqlalchemy import Connection, RowMapping

from scheduler.server.board.folders import earlier_revision, periods, revision_on, revisions_of
from scheduler.server.board.render import page
from scheduler.server.board.roster_days import Row, unit_rows, worked_days
from scheduler.server.board.today import chosen_day, meaning, shown_class, shown_status, today
from scheduler.server.board.visit import Visit
from scheduler.write.labels import role_label

WEEK = 7


def week(visit: Visit) -> Response:
    """Return the week that holds the day asked for."""
    day = chosen_day(visit)
    monday = day - timedelta(days=day.weekday())
    days = [monday + timedelta(days=n) for n in range(WEEK)]
    with visit.engine.connect() as connection:
        current = {d: revision_on(connection, visit.place["id"], d.isoformat()) for d in days}
        held, now_rows = current, _rows(connection, visit, current)
        rows, spans = now_rows, periods(connection, visit.place["id"])
        older = earlier_revision(connection, visit.place["id"], visit.query.get("revision", ""))
        if older is not None:
            held = {
                d: older if older["first_day"] <= d.isoformat() <= older["last_day"] else None for d in days
            }
            rows = _rows(connection, visit, held)
        former = _former(connection, visit, [r for r in current.values() if r])
    worked = worked_days(rows)
    statuses = dict.fromkeys(cell.status for row in rows for cell in row.cells.values())
    present = today(visit.now, visit.place["timezone"])
    return page(
        visit,
        "week.html",
        {
            "section": "week",
            "monday": monday,
            "last": days[-1],
            "before": monday - timedelta(days=WEEK),
            "after": monday + timedelta(days=WEEK),
            "days": [_day(d, worked, rows, present) for d in days],
            "rows": [{"id": row.person_id, "name": row.name, "cells": [_cell(row, d, visit, now_rows, older) for d in days]} for row in rows],
            "totals": [
                {
                    "word": word,
                    "counts": [sum(r.cells[k].status == status for r in rows if k in r.cells) for k in map(date.isoformat, days)],
                }
                for status, word in (("home", visit.say("Di rumah", "At home")), ("office", visit.say("Di kantor", "At the office")))
            ],
            "legend": list({
                shown_status(s, visit): (shown_class(s, visit), shown_status(s, visit), meaning(s, visit))
                for s in statuses if s
            }.values()),
            "present": present,
            "revisions": sorted({(r["number"], r["first_day"], r["last_day"]) for r in held.values() if r}),
            "spans": spans,
            "older": older,
            "former": former,
        },
    )  # fmt: skip


def _day(day: date, worked: set[str], rows: list[Row], present: date) -> dict[str, Any]:
    return {
        "day": day,
        "is_off": bool(rows) and day.isoformat() not in worked,
        "is_today": day == present,
    }


def _rows(connection: Connection, visit: Visit, held: Mapping[date, RowMapping | None]) -> list[Row]:
    return unit_rows(connection, visit.office["key"], [(r["id"], d) for d, r in held.items() if r])


def _former(connection: Connection, visit: Visit, shown: list[RowMapping]) -> list[RowMapping]:
    """Return the earlier revisions of the periods on the page, newest first."""
    spans = dict.fromkeys((r["first_day"], r["last_day"]) for r in shown)
    return [
        one
        for first, last in spans
        for one in revisions_of(connection, visit.place["id"], first, last)
        if not one["is_current"]
    ]


def _cell(
    row: Row, day: date, visit: Visit, now_rows: list[Row], older: RowMapping | None
) -> dict[str, Any] | None:
    cell = row.cells.get(day.isoformat())
    if cell is None:
        return None
    present = next((r.cells.get(day.isoformat()) for r in now_rows if r.subject_id == row.subject_id), None)
    return {
        "differs": older is not None
        and (present is None or (present.status, present.roles) != (cell.status, cell.roles)),
        "day": day,
        "css": shown_class(cell.status, visit),
        "word": shown_status(cell.status, visit),
        "roles": [role_label(role, visit.language) for role in cell.roles],
        "opens": older is None and visit.may_change and cell.status in ("home", "office"),
    }
