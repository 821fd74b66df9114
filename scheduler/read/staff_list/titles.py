"""What the sheet's name and the rows above a list say of everybody in it: the unit, and the employment."""

from __future__ import annotations

import re

from scheduler.read.files.cells import clean, stated, text_of, words_of
from scheduler.read.files.workbooks import Sheet
from scheduler.read.staff_list.units import labelled_unit, split_enumerator, unit_class_of, unit_in_title
from scheduler.read.staff_list.values import employment_of

_GENERIC_SHEET = re.compile(
    r"(?:sheet|lembar|lembar kerja|worksheet|table|tabel|daftar|data|pegawai|asn|pns|non|pppk|p3k|nominatif|duk|rekap|"
    r"rekapitulasi|lampiran|staff?|list|all|semua|master|db|database|staf|nama|dan|export|hasil|januari|februari|maret|"
    r"april|mei|juni|juli|agustus|september|oktober|november|desember|tahun|ptt|tkd|thl|gtt|honorer|kontrak|tenaga|cpns|"
    r"baru|fix|final|update|revisi|copy|of|salinan|seluruh|total|gabungan|wfh|wfo|piket|nonasn|nonpns|\d+)"
    r"(?: (?=.)|$)"
)
_EMPLOYMENTS = re.compile(
    r"\b(?:non asn|non pns|nonasn|nonpns|asn|pns|cpns|pppk|p3k|ptt|tkd|thl|gtt|honorer|tenaga kontrak|pegawai negeri sipil|"
    r"pegawai tidak tetap|tenaga harian lepas|tenaga honorer|aparatur sipil negara)\b"
)


def unit_above(sheet: Sheet, end: int) -> str:
    """Return the unit that stands above row `end` or in the sheet's name; empty where neither names one."""
    labelled = titled = ""
    for index in range(end):
        text = row_text(sheet, index, " ")
        labelled = stated(labelled_unit(text) or "") or labelled
        titled = unit_in_title(text) or titled
    named = "" if is_generic(sheet.name) else split_enumerator(clean(sheet.name))[1]
    if labelled:
        return named if words_of(labelled) == words_of(named) else labelled
    if named and titled and _title_is_fuller(named, titled):
        return titled
    return named or titled


def employment_above(sheet: Sheet, end: int) -> str:
    """Return the one employment that the sheet's name or a title gives to everybody; empty where it gives none.

    A title that names two ("ASN DAN NON ASN"), or ASN alone, says nothing of the single person.
    """
    for text in (sheet.name, *(row_text(sheet, index, " ") for index in range(end))):
        if employment := employment_in(text):
            return employment
    return ""


def employment_in(text: str) -> str:
    """Return the one employment that a text names among other words; empty where it names none or several."""
    found = {employment_of(match) for match in _EMPLOYMENTS.findall(words_of(text))}
    return (found.pop() or "") if len(found) == 1 and found != {"ASN"} else ""


def is_generic(name: str) -> bool:
    """Whether a sheet's name says nothing of an office: "Sheet1", "Daftar", "Non ASN 2021"."""
    words = re.sub(r"([a-z])(\d)", r"\1 \2", words_of(name))
    while match := _GENERIC_SHEET.match(words):
        words = words[match.end() :]
    return not words.strip()


def row_text(sheet: Sheet, index: int, joint: str = " | ") -> str:
    """Return the filled cells of a row as one line."""
    return joint.join(text for cell in sheet.rows[index] if (text := text_of(cell)))


def _title_is_fuller(named: str, titled: str) -> bool:
    """Whether the sheet's name is only a stump of the title: cut at Excel's 31 letters, or no office's name."""
    if len(named) >= 31 and words_of(titled).startswith(words_of(named)):
        return True
    return not unit_class_of(named)
