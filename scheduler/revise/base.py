"""What the next revision starts from: the current one, or an earlier one to go back to from a day on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from scheduler.changes import Step
from scheduler.errors import Fault, InputError, UsageError
from scheduler.language import Bilingual
from scheduler.problem import Person, Problem
from scheduler.read.outputs.kept import Kept, read_revision, rosters_of
from scheduler.read.outputs.order import INPUTS
from scheduler.read.outputs.output_folder import REVISIONS, revision_folders
from scheduler.read.outputs.revision import PersonDay
from scheduler.read.tweaks import Tweaks
from scheduler.roster import UnitRoster


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """Inputs and rosters to change as little as can be.

    Attributes
    ----------
    inputs : the folder of the policy, the staff list and the tables.
    steps : what replanning changed so far, oldest first.
    rosters, statuses : by unit, and by person and day; days before the first that may change are the current ones.
    """

    inputs: Path
    tweaks: Tweaks
    steps: tuple[Step, ...]
    rosters: Mapping[str, UnitRoster]
    statuses: Mapping[tuple[str, date], PersonDay]

    @classmethod
    def current(cls, kept: Kept) -> Base:
        """Return the current revision as it stands."""
        return cls(
            inputs=kept.folder / INPUTS,
            tweaks=kept.order.tweaks,
            steps=kept.steps,
            rosters=kept.rosters,
            statuses=kept.statuses,
        )


def go_back(kept: Kept, number: int, as_of: date) -> tuple[Base, Step]:
    """Return an earlier revision from `as_of` on, and the step that undoes what came after it.

    Days before `as_of` stay as they are now, and so does what was recorded of them. Whoever came after that
    revision leaves the day before `as_of`.

    Raises
    ------
    InputError
        Where there is no such revision.
    UsageError
        Where it is the current one.
    """
    target = read_revision(_folder_of(kept, number))
    statuses = {key: cell for key, cell in kept.statuses.items() if key[1] < as_of}
    statuses |= {key: cell for key, cell in target.statuses.items() if key[1] >= as_of}
    listed = {person.id for unit in target.scenario.problem.units for person in unit.people}
    departed = tuple(
        person
        for person in _people(kept.scenario.problem)
        if person.id not in listed and not (person.leaves is not None and person.leaves < as_of)
    )
    undone = kept.steps[_common(kept.steps, target.steps) :]
    lived = (_until(step, as_of) for step in undone)
    step = Step(as_of=as_of, departed=departed, restores=number)
    base = Base(
        inputs=target.folder / INPUTS,
        tweaks=target.order.tweaks,
        steps=(*target.steps, *(past for past in lived if not past.is_empty)),
        rosters=rosters_of(statuses),
        statuses=statuses,
    )
    return base, step


def _until(step: Step, day: date) -> Step:
    """Return what a step recorded of the days before `day`."""
    last = day - timedelta(days=1)
    return Step(
        as_of=step.as_of,
        absences=tuple(replace(a, last=min(a.last, last)) for a in step.absences if a.first < day),
        pins=tuple(pin for pin in step.pins if pin.day < day),
    )


def _people(problem: Problem) -> tuple[Person, ...]:
    return tuple(person for unit in problem.units for person in unit.people)


def _common(first: tuple[Step, ...], second: tuple[Step, ...]) -> int:
    """Return how many steps two histories begin with alike."""
    pairs = zip(first, second, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(first), len(second)))


def _folder_of(kept: Kept, number: int) -> Path:
    if number == kept.number:
        raise UsageError(
            Bilingual(
                id=f"Revisi {number} memang yang berlaku.",
                en=f"Revision {number} is the current one already.",
            )
        )
    earlier = dict(revision_folders(kept.folder))
    if number not in earlier:
        there = ", ".join(map(str, earlier)) or "–"
        raise InputError([
            Fault(
                file=str(kept.folder / REVISIONS),
                field="--to-revision",
                value=str(number),
                problem=Bilingual(id="revisi itu tidak ada", en="there is no such revision"),
                allowed=Bilingual(id=there, en=there),
                remedy=Bilingual(id="Lihat semuanya dengan `giliran log`.", en="See them all by `giliran log`."),
            )
        ])  # fmt: skip
    return earlier[number]
