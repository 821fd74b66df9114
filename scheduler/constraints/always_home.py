"""Whom the rule selects works from home on every day it holds, unless a duty or a recall needs them that day.

It gives way to any rule that keeps the person at the office, such as `always_office` or `it_capable`, so that without
`for` it is for everybody else. A pin is stronger.

    [[rules.always_home]]
    for = { rank = ["pelaksana", "fungsional", "non_asn"] }
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import ClassVar

from scheduler.constraints.base import Example, Fix, Instance, Rule
from scheduler.constraints.daily import duties
from scheduler.constraints.model import Model
from scheduler.language import Bilingual
from scheduler.problem import Person, Unit
from scheduler.roster import OFFICE, Cells, Violation


class AlwaysHome(Rule):
    """All at home."""

    scope = "cell"
    takes_out_of_turns = True
    gives_way_to_roles = True
    title: ClassVar[Bilingual] = Bilingual(id="Selalu di rumah", en="Always at home")
    summary: ClassVar[Bilingual] = Bilingual(
        id="Selalu di rumah, kecuali ada tugas, panggilan, atau aturan yang menahannya di kantor.",
        en="Always at home, unless a duty, a recall or a rule keeps them at the office.",
    )
    kept: ClassVar[Example] = Example(settings={"for": {"rank": "pelaksana"}}, grid=("HH",))
    broken: ClassVar[Example] = Example(settings={"for": {"rank": "pelaksana"}}, grid=("HO",))

    def grants_home(self, person: Person, day: date) -> bool:
        """Whether the person is selected that day."""
        return self.selects(person, day)

    def fixes(self, unit: Unit) -> Iterator[Fix]:
        """Yield every person-day selected that no rule keeps at the office; none where the rule is a wish."""
        if self.weight is None:
            for i, k in self._cells(unit):
                yield Fix(i, k, "home")

    def _cells(self, unit: Unit) -> Iterator[tuple[int, int]]:
        stronger = [rule for rule in unit.rules if rule.takes_out_of_turns and rule is not self]
        for i, person in enumerate(unit.people):
            if self.for_.takes(person):
                for k, day in enumerate(unit.horizon.workdays):
                    kept = any(r.settles(person, day) and not r.grants_home(person, day) for r in stronger)
                    if self.when.takes(day) and not kept:
                        yield i, k

    def settles(self, person: Person, day: date) -> bool:
        """Whether the person is selected that day, and must."""
        return self.weight is None and self.selects(person, day)

    def build(self, model: Model) -> None:
        """Add the cost of each person-day spent at the office, where the rule is a wish."""
        for i, k in self._cells(model.unit) if self.weight is not None else ():
            person, day = model.people[i], model.days[k]
            if model.is_present(i, k) and (person.id, day) not in model.unit.pins:
                instance = Instance(rule=self.label, day=day, people=(person.id,))
                model.clause([model.home(i, k), *model.calls(i, k)], instance)

    def check(self, cells: Cells) -> Iterator[Violation]:
        """Yield each selected person-day spent at the office without a duty, a pin or a rule that keeps there."""
        for person in cells.people:
            for day in cells.days:
                if (
                    self.selects(person, day)
                    and cells.status(person, day) == OFFICE
                    and not duties(cells, person, day)
                    and (person.id, day) not in cells.unit.pins
                    and not self._is_kept_at_office(cells.unit, person, day)
                ):
                    instance = Instance(rule=self.label, day=day, people=(person.id,))
                    yield self.violation(cells, self.sentence(cells.unit, instance), day=day, people=[person])

    def _is_kept_at_office(self, unit: Unit, person: Person, day: date) -> bool:
        settling = [rule for rule in unit.rules if rule is not self and rule.settles(person, day)]
        return not all(rule.grants_home(person, day) for rule in settling if rule.takes_out_of_turns)

    def sentence(self, unit: Unit, instance: Instance) -> Bilingual:
        """Return who must be at home."""
        names = unit.names(instance.people)
        return Bilingual(
            id=f"{self.label}: {names} selalu di rumah (WFH).",
            en=f"{self.label}: {names} must always be at home.",
        )
