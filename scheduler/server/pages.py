"""Check-in pages as their people ask for them, many of them read at once by one thread.

Every page shows what was true at some moment after it was asked for: what is remembered of a link counts only while
the change number, read for this very batch, is the same, and what its person sent is read every time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import Engine

from scheduler.server.freshness import QUESTION
from scheduler.server.page_facts import Base, Facts, read_base, read_facts
from scheduler.server.raw import Ask, Reader
from scheduler.server.tokens import digest

MOST_KNOWN = 100_000
MOST_AT_ONCE = 50
Found = tuple[Base, Facts] | None


class Pages:
    """What check-in pages say, by their tokens; for one event loop.

    Parameters
    ----------
    clock : seconds since 1970.
    """

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._reader, self._clock = Reader(engine), clock
        self._thread = ThreadPoolExecutor(1, "giliran-pages")
        self._waiting: list[tuple[bytes, asyncio.Future[Found]]] = []
        self._is_reading = False
        self._number = -1
        self._known: dict[bytes, Base] = {}

    async def find(self, token: str) -> Found:
        """Return what a person's page says as of now; None where the link leads nowhere.

        Raises
        ------
        SQLAlchemyError
            Where the database cannot be read.
        """
        mine: asyncio.Future[Found] = asyncio.get_running_loop().create_future()
        self._waiting.append((digest(token), mine))
        if not self._is_reading:
            self._begin()
        return await mine

    def stop(self) -> None:
        """Close the connection and end the thread."""
        self._thread.submit(self._reader.close)
        self._thread.shutdown()

    def _begin(self) -> None:
        batch, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
        self._is_reading = True
        digests = [one for one, _ in batch]
        reading = asyncio.get_running_loop().run_in_executor(self._thread, self._read, digests)
        reading.add_done_callback(lambda done: self._tell([future for _, future in batch], done))

    def _tell(self, futures: list[asyncio.Future[Found]], done: asyncio.Future[list[Found]]) -> None:
        self._is_reading = False
        if self._waiting:
            self._begin()
        error = done.exception()
        found: list[Any] = [None] * len(futures) if error else done.result()
        for future, one in zip(futures, found, strict=True):
            if future.done():  # whoever asked has left
                continue
            if error is None:
                future.set_result(one)
            else:
                future.set_exception(error)

    def _read(self, digests: list[bytes]) -> list[Found]:
        return self._reader.run(lambda ask: self._look_up(ask, digests))

    def _look_up(self, ask: Ask, digests: list[bytes]) -> list[Found]:
        number, now = int(ask(QUESTION, {})[0][0]), self._clock()
        if number != self._number or len(self._known) > MOST_KNOWN:
            self._known, self._number = {}, number
        found: list[Found] = []
        for one in digests:
            base = self._known.get(one)
            if base is None or not base.holds(now):
                base = read_base(ask, one, now)
                if base is not None:
                    self._known[one] = base
            found.append(None if base is None else (base, read_facts(ask, base)))
        return found
