"""Whom the rule selects works at the office on every day it holds: exempt offices, posts that cannot leave.

They are outside the base of every quota. A pin is stronger.

    [[rules.always_office]]
    for = { unit = ["Kantor Camat *", "RSUD *"] }
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import ClassVar

from scheduler.constraints.base import HOME_ALLOWED, Example, Fix, Instance, Rule
from scheduler.constraints.model import Model
from scheduler.language import Bilingual
from scheduler.problem import Person, Unit
from scheduler.roster import HOME, Cells, Violation


class AlwaysOffice(Rule):
    """Exempt from working at home."""

    scope = "cell"
    takes_out_of_turns = True
    exempts = True
    title: ClassVar[Bilingual] = Bilingual(id="Selalu di kantor", en="Always at the office")
    summary: ClassVar[Bilingual] = Bilingual(
        id="Selalu di kantor: kantor yang dikecualikan, jabatan yang tidak boleh pergi; di luar dasar kuota.",
        en="Always at the office: exempt offices, posts that cannot leave; outside the base of quotas.",
    )
    kept: ClassVar[Example] = Example(
        settings={"for": {"rank": "jpt"}}, people=({"rank": "jpt"},), grid=("OO",), rules=(HOME_ALLOWED,)
    )
    broken: ClassVar[Example] = Example(
        settings={"for": {"rank": "jpt"}}, people=({"rank": "jpt"},), grid=("OH",), rules=(HOME_ALLOWED,)
    )

    def fixes(self, unit: Unit) -> Iterator[Fix]:
        """Yield every person-day selected; none where the rule is a wish."""
        if self.weight is None:
            for i, k in self._cells(unit):
                yield Fix(i, k, "office")

    def _cells(self, unit: Unit) -> Iterator[tuple[int, int]]:
        for i, person in enumerate(unit.people):
            if self.for_.takes(person):
                for k, day in enumerate(unit.horizon.workdays):
                    if self.when.takes(day):
                        yield i, k

    def settles(self, person: Person, day: date) -> bool:
        """Whether the person is selected that day, and must."""
        return self.weight is None and self.selects(person, day)

    def build(self, model: Model) -> None:
        """Add the cost of each person-day spent at home, where the rule is a wish."""
        for i, k in self._cells(model.unit) if self.weight is not None else ():
            person, day = model.people[i], model.days[k]
            if model.is_present(i, k) and (person.id, day) not in model.unit.pins:
                instance = Instance(rule=self.label, day=day, people=(person.id,))
                model.clause([model.office(i, k)], instance)

    def check(self, cells: Cells) -> Iterator[Violation]:
        """Yield each selected person-day spent at home without a pin."""
        for person in cells.people:
            for day in cells.days:
                if (
                    self.selects(person, day)
                    and cells.status(person, day) == HOME
                    and (person.id, day) not in cells.unit.pins
                ):
                    instance = Instance(rule=self.label, day=day, people=(person.id,))
                    yield self.violation(cells, self.sentence(cells.unit, instance), day=day, people=[person])

    def demand(self) -> Bilingual:
        """Return that they stay, and that no quota counts them."""
        return Bilingual(
            id="Selalu di kantor; tidak dihitung dalam kuota WFH.",
            en="Always at the office; not counted in home quotas.",
        )

    def sentence(self, unit: Unit, instance: Instance) -> Bilingual:
        """Return who must be at the office."""
        names = unit.names(instance.people)
        return Bilingual(
            id=f"{self.label}: {names} selalu di kantor (WFO).",
            en=f"{self.label}: {names} must always be at the office.",
        )
