"""A person's least and most home days per week, month or horizon.

    [[rules.home_count]]           # two days at home and three at the office (PermenPANRB 4/2025, BKN 2025)
    at_least = 2
    at_most = 2
    per = "week"

A rule with `at_least` lets its people be at home; one with `at_most` alone is only a cap on what others allow.

A week is Monday to Sunday. Where the period cuts a week or a month, `partial = "share"` (default) asks of the part
inside its share by working days, rounded so that two periods that divide a week between them together ask exactly the
whole (a half goes to the period that begins it); the days outside are counted as the unit's usual weekdays, their
holidays not being known. `partial = "whole"` applies a cap to the part as if it were whole, and no least. Days of an
earlier period are not counted otherwise: the ledger has no count by week.

Absences do not reduce the cap. The least is never more than the days on which the person is present and not kept at
the office by a pin or a rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from scheduler.constraints.base import HOME_ALLOWED, Direction, Example, Instance, Rule
from scheduler.constraints.model import Model
from scheduler.language import Bilingual, Refusal, format_date
from scheduler.problem import Person, Reading, Unit
from scheduler.roster import HOME, Cells, Violation

PERIOD_WORDS = {
    "week": Bilingual(id="per pekan", en="a week"),
    "month": Bilingual(id="per bulan", en="a month"),
    "horizon": Bilingual(id="sepanjang periode", en="in the period"),
}


class HomeCount(Rule):
    """So many days at home."""

    scope = "row"
    told: ClassVar[frozenset[str]] = frozenset(("at_least", "at_most", "per"))
    title: ClassVar[Bilingual] = Bilingual(id="Hari di rumah per orang", en="Home days of a person")
    summary: ClassVar[Bilingual] = Bilingual(
        id="Paling sedikit dan paling banyak hari di rumah per orang, per pekan, bulan atau periode.",
        en="A person's least and most home days per week, month or period.",
    )
    kept: ClassVar[Example] = Example(settings={"at_most": 2}, grid=("HOHOO",), rules=(HOME_ALLOWED,))
    broken: ClassVar[Example] = Example(settings={"at_most": 2}, grid=("HOHOH",), rules=(HOME_ALLOWED,))

    at_least: int = Field(default=0, ge=0, le=366, description="fewest days at home")
    at_most: int | None = Field(default=None, ge=0, le=366, description="most days at home")
    per: Literal["week", "month", "horizon"] = Field(
        default="week", description="in each calendar week, each calendar month, or the whole horizon"
    )
    partial: Literal["share", "whole"] = Field(
        default="share",
        description="what a week or month cut by the period is asked: its share, or the whole",
    )

    @model_validator(mode="after")
    def _bounded(self) -> HomeCount:
        if self.at_least == 0 and self.at_most is None:
            raise Refusal(
                Bilingual(
                    id="isi at_least, at_most, atau keduanya, dalam hari",
                    en="give at_least, at_most, or both, in days",
                )
            )
        if self.at_most is not None and self.at_least > self.at_most:
            raise Refusal(
                Bilingual(
                    id=f"at_least ({self.at_least}) tidak boleh melebihi at_most ({self.at_most})",
                    en=f"at_least ({self.at_least}) must not be above at_most ({self.at_most})",
                )
            )
        return self

    def grants_home(self, person: Person, day: date) -> bool:
        """Whether the rule asks for home days of this person."""
        return self.at_least > 0 and self.selects(person, day)

    # Building -------------------------------------------------------------------------------------------------

    def build(self, model: Model) -> None:
        """Bound the home days of every person and window."""
        for window in self._windows(model.unit):
            least, most = self._bounds(model.unit, window)
            for i, person in enumerate(model.people):
                if not self.for_.takes(person):
                    continue
                present = [k for k in window if model.is_present(i, k)]
                free = sum(not model.is_fixed_at_office(i, k) for k in present)
                homes = [model.home(i, k) for k in present]
                if most is not None:
                    model.at_most(homes, most, self._instance(model, i, window[0], "most", most))
                floor_ = min(least, free)
                model.at_least(homes, floor_, self._instance(model, i, window[0], "least", floor_))

    def _windows(self, unit: Unit) -> list[list[int]]:
        windows: dict[object, list[int]] = {}
        for k, day in enumerate(unit.horizon.workdays):
            if self.when.takes(day):
                key = {"week": day.isocalendar()[:2], "month": (day.year, day.month), "horizon": None}[
                    self.per
                ]
                windows.setdefault(key, []).append(k)
        return list(windows.values())

    def _bounds(self, unit: Unit, window: list[int]) -> tuple[int, int | None]:
        """Return the least and the most of a window, for the part inside where the horizon cuts it."""
        first, last = self._limits(unit.horizon.workdays[window[0]])
        usual = {day.weekday() for day in unit.horizon.workdays} | set(range(5))
        before = after = 0
        day = first
        while day <= last:
            if self.when.takes(day) and day.weekday() in usual:
                before += day < unit.horizon.first
                after += day > unit.horizon.last
            day += timedelta(days=1)
        if not before and not after:
            return self.at_least, self.at_most
        if self.partial == "whole":
            return 0, self.at_most
        size, whole = len(window), len(window) + before + after

        def part(number: int) -> int:
            if before:
                return -((whole - 2 * number * size) // (2 * whole))
            return (2 * number * size + whole) // (2 * whole)

        return part(self.at_least), None if self.at_most is None else part(self.at_most)

    def _limits(self, day: date) -> tuple[date, date]:
        if self.per == "week":
            monday = day - timedelta(days=day.weekday())
            return monday, monday + timedelta(days=6)
        if self.per == "month":
            next_month = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
            return day.replace(day=1), next_month - timedelta(days=1)
        return day, day

    def _instance(self, model: Model, i: int, k: int, kind: str, number: int) -> Instance:
        return Instance(
            rule=self.label, day=model.days[k], people=(model.people[i].id,), facts={"kind": kind, "number": number}
        )  # fmt: skip

    # Checking ---------------------------------------------------------------------------------------------------

    def check(self, cells: Cells) -> Iterator[Violation]:
        """Yield each person's windows with too few or too many home days."""
        for person in cells.people:
            if not self.for_.takes(person):
                continue
            counted: dict[str, list[date]] = {}
            for day in cells.days:
                if self.when.takes(day):
                    counted.setdefault(self._name_of_window(day), []).append(day)
            for name, days in counted.items():
                home = sum(cells.status(person, day) == HOME for day in days)
                could = sum(self._could_be_home(cells.unit, person, day) for day in days)
                share, starts_before = self._share_inside(cells.unit, name, len(days))
                if self.at_most is not None:
                    most = (
                        self.at_most
                        if self.partial == "whole"
                        else _near(self.at_most * share, starts_before)
                    )
                    if home > most:
                        yield self._found(cells, person, days[0], "most", most, home - most)
                wanted = 0 if self.partial == "whole" and share < 1 else _near(self.at_least * share, starts_before)  # fmt: skip
                if home < min(wanted, could):
                    least = min(wanted, could)
                    yield self._found(cells, person, days[0], "least", least, least - home)

    def _name_of_window(self, day: date) -> str:
        return {"week": f"{day:%G-%V}", "month": f"{day:%Y-%m}", "horizon": ""}[self.per]

    def _share_inside(self, unit: Unit, name: str, inside: int) -> tuple[Fraction, bool]:
        """Return what part of the window's working days is in the horizon, and whether earlier days are not."""
        if self.per == "horizon":
            return Fraction(1), False
        worked = set(range(5)).union(day.weekday() for day in unit.horizon.workdays)
        near = [unit.horizon.first + timedelta(days=n) for n in range(-31, 0)]
        beyond = [unit.horizon.last + timedelta(days=n) for n in range(1, 32)]
        early, late = (
            sum(
                self._name_of_window(d) == name and d.weekday() in worked and self.when.takes(d) for d in some
            )
            for some in (near, beyond)
        )
        return Fraction(inside, inside + early + late), early > 0

    def _could_be_home(self, unit: Unit, person: Person, day: date) -> bool:
        """Whether the person is present and nothing keeps him or her at the office."""
        if not unit.is_present(person, day):
            return False
        pin = unit.pins.get((person.id, day))
        if pin is not None:
            return pin.status == HOME
        if any(rule.settles(person, day) and not rule.grants_home(person, day) for rule in unit.rules):
            return False
        return any(rule.grants_home(person, day) for rule in unit.rules)

    def _found(
        self, cells: Cells, person: Person, day: date, kind: str, number: int, amount: int
    ) -> Violation:
        instance = Instance(
            rule=self.label, day=day, people=(person.id,), facts={"kind": kind, "number": number}
        )
        direction: Direction = "over" if kind == "most" else "under"
        return self.violation(
            cells,
            self.sentence(cells.unit, instance),
            day=day,
            people=[person],
            amount=amount,
            direction=direction,
        )

    # Words ------------------------------------------------------------------------------------------------------

    def demand(self) -> Bilingual:
        """Return the least and the most, and in what."""
        words = PERIOD_WORDS[self.per]
        if self.at_most is None:
            id_, en = f"paling sedikit {self.at_least}", f"at least {self.at_least}"
        elif self.at_most == self.at_least:
            id_, en = f"tepat {self.at_most}", f"exactly {self.at_most}"
        elif self.at_least:
            id_, en = f"{self.at_least} sampai {self.at_most}", f"{self.at_least} to {self.at_most}"
        else:
            id_, en = f"paling banyak {self.at_most}", f"at most {self.at_most}"
        return Bilingual(
            id=f"Setiap orang {id_} hari di rumah {words.id}.",
            en=f"Everybody is at home on {en} days {words.en}.",
        )

    def sentence(self, unit: Unit, instance: Instance) -> Bilingual:
        """Return the bound on the person's home days."""
        names, number = unit.names(instance.people), instance.facts["number"]
        most, words = instance.facts["kind"] == "most", PERIOD_WORDS[self.per]
        since = instance.day or unit.horizon.first
        return Bilingual(
            id=f"{self.label}, mulai {format_date(since, 'id')}: {names} paling {'banyak' if most else 'sedikit'} {number} hari di rumah ({words.id}).",
            en=f"{self.label}, from {format_date(since, 'en')}: {names} at {'most' if most else 'least'} {number} days at home ({words.en}).",
        )

    def readings(self, unit: Unit) -> Iterator[Reading]:
        """Yield how a week or month that the period cuts is counted, where it cuts one."""
        days = unit.horizon.workdays
        if self.per == "horizon" or not days:
            return
        names = dict.fromkeys(self._name_of_window(day) for day in days)
        if all(self._share_inside(unit, n, 1)[0] == 1 for n in names):
            return
        share = self.partial == "share"
        yield Reading(
            key=f"{self.label}.partial",
            rule=self.label,
            text=Bilingual(
                id=f"pekan atau bulan yang terpotong periode dihitung {'sebanding hari kerjanya' if share else 'seolah utuh, tanpa batas paling sedikit'}.",
                en=f"a week or month cut by the period counts {'by its share of working days' if share else 'as if whole, with no least'}.",
            ),
        )


def _near(exact: Fraction, half_down: bool) -> int:
    """Return the nearest whole number; a half goes down where the window began before the period."""
    return ceil(exact - Fraction(1, 2)) if half_down else floor(exact + Fraction(1, 2))
