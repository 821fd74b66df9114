"""A share of a group works from home each working day: the members of one unit that `for` selects, pooled.

The base is everybody employed that day, those absent or unable to use IT included, less exempt people
(`base` = "present" or "able" are the alternatives). `rounding`:

* carry: the running target after day k is floor(Σ share × base + φ), a day's target its increase, so that the
  average over the periods is right; φ is what the last period left, or a hash of unit and rule in the first;
* floor, nearest (halves up), ceil: each day by itself.

`mode`: target (never above; shortfall is minimised first and reported by cause), at_most, at_least, exact.
Where all stints have one length or are whole weeks, the target is constant within each block and carry steps
by block: on the days on which the quota has people, by the base of the first of them. On other days it asks for nothing.
Who is pinned at home stands for one of those who can be there, whatever rule would keep them at the office. The quota gives way to a role or a recall that a person holds that day; where it is a demand (at_least, exact)
whoever is called so stands for one at home, and nothing is left open as a shortfall.

    [[rules.home_quota]]
    name = "pelaksana"
    for = { rank = "pelaksana" }
    share = "50%"
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property
from math import ceil, floor
from typing import ClassVar, Literal, cast

from pydantic import Field, PrivateAttr

from scheduler.balance import balance_sheet
from scheduler.constraints.base import Direction, Example, Instance, Measure, Rule, Truth, Turns
from scheduler.constraints.daily import settled_by
from scheduler.constraints.model import Model
from scheduler.constraints.quota_days import QuotaDays
from scheduler.constraints.shares import Share
from scheduler.language import Bilingual, format_date
from scheduler.problem import Person, Reading, Unit
from scheduler.roster import Cells, QuotaReport, Violation


class HomeQuota(Rule):
    """A share of a group at home each day."""

    scope = "unit"
    told: ClassVar[frozenset[str]] = frozenset(("share", "mode"))
    title: ClassVar[Bilingual] = Bilingual(id="Kuota WFH", en="Home quota")
    summary: ClassVar[Bilingual] = Bilingual(
        id="Bagian suatu kelompok yang bekerja dari rumah setiap hari.",
        en="The share of a group that works from home each day.",
    )
    kept: ClassVar[Example] = Example(settings={"share": "50%"}, people=({}, {}), grid=("HO", "OH"))
    broken: ClassVar[Example] = Example(settings={"share": "50%"}, people=({}, {}), grid=("HO", "HH"))

    share: Share = Field(description="the share at home, as “50%”, “1/3” or 0.5")
    rounding: Literal["carry", "floor", "nearest", "ceil"] = Field(
        default="carry", description="how a day's share becomes whole people"
    )
    mode: Literal["target", "at_most", "at_least", "exact"] = Field(
        default="target", description="whether the number may be missed, and to which side"
    )
    base: Literal["active", "present", "able"] = Field(
        default="active",
        description="of whom the share is taken: everybody employed, those present, those also able to use IT",
    )
    overrides: str = Field(
        default="", description="the name of the quota that this one replaces for whom both select"
    )

    _overriding: tuple[Rule, ...] = PrivateAttr(default=())

    def giving_way_to(self, others: Sequence[Rule]) -> Rule:
        """Return this quota without those whom `others`, which override it, select."""
        narrowed = self.model_copy()
        narrowed._overriding = tuple(others)
        narrowed.__dict__.pop("overriding", None)
        return narrowed

    @cached_property
    def overriding(self) -> tuple[Rule, ...]:
        """The quotas that override this one; a private attribute is slow to read, and this is asked by the thousand."""
        return self._overriding

    def selects(self, person: Person, day: date) -> bool:
        """Whether the quota is for this person on this day, and none that overrides it is."""
        if not super().selects(person, day):
            return False
        return not self.overriding or not any(rule.selects(person, day) for rule in self.overriding)

    def among(self, people: Sequence[Person], day: date) -> Sequence[int]:
        """Return the indices of those selected that day, without those whom an overriding quota selects."""
        found = super().among(people, day)
        if not self.overriding:
            return found
        return [i for i in found if not any(rule.selects(people[i], day) for rule in self.overriding)]

    def grants_home(self, person: Person, day: date) -> bool:
        """Whether the person is selected that day."""
        return self.selects(person, day)

    def granted(self, people: Sequence[Person], day: date) -> Sequence[int]:
        """Return the indices of those selected that day."""
        return self.among(people, day)

    def share_of(self, person: Person, day: date) -> Fraction | None:
        """The share, for those selected."""
        return self.share if self.selects(person, day) else None

    def common_length(self, unit: Unit) -> int | Literal["week"] | None:
        """Return the length of the group's stints where all have the same."""
        for person in unit.people:
            if self.for_.takes(person):
                return next((length for rule in unit.rules if (length := rule.block_length(person))), None)
        return None

    # Building -------------------------------------------------------------------------------------------------

    def build(self, model: Model) -> None:
        """Add the daily targets, the shortfall and the group's turns."""
        members = [self._members(model, k) for k in range(len(model.days))]
        targets = self._targets(model, members)
        eligible: list[list[int]] = []
        taken: dict[tuple[int, int], Truth] = {}
        for k, day in enumerate(model.days):
            group = members[k]
            present = [i for i in group if model.is_present(i, k)]
            homes = [model.home(i, k) for i in present]
            instance = Instance(
                rule=self.label,
                day=day,
                people=tuple(model.people[i].id for i in group),
                facts={"target": targets[k], "base": len(group)},
            )
            open_today = [i for i in present if not model.is_fixed_at_office_by_rule(i, k)]
            give_way = [truth for i in open_today for truth in model.calls(i, k)]
            if self.mode != "at_least":
                model.at_most(homes, targets[k], instance)
            if self.mode in ("at_least", "exact"):
                model.at_least([*homes, *give_way], targets[k], instance)
            else:
                model.add_shortfall(k, targets[k], homes, len(open_today), give_way)
            eligible.append([i for i in present if not model.is_out_of_turns(i, k)])
            taken.update({(i, k): model.home(i, k) for i in eligible[k]})
        model.add_turns(Turns(name=self.label, kind="home", eligible=eligible, taken=taken))

    def _members(self, model: Model, k: int) -> list[int]:
        day = model.days[k]
        return [
            i
            for i in self.among(model.people, day)
            if model.people[i].is_employed_on(day) and not model.is_exempt(i, k)
        ]

    def _targets(self, model: Model, members: Sequence[Sequence[int]]) -> list[int]:
        bases: list[int] = []
        first_of_block = self._block_starts(model, members)
        for k, group in enumerate(members):
            counted = group
            if self.base != "active":
                counted = [i for i in group if model.is_present(i, k)]
            if self.base == "able":
                counted = [i for i in counted if model.people[i].it_capable is not False]
            bases.append(len(counted))
        left = model.unit.remainder(self.label, self.share.denominator)
        targets: list[int] = []
        for k, base in enumerate(bases):
            wanted = self.share * base
            if not members[k]:
                targets.append(0)
            elif first_of_block[k] != k:
                targets.append(targets[first_of_block[k]])
            elif self.rounding == "carry":
                left += wanted
                targets.append(floor(left))
                left -= floor(left)
            else:
                rounded = {
                    "floor": floor(wanted),
                    "ceil": ceil(wanted),
                    "nearest": floor(wanted + Fraction(1, 2)),
                }
                targets.append(rounded[self.rounding])
        return targets

    def _block_starts(self, model: Model, members: Sequence[Sequence[int]]) -> list[int]:
        """Return for each day the first day of its block that has members: itself, where stints vary in length."""
        length = self.common_length(model.unit)
        starts: list[int] = []
        for k, day in enumerate(model.days):
            goes_on = (
                length == "week" and k and model.days[k - 1].isocalendar()[:2] == day.isocalendar()[:2]
            ) or (isinstance(length, int) and k % length)
            starts.append(starts[-1] if goes_on and members[starts[-1]] else k)
        return starts

    # Checking ---------------------------------------------------------------------------------------------------

    def check(self, cells: Cells) -> Iterator[Violation]:
        """Yield the days on which too many, or too few, are at home."""
        days = QuotaDays(self, cells)
        for found in days.found()[0]:
            amount, direction = 0, ""
            if found.home > found.target and self.mode != "at_least":
                amount, direction = found.home - found.target, "over"
            elif found.home < found.target and self.mode in ("at_least", "exact"):
                amount = max(0, found.target - found.home - days.called(found.day))
                direction = "under"
            if amount:
                yield self.violation(
                    cells,
                    Bilingual(
                        id=f"{self.label}, {format_date(found.day, 'id')}: {found.home} orang di rumah,"
                        f" sasaran {found.target}.",
                        en=f"{self.label}, {format_date(found.day, 'en')}: {found.home} at home, target {found.target}.",
                    ),
                    day=found.day,
                    people=[
                        person for person in days.groups()[found.day] if cells.is_home(person, found.day)
                    ],
                    amount=amount,
                    direction=cast(Direction, direction),
                )

    def measure(self, cells: Cells) -> Measure:
        """Return the quota's days with their shortfall, the balances, and the remainder to carry over."""
        quota_days = QuotaDays(self, cells)
        groups, (days, remainder) = quota_days.groups(), quota_days.found()
        eligible, takers = {}, {}
        out_of_turns = [settled_by(cells, rule) for rule in cells.unit.rules if rule.takes_out_of_turns]
        for day in cells.days:
            taking = cells.present(day).difference(*(settled[day] for settled in out_of_turns))
            eligible[day] = [person for person in groups[day] if person.id in taking]
            takers[day] = cells.at_home(day) & taking
        members = {person.id for group in groups.values() for person in group}
        report = QuotaReport(
            rule=self.label,
            people=tuple(person.id for person in cells.people if person.id in members),
            days=tuple(days),
            remainder=remainder,
        )
        sheet = balance_sheet(cells.unit, self.label, "home", eligible, takers)
        return Measure(quotas=(report,) if members else (), balances=(sheet,) if members else ())

    # Words ------------------------------------------------------------------------------------------------------

    def demand(self) -> Bilingual:
        """Return the share and whether it may be missed."""
        share = f"{float(self.share * 100):.4g}%"
        id_, en = {
            "target": ("", ""),
            "at_most": ("Paling banyak ", "At most "),
            "at_least": ("Paling sedikit ", "At least "),
            "exact": ("Tepat ", "Exactly "),
        }[self.mode]
        return Bilingual(
            id=f"{id_}{share.replace('.', ',')} bekerja dari rumah setiap hari kerja, selebihnya di kantor.",
            en=f"{en}{share} work from home each working day, the others at the office.",
        )

    def sentence(self, unit: Unit, instance: Instance) -> Bilingual:
        """Return the day's target and base."""
        target, base = instance.facts["target"], instance.facts["base"]
        share = f"{float(self.share * 100):g}%"
        words = {
            "at_least": Bilingual(id="paling sedikit", en="at least"),
            "exact": Bilingual(id="tepat", en="exactly"),
        }.get(self.mode, Bilingual(id="paling banyak", en="at most"))
        return Bilingual(
            id=f"{self.label}: {words.id} {target} dari {base} orang di rumah ({share}).",
            en=f"{self.label}: {words.en} {target} of {base} at home ({share}).",
        )

    def readings(self, unit: Unit) -> Iterator[Reading]:
        """Yield how shares are rounded and of whom they are taken."""
        rounding = {
            "carry": Bilingual(
                id="dibawa ke hari berikutnya (carry)",
                en="are carried to the next day (carry)",
            ),
            "floor": Bilingual(id="dibulatkan ke bawah (floor)", en="are rounded down (floor)"),
            "nearest": Bilingual(
                id="dibulatkan ke bilangan terdekat (nearest)", en="are rounded to the nearest (nearest)"
            ),
            "ceil": Bilingual(id="dibulatkan ke atas (ceil)", en="are rounded up (ceil)"),
        }[self.rounding]
        base = {
            "active": Bilingual(
                id="semua pegawai aktif, termasuk yang cuti", en="everybody employed, those on leave included"
            ),
            "present": Bilingual(id="yang hadir hari itu", en="those present that day"),
            "able": Bilingual(id="yang hadir dan mampu TI", en="those present and able to use IT"),
        }[self.base]
        yield Reading(
            key=f"{self.label}.rounding",
            rule=self.label,
            text=Bilingual(id=f"pecahan orang {rounding.id}.", en=f"fractions of a person {rounding.en}."),
        )
        yield Reading(
            key=f"{self.label}.base",
            rule=self.label,
            text=Bilingual(id=f"persentase dihitung dari {base.id}.", en=f"the share is taken of {base.en}."),
        )
