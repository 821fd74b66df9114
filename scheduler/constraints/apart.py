"""People who must not all be away on the same day: a head and the deputy, a pair who stand in for each other, a Bidang.

    [[rules.apart]]                # not both away
    for = { person = ["Siti Aminah", "Budi Santoso"] }

    [[rules.apart]]                # never a whole Bidang at home
    name = "bidang"
    per = "sub_unit"
    at_least_on_site = 1

`at_most_away` (1 unless `at_least_on_site` is given) of each group are away on one day. Away is at home or absent;
`counting = "home"` leaves absences out. `at_least_on_site` of each group are at the office. Where absences alone go
beyond, everybody else comes. `per` divides whom `for` selects into groups; a group of one, too, keeps
`at_least_on_site`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from scheduler.constraints.base import HOME_ALLOWED, Direction, Example, Instance, Rule
from scheduler.constraints.model import Model
from scheduler.constraints.selection import Per, places_of
from scheduler.language import Bilingual, Refusal, format_date
from scheduler.problem import Person, Unit
from scheduler.roster import Cells, Violation


class Apart(Rule):
    """Never all away."""

    scope = "unit"
    title: ClassVar[Bilingual] = Bilingual(id="Tidak bersamaan pergi", en="Not away together")
    summary: ClassVar[Bilingual] = Bilingual(
        id="Orang-orang yang tidak boleh semuanya tidak di kantor pada hari yang sama.",
        en="People who must not all be away from the office on the same day.",
    )
    kept: ClassVar[Example] = Example(settings={}, grid=("HO", "OH"), rules=(HOME_ALLOWED,))
    broken: ClassVar[Example] = Example(settings={}, grid=("HO", "HH"), rules=(HOME_ALLOWED,))

    at_most_away: int | None = Field(
        default=None,
        ge=0,
        le=100_000,
        description="people of a group away on one day; 1 where nothing is given",
    )
    at_least_on_site: int | None = Field(
        default=None, ge=1, le=100_000, description="instead: people of a group at the office each day"
    )
    counting: Literal["away", "home"] = Field(
        default="away", description="whether those absent count as away, or only those at home"
    )
    per: Per = Field(
        default="unit", description="whom `for` selects is one group, or one per sub_unit or tag"
    )

    @model_validator(mode="after")
    def _one_of_two(self) -> Apart:
        if self.at_most_away is not None and self.at_least_on_site is not None:
            raise Refusal(
                Bilingual(
                    id="isi at_most_away atau at_least_on_site, jangan keduanya",
                    en="give at_most_away or at_least_on_site, not both",
                )
            )
        return self

    def build(self, model: Model) -> None:
        """Bound those away, or demand those on site, of each group and day."""
        for k, day in enumerate(model.days):
            groups: dict[str, list[int]] = {}
            for i, person in enumerate(model.people):
                if self.selects(person, day) and person.is_employed_on(day):
                    for place in places_of(self.per, person):
                        groups.setdefault(place, []).append(i)
            for place, group in groups.items():
                present = [i for i in group if model.is_present(i, k)]
                ids = tuple(model.people[i].id for i in group)
                instance = Instance(rule=self.label, day=day, people=ids, facts={"place": place})
                if self.at_least_on_site is not None:
                    number = min(self.at_least_on_site, len(present))
                    model.at_least([model.office(i, k) for i in present], number, instance)
                else:
                    room = 1 if self.at_most_away is None else self.at_most_away
                    if self.counting == "away":
                        room = max(0, room - (len(group) - len(present)))
                    model.at_most([model.home(i, k) for i in present], room, instance)

    def check(self, cells: Cells) -> Iterator[Violation]:
        """Yield the groups and days with too many away, or too few on site."""
        for day in cells.days:
            employed = [p for p in cells.people if self.selects(p, day) and p.is_employed_on(day)]
            for place in dict.fromkeys(place for person in employed for place in places_of(self.per, person)):
                group = [person for person in employed if place in places_of(self.per, person)]
                amount = self._amount(cells, group, day)
                if amount > 0:
                    instance = Instance(
                        rule=self.label, day=day, people=tuple(p.id for p in group), facts={"place": place}
                    )
                    direction: Direction = "over" if self.at_least_on_site is None else "under"
                    yield self.violation(
                        cells,
                        self.sentence(cells.unit, instance),
                        day=day,
                        people=group,
                        amount=amount,
                        direction=direction,
                    )

    def _amount(self, cells: Cells, group: list[Person], day: date) -> int:
        """Return by how many the group breaks the rule; 0 or less where it keeps it."""
        home = sum(cells.is_home(person, day) for person in group)
        office = sum(cells.is_office(person, day) for person in group)
        if self.at_least_on_site is not None:
            return min(self.at_least_on_site, home + office) - office
        allowed = 1 if self.at_most_away is None else self.at_most_away
        absent = len(group) - home - office if self.counting == "away" else 0
        return min(home, home + absent - allowed)

    def sentence(self, unit: Unit, instance: Instance) -> Bilingual:
        """Return of whom how many may be away."""
        names, place = unit.names(instance.people), instance.facts["place"]
        where = f" ({place})" if place else ""
        day = instance.day or unit.horizon.first
        start_id, start_en = (
            f"{self.label}{where}, {format_date(day, 'id')}",
            f"{self.label}{where}, {format_date(day, 'en')}",
        )
        if self.at_least_on_site is not None:
            return Bilingual(
                id=f"{start_id}: paling sedikit {self.at_least_on_site} dari {names} di kantor.",
                en=f"{start_en}: at least {self.at_least_on_site} of {names} at the office.",
            )
        number = 1 if self.at_most_away is None else self.at_most_away
        home = self.counting == "home"
        return Bilingual(
            id=f"{start_id}: paling banyak {number} dari {names} {'di rumah' if home else 'di rumah atau berhalangan'}.",
            en=f"{start_en}: at most {number} of {names} {'at home' if home else 'at home or absent'}.",
        )
