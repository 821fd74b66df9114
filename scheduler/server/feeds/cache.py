"""Feeds as they were answered last, kept in memory for as long as no link and no roster has changed.

Calendar programs poll day and night and are nearly always told that nothing has changed; that answer needs no more
than the change number (`freshness.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from sqlalchemy import Engine

from scheduler.server.feeds import feed
from scheduler.server.links import tokens
from scheduler.server.store.freshness import Freshness

MOST_MARKS = 300_000
MOST_BYTES = 64 << 20
"""Of prepared bodies."""
THREADS = 4
ENDING = "-gzip"


class Mark(NamedTuple):
    """What tells whether a reader has a feed: the tag without its ending, and when it changed."""

    tag: str
    changed: int


Key = tuple[str, bytes]
"""The kind of subject, and what is stored of the link."""


class FeedCache:
    """Answers about feeds, out of memory where that is still true."""

    def __init__(self, engine: Engine, freshness: Freshness) -> None:
        self._engine, self._freshness = engine, freshness
        self._threads = ThreadPoolExecutor(THREADS, "giliran-feeds")
        self._number = -1
        self._marks: dict[Key, Mark] = {}
        self._bodies: dict[tuple[Key, bool], feed.Answer] = {}
        self._bytes = 0

    async def answer(self, kind: str, token: str, asked: Mapping[str, str]) -> feed.Answer | None:
        """Return the feed behind a link, or that the reader has it; None where the link leads nowhere.

        Parameters
        ----------
        kind : of the subject: person, unit, supervisor.
        asked : the request's headers, by lower-case names.

        Raises
        ------
        SQLAlchemyError
            Where the database cannot be read.
        """
        number = await self._freshness.number()
        if number != self._number:
            self._forget(number)
        key, zipped = (kind, tokens.digest(token)), feed.takes_gzip(asked.get("accept-encoding", ""))
        mark = self._marks.get(key)
        if mark is not None:
            if feed.is_known(asked, mark.tag, mark.changed):
                return feed.unchanged(mark.tag, mark.changed, zipped=zipped)
            if (ready := self._bodies.get((key, zipped))) is not None:
                return ready
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, self._read, kind, token, dict(asked))
        if found is not None and number == self._number:
            self._keep(key, zipped, found)
        return found

    def stop(self) -> None:
        """End the threads."""
        self._threads.shutdown()

    def _read(self, kind: str, token: str, asked: Mapping[str, str]) -> feed.Answer | None:
        with self._engine.connect() as connection:
            holder = tokens.holder(connection, token, "feed", kind)
            found = feed.answer(connection, holder["id"], asked) if holder else None
        return None if found is None or found.status == 404 else found

    def _keep(self, key: Key, zipped: bool, found: feed.Answer) -> None:
        if len(self._marks) >= MOST_MARKS or self._bytes > MOST_BYTES:
            self._forget(self._number)
        changed = int(parsedate_to_datetime(found.headers["Last-Modified"]).timestamp())
        self._marks[key] = Mark(found.headers["ETag"].strip('"').removesuffix(ENDING), changed)
        if found.status == 200 and (key, zipped) not in self._bodies:
            self._bodies[key, zipped] = found
            self._bytes += len(found.body)

    def _forget(self, number: int) -> None:
        self._marks, self._bodies, self._bytes, self._number = {}, {}, 0, number
