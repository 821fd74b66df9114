"""Activity logs: what was done on which day against which target (`activities` of a scenario, or an app's export)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import ClassVar

from scheduler.checkins.evidence.base import Evidence, Reading, Source
from scheduler.checkins.evidence.own_lines import mark_of
from scheduler.checkins.streams.opened import Opened
from scheduler.checkins.streams.records import Records
from scheduler.checkins.streams.senders import PERSON_ALIASES, names_person, sender_of, value
from scheduler.checkins.streams.tables import find_heading, first_rows
from scheduler.language import Bilingual

ALIASES = {
    **PERSON_ALIASES,
    "day": ("date", "tanggal", "tgl", "hari tanggal", "tanggal kegiatan", "day"),
    "at": ("timestamp", "waktu input", "waktu isi", "created at", "diisi pada", "waktu", "submitted at"),
    "activity": (
        "activity", "aktivitas", "kegiatan", "uraian", "uraian kegiatan", "kegiatan harian", "aktivitas harian",
        "pekerjaan", "uraian tugas", "uraian pekerjaan", "output", "hasil kerja",
    ),
    "target": ("target", "target kinerja", "skp", "sasaran", "sasaran kinerja", "target skp", "rencana kinerja"),
}  # fmt: skip


class Activities(Source):
    """Person, date, target, activity."""

    title: ClassVar = Bilingual(id="catatan kegiatan", en="activity log")
    channel: ClassVar = "activities"

    def recognises(self, file: Opened) -> int:
        """Look for headings of a person, a day and an activity."""
        return 75 if find_heading(first_rows(file), ALIASES, _is_enough) else 0

    def read(self, reading: Reading) -> Iterator[Evidence]:
        """Yield each entry that says something; what it says is not kept."""
        table = Records(reading, ALIASES, _is_enough, dated=("day", "at"))
        for row in table:
            sender, ids = sender_of(row.cells, table.columns)
            if not value(row.cells, table.columns, "activity"):
                reading.report(
                    Bilingual(id="kegiatan kosong; tidak dihitung", en="an empty activity; not counted"),
                    row.number,
                )
                continue
            about = table.moment(row.cells, "day")
            entered = table.moment(row.cells, "at")
            day = about.day or entered.day
            if day is None and entered.at is None:
                reading.report(
                    Bilingual(id="tanggal tidak terbaca", en="the date cannot be read"), row.number
                )
            yield Evidence(
                "activity", entered.at or about.at, row.number, sender, "activities", "self_declared", ids,
                flags=entered.flags, target=value(row.cells, table.columns, "target")[:100], day=day,
            )  # fmt: skip


def entry(person_id: str, day: date, target: str, line: int) -> Evidence:
    """Return one row of a scenario's table `activities`, whose person is known by id."""
    return Evidence(
        "activity", None, line, person_id, "activities", "self_declared", (mark_of(person_id),),
        target=target[:100], day=day,
    )  # fmt: skip


def _is_enough(columns: Mapping[str, int]) -> bool:
    return "activity" in columns and ("day" in columns or "at" in columns) and names_person(columns)
