"""What the letter leaves open, and how it was read: the phase in force, ranks on which it is silent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scheduler.language import Bilingual
from scheduler.problem import RANK_NAMES, RANKS, Person, Reading, Unit
from scheduler.read.policy import PolicyFile


def phase_reading(file: PolicyFile) -> Iterator[Reading]:
    """Yield which phase of the policy is in force, and how to make another."""
    if file.phase is None:
        return
    names = ", ".join(f"“{phase.name}”" for phase in file.phases)
    number = file.phases.index(file.phase) + 1
    yield Reading(
        key="phase",
        text=Bilingual(
            id=f"Tahap {number} dari {len(file.phases)}: “{file.phase.name}”; tahap lain dengan --phase ({names}).",
            en=f"Phase {number} of {len(file.phases)}: “{file.phase.name}”; others by --phase ({names}).",
        ),
    )


def silent_ranks(units: Sequence[Unit]) -> Iterator[Reading]:
    """Yield the reading that ranks which no rule concerns are at the office, with the flag for the other."""
    silent = {person.rank for unit in units for person in unit.people if person.rank}
    for unit in units:
        for person in unit.people:
            if person.rank in silent and _is_concerned(person, unit):
                silent.discard(person.rank)
    if silent:
        ranks = ", ".join(RANK_NAMES[rank] for rank in RANKS if rank in silent)
        lowest = next(rank for rank in reversed(RANKS) if rank in silent)
        yield Reading(
            key="default.office",
            text=Bilingual(
                id=f"Surat tidak mengatur {ranks}: tetap di kantor (WFO); bacaan lain misalnya --quota {lowest}=50%.",
                en=f"The letter is silent on {ranks}: at the office; another reading is, say, --quota {lowest}=50%.",
            ),
        )


def _is_concerned(person: Person, unit: Unit) -> bool:
    """Whether any rule, on any day, says where the person is or may be."""
    return any(
        rule.grants_home(person, day) or rule.settles(person, day)
        for rule in unit.rules
        for day in unit.horizon.workdays
    )
