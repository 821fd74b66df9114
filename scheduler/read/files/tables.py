"""Opens a workbook or CSV safely as grids of cells, numbered as the program that made the file numbers them."""

from __future__ import annotations

import re
from pathlib import Path

from scheduler.allowed import did_you_mean
from scheduler.errors import Fault, InputError
from scheduler.language import Bilingual
from scheduler.read.files.archive import check_archive, encrypted
from scheduler.read.files.cell_scan import Refused, check_extent
from scheduler.read.files.delimited import is_text, read_delimited
from scheduler.read.files.older_workbooks import read_apart
from scheduler.read.files.workbooks import Sheet, open_with_calamine

MOST_FILE_BYTES = 50 * 1024 * 1024
SUFFIXES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv", ".tsv", ".txt")

_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_COMPOUND_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def open_tables(path: Path) -> tuple[Sheet, ...]:
    """Return every sheet of the file; a CSV file is one sheet.

    Raises
    ------
    InputError
        If the file is missing, too large, locked, broken, hostile or of another kind.
    """
    try:
        return _open(path)
    except Refused as e:
        fault = Fault(problem=e.problem, file=path.name, row=e.row, value=e.value, remedy=e.remedy)
        raise InputError([fault]) from e


def _open(path: Path) -> tuple[Sheet, ...]:
    data = _read_bytes(path)
    if data.startswith(_ZIP):
        archive = check_archive(data)
        if archive.is_binary:
            return _open_apart(archive.data)
        return open_with_calamine(archive.data, archive)
    if data.startswith(_COMPOUND):
        if _COMPOUND_ENCRYPTED in data:
            raise encrypted()
        return _open_apart(data)
    if path.suffix.lower() not in SUFFIXES or path.suffix.lower() in {
        ".xlsx",
        ".xlsm",
        ".xls",
        ".xlsb",
        ".ods",
    }:
        if path.name.startswith("~$"):
            raise _lock_file(path)
        if re.match(
            rb"[\s\xef\xbb\xbf]*<(!doctype|html|table|meta|\?xml|div|style)", data[:500], re.IGNORECASE
        ):
            raise _web_page()
        if path.suffix.lower() in SUFFIXES and is_text(data):
            raise _renamed_text(path)
        raise Refused(
            Bilingual(id="berkas ini bukan lembar kerja", en="the file is not a workbook"),
            remedy=Bilingual(
                id=f"Yang dapat dibaca: {', '.join(SUFFIXES)}.", en=f"Readable are: {', '.join(SUFFIXES)}."
            ),
        )
    return (Sheet("", [[cell or None for cell in row] for row in read_delimited(data)]),)


def _lock_file(path: Path) -> Refused:
    workbook = path.name.removeprefix("~$")
    return Refused(
        Bilingual(
            id="ini tanda kunci Excel, bukan lembar kerja; daftarnya sedang terbuka",
            en="this is a lock file of Excel, not a workbook; the list is open",
        ),
        remedy=Bilingual(id=f"Pakai {workbook}.", en=f"Take {workbook}."),
    )


def _web_page() -> Refused:
    """Return the refusal of what many personnel systems export: a web page with the ending .xls."""
    return Refused(
        Bilingual(
            id="berkas ini sebenarnya halaman web (HTML) yang diberi akhiran lembar kerja",
            en="the file is a web page (HTML) with the ending of a workbook",
        ),
        remedy=Bilingual(
            id="Buka di Excel, pilih Simpan Sebagai, jenis Excel Workbook (.xlsx), lalu ulangi.",
            en="Open it in Excel, choose Save As, type Excel Workbook (.xlsx), and try again.",
        ),
    )


def _renamed_text(path: Path) -> Refused:
    """Return the refusal of plain text that some programs give the ending of a workbook."""
    name = f"{path.stem}.csv"
    return Refused(
        Bilingual(
            id="berkas ini teks biasa (CSV) yang diberi akhiran lembar kerja",
            en="the file is plain text (CSV) with the ending of a workbook",
        ),
        remedy=Bilingual(id=f"Ganti namanya menjadi {name}.", en=f"Rename it to {name}."),
    )


def _folder(path: Path) -> Refused:
    inside = _tables_in(path)
    return Refused(
        Bilingual(id="ini folder, bukan berkas", en="this is a folder, not a file"),
        remedy=Bilingual(
            id=f"Sebutkan berkasnya{', misalnya ' + str(path / inside[0]) if inside else ''}.",
            en=f"Give the file{', such as ' + str(path / inside[0]) if inside else ''}.",
        ),
    )


def _missing(path: Path) -> Refused:
    """Return the refusal of a file that is not there, with the tables that are."""
    names = _tables_in(path.parent)
    near = did_you_mean(path.name, names)
    here = ", ".join(names[:5]) + (", …" if names[5:] else "")
    listed = Bilingual(id=f"Di situ ada: {here}.", en=f"There are: {here}.")
    nothing = Bilingual(
        id="Periksa nama dan foldernya; di situ tidak ada daftar.",
        en="Check its name and folder; there is no table in it.",
    )
    return Refused(
        Bilingual(id="berkas tidak ditemukan", en="the file does not exist"),
        remedy=near or (listed if names else nothing),
    )


def _tables_in(folder: Path) -> list[str]:
    """Return the names of the tables in a folder; none where it cannot be read."""
    try:
        return sorted(
            p.name for p in folder.iterdir() if p.suffix.lower() in SUFFIXES and p.name[0] not in "~."
        )
    except OSError:
        return []


def _open_apart(data: bytes) -> tuple[Sheet, ...]:
    sheets = read_apart(data)
    for sheet in sheets:
        check_extent(len(sheet["rows"]), max((len(row) for row in sheet["rows"]), default=0))
    return tuple(
        Sheet(sheet["name"], sheet["rows"], tuple(tuple(area) for area in sheet["merged"]), sheet["visible"])
        for sheet in sheets
    )


def _read_bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise _folder(path)
        size = path.stat().st_size
        if size > MOST_FILE_BYTES:
            most = MOST_FILE_BYTES // 1024 // 1024
            raise Refused(
                Bilingual(id=f"berkas lebih besar dari {most} MB", en=f"the file is larger than {most} MB")
            )
        data = path.read_bytes()
    except FileNotFoundError:
        raise _missing(path) from None
    except OSError as e:
        reason = e.strerror or type(e).__name__
        raise Refused(
            Bilingual(id=f"berkas tidak dapat dibuka ({reason})", en=f"the file cannot be opened ({reason})"),
            remedy=Bilingual(
                id="Periksa izinnya, dan tutup dahulu bila sedang terbuka di Excel.",
                en="Check its permissions, and close it first if it is open in Excel.",
            ),
        ) from e
    if not data.strip():
        raise Refused(Bilingual(id="berkas kosong", en="the file is empty"))
    return data
