"""Marks on people that need the whole list: levels of a unit, who is one level below whom, cohorts a rule makes.

`Selection.takes` sees one person; what it cannot see is marked here as tags that begin with `giliran:`, once, from
the whole scenario's people, before they are divided into units. Nothing else writes or reads such tags.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from scheduler.constraints.selection import MARK, Selection, level_mark
from scheduler.language import Bilingual
from scheduler.problem import Person

if TYPE_CHECKING:
    from scheduler.constraints.base import Rule

LEVELS = ("I", "II", "III", "IV", "V")
LEVEL_OF_RANK = {"jpt": 1, "administrator": 2, "pengawas": 3}
"""Where a list gives no echelon: the level by rank, as an index of `LEVELS` (PP 11/2017)."""


def mark_people(people: Sequence[Person], rules: Iterable[Rule]) -> tuple[Person, ...]:
    """Return the people of a whole scenario with the marks that the rules' selections ask for.

    Marking again changes nothing but what the people's facts or the rules have changed.

    Parameters
    ----------
    people : of all units: a supervisor may be in another unit, as a Lurah's Camat is.
    """
    rules = tuple(rules)
    marks = {person.id: [tag for tag in person.tags if not tag.startswith(MARK)] for person in people}
    for unit_people in _by_unit(people).values():
        for person_id, level in _levels(unit_people).items():
            marks[person_id].append(level_mark(level))
    marked = _with(people, marks)
    for selection in (s for rule in rules for s in selections_of(rule) if s.below is not None):
        chosen = {person.id for person in marked if selection.below and selection.below.takes(person)}
        for person_id in _below(marked, chosen, selection.below_by):
            if selection.below_mark not in marks[person_id]:
                marks[person_id].append(selection.below_mark)
        marked = _with(people, marks)
    for unit_people in _by_unit(marked).values():
        for rule in rules:
            for person_id, tag in rule.marks(unit_people):
                marks[person_id].append(tag)
    return _with(people, marks)


def mark_again(people: Sequence[Person], before: Rule, after: Rule) -> tuple[Person, ...]:
    """Return the people of one unit with the marks that a rule makes itself (cohorts) as changed settings make them."""
    old, new = set(before.marks(people)), list(after.marks(people))
    if old == set(new):
        return tuple(people)
    marks = {p.id: [tag for tag in p.tags if (p.id, tag) not in old] for p in people}
    for person_id, tag in new:
        marks[person_id].append(tag)
    return _with(people, marks)


def selections_of(value: Any) -> Iterator[Selection]:
    """Yield every selection in a rule's settings, inner ones before those that hold them."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from selections_of(getattr(value, name))
        if isinstance(value, Selection):
            yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from selections_of(item)


def guessed_supervisors(people: Sequence[Person], rules: Iterable[Rule]) -> tuple[Bilingual, ...]:
    """Return a note where "one level below" had to go by echelon because the list names no supervisor."""
    asked = any(s.below is not None and s.below_by == "tree" for rule in rules for s in selections_of(rule))
    lost = [person for person in people if level_of(person) and not person.supervisor]
    tops = {min((level_of(p), p.id) for p in group if level_of(p))[1] for group in _by_unit(people).values() if any(map(level_of, group))}  # fmt: skip
    lost = [person for person in lost if person.id not in tops]
    if not asked or not lost:
        return ()
    names = ", ".join(person.name for person in lost[:6]) + (f" (+{len(lost) - 6})" if len(lost) > 6 else "")
    return (
        Bilingual(
            id=f"Atasan langsung tidak tercantum untuk {names}: satu tingkat di bawah dibaca dari eselon di unitnya.",
            en=f"The list names no supervisor of {names}: one level below is read from the echelons of the unit.",
        ),
    )


def level_of(person: Person) -> int:
    """Return the structural level, 1 the highest, from echelon or else rank; 0 for whom holds no structural post."""
    numeral = person.echelon.partition(".")[0].upper()
    if numeral in LEVELS:
        return LEVELS.index(numeral) + 1
    return LEVEL_OF_RANK[person.rank] + 1 if person.rank in LEVEL_OF_RANK else 0


def _by_unit(people: Sequence[Person]) -> dict[str, list[Person]]:
    units: dict[str, list[Person]] = {}
    for person in people:
        units.setdefault(person.unit, []).append(person)
    return units


def _with(people: Sequence[Person], marks: Mapping[str, Sequence[str]]) -> tuple[Person, ...]:
    return tuple(
        person if list(person.tags) == marks[person.id] else replace(person, tags=tuple(marks[person.id]))
        for person in people
    )


def _levels(people: Sequence[Person]) -> dict[str, int]:
    """Return for the structural people of one unit 1 for the highest level present, 2 for the next …"""
    present = sorted({level for person in people if (level := level_of(person))})
    return {person.id: present.index(level) + 1 for person in people if (level := level_of(person))}


def _below(people: Sequence[Person], chosen: set[str], by: str) -> Iterator[str]:
    by_id = {person.id: person for person in people}
    units = _by_unit(people)
    for person in people:
        if not level_of(person):
            continue
        above = _superior(person, by_id) if by == "tree" else None
        superiors = [above] if above else _next_above(person, units[person.unit])
        if any(superior.id in chosen for superior in superiors):
            yield person.id


def _superior(person: Person, by_id: Mapping[str, Person]) -> Person | None:
    """Return the nearest structural person up the supervisor tree; None where the list does not tell."""
    seen = {person.id}
    here = by_id.get(person.supervisor)
    while here is not None and here.id not in seen:
        if level_of(here):
            return here
        seen.add(here.id)
        here = by_id.get(here.supervisor)
    return None


def _next_above(person: Person, unit_people: Sequence[Person]) -> list[Person]:
    """Return those of the next higher level present in the unit; of the same sub-unit where any is of it."""
    own = level_of(person)
    above = max((level for p in unit_people if 0 < (level := level_of(p)) < own), default=0)
    candidates = [p for p in unit_people if above and level_of(p) == above]
    near = [p for p in candidates if p.sub_unit and p.sub_unit == person.sub_unit]
    return near or candidates
