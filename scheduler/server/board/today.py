"""Today at a glance: every office's counts, and one unit's people with what their check-ins come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from fastapi import Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection, RowMapping

from scheduler.checkins.verdicts import AGAINST, GRADES, REASONS, VERDICTS, Verdict, checkpoint_text
from scheduler.language import Language
from scheduler.problem import ABSENCE_KINDS
from scheduler.server.board import judging, requests
from scheduler.server.board.accounts import units_seen
from scheduler.server.board.folders import Office, revision_on
from scheduler.server.board.render import page
from scheduler.server.board.roster_days import Row, status_counts, unit_rows
from scheduler.server.board.visit import Visit
from scheduler.write.labels import AWAY, PRIVATE, STATUS_MEANINGS, role_label, status_label

MOST_JUDGED = 2_000
"""People at home up to whom the overview judges every unit; a larger city looks at its units one by one."""
FURTHEST = 20 * 366
"""Days from today: what lies beyond is a slip or a trick."""
HIDDEN = frozenset({"not_required"})


def overview(visit: Visit) -> Response:
    """Return the counts of every unit that the account sees; with one unit, go there."""
    with visit.engine.connect() as connection:
        units = units_seen(connection, visit.who)
        if len(units) == 1 and not visit.query.get("all"):
            return RedirectResponse(f"/board/units/{units[0]['id']}", 303)
        groups = [
            _group(connection, visit, [u for u in units if u["scenario_id"] == scenario])
            for scenario in dict.fromkeys(u["scenario_id"] for u in units)
        ]
    return page(visit, "overview.html", {"groups": groups, "empty": not units})


def _group(connection: Connection, visit: Visit, units: Sequence[RowMapping]) -> dict[str, Any]:
    first = units[0]
    day = today(visit.now, first["timezone"])
    revision = revision_on(connection, first["scenario_id"], day.isoformat())
    counts = status_counts(connection, revision["id"], day.isoformat()) if revision else {}
    office = visit.tools.offices.find(revision) if revision else None
    is_judged = office is not None and sum(own.get("home", 0) for own in counts.values()) <= MOST_JUDGED
    rows = []
    for unit in units:
        own = counts.get(unit["key"], {})
        against: Counter[str] = Counter()
        if office is not None and revision is not None and is_judged and own.get("home"):
            against = _against(connection, office, unit["key"], revision["id"], day, visit.now)
        away = sum(own.get(kind, 0) for kind in ABSENCE_KINDS)
        rows.append(
            {
                "id": unit["id"],
                "name": unit["name"],
                "office": own.get("office", 0),
                "home": own.get("home", 0),
                "away": away,
                "late": against["late"],
                "missing": against["missing"],
                "is_off": bool(own) and set(own) <= {"off"},
                "has_roster": bool(own),
            }
        )
    return {
        "scenario_id": first["scenario_id"],
        "title": first["title"] or first["scenario"],
        "day": day,
        "has_roster": revision is not None,
        "is_judged": is_judged,
        "rows": rows,
        "all": visit.who.sees_scenario(first["scenario_id"]),
    }


def _against(
    connection: Connection, office: Office, unit: str, revision: int, day: date, now: float
) -> Counter[str]:
    """Return how many checkpoints of a unit are late, missing and so on."""
    rows = [row for row in unit_rows(connection, unit, [(revision, day)]) if row.is_asked]
    if not rows:
        return Counter()
    found = judging.judge(connection, office, unit, rows, [day], now)
    return Counter(verdict.verdict for verdict in found.verdicts())


def today(now: float, zone: str) -> date:
    """Return the date where an office is."""
    from zoneinfo import ZoneInfo

    return datetime.fromtimestamp(now, ZoneInfo(zone)).date()


def chosen_day(visit: Visit) -> date:
    """Return the day asked for by `?day=`, or today."""
    present = today(visit.now, visit.place["timezone"])
    try:
        asked = date.fromisoformat(visit.query.get("day", ""))
    except ValueError:
        return present
    return asked if abs((asked - present).days) <= FURTHEST else present


def unit_today(visit: Visit) -> Response:
    """Return one unit's day."""
    day = chosen_day(visit)
    present = today(visit.now, visit.place["timezone"])
    with visit.engine.connect() as connection:
        revision = revision_on(connection, visit.place["id"], day.isoformat())
        rows = unit_rows(connection, visit.office["key"], [(revision["id"], day)]) if revision else []
        office = visit.tools.offices.find(revision) if revision and rows else None
        asked_for = requests.count(connection, visit) if visit.may_change else 0
        verdicts: list[Verdict] = []
        if office is not None and day <= present:
            found = judging.judge(connection, office, visit.office["key"], rows, [day], visit.now)
            verdicts = list(found.verdicts())
    people = [_person(row, day, verdicts, visit) for row in rows]
    counts = Counter(person["place"] for person in people)
    against = Counter(mark["verdict"] for person in people for mark in person["marks"])
    return page(
        visit,
        "today.html",
        {
            "section": "today",
            "requests": asked_for,
            "day_shown": day,
            "present": present,
            "before": day - timedelta(days=1),
            "after": day + timedelta(days=1),
            "groups": _groups(people, visit),
            "counts": counts,
            "late": against["late"],
            "missing": against["missing"],
            "attention": [p for p in people if any(m["against"] for m in p["marks"])],
            "asked": any(person["marks"] for person in people),
            "judged": bool(verdicts),
            "has_office": office is not None,
            "revision": revision,
            "clock": datetime.fromtimestamp(visit.now, visit.zone),
        },
    )


