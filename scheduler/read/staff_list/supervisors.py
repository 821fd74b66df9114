"""Finds the person whom a list prints as somebody's direct supervisor: by NIP, by name, or by post in the unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from scheduler.errors import Fault
from scheduler.language import Bilingual
from scheduler.problem import Person
from scheduler.read.files.cells import lines_of, stated
from scheduler.read.people_index import PeopleIndex
from scheduler.read.staff_list.entries import Entry
from scheduler.read.staff_list.nip import read_id, split_name_and_id

FIELDS = ("supervisor_nip", "supervisor")


def settle_supervisors(
    people: Sequence[Person], entries: Sequence[Entry]
) -> tuple[list[Person], list[Fault]]:
    """Return the people with their supervisors' ids; what is not found or ambiguous stays empty, with a warning."""
    index = PeopleIndex(people)
    faults: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    settled = []
    for person, entry in zip(people, entries, strict=True):
        supervisor, doubt, shown = _find(index, person, entry)
        if doubt:
            faults[doubt, shown].append(entry)
        settled.append(replace(person, supervisor=supervisor) if supervisor else person)
    warnings = [_warning(doubt, shown, rows) for (doubt, shown), rows in faults.items()]
    return _cut_cycles(settled, warnings), warnings


def _find(index: PeopleIndex, person: Person, entry: Entry) -> tuple[str, str, str]:
    """Return the supervisor's id, or "" with the kind of doubt and the value printed."""
    shown = doubt = ""
    for field in FIELDS:
        cell = entry.cells.get(field)
        text = stated(lines_of(cell))
        if not text:
            continue
        shown = shown or text.replace("\n", " ")
        name, identity = split_name_and_id(text) if isinstance(cell, str) else ("", "")
        printed = read_id(identity or cell)
        known = index.by_id(printed.text) if printed.text else None
        if known is not None:
            return (known.id, "", "") if known.id != person.id else ("", "self", shown)
        found = index.by_name(name or text, person.unit) if isinstance(cell, str) else []
        found = found or index.by_post(text, person.unit)
        if len(found) == 1:
            return (found[0].id, "", "") if found[0].id != person.id else ("", "self", shown)
        doubt = "several" if found else "lost" if printed.kind == "lost" else "unknown"
    return "", doubt, shown


_DOUBTS = {
    "self": Bilingual(id="atasan langsungnya dirinya sendiri", en="the supervisor is the person"),
    "several": Bilingual(id="nama atasan langsung cocok dengan lebih dari satu orang", en="the supervisor's name fits several people"),
    "unknown": Bilingual(id="atasan langsung tidak ada dalam daftar", en="the supervisor is not in the list"),
    "lost": Bilingual(
        id="NIP atasan tersimpan sebagai angka sehingga digit terakhirnya hilang",
        en="the supervisor's NIP is stored as a number and has lost its last digits",
    ),
    "cycle": Bilingual(id="atasan langsung berputar", en="the supervisors form a circle"),
}  # fmt: skip


def _warning(doubt: str, shown: str, entries: Sequence[Entry]) -> Fault:
    first = entries[0]
    field = next((first.headers[f] for f in FIELDS if f in first.headers), "")
    rows = ", ".join(str(entry.row) for entry in entries[:8]) + (", …" if len(entries) > 8 else "")
    problem = _DOUBTS[doubt]
    more = len(entries) > 1
    return Fault(
        problem=Bilingual(
            id=problem.id + (f" ({len(entries)} orang, baris {rows})" if more else "") + "; dibiarkan kosong",
            en=problem.en + (f" ({len(entries)} people, rows {rows})" if more else "") + "; left empty",
        ),
        sheet=first.sheet,
        row=first.row,
        field=field,
        value=shown,
        warning=True,
    )


def _cut_cycles(people: list[Person], warnings: list[Fault]) -> list[Person]:
    """Empty the supervisors of people who are, at some remove, their own supervisors."""
    above = {person.id: person.supervisor for person in people}
    done: set[str] = set()
    circles: list[list[str]] = []
    for start in above:
        path: list[str] = []
        here = start
        while here and here not in done and here not in path:
            path.append(here)
            here = above.get(here, "")
        if here in path:
            circles.append(path[path.index(here) :])
        done.update(path)
    circling = {id_ for circle in circles for id_ in circle}
    by_id = {person.id: person for person in people}
    for circle in circles:
        first = by_id[circle[0]]
        names = " → ".join(by_id[i].name for i in [*circle, circle[0]])
        problem = _DOUBTS["cycle"]
        warnings.append(
            Fault(
                problem=Bilingual(id=f"{problem.id}; dibiarkan kosong", en=f"{problem.en}; left empty"),
                sheet=first.sheet,
                row=first.row,
                value=names,
                warning=True,
            )
        )
    return [replace(p, supervisor="") if p.id in circling else p for p in people]
