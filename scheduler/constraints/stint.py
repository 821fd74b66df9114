"""How many working days in a row a person stays at home, and at the office.

Days are the unit's own working days; weekends and holidays are transparent unless `across_weekends = false`. An
absence ends a stint. A minimum binds only where the days on both sides are free, so the horizon may cut its first
and last stint short; the previous period counts where no working day lies between.

`home`: [least, most], one number for exactly so many, or "week" for whole calendar weeks. `office`: "even" lets a
stint at the office within a quota last at most ceil(most × (1 - share) / share) days, so that at 50 % turns truly
alternate; where the unit cannot attain that, the least bound it can, which is then a reading; a number or "any"
replaces it. `office_least`: fewest working days in a row at the office, by the same rule as the least at home.
`prefer`: a length that home stints should have; others cost 1 each in the last objective.

    [[rules.stint]]
    home = [1, 2]
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from math import ceil
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, model_validator

from scheduler.constraints.base import HOME_ALLOWED, Example, Instance, Measure, Rule
from scheduler.constraints.daily import choosing
from scheduler.constraints.model import Model
from scheduler.constraints.stretches import Stretch
from scheduler.constraints.walks import Found, Walk, runs
from scheduler.constraints.whole_weeks import build_weeks, find_weeks
from scheduler.language import Bilingual, Refusal, format_date
from scheduler.problem import Person, Reading, Unit
from scheduler.roster import HOME, OFFICE, Cells, Violation


def parse_lengths(value: Any) -> Any:
    """Return (least, most) or "week" from [1, 2], 2, "1-2" or "week".

    Raises
    ------
    ValueError
        Where the two are out of order or no whole numbers from 1 to 60.
    """
    if value == "week":
        return value
    if isinstance(value, str):
        value = [part.strip() for part in value.split("-")]
    parts = list(value) if isinstance(value, list | tuple) else [value]
    try:
        numbers = [int(str(part)) for part in parts]
    except ValueError:
        numbers = []
    if len(numbers) not in (1, 2) or not 1 <= numbers[0] <= numbers[-1] <= 60:
        raise Refusal(
            Bilingual(
                id=f"“{value}” bukan lama giliran; tulis 1, 2, [1, 2] atau “week” (1 sampai 60 hari, yang kecil dulu)",
                en=f"“{value}” is no length of stints; write 1, 2, [1, 2] or “week” (1 to 60 days, least first)",
            )
        )
    return (numbers[0], numbers[-1])


Lengths = Annotated[tuple[int, int] | Literal["week"], BeforeValidator(parse_lengths)]


def _counted(days: int) -> str:
    return f"{days} working day{'' if days == 1 else 's'}"


class Stint(Rule):
    """Turns of so many days."""

    scope = "row"
    told: ClassVar[frozenset[str]] = frozenset(("home", "office", "office_least"))
    title: ClassVar[Bilingual] = Bilingual(id="Lama giliran", en="Length of turns")
    summary: ClassVar[Bilingual] = Bilingual(
        id="Berapa hari kerja berturut-turut di rumah, dan di kantor.",
        en="How many working days in a row at home, and at the office.",
    )
    kept: ClassVar[Example] = Example(settings={"home": [1, 2]}, grid=("HHOHO",), rules=(HOME_ALLOWED,))
    broken: ClassVar[Example] = Example(settings={"home": [1, 2]}, grid=("HHHOO",), rules=(HOME_ALLOWED,))

    home: Lengths = Field(description="least and most working days in a row at home, or “week”")
    office: Annotated[int, Field(ge=1, le=366)] | Literal["even", "any"] = Field(
        default="even", description="most working days in a row at the office, “even” turns, or “any”"
    )
    office_least: int = Field(
        default=1, ge=1, le=60, description="fewest working days in a row at the office"
    )
    across_weekends: bool = Field(
        default=True, description="whether a stint goes on over weekends and holidays"
    )
    prefer: int | None = Field(
        default=None, ge=1, le=60, description="the length in days that home stints should have"
    )

    @model_validator(mode="after")
    def _fits(self) -> Stint:
        if self.office_least > 1 and self.home == "week":
            raise Refusal(
                Bilingual(
                    id="office_least tidak dipakai bersama home = “week”: pekannya selalu utuh",
                    en="office_least does not go with home = “week”: weeks are whole anyway",
                )
            )
        if isinstance(self.office, int) and self.office_least > self.office:
            raise Refusal(
                Bilingual(
                    id=f"office_least ({self.office_least}) tidak boleh melebihi office ({self.office})",
                    en=f"office_least ({self.office_least}) must not be above office ({self.office})",
                )
            )
        return self

    def block_length(self, person: Person) -> int | Literal["week"] | None:
        """The length of a stint where all have the same."""
        if not self.for_.takes(person):
            return None
        if self.home == "week":
            return "week"
        return self.home[0] if self.home[0] == self.home[1] else None

    def office_bound(self, unit: Unit, person: Person) -> tuple[str, int] | None:
        """Return the most days (weeks, where home is "week") in a row at the office, with its key; None for any.

        For "even" it is that of the first quota that selects the person.
        """
        if self.office == "any":
            return None
        if isinstance(self.office, int):
            return f"{self.label}.office", self.office
        for rule in unit.rules:
            if not rule.may_share or not rule.for_.takes(person):
                continue
            share = next(
                (s for day in unit.horizon.workdays if (s := rule.share_of(person, day)) is not None), None
            )
            if share:
                most = 1 if self.home == "week" else self.home[1]
                return f"{self.label}.office:{rule.label}", max(1, ceil(most * (1 - share) / share))
        return None

    # Building -------------------------------------------------------------------------------------------------

    def build(self, model: Model) -> None:
        """Add the clauses of every person's row."""
        segments = self._segments(model.days)
        continues = bool(segments) and self._continues(model.unit)
        for i, person in enumerate(model.people):
            if not self.for_.takes(person):
                continue
            bound = self.office_bound(model.unit, person)
            longest = model.widened(*bound) if bound else None
            if self.home == "week":
                build_weeks(
                    model,
                    i,
                    self._week_before(model.unit, person),
                    longest,
                    partial(self._instance, model, i),
                )
                continue
            before = model.unit.last_stint(person)
            for number, segment in enumerate(segments):
                stretch = Stretch(
                    model,
                    i,
                    segment,
                    [model.home(i, k) for k in segment],
                    [model.is_present(i, k) and not model.is_fixed(i, k) for k in segment],
                    *(before if number == 0 and continues else ("", 0)),
                )
                self._build_stints(stretch, *self.home, longest)

    def _segments(self, days: Sequence[date]) -> list[list[int]]:
        """Return the working-day indices in runs that no weekend or holiday cuts, where those cut."""
        segments: list[list[int]] = []
        for k, day in enumerate(days):
            if segments and (self.across_weekends or (day - days[k - 1]).days == 1):
                segments[-1].append(k)
            else:
                segments.append([k])
        return segments

    def _continues(self, unit: Unit) -> bool:
        """Whether the stint open at the end of the last period can go on into this one."""
        last = unit.ledger.last_day
        return unit.adjoins and (
            self.across_weekends or (last is not None and (unit.horizon.workdays[0] - last).days == 1)
        )

    def _build_stints(self, stretch: Stretch, least: int, most: int, longest: int | None) -> None:
        model, i, columns, home, *_ = stretch

        def at(kind: str, number: int, a: int = 0) -> Instance:
            return self._instance(model, i, columns[a], kind, number)

        stretch.keep_home_short(most, partial(at, "most", most))
        if least > 1:
            stretch.keep_home_long(least, at("least", least))
        for length in range(1, most + 1) if self.prefer is not None else ():
            if length != self.prefer:
                model.add_run_cost("stints", home, length, 1)
        if self.office_least > 1:
            stretch.keep_office_long(self.office_least, at("office_least", self.office_least))
        if longest is not None:
            stretch.keep_office_short(longest, at("office", longest))

    def _week_before(self, unit: Unit, person: Person) -> tuple[str, bool] | None:
        """Return the last status of the last period, and whether its week goes on into this one."""
        status, _ = unit.last_stint(person)
        last = unit.ledger.last_day
        if status not in (HOME, OFFICE) or last is None or not unit.horizon.workdays:
            return None
        return status, last.isocalendar()[:2] == unit.horizon.workdays[0].isocalendar()[:2]

    def _instance(self, model: Model, i: int, k: int, kind: str, number: int) -> Instance:
        return Instance(
            rule=self.label,
            day=model.days[k],
            people=(model.people[i].id,),
            facts={"kind": kind, "number": number},
        )

    # Checking ---------------------------------------------------------------------------------------------------

    def check(self, cells: Cells) -> Iterator[Violation]:
        """Yield stints too long or too short, by walking along each person's days."""
        for person in cells.people:
            if not self.for_.takes(person):
                continue
            bound = self.office_bound(cells.unit, person)
            longest = cells.roster.attained.get(bound[0], bound[1]) if bound else None
            for day, kind, number, amount in self._found(cells, person, longest):
                instance = Instance(
                    rule=self.label, day=day, people=(person.id,), facts={"kind": kind, "number": number}
                )
                yield self.violation(
                    cells, self.sentence(cells.unit, instance), day=day, people=[person], amount=amount
                )

    def _found(self, cells: Cells, person: Person, longest: int | None) -> Iterator[Found]:
        statuses, choices = cells.statuses(person), self._choices(cells, person)
        at_home, at_office = ([status == wanted for status in statuses] for wanted in (HOME, OFFICE))
        if self.home == "week":
            before = self._week_before(cells.unit, person)
            yield from find_weeks(cells.days, at_home, choices, before, longest)
            return
        least, most = self.home
        days = cells.days
        cuts = [
            k for k in range(1, len(days)) if not self.across_weekends and (days[k] - days[k - 1]).days > 1
        ]
        for start, end in itertools.pairwise([0, *cuts, len(days)] if days else []):
            span = slice(start, end)
            goes_on = start == 0 and self._continues(cells.unit)
            walk = Walk(
                days[span],
                at_home[span],
                at_office[span],
                choices[span],
                *(cells.unit.last_stint(person) if goes_on else ("", 0)),
            )
            yield from walk.at_home_too_long(most)
            if least > 1:
                yield from walk.at_home_too_short(least)
            if self.office_least > 1:
                yield from walk.at_office_too_short(self.office_least)
            if longest is not None:
                yield from walk.at_office_too_long(longest)

    def _choices(self, cells: Cells, person: Person) -> list[bool]:
        """Return for each working day whether somebody had the choice between home and office for the person."""
        free = cells.remember("choosing", lambda: [choosing(cells, day) for day in cells.days])
        return [person.id in ids for ids in free]

    def measure(self, cells: Cells) -> Measure:
        """Return how many home stints inside the horizon have a length that is not preferred."""
        if self.prefer is None or self.home == "week":
            return Measure()
        cost, segments = 0, self._segments(cells.days)
        for person in cells.people:
            if self.for_.takes(person):
                homes = [status == HOME for status in cells.statuses(person)]
                for segment in segments:
                    marks = [homes[k] for k in segment]
                    cost += sum(
                        a > 0 and b < len(marks) and b - a != self.prefer and b - a <= self.home[1]
                        for a, b in runs(marks)
                    )
        return Measure(costs={"stints": cost})

    # Words ------------------------------------------------------------------------------------------------------

    def demand(self) -> Bilingual:
        """Return how long people are at home, and at the office."""
        if self.home == "week":
            return Bilingual(
                id="Satu pekan kerja penuh di rumah atau di kantor.",
                en="A whole working week at home or at the office.",
            )
        least, most = self.home
        days_id = f"{least} hari" if least == most else f"{least} sampai {most} hari"
        days_en = f"{least} to {most} working days" if least != most else _counted(most)
        id_ = {
            "even": "; di kantor selama bagiannya, sehingga benar-benar bergantian",
            "any": "; di kantor berapa pun lamanya",
        }.get(str(self.office), f"; di kantor paling lama {self.office} hari")
        en = {
            "even": "; at the office as long as their share asks, so that turns truly alternate",
            "any": "; at the office for any number",
        }.get(str(self.office), f"; at the office at most {self.office}")
        if self.office_least > 1:
            id_, en = f"{id_}, paling sedikit {self.office_least}", f"{en}, at least {self.office_least}"
        return Bilingual(
            id=f"Bekerja dari rumah {days_id} kerja berturut-turut{id_}.",
            en=f"At home for {days_en} in a row{en}.",
        )

    def sentence(self, unit: Unit, instance: Instance) -> Bilingual:
        """Return the bound on the person's stint."""
        names, number = unit.names(instance.people), instance.facts["number"]
        since = instance.day or unit.horizon.first
        id_day, en_day = format_date(since, "id"), format_date(since, "en")
        words = {
            "most": Bilingual(id=f"paling lama {number} hari berturut-turut di rumah", en=f"at most {number} days in a row at home"),
            "least": Bilingual(id=f"paling sedikit {number} hari berturut-turut di rumah", en=f"at least {number} days in a row at home"),
            "office": Bilingual(id=f"paling lama {number} giliran berturut-turut di kantor", en=f"at most {number} turns in a row at the office"),
            "office_least": Bilingual(id=f"paling sedikit {number} hari berturut-turut di kantor", en=f"at least {number} days in a row at the office"),
            "week": Bilingual(id="satu status sepekan penuh", en="one status for the whole week"),
        }[instance.facts["kind"]]  # fmt: skip
        return Bilingual(
            id=f"{self.label}, mulai {id_day}: {words.id} ({names}).",
            en=f"{self.label}, from {en_day}: {words.en} ({names}).",
        )

    def readings(self, unit: Unit) -> Iterator[Reading]:
        """Yield how long people wait at the office, and whether weekends cut a stint."""
        if self.office == "even":
            yield Reading(
                key=f"{self.label}.office",
                rule=self.label,
                text=Bilingual(
                    id=f"lama giliran di kantor dibatasi agar benar-benar bergantian; ubah dengan --set"
                    f" {self.label}.office=any.",
                    en=f"stints at the office are bounded so that turns truly alternate; change it by"
                    f" --set {self.label}.office=any.",
                ),
            )
        if self.home != "week":
            other = "false" if self.across_weekends else "true"
            yield Reading(
                key=f"{self.label}.across_weekends",
                rule=self.label,
                text=Bilingual(
                    id=f"akhir pekan dan hari libur {'tidak memutus' if self.across_weekends else 'memutus'}"
                    f" giliran; ubah dengan --set {self.label}.across_weekends={other}.",
                    en=f"weekends and holidays {'do not cut' if self.across_weekends else 'cut'} a stint;"
                    f" change it by --set {self.label}.across_weekends={other}.",
                ),
            )

    def attained_sentence(self, key: str, bound: int) -> Bilingual:
        """Return the reading for an "even" bound that had to be widened."""
        quota = key.partition(":")[2]
        return Bilingual(
            id=f"giliran di kantor untuk {quota} paling lama {bound} hari, batas terkecil yang dapat dicapai.",
            en=f"turns at the office for {quota} last at most {bound} days, the least bound attainable.",
        )

    def warnings(self, unit: Unit) -> Iterator[Bilingual]:
        """Yield a warning where a quota wants more than such turns can give."""
        if self.home == "week":
            return
        most = self.home[1]
        for rule in unit.rules:
            for person in unit.people:
                share = rule.share_of(person, unit.horizon.workdays[0]) if unit.horizon.workdays else None
                if share is not None and self.for_.takes(person) and share * (most + 1) > most:
                    yield Bilingual(
                        id=f"{rule.label}: {float(share):.0%} di rumah tidak terpenuhi dengan giliran paling lama {most} hari"
                        f" (paling tinggi {most}/{most + 1}); kekurangannya akan dilaporkan.",
                        en=f"{rule.label}: {float(share):.0%} at home cannot be met with turns of at most {most} days"
                        f" (at most {most}/{most + 1}); the shortfall will be reported.",
                    )
                    break
