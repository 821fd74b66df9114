"""What comes out: rosters as grids of statuses, what the verifier measured in them, and numbered revisions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Literal, NamedTuple, TypeVar

from scheduler.language import Bilingual
from scheduler.problem import ABSENCE_KINDS, Person, Problem, Reading, Unit

Found = TypeVar("Found")

OFFICE, HOME, OFF = "office", "home", "off"
NOT_EMPLOYED = ""
"""The status of a day before a person joins or after they leave; such days are not written."""
STATUSES = (OFFICE, HOME, *ABSENCE_KINDS, OFF)

OBJECTIVES = (
    "shortfall",  # home places of the day's targets left empty, person-days
    "changes",  # cells that differ from the roster replaced
    "fairness_spread",  # sum over quotas of most less least balance, thousandths of a day
    "fairness_total",  # sum of absolute balances, thousandths of a day
    "role_spread",  # the same over turns in roles
    "role_total",
    "monday_friday",  # sum over quotas of the spread over Mondays and Fridays, thousandths
    "preferences",  # weight of preferences unmet and soft rules broken
    "stints",  # stints of a length that the policy does not prefer
)
"""Lexicographic order of CONTRACT, "Objectives"."""


class Assignment(NamedTuple):
    """One person-day of a roster: a line of roster.csv."""

    day: date
    unit: str
    person: Person
    status: str
    roles: tuple[str, ...]
    fixed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRoster:
    """One unit's grid.

    Attributes
    ----------
    people : ids in list order; rows of `statuses`.
    days : every calendar day of the horizon; columns of `statuses`.
    statuses : one of `STATUSES`, or `NOT_EMPLOYED`; "off" on days that the unit does not work.
    roles : service posts, "monitor", "deputy" and the like by (person id, day); absent where none.
    fixed_by : the label of the rule, pin or absence that left the solver no choice, by (person id, day).
    attained : bounds that a rule had to widen so that a roster exists at all, by the rule's own key;
        each is printed as a reading.
    """

    unit: str
    people: tuple[str, ...]
    days: tuple[date, ...]
    statuses: tuple[tuple[str, ...], ...]
    roles: Mapping[tuple[str, date], tuple[str, ...]] = field(default_factory=dict)
    fixed_by: Mapping[tuple[str, date], str] = field(default_factory=dict)
    attained: Mapping[str, int] = field(default_factory=dict)


NO_ROLES: frozenset[str] = frozenset()


class Replaced:
    """What a new roster of a unit replaces: its days before `before` stay, of the others as few as can be change.

    Parameters
    ----------
    roster : the unit's grid in the replaced revision; its people and days may be others.
    before : the first day that may change.
    open_days : person-days before it that may change all the same, such as a recall for today.
    """

    def __init__(
        self, roster: UnitRoster, before: date, open_days: frozenset[tuple[str, date]] = frozenset()
    ) -> None:
        self.roster = roster
        self.before = before
        self._open = open_days
        self._cells = {
            (person_id, day): status
            for person_id, row in zip(roster.people, roster.statuses, strict=True)
            for day, status in zip(roster.days, row, strict=True)
        }

    def status(self, person_id: str, day: date) -> str:
        """Return what the person-day was; not employed where the replaced roster lacks it."""
        return self._cells.get((person_id, day), NOT_EMPLOYED)

    def roles(self, person_id: str, day: date) -> frozenset[str]:
        """Return the roles held that day."""
        held = self.roster.roles.get((person_id, day))
        return frozenset(held) if held else NO_ROLES

    def knows(self, person_id: str, day: date) -> bool:
        """Whether the replaced roster had the person-day, so that it can have changed."""
        return (person_id, day) in self._cells

    def freezes(self, person_id: str, day: date) -> bool:
        """Whether the person-day was worked and must stay as it was."""
        return (
            day < self.before
            and (person_id, day) not in self._open
            and self.status(person_id, day) in (HOME, OFFICE)
        )


class Cells:
    """A unit's roster as a rule's `check` sees it: statuses and roles by person and day, and the unit's facts.

    Parameters
    ----------
    unit : the facts; `roster` the grid over the same people and days.
    """

    def __init__(self, unit: Unit, roster: UnitRoster) -> None:
        self.unit = unit
        self.roster = roster
        self.people = unit.people
        self.days = unit.horizon.workdays
        self._row = dict(zip(roster.people, roster.statuses, strict=True))
        self._column = {day: index for index, day in enumerate(roster.days)}
        self._remembered: dict[Any, Any] = {}

    def status(self, person: Person, day: date) -> str:
        """Return the status of one person-day."""
        return self._row[person.id][self._column[day]]

    def is_home(self, person: Person, day: date) -> bool:
        """Whether the person works from home that day."""
        return self.status(person, day) == HOME

    def is_office(self, person: Person, day: date) -> bool:
        """Whether the person works at the office that day."""
        return self.status(person, day) == OFFICE

    def roles(self, person: Person, day: date) -> tuple[str, ...]:
        """Return the roles held that day."""
        return self.roster.roles.get((person.id, day), ())

    def statuses(self, person: Person) -> list[str]:
        """Return the statuses of one person on the working days."""
        row, columns = self._row[person.id], self.remember("columns", self._columns)
        return [row[column] for column in columns]

    def at_home(self, day: date) -> frozenset[str]:
        """Return the ids of those who work from home on a working day."""
        return self.remember("at home", lambda: {d: self._ids_with(HOME, d) for d in self.days})[day]

    def present(self, day: date) -> frozenset[str]:
        """Return the ids of those who work at all on a working day: employed, and not absent."""
        return self.remember("present", self._present)[day]

    def remember(self, name: Any, find: Callable[[], Found]) -> Found:
        """Return what `find` found the first time that anybody asked for it by this name."""
        if name not in self._remembered:
            self._remembered[name] = find()
        found: Found = self._remembered[name]
        return found

    def _columns(self) -> list[int]:
        return [self._column[day] for day in self.days]

    def _ids_with(self, status: str, day: date) -> frozenset[str]:
        column = self._column[day]
        return frozenset(person.id for person in self.people if self._row[person.id][column] == status)

    def _present(self) -> dict[date, frozenset[str]]:
        away: dict[date, set[str]] = {}
        for person_id, day in self.unit.absences:
            away.setdefault(day, set()).add(person_id)
        return {
            day: frozenset(p.id for p in self.people if p.is_employed_on(day)) - away.get(day, set())
            for day in self.days
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One instance of one rule that a roster breaks.

    Attributes
    ----------
    rule : the rule's label.
    amount : by how much, in the rule's own unit (people, days, stints); at least 1.
    weight : None where the rule is hard; else the cost of each unit of `amount`.
    sentence : what is broken, with numbers.
    """

    rule: str
    unit: str
    sentence: Bilingual
    day: date | None = None
    people: tuple[str, ...] = ()
    amount: int = 1
    weight: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaDay:
    """One day of one quota: people in the base, home places wanted, people at home, places left empty and why.

    `excused` counts the places that gave way to a role or a recall: they are no shortfall.
    """

    day: date
    base: int
    target: int
    home: int
    shortfall: int = 0
    excused: int = 0
    causes: tuple[Bilingual, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaReport:
    """What one quota wanted and got: `people` are the ids of its group; `remainder` goes into the ledger.

    `remainder` is what a carried rounding leaves at the period's end, in [0, 1); None where nothing is carried.
    """

    rule: str
    people: tuple[str, ...]
    days: tuple[QuotaDay, ...]
    remainder: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceSheet:
    """Turns taken less turns due, in thousandths of a day, by person id; sums to the carried sum over the group.

    `kind` is "home" for a quota and "role" for turns in a role. `taken` counts whole turns of this period.
    """

    name: str
    kind: Literal["home", "role"]
    taken: Mapping[str, int]
    due: Mapping[str, int]
    balance: Mapping[str, int]
    monday_friday: Mapping[str, int]

    @property
    def spread(self) -> int:
        """Most less least balance, thousandths of a day."""
        return max(self.balance.values(), default=0) - min(self.balance.values(), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What the verifier found in one unit's roster: violations, and every objective computed anew."""

    unit: str
    violations: tuple[Violation, ...]
    objectives: Mapping[str, int]
    quotas: tuple[QuotaReport, ...] = ()
    balances: tuple[BalanceSheet, ...] = ()
    notes: tuple[Bilingual, ...] = ()

    @property
    def broken(self) -> tuple[Violation, ...]:
        """The violations of hard rules: a roster with any is never written."""
        return tuple(v for v in self.violations if v.weight is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectiveValue:
    """The value reached in one pass, and the bound proven for it; equal where the pass is optimal.

    Attributes
    ----------
    is_part : whether it counts in a weighted sum alone, and is minimised only as a part of that.
    """

    name: str
    value: int
    bound: int
    is_part: bool = False

    @property
    def is_optimal(self) -> bool:
        """Whether no roster can do better in this pass, given the passes before; a part of a sum has no pass."""
        return self.is_part or self.value <= self.bound


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitResult:
    """One unit's roster with what was claimed of it (`objectives`) and what the verifier found (`audit`).

    `retried` says what happened to the solver where the roster was made in a second attempt with plain settings.
    """

    unit: Unit
    roster: UnitRoster
    objectives: tuple[ObjectiveValue, ...]
    audit: Audit
    readings: tuple[Reading, ...] = ()
    seconds: float = 0.0
    interrupted: bool = False
    retried: Bilingual | None = None

    @property
    def is_optimal(self) -> bool:
        """Whether every pass is proven."""
        return all(objective.is_optimal for objective in self.objectives)


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """A whole scenario's roster as one numbered revision.

    Attributes
    ----------
    number : 1 for the first, then counting up.
    replaced : the number of the revision that this one replaces, or None.
    sequences : by (person id, day): in how many later revisions that person-day changed (RFC 5545,
        SEQUENCE); absent means 0.
    flags : the command-line tweaks that were in force, as given.
    unfinished : why units asked for have no roster here, by name.
    """

    problem: Problem
    results: tuple[UnitResult, ...]
    number: int = 1
    replaced: int | None = None
    sequences: Mapping[tuple[str, date], int] = field(default_factory=dict)
    flags: Mapping[str, str] = field(default_factory=dict)
    unfinished: Mapping[str, Bilingual] = field(default_factory=dict)

    def assignments(self) -> Iterator[Assignment]:
        """Yield every person-day in date, unit, list order (CONTRACT, roster.csv)."""
        days = sorted({day for result in self.results for day in result.roster.days})
        for day in days:
            for result in self.results:
                yield from unit_assignments(result, day)


def unit_assignments(result: UnitResult, day: date) -> Iterator[Assignment]:
    """Yield one unit's person-days of `day` in list order; days outside employment are left out."""
    roster = result.roster
    if day not in roster.days:
        return
    column = roster.days.index(day)
    for person, row in zip(result.unit.people, roster.statuses, strict=True):
        if row[column] != NOT_EMPLOYED:
            key = (person.id, day)
            yield Assignment(
                day, roster.unit, person, row[column], roster.roles.get(key, ()), roster.fixed_by.get(key, "")
            )
