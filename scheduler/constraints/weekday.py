"""On certain weekdays everybody selected is at home, or everybody is at the office.

    [[rules.weekday]]
    weekday = ["fri"]
    status = "home"

A Friday that is a holiday is simply off. The days are fixed, so they take no part in the turns of a quota. A pin is
stronger; a home day gives way to a duty that the person holds (service post, monitor by day), and to any rule that
keeps the person at the office that day, such as `always_office` or `it_capable`. With a `weight` it is a wish: the
day stays free, and each person-day spent otherwise costs that much.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from scheduler.constraints.base import Example, Fix, Instance, Rule
from scheduler.constraints.daily import duties
from scheduler.constraints.model import Model
from scheduler.constraints.selection import Weekdays
from scheduler.language import WEEKDAYS_EN, WEEKDAYS_ID, Bilingual
from scheduler.problem import Person, Unit
from scheduler.roster import HOME, OFFICE, Cells, Violation


class Weekday(Rule):
    """The same place every week."""

    scope = "cell"
    takes_out_of_turns = True
    gives_way_to_roles = True
    told: ClassVar[frozenset[str]] = frozenset(("weekday", "status"))
    title: ClassVar[Bilingual] = Bilingual(id="Hari tertentu", en="Certain weekdays")
    summary: ClassVar[Bilingual] = Bilingual(
        id="Hari tertentu dalam pekan semua di rumah, atau semua di kantor.",
        en="On certain weekdays everybody is at home, or everybody is at the office.",
    )
    kept: ClassVar[Example] = Example(settings={"weekday": ["tue"], "status": "home"}, grid=("OHO", "OHO"))
    broken: ClassVar[Example] = Example(settings={"weekday": ["tue"], "status": "home"}, grid=("OHO", "OOO"))

    weekday: Weekdays = Field(min_length=1, description="the weekdays, as mon … sun or senin … minggu")
    status: Literal["home", "office"] = Field(description="where everybody selected is on them")

    def holds(self, person: Person, day: date) -> bool:
        """Whether the rule says where the person is that day."""
        return self.selects(person, day) and day.weekday() in self.weekday

    def grants_home(self, person: Person, day: date) -> bool:
        """Whether the day is one at home."""
        return self.status == "home" and self.holds(person, day)

    def settles(self, person: Person, day: date) -> bool:
        """Whether the day is fixed: not where the rule is a wish."""
        return self.weight is None and self.holds(person, day)

    def fixes(self, unit: Unit) -> Iterator[Fix]:
        """Yield every person-day of these weekdays."""
        if self.weight is None:
            for i, k in self._cells(unit):
                yield Fix(i, k, self.status)

    def _cells(self, unit: Unit) -> Iterator[tuple[int, int]]:
        """Yield the person-days for which the rule holds and is not given up for one that keeps at the office."""
        stronger = [rule for rule in unit.rules if rule.takes_out_of_turns and rule is not self]
        for i, person in enumerate(unit.people):
            if self.for_.takes(person):
                for k, day in enumerate(unit.horizon.workdays):
                    kept_there = self.status == "home" and any(
                        rule.settles(person, day) and not rule.grants_home(person, day) for rule in stronger
                    )
                    if self.holds(person, day) and not kept_there:
                        yield i, k

    def build(self, model: Model) -> None:
        """Add the cost of each person-day spent otherwise, where the rule is a wish."""
        if self.weight is None:
            return
        for i, k in self._cells(model.unit):
            person, day = model.people[i], model.days[k]
            if not model.is_present(i, k) or (person.id, day) in model.unit.pins:
                continue
            kept = [model.home(i, k), *model.calls(i, k)] if self.status == "home" else [model.office(i, k)]
            model.clause(kept, Instance(rule=self.label, day=day, people=(person.id,)))

    def check(self, cells: Cells) -> Iterator[Violation]:
        """Yield each person-day spent elsewhere without a pin, a duty or a rule that keeps at the office."""
        other = OFFICE if self.status == "home" else HOME
        for person in cells.people:
            for day in cells.days:
                if (
                    self.holds(person, day)
                    and cells.status(person, day) == other
                    and (person.id, day) not in cells.unit.pins
                    and not (other == OFFICE and self._is_excused(cells, person, day))
                ):
                    instance = Instance(rule=self.label, day=day, people=(person.id,))
                    yield self.violation(cells, self.sentence(cells.unit, instance), day=day, people=[person])

    def _is_excused(self, cells: Cells, person: Person, day: date) -> bool:
        if duties(cells, person, day):
            return True
        settling = [r for r in cells.unit.rules if r is not self and r.settles(person, day)]
        return not all(r.grants_home(person, day) for r in settling if r.takes_out_of_turns)

    def demand(self) -> Bilingual:
        """Return the weekdays and where everybody is on them."""
        days_id = ", ".join(WEEKDAYS_ID[number] for number in self.weekday)
        days_en = ", ".join(WEEKDAYS_EN[number] for number in self.weekday)
        home = self.status == "home"
        return Bilingual(
            id=f"Setiap {days_id} bekerja {'dari rumah' if home else 'di kantor'}.",
            en=f"Every {days_en} {'at home' if home else 'at the office'}.",
        )

    def sentence(self, unit: Unit, instance: Instance) -> Bilingual:
        """Return who is where on which weekdays."""
        names = unit.names(instance.people)
        days_id = ", ".join(WEEKDAYS_ID[number] for number in self.weekday)
        days_en = ", ".join(WEEKDAYS_EN[number] for number in self.weekday)
        home = self.status == "home"
        return Bilingual(
            id=f"{self.label}: {names} {'di rumah (WFH)' if home else 'di kantor (WFO)'} pada hari {days_id}.",
            en=f"{self.label}: {names} is {'at home' if home else 'at the office'} on {days_en}.",
        )
