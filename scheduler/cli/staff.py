"""`giliran staff FILE`: reads a staff list and says what it recognised, and every fault with its sheet and row."""

from __future__ import annotations

import textwrap
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scheduler.cli import spoken
from scheduler.cli.options import Terminal, common_options
from scheduler.language import Bilingual, Language

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scheduler.read.staff import StaffList
    from scheduler.read.staff_list.layout import SheetReading

_WIDTH = 80
_MOST_LISTED = 12

FIELDS_ID: Mapping[str, str] = {
    "number": "nomor urut", "id": "id pegawai", "name": "nama", "plain_name": "nama tanpa gelar",
    "title_before": "gelar depan", "title_after": "gelar belakang", "name_nip": "nama dan NIP", "nip": "NIP",
    "sex": "jenis kelamin", "grade": "pangkat/golongan", "grade_title": "nama pangkat", "position": "jabatan",
    "position_kind": "jenis jabatan", "echelon": "eselon", "office": "perangkat daerah", "unit": "unit kerja",
    "institution": "instansi", "sub_unit": "bidang", "section": "seksi", "employment": "status kepegawaian",
    "standing": "kedudukan hukum", "supervisor": "atasan langsung", "supervisor_nip": "NIP atasan",
    "phone": "nomor telepon", "it_capable": "mampu TI", "service_post": "loket layanan", "monitor": "pemantau",
    "latitude": "lintang", "longitude": "bujur", "coordinates": "koordinat", "rank": "jenjang",
    "joins": "mulai bekerja", "leaves": "hari kerja terakhir", "note": "catatan", "tags": "penanda",
    "unit_class": "kelas unit",
}  # fmt: skip
"""What a column is read as, in the words of an Indonesian personnel office."""


@spoken.command(
    "staff",
    indonesian="""Baca daftar pegawai dengan tata letak apa pun, dan sebutkan yang dikenali serta setiap kesalahannya.""",
)
@spoken.argument("file", type=click.Path(path_type=Path))
@spoken.option(
    "--csv",
    "out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=Bilingual(id="Tulis yang terbaca ke berkas CSV ini.", en="Write what was read to this CSV file."),
)
@common_options
def command(file: Path, out: Path | None, terminal: Terminal) -> None:
    """Read a staff list of any layout; say what was recognised."""
    from scheduler.read.staff import read_staff
    from scheduler.write.staff_csv import write_staff_csv

    staff = read_staff(file)
    terminal.answer(summary(staff))
    terminal.say(describe(staff, terminal.language))
    if out is not None:
        write_staff_csv(staff.people, out)


def describe(staff: StaffList, language: Language) -> str:
    """Return what was recognised as lines of at most 80 characters."""
    return "\n".join(_lines(staff, language))


def summary(staff: StaffList) -> dict[str, object]:
    """Return what was recognised as plain values, for `--json`."""
    return {
        "people": len(staff.people),
        "units": dict(Counter(person.unit for person in staff.people)),
        "ranks": dict(Counter(person.rank for person in staff.people)),
        "fields": sorted(staff.fields),
        "sheets": [
            {
                "sheet": reading.sheet,
                "header_rows": list(reading.header_rows),
                "columns": [list(pair) for pair in reading.columns],
                "ignored": list(reading.ignored),
                "people": reading.people,
                "sections": [list(section) for section in reading.sections],
                "skipped": [[row, text, why.en] for row, text, why in reading.skipped],
                "why_skipped": reading.why_skipped.en if reading.why_skipped else "",
            }
            for reading in staff.recognised
        ],
        "warnings": [warning.describe("en") for warning in staff.warnings],
    }


def _lines(staff: StaffList, language: Language) -> Iterator[str]:
    id_ = language == "id"
    units = Counter(person.unit for person in staff.people)
    yield (
        f"{len(staff.people)} orang, {len(units)} unit"
        if id_
        else (f"{len(staff.people)} people, {len(units)} units")
    )
    for reading in staff.recognised:
        yield ""
        yield from _sheet_lines(reading, language)
    yield ""
    yield "Unit:" if id_ else "Units:"
    for unit, count in units.items():
        yield from _wrapped(f"{count:5d}  {unit or ('(tanpa nama)' if id_ else '(unnamed)')}", "       ")
    yield "Jenjang:" if id_ else "Ranks:"
    for rank, count in Counter(person.rank for person in staff.people).most_common():
        yield f"{count:5d}  {rank or ('(tidak diketahui)' if id_ else '(unknown)')}"
    yield from _warning_lines(staff, language)


def _sheet_lines(reading: SheetReading, language: Language) -> Iterator[str]:
    id_ = language == "id"
    name = f"“{reading.sheet}”" if reading.sheet else "CSV"
    if reading.why_skipped:
        reason = reading.why_skipped.in_language(language)
        yield from _wrapped(
            f"Lembar {name}: dilewati, {reason}" if id_ else f"Sheet {name}: skipped, {reason}"
        )
        return
    first, last = reading.header_rows
    rows = str(first) if first == last else f"{first}–{last}"
    if id_:
        yield from _wrapped(f"Lembar {name}: kepala tabel di baris {rows}, {reading.people} orang")
    else:
        yield from _wrapped(f"Sheet {name}: header in row {rows}, {reading.people} people")
    width = max((len(header) for header, _ in reading.columns), default=0)
    for header, field in reading.columns:
        shown = FIELDS_ID.get(field, field) if id_ else field
        yield from _wrapped(f"  {header:{min(width, 40)}} → {shown}")
    if reading.ignored:
        yield from _wrapped(
            ("  tidak dibaca: " if id_ else "  not read: ") + ", ".join(reading.ignored), "    "
        )
    for row, text, kind in reading.sections:
        yield from _wrapped(
            f"  {'baris' if id_ else 'row'} {row}: {text} → {FIELDS_ID.get(kind, kind) if id_ else kind}",
            "    ",
        )
    for row, text, why in reading.skipped[:_MOST_LISTED]:
        label = "dilewati" if id_ else "skipped"
        shown = textwrap.shorten(text, 40, placeholder="…")
        yield from _wrapped(
            f"  {'baris' if id_ else 'row'} {row} {label}, {why.in_language(language)}: {shown}", "    "
        )
    more = len(reading.skipped) - _MOST_LISTED
    if more > 0:
        yield (
            f"  … dan {more} baris lain (--json memuat semuanya)"
            if id_
            else (f"  … and {more} more rows (--json has them all)")
        )


def _warning_lines(staff: StaffList, language: Language) -> Iterator[str]:
    if not staff.warnings:
        return
    count = len(staff.warnings)
    yield ""
    yield f"{count} peringatan:" if language == "id" else f"{count} warning{'s' if count != 1 else ''}:"
    from scheduler.cli.warnings import gathered

    for warning in gathered(staff.warnings):
        yield from _wrapped("• " + warning.describe(language), "  ")


def _wrapped(text: str, indent: str = "    ") -> list[str]:
    return textwrap.wrap(text, _WIDTH, subsequent_indent=indent, drop_whitespace=True) or [""]
