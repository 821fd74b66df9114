"""The export of any attendance app or form (LASIK, Google Forms and their like) as CSV or Excel: one record a row, or
in and out in one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import ClassVar

from scheduler.checkins.evidence.base import Evidence, Reading, Source, is_place
from scheduler.checkins.streams.cells import Moment, parse_number
from scheduler.checkins.streams.opened import Opened
from scheduler.checkins.streams.records import Records
from scheduler.checkins.streams.senders import PERSON_ALIASES, names_person, raw, sender_of, value
from scheduler.checkins.streams.tables import Row, find_heading, first_rows, plain_heading
from scheduler.language import Bilingual

ALIASES = {
    **PERSON_ALIASES,
    "at": (
        "timestamp", "waktu", "time stamp", "datetime", "date time", "tanggal jam", "tanggal waktu", "waktu absen",
        "waktu presensi", "check time", "checktime", "scan time", "tanggal scan", "waktu scan", "tgl jam",
        "stempel waktu", "cap waktu", "waktu penyelesaian", "completion time", "waktu pengisian",
        "created at", "waktu check in", "tanggal dan waktu", "waktu kehadiran", "seen at",
    ),
    "day": ("tanggal", "date", "tgl", "tanggal absen", "tanggal presensi", "hari tanggal"),
    "clock": ("jam", "time", "pukul", "jam absen", "jam presensi", "jam scan"),
    "arrival": ("jam masuk", "masuk", "check in", "checkin", "clock in", "jam datang", "datang", "scan masuk", "absen masuk", "presensi masuk", "kedatangan", "time in"),
    "departure": ("jam pulang", "pulang", "jam keluar", "keluar", "check out", "checkout", "clock out", "scan pulang", "absen pulang", "presensi pulang", "kepulangan", "time out"),
    "direction": ("in out", "inout", "tipe", "jenis", "type", "status", "arah", "direction", "jenis absen", "jenis presensi", "check type", "checktype", "kategori", "masuk pulang", "state"),
    "latitude": ("latitude", "lat", "lintang", "garis lintang"),
    "longitude": ("longitude", "long", "lon", "lng", "bujur", "garis bujur"),
    "place": ("koordinat", "coordinates", "lokasi", "lokasi saat ini", "lokasi sekarang", "share lokasi", "titik lokasi", "location", "lat long", "latlong", "lat lng", "titik koordinat", "gps"),
    "accuracy": ("accuracy", "akurasi", "ketelitian", "akurasi m", "accuracy m", "horizontal accuracy", "gps accuracy"),
    "reason": ("alasan", "reason", "keterangan", "ket", "catatan", "note"),
}  # fmt: skip
IN = frozenset(
    ["in", "masuk", "datang", "checkin", "kedatangan", "0", "i", "m", "pagi", "arrival", "hadir"]
) | {
    "check in",
    "clock in",
    "jam masuk",
    "c in",
    "absen masuk",
}
OUT = frozenset(["out", "pulang", "keluar", "checkout", "kepulangan", "1", "o", "p", "sore", "departure"]) | {"check out", "clock out", "jam pulang", "c out", "absen pulang"}  # fmt: skip
FORM_TIMES = frozenset(
    ["timestamp", "stempel waktu", "cap waktu", "waktu penyelesaian", "completion time", "waktu pengisian"]
)
"""How Google Forms and Microsoft Forms head the time at which an answer came."""
_PAIR = re.compile(r"(-?\d{1,3}[.,]\d+)\s*[,; ]\s*(-?\d{1,3}[.,]\d+)")


class Attendance(Source):
    """Person, time, in or out; latitude, longitude and accuracy where the app has them."""

    title: ClassVar = Bilingual(id="aplikasi presensi", en="attendance app")
    channel: ClassVar = "app"

    def recognises(self, file: Opened) -> int:
        """Look for headings of a person and of a time."""
        return 60 if find_heading(first_rows(file), ALIASES, _is_enough) else 0

    def read(self, reading: Reading) -> Iterator[Evidence]:
        """Yield each record; one without coordinates is an "entry".

        A place in an answer to a form was written by whoever answered: it is no better than one in a chat.
        """
        table = Records(reading, ALIASES, _is_enough, dated=("at", "day"))
        is_form = _is_form(table)
        is_wide = "at" not in table.columns and {"arrival", "departure"} & table.columns.keys()
        for row in table:
            sender, ids = sender_of(row.cells, table.columns)
            record = _record(row, table.columns, sender, ids)
            if is_form and record.kind == "position":
                record = record._replace(grade="self_declared")
            if is_wide:
                moments = [
                    (key, m)
                    for key, clock in (("in", "arrival"), ("out", "departure"))
                    if value(row.cells, table.columns, clock)
                    and (m := table.moment(row.cells, "day" if "day" in table.columns else clock, clock))
                ]
            elif "at" in table.columns:
                moments = [(record.direction, table.moment(row.cells, "at", "clock"))]
            else:
                moments = [(record.direction, table.moment(row.cells, "day", "clock"))]
            for direction, moment in moments:
                yield _at(record, moment, direction, reading)


def _is_enough(columns: Mapping[str, int]) -> bool:
    timed = "at" in columns or ("day" in columns and {"clock", "arrival", "departure"} & columns.keys())
    return bool(timed) and names_person(columns)


def _is_form(table: Records) -> bool:
    """Whether the rows are answers to a form: by the heading of their time, and a place in words of one column.

    An app that heads its time alike writes latitude and longitude each into a column of its own.
    """
    heading, at = table.heading, table.columns.get("at")
    if heading is None or at is None or "latitude" in table.columns:
        return False
    row = next(row for row in first_rows(table.reading.file) if row.number == heading.number)
    return plain_heading(row.cells[at]) in FORM_TIMES


def _at(record: Evidence, moment: Moment, direction: str, reading: Reading) -> Evidence:
    if moment.at is None:
        reading.report(Bilingual(id="waktu tidak terbaca", en="the time cannot be read"), record.line)
    return record._replace(
        at=moment.at,
        day=moment.day,
        flags=record.flags | moment.flags,
        precision=moment.precision,
        direction=direction,
    )


def _record(row: Row, columns: Mapping[str, int], sender: str, ids: tuple[str, ...]) -> Evidence:
    latitude, longitude = (parse_number(raw(row.cells, columns, key)) for key in ("latitude", "longitude"))
    if latitude is None and (pair := _PAIR.search(value(row.cells, columns, "place"))):
        latitude, longitude = parse_number(pair[1]), parse_number(pair[2])
    word = plain_heading(value(row.cells, columns, "direction"))
    direction = "in" if word in IN else "out" if word in OUT else ""
    is_position = is_place(latitude, longitude)
    accuracy = parse_number(raw(row.cells, columns, "accuracy"))
    return Evidence(
        "position" if is_position else "entry",
        None,
        row.number,
        sender,
        "app",
        "app",
        ids,
        latitude=latitude if is_position else None,
        longitude=longitude if is_position else None,
        accuracy=accuracy if accuracy is not None and 0 <= accuracy < 1e7 else None,
        has_accuracy=is_position and "accuracy" in columns,
        direction=direction,
        text=value(row.cells, columns, "reason")[:300],
    )
