"""A wish for a selection of people: to be at home, or at the office, on certain days. Never binding.

    [[rules.preference]]
    for = { tag = "orang tua murid" }
    when = { weekdays = ["wed"] }
    status = "home"
    weight = 2

Each person-day spent otherwise costs `weight` (1 unless stated) among the preferences, after all fairness. It lets
nobody be at home whom no other rule allows it. A person's own wishes come from the scenario's `preferences` file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from scheduler.constraints.base import HOME_ALLOWED, MOST_WEIGHT, Example, Instance, Rule
from scheduler.constraints.model import Model
from scheduler.language import Bilingual
from scheduler.problem import Unit
from scheduler.roster import HOME, OFFICE, Cells, Violation


class Preference(Rule):
    """What people would rather."""

    scope = "cell"
    title: ClassVar[Bilingual] = Bilingual(id="Keinginan", en="Wishes")
    summary: ClassVar[Bilingual] = Bilingual(
        id="Keinginan: di rumah atau di kantor pada hari tertentu; tidak mengikat.",
        en="A wish: home or office on certain days; not binding.",
    )
    kept: ClassVar[Example] = Example(settings={"status": "home"}, grid=("HH",), rules=(HOME_ALLOWED,))
    broken: ClassVar[Example] = Example(settings={"status": "home"}, grid=("HO",), rules=(HOME_ALLOWED,))

    status: Literal["home", "office"] = Field(description="where these people would rather be")
    weight: int = Field(
        default=1, gt=0, le=MOST_WEIGHT, description="the cost of each person-day spent otherwise"
    )

    def build(self, model: Model) -> None:
        """Add the cost of each person-day spent otherwise."""
        for i, person in enumerate(model.people):
            for k, day in enumerate(model.days):
                if self.selects(person, day) and model.is_present(i, k):
                    kept = model.home(i, k) if self.status == "home" else model.office(i, k)
                    model.clause([kept], Instance(rule=self.label, day=day, people=(person.id,)))

    def check(self, cells: Cells) -> Iterator[Violation]:
        """Yield for each person the days spent otherwise."""
        other = OFFICE if self.status == "home" else HOME
        for person in cells.people:
            unmet = [d for d in cells.days if self.selects(person, d) and cells.status(person, d) == other]
            if unmet:
                instance = Instance(rule=self.label, people=(person.id,), facts={"unmet": len(unmet)})
                sentence = self.sentence(cells.unit, instance)
                yield self.violation(cells, sentence, day=unmet[0], people=[person], amount=len(unmet))

    def sentence(self, unit: Unit, instance: Instance) -> Bilingual:
        """Return who would rather be where, and how often that is not met."""
        names, unmet = unit.names(instance.people), instance.facts.get("unmet", 1)
        home = self.status == "home"
        return Bilingual(
            id=f"{self.label}: {names} lebih suka {'di rumah' if home else 'di kantor'}; {unmet} hari tidak terpenuhi.",
            en=f"{self.label}: {names} would rather be {'at home' if home else 'at the office'}; {unmet} days are otherwise.",
        )
