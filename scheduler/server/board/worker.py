"""The process that carries out one job, told by standard input which: `python -m scheduler.server.board.worker`."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from scheduler.errors import SchedulerError
from scheduler.server.board import audit, jobs
from scheduler.server.board.faults import plain_error
from scheduler.server.board.tasks import Task
from scheduler.server.board.work import WORK
from scheduler.server.store.board_tables import ACCOUNT
from scheduler.server.store.database import connect, writing


def carry_out(engine: Engine, job: int, clock: Callable[[], float] = time.time) -> None:
    """Carry out a job and keep in the database how far it is, and what came of it or every fault."""
    with writing(engine) as connection:
        row = jobs.read(connection, job)
        if row is None or row["state"] != jobs.WAITING:
            return
        jobs.change(connection, job, clock(), state=jobs.RUNNING)
        account = (
            connection.execute(ACCOUNT.select().where(ACCOUNT.c.id == row["account_id"])).mappings().one()
        )
    note = audit.Note(account["name"], "", row["scenario_id"], row["unit"])
    with tempfile.TemporaryDirectory(prefix="giliran-board-") as scratch:
        task = Task(engine, row, json.loads(row["asked"]), _upload(row, Path(scratch)), note, clock)
        try:
            result = WORK[row["kind"]](task)
            state = jobs.DONE
        except SchedulerError as error:
            result, state = plain_error(error, row["file_name"]), jobs.FAILED
    with writing(engine) as connection:
        if state == jobs.FAILED:
            audit.write(connection, note, "refused", clock(), f"{row['kind']} {job}: {result['message'][1]}")
        jobs.finish(connection, job, clock(), state, result)


def _upload(row: Any, folder: Path) -> Path | None:
    if row["file"] is None:
        return None
    path = folder / f"upload{Path(row['file_name']).suffix.casefold()}"
    path.write_bytes(row["file"])
    return path


def main() -> None:
    """Read the order and carry it out."""
    order = json.load(sys.stdin)
    ahead = float(order["ahead"])
    engine = connect(order["database"])
    try:
        carry_out(engine, int(order["job"]), lambda: time.time() + ahead)
    finally:
        engine.dispose()


if __name__ == "__main__":
    main()
