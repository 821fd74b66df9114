"""One member of staff of each office is its monitor: for the whole period, or by day in fair turns.

Candidates are those whom the staff list marks (column Pemantau), unless `for` selects others.

* `turns = "period"`: one candidate is the monitor on every day that he or she is present, at home or at the office
  alike. On days away another candidate, or one of `deputies`, is the deputy; where nobody of them is present a note
  names the day. Who is present on less than half as many days as the candidate most present is not made the monitor.
* `turns = "day"`: on each day one candidate who is present is the monitor, on site; home days give way to it.

Turns of both kinds have balances of their own (`monitor`, `deputy`), which the ledger carries on, so that the next
period's monitor is one who has had fewer turns. A role may be held beside a service post.

    [[rules.monitor]]
    turns = "period"
    deputies = { position = "Kasubag *" }
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from scheduler.balance import balance_sheet
from scheduler.constraints.base import Direction, Example, Instance, Measure, Rule, Turns
from scheduler.constraints.model import Model
from scheduler.constraints.selection import Selection
from scheduler.language import Bilingual, format_date
from scheduler.problem import Person, Reading, Unit
from scheduler.roster import BalanceSheet, Cells, Violation

MONITOR, DEPUTY = "monitor", "deputy"
TWO: tuple[dict[str, bool], ...] = ({"monitor": True}, {"monitor": True})


class Monitor(Rule):
    """Who watches over the office's duties that day."""

    scope = "unit"
    exclusive_roles = False
    told: ClassVar[frozenset[str]] = frozenset(("turns",))
    title: ClassVar[Bilingual] = Bilingual(id="Pemantau", en="Monitor")
    summary: ClassVar[Bilingual] = Bilingual(
        id="Satu pemantau setiap kantor, untuk seluruh periode atau bergiliran tiap hari.",
        en="One monitor for each office, for the whole period or by day in turns.",
    )
    kept: ClassVar[Example] = Example(
        settings={}, people=TWO, grid=("OO", "OO"), roles={(0, 0): MONITOR, (0, 1): MONITOR}
    )
    broken: ClassVar[Example] = Example(
        settings={}, people=TWO, grid=("OO", "OO"), roles={(0, 0): MONITOR, (1, 1): MONITOR}
    )

    turns: Literal["period", "day"] = Field(
        default="period", description="one monitor for the whole period, or one a day, on site, in turn"
    )
    deputies: Selection | None = Field(
        default=None, description="who else may be deputy where the monitor is away; by day there are none"
    )

    @property
    def roles_on_site(self) -> bool:
        """By day the monitor is on site; for the period wherever he or she works."""
        return self.turns == "day"

    def role_names(self, person: Person, day: date) -> tuple[str, ...]:
        """Both roles, for those who may hold them."""
        may = self.is_candidate(person, day) or self.is_deputy(person, day)
        return (MONITOR, DEPUTY) if may else ()

    def is_candidate(self, person: Person, day: date) -> bool:
        """Whether the person may be the monitor, as the list or `for` has it."""
        return self._is_listed(person) and self.selects(person, day)

    def _is_listed(self, person: Person) -> bool:
        """Whether the list marks the person, or `for` selects candidates in its stead."""
        return person.monitor is True or not self.for_.is_everybody

    def is_deputy(self, person: Person, day: date) -> bool:
        """Whether the person may be the deputy: a candidate, or one of `deputies`."""
        if self.is_candidate(person, day):
            return True
        return self.when.takes(day) and self.deputies is not None and self.deputies.takes(person)

    # Building -------------------------------------------------------------------------------------------------

    def offers_roles(self, unit: Unit) -> Iterator[tuple[int, int, str]]:
        """Offer the role to each candidate present, and the deputy's on days on which a candidate is away."""
        people, eligible = unit.people, self._eligible(unit)
        for k, day in enumerate(unit.horizon.workdays):
            here = [i for i in eligible if unit.is_present(people[i], day)]
            monitors = set(here if self.when.takes(day) else ())
            deputies: set[int] = set()
            if self.turns == "period" and len(here) < len(eligible):
                deputies.update(
                    i for i, p in enumerate(people) if self.is_deputy(p, day) and unit.is_present(p, day)
                )
            for i in sorted(monitors | deputies):
                if i in monitors:
                    yield i, k, MONITOR
                if i in deputies:
                    yield i, k, DEPUTY

    def _eligible(self, unit: Unit) -> Sequence[int]:
        """Return the candidates present often enough to be the monitor."""
        days = [day for day in unit.horizon.workdays if self.when.takes(day)]
        present = {
            i: sum(unit.is_present(unit.people[i], day) for day in days)
            for i in self.for_.among(unit.people)
            if self._is_listed(unit.people[i])
        }
        most = max(present.values(), default=0)
        least = 1 if self.turns == "day" else (most + 1) // 2
        return [i for i, number in present.items() if number >= max(1, least)]

    def build(self, model: Model) -> None:
        """Demand one holder a day, and for the period the same one."""
        offered: dict[str, list[list[int]]] = {name: [[] for _ in model.days] for name in (MONITOR, DEPUTY)}
        for i, k, name in self.offers_roles(model.unit):
            offered[name][k].append(i)
        for k, day in enumerate(model.days):
            holders = [(i, name) for name in (MONITOR, DEPUTY) for i in offered[name][k]]
            if holders:
                instance = self._instance(model, day, sorted({i for i, _ in holders}), "one")
                truths = [model.role(i, k, name) for i, name in holders]
                model.at_least(truths, 1, instance)
                model.at_most(truths, 1, instance)
        if self.turns == "period":
            self._build_period(model, offered[MONITOR])
        for name in (MONITOR, DEPUTY):
            eligible = offered[name]
            taken = {(i, k): model.role(i, k, name) for k, people in enumerate(eligible) for i in people}
            alone = [name == MONITOR and bool(people) and not offered[DEPUTY][k] for k, people in enumerate(eligible)]  # fmt: skip
            hard = self.weight is None and self.weight_under is None and self.weight_over is None
            numbers = [1 if hard and only else None for only in alone]
            if taken:
                model.add_turns(
                    Turns(name=name, kind="role", eligible=eligible, taken=taken, numbers=numbers)
                )

    def _build_period(self, model: Model, eligible: Sequence[Sequence[int]]) -> None:
        """One candidate holds the role on all of his days, the others on none of theirs."""
        days_of: dict[int, list[int]] = {}
        for k, people in enumerate(eligible):
            for i in people:
                days_of.setdefault(i, []).append(k)
        for i, days in days_of.items():
            for a, b in itertools.pairwise(days):
                first, second = model.role(i, a, MONITOR), model.role(i, b, MONITOR)
                instance = self._instance(model, model.days[b], [i], "same")
                model.clause([first, model.negate(second)], instance)
                model.clause([model.negate(first), second], instance)
        if days_of:
            chosen = [model.role(i, days[0], MONITOR) for i, days in sorted(days_of.items())]
            instance = self._instance(model, None, sorted(days_of), "period")
            model.at_least(chosen, 1, instance)
            model.at_most(chosen, 1, instance)

    def _instance(self, model: Model, day: date | None, people: Sequence[int], kind: str) -> Instance:
        ids = tuple(model.people[i].id for i in people)
        return Instance(rule=self.label, day=day, people=ids, facts={"kind": kind})

    # Checking ---------------------------------------------------------------------------------------------------

    def check(self, cells: Cells) -> Iterator[Violation]:
        """Yield days without a monitor or with several, and for the period a monitor who changes."""
        monitors, deputies = self._who_may(cells.unit)
        for day in cells.days:
            if not monitors[day] and not deputies[day]:
                continue
            held = [p for p in cells.people for name in cells.roles(p, day) if name in (MONITOR, DEPUTY)]
            if len(held) != 1:
                yield self._found(cells, day, monitors[day] + deputies[day], "one", len(held))
        if self.turns == "day":
            return
        chosen, everybody = 0, []
        for person in cells.people:
            days = [day for day in cells.days if person in monitors[day]]
            marks = [MONITOR in cells.roles(person, day) for day in days]
            for before, after, day in zip(marks, marks[1:], days[1:], strict=False):
                if before != after:
                    yield self._found(cells, day, [person], "same", None)
            if days:
                everybody.append(person)
                chosen += marks[0]
        if everybody and chosen != 1:
            yield self._found(cells, None, everybody, "period", chosen)

    def _who_may(self, unit: Unit) -> tuple[dict[date, list[Person]], dict[date, list[Person]]]:
        """Return who may be monitor and who deputy on each day, all of them present."""
        days = unit.horizon.workdays
        held = [day for day in days if self.when.takes(day)]
        attended = {
            person.id: len([day for day in held if unit.is_present(person, day)])
            if self._is_listed(person) and self.for_.takes(person)
            else 0
            for person in unit.people
        }
        top = max(attended.values(), default=0)
        monitors: dict[date, list[Person]] = {}
        deputies: dict[date, list[Person]] = {}
        regular = [
            p for p in unit.people if attended[p.id] and (self.turns == "day" or 2 * attended[p.id] >= top)
        ]
        for day in days:
            here = [p for p in regular if unit.is_present(p, day)]
            monitors[day] = here if self.when.takes(day) else []
            deputies[day] = []
            if self.turns == "period" and len(here) < len(regular):
                deputies[day] = [p for p in unit.people if self.is_deputy(p, day) and unit.is_present(p, day)]
        return monitors, deputies

    def _found(
        self, cells: Cells, day: date | None, people: Sequence[Person], kind: str, number: int | None
    ) -> Violation:
        ids = tuple(dict.fromkeys(person.id for person in people))
        instance = Instance(rule=self.label, day=day, people=ids, facts={"kind": kind})
        sentence = self.sentence(cells.unit, instance)
        if number is not None:
            sentence = Bilingual(
                id=f"{sentence.id} Ditemukan {number}.", en=f"{sentence.en} There are {number}."
            )
        direction: Direction = "" if number is None else "under" if number < 1 else "over"
        return Violation(
            rule=self.label,
            unit=cells.unit.name,
            sentence=sentence,
            day=day,
            people=ids,
            amount=1 if number is None else abs(number - 1),
            weight=self.weight_for(direction),
        )

    def measure(self, cells: Cells) -> Measure:
        """Return the balances of both roles, and a note for each day on which nobody could be either."""
        monitors, deputies = self._who_may(cells.unit)
        if not any(monitors.values()):
            return Measure()
        sheets: list[BalanceSheet] = []
        for name, eligible in ((MONITOR, monitors), (DEPUTY, deputies)):
            takers = {
                day: frozenset(p.id for p in people if name in cells.roles(p, day))
                for day, people in eligible.items()
            }
            if any(eligible.values()):
                sheets.append(balance_sheet(cells.unit, name, "role", eligible, takers))
        notes = tuple(
            Bilingual(
                id=f"{format_date(day, 'id', weekday=True)}: tidak ada pemantau atau wakilnya yang hadir.",
                en=f"{format_date(day, 'en', weekday=True)}: neither a monitor nor a deputy is present.",
            )
            for day in cells.days
            if self.when.takes(day) and not monitors[day] and not deputies[day]
        )
        return Measure(balances=tuple(sheets), notes=notes)

    # Words ------------------------------------------------------------------------------------------------------

    def demand(self) -> Bilingual:
        """Return how long somebody is the monitor."""
        if self.turns == "period":
            return Bilingual(
                id="Satu pemantau setiap kantor untuk seluruh periode.",
                en="One monitor for each office for the whole period.",
            )
        return Bilingual(
            id="Satu pemantau setiap kantor, di kantor, bergiliran tiap hari dengan adil.",
            en="One monitor for each office, on site, a day each in fair turns.",
        )

    def sentence(self, unit: Unit, instance: Instance) -> Bilingual:
        """Return what is demanded of the monitor."""
        names = unit.names(instance.people)
        on = f", {format_date(instance.day, 'id')}" if instance.day else ""
        on_en = f", {format_date(instance.day, 'en')}" if instance.day else ""
        words = {
            "one": Bilingual(id=f"tepat satu pemantau atau wakil dari {names}.", en=f"exactly one monitor or deputy of {names}."),
            "same": Bilingual(id=f"pemantau tetap sama sepanjang periode ({names}).", en=f"the monitor stays the same for the period ({names})."),
            "period": Bilingual(id=f"tepat satu pemantau untuk periode ini dari {names}.", en=f"exactly one monitor for the period of {names}."),
        }[instance.facts["kind"]]  # fmt: skip
        return Bilingual(id=f"{self.label}{on}: {words.id}", en=f"{self.label}{on_en}: {words.en}")

    def readings(self, unit: Unit) -> Iterator[Reading]:
        """Yield whether the monitor is one for the period or one a day."""
        period = self.turns == "period"
        yield Reading(
            key=f"{self.label}.turns",
            rule=self.label,
            text=Bilingual(
                id=f"{'satu orang untuk seluruh periode, dengan wakil bila berhalangan' if period else 'bergiliran tiap hari, di kantor'}.",
                en=f"{'one person for the whole period, with a deputy on days away' if period else 'one a day in turn, on site'}.",
            ),
        )

    def warnings(self, unit: Unit) -> Iterator[Bilingual]:
        """Yield a warning where the unit has nobody to be the monitor."""
        if not any(self.is_candidate(person, day) for person in unit.people for day in unit.horizon.workdays):
            yield Bilingual(
                id=f"{unit.name}: tidak ada calon pemantau; tandai di daftar pegawai atau pilih dengan “for”.",
                en=f"{unit.name}: nobody can be the monitor; mark somebody in the staff list or select with “for”.",
            )
