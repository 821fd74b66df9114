"""Several server processes on one socket: one that dies is replaced, and all end with the process that began them."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
from typing import TYPE_CHECKING

from scheduler.server.serving.running import GRACE, allow_many_connections, settings
from scheduler.server.store.database import VARIABLE
from scheduler.server.web.counts import SHARED, shared_counts

if TYPE_CHECKING:
    from fastapi import FastAPI

LOG = logging.getLogger("giliran")


def run_processes(url: str, listening: socket.socket, count: int, level: str = "INFO") -> None:
    """Serve from several processes on one socket until told to stop; one that dies is replaced.

    Parameters
    ----------
    url : of the database, which is of the present level already; the processes get it in their environment.
    """
    import uvicorn
    from uvicorn.supervisors import Multiprocess

    allow_many_connections()
    os.environ[VARIABLE] = url
    config = uvicorn.Config(f"{__name__}:app_of_process", factory=True, workers=count, **settings(level))
    with shared_counts() as name:
        os.environ[SHARED] = name
        Multiprocess(config, sockets=[listening]).run()


def app_of_process() -> FastAPI:
    """Return the application of one of several processes, on the database that the environment names."""
    from scheduler.server.board.audit_retention import read_audit_days
    from scheduler.server.store.database import connect, database_url
    from scheduler.server.telegram.settings import read_settings
    from scheduler.server.web.app import make_app
    from scheduler.server.web.counts import attached_counts
    from scheduler.server.web.rates import read_rates

    threading.Thread(target=_end_with_parent, name="giliran-parent", daemon=True).start()
    return make_app(
        connect(database_url(None)),
        telegram=read_settings(os.environ),
        rates=read_rates(os.environ),
        audit_days=read_audit_days(os.environ),
        counts=attached_counts(os.environ[SHARED]),
    )


def _end_with_parent() -> None:
    """End gracefully once the process that began this one is gone, however it went.

    A process without one to replace or to stop it would hold the port and the database for ever. What is waited for is a
    pipe that only the parent holds open (on Windows, the parent itself).
    """
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is None:  # begun by something else than `run_processes`
        return
    parent.join()
    LOG.warning("the process that began this one is gone: ending")
    signal.raise_signal(signal.SIGTERM)  # uvicorn's handler: what is under way is stored and answered
    time.sleep(GRACE + 10)
    os._exit(1)
