"""What of an update of the Telegram Bot API is taken: who sent it, when, and what of it is evidence.

Only positions, and what people write to the bot alone, are kept; the talk of a group is nobody's business. See
https://core.telegram.org/bots/api#update and #location.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

LONGEST_TEXT = 500
MOST = 1 << 62
LOCATION = ("latitude", "longitude", "horizontal_accuracy", "live_period")
FORWARDS = ("forward_origin", "forward_date", "forward_from")


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One message, or one move of a live location.

    Attributes
    ----------
    account, chat : Telegram's numbers of who sent it and where.
    message : the message's own number, which a live location keeps while it moves.
    at : seconds since 1970 by Telegram's clock.
    text : what was written to the bot alone; empty in groups.
    is_private : sent to the bot alone, so that it may reply.
    content : JSON of what is evidence in it; empty where nothing is, as in a command.
    """

    update_id: int
    account: int
    chat: int
    message: int
    at: int
    is_edit: bool
    is_private: bool
    is_live: bool
    has_place: bool
    text: str
    speaks_english: bool
    content: str

    @property
    def command(self) -> tuple[str, str]:
        """The command without its slash and the bot's name, and what follows it; both empty where it is none."""
        if not self.text.startswith("/"):
            return "", ""
        word, _, rest = self.text[1:].partition(" ")
        return word.partition("@")[0].lower(), rest.strip()


def read_update(update: Any) -> Incoming | None:
    """Return what an update brings, or None where it is nothing of ours: other kinds, bots, groups' talk.

    Raises
    ------
    ValueError
        Where it is no update.
    """
    if not isinstance(update, dict):
        raise ValueError("no object")
    update_id = _number(update.get("update_id"))
    kind = next((key for key in ("message", "edited_message") if key in update), None)
    if kind is None:
        return None
    message = update[kind]
    if not isinstance(message, dict) or not isinstance(message.get("chat"), dict):
        raise ValueError("no message")
    origin, chat = message.get("from"), message["chat"]
    if not isinstance(origin, dict) or origin.get("is_bot"):
        return None  # a channel's post, or another bot's
    is_edit, is_private = kind == "edited_message", chat.get("type") == "private"
    where = message.get("location") if isinstance(message.get("location"), dict) else None
    text = _plain(message.get("text")) if is_private and where is None else ""
    if where is None and (not text or is_edit):
        return None
    live = where is not None and (is_edit or bool(where.get("live_period")))
    return Incoming(
        update_id=update_id,
        account=_number(origin.get("id")),
        chat=_number(chat.get("id")),
        message=_number(message.get("message_id")),
        at=_number(message.get("edit_date") if is_edit and "edit_date" in message else message.get("date")),
        is_edit=is_edit,
        is_private=is_private,
        is_live=live,
        has_place=where is not None,
        text=text,
        speaks_english=str(origin.get("language_code") or "").startswith("en"),
        content="" if text.startswith("/") else _content(kind, message, where, text),
    )


def _content(kind: str, message: dict[str, Any], where: dict[str, Any] | None, text: str) -> str:
    """Return the update as `checkins.evidence.telegram_bot` reads it, without anybody's name."""
    kept: dict[str, Any] = {"from": {"id": message["from"]["id"]}}
    kept |= {key: message[key] for key in ("date", "edit_date") if key in message}
    if any(key in message for key in FORWARDS):
        kept["forward_date"] = message.get("date")
    if where is not None:
        kept["location"] = {key: where[key] for key in LOCATION if isinstance(where.get(key), int | float)}
    else:
        kept["text"] = text
    return json.dumps({kind: kept}, ensure_ascii=False)


def _plain(value: Any) -> str:
    text = value if isinstance(value, str) else ""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:LONGEST_TEXT]


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not -MOST < value < MOST:
        raise ValueError("a number is missing")
    return value
