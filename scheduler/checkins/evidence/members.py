"""The membership list of a group: one person a row, without times."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import ClassVar

from scheduler.checkins.evidence.base import Evidence, Reading, Source
from scheduler.checkins.streams.opened import Opened
from scheduler.checkins.streams.records import Records
from scheduler.checkins.streams.senders import PERSON_ALIASES, names_person, sender_of
from scheduler.checkins.streams.tables import find_heading, first_rows, plain_heading
from scheduler.language import Bilingual


class Members(Source):
    """Phone, Telegram id, NIP or name of each member of the group."""

    title: ClassVar = Bilingual(id="daftar anggota grup", en="group membership list")
    channel: ClassVar = "members"

    def recognises(self, file: Opened) -> int:
        """Take a table of people by phone or Telegram, or one that says it is of members, if no other source does."""
        rows = first_rows(file)
        heading = find_heading(rows, PERSON_ALIASES, _is_enough)
        if heading is None:
            return 0
        words = " ".join(plain_heading(cell) for row in rows[:5] for cell in row.cells[:10])
        says = re.search("anggota|member|grup|group", f"{words} {file.name.casefold()}") is not None
        return 20 if says or {"phone", "telegram"} & heading.columns.keys() else 0

    def read(self, reading: Reading) -> Iterator[Evidence]:
        """Yield each member."""
        table = Records(reading, PERSON_ALIASES, _is_enough, dated=())
        for row in table:
            sender, ids = sender_of(row.cells, table.columns)
            if sender or ids:
                yield Evidence("member", None, row.number, sender, "members", "self_declared", ids)


def _is_enough(columns: Mapping[str, int]) -> bool:
    return names_person(columns)
