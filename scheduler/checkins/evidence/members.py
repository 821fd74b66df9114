"""The membership list of a group: one person a row, without times."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from scheduler.checkins.evidence.base import Evidence, Reading, Source
from scheduler.checkins.streams.opened import Opened
from scheduler.checkins.streams.records import Records
from scheduler.checkins.streams.senders import PERSON_ALIASES, names_person, sender_of
from scheduler.checkins.streams.tables import find_heading, first_rows
from scheduler.language import Bilingual


class Members(Source):
    """Phone, Telegram id, NIP or name of each member of the group."""

    title: ClassVar = Bilingual(id="daftar anggota grup", en="group membership list")
    channel: ClassVar = "members"

    def recognises(self, file: Opened) -> int:
        """Take any table that names people, where no other source wants it."""
        return 20 if find_heading(first_rows(file), PERSON_ALIASES, _is_enough) else 0

    def read(self, reading: Reading) -> Iterator[Evidence]:
        """Yield each member."""
        table = Records(reading, PERSON_ALIASES, _is_enough, dated=())
        for row in table:
            sender, ids = sender_of(row.cells, table.columns)
            if sender or ids:
                yield Evidence("member", None, row.number, sender, "members", "self_declared", ids)


def _is_enough(columns: Mapping[str, int]) -> bool:
    return names_person(columns)
