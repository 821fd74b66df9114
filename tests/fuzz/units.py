"""Random small units over every rule: odd weeks, absences, pins, ledgers, wishes, soft weights, people who come and go."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from pydantic import ValidationError

from scheduler.constraints.base import Rule
from scheduler.constraints.leaders import mark_people
from scheduler.problem import ABSENCE_KINDS, Horizon, Ledger, LedgerEntry, Person, Pin, Preference, Unit
from scheduler.read.policy import override
from scheduler.roster import HOME, OFFICE
from tests.constraints.problems import make_rule

Settings = dict[str, Any]
WEEKS = ((0, 1, 2, 3, 4), (0, 1, 2, 3, 4), (0, 1, 2, 3, 4, 5), (0, 1, 2, 3, 4, 5, 6), (0, 2, 4), (5, 6))
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat")
NAME = "Kantor"


def random_unit(seed: int, people: tuple[int, int] = (2, 4), most_days: int = 5) -> Unit:
    """Return the unit of a seed, drawn again while the settings drawn are refused."""
    return _drawn(_Drawing, seed, people, most_days)


def odd_unit(seed: int, people: tuple[int, int] = (2, 3), most_days: int = 4) -> Unit:
    """Return the unit of a seed whose rules have rarer settings, and more of them."""
    return _drawn(_OddDrawing, seed, people, most_days)


def drawn(seed: int, people: tuple[int, int], most_days: int) -> Unit:
    """Return the unit of a seed: of one drawing or another, by the seed's last digit."""
    draw = rare_unit if seed % 10 in (6, 8, 9) else odd_unit if seed % 2 else random_unit
    return draw(seed, people, most_days)


def _drawn(kind: type[_Drawing], seed: int, people: tuple[int, int], most_days: int) -> Unit:
    draw = random.Random(seed)
    while True:
        try:
            return kind(draw, draw.randint(*people), most_days).unit()
        except ValidationError:
            continue


