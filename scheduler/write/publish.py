"""Replacing one revision of an output folder by the next as a whole: a crash leaves one or the other, never a mix.

The next revision is written beside the folder, with the earlier ones linked into its `revisions/`, put on the
disk, and then exchanged with the folder in one step. Where the system cannot exchange folders, two renames do
it, and `scheduler.read.outputs.recovery` puts the current revision back if only the first came about.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from scheduler.errors import InputError
from scheduler.read.outputs.output_folder import (
    CERTIFICATE,
    CHECKINS,
    REVISIONS,
    read_certificate,
    revision_folders,
)
from scheduler.read.outputs.recovery import PATIENCE, Siblings, locked, restore_previous, sweep
from scheduler.write import swap
from scheduler.write.certificate import sha256_of
from scheduler.write.file_names import unit_file_name, unit_file_names
from scheduler.write.obstacles import in_plain_words, refuse_foreign, refuse_open_workbooks

__all__ = [
    "OWN_NAMES",
    "Revision",
    "check_writable",
    "next_revision",
    "publish",
    "publish_checkins",
    "unit_file_name",
    "unit_file_names",
]

OWN_NAMES = frozenset(
    {
        "roster.xlsx", "roster.csv", "roster.html", "ledger.csv", "remainders.csv",
        "units", "calendars", "inputs", "changes.xlsx", "changes.txt", CERTIFICATE,
    }
)  # fmt: skip
"""What a revision consists of; anything else on top of an output folder is somebody's own and stays there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """The number that a new revision gets, and what it replaces; settled while the folder is locked.

    Attributes
    ----------
    number : 1 for the first, then counting up.
    replaced : the number of the current revision, or None where there is none.
    replaced_sha256 : the hash of its roster.csv, or "".
    current : the output folder, whose files are still those of the replaced revision.
    """

    number: int
    replaced: int | None = None
    replaced_sha256: str = ""
    current: Path


def publish(folder: Path, write: Callable[[Path, Revision], None], *, patience: float = PATIENCE) -> Revision:
    """Publish what `write` puts into an empty folder as the next revision of the output folder.

    Parameters
    ----------
    folder : the output folder `<from>_<to>`; made where it is missing. A symbolic link is followed.
    write : gets the empty folder to fill and the revision that it becomes; anything it raises leaves the
        current revision as it was. It runs while the folder is locked, so that what depends on the current
        revision (numbers, sequences) is read in it.
    patience : seconds to wait for another process that publishes into the same folder; both get their turn.

    Raises
    ------
    ExportError
        Where a file is open in Excel, the place is not writable or no output folder, or the disk is full; the
        message says what to do. The current revision stands as it was.
    """
    with _writing(folder, patience) as siblings:
        revision = next_revision(siblings.folder)
        write(siblings.new, revision)
        if strangers := {path.name for path in siblings.new.iterdir()} - OWN_NAMES:
            raise ValueError(f"files of a revision that OWN_NAMES does not list: {sorted(strangers)}")
        swap.sync_files(siblings.new)
        _carry_over(siblings, OWN_NAMES)
        if revision.replaced is not None:
            _archive(siblings, revision.replaced)
        _replace(siblings)
    return revision


def publish_checkins(folder: Path, write: Callable[[Path], None], *, patience: float = PATIENCE) -> None:
    """Replace `checkins/` of an output folder as a whole by what `write` puts into an empty folder.

    The revision stays the same.

    Raises
    ------
    ExportError
        As `publish`.
    """
    with _writing(folder, patience) as siblings:
        (siblings.new / CHECKINS).mkdir()
        write(siblings.new / CHECKINS)
        swap.sync_files(siblings.new)
        _carry_over(siblings, frozenset({CHECKINS}))
        _replace(siblings)


def check_writable(folder: Path) -> None:
    """Find before a long search what would keep its result from being written.

    Raises
    ------
    ExportError
        As `publish`, apart from a full disk.
    """
    with in_plain_words(folder):
        siblings = Siblings.of(folder)
        refuse_foreign(siblings.folder)
        refuse_open_workbooks(siblings.folder)
        parent = next(place for place in siblings.folder.parents if place.exists())
        if not parent.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(parent))
        if not os.access(parent, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(parent))


def next_revision(folder: Path) -> Revision:
    """Return the revision that comes after the current one of an output folder."""
    latest = max((number for number, _ in revision_folders(folder)), default=0)
    if not any((folder / name).exists() for name in OWN_NAMES):
        return Revision(number=latest + 1, current=folder)
    # A certificate that is lost, or was edited by hand, must not make two revisions share a number.
    current = max(latest + 1, _certified_number(folder))
    table = folder / "roster.csv"
    return Revision(
        number=current + 1,
        replaced=current,
        replaced_sha256=sha256_of(table) if table.is_file() else "",
        current=folder,
    )


def _certified_number(folder: Path) -> int:
    try:
        return int(read_certificate(folder)["revision"])
    except InputError:
        return 0


@contextmanager
def _writing(folder: Path, patience: float) -> Iterator[Siblings]:
    """Hold the folder's lock with an empty new folder beside it, which is gone afterwards."""
    with in_plain_words(folder):
        siblings = Siblings.of(folder)
        siblings.folder.parent.mkdir(parents=True, exist_ok=True)
        with locked(folder, patience):
            sweep(siblings)
            refuse_foreign(siblings.folder)
            refuse_open_workbooks(siblings.folder)
            try:
                siblings.new.mkdir()
                yield siblings
            finally:  # after the exchange it is the replaced revision; what stays, the next writer sweeps
                for leftover in (siblings.new, siblings.trash):
                    shutil.rmtree(leftover, ignore_errors=True)


def _carry_over(siblings: Siblings, replaced: frozenset[str]) -> None:
    """Link into the new folder everything on top of the current one but what is replaced."""
    if not siblings.folder.is_dir():
        return
    shutil.copymode(siblings.folder, siblings.new)
    for path in sorted(siblings.folder.iterdir()):
        if path.name not in replaced:
            swap.link_tree(path, siblings.new / path.name)


def _archive(siblings: Siblings, number: int) -> None:
    """Link the current revision's files into `revisions/<number>/` of the new folder."""
    archive = siblings.new / REVISIONS / str(number)
    archive.mkdir(parents=True)
    for name in sorted(OWN_NAMES):
        if (siblings.folder / name).exists():
            swap.link_tree(siblings.folder / name, archive / name)


def _replace(siblings: Siblings) -> None:
    """Put the new folder into the place of the current one, if there is one."""
    current, new, previous = siblings.folder, siblings.new, siblings.previous
    swap.sync_folders(new)
    if not current.exists():
        swap.rename(new, current)
    elif not swap.exchange(new, current):
        try:
            swap.rename(current, previous)
            swap.rename(new, current)
        except BaseException:
            restore_previous(siblings)
            raise
        with suppress(OSError):  # before it is deleted piece by piece, nobody may take it for a revision
            swap.rename(previous, siblings.trash)
    swap.sync_folder(current.parent)
