"""A counter or picket that needs so many of its officers each working day, in fair turns.

Its officers are those whose `service_post` in the staff list is the rule's name, unless `for` selects others.
Who holds the post is at the office that day; turns in the post have a balance of their own. A unit without such
officers has no such post.

    [[rules.service_post]]
    name = "Loket Pengaduan"
    at_least = 1
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import ClassVar

from pydantic import Field

from scheduler.balance import balance_sheet
from scheduler.constraints.base import HOME_ALLOWED, Example, Instance, Measure, Rule, Truth, Turns
from scheduler.constraints.model import Model
from scheduler.constraints.selection import Selection
from scheduler.language import Bilingual, format_date
from scheduler.problem import Person, Unit
from scheduler.roster import Cells, Violation


class ServicePost(Rule):
    """A counter that is never empty."""

    scope = "unit"
    told: ClassVar[frozenset[str]] = frozenset(("at_least",))
    title: ClassVar[Bilingual] = Bilingual(id="Loket atau piket", en="Counter or picket")
    summary: ClassVar[Bilingual] = Bilingual(
        id="Loket atau piket yang setiap hari memerlukan sekian petugas, bergiliran dengan adil.",
        en="A counter or picket that needs so many officers each day, in fair turns.",
    )
    kept: ClassVar[Example] = Example(
        settings={"name": "Loket", "at_least": 1},
        people=({"service_posts": ("Loket",)}, {"service_posts": ("Loket",)}),
        grid=("OH", "HO"),
        roles={(0, 0): "Loket", (1, 1): "Loket"},
        rules=(HOME_ALLOWED,),
    )
    broken: ClassVar[Example] = Example(
        settings={"name": "Loket", "at_least": 1},
        people=({"service_posts": ("Loket",)}, {"service_posts": ("Loket",)}),
        grid=("OH", "HH"),
        roles={(0, 0): "Loket"},
        rules=(HOME_ALLOWED,),
    )

    name: str = Field(min_length=1, description="the post, as the staff list writes it")
    at_least: int = Field(default=1, ge=0, le=10_000, description="officers in the post each day")

    @cached_property
    def officers(self) -> Selection:
        """Whose post it is: those whom `for` selects, or else those whom the staff list has in it."""
        return self.for_ if not self.for_.is_everybody else Selection(service_post=(self.name,))

    def among(self, people: Sequence[Person], day: date) -> Sequence[int]:
        """Return the indices of the officers."""
        return self.officers.among(people) if self.when.takes(day) else ()

    def offers_roles(self, unit: Unit) -> Iterator[tuple[int, int, str]]:
        """Offer the post to each officer who is present."""
        days = [(k, day) for k, day in enumerate(unit.horizon.workdays) if self.when.takes(day)]
        for i in self.officers.among(unit.people):
            person = unit.people[i]
            for k, day in days:
                if unit.is_present(person, day):
                    yield i, k, self.name

    def build(self, model: Model) -> None:
        """Demand exactly so many officers in the post each day, in fair turns."""
        eligible: list[list[int]] = []
        taken: dict[tuple[int, int], Truth] = {}
        for k, day in enumerate(model.days):
            officers = [i for i in self.among(model.people, day) if model.people[i].is_employed_on(day)]
            present = [i for i in officers if model.is_present(i, k)]
            eligible.append(present)
            if not officers:
                continue
            instance = Instance(
                rule=self.label,
                day=day,
                people=tuple(model.people[i].id for i in officers),
                facts={"at_least": self.at_least},
            )
            held = [model.role(i, k, self.name) for i in present]
            taken.update(zip([(i, k) for i in present], held, strict=True))
            model.at_least(held, self.at_least, instance)
            model.at_most(held, self.at_least, instance)
        hard = self.weight_for("under") is None and self.weight_for("over") is None
        numbers = [self.at_least if hard and present else None for present in eligible]
        model.add_turns(Turns(name=self.name, kind="role", eligible=eligible, taken=taken, numbers=numbers))

    def check(self, cells: Cells) -> Iterator[Violation]:
        """Yield the days on which the post has too few or too many officers, or somebody who is none."""
        for day in cells.days:
            officers = [p for p in self._officers(cells, day) if p.is_employed_on(day)]
            holders = [p for p in cells.people if self.name in cells.roles(p, day)]
            strangers = {p.id for p in holders} - {p.id for p in officers}
            wanted, found = (self.at_least if officers else 0), len(holders) - len(strangers)
            if strangers or found != wanted:
                yield self.violation(
                    cells,
                    Bilingual(
                        id=f"{format_date(day, 'id')}: {self.name} dijaga {found} petugas, seharusnya {wanted}.",
                        en=f"{format_date(day, 'en')}: {self.name} has {found} officers, should have {wanted}.",
                    ),
                    day=day,
                    people=holders,
                    amount=max(1, abs(wanted - found)),
                    direction="over" if found > wanted else "under",
                )

    def _officers(self, cells: Cells, day: date) -> list[Person]:
        return [cells.people[i] for i in self.among(cells.people, day)]

    def measure(self, cells: Cells) -> Measure:
        """Return the balances of the turns in this post."""
        eligible = {
            day: [p for p in self._officers(cells, day) if cells.unit.is_present(p, day)]
            for day in cells.days
        }
        if not any(eligible.values()):
            return Measure()
        takers = {
            day: frozenset(p.id for p in officers if self.name in cells.roles(p, day))
            for day, officers in eligible.items()
        }
        return Measure(balances=(balance_sheet(cells.unit, self.name, "role", eligible, takers),))

    def demand(self) -> Bilingual:
        """Return how many officers the post needs."""
        officers = "officer" if self.at_least == 1 else "officers"
        return Bilingual(
            id=f"Setiap hari kerja {self.at_least} petugas di tempat, bergiliran dengan adil.",
            en=f"Each working day {self.at_least} {officers} on site, in fair turns.",
        )

    def sentence(self, unit: Unit, instance: Instance) -> Bilingual:
        """Return what the post needs, and why some of its officers cannot come."""
        day, number = instance.day, instance.facts["at_least"]
        total = len(instance.people)
        away = sum((person_id, day) in unit.absences for person_id in instance.people)
        pinned = sum(
            (pin := unit.pins.get((person_id, day))) is not None and pin.status == "home"  # type: ignore[arg-type]
            for person_id in instance.people
        )
        reasons = [
            (f"{away} berhalangan", f"{away} {'is' if away == 1 else 'are'} away"),
            (f"{pinned} ditetapkan di rumah", f"{pinned} {'is' if pinned == 1 else 'are'} pinned home"),
        ]
        told = [reason for reason, count in zip(reasons, (away, pinned), strict=True) if count]
        id_ = f"{self.name} membutuhkan {number} petugas di kantor"
        en = f"{self.name} needs {number} on site"
        if told:
            id_ += f"; dari {total} petugasnya " + " dan ".join(indonesian for indonesian, _ in told) + "."
            en += f"; of its {total} officers " + " and ".join(english for _, english in told) + "."
        else:
            id_ += f"; petugasnya {total}."
            en += f"; it has {total} officer{'' if total == 1 else 's'}."
        return Bilingual(id=id_, en=en)
