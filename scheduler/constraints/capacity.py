"""At most so many people on site on each day, in the unit, in each sub-unit, or in each room or site told by a tag.

    [[rules.capacity]]
    per = "tag:ruang *"            # each tag of the staff list that fits is a room
    at_most = 12

People are counted who are at the office and whom `for` selects; with tags each person counts in every room of theirs.
It lets nobody be at home by itself: pair it with a quota or a `home_count`. `warn = true` only prints the days above
the limit and changes no roster; a `weight` (or `weight_over`) makes it a wish. Units are rostered each by itself: a
site that several units share is limited by a table for each, with its own share of the places.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import ClassVar

from pydantic import Field, model_validator

from scheduler.constraints.base import HOME_ALLOWED, Example, Instance, Measure, Rule
from scheduler.constraints.model import Model
from scheduler.constraints.selection import Per, places_of
from scheduler.language import Bilingual, Refusal, format_date
from scheduler.problem import Person, Unit
from scheduler.roster import Cells, Violation


class Capacity(Rule):
    """No more people than desks."""

    scope = "unit"
    told: ClassVar[frozenset[str]] = frozenset(("at_most", "warn"))
    title: ClassVar[Bilingual] = Bilingual(id="Batas orang di kantor", en="Most people on site")
    summary: ClassVar[Bilingual] = Bilingual(
        id="Paling banyak sekian orang di kantor, per unit, sub-unit atau ruang.",
        en="At most so many people on site, per unit, sub-unit or room.",
    )
    kept: ClassVar[Example] = Example(settings={"at_most": 1}, grid=("OH", "HO"), rules=(HOME_ALLOWED,))
    broken: ClassVar[Example] = Example(settings={"at_most": 1}, grid=("OH", "OO"), rules=(HOME_ALLOWED,))

    at_most: int = Field(ge=0, le=100_000, description="people on site each day")
    per: Per = Field(
        default="unit", description="counted per unit, per sub_unit, or per tag as “tag:ruang *”"
    )
    warn: bool = Field(default=False, description="only print the days above the limit")

    @model_validator(mode="after")
    def _warns_or_weighs(self) -> Capacity:
        if self.warn and (self.weight is not None or self.weight_over is not None):
            raise Refusal(
                Bilingual(
                    id="warn hanya mencetak; hapus weight, atau hapus warn",
                    en="warn only prints; leave out weight, or leave out warn",
                )
            )
        return self

    def build(self, model: Model) -> None:
        """Bound the people on site of each place and day."""
        for k, day in enumerate(model.days if not self.warn else ()):
            places: dict[str, list[int]] = {}
            for i, person in enumerate(model.people):
                if self.selects(person, day) and model.is_present(i, k):
                    for place in places_of(self.per, person):
                        places.setdefault(place, []).append(i)
            for place, people in places.items():
                instance = Instance(
                    rule=self.label,
                    day=day,
                    people=tuple(model.people[i].id for i in people),
                    facts={"place": place},
                )
                model.at_most([model.office(i, k) for i in people], self.at_most, instance)

    def check(self, cells: Cells) -> Iterator[Violation]:
        """Yield the places and days with too many people."""
        for day, place, people in self._crowded(cells) if not self.warn else ():
            yield self.violation(
                cells,
                self._found(day, place, len(people)),
                day=day,
                people=people,
                amount=len(people) - self.at_most,
                direction="over",
            )

    def _crowded(self, cells: Cells) -> Iterator[tuple[date, str, list[Person]]]:
        for day in cells.days:
            on_site = [p for p in cells.people if self.selects(p, day) and cells.is_office(p, day)]
            for place in sorted({place for person in on_site for place in places_of(self.per, person)}):
                there = [person for person in on_site if place in places_of(self.per, person)]
                if len(there) > self.at_most:
                    yield day, place, there

    def _found(self, day: date, place: str, number: int) -> Bilingual:
        where = f" ({place})" if place else ""
        return Bilingual(
            id=f"{self.label}{where}, {format_date(day, 'id')}: {number} orang di kantor, kapasitas {self.at_most}.",
            en=f"{self.label}{where}, {format_date(day, 'en')}: {number} on site, capacity {self.at_most}.",
        )

    def measure(self, cells: Cells) -> Measure:
        """Return a note for each place and day above a limit that only warns."""
        crowded = self._crowded(cells) if self.warn else ()
        return Measure(notes=tuple(self._found(day, place, len(people)) for day, place, people in crowded))

    def demand(self) -> Bilingual:
        """Return the limit, and whether it binds."""
        warn = (
            Bilingual(id=" (hanya diperingatkan)", en=" (a warning only)")
            if self.warn
            else Bilingual(id="", en="")
        )
        return Bilingual(
            id=f"Setiap hari paling banyak {self.at_most} orang di kantor{warn.id}.",
            en=f"Each day at most {self.at_most} people on site{warn.en}.",
        )

    def sentence(self, unit: Unit, instance: Instance) -> Bilingual:
        """Return the limit and for whom."""
        place = instance.facts["place"]
        where = f" ({place})" if place else ""
        names = unit.names(instance.people)
        return Bilingual(
            id=f"{self.label}{where}: paling banyak {self.at_most} dari {len(instance.people)} orang di kantor ({names}).",
            en=f"{self.label}{where}: at most {self.at_most} of {len(instance.people)} on site ({names}).",
        )

    def warnings(self, unit: Unit) -> Iterator[Bilingual]:
        """Yield a warning where the places are by tag and nobody selected has such a tag."""
        selected = [person for person in unit.people if self.for_.takes(person)]
        if selected and self.per != "unit" and not any(places_of(self.per, person) for person in selected):
            yield Bilingual(
                id=f"{self.label}: tidak ada pegawai {unit.name} yang memiliki “{self.per}”.",
                en=f"{self.label}: nobody of {unit.name} has a “{self.per}”.",
            )
