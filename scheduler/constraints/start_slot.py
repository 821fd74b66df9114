"""Staggered starts: everybody on site begins at one of several times, in fair turns.

    [[rules.start_slot]]
    slots = ["09:00", "09:30", "10:00"]
    at_most = 20                   # people per slot and day; without it the slots are evenly filled
    turns = "day"

The time stands on the roster as a role, "start 09:30", beside any post. A slot sends nobody to the office: only who is
there has one.

* `turns = "day"`: the time may change each day. How often a person has any two of the times differs by at most one day
  over the horizon and, without `at_most`, so do on each day the numbers of people who have them. Both together can always
  be kept (equitable edge colourings of bipartite graphs, de Werra 1971); with `at_most` too, where it leaves places enough.
* `turns = "week"` or `"month"`: people are dealt out to the times in list order, as many to each, and move on to the next
  time with each calendar week or month, so that turns go on from period to period without a ledger. `"fixed"`: they stay.
  `at_most` then bounds who can be on site together.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from scheduler.constraints.base import Direction, Example, Instance, Rule
from scheduler.constraints.model import Model
from scheduler.constraints.selection import MARK
from scheduler.language import Bilingual, Refusal, format_date
from scheduler.problem import Person, Unit
from scheduler.roster import Cells, Violation


def parse_slots(value: Any) -> Any:
    """Return times as "09:30", in order, from texts such as "9.30".

    Raises
    ------
    ValueError
        Where one is no time of day, or two are the same.
    """
    found = []
    for text in (value,) if isinstance(value, str) else tuple(value):
        parts = re.fullmatch(r"\s*(\d{1,2})[.:](\d{2})(?::00)?\s*", str(text))
        if parts is None or int(parts[1]) > 23 or int(parts[2]) > 59:
            raise Refusal(
                Bilingual(
                    id=f"“{text}” bukan jam; tulis “09:30”",
                    en=f"“{text}” is not a time of day; write “09:30”",
                )
            )
        found.append(f"{int(parts[1]):02}:{parts[2]}")
    if len(set(found)) < len(found):
        raise Refusal(
            Bilingual(
                id=f"ada jam yang tertulis dua kali dalam {', '.join(found)}",
                en=f"a time stands twice in {', '.join(found)}",
            )
        )
    return tuple(sorted(found))


class StartSlot(Rule):
    """When each person on site begins."""

    scope = "unit"
    exclusive_roles = False
    title: ClassVar[Bilingual] = Bilingual(id="Jam mulai bertahap", en="Staggered starts")
    summary: ClassVar[Bilingual] = Bilingual(
        id="Jam mulai bertahap, bergiliran dengan adil.",
        en="Staggered starts, in fair turns.",
    )
    kept: ClassVar[Example] = Example(
        settings={"slots": ["09:00", "09:30"]},
        grid=("OO", "OO"),
        roles={(0, 0): "start 09:00", (0, 1): "start 09:30", (1, 0): "start 09:30", (1, 1): "start 09:00"},
    )
    broken: ClassVar[Example] = Example(
        settings={"slots": ["09:00", "09:30"]},
        grid=("OO", "OO"),
        roles={(0, 0): "start 09:00", (0, 1): "start 09:30", (1, 0): "start 09:00", (1, 1): "start 09:00"},
    )

    slots: Annotated[tuple[str, ...], BeforeValidator(parse_slots)] = Field(
        min_length=2, max_length=12, description="the times at which people start, local time, as “09:30”"
    )
    at_most: int | None = Field(
        default=None, ge=1, le=100_000, description="people per slot and day; evenly filled where not given"
    )
    turns: Literal["day", "week", "month", "fixed"] = Field(
        default="day",
        description="how long a person keeps a time: a day, a calendar week or month, or for good",
    )

    @property
    def roles_are_duties(self) -> bool:
        """A slot sends nobody to the office."""
        return False

    @property
    def roles(self) -> tuple[str, ...]:
        """The names of the slots as roles."""
        return tuple(f"start {slot}" for slot in self.slots)

    def role_names(self, person: Person, day: date) -> tuple[str, ...]:
        """The slots that the person may have that day: all of them, or the one whose turn it is."""
        if not self.selects(person, day):
            return ()
        if self.turns == "day":
            return self.roles
        place = next((n for n in range(len(self.slots)) if self._mark(n) in person.tags), None)
        if place is None:
            return ()
        moved = {"week": (day.toordinal() - 1) // 7, "month": 12 * day.year + day.month, "fixed": 0}[
            self.turns
        ]
        return (self.roles[(place + moved) % len(self.slots)],)

    def marks(self, people: Sequence[Person]) -> Iterator[tuple[str, str]]:
        """Deal the people of one unit out to the times, where they keep them for longer than a day."""
        if self.turns != "day":
            for number, person in enumerate(person for person in people if self.for_.takes(person)):
                yield person.id, self._mark(number % len(self.slots))

    def _mark(self, number: int) -> str:
        return f"{MARK}{self.label}:{number}"

    # Building -------------------------------------------------------------------------------------------------

    def offers_roles(self, unit: Unit) -> Iterator[tuple[int, int, str]]:
        """Offer the slots to each person selected and present."""
        for i, person in enumerate(unit.people):
            for k, day in enumerate(unit.horizon.workdays):
                if unit.is_present(person, day):
                    for name in self.role_names(person, day):
                        yield i, k, name

    def build(self, model: Model) -> None:
        """Demand one slot of whoever is on site, the limits of each slot, and fair turns."""
        groups = [
            [i for i, p in enumerate(model.people) if self.selects(p, day) and model.is_present(i, k)]
            for k, day in enumerate(model.days)
        ]
        for k, group in enumerate(groups):
            day = model.days[k]
            for i in group:
                slots = [model.role(i, k, name) for name in self.roles]
                instance = self._instance(model, day, [i], "one")
                model.clause([model.home(i, k), *slots], instance)
                model.at_most(slots, 1, instance)
            if self.at_most is not None:
                for name in self.roles:
                    truths = [model.role(i, k, name) for i in group]
                    model.at_most(truths, self.at_most, self._instance(model, day, group, "most"))
            elif self.turns == "day":
                self._build_even(model, [(i, k) for i in group], self._instance(model, day, group, "even"))
        if self.turns == "day":
            for i in sorted({i for group in groups for i in group}):
                days = [(i, k) for k, group in enumerate(groups) if i in group]
                self._build_even(model, days, self._instance(model, None, [i], "turns"))

    def _build_even(self, model: Model, cells: Sequence[tuple[int, int]], instance: Instance) -> None:
        """Let the numbers of two slots differ by one at most: a - b <= 1, written over a and not b."""
        for one, other in itertools.permutations(self.roles, 2):
            more = [model.role(i, k, one) for i, k in cells]
            fewer = [model.negate(model.role(i, k, other)) for i, k in cells]
            model.at_most([*more, *fewer], len(cells) + 1, instance)

    def _instance(self, model: Model, day: date | None, people: Sequence[int], kind: str) -> Instance:
        ids = tuple(model.people[i].id for i in people)
        return Instance(rule=self.label, day=day, people=ids, facts={"kind": kind})

    # Checking ---------------------------------------------------------------------------------------------------

    def check(self, cells: Cells) -> Iterator[Violation]:
        """Yield people on site without one slot, slots too full or uneven, and turns that are not."""
        turns: dict[str, list[str]] = {}
        for day in cells.days:
            here = [p for p in cells.people if self.selects(p, day) and cells.unit.is_present(p, day)]
            given: list[str] = []
            for person in here:
                held = [name for name in cells.roles(person, day) if name in self.roles]
                given += held
                turns.setdefault(person.id, []).extend(held)
                if not held and cells.is_office(person, day):
                    yield self._found(cells, day, [person], "one", 1, "")
                elif len(held) > 1:
                    yield self._found(cells, day, [person], "one", len(held) - 1, "over")
            numbers = [given.count(name) for name in self.roles]
            if self.at_most is not None:
                excess = sum(number - self.at_most for number in numbers if number > self.at_most)
                if excess:
                    yield self._found(cells, day, here, "most", excess, "over")
            elif uneven := self._unevenness(given):
                yield self._found(cells, day, here, "even", uneven, "over")
        for person in cells.people:
            if uneven := self._unevenness(turns.get(person.id, [])):
                yield self._found(cells, None, [person], "turns", uneven, "over")

    def _unevenness(self, given: Sequence[str]) -> int:
        """Return by how much the numbers of every two slots differ beyond one, where that is asked."""
        if self.turns != "day":
            return 0
        numbers = [given.count(name) for name in self.roles]
        return sum(a - b - 1 for a in numbers for b in numbers if a - b > 1)

    def _found(
        self, cells: Cells, day: date | None, people: list[Person], kind: str, amount: int, side: Direction
    ) -> Violation:
        instance = Instance(
            rule=self.label, day=day, people=tuple(person.id for person in people), facts={"kind": kind}
        )
        sentence = self.sentence(cells.unit, instance)
        return self.violation(cells, sentence, day=day, people=people, amount=amount, direction=side)

    def sentence(self, unit: Unit, instance: Instance) -> Bilingual:
        """Return what is asked of the starts."""
        names, slots = unit.names(instance.people), ", ".join(self.slots)
        on = f", {format_date(instance.day, 'id')}" if instance.day else ""
        on_en = f", {format_date(instance.day, 'en')}" if instance.day else ""
        words = {
            "one": Bilingual(id=f"{names}, bila di kantor, mulai pada satu jam dari {slots}.", en=f"{names}, if on site, starts at one of {slots}."),
            "most": Bilingual(id=f"paling banyak {self.at_most} orang tiap jam mulai.", en=f"at most {self.at_most} people start at each time."),
            "even": Bilingual(id="jumlah orang tiap jam mulai berselisih paling banyak satu.", en="the numbers starting at each time differ by at most one."),
            "turns": Bilingual(id=f"jam mulai {names} bergiliran rata.", en=f"{names} has the times in even turns."),
        }[instance.facts["kind"]]  # fmt: skip
        return Bilingual(id=f"{self.label}{on}: {words.id}", en=f"{self.label}{on_en}: {words.en}")
