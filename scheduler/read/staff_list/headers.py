"""Finds the header of a list by the meaning of its cells: one to four rows, anywhere, in any order of columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from scheduler.read.files.cells import Cell, lines_of, text_of, words_of
from scheduler.read.files.workbooks import Sheet
from scheduler.read.staff_list.aliases import ALIASES, ENUMERATED, HOSTS, PREFERENCE, UNREAD
from scheduler.read.staff_list.values import employment_of

MOST_DEPTH = 4
_NAME_FIELDS = frozenset({"name", "name_nip", "plain_name"})
_NOISE = frozenset(
    [
        "pegawai",
        "asn",
        "pns",
        "pppk",
        "cpns",
        "non",
        "terakhir",
        "sekarang",
        "saat",
        "ini",
        "lengkap",
        "baru",
        "wajib",
        "diisi",
        "yang",
        "bersangkutan",
        "sesuai",
        "masing",
        "dan",
        "serta",
    ]
)
"""Words that offices add to a header without changing what it means."""
_NAME_PART = re.compile(r"nam|n a m|pegawai|employee|staff", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Column:
    """What one column means: its header as printed, its field ("" where it is not read), and `constant`,
    the value that a mark in this column stands for."""

    index: int
    header: str
    field: str
    constant: str = ""
    preference: int = 0


@dataclass(frozen=True)
class Header:
    """The header rows `first` to `last` (from 0) and the meaning of every column that has a header."""

    first: int
    last: int
    columns: tuple[Column, ...]

    def of(self, field: str) -> tuple[Column, ...]:
        """Return the columns of a field, the preferred one first."""
        return self._by_field.get(field, ())

    @cached_property
    def fields(self) -> frozenset[str]:
        """The fields that the header carries."""
        return frozenset(self._by_field)

    @cached_property
    def _by_field(self) -> dict[str, tuple[Column, ...]]:
        ordered = sorted((c for c in self.columns if c.field), key=lambda c: c.preference)
        return {field: tuple(c for c in ordered if c.field == field) for field in {c.field for c in ordered}}


@lru_cache(maxsize=4096)
def field_of(header: str) -> str:
    """Return the field that a header names, `unread` for headers known and left unread, else nothing.

    Examples
    --------
    >>> field_of("N I P"), field_of("Pangkat/Gol. Ruang"), field_of("NIP (18 digit)"), field_of("Hobi")
    ('nip', 'grade', 'nip', '')
    """
    for text in (header, _without_parentheses(header)):
        words = words_of(text)
        if words in ALIASES:
            return ALIASES[words]
        if words in UNREAD:
            return "unread"
    plain = " ".join(word for word in words_of(_without_parentheses(header)).split() if word not in _NOISE)
    if "nama" in plain.split() and "nip" in plain.split() and "atasan" not in plain:
        return "name_nip"
    return ALIASES.get(plain, "unread" if plain in UNREAD else "") if len(plain) > 2 else ""


def find_header(sheet: Sheet, start: int, *, strict: bool = False) -> Header | None:
    """Return the first header at or below row `start`, or None.

    `strict` is for the rows of a list that has begun: a person's row must not be taken for a header.
    """
    least = 3.0 if strict else 0.5
    for row in range(start, len(sheet.rows)):
        if not _may_start(sheet.rows[row]):
            continue
        candidates = [
            header
            for first in range(max(start, row - 2), row + 1)
            for depth in range(row - first + 1, MOST_DEPTH + 1)
            if first + depth <= len(sheet.rows)
            and (header := read_header(sheet, first, first + depth - 1)) is not None
            and _worth(header, sheet) >= least
        ]
        if candidates:
            return max(candidates, key=lambda h: (_worth(h, sheet), h.first, -h.last))
    return None


def closest_rows(sheet: Sheet, most: int = 3) -> list[tuple[int, list[str]]]:
    """Return the rows (from 0) that come nearest to a header, with the headers recognised in them."""
    found = [
        (index, [text_of(c) for c in row if field_of(_short(c)) not in {"", "unread"}])
        for index, row in enumerate(sheet.rows[:2000])
    ]
    return sorted((f for f in found if f[1]), key=lambda f: (-len(f[1]), f[0]))[:most]


def read_header(sheet: Sheet, first: int, last: int) -> Header | None:
    """Read rows `first` to `last` as one header; None unless they name people and something besides."""
    stacks = _stacks(sheet, first, last)
    columns = tuple(_column(index, stack) for index, stack in stacks)
    columns = _prefer(columns)
    fields = [c.field for c in columns if c.field]
    if not _NAME_FIELDS & set(fields) or len(fields) < 2:
        return None
    return Header(first, last, columns)


def _may_start(row: Sequence[Cell]) -> bool:
    """Whether one of the cells could head the column of names: cheap, as it is asked of every row."""
    return any(
        isinstance(cell, str)
        and len(cell) < 80
        and _NAME_PART.search(cell)
        and field_of(cell) in _NAME_FIELDS
        for cell in row
    )


def _short(cell: Cell) -> str:
    text = lines_of(cell) if isinstance(cell, str) else ""
    return text if len(text) <= 120 else ""


@dataclass(frozen=True, slots=True)
class _Level:
    """One text in the stack above a column; `wide` where it also stands over other columns."""

    text: str
    wide: bool


def _stacks(sheet: Sheet, first: int, last: int) -> list[tuple[int, list[_Level]]]:
    """Return for each column its header texts from top to bottom, with merged and spilt-over ones."""
    width = max(len(row) for row in sheet.rows[first : last + 1])
    grid = [[_short(_at(sheet, r, c)) for c in range(width)] for r in range(first, last + 1)]
    wide = [[False] * width for _ in grid]
    merged_over: set[tuple[int, int]] = set()
    for top, left, bottom, right in sheet.merged:
        if top > last or bottom < first or left >= width:
            continue
        text = _short(_at(sheet, top, left))
        for r in range(max(top, first), min(bottom, last) + 1):
            for c in range(left, min(right, width - 1) + 1):
                grid[r - first][c] = text
                wide[r - first][c] = right > left
                merged_over.add((r - first, c))
    for level in range(len(grid) - 1):
        _spread(grid, wide, level, merged_over)
    stacks = []
    for c in range(width):
        levels: list[_Level] = []
        for r in range(len(grid)):
            text = grid[r][c]
            if text and not (levels and levels[-1].text == text):
                levels.append(_Level(text, wide[r][c]))
        if levels:
            stacks.append((c, levels))
    return stacks


def _spread(grid: list[list[str]], wide: list[list[bool]], level: int, merged: set[tuple[int, int]]) -> None:
    """Let an upper header that is not merged stand over the empty cells to its right that have lower headers."""
    below = grid[level + 1 :]
    source = -1
    for c, text in enumerate(grid[level]):
        if text:
            source = -1 if (level, c) in merged else c
            continue
        if source < 0 or not any(row[c] for row in below) or not any(row[source] for row in below):
            source = -1
            continue
        if any(field_of(row[c]) in {"name_nip"} for row in below):
            continue
        grid[level][c] = grid[level][source]
        wide[level][c] = wide[level][source] = True


def _at(sheet: Sheet, row: int, column: int) -> Cell:
    cells = sheet.rows[row]
    return cells[column] if column < len(cells) else None


def _column(index: int, stack: list[_Level]) -> Column:
    header = " / ".join(text_of(level.text) for level in stack)
    levels = [level for level in stack if not _is_remark(level.text)] or stack
    field, constant = _resolve(levels)
    words = words_of(_without_parentheses(levels[-1].text)) if levels else ""
    preference = PREFERENCE.get(words, PREFERENCE.get(words_of(header), 10_000))
    if field == "unread":
        field = ""
    return Column(index, header, field, constant, preference)


def _resolve(levels: list[_Level]) -> tuple[str, str]:
    """Return field and constant of a column from its header texts, top to bottom."""
    child = levels[-1]
    own = field_of(child.text)
    if len(levels) == 1:
        return own, ""
    parents = levels[:-1]
    joined = field_of(" ".join(level.text for level in levels))
    narrow = not any(level.wide for level in parents)
    if joined in ENUMERATED and not narrow and employment_of(child.text):
        return joined, text_of(child.text)
    if joined and (narrow or joined != "name_nip"):
        return joined, ""
    parent = next((field_of(p.text) for p in reversed(parents) if field_of(p.text)), "")
    if own == "echelon" and parent == "position":
        return own, ""
    reverse = field_of(f"{child.text} {parents[-1].text}")
    if reverse and (narrow or reverse != "name_nip"):
        return reverse, ""
    if parent == "supervisor":
        known = {
            "name": "supervisor",
            "name_nip": "supervisor",
            "nip": "supervisor_nip",
            "supervisor": "supervisor",
        }
        return known.get(own, "") or ("supervisor_nip" if own == "supervisor_nip" else ""), ""
    if parent in ENUMERATED and not own and not narrow:
        return parent, text_of(child.text)
    if parent == "unread":
        return "", ""
    if not parent or own in HOSTS.get(parent, frozenset()) or own == parent:
        return own, ""
    if parent == "name" and own == "unread":
        return "", ""
    return "", ""


def _prefer(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Keep one column for each field that takes one; mark headers "x" and "y" count only as a pair."""
    fields = [c.field for c in columns]
    kept = []
    for column in columns:
        words = words_of(column.header)
        if words in {"x", "y"} and not {"latitude", "longitude"} <= set(fields):
            kept.append(Column(column.index, column.header, ""))
        else:
            kept.append(column)
    return tuple(kept)


