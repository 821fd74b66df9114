"""What is typed into a cell, as a value: yes or no, echelon, employment, sex, phone, coordinates.

Every function returns None where the text is not one of the forms it knows; nothing is guessed.
"""

from __future__ import annotations

import re
from typing import Literal

from scheduler.read.files.cells import stated, words_of

YES = frozenset(
    [
        "ya",
        "y",
        "yes",
        "iya",
        "v",
        "x",
        "1",
        "true",
        "t",
        "benar",
        "bisa",
        "mampu",
        "ada",
        "dapat",
        "sanggup",
        "cakap",
        "ok",
        "oke",
        "√",
        "✓",
        "✔",
        "☑",
        "✅",
        "●",
        "*",
        "+",
        "mahir",
        "menguasai",
        "baik",
    ]
)
NO = frozenset(
    ["tidak", "tdk", "t", "n", "no", "0", "false", "salah", "bukan", "belum", "kurang", "✗", "✘", "☐", "□", "❌", "tak", "gaptek", "tidak bisa", "tidak mampu", "belum bisa", "belum mampu", "tidak dapat", "kurang mampu", "tdk bisa", "tdk mampu", "tidak ada", "belum ada", "kurang bisa", "tidak menguasai", "bukan pemantau"]
)  # fmt: skip
YES_WORDS = "Ya, Tidak, Y, T, √, X, 1, 0"

_ECHELON = re.compile(r"(?:eselon|esselon|es|esl)?[ .]*(i{1,3}|iv|v|[1-5])(?:[ ./\\-]*([a-e]))?\Z")
_NO_ECHELON = frozenset(
    ["non eselon", "noneselon", "non", "tidak", "bukan eselon", "tidak bereselon", "non es", "staf", "jfu", "jft",
     "pelaksana", "fungsional", "fungsional umum", "fungsional tertentu", "jf", "n a", "na", "0", "nonstruktural",
     "non struktural", "jabatan pelaksana", "jabatan fungsional"]
)  # fmt: skip
_ROMAN = {"1": "I", "2": "II", "3": "III", "4": "IV", "5": "V"}

_EMPLOYMENTS: dict[str, tuple[str, ...]] = {
    "PNS": ("pns", "pnsd", "pegawai negeri sipil", "pns daerah", "pns aktif", "pns pusat", "asn pns", "pnsp",
            "pegawai negeri sipil daerah", "pns dpk", "pns titipan"),
    "CPNS": ("cpns", "calon pns", "calon pegawai negeri sipil", "cpnsd", "capeg", "asn cpns"),
    "PPPK": ("pppk", "p3k", "pegawai pemerintah dengan perjanjian kerja", "asn pppk", "pppk penuh waktu",
             "pppk guru", "pppk nakes", "pppk teknis", "pppk tenaga kesehatan"),
    "PPPK Paruh Waktu": ("pppk paruh waktu", "p3k paruh waktu", "pppk pw"),
    "ASN": ("asn", "aparatur sipil negara"),
    "Non ASN": ("non asn", "nonasn", "bukan asn", "pegawai non asn", "tenaga non asn", "naon asn"),
    "Non PNS": ("non pns", "nonpns", "bukan pns", "pegawai non pns", "tenaga non pns", "non pns daerah"),
    "PTT": ("ptt", "pegawai tidak tetap", "pttd", "ptt daerah"),
    "TKD": ("tkd", "tenaga kontrak daerah"),
    "THL": ("thl", "tenaga harian lepas", "thlt", "harian lepas", "phl", "pegawai harian lepas", "thl tbpp"),
    "Honorer": ("honorer", "honor", "tenaga honorer", "pegawai honorer", "honda", "honor daerah", "tenaga honor",
                "honorer daerah"),
    "Kontrak": ("kontrak", "tenaga kontrak", "pegawai kontrak", "tenaga kerja kontrak", "karyawan kontrak"),
    "GTT": ("gtt", "guru tidak tetap", "guru honorer", "guru honor", "gtt ptt"),
    "BLUD": ("blud", "pegawai blud", "non pns blud", "blud non pns", "tenaga blud", "kontrak blud"),
    "Sukarela": ("sukarela", "tenaga sukarela", "tks", "tenaga kerja sukarela", "sukwan"),
    "PJLP": ("pjlp", "outsourcing", "alih daya", "tenaga ahli daya", "penyedia jasa lainnya perorangan"),
}  # fmt: skip
_EMPLOYMENT_OF = {form: name for name, forms in _EMPLOYMENTS.items() for form in forms}
_ASN = frozenset({"PNS", "CPNS", "PPPK", "PPPK Paruh Waktu", "ASN"})
_STANDINGS = frozenset(
    {"aktif", "masih aktif", "tetap", "tidak aktif", "non aktif", "nonaktif", "tidak", "non"}
)
_GONE = frozenset(
    {
        "pensiun", "purna tugas", "purnabakti", "bup", "meninggal", "meninggal dunia", "wafat", "almarhum", "mutasi",
        "mutasi keluar", "pindah", "pindah tugas", "berhenti", "diberhentikan", "mengundurkan diri", "keluar",
        "putus kontrak", "kontrak berakhir",
    }
)  # fmt: skip

