"""The web application: feeds, the check-in page and `/healthz`; no account, no cookie, no page of documentation."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from scheduler.language import Bilingual, Language, Refusal
from scheduler.server import checkin_page, feeds, tokens
from scheduler.server.arrivals import Checkin
from scheduler.server.board.routes import make_router
from scheduler.server.database import level, newest_level
from scheduler.server.forms import MOST_BYTES, parse
from scheduler.server.writer import Answer, BusyError, Outcome, Writer

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

ICS = ".ics"
NOT_FOUND = "Tidak ditemukan / Not found\n"
KINDS = {"people": "person", "units": "unit", "supervisors": "supervisor"}
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"geolocation=(self), camera=(), microphone=()"),
    (b"x-robots-tag", b"noindex, nofollow"),
)
NO_PAGE = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
BUSY = Bilingual(
    id="Peladen sedang penuh; dikirim lagi sebentar lagi.", en="The server is busy; it will be sent again."
)
TOO_LONG = Bilingual(id="Kiriman terlalu besar.", en="What was sent is too long.")
LOG = logging.getLogger("giliran")


def make_app(engine: Engine, clock: Callable[[], float] = time.time) -> FastAPI:
    """Return the application on an open database (`database.open_database`).

    Parameters
    ----------
    clock : seconds since 1970.
    """
    writer = Writer(engine, lambda: int(clock() * 1000))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        writer.start()
        yield
        await run_in_threadpool(writer.stop)

    app = FastAPI(title="giliran", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.add_middleware(Guard)
    _add_feeds(app, engine)
    _add_checkin(app, engine, writer, clock)
    _add_health(app, engine)
    app.include_router(make_router(engine, clock))

    @app.exception_handler(404)
    async def missing(_: Request, __: Exception) -> Response:
        return _not_found()

    @app.exception_handler(SQLAlchemyError)
    async def failed(_: Request, error: Exception) -> Response:
        LOG.error("database: %s", type(error).__name__, exc_info=error)
        return Response("503\n", 503, {"Retry-After": "10"}, "text/plain; charset=utf-8")

    return app


def _not_found() -> Response:
    return Response(NOT_FOUND, 404, {"Cache-Control": "no-store"}, "text/plain; charset=utf-8")


def _add_feeds(app: FastAPI, engine: Engine) -> None:
    @app.api_route("/feeds/{place}/{name}", methods=["GET", "HEAD"])
    def feed(place: str, name: str, request: Request) -> Response:
        if place not in KINDS or not name.endswith(ICS):
            return _not_found()
        with engine.connect() as connection:
            found = tokens.holder(connection, name.removesuffix(ICS), "feed", KINDS[place])
            answer = feeds.answer(connection, found["id"], request.headers) if found else None
        if answer is None or answer.status == 404:
            return _not_found()
        body = b"" if request.method == "HEAD" else answer.body
        headers = answer.headers
        if request.method == "HEAD" and answer.status == 200:
            headers = {**headers, "Content-Length": str(len(answer.body))}
        return Response(body, answer.status, headers)


def _add_checkin(app: FastAPI, engine: Engine, writer: Writer, clock: Callable[[], float]) -> None:
    def show(request: Request, token: str, said: str, status: int = 200) -> Response:
        with engine.connect() as connection:
            holder = tokens.holder(connection, token, "checkin", "person")
            if holder is None:
                return _not_found()
            language = _language(request, holder["language"])
            text = checkin_page.TOLD[said].in_language(language) if said in checkin_page.TOLD else said
            html = checkin_page.page(connection, holder, clock(), language, text, bad=status != 200)
        return HTMLResponse(html, status, _page_headers())

    @app.api_route("/checkin/{token}", methods=["GET", "HEAD"])
    def checkin(token: str, request: Request, said: str = "") -> Response:
        return show(request, token, said if said in checkin_page.TOLD else "")

    @app.post("/checkin/{token}")
    async def arrive(token: str, request: Request) -> Response:
        def holder() -> Any:
            with engine.connect() as connection:
                return tokens.holder(connection, token, "checkin", "person")

        is_json = request.headers.get("content-type", "").startswith("application/json")
        try:
            body = await _body(request)
            arrival = parse(body, request.headers.get("content-type", ""), int(clock() * 1000))
        except Refusal as refusal:
            found = await run_in_threadpool(holder)
            if found is None:
                return _not_found()
            said = refusal.sentence.in_language(_language(request, found["language"]))
            if is_json:
                return JSONResponse({"stored": False, "said": said}, 422)
            return await run_in_threadpool(show, request, token, said, 422)
        try:
            answer = await writer.put(token, arrival)
        except BusyError:
            return JSONResponse({"stored": False, "said": BUSY.id}, 503, {"Retry-After": "5"})
        if answer.outcome is Outcome.UNKNOWN:
            return _not_found()
        if not is_json:
            return RedirectResponse(_after(request, token, arrival, answer), 303)
        found = await run_in_threadpool(holder)
        if found is None:  # revoked this very moment; it was stored all the same
            return _not_found()
        return JSONResponse(_told(arrival, answer, found, _language(request, found["language"])))


async def _body(request: Request) -> bytes:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise Refusal(TOO_LONG)
    return body


def _after(request: Request, token: str, arrival: Any, answer: Answer) -> str:
    said = "repeated" if answer.outcome is Outcome.REPEATED else "stored"
    said = said if isinstance(arrival, Checkin) else "asked"
    asked = request.query_params.get("lang")
    return f"/checkin/{token}?said={said}" + (f"&lang={asked}" if asked in ("id", "en") else "")


def _told(arrival: Any, answer: Answer, holder: Any, language: Language) -> dict[str, Any]:
    from zoneinfo import ZoneInfo

    repeated = answer.outcome is Outcome.REPEATED
    if not isinstance(arrival, Checkin):
        return {
            "stored": True,
            "repeated": repeated,
            "said": checkin_page.TOLD["asked"].in_language(language),
        }
    row = arrival.row(holder["id"], answer.received_at)
    zone = ZoneInfo(holder["timezone"])
    shown = checkin_page.clock(row["happened_at"], zone, language)
    said = Bilingual(id=f"Tercatat pukul {shown}.", en=f"Recorded at {shown}.")
    return {
        "stored": True,
        "repeated": repeated,
        "said": (checkin_page.TOLD["repeated"] if repeated else said).in_language(language),
        "time": shown,
        "how": checkin_page.how(row, language),
        "received_at": answer.received_at,
        "clock_ahead_ms": arrival.sent_at - answer.received_at,
    }


def _language(request: Request, own: str) -> Language:
    asked = request.query_params.get("lang") or own
    return "en" if asked == "en" else "id"


def _page_headers() -> dict[str, str]:
    return {"Cache-Control": "no-store", "Content-Security-Policy": checkin_page.content_policy()}


def _add_health(app: FastAPI, engine: Engine) -> None:
    @app.get("/healthz")
    def healthz() -> Response:
        try:
            with engine.connect() as connection:
                connection.execute(select(1))
            at = level(engine)
        except SQLAlchemyError:
            return JSONResponse({"status": "failed", "database": "unreachable"}, 503)
        good = at == newest_level()
        return JSONResponse({"status": "ok" if good else "failed", "level": at}, 200 if good else 503)


class Guard:
    """Puts the security headers on every answer and writes one line about each request, without its token."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                given = {name for name, _ in message["headers"]}
                extra = [header for header in (*HEADERS, NO_PAGE) if header[0] not in given]
                message = {**message, "headers": [*message["headers"], *extra]}
            await send(message)

        try:
            await self._app(scope, receive, guarded)
        finally:
            path = getattr(scope.get("route"), "path", "-")
            fields = {
                "method": scope["method"],
                "path": path,
                "status": status,
                "ms": round((time.perf_counter() - began) * 1000, 1),
            }
            LOG.info("request", extra={"fields": fields})