def _is_remark(text: str) -> bool:
    stripped = text.strip()
    return stripped.startswith("(") and stripped.endswith(")")


def _without_parentheses(text: str) -> str:
    kept, depth = [], 0
    for char in text:
        if char in "([":
            depth += 1
        elif char in ")]":
            depth = max(depth - 1, 0)
        elif depth == 0:
            kept.append(char)
    return "".join(kept)


def _worth(header: Header, sheet: Sheet) -> float:
    """How much of the rows is understood; rows that are no header take away more than they give."""
    worth, seen = 0.0, set()
    for column in header.columns:
        if column.field and (column.field, column.constant) in seen and column.field != "phone":
            worth -= 0.2
        elif column.field:
            seen.add((column.field, column.constant))
            worth += 2 if column.field == "name_nip" else 1
        elif _any_known(column.header):
            worth += 0.3
        else:
            worth -= 0.7
    marks = {column.constant for column in header.columns if column.constant}
    for row in range(header.first, header.last + 1):
        cells = [t for cell in sheet.rows[row] if (t := _short(cell))]
        known = sum(1 for t in cells if field_of(t) or _is_remark(t) or text_of(t) in marks)
        others = [c for c in sheet.rows[row] if c is not None and not isinstance(c, str)]
        if cells and known * 3 < len(cells):
            worth -= 2
        worth -= 2 * len(others)
        if not cells:
            worth -= 1
    return worth


def _any_known(header: str) -> bool:
    return any(field_of(part) for part in header.split(" / "))