class _Drawing:
    """One unit being drawn."""

    def __init__(self, draw: random.Random, people: int, most_days: int) -> None:
        self.draw = draw
        self.ids = [f"p{i}" for i in range(people)]
        self.posts = draw.choice([(), (), ("Loket",), ("Loket", "Arsip")])
        self.horizon = self._horizon(most_days)

    def maybe(self, chance: float) -> bool:
        return self.draw.random() < chance

    def unit(self) -> Unit:
        rules = [*self._quotas(), *self._stints(), *self._posts(), *self._others()]
        self.draw.shuffle(rules)
        rules = list(override(rules))
        keys = {rule.key for rule in rules}
        worked, span = self.horizon.workdays, self.horizon.days
        staff = mark_people(tuple(self._person(i) for i in self.ids), rules)
        staff = tuple(p for p in staff if any(p.is_employed_on(day) for day in span)) or staff[:1]
        cells = [(p, day) for p in staff for day in worked if p.is_employed_on(day)]
        absent, pinned = self.draw.choice([0, 0.05, 0.12, 0.25]), self.draw.choice([0, 0, 0.03, 0.08])
        absences = {(p.id, day): self.draw.choice(ABSENCE_KINDS) for p, day in cells if self.maybe(absent)}
        pins = {(p.id, day): self._pin() for p, day in cells if self.maybe(pinned)}
        for rule in rules:
            for p, day in cells:
                if kind := rule.absence_of(p, day):
                    absences[p.id, day] = kind
                if pin := rule.pin_of(p, day):
                    pins[p.id, day] = pin
        ledger = self._ledger(staff, rules) if self.maybe(0.5) else Ledger()
        return Unit(
            name=NAME, people=staff, horizon=self.horizon, absences=absences,
            rules=(*rules, *(make_rule(key) for key in ("absence", "pin") if key not in keys)),
            pins={key: pin for key, pin in pins.items() if key not in absences},
            preferences=tuple(self._wish(staff) for _ in range(self.draw.choice([0, 0, 1, 3]))),
            ledger=ledger, adjoins=ledger.last_day is not None,
        )  # fmt: skip

    def _horizon(self, most: int) -> Horizon:
        day = date(2021, 8, 2) + timedelta(days=self.draw.randint(0, 40))
        number, week = self.draw.randint(3, most), self.draw.choice(WEEKS)
        days, worked = [], []
        while len(worked) < number:
            days.append(day)
            if day.weekday() in week and not self.maybe(0.08):
                worked.append(day)
            day += timedelta(days=1)
        return Horizon(days=tuple(days), workdays=tuple(worked))

    # People -----------------------------------------------------------------------------------------------------

    def _person(self, who: str) -> Person:
        draw = self.draw
        return Person(
            id=who, name=f"Pegawai {who}", unit=NAME,
            rank=draw.choice(["pelaksana", "pelaksana", "pengawas", "fungsional"]),
            sub_unit=draw.choice(["", "Bidang A", "Bidang B"]),
            tags=tuple(tag for tag in ("A", "B", "x 1", "x 2") if self.maybe(0.35)),
            it_capable=draw.choice([True, True, False, None]), monitor=draw.choice([True, False, None]),
            service_posts=tuple(post for post in self.posts if self.maybe(0.6)),
            joins=draw.choice(self.horizon.days) if self.maybe(0.06) else None,
            leaves=self.horizon.last if self.maybe(0.06) else None,
        )  # fmt: skip

    def _pin(self) -> Pin:
        is_recall = self.maybe(0.3)
        return Pin(status="office" if is_recall else self.draw.choice(["home", "office"]), recall=is_recall)

    def _wish(self, staff: tuple[Person, ...]) -> Preference:
        draw = self.draw
        day = draw.choice(self.horizon.workdays) if self.maybe(0.7) else None
        return Preference(
            person_id=draw.choice(staff).id, status=draw.choice(["home", "office"]), weight=draw.randint(1, 3),
            day=day, weekday=draw.randint(0, 4) if day is None else None,
        )  # fmt: skip

    def _ledger(self, staff: tuple[Person, ...], rules: list[Rule]) -> Ledger:
        draw, entries = self.draw, {}
        for p in staff:
            last = draw.choice([HOME, OFFICE, OFFICE, "leave", ""])
            entries[p.id] = LedgerEntry(
                person_id=p.id, unit=draw.choice([NAME] * 9 + ["Lain"]), rank=draw.choice([p.rank] * 9 + ["jpt"]),
                balance=draw.randint(-1500, 1500), monday_friday_balance=draw.randint(-900, 900),
                role_balances={role: draw.randint(-1200, 1200) for role in ("Loket", "Arsip", "monitor", "deputy")},
                last_status=last, last_stint=draw.randint(1, 4) if last else 0,
            )  # fmt: skip
        left = {
            (NAME, rule.label): Fraction(draw.randint(0, 5), 6) for rule in rules if rule.key == "home_quota"
        }
        last_day = self.horizon.workdays[0] - timedelta(days=draw.randint(1, 4)) if self.maybe(0.7) else None
        return Ledger(last_day=last_day, entries=entries, remainders=left)

    # Rules ------------------------------------------------------------------------------------------------------

    def _some(self) -> Settings:
        """A selection of people."""
        draw, chance = self.draw, self.draw.random()
        if chance < 0.5:
            return {}
        return {
            "for": draw.choice([
                {"person": draw.sample(self.ids, draw.randint(1, len(self.ids)))}, {"rank": "pelaksana"},
                {"sub_unit": "Bidang A"}, {"tag": "x *"}, {"not": {"person": self.ids[:1]}},
            ])
        }  # fmt: skip

    def _few(self) -> Settings:
        return self._some() or {"for": {"person": self.ids[:1]}}

    def _when(self) -> Settings:
        chance = self.draw.random()
        if chance < 0.75:
            return {}
        if chance < 0.9:
            return {"when": {"weekdays": self.draw.sample(DAYS, 3)}}
        first, last = sorted(self.draw.choices(self.horizon.days, k=2))
        return {"when": {"from": first, "to": last}}

    def _soft(self, chance: float = 0.4) -> Settings:
        return {"weight": self.draw.randint(1, 4)} if self.maybe(chance) else {}

    def _quotas(self) -> list[Rule]:
        def quota(**more: Any) -> Rule:
            return make_rule(
                "home_quota", share=draw.choice(["50%", "50%", "1/3", "2/3", "24%", "75%", "100%"]),
                rounding=draw.choice(["carry", "carry", "nearest", "ceil", "floor"]),
                mode=draw.choice(["target"] * 5 + ["at_most", "at_least", "exact"]),
                base=draw.choice(["active", "active", "present", "able"]), **more,
            )  # fmt: skip

        draw, chance = self.draw, self.draw.random()
        if chance < 0.6:
            return [quota()]
        if chance < 0.7:
            ranks = {"rank": "pelaksana"}
            return [quota(name="a", **{"for": ranks}), quota(name="b", **{"for": {"not": ranks}})]
        if chance < 0.8:
            return [quota(name="semua"), quota(name="khusus", overrides="semua", **self._few())]
        return [quota(**self._some(), **self._when())] if chance < 0.9 else []

    def _stints(self) -> list[Rule]:
        draw = self.draw
        if not self.maybe(0.7):
            return []
        home = draw.choice([[1, 2], [1, 2], 1, [2, 2], [1, 3], [2, 3], "week"])
        more = {"prefer": draw.randint(1, 3)} if self.maybe(0.35) else {}
        least = {"office_least": draw.randint(1, 2)} if self.maybe(0.25) and home != "week" else {}
        office = draw.choice(["even", "even", "any", 2, 3, 4])
        across = self.maybe(0.65)
        return [make_rule("stint", home=home, office=office, across_weekends=across, **more, **least)]

    def _posts(self) -> list[Rule]:
        number = self.draw.choice([1, 1, 2])
        return [
            make_rule("service_post", name=post, at_least=number, **self._when(), **self._soft(0.3))
            for post in self.posts
        ]

    def _others(self) -> list[Rule]:
        chosen = self.draw.sample(sorted(OTHERS), self.draw.choice([0, 1, 1, 2, 3]))
        return [OTHERS[key](self) for key in chosen]


