"""Names without degrees and titles, as they are printed in front, behind, or in columns of their own."""

from __future__ import annotations

import re
from typing import NamedTuple

_FRONT = frozenset(
    [
        "prof",
        "dr",
        "drs",
        "dra",
        "drg",
        "drh",
        "ir",
        "h",
        "hj",
        "kh",
        "k.h",
        "apt",
        "ns",
        "ners",
        "ust",
        "ustadz",
        "ustadzah",
        "ustaz",
        "pdt",
    ]
)
_FRONT_GLUED = re.compile(r"(?:prof|drs|dra|drg|drh|dr|ir|hj|h|kh|apt|ns)\.(?=[^\W\d_])", re.IGNORECASE)
_ALWAYS_DEGREE = frozenset(
    [
        "se",
        "sh",
        "st",
        "sip",
        "sos",
        "ssos",
        "sag",
        "spd",
        "spdi",
        "spdsd",
        "skom",
        "spt",
        "sp",
        "skm",
        "skep",
        "sked",
        "sik",
        "si",
        "ssi",
        "sikom",
        "ssn",
        "sst",
        "sstp",
        "stp",
        "ss",
        "sth",
        "sfarm",
        "sgz",
        "shut",
        "spsi",
        "spi",
        "stat",
        "sstat",
        "sap",
        "str",
        "strkeb",
        "strkes",
        "skeb",
        "sm",
        "spel",
        "sad",
        "mm",
        "mh",
        "msi",
        "mpd",
        "mpdi",
        "mkes",
        "mt",
        "map",
        "mkom",
        "magr",
        "mhum",
        "mks",
        "mak",
        "mag",
        "mph",
        "mp",
        "msc",
        "mars",
        "mkn",
        "mba",
        "mep",
        "mtr",
        "mppm",
        "mepid",
        "mkep",
        "mpsi",
        "mst",
        "mei",
        "mmkes",
        "mling",
        "meng",
        "mikom",
        "mipol",
        "msos",
        "mes",
        "mec",
        "msp",
        "phd",
        "mhkes",
        "amd",
        "amk",
        "amkeb",
        "amdkeb",
        "amdkep",
        "amdkes",
        "amkl",
        "amak",
        "amf",
        "amg",
        "amr",
        "amte",
        "amdak",
        "ama",
        "amapd",
        "amapust",
        "ners",
        "apt",
        "ak",
        "ca",
        "cpa",
        "gr",
        "lc",
        "ba",
        "bsc",
        "psikolog",
        "skepns",
    ]
)
_ONLY_AFTER_COMMA = frozenset(
    {
        "ba",
        "mak",
        "map",
        "mst",
        "mag",
        "si",
        "sos",
        "ss",
        "str",
        "stat",
        "mp",
        "mes",
        "ama",
        "gr",
        "ca",
        "ak",
        "sad",
        "sm",
        "sap",
    }
)
_DOTTED = re.compile(r"(?=.*\.)[A-Za-z][A-Za-z.\-]*(?:\([A-Za-z.]{1,6}\))?\.?\Z")
_SHORT_WORD = re.compile(r"[A-Za-z]{1,6}\Z")


class SplitName(NamedTuple):
    """A name and what stood around it."""

    name: str
    before: str = ""
    after: str = ""
    doubtful: bool = False


def split_name(printed: str) -> SplitName:
    """Take titles and degrees off a printed name; the spelling and the case of the rest stay.

    `doubtful` is True where a comma separates something that is no known degree; it then stays in the name.

    Examples
    --------
    >>> split_name("Drs. H. Baso Nuraini, S.Pd., M.Pd")
    SplitName(name='Baso Nuraini', before='Drs. H.', after='S.Pd., M.Pd', doubtful=False)
    >>> split_name("DR. MA'MUR FUJIATI, S.KOM., M.M.").name, split_name("Hj Siti Aminah SE MM").name
    ("MA'MUR FUJIATI", 'Siti Aminah')
    >>> split_name("Muh. Yusuf").name, split_name("Raden H").name
    ('Muh. Yusuf', 'Raden H')
    """
    text = " ".join(printed.split()).strip(" ,;")
    body, _, after = text.partition(",")
    after, doubtful = after.strip(), False
    shouting = body.isupper()
    if after and not _are_degrees(after, shouting):
        body, after, doubtful = text, "", True
    before, body = _take_titles(body.strip())
    body, tail = _take_degrees(body)
    if tail and body.endswith(".") and len(body.rpartition(" ")[2]) > 4:
        body = body.rstrip(".")
    return SplitName(body, before, ", ".join(part for part in (tail, after) if part), doubtful)


def printed_name(name: str, before: str, after: str) -> str:
    """Join a name with degrees from columns of their own, as it is printed on paper.

    Examples
    --------
    >>> printed_name("Empluk Kusmawati", "Hj.", "S.Sos")
    'Hj. Empluk Kusmawati, S.Sos'
    """
    full = f"{before} {name}".strip()
    return f"{full}, {after.lstrip(', ')}" if after else full


def _take_titles(text: str) -> tuple[str, str]:
    before: list[str] = []
    while True:
        glued = _FRONT_GLUED.match(text)
        if glued:
            before.append(glued[0])
            text = text[glued.end() :]
            continue
        word, _, rest = text.partition(" ")
        if not rest or not _is_title(word):
            return " ".join(before), text
        before.append(word)
        text = rest.lstrip()


def _is_title(word: str) -> bool:
    bare = word.casefold().strip("().,")
    return bare in _FRONT or (bare == "h.c" and word.startswith("("))


def _take_degrees(text: str) -> tuple[str, str]:
    words = text.split(" ")
    taken: list[str] = []
    while len(words) > 1:
        spaced = "".join(words[-2:]) if words[-2].endswith(".") and len(words) > 2 else ""
        if spaced and _is_trailing_degree(spaced, False):  # "S. Pd"
            taken.insert(0, " ".join(words[-2:]))
            del words[-2:]
        elif _is_trailing_degree(words[-1], bool(taken)):
            taken.insert(0, words.pop())
        else:
            break
    return " ".join(words), " ".join(taken)


def _is_trailing_degree(word: str, follows_degree: bool) -> bool:
    bare = word.strip(".,").replace(".", "").casefold()
    if "." in word.strip(".") and _DOTTED.match(word.rstrip(",")):
        return bare in _ALWAYS_DEGREE or follows_degree
    if bare in _ONLY_AFTER_COMMA and not follows_degree:
        return False
    return bare in _ALWAYS_DEGREE and (word[:2].isupper() or bare in {"ners", "psikolog", "apt"})


def _are_degrees(text: str, shouting: bool) -> bool:
    parts = re.sub(r"\.\s+(?=[A-Za-z])", ".", text.replace(";", ",")).split(",")
    words = [word for part in parts for word in part.split()]
    return bool(words) and all(_is_degree(word, shouting) for word in words)


def _is_degree(word: str, shouting: bool) -> bool:
    if re.fullmatch(r"\([A-Za-z.]{1,6}\)", word):  # "M.Si (Han)"
        return True
    bare = word.strip(".").replace(".", "").casefold()
    if bare in _ALWAYS_DEGREE or _DOTTED.match(word):
        return True
    if not _SHORT_WORD.match(word):
        return False
    return not shouting and sum(c.isupper() for c in word) >= 2
