"""Logs as JSON, a line each, in which no token is ever written."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

_SECRET = re.compile(
    r"(/(?:feeds/(?:people|units|supervisors)|checkin|telegram)/)[^\s\"'?/]+|(/bot)[0-9]+:[^\s\"'?/]+"
)
HIDDEN = "-"


def redact(text: str) -> str:
    """Return text with the token of every address hidden.

    Examples
    --------
    >>> redact("GET /feeds/people/s3cret.ics")
    'GET /feeds/people/-'
    >>> redact("POST https://api.telegram.org/bot123:AAE-x/getUpdates")
    'POST https://api.telegram.org/bot-/getUpdates'
    """
    return _SECRET.sub(lambda found: f"{found[1] or found[2]}{HIDDEN}", text)


class JsonFormatter(logging.Formatter):
    """Time, level, message, and the fields that came as `extra={"fields": …}`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": redact(record.getMessage()),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["trace"] = redact(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def log_settings(level: str) -> dict[str, Any]:
    """Return what `logging.config.dictConfig` takes: everything to standard error as JSON."""
    loggers = ("uvicorn", "uvicorn.error", "giliran", "sqlalchemy.engine", "alembic")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": f"{__name__}.JsonFormatter"}},
        "handlers": {
            "error": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stderr"}
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