def _groups(people: list[dict[str, Any]], visit: Visit) -> list[dict[str, Any]]:
    titles = (
        ("home", visit.say("Di rumah", "At home")),
        ("office", visit.say("Di kantor", "At the office")),
        ("away", visit.say("Tidak masuk atau dinas luar", "Absent or travelling")),
        ("off", visit.say("Bukan hari kerja", "Not a working day")),
    )
    groups = [
        {"key": key, "title": title, "people": [p for p in people if p["place"] == key]}
        for key, title in titles
    ]
    return [group for group in groups if group["people"]]


def _person(row: Row, day: date, verdicts: list[Verdict], visit: Visit) -> dict[str, Any]:
    cell, language = row.cells[day.isoformat()], visit.language
    place = cell.status if cell.status in ("home", "office", "off") else "away"
    own = [v for v in verdicts if v.person_id == row.person_id and v.verdict not in HIDDEN]
    return {
        "id": row.person_id,
        "name": row.name,
        "place": place,
        "status": shown_status(cell.status, visit),
        "css": shown_class(cell.status, visit),
        "roles": [role_label(role, language) for role in cell.roles],
        "marks": _together([_mark(v, visit) for v in own]) if place in ("home", "office") else [],
    }


def _together(marks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the marks with those that are not due yet as one: "11.00, 14.00 not due yet"."""
    waiting = [mark for mark in marks if mark["verdict"] == "waiting"]
    if len(waiting) < 2:
        return marks
    rest = [mark for mark in marks if mark["verdict"] != "waiting"]
    return [*rest, {**waiting[0], "label": ", ".join(mark["label"] for mark in waiting)}]


def shown_status(status: str, visit: Visit) -> str:
    """Return a status as this account may read it: a monitor does not learn who is ill (UU 27/2022, article 4)."""
    if status in PRIVATE and not visit.may_change:
        return AWAY.in_language(visit.language)
    return status_label(status, visit.language)


def shown_class(status: str, visit: Visit) -> str:
    """Return the name under which the style sheet knows a status, which must not tell more than the word."""
    return "permit" if status in PRIVATE and not visit.may_change else status


def meaning(status: str, visit: Visit) -> str:
    """Return what a status means, for legends."""
    if status in PRIVATE and not visit.may_change:
        return AWAY.in_language(visit.language).lower()
    return STATUS_MEANINGS[status].in_language(visit.language) if status in STATUS_MEANINGS else ""


def _mark(verdict: Verdict, visit: Visit) -> dict[str, Any]:
    """Return one checkpoint as the page shows it."""
    language = visit.language
    is_waiting = verdict.reason == "not_due"
    word = (
        visit.say("belum waktunya", "not due yet")
        if is_waiting
        else VERDICTS[verdict.verdict].in_language(language)
    )
    why = "" if is_waiting or verdict.reason not in REASONS else REASONS[verdict.reason].in_language(language)
    return {
        "label": checkpoint_text(_clock_of(verdict.checkpoint, language), language),
        "verdict": "waiting" if is_waiting else verdict.verdict,
        "word": word,
        "why": why,
        "seen": _clock(verdict.seen_at, visit) if verdict.seen_at is not None else "",
        "grade": GRADES[verdict.grade].in_language(language) if verdict.seen_at is not None else "",
        "against": verdict.verdict in AGAINST,
    }


def _clock_of(label: str, language: Language) -> str:
    return label.replace(":", ".") if language == "id" else label


def _clock(at: int, visit: Visit) -> str:
    local = datetime.fromtimestamp(at, visit.zone)
    return f"{local:%H.%M}" if visit.language == "id" else f"{local:%H:%M}"
