"""Starting and stopping the server: uvicorn on an open socket, which ends gracefully on SIGTERM and Ctrl-C."""

from __future__ import annotations

import os
import signal
import socket
from typing import TYPE_CHECKING, Any

from scheduler.errors import ExportError
from scheduler.language import Bilingual
from scheduler.server.web.logs import log_settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

GRACE = 20
"""Seconds that requests under way have to end once the server is told to stop."""
BACKLOG = 4_096
"""Connections that may wait to be accepted; the system may allow fewer."""
MOST_CONNECTIONS = 15_000
"""Of one process; more are told to come back later."""


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
        found.setsockopt(socket.SOL_SOCKET, _alone_there(), 1)
        found.bind(address)
        found.listen(BACKLOG)
    except OSError as error:
        raise ExportError(
            Bilingual(
                id=f"{host}:{port} tidak dapat dipakai ({error.strerror}). Pilih --port lain.",
                en=f"{host}:{port} cannot be used ({error.strerror}). Choose another --port.",
            )
        ) from error
    return found


def _alone_there() -> int:
    """Return the option by which a port is had at once after a restart, and never together with another server.

    On Windows `SO_REUSEADDR` lets a second server take the port of one that runs, which of them answers being left to
    chance; `SO_EXCLUSIVEADDRUSE`, which is there alone, forbids it.
    """
    option: int = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)
    return option


def run(engine: Engine, listening: socket.socket, level: str = "INFO") -> None:
    """Serve until told to stop; requests under way are answered and what waits is stored before it returns."""
    import uvicorn

    from scheduler.server.board.audit_retention import read_audit_days
    from scheduler.server.telegram.settings import read_settings
    from scheduler.server.web.app import make_app
    from scheduler.server.web.rates import read_rates

    allow_many_connections()
    # Once all is stored and answered, uvicorn raises the signal again, which would end us before we have closed.
    signal.signal(signal.SIGTERM, lambda *_: None)
    app = make_app(
        engine,
        telegram=read_settings(os.environ),
        rates=read_rates(os.environ),
        audit_days=read_audit_days(os.environ),
    )
    uvicorn.Server(uvicorn.Config(app, **settings(level))).run(sockets=[listening])


def settings(level: str) -> dict[str, Any]:
    """Return how uvicorn is to serve."""
    return {
        "log_config": log_settings(level),
        "access_log": False,
        "server_header": False,
        "timeout_graceful_shutdown": GRACE,
        "timeout_keep_alive": 15,
        "limit_concurrency": MOST_CONNECTIONS,
        "backlog": BACKLOG,
        "lifespan": "on",
    }


def allow_many_connections() -> None:
    """Raise the limit of open files as far as the system lets us; on Windows there is none to raise."""
    try:
        import resource
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + 200
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
