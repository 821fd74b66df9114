"""The small tables of a scenario folder: absences, pins, preferences, travel permits, aliases, activities.

Columns are known by their English or Indonesian names; people by id, NIP or unambiguous name; dates day first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from scheduler.allowed import did_you_mean
from scheduler.language import Bilingual
from scheduler.problem import ABSENCE_KINDS, Person, Preference
from scheduler.read.files.cells import clean, text_of, words_of
from scheduler.read.side_tables import SideRow, SideTable, open_side_table

_SPAN = {
    "from": "from; dari; mulai; tanggal mulai; tgl mulai; dari tanggal; sejak; awal; tanggal awal; start; mulai tanggal",
    "to": "to; sampai; sd; selesai; tanggal selesai; tgl selesai; sampai tanggal; hingga; akhir; tanggal akhir; end; until; "
          "sampai dengan",
    "date": "date; tanggal; tgl; hari tanggal",
}  # fmt: skip
_STATUS = "status; wfh wfo; wfo wfh; tempat kerja; lokasi kerja; rumah kantor"
_DAY = "date; tanggal; tgl; hari tanggal"

_KINDS: dict[str, tuple[str, ...]] = {
    "leave": ("cuti", "cuti tahunan", "cuti melahirkan", "cuti besar", "cuti alasan penting", "cuti karena alasan penting",
              "cltn", "cuti di luar tanggungan negara", "cuti bersama", "cuti bersalin", "annual leave"),
    "travel": ("dinas luar", "dl", "perjalanan dinas", "tugas luar", "dinas luar daerah", "dinas luar kota", "sppd", "spd",
               "perjadin", "official travel"),
    "sick": ("sakit", "cuti sakit", "sick leave"),
    "isolation": ("isolasi", "isoman", "isolasi mandiri", "karantina", "isolasi terpusat"),
    "hospital": ("dirawat", "rawat inap", "opname", "dirawat di rs", "dirawat di rumah sakit"),
    "permit": ("izin", "ijin", "izin pribadi"),
    "study": ("tugas belajar", "tubel"),
}  # fmt: skip
KIND_OF = {form: kind for kind in ABSENCE_KINDS for form in (kind, *_KINDS[kind])}
"""Kind of absence by the words that lists use."""


def in_indonesian(kind: str) -> str:
    """Return a kind of absence by its first Indonesian word."""
    return _KINDS[kind][0] if kind in _KINDS else kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Days from `first` to `last`, both included, on which a person does not work; `kind` is in ABSENCE_KINDS."""

    person_id: str
    first: date
    last: date
    kind: str
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedDay:
    """A person-day that the head has fixed; `recall` marks a call to the office."""

    person_id: str
    day: date
    status: Literal["home", "office"]
    why: str
    row: int
    recall: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TravelPermit:
    """Leave to be outside the region from `first` to `last`, both included."""

    person_id: str
    first: date
    last: date
    place: str
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderAlias:
    """Who stands behind a sender's name or number in a chat."""

    sender: str
    person_id: str
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """What a person did on a day at home, against which target."""

    person_id: str
    day: date
    target: str
    activity: str
    row: int


def read_absences(path: Path, people: Sequence[Person]) -> tuple[Absence, ...]:
    """Read who is absent when and why.

    Raises
    ------
    InputError
        With every fault: people unknown or ambiguous, dates unreadable or reversed, kinds unknown, and spans
        of one person that overlap with different kinds.
    """
    columns = {
        **_SPAN,
        "kind": "kind; jenis; jenis cuti; keterangan; ket; alasan; sebab; jenis ketidakhadiran; jenis absen",
    }
    table = open_side_table(path, people, columns, [("from", "date"), ("kind",)])
    found: list[Absence] = []
    of_person: dict[str, list[Absence]] = defaultdict(list)
    for row in table.rows:
        person, span, kind = table.person(row), table.span(row), _kind(table, row)
        if person and span and kind:
            absence = Absence(person_id=person.id, first=span[0], last=span[1], kind=kind, row=row.row)
            _check_overlap(table, row, absence, of_person[person.id])
            of_person[person.id].append(absence)
            found.append(absence)
    table.finish()
    return tuple(found)


def read_pins(path: Path, people: Sequence[Person]) -> tuple[PinnedDay, ...]:
    """Read the days that are fixed in advance; the same pin twice counts once.

    Raises
    ------
    InputError
        With every fault, pins that contradict one another among them.
    """
    columns = {"date": _DAY, "status": _STATUS, "why": "why; alasan; sebab; keterangan; ket; reason"}
    table = open_side_table(path, people, columns, [("date",), ("status",)])
    found: dict[tuple[str, date], PinnedDay] = {}
    for row in table.rows:
        person, day, status = table.person(row), table.day(row, "date"), table.status(row)
        if not (person and day and status):
            continue
        pin = PinnedDay(person_id=person.id, day=day, status=status, why=row.text("why"), row=row.row)
        first = found.setdefault((person.id, day), pin)
        if first.status != status:
            table.add(
                row,
                "status",
                Bilingual(
                    id=f"bertentangan dengan baris {first.row} untuk orang dan hari yang sama",
                    en=f"contradicts row {first.row} for the same person and day",
                ),
            )
    table.finish()
    return tuple(found.values())


