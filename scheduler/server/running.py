"""Starting and stopping the server: one uvicorn on an open socket, which ends gracefully on SIGTERM and Ctrl-C."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

from scheduler.errors import ExportError
from scheduler.language import Bilingual
from scheduler.server.logs import log_settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

GRACE = 20
"""Seconds that requests under way have to end once the server is told to stop."""


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; port 0 takes any that is free.

    Raises
    ------
    ExportError
        Where the address cannot be had.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        found = socket.socket(family, kind, protocol)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(address)
        found.listen(2048)
    except OSError as error:
        raise ExportError(
            Bilingual(
                id=f"{host}:{port} tidak dapat dipakai ({error.strerror}). Pilih --port lain.",
                en=f"{host}:{port} cannot be used ({error.strerror}). Choose another --port.",
            )
        ) from error
    return found


def run(engine: Engine, listening: socket.socket, level: str = "INFO") -> None:
    """Serve until told to stop; requests under way are answered and what waits is stored before it returns."""
    import uvicorn

    from scheduler.server.app import make_app
    from scheduler.server.telegram.settings import read_settings

    settings = uvicorn.Config(
        make_app(engine, telegram=read_settings(os.environ)),
        log_config=log_settings(level),
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
        timeout_keep_alive=15,
        limit_concurrency=5_000,
    )
    uvicorn.Server(settings).run(sockets=[listening])
