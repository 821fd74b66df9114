"""One cell as text: what is invisible or harmful is taken out, what is printed stays."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A cell whose value the file does not hold: a formula never calculated, or an error such as #N/A."""

    kind: Literal["formula", "error"]
    text: str = ""


Cell = str | int | float | bool | date | datetime | time | timedelta | Unreadable | None

_SPACES = re.compile(r"[^\S\n]+")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_NO_VALUE = frozenset(
    {"", "-", "--", "---", "–", "—", ".", "..", "...", "…", "?", "_", "n/a", "nihil", "tidak ada"}
)


def hidden_characters(text: str) -> bool:
    """Whether the text holds characters that nobody sees: controls, direction overrides, zero-width marks."""
    if text.isprintable():
        return False
    return any(unicodedata.category(c) in {"Cc", "Cf"} and c not in "\t\n\r\xad" for c in text)


def clean_lines(text: str) -> str:
    """Return the text without invisible characters and with plain spaces; line breaks stay.

    Apostrophes, and everything else that is printed, stay as they are: NFC, not NFKC, and only full-width
    forms are mapped to their plain twins.

    Examples
    --------
    >>> clean_lines("Ma'mur\\u00a0 Fujiati\\u200e ")
    "Ma'mur Fujiati"
    """
    if text.isascii() and text.isprintable():
        return _SPACES.sub(" ", text).strip() if "  " in text else text.strip()
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n").replace("\u2028", "\n")
    text = unicodedata.normalize("NFC", text).translate(_FULL_WIDTH)
    kept = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cf", "Cs"})
    lines = (_SPACES.sub(" ", line).strip() for line in kept.split("\n"))
    return "\n".join(line for line in lines if line)


def clean(text: str) -> str:
    """Return the text on one line, without invisible characters and with single plain spaces."""
    return clean_lines(text).replace("\n", " ")


def text_of(cell: Cell) -> str:
    """Return what the cell shows, on one line; numbers without a needless `.0`; empty for an empty cell."""
    if isinstance(cell, str):
        return clean_lines(cell).replace("\n", " ")
    return lines_of(cell).replace("\n", " ")


def lines_of(cell: Cell) -> str:
    """Return what the cell shows, its line breaks kept."""
    if isinstance(cell, str):
        return clean_lines(cell)
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "Ya" if cell else "Tidak"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, Unreadable):
        return cell.text
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(" ")
    return str(cell)


def stated(text: str) -> str:
    """Return the text, or nothing where it only says that there is nothing ("-", "nihil")."""
    return "" if text.casefold() in _NO_VALUE else text


def words_of(text: str) -> str:
    """Return the text as plain lower-case words for comparing: letters and digits, single spaces between.

    Runs of single letters are one word, as people space them out: "N I P" is "nip", "L/P" is "lp".

    Examples
    --------
    >>> words_of("NIP/NI  PPPK "), words_of("N I P"), words_of("No. HP")
    ('nip ni pppk', 'nip', 'no hp')
    """
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFKD", text).casefold().replace("_", " "))
    joined: list[str] = []
    run = False
    for word in words:
        single = len(word) == 1 and word.isalpha()
        if single and run:
            joined[-1] += word
        else:
            joined.append(word)
        run = single
    return " ".join(joined)
