"""Dates as people type them: 2021-08-03, 3/8/2021 (day first), 3 Agustus 2021, or a date cell of Excel."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from scheduler.language import MONTHS_EN, MONTHS_ID
from scheduler.read.files.cells import Cell, text_of

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]0?0:00(?::00(?:\.0+)?)?)?\Z")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})\Z")
_WORDS = re.compile(r"(?:[A-Za-z'’]+,?\s+)?(\d{1,2})[\s\-]+([A-Za-z]+)\.?[\s\-,]+(\d{4})\Z")
_EXCEL_EPOCH = date(1899, 12, 30)
_MONTHS = {
    **{name[:3].casefold(): i for i, name in enumerate(MONTHS_ID, 1)},
    **{name[:3].casefold(): i for i, name in enumerate(MONTHS_EN, 1)},
    **{name[:n].casefold(): i for names in (MONTHS_ID, MONTHS_EN) for i, name in enumerate(names, 1) for n in range(4, 10)},
    "agt": 8, "agst": 8, "ags": 8, "sept": 9, "nop": 11, "nopember": 11, "pebruari": 2, "peb": 2, "febuari": 2, "feburari": 2, "okt": 10, "des": 12,
}  # fmt: skip


def date_of(cell: Cell) -> date | None:
    """Return the date that the cell holds, or None.

    Examples
    --------
    >>> date_of("3/8/2021"), date_of("2021-08-03"), date_of("Selasa, 3 Agustus 2021"), date_of("31/2/2021")
    (datetime.date(2021, 8, 3), datetime.date(2021, 8, 3), datetime.date(2021, 8, 3), None)
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        # a date in Excel is a count of days; 20,000 to 80,000 are the years 1954 to 2119
        return (
            _EXCEL_EPOCH + timedelta(days=int(cell)) if 20_000 < cell < 80_000 and cell == int(cell) else None
        )
    text = text_of(cell).lstrip("'")
    if match := _ISO.match(text):
        return _make(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_FIRST.match(text):
        year = int(match[3])
        return _make(year + 2000 if year < 100 else year, int(match[2]), int(match[1]))
    if (match := _WORDS.match(text)) and match[2].casefold() in _MONTHS:
        return _make(int(match[3]), _MONTHS[match[2].casefold()], int(match[1]))
    return None


def _make(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
