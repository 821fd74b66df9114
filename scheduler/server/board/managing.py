"""A whole scenario: its periods and revisions, the next period, the staff list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import Response
from sqlalchemy import RowMapping, select

from scheduler.errors import InputError, UsageError
from scheduler.language import Bilingual
from scheduler.read.outputs.output_folder import read_certificate
from scheduler.server.board import jobs
from scheduler.server.board.changing import start
from scheduler.server.board.downloading import WHOLE
from scheduler.server.board.folders import periods
from scheduler.server.board.render import page
from scheduler.server.board.tables import FOLDER
from scheduler.server.board.uploading import MOST_BYTES
from scheduler.server.board.visit import Visit


def show(visit: Visit) -> Response:
    """Return the page from which a scenario is managed."""
    with visit.engine.connect() as connection:
        known = periods(connection, visit.place["id"])
        recent = jobs.recent(connection, visit.place["id"])
        folders = _folders(connection, [row["id"] for row in known])
    spans = [
        {
            **row,
            "waiting": _waiting(row, folders.get(row["id"])),
            "files": _files(row, folders.get(row["id"])),
        }
        for row in known
    ]
    return page(
        visit,
        "scenario.html",
        {
            "spans": spans,
            "jobs": [{**row, "shown": jobs.state_of(row, visit.now)} for row in recent],
            "most": MOST_BYTES // (1024 * 1024),
            "section": "manage",
        },
    )


def _folders(connection: Any, revisions: list[int]) -> dict[int, str]:
    wanted = select(FOLDER.c.revision_id, FOLDER.c.output).where(FOLDER.c.revision_id.in_(revisions))
    return {row.revision_id: row.output for row in connection.execute(wanted)}


def _files(row: RowMapping, folder: str | None) -> list[str]:
    """Return what can be downloaded of a published revision."""
    if not folder:
        return []
    place = Path(folder) if _waiting(row, folder) is None else Path(folder) / "revisions" / str(row["number"])
    return [name for name in WHOLE if (place / name).is_file()]


def _waiting(row: RowMapping, folder: str | None) -> int | None:
    """Return the number of a later revision that lies in the folder but is not published."""
    if not folder:
        return None
    try:
        number = int(read_certificate(Path(folder))["revision"])
    except InputError:
        return None
    return number if number > row["number"] else None


def generate(visit: Visit) -> Response:
    """Begin to make the period that follows the last one published."""
    return start(visit, _last(visit), "generate", {})


def publish(visit: Visit) -> Response:
    """Publish a revision that lies in a period's folder, made by hand or left by a failure."""
    with visit.engine.connect() as connection:
        known = periods(connection, visit.place["id"])
        folders = _folders(connection, [row["id"] for row in known])
    for row in known:
        number = _waiting(row, folders.get(row["id"]))
        if number is not None and row["first_day"] == visit.form.get("first"):
            return start(visit, row, "publish", {"folder": folders[row["id"]], "revision": number})
    raise UsageError(
        Bilingual(id="Tidak ada revisi yang menunggu terbit.", en="No revision waits to be published.")
    )


def _last(visit: Visit) -> RowMapping:
    with visit.engine.connect() as connection:
        known = periods(connection, visit.place["id"])
    if not known:
        raise UsageError(Bilingual(id="Belum ada jadwal yang terbit.", en="No roster is published yet."))
    return known[0]
