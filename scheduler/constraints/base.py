"""What every rule is: settings, a part that builds, a part that checks, a sentence, two tiny examples.

A rule shapes single person-days (`fixes`, `grants_home`, `offers_roles`), or couples days or people (`build`).
`check` works from cells and settings alone: it shares no code with the building side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from scheduler.constraints.selection import Selection, When
from scheduler.language import Bilingual
from scheduler.problem import Person, Pin, Reading, Unit
from scheduler.roster import BalanceSheet, Cells, QuotaReport, Violation

if TYPE_CHECKING:
    from scheduler.constraints.model import Model

MOST_WEIGHT = 1_000_000

Direction = Literal["under", "over", ""]

Truth = Any
"""A literal of the solver, or a plain bool where the person-day is settled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One place where one rule binds: the unit of explanations. `facts` are the numbers its sentence needs."""

    rule: str
    day: date | None = None
    people: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict, hash=False)


class Fix(NamedTuple):
    """A person-day that a rule settles: indices of person and working day, and the status."""

    person: int
    day: int
    status: Literal["home", "office"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """A group that takes turns: on each day who is eligible, and the truth that each takes the turn.

    Attributes
    ----------
    name : the rule's label, or the role's name.
    eligible : by working-day index, the indices of the people eligible, in list order.
    taken : by (person index, day index), for the eligible.
    numbers : by working-day index, how many take the turn where the rule settles that; else None.
    """

    name: str
    kind: Literal["home", "role"]
    eligible: Sequence[Sequence[int]]
    taken: Mapping[tuple[int, int], Truth]
    numbers: Sequence[int | None] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A tiny roster for the rule's documentation and tests.

    Attributes
    ----------
    settings : the rule's table.
    people : for each person, what differs from a plain office worker (fields of `Person`).
    grid : for each person one letter a day: H home, O office, L leave, - off.
    rules : further tables that the example needs, as (key, settings).
    roles : role names by (person index, day index).
    workdays : worked days of a week, from Monday; the grid begins on one.
    """

    settings: Mapping[str, Any]
    grid: tuple[str, ...]
    people: tuple[Mapping[str, Any], ...] = ()
    rules: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    roles: Mapping[tuple[int, int], str] = field(default_factory=dict)
    workdays: int = 5


HOME_ALLOWED = ("home_quota", {"share": "100%", "mode": "at_most"})
"""For examples: anybody may be at home."""


