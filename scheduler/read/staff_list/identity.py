"""Settles every person's id, and finds those who are in the list twice."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from scheduler.errors import Fault
from scheduler.language import Bilingual
from scheduler.problem import Person
from scheduler.read.files.cells import text_of
from scheduler.read.staff_list.people import Draft


def slug_of(*parts: str) -> str:
    """Return the parts as lower-case letters and digits joined by hyphens.

    Examples
    --------
    >>> slug_of("SD Negeri 9", "MA'MUR FUJIATI")
    'sd-negeri-9-ma-mur-fujiati'
    """
    plain = unicodedata.normalize("NFKD", " ".join(parts)).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "person"


def settle_ids(drafts: Sequence[Draft]) -> tuple[list[Person], list[Fault]]:
    """Return the people with their ids, in order: the NIP, else the printed id, else unit and name.

    People of one name in one unit are numbered by part of the unit, post and phone, so that sorting the list
    anew changes nobody's id.
    """
    faults = _twice(drafts)
    taken = {draft.given_id.casefold() for draft in drafts if draft.given_id}
    groups: dict[str, list[int]] = defaultdict(list)
    ids = [draft.given_id for draft in drafts]
    for number, draft in enumerate(drafts):
        if not draft.given_id:
            groups[slug_of(draft.person.unit, draft.person.name)].append(number)
    for slug, numbers in groups.items():
        ordered = sorted(numbers, key=lambda n: _stable_key(drafts[n]))
        counter = 1
        for number in ordered:
            candidate = slug if counter == 1 else f"{slug}-{counter}"
            while candidate in taken:
                counter += 1
                candidate = f"{slug}-{counter}"
            ids[number] = candidate
            taken.add(candidate)
            counter += 1
        if len(numbers) > 1:
            faults.append(_numbered(drafts, numbers))
    return [replace(draft.person, id=id_) for draft, id_ in zip(drafts, ids, strict=True)], faults


def _stable_key(draft: Draft) -> tuple[str, ...]:
    person = draft.person
    return (person.sub_unit, person.position, person.printed_name, draft.lost, person.grade, person.phone,
            person.employment, person.telegram)  # fmt: skip


def _twice(drafts: Sequence[Draft]) -> list[Fault]:
    faults = []
    by_id: dict[str, Draft] = {}
    by_cells: dict[tuple[object, ...], Draft] = {}
    for draft in drafts:
        person = draft.person
        if draft.given_id:
            first = by_id.setdefault(draft.given_id.casefold(), draft)
            if first is not draft:
                what = "NIP" if person.nip else "id"
                faults.append(_same(draft, first, what, draft.given_id))
            continue
        cells = tuple(sorted((k, text_of(v)) for k, v in draft.entry.cells.items() if k != "number"))
        first = by_cells.setdefault((person.unit, person.name, cells), draft)
        if first is not draft:
            faults.append(_same(draft, first, "", person.printed_name))
    return faults


def _same(draft: Draft, first: Draft, what: str, value: str) -> Fault:
    place = str(first.entry.row)
    if first.entry.sheet != draft.entry.sheet:
        place += f" (“{first.entry.sheet}”)"
    elif first.person.unit != draft.person.unit:
        place += f" ({first.person.unit})"
    other = f"“{first.person.printed_name}”"
    if what:
        problem = Bilingual(
            id=f"{what} ini sudah dipakai {other} di baris {place}",
            en=f"this {what} is already that of {other} in row {place}",
        )
    else:
        problem = Bilingual(
            id=f"orang ini sudah tertulis sama persis di baris {place}",
            en=f"this person is written in the very same way in row {place}",
        )
    field = (
        "nip" if "nip" in draft.entry.headers else "name_nip" if "name_nip" in draft.entry.headers else "name"
    )
    return Fault(
        problem=problem,
        sheet=draft.entry.sheet,
        row=draft.entry.row,
        field=draft.entry.headers.get(field, ""),
        value=value,
        remedy=Bilingual(
            id="Hapus salah satu baris, atau perbaiki NIP-nya.",
            en="Delete one of the rows, or correct the NIP.",
        ),
    )


def _numbered(drafts: Sequence[Draft], numbers: Sequence[int]) -> Fault:
    first = drafts[numbers[0]]
    rows = ", ".join(str(drafts[n].entry.row) for n in numbers)
    return Fault(
        problem=Bilingual(
            id=f"nama yang sama tanpa NIP di satu unit (baris {rows}); id-nya diberi nomor",
            en=f"the same name without a NIP in one unit (rows {rows}); their ids are numbered",
        ),
        sheet=first.entry.sheet,
        row=first.entry.row,
        value=first.person.name,
        remedy=Bilingual(id="Isi NIP atau nomor pegawainya.", en="Fill in a NIP or a staff number."),
        warning=True,
    )
