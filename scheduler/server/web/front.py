"""The three requests that come by the thousand, answered with nothing in between; everything else goes on.

They are the check-in page, the check-ins that its script sends, and the polls of calendar programs.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from sqlalchemy import Engine, RowMapping
from sqlalchemy.exc import SQLAlchemyError

from scheduler.language import Bilingual, Language, Refusal
from scheduler.server.links import tokens
from scheduler.server.phone import receipts
from scheduler.server.phone.checkin_page import Said, content_policy, page
from scheduler.server.phone.failure_pages import busy_page, gone_page
from scheduler.server.phone.forms import MOST_BYTES, parse
from scheduler.server.phone.page_words import TOLD
from scheduler.server.phone.writer import BusyError, Outcome, Writer
from scheduler.server.web.guard import HEADERS, NO_PAGE, Header
from scheduler.server.web.logs import log_request

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from scheduler.server.feeds.cache import FeedCache
    from scheduler.server.phone.pages import Pages
    from scheduler.server.telegram.settings import TelegramSettings

LOG = logging.getLogger("giliran")
ICS = ".ics"
KINDS = {"people": "person", "units": "unit", "supervisors": "supervisor"}
CHECKIN, FEEDS = "/checkin/", "/feeds/"
NOT_FOUND = b"Tidak ditemukan / Not found\n"
HTML = (b"content-type", b"text/html; charset=utf-8")
PLAIN = (b"content-type", b"text/plain; charset=utf-8")
TOO_LONG = Bilingual(id="Kiriman terlalu besar.", en="What was sent is too long.")
SLOWEST = 60.0
"""Seconds for a phone to send a few hundred bytes; whoever takes longer must not hold a place for ever."""
ASKED = (b"accept-encoding", b"if-none-match", b"if-modified-since")
"""The headers that decide how a feed is answered."""


class Front:
    """The outermost part of the application.

    Parameters
    ----------
    clock : seconds since 1970.
    """

    def __init__(
        self,
        app: ASGIApp,
        engine: Engine,
        writer: Writer,
        feeds: FeedCache,
        pages: Pages,
        telegram: TelegramSettings,
        clock: Callable[[], float],
    ) -> None:
        self._app, self._engine, self._writer = app, engine, writer
        self._feeds, self._pages, self._telegram, self._clock = feeds, pages, telegram, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request, or pass it on."""
        if scope["type"] == "http":
            path, method = scope["path"], scope["method"]
            if path.startswith(FEEDS) and method in ("GET", "HEAD"):
                await self._logged(self._feed(scope, send), method, "/feeds/{place}/{name}", send)
                return
            if path.startswith(CHECKIN) and method in ("GET", "HEAD") and "/" not in path[len(CHECKIN) :]:
                await self._logged(self._page(scope, send), method, "/checkin/{token}", send)
                return
            if path.startswith(CHECKIN) and method == "POST" and _is_json(scope):
                await self._logged(self._arrival(scope, receive, send), method, "/checkin/{token}", send)
                return
        await self._app(scope, receive, send)

    async def _logged(self, answering: Any, method: str, path: str, send: Send) -> None:
        began, status = time.perf_counter(), 500
        try:
            status = await answering
        except SQLAlchemyError as error:
            LOG.error("database: %s", type(error).__name__, exc_info=error)
            status = await _json(send, 503, {"stored": False, "said": receipts.FAILED.id}, retry=True)
        finally:
            log_request(method, path, status, time.perf_counter() - began)

    async def _feed(self, scope: Scope, send: Send) -> int:
        place, _, name = scope["path"].removeprefix(FEEDS).partition("/")
        if place not in KINDS or not name.endswith(ICS) or "/" in name:
            return await _not_found(send)
        asked = {
            name.decode("latin-1"): value.decode("latin-1")
            for name, value in scope["headers"]
            if name in ASKED
        }
        answer = await self._feeds.answer(KINDS[place], name.removesuffix(ICS), asked)
        if answer is None:
            return await _not_found(send)
        headers = [(name.lower().encode(), value.encode()) for name, value in answer.headers.items()]
        if answer.status == 200:
            headers.append((b"content-length", str(len(answer.body)).encode()))
        body = b"" if scope["method"] == "HEAD" else answer.body
        return await _send(send, answer.status, headers, body)

    async def _page(self, scope: Scope, send: Send) -> int:
        sends_body = scope["method"] != "HEAD"
        try:
            found = await self._pages.find(scope["path"].removeprefix(CHECKIN))
        except SQLAlchemyError as error:
            LOG.error("database: %s", type(error).__name__, exc_info=error)
            wait = (b"retry-after", receipts.RETRY_SECONDS.encode())
            return await _html(send, 503, busy_page(), wait, sends_body=sends_body)
        if found is None:
            return await _html(send, 404, gone_page(), sends_body=sends_body)
        base, facts = found
        language = _language(scope, base.language)
        said = TOLD.get(_asked(scope, "said", ""))
        told = Said(said.in_language(language) if said else "", False)
        body = page(base, facts, self._clock(), language, told, self._telegram).encode()
        return await _html(send, 200, body, sends_body=sends_body)

    async def _arrival(self, scope: Scope, receive: Receive, send: Send) -> int:
        token = scope["path"].removeprefix(CHECKIN)
        try:
            async with asyncio.timeout(SLOWEST):
                body = await _body(receive)
        except TimeoutError:
            return await _json(send, 503, {"stored": False, "said": receipts.FAILED.id}, retry=True)
        if body is None:
            return 499  # whoever sent it has left before it was whole; as nginx notes it
        try:
            if len(body) > MOST_BYTES:
                raise Refusal(TOO_LONG)
            arrival = parse(body, "application/json", int(self._clock() * 1000))
        except Refusal as refusal:
            return await self._refuse(scope, send, token, refusal)
        try:
            answer = await self._writer.put(token, arrival)
        except BusyError:
            return await _json(send, 503, {"stored": False, "said": receipts.BUSY.id}, retry=True)
        if answer.outcome is Outcome.UNKNOWN or answer.holder is None:
            return await _not_found(send)
        told = receipts.told(arrival, answer, _language(scope, answer.holder.language))
        return await _json(send, 200, told)

    async def _refuse(self, scope: Scope, send: Send, token: str, refusal: Refusal) -> int:
        def look_up() -> RowMapping | None:
            with self._engine.connect() as connection:
                return tokens.holder(connection, token, "checkin", "person")

        holder = await asyncio.to_thread(look_up)
        if holder is None:
            return await _not_found(send)
        said = refusal.sentence.in_language(_language(scope, holder["language"]))
        return await _json(send, 422, {"stored": False, "said": said})


