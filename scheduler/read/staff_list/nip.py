"""What stands in the column for the NIP: a NIP, a printed id, a number that lost its digits, or nothing.

A NIP has 18 digits: birth YYYYMMDD, appointment YYYYMM (PPPK: year and contract, so the month may exceed 12),
sex 1 or 2, serial 001 to 999; no check digit (Perka BKN 22/2007).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from scheduler.read.files.cells import Cell, clean_lines, stated, text_of

_LABEL = (
    r"(?:N\s*\.?\s*I\s*\.?\s*P|NI\s*PPPK|NI\s*P3K|NIPPPK|NIPPPK|NIK|NRP|NRPTT|NIPTT)\b\.?\s*(?:baru)?\s*[.:]?"
)
_IN_CELL = re.compile(
    rf"(?:[\s/(,;–-]*{_LABEL}\s*)?[\s(']*(?<!\d)(?P<nip>(?:19|20)\d{{6}}[ .\-]?\d{{6}}[ .\-]?\d[ .\-]?\d{{3}})(?!\d)[\s)]*",
    re.IGNORECASE,
)
_LABELLED = re.compile(rf"[\s/(,;–-]*\b{_LABEL}\s*(?P<rest>.*)\Z", re.IGNORECASE | re.DOTALL)
_PRINTED_ID = re.compile(r"[A-Za-z][A-Za-z ./]{0,14}[-–./ ]?\d[\d./-]{1,19}\Z|\d[\d .\-/]{5,24}\Z")
_NUMBERED_NAME = re.compile(r"[A-Z][a-z]{2,}(?: [A-Z][a-z]+)* \d{1,4}\Z")
"""“Pegawai 12”: what stands for a name in lists made anonymous."""
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?e\+?\d{1,2}\Z", re.IGNORECASE)
_NO_ID = re.compile(r"[\s.·…_\-–—]*\Z")

LONGEST_NAME = 300
"""Letters of a cell with name, degrees, NIP and what lists print beneath them."""

Kind = Literal["none", "nip", "id", "lost", "wrong"]


@dataclass(frozen=True, slots=True)
class PrintedId:
    """`kind` says what `text` is: `lost` is a number whose last digits are gone, `wrong` a NIP of wrong length."""

    kind: Kind
    text: str = ""


@dataclass(frozen=True, slots=True)
class NipParts:
    """The dates and the sex that a NIP spells; None where they are impossible."""

    birth: date | None
    year: int
    month: int
    sex: Literal["", "male", "female"]


def read_id(cell: Cell) -> PrintedId:
    """Tell what the cell holds.

    Examples
    --------
    >>> read_id("'19700920 200208 2 986"), read_id(1.96301051994012e+17).kind, read_id("TKD-6680")
    (PrintedId(kind='nip', text='197009202002082986'), 'lost', PrintedId(kind='id', text='TKD-6680'))
    >>> read_id("- "), read_id("1,96301E+17").kind, read_id("19630105199401200").kind
    (PrintedId(kind='none', text=''), 'lost', 'wrong')
    """
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if not cell:
            return PrintedId("none")
        exact = float(cell).is_integer() and 0 < cell < 10**15
        return PrintedId(
            "id" if exact else "lost", f"{Decimal(f'{cell:.14e}'):f}"
        )  # 15 digits, as Excel shows it
    text = " ".join(text_of(cell).split())
    text = re.sub(r'^=?"(.*)"$', r"\1", text).lstrip("'`’‘´").strip()
    text = re.sub(rf"^{_LABEL}\s*", "", text, flags=re.IGNORECASE).strip().lstrip("'`’‘´")
    if not stated(text) or _NO_ID.match(text) or not any(c.isdigit() for c in text) or text == "0":
        return PrintedId("none")
    if _SCIENTIFIC.match(text):
        return PrintedId("lost", text)
    digits = re.sub(r"[\s.\-–]", "", text)
    if not digits.isdigit() or not digits.isascii():
        return PrintedId("id", text)
    if len(digits) == 18:
        return PrintedId("lost" if digits.endswith("000") else "nip", digits)
    return PrintedId("wrong" if 14 <= len(digits) <= 21 and len(digits) != 16 else "id", digits)


def split_name_and_id(text: str) -> tuple[str, str]:
    """Split a cell that holds a name and a NIP or printed id; the second is empty where there is none.

    Examples
    --------
    >>> split_name_and_id("Kani Lailasari, S.E.\\nNIP. 196904031992042962")
    ('Kani Lailasari, S.E.', '196904031992042962')
    >>> split_name_and_id("Lili / PTT-3335"), split_name_and_id("Lili, S.E.")
    (('Lili', 'PTT-3335'), ('Lili, S.E.', ''))
    """
    text = clean_lines(text)
    if len(text) > LONGEST_NAME:
        return _tidy(text), ""
    found = _IN_CELL.search(text)
    if found:
        before, after = text[: found.start()], text[found.end() :].strip(" /,;:-–)").partition("\n")[0]
        return _tidy(before) or _tidy(after), found["nip"]  # a place of birth may follow; names come first
    labelled = _LABELLED.search(text)
    if labelled and (labelled.start() == 0 or "\n" in text or any(c.isdigit() for c in labelled["rest"])):
        return _tidy(text[: labelled.start()]), labelled["rest"].strip(" .:()")
    for separator in ("\n", " / ", "/", " - ", " – ", "(", ";"):
        name, found_separator, rest = text.rpartition(separator)
        rest = rest.strip(" )")
        if found_separator and name.strip() and _PRINTED_ID.match(rest):
            return _tidy(name), rest
    if _NUMBERED_NAME.match(text.strip()):
        return _tidy(text), ""
    if _PRINTED_ID.match(text.strip()) and any(c.isdigit() for c in text):
        return "", text.strip()
    if "\n" in text:
        name, _, rest = text.rpartition("\n")
        if not stated(rest) or _NO_ID.match(rest):
            return _tidy(name), ""
    return _tidy(text), ""


def nip_parts(nip: str) -> NipParts:
    """Return what the digits of a NIP say."""
    try:
        birth = date(int(nip[:4]), int(nip[4:6]), int(nip[6:8]))
    except ValueError:
        birth = None
    sexes: dict[str, Literal["male", "female"]] = {"1": "male", "2": "female"}
    return NipParts(birth, int(nip[8:12]), int(nip[12:14]), sexes.get(nip[14], ""))


def implausible(nip: str, pppk: bool | None) -> bool:
    """Whether no NIP can read so: birth or appointment impossible, sex neither 1 nor 2, serial 000.

    `pppk` is None where the list does not tell; the month of appointment may then exceed 12.
    """
    parts = nip_parts(nip)
    if parts.birth is None or not 1930 <= parts.birth.year <= 2015 or not parts.sex or nip.endswith("000"):
        return True
    if not parts.birth.year + 14 <= parts.year <= parts.birth.year + 66:
        return True
    return pppk is False and not 1 <= parts.month <= 12


def _tidy(name: str) -> str:
    return " ".join(name.split()).strip(" /,;:-–(")
