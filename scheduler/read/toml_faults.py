"""What is wrong with a line that is no TOML, in the words of whoever typed it: the slips that people really make."""

from __future__ import annotations

import re
import tomllib
from datetime import date

from scheduler.errors import Fault
from scheduler.language import Bilingual

_LINE = re.compile(r"line (\d+)")
_VALUE = re.compile(r"\s*[\w.\"-]+\s*=\s*(?P<value>.*?)\s*(?:#.*)?\Z")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_ISO = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")

Said = tuple[Bilingual, Bilingual]
"""A problem and its remedy."""


def syntax_fault(file: str, text: str, error: tomllib.TOMLDecodeError) -> Fault:
    """Return the fault of a file that cannot be parsed, with the line as it stands and what to write instead."""
    found = _LINE.search(str(error))
    lines = text.splitlines()
    row = int(found[1]) if found else len(lines)  # else what is opened is never closed
    line = lines[row - 1].strip() if 0 < row <= len(lines) else ""
    problem, remedy = _explain(line, str(error))
    return Fault(file=file, row=row, value=line, problem=problem, remedy=remedy)


def encoding_fault(file: str, data: bytes, error: UnicodeDecodeError) -> Fault:
    """Return the fault of a file that was not saved as UTF-8."""
    begins = data.rfind(b"\n", 0, error.start) + 1
    ends = data.find(b"\n", error.start)
    line = data[begins : ends if ends >= 0 else len(data)].decode("cp1252", errors="replace").strip()
    return Fault(
        file=file,
        row=data.count(b"\n", 0, error.start) + 1,
        value=line,
        problem=Bilingual(id="bukan teks UTF-8", en="not UTF-8 text"),
        remedy=Bilingual(
            id="Simpan ulang sebagai UTF-8 (di Notepad: Simpan Sebagai, Pengodean UTF-8).",
            en="Save it again as UTF-8 (in Notepad: Save As, Encoding UTF-8).",
        ),
    )


def _explain(line: str, error: str) -> Said:
    for guess in (_twice, _curly, _colon, _dates, _numbers, _times, _quotes, _bare):
        if said := guess(line, error):
            return said
    return (
        Bilingual(id=f"penulisan TOML keliru ({error})", en=f"this is no valid TOML ({error})"),
        Bilingual(
            id="Periksa tanda kutip dan kurung di baris itu, dan di baris sebelumnya.",
            en="Check quotes and brackets in that line, and in the one before.",
        ),
    )


def _value(line: str) -> str:
    match = _VALUE.match(line)
    return match["value"] if match else ""


def _outside_quotes(text: str) -> str:
    return re.sub(r"\"[^\"]*\"|'[^']*'", "", text)


def _twice(line: str, error: str) -> Said | None:
    if not re.search(r"[Oo]verwrite|twice", error):
        return None
    return (
        Bilingual(id="ini sudah ditulis di atas", en="this stands further up already"),
        Bilingual(
            id="Hapus salah satunya; beberapa aturan sejenis memakai kurung ganda: [[rules.home_quota]].",
            en="Delete one of them; several rules of a kind take double brackets: [[rules.home_quota]].",
        ),
    )


def _curly(line: str, error: str) -> Said | None:
    if not re.search("[“”„‟‘’«»]", _outside_quotes(line)):
        return None
    straight = re.sub("[“”„‟«»]", '"', line).replace("‘", '"').replace("’", '"')
    return (
        Bilingual(
            id="tanda kutipnya miring, seperti dari Word", en="the quotes are curly, as Word makes them"
        ),
        Bilingual(id=f"Pakai tanda kutip lurus: {straight}", en=f"Use straight quotes: {straight}"),
    )


def _colon(line: str, error: str) -> Said | None:
    match = re.match(r"([A-Za-z_]\w*)\s*:\s*(.*)\Z", line)
    if not match:
        return None
    return (
        Bilingual(id="titik dua di tempat sama dengan", en="a colon in place of an equals sign"),
        Bilingual(id=f"Tulis {match[1]} = {match[2]}", en=f"Write {match[1]} = {match[2]}"),
    )


def _dates(line: str, error: str) -> Said | None:
    bare = _outside_quotes(_value(line))
    if match := _DAY_FIRST.search(bare):
        day, month, year = (int(part) for part in match.groups())
        try:
            good = date(year, month, day).isoformat()
        except ValueError:
            good = "2021-08-03"
        return (
            Bilingual(id="tanggal ditulis tahun-bulan-hari", en="dates are written year-month-day"),
            Bilingual(id=f"Tulis {good}", en=f"Write {good}"),
        )
    if match := _ISO.search(bare):
        return (
            Bilingual(id=f"tanggal {match[0]} tidak ada", en=f"there is no date {match[0]}"),
            Bilingual(
                id="Tulis tahun-bulan-hari dengan dua angka: 2021-08-03.",
                en="Write year-month-day with two digits: 2021-08-03.",
            ),
        )
    return None


def _numbers(line: str, error: str) -> Said | None:
    bare = _outside_quotes(_value(line))
    if match := re.fullmatch(r"(\d+(?:[.,]\d+)?)\s*%", bare):
        good = f'"{match[1].replace(",", ".")}%"'
        return (
            Bilingual(id="persen ditulis di antara tanda kutip", en="a percentage stands between quotes"),
            Bilingual(id=f"Tulis {good}", en=f"Write {good}"),
        )
    if match := re.fullmatch(r"(\d+),(\d+)", bare):
        good = f"{match[1]}.{match[2]}"
        return (
            Bilingual(id="koma desimal", en="a decimal comma"),
            Bilingual(id=f"Pakai titik: {good}", en=f"Use a point: {good}"),
        )
    return None


def _times(line: str, error: str) -> Said | None:
    match = re.search(r"\b(\d{1,2})[:.](\d{2})\b", _outside_quotes(_value(line)))
    if not match or int(match[1]) > 23:
        return None
    good = f'"{int(match[1]):02}:{match[2]}"'
    return (
        Bilingual(id="jam ditulis di antara tanda kutip", en="a time of day stands between quotes"),
        Bilingual(id=f"Tulis {good}", en=f"Write {good}"),
    )


def _quotes(line: str, error: str) -> Said | None:
    if line.count('"') % 2 == 0:
        return None
    return (
        Bilingual(id="tanda kutipnya tidak ditutup", en="a quote is not closed"),
        Bilingual(id='Teks diapit dua tanda kutip: "…".', en='Text stands between two quotes: "…".'),
    )


def _bare(line: str, error: str) -> Said | None:
    value = _value(line)
    if not re.match(r"[A-Za-z]", value) or value in ("true", "false"):
        return None
    if value.casefold() in ("true", "false", "ya", "tidak", "yes", "no"):
        good = "true" if value.casefold() in ("true", "ya", "yes") else "false"
        return (
            Bilingual(id="ya dan tidak ditulis true dan false", en="yes and no are written true and false"),
            Bilingual(id=f"Tulis {good}", en=f"Write {good}"),
        )
    return (
        Bilingual(id="teks ditulis di antara tanda kutip", en="text stands between quotes"),
        Bilingual(id=f'Tulis "{value}"', en=f'Write "{value}"'),
    )
