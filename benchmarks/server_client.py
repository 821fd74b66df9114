"""A load client: raw sockets under asyncio, arrivals at set times whether or not earlier ones are answered."""

from __future__ import annotations

import asyncio
import json
import os
import platform
import socket
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any


@dataclass
class Tally:
    """What came back: seconds from the set time to the last byte of each answer, by status."""

    latencies: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    errors: int = 0

    def note(self, status: int, seconds: float) -> None:
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self.latencies.append(seconds)

    def percentiles(self) -> dict[str, float]:
        ordered = sorted(self.latencies)
        if not ordered:
            return {}
        names = {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99, "p99.9": 0.999}
        found = {
            name: round(ordered[min(len(ordered) - 1, int(len(ordered) * part))] * 1000, 1)
            for name, part in names.items()
        }
        return {**found, "max": round(ordered[-1] * 1000, 1)}


class Connection(asyncio.Protocol):
    """One HTTP/1.1 connection that is kept; one request at a time."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self._buffer = b""
        self._answer: asyncio.Future[tuple[int, bytes, bytes]] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def connection_lost(self, error: Exception | None) -> None:
        self.transport = None
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error or ConnectionResetError("closed"))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        status = int(head[9:12])
        lower = head.lower()
        at = lower.find(b"content-length:")
        length = int(lower[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if status == 304:
            length = 0
        if len(rest) < length:
            return
        self._buffer = rest[length:]
        if self._answer is not None and not self._answer.done():
            self._answer.set_result((status, head, rest[:length]))

    async def ask(self, request: bytes) -> tuple[int, bytes, bytes]:
        if self.transport is None:
            raise ConnectionResetError("closed")
        self._answer = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return await self._answer

    def close(self) -> None:
        if self.transport is not None:
            self.transport.close()


async def connect(port: int) -> Connection:
    _, protocol = await asyncio.get_running_loop().create_connection(Connection, "127.0.0.1", port)
    return protocol


def post(path: str, body: dict[str, Any]) -> bytes:
    text = json.dumps(body).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n"
    return head.encode() + text


def get(path: str, **headers: str) -> bytes:
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{lines}\r\n".encode()


async def spread(count: int, seconds: float, act: Callable[[int, float], Awaitable[None]]) -> float:
    """Call `act(number, set time)` for each arrival at its time; return how long all took until answered."""
    loop = asyncio.get_running_loop()
    began = loop.time() + 0.2
    tasks: list[asyncio.Task[None]] = []
    number = 0
    while number < count:
        due = min(count, int((loop.time() - began) / seconds * count) + 1) if loop.time() >= began else 0
        while number < due:
            tasks.append(asyncio.ensure_future(act(number, began + number * seconds / count)))
            number += 1
        await asyncio.sleep(0.001)
    await asyncio.gather(*tasks)
    return loop.time() - began


def cpu_seconds(pids: Sequence[int]) -> float:
    """User and system time of processes so far."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def children(pid: int) -> list[int]:
    """A process and all below it that are still there."""
    found = [pid]
    with suppress(FileNotFoundError, ProcessLookupError):  # it ended while it was looked at
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += children(int(child))
    return found


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def about() -> dict[str, Any]:
    """When and on what a benchmark ran."""
    names = ("uvicorn", "uvloop", "httptools", "fastapi", "sqlalchemy", "psycopg")
    return {
        "date": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "load": [round(one, 1) for one in os.getloadavg()],
        "cores": os.cpu_count(),
        "versions": {"python": platform.python_version(), **{name: version(name) for name in names}},
    }
