"""What each row beneath a header is: a person, a heading, column numbers, a total, a signature block …"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from scheduler.read.files.cells import Cell, Unreadable, clean, lines_of, stated, text_of
from scheduler.read.staff_list.headers import Header
from scheduler.read.staff_list.nip import read_id, split_name_and_id
from scheduler.read.staff_list.units import labelled_unit, section_kind, split_enumerator

RowKind = Literal[
    "blank", "person", "continuation", "nameless", "section", "unit_label", "title", "numbering", "empty_number",
    "total", "page", "note", "signature", "vacant", "unknown",
]  # fmt: skip

NAME_FIELDS = ("name", "plain_name", "name_nip")
_IDENTITY = frozenset({"number", "id", "nip", *NAME_FIELDS})
_EVIDENCE = frozenset(
    [
        "position",
        "position_kind",
        "echelon",
        "grade",
        "grade_title",
        "employment",
        "sex",
        "phone",
        "rank",
        "standing",
        "nip",
        "id",
        "joins",
        "leaves",
        "latitude",
        "longitude",
        "telegram",
        "supervisor",
        "supervisor_nip",
        "it_capable",
        "monitor",
        "service_post",
    ]
)
_MONTHS = (
    r"jan\w*|feb\w*|peb\w*|mar\w*|apr\w*|mei|jun\w*|jul\w*|agu\w*|agt|sep\w*|okt\w*|nop\w*|nov\w*|des\w*"
)
_PLACE_AND_DATE = re.compile(
    rf"[^\d\n]{{2,40}},\s*(?:\d{{1,2}}|[.…_\s]+)\s*(?:{_MONTHS}|[.…_]{{2,}})\s*(?:\d{{2,4}}|[.…_]*)\W*\Z",
    re.I,
)
_SIGNATURE = re.compile(
    r"\(?\s*[.…_]{4,}\s*\)?\W*\Z|(?:nip|nrp)\s*\.?\s*:?\s*[.…_]{2,}|(?:mengetahui|menyetujui|mengesahkan|disahkan|"
    r"ditetapkan|dibuat oleh|yang membuat|pembuat daftar|dibuat di|a\.\s?n\.|an\.\s|u\.b\.|"
    r"hormat kami|tembusan|pejabat yang|pengelola data kepegawaian,|petugas pendata)",
    re.IGNORECASE,
)
_OFFICE_OF_SIGNER = re.compile(
    r"(?:plt\.?|plh\.?|pj\.?)?\s*(?:kepala|sekretaris|bupati|wali\s?kota|wakil bupati|camat|lurah|direktur|inspektur|kasub\w*|"
    r"pengelola|asisten|kabag|kabid|pimpinan|ketua)\b[^\n]*,?\Z",
    re.IGNORECASE,
)
_PAGE = re.compile(
    r"(?:halaman|hal\.?|page|lembar)\s*:?\s*\d+(?:\s*(?:dari|of|/)\s*\d+)?\W*\Z|-\s*\d+\s*-\Z|\d+\s*(?:dari|of)\s*\d+\Z|"
    r"dicetak|printed|tanggal cetak|bersambung|lanjutan|sambungan|dipindahkan",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"daftar\b|rekap\w*\b|nominatif\b|data (?:pegawai|asn|non|tenaga|nominatif|personil)|pemerintah (?:kab|kota|prov|daerah)|"
    r"lampiran\b|keadaan\b|per (?:tanggal|\d)|tabel\b|nomor\s*:|tanggal\s*:|tentang\b|surat edaran|tahun (?:anggaran )?20\d\d",
    re.IGNORECASE,
)
GRADE = re.compile(
    r"\(?(?:juru|pengatur|penata|pembina)\b(?!\s+(?:layanan|kelola)).*|\(?[IV]{1,3}\s*/\s*[a-e]\)?\Z",
    re.IGNORECASE,
)
"""A pangkat or golongan, which some lists print beneath name and NIP."""
_VACANT = re.compile(
    r"[(\s]*(?:kosong|lowong|vacant|jabatan kosong|formasi kosong|belum terisi|[-–—]+)[)\s]*\Z", re.IGNORECASE
)
_TOTAL = re.compile(r"(?:grand |sub ?)?(?:jumlah|jml|total)\b", re.IGNORECASE)
_NOTE = re.compile(
    r"(?:keterangan|ket\.|catatan|sumber|nb|note)\s*[:.)]|(?:keterangan|catatan)\Z|\*+\)?\s", re.IGNORECASE
)


@dataclass(frozen=True)
class Row:
    """One row beneath a header: its filled cells by column, and by field."""

    index: int
    cells: Mapping[int, Cell]
    header: Header
    continues: bool = False
    wide: bool = False

    def cell(self, field: str) -> Cell:
        """Return the preferred filled cell of a field; None where there is none."""
        return self._by_field.get(field)

    @cached_property
    def _by_field(self) -> dict[str, Cell]:
        found: dict[str, Cell] = {}
        for field in self.header.fields:
            for column in self.header.of(field):
                value = self.cells.get(column.index)
                if value is not None and not column.constant and stated(text_of(value)):
                    found[field] = value
                    break
        return found

    def text(self, field: str) -> str:
        """Return what the field's cell shows, on one line."""
        return text_of(self.cell(field))

    @cached_property
    def name_lines(self) -> str:
        """The text of the cell with the name, its line breaks kept."""
        both = self.header.of("name_nip")
        if len(both) > 1:  # one header merged over a column of names and a column of ids
            cells = (self.cells.get(column.index) for column in sorted(both, key=lambda c: c.index))
            return "\n".join(
                read_id(c).text if isinstance(c, float | int) else lines_of(c) for c in cells if c is not None
            )
        return next((text for field in NAME_FIELDS if (text := lines_of(self.cell(field)))), "")

    @property
    def raw_name(self) -> str:
        """The text of the name's cell even where it is only a dash."""
        columns = (column for field in NAME_FIELDS for column in self.header.of(field))
        return next((text_of(cell) for c in columns if (cell := self.cells.get(c.index)) is not None), "")

    @cached_property
    def has_number(self) -> bool:
        """Whether the column of running numbers holds one (or a formula that counts)."""
        cell = self.cell("number")
        return isinstance(cell, Unreadable) or bool(re.fullmatch(r"\d{1,6}[.)]?", text_of(cell)))

    @cached_property
    def has_id(self) -> bool:
        """Whether the column of the NIP holds a NIP or another id."""
        return any(read_id(self.cell(f)).kind != "none" for f in ("nip", "id") if self.cell(f) is not None)

    @cached_property
    def evidence(self) -> int:
        """How many fields besides name and number say that this is a person."""
        return len(_EVIDENCE & self._by_field.keys())

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The filled cells' texts, left to right."""
        return tuple(text_of(self.cells[c]) for c in sorted(self.cells))


