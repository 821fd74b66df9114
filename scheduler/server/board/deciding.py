"""Deciding on what people asked for: an absence is looked at with all that it moves, then accepted by publishing it."""

from __future__ import annotations

from datetime import date

from fastapi import Response
from fastapi.responses import RedirectResponse

from scheduler.errors import UsageError
from scheduler.language import Bilingual
from scheduler.server.board import requests
from scheduler.server.board.changing import latest, start
from scheduler.server.board.visit import Visit
from scheduler.server.phone.permits import ACCEPTED, OUTING, REFUSED, decide
from scheduler.server.store.database import writing


def answer(visit: Visit) -> Response:
    """Refuse a request, accept leave to go out, or look at what an absence would move."""
    with writing(visit.engine) as connection:
        found = requests.find(connection, visit, visit.form.get("request", ""))
        wanted = visit.form.get("decision", "")
        if found is None or wanted not in (ACCEPTED, REFUSED):
            raise UsageError(
                Bilingual(
                    id="Permintaan ini tidak menunggu keputusan di unit ini.",
                    en="No such request waits for a decision in this unit.",
                )
            )
        visit.detail = f"{wanted} {found['id']}: {found['kind']} {found['first_day']}..{found['last_day']}"
        if wanted == REFUSED or found["kind"] == OUTING:
            decide(connection, [found["id"]], wanted, visit.who.name, int(visit.now * 1000))
            return RedirectResponse(f"/board/units/{visit.office['id']}/change?done={wanted}", 303)
    revision = latest(visit, date.fromisoformat(found["first_day"]))
    text = f"{found['key']}:{found['first_day']}..{found['last_day']}={found['kind']}"
    return start(visit, revision, "preview", {"words": {"absent": [text]}, "request": found["id"]})
