"""Text that cannot break a calendar, whatever a staff list holds."""

from __future__ import annotations

from unicodedata import category

from icalendar import vText

JOINERS = "\u200c\u200d"
"""Invisible characters that belong to words and emoji; all others of their kind only hide or reorder text."""


def one_line(text: str) -> str:
    """Return `text` as one line without control characters; words stay apart where one stood between them.

    Controls (C0, C1), line and paragraph separators become spaces; lone surrogates, byte order marks and
    marks that reorder the text after them go; runs of spaces shrink to one. Nothing left gives "?".
    """
    if not text.isprintable():
        text = "".join(_replacement(character) for character in text)
    return " ".join(text.split()) or "?"


def _replacement(character: str) -> str:
    kind = category(character)
    if kind in ("Cc", "Zl", "Zp"):
        return " "
    return "" if kind == "Cs" or (kind == "Cf" and character not in JOINERS) else character


class Text(vText):
    r"""A TEXT value (RFC 5545, 3.3.11) in which a backslash before an N stays one.

    icalendar 7.3 takes `\N` in a plain text for a line break: "Umum\Nasional" would lose a letter.
    """

    def to_ical(self) -> bytes:
        """Return the escaped value."""
        text = str(self).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
        return text.encode()
