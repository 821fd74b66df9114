"""Looks into a workbook's zip before anything is unpacked by others, and hands on only what was checked.

Refused: bombs (sizes, ratios, numbers of members), names that leave the archive, document type
declarations and entities in any encoding, and cells so far out that reading them would fill the memory.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from scheduler.language import Bilingual
from scheduler.read.cells import Unreadable

MOST_BYTES = 200 * 1024 * 1024
"""Of all members together, unpacked."""
MOST_MEMBERS = 2_000
MOST_RATIO = 200
"""Unpacked by packed size of one member; spreadsheets reach 10 to 30."""
RATIO_FROM = 1024 * 1024
"""Members smaller than this (bytes, unpacked) are not judged by their ratio."""
MOST_ROWS = 200_000
MOST_COLUMNS = 300
MOST_CELLS = 5_000_000
"""Rows times columns of one sheet, as readers hold the whole rectangle in memory."""

_SKIPPED_MEMBERS = re.compile(r"(^|/)(media|embeddings|printerSettings|thumbnails?|Pictures)/", re.IGNORECASE)
_REFERENCE = re.compile(r"([A-Za-z]{1,8})(\d{1,9})\Z")


class Refused(Exception):  # noqa: N818 — it is not an error of ours; tables.py turns it into a Fault
    """The file is not opened; `problem` says why."""

    def __init__(self, problem: Bilingual, value: str = "", remedy: Bilingual | None = None) -> None:
        super().__init__(problem.en)
        self.problem = problem
        self.value = value
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class CheckedArchive:
    """A zip rebuilt from the members that passed, and the cells without values, by sheet member."""

    data: bytes
    unreadable: Mapping[str, Mapping[tuple[int, int], Unreadable]]
    sheet_members: Mapping[str, str] = field(default_factory=dict)


def check_archive(data: bytes) -> CheckedArchive:
    """Return the archive with only its checked members, stored uncompressed.

    Raises
    ------
    Refused
        If the archive is broken, or anything in it is against the limits above.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_directory(archive)
            members = {
                info.filename: archive.read(info)
                for info in archive.infolist()
                if not info.is_dir() and not _SKIPPED_MEMBERS.search(info.filename)
            }
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ) as e:
        raise _broken(str(e)) from e
    unreadable = {name: _check_member(name, content) for name, content in members.items()}
    rebuilt = io.BytesIO()
    with zipfile.ZipFile(rebuilt, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return CheckedArchive(
        rebuilt.getvalue(), {k: v for k, v in unreadable.items() if v}, _sheet_members(members)
    )


def _check_directory(archive: zipfile.ZipFile) -> None:
    infos = archive.infolist()
    if len(infos) > MOST_MEMBERS:
        raise Refused(_bomb(f"{len(infos)} > {MOST_MEMBERS}"))
    if sum(info.file_size for info in infos) > MOST_BYTES:
        raise Refused(_bomb(f"> {MOST_BYTES // 1024 // 1024} MB"))
    seen: set[str] = set()
    for info in infos:
        name = info.filename
        if name.startswith("/") or "\\" in name or ".." in name.split("/") or ":" in name:
            raise Refused(
                Bilingual(
                    id="arsip memuat nama yang keluar dari arsip",
                    en="the archive names a path outside itself",
                ),
                name,
            )
        if name.casefold() in seen:
            raise Refused(
                Bilingual(id="arsip memuat dua isi bernama sama", en="the archive holds one name twice"), name
            )
        seen.add(name.casefold())
        if info.flag_bits & 1:
            raise encrypted()
        if info.file_size > RATIO_FROM and info.file_size > MOST_RATIO * max(info.compress_size, 1):
            raise Refused(_bomb(f"{name}: {info.file_size // max(info.compress_size, 1)} : 1"))


def _check_member(name: str, content: bytes) -> Mapping[tuple[int, int], Unreadable]:
    """Parse an XML member for what must not be there; return the sheet's cells that have no value."""
    from xml.etree import ElementTree

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser

    named_xml = name.lower().endswith((".xml", ".rels"))
    if not named_xml and not content.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<"):
        return {}
    scan = _Scan()
    parser = DefusedXMLParser(target=scan, forbid_dtd=True)
    try:
        parser.feed(content)
        parser.close()
    except DefusedXmlException as e:
        raise Refused(
            Bilingual(
                id=f"berkas memuat DOCTYPE atau ENTITY ({name}); lembar kerja yang wajar tidak memakainya",
                en=f"the file holds a DOCTYPE or ENTITY ({name}); honest workbooks have none",
            )
        ) from e
    except (ElementTree.ParseError, LookupError, ValueError) as e:
        if named_xml:
            raise _broken(f"{name}: {e}") from e
    return scan.finish()


class _Scan:
    """Target of the XML parser: how far cells with values reach, and which cells have a formula but no value."""

    def __init__(self) -> None:
        self.unreadable: dict[tuple[int, int], Unreadable] = {}
        self._row = -1
        self._column = -1
        self._most_row = self._most_column = 0
        self._formula = self._value = self._error = False
        self._in: str = ""
        self._formula_text = self._value_text = ""
        self._repeat_rows = self._ods_column = 0
        self._ods_row = 0
        self._starts: dict[str, Callable[[dict[str, str]], None] | None] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        try:
            handler = self._starts[tag]
        except KeyError:
            handler = self._starts[tag] = getattr(
                self, "_start_" + tag.rpartition("}")[2].replace("-", "_"), None
            )
        self._in = ""
        if handler is not None:
            handler(attributes)

    def data(self, text: str) -> None:
        if self._in == "f":
            self._formula_text += text
        elif self._in == "v":
            self._value_text += text

    def end(self, tag: str) -> None:
        self._in = ""

    def close(self) -> None:
        self._finish_cell()

    def finish(self) -> dict[tuple[int, int], Unreadable]:
        self._finish_cell()
        return self.unreadable

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._finish_cell()
        number = attributes.get("r", "")
        self._row = int(number) - 1 if number.isascii() and number.isdigit() else self._row + 1
        self._column = -1

    def _start_c(self, attributes: dict[str, str]) -> None:
        self._finish_cell()
        reference = _REFERENCE.match(attributes.get("r", ""))
        if reference:
            self._column = _column_index(reference[1])
            self._row = int(reference[2]) - 1
        else:
            self._column += 1
        self._error = attributes.get("t") == "e"

    def _start_f(self, attributes: dict[str, str]) -> None:
        self._formula = True
        self._in = "f"
        self._reach(self._row, self._column)

    def _start_v(self, attributes: dict[str, str]) -> None:
        self._value = True
        self._in = "v"
        self._reach(self._row, self._column)

    def _start_is(self, attributes: dict[str, str]) -> None:
        self._value, self._value_text = True, "…"
        self._reach(self._row, self._column)

    def _finish_cell(self) -> None:
        if self._error:
            self.unreadable[self._row, self._column] = Unreadable("error", self._value_text)
        elif self._formula and not (self._value and self._value_text):
            self.unreadable[self._row, self._column] = Unreadable("formula", "=" + self._formula_text)
        if self._formula or self._value or self._error:
            self._formula = self._value = self._error = False
            self._formula_text = self._value_text = ""

    def _start_table(self, attributes: dict[str, str]) -> None:
        self._ods_row = self._repeat_rows = 0

    def _start_table_row(self, attributes: dict[str, str]) -> None:
        self._ods_row += self._repeat_rows
        self._repeat_rows = _repeats(attributes, "number-rows-repeated")
        self._ods_column = 0

    def _start_table_cell(self, attributes: dict[str, str]) -> None:
        repeats = _repeats(attributes, "number-columns-repeated")
        if any(key.endswith("}value-type") for key in attributes):
            self._reach(self._ods_row + self._repeat_rows - 1, self._ods_column + repeats - 1)
        self._ods_column += repeats

    def _reach(self, row: int, column: int) -> None:
        if row <= self._most_row and column <= self._most_column:
            return
        self._most_row, self._most_column = max(row, self._most_row), max(column, self._most_column)
        check_extent(self._most_row + 1, self._most_column + 1)


def check_extent(rows: int, columns: int) -> None:
    """Raise `Refused` where a sheet reaches further than any staff list does."""
    if rows > MOST_ROWS or columns > MOST_COLUMNS or rows * columns > MOST_CELLS:
        raise Refused(
            Bilingual(
                id=f"lembar terlalu besar: isi sampai baris {rows}, kolom {columns}",
                en=f"the sheet is too large: it reaches row {rows}, column {columns}",
            ),
            remedy=Bilingual(
                id=f"Hapus sel yang tersesat jauh dari daftar; batasnya {MOST_ROWS} baris, {MOST_COLUMNS} kolom.",
                en=f"Clear stray cells far from the list; at most {MOST_ROWS} rows, {MOST_COLUMNS} columns.",
            ),
        )


def encrypted() -> Refused:
    """Return the refusal of a workbook under a password."""
    return Refused(
        Bilingual(id="berkas dikunci dengan kata sandi", en="the file is locked with a password"),
        remedy=Bilingual(
            id="Simpan salinan tanpa kata sandi, lalu ulangi.",
            en="Save a copy without a password and try again.",
        ),
    )


def _column_index(letters: str) -> int:
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


def _repeats(attributes: Mapping[str, str], name: str) -> int:
    for key, value in attributes.items():
        if key.endswith("}" + name):
            return min(int(value), 10**9) if value.isascii() and value.isdigit() else 1
    return 1


def _sheet_members(members: Mapping[str, bytes]) -> dict[str, str]:
    """Return the member that holds each sheet of an xlsx workbook, by the sheet's name."""
    from defusedxml.ElementTree import fromstring

    workbook, relations = members.get("xl/workbook.xml"), members.get("xl/_rels/workbook.xml.rels")
    if workbook is None or relations is None:
        return {}
    targets = {e.get("Id", ""): e.get("Target", "") for e in fromstring(relations).iter()}
    found: dict[str, str] = {}
    for element in fromstring(workbook).iter():
        if _local(element) == "sheet":
            link = next((v for k, v in element.attrib.items() if k.endswith("}id")), "")
            target = targets.get(link, "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath("xl/" + target)
            found[element.get("name", "")] = path
    return found


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _bomb(detail: str) -> Bilingual:
    return Bilingual(
        id=f"arsip tidak wajar besarnya bila dibuka ({detail})",
        en=f"the archive is unreasonably large when unpacked ({detail})",
    )


def _broken(detail: str) -> Refused:
    return Refused(
        Bilingual(id=f"berkas rusak ({detail})", en=f"the file is broken ({detail})"),
        remedy=Bilingual(
            id="Buka dengan Excel atau LibreOffice, simpan sebagai .xlsx, lalu ulangi.",
            en="Open it in Excel or LibreOffice, save it as .xlsx and try again.",
        ),
    )
