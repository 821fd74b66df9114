"""Nothing that was acknowledged is lost: killed at random, a disk that fails, a disk that is full."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import event

from benchmarks.server_client import free_port
from benchmarks.server_kills import judge, run
from benchmarks.server_setup import build, serving
from scheduler.server.store.database import WRITES
from tests.server.phones import send, sent, stored
from tests.server.published import BUDI, Server, publication
from tests.tools import require

posix = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 and strace are of POSIX")


@posix
def test_whatever_was_acknowledged_outlives_kills_at_random(tmp_path: Path) -> None:
    office = build(f"sqlite:///{tmp_path / 'giliran.db'}", 50)
    wanted: Any = SimpleNamespace(kills=3, phones=20, seed=5, most_seconds=120, victims=("all",))
    phones, killed = asyncio.run(run(free_port(), office, wanted))
    found = judge(office.url, phones)
    assert killed == {"all": 3}
    assert found["acknowledged"] > 20
    assert (found["lost"], found["twice"], found["never_sent"]) == (0, 0, 0)
    assert found["integrity_check"] == "ok"


@contextmanager
def failing(pid: int, calls: str, error: str, folder: Path) -> Iterator[None]:
    """Have these system calls of a process fail for as long as the block lasts."""
    notes = folder / f"strace-{error}"
    inject = f"inject={calls}:error={error}"
    words = ["strace", "-f", "-q", "-p", str(pid), "-e", f"trace={calls}", "-e", inject, "-o", str(notes)]
    with subprocess.Popen(words, stderr=subprocess.PIPE) as tracer:
        for _ in range(600):
            status = Path(f"/proc/{pid}/status").read_text()
            if f"TracerPid:\t{tracer.pid}\n" in status or tracer.poll() is not None:
                break
            time.sleep(0.01)
        time.sleep(0.2)  # its threads are seized one after another
        assert tracer.poll() is None, tracer.stderr and tracer.stderr.read()
        yield
        tracer.send_signal(signal.SIGINT)
    assert error in notes.read_text()


@posix
def test_a_disk_that_fails_or_is_full_is_never_acknowledged(tmp_path: Path) -> None:
    require("strace")
    office = build(f"sqlite:///{tmp_path / 'giliran.db'}", 2)
    (token, _), log = office.checkin, tmp_path / "log"
    with serving(office.url, log=log) as (process, port):
        assert send(port, token, "before-it-fails")[0] == 200
        for calls, error in (("fsync,fdatasync", "EIO"), ("pwrite64", "ENOSPC")):
            with failing(process.pid, calls, error, tmp_path):
                status, told = send(port, token, f"while-{error}")
                assert (status, told["stored"]) == (503, False)
                assert "dikirim lagi" in told["said"]
            again = send(port, token, f"while-{error}")
            assert (again[0], again[1]["stored"], again[1]["repeated"]) == (200, True, False)
    found = judge(office.url, SimpleNamespace(acknowledged={}, sent=set(), broken=0))  # type: ignore[arg-type]
    assert (found["never_sent"], found["twice"], found["integrity_check"]) == (3, 0, "ok")
    errors = [json.loads(line) for line in log.read_text().splitlines() if '"error"' in line]
    assert [line["message"] for line in errors] == ["database: OperationalError"] * 2
    assert not any(place in log.read_text() for place in ("120.32", "-2.55", token))


def test_a_full_database_is_said_and_the_same_sent_again_is_stored(server: Server) -> None:
    server.publish(publication())
    link = server.link(BUDI, "checkin")
    is_full = True

    @event.listens_for(server.engine, "begin")
    def bound(connection: Any) -> None:
        if connection.get_execution_options().get(WRITES):
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages if is_full else 1 << 30}")

    reasons = {"reason": "x" * 500, "latitude": None}
    answers = [server.client.post(link, json=sent(client_id=f"number-{n:03}", **reasons)) for n in range(40)]
    refused = [n for n, answer in enumerate(answers) if answer.status_code == 503]
    assert refused, "40 reasons of 500 letters do not fit on the pages there were"
    assert {answer.status_code for answer in answers} <= {200, 503}
    assert answers[refused[0]].headers["retry-after"] == "5"
    assert len(stored(server)) == 40 - len(refused)
    is_full = False
    for n in refused:
        again = server.client.post(link, json=sent(client_id=f"number-{n:03}", **reasons)).json()
        assert (again["stored"], again["repeated"]) == (True, False)
    assert len(stored(server)) == 40
