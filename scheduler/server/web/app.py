"""The web application: feeds, the check-in page, the board and `/healthz`."""

from __future__ import annotations

import gc
import logging
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from anyio import to_thread
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from scheduler.language import Language, Refusal
from scheduler.server.board.audit_retention import DAYS as AUDIT_DAYS
from scheduler.server.board.routes import make_router
from scheduler.server.feeds.cache import FeedCache
from scheduler.server.links import tokens
from scheduler.server.phone import checkin_page, receipts
from scheduler.server.phone.forms import MOST_BYTES, parse
from scheduler.server.phone.offline import add_offline
from scheduler.server.phone.page_facts import read_base, read_facts
from scheduler.server.phone.page_words import TOLD
from scheduler.server.phone.pages import Pages
from scheduler.server.phone.writer import BusyError, Outcome, Writer
from scheduler.server.store.freshness import Freshness
from scheduler.server.telegram.accounts import new_code
from scheduler.server.telegram.routes import add_telegram
from scheduler.server.telegram.settings import TelegramSettings
from scheduler.server.upkeep.daily import Upkeep
from scheduler.server.web.counts import Counts
from scheduler.server.web.front import NOT_FOUND, TOO_LONG, Front
from scheduler.server.web.guard import Guard
from scheduler.server.web.health import add_health
from scheduler.server.web.rates import Limiter, Rates

LOG = logging.getLogger("giliran")
THREADS = 10
"""Pages rendered at once: more of them only wait for each other, and each would need a connection of its own."""


class Application(FastAPI):
    """FastAPI, and before all of its layers what answers the requests that come by the thousand."""

    before: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        await self.before(scope, receive, send)

    async def behind(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what has been passed on."""
        await super().__call__(scope, receive, send)


def make_app(
    engine: Engine,
    clock: Callable[[], float] = time.time,
    telegram: TelegramSettings | None = None,
    rates: Rates | None = None,
    counts: Counts | None = None,
    audit_days: int = AUDIT_DAYS,
) -> FastAPI:
    """Return the application on an open database (`database.open_database`).

    Parameters
    ----------
    clock : seconds since 1970.
    telegram : how the bot is set up; None without one.
    rates : how often links and addresses may ask; None for bounds that fit any office.
    counts : of what was asked, where several processes share them.
    audit_days : for which the board's audit log is kept.
    """
    telegram = telegram or TelegramSettings()
    writer = Writer(engine, lambda: int(clock() * 1000))
    freshness = Freshness(engine)
    cache, upkeep = FeedCache(engine, freshness), Upkeep(engine, clock, audit_days)
    pages = Pages(engine, clock)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        to_thread.current_default_thread_limiter().total_tokens = THREADS
        writer.start()
        upkeep.start()
        _settle_memory()
        yield
        await upkeep.stop()
        await run_in_threadpool(writer.stop)
        cache.stop()
        pages.stop()
        freshness.stop()

    app = Application(title="giliran", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.state.upkeep = upkeep
    app.add_middleware(Guard)
    front = Front(app.behind, engine, writer, cache, pages, telegram, clock)
    app.before = Limiter(front, rates or Rates(), counts)
    _add_checkin(app, engine, writer, clock, telegram)
    add_offline(app)
    add_telegram(app, engine, clock, telegram, _not_found)
    add_health(app, engine, writer)
    board, board_missing = make_router(engine, clock)
    app.include_router(board)

    @app.exception_handler(404)
    async def missing(request: Request, __: Exception) -> Response:
        return board_missing(request) if request.url.path.startswith("/board/") else _not_found()

    @app.exception_handler(SQLAlchemyError)
    async def failed(_: Request, error: Exception) -> Response:
        LOG.error("database: %s", type(error).__name__, exc_info=error)
        return _later(receipts.FAILED.id)

    return app


def _settle_memory() -> None:
    """Leave what was loaded until now out of every later search for garbage, each of which holds up all requests.

    A full search through all modules took some 150 ms in the midst of a burst.
    """
    gc.collect()
    gc.freeze()


def _not_found() -> Response:
    return Response(NOT_FOUND, 404, {"Cache-Control": "no-store"}, "text/plain; charset=utf-8")


def _later(said: str) -> Response:
    return Response(f"{said}\n", 503, {"Retry-After": receipts.RETRY_SECONDS}, "text/plain; charset=utf-8")


def _add_checkin(
    app: FastAPI, engine: Engine, writer: Writer, clock: Callable[[], float], telegram: TelegramSettings
) -> None:
    """Add the page, and what its forms send without JavaScript; what its script sends is answered by `Front`."""

    def show(request: Request, token: str, said: str, status: int = 200, code: str = "") -> Response:
        with engine.connect() as connection:

            def ask(statement: Any, values: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
                return connection.execute(statement, values).all()

            now = clock()
            base = read_base(ask, tokens.digest(token), now)
            if base is None:
                return _not_found()
            facts = read_facts(ask, base)
        language = _language(request, base.language)
        text = TOLD[said].in_language(language) if said in TOLD else said
        told = checkin_page.Said(text, status != 200)
        html = checkin_page.page(base, facts, now, language, told, telegram, code)
        return HTMLResponse(html, status, _page_headers())

    @app.api_route("/checkin/{token}", methods=["GET", "HEAD"])
    def checkin(token: str, request: Request, said: str = "") -> Response:
        """Describe the page to OpenAPI; `Front` answers before this is asked."""
        return show(request, token, said if said in TOLD else "")

    def link_telegram(request: Request, token: str) -> Response:
        code = new_code(engine, token, int(clock())) if telegram.is_on else None
        return show(request, token, "", code=code) if code else _not_found()

    @app.post("/checkin/{token}")
    async def arrive(token: str, request: Request, do: str = "") -> Response:
        if do == "telegram":
            return await run_in_threadpool(link_telegram, request, token)

        def refused(refusal: Refusal) -> Response:
            with engine.connect() as connection:
                holder: Any = tokens.holder(connection, token, "checkin", "person")
            if holder is None:
                return _not_found()
            said = refusal.sentence.in_language(_language(request, holder["language"]))
            return show(request, token, said, 422)

        try:
            body = await _body(request)
            arrival = parse(body, request.headers.get("content-type", ""), int(clock() * 1000))
        except Refusal as refusal:
            return await run_in_threadpool(refused, refusal)
        try:
            answer = await writer.put(token, arrival)
        except BusyError:
            return _later(receipts.BUSY.id)
        if answer.outcome is Outcome.UNKNOWN:
            return _not_found()
        asked = request.query_params.get("lang")
        return RedirectResponse(receipts.next_address(token, arrival, answer, asked), 303)


async def _body(request: Request) -> bytes:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise Refusal(TOO_LONG)
    return body


def _language(request: Request, own: str) -> Language:
    asked = request.query_params.get("lang") or own
    return "en" if asked == "en" else "id"


def _page_headers() -> dict[str, str]:
    return {"Cache-Control": "no-store", "Content-Security-Policy": checkin_page.content_policy()}