_SEX: dict[str, Literal["male", "female"]] = {
    **dict.fromkeys(
        ("l", "lk", "laki laki", "laki", "pria", "lelaki", "male", "m", "laki2", "cowok"), "male"
    ),
    **dict.fromkeys(("p", "pr", "perempuan", "wanita", "female", "f", "w", "cewek", "puan"), "female"),
}


def yes_or_no(text: str) -> bool | None:
    """Return what a yes-or-no cell says; an empty cell and a dash say no.

    Examples
    --------
    >>> yes_or_no("√"), yes_or_no("Tidak"), yes_or_no(""), yes_or_no("mungkin")
    (True, False, False, None)
    """
    if not stated(text):
        return False
    for form in (text.casefold().strip(), words_of(text)):
        if form in NO:
            return False
        if form in YES:
            return True
    return None


def echelon_of(text: str) -> str | None:
    """Return "II.b" for the many ways of writing it, "" for none, None where the text is no echelon.

    Examples
    --------
    >>> [echelon_of(t) for t in ("IIb", "II/B", "2b", "Eselon II.b", "Non Eselon", "-", "IV", "Satu")]
    ['II.b', 'II.b', 'II.b', 'II.b', '', '', 'IV', None]
    """
    if not stated(text):
        return ""
    words = words_of(text)
    if words in _NO_ECHELON:
        return ""
    match = _ECHELON.match(text.casefold().strip(" ."))
    if match is None:
        return None
    level = _ROMAN.get(match[1], match[1].upper())
    return f"{level}.{match[2]}" if match[2] else level


def employment_of(text: str) -> str | None:
    """Return the employment under its usual name, None where it is unknown, "" where there is none.

    Examples
    --------
    >>> employment_of("P N S"), employment_of("P3K"), employment_of("non-asn"), employment_of("Magang")
    ('PNS', 'PPPK', 'Non ASN', None)
    """
    if not stated(text):
        return ""
    words = words_of(text)
    if words in _EMPLOYMENT_OF:
        return _EMPLOYMENT_OF[words]
    return _EMPLOYMENT_OF.get(re.sub(r"^(?:pegawai|tenaga|status) ", "", words))


def is_asn(employment: str) -> bool | None:
    """Return whether the employment makes a civil servant; None where it is empty or unknown."""
    if employment in _ASN:
        return True
    return False if employment in _EMPLOYMENTS else None


def is_standing(text: str) -> bool:
    """Whether the text tells a legal standing ("Aktif") and no employment."""
    return words_of(text) in _STANDINGS


def is_gone(text: str) -> bool:
    """Whether the text says that somebody works there no longer ("Pensiun", "Mutasi")."""
    return words_of(text) in _GONE


def sex_of(text: str) -> Literal["", "male", "female"] | None:
    """Return the sex that the cell says, "" for an empty one, None where it is neither."""
    return _SEX.get(words_of(text)) if stated(text) else ""


def phone_of(text: str) -> str | None:
    """Return a number with country code 62 and no plus sign; the first where there are two.

    Typed as a number it has lost its leading 0, which is certain to have been there.

    Examples
    --------
    >>> phone_of("+62 812-3456-7890"), phone_of("081234567890"), phone_of("81234567890"), phone_of("-")
    ('6281234567890', '6281234567890', '6281234567890', '')
    """
    if not stated(text):
        return ""
    first = re.split(r"[/,;\n]|\batau\b|\bdan\b", text)[0]
    digits = re.sub(r"[\s().\-‐‑–+']", "", first)
    if not digits.isascii() or not digits.isdigit():
        return None
    if digits.startswith("0062"):
        digits = digits[2:]
    if digits.startswith("620"):
        digits = "62" + digits[3:]
    if digits.startswith("0"):
        digits = "62" + digits[1:]
    elif digits.startswith("8"):
        digits = "62" + digits
    return digits if 9 <= len(digits) <= 15 and not digits.startswith("0") else None


def degrees_of(text: str, most: float) -> float | None:
    """Return degrees from text with a decimal comma or point; None where it is none or beyond `most`.

    Examples
    --------
    >>> degrees_of("0,13337", 90), degrees_of("-2.55", 90), degrees_of("117,49099", 90)
    (0.13337, -2.55, None)
    """
    plain = text.replace("−", "-").replace("°", "").replace(" ", "")
    if "," in plain and "." not in plain:
        plain = plain.replace(",", ".")
    if not re.fullmatch(r"[+-]?\d{1,3}(?:\.\d+)?", plain):
        return None
    value = float(plain)
    return value if abs(value) <= most else None


def coordinates_of(text: str) -> tuple[float, float] | None:
    """Return latitude and longitude from one cell: "-2.55, 120.32", or a link to a map that holds them."""
    match = re.search(r"([+-−]?\d{1,2}\.\d+)\s*[,; ]\s*([+-−]?\d{1,3}\.\d+)", text)
    match = match or re.search(r"([+-−]?\d{1,2},\d+)\s*[; /]\s*([+-−]?\d{1,3},\d+)", text)
    if match is None:
        return None
    latitude, longitude = degrees_of(match[1], 90), degrees_of(match[2], 180)
    return None if latitude is None or longitude is None else (latitude, longitude)
