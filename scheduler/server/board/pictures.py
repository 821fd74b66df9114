"""Fairness and attendance of one unit over a period, as pictures with the same numbers in tables."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

from fastapi import Response
from sqlalchemy import RowMapping

from scheduler.checkins.tally import Tally, count
from scheduler.checkins.verdicts import LATE, MISSING, NOT_REQUIRED, ON_TIME
from scheduler.language import format_number
from scheduler.roster import BalanceSheet
from scheduler.server.board import judging
from scheduler.server.board.changing import latest
from scheduler.server.board.folders import Office
from scheduler.server.board.render import page
from scheduler.server.board.roster_days import unit_rows
from scheduler.server.board.today import chosen_day, today
from scheduler.server.board.visit import Visit
from scheduler.write.board import quota_label
from scheduler.write.labels import role_label

MOST_BARS = 80
"""People in one picture; the table beside it has everybody."""
MIDDLE, REACH, ROW, TOP = 248, 58, 20, 8
"""Pixels of the picture of balances: where zero stands, how far bars reach, a row's height, the margin."""
NOTHING = 5
"""Thousandths of a day that two decimals do not show."""
BASE, HIGH, STEP = 170, 140, 44
"""Pixels of the picture of attendance: the ground line, the height of the tallest bar, a day's width."""


def show(visit: Visit) -> Response:
    """Return the pictures of the period that holds the day asked for."""
    day = chosen_day(visit)
    revision = latest(visit, day)
    office = visit.tools.offices.find(revision)
    values: dict[str, Any] = {"section": "pictures", "revision": revision, "sheets": [], "attendance": None}
    if office is not None:
        values["sheets"] = _sheets(visit, office)
        values["attendance"] = _attendance(visit, office, revision)
    return page(visit, "pictures.html", {**values, "has_office": office is not None})


# Fairness -----------------------------------------------------------------------------------------------------------


def _sheets(visit: Visit, office: Office) -> list[dict[str, Any]]:
    unit = office.unit(visit.office["key"])
    if unit is None:
        return []
    names = {person.id: person.name for person in unit.people}
    sheets = []
    for sheet in office.audited(unit).balances:
        if len(sheet.balance) < 2:
            continue
        title = (
            quota_label(sheet.name, unit).in_language(visit.language)
            if sheet.kind == "home"
            else role_label(sheet.name, visit.language)
        )
        sheets.append({"title": title, "kind": sheet.kind, **_picture(visit, sheet, names)})
    return sheets


def _picture(visit: Visit, sheet: BalanceSheet, names: dict[str, str]) -> dict[str, Any]:
    """Return bars from the middle: to the right who had more than their due, to the left who had less."""
    ordered = sorted(sheet.balance.items(), key=lambda item: (-item[1], names.get(item[0], "")))
    most = max(1000, *(abs(value) for value in sheet.balance.values()))
    shown = (
        ordered if len(ordered) <= MOST_BARS else [*ordered[: MOST_BARS // 2], *ordered[-MOST_BARS // 2 :]]
    )
    bars = []
    for number, (person, value) in enumerate(shown):
        width = round(REACH * abs(value) / most, 1)
        is_more = value > -NOTHING
        bars.append(
            {
                "y": TOP + number * ROW,
                "x": MIDDLE if is_more else round(MIDDLE - width, 1),
                "width": max(width, 0.5),
                "is_more": is_more,
                "name": _short(names.get(person, person)),
                "value": _signed(visit, value),
                "end": round(MIDDLE + width + 6, 1) if is_more else round(MIDDLE - width - 6, 1),
            }
        )
    rows = [
        {
            "name": names.get(person, person),
            "taken": sheet.taken[person],
            "due": format_number(sheet.due[person] / 1000, visit.language, 2),
            "balance": _signed(visit, value),
        }
        for person, value in ordered
    ]
    return {
        "bars": bars,
        "rows": rows,
        "height": 2 * TOP + len(bars) * ROW,
        "spread": format_number(sheet.spread / 1000, visit.language, 2),
        "is_cut": len(shown) < len(ordered),
        "middle": MIDDLE,
    }


def _short(name: str) -> str:
    return name if len(name) <= 20 else name[:19] + "…"


def _signed(visit: Visit, thousandths: int) -> str:
    text = format_number(abs(thousandths) / 1000, visit.language, 2)
    is_zero = abs(thousandths) < NOTHING
    return text if is_zero else ("+" if thousandths > 0 else "−") + text


# Attendance ---------------------------------------------------------------------------------------------------------


def _attendance(visit: Visit, office: Office, revision: RowMapping) -> dict[str, Any] | None:
    first, last = date.fromisoformat(revision["first_day"]), date.fromisoformat(revision["last_day"])
    until = min(last, today(visit.now, visit.place["timezone"]))
    days = [first + timedelta(days=n) for n in range((until - first).days + 1)]
    if not days:
        return None
    tally, by_day = _tally(visit, office, revision, days)
    if not any(by_day.values()):
        return None
    return {
        **_columns([(day, by_day[day]) for day in days if by_day[day]]),
        "people": [
            {
                "name": someone.person.name,
                "home": someone.home_days,
                "on_time": someone.verdicts[ON_TIME],
                "late": someone.verdicts[LATE],
                "missing": someone.verdicts[MISSING],
                "rate": "–" if someone.on_time_rate is None else f"{round(100 * someone.on_time_rate)}%",
            }
            for someone in tally.people.values()
            if someone.home_days
        ],
    }


def _tally(
    visit: Visit, office: Office, revision: RowMapping, days: list[date]
) -> tuple[Tally, dict[date, Counter[str]]]:
    name = visit.office["key"]
    with visit.engine.connect() as connection:
        rows = unit_rows(connection, name, [(revision["id"], day) for day in days])
        rows = [row for row in rows if row.is_asked]
        findings = judging.judge(connection, office, name, rows, days, visit.now)
    by_day: dict[date, Counter[str]] = {day: Counter() for day in days}
    verdicts = list(findings.verdicts())
    for verdict in verdicts:
        if verdict.verdict != NOT_REQUIRED and verdict.reason != "not_due":
            kind = verdict.verdict if verdict.verdict in (ON_TIME, LATE, MISSING) else "other"
            by_day[verdict.day][kind] += 1
    return count(findings, verdicts), by_day


def _columns(days: list[tuple[date, Counter[str]]]) -> dict[str, Any]:
    """Return one stacked bar for each day, from the ground up: on time, late, missing, anything else."""
    most = max(sum(counts.values()) for _, counts in days)
    columns = []
    for number, (day, counts) in enumerate(days):
        floor, parts = float(BASE), []
        for kind in (ON_TIME, LATE, MISSING, "other"):
            if counts[kind]:
                height = round(HIGH * counts[kind] / most, 1)
                floor -= height
                parts.append({"kind": kind, "y": round(floor, 1), "height": height})
        columns.append({"day": day, "x": 44 + number * STEP, "parts": parts, "counts": counts})
    return {
        "columns": columns,
        "width": 60 + len(columns) * STEP,
        "height": BASE + 44,
        "base": BASE,
        "most": most,
        "top": BASE - HIGH,
    }
