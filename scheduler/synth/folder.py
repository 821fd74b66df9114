"""Writes an invented city as a scenario folder."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from scheduler.synth.city import ABSENCE_COLUMNS, PREFERENCE_COLUMNS, STAFF_COLUMNS, City, Row


def write_city(city: City, folder: Path, seed: int) -> list[Path]:
    """Write policy, staff list, absences, preferences and calendar key into a new folder; return the files.

    The key is made from the seed, so that the same command gives the same bytes: an invented city has no secrets.

    Raises
    ------
    OSError
        Where the folder cannot be made or written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "policy.toml": city.policy,
        "staff.csv": _table(STAFF_COLUMNS, city.staff),
        "absences.csv": _table(ABSENCE_COLUMNS, city.absences),
        "preferences.csv": _table(PREFERENCE_COLUMNS, city.preferences),
        "calendar.key": sha256(f"giliran synth {len(city.staff)} {seed}".encode()).hexdigest() + "\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return [folder / name for name in texts]


def _table(columns: Sequence[str], rows: Sequence[Row]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return stream.getvalue()
