"""What keeps an output folder from being written, said in plain words with what to do about it."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scheduler.errors import ExportError
from scheduler.language import Bilingual
from scheduler.read.outputs.output_folder import CERTIFICATE, CHECKINS, REVISIONS
from scheduler.read.outputs.recovery import Siblings

_HARMLESS = {".gitkeep", ".gitignore", ".DS_Store", "Thumbs.db", "desktop.ini"}
_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_OPEN_ELSEWHERE = {32, 33}
"""Windows: ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION."""


@contextmanager
def in_plain_words(folder: Path) -> Iterator[None]:
    """Turn what the system refuses while an output folder is written into an `ExportError` that says what to do."""
    try:
        yield
    except OSError as error:
        raise ExportError(_sentence(error, folder)) from error


def _sentence(error: OSError, folder: Path) -> Bilingual:
    place = _public_place(error, folder)
    windows_error = getattr(error, "winerror", None)
    if error.errno in _FULL:
        return Bilingual(
            id=f"Disk penuh: {place} tidak dapat ditulis. Kosongkan ruang, lalu ulangi.",
            en=f"The disk is full: {place} cannot be written. Free some space, then try again.",
        )
    if windows_error in _OPEN_ELSEWHERE or error.errno in (errno.EBUSY, errno.ETXTBSY):
        return Bilingual(
            id=f"{place} sedang dipakai program lain. Tutup program itu, lalu ulangi.",
            en=f"{place} is in use by another program. Close that program, then try again.",
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return Bilingual(
            id=f"{place} tidak boleh ditulis, atau sedang terbuka di program lain (Excel, misalnya). "
            "Tutup berkasnya atau mintalah izin tulis, lalu ulangi; atau pilih folder lain dengan --out.",
            en=f"{place} may not be written, or is open in another program (Excel, say). "
            "Close the file or ask for permission to write, then try again; or choose another folder with --out.",
        )
    if error.errno == errno.EROFS:
        return Bilingual(
            id=f"{place} berada di media yang hanya dapat dibaca. Pilih folder lain dengan --out.",
            en=f"{place} is on a read-only medium. Choose another folder with --out.",
        )
    if error.errno in (errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL):
        return Bilingual(
            id=f"Nama {place} terlalu panjang atau tidak diterima sistem. Pilih folder lain dengan --out.",
            en=f"The name {place} is too long or not accepted by the system. Choose another folder with --out.",
        )
    if error.errno in (errno.ENOTDIR, errno.EEXIST, errno.ENOTEMPTY):
        return _not_a_folder(place)
    reason = error.strerror or str(error)
    return Bilingual(
        id=f"{place} tidak dapat ditulis ({reason}). Revisi yang ada tidak berubah.",
        en=f"{place} cannot be written ({reason}). The present revision is as it was.",
    )


def _public_place(error: OSError, folder: Path) -> str:
    """Return the path that the error is about, as the user knows it: not the helper beside the folder."""
    target = getattr(error, "filename2", None)
    # a copy that finds the disk full names what it reads first, and what it writes second
    name = target if error.errno in _FULL and isinstance(target, str) else error.filename
    if not isinstance(name, str):
        return str(folder)
    try:
        inside = Path(name).relative_to(Siblings.of(folder).new)
    except (OSError, ValueError):
        helpers = f".{folder.name}."
        return str(folder) if Path(name).name.startswith(helpers) else name
    return str(folder / inside)


def _not_a_folder(place: str) -> Bilingual:
    return Bilingual(
        id=f"{place} adalah berkas, bukan folder. Pilih folder lain dengan --out.",
        en=f"{place} is a file, no folder. Choose another folder with --out.",
    )


def refuse_foreign(folder: Path) -> None:
    """Refuse a folder that holds other people's files and no roster of ours.

    Raises
    ------
    ExportError
        For such a folder, and for a file.
    """
    if not folder.exists():
        return
    if not folder.is_dir():
        raise ExportError(_not_a_folder(str(folder)))
    names = {path.name for path in folder.iterdir()} - _HARMLESS
    if names and not names & {CERTIFICATE, "roster.csv", REVISIONS, CHECKINS}:
        example = min(names)
        raise ExportError(
            Bilingual(
                id=f"{folder} berisi berkas lain ({example}) dan bukan folder keluaran giliran. "
                "Pilih folder kosong atau folder baru dengan --out.",
                en=f"{folder} holds other files ({example}) and is no output folder of giliran. "
                "Choose an empty or a new folder with --out.",
            )
        )


def refuse_open_workbooks(folder: Path) -> None:
    """Refuse to replace a workbook that somebody has open: saving it later would undo the new revision.

    Excel leaves `~$roster.xlsx` beside an open workbook, LibreOffice `.~lock.roster.xlsx#`.

    Raises
    ------
    ExportError
        Naming the workbook, and the leftover to delete where nobody has it open.
    """
    for place in (folder, folder / "units"):
        if not place.is_dir():
            continue
        for mark in sorted(place.iterdir()):
            workbook = _workbook_of(mark.name)
            if workbook:
                inside = (place / workbook).relative_to(folder).as_posix()
                raise ExportError(
                    Bilingual(
                        id=f"{inside} sedang terbuka di Excel atau LibreOffice. Tutup, lalu ulangi. "
                        f"Kalau tidak ada yang membukanya, hapus {mark}.",
                        en=f"{inside} is open in Excel or LibreOffice. Close it, then try again. "
                        f"If nobody has it open, delete {mark}.",
                    )
                )


def _workbook_of(mark: str) -> str:
    if mark.startswith("~$"):
        return mark[2:]
    if mark.startswith(".~lock.") and mark.endswith("#"):
        return mark[len(".~lock.") : -1]
    return ""
