"""Carries out jobs one after another, each in a process of its own: a solver that dies takes no page with it."""

from __future__ import annotations

import json
import logging
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from scheduler.language import Bilingual
from scheduler.server.board import jobs
from scheduler.server.store.database import writing

SIGN_OF_LIFE = 10
"""Seconds between two signs of life."""
LONGEST = 3600
"""Seconds after which work is given up."""
DIED = Bilingual(
    id="Pekerjaan ini terhenti sebelum selesai; tidak ada yang diterbitkan. Coba lagi.",
    en="This work stopped before its end; nothing was published. Try again.",
)
LOG = logging.getLogger("giliran")


class Runner:
    """One thread that runs the jobs of this server process.

    Parameters
    ----------
    clock : seconds since 1970, handed on to the work, which decides by it which days are past.
    """

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.time) -> None:
        self._engine, self._clock = engine, clock
        self._queue: queue.Queue[int | None] = queue.Queue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._is_stopping = False

    def put(self, job: int) -> None:
        """Take a job that stands in the database."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="giliran-jobs", daemon=True)
                self._thread.start()
        self._queue.put(job)

    def stop(self) -> None:
        """End what is under way; it says so where people look for it."""
        self._is_stopping = True
        self._queue.put(None)
        process = self._process
        if process is not None:
            process.terminate()
        if self._thread is not None:
            self._thread.join(timeout=15)

    def _run(self) -> None:
        while (job := self._queue.get()) is not None:
            try:
                self._carry_out(job)
            except Exception:
                LOG.exception("job %s", job)
            try:
                self._settle(job)
            except (
                SQLAlchemyError
            ) as error:  # without a sign of life the job counts as failed; the next may go well
                LOG.error("job %s: database: %s", job, type(error).__name__)

    def _carry_out(self, job: int) -> None:
        if self._is_stopping:
            return
        order = {
            "database": self._engine.url.render_as_string(hide_password=False),
            "job": job,
            "ahead": self._clock() - time.time(),
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "scheduler.server.board.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=sys.platform
            != "win32",  # Ctrl-C at the server's terminal is the server's to handle
        )
        self._process = process
        deadline = time.monotonic() + LONGEST
        text: bytes | None = json.dumps(order).encode()  # by a pipe: arguments can be read by everybody
        while True:
            try:
                _, said = process.communicate(text, timeout=SIGN_OF_LIFE)
                break
            except subprocess.TimeoutExpired:
                text = None
                self._sign_of_life(job)
                if time.monotonic() > deadline:
                    process.kill()
        self._process = None
        if process.returncode != 0:
            LOG.error(
                "job %s ended with %s: %s", job, process.returncode, said.decode("utf-8", "replace")[-2000:]
            )

    def _sign_of_life(self, job: int) -> None:
        """Note that the work goes on; where the database is away for a moment, it goes on all the same."""
        try:
            with writing(self._engine) as connection:
                jobs.change(connection, job, self._clock())
        except SQLAlchemyError as error:
            LOG.warning("job %s: database: %s", job, type(error).__name__)

    def _settle(self, job: int) -> None:
        """Mark a job as failed that has not ended by itself."""
        with writing(self._engine) as connection:
            row = jobs.read(connection, job)
            if row is not None and row["state"] in (jobs.WAITING, jobs.RUNNING):
                jobs.finish(connection, job, self._clock(), jobs.FAILED, {"message": list(DIED)})
