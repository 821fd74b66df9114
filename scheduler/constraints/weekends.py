"""How many weekends a person spends duty on site, for offices that work on Saturday or Sunday.

A weekend counts where the person is at the office on one of its days (as in the instances of Curtois and Qu, 2014,
"max weekends"); working from home on it does not count.

    [[rules.weekends]]
    for = { unit = "RSUD *" }
    at_most = 2                    # in the horizon
    complete = true                # both days or neither

`complete` asks, where both days are worked and the person is present on both, for the office on both or on neither;
a weekend that the period divides is complete with the last day of the period before, where the two adjoin. Units that
work Monday to Friday have no such weekends.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import ClassVar

from pydantic import Field, model_validator

from scheduler.constraints.base import HOME_ALLOWED, Example, Instance, Rule
from scheduler.constraints.model import Model
from scheduler.language import Bilingual, Refusal, format_date
from scheduler.problem import Unit
from scheduler.roster import HOME, OFFICE, Cells, Violation

SATURDAY = 5


class Weekends(Rule):
    """Weekends free of duty."""

    scope = "row"
    title: ClassVar[Bilingual] = Bilingual(id="Tugas akhir pekan", en="Weekend duty")
    summary: ClassVar[Bilingual] = Bilingual(
        id="Berapa akhir pekan seseorang bertugas di kantor.",
        en="How many weekends a person spends on duty at the office.",
    )
    kept: ClassVar[Example] = Example(
        settings={"at_most": 1}, grid=("OOOOOOHOOOOOHH",), rules=(HOME_ALLOWED,), workdays=7
    )
    broken: ClassVar[Example] = Example(
        settings={"at_most": 1}, grid=("OOOOOOHOOOOOHO",), rules=(HOME_ALLOWED,), workdays=7
    )

    at_most: int | None = Field(
        default=None, ge=0, le=54, description="most weekends with a day at the office, in the horizon"
    )
    complete: bool = Field(default=False, description="both days of a weekend at the office, or neither")

    @model_validator(mode="after")
    def _asks_something(self) -> Weekends:
        if self.at_most is None and not self.complete:
            raise Refusal(
                Bilingual(
                    id="isi at_most, dalam akhir pekan, atau complete = true",
                    en="give at_most, in weekends, or complete = true",
                )
            )
        return self

    def build(self, model: Model) -> None:
        """Bound each person's weekends and tie their days together."""
        weekends: dict[int, list[int]] = {}
        for k, day in enumerate(model.days):
            if day.weekday() >= SATURDAY and self.when.takes(day):
                weekends.setdefault(day.toordinal() - day.weekday(), []).append(k)
        for i, person in enumerate(model.people):
            if not self.for_.takes(person):
                continue
            if self.at_most is not None and weekends:
                worked = [model.any_of([model.office(i, k) for k in days]) for days in weekends.values()]
                model.at_most(
                    worked, self.at_most, self._instance(model, i, min(weekends.values())[0], "most")
                )
            if not self.complete:
                continue
            for days in weekends.values():
                marks = [model.office(i, k) for k in days if model.is_present(i, k)]
                before = self._saturday_before(model.unit, person.id, model.days[days[0]])
                if before:
                    marks.insert(0, before == OFFICE)
                if len(marks) == 2:
                    instance = self._instance(model, i, days[0], "complete")
                    model.clause([marks[0], model.negate(marks[1])], instance)
                    model.clause([model.negate(marks[0]), marks[1]], instance)

    def _saturday_before(self, unit: Unit, person_id: str, day: date) -> str:
        """Return where the person was on the Saturday that ended the period before; "" where none adjoins."""
        person = next(person for person in unit.people if person.id == person_id)
        adjoining = unit.ledger.last_day == day - timedelta(days=1) and day.weekday() == SATURDAY + 1
        status = unit.last_stint(person)[0] if adjoining else ""
        return status if status in (HOME, OFFICE) else ""

    def _instance(self, model: Model, i: int, k: int, kind: str) -> Instance:
        return Instance(
            rule=self.label, day=model.days[k], people=(model.people[i].id,), facts={"kind": kind}
        )

    def check(self, cells: Cells) -> Iterator[Violation]:
        """Yield people with too many weekends on duty, and weekends of which only one day is."""
        for person in cells.people:
            if not self.for_.takes(person):
                continue
            spent: dict[date, list[str]] = {}
            for day in cells.days:
                if day.weekday() in (5, 6) and self.when.takes(day):
                    saturday = day - timedelta(days=day.weekday() - 5)
                    spent.setdefault(saturday, []).append(cells.status(person, day))
            worked = sum(OFFICE in statuses for statuses in spent.values())
            if self.at_most is not None and worked > self.at_most:
                instance = Instance(
                    rule=self.label, day=min(spent), people=(person.id,), facts={"kind": "most"}
                )
                sentence = self.sentence(cells.unit, instance)
                yield self.violation(
                    cells,
                    sentence,
                    day=min(spent),
                    people=[person],
                    amount=worked - self.at_most,
                    direction="over",
                )
            for saturday, statuses in spent.items() if self.complete else ():
                both = [status for status in statuses if status in (HOME, OFFICE)]
                entry = cells.unit.ledger.entries.get(person.id)
                if entry is not None and cells.unit.adjoins and cells.unit.ledger.last_day == saturday:
                    both += [entry.last_status] if entry.last_status in (HOME, OFFICE) else []
                if set(both) == {HOME, OFFICE}:
                    instance = Instance(
                        rule=self.label, day=saturday, people=(person.id,), facts={"kind": "complete"}
                    )
                    yield self.violation(
                        cells, self.sentence(cells.unit, instance), day=saturday, people=[person]
                    )

    def sentence(self, unit: Unit, instance: Instance) -> Bilingual:
        """Return what is asked of the person's weekends."""
        names = unit.names(instance.people)
        if instance.facts["kind"] == "most":
            return Bilingual(
                id=f"{self.label}: {names} paling banyak {self.at_most} akhir pekan di kantor dalam periode ini.",
                en=f"{self.label}: {names} at the office on at most {self.at_most} weekends of the period.",
            )
        since = instance.day or unit.horizon.first
        return Bilingual(
            id=f"{self.label}, akhir pekan {format_date(since, 'id')}: {names} di kantor kedua harinya atau tidak sama sekali.",
            en=f"{self.label}, weekend of {format_date(since, 'en')}: {names} at the office on both days or on neither.",
        )

    def warnings(self, unit: Unit) -> Iterator[Bilingual]:
        """Yield a warning where the unit works on no weekend."""
        selected = any(self.for_.takes(person) for person in unit.people)
        if selected and not any(day.weekday() >= SATURDAY for day in unit.horizon.workdays):
            yield Bilingual(
                id=f"{self.label}: {unit.name} tidak bekerja pada akhir pekan, jadi aturan ini tidak berlaku di sana.",
                en=f"{self.label}: {unit.name} works on no weekend, so that this rule has no effect there.",
            )
