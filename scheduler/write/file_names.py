"""File names that a unit's name can become on any system."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

MOST_CHARACTERS = 80
MOST_BYTES = 160
"""Well under the 255 bytes of a name on Linux; Windows allows 260 characters for a whole path."""

_DEVICES = {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$"} | {
    f"{port}{number}" for port in ("COM", "LPT") for number in "0123456789¹²³"
}
_SPECIAL = str.maketrans({"[": "(", "]": ")", **dict.fromkeys('<>:"/\\|?*~$', "-")})


def unit_file_name(name: str) -> str:
    """Return a file name without extension for `units/<name>.xlsx`: readable, and harmless on every system.

    Separators and what Windows or Excel refuse become hyphens; control and invisible characters vanish; dots,
    spaces and hyphens go from both ends; a name of a Windows device gets an underscore.

    Examples
    --------
    >>> unit_file_name("RSUD ../Contoh"), unit_file_name("con"), unit_file_name("../../etc/passwd")
    ('RSUD ..-Contoh', 'con_', 'etc-passwd')
    """
    text = unicodedata.normalize("NFC", name)
    text = "".join(" " if c.isspace() else c for c in text if c.isspace() or _is_visible(c))
    text = re.sub("-+", "-", text.translate(_SPECIAL))
    text = _cut(" ".join(text.split()), MOST_CHARACTERS, MOST_BYTES)
    stem, dot, rest = text.partition(".")
    if stem.strip().upper() in _DEVICES:
        text = f"{stem.strip()}_{dot}{rest}"
    return text or "unit"


def _is_visible(character: str) -> bool:
    return not unicodedata.category(character).startswith("C")


def _cut(text: str, most_characters: int, most_bytes: int) -> str:
    text = text[:most_characters].strip(" .-")
    while len(text.encode()) > most_bytes:
        text = text[:-1].rstrip(" .-")
    return text


def unit_file_names(names: Iterable[str]) -> dict[str, str]:
    """Return a file name for each unit, different even where case and width do not count: numbered from 2.

    Which of two units that coincide gets the number depends on the names alone, not on their order.
    """
    files: dict[str, str] = {}
    taken: set[str] = set()
    unique = dict.fromkeys(names)
    for name in sorted(unique, key=lambda name: (unit_file_name(name) != name, name)):
        plain = file = unit_file_name(name)
        number = 1
        while _key(file) in taken:
            number += 1
            suffix = f" ({number})"
            file = _cut(plain, MOST_CHARACTERS - len(suffix), MOST_BYTES - len(suffix)) + suffix
        taken.add(_key(file))
        files[name] = file
    return {name: files[name] for name in unique}


def _key(file: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", file).casefold())
