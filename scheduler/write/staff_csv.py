"""A staff list as CSV with fixed columns, for programs and for checking how a list was read."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from pathlib import Path

from scheduler.errors import ExportError
from scheduler.language import Bilingual
from scheduler.problem import Person

_COLUMNS: dict[str, Callable[[Person], object]] = {
    "person_id": lambda p: p.id,
    "name": lambda p: p.name,
    "nip": lambda p: p.nip,
    "rank": lambda p: p.rank,
    "echelon": lambda p: p.echelon,
    "position": lambda p: p.position,
    "unit": lambda p: p.unit,
    "sub_unit": lambda p: p.sub_unit,
    "employment": lambda p: p.employment,
    "it_capable": lambda p: p.it_capable,
    "service_post": lambda p: ";".join(p.service_posts),
    "monitor": lambda p: p.monitor,
    "supervisor": lambda p: p.supervisor,
    "telegram": lambda p: p.telegram,
}

COLUMNS = tuple(_COLUMNS)
"""The header of the file, which scripts may rely on."""


def staff_csv(people: Iterable[Person]) -> str:
    """Return the people as CSV, one line each in list order; an empty field is one that the list lacks.

    Cells that a spreadsheet would take for a formula get an apostrophe in front, which `read_staff` takes off.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for person in people:
        writer.writerow([_cell(value(person)) for value in _COLUMNS.values()])
    return text.getvalue()


def write_staff_csv(people: Iterable[Person], path: Path) -> None:
    """Write the people to `path`, as UTF-8; the old file stays where the new one cannot be written whole.

    Raises
    ------
    ExportError
        If the file is locked or its folder cannot be written.
    """
    temporary = path.with_name(f".{path.name}.part")
    try:
        temporary.write_text(staff_csv(people), encoding="utf-8", newline="")
        temporary.replace(path)
    except OSError as e:
        temporary.unlink(missing_ok=True)
        reason = e.strerror or type(e).__name__
        raise ExportError(
            Bilingual(
                id=f"{path}: tidak dapat ditulis ({reason}). Tutup dahulu bila sedang terbuka di Excel.",
                en=f"{path}: cannot be written ({reason}). Close it first if it is open in Excel.",
            )
        ) from e


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return "'" + text if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
