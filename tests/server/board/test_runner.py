"""The thread that runs jobs: a database that is away for a moment ends neither it nor the work under way."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from scheduler.server.board import runner
from scheduler.server.board.runner import Runner
from scheduler.server.store.database import connect
from tests.server.published import sqlite


class Work:
    """Stands for the process that carries a job out; it lives longer than two signs of life."""

    begun: list[Work]
    returncode = 0

    def __init__(self, *_: Any, **__: Any) -> None:
        self.asked: list[bytes | None] = []
        self.begun.append(self)

    def communicate(self, text: bytes | None, timeout: float) -> tuple[bytes, bytes]:
        self.asked.append(text)
        if len(self.asked) < 3:
            raise subprocess.TimeoutExpired("work", timeout)
        return b"", b""

    def terminate(self) -> None:
        """Nothing is left to end."""


@contextmanager
def away(_: object) -> Iterator[None]:
    raise OperationalError("UPDATE", {}, Exception("the database is away"))
    yield


def test_a_database_that_is_away_ends_neither_the_work_nor_the_thread_that_runs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Work.begun = []
    monkeypatch.setattr(runner.subprocess, "Popen", Work)
    monkeypatch.setattr(runner, "writing", away)
    engine = connect(sqlite(tmp_path))
    jobs = Runner(engine)
    jobs.put(1)
    jobs.put(2)
    thread = jobs._thread
    assert thread is not None
    jobs._queue.put(None)
    thread.join(timeout=20)
    engine.dispose()
    assert [len(work.asked) for work in Work.begun] == [3, 3]
