"""Each person is at the office on at least a share of the days of every week, month or horizon.

    [[rules.min_attendance]]
    share = "60%"
    per = "month"
    counting = ["travel"]          # official travel counts as attendance

The share is of the days on which the person works, rounded up: `base = "present"` (default) leaves absences out, so that
leave neither helps nor harms; those of a kind in `counting` are attended. `base = "working"` takes all working days of
the unit, so that an absence must be made up for, as far as the days present allow. Of a week or month that the period
cuts, the days inside count.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from math import ceil
from typing import ClassVar, Literal

from pydantic import Field

from scheduler.constraints.base import HOME_ALLOWED, Example, Instance, Rule
from scheduler.constraints.model import Model
from scheduler.constraints.shares import Share
from scheduler.language import Bilingual, format_date
from scheduler.problem import Reading, Unit
from scheduler.roster import Cells, Violation

Kind = Literal["leave", "travel", "sick", "isolation", "hospital", "permit", "study"]
PERIOD_WORDS = {
    "week": Bilingual(id="per pekan", en="a week"),
    "month": Bilingual(id="per bulan", en="a month"),
    "horizon": Bilingual(id="sepanjang periode", en="in the period"),
}


class MinAttendance(Rule):
    """Enough days at the office."""

    scope = "row"
    told: ClassVar[frozenset[str]] = frozenset(("share", "per"))
    title: ClassVar[Bilingual] = Bilingual(id="Kehadiran paling sedikit", en="Least attendance")
    summary: ClassVar[Bilingual] = Bilingual(
        id="Setiap orang di kantor paling sedikit sekian bagian dari harinya.",
        en="Everybody is at the office on at least a share of their days.",
    )
    kept: ClassVar[Example] = Example(settings={"share": "60%"}, grid=("OHOHO",), rules=(HOME_ALLOWED,))
    broken: ClassVar[Example] = Example(settings={"share": "60%"}, grid=("OHOHH",), rules=(HOME_ALLOWED,))

    share: Share = Field(description="the share of days at the office, as “60%”, “3/5” or 0.6")
    per: Literal["week", "month", "horizon"] = Field(
        default="week", description="of each calendar week, each calendar month, or the whole horizon"
    )
    counting: tuple[Kind, ...] = Field(
        default=(), description="kinds of absence that count as attendance, such as travel"
    )
    base: Literal["present", "working"] = Field(
        default="present",
        description="of which days the share is taken: those on which the person works, or all working days",
    )

    def build(self, model: Model) -> None:
        """Demand the days of every person and window."""
        windows: dict[object, list[int]] = {}
        for k, day in enumerate(model.days):
            if self.when.takes(day):
                key = {"week": day.isocalendar()[:2], "month": (day.year, day.month), "horizon": None}[
                    self.per
                ]
                windows.setdefault(key, []).append(k)
        for i, person in enumerate(model.people):
            if not self.for_.takes(person):
                continue
            for window in windows.values():
                present = [k for k in window if model.is_present(i, k)]
                kinds = [model.unit.absences.get((person.id, model.days[k])) for k in window]
                counted = sum(kind in self.counting for kind in kinds if kind is not None)
                base = len(present) + counted
                if self.base == "working":
                    base = sum(person.is_employed_on(model.days[k]) for k in window)
                need = min(len(present), ceil(self.share * base) - counted)
                instance = Instance(
                    rule=self.label, day=model.days[window[0]], people=(person.id,), facts={"need": need}
                )
                model.at_least([model.office(i, k) for k in present], need, instance)

    def check(self, cells: Cells) -> Iterator[Violation]:
        """Yield each person's windows with too few days at the office."""
        for person in cells.people:
            if not self.for_.takes(person):
                continue
            spent: dict[str, list[date]] = {}
            for day in cells.days:
                if self.when.takes(day) and person.is_employed_on(day):
                    name = {"week": f"{day:%G-%V}", "month": f"{day:%Y-%m}", "horizon": ""}[self.per]
                    spent.setdefault(name, []).append(day)
            for days in spent.values():
                away = [
                    cells.unit.absences[person.id, d] for d in days if (person.id, d) in cells.unit.absences
                ]
                attended_away = sum(kind in self.counting for kind in away)
                base = len(days) if self.base == "working" else len(days) - len(away) + attended_away
                wanted = -(-self.share.numerator * base // self.share.denominator) - attended_away
                wanted = min(wanted, len(days) - len(away))
                found = sum(cells.is_office(person, day) for day in days)
                if found < wanted:
                    instance = Instance(
                        rule=self.label, day=days[0], people=(person.id,), facts={"need": wanted}
                    )
                    yield self.violation(
                        cells,
                        self.sentence(cells.unit, instance),
                        day=days[0],
                        people=[person],
                        amount=wanted - found,
                        direction="under",
                    )

    def demand(self) -> Bilingual:
        """Return the share, and of what."""
        words, share = PERIOD_WORDS[self.per], f"{float(self.share * 100):.4g}%"
        return Bilingual(
            id=f"Setiap orang di kantor paling sedikit {share.replace('.', ',')} dari hari kerjanya, {words.id}.",
            en=f"Everybody is at the office on at least {share} of their days, {words.en}.",
        )

    def sentence(self, unit: Unit, instance: Instance) -> Bilingual:
        """Return how many days the person needs, and from when."""
        names, need, words = unit.names(instance.people), instance.facts["need"], PERIOD_WORDS[self.per]
        since, share = instance.day or unit.horizon.first, f"{float(self.share * 100):g}%"
        return Bilingual(
            id=f"{self.label}, mulai {format_date(since, 'id')}: {names} paling sedikit {need} hari di kantor ({share} {words.id}).",
            en=f"{self.label}, from {format_date(since, 'en')}: {names} at the office on at least {need} days ({share} {words.en}).",
        )

    def readings(self, unit: Unit) -> Iterator[Reading]:
        """Yield of which days the share is taken."""
        present = self.base == "present"
        yield Reading(
            key=f"{self.label}.base",
            rule=self.label,
            text=Bilingual(
                id=f"persentase dihitung dari {'hari kerja tanpa hari berhalangan' if present else 'semua hari kerja, termasuk hari berhalangan'}.",
                en=f"the share is taken of {'working days without absences' if present else 'all working days, absences included'}.",
            ),
        )
