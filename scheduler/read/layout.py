"""Walks a sheet from its header down and hands on every person's cells with what the headings say about them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from scheduler.errors import Fault
from scheduler.language import Bilingual
from scheduler.read.cells import Cell, clean, lines_of, stated, text_of, words_of
from scheduler.read.headers import Header, find_header
from scheduler.read.nip import split_name_and_id
from scheduler.read.rows import NAME_FIELDS, Row, RowKind, heading_text, kind_of
from scheduler.read.units import labelled_unit, section_kind, unit_class_of, unit_in_title
from scheduler.read.values import yes_or_no
from scheduler.read.workbooks import Sheet

_GENERIC_SHEET = re.compile(
    r"(?:sheet|lembar|lembar kerja|worksheet|table|tabel|daftar|data|pegawai|asn|pns|non|pppk|nominatif|duk|rekap|rekapitulasi|"
    r"lampiran|staff?|list|all|semua|master|db|database|staf|nama|dan|export|hasil|januari|februari|maret|april|mei|"
    r"juni|juli|agustus|september|oktober|november|desember|tahun|ptt|tkd|thl|honorer|kontrak|tenaga|cpns|baru|fix|"
    r"final|update|revisi|copy|of|salinan|seluruh|total|gabungan|wfh|wfo|piket|\d+)"
    r"(?: (?=.)|$)"
)
_FILLED_DOWN = frozenset(
    [
        "office",
        "unit",
        "institution",
        "sub_unit",
        "section",
        "employment",
        "position_kind",
        "standing",
        "supervisor",
        "supervisor_nip",
        "rank",
        "echelon",
        "grade",
        "grade_title",
        "position",
    ]
)

SKIPPED: Mapping[str, Bilingual] = {
    "numbering": Bilingual(id="nomor kolom", en="column numbers"),
    "header": Bilingual(id="kepala tabel diulang", en="header printed again"),
    "title": Bilingual(id="judul", en="title"),
    "total": Bilingual(id="baris jumlah", en="total"),
    "page": Bilingual(id="keterangan halaman", en="page footer"),
    "note": Bilingual(id="catatan kaki", en="footnote"),
    "signature": Bilingual(id="blok tanda tangan", en="signature block"),
    "empty_number": Bilingual(id="hanya nomor urut", en="a running number and nothing else"),
    "continuation": Bilingual(id="lanjutan baris di atasnya", en="continues the row above"),
}


@dataclass(frozen=True)
class Entry:
    """One person's cells by field, and what the headings around them say.

    `cells` keeps cells as the file has them; `headers` is the printed header of each field.
    `headed` is the unit of the nearest heading, `titled` that of the sheet's name or title.
    """

    sheet: str
    row: int
    cells: Mapping[str, Cell]
    headers: Mapping[str, str]
    fields: frozenset[str]
    headed_unit: str = ""
    headed_sub_unit: str = ""
    headed_employment: str = ""
    titled_unit: str = ""


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
class _State:
    """What the headings so far say, and whether a signature block has begun."""

    titled: str = ""
    unit: str = ""
    sub_unit: str = ""
    employment: str = ""
    unit_style: str = ""
    closing: bool = False
    last: Entry | None = None


@dataclass
class _Sheet:
    """The growing result for one sheet."""

    entries: list[Entry] = field(default_factory=list)
    sections: list[tuple[int, str, str]] = field(default_factory=list)
    skipped: list[tuple[int, str, Bilingual]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


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
    found, state = _Sheet(), _State(titled=_unit_above(sheet, headers[0].first))
    ends = [*(h.first for h in headers[1:]), len(sheet.rows)]
    for number, (header, end) in enumerate(zip(headers, ends, strict=True)):
        if number:
            _begin_block(sheet, headers[number - 1], header, found, state)
        _read_block(sheet, header, end, found, state)
    return tuple(found.entries), _reading(sheet, headers, found), tuple(found.faults)


def _headers(sheet: Sheet) -> Iterator[Header]:
    start, seen = 0, False
    while (header := find_header(sheet, start, strict=seen)) is not None:
        yield header
        start, seen = header.last + 1, True


def _begin_block(sheet: Sheet, previous: Header, header: Header, found: _Sheet, state: _State) -> None:
    """Note a header further down; where its columns differ it begins another table."""
    for row in range(header.first, header.last + 1):
        found.skipped.append((row + 1, _row_text(sheet, row), SKIPPED["header"]))
    state.closing, state.last = False, None


def _read_block(sheet: Sheet, header: Header, end: int, found: _Sheet, state: _State) -> None:
    filled, covered = _merges(sheet, header)
    for index in range(header.last + 1, end):
        row = _row(sheet, header, index, covered)
        last = state.last
        waiting = last is not None and not (last.cells.get("nip") or last.cells.get("id"))
        kind = kind_of(row, after_person=waiting, closing=state.closing)
        if kind == "blank":
            continue
        if kind == "person":
            state.closing = False
            state.last = _entry(sheet, header, row, filled, state)
            found.entries.append(state.last)
        elif kind == "continuation" and state.last is not None:
            state.last = _continue(state.last, row, found)
            found.entries[-1] = state.last
        elif kind in {"section", "unit_label"}:
            _head(row, kind, found, state)
            state.last = None
        elif kind == "title":
            _retitle(row, found, state)
        elif kind in {"nameless", "unknown", "continuation"}:
            found.faults.append(_not_understood(sheet, row, kind, header))
        else:
            state.closing = state.closing or kind == "signature"
            found.skipped.append((index + 1, " | ".join(row.texts), SKIPPED[kind]))


def _row(sheet: Sheet, header: Header, index: int, covered: Mapping[tuple[int, int], int]) -> Row:
    cells = {c: cell for c, cell in enumerate(sheet.rows[index]) if cell is not None and text_of(cell)}
    continues = any((index, c.index) in covered for f in NAME_FIELDS for c in header.of(f))
    wide = any(top == index and right - left >= 2 for top, left, _, right in _rows_merged(sheet, index))
    return Row(index, cells, header, continues and bool(cells), wide)


def _rows_merged(sheet: Sheet, index: int) -> list[tuple[int, int, int, int]]:
    return (
        [m for m in sheet.merged if m[0] <= index <= m[2]]
        if len(sheet.merged) < 200
        else [m for m in sheet.merged if m[0] == index]
    )


def _merges(sheet: Sheet, header: Header) -> tuple[dict[tuple[int, int], Cell], dict[tuple[int, int], int]]:
    """Return the values that merged cells lend to the rows they cover, and the rows covered in name columns."""
    filled: dict[tuple[int, int], Cell] = {}
    covered: dict[tuple[int, int], int] = {}
    lends = {c.index for c in header.columns if c.field in _FILLED_DOWN}
    names = {c.index for f in NAME_FIELDS for c in header.of(f)}
    for top, left, bottom, right in sheet.merged:
        if top <= header.last or bottom == top:
            continue
        cells = sheet.rows[top] if top < len(sheet.rows) else ()
        value = cells[left] if left < len(cells) else None
        for row in range(top + 1, min(bottom + 1, len(sheet.rows))):
            if left in lends and value is not None:
                filled[row, left] = value
            if any(left <= c <= right for c in names) and value is not None:
                covered[row, next(c for c in names if left <= c <= right)] = top
    return filled, covered


def _entry(
    sheet: Sheet, header: Header, row: Row, filled: Mapping[tuple[int, int], Cell], state: _State
) -> Entry:
    lent = {
        c: value
        for c in (col.index for col in header.columns)
        if (value := filled.get((row.index, c))) is not None
    }
    whole = Row(row.index, {**lent, **row.cells}, header)
    cells: dict[str, Cell] = {}
    headers: dict[str, str] = {}
    for name in header.fields:
        columns = header.of(name)
        headers[name] = clean(columns[0].header)
        value = whole.cell(name)
        marked = [c.constant for c in columns if c.constant and yes_or_no(text_of(whole.cells.get(c.index)))]
        if value is None and marked:
            value = " & ".join(marked)
        if value is not None:
            cells[name] = value
            headers[name] = next(
                (clean(c.header) for c in columns if whole.cells.get(c.index) is value), headers[name]
            )
    return Entry(
        sheet=sheet.name,
        row=row.index + 1,
        cells=cells,
        headers=headers,
        fields=header.fields,
        headed_unit=state.unit,
        headed_sub_unit=state.sub_unit,
        headed_employment=state.employment,
        titled_unit=state.titled,
    )


def _continue(entry: Entry, row: Row, found: _Sheet) -> Entry:
    """Add the second row of a person: the NIP beneath the name, or text that goes on in the same column."""
    cells = dict(entry.cells)
    name, identity = split_name_and_id(row.name_lines)
    if identity:
        cells["nip"] = identity
    elif name and not row.continues:
        cells["name"] = f"{lines_of(cells.get('name'))} {name}"
    for column in row.header.columns:
        value = row.cells.get(column.index)
        if value is None or column.field in {"", *NAME_FIELDS, "number"}:
            continue
        before = cells.get(column.field)
        cells[column.field] = value if before is None else f"{text_of(before)} {text_of(value)}"
    found.skipped.append((row.index + 1, " | ".join(row.texts), SKIPPED["continuation"]))
    return replace(entry, cells=cells, fields=entry.fields | ({"nip"} if identity else set()))


def _head(row: Row, kind: RowKind, found: _Sheet, state: _State) -> None:
    """Let a heading say the unit, the part of a unit, or the employment of the rows beneath."""
    enumerator, words = (
        heading_text(row) if kind == "section" else ("", labelled_unit(" ".join(row.texts)) or "")
    )
    style = _style(enumerator)
    says = section_kind(words)
    known = state.unit or state.titled
    if not says:
        says = "sub_unit" if state.unit and style != state.unit_style else "unit"
    if says == "unit" and unit_class_of(words) == "bagian" and known and style != state.unit_style:
        says = "unit" if unit_class_of(known) in {"sekretariat", ""} else "sub_unit"
    if says == "unit":
        state.unit, state.sub_unit, state.unit_style = words, "", style
    elif says == "sub_unit":
        state.sub_unit = words
    else:
        state.employment = words
    found.sections.append((row.index + 1, " ".join(row.texts), says))


def _style(enumerator: str) -> str:
    if not enumerator:
        return ""
    if enumerator.isdigit():
        return "number"
    return "roman" if re.fullmatch(r"[IVXLC]+", enumerator) else "letter"


def _retitle(row: Row, found: _Sheet, state: _State) -> None:
    unit = unit_in_title(" ".join(row.texts))
    if unit:
        state.titled = unit
        state.unit = state.sub_unit = ""
    state.last = None
    found.skipped.append((row.index + 1, " | ".join(row.texts), SKIPPED["title"]))


def _unit_above(sheet: Sheet, end: int) -> str:
    """Return the unit that stands above the header or in the sheet's name; empty where neither names one."""
    labelled = titled = ""
    for index in range(end):
        text = _row_text(sheet, index, " ")
        labelled = stated(labelled_unit(text) or "") or labelled
        titled = unit_in_title(text) or titled
    named = "" if _is_generic(sheet.name) else clean(sheet.name)
    if labelled:
        return named if words_of(labelled) == words_of(named) else labelled
    if named and titled and _title_is_fuller(named, titled):
        return titled
    return named or titled


