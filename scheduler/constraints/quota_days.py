"""What became of a quota each day: the checking side of `home_quota`, from a roster's cells and the settings alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

from scheduler.constraints.daily import duties, settled_by
from scheduler.language import Bilingual
from scheduler.problem import Person
from scheduler.roster import HOME, OFFICE, Cells, QuotaDay

if TYPE_CHECKING:
    from scheduler.constraints.home_quota import HomeQuota


@dataclass(frozen=True, slots=True)
class QuotaDays:
    """One quota and the roster that it is looked for in."""

    quota: HomeQuota
    cells: Cells

    def groups(self) -> Mapping[date, list[Person]]:
        """Return the base of each day: members employed then whom no rule exempts."""
        return self.cells.remember(
            ("groups", self.quota.label), lambda: {day: self._group(day) for day in self.cells.days}
        )

    def found(self) -> tuple[list[QuotaDay], Fraction | None]:
        """Return each day's target and what became of it, and the remainder of a carried rounding."""
        return self.cells.remember(("quota days", self.quota.label), self._find)

    def called(self, day: date) -> int:
        """Return how many of those who could be at home hold a duty or are recalled."""
        return self._called(self._able(day), day)

    def _called(self, people: Sequence[Person], day: date) -> int:
        recalled = {who for (who, at), pin in self.cells.unit.pins.items() if at == day and pin.recall}
        return sum(
            person.id in recalled or bool(duties(self.cells, person, day))
            for person in people
            if person.id in recalled or self.cells.roles(person, day)
        )

    def _group(self, day: date) -> list[Person]:
        people = self.cells.people
        exempting = [
            rule
            for rule in self.cells.unit.rules
            if rule.exempts and rule.weight is None and rule.when.takes(day)
        ]
        return [
            person
            for person in map(people.__getitem__, self.quota.among(people, day))
            if person.is_employed_on(day) and not any(rule.for_.takes(person) for rule in exempting)
        ]

    def _able(self, day: date) -> list[Person]:
        """Return who could be at home but for roles, recalls and pins: present, kept at the office by no rule.

        Who is pinned at home is there whatever a rule says.
        """
        present = self.cells.present(day)
        able = [person for person in self.groups()[day] if person.id in present]
        for rule in self.cells.unit.rules:
            if rule.takes_out_of_turns and (settled := settled_by(self.cells, rule)[day]):
                able = [
                    p
                    for p in able
                    if p.id not in settled or rule.grants_home(p, day) or self._is_pinned_home(p, day)
                ]
        return able

    def _is_pinned_home(self, person: Person, day: date) -> bool:
        pin = self.cells.unit.pins.get((person.id, day))
        return pin is not None and pin.status == HOME

    def _find(self) -> tuple[list[QuotaDay], Fraction | None]:
        quota, unit = self.quota, self.cells.unit
        running, found = unit.remainder(quota.label, quota.share.denominator), []
        length, target, block = quota.common_length(unit), 0, None
        for number, day in enumerate(self.cells.days):
            if not self.groups()[day]:  # it asks for nothing
                found.append(self._quota_day(day, 0))
                continue
            this_block = day.isocalendar()[:2] if length == "week" else number // (length or 1)
            if this_block != block:
                wanted = quota.share * self._counted(day)
                before, running = running, running + wanted
                target, block = self._round(wanted, before, running), this_block
            found.append(self._quota_day(day, target))
        return found, running - floor(running) if quota.rounding == "carry" else None

    def _counted(self, day: date) -> int:
        group = self.groups()[day]
        if self.quota.base == "active":
            return len(group)
        present = self.cells.present(day)
        return sum(
            person.id in present and (self.quota.base != "able" or person.it_capable is not False)
            for person in group
        )

    def _round(self, wanted: Fraction, before: Fraction, after: Fraction) -> int:
        if self.quota.rounding == "carry":
            return floor(after) - floor(before)
        if self.quota.rounding == "nearest":
            return (2 * wanted.numerator + wanted.denominator) // (2 * wanted.denominator)
        down, rest = divmod(wanted.numerator, wanted.denominator)
        return down + (self.quota.rounding == "ceil" and rest > 0)

    def _quota_day(self, day: date, target: int) -> QuotaDay:
        group, at_home, present = self.groups()[day], self.cells.at_home(day), self.cells.present(day)
        home = sum(person.id in at_home for person in group)
        able = self._able(day)
        absent = sum(person.id not in present for person in group)
        excused = max(0, self._called(able, day) - (len(able) - min(target, len(able))))
        # Where the target is a demand nothing is left open: what falls short is called for by duties, or breaks the rule.
        shortfall = 0 if self.quota.mode in ("at_least", "exact") else max(0, target - home - excused)
        return QuotaDay(
            day=day,
            base=len(group),
            target=target,
            home=home,
            shortfall=shortfall,
            excused=excused,
            causes=self._causes(day, group, able, absent, shortfall) if shortfall else (),
        )

    def _causes(
        self, day: date, group: Sequence[Person], able: Sequence[Person], absent: int, shortfall: int
    ) -> tuple[Bilingual, ...]:
        """Return why places are empty: who cannot be at home at all, and how many more are not though they could."""
        pins = self.cells.unit.pins
        pinned = {p.id for p in group if (pin := pins.get((p.id, day))) is not None and pin.status == OFFICE}
        at_home = self.cells.at_home(day)
        kept = sum(not (p.id in pinned or p.id in at_home or duties(self.cells, p, day)) for p in able)
        found = [
            (absent, "berhalangan", "absent"),
            (
                len(group) - absent - len(able),
                "tidak mampu TI atau ditetapkan di kantor oleh aturan",
                "unable to use IT or kept at the office by a rule",
            ),
            (len(pinned), "ditetapkan di kantor", "pinned at the office"),
            (
                min(shortfall, kept),
                "bisa WFH tetapi tidak mendapat tempat (aturan lain, seperti batas orang di kantor atau giliran)",
                "able to, but given no place (further rules, such as floors on site or turns)",
            ),
        ]
        return tuple(Bilingual(id=f"{n} {id_}", en=f"{n} {en}") for n, id_, en in found if n)
