"""Fetches a bot's updates for servers without a public address (getUpdates), and sends its replies.

The number of the next update is stored in the transaction that stores the updates themselves: whatever happens, each
is taken once and none is lost.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select
from sqlalchemy.exc import SQLAlchemyError

from scheduler.errors import UsageError
from scheduler.language import Bilingual
from scheduler.server.store.database import writing
from scheduler.server.store.tables import TELEGRAM_OFFSET
from scheduler.server.telegram.client import ApiError, BotApi, NoAnswerError
from scheduler.server.telegram.inbox import Reply, take

LOG = logging.getLogger("giliran")
LONG_POLL = 50
"""Seconds for which Telegram keeps an empty answer back."""
FIRST_WAIT, LONGEST_WAIT = 1, 60
"""Seconds between tries, doubled each time."""
CONFLICT_WAIT = 30
KINDS = ("message", "edited_message")
NO_BOT = Bilingual(
    id="GILIRAN_TELEGRAM_TOKEN ditolak Telegram: token salah atau dicabut. Minta yang baru kepada @BotFather.",
    en="Telegram refuses GILIRAN_TELEGRAM_TOKEN: it is wrong or was revoked. Get a new one from @BotFather.",
)
CONFLICT = Bilingual(
    id="Telegram menolak: bot ini juga dibaca proses lain, atau masih memakai webhook (akhiri dengan --replace-webhook). Dicoba lagi.",
    en="Telegram refuses: another process reads this bot too, or it still has a webhook (end it by --replace-webhook). Trying again.",
)
AWAY = Bilingual(
    id="Telegram tidak terjangkau ({why}); dicoba lagi.",
    en="Telegram cannot be reached ({why}); trying again.",
)
BACK = Bilingual(id="Telegram terjangkau lagi.", en="Telegram is reached again.")


class Poller:
    """Polls one bot until told to stop.

    Parameters
    ----------
    bot : tells its updates from another bot's.
    clock : milliseconds since 1970.
    sleep : waits so many seconds, less where the poller is to stop.
    say : tells whoever runs it.
    """

    def __init__(
        self,
        api: BotApi,
        engine: Engine,
        bot: str,
        *,
        clock: Callable[[], int],
        sleep: Callable[[float], object],
        say: Callable[[Bilingual], None],
        long_poll: int = LONG_POLL,
    ) -> None:
        self._api, self._engine, self._bot = api, engine, bot
        self._clock, self._sleep, self._say, self._long_poll = clock, sleep, say, long_poll
        self._failures = 0

    def run(self, is_over: Callable[[], bool]) -> int:
        """Poll until `is_over`; return how many updates were taken.

        Raises
        ------
        UsageError
            Where Telegram does not know the bot.
        """
        count = 0
        while not is_over():
            count += self._once()
        return count

    def drain(self) -> int:
        """Take what waits; return how many updates that were."""
        count = 0
        while taken := self._once():
            count += taken
        return count

    def _once(self) -> int:
        with self._engine.connect() as connection:
            offset = _offset(connection, self._bot)
        try:
            updates = self._api.call(
                "getUpdates",
                wait=self._long_poll,
                offset=offset,
                timeout=self._long_poll,
                allowed_updates=list(KINDS),
            )
        except ApiError as error:
            self._sleep(self._after(error))
            return 0
        except NoAnswerError as error:
            self._sleep(self._longer(AWAY, str(error)))
            return 0
        found = updates if isinstance(updates, list) else []
        try:
            replies = self._store(found, offset)
        except SQLAlchemyError as error:
            LOG.error("telegram: database: %s", type(error).__name__, exc_info=error)
            self._sleep(self._longer(AWAY, type(error).__name__))
            return 0
        if self._failures:
            self._failures = 0
            self._say(BACK)
        for reply in replies:
            self._reply(reply)
        return len(found)

    def _store(self, updates: Sequence[Any], offset: int) -> list[Reply]:
        numbers = [
            u["update_id"] for u in updates if isinstance(u, dict) and isinstance(u.get("update_id"), int)
        ]
        if not numbers:
            return []
        with writing(self._engine) as connection:
            replies = take(connection, self._bot, updates, self._clock())
            _set_offset(connection, self._bot, max(offset, max(numbers) + 1))
        return [reply for reply in replies if reply is not None]

    def _reply(self, reply: Reply) -> None:
        """Send a reply; one that cannot be sent is let go, for what it is about is stored."""
        for _ in range(2):
            try:
                self._api.call("sendMessage", chat_id=reply.chat, text=reply.text)
            except ApiError as error:
                if error.code != 429 or error.retry_after is None:
                    LOG.info("telegram: a reply was refused: %s", error.code)
                    return
                self._sleep(min(error.retry_after, LONGEST_WAIT))
            except NoAnswerError as error:
                LOG.info("telegram: a reply was not sent: %s", error)
                return
            else:
                return

    def _after(self, error: ApiError) -> float:
        """Return how long to wait after a refusal, having told it."""
        if error.code in (401, 404):
            raise UsageError(NO_BOT)
        if error.code == 409:
            self._failures += 1
            if self._failures == 1:
                self._say(CONFLICT)
            return CONFLICT_WAIT
        if error.retry_after is not None:
            return error.retry_after
        return self._longer(AWAY, str(error.code))

    def _longer(self, told: Bilingual, why: str) -> float:
        """Return how long to wait after one more failure in a row; the first is told."""
        self._failures += 1
        if self._failures == 1:
            self._say(Bilingual(id=told.id.format(why=why), en=told.en.format(why=why)))
        return float(min(FIRST_WAIT << min(self._failures - 1, 10), LONGEST_WAIT))


def _offset(connection: Connection, bot: str) -> int:
    c = TELEGRAM_OFFSET.c
    return connection.execute(select(c.next_update).where(c.bot == bot)).scalar() or 0


def _set_offset(connection: Connection, bot: str, following: int) -> None:
    connection.execute(delete(TELEGRAM_OFFSET).where(TELEGRAM_OFFSET.c.bot == bot))
    connection.execute(insert(TELEGRAM_OFFSET), {"bot": bot, "next_update": following})
