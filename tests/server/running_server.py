"""A real server on loopback in a thread, for programs that speak HTTP themselves."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine

from scheduler.server.serving.running import listen
from scheduler.server.web.app import make_app


@contextmanager
def running(engine: Engine, clock: Callable[[], float], **settings: Any) -> Iterator[str]:
    """Serve the database until the end; yield the server's address."""
    import uvicorn

    listening = listen("127.0.0.1", 0)
    app = make_app(engine, clock, **settings)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="on"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
