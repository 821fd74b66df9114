"""The socket that a server listens on: its port is its own."""

from __future__ import annotations

import socket

import pytest

from scheduler.errors import ExportError
from scheduler.server.serving.running import listen


def test_a_port_in_use_is_refused_with_what_to_do() -> None:
    with listen("127.0.0.1", 0) as first, pytest.raises(ExportError, match="Choose another --port"):
        listen("127.0.0.1", first.getsockname()[1])


def test_where_the_system_can_keep_a_port_to_one_server_it_is_asked_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[int, int]] = []

    class Socket(socket.socket):
        def setsockopt(self, level: int, option: int, value: object) -> None:  # type: ignore[override]
            asked.append((level, option))

    monkeypatch.setattr(
        socket, "SO_EXCLUSIVEADDRUSE", -5, raising=False
    )  # Windows has it, and there it is needed
    monkeypatch.setattr(socket, "socket", Socket)
    listen("127.0.0.1", 0).close()
    assert asked == [(socket.SOL_SOCKET, -5)]