def _is_json(scope: Scope) -> bool:
    return any(
        name == b"content-type" and value.startswith(b"application/json") for name, value in scope["headers"]
    )


def _asked(scope: Scope, name: str, otherwise: str) -> str:
    query = scope["query_string"]
    return parse_qs(query.decode("latin-1")).get(name, [otherwise])[-1] if query else otherwise


def _language(scope: Scope, own: str) -> Language:
    return "en" if _asked(scope, "lang", own) == "en" else "id"


async def _body(receive: Receive) -> bytes | None:
    """Return what was sent, cut off soon after it is too long; None where the sender left."""
    body = b""
    while True:
        message: Any = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += bytes(message.get("body", b""))
        if not message.get("more_body", False) or len(body) > MOST_BYTES:
            return body


async def _not_found(send: Send) -> int:
    headers = [(b"cache-control", b"no-store"), (b"content-length", b"%d" % len(NOT_FOUND)), PLAIN]
    return await _send(send, 404, headers, NOT_FOUND)


async def _html(send: Send, status: int, body: bytes, *more: Header, sends_body: bool = True) -> int:
    policy = (b"content-security-policy", content_policy().encode())
    length = (b"content-length", b"%d" % len(body))
    headers = [policy, HTML, (b"cache-control", b"no-store"), length, *more]
    return await _send(send, status, headers, body if sends_body else b"")


async def _json(send: Send, status: int, value: Mapping[str, Any], *, retry: bool = False) -> int:
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    headers = [(b"content-length", b"%d" % len(body)), (b"content-type", b"application/json")]
    if retry:
        headers.append((b"retry-after", receipts.RETRY_SECONDS.encode()))
    return await _send(send, status, headers, body)


async def _send(send: Send, status: int, headers: list[Header], body: bytes) -> int:
    policy = () if any(name == NO_PAGE[0] for name, _ in headers) else (NO_PAGE,)
    await send({"type": "http.response.start", "status": status, "headers": [*headers, *HEADERS, *policy]})
    await send({"type": "http.response.body", "body": body})
    return status
