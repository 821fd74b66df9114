"""Which check-ins a calendar reminds of, from the policy's `[checkins]` tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any, NamedTuple

from scheduler.constraints.selection import Selection, When
from scheduler.problem import Person
from scheduler.roster import HOME


class Call(NamedTuple):
    """A checkpoint of one day: its local time, and whether the location is shared for hours from then on."""

    at: time
    shares: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One table of checkpoints: its local times, whom and when it binds.

    `shares` as in `Call`.
    """

    times: tuple[time, ...]
    statuses: tuple[str, ...] = (HOME,)
    people: Selection = field(default_factory=Selection)
    days: When = field(default_factory=When)
    shares: bool = False


def reminders(checkins: Mapping[str, Any]) -> tuple[Reminder, ...]:
    """Return the reminders of `point` (each of `at`) and `interval` (its `start`) tables, in their order."""
    found = [_reminder(table, table.get("at", ()), shares=False) for table in _tables(checkins, "point")]
    found += [
        _reminder(table, table.get("start", ()), shares=True) for table in _tables(checkins, "interval")
    ]
    return tuple(reminder for reminder in found if reminder.times)


def due(applying: Sequence[Reminder], day: date, statuses: Sequence[str]) -> tuple[Call, ...]:
    """Return what to remind of on `day`, earliest first; a time that two tables name comes once."""
    found: dict[time, bool] = {}
    for reminder in applying:
        if any(status in reminder.statuses for status in statuses) and reminder.days.takes(day):
            found |= {at: reminder.shares for at in reminder.times if at not in found}
    return tuple(Call(at, shares) for at, shares in sorted(found.items()))


def applying_to(person: Person, tables: Sequence[Reminder]) -> tuple[Reminder, ...]:
    """Return the reminders whose `for` selects the person."""
    return tuple(table for table in tables if table.people.takes(person))


def _tables(checkins: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    found = checkins.get(kind, ())
    return [found] if isinstance(found, Mapping) else list(found)


def _reminder(table: Mapping[str, Any], times: Any, *, shares: bool) -> Reminder:
    required = table.get("required_on", (HOME,))
    return Reminder(
        times=tuple(_time(at) for at in ((times,) if isinstance(times, str | time) else times)),
        statuses=(required,) if isinstance(required, str) else tuple(required),
        people=Selection.model_validate(dict(table.get("for", {}))),
        days=When.model_validate(dict(table.get("when", {}))),
        shares=shares,
    )


def _time(value: str | time) -> time:
    """Read "08:00" as TOML writes it or "08.00" as Indonesian letters do."""
    return value if isinstance(value, time) else time.fromisoformat(value.strip().replace(".", ":").zfill(5))