def _plain(key: str, *choices: Mapping[str, Any], soft: float = 0.4) -> Callable[[_Drawing], Rule]:
    """A rule with one of these settings, for some people, on some days, sometimes as a wish."""
    return lambda d: make_rule(key, **d.draw.choice(choices), **d._some(), **d._when(), **d._soft(soft))


OTHERS: Mapping[str, Callable[[_Drawing], Rule]] = {
    "always_office": lambda d: make_rule("always_office", **d._few(), **d._when()),
    "always_home": lambda d: make_rule("always_home", **d._few(), **d._when(), **d._soft()),
    "it_capable": lambda d: make_rule("it_capable", **d._some()),
    "weekday": _plain("weekday", {"weekday": ["mon"], "status": "home"}, {"weekday": ["wed", "fri"], "status": "office"}),
    "home_count": _plain(
        "home_count", {"at_most": 2}, {"at_least": 1, "at_most": 2, "partial": "whole"}, {"at_least": 1, "per": "horizon"}
    ),
    "weekends": lambda d: make_rule("weekends", **d.draw.choice([{"at_most": 1}, {"complete": True}]), **d._soft()),
    "min_on_site": _plain("min_on_site", {"at_least": 1}, {"at_least": 2, "per": "sub_unit"}, {"at_least": 2, "strict": True}),
    "min_attendance": _plain("min_attendance", {"share": "1/3"}, {"share": "60%", "per": "horizon", "base": "working"}),
    "capacity": _plain("capacity", {"at_most": 2}, {"at_most": 1, "per": "sub_unit"}, {"at_most": 3}),
    "together": _plain("together", {"days": 1, "share": "50%"}, {"weekday": ["tue"]}, {"days": 1, "per": "tag:x *"}),
    "apart": _plain("apart", {}, {"at_most_away": 2, "counting": "home"}, {"at_least_on_site": 1, "per": "sub_unit"}),
    "cohort": _plain("cohort", {"groups": 2, "every": "day"}, {"groups": [{"tag": "A"}, {"tag": "B"}]}, {"groups": 3, "every": 2}),
    "start_slot": lambda d: make_rule(
        "start_slot", slots=["08:00", "09:00"], turns=d.draw.choice(["day", "week", "fixed"]), **d._some()
    ),
    "preference": lambda d: make_rule("preference", status=d.draw.choice([HOME, OFFICE]), **d._some(), **d._when()),
    "monitor": lambda d: make_rule("monitor", turns=d.draw.choice(["period", "day"])),
}  # fmt: skip


