"""Walks a sheet from its header down and hands on every person's cells with what the headings say about them."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from scheduler.errors import Fault
from scheduler.language import Bilingual
from scheduler.read.files.cells import clean, stated, text_of, words_of
from scheduler.read.files.workbooks import Sheet
from scheduler.read.staff_list.aliases import ALIASES
from scheduler.read.staff_list.entries import (
    Entry,
    continue_entry,
    identified,
    make_entry,
    make_row,
    merges_of,
)
from scheduler.read.staff_list.headers import Column, Header, find_header
from scheduler.read.staff_list.headings import Headings
from scheduler.read.staff_list.rows import NAME_FIELDS, Row, RowKind, kind_of
from scheduler.read.staff_list.titles import employment_above, row_text, unit_above

_MAY_REPEAT = frozenset({"", "phone", "number", "grade", "note", "name_nip", "tags"})

SKIPPED: Mapping[str, Bilingual] = {
    "numbering": Bilingual(id="nomor kolom", en="column numbers"),
    "header": Bilingual(id="kepala tabel diulang", en="header printed again"),
    "title": Bilingual(id="judul", en="title"),
    "total": Bilingual(id="baris jumlah", en="total"),
    "page": Bilingual(id="keterangan halaman", en="page footer"),
    "note": Bilingual(id="catatan kaki", en="footnote"),
    "signature": Bilingual(id="blok tanda tangan", en="signature block"),
    "empty_number": Bilingual(id="hanya nomor urut", en="a running number and nothing else"),
    "vacant": Bilingual(id="jabatan kosong", en="vacant post"),
    "continuation": Bilingual(id="lanjutan baris di atasnya", en="continues the row above"),
}


@dataclass(frozen=True)
class SheetReading:
    """What was recognised on one sheet, for people to check.

    Attributes
    ----------
    header_rows : first and last row of the header (1-based); (0, 0) where there is none.
    columns : printed header and field, left to right.
    ignored : printed headers that are not read.
    people : how many persons were found.
    sections : row, text and kind of each heading.
    skipped : row, text and reason of every other row that is no person.
    why_skipped : why the whole sheet was left out, or None.
    """

    sheet: str
    header_rows: tuple[int, int] = (0, 0)
    columns: tuple[tuple[str, str], ...] = ()
    ignored: tuple[str, ...] = ()
    people: int = 0
    sections: tuple[tuple[int, str, str], ...] = ()
    skipped: tuple[tuple[int, str, Bilingual], ...] = ()
    why_skipped: Bilingual | None = None


@dataclass
class _Walk:
    """The growing result for one sheet."""

    sheet: Sheet
    headings: Headings
    closing: bool = False
    last: Entry | None = None
    entries: list[Entry] = field(default_factory=list)
    sections: list[tuple[int, str, str]] = field(default_factory=list)
    skipped: list[tuple[int, str, Bilingual]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def skip(self, index: int, kind: str) -> None:
        """Note a row that is no person, with why."""
        self.skipped.append((index + 1, row_text(self.sheet, index), SKIPPED[kind]))


def read_layout(sheet: Sheet) -> tuple[tuple[Entry, ...], SheetReading, tuple[Fault, ...]]:
    """Return the people of a sheet, what was recognised, and the faults and warnings of its layout.

    A sheet without a header gives a reading with `why_skipped` and no people.
    """
    headers = list(_headers(sheet))
    if not headers:
        why = Bilingual(
            id="tidak ada baris kepala dengan kolom nama", en="no header row with a column of names"
        )
        return (), SheetReading(sheet.name, why_skipped=why), ()
    above = headers[0].first
    headings = Headings(titled=unit_above(sheet, above), titled_employment=employment_above(sheet, above))
    walk = _Walk(sheet, headings)
    ends = [*(header.first for header in headers[1:]), len(sheet.rows)]
    for number, (header, end) in enumerate(zip(headers, ends, strict=True)):
        if number:
            for index in range(header.first, header.last + 1):
                walk.skip(index, "header")
        _read_block(walk, header, end)
        walk.faults += _doubtful_columns(sheet, header, end)
    faults = tuple(replace(fault, sheet=sheet.name) for fault in walk.faults)
    return tuple(walk.entries), _reading(headers, walk), faults


def _headers(sheet: Sheet) -> Iterator[Header]:
    start, seen = 0, False
    while (header := find_header(sheet, start, strict=seen)) is not None:
        yield header
        start, seen = header.last + 1, True


def _read_block(walk: _Walk, header: Header, end: int) -> None:
    """Read the rows beneath one header, up to the next header or the sheet's end."""
    walk.closing, walk.last = False, None
    walk.headings.has_units = bool(header.fields & {"unit", "office"})
    merges = merges_of(walk.sheet, header)
    for index in range(header.last + 1, end):
        row = make_row(walk.sheet, header, index, merges)
        waiting = walk.last is not None and not identified(walk.last)
        kind = kind_of(row, after_person=waiting, closing=walk.closing)
        if kind == "person":
            walk.closing = False
            walk.last = make_entry(walk.sheet, row, merges, walk.headings, walk.last)
            walk.entries.append(walk.last)
        elif kind == "continuation" and walk.last is not None:
            walk.last = walk.entries[-1] = continue_entry(walk.last, row)
            walk.skip(index, kind)
        elif kind in {"nameless", "unknown", "continuation"}:
            walk.faults.append(_not_understood(row, kind))
        elif kind != "blank":
            _take_marginal(walk, row, kind)


