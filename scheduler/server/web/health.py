"""`/healthz`: whether the database answers at the level that this release needs, and check-ins are being stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from scheduler.server.store.database import level, newest_level

if TYPE_CHECKING:
    from scheduler.server.phone.writer import Writer


def add_health(app: FastAPI, engine: Engine, writer: Writer) -> None:
    """Add the route; it tells nothing about anybody, so it needs no login."""
    newest = newest_level()

    @app.get("/healthz")
    def healthz() -> Response:
        found: dict[str, Any] = {"database": "reachable", "level": None, "needs_level": newest}
        try:
            found["level"] = level(engine)
        except SQLAlchemyError:
            found["database"] = "unreachable"
        found["writer"] = "alive" if writer.is_well() else "stuck"
        found["waiting"] = writer.waiting
        good = (found["database"], found["level"], found["writer"]) == ("reachable", newest, "alive")
        return JSONResponse({"status": "ok" if good else "failed", **found}, 200 if good else 503)
