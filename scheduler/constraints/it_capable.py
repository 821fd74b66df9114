"""Only staff able to use information technology work from home; those who cannot are at the office.

The base of a quota is unchanged: places that stay empty for it are reported as shortfall. Where the staff
list has no such column everybody counts as able, which is printed as a reading.

    [[rules.it_capable]]
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import ClassVar

from scheduler.constraints.base import Example, Fix, Instance, Rule
from scheduler.constraints.model import Model
from scheduler.language import Bilingual
from scheduler.problem import Person, Reading, Unit
from scheduler.roster import HOME, Cells, Violation


class ItCapable(Rule):
    """Nobody is sent home who could not work there."""

    scope = "cell"
    takes_out_of_turns = True
    yields_to_pins = False
    title: ClassVar[Bilingual] = Bilingual(id="Kemampuan TI", en="Use of IT")
    summary: ClassVar[Bilingual] = Bilingual(
        id="Hanya yang mampu menggunakan TI yang bekerja dari rumah.",
        en="Only those able to use information technology work from home.",
    )
    kept: ClassVar[Example] = Example(
        settings={},
        people=({"it_capable": False}, {}),
        grid=("OO", "HO"),
        rules=(("home_quota", {"share": "50%", "rounding": "ceil"}),),
    )
    broken: ClassVar[Example] = Example(
        settings={},
        people=({"it_capable": False}, {}),
        grid=("HO", "OH"),
        rules=(("home_quota", {"share": "50%", "rounding": "ceil"}),),
    )

    def fixes(self, unit: Unit) -> Iterator[Fix]:
        """Yield the person-days of those who cannot; none where the rule is a wish."""
        if self.weight is None:
            for i, k in self._cells(unit):
                yield Fix(i, k, "office")

    def _cells(self, unit: Unit) -> Iterator[tuple[int, int]]:
        for i, person in enumerate(unit.people):
            if person.it_capable is False and self.for_.takes(person):
                for k, day in enumerate(unit.horizon.workdays):
                    if self.when.takes(day):
                        yield i, k

    def settles(self, person: Person, day: date) -> bool:
        """Whether the person cannot use IT, and the rule is no wish."""
        return self.weight is None and person.it_capable is False and self.selects(person, day)

    def settled(self, people: Sequence[Person], day: date) -> Sequence[int]:
        """Return the indices of those whom `settles` settles that day."""
        if self.weight is not None:
            return ()
        return [i for i in self.among(people, day) if people[i].it_capable is False]

    def build(self, model: Model) -> None:
        """Add the cost of each home day of those who cannot, where the rule is a wish."""
        for i, k in self._cells(model.unit) if self.weight is not None else ():
            if model.is_present(i, k):
                instance = Instance(rule=self.label, day=model.days[k], people=(model.people[i].id,))
                model.clause([model.office(i, k)], instance)

    def check(self, cells: Cells) -> Iterator[Violation]:
        """Yield each home day of somebody who cannot use IT."""
        for person in cells.people:
            if person.it_capable is not False:
                continue
            for day in cells.days:
                if self.selects(person, day) and cells.status(person, day) == HOME:
                    instance = Instance(rule=self.label, day=day, people=(person.id,))
                    yield self.violation(cells, self.sentence(cells.unit, instance), day=day, people=[person])

    def sentence(self, unit: Unit, instance: Instance) -> Bilingual:
        """Return who cannot use IT."""
        names = unit.names(instance.people)
        return Bilingual(
            id=f"{names} belum mampu menggunakan TI, jadi bekerja di kantor.",
            en=f"{names} cannot use IT and so works at the office.",
        )

    def readings(self, unit: Unit) -> Iterator[Reading]:
        """Yield the reading that unknown means able."""
        if any(person.it_capable is None and self.for_.takes(person) for person in unit.people):
            yield Reading(
                key=f"{self.label}.unknown",
                rule=self.label,
                text=Bilingual(
                    id="Kemampuan TI tidak tercantum di daftar pegawai: semua dianggap mampu.",
                    en="The staff list does not tell who can use IT: everybody counts as able.",
                ),
            )