def _title_is_fuller(named: str, titled: str) -> bool:
    """Whether the sheet's name is only a stump of the title: cut at Excel's 31 letters, or no office's name."""
    if len(named) >= 31 and words_of(titled).startswith(words_of(named)):
        return True
    return not unit_class_of(named)


def _is_generic(name: str) -> bool:
    words = re.sub(r"([a-z])(\d)", r"\1 \2", words_of(name))
    while match := _GENERIC_SHEET.match(words):
        words = words[match.end() :]
    return not words.strip()


def _row_text(sheet: Sheet, index: int, joint: str = " | ") -> str:
    return joint.join(text for cell in sheet.rows[index] if (text := text_of(cell)))


def _not_understood(sheet: Sheet, row: Row, kind: RowKind, header: Header) -> Fault:
    name_column = next((clean(c.header) for f in NAME_FIELDS for c in header.of(f)), "")
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
        sheet=sheet.name,
        row=row.index + 1,
        field=name_column,
        value=" | ".join(row.texts),
        remedy=remedy,
    )


def _reading(sheet: Sheet, headers: Sequence[Header], found: _Sheet) -> SheetReading:
    first = headers[0]
    return SheetReading(
        sheet=sheet.name,
        header_rows=(first.first + 1, first.last + 1),
        columns=tuple((clean(c.header), c.field) for c in first.columns if c.field),
        ignored=tuple(clean(c.header) for c in first.columns if not c.field),
        people=len(found.entries),
        sections=tuple(found.sections),
        skipped=tuple(found.skipped),
    )
