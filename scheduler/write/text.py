"""Text made safe for spreadsheets and pages: what XML cannot hold is dropped, names of sheets follow Excel's rules."""

from __future__ import annotations

import re
from collections.abc import Iterable

MOST_CHARACTERS = 32_767
"""The longest text that a cell can hold (Excel specifications and limits)."""

LONGEST_SHEET_NAME = 31
"""In UTF-16 units, as Excel counts."""

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_FORBIDDEN_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]")
_RESERVED_SHEET_NAMES = ("history", "riwayat")


def clean(text: str) -> str:
    """Return `text` without characters that XML 1.0 forbids or discourages, and no longer than a cell can hold."""
    plain = _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return shorten(plain, MOST_CHARACTERS)


def one_line(text: str) -> str:
    """Return `text` cleaned, with runs of white space as one space."""
    return " ".join(clean(text).split())


def shorten(text: str, most: int) -> str:
    """Return `text` in at most `most` characters, with an ellipsis where it was cut."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def sheet_names(wanted: Iterable[str]) -> tuple[str, ...]:
    """Return a sheet name that Excel takes for each of `wanted`, all different whatever the case.

    Excel allows 1 to 31 characters, none of ``[ ] : * ? / \\``, no apostrophe at either end, and not "History".

    Examples
    --------
    >>> sheet_names(["RSUD ../Contoh", "rsud .. contoh", "'"])
    ('RSUD .. Contoh', 'rsud .. contoh (2)', 'Sheet')
    """
    taken = set(_RESERVED_SHEET_NAMES)
    names = []
    for text in wanted:
        plain = one_line(_FORBIDDEN_IN_SHEET_NAMES.sub(" ", text)).strip("' ") or "Sheet"
        name, number = _cut(plain, LONGEST_SHEET_NAME), 1
        while name.casefold() in taken:
            number += 1
            ending = f" ({number})"
            name = _cut(plain, LONGEST_SHEET_NAME - len(ending)) + ending
        taken.add(name.casefold())
        names.append(name)
    return tuple(names)


def _cut(text: str, most: int) -> str:
    if _units(text) <= most:
        return text
    while _units(text) > most - 1:
        text = text[:-1]
    return text.rstrip("' ") + "…"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
