"""Text tables (CSV) with whatever separator and encoding Indonesian offices' programs write."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator

from scheduler.language import Bilingual
from scheduler.read.files.cell_scan import Refused, check_extent

_SEPARATORS = ";,\t|"
_NEXT = "next"
"""A line put below one that is read alone: where it is no row of its own, a quote above it is open."""


def read_delimited(data: bytes) -> list[list[str]]:
    """Return the rows of a CSV file; an empty line is an empty row, so that rows count as Excel counts them.

    Raises
    ------
    Refused
        If the bytes are no text, or the quotes do not match.
    """
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n")
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        separator, text = first.strip()[4], rest  # Excel's own hint; Excel does not show it as a row
    else:
        separator = find_separator(text)
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=separator, strict=True))
    except csv.Error:
        rows = _read_leniently(text, separator)
    check_extent(len(rows), max((len(row) for row in rows), default=0))
    return rows


def _read_leniently(text: str, separator: str) -> list[list[str]]:
    """Return the rows where quotes stand in the midst of cells; one left open may not swallow the rows below it.

    Raises
    ------
    Refused
        Where a quote is not closed on its line, or a cell is longer than any list's.
    """
    taken: list[str] = []

    def lines() -> Iterator[str]:
        for line in io.StringIO(text):
            taken.append(line)
            yield line

    rows: list[list[str]] = []
    reader = csv.reader(lines(), delimiter=separator, strict=True)
    while True:
        taken.clear()
        try:
            rows.append(next(reader))
        except StopIteration:
            return rows
        except csv.Error as e:
            alone = list(csv.reader([*taken, _NEXT], delimiter=separator)) if len(taken) == 1 else []
            if len(alone) != 2:
                raise _open_quote(len(rows) + 1) from e
            rows.append(alone[0])


def _open_quote(row: int) -> Refused:
    return Refused(
        Bilingual(
            id="tanda kutip di baris ini tidak ditutup, sehingga baris-baris di bawahnya ikut terbaca sebagai isi sel itu",
            en="a quotation mark in this row is not closed, so that the rows below it would be read as part of that cell",
        ),
        row=row,
        remedy=Bilingual(
            id="Hapus atau tutup tanda kutipnya, atau simpan daftar dari Excel sebagai .xlsx.",
            en="Delete or close the quotation mark, or save the list from Excel as .xlsx.",
        ),
    )


def decode(data: bytes) -> str:
    """Return the text of a file: UTF-8 with or without its mark, UTF-16, else Windows-1252.

    Raises
    ------
    Refused
        If it is none of these.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\0" in data[:2000]:
        encodings = ["utf-16-le", "utf-16-be"] if data[1:2] == b"\0" else ["utf-16-be", "utf-16-le"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Refused(
        Bilingual(
            id="berkas ini bukan teks dan bukan lembar kerja", en="the file is neither text nor a workbook"
        ),
        remedy=Bilingual(
            id="Simpan sebagai .xlsx atau sebagai CSV UTF-8.", en="Save it as .xlsx or as CSV in UTF-8."
        ),
    )


def is_text(data: bytes) -> bool:
    """Whether the bytes are text without control characters, whatever the file is called."""
    try:
        text = decode(data[:4_000])
    except Refused:
        return False
    return all(c.isprintable() or c in "\t\r\n" for c in text)


def find_separator(text: str) -> str:
    """Return the separator that cuts most lines into the same number of fields, more than one."""
    sample = text[:200_000]
    best, best_mark = ";", 0
    for separator in _SEPARATORS:
        try:
            rows = [row for row in csv.reader(io.StringIO(sample), delimiter=separator) if any(row)]
        except csv.Error:
            continue
        widths = Counter(len(row) for row in rows if len(row) > 1)
        if widths:
            width, lines = widths.most_common(1)[0]
            mark = lines * 1000 + width
            if mark > best_mark:
                best, best_mark = separator, mark
    return best
