"""The call log: who was called when, and whether and when they answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from scheduler.checkins.evidence.base import Evidence, Reading, Source
from scheduler.checkins.streams.cells import parse_number
from scheduler.checkins.streams.opened import Opened
from scheduler.checkins.streams.records import Records
from scheduler.checkins.streams.senders import PERSON_ALIASES, names_person, raw, sender_of, value
from scheduler.checkins.streams.tables import find_heading, first_rows, plain_heading
from scheduler.language import Bilingual

ALIASES = {
    **PERSON_ALIASES,
    "called": (
        "called at", "call time", "waktu panggilan", "jam panggilan", "dihubungi", "waktu dihubungi", "jam dihubungi",
        "ditelepon", "waktu telepon", "panggilan", "waktu panggil", "jam panggil", "called",
    ),
    "day": ("tanggal", "date", "tgl"),
    "answered": ("answered at", "waktu dijawab", "jam dijawab", "dijawab pukul", "waktu jawab", "jam jawab", "answer time", "dibalas", "waktu balas", "waktu respon"),
    "minutes": ("menit", "lama menit", "respon menit", "response minutes", "minutes", "waktu respon menit", "lama respon menit"),
    "result": ("hasil", "result", "dijawab", "answered", "jawaban", "status", "respon", "outcome"),
}  # fmt: skip
YES = frozenset(
    ["ya", "yes", "y", "dijawab", "answered", "terjawab", "diangkat", "1", "true", "ok", "balas", "dibalas"]
)
NO = frozenset(["tidak", "no", "n", "0", "false", "missed", "sibuk", "busy"]) | {
    "tidak dijawab", "tidak diangkat", "no answer", "tak dijawab", "tidak aktif", "not answered", "unanswered",
}  # fmt: skip


class Calls(Source):
    """Person, time of the call, time or result of the answer."""

    title: ClassVar = Bilingual(id="catatan panggilan", en="call log")
    channel: ClassVar = "calls"

    def recognises(self, file: Opened) -> int:
        """Look for headings of a person and of a call."""
        return 80 if find_heading(first_rows(file), ALIASES, _is_enough) else 0

    def read(self, reading: Reading) -> Iterator[Evidence]:
        """Yield each call; `answered` is the second of the answer, `text` is "yes" where only that is told."""
        table = Records(reading, ALIASES, _is_enough, dated=("called", "answered", "day"))
        columns = table.columns
        tells = bool({"answered", "minutes", "result"} & columns.keys())
        for row in table:
            sender, ids = sender_of(row.cells, columns)
            called = table.moment(row.cells, "called")
            if called.at is None and "day" in columns:
                called = table.moment(row.cells, "day", "called")
            if called.at is None:
                reading.report(Bilingual(id="waktu tidak terbaca", en="the time cannot be read"), row.number)
            answered = table.moment(row.cells, "answered").at
            if answered is None and "day" in columns and value(row.cells, columns, "answered"):
                answered = table.moment(row.cells, "day", "answered").at
            minutes = parse_number(raw(row.cells, columns, "minutes"))
            word = plain_heading(value(row.cells, columns, "result"))
            if (
                answered is None
                and minutes is not None
                and 0 <= minutes < 1e5
                and called.at is not None
                and word not in NO
            ):
                answered = called.at + round(minutes * 60)
            yield Evidence(
                "call", called.at, row.number, sender, "calls", "self_declared", ids,
                flags=called.flags, precision=called.precision, answered=answered,
                text="yes" if word in YES else "no" if word in NO else "", is_answer_known=tells,
            )  # fmt: skip


def _is_enough(columns: Mapping[str, int]) -> bool:
    return "called" in columns and names_person(columns)
