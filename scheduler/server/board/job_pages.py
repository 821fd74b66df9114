"""A job's page: how far it is, what it found, every fault, and the button that publishes what was shown."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from itertools import groupby
from typing import Any

from fastapi import Response
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from scheduler.errors import UsageError
from scheduler.language import Bilingual
from scheduler.server.board import jobs
from scheduler.server.board.changing import start
from scheduler.server.board.errors import forbidden
from scheduler.server.board.faults import in_language
from scheduler.server.board.render import page
from scheduler.server.board.runner import DIED
from scheduler.server.board.visit import Upload, Visit
from scheduler.write.changes import place

EVERY = 0.7
STREAM = 15.0
"""Seconds after which a stream of progress ends; the page asks again. A server that stops need not wait for it."""


def show(visit: Visit) -> Response:
    """Return a job's page."""
    job = visit.job
    assert job is not None
    state = jobs.state_of(job, visit.now)
    result = json.loads(job["result"]) if state in (jobs.DONE, jobs.FAILED) else {}
    if state == jobs.FAILED and "message" not in result:
        result = {"message": list(DIED)}
    with visit.engine.connect() as connection:
        unit = _unit_id(connection, job)
    asked = json.loads(job["asked"])
    values: dict[str, Any] = {
        "state": state,
        "kind": job["kind"],
        "back": f"/board/units/{unit}" if unit else f"/board/scenarios/{job['scenario_id']}",
        "has_unit": unit is not None,
        "done": job["done"],
        "total": job["total"],
        "words": _words(visit, state, job["done"], job["total"]),
        "result": result,
        "message": "",
        "faults": [],
        "lines": [],
        "days": [],
        "said": _pick(result.get("warnings", []), visit),
        "file_name": job["file_name"],
        "upload": asked.get("upload", ""),
        "to_revision": asked.get("to_revision"),
        "may_be_empty": "to_revision" in asked or asked.get("upload") == "policy",
    }
    if "message" in result:
        values["message"] = Bilingual(*result["message"]).in_language(visit.language)
        values["faults"] = in_language(result.get("faults", []), visit.language)
        values["lines"] = _pick(result.get("lines", []), visit)
    if "moves" in result and job["kind"] == "preview":
        values["days"] = _by_day(result["moves"], visit)
    return page(visit, "job.html", values)


def _unit_id(connection: Any, job: Any) -> int | None:
    from sqlalchemy import select

    from scheduler.server.store.tables import SUBJECT

    c = SUBJECT.c
    mine = (c.scenario_id == job["scenario_id"], c.kind == "unit", c.key == job["unit"])
    found: int | None = connection.execute(select(c.id).where(*mine)).scalar()
    return found


def _pick(sentences: list[list[str]], visit: Visit) -> list[str]:
    return [Bilingual(*sentence).in_language(visit.language) for sentence in sentences]


def _words(visit: Visit, state: str, done: int, total: int) -> str:
    if state == jobs.WAITING:
        return visit.say("Menunggu giliran…", "Waiting for its turn…")
    if total:
        return visit.say(f"{done} dari {total} unit selesai.", f"{done} of {total} units done.")
    return visit.say("Sedang dihitung…", "Working it out…")


def _by_day(moves: list[dict[str, Any]], visit: Visit) -> list[dict[str, Any]]:
    """Return the moves by day, then unit, with those that were asked for first."""
    language = visit.language
    ordered = sorted(moves, key=lambda m: (m["day"], m["unit"], not m["asked"], m["name"]))
    return [
        {
            "day": day,
            "moves": [
                {
                    "name": move["name"],
                    "unit": move["unit"],
                    "before": place(move["before"], tuple(move["roles_before"]), language),
                    "after": place(move["after"], tuple(move["roles_after"]), language),
                    "why": Bilingual(*move["why"]).in_language(language),
                    "asked": move["asked"],
                }
                for move in of_day
            ],
        }
        for day, of_day in groupby(ordered, key=lambda m: m["day"])
    ]


def confirm(visit: Visit) -> Response:
    """Publish what a job's page showed."""
    job = visit.job
    assert job is not None
    if job["state"] != jobs.DONE or job["kind"] not in ("preview", "generate", "staff"):
        raise UsageError(
            Bilingual(id="Tidak ada yang dapat dikonfirmasi di sini.", en="There is nothing to confirm here.")
        )
    if job["kind"] != "preview" and visit.who.role != "admin":
        return forbidden(visit)
    asked, result = json.loads(job["asked"]), json.loads(job["result"])
    period = {"first_day": asked["first"], "last_day": asked["last"]}
    file = Upload(job["file_name"], job["file"]) if job["file"] is not None else None
    if job["kind"] == "preview":
        more = {**asked, "base": result["base"], "mark": result["mark"]}
        return start(visit, period, "confirm", more, file)
    if job["kind"] == "generate":
        return start(
            visit, period, "publish", {"folder": result["folder"], "revision": result["revision"]}, None
        )
    if visit.form.get("when") == "now":
        return start(visit, period, "preview", {"upload": "staff"}, file)
    return start(visit, period, "take staff", {"before": result["before"]}, file)


def events(visit: Visit) -> Response:
    """Stream how far a job is, as server-sent events."""
    job = visit.job
    assert job is not None

    async def stream() -> AsyncIterator[str]:
        yield "retry: 1000\n\n"
        waited = 0.0
        while waited < STREAM:
            row = await run_in_threadpool(_read, visit, job["id"])
            state = jobs.state_of(row, visit.tools.clock())
            news = {"state": state, "done": row["done"], "total": row["total"]}
            news["words"] = _words(visit, state, row["done"], row["total"])
            yield f"data: {json.dumps(news, ensure_ascii=False)}\n\n"
            if state in (jobs.DONE, jobs.FAILED):
                return
            await asyncio.sleep(EVERY)
            waited += EVERY

    return StreamingResponse(stream(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


def _read(visit: Visit, job: int) -> Any:
    with visit.engine.connect() as connection:
        return jobs.read(connection, job)
