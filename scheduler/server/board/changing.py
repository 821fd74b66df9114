"""Changing one person's day: only what is lawful is offered, and nothing is published before it was looked at."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from fastapi import Response
from fastapi.responses import RedirectResponse
from sqlalchemy import RowMapping

from scheduler.errors import UsageError
from scheduler.language import Bilingual
from scheduler.problem import ABSENCE_KINDS, Person, Unit
from scheduler.revise.replan import LEAD_MINUTES, Request, first_days
from scheduler.roster import HOME, OFFICE, UnitRoster
from scheduler.server.board import jobs
from scheduler.server.board.folders import Office, periods
from scheduler.server.board.render import page
from scheduler.server.board.requests import waiting
from scheduler.server.board.today import shown_status, today
from scheduler.server.board.visit import Upload, Visit
from scheduler.server.store.database import writing
from scheduler.write.labels import STATUS_LABELS

MOST_LEAD = 1440


def form(visit: Visit) -> Response:
    """Return the choice of person and day, and what may be done with the two chosen."""
    day = _date(visit.query.get("day", "")) or today(visit.now, visit.place["timezone"])
    revision = _revision(visit, day)
    office = visit.tools.offices.find(revision) if revision is not None else None
    values: dict[str, Any] = {
        "section": "change",
        "revision": revision,
        "office": office,
        "chosen": None,
        "people": [],
    }
    with visit.engine.connect() as connection:
        values["requests"] = waiting(connection, visit)
    if office is None:
        return page(visit, "change.html", values)
    unit, roster = _unit(visit, office)
    as_of, recall_from = _first_days(office, visit)
    people = [p for p in unit.people if p.id in roster.people]
    day = min(max(day, min(as_of, recall_from)), roster.days[-1])
    person = next((p for p in people if p.id == visit.query.get("person")), None)
    values |= {
        "people": sorted(people, key=lambda p: p.name.casefold()),
        "person": person,
        "day_shown": day,
        "least": min(as_of, recall_from),
        "before_least": as_of - timedelta(days=1),
        "most": roster.days[-1],
        "is_over": roster.days[-1] < min(as_of, recall_from),
    }
    if person is not None and not values["is_over"]:
        values["chosen"] = _choices(visit, unit, roster, person, day, as_of, recall_from)
    return page(visit, "change.html", values)


def _choices(
    visit: Visit, unit: Unit, roster: UnitRoster, person: Person, day: date, as_of: date, recall_from: date
) -> dict[str, Any]:
    from scheduler.revise.partners import (
        find_partners,
    )  # it loads the solver, which takes as long as all the rest

    status = roster.statuses[roster.people.index(person.id)][roster.days.index(day)]
    partners = find_partners(unit, roster, person.id, day) if day >= as_of else ()
    return {
        "status": shown_status(status, visit),
        "css": status,
        "works": status in (HOME, OFFICE),
        "pinned": (person.id, day) in unit.pins,
        "is_late": day < as_of,
        "as_of": as_of,
        "partners": [partner.person for partner in partners if partner.lawful],
        "refused": [
            (partner.person.name, partner.broken.sentence.in_language(visit.language))
            for partner in partners
            if partner.broken
        ],
        "other": OFFICE if status == HOME else HOME,
        "may_recall": status == HOME and day >= recall_from,
        "lead": LEAD_MINUTES,
        "kinds": [(kind, STATUS_LABELS[kind].in_language(visit.language)) for kind in ABSENCE_KINDS],
    }


def swap(visit: Visit) -> Response:
    """Look at a swap of two people; who may not swap is refused here, whatever the form offered."""
    from scheduler.revise.partners import find_partners

    unit, roster, person, day, revision, office = _asked(visit)
    as_of, _ = _first_days(office, visit)
    partner = visit.form.get("partner", "")
    lawful = {p.person.id for p in find_partners(unit, roster, person.id, day) if p.lawful}
    if day < as_of or partner not in lawful:
        raise UsageError(
            Bilingual(
                id="Kedua orang ini tidak boleh bertukar pada hari itu, atau jadwalnya sudah berubah. Pilih lagi dari daftar.",
                en="These two may not swap on that day, or the roster has changed. Choose from the list again.",
            )
        )
    return start(visit, revision, "preview", {"words": {"swap": [f"{person.id},{partner}:{day}"]}})


def recall(visit: Visit) -> Response:
    """Look at calling somebody in."""
    _, roster, person, day, revision, _ = _asked(visit)
    if roster.statuses[roster.people.index(person.id)][roster.days.index(day)] != HOME:
        raise UsageError(
            Bilingual(
                id="Orang ini tidak di rumah pada hari itu.", en="This person is not at home on that day."
            )
        )
    text = visit.form.get("lead", "")
    if not (text.isascii() and text.isdigit() and int(text) <= MOST_LEAD):
        raise UsageError(
            Bilingual(
                id=f"Waktu untuk tiba: 0 sampai {MOST_LEAD} menit.",
                en=f"Time to arrive: 0 to {MOST_LEAD} minutes.",
            )
        )
    return start(visit, revision, "preview", {"words": {"recall": [f"{person.id}:{day}"]}, "lead": int(text)})


def absence(visit: Visit) -> Response:
    """Look at what an absence changes."""
    _, _, person, _, revision, _ = _asked(visit)
    first, last = _date(visit.form.get("first", "")), _date(visit.form.get("last", ""))
    kind = visit.form.get("kind", "")
    if first is None or last is None or first > last or kind not in ABSENCE_KINDS:
        raise UsageError(
            Bilingual(
                id="Isi hari pertama, hari terakhir dan jenisnya; hari pertama tidak sesudah hari terakhir.",
                en="Give the first day, the last day and the kind; the first is not after the last.",
            )
        )
    return start(visit, revision, "preview", {"words": {"absent": [f"{person.id}:{first}..{last}={kind}"]}})


def pin(visit: Visit) -> Response:
    """Look at fixing one person's day at home or at the office."""
    _, _, person, day, revision, _ = _asked(visit)
    where = visit.form.get("where", "")
    if where not in (HOME, OFFICE):
        raise UsageError(Bilingual(id="Pilih di rumah atau di kantor.", en="Choose home or office."))
    return start(visit, revision, "preview", {"words": {"pin": [f"{person.id}:{day}={where}"]}})


