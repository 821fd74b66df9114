"""What phones send in tests, what is stored of it, and how a phone is shown in Chromium."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from tests.server.published import MORNING, Server

NOW = int(MORNING * 1000)
EVERYTHING = {
    "point": [{"at": ["08:00"], "channel": "any"}],
    "reachability": [{"within_minutes": 15}],
    "activity": [{"at_least": 2}],
    "interval": [{"start": "07:30", "channel": "telegram"}],
}
PHONE = {"viewport": {"width": 360, "height": 740}, "locale": "id-ID", "timezone_id": "Asia/Makassar"}
PLACE = {"latitude": -2.5512, "longitude": 120.3245, "accuracy": 14}


def sent(**changes: Any) -> dict[str, Any]:
    return {
        "client_id": "abcdefgh12345678",
        "taken_at": NOW,
        "sent_at": NOW,
        "latitude": -2.55,
        "longitude": 120.32,
        "accuracy": 12.5,
        **changes,
    }


def send(port: int, token: str, mark: str) -> tuple[int, dict[str, Any]]:
    body = json.dumps(sent(client_id=mark)).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/checkin/{token}", body, headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)


def stored(at: Server | Engine, table: str = "checkin") -> list[Any]:
    engine = at.engine if isinstance(at, Server) else at
    with engine.connect() as connection:
        return list(connection.execute(text(f"SELECT * FROM {table} ORDER BY id")).mappings())


def photograph(page: Any, name: str) -> None:
    if folder := os.environ.get("GILIRAN_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
