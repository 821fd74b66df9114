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


MOST_OCTETS = 74
"""Of a folded line, so that with the space before it it has the 75 that RFC 5545, 3.1, allows."""


def text_line(name: str, value: Text) -> bytes:
    """Return a TEXT property as folded lines, as icalendar 7.3 would: it folds character by character.

    A unit's attendance over a month is some 100,000 characters, and a tenth of what all calendars cost.
    """
    rest = name.encode() + b":" + value.to_ical()
    folded = []
    while len(rest) > MOST_OCTETS:
        end = MOST_OCTETS
        while rest[end] & 0xC0 == 0x80:  # within a character of several octets
            end -= 1
        if rest[end - 1] in b"\\^":  # an escape stays whole
            end -= 1
        folded.append(rest[:end])
        rest = rest[end:]
    return b"\r\n ".join([*folded, rest]) + b"\r\n"
