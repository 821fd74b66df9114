"""Rows of CSV and Excel tables as they come: separators, title rows and quotes found, each row with its line."""

from __future__ import annotations

import csv
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple

from scheduler.checkins.streams.lines import read_lines
from scheduler.checkins.streams.opened import Opened

Cell = str | float | int | date | datetime | time | None
Report = Callable[[int, str], None]
"""Called with a row's number and "quotes", "long" or "broken"."""

MOST_TITLE_ROWS = 30
"""Rows in which the headings are looked for."""
MOST_JOINED_LINES = 20
"""Lines that one record in quotes may span; more means a quote that was never closed."""
MOST_SHEET_BYTES = 1 << 30
MOST_SHEET_RATIO = 250
_COURTESIES = re.compile(
    r"^(?:silakan |mohon |tolong )?(?:masukkan|isikan|isi|tuliskan|tulis|pilih|kirimkan|kirim|bagikan|tempelkan|tempel)\s+|"
    r"\s+(?:anda|saudara(?: i)?)(?=\s)|"
    r"\s+(?:anda|saudara(?: i)?|bapak ibu|sdr|dengan gelar|tanpa gelar|dan gelar|lengkap dengan gelar)$"
)


class Row(NamedTuple):
    """One row: its number as the program that made the file counts, the sheet ("" in CSV) and the cells."""

    number: int
    sheet: str
    cells: Sequence[Cell]


class Heading(NamedTuple):
    """The row of headings found: `columns` maps fields to column indices."""

    number: int
    columns: Mapping[str, int]


def plain_heading(text: object) -> str:
    """Return a heading for comparison: lower case words without punctuation.

    Examples
    --------
    >>> plain_heading(" NIP / NI-PPPK\\n")
    'nip ni pppk'
    """
    return " ".join(re.sub(r"[^0-9a-z]+", " ", str(text or "").casefold()).split())


def find_heading(
    rows: Sequence[Row], aliases: Mapping[str, Sequence[str]], enough: Callable[[Mapping[str, int]], bool]
) -> Heading | None:
    """Return the first row whose headings are `enough`; a field takes the first column that bears an alias.

    The questions of a form count as headings too: "Masukkan NIP Anda (18 digit)" is "nip".
    """
    fields = {alias: field for field, names in aliases.items() for alias in names}
    for row in rows[:MOST_TITLE_ROWS]:
        columns: dict[str, int] = {}
        for index, cell in enumerate(row.cells):
            field = fields.get(plain_heading(cell)) or fields.get(_asked_for(cell))
            if field and field not in columns:
                columns[field] = index
        if enough(columns):
            return Heading(row.number, columns)
    return None


def _asked_for(cell: Cell) -> str:
    """Return what a form's question asks for, without its courtesies and what stands in parentheses."""
    plain = plain_heading(re.sub(r"\([^)]*\)", " ", str(cell or "")))
    while (shorter := _COURTESIES.sub("", plain)) != plain:
        plain = shorter
    return plain


def is_workbook(file: Opened) -> bool:
    """Whether the file is an Excel workbook."""
    return file.sample.startswith(b"PK\x03\x04")


def first_rows(file: Opened) -> list[Row]:
    """Return the first rows, in which headings are looked for; none where the file is no table."""
    rows: list[Row] = []
    try:
        for row in read_rows(file, lambda number, why: None):
            rows.append(row)
            if len(rows) >= MOST_TITLE_ROWS:
                break
    except ValueError:
        return []
    return rows


def read_rows(file: Opened, report: Report) -> Iterator[Row]:
    """Yield every row of a CSV file, or of the first visible sheet of a workbook.

    Raises
    ------
    ValueError
        Where a workbook is broken, encrypted or swells like a bomb; the text says which.
    """
    return _sheet_rows(file) if is_workbook(file) else _text_rows(file, report)


def _text_rows(file: Opened, report: Report) -> Iterator[Row]:
    separator = _separator(file.sample)
    with file.open() as stream:
        held: list[str] = []
        first = 0
        for number, text, _, is_cut in read_lines(stream):
            if is_cut:
                report(number, "long")
                continue
            if number == 1 and re.fullmatch(r"sep=.", text.strip(), re.IGNORECASE):
                continue
            if not held:
                first = number
            held.append(text.replace("\0", ""))
            if sum(part.count('"') for part in held) % 2 == 0:
                yield Row(first, "", _cells("\n".join(held), separator))
                held = []
            elif len(held) > MOST_JOINED_LINES:
                yield from _loose(held, first, separator, report)
                held = []
        yield from _loose(held, first, separator, report)


def _loose(held: Sequence[str], first: int, separator: str, report: Report) -> Iterator[Row]:
    """Yield lines under a quote that was never closed as rows of their own, their quotes as plain characters."""
    if held:
        report(first, "quotes")
    for offset, text in enumerate(held):
        yield Row(first + offset, "", _cells(text.replace('"', ""), separator))


def _cells(record: str, separator: str) -> list[str]:
    if '"' not in record:
        return record.split(separator)
    try:
        return next(csv.reader([record], delimiter=separator), [])
    except csv.Error:  # quotes that begin or end in the middle of a field
        return record.replace('"', "").replace("\n", " ").split(separator)


def _separator(sample: bytes) -> str:
    text = sample.decode("utf-8", "replace")
    hint = re.match(r"\ufeff?sep=(.)", text, re.IGNORECASE)
    if hint:
        return hint[1]
    best = (0, 0, ",")
    for separator in ";,\t|":
        widths = Counter(line.count(separator) for line in text.splitlines()[:200] if separator in line)
        if widths:
            width, lines = widths.most_common(1)[0]
            best = max(best, (lines, width, separator))
    return best[2]


def _sheet_rows(file: Opened) -> Iterator[Row]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    with file.open() as stream:
        _check_workbook(stream)
        stream.seek(0)
        try:
            book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
            sheet: Any = next((s for s in book.worksheets if s.sheet_state == "visible"), book.worksheets[0])
            sheet.reset_dimensions()
            for number, cells in enumerate(sheet.iter_rows(values_only=True, max_col=100), start=1):
                yield Row(number, sheet.title, cells)
        except (
            InvalidFileException,
            KeyError,
            IndexError,
            OSError,
            SyntaxError,
            TypeError,
            AttributeError,
        ) as e:
            raise ValueError(str(e)) from e


def _check_workbook(stream: Any) -> None:
    try:
        with zipfile.ZipFile(stream) as archive:
            infos = archive.infolist()
    except zipfile.BadZipFile as e:
        raise ValueError(str(e)) from e
    total = sum(info.file_size for info in infos)
    packed = max(1, sum(info.compress_size for info in infos))
    if total > MOST_SHEET_BYTES or (total > 50 << 20 and total > MOST_SHEET_RATIO * packed):
        raise ValueError(f"bomb: {total // 1024 // 1024} MB")
    if any(info.flag_bits & 1 for info in infos):
        raise ValueError("encrypted")
