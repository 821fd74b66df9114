"""The roster as the validator needs it: who has which status and roles on which day, and what excuses them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from scheduler.problem import Person
from scheduler.roster import Assignment

PersonDay = tuple[str, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterDays:
    """Statuses by (person id, day); what is absent is outside employment.

    Attributes
    ----------
    people : in the order of units and lists.
    days : every day of the roster, in order.
    statuses, roles : as in `scheduler.roster`.
    excuses : "recall" or "swap" by (person id, day), where the published turn was changed.
    """

    people: tuple[Person, ...]
    days: tuple[date, ...]
    statuses: Mapping[PersonDay, str]
    roles: Mapping[PersonDay, tuple[str, ...]] = field(default_factory=dict)
    excuses: Mapping[PersonDay, str] = field(default_factory=dict)

    def between(self, since: date | None, until: date | None) -> RosterDays:
        """Return the days from `since` to `until`, both included; None leaves that side open."""
        kept = tuple(d for d in self.days if (since is None or since <= d) and (until is None or d <= until))
        return replace(self, days=kept)


def from_assignments(assignments: Iterable[Assignment]) -> RosterDays:
    """Return the days of any sequence of assignments, such as the lines of roster.csv in a folder's order.

    A `fixed_by` that names a recall or a swap excuses its day.
    """
    people: dict[str, Person] = {}
    days: set[date] = set()
    statuses: dict[PersonDay, str] = {}
    roles: dict[PersonDay, tuple[str, ...]] = {}
    excuses: dict[PersonDay, str] = {}
    for day, _, person, status, held, fixed_by in assignments:
        people.setdefault(person.id, person)
        days.add(day)
        statuses[person.id, day] = status
        if held:
            roles[person.id, day] = held
        word = fixed_by.casefold()
        for excuse in ("recall", "swap"):
            if excuse in word:
                excuses[person.id, day] = excuse
    units = {unit: i for i, unit in enumerate(dict.fromkeys(p.unit for p in people.values()))}
    ordered = sorted(people.values(), key=lambda p: units[p.unit])
    return RosterDays(
        people=tuple(ordered), days=tuple(sorted(days)), statuses=statuses, roles=roles, excuses=excuses
    )
