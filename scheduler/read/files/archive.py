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
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scheduler.language import Bilingual
from scheduler.read.files.cell_scan import CellScan, Refused, Scanned

MOST_BYTES = 200 * 1024 * 1024
"""Of all members together, unpacked."""
MOST_MEMBERS = 2_000
MOST_RATIO = 200
"""Unpacked by packed size of one member; spreadsheets reach 10 to 30."""
RATIO_FROM = 1024 * 1024
"""Members smaller than this (bytes, unpacked) are not judged by their ratio."""
_SKIPPED_MEMBERS = re.compile(r"(^|/)(media|embeddings|printerSettings|thumbnails?|Pictures)/", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CheckedArchive:
    """A zip rebuilt from the members that passed, and what was seen of each sheet, by its member.

    `is_binary` is True for .xlsb, whose cells were not looked through.
    """

    data: bytes
    scanned: Mapping[str, Scanned]
    sheet_members: Mapping[str, str] = field(default_factory=dict)
    is_binary: bool = False


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
    scanned = {name: _check_member(name, content) for name, content in members.items()}
    rebuilt = io.BytesIO()
    with zipfile.ZipFile(rebuilt, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return CheckedArchive(
        rebuilt.getvalue(),
        {name: found for name, found in scanned.items() if any(found)},
        _sheet_members(members),
        "xl/workbook.bin" in members,
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


def _check_member(name: str, content: bytes) -> Scanned:
    """Parse an XML member for what must not be there; return what was seen of the sheet."""
    from xml.etree import ElementTree

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser

    named_xml = name.lower().endswith((".xml", ".rels"))
    if not named_xml and not content.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<"):
        return Scanned()
    scan = CellScan()
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


def encrypted() -> Refused:
    """Return the refusal of a workbook under a password."""
    return Refused(
        Bilingual(id="berkas dikunci dengan kata sandi", en="the file is locked with a password"),
        remedy=Bilingual(
            id="Simpan salinan tanpa kata sandi, lalu ulangi.",
            en="Save a copy without a password and try again.",
        ),
    )


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
