"""Opens evidence: plain files, folders as Telegram exports them, zips as WhatsApp exports them.

Nothing is ever unpacked to disk. Members whose names leave the archive, that are encrypted, or that swell like
a bomb are refused one by one; the rest is read.
"""

from __future__ import annotations

import codecs
import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, cast

from scheduler.errors import Fault
from scheduler.language import Bilingual

READABLE = (".txt", ".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".xlsx", ".xlsm", ".log")
"""Endings of the members of a zip or folder that are looked into; media is passed over in silence."""

MOST_MEMBERS = 10_000
MOST_RATIO = 250
"""Unpacked by packed size of one member: text reaches 20, deflate ends at 1032."""
RATIO_FROM = 50 * 1024 * 1024
"""Members smaller than this (bytes, unpacked) are not judged by their ratio."""
MOST_BYTES = 8 * 1024**3
"""Of one member, unpacked."""

SAMPLE_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Opened:
    """One readable file; `open` gives its bytes from the start, text recoded to UTF-8, as often as asked.

    Attributes
    ----------
    name : as reports print it; a member of a zip is `chat.zip/_chat.txt`.
    sha256 : of the file on disk, the zip's where it is in one.
    sample : its first bytes.
    """

    name: str
    sha256: str
    sample: bytes
    open: Callable[[], BinaryIO]

    @property
    def suffix(self) -> str:
        """The ending of the name, lower case."""
        return PurePosixPath(self.name).suffix.lower()


def open_evidence(path: Path) -> Iterator[Opened | Fault]:
    """Yield what can be read at `path`, and a fault for whatever cannot.

    A table of senders that lies in a folder of evidence tells who they are, and is none itself.
    """
    try:
        if path.is_dir():
            for child in sorted(
                p for p in path.iterdir() if p.is_file() and p.suffix.lower() in (*READABLE, ".zip")
            ):
                if child.stem.lower() == "aliases":
                    continue
                yield from _open_file(child, f"{path.name}/{child.name}")
        else:
            yield from _open_file(path, path.name)
    except OSError as e:
        yield _fault(
            path.name,
            Bilingual(id="berkas tidak dapat dibuka", en="the file cannot be opened"),
            str(e.strerror),
        )


def _open_file(path: Path, name: str) -> Iterator[Opened | Fault]:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    if zipfile.is_zipfile(path) and not path.suffix.lower().startswith((".xls", ".xlsm")):
        yield from _open_members(path, name, digest.hexdigest())
    else:
        yield _opened(name, digest.hexdigest(), lambda: path.open("rb"))


def _opened(name: str, sha256: str, raw: Callable[[], BinaryIO]) -> Opened:
    with raw() as stream:
        head = stream.read(SAMPLE_BYTES)
    encoding = _encoding(head)
    if encoding is None:
        return Opened(name, sha256, head, raw)

    def recoded() -> BinaryIO:
        return _buffered(_Recoded(raw(), encoding))

    with recoded() as stream:
        return Opened(name, sha256, stream.read(SAMPLE_BYTES), recoded)


def _open_members(path: Path, name: str, sha256: str) -> Iterator[Opened | Fault]:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as e:
        yield _fault(name, Bilingual(id="zip rusak", en="the zip is broken"), str(e))
        return
    if len(infos) > MOST_MEMBERS:
        yield _fault(
            name,
            Bilingual(id=f"zip berisi {len(infos)} berkas", en=f"the zip holds {len(infos)} files"),
            allowed=Bilingual(id=f"paling banyak {MOST_MEMBERS}", en=f"at most {MOST_MEMBERS}"),
        )
        return
    for info in infos:
        if info.is_dir() or PurePosixPath(info.filename).suffix.lower() not in READABLE:
            continue
        label = f"{name}/{_printable(info.filename)}"
        problem = _refusal(info)
        if problem:
            yield _fault(
                label, problem, remedy=Bilingual(id="Ekspor ulang dari ponsel.", en="Export it again.")
            )
            continue
        try:
            yield _opened(label, sha256, lambda info=info: _member(path, info))  # type: ignore[misc]
        except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError, EOFError) as e:
            yield _fault(
                label, Bilingual(id="isi zip tidak terbaca", en="the zip's member cannot be read"), str(e)
            )


def _refusal(info: zipfile.ZipInfo) -> Bilingual | None:
    name = info.filename
    if (
        name.startswith(("/", "\\"))
        or "\\" in name
        or ".." in name.split("/")
        or re.match(r"[A-Za-z]:", name)
    ):
        return Bilingual(id="nama di dalam zip keluar dari zip", en="its name leaves the zip")
    if info.flag_bits & 1:
        return Bilingual(id="isi zip dikunci dengan kata sandi", en="it is locked with a password")
    swollen = info.file_size > RATIO_FROM and info.file_size > MOST_RATIO * max(info.compress_size, 1)
    if swollen or info.file_size > MOST_BYTES:
        size = f"{info.file_size // 1024 // 1024} MB"
        return Bilingual(
            id=f"tidak wajar besarnya bila dibuka ({size})",
            en=f"it is unreasonably large when unpacked ({size})",
        )
    return None


class _Member(io.RawIOBase):
    """One member of a zip that closes its archive with itself and ends quietly where the archive is damaged."""

    def __init__(self, path: Path, info: zipfile.ZipInfo) -> None:
        self._archive = zipfile.ZipFile(path)
        self._stream = self._archive.open(info)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._stream.read(len(buffer))
        except (zipfile.BadZipFile, zlib.error, EOFError) as e:
            raise DamagedError(str(e)) from e
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
            self._archive.close()
        super().close()


class DamagedError(OSError):
    """A compressed file breaks off or fails its checksum: what came before was read."""


def _member(path: Path, info: zipfile.ZipInfo) -> BinaryIO:
    return _buffered(_Member(path, info))


def _buffered(stream: io.RawIOBase) -> BinaryIO:
    return io.BufferedReader(cast(Any, stream), SAMPLE_BYTES)


def _encoding(head: bytes) -> str | None:
    """Return the encoding to recode from, or None for UTF-8 and for what is no text."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    zeros = head[:400].count(b"\0")
    if not head.startswith(b"PK") and zeros and zeros * 3 > len(head[:400]):
        return "utf-16-le" if head[1:2] == b"\0" else "utf-16-be"
    return None


class _Recoded(io.RawIOBase):
    """A stream in another encoding, read as UTF-8."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            block = self._stream.read(SAMPLE_BYTES)
            self._rest = self._decoder.decode(block, final=not block).encode("utf-8", errors="replace")
            if not block:
                break
        taken = self._rest[: len(buffer)]
        self._rest = self._rest[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)

    def close(self) -> None:
        self._stream.close()
        super().close()


def _printable(name: str) -> str:
    return "".join(c if c.isprintable() else "�" for c in name)[:120]


def _fault(
    file: str,
    problem: Bilingual,
    value: str = "",
    *,
    allowed: Bilingual | None = None,
    remedy: Bilingual | None = None,
) -> Fault:
    return Fault(file=file, problem=problem, value=value, allowed=allowed, remedy=remedy)