def _take_marginal(walk: _Walk, row: Row, kind: RowKind) -> None:
    """Take a row that is nobody: a heading, a title, or something to skip."""
    if kind == "section":
        says, doubt = walk.headings.take(row)
        walk.faults += [doubt] if doubt else []
        walk.sections.append((row.index + 1, " ".join(row.texts), says))
        walk.last = None
    elif kind == "unit_label":
        walk.sections.append((row.index + 1, " ".join(row.texts), walk.headings.take_label(row)))
        walk.last = None
    else:
        if kind == "title":
            walk.headings.take_title(row)
            walk.last = None
        walk.closing = walk.closing or kind in {"signature", "note"}
        walk.skip(row.index, kind)


def _not_understood(row: Row, kind: RowKind) -> Fault:
    name_column = next((clean(c.header) for f in NAME_FIELDS for c in row.header.of(f)), "")
    if kind == "nameless":
        problem = Bilingual(id="baris ini berisi data tetapi tanpa nama", en="the row has data but no name")
        remedy = Bilingual(id="Isi namanya, atau hapus barisnya.", en="Fill in the name, or delete the row.")
    else:
        problem = Bilingual(
            id="baris ini bukan orang dan bukan judul bagian yang dikenal",
            en="the row is neither a person nor a known kind of heading",
        )
        remedy = Bilingual(
            id="Bila orang, isi NIP, nomor urut, atau jabatannya; bila bukan, hapus barisnya.",
            en="If it is a person, fill in NIP, running number or post; if not, delete the row.",
        )
    return Fault(
        problem=problem,
        row=row.index + 1,
        field=name_column,
        value=" | ".join(row.texts),
        remedy=remedy,
    )


def _doubtful_columns(sheet: Sheet, header: Header, end: int) -> list[Fault]:
    """Return what is doubtful about the columns: two for one field, or a header spelt almost like a known one."""
    faults = []
    for name in sorted(header.fields - _MAY_REPEAT):
        columns = [column for column in header.of(name) if not column.constant]
        for other in columns[1:]:
            row = _first_difference(sheet, range(header.last + 1, end), columns[0], other)
            if row is not None:
                faults.append(_two_columns(header, name, columns[0], other, row))
    for column in header.columns:
        near = difflib.get_close_matches(words_of(column.header), ALIASES, 1, 0.84)
        if not column.field and near and len(near[0]) > 4 and words_of(column.header) not in _NOT_MEANT:
            problem = Bilingual(
                id=f"kolom ini tidak dibaca; apakah yang dimaksud “{near[0]}”?",
                en=f"this column is not read; is “{near[0]}” meant?",
            )
            faults.append(
                Fault(problem=problem, row=header.last + 1, field=clean(column.header), warning=True)
            )
    return faults


_NOT_MEANT = frozenset({"jabatan lama", "unit kerja lama", "nip lama", "no karpeg"})


def _first_difference(sheet: Sheet, rows: range, one: Column, other: Column) -> int | None:
    for index in rows:
        cells = sheet.rows[index]
        if max(one.index, other.index) < len(cells):
            a, b = (stated(text_of(cells[column.index])) for column in (one, other))
            if a and b and words_of(a) != words_of(b) and words_of(a) != words_of(one.header):
                return index + 1
    return None


def _two_columns(header: Header, name: str, one: Column, other: Column, row: int) -> Fault:
    grave = name in {*NAME_FIELDS, "nip"}
    return Fault(
        problem=Bilingual(
            id=f"dua kolom terbaca sebagai {name}: “{clean(one.header)}” dan “{clean(other.header)}”"
            + ("" if grave else "; yang kedua hanya dipakai bila yang pertama kosong"),
            en=f"two columns are read as {name}: “{clean(one.header)}” and “{clean(other.header)}”"
            + ("" if grave else "; the second only where the first is empty"),
        ),
        row=row,
        field=clean(other.header),
        remedy=Bilingual(
            id="Ganti nama salah satu kolom, atau pindahkan daftar kedua ke lembar lain.",
            en="Rename one of the columns, or move the second list to a sheet of its own.",
        )
        if grave
        else None,
        warning=not grave,
    )


def _reading(headers: Sequence[Header], walk: _Walk) -> SheetReading:
    first = headers[0]
    columns = list(dict.fromkeys((clean(c.header), c.field) for header in headers for c in header.columns))
    return SheetReading(
        sheet=walk.sheet.name,
        header_rows=(first.first + 1, first.last + 1),
        columns=tuple((header, name) for header, name in columns if name),
        ignored=tuple(header for header, name in columns if not name),
        people=len(walk.entries),
        sections=tuple(walk.sections),
        skipped=tuple(walk.skipped),
    )
