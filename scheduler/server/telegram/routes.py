"""`POST /telegram/<secret>`, to which Telegram brings updates; the reply goes back in the answer, without a token."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy import Engine

from scheduler.server.telegram.inbox import Inbox
from scheduler.server.telegram.settings import TelegramSettings

LOG = logging.getLogger("giliran")
MOST_BYTES = 1 << 18
SECRET_HEADER = "x-telegram-bot-api-secret-token"


def add_telegram(
    app: FastAPI,
    engine: Engine,
    clock: Callable[[], float],
    settings: TelegramSettings,
    missing: Callable[[], Response],
) -> None:
    """Let the application take updates.

    Parameters
    ----------
    clock : seconds since 1970.
    missing : makes the answer to a wrong secret, which is that of any address that is not there.
    """
    inbox = Inbox(engine, settings.bot, lambda: int(clock() * 1000))

    @app.post("/telegram/{secret}")
    async def updates(secret: str, request: Request) -> Response:
        if not settings.opens(secret, request.headers.get(SECRET_HEADER, "")):
            return missing()
        update = await _update(request)
        if update is None:  # answered as taken: Telegram would else bring it for a day
            return JSONResponse({})
        reply = await inbox.put(update)
        if reply is None:
            return JSONResponse({})
        return JSONResponse({"method": "sendMessage", "chat_id": reply.chat, "text": reply.text})


async def _update(request: Request) -> object | None:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            LOG.warning("telegram: an update of more than %d bytes", MOST_BYTES)
            return None
    try:
        found: object = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if found is None:
        LOG.warning("telegram: an update that is no JSON, %d bytes", len(body))
    return found
