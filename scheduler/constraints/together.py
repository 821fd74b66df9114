"""Teams that meet: on a weekday, or on so many days a week, the whole team or a share of it is on site the same day.

    [[rules.together]]
    for = { sub_unit = "Bidang Data" }
    weekday = ["tue"]

    [[rules.together]]
    name = "tim"
    per = "tag:tim *"              # each such tag is a team; also "unit" (whom `for` selects) or "sub_unit"
    days = 1                       # each week, the days chosen by the roster
    share = "80%"

Of the team those count who are present that day and not pinned at home; the share of them is rounded up. Where fewer than
two are left there is nobody to meet, and the day asks nothing. A week that the period cuts asks its part of `days` by
working days, rounded down.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from math import ceil
from typing import ClassVar

from pydantic import Field, model_validator

from scheduler.constraints.base import HOME_ALLOWED, Example, Instance, Rule, Truth
from scheduler.constraints.model import Model
from scheduler.constraints.selection import Per, Weekdays, places_of
from scheduler.constraints.shares import Share
from scheduler.language import WEEKDAYS_EN, WEEKDAYS_ID, Bilingual, Refusal, format_date
from scheduler.problem import Person, Unit
from scheduler.roster import HOME, Cells, Violation


class Together(Rule):
    """Days on which a team meets."""

    scope = "unit"
    title: ClassVar[Bilingual] = Bilingual(id="Hari tim bertemu", en="Team days")
    summary: ClassVar[Bilingual] = Bilingual(
        id="Tim yang bertemu: seluruhnya atau sebagian di kantor pada hari yang sama.",
        en="Teams that meet: all or a share of them on site the same day.",
    )
    kept: ClassVar[Example] = Example(settings={"days": 1}, grid=("OHOHH", "HHOOH"), rules=(HOME_ALLOWED,))
    broken: ClassVar[Example] = Example(settings={"days": 1}, grid=("OHOHH", "HOHOH"), rules=(HOME_ALLOWED,))

    weekday: Weekdays = Field(default=(), description="the weekdays on which the team meets")
    days: int | None = Field(
        default=None, ge=1, le=7, description="instead: on how many days of each week, chosen by the roster"
    )
    share: Share = Field(
        default=Fraction(1), description="what share of those present must be there, as “80%”"
    )
    per: Per = Field(
        default="unit", description="whom `for` selects is one team, or a team per sub_unit or per tag"
    )

    @model_validator(mode="after")
    def _one_of_two(self) -> Together:
        if bool(self.weekday) == (self.days is not None):
            raise Refusal(
                Bilingual(
                    id="isi salah satu: weekday = [...] atau days = N",
                    en="give either weekday = [...] or days = N",
                )
            )
        return self

    # Building -------------------------------------------------------------------------------------------------

    def build(self, model: Model) -> None:
        """Demand the meetings of each team."""
        teams: dict[str, list[int]] = {}
        for i, person in enumerate(model.people):
            if self.for_.takes(person):
                for place in places_of(self.per, person):
                    teams.setdefault(place, []).append(i)
        for place, team in teams.items():
            if self.weekday:
                self._build_weekdays(model, place, team)
            else:
                self._build_weeks(model, place, team, self.days or 0)

    def _build_weekdays(self, model: Model, place: str, team: list[int]) -> None:
        for k, day in enumerate(model.days):
            if day.weekday() in self.weekday and self.when.takes(day):
                members = self._members(model, team, k)
                if len(members) > 1:
                    instance = self._instance(model, place, team, day)
                    need = ceil(self.share * len(members))
                    model.at_least([model.office(i, k) for i in members], need, instance)

    def _build_weeks(self, model: Model, place: str, team: list[int], wanted: int) -> None:
        weeks: dict[int, list[int]] = {}
        for k, day in enumerate(model.days):
            if self.when.takes(day):
                weeks.setdefault(day.toordinal() - day.weekday(), []).append(k)
        for monday, week in weeks.items():
            meetings: list[Truth] = []
            for k in week:
                members = self._members(model, team, k)
                if len(members) > 1:
                    need = ceil(self.share * len(members))
                    meetings.append(model.reached([model.office(i, k) for i in members], need))
            whole = len(week) + self._days_outside(model, date.fromordinal(monday))
            number = min(len(meetings), wanted * len(week) // whole)
            model.at_least(meetings, number, self._instance(model, place, team, model.days[week[0]]))

    def _members(self, model: Model, team: list[int], k: int) -> list[int]:
        day, pins = model.days[k], model.unit.pins
        return [
            i
            for i in team
            if model.is_present(i, k)
            and not ((pin := pins.get((model.people[i].id, day))) is not None and pin.status == HOME)
        ]

    def _days_outside(self, model: Model, monday: date) -> int:
        """Return how many working days of the week the horizon cuts off, by the unit's usual weekdays."""
        horizon = model.unit.horizon
        usual = {day.weekday() for day in model.days} | set(range(5))
        days = [monday + timedelta(days=n) for n in range(7)]
        return sum(
            day.weekday() in usual and self.when.takes(day) and not horizon.first <= day <= horizon.last
            for day in days
        )

    def _instance(self, model: Model, place: str, team: list[int], day: date) -> Instance:
        ids = tuple(model.people[i].id for i in team)
        return Instance(rule=self.label, day=day, people=ids, facts={"place": place})

    # Checking ---------------------------------------------------------------------------------------------------

    def check(self, cells: Cells) -> Iterator[Violation]:
        """Yield meetings without enough of the team, and weeks without enough meetings."""
        selected = [person for person in cells.people if self.for_.takes(person)]
        for place in dict.fromkeys(place for person in selected for place in places_of(self.per, person)):
            team = [person for person in selected if place in places_of(self.per, person)]
            found = self._check_weeks(cells, team) if self.days else self._check_weekdays(cells, team)
            for day, amount in found:
                instance = Instance(
                    rule=self.label, day=day, people=tuple(p.id for p in team), facts={"place": place}
                )
                yield self.violation(
                    cells,
                    self.sentence(cells.unit, instance),
                    day=day,
                    people=team,
                    amount=amount,
                    direction="under",
                )

    def _check_weekdays(self, cells: Cells, team: list[Person]) -> Iterator[tuple[date, int]]:
        for day in cells.days:
            if day.weekday() in self.weekday and self.when.takes(day):
                missing = self._missing(cells, team, day)
                if missing is not None and missing > 0:
                    yield day, missing

    def _check_weeks(self, cells: Cells, team: list[Person]) -> Iterator[tuple[date, int]]:
        weeks: dict[str, list[date]] = {}
        for day in cells.days:
            if self.when.takes(day):
                weeks.setdefault(f"{day:%G-%V}", []).append(day)
        worked = set(range(5)).union(day.weekday() for day in cells.days)
        for name, days in weeks.items():
            missing = [self._missing(cells, team, day) for day in days]
            possible = [number for number in missing if number is not None]
            monday = date.fromisocalendar(int(name[:4]), int(name[5:]), 1)
            seven = (monday + timedelta(days=n) for n in range(7))
            whole = sum(
                d in days
                or (
                    d.weekday() in worked
                    and self.when.takes(d)
                    and (d < cells.unit.horizon.first or d > cells.unit.horizon.last)
                )
                for d in seven
            )
            wanted = min(len(possible), (self.days or 0) * len(days) // whole)
            met = sum(number <= 0 for number in possible)
            if met < wanted:
                yield days[0], wanted - met

    def _missing(self, cells: Cells, team: list[Person], day: date) -> int | None:
        """Return how many more must be on site for a meeting; None where there is nobody to meet."""
        pins = cells.unit.pins
        could = [
            person
            for person in team
            if cells.unit.is_present(person, day)
            and ((person.id, day) not in pins or pins[person.id, day].status != HOME)
        ]
        if len(could) < 2:
            return None
        wanted = -(-self.share.numerator * len(could) // self.share.denominator)
        return wanted - sum(cells.is_office(person, day) for person in could)

    # Words ------------------------------------------------------------------------------------------------------

    def sentence(self, unit: Unit, instance: Instance) -> Bilingual:
        """Return which team meets when."""
        names, place = unit.names(instance.people), instance.facts["place"]
        where = f" ({place})" if place else ""
        day = instance.day or unit.horizon.first
        share = f"{float(self.share * 100):g}%"
        if self.days:
            when = Bilingual(
                id=f"{self.days} hari dalam pekan {format_date(day, 'id')}",
                en=f"on {self.days} days in the week of {format_date(day, 'en')}",
            )
        else:
            when = Bilingual(
                id=f"pada {WEEKDAYS_ID[day.weekday()]}, {format_date(day, 'id')}",
                en=f"on {WEEKDAYS_EN[day.weekday()]}, {format_date(day, 'en')}",
            )
        return Bilingual(
            id=f"{self.label}{where}: {share} dari {names} di kantor bersama {when.id}.",
            en=f"{self.label}{where}: {share} of {names} on site together {when.en}.",
        )
