"""A person-day that the head has fixed in advance, at home or at the office, with the reason; also a recall.

Pins come from the scenario's `pins` file; a table here adds some for a selection of people. A pin is stronger
than `always_office`, `always_home` and turns; an absence is stronger than a pin.

    [[rules.pin]]
    for = { person = "196412241988031994" }
    when = { dates = [2021-08-03] }
    status = "home"
    why = "rapat daring"
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from scheduler.constraints.base import Example, Fix, Instance, Rule
from scheduler.language import Bilingual
from scheduler.problem import Person, Unit
from scheduler.problem import Pin as Pinned
from scheduler.roster import HOME, OFFICE, Cells, Violation


class Pin(Rule):
    """Days that the head has fixed."""

    scope = "cell"
    yields_to_pins = False
    title: ClassVar[Bilingual] = Bilingual(id="Hari yang ditetapkan", en="Fixed days")
    summary: ClassVar[Bilingual] = Bilingual(
        id="Hari seseorang yang sudah ditetapkan kepala, dengan alasannya.",
        en="A person's day that the head has fixed, with the reason.",
    )
    kept: ClassVar[Example] = Example(
        settings={"status": "home", "when": {"dates": [date(2021, 8, 2)]}}, grid=("HO",)
    )
    broken: ClassVar[Example] = Example(
        settings={"status": "home", "when": {"dates": [date(2021, 8, 2)]}}, grid=("OO",)
    )

    status: Literal["home", "office"] | None = Field(default=None, description="where; none by default")
    why: str = Field(default="", description="the reason, printed on the roster")

    def pin_of(self, person: Person, day: date) -> Pinned | None:
        """The pin that this table gives the person that day."""
        return Pinned(status=self.status, why=self.why) if self.status and self.selects(person, day) else None

    def fixes(self, unit: Unit) -> Iterator[Fix]:
        """Yield the unit's pinned person-days."""
        rows = {person.id: i for i, person in enumerate(unit.people)}
        columns = {day: k for k, day in enumerate(unit.horizon.workdays)}
        for (person_id, day), pin in unit.pins.items():
            yield Fix(rows[person_id], columns[day], pin.status)

    def check(self, cells: Cells) -> Iterator[Violation]:
        """Yield pinned person-days that stand otherwise."""
        people = {person.id: person for person in cells.people}
        for (person_id, day), pin in cells.unit.pins.items():
            found = cells.status(people[person_id], day)
            if found in (HOME, OFFICE) and found != pin.status:
                instance = Instance(rule=self.label, day=day, people=(person_id,))
                yield self.violation(
                    cells, self.sentence(cells.unit, instance), day=day, people=[people[person_id]]
                )

    def demand(self) -> Bilingual:
        """Return that such days stay, whoever wrote them down."""
        return Bilingual(
            id="Hari yang sudah ditetapkan kepala bagi seseorang tetap seperti ditetapkan.",
            en="A day that the head has fixed for somebody stays as fixed.",
        )

    def sentence(self, unit: Unit, instance: Instance) -> Bilingual:
        """Return who is pinned where and why."""
        names = unit.names(instance.people)
        pins = [unit.pins[person_id, instance.day] for person_id in instance.people if instance.day]
        home = any(pin.status == HOME for pin in pins)
        why = "; ".join(sorted({pin.why for pin in pins if pin.why}))
        tail = f" ({why})" if why else ""
        return Bilingual(
            id=f"{names} sudah ditetapkan {'di rumah (WFH)' if home else 'di kantor (WFO)'}{tail}.",
            en=f"{names} {'is' if len(instance.people) == 1 else 'are'} pinned {'at home' if home else 'at the office'}{tail}.",
        )