def leaver(visit: Visit) -> Response:
    """Look at what changes where somebody leaves."""
    _, _, person, _, revision, _ = _asked(visit)
    last = _date(visit.form.get("last", ""))
    if last is None:
        raise UsageError(Bilingual(id="Isi hari terakhirnya.", en="Give their last day."))
    return start(visit, revision, "preview", {"words": {"leaves": [f"{person.id}:{last}"]}})


def start(
    visit: Visit, revision: Mapping[Any, Any], kind: str, asked: Mapping[str, Any], file: Upload | None = None
) -> Response:
    """Begin a job about a period, and about the office at hand, and go to its page."""
    about = {"first": revision["first_day"], "last": revision["last_day"], **asked}
    unit = visit.note.unit
    with writing(visit.engine) as connection:
        job = jobs.add(connection, visit.who.id, visit.place["id"], unit, kind, about, visit.now, file)
    visit.tools.runner.put(job)
    words = "; ".join(word for flag in asked.get("words", {}).values() for word in flag)
    visit.detail = " ".join(part for part in (f"{kind} {job}", words, file.name if file else "") if part)
    return RedirectResponse(f"/board/jobs/{job}", 303)


def latest(visit: Visit, day: date) -> RowMapping:
    """Return the period that holds a day, or the next or last one.

    Raises
    ------
    UsageError
        Where nothing is published.
    """
    found = _revision(visit, day)
    if found is None:
        raise UsageError(Bilingual(id="Belum ada jadwal yang terbit.", en="No roster is published yet."))
    return found


def _revision(visit: Visit, day: date) -> RowMapping | None:
    with visit.engine.connect() as connection:
        known = periods(connection, visit.place["id"])
    text = day.isoformat()
    holding = [r for r in known if r["first_day"] <= text <= r["last_day"]]
    later = [r for r in reversed(known) if r["first_day"] > text]
    return next(iter([*holding, *later, *known]), None)


def _asked(visit: Visit) -> tuple[Unit, UnitRoster, Person, date, RowMapping, Office]:
    """Return the person and day that a form names, who must be of this very unit."""
    day = _date(visit.form.get("day", ""))
    revision = _revision(visit, day) if day is not None else None
    if day is None or revision is None:
        raise UsageError(Bilingual(id="Pilih orang dan harinya.", en="Choose a person and a day."))
    office = visit.tools.offices.need(revision)
    unit, roster = _unit(visit, office)
    person = next((p for p in unit.people if p.id == visit.form.get("person")), None)
    if person is None or person.id not in roster.people or day not in roster.days:
        raise UsageError(
            Bilingual(
                id="Orang atau hari itu tidak ada di jadwal unit ini.",
                en="That person or day is not in this unit's roster.",
            )
        )
    return unit, roster, person, day, revision, office


def _unit(visit: Visit, office: Office) -> tuple[Unit, UnitRoster]:
    name = visit.office["key"]
    unit = office.unit(name)
    if unit is None:
        raise UsageError(
            Bilingual(
                id="Unit ini tidak ada di jadwal periode itu.", en="This unit is not in that period's roster."
            )
        )
    return unit, office.kept.rosters[name]


def _first_days(office: Office, visit: Visit) -> tuple[date, date]:
    policy = office.kept.scenario.problem.policy
    return first_days(Request(output=office.folder), policy, datetime.fromtimestamp(visit.now, UTC))


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
