"""Columns that a list has and nobody filled in, or only some rows of: what their empty cells are taken to say.

In a column of ticks an empty cell says no. Among words (Ya, Tidak) an empty cell may just be forgotten, and so may most
ticks where only few are set: it still says no, which is told. A column in which nothing stands at all says nothing about
anyone, and counts as one that the list does not have.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from scheduler.errors import Fault
from scheduler.language import Bilingual
from scheduler.read.files.cells import Cell, stated, text_of, words_of
from scheduler.read.staff_list.entries import Entry
from scheduler.read.staff_list.values import yes_or_no

_ABLE = "it_capable"


def settle_unfilled(entries: Sequence[Entry]) -> tuple[list[Entry], list[Fault]]:
    """Return the entries without the column of IT where it is blank from top to bottom, and what is doubtful in it."""
    with_column = [entry for entry in entries if _ABLE in entry.fields]
    said = [text for entry in with_column if (text := stated(text_of(entry.cells.get(_ABLE))))]
    if not with_column:
        return list(entries), []
    if not said:
        without = [
            replace(e, fields=e.fields - {_ABLE}, cells=_without(e.cells)) if _ABLE in e.fields else e
            for e in entries
        ]
        return without, [_blank(with_column[0])]
    empty = [entry for entry in with_column if not stated(text_of(entry.cells.get(_ABLE)))]
    by_ticks = not any(len(words_of(text)) > 1 or yes_or_no(text) is False for text in said)
    if by_ticks and len(said) >= len(empty):
        return list(entries), []
    return list(entries), [_partly(entry, len(said)) for entry in empty]


def _without(cells: Mapping[str, Cell]) -> dict[str, Cell]:
    return {field: cell for field, cell in cells.items() if field != _ABLE}


def _blank(first: Entry) -> Fault:
    return Fault(
        sheet=first.sheet,
        row=first.row,
        field=first.headers.get(_ABLE, ""),
        problem=Bilingual(
            id="kolom ini kosong bagi semua orang, jadi dianggap tidak ada: semua dianggap mampu TI",
            en="this column is empty for everybody and so counts as missing: everybody counts as able to use IT",
        ),
        remedy=Bilingual(
            id="Bila ada yang belum mampu, isi Ya atau Tidak.",
            en="If somebody is not able, fill in Ya or Tidak.",
        ),
        warning=True,
    )


def _partly(entry: Entry, said: int) -> Fault:
    return Fault(
        sheet=entry.sheet,
        row=entry.row,
        field=entry.headers.get(_ABLE, ""),
        problem=Bilingual(
            id=f"kosong, padahal bagi {said} orang lain terisi; yang kosong dianggap tidak mampu TI",
            en=f"empty, though filled in for {said} others; an empty cell counts as not able to use IT",
        ),
        remedy=Bilingual(
            id="Isi Ya atau Tidak pada setiap orang, atau kosongkan seluruh kolom bila semua mampu.",
            en="Fill in Ya or Tidak for everybody, or empty the whole column if all are able.",
        ),
        warning=True,
    )
