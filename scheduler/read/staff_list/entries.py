"""One person's cells by field, with what merged cells, ditto marks and second rows lend to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from scheduler.read.files.cells import Cell, clean, lines_of, text_of, words_of
from scheduler.read.files.workbooks import Sheet
from scheduler.read.staff_list.headers import Header
from scheduler.read.staff_list.headings import Headings
from scheduler.read.staff_list.nip import read_id, split_name_and_id
from scheduler.read.staff_list.rows import GRADE, NAME_FIELDS, Row
from scheduler.read.staff_list.values import yes_or_no

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
_DITTO = frozenset(
    {'"', "''", "“", "”", "〃", "-//-", "sda", "s.d.a", "s.d.a.", "idem", "ditto", "sama dengan atas"}
)


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
class Merges:
    """What a sheet's merged cells do to the rows of a list.

    Attributes
    ----------
    lent : values by (row, column) that a cell merged downwards lends to the rows it covers.
    covered : rows whose name cell belongs to the row above.
    wide : rows with a cell merged over three columns or more.
    """

    lent: Mapping[tuple[int, int], Cell]
    covered: frozenset[int]
    wide: frozenset[int]


def merges_of(sheet: Sheet, header: Header) -> Merges:
    """Return what the merged cells beneath a header do."""
    lent: dict[tuple[int, int], Cell] = {}
    covered: set[int] = set()
    lends = {c.index for c in header.columns if c.field in _FILLED_DOWN}
    names = {c.index for f in NAME_FIELDS for c in header.of(f)}
    for top, left, bottom, right in sheet.merged:
        cells = sheet.rows[top] if top < len(sheet.rows) else ()
        value = cells[left] if left < len(cells) else None
        if top <= header.last or bottom == top or value is None:
            continue
        rows = range(top + 1, min(bottom + 1, len(sheet.rows)))
        if left in lends:
            lent.update(((row, left), value) for row in rows)
        if any(left <= c <= right for c in names):
            covered.update(rows)
    wide = frozenset(top for top, left, _, right in sheet.merged if right - left >= 2)
    return Merges(lent, frozenset(covered), wide)


def make_row(sheet: Sheet, header: Header, index: int, merges: Merges) -> Row:
    """Return a row's filled cells."""
    cells = {c: cell for c, cell in enumerate(sheet.rows[index]) if cell is not None and text_of(cell)}
    return Row(index, cells, header, bool(cells) and index in merges.covered, index in merges.wide)


def make_entry(sheet: Sheet, row: Row, merges: Merges, headings: Headings, last: Entry | None) -> Entry:
    """Return the entry of a person's row; ditto marks take the cell of `last`, the person above."""
    header = row.header
    indexes = (column.index for column in header.columns if column.field)
    lent = {c: value for c in indexes if (value := merges.lent.get((row.index, c))) is not None}
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
        elif name == "name_nip" and len(columns) > 1:
            value = whole.name_lines
        elif last is not None and name in _FILLED_DOWN and _is_ditto(value):
            value = last.cells.get(name)
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
        headed_unit=headings.unit,
        headed_sub_unit=headings.sub_unit,
        headed_employment=headings.employment or headings.titled_employment,
        titled_unit=headings.titled,
    )


def continue_entry(entry: Entry, row: Row) -> Entry:
    """Add the second row of a person: the NIP beneath the name, or text that goes on in the same column."""
    cells = dict(entry.cells)
    name, identity = split_name_and_id(row.name_lines)
    if identity:
        cells["nip"] = identity
    elif GRADE.match(name):
        cells.setdefault("grade", name)
    elif name and not row.continues:
        cells["name"] = f"{lines_of(cells.get('name'))} {name}"
    joint = " / " if row.continues else " "  # a second post beside a merged name; else text that was wrapped
    for column in row.header.columns:
        value = row.cells.get(column.index)
        if value is None or column.field in {"", *NAME_FIELDS, "number"}:
            continue
        before = cells.get(column.field)
        cells[column.field] = value if before is None else f"{text_of(before)}{joint}{text_of(value)}"
    return replace(entry, cells=cells, fields=entry.fields | ({"nip"} if identity else set()))


def identified(entry: Entry) -> bool:
    """Whether the entry has its NIP or id already."""
    if any(read_id(entry.cells.get(field)).kind != "none" for field in ("nip", "id") if field in entry.cells):
        return True
    name = next((entry.cells[f] for f in NAME_FIELDS if f in entry.cells), None)
    return bool(split_name_and_id(lines_of(name))[1])


def _is_ditto(cell: Cell) -> bool:
    return isinstance(cell, str) and (cell.strip().casefold() in _DITTO or words_of(cell) == "sda")