def kind_of(row: Row, *, after_person: bool, closing: bool) -> RowKind:
    """Tell what a row is.

    Parameters
    ----------
    after_person : whether the row above belongs to a person whose id has not been seen.
    closing : whether a signature block has begun; a person then needs a number or a NIP.
    """
    if not row.cells:
        return "blank"
    if _is_numbering(row):
        return "numbering"
    name, identity = split_name_and_id(row.name_lines)
    named = not _VACANT.match(name) and any(c.isalpha() for c in name)
    if _is_signature(row):
        return "signature"
    if row.continues or (identity and not named and not row.has_number and after_person):
        return "continuation"
    if len(row.cells) == 1 and not row.has_number and not identity and GRADE.match(name):
        return "continuation"
    if _TOTAL.match(row.texts[0]) and read_id(row.cell("nip")).kind not in {"nip", "lost"}:
        return "total"
    if named and (row.has_number or row.has_id or identity) and not _is_heading(row, name):
        return "person"
    placed = any(row.cell(field) is not None for field in ("unit", "office", "sub_unit"))
    if closing and row.evidence + placed <= 1:
        return "signature"
    marginal = _marginal(row)
    if marginal != "unknown":
        return marginal
    if closing and named:
        return "unknown"
    if named:
        lone = (
            row.header.fields <= {*_IDENTITY, "unit", "office", "sub_unit"}
            and "number" not in row.header.fields
        )
        return "person" if row.evidence or lone or placed else "unknown"
    if row.has_number and len(row.cells) == 1:
        return "empty_number"
    if _VACANT.match(row.raw_name) and not row.has_id:
        return "vacant"
    return "nameless" if row.evidence or row.has_id or len(row.cells) > 2 else "unknown"


