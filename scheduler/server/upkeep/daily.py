"""What the server does by itself once a day, beginning with its start: deleting what is past its retention."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from scheduler.server.board.audit_retention import DAYS as AUDIT_DAYS
from scheduler.server.upkeep.retention import purge

LOG = logging.getLogger("giliran")
EVERY = 86_400.0
"""Seconds."""
AGAIN = 600.0
"""Seconds until it is tried again where the database failed."""


class Upkeep:
    """A task beside the requests, in a thread while it works.

    Parameters
    ----------
    clock : seconds since 1970.
    audit_days : for which the board's audit log is kept.
    """

    def __init__(self, engine: Engine, clock: Callable[[], float], audit_days: int = AUDIT_DAYS) -> None:
        self._engine, self._clock, self._audit_days = engine, clock, audit_days
        self._is_stopping = False
        self._task: asyncio.Task[None] | None = None
        self._first = asyncio.Event()

    def start(self) -> None:
        """Begin; the first turn comes at once."""
        self._task = asyncio.create_task(self._run())

    async def done(self) -> None:
        """Wait until the first turn is over."""
        await self._first.wait()

    async def stop(self) -> None:
        """End after the batch under way."""
        self._is_stopping = True
        if self._task is not None:
            await self._first.wait()
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while not self._is_stopping:
            pause = EVERY
            try:
                await asyncio.to_thread(self._purge)
            except SQLAlchemyError as error:
                LOG.error("retention: %s", type(error).__name__)
                pause = AGAIN
            finally:
                self._first.set()
            await asyncio.sleep(pause)

    def _purge(self) -> None:
        found = purge(
            self._engine,
            self._clock(),
            audit_days=self._audit_days,
            is_stopping=lambda: self._is_stopping,
        )
        for one in found:
            LOG.info(
                "%s: %d rows of %s before %s deleted, past their retention",
                one.scenario or "-",
                one.rows,
                one.what,
                one.before,
            )
