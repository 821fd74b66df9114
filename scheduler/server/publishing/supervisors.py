"""The calendars of supervisors, made when a roster is published: where those are who report to them directly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.read.outputs.revision import previous_sequences
from scheduler.roster import Audit, Roster, UnitResult

if TYPE_CHECKING:
    from scheduler.language import Language
    from scheduler.read.outputs.kept import Kept


def supervisor_calendars(kept: Kept, key: bytes, language: Language) -> dict[str, tuple[str, str, bytes]]:
    """Return name, unit and calendar of each supervisor of a revision, by the person's id.

    Empty where the staff list names no supervisor; the calendars of units serve then.
    """
    from scheduler.write.calendar.calendars import Calendars

    problem = kept.scenario.problem
    if not any(person.supervisor for unit in problem.units for person in unit.people):
        return {}
    results = tuple(
        UnitResult(
            unit=unit, roster=kept.rosters[unit.name], objectives=(), audit=_nothing_audited(unit.name)
        )
        for unit in problem.units
    )
    sequences = previous_sequences(kept.folder)
    every = Calendars(
        Roster(problem=problem, results=results, number=kept.number, sequences=sequences), key, language
    )
    people = {person.id: person for unit in problem.units for person in unit.people}
    return {
        person_id: (people[person_id].name, people[person_id].unit, every.supervisor(person_id))
        for person_id in every.supervisors
    }


def _nothing_audited(unit: str) -> Audit:
    """Return an empty audit: calendars show the roster alone."""
    return Audit(unit=unit, violations=(), objectives={})
