"""Small revisions for the tests of publishing: files that name their revision, and a look at a whole folder."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from scheduler.write.publish import Revision

PERIOD = {"from": "2021-07-28", "to": "2021-08-11"}
NAME = "2021-07-28_2021-08-11"
Look = dict[str, bytes]


def nothing() -> None:
    """Do nothing between two halves of a file."""


def writer(mark: str = "", between: Callable[[], None] = nothing) -> Callable[[Path, Revision], None]:
    """Return what writes a revision of four files in three folders; `between` runs in the middle of each file."""

    def write(folder: Path, revision: Revision) -> None:
        certificate = {"revision": revision.number, "period": PERIOD, "mark": mark}
        contents = {
            "roster.csv": f"revision {revision.number} {mark}\n",
            "units/Dinas A.xlsx": f"workbook {revision.number} {mark}\n",
            "calendars/people/x.ics": f"calendar {revision.number} {mark}\n",
            "certificate.json": json.dumps(certificate),
        }
        for name, text in contents.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("w", encoding="utf-8", newline="") as file:
                file.write(text[:5])
                file.flush()
                between()
                file.write(text[5:])

    return write


def look(folder: Path) -> Look:
    """Return every file below a folder with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def siblings_left(folder: Path) -> set[str]:
    """Return what stands beside a folder apart from its lock."""
    return {path.name for path in folder.parent.iterdir()} - {folder.name, f".{folder.name}.lock"}
