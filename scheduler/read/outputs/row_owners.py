"""Whose each row of an edited sheet is: the name and NIP that are seen there, else the hidden id.

Whoever sorts the visible columns alone leaves the hidden ids where they were. What a head sees and signs is the name,
so it counts; where name and NIP name two people, nobody can tell, and the row is a fault.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from scheduler.errors import Fault
from scheduler.language import Bilingual
from scheduler.problem import Person
from scheduler.read.files.cells import words_of
from scheduler.read.outputs.edited_grid import Grid, GridRow
from scheduler.read.staff_list.nip import read_id

NIP_DIGITS = 18


class RowOwners:
    """The people of one unit's sheet by row, and what is doubtful about it."""

    def __init__(self, grid: Grid, people: Sequence[Person], path: Path) -> None:
        self.faults: list[Fault] = []
        self.warnings: list[Fault] = []
        self._grid, self._path = grid, path
        self._people = {person.id: person for person in people}
        self._nips = {person.nip: person.id for person in people if person.nip}
        self._names: dict[str, set[str]] = defaultdict(set)
        for person in people:
            self._names[words_of(person.display_name)].add(person.id)
            self._names[words_of(person.name)].add(person.id)
        self.rows = self._assign()

    def _assign(self) -> dict[str, GridRow]:
        """Return the row of each person who has one."""
        found: dict[str, GridRow] = {}
        moved: list[GridRow] = []
        for row in self._grid.rows:
            owner = self._owner(row)
            if owner is None:
                continue
            if owner in found:
                there = found[owner].number
                self._fault(
                    row,
                    Bilingual(
                        id=f"orang ini sudah ada di baris {there}",
                        en=f"this person is in row {there} already",
                    ),
                    Bilingual(id="Hapus salah satu barisnya.", en="Delete one of the rows."),
                    self._people[owner].display_name,
                )
                continue
            found[owner] = row
            if row.person_id and row.person_id != owner:
                moved.append(row)
        if moved:
            self.warnings.append(self._moved(moved))
        return found

    def _owner(self, row: GridRow) -> str | None:
        """Return whose row it is, or None where it is nobody's, with a fault where it should be somebody's."""
        if not row.person_id and not row.says_something:
            return None  # totals, notes and the signature, which may well name the head
        nips = {self._nips[text] for text in map(_as_nip, row.shown) if text in self._nips}
        named = [ids for text in row.shown if (ids := self._names.get(words_of(text)))]
        names = set().union(*named) if nips else next(iter(named), set())
        if len(nips) > 1 or (nips and names and not nips & names):
            self._fault(
                row,
                Bilingual(id="nama dan NIP-nya milik dua orang", en="name and NIP are two people's"),
                Bilingual(
                    id="Samakan lagi, atau batalkan pengurutannya (Ctrl+Z) dan urutkan seluruh baris.",
                    en="Make them agree, or undo the sorting (Ctrl+Z) and sort whole rows.",
                ),
                ", ".join(row.shown),
            )
            return None
        seen = nips or names
        if row.person_id in seen or (not seen and row.person_id in self._people):
            return row.person_id
        if len(seen) == 1:
            return next(iter(seen))
        self._nobody(row, several=bool(seen))
        return None

    def _nobody(self, row: GridRow, *, several: bool) -> None:
        problem = (
            Bilingual(id="beberapa orang bernama begini", en="several people are called that")
            if several
            else Bilingual(
                id="baris ini bukan milik siapa pun di jadwal unit ini",
                en="the row is nobody's on this unit's roster",
            )
        )
        remedy = Bilingual(
            id="Kosongkan hari-harinya atau hapus barisnya; pegawai baru ditambahkan lewat daftar pegawai: "
            "giliran replan … --staff DAFTAR.",
            en="Clear its days or delete the row; new staff come by the staff list: giliran replan … --staff LIST.",
        )
        self._fault(row, problem, remedy, ", ".join(row.shown) or row.person_id)

    def _moved(self, rows: list[GridRow]) -> Fault:
        numbers = ", ".join(str(row.number) for row in rows[:6]) + (" …" if len(rows) > 6 else "")
        return Fault(
            file=str(self._path),
            sheet=self._grid.sheet,
            problem=Bilingual(
                id=f"nama yang terlihat bukan pemilik id tersembunyinya di {len(rows)} baris ({numbers}), seperti "
                "bila diurutkan tanpa kolom A; yang terlihat yang dipakai",
                en=f"the name shown is not the hidden id's in {len(rows)} row{'s' if len(rows) > 1 else ''} "
                f"({numbers}), as when sorted without column A; what is shown counts",
            ),
            warning=True,
        )

    def _fault(self, row: GridRow, problem: Bilingual, remedy: Bilingual, value: str) -> None:
        self.faults.append(
            Fault(
                file=str(self._path),
                sheet=self._grid.sheet,
                row=row.number,
                value=value,
                problem=problem,
                remedy=remedy,
            )
        )


def _as_nip(text: str) -> str:
    found = read_id(text).text
    return found if len(found) == NIP_DIGITS else ""
