"""Reads a staff list of whatever layout: the recipe from the file to people, with every fault at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from scheduler.errors import Fault, InputError
from scheduler.language import Bilingual
from scheduler.problem import Person
from scheduler.read.files.tables import open_tables
from scheduler.read.files.workbooks import Sheet
from scheduler.read.staff_list.entries import Entry
from scheduler.read.staff_list.headers import closest_rows
from scheduler.read.staff_list.identity import settle_ids
from scheduler.read.staff_list.layout import SheetReading, read_layout
from scheduler.read.staff_list.nip import read_id
from scheduler.read.staff_list.people import read_person
from scheduler.read.staff_list.places import places_of
from scheduler.read.staff_list.supervisors import settle_supervisors
from scheduler.read.staff_list.unfilled import settle_unfilled

_FIELD_OF_COLUMN = {
    "plain_name": "name", "name_nip": "nip", "grade_title": "grade", "service_post": "service_posts",
    "office": "unit", "institution": "unit", "section": "sub_unit", "supervisor_nip": "supervisor",
    "coordinates": "latitude", "standing": "employment", "title_before": "printed_name",
    "title_after": "printed_name", "position_kind": "rank", "number": "",
}  # fmt: skip


@dataclass(frozen=True)
class StaffList:
    """A staff list as read.

    Attributes
    ----------
    people : in list order.
    warnings : what is doubtful, with its place; nothing in them stops anyone.
    recognised : what was recognised on each sheet.
    fields : the attributes of `Person` that the list carries; those it lacks are empty for everybody.
    """

    people: tuple[Person, ...]
    warnings: tuple[Fault, ...]
    recognised: tuple[SheetReading, ...]
    fields: frozenset[str]


def read_staff(path: Path) -> StaffList:
    """Read a staff list from .xlsx, .xls, .xlsb, .ods or .csv.

    Raises
    ------
    InputError
        With every fault of the file at once.
    """
    sheets = open_tables(path)
    entries, readings, faults = _read_sheets(sheets)
    faults += _without_people(sheets, entries, readings)
    entries, doubts = settle_unfilled(entries)
    faults += doubts
    places, doubts = places_of(entries)
    faults += doubts
    drafts = []
    for entry, place in zip(entries, places, strict=True):
        draft, found = read_person(entry, place)
        drafts.append(draft)
        faults += found
    people, doubts = settle_ids(drafts)
    faults += doubts
    people, doubts = settle_supervisors(people, entries)
    faults += doubts
    warnings = _finish(faults, path, sheets)
    return StaffList(tuple(people), warnings, tuple(readings), _fields(entries, people))


def _read_sheets(sheets: Sequence[Sheet]) -> tuple[list[Entry], list[SheetReading], list[Fault]]:
    entries: list[Entry] = []
    readings: list[SheetReading] = []
    faults: list[Fault] = []
    for sheet in sheets:
        found, reading, problems = read_layout(sheet)
        if not sheet.visible:
            why = Bilingual(id="lembar tersembunyi", en="the sheet is hidden")
            readings.append(SheetReading(sheet.name, why_skipped=why))
            if found:
                faults.append(_hidden(sheet, len(found)))
            continue
        readings.append(reading)
        entries += found
        faults += problems
        faults += _filtered(sheet, found)
        if reading.why_skipped and _looks_like_people(sheet):
            faults.append(_headless(sheet))
    return entries, readings, faults


def _filtered(sheet: Sheet, entries: Sequence[Entry]) -> list[Fault]:
    """Return a warning where people stand in rows that nobody sees: a filter may have been left on, or meant."""
    rows = [entry.row for entry in entries if entry.row - 1 in sheet.hidden_rows]
    if not rows:
        return []
    named = ", ".join(map(str, rows[:8])) + (" …" if len(rows) > 8 else "")
    verb = "stands" if len(rows) == 1 else "stand"
    return [
        Fault(
            sheet=sheet.name,
            row=rows[0],
            problem=Bilingual(
                id=f"{len(rows)} orang ada di baris tersembunyi atau tersaring ({named}); tetap dibaca",
                en=f"{len(rows)} {'person' if len(rows) == 1 else 'people'} {verb} in hidden or filtered rows "
                f"({named}); read all the same",
            ),
            remedy=Bilingual(
                id="Hapus barisnya bila tidak ikut dijadwalkan; bila ikut, tampilkan lagi (Data › Hapus Filter).",
                en="Delete the rows if they are not to be rostered; else show them again (Data › Clear filter).",
            ),
            warning=True,
        )
    ]


def _without_people(
    sheets: Sequence[Sheet], entries: Sequence[Entry], readings: Sequence[SheetReading]
) -> list[Fault]:
    if entries or any(not reading.why_skipped for reading in readings):
        empty = [r for r in readings if not r.why_skipped and not r.people]
        return [_nobody(reading) for reading in empty] if not entries else []
    visible = [sheet for sheet in sheets if sheet.visible]
    return [_headless(sheet) for sheet in visible if not _looks_like_people(sheet)] or [
        Fault(
            problem=Bilingual(id="berkas tidak berisi lembar yang tampak", en="the file has no visible sheet")
        )
    ][: not visible]


def _looks_like_people(sheet: Sheet) -> bool:
    """Whether at least two cells of the sheet hold a NIP."""
    found = 0
    for row in sheet.rows[:5000]:
        found += any(isinstance(c, str) and len(c) >= 18 and read_id(c).kind == "nip" for c in row)
        if found >= 2:
            return True
    return False


def _headless(sheet: Sheet) -> Fault:
    closest = "; ".join(f"{row + 1}: {', '.join(headers[:6])}" for row, headers in closest_rows(sheet))
    near = Bilingual(
        id=f". Baris yang paling mendekati: {closest}" if closest else "",
        en=f". The closest rows: {closest}" if closest else "",
    )
    return Fault(
        problem=Bilingual(
            id="tidak ada baris kepala tabel: dicari kolom Nama bersama NIP, Jabatan, Unit Kerja, Eselon, Status "
            f"atau yang semakna{near.id}",
            en="no header row was found: looked for a column Nama together with NIP, Jabatan, Unit Kerja, Eselon, "
            f"Status or the like{near.en}",
        ),
        sheet=sheet.name,
        remedy=Bilingual(
            id="Beri daftar itu baris kepala dengan nama-nama kolom tersebut.",
            en="Give the list a header row with such column names.",
        ),
    )


def _nobody(reading: SheetReading) -> Fault:
    return Fault(
        problem=Bilingual(
            id="di bawah kepala tabel tidak ada orang", en="there is nobody beneath the header"
        ),
        sheet=reading.sheet,
        row=reading.header_rows[1],
    )


def _hidden(sheet: Sheet, count: int) -> Fault:
    return Fault(
        problem=Bilingual(
            id=f"lembar tersembunyi ini memuat {count} orang dan tidak dibaca",
            en=f"this hidden sheet lists {count} people and is not read",
        ),
        sheet=sheet.name,
        remedy=Bilingual(id="Tampakkan lembarnya bila perlu dibaca.", en="Unhide it if it is to be read."),
        warning=True,
    )


def _finish(faults: Iterable[Fault], path: Path, sheets: Sequence[Sheet]) -> tuple[Fault, ...]:
    """Put faults in order of place and raise them, or return the warnings where there is nothing else."""
    order = {sheet.name: number for number, sheet in enumerate(sheets)}
    placed = sorted(
        (replace(fault, file=path.name) for fault in faults),
        key=lambda f: (order.get(f.sheet, 0), f.row),
    )
    stopping = [fault for fault in placed if not fault.warning]
    if stopping:
        raise InputError(stopping)
    return _grouped(placed)


def _grouped(warnings: Sequence[Fault]) -> tuple[Fault, ...]:
    """Say once what is to be said of many rows in the same words: the first row has it, with all the rows."""
    same: dict[tuple[object, ...], list[Fault]] = defaultdict(list)
    for warning in warnings:
        same[warning.problem, warning.sheet, warning.field, warning.value].append(warning)
    result = []
    for group in same.values():
        first, rows = group[0], ", ".join(str(w.row) for w in group[:8]) + (", …" if len(group) > 8 else "")
        if len(group) > 1:
            problem = Bilingual(
                id=f"{first.problem.id} ({len(group)} baris: {rows})",
                en=f"{first.problem.en} ({len(group)} rows: {rows})",
            )
            first = replace(first, problem=problem)
        result.append(first)
    return tuple(result)


def _fields(entries: Sequence[Entry], people: Sequence[Person]) -> frozenset[str]:
    columns = {field for entry in entries for field in entry.fields}
    found = {_FIELD_OF_COLUMN.get(field, field) for field in columns} - {""}
    found |= {"name"} | ({"longitude"} if "latitude" in found else set())
    found |= {
        f for f in ("unit", "sub_unit", "employment", "rank", "nip") if any(getattr(p, f) for p in people)
    }
    return frozenset(found)