def read_preferences(path: Path, people: Sequence[Person]) -> tuple[Preference, ...]:
    """Read wishes for a date or a weekday; without a weight they weigh 1.

    Raises
    ------
    InputError
        With every fault.
    """
    columns = {
        "date": _DAY,
        "weekday": "weekday; hari; nama hari; day",
        "status": _STATUS,
        "weight": "weight; bobot; nilai",
    }
    table = open_side_table(path, people, columns, [("date", "weekday"), ("status",)])
    found = []
    for row in table.rows:
        person, status, weight = table.person(row), table.status(row), _weight(table, row)
        day = table.day(row, "date") if row.text("date") else None
        weekday = table.weekday(row) if row.text("weekday") else None
        if bool(row.text("date")) == bool(row.text("weekday")):
            field = "date" if "date" in table.headers else "weekday"
            table.add(
                row,
                field,
                Bilingual(id="isi tanggal atau hari, salah satu", en="give either a date or a weekday"),
            )
        elif person and status and weight and (day is not None or weekday is not None):
            found.append(
                Preference(person_id=person.id, status=status, weight=weight, day=day, weekday=weekday)
            )
    table.finish()
    return tuple(found)


def read_travel_permits(path: Path, people: Sequence[Person]) -> tuple[TravelPermit, ...]:
    """Read who may be outside the region when, and where.

    Raises
    ------
    InputError
        With every fault.
    """
    columns = {**_SPAN, "place": "place; tempat; tujuan; lokasi; tempat tujuan; daerah tujuan; destination"}
    table = open_side_table(path, people, columns, [("from", "date")])
    found = []
    for row in table.rows:
        person, span = table.person(row), table.span(row)
        if person and span:
            found.append(
                TravelPermit(
                    person_id=person.id, first=span[0], last=span[1], place=row.text("place"), row=row.row
                )
            )
    table.finish()
    return tuple(found)


def read_aliases(path: Path, people: Sequence[Person]) -> tuple[SenderAlias, ...]:
    """Read whose sender's names are whose; one sender is one person.

    Raises
    ------
    InputError
        With every fault.
    """
    sender = "sender; pengirim; nama pengirim; kontak; nama kontak; nama di wa; nama wa; nomor; no wa; nomor wa; alias; nama di telegram"
    table = open_side_table(path, people, {"sender": sender}, [("sender",)])
    found: dict[str, SenderAlias] = {}
    for row in table.rows:
        person, name = table.person(row), clean(text_of(row.cells.get("sender")))
        if not name:
            table.add(row, "sender", Bilingual(id="pengirim kosong", en="the sender is missing"))
        elif person:
            first = found.setdefault(
                name.casefold(), SenderAlias(sender=name, person_id=person.id, row=row.row)
            )
            if first.person_id != person.id:
                table.add(
                    row,
                    "sender",
                    Bilingual(
                        id=f"pengirim ini sudah milik orang lain di baris {first.row}",
                        en=f"this sender already belongs to somebody else in row {first.row}",
                    ),
                )
    table.finish()
    return tuple(found.values())


def read_activities(path: Path, people: Sequence[Person]) -> tuple[Activity, ...]:
    """Read what people did on which day.

    Raises
    ------
    InputError
        With every fault, empty activities among them.
    """
    columns = {
        "date": _DAY,
        "target": "target; target kinerja; sasaran; skp; target skp; sasaran kinerja",
        "activity": "activity; kegiatan; aktivitas; uraian kegiatan; uraian; uraian tugas; output; hasil kerja",
    }
    table = open_side_table(path, people, columns, [("date",), ("activity",)])
    found = []
    for row in table.rows:
        person, day, activity = table.person(row), table.day(row, "date"), row.text("activity")
        if not activity:
            table.add(row, "activity", Bilingual(id="kegiatan kosong", en="the activity is missing"))
        elif person and day:
            found.append(
                Activity(
                    person_id=person.id, day=day, target=row.text("target"), activity=activity, row=row.row
                )
            )
    table.finish()
    return tuple(found)


def _kind(table: SideTable, row: SideRow) -> str:
    kind = KIND_OF.get(words_of(row.text("kind")), "")
    if not kind:
        allowed = Bilingual(
            id="cuti, dinas luar, sakit, isoman, dirawat, izin, tugas belajar", en=", ".join(ABSENCE_KINDS)
        )
        table.add(
            row,
            "kind",
            Bilingual(id="jenis ketidakhadiran tidak dikenal", en="unknown kind of absence"),
            allowed=allowed,
            remedy=did_you_mean(row.text("kind"), tuple(KIND_OF), 0.6),
        )
    return kind


def _check_overlap(table: SideTable, row: SideRow, new: Absence, others: Sequence[Absence]) -> None:
    for other in others:
        if other.kind != new.kind and other.first <= new.last and new.first <= other.last:
            table.add(
                row,
                "kind",
                Bilingual(
                    id=f"bertumpang tindih dengan baris {other.row}, yang jenisnya {in_indonesian(other.kind)}",
                    en=f"overlaps with row {other.row}, whose kind is {other.kind}",
                ),
            )


def _weight(table: SideTable, row: SideRow) -> int:
    text = row.text("weight") or "1"
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 1000:
        return int(text)
    table.add(
        row,
        "weight",
        Bilingual(id="bobot tidak terbaca", en="the weight cannot be read"),
        allowed=Bilingual(id="bilangan 1 sampai 1000", en="a whole number from 1 to 1000"),
    )
    return 0
