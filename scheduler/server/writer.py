"""One thread that writes arrivals: all that wait are stored in one commit, and each is answered after it.

A commit costs an fsync; by sharing it, ten thousand check-ins in ten seconds are no burden, and none is
acknowledged before it is on the disk.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from scheduler.server.arrivals import Arrival, store
from scheduler.server.database import writing
from scheduler.server.tokens import digest, holders

MOST_AT_ONCE = 500
MOST_WAITING = 20_000


class Outcome(Enum):
    """What became of an arrival."""

    NEW = "new"
    REPEATED = "repeated"
    UNKNOWN = "unknown"  # nobody's token


class Answer(NamedTuple):
    """An arrival's outcome, and the server's clock at its arrival in milliseconds."""

    outcome: Outcome
    received_at: int


@dataclass(frozen=True, slots=True)
class _Waiting:
    digest: bytes
    arrival: Arrival
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Answer]

    def settle(self, answer: Answer | Exception) -> None:
        self.loop.call_soon_threadsafe(self._set, answer)

    def _set(self, answer: Answer | Exception) -> None:
        if self.future.done():  # whoever sent it has left
            return
        if isinstance(answer, Exception):
            self.future.set_exception(answer)
        else:
            self.future.set_result(answer)


class BusyError(Exception):
    """More arrivals wait than can be stored soon, or the server is stopping."""


class Writer:
    """Stores arrivals in shared commits.

    Parameters
    ----------
    clock : milliseconds since 1970.
    """

    def __init__(
        self, engine: Engine, clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000
    ) -> None:
        self._engine, self._clock = engine, clock
        self._queue: queue.Queue[_Waiting | None] = queue.Queue(MOST_WAITING)
        self._thread = threading.Thread(target=self._run, name="giliran-writer")
        self._is_open = False

    def start(self) -> None:
        """Begin to take arrivals."""
        self._is_open = True
        self._thread.start()

    def stop(self) -> None:
        """Store what waits, answer it, and end."""
        self._is_open = False
        self._queue.put(None)
        self._thread.join()

    async def put(self, token: str, arrival: Arrival) -> Answer:
        """Store one arrival under a check-in token; return after the commit.

        Raises
        ------
        BusyError
            Where too many wait; the phone sends again.
        SQLAlchemyError
            Where the database could not commit; nothing is acknowledged then.
        """
        loop = asyncio.get_running_loop()
        waiting = _Waiting(digest(token), arrival, loop, loop.create_future())
        if not self._is_open:
            raise BusyError
        try:
            self._queue.put_nowait(waiting)
        except queue.Full:
            raise BusyError from None
        return await waiting.future

    def _run(self) -> None:
        while True:
            batch, is_last = self._take()
            if batch:
                self._store(batch)
            if is_last:
                return

    def _take(self) -> tuple[list[_Waiting], bool]:
        first = self._queue.get()
        batch: list[_Waiting] = []
        while first is not None:
            batch.append(first)
            if len(batch) >= MOST_AT_ONCE:
                return batch, False
            try:
                first = self._queue.get_nowait()
            except queue.Empty:
                return batch, False
        return batch, True

    def _store(self, batch: list[_Waiting]) -> None:
        try:
            answers = self._commit(batch)
        except SQLAlchemyError as error:
            if len(batch) > 1:  # one that cannot be stored must not cost the others theirs
                for waiting in batch:
                    self._store([waiting])
                return
            batch[0].settle(error)
            return
        except Exception as error:  # noqa: BLE001 - the thread must outlive it, and whoever waits must be told
            for waiting in batch:
                waiting.settle(error)
            return
        for waiting, answer in zip(batch, answers, strict=True):
            waiting.settle(answer)

    def _commit(self, batch: list[_Waiting]) -> list[Answer]:
        now = self._clock()
        with writing(self._engine) as connection:
            subjects = holders(connection, [waiting.digest for waiting in batch], "checkin")
            known = [(subjects[w.digest], w.arrival) for w in batch if w.digest in subjects]
            fresh = iter(store(connection, known, now) if known else [])
        return [
            Answer(
                Outcome.UNKNOWN
                if w.digest not in subjects
                else Outcome.NEW
                if next(fresh)
                else Outcome.REPEATED,
                now,
            )
            for w in batch
        ]
