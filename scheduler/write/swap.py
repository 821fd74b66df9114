"""What a crash-safe replacement of a folder needs of the file system: linking, syncing, exchanging."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

_NO_LINKS = {errno.EPERM, errno.EXDEV, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EACCES, errno.EINVAL}
_NO_EXCHANGE = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM}
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_ATTEMPTS = 5
_SIDE_BY_SIDE = 8
"""How many files are put on the disk at once: its journal takes many in one go."""


def link_tree(source: Path, target: Path) -> None:
    """Give a file, a link or a whole folder a second place: by hard links, or copies where there are none."""
    if source.is_dir() and not source.is_symlink():
        target.mkdir()
        for child in sorted(source.iterdir()):
            link_tree(child, target / child.name)
        shutil.copystat(source, target)
        return
    try:
        os.link(source, target, follow_symlinks=False)
    except (OSError, NotImplementedError) as error:
        if isinstance(error, OSError) and error.errno not in _NO_LINKS:
            raise
        shutil.copy2(source, target, follow_symlinks=False)
        if not target.is_symlink():
            _sync_file(target)


def sync_files(folder: Path) -> None:
    """Wait until every file below is on the disk.

    Raises
    ------
    OSError
        Where the disk reports that it is not (EIO, ENOSPC).
    """
    paths = list(_files(folder))
    shares = (paths[first::_SIDE_BY_SIDE] for first in range(min(_SIDE_BY_SIDE, len(paths))))
    with ThreadPoolExecutor(_SIDE_BY_SIDE) as threads:
        for _ in threads.map(_sync_share, shares):
            pass


def sync_folders(folder: Path) -> None:
    """Wait until the entries of the folder and of every folder below are on the disk."""
    for inner, _, _ in os.walk(folder, topdown=False):
        sync_folder(Path(inner))


def _files(folder: str | Path) -> Iterator[str]:
    """Yield the path of every file below; a folder's listing tells what each is, without asking once more."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_dir(follow_symlinks=False):
                yield from _files(entry.path)
            elif entry.is_file(follow_symlinks=False):
                yield entry.path


def _sync_share(paths: Sequence[str]) -> None:
    # A thread gets its files in one go: one job for each of 50,000 costs more than the disk does.
    for path in paths:
        _sync_file(path)


def _sync_file(path: str | Path) -> None:
    # Windows flushes only what is open for writing; elsewhere reading is enough, also for read-only files.
    if _on_windows():
        if not os.access(path, os.W_OK):
            return
        descriptor = os.open(path, os.O_RDWR)
    else:
        descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Wait until the folder's entries are on the disk; Windows and some network drives cannot tell."""
    if _on_windows():
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(descriptor)


def exchange(first: Path, second: Path) -> bool:
    """Let two folders change places in one step; False where this system or file system cannot.

    Linux only: renameat2(2) with RENAME_EXCHANGE.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    done = renameat2(_AT_FDCWD, os.fsencode(first), _AT_FDCWD, os.fsencode(second), _RENAME_EXCHANGE)
    if done == 0:
        return True
    number = ctypes.get_errno()
    if number in _NO_EXCHANGE:
        return False
    raise OSError(number, os.strerror(number), str(second))


def rename(source: Path, target: Path) -> None:
    """Rename a folder; on Windows again and again for a second, for virus scanners open what is new."""
    attempts = 1
    while True:
        try:
            os.rename(source, target)  # noqa: PTH104 - Path.rename cannot be watched by the tests
        except PermissionError:
            if not _on_windows() or attempts == _ATTEMPTS:
                raise
        else:
            return
        attempts += 1
        time.sleep(0.25)


def _on_windows() -> bool:
    return os.name == "nt"
