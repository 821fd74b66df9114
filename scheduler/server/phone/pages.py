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

from scheduler.server.links.tokens import digest
from scheduler.server.phone.page_facts import Base, Facts, read_base, read_bases, read_facts, read_many_facts
from scheduler.server.store.freshness import QUESTION
from scheduler.server.store.raw import Ask, Reader

MOST_KNOWN = 100_000
MOST_AT_ONCE = 100
GATHER = 0.01
"""Seconds for which requests gather while many come: fewer statements, each about more people."""
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
        self._is_remote = engine.dialect.name == "postgresql"
        self._is_reading = self._is_busy = False
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
            self._begin_soon()
        return await mine

    def stop(self) -> None:
        """Close the connection and end the thread."""
        self._thread.submit(self._reader.close)
        self._thread.shutdown()

    def _begin_soon(self) -> None:
        """Begin to read: at once, or where many ask, after some more have."""
        self._is_reading = True
        if self._is_busy:
            asyncio.get_running_loop().call_later(GATHER, self._begin)
        else:
            self._begin()

    def _begin(self) -> None:
        batch, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
        self._is_busy = len(batch) > 1
        digests = [one for one, _ in batch]
        reading = asyncio.get_running_loop().run_in_executor(self._thread, self._read, digests)
        reading.add_done_callback(lambda done: self._tell([future for _, future in batch], done))

    def _tell(self, futures: list[asyncio.Future[Found]], done: asyncio.Future[list[Found]]) -> None:
        self._is_reading = False
        if self._waiting:
            self._begin_soon()
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
        missing = {one for one in digests if not self._holds(one, now)}
        if missing:
            self._known |= self._read_bases(ask, list(missing), now)
        bases = [self._known[one] if self._holds(one, now) else None for one in digests]
        facts = iter(self._read_facts(ask, [base for base in bases if base is not None]))
        return [None if base is None else (base, next(facts)) for base in bases]

    def _holds(self, one: bytes, now: float) -> bool:
        base = self._known.get(one)
        return base is not None and base.holds(now)

    def _read_bases(self, ask: Ask, digests: list[bytes], now: float) -> dict[bytes, Base]:
        if self._is_remote:
            return read_bases(ask, digests, now)
        return {one: base for one in digests if (base := read_base(ask, one, now)) is not None}

    def _read_facts(self, ask: Ask, bases: list[Base]) -> list[Facts]:
        """A statement to PostgreSQL takes a way there and back; SQLite answers faster one by one."""
        if self._is_remote:
            return read_many_facts(ask, bases)
        return [read_facts(ask, base) for base in bases]
