"""What a roster's inputs were changed by after it was published: one step for each replanning, all kept.

A step holds what was asked, in the order in which it was asked; together with the files in `inputs/` the steps
make the problem again. Nothing here reads a file or knows the solver.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal

from scheduler.problem import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAbsence:
    """Days from `first` to `last`, both included, on which a person turned out to be away."""

    person_id: str
    first: date
    last: date
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPin:
    """A person-day fixed after publication.

    Attributes
    ----------
    cause : what asked for it: a pin, a swap of two people, a recall, or a cell edited in the workbook.
    other : the id of the person swapped with.
    """

    person_id: str
    day: date
    status: Literal["home", "office"]
    cause: Literal["pin", "swap", "recall", "edit"] = "pin"
    why: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One replanning.

    Attributes
    ----------
    as_of : days before it stayed as they were.
    leaves : the last day of those who leave, by person id.
    joins : the first day of those who came, by person id.
    departed : people whom a new staff list no longer has; their days before `as_of` remain.
    new_files : names of the inputs that this step replaced, such as policy.toml.
    units : patterns of the units that were replanned at the user's wish; empty where changes alone decided.
    restores : the number of the earlier revision that this one goes back to.
    """

    as_of: date
    absences: tuple[NewAbsence, ...] = ()
    pins: tuple[NewPin, ...] = ()
    leaves: Mapping[str, date] = field(default_factory=dict)
    joins: Mapping[str, date] = field(default_factory=dict)
    departed: tuple[Person, ...] = ()
    new_files: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    restores: int | None = None

    @property
    def open_days(self) -> frozenset[tuple[str, date]]:
        """The person-days before `as_of` that change all the same: recalls for the very day."""
        return frozenset((pin.person_id, pin.day) for pin in self.pins if pin.day < self.as_of)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked."""
        return not (
            self.absences
            or self.pins
            or self.leaves
            or self.joins
            or self.departed
            or self.new_files
            or self.units
            or self.restores
        )


def people_after(people: Sequence[Person], steps: Sequence[Step]) -> tuple[Person, ...]:
    """Return the people of a list with those who came, left or were struck off it by these steps.

    Who is struck off stays until the day before the step; they stand after the others of their unit.
    """
    found = list(people)
    for step in steps:
        known = {person.id for person in found}
        last = step.as_of - timedelta(days=1)
        found += [
            replace(person, leaves=min(person.leaves or last, last))
            for person in step.departed
            if person.id not in known
        ]
        found = [
            replace(
                person,
                leaves=step.leaves.get(person.id, person.leaves),
                joins=step.joins.get(person.id, person.joins),
            )
            for person in found
        ]
    order = {unit: number for number, unit in enumerate(dict.fromkeys(person.unit for person in found))}
    return tuple(sorted(found, key=lambda person: order[person.unit]))
