"""Groups that alternate and never meet: on each day, or in each week, one group is at the office and the others at home.

    [[rules.cohort]]
    for = { unit = "Dinas Kominfo" }
    groups = [{ tag = "tim A" }, { tag = "tim B" }]
    every = "week"
    starts = 2021-08-02            # the first group's first day at the office

`groups` is a list of selections, of which the first that takes a person counts (others of `for` are left alone), or a
number: the people of each unit are then dealt out in list order, rank by rank and sub-unit by sub-unit, so that groups
differ by at most one and every rank is divided alike; the rules sheet names them. To keep such groups for good, while
people come and go, write them into the staff list as tags.

`every` is "week" (Monday to Sunday), "day", or a number of days. Days are counted by the calendar, those of `workdays`
("mon-fri" unless stated), so that turns go on from period to period without a ledger; a holiday uses up its group's
turn. Without `starts` the count runs from a fixed Monday.

The days are fixed, so they take no part in the turns of a quota. Duties do not lift a home day: a post can only be held
by the group on site. A pin is stronger, and so is a rule that keeps somebody at the office. With a `weight` the groups
are a wish: each person-day spent otherwise costs that much.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from scheduler.constraints.base import Example, Fix, Instance, Rule
from scheduler.constraints.model import Model
from scheduler.constraints.selection import MARK, Selection, Workdays
from scheduler.language import Bilingual
from scheduler.problem import RANKS, Person, Reading, Unit
from scheduler.roster import HOME, OFFICE, Cells, Violation

TEAMS = ({"tags": ("A",)}, {"tags": ("B",)})
SETTINGS = {"groups": [{"tag": "A"}, {"tag": "B"}], "every": "day", "starts": date(2021, 8, 2)}

Groups = (
    Annotated[int, Field(ge=2, le=12)] | Annotated[tuple[Selection, ...], Field(min_length=2, max_length=12)]
)


class Cohort(Rule):
    """Split teams."""

    scope = "cell"
    takes_out_of_turns = True
    title: ClassVar[Bilingual] = Bilingual(id="Kelompok bergantian", en="Alternating groups")
    summary: ClassVar[Bilingual] = Bilingual(
        id="Kelompok yang bergantian dan tidak pernah bertemu, per hari atau per pekan.",
        en="Groups that alternate and never meet, by day or by week.",
    )
    kept: ClassVar[Example] = Example(settings=SETTINGS, people=TEAMS, grid=("OHOHO", "HOHOH"))
    broken: ClassVar[Example] = Example(settings=SETTINGS, people=TEAMS, grid=("OHOHO", "HOHOO"))

    groups: Groups = Field(description="the groups as a list of selections, or how many to deal people into")
    every: Literal["day", "week"] | Annotated[int, Field(ge=1, le=60)] = Field(
        default="week",
        description="how long a group's turn at the office lasts: “day”, “week”, or working days",
    )
    starts: date | None = Field(
        default=None, description="a day on which the first group is at the office, the first day of its turn"
    )
    workdays: Workdays = Field(
        default=(0, 1, 2, 3, 4),
        min_length=1,
        description="the weekdays counted where turns last days, as “mon-sat”",
    )

    @property
    def number(self) -> int:
        """How many groups alternate."""
        return self.groups if isinstance(self.groups, int) else len(self.groups)

    def marks(self, people: Sequence[Person]) -> Iterator[tuple[str, str]]:
        """Yield the group of each person of one unit, where the rule makes the groups."""
        if not isinstance(self.groups, int):
            return
        order = {rank: place for place, rank in enumerate(RANKS)}
        chosen = [(order.get(p.rank, len(order)), p.sub_unit, i) for i, p in enumerate(people) if self.for_.takes(p)]  # fmt: skip
        for place, (_, _, i) in enumerate(sorted(chosen)):
            yield people[i].id, self._mark(place % self.groups)

    def _mark(self, group: int) -> str:
        return f"{MARK}{self.label}:{group}"

    def group_of(self, person: Person) -> int | None:
        """The number of the person's group, from 0; None for whom the rule leaves alone."""
        if not self.for_.takes(person):
            return None
        if isinstance(self.groups, int):
            return next((g for g in range(self.groups) if self._mark(g) in person.tags), None)
        return next((g for g, selection in enumerate(self.groups) if selection.takes(person)), None)

    def group_on_site(self, day: date) -> int:
        """The number of the group whose turn at the office that day is."""
        start = self._turn(self.starts) if self.starts else 0
        return (self._turn(day) - start) % self.number

    def _turn(self, day: date) -> int:
        """Count turns since the Monday 1 January of the year 1."""
        week, weekday = divmod(day.toordinal() - 1, 7)
        if self.every == "week":
            return week
        count = week * len(self.workdays) + sum(worked < weekday for worked in self.workdays)
        length = 1 if self.every == "day" else self.every
        start = 0
        if self.starts and length > 1:
            first_week, first_weekday = divmod(self.starts.toordinal() - 1, 7)
            start = first_week * len(self.workdays) + sum(w < first_weekday for w in self.workdays)
        return (count - start) // length

    def status_of(self, person: Person, day: date) -> Literal["home", "office"] | None:
        """Where the rule has the person that day; None where it leaves the day alone."""
        group = self.group_of(person) if self.when.takes(day) else None
        if group is None:
            return None
        return "office" if group == self.group_on_site(day) else "home"

    def grants_home(self, person: Person, day: date) -> bool:
        """Whether it is another group's turn at the office."""
        return self.status_of(person, day) == "home"

    def granted(self, people: Sequence[Person], day: date) -> Sequence[int]:
        """Return the indices of those whose group is not at the office that day."""
        if not self.when.takes(day):
            return ()
        turn = self.group_on_site(day)
        return [i for i, person in enumerate(people) if self.group_of(person) not in (None, turn)]

    def settles(self, person: Person, day: date) -> bool:
        """Whether the day is fixed: not where the rule is a wish."""
        return self.weight is None and self.status_of(person, day) is not None

    def fixes(self, unit: Unit) -> Iterator[Fix]:
        """Yield every person-day of every group."""
        if self.weight is None:
            yield from self._cells(unit)

    def _cells(self, unit: Unit) -> Iterator[Fix]:
        """Yield what the rule wants, but for whom a rule keeps at the office."""
        stronger = [rule for rule in unit.rules if rule.takes_out_of_turns and rule is not self]
        on_site = {
            k: self.group_on_site(day) for k, day in enumerate(unit.horizon.workdays) if self.when.takes(day)
        }
        for i, person in enumerate(unit.people):
            if (group := self.group_of(person)) is None:
                continue
            for k, turn in on_site.items():
                day = unit.horizon.workdays[k]
                kept_there = group != turn and any(
                    rule.settles(person, day) and not rule.grants_home(person, day) for rule in stronger
                )
                if not kept_there:
                    yield Fix(i, k, "office" if group == turn else "home")

    def build(self, model: Model) -> None:
        """Add the cost of each person-day spent otherwise, where the rule is a wish."""
        for i, k, status in self._cells(model.unit) if self.weight is not None else ():
            person, day = model.people[i], model.days[k]
            if model.is_present(i, k) and (person.id, day) not in model.unit.pins:
                kept = model.home(i, k) if status == "home" else model.office(i, k)
                instance = Instance(rule=self.label, day=day, people=(person.id,), facts={"status": status})
                model.clause([kept], instance)

    def check(self, cells: Cells) -> Iterator[Violation]:
        """Yield each person-day on which somebody is where another group should be."""
        for person in cells.people:
            for day in cells.days:
                wanted, found = self.status_of(person, day), cells.status(person, day)
                if wanted is None or found not in (HOME, OFFICE) or found == wanted:
                    continue
                if (person.id, day) in cells.unit.pins or (
                    found == OFFICE and self._is_kept(cells, person, day)
                ):
                    continue
                instance = Instance(rule=self.label, day=day, people=(person.id,), facts={"status": wanted})
                yield self.violation(cells, self.sentence(cells.unit, instance), day=day, people=[person])

    def _is_kept(self, cells: Cells, person: Person, day: date) -> bool:
        """Whether another rule keeps the person at the office."""
        others = (rule for rule in cells.unit.rules if rule is not self and rule.takes_out_of_turns)
        return any(not rule.grants_home(person, day) for rule in others if rule.settles(person, day))

    def sentence(self, unit: Unit, instance: Instance) -> Bilingual:
        """Return whose turn it is."""
        names, day = unit.names(instance.people), instance.day or unit.horizon.first
        turn = self.group_on_site(day) + 1
        home = instance.facts.get("status") == "home"
        return Bilingual(
            id=f"{self.label}: {names} {'di rumah' if home else 'di kantor'}; giliran kelompok {turn} di kantor.",
            en=f"{self.label}: {names} {'at home' if home else 'at the office'}; it is group {turn}'s turn on site.",
        )

    def readings(self, unit: Unit) -> Iterator[Reading]:
        """Yield who is in which group where the rule makes the groups."""
        if not isinstance(self.groups, int):
            return
        members = [
            tuple(person.id for person in unit.people if self.group_of(person) == group)
            for group in range(self.groups)
        ]
        if any(members):
            text = "; ".join(f"{g + 1}: {unit.names(ids, len(ids))}" for g, ids in enumerate(members) if ids)
            yield Reading(
                key=f"{self.label}.groups",
                text=Bilingual(
                    id=f"{self.label}, {unit.name}, kelompok yang dibentuk: {text}.",
                    en=f"{self.label}, {unit.name}, groups as dealt: {text}.",
                ),
            )

    def warnings(self, unit: Unit) -> Iterator[Bilingual]:
        """Yield a warning where people are selected who are in no group, or a group has nobody."""
        chosen = [person for person in unit.people if self.for_.takes(person)]
        empty = [
            g + 1 for g in range(self.number) if not any(self.group_of(person) == g for person in chosen)
        ]
        if chosen and empty and any(self.group_of(person) is not None for person in chosen):
            text = ", ".join(map(str, empty))
            yield Bilingual(
                id=f"{self.label}: kelompok {text} di {unit.name} kosong; pada gilirannya kantor tidak dijaga kelompok mana pun.",
                en=f"{self.label}: group {text} of {unit.name} is empty; on its turn no group is at the office.",
            )
