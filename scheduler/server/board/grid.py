"""The roster of one unit by week: people down, days across, each cell a way to change that day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from fastapi import Response

from scheduler.server.board.folders import periods, revision_on
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
        held = {d: revision_on(connection, visit.place["id"], d.isoformat()) for d in days}
        rows = unit_rows(connection, visit.office["key"], [(r["id"], d) for d, r in held.items() if r])
        spans = periods(connection, visit.place["id"])
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
            "rows": [{"id": row.person_id, "name": row.name, "cells": [_cell(row, d, visit) for d in days]} for row in rows],
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
        },
    )  # fmt: skip


def _day(day: date, worked: set[str], rows: list[Row], present: date) -> dict[str, Any]:
    return {
        "day": day,
        "is_off": bool(rows) and day.isoformat() not in worked,
        "is_today": day == present,
    }


def _cell(row: Row, day: date, visit: Visit) -> dict[str, Any] | None:
    cell = row.cells.get(day.isoformat())
    if cell is None:
        return None
    return {
        "day": day,
        "css": shown_class(cell.status, visit),
        "word": shown_status(cell.status, visit),
        "roles": [role_label(role, visit.language) for role in cell.roles],
        "opens": visit.may_change and cell.status in ("home", "office"),
    }
