"""Files sent to the board: absences, an edited workbook, a staff list; read elsewhere, never half of them taken."""

from __future__ import annotations

from pathlib import Path

from fastapi import Response

from scheduler.errors import Fault, InputError
from scheduler.language import Bilingual
from scheduler.server.board.changing import latest, start
from scheduler.server.board.render import page
from scheduler.server.board.staff_list import ENDINGS
from scheduler.server.board.today import today
from scheduler.server.board.visit import Upload, Visit

MOST_BYTES = 10 * 1024 * 1024
TABLES = (".csv", ".xlsx")


def form(visit: Visit) -> Response:
    """Return the forms of one unit's uploads."""
    return page(visit, "uploads.html", {"section": "uploads", "most": MOST_BYTES // (1024 * 1024)})


def absences(visit: Visit) -> Response:
    """Look at what a table of absences changes."""
    return _preview(visit, "absences", TABLES)


def workbook(visit: Visit) -> Response:
    """Look at what an edited workbook changes."""
    return _preview(visit, "workbook", (".xlsx",))


def _preview(visit: Visit, upload: str, endings: tuple[str, ...]) -> Response:
    file = chosen_file(visit, endings)
    revision = latest(visit, today(visit.now, visit.place["timezone"]))
    return start(visit, revision, "preview", {"upload": upload}, file)


def staff(visit: Visit) -> Response:
    """Look at what a new staff list would change in the scenario."""
    file = chosen_file(visit, ENDINGS)
    revision = latest(visit, today(visit.now, visit.place["timezone"]))
    return start(visit, revision, "staff", {"upload": "staff"}, file)


def chosen_file(visit: Visit, endings: tuple[str, ...]) -> Upload:
    """Return the file that a form brought.

    Raises
    ------
    InputError
        Where it brought none, or one of another kind.
    """
    file = visit.file
    if file is None or not file.content:
        raise InputError(
            [
                Fault(
                    problem=Bilingual(
                        id="tidak ada berkas yang dipilih, atau isinya kosong",
                        en="no file was chosen, or it is empty",
                    )
                )
            ]
        )
    if Path(file.name).suffix.casefold() not in endings:
        allowed = ", ".join(endings)
        raise InputError(
            [
                Fault(
                    file=file.name,
                    problem=Bilingual(
                        id="jenis berkas ini tidak dibaca di sini", en="files of this kind are not read here"
                    ),
                    allowed=Bilingual(id=allowed, en=allowed),
                )
            ]
        )
    return file
