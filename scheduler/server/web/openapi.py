"""The description of what the server answers (OpenAPI 3.1), with the bodies that its routes read by themselves.

It is served to nobody: tests send what it allows, and what it does not.
"""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from scheduler.server.links.sheets import PLACES
from scheduler.server.phone.forms import ANSWER, FAILURES
from scheduler.server.phone.permits import KINDS

MARK = {"type": "string", "pattern": "^[A-Za-z0-9_-]{8,64}$"}
MILLISECONDS = {"type": "integer", "minimum": 1, "maximum": (1 << 46) - 1}
CLOCKS = {"client_id": MARK, "taken_at": MILLISECONDS, "sent_at": MILLISECONDS}
DAY = {"type": "string", "format": "date"}
TEXT = {"type": "string", "maxLength": 500}


def _body(what: str, required: tuple[str, ...], **fields: Any) -> dict[str, Any]:
    kind = {"what": {"const": what}} if what else {}
    needed = [*kind, *CLOCKS, *required]
    return {"type": "object", "properties": {**kind, **CLOCKS, **fields}, "required": needed}


CHECKIN = _body(
    "",
    (),
    latitude={"type": "number", "minimum": -90, "maximum": 90},
    longitude={"type": "number", "minimum": -180, "maximum": 180},
    accuracy={"type": "number", "minimum": 0},
    failure={"enum": sorted(FAILURES)},
    reason=TEXT,
)
ARRIVALS = {
    "anyOf": [
        CHECKIN,
        _body(ANSWER, ()),
        _body("activity", ("day", "activity"), day=DAY, target=TEXT, activity=TEXT),
        _body(
            "permit",
            ("from", "to", "kind", "reason"),
            **{"from": DAY, "to": DAY},
            kind={"enum": list(KINDS)},
            reason=TEXT,
        ),
    ]
}
_ID = {"type": "integer"}
_LOCATION = {
    "type": "object",
    "properties": {
        "latitude": {"type": "number"}, "longitude": {"type": "number"}, "live_period": {"type": "integer"},
        "horizontal_accuracy": {"type": "number"},
    },
    "required": ["latitude", "longitude"],
}  # fmt: skip
_MESSAGE = {
    "type": "object",
    "properties": {
        "message_id": _ID,
        "date": _ID,
        "edit_date": _ID,
        "text": {"type": "string"},
        "location": _LOCATION,
        "chat": {
            "type": "object",
            "properties": {"id": _ID, "type": {"enum": ["private", "supergroup"]}},
            "required": ["id", "type"],
        },
        "from": {
            "type": "object",
            "properties": {"id": _ID, "is_bot": {"type": "boolean"}, "language_code": {"type": "string"}},
            "required": ["id"],
        },
    },
    "required": ["message_id", "date", "chat", "from"],
}
UPDATE = {
    "type": "object",
    "properties": {"update_id": _ID, "message": _MESSAGE, "edited_message": _MESSAGE},
    "required": ["update_id"],
}


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the whole description of an application."""
    found = app.openapi()
    paths = {path: {**operations} for path, operations in found["paths"].items()}
    json_and_form = {
        "application/json": {"schema": ARRIVALS},
        "application/x-www-form-urlencoded": {
            "schema": {"type": "object", "additionalProperties": {"type": "string"}}
        },
    }
    _give_body(paths["/checkin/{token}"], json_and_form)
    _give_body(paths["/telegram/{secret}"], {"application/json": {"schema": UPDATE}})
    names = [("place", {"enum": list(PLACES.values())}), ("token", {"type": "string"})]
    feed = {
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": schema} for name, schema in names
        ],
        "responses": {str(status): {"description": said} for status, said in FEED_ANSWERS.items()},
    }
    paths["/feeds/{place}/{token}.ics"] = {"get": feed, "head": feed}
    return {**found, "paths": paths}


FEED_ANSWERS = {
    200: "the calendar",
    304: "what the reader has is the present one",
    404: "no such link, no longer valid, or for something else",
    429: "too often; Retry-After says when",
}


def _give_body(operations: dict[str, Any], content: dict[str, Any]) -> None:
    operations["post"] = {**operations["post"], "requestBody": {"content": content}}