ODD: Mapping[str, Callable[[_Drawing], Rule]] = {
    **OTHERS,
    "always_office": lambda d: make_rule("always_office", **d._some(), **d._when(), **d._soft()),
    "always_home": lambda d: make_rule("always_home", **d._some(), **d._when(), **d._soft()),
    "it_capable": lambda d: make_rule("it_capable", **d._some(), **d._when(), **d._soft()),
    "absence": lambda d: make_rule("absence", kind=d.draw.choice(ABSENCE_KINDS), **d._few(), **(d._when() or {"when": {"weekdays": ["wed"]}})),
    "pin": lambda d: make_rule("pin", status=d.draw.choice([HOME, OFFICE]), **d._few(), **(d._when() or {"when": {"weekdays": ["thu"]}})),
    "home_count": _plain(
        "home_count", {"at_most": 1, "per": "month"}, {"at_least": 2, "at_most": 3}, {"at_least": 1, "per": "month", "partial": "whole"},
        {"at_most": 0}, {"at_least": 2, "per": "horizon", "weight_under": 3}, {"at_least": 1, "at_most": 1, "weight_over": 2},
    ),
    "weekday": _plain(
        "weekday", {"weekday": ["mon", "tue"], "status": "home"}, {"weekday": ["thu", "sat", "sun"], "status": "home"},
        {"weekday": ["tue", "fri"], "status": "office"},
    ),
    "weekends": _plain("weekends", {"at_most": 0}, {"at_most": 1, "complete": True}, {"complete": True}),
    "min_on_site": _plain("min_on_site", {"at_least": 1, "strict": True}, {"at_least": 1, "per": "sub_unit"}, {"at_least": 2, "weight_under": 5}),
    "min_attendance": _plain(
        "min_attendance", {"share": "50%", "counting": ["travel", "study"]}, {"share": "80%", "per": "month"},
        {"share": "3/5", "base": "working", "counting": ["leave"]}, {"share": "100%", "per": "week"},
    ),
    "capacity": _plain("capacity", {"at_most": 1, "per": "tag:x *"}, {"at_most": 0, "warn": True}, {"at_most": 1, "weight_over": 2}),
    "together": _plain(
        "together", {"days": 2, "share": "100%"}, {"weekday": ["mon", "thu"], "share": "2/3"}, {"days": 1, "per": "sub_unit"}, {"days": 3}
    ),
    "apart": _plain(
        "apart", {"at_most_away": 0}, {"at_most_away": 1, "per": "tag:*"}, {"at_least_on_site": 2}, {"at_most_away": 0, "counting": "home"}
    ),
    "cohort": _plain(
        "cohort", {"groups": 2, "every": "week"}, {"groups": 2, "every": "day", "starts": date(2021, 8, 4)},
        {"groups": [{"tag": "A"}, {"rank": "pelaksana"}], "every": 2, "starts": date(2021, 8, 3), "workdays": "mon-sat"},
    ),
    "start_slot": lambda d: make_rule(
        "start_slot", slots=d.draw.choice([["08:00", "09:00"], ["08:00", "08:30", "09:00"]]), turns=d.draw.choice(["day", "day", "month", "week"]),
        **d.draw.choice([{}, {"at_most": 1}, {"at_most": 2}]), **d._some(), **d._when(), **d._soft(0.25),
    ),
    "preference": lambda d: make_rule("preference", status=d.draw.choice([HOME, OFFICE]), weight=d.draw.randint(1, 3), **d._some(), **d._when()),
    "monitor": lambda d: make_rule(
        "monitor", turns=d.draw.choice(["period", "day"]), **d.draw.choice([{}, {"deputies": {"rank": "pelaksana"}}]), **d._some(), **d._when(),
        **d._soft(0.2),
    ),
}  # fmt: skip
"""The same rules with settings that are seldom written."""


