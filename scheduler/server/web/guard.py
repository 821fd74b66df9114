"""Security headers on every answer, and one line of the log about each request, without its token."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from scheduler.server.web.logs import log_request

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

Header = tuple[bytes, bytes]
HEADERS: tuple[Header, ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"geolocation=(self), camera=(), microphone=()"),
    (b"x-robots-tag", b"noindex, nofollow"),
)
NO_PAGE: Header = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")


class Guard:
    """Middleware around all that is not answered by `front.Front`."""

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
            log_request(scope["method"], path, status, time.perf_counter() - began)
