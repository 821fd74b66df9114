"""One thread that writes arrivals: all that wait are stored in one commit, and each is answered after it.

A commit costs an fsync; by sharing it, ten thousand check-ins in ten seconds are no burden, and none is
acknowledged before it is on the disk.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError

from scheduler.server.links.identities import Holder, Identities
from scheduler.server.links.tokens import digest
from scheduler.server.phone.arrivals import Arrival, store
from scheduler.server.phone.putting import OutdatedError
from scheduler.server.store.database import WRITES

MOST_AT_ONCE = 500
MOST_WAITING = 20_000
MOST_CHANGES = 10
"""How often a batch is looked up anew because links or rosters changed meanwhile."""
GATHER = 0.02
"""Seconds for which a busy writer lets arrivals gather: fewer commits, each with more of them."""
STUCK = 15.0
"""Seconds that an arrival may wait before the writer counts as ill."""


class Outcome(Enum):
    """What became of an arrival."""

    NEW = "new"
    REPEATED = "repeated"
    UNKNOWN = "unknown"  # nobody's token


class Answer(NamedTuple):
    """An arrival's outcome, the server's clock at its arrival in milliseconds, and who sent it (unless unknown)."""

    outcome: Outcome
    received_at: int
    holder: Holder | None = None


@dataclass(frozen=True, slots=True)
class _Waiting:
    digest: bytes
    arrival: Arrival
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Answer]
    since: float


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
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="giliran-writer")
        self._is_checked = engine.dialect.name == "postgresql"
        self._identities = Identities(is_trusting=self._is_checked)
        self._connection: Connection | None = None
        self._is_open = False
        self._under_way_since: float | None = None

    def start(self) -> None:
        """Begin to take arrivals."""
        self._is_open = True
        self._thread.start()

    def stop(self) -> None:
        """Store what waits, answer it, and end."""
        self._is_open = False
        self._queue.put(None)
        self._thread.join()

    @property
    def waiting(self) -> int:
        """How many arrivals wait."""
        return self._queue.qsize()

    def is_well(self) -> bool:
        """Whether the thread lives and nothing has been under way for too long."""
        since = self._under_way_since
        return self._thread.is_alive() and (since is None or time.monotonic() - since < STUCK)

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
        waiting = _Waiting(digest(token), arrival, loop, loop.create_future(), time.monotonic())
        if not self._is_open or self._queue.qsize() >= MOST_WAITING:
            raise BusyError
        self._queue.put(waiting)
        return await waiting.future

    def _run(self) -> None:
        was_busy = False
        while True:
            batch, is_last = self._take(GATHER if was_busy else 0.0)
            was_busy = len(batch) > 1
            if batch:
                self._under_way_since = batch[0].since
                self._store(batch)
                self._under_way_since = None
            if is_last:
                self._drop_connection()
                return

    def _take(self, gather: float) -> tuple[list[_Waiting], bool]:
        first = self._queue.get()
        if gather and first is not None:
            time.sleep(gather)
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

    def _store(self, batch: Sequence[_Waiting]) -> None:
        try:
            answers = self._commit(batch)
        except Exception as error:  # noqa: BLE001 - the thread must outlive it, and whoever waits must be told
            if len(batch) == 1 or _is_of_the_database(error):
                _settle(batch, [error] * len(batch))
                return
            middle = len(batch) // 2  # one that cannot be stored must not cost the others theirs
            self._store(batch[:middle])
            self._store(batch[middle:])
        else:
            _settle(batch, answers)

    def _commit(self, batch: Sequence[_Waiting]) -> list[Answer]:
        """Store a batch; once more where the connection had died, for storing again stores nothing twice."""
        try:
            return self._commit_once(batch)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            return self._commit_once(batch)

    def _commit_once(self, batch: Sequence[_Waiting]) -> list[Answer]:
        now = self._clock()
        try:
            connection = self._connection = self._connection or self._connect()
            for _ in range(MOST_CHANGES):
                try:
                    with connection.begin():
                        return self._put(connection, batch, now)
                except OutdatedError:
                    self._identities.forget()
        except BaseException:
            self._drop_connection()
            raise
        raise SQLAlchemyError("links and rosters change without end")

    def _connect(self) -> Connection:
        """SQLite commits a transaction; PostgreSQL each statement by itself, which spares it two ways."""
        how = {"isolation_level": "AUTOCOMMIT"} if self._is_checked else {WRITES: True}
        return self._engine.connect().execution_options(**how)

    def _put(self, connection: Connection, batch: Sequence[_Waiting], now: int) -> list[Answer]:
        holders = self._identities.look_up(connection, [one.digest for one in batch])
        known = [(holders[w.digest].id, w.arrival) for w in batch if w.digest in holders]
        number = self._identities.number if self._is_checked else None
        fresh = iter(store(connection, known, now, number) if known else [])
        return [
            Answer(Outcome.NEW if next(fresh) else Outcome.REPEATED, now, holders[w.digest])
            if w.digest in holders
            else Answer(Outcome.UNKNOWN, now)
            for w in batch
        ]

    def _drop_connection(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.close()
        except SQLAlchemyError:
            connection.invalidate()


def _is_of_the_database(error: Exception) -> bool:
    """Whether it would meet whatever is to be stored: the disk is full, say, or the connection lost."""
    return isinstance(error, DBAPIError) and not isinstance(error, DataError | IntegrityError)


def _settle(batch: Sequence[_Waiting], answers: Sequence[Answer | Exception]) -> None:
    """Tell all who wait, each event loop in one call."""
    told: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Answer], Answer | Exception]]] = {}
    for waiting, answer in zip(batch, answers, strict=True):
        told.setdefault(waiting.loop, []).append((waiting.future, answer))
    for loop, pairs in told.items():
        try:
            loop.call_soon_threadsafe(_tell, pairs)
        except RuntimeError:  # the loop has ended, and with it whoever waited
            continue


def _tell(pairs: Sequence[tuple[asyncio.Future[Answer], Answer | Exception]]) -> None:
    for future, answer in pairs:
        if future.done():  # whoever sent it has left
            continue
        if isinstance(answer, Exception):
            future.set_exception(answer)
        else:
            future.set_result(answer)
