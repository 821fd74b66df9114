"""Which raw evidence is past its retention: told by the hashes in sources.csv, so that nothing else is touched."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from scheduler.checkins.privacy import Stored, expired
from scheduler.checkins.settings import Privacy


class Purge(NamedTuple):
    """What to delete, what is kept as it is not old enough, and what no report knows."""

    delete: tuple[Path, ...]
    keep: tuple[Path, ...]
    unknown: tuple[Path, ...]


def read_sources(text: Iterable[str]) -> dict[str, date]:
    """Return the last day that each file tells of, by SHA-256, from the lines of sources.csv.

    A file of several chats (a zip) counts with the last of all; one without days is left out.
    """
    found: dict[str, date] = {}
    for row in csv.DictReader(text):
        try:
            last = date.fromisoformat(row.get("last_day") or "")
        except ValueError:
            continue
        digest = row.get("sha256") or ""
        found[digest] = max(last, found.get(digest, last))
    return found


def plan_purge(files: Sequence[Path], known: dict[str, date], today: date, privacy: Privacy) -> Purge:
    """Return which of `files` are past the retention; a file that no report knows by its content is never deleted."""
    stored = {}
    unknown = []
    for path in files:
        last = known.get(sha256_of(path))
        if last is None:
            unknown.append(path)
        else:
            stored[path] = Stored(str(path), last)
    old = {item.path for item in expired(stored.values(), today, privacy)}
    return Purge(
        delete=tuple(p for p in stored if str(p) in old),
        keep=tuple(p for p in stored if str(p) not in old),
        unknown=tuple(unknown),
    )


def sha256_of(path: Path) -> str:
    """Return the hash of a file's content."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
