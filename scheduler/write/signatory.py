"""Who signs a unit's sheet: its head by the staff list, unless the policy names somebody."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from scheduler.language import Language, format_date
from scheduler.problem import Person, Signature, Unit

DOTS = "." * 24
"""A dotted line to fill in by hand."""

_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5}
_ECHELON_OF_RANK = {"jpt": 2, "administrator": 3, "pengawas": 4}
_ACTING = re.compile(r"(Plt|Plh|Pj|Pjs)\.?\s+", re.IGNORECASE)


def head_of(unit: Unit) -> Person | None:
    """Return the person of the highest echelon, the first of them in the list; None where nobody holds one.

    Where the list has no echelons, structural ranks take their place. Someone employed when the period
    begins goes before someone who joins later.
    """
    structural = [person for person in unit.people if _level(person) is not None]
    present = [person for person in structural if person.is_employed_on(unit.horizon.first)]
    return min(present or structural, key=lambda person: _level(person) or (9, ""), default=None)


def signatory(unit: Unit, signature: Signature) -> Signature:
    """Return the signature of a unit's sheet; what nobody gives stays empty, to be filled in by hand.

    `signature` goes before the unit's head, field by field; but grade and NIP always belong to the person
    whose name is printed, so a name that is not in the unit brings only what `signature` gives with it.
    """
    signer = _named(unit, signature) if signature.name or signature.nip else head_of(unit)
    if signer is None:
        return signature
    prefix, title = _split_acting(signer.position)
    return replace(
        signature,
        prefix=signature.prefix or prefix,
        title=signature.title or title,
        name=signature.name or signer.display_name,
        grade=signature.grade or signer.grade,
        nip=signature.nip or signer.nip,
    )


def group_nip(nip: str) -> str:
    """Return a NIP as it is printed on paper, in birth date, appointment, sex and serial.

    Examples
    --------
    >>> group_nip("196304151986121952")
    '19630415 198612 1 952'
    """
    return f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}" if len(nip) == 18 and nip.isdigit() else nip


def place_and_day(signature: Signature, first: date, language: Language) -> str:
    """Return the line above the title: `Masamba, 27 Juli 2021`, with dots for what is not known."""
    day = format_date(signature.day, language) if signature.day else f"{'.' * 18} {first.year}"
    return f"{signature.place or DOTS}, {day}"


def title_lines(signature: Signature) -> tuple[str, ...]:
    """Return the lines of the title, with a.n. or Plt. before the first, and a comma after the last."""
    lines = [line.strip() for line in (signature.title or DOTS).splitlines() if line.strip()] or [DOTS]
    if signature.prefix:
        lines[0] = f"{signature.prefix.strip()} {lines[0]}"
    lines[-1] += "" if lines[-1].endswith((",", ".")) else ","
    return tuple(lines)


def name_lines(signature: Signature) -> tuple[str, ...]:
    """Return name, grade and NIP as they stand beneath the space for the signature."""
    if not signature.name:
        return DOTS + DOTS, "NIP. " + DOTS
    lines = [signature.name, signature.grade, f"NIP. {group_nip(signature.nip)}" if signature.nip else ""]
    return tuple(line for line in lines if line)


def _level(person: Person) -> tuple[int, str] | None:
    roman, _, letter = person.echelon.partition(".")
    if roman.strip().upper() in _ROMAN:
        return _ROMAN[roman.strip().upper()], letter.strip().lower() or "z"
    if person.rank in _ECHELON_OF_RANK:
        return _ECHELON_OF_RANK[person.rank], "z"
    return None


def _named(unit: Unit, signature: Signature) -> Person | None:
    wanted = " ".join(signature.name.split()).casefold()
    for person in unit.people:
        if signature.nip and person.nip == signature.nip:
            return person
        if wanted and wanted in (person.name.casefold(), person.display_name.casefold()):
            return person
    return None


def _split_acting(position: str) -> tuple[str, str]:
    found = _ACTING.match(position.strip())
    if not found:
        return "", position.strip()
    return f"{found[1].capitalize()}.", position.strip()[found.end() :]
