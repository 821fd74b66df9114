"""How the Telegram bot is set up: by environment variables, so that no secret stands in a command line or a file of ours."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from scheduler.errors import UsageError
from scheduler.language import Bilingual

TOKEN, NAME = "GILIRAN_TELEGRAM_TOKEN", "GILIRAN_TELEGRAM_BOT"
SECRET, HEADER = "GILIRAN_TELEGRAM_SECRET", "GILIRAN_TELEGRAM_HEADER"
_TOKEN = re.compile(r"\d{5,20}:[A-Za-z0-9_-]{20,}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{22,256}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramSettings:
    """What is known of the bot; empty where not given.

    Attributes
    ----------
    token : of the bot, as BotFather gives it; needed to poll and to call people, not for the webhook.
    name : the bot's user name, for links.
    secret : the last part of the webhook's address, at least 22 letters and digits (128 bits).
    header : Telegram's `secret_token`, sent with every update in `X-Telegram-Bot-Api-Secret-Token`.
    """

    token: str = field(default="", repr=False)
    name: str = ""
    secret: str = field(default="", repr=False)
    header: str = field(default="", repr=False)

    @property
    def is_on(self) -> bool:
        """Whether there is a bot at all, so that people are shown how to link their account."""
        return bool(self.token or self.secret or self.name)

    @property
    def bot(self) -> str:
        """What tells this bot's updates from another's: its number, or a part of the webhook secret's hash."""
        if self.token:
            return self.token.partition(":")[0]
        return hashlib.sha256(self.secret.encode()).hexdigest()[:16] if self.secret else self.name

    def opens(self, secret: str, header: str) -> bool:
        """Whether a request may bring updates; compared in constant time."""
        if not self.secret:
            return False
        right = _same(secret, self.secret)
        return (not self.header or _same(header, self.header)) and right


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(
        *(hashlib.sha256(one.encode("utf-8", "replace")).digest() for one in (given, wanted))
    )


def read_settings(environment: Mapping[str, str]) -> TelegramSettings:
    """Return the settings of the environment.

    Raises
    ------
    UsageError
        Where a token or a secret cannot be one; it is not repeated.
    """
    token, secret, header = (environment.get(key, "").strip() for key in (TOKEN, SECRET, HEADER))
    for key, value, pattern, allowed in (
        (TOKEN, token, _TOKEN, "123456:AA…"),
        (SECRET, secret, _SECRET, "A–Z a–z 0–9 _ -, ≥ 22"),
        (HEADER, header, _SECRET, "A–Z a–z 0–9 _ -, ≥ 22"),
    ):
        if value and not pattern.fullmatch(value):
            raise UsageError(
                Bilingual(
                    id=f"{key}: isinya tidak dapat diterima. Yang boleh: {allowed}.",
                    en=f"{key}: its value cannot be taken. Allowed: {allowed}.",
                )
            )
    name = environment.get(NAME, "").strip().removeprefix("@")
    return TelegramSettings(token=token, name=name, secret=secret, header=header)
