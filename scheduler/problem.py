"""All inputs of a roster as frozen values: people, units, days, what is fixed and what is carried over.

Nothing here reads a file, looks at a clock or knows the solver.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from scheduler.language import Bilingual, Language

if TYPE_CHECKING:
    from scheduler.constraints.base import Rule

ABSENCE_KINDS = ("leave", "travel", "sick", "isolation", "hospital", "permit", "study")
"""Why a person is neither at home nor at the office on a working day (CONTRACT, scenario folder)."""

RANKS = ("jpt", "administrator", "pengawas", "pelaksana", "fungsional", "non_asn")
"""The levels of POLICIES, "Ranks and posts", highest first; `""` where a list does not tell."""

RANK_NAMES: Mapping[str, str] = MappingProxyType(
    {rank: {"jpt": "JPT", "non_asn": "Non-ASN"}.get(rank, rank.capitalize()) for rank in RANKS}
)
"""The levels as letters write them, the same in both languages."""

Weights = Mapping[str, int]
"""What a day of balance, or a unit of weight, costs in each objective that a policy weighs."""

ASN_EMPLOYMENTS = ("PNS", "CPNS", "PPPK")
"""Employments that make a civil servant (UU 20/2023, article 5, and candidates)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One member of staff as the list gives them; what the list lacks stays empty, nothing is guessed.

    Attributes
    ----------
    id : the NIP; else the id printed in that column; else a slug of unit and name. Unique in a problem.
    name : without degrees and titles; `printed_name` keeps them as they stood.
    nip : 18 digits, or empty.
    rank : one of `RANKS`, or empty.
    echelon : "I.a" to "V.a" in roman numeral, dot, letter; or empty.
    grade : pangkat and golongan as printed.
    it_capable : None where the list has no such column.
    monitor : None where the list has no such column.
    service_posts : counters at which this person can serve.
    supervisor : the id of the direct supervisor, or empty.
    phone : digits with country code 62 and no plus sign, or empty.
    latitude, longitude : of the home, degrees WGS 84, or None.
    tags : any further marks, for selecting.
    joins, leaves : first and last day of employment in this unit, both included, or None.
    row : where the list has the person, for messages (1-based), with `sheet`.
    """

    id: str
    name: str
    unit: str
    printed_name: str = ""
    nip: str = ""
    rank: str = ""
    echelon: str = ""
    grade: str = ""
    position: str = ""
    sub_unit: str = ""
    unit_class: str = ""
    employment: str = ""
    it_capable: bool | None = None
    monitor: bool | None = None
    service_posts: tuple[str, ...] = ()
    supervisor: str = ""
    sex: Literal["", "male", "female"] = ""
    phone: str = ""
    telegram: str = ""
    latitude: float | None = None
    longitude: float | None = None
    note: str = ""
    tags: tuple[str, ...] = ()
    joins: date | None = None
    leaves: date | None = None
    sheet: str = ""
    row: int = 0

    def __hash__(self) -> int:
        # By id alone: people are looked up by the thousand, and those of one problem differ in it.
        return hash(self.id)

    @property
    def display_name(self) -> str:
        """The name as it is printed on paper, with degrees where the list has them."""
        return self.printed_name or self.name

    def is_employed_on(self, day: date) -> bool:
        """Whether the person belongs to the unit on `day`."""
        return (self.joins is None or self.joins <= day) and (self.leaves is None or day <= self.leaves)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A person-day fixed in advance by the head: `status` is home or office; `recall` marks a call to the office."""

    status: Literal["home", "office"]
    why: str = ""
    recall: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """A wish of one person for one day (`day`) or every such weekday (`weekday`, Monday 0); never binding."""

    person_id: str
    status: Literal["home", "office"]
    weight: int
    day: date | None = None
    weekday: int | None = None

    def applies_on(self, day: date) -> bool:
        """Whether the wish is about `day`."""
        return day == self.day if self.day is not None else day.weekday() == self.weekday


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """What earlier periods leave behind for one person; balances in thousandths of a day.

    `last_stint` counts the working days of the stint that was open when the last period ended,
    `last_status` its status.
    """

    person_id: str
    unit: str
    rank: str
    due: int = 0
    home_days: int = 0
    balance: int = 0
    monday_friday_balance: int = 0
    role_balances: Mapping[str, int] = field(default_factory=dict)
    last_status: str = ""
    last_stint: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The carried balances of a whole scenario and the remainders of its carried roundings.

    Attributes
    ----------
    last_day : the last day of the period that the ledger closes; None in a first period.
    entries : by person id.
    remainders : by (unit, rule name), in [0, 1).
    """

    last_day: date | None = None
    entries: Mapping[str, LedgerEntry] = field(default_factory=dict)
    remainders: Mapping[tuple[str, str], Fraction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """The dates rostered: every calendar day from first to last, and which of them are worked.

    `holidays` maps the days off among them to their names; `estimated` are the holidays whose date the
    government has not yet fixed.
    """

    days: tuple[date, ...]
    workdays: tuple[date, ...]
    holidays: Mapping[date, str] = field(default_factory=dict)
    estimated: frozenset[date] = frozenset()

    @property
    def first(self) -> date:
        """The first calendar day."""
        return self.days[0]

    @property
    def last(self) -> date:
        """The last calendar day."""
        return self.days[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One office with everything its roster depends on: an independent problem of its own.

    Attributes
    ----------
    people : in list order; everyone employed on at least one day of the horizon.
    absences : kind by (person id, day); only days in `horizon.workdays`.
    pins : by (person id, day); only working days; never on an absence.
    rules : the policy's rules, in its order, each unique by `Rule.label`.
    ledger : only this unit's people; `Ledger.last_day` is set only where the periods adjoin, that is
        no working day of this unit lies between them.
    weights : of the objectives after shortfall and changes where the policy weighs them against each other.
    """

    name: str
    people: tuple[Person, ...]
    horizon: Horizon
    rules: tuple[Rule, ...]
    unit_class: str = ""
    absences: Mapping[tuple[str, date], str] = field(default_factory=dict)
    pins: Mapping[tuple[str, date], Pin] = field(default_factory=dict)
    preferences: tuple[Preference, ...] = ()
    ledger: Ledger = field(default_factory=Ledger)
    adjoins: bool = False
    weights: Weights | None = None

    def names(self, people: tuple[str, ...], most: int = 6) -> str:
        """Return the names of these people as one phrase, cut after `most`."""
        by_id = {person.id: person.name for person in self.people}
        names = [by_id.get(person_id, person_id) for person_id in people]
        return ", ".join(names[:most]) + (f" (+{len(names) - most})" if len(names) > most else "")

    def is_present(self, person: Person, day: date) -> bool:
        """Whether the person works on `day` at all: employed, a working day of the unit, not absent."""
        return person.is_employed_on(day) and (person.id, day) not in self.absences

    def last_stint(self, person: Person) -> tuple[str, int]:
        """Status and length of the stint open when the period before ended; ("", 0) where none adjoins."""
        entry = self.ledger.entries.get(person.id)
        if entry is None or not self.adjoins:
            return "", 0
        return entry.last_status, entry.last_stint

    def remainder(self, rule: str, denominator: int) -> Fraction:
        """The remainder of a rule's carried rounding when the period begins, in [0, 1).

        What the last period left; in a first period a multiple of 1/`denominator` from a hash of unit and
        rule, so that the units of a city do not all round up on the same day.
        """
        left = self.ledger.remainders.get((self.name, rule))
        if left is not None:
            return left
        digest = hashlib.sha256(f"{self.name}\0{rule}".encode()).digest()
        return Fraction(int.from_bytes(digest[:8]) % denominator, denominator)

    def carried(self, person: Person) -> LedgerEntry:
        """What the ledger brings; zero for the new, and for those who changed unit or rank (CONTRACT)."""
        entry = self.ledger.entries.get(person.id)
        if entry is None or entry.unit != self.name or entry.rank != person.rank:
            return LedgerEntry(person_id=person.id, unit=self.name, rank=person.rank)
        return entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What the circular says of itself; printed, never interpreted."""

    number: str = ""
    day: date | None = None
    issuer: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who signs each unit's sheet; empty fields are taken from the unit's head in the staff list."""

    place: str = ""
    title: str = ""
    name: str = ""
    grade: str = ""
    nip: str = ""
    prefix: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingHours:
    """The hours of an office day in local time (Perpres 21/2023: 07.30 start, 37.5 h a week)."""

    start: time = time(7, 30)
    end: time = time(16, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a letter was read where it is silent or contradicts itself, and the setting that changes it.

    Attributes
    ----------
    rule : the label of the rule that was read so; "" where the text says by itself what it is about.
    """

    key: str
    text: Bilingual
    rule: str = ""

    @property
    def sentence(self) -> Bilingual:
        """The text with the rule that it is about, for programs and terminals."""
        if not self.rule:
            return self.text
        return Bilingual(id=f"{self.rule}: {self.text.id}", en=f"{self.rule}: {self.text.en}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The letter as rules and settings.

    Attributes
    ----------
    timezone : an IANA name, such as "Asia/Makassar".
    language : of workbooks, calendars and pages.
    rules : in the order of the file.
    checkins : the `[checkins]` tables as read, for the validator and the calendars' reminders.
    readings : settings that the policy left to their defaults, or took on purpose, where the letter is
        silent.
    weights : of the objectives after shortfall and changes, by name, or None: each by itself, in CONTRACT's order.
    """

    title: str
    timezone: str
    rules: tuple[Rule, ...]
    language: Language = "id"
    letter: Letter = field(default_factory=Letter)
    signature: Signature = field(default_factory=Signature)
    hours: WorkingHours = field(default_factory=WorkingHours)
    checkins: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    readings: tuple[Reading, ...] = ()
    weights: Weights | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Everything a roster depends on: one policy, its period and its units."""

    name: str
    policy: Policy
    first: date
    last: date
    units: tuple[Unit, ...]
    ledger: Ledger = field(default_factory=Ledger)
