"""Reads the cells of one person's entry and collects what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from scheduler.errors import Fault
from scheduler.language import Bilingual
from scheduler.read.files.cells import Unreadable, stated, text_of
from scheduler.read.staff_list.entries import Entry
from scheduler.read.staff_list.values import YES_WORDS

_T = TypeVar("_T")
FILL_IN = Bilingual(id="Perbaiki isinya.", en="Correct the cell.")
_EMPTY = Bilingual(id="dibiarkan kosong", en="left empty")

_YES_NO = Bilingual(id=YES_WORDS, en=YES_WORDS)
ALLOWED = {
    "it_capable": _YES_NO,
    "monitor": _YES_NO,
    "echelon": Bilingual(id="I.a sampai V.a, atau -", en="I.a to V.a, or -"),
    "sex": Bilingual(id="L atau P", en="L or P"),
    "phone": Bilingual(id="nomor seperti 0812…, 62812…", en="a number such as 0812…, 62812…"),
    "joins": Bilingual(id="tanggal seperti 3/8/2021", en="a date such as 3/8/2021, day first"),
    "leaves": Bilingual(id="tanggal seperti 3/8/2021", en="a date such as 3/8/2021, day first"),
    "latitude": Bilingual(id="derajat, −90 sampai 90", en="degrees, −90 to 90"),
    "longitude": Bilingual(id="derajat, −180 sampai 180", en="degrees, −180 to 180"),
}


class CellReader:
    """Reads the cells of one entry and collects what is wrong with them."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.faults: list[Fault] = []

    def text(self, field: str) -> str:
        """Return what the field's cell says on one line; empty where it says nothing."""
        return stated(text_of(self.entry.cells.get(field)))

    def has(self, *fields: str) -> bool:
        """Whether the list has a column for one of the fields."""
        return any(field in self.entry.fields for field in fields)

    def add(
        self,
        field: str,
        problem: Bilingual,
        *,
        allowed: Bilingual | None = None,
        remedy: Bilingual | None = None,
        value: str | None = None,
        warning: bool = False,
    ) -> None:
        """Note a fault, or a warning, in the field's cell; `value` where not the whole cell is meant."""
        shown = text_of(self.entry.cells.get(field)) if value is None else value
        header = self.entry.headers.get(field, "")
        self.faults.append(
            Fault(
                problem=problem, sheet=self.entry.sheet, row=self.entry.row, field=header, value=shown,
                allowed=allowed, remedy=remedy, warning=warning,
            )
        )  # fmt: skip

    def parse(
        self,
        field: str,
        read: Callable[[str], _T | None],
        empty: _T,
        what: Bilingual,
        *,
        warning: bool = False,
    ) -> _T:
        """Return the field read by `read`, or `empty` and a fault where it cannot be."""
        value = read(text_of(self.entry.cells.get(field)))
        if value is not None:
            return value
        problem = Bilingual(id=f"{what.id} tidak terbaca", en=f"{what.en} cannot be read")
        if warning:
            problem = Bilingual(id=f"{problem.id}; {_EMPTY.id}", en=f"{problem.en}; {_EMPTY.en}")
        self.add(field, problem, allowed=ALLOWED.get(field), remedy=FILL_IN, warning=warning)
        return empty


def refuse_unreadable(reader: CellReader) -> None:
    """Note the cells whose value the file does not hold."""
    for field, cell in sorted(reader.entry.cells.items()):
        if isinstance(cell, Unreadable) and field != "number":
            if cell.kind == "formula":
                problem = Bilingual(
                    id="rumus ini tidak tersimpan nilainya", en="the formula has no stored value"
                )
            else:
                problem = Bilingual(id="sel ini berisi galat", en="the cell holds an error")
            remedy = Bilingual(
                id="Buka dan simpan di Excel, atau tempel sebagai nilai.",
                en="Open and save it in Excel, or paste it as a value.",
            )
            reader.add(field, problem, remedy=remedy)
