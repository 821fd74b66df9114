"""Reads the database's change number once for all requests that wait for it, in a thread of its own.

Whoever asks gets a number read after it asked, so that what a cache holds under that number is true at this moment,
whichever process changed it last; yet under load one read serves many.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine, select

from scheduler.server.store.raw import Reader
from scheduler.server.store.tables import CHANGE

QUESTION = select(CHANGE.c.number)


class Freshness:
    """The change number, read over one connection that stays open; for one event loop."""

    def __init__(self, engine: Engine) -> None:
        self._reader = Reader(engine)
        self._thread = ThreadPoolExecutor(1, "giliran-freshness")
        self._next: asyncio.Future[int] | None = None
        self._is_reading = False

    async def number(self) -> int:
        """Return the number as it is at some moment after this call.

        Raises
        ------
        SQLAlchemyError
            Where the database cannot be read.
        """
        if self._next is None:
            self._next = asyncio.get_running_loop().create_future()
        mine = self._next
        if not self._is_reading:
            self._begin()
        return await asyncio.shield(mine)

    def stop(self) -> None:
        """Close the connection and end the thread."""
        self._thread.submit(self._reader.close)
        self._thread.shutdown()

    def _begin(self) -> None:
        waiting, self._next, self._is_reading = self._next, None, True
        assert waiting is not None
        reading = asyncio.get_running_loop().run_in_executor(self._thread, self._read)
        reading.add_done_callback(lambda done: self._tell(waiting, done))

    def _tell(self, waiting: asyncio.Future[int], done: asyncio.Future[int]) -> None:
        self._is_reading = False
        if self._next is not None:
            self._begin()
        if waiting.done():
            return
        error = done.exception()
        if error is None:
            waiting.set_result(done.result())
        else:
            waiting.set_exception(error)
            waiting.exception()  # whoever asked may have left: then nobody is to hear of it

    def _read(self) -> int:
        return int(self._reader.run(lambda ask: ask(QUESTION, {}))[0][0])
