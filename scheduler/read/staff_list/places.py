"""Unit and part of the unit of every person, from columns, headings, the sheet's name or its title."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.errors import Fault
from scheduler.language import Bilingual
from scheduler.read.files.cells import stated, text_of, words_of
from scheduler.read.staff_list.entries import Entry
from scheduler.read.staff_list.units import section_kind

_UNIT_FIELDS = ("office", "unit", "institution")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person works; empty where the list does not say."""

    unit: str
    sub_unit: str


def places_of(entries: Sequence[Entry]) -> tuple[list[Place], list[Fault]]:
    """Return the place of each entry, in order, and what is doubtful about them.

    A blank unit cell continues the one above within the same heading; in a column that is otherwise filled in
    every row it is doubtful, and where the rows around it disagree it is a fault.
    """
    faults: list[Fault] = []
    filled = {field: _fill_units(entries, field, faults) for field in _UNIT_FIELDS}
    parts = _fill_parts(entries)
    unit_is_part = _only_parts(entries, filled["unit"])
    places = []
    for number, entry in enumerate(entries):
        office, unit, institution = (filled[field][number] for field in _UNIT_FIELDS)
        above = entry.headed_unit or entry.titled_unit
        if unit_is_part and (office or above):
            place = Place(office or above, parts[number] or unit)
        elif office and unit and words_of(office) != words_of(unit):
            place = Place(office, parts[number] or unit)
        else:
            place = Place(office or unit or above or institution, parts[number])
        places.append(place)
    return _one_spelling(entries, places, faults), _with_missing(entries, places, faults)


def _value(entry: Entry, field: str) -> str:
    return stated(text_of(entry.cells.get(field)))


def _fill_units(entries: Sequence[Entry], field: str, faults: list[Fault]) -> list[str]:
    values = [_value(entry, field) for entry in entries]
    dense = any(a and a == b for a, b in itertools.pairwise(values))
    result: list[str] = []
    for number, entry in enumerate(entries):
        value = values[number]
        above = entries[number - 1] if number else None
        same = above is not None and above.sheet == entry.sheet and above.headed_unit == entry.headed_unit
        if not value and field in entry.fields and same and result[-1]:
            value = result[-1]
            if dense and value:
                after = next((v for v in values[number + 1 :] if v), value)
                if after == value or entry.headed_unit:
                    faults.append(_blank(entry, field, value, warning=True))
                else:
                    faults.append(_blank(entry, field, "", warning=False))
        elif not value and field in entry.fields and field != "institution":
            value = entry.headed_unit
        result.append(value)
    return result


def _fill_parts(entries: Sequence[Entry]) -> list[str]:
    """Return the sub-unit of each entry; blanks continue the one above only where no value is ever repeated."""
    field = "sub_unit" if any("sub_unit" in e.fields for e in entries) else "section"
    values = [_value(entry, field) for entry in entries]
    blanks = sum(1 for e in entries if e.cells.get(field) is None)
    named = sum(1 for v in values if v)
    repeats = any(a and a == b for a, b in itertools.pairwise(values))
    blocks = bool(named) and not repeats and blanks > named
    result: list[str] = []
    for number, entry in enumerate(entries):
        above = entries[number - 1] if number else None
        value = values[number]
        if not value and blocks and above is not None and _same_block(above, entry):
            value = result[-1]
        result.append(value or ("" if entry.cells.get(field) is not None else entry.headed_sub_unit))
    return result


def _same_block(above: Entry, entry: Entry) -> bool:
    if above.sheet != entry.sheet or above.headed_unit != entry.headed_unit:
        return False
    return all(_value(entry, f) in {"", _value(above, f)} for f in _UNIT_FIELDS)


def _only_parts(entries: Sequence[Entry], units: Sequence[str]) -> bool:
    """Whether the column "Unit Kerja" holds only parts of an office (Bidang, Seksi, Sekretariat)."""
    named = {u for u in units if u}
    return bool(named) and all(section_kind(unit) == "sub_unit" for unit in named)


def _one_spelling(entries: Sequence[Entry], places: list[Place], faults: list[Fault]) -> list[Place]:
    """Write one unit one way: the first spelling wins over others that differ in case or spaces only."""
    first: dict[str, str] = {}
    told: set[str] = set()
    result = []
    for entry, place in zip(entries, places, strict=True):
        usual = first.setdefault(words_of(place.unit), place.unit)
        if usual != place.unit and place.unit not in told:
            told.add(place.unit)
            faults.append(
                Fault(
                    problem=Bilingual(
                        id=f"nama unit ini ditulis dengan dua cara; dipakai “{usual}”",
                        en=f"this unit is written in two ways; “{usual}” is used",
                    ),
                    sheet=entry.sheet,
                    row=entry.row,
                    value=place.unit,
                    warning=True,
                )
            )
        result.append(Place(usual, place.sub_unit))
    return result


def _with_missing(entries: Sequence[Entry], places: Sequence[Place], faults: list[Fault]) -> list[Fault]:
    missing = [entry for entry, place in zip(entries, places, strict=True) if not place.unit]
    if missing:
        faults.append(
            Fault(
                problem=Bilingual(
                    id=f"unit kerja tidak disebut untuk {len(missing)} orang, mulai baris ini; dibiarkan kosong",
                    en=f"no unit is named for {len(missing)} people, from this row on; left empty",
                ),
                sheet=missing[0].sheet,
                row=missing[0].row,
                remedy=Bilingual(
                    id="Tambahkan kolom Unit Kerja, atau beri nama lembar dengan nama unitnya.",
                    en="Add a column Unit Kerja, or name the sheet after the unit.",
                ),
                warning=True,
            )
        )
    return faults


def _blank(entry: Entry, field: str, value: str, *, warning: bool) -> Fault:
    if warning:
        problem = Bilingual(
            id=f"unit kerja kosong; dianggap sama dengan baris di atasnya, “{value}”",
            en=f"the unit is blank; taken to be that of the row above, “{value}”",
        )
    else:
        problem = Bilingual(
            id="unit kerja kosong, dan baris di atas dan di bawahnya berbeda unit",
            en="the unit is blank, and the rows above and below it belong to different units",
        )
    return Fault(
        problem=problem,
        sheet=entry.sheet,
        row=entry.row,
        field=entry.headers.get(field, ""),
        remedy=Bilingual(id="Isi unit kerjanya.", en="Fill in the unit."),
        warning=warning,
    )
