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
import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from math import ceil
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, model_validator

from scheduler.constraints.base import HOME_ALLOWED, Example, Instance, Measure, Rule, Truth
from scheduler.constraints.daily import choosing
from scheduler.constraints.model import Model
from scheduler.constraints.stretches import Stretch
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


class Stint(Rule):
    """Turns of so many days."""

    scope = "row"
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
                self._build_weeks(model, i, longest)
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

    def _build_weeks(self, model: Model, i: int, longest: int | None) -> None:
        weeks: list[list[int]] = []
        for k, day in enumerate(model.days):
            if k and model.days[k - 1].isocalendar()[:2] == day.isocalendar()[:2]:
                weeks[-1].append(k)
            else:
                weeks.append([k])
        chosen: list[Truth | None] = []
        for week in weeks:
            free = [k for k in week if model.is_present(i, k) and not model.is_fixed(i, k)]
            chosen.append(model.home(i, free[0]) if free else None)
            for a, b in itertools.pairwise(free):
                first, second = model.home(i, a), model.home(i, b)
                instance = self._instance(model, i, a, "week", 1)
                model.clause([first, model.negate(second)], instance)
                model.clause([model.negate(first), second], instance)
        before = self._week_before(model.unit, model.people[i])
        if before is not None and chosen:
            status, same_week = before
            if same_week and chosen[0] is not None:
                goes_on = chosen[0] if status == HOME else model.negate(chosen[0])
                model.clause([goes_on], self._instance(model, i, 0, "week", 1))
            elif not same_week:
                chosen.insert(0, status == HOME)
                weeks.insert(0, [0])
        for w in range(len(chosen) - 1):
            if chosen[w] is not None and chosen[w + 1] is not None:
                pair = [model.negate(chosen[w]), model.negate(chosen[w + 1])]
                model.clause(pair, self._instance(model, i, weeks[w + 1][0], "most", 1))
        for w in range(len(chosen) - longest if longest is not None else 0):
            window = chosen[w : w + longest + 1] if longest is not None else []
            if all(truth is not None for truth in window):
                model.clause(window, self._instance(model, i, weeks[w + 1][0], "office", longest or 0))

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
            found = self._check_weeks(cells, person, longest) if self.home == "week" else self._check_days(cells, person, longest, *self.home)  # fmt: skip
            for day, kind, number, amount in found:
                instance = Instance(
                    rule=self.label, day=day, people=(person.id,), facts={"kind": kind, "number": number}
                )
                yield self.violation(
                    cells, self.sentence(cells.unit, instance), day=day, people=[person], amount=amount
                )

    def _check_days(
        self, cells: Cells, person: Person, longest: int | None, least: int, most: int
    ) -> Iterator[tuple[date, str, int, int]]:
        days = cells.days
        homes, choices = [status == HOME for status in cells.statuses(person)], self._choices(cells, person)
        status_before, length_before = cells.unit.last_stint(person)
        starts = [
            k
            for k in range(len(days))
            if k == 0 or (not self.across_weekends and (days[k] - days[k - 1]).days > 1)
        ]
        ends = [*starts[1:], len(days)] if starts else []
        for start, end in zip(starts, ends, strict=True):
            stretch = days[start:end]
            if start > 0 or not self._continues(cells.unit):
                status_before, length_before = "", 0
            at_home, free = homes[start:end], choices[start:end]
            for a, b in _runs(at_home):
                earlier = length_before if a == 0 and status_before == HOME else 0
                if earlier + b - a > most:
                    yield stretch[a], "most", most, min(b - a, earlier + b - a - most)
                left = status_before in (HOME, OFFICE) if a == 0 else free[a - 1]
                if earlier + b - a < least and left and b < len(stretch) and free[b]:
                    yield stretch[a], "least", least, 1
            if status_before == HOME and length_before < least and stretch and free[0] and not at_home[0]:
                yield stretch[0], "least", least, 1
            if self.office_least > 1:
                for day in self._too_short_at_office(
                    cells, person, stretch, free, (status_before, length_before)
                ):
                    yield day, "office_least", self.office_least, 1
            if longest is not None:
                waiting = [f and not h for f, h in zip(free, at_home, strict=True)]
                for a, b in _runs(waiting):
                    earlier = (
                        length_before
                        if a == 0 and status_before == OFFICE and length_before <= longest
                        else 0
                    )
                    if earlier + b - a > longest:
                        yield stretch[a], "office", longest, earlier + b - a - longest

    def _too_short_at_office(
        self,
        cells: Cells,
        person: Person,
        stretch: Sequence[date],
        free: Sequence[bool],
        before: tuple[str, int],
    ) -> Iterator[date]:
        """Yield the first day of each stint at the office that is too short, its neighbours being free."""
        status, length = before
        for a, b in _runs([cells.is_office(person, day) for day in stretch]):
            earlier = length if a == 0 and status == OFFICE else 0
            began = status in (HOME, OFFICE) if a == 0 else free[a - 1]
            if earlier + b - a < self.office_least and began and b < len(stretch) and free[b]:
                yield stretch[a]
        goes_on = bool(stretch) and (not free[0] or cells.is_office(person, stretch[0]))
        if stretch and status == OFFICE and length < self.office_least and not goes_on:
            yield stretch[0]

    def _check_weeks(
        self, cells: Cells, person: Person, longest: int | None
    ) -> Iterator[tuple[date, str, int, int]]:
        weeks: dict[tuple[int, int], list[date]] = {}
        for day, is_free in zip(cells.days, self._choices(cells, person), strict=True):
            year, week, _ = day.isocalendar()
            weeks.setdefault((year, week), [])
            if is_free:
                weeks[year, week].append(day)
        at_home: list[bool | None] = []
        firsts: list[date] = []
        for days in weeks.values():
            marks = [cells.is_home(person, day) for day in days]
            changes = sum(x != y for x, y in itertools.pairwise(marks))
            if changes:
                yield days[0], "week", 1, changes
            at_home.append(marks[0] if marks else None)
            firsts.append(days[0] if days else cells.days[0])
        before = self._week_before(cells.unit, person)
        if before is not None:
            status, same_week = before
            if same_week and at_home[0] is not None and at_home[0] != (status == HOME):
                yield firsts[0], "week", 1, 1
            elif not same_week:
                at_home, firsts = [status == HOME, *at_home], [firsts[0], *firsts]
        for w in range(1, len(at_home)):
            if at_home[w] and at_home[w - 1]:
                yield firsts[w], "most", 1, 1
        if longest is not None:
            for a, b in _runs([mark is False for mark in at_home]):
                if b - a > longest:
                    yield firsts[a], "office", longest, b - a - longest

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
                        for a, b in _runs(marks)
                    )
        return Measure(costs={"stints": cost})

    # Words ------------------------------------------------------------------------------------------------------

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
                text=Bilingual(
                    id=f"{self.label}: lama giliran di kantor dibatasi agar benar-benar bergantian; ubah dengan --set"
                    f" {self.label}.office=any.",
                    en=f"{self.label}: stints at the office are bounded so that turns truly alternate; change it by"
                    f" --set {self.label}.office=any.",
                ),
            )
        if self.home != "week":
            other = "false" if self.across_weekends else "true"
            yield Reading(
                key=f"{self.label}.across_weekends",
                text=Bilingual(
                    id=f"{self.label}: akhir pekan dan hari libur {'tidak memutus' if self.across_weekends else 'memutus'}"
                    f" giliran; ubah dengan --set {self.label}.across_weekends={other}.",
                    en=f"{self.label}: weekends and holidays {'do not cut' if self.across_weekends else 'cut'} a stint;"
                    f" change it by --set {self.label}.across_weekends={other}.",
                ),
            )

    def attained_sentence(self, key: str, bound: int) -> Bilingual:
        """Return the reading for an "even" bound that had to be widened."""
        quota = key.partition(":")[2]
        return Bilingual(
            id=f"{self.label}: giliran di kantor untuk {quota} paling lama {bound} hari, batas terkecil yang dapat dicapai.",
            en=f"{self.label}: turns at the office for {quota} last at most {bound} days, the least bound attainable.",
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


RUN = re.compile(b"\x01+")


def _runs(marks: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Yield (first, one past last) of each run of True."""
    return (found.span() for found in RUN.finditer(bytes(marks)))
