"""Reads aliases.xlsx and aliases.csv as `checkins` hands them out: rows whose person was filled in; the others wait."""

from __future__ import annotations

import re
from pathlib import Path

from scheduler.checkins.streams.opened import open_evidence
from scheduler.checkins.streams.senders import value
from scheduler.checkins.streams.tables import find_heading, first_rows, read_rows
from scheduler.errors import Fault, InputError
from scheduler.language import Bilingual
from scheduler.table_format import unguard

HEADINGS = {
    "sender": ("sender", "pengirim", "nama pengirim", "kontak"),
    "person_id": ("person id", "id pegawai", "nip", "pegawai", "id", "nama"),
}

_SUGGESTED = re.compile(r"(\S+) \([^()]+\)\Z")
"""As the suggestions are written, and chosen from the list: id and name."""


def read_handed_out(folder: Path) -> dict[str, str]:
    """Return what was filled in, in either file of a report's folder.

    Raises
    ------
    InputError
        As `read_filled`, and where the two files name two people for one sender.
    """
    workbook, table = folder / "aliases.xlsx", folder / "aliases.csv"
    found, others = read_filled(workbook), read_filled(table)
    faults = [
        Fault(
            file=str(workbook),
            field="sender",
            value=sender,
            problem=Bilingual(
                id=f"pengirim ini {found[sender]} di sini, tetapi {person} di {table.name}",
                en=f"this sender is {found[sender]} here, but {person} in {table.name}",
            ),
            remedy=Bilingual(
                id="Samakan, atau hapus salah satu berkas.", en="Make them agree, or delete one file."
            ),
        )
        for sender, person in others.items()
        if found.get(sender, person) != person
    ]
    if faults:
        raise InputError(faults)
    return {**others, **found}


def read_filled(path: Path) -> dict[str, str]:
    """Return person ids (or NIPs, or names) by sender; empty where the file does not exist.

    Raises
    ------
    InputError
        Where the file has no such columns, or one sender stands for two people.
    """
    if not path.is_file():
        return {}
    opened = next(iter(open_evidence(path)), None)
    if opened is None or isinstance(opened, Fault):
        raise InputError([opened] if opened else [])
    heading = find_heading(first_rows(opened), HEADINGS, lambda columns: len(columns) == 2)
    if heading is None:
        raise InputError(
            [
                Fault(
                    file=path.name,
                    problem=Bilingual(
                        id="kolom sender dan person_id tidak ada", en="no columns sender and person_id"
                    ),
                )
            ]
        )
    found: dict[str, str] = {}
    faults: list[Fault] = []
    for row in read_rows(opened, lambda number, why: None):
        if row.number <= heading.number:
            continue
        sender, person = (unguard(value(row.cells, heading.columns, key)) for key in ("sender", "person_id"))
        if not sender or not person:
            continue
        if chosen := _SUGGESTED.match(person):
            person = chosen[1]
        if found.setdefault(sender, person) != person:
            problem = Bilingual(id="satu pengirim untuk dua orang", en="one sender for two people")
            faults.append(
                Fault(file=path.name, row=row.number, field="sender", value=sender, problem=problem)
            )
    if faults:
        raise InputError(faults)
    return found
