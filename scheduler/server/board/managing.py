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
from scheduler.server.board.accounts import units_seen
from scheduler.server.board.changing import start
from scheduler.server.board.downloading import WHOLE, whole_path
from scheduler.server.board.folders import periods, revisions_of
from scheduler.server.board.render import page
from scheduler.server.board.today import today
from scheduler.server.board.uploading import MOST_BYTES, chosen_file
from scheduler.server.board.visit import Visit
from scheduler.server.store.board_tables import FOLDER


def show(visit: Visit) -> Response:
    """Return the page from which a scenario is managed."""
    with visit.engine.connect() as connection:
        known = periods(connection, visit.place["id"])
        units = units_seen(connection, visit.who, visit.place["id"])
        recent = jobs.recent(connection, visit.place["id"])
        folders = _folders(connection, [row["id"] for row in known])
        former = {row["id"]: _former(connection, row, folders.get(row["id"])) for row in known}
    present = today(visit.now, visit.place["timezone"]).isoformat()
    spans = [
        {
            **row,
            "is_over": row["last_day"] <= present,
            "former": former[row["id"]],
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
            "units": units,
        },
    )


def _folders(connection: Any, revisions: list[int]) -> dict[int, str]:
    wanted = select(FOLDER.c.revision_id, FOLDER.c.output).where(FOLDER.c.revision_id.in_(revisions))
    return {row.revision_id: row.output for row in connection.execute(wanted)}


def _former(connection: Any, row: RowMapping, folder: str | None) -> list[dict[str, Any]]:
    """Return a period's earlier revisions, each once, and whether the folder still holds it to go back to."""
    found: dict[int, dict[str, Any]] = {}
    for one in revisions_of(connection, row["scenario_id"], row["first_day"], row["last_day"]):
        if not one["is_current"] and one["number"] != row["number"]:
            is_there = bool(folder) and (Path(folder or "") / "revisions" / str(one["number"])).is_dir()
            found.setdefault(one["number"], {**one, "is_there": is_there})
    return list(found.values())


def _files(row: RowMapping, folder: str | None) -> list[str]:
    """Return what can be downloaded of a published revision."""
    if not folder:
        return []
    place = Path(folder) if _waiting(row, folder) is None else Path(folder) / "revisions" / str(row["number"])
    return [name for name in WHOLE if whole_path(place, name).is_file()]


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


def policy(visit: Visit) -> Response:
    """Look at what an amended policy changes in a period."""
    return start(visit, _chosen(visit), "preview", {"upload": "policy"}, chosen_file(visit, (".toml",)))


def back(visit: Visit) -> Response:
    """Look at what going back to an earlier revision changes."""
    row, number = _chosen(visit), visit.form.get("number", "")
    with visit.engine.connect() as connection:
        known = revisions_of(connection, row["scenario_id"], row["first_day"], row["last_day"])
    earlier = {str(one["number"]) for one in known} - {str(row["number"])}
    if number not in earlier:
        raise UsageError(
            Bilingual(
                id="Revisi itu tidak ada, atau sedang berlaku.", en="There is no such earlier revision."
            )
        )
    return start(visit, row, "preview", {"to_revision": int(number)})


def _chosen(visit: Visit) -> RowMapping:
    """Return the period that a form names by its first day; the last of several counts."""
    with visit.engine.connect() as connection:
        known = periods(connection, visit.place["id"])
    found = next((row for row in known if row["first_day"] == visit.form.get("first")), None)
    if found is None:
        raise UsageError(Bilingual(id="Pilih periodenya.", en="Choose the period."))
    return found


def _last(visit: Visit) -> RowMapping:
    with visit.engine.connect() as connection:
        known = periods(connection, visit.place["id"])
    if not known:
        raise UsageError(Bilingual(id="Belum ada jadwal yang terbit.", en="No roster is published yet."))
    return known[0]