class _OddDrawing(_Drawing):
    """One unit of many odd rules being drawn."""

    def _others(self) -> list[Rule]:
        return [ODD[key](self) for key in self.draw.sample(sorted(ODD), self.draw.choice([1, 2, 3, 4]))]

    def _stints(self) -> list[Rule]:
        if self.maybe(0.75):
            return super()._stints()
        few = self._few()
        first = make_rule("stint", name="a", home=self.draw.choice([1, [1, 2], "week"]), **few)
        return [first, make_rule("stint", name="b", home=[1, 2], **{"for": {"not": few["for"]}})]


def rare_unit(seed: int, people: tuple[int, int] = (2, 3), most_days: int = 4) -> Unit:
    """Return the unit of a seed with what the others never have: posts of nobody, quotas side by side, days off, gaps."""
    return _drawn(_RareDrawing, seed, people, most_days)


def _soft_to_a_side(d: _Drawing) -> Settings:
    return d.draw.choice(
        [{}, {"weight_under": d.draw.randint(1, 4)}, {"weight_over": d.draw.randint(1, 4)}, {"weight": 0}]
    )


def _whom(d: _Drawing) -> Settings:
    """A selection of selections."""
    one, other = {"person": d.ids[:1]}, {"rank": "pelaksana"}
    return d.draw.choice([
        {}, {}, {"for": {"any": [one, other]}}, {"for": {"not": {"any": [one, {"sub_unit": "Bidang B"}]}}},
        {"for": {"service_post": "Loket"}}, {"for": {"person": ["p1", "p2"], "tag": "*"}}, {"for": {"tag": "nobody"}},
    ])  # fmt: skip