def _marginal(row: Row) -> RowKind:
    """Tell the kind of a row with next to nothing in it; "unknown" where it may be a person after all."""
    text = " ".join(row.texts)
    few = len(row.cells) <= 2
    if few and labelled_unit(text):
        return "unit_label"
    if few and _PAGE.match(text):
        return "page"
    if few and _TITLE.match(text):
        return "title"
    if few and _NOTE.match(text):
        return "note"
    if _is_heading(row, row.name_lines):
        return "section"
    signer = all(_OFFICE_OF_SIGNER.match(t) for t in row.texts) and (not row.evidence or text.endswith(","))
    if few and not row.has_number and signer:
        return "signature"
    return "unknown"


def _is_heading(row: Row, name: str) -> bool:
    """Whether the row is a section's heading: one text, numbered, merged wide, or naming an office."""
    filled = [t for t in row.texts if not re.fullmatch(r"\d{1,5}(?: orang)?", t)]
    if not filled or len(filled) > 2:
        return False
    if row.has_id and len(row.cells) > 1:
        return False
    if len(filled) == 2 and not re.fullmatch(r"\(?(?:[IVXLC]{1,6}|[A-Z])\)?[.)]?", filled[0]):
        return False
    text = filled[-1]
    enumerator, words = split_enumerator(" ".join(filled) if len(filled) == 2 else text)
    if len(filled) == 2:
        enumerator, words = filled[0], text
    if read_id(text).kind in {"nip", "lost"} or not any(c.isalpha() for c in words):
        return False
    if _OFFICE_OF_SIGNER.match(words) and not enumerator and (words.endswith(",") or not row.wide):
        return False
    if section_kind(words):
        return True
    lettered = bool(enumerator) and not enumerator.isdigit()
    if row.has_id:  # no id but an office with a number, in a list that begins with the NIP: "F. SD Negeri 9"
        return lettered
    names = [column.index for field in NAME_FIELDS for column in row.header.of(field)]
    left = len(row.cells) == 1 and max(row.cells) < min(names)
    return (lettered or row.wide or left) and not row.has_number and row.evidence == 0


def heading_text(row: Row) -> tuple[str, str]:
    """Return the enumerator and the words of a heading row."""
    filled = [t for t in row.texts if not re.fullmatch(r"\d{1,5}(?: orang)?", t)]
    if len(filled) == 2:
        return filled[0].strip("(). "), clean(filled[1])
    return split_enumerator(filled[-1])


def _is_numbering(row: Row) -> bool:
    letters = [t.strip("().").casefold() for t in row.texts]
    if len(letters) >= 3 and letters == list("abcdefghijklmnopqrstuvwxyz"[: len(letters)]):
        return True
    numbers = [re.fullmatch(r"\(?\s*(\d{1,3})\s*[.)]?", text) for text in row.texts]
    if len(numbers) < min(3, max(2, len(row.header.columns))) or not all(numbers):
        return False
    values = [int(m[1]) for m in numbers if m]
    return values[0] in {0, 1, 2} and all(b - a in {1, 2} for a, b in itertools.pairwise(values))


def _is_signature(row: Row) -> bool:
    if row.has_number or len(row.cells) > 4:
        return False
    if any(_PLACE_AND_DATE.match(t) or _SIGNATURE.match(t) for t in row.texts):
        return not (row.has_id and row.evidence > 1)
    return False
