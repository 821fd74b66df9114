"""Tables in a scenario folder that nothing reads because of their names: told, since a leave not read is no leave."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from scheduler.errors import Fault
from scheduler.language import Bilingual

TABLES = {
    "absences": ("ketidakhadiran", "tidak hadir", "cuti", "izin", "absen", "absensi", "leave", "sakit", "dinas luar"),
    "pins": ("penetapan", "ditetapkan", "tetap"),
    "preferences": ("keinginan", "permintaan", "wishes"),
    "travel_permits": ("izin perjalanan", "izin keluar daerah"),
    "aliases": ("alias", "pengirim"),
    "activities": ("kegiatan",),
}  # fmt: skip
"""The tables that a scenario folder may hold beside the staff list, and what people call them."""

_ENDINGS = frozenset([".csv", ".xlsx", ".xls", ".xlsb", ".ods", ".tsv", ".txt"])
_STAFF_ENDINGS = frozenset([".xlsx", ".csv", ".xls", ".xlsb", ".ods"])
_LIKE_ENOUGH = 0.8


def unread_tables(folder: Path) -> list[Fault]:
    """Return a warning for every file that looks like a table meant to be read, with the name that it should have."""
    return [
        Fault(
            file=path.name,
            problem=Bilingual(id="berkas ini tidak dibaca", en="this file is not read"),
            remedy=Bilingual(
                id=f"Bila isinya berlaku, beri nama {name}.csv atau simpan sebagai {name}.xlsx.",
                en=f"If it is to count, name it {name}.csv or save it as {name}.xlsx.",
            ),
            warning=True,
        )
        for path, name in _meant(folder)
    ]


def staff_list_meant(folder: Path) -> tuple[str, str] | None:
    """Return the table that may be the staff list by another name, and the name that it should have."""
    names = {word for table, words in TABLES.items() for word in (table, *words)}
    for path in sorted(folder.iterdir()):
        stem, ending = path.stem.lower(), path.suffix.lower()
        if ending in _STAFF_ENDINGS and stem not in names and not path.name.startswith(("~$", ".")):
            return path.name, f"staff{ending}"
    return None


def _meant(folder: Path) -> Iterator[tuple[Path, str]]:
    names = {word: table for table, words in TABLES.items() for word in (table.replace("_", " "), *words)}
    for path in sorted(folder.iterdir()):
        is_read = path.name in {f"{table}{ending}" for table in TABLES for ending in (".csv", ".xlsx")}
        if is_read or path.suffix.lower() not in _ENDINGS or path.name.startswith(("~$", ".")):
            continue
        words = re.findall(r"[a-z]+", path.name.lower().split(".")[0])
        for phrase in (" ".join(words), " ".join(words[:2]), *words[:1]):
            if found := get_close_matches(phrase, names, n=1, cutoff=_LIKE_ENOUGH):
                yield path, names[found[0]]
                break
