"""Takes updates into the database: each once, one position a minute of a live location, with what is to be replied."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine
from starlette.concurrency import run_in_threadpool

from scheduler.server.store.database import writing
from scheduler.server.store.tables import TELEGRAM_MESSAGE
from scheduler.server.telegram.accounts import holders_of
from scheduler.server.telegram.replies import reply_to
from scheduler.server.telegram.updates import Incoming, read_update

LOG = logging.getLogger("giliran")
MOST_AT_ONCE = 200


class Reply(NamedTuple):
    """A message of the bot."""

    chat: int
    text: str


def take(connection: Connection, bot: str, updates: Sequence[Any], now: int) -> list[Reply | None]:
    """Store updates; return for each what is to be replied. One that cannot be read is logged and passed over.

    Parameters
    ----------
    bot : tells bots apart whose updates have the same numbers.
    now : milliseconds since 1970.
    """
    found = [_read(update) for update in updates]
    incoming = [one for one in found if one is not None]
    holders = holders_of(connection, sorted({one.account for one in incoming}))
    rows = {
        one.update_id: _row(bot, one, holders[one.account]["id"] if one.account in holders else None, now)
        for one in incoming
    }
    new = _insert(connection, list(rows.values()))
    replies: list[Reply | None] = []
    for one in found:
        text = None
        if one is not None and one.update_id in new:
            new.discard(one.update_id)
            text = reply_to(connection, one, now)
        replies.append(Reply(one.chat, text) if one is not None and text else None)
    return replies


def _read(update: Any) -> Incoming | None:
    try:
        return read_update(update)
    except ValueError as error:
        number = update.get("update_id") if isinstance(update, dict) else None
        LOG.warning("telegram: an update cannot be read: %s", error, extra={"fields": {"update": number}})
        return None


def _row(bot: str, one: Incoming, subject_id: int | None, now: int) -> dict[str, Any]:
    return {
        "bot": bot,
        "update_id": one.update_id,
        "account": one.account,
        "subject_id": subject_id,
        "message": f"{one.chat}:{one.message}",
        "minute": one.at // 60,
        "at": one.at,
        "received_at": now,
        "is_edit": one.is_edit,
        "content": one.content,
    }


def _insert(connection: Connection, rows: list[dict[str, Any]]) -> set[int]:
    """Store what is not there yet; return the numbers of the updates that are new."""
    if not rows:
        return set()
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert
    else:
        from sqlalchemy.dialects.sqlite import insert  # type: ignore[assignment]
    put = insert(TELEGRAM_MESSAGE).values(rows).on_conflict_do_nothing()
    return set(connection.execute(put.returning(TELEGRAM_MESSAGE.c.update_id)).scalars())


class Inbox:
    """Stores what comes by webhook; updates that wait together share a commit, and each is answered after it.

    Parameters
    ----------
    clock : milliseconds since 1970.
    """

    def __init__(self, engine: Engine, bot: str, clock: Callable[[], int]) -> None:
        self._engine, self._bot, self._clock = engine, bot, clock
        self._waiting: list[tuple[Any, asyncio.Future[Reply | None]]] = []
        self._task: asyncio.Task[None] | None = None

    async def put(self, update: Any) -> Reply | None:
        """Store one update; return what is to be replied, after the commit.

        Raises
        ------
        SQLAlchemyError
            Where the database could not commit; Telegram sends it again.
        """
        future: asyncio.Future[Reply | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((update, future))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._drain())
        return await future

    async def _drain(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
            try:
                replies = await run_in_threadpool(self._take, [update for update, _ in batch])
            except Exception as error:  # noqa: BLE001 - whoever waits must be told, and the next batch tried
                for _, future in batch:
                    if not future.done():
                        future.set_exception(error)
                continue
            for (_, future), reply in zip(batch, replies, strict=True):
                if not future.done():
                    future.set_result(reply)

    def _take(self, updates: list[Any]) -> list[Reply | None]:
        with writing(self._engine) as connection:
            return take(connection, self._bot, updates, self._clock())
