"""What the heading rows between people say about the people beneath them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from scheduler.errors import Fault
from scheduler.language import Bilingual
from scheduler.read.staff_list.rows import Row, heading_text
from scheduler.read.staff_list.units import labelled_unit, section_kind, unit_class_of, unit_in_title

Says = Literal["unit", "sub_unit", "employment", "group"]


@dataclass
class Headings:
    """What the headings so far say; `titled` and `titled_employment` hold for the whole table.

    `has_units` is whether a column names the unit.
    """

    titled: str = ""
    titled_employment: str = ""
    unit: str = ""
    sub_unit: str = ""
    employment: str = ""
    has_units: bool = False
    _unit_style: str = ""

    def take(self, row: Row) -> tuple[Says, Fault | None]:
        """Let a heading row speak; return what it says, and a warning where its words do not tell."""
        enumerator, words = heading_text(row)
        style = _style(enumerator)
        says, doubt = self._says(words, style)
        if says == "unit":
            self.unit, self.sub_unit, self._unit_style = words, "", style
        elif says == "sub_unit":
            self.sub_unit = words
        elif says == "employment":
            self.employment = words
        return says, _doubtful(row, says) if doubt else None

    def take_label(self, row: Row) -> Says:
        """Let a row such as "Unit Kerja : Dinas X" speak."""
        self.unit, self.sub_unit = labelled_unit(" ".join(row.texts)) or "", ""
        return "unit"

    def take_title(self, row: Row) -> None:
        """Let a title in the midst of the list, which begins another table, speak."""
        unit = unit_in_title(" ".join(row.texts))
        if unit:
            self.titled, self.unit, self.sub_unit = unit, "", ""

    def _says(self, words: str, style: str) -> tuple[Says, bool]:
        kind = section_kind(words)
        known = self.unit or self.titled
        nested = bool(known) and style != self._unit_style
        if kind == "unit" and unit_class_of(words) == "bagian" and nested:
            return ("unit" if unit_class_of(known) in {"sekretariat", ""} else "sub_unit"), False
        if kind:
            return kind, False
        return ("sub_unit" if nested or self.titled or self.has_units else "unit"), True


def _style(enumerator: str) -> str:
    if not enumerator:
        return ""
    if enumerator.isdigit():
        return "number"
    return "roman" if re.fullmatch(r"[IVXLC]+", enumerator) else "letter"


def _doubtful(row: Row, says: Says) -> Fault:
    what = (
        Bilingual(id="unit", en="unit")
        if says == "unit"
        else Bilingual(id="bagian unit", en="part of the unit")
    )
    return Fault(
        problem=Bilingual(
            id=f"judul bagian ini tidak jelas; dibaca sebagai nama {what.id}",
            en=f"this heading is unclear; read as the name of a {what.en}",
        ),
        row=row.index + 1,
        value=" ".join(row.texts),
        warning=True,
    )