RARE: Mapping[str, Callable[[_Drawing], Rule]] = {
    "home_count": lambda d: make_rule(
        "home_count", per=d.draw.choice(["week", "month", "horizon"]), at_least=d.draw.randint(0, 2), at_most=d.draw.choice([2, 3]),
        partial=d.draw.choice(["share", "whole"]), **_whom(d), **d._when(), **_soft_to_a_side(d),
    ),
    "min_on_site": lambda d: make_rule(
        "min_on_site", at_least=d.draw.randint(0, 3), per=d.draw.choice(["unit", "sub_unit"]), strict=d.maybe(0.4), **_whom(d), **d._when(),
        **_soft_to_a_side(d),
    ),
    "capacity": lambda d: make_rule(
        "capacity", at_most=d.draw.randint(0, 3), per=d.draw.choice(["unit", "sub_unit", "tag:*"]), **_whom(d), **d._when(), **_soft_to_a_side(d)
    ),
    "apart": lambda d: make_rule(
        "apart", **d.draw.choice([{"at_most_away": 0}, {"at_most_away": 1, "counting": "home"}, {"at_least_on_site": 2}]),
        per=d.draw.choice(["unit", "sub_unit", "tag:*"]), **_whom(d), **d._when(), **_soft_to_a_side(d),
    ),
    "together": lambda d: make_rule(
        "together", **d.draw.choice([{"days": 1}, {"days": 2}, {"weekday": ["mon", "wed", "fri"]}]), share=d.draw.choice(["50%", "2/3", "100%"]),
        per=d.draw.choice(["unit", "sub_unit", "tag:x *"]), **_whom(d), **d._when(), **_soft_to_a_side(d),
    ),
    "min_attendance": lambda d: make_rule(
        "min_attendance", share=d.draw.choice(["20%", "1/2", "90%"]), per=d.draw.choice(["week", "month", "horizon"]),
        base=d.draw.choice(["present", "working"]), counting=d.draw.sample(ABSENCE_KINDS, 2), **_whom(d), **d._when(), **_soft_to_a_side(d),
    ),
    "weekday": lambda d: make_rule(
        "weekday", weekday=d.draw.sample(DAYS, 2), status=d.draw.choice([HOME, OFFICE]), **_whom(d), **d._when(), **d._soft()
    ),
    "cohort": lambda d: make_rule(
        "cohort", groups=d.draw.choice([2, 3, [{"tag": "A"}, {"not": {"tag": "A"}}]]), every=d.draw.choice(["day", "week", 2, 3]), **_whom(d),
        **d._when(), **d._soft(),
    ),
    "always_office": lambda d: make_rule("always_office", **_whom(d), **d._when(), **d._soft()),
    "always_home": lambda d: make_rule("always_home", **_whom(d), **d._when(), **d._soft()),
    "start_slot": lambda d: make_rule(
        "start_slot", slots=["07:30", "08:00"], turns=d.draw.choice(["day", "week", "fixed"]), at_most=d.draw.choice([None, 1, 2]), **_whom(d),
        **d._when(), **d._soft(),
    ),
    "monitor": lambda d: make_rule("monitor", turns=d.draw.choice(["period", "day"]), **_whom(d), **d._when(), **d._soft()),
    "weekends": lambda d: make_rule("weekends", at_most=d.draw.choice([None, 0, 1]), complete=True, **_whom(d), **d._when(), **d._soft()),
    "preference": lambda d: make_rule("preference", status=d.draw.choice([HOME, OFFICE]), weight=d.draw.randint(1, 3), **_whom(d), **d._when()),
    "it_capable": lambda d: make_rule("it_capable", **_whom(d), **d._when(), **d._soft(0.2)),
}  # fmt: skip
"""Every setting by itself, for people selected by several selections at once, soft to one side only or for nothing."""


class _RareDrawing(_Drawing):
    """One unit of rules with settings drawn one by one, two of a kind perhaps, being drawn."""

    def unit(self) -> Unit:
        """Return a unit whose ledger lacks somebody and knows a stranger, and whose rules are not all enabled."""
        unit = super().unit()
        draw, entries = self.draw, dict(unit.ledger.entries)
        if entries and self.maybe(0.5):
            gone = entries.pop(draw.choice(sorted(entries)))
            entries["stranger"] = replace(gone, person_id="stranger")
            unit = replace(unit, ledger=replace(unit.ledger, entries=entries))
        return unit

    def _others(self) -> list[Rule]:
        draw = self.draw
        found = [RARE[key](self) for key in draw.sample(sorted(RARE), draw.choice([1, 2, 3]))]
        # Two monitors, or times to start, would give out the same roles: whose they are is not said anywhere.
        several = [rule.key for rule in found if rule.key not in ("monitor", "start_slot")]
        if several and self.maybe(0.35):
            key = draw.choice(several)
            found = [
                rule.model_copy(update={"name": "kesatu"}) if rule.key == key else rule for rule in found
            ]
            found.append(RARE[key](self).model_copy(update={"name": "kedua"}))
        return found

    def _quotas(self) -> list[Rule]:
        if self.maybe(0.6):
            return super()._quotas()
        few = {"for": {"any": [{"person": self.ids[:1]}, {"tag": "B"}]}}
        draw = self.draw

        def quota(name: str, **more: Any) -> Rule:
            return make_rule(
                "home_quota", name=name, share=draw.choice(["10%", "40%", "60%", "90%"]),
                mode=draw.choice(["target", "at_most", "at_least", "exact"]), base=draw.choice(["active", "present", "able"]), **self._when(), **more,
            )  # fmt: skip

        return [quota("a", **few), quota("b", **{"for": {"not": few["for"]}})]