class Rule(BaseModel):
    """The base of every rule; its class variables say what kind of rule it is.

    Attributes
    ----------
    key : the file's name.
    title : what the rule is called on paper, in a few words.
    told : the settings that `demand` puts into words.
    summary : what it asks, in a sentence, for sheets and lists.
    scope : "cell" settles single person-days; "row" shapes one person's row of days; "unit" couples people.
    exempts : whom it settles is outside the base of every quota.
    exclusive_roles : nobody holds two of the roles that such rules offer on one day.
    gives_way_to_roles : its fixed home days are lifted where the person holds a duty.
    roles_on_site, roles_are_duties : whether who holds one of its roles must be at the office; whether the role
        is a duty, that calls its holder there from home.
    yields_to_pins : a pin on the person-day is stronger than this rule.
    may_settle, may_grant, may_share : whether its kind says anything of `settles`, `grants_home` and `share_of`;
        found by itself.
    takes_out_of_turns : whom it settles has no part in the turns of a quota that day.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    key: ClassVar[str] = ""
    scope: ClassVar[Literal["cell", "row", "unit"]] = "unit"
    gives_way_to_roles: ClassVar[bool] = False
    yields_to_pins: ClassVar[bool] = True
    takes_out_of_turns: ClassVar[bool] = False
    exempts: ClassVar[bool] = False
    exclusive_roles: ClassVar[bool] = True
    may_settle: ClassVar[bool] = False
    may_grant: ClassVar[bool] = False
    may_share: ClassVar[bool] = False
    title: ClassVar[Bilingual] = Bilingual(id="", en="")
    told: ClassVar[frozenset[str]] = frozenset()
    summary: ClassVar[Bilingual] = Bilingual(id="", en="")
    kept: ClassVar[Example]
    broken: ClassVar[Example]

    name: str = Field(default="", description="a name of its own where the policy has several of this rule")
    enabled: bool = Field(default=True, description="false leaves the rule out, as if it were not written")
    for_: Selection = Field(default=Selection(), alias="for", description="whom the rule is for")
    when: When = Field(default=When(), description="the days on which it holds")
    weight: int | None = Field(
        default=None, gt=0, le=MOST_WEIGHT, description="makes the rule soft: the cost of breaking it once"
    )
    weight_under: int | None = Field(
        default=None, gt=0, le=MOST_WEIGHT, description="the same, for too few only"
    )
    weight_over: int | None = Field(
        default=None, gt=0, le=MOST_WEIGHT, description="the same, for too many only"
    )

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        # Not on discovery: a rule unpickled in another process has to know its key without it.
        if cls.__module__.startswith("scheduler.constraints."):
            cls.key = cls.__module__.rpartition(".")[2]
        cls.may_settle = cls.settles is not Rule.settles
        cls.may_grant = cls.grants_home is not Rule.grants_home
        cls.may_share = cls.share_of is not Rule.share_of

    @property
    def label(self) -> str:
        """The key, with the name in brackets where it has one: `home_quota[pelaksana]`."""
        return f"{self.key}[{self.name}]" if self.name else self.key

    def selects(self, person: Person, day: date) -> bool:
        """Whether the rule is for this person on this day."""
        return self.for_.takes(person) and self.when.takes(day)

    def among(self, people: Sequence[Person], day: date) -> Sequence[int]:
        """Return the indices of those whom the rule is for on this day, in order."""
        return self.for_.among(people) if self.when.takes(day) else ()

    def giving_way_to(self, others: Sequence[Rule]) -> Rule:
        """Return the rule as it is where `others` say that they override it; only some kinds of rule do."""
        return self

    def weight_for(self, direction: Direction) -> int | None:
        """The cost of each unit by which the rule is broken in that direction; None where it is hard."""
        special = {"under": self.weight_under, "over": self.weight_over, "": None}[direction]
        return special if special is not None else self.weight

    # What shapes single person-days -----------------------------------------------------------------------

    def grants_home(self, person: Person, day: date) -> bool:
        """Whether this rule lets the person be at home that day; whom no rule grants it is at the office."""
        return False

    def granted(self, people: Sequence[Person], day: date) -> Sequence[int]:
        """Return the indices of those whom `grants_home` lets be at home that day: some of whom the rule is for."""
        if not self.may_grant:
            return ()
        return [i for i in self.among(people, day) if self.grants_home(people[i], day)]

    def fixes(self, unit: Unit) -> Iterator[Fix]:
        """Yield the person-days that this rule settles."""
        yield from ()

    def settles(self, person: Person, day: date) -> bool:
        """Whether `fixes` settles this person-day, asked one by one; the verifier's side of `fixes`."""
        return False

    def settled(self, people: Sequence[Person], day: date) -> Sequence[int]:
        """Return the indices of those whom `settles` settles that day."""
        return [i for i, person in enumerate(people) if self.settles(person, day)] if self.may_settle else ()

    def offers_roles(self, unit: Unit) -> Iterator[tuple[int, int, str]]:
        """Yield (person, day, role) for each role that a person could hold."""
        yield from ()

    @property
    def roles_on_site(self) -> bool:
        """Whether the roles that this rule offers are held at the office only."""
        return True

    @property
    def roles_are_duties(self) -> bool:
        """Whether its roles call their holder to the office, so that home days give way to them."""
        return self.roles_on_site

    def role_names(self, person: Person, day: date) -> tuple[str, ...]:
        """The names of the roles it may offer that day, from a rule whose roles are no duties; else none."""
        return ()

    def marks(self, people: Sequence[Person]) -> Iterator[tuple[str, str]]:
        """Yield (person id, tag) for the tags that this rule gives one unit's people, such as cohorts it makes."""
        yield from ()

    def absence_of(self, person: Person, day: date) -> str:
        """The kind of absence that the policy itself gives a person that day, or ""."""
        return ""

    def pin_of(self, person: Person, day: date) -> Pin | None:
        """The pin that the policy itself gives a person that day."""
        return None

    # What other rules may ask, without knowing which rule answers --------------------------------------------

    def share_of(self, person: Person, day: date) -> Fraction | None:
        """The share of days at home that this rule wants for the person, if it wants one."""
        return None

    def block_length(self, person: Person) -> int | Literal["week"] | None:
        """The length of stints where all have the same, in working days, or "week"."""
        return None

    # The two sides -------------------------------------------------------------------------------------------

    def build(self, model: Model) -> None:
        """Add to the model what couples days or people."""

    def check(self, cells: Cells) -> Iterator[Violation]:
        """Yield what a roster breaks, from cells and settings alone."""
        raise NotImplementedError

    def measure(self, cells: Cells) -> Measure:
        """Return the objectives that this rule defines, computed anew from the cells."""
        return Measure()

    # Words -----------------------------------------------------------------------------------------------------

    def sentence(self, unit: Unit, instance: Instance) -> Bilingual:
        """Return what the rule demands at `instance`, for explanations."""
        raise NotImplementedError

    def demand(self) -> Bilingual:
        """Return what the rule asks as a sentence to sign, with the settings `told`; by default its summary."""
        return self.summary

    def readings(self, unit: Unit) -> Iterator[Reading]:
        """Yield the readings that this rule assumed where the letter is silent."""
        yield from ()

    def warnings(self, unit: Unit) -> Iterator[Bilingual]:
        """Yield what should be known before solving."""
        yield from ()

    def attained_sentence(self, key: str, bound: int) -> Bilingual:
        """Return the reading for a bound of this rule that had to be widened to `bound`."""
        raise NotImplementedError

    def violation(
        self,
        cells: Cells,
        sentence: Bilingual,
        *,
        day: date | None = None,
        people: Iterable[Person] = (),
        amount: int = 1,
        direction: Direction = "",
    ) -> Violation:
        """Return a violation of this rule with its weight."""
        return Violation(
            rule=self.label,
            unit=cells.unit.name,
            sentence=sentence,
            day=day,
            people=tuple(person.id for person in people),
            amount=amount,
            weight=self.weight_for(direction),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Objectives found in a roster by one rule: quotas with their shortfall, balances, and costs by objective."""

    quotas: tuple[QuotaReport, ...] = ()
    balances: tuple[BalanceSheet, ...] = ()
    costs: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[Bilingual, ...] = ()
