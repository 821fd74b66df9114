"""The siblings of an output folder while a revision replaces another, and what a crash in between leaves.

Beside `<name>` may stand `.<name>.lock` (who writes holds it), `.<name>.new` (a revision not yet published, or
one already replaced), `.<name>.previous` (the current revision, for the instant between the two renames of a
file system that cannot exchange folders) and `.<name>.trash` (a replaced revision being deleted).
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scheduler.errors import ExportError
from scheduler.language import Bilingual

PATIENCE = 120.0
"""Seconds to wait for another process that writes into the same folder."""

FIRST_PATIENCE = 1.0
"""Of these, so many before it is looked into whether the lock can be had at all: Windows answers alike where a file is
held for a moment and where it may not be made."""


@dataclass(frozen=True, slots=True)
class Siblings:
    """Where a folder and its helpers stand; `folder` is the real one where a symbolic link was given."""

    folder: Path

    @classmethod
    def of(cls, path: Path) -> Siblings:
        """Return the siblings of the real folder behind `path`, which need not exist yet.

        Raises
        ------
        OSError
            Where symbolic links go round in a circle.
        """
        try:
            return cls(path.resolve())
        except RuntimeError as error:  # Python before 3.13
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path)) from error

    @property
    def lock(self) -> Path:
        """The file whose lock a writer holds."""
        return self._sibling("lock")

    @property
    def new(self) -> Path:
        """Where the next revision is written."""
        return self._sibling("new")

    @property
    def previous(self) -> Path:
        """Where the current revision stands for the instant between two renames."""
        return self._sibling("previous")

    @property
    def trash(self) -> Path:
        """Where a replaced revision is deleted."""
        return self._sibling("trash")

    def _sibling(self, suffix: str) -> Path:
        return self.folder.with_name(f".{self.folder.name}.{suffix}")


@contextmanager
def locked(path: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the lock of an output folder, across processes; whoever writes into one takes it.

    Raises
    ------
    ExportError
        Where another process holds it for longer than `patience` seconds.
    OSError
        Where the lock's file can be neither made nor written.
    """
    from filelock import FileLock, Timeout

    file = Siblings.of(path).lock
    lock = FileLock(file, thread_local=False)
    first = min(FIRST_PATIENCE, patience)
    try:
        try:
            lock.acquire(timeout=first)
        except Timeout:
            file.open("ab").close()
            lock.acquire(timeout=patience - first)
    except Timeout:
        raise ExportError(
            Bilingual(
                id=f"{path} sedang ditulis oleh giliran lain. Tunggu sampai selesai, lalu ulangi.",
                en=f"Another giliran is writing into {path}. Wait until it has finished, then try again.",
            )
        ) from None
    try:
        yield
    finally:
        lock.release()


def recover(path: Path) -> None:
    """Put back the revision that a crash between two renames left aside; otherwise touch nothing.

    Readers call this first: it waits only where the folder is missing and a previous one stands beside it.

    Raises
    ------
    ExportError
        Where it cannot be put back.
    """
    siblings = Siblings.of(path)
    if not siblings.folder.exists() and siblings.previous.is_dir():
        try:
            with locked(path):
                restore_previous(siblings)
        except OSError as error:
            raise ExportError(
                Bilingual(
                    id=f"{path}: revisi terakhir ada di {siblings.previous.name} dan tidak dapat dikembalikan "
                    f"({error.strerror or error}). Mintalah izin tulis di {siblings.folder.parent}, lalu ulangi.",
                    en=f"{path}: the last revision stands in {siblings.previous.name} and cannot be put back "
                    f"({error.strerror or error}). Ask for permission to write in {siblings.folder.parent}, then try again.",
                )
            ) from error


def restore_previous(siblings: Siblings) -> None:
    """Undo the first of two renames where the second never came; the caller holds the lock."""
    if not siblings.folder.exists() and siblings.previous.is_dir():
        siblings.previous.rename(siblings.folder)


def sweep(siblings: Siblings) -> None:
    """Bring back what an earlier crash left aside and delete what it left over; the caller holds the lock."""
    restore_previous(siblings)
    for leftover in (siblings.new, siblings.previous, siblings.trash):
        if leftover.is_dir() and not leftover.is_symlink():
            shutil.rmtree(leftover)
