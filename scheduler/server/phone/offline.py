"""The service worker of the check-in page: with it the page of a link opens where there is no network, too.

Each page registers it for its own address alone, so what it keeps of one person is never shown to another. Its text
begins with a mark of all that makes up the page: a new release replaces what phones have kept.
"""

from __future__ import annotations

import hashlib
from functools import cache

from fastapi import FastAPI, Request, Response

from scheduler.server.phone.checkin_page import asset

ADDRESS = "/checkin-worker.js"
PARTS = ("checkin.html", "checkin.js", "style.css", "checkin_worker.js")
HEADERS = {
    "Cache-Control": "no-cache",  # asked for again with its ETag: an old worker must not outlive a release
    "Service-Worker-Allowed": "/checkin/",
    "Content-Security-Policy": "default-src 'none'; connect-src 'self'; frame-ancestors 'none'",
}


@cache
def worker() -> tuple[str, str]:
    """Return the service worker's text, and its ETag."""
    mark = hashlib.sha256("\0".join(asset(name) for name in PARTS).encode()).hexdigest()[:20]
    return f'var VERSION = "{mark}";\n{asset(PARTS[-1])}\n', f'"{mark}"'


def add_offline(app: FastAPI) -> None:
    """Add the service worker's address."""

    @app.api_route(ADDRESS, methods=["GET", "HEAD"])
    def service_worker(request: Request) -> Response:
        text, tag = worker()
        headers = {**HEADERS, "ETag": tag}
        if tag in request.headers.get("if-none-match", ""):
            return Response(None, 304, headers)
        return Response(text, 200, headers, "text/javascript; charset=utf-8")
