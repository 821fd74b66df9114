"""Calendars (RFC 5545, RFC 7986): a file for each person and each unit, under names that tell nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.language import Language
from scheduler.roster import Roster
from scheduler.write.calendar.names import opaque_name, person_file, unit_file

if TYPE_CHECKING:
    from scheduler.write.calendar.calendars import Calendars

__all__ = ["calendars", "opaque_name", "person_calendar", "unit_calendar", "write_calendars"]


def write_calendars(roster: Roster, folder: Path, key: bytes, language: Language) -> None:
    """Write `people/*.ics` and `units/*.ics` into `folder`, which is best new: other files there stay.

    Raises
    ------
    OSError
        Where a file cannot be written; `scheduler.write.publish` says it in plain words.
    InputError
        Where the key is empty.
    """
    every = calendars(roster, key, language)
    people = {person: folder / "people" / person_file(key, person) for person in every.people}
    units = {unit: folder / "units" / unit_file(key, unit) for unit in every.units}
    for place in ("people", "units"):
        (folder / place).mkdir(parents=True, exist_ok=True)
    for person, path in people.items():
        path.write_bytes(every.person(person))
    for unit, path in units.items():
        path.write_bytes(every.unit(unit))


def person_calendar(roster: Roster, person_id: str, key: bytes, language: Language) -> bytes:
    """Return one person's calendar; for many, ask one `calendars` object instead.

    Raises
    ------
    KeyError
        Where nobody on the roster has that id.
    """
    return calendars(roster, key, language).person(person_id)


def unit_calendar(roster: Roster, unit: str, key: bytes, language: Language) -> bytes:
    """Return one unit's calendar, with `unit` as the staff list writes it.

    Raises
    ------
    KeyError
        Where the roster has no such unit.
    """
    return calendars(roster, key, language).unit(unit)


def calendars(roster: Roster, key: bytes, language: Language) -> Calendars:
    """Return the calendars of a roster, each made when asked for."""
    from scheduler.write.calendar.calendars import Calendars

    return Calendars(roster, key, language)
