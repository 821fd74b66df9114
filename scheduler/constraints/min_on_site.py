"""On each working day at least so many of the people selected are at the office, per unit or per sub-unit.

At least min(`at_least`, such people employed there). Where absences leave fewer, all who are present come and a
note names the day, so that an acting one (Plh.) can be appointed; `strict = true` refuses such a roster.

    [[rules.min_on_site]]
    for = { echelon = ["II", "III"] }
    at_least = 1
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from scheduler.constraints.base import HOME_ALLOWED, Example, Instance, Measure, Rule
from scheduler.constraints.model import Model
from scheduler.language import Bilingual, format_date
from scheduler.problem import Person, Unit
from scheduler.roster import Cells, Violation


class MinOnSite(Rule):
    """A floor for people on site."""

    scope = "unit"
    told: ClassVar[frozenset[str]] = frozenset(("at_least", "per", "strict"))
    title: ClassVar[Bilingual] = Bilingual(id="Pejabat di kantor", en="Officials on site")
    summary: ClassVar[Bilingual] = Bilingual(
        id="Setiap hari paling sedikit sekian pejabat seperti ini di kantor.",
        en="Each day at least so many such officials are at the office.",
    )
    kept: ClassVar[Example] = Example(
        settings={"at_least": 1}, people=({}, {}), grid=("HO", "OH"), rules=(HOME_ALLOWED,)
    )
    broken: ClassVar[Example] = Example(
        settings={"at_least": 1}, people=({}, {}), grid=("HO", "HH"), rules=(HOME_ALLOWED,)
    )

    at_least: int = Field(ge=0, le=100_000, description="people on site each day")
    per: Literal["unit", "sub_unit"] = Field(
        default="unit", description="counted in the unit or in each sub-unit"
    )
    strict: bool = Field(default=False, description="refuse a day on which absences leave fewer")

    def build(self, model: Model) -> None:
        """Demand the floor for each group and day."""
        for k, day in enumerate(model.days):
            groups: dict[str, list[int]] = {}
            for i in self.among(model.people, day):
                person = model.people[i]
                if person.is_employed_on(day):
                    groups.setdefault(person.sub_unit if self.per == "sub_unit" else "", []).append(i)
            for group in groups.values():
                floor = min(self.at_least, len(group))
                present = [i for i in group if model.is_present(i, k)]
                if not self.strict:
                    floor = min(floor, len(present))
                instance = Instance(
                    rule=self.label,
                    day=day,
                    people=tuple(model.people[i].id for i in group),
                    facts={"floor": floor},
                )
                model.at_least([model.office(i, k) for i in present], floor, instance)

    def check(self, cells: Cells) -> Iterator[Violation]:
        """Yield the days below the floor."""
        for day in cells.days:
            for place, group in self._places(cells, day).items():
                wanted = min(self.at_least, len(group))
                away = sum((person.id, day) in cells.unit.absences for person in group)
                if not self.strict:
                    wanted = min(wanted, len(group) - away)
                found = sum(cells.is_office(person, day) for person in group)
                if found < wanted:
                    where = f" ({place})" if place else ""
                    yield self.violation(
                        cells,
                        Bilingual(
                            id=f"{self.label}{where}, {format_date(day, 'id')}: {found} orang di kantor, paling sedikit {wanted}.",
                            en=f"{self.label}{where}, {format_date(day, 'en')}: {found} at the office, at least {wanted}.",
                        ),
                        day=day,
                        people=group,
                        amount=wanted - found,
                        direction="under",
                    )

    def _places(self, cells: Cells, day: date) -> dict[str, list[Person]]:
        places: dict[str, list[Person]] = {}
        for person in map(cells.people.__getitem__, self.among(cells.people, day)):
            if person.is_employed_on(day):
                places.setdefault("" if self.per == "unit" else person.sub_unit, []).append(person)
        return places

    def measure(self, cells: Cells) -> Measure:
        """Return a note for each day on which absences leave fewer than wanted."""
        notes = []
        for day in cells.days:
            for place, group in self._places(cells, day).items():
                wanted = min(self.at_least, len(group))
                present = sum(cells.unit.is_present(person, day) for person in group)
                if present < wanted:
                    where = f" {place}" if place else ""
                    notes.append(
                        Bilingual(
                            id=f"{format_date(day, 'id', weekday=True)}{where}: hanya {present} dari {wanted} yang"
                            f" disyaratkan {self.label} dapat hadir; tunjuk pelaksana harian (Plh.).",
                            en=f"{format_date(day, 'en', weekday=True)}{where}: only {present} of the {wanted} that"
                            f" {self.label} asks for can be present; appoint an acting one (Plh.).",
                        )
                    )
        return Measure(notes=tuple(notes))

    def demand(self) -> Bilingual:
        """Return how many stay, where they are counted, and what holds where absences leave fewer."""
        where = {
            "unit": Bilingual(id="di setiap unit", en="in each unit"),
            "sub_unit": Bilingual(id="di setiap sub-unit", en="in each sub-unit"),
        }[self.per]
        fewer = (
            Bilingual(id="tanpa kecuali", en="without exception")
            if self.strict
            else Bilingual(
                id="bila berhalangan, ditunjuk pelaksana harian",
                en="where absent, an acting one is appointed",
            )
        )
        return Bilingual(
            id=f"Setiap hari kerja paling sedikit {self.at_least} orang di kantor {where.id}; {fewer.id}.",
            en=f"Each working day at least {self.at_least} at the office {where.en}; {fewer.en}.",
        )

    def sentence(self, unit: Unit, instance: Instance) -> Bilingual:
        """Return the floor and of whom."""
        floor, names = instance.facts["floor"], unit.names(instance.people)
        return Bilingual(
            id=f"{self.label}: paling sedikit {floor} dari {len(instance.people)} orang di kantor ({names}).",
            en=f"{self.label}: at least {floor} of {len(instance.people)} at the office ({names}).",
        )
