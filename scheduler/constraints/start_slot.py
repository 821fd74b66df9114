"""Staggered starts: everybody on site begins at one of several times, in fair turns.

    [[rules.start_slot]]
    slots = ["09:00", "09:30", "10:00"]
    at_most = 20                   # people per slot and day; without it the slots are evenly filled
    turns = "day"

The time stands on the roster as a role, "start 09:30", beside any post. With `turns = "day"` it may change each day, and
without `at_most` the numbers of any two slots differ by at most one person on each day. With `turns = "horizon"` a person
keeps one time throughout, and without `at_most` no slot is given to more people than an equal division needs. Each slot
has a balance of its own, which the ledger carries on. A slot sends nobody to the office: only who is there has one.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from scheduler.balance import balance_sheet
from scheduler.constraints.base import Direction, Example, Instance, Measure, Model, Rule, Truth, Turns
from scheduler.language import Bilingual, format_date
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
            raise ValueError(f"“{text}” is not a time of day; write “09:30”")
        found.append(f"{int(parts[1]):02}:{parts[2]}")
    if len(set(found)) < len(found):
        raise ValueError(f"a time stands twice in {', '.join(found)}")
    return tuple(sorted(found))


class StartSlot(Rule):
    """When each person on site begins."""

    scope = "unit"
    exclusive_roles = False
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
    turns: Literal["day", "horizon"] = Field(
        default="day", description="whether a person's time may change each day, or is kept for the horizon"
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
        """The slots, for those selected."""
        return self.roles if self.selects(person, day) else ()

    # Building -------------------------------------------------------------------------------------------------

    def offers_roles(self, unit: Unit) -> Iterator[tuple[int, int, str]]:
        """Offer each slot to each person selected and present."""
        for i, person in enumerate(unit.people):
            for k, day in enumerate(unit.horizon.workdays):
                if self.selects(person, day) and unit.is_present(person, day):
                    for name in self.roles:
                        yield i, k, name

    def build(self, model: Model) -> None:
        """Demand one slot of whoever is on site, the limits of each slot, and fair turns."""
        groups = [
            [i for i, p in enumerate(model.people) if self.selects(p, day) and model.is_present(i, k)]
            for k, day in enumerate(model.days)
        ]
        for k, group in enumerate(groups):
            for i in group:
                slots = [model.role(i, k, name) for name in self.roles]
                instance = self._instance(model, model.days[k], [i], "one")
                model.clause([model.home(i, k), *slots], instance)
                model.at_most(slots, 1, instance)
            if self.at_most is not None:
                instance = self._instance(model, model.days[k], group, "most")
                for name in self.roles:
                    model.at_most([model.role(i, k, name) for i in group], self.at_most, instance)
            elif self.turns == "day":
                self._build_even(model, k, group)
        if self.turns == "horizon":
            self._build_horizon(model, groups)
        for name in self.roles:
            taken = {(i, k): model.role(i, k, name) for k, group in enumerate(groups) for i in group}
            if taken:
                model.add_turns(Turns(name=name, kind="role", eligible=groups, taken=taken))

    def _build_even(self, model: Model, k: int, group: list[int]) -> None:
        """Let the numbers of two slots differ by one at most: a - b <= 1, written over a and not b."""
        instance = self._instance(model, model.days[k], group, "even")
        for one, other in itertools.permutations(self.roles, 2):
            more: list[Truth] = [model.role(i, k, one) for i in group]
            fewer = [model.negate(model.role(i, k, other)) for i in group]
            model.at_most([*more, *fewer], len(group) + 1, instance)

    def _build_horizon(self, model: Model, groups: list[list[int]]) -> None:
        """Give each person one slot for the horizon."""
        everybody = sorted({i for group in groups for i in group})
        users: dict[str, list[Truth]] = {name: [] for name in self.roles}
        for i in everybody:
            days = [k for k, group in enumerate(groups) if i in group]
            used = [model.any_of([model.role(i, k, name) for k in days]) for name in self.roles]
            model.at_most(used, 1, self._instance(model, None, [i], "same"))
            for name, truth in zip(self.roles, used, strict=True):
                users[name].append(truth)
        if self.at_most is None:
            most = -(-len(everybody) // len(self.roles))
            for truths in users.values():
                model.at_most(truths, most, self._instance(model, None, everybody, "share"))

    def _instance(self, model: Model, day: date | None, people: list[int], kind: str) -> Instance:
        ids = tuple(model.people[i].id for i in people)
        return Instance(rule=self.label, day=day, people=ids, facts={"kind": kind})

    # Checking ---------------------------------------------------------------------------------------------------

    def check(self, cells: Cells) -> Iterator[Violation]:
        """Yield people on site without one slot, slots too full or uneven, and slots that change."""
        for day in cells.days:
            here = [p for p in cells.people if self.selects(p, day) and cells.unit.is_present(p, day)]
            counts = dict.fromkeys(self.roles, 0)
            for person in here:
                held = [name for name in cells.roles(person, day) if name in counts]
                for name in held:
                    counts[name] += 1
                if not held and cells.is_office(person, day):
                    yield self._found(cells, day, [person], "one", 1, "")
                elif len(held) > 1:
                    yield self._found(cells, day, [person], "one", len(held) - 1, "over")
            numbers = list(counts.values())
            if self.at_most is not None:
                excess = sum(number - self.at_most for number in numbers if number > self.at_most)
                if excess:
                    yield self._found(cells, day, here, "most", excess, "over")
            elif self.turns == "day":
                uneven = sum(a - b - 1 for a in numbers for b in numbers if a - b > 1)
                if uneven:
                    yield self._found(cells, day, here, "even", uneven, "over")
        if self.turns == "horizon":
            yield from self._check_horizon(cells)

    def _check_horizon(self, cells: Cells) -> Iterator[Violation]:
        users = dict.fromkeys(self.roles, 0)
        everybody = []
        for person in cells.people:
            days = [d for d in cells.days if self.selects(person, d) and cells.unit.is_present(person, d)]
            if not days:
                continue
            everybody.append(person)
            used = {name for day in days for name in cells.roles(person, day)} & set(self.roles)
            for name in used:
                users[name] += 1
            if len(used) > 1:
                yield self._found(cells, None, [person], "same", len(used) - 1, "over")
        share, rest = divmod(len(everybody), len(self.slots))
        excess = sum(max(0, number - share - (rest > 0)) for number in users.values())
        if self.at_most is None and excess:
            yield self._found(cells, None, everybody, "share", excess, "over")

    def _found(
        self, cells: Cells, day: date | None, people: list[Person], kind: str, amount: int, side: Direction
    ) -> Violation:
        instance = Instance(
            rule=self.label, day=day, people=tuple(person.id for person in people), facts={"kind": kind}
        )
        sentence = self.sentence(cells.unit, instance)
        return self.violation(cells, sentence, day=day, people=people, amount=amount, direction=side)

    def measure(self, cells: Cells) -> Measure:
        """Return the balances of each slot's turns."""
        eligible = {
            day: [p for p in cells.people if self.selects(p, day) and cells.unit.is_present(p, day)]
            for day in cells.days
        }
        if not any(eligible.values()):
            return Measure()
        sheets = []
        for name in self.roles:
            takers = {
                day: frozenset(person.id for person in people if name in cells.roles(person, day))
                for day, people in eligible.items()
            }
            sheets.append(balance_sheet(cells.unit, name, "role", eligible, takers))
        return Measure(balances=tuple(sheets))

    def sentence(self, unit: Unit, instance: Instance) -> Bilingual:
        """Return what is asked of the starts."""
        names, slots = unit.names(instance.people), ", ".join(self.slots)
        on = f", {format_date(instance.day, 'id')}" if instance.day else ""
        on_en = f", {format_date(instance.day, 'en')}" if instance.day else ""
        words = {
            "one": Bilingual(id=f"{names}, bila di kantor, mulai pada satu jam dari {slots}.", en=f"{names}, if on site, starts at one of {slots}."),
            "most": Bilingual(id=f"paling banyak {self.at_most} orang tiap jam mulai.", en=f"at most {self.at_most} people start at each time."),
            "even": Bilingual(id="jumlah orang tiap jam mulai berselisih paling banyak satu.", en="the numbers starting at each time differ by at most one."),
            "same": Bilingual(id=f"{names} mulai pada jam yang sama sepanjang periode.", en=f"{names} starts at the same time throughout the period."),
            "share": Bilingual(id="jam mulai dibagi rata kepada semua orang.", en="the times are divided equally among all."),
        }[instance.facts["kind"]]  # fmt: skip
        return Bilingual(id=f"{self.label}{on}: {words.id}", en=f"{self.label}{on_en}: {words.en}")
