"""Logs as JSON, a line each, in which neither a token nor a place is ever written; lines leave in bundles."""

from __future__ import annotations

import json
import logging
import re
import threading
import time
from datetime import UTC, datetime
from typing import Any

_SECRET = re.compile(r"(/(?:feeds/(?:people|units|supervisors)|checkin|telegram)/)[^\s\"'?/]+")
_BOT = re.compile(r"(\bbot)\d+:[\w-]+")
_NAMED = re.compile(
    r"((?:latitude|longitude|lat|lon|lng|accuracy)[\"']?\s*[:=]\s*)-?\d+(?:\.\d+)?", re.IGNORECASE
)
_PAIR = re.compile(r"-?\d{1,3}\.\d{3,}(\s*[,;/ ]\s*)-?\d{1,3}\.\d{3,}")
_DETAIL = re.compile(r"^(\s*DETAIL:).*$", re.MULTILINE)
"""Of PostgreSQL, which quotes the row that failed."""
HIDDEN = "-"
REQUEST = "request"
"""The one message with nothing to hide, and so often written that looking through it would show."""
EVERY = 0.25
"""Seconds until what is written shows at the latest."""
BUNDLE = 65_536
"""Characters that are written at once."""
LOG = logging.getLogger("giliran")


def redact(text: str) -> str:
    """Return text with the token of every address and every coordinate hidden.

    Examples
    --------
    >>> redact("GET /feeds/people/s3cret.ics")
    'GET /feeds/people/-'
    >>> redact("{'latitude': -2.548123, 'x': 1} at -2.548123, 120.321987")
    "{'latitude': -, 'x': 1} at -, -"
    >>> redact("POST https://api.telegram.org/bot123:AAE-x/getUpdates")
    'POST https://api.telegram.org/bot-/getUpdates'
    """
    text = _DETAIL.sub(rf"\g<1> {HIDDEN}", text)
    text = _BOT.sub(rf"\g<1>{HIDDEN}", _SECRET.sub(rf"\g<1>{HIDDEN}", text))
    return _PAIR.sub(rf"{HIDDEN}\g<1>{HIDDEN}", _NAMED.sub(rf"\g<1>{HIDDEN}", text))


def log_request(method: str, path: str, status: int, seconds: float) -> None:
    """Write one line about a request.

    Parameters
    ----------
    path : the route's pattern, which has no token in it.
    """
    if LOG.isEnabledFor(logging.INFO):
        fields = {"method": method, "path": path, "status": status, "ms": round(seconds * 1000, 1)}
        record = LOG.makeRecord(LOG.name, logging.INFO, "", 0, REQUEST, (), None)
        record.fields = fields
        LOG.handle(record)


class JsonFormatter(logging.Formatter):
    """Time, level, message, and the fields that came as `extra={"fields": …}`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": REQUEST if record.msg is REQUEST else redact(record.getMessage()),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["trace"] = redact(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


class BundledHandler(logging.StreamHandler[Any]):
    """Writes lines some at a time, so that a thousand requests do not cost a thousand writes.

    Warnings leave at once, and so does what uvicorn says, as it may be the last before the process ends.
    """

    def __init__(self, stream: Any = None) -> None:
        super().__init__(stream)
        self._lines: list[str] = []
        self._size = 0
        self._due: threading.Thread | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Take one line."""
        try:
            line = self.format(record)
        except Exception:  # noqa: BLE001 - what cannot be logged must not stop what is being done
            self.handleError(record)
            return
        self._lines.append(line)
        self._size += len(line)
        is_urgent = record.levelno >= logging.WARNING or record.name != LOG.name
        if is_urgent or self._size > BUNDLE:
            self.flush()
        elif self._due is None:
            self._due = threading.Thread(target=self._flush_soon, name="giliran-log", daemon=True)
            self._due.start()

    def flush(self) -> None:
        """Write what is held."""
        with self.lock or threading.RLock():
            lines, self._lines, self._size = self._lines, [], 0
            if lines and not self.stream.closed:
                self.stream.write("\n".join(lines) + "\n")
                self.stream.flush()

    def _flush_soon(self) -> None:
        time.sleep(EVERY)
        self._due = None
        self.flush()


def log_settings(level: str) -> dict[str, Any]:
    """Return what `logging.config.dictConfig` takes: everything to standard error as JSON."""
    loggers = ("uvicorn", "uvicorn.error", "giliran", "sqlalchemy.engine", "alembic")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": f"{__name__}.JsonFormatter"}},
        "handlers": {
            "error": {
                "class": f"{__name__}.BundledHandler",
                "formatter": "json",
                "stream": "ext://sys.stderr",
            }
        },
        "loggers": {
            name: {
                "handlers": ["error"],
                "level": level if name.startswith(("uvicorn", "giliran")) else "WARNING",
                "propagate": False,
            }
            for name in loggers
        },
    }
