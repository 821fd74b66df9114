"""Speaks to the Telegram Bot API (https://core.telegram.org/bots/api#making-requests); the token is in no error."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from typing import Any

BASE = "https://api.telegram.org"
MOST_BYTES = 1 << 24
SECONDS = 20
"""For an answer, besides the time for which a long poll waits."""


class ApiError(Exception):
    """What the API answered instead of a result.

    Attributes
    ----------
    code : the HTTP status it stands for.
    retry_after : seconds to wait, where it says so.
    """

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(f"{code} {description}")
        self.code, self.description, self.retry_after = code, description, retry_after


class NoAnswerError(Exception):
    """The API was not reached, or what it said is no answer."""


class BotApi:
    """One bot's access.

    Parameters
    ----------
    base : where the API is; another than Telegram's for a local server.
    """

    def __init__(self, token: str, base: str = BASE) -> None:
        self._address = f"{base.rstrip('/')}/bot{token}/"

    def call(self, method: str, wait: int = 0, **parameters: Any) -> Any:
        """Return the result of a method.

        Parameters
        ----------
        wait : seconds for which the API may keep the answer back.

        Raises
        ------
        ApiError
            Where it refused.
        NoAnswerError
            Where there was no answer, or none that can be read.
        """
        request = urllib.request.Request(
            self._address + method, json.dumps(parameters).encode(), {"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=SECONDS + wait) as answer:
                body = answer.read(MOST_BYTES)
        except urllib.error.HTTPError as error:
            raise _refusal(error.code, _read(error)) from None
        except (OSError, http.client.HTTPException) as error:
            reason = getattr(error, "reason", error)
            raise NoAnswerError(type(reason).__name__) from None
        found = _parsed(body)
        if not found.get("ok"):
            raise _refusal(int(found.get("error_code") or 500), body)
        return found.get("result")


def _read(error: urllib.error.HTTPError) -> bytes:
    try:
        return error.read(MOST_BYTES)
    except (OSError, http.client.HTTPException):
        return b""


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise NoAnswerError("no JSON")
    return found


def _refusal(code: int, body: bytes) -> ApiError | NoAnswerError:
    try:
        found = _parsed(body)
    except NoAnswerError:
        return ApiError(code, "")
    parameters = found.get("parameters")
    wait = parameters.get("retry_after") if isinstance(parameters, dict) else None
    described = str(found.get("description") or "")[:200]
    return ApiError(code, described, wait if isinstance(wait, int) and wait >= 0 else None)
