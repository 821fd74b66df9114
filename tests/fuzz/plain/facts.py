"""What the documents say of single person-days: whom rules take, where they would have them, quotas, roles."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import Any, NamedTuple

from scheduler.problem import Person, Unit

HOME, OFFICE = "home", "office"
RANKS = ("jpt", "administrator", "pengawas", "pelaksana", "fungsional", "non_asn")
FIELDS = ("unit", "sub_unit", "unit_class", "rank", "position")
ORDER = (
    "shortfall", "changes", "fairness_spread", "fairness_total", "role_spread", "role_total", "monday_friday",
    "preferences", "stints",
)  # fmt: skip


class Grid(NamedTuple):
    """One roster: the status and the roles of each person (row) on each working day (column)."""

    status: tuple[tuple[str, ...], ...]
    roles: Mapping[tuple[int, int], frozenset[str]]

    def of(self, i: int, k: int) -> frozenset[str]:
        """Return the roles held."""
        return self.roles.get((i, k), frozenset())


class Broken(NamedTuple):
    """What a roster breaks: which rule, by how much, what each costs (nothing where the rule is hard), when and who."""

    label: str
    amount: int
    weight: int | None
    day: date | None
    people: tuple[str, ...]


def is_one(value: str, words: Iterable[str]) -> bool:
    """Whether a value is one of the words, `*` being anything."""
    return any(fnmatch.fnmatchcase(value.casefold(), word.casefold()) for word in words)


def takes(selection: Any, person: Person) -> bool:
    """Whether `for` selects the person."""
    if any(
        words and not is_one(getattr(person, f), words) for f in FIELDS if (words := getattr(selection, f))
    ):
        return False
    tags = [tag for tag in person.tags if not tag.startswith("giliran:")]
    if selection.tag and not any(is_one(tag, selection.tag) for tag in tags):
        return False
    if selection.service_post and not any(is_one(p, selection.service_post) for p in person.service_posts):
        return False
    if selection.person and not any(is_one(w, selection.person) for w in (person.id, person.name)):
        return False
    if selection.any_ and not any(takes(one, person) for one in selection.any_):
        return False
    return selection.not_ is None or not takes(selection.not_, person)


def asks_nothing(selection: Any) -> bool:
    """Whether `for` is empty."""
    return not selection.model_dump(exclude_defaults=True)


def holds_on(when: Any, day: date) -> bool:
    """Whether `when` has the day."""
    return (
        (not when.dates or day in when.dates)
        and not (when.first and day < when.first)
        and not (when.last and day > when.last)
        and (not when.weekdays or day.weekday() in when.weekdays)
    )


def groups(per: str, people: Sequence[tuple[int, Person]]) -> dict[str, list[int]]:
    """Return the people's indices by unit, sub-unit or tag."""
    found: dict[str, list[int]] = {}
    for i, p in people:
        if per == "unit":
            names = [""]
        elif per == "sub_unit":
            names = [p.sub_unit] if p.sub_unit else []
        else:
            names = [t for t in p.tags if not t.startswith("giliran:") and is_one(t, [per[4:]])]
        for name in dict.fromkeys(names):
            found.setdefault(name, []).append(i)
    return found


class Facts:
    """A unit as the documents have it."""

    def __init__(self, unit: Unit, attained: Mapping[str, int] | None = None) -> None:
        self.unit, self.attained = unit, dict(attained or {})
        self.people, self.days = unit.people, unit.horizon.workdays
        self.rows, self.columns = range(len(self.people)), range(len(self.days))
        self.employed = [
            [(p.joins is None or p.joins <= d) and (p.leaves is None or d <= p.leaves) for d in self.days]
            for p in self.people
        ]
        self.absent = [[unit.absences.get((p.id, d), "") for d in self.days] for p in self.people]
        self.present = [
            [e and not a for e, a in zip(*r, strict=True)]
            for r in zip(self.employed, self.absent, strict=True)
        ]
        self.pins = [[unit.pins.get((p.id, d)) for d in self.days] for p in self.people]
        self.rules = [rule for rule in unit.rules if rule.enabled]
        self.chosen = {
            id(r): [[self._selects(r, p, d) for d in self.days] for p in self.people] for r in self.rules
        }
        self.kept = [[self._kept(i, k) for k in self.columns] for i in self.rows]
        self.granted = [
            [any(self._grants(r, i, k) for r in self.rules) for k in self.columns] for i in self.rows
        ]
        self.settled = [
            [any(self._settles(r, i, k) for r in self.rules) for k in self.columns] for i in self.rows
        ]
        self.free = [
            [self.present[i][k] and self.granted[i][k] and not self.settled[i][k] and self.pins[i][k] is None for k in self.columns]
            for i in self.rows
        ]  # fmt: skip
        self.quotas = {id(r): self._quota(r) for r in self.rules if r.key == "home_quota"}
        self.monitors = {id(r): self._monitors(r) for r in self.rules if r.key == "monitor"}
        self.picked = {id(r): [i for i in self.rows if takes(r.for_, self.people[i])] for r in self.rules}
        self.windows = {
            id(r): list(self._windows(r, "week" if r.key == "together" else r.per))
            for r in self.rules
            if r.key in ("home_count", "min_attendance", "together")
        }
        self._offers = {(i, k): self._offered(i, k) for i in self.rows for k in self.columns}

    # Facts ------------------------------------------------------------------------------------------------------

    def _selects(self, rule: Any, person: Person, day: date) -> bool:
        if rule.key == "service_post" and asks_nothing(rule.for_):
            mine = rule.name.casefold() in [post.casefold() for post in person.service_posts]
        else:
            mine = takes(rule.for_, person)
        if not mine or not holds_on(rule.when, day):
            return False
        others = [
            r
            for r in self.rules
            if r.key == rule.key == "home_quota" and r.overrides and r.overrides == rule.name
        ]
        return not any(takes(r.for_, person) and holds_on(r.when, day) for r in others)

    def _cohort(self, rule: Any, i: int, k: int) -> str | None:
        """Where a cohort has the person that day; None where it leaves the person alone."""
        if not self.chosen[id(rule)][i][k]:
            return None
        if isinstance(rule.groups, int):
            among = [j for j in self.rows if takes(rule.for_, self.people[j])]
            place = {rank: n for n, rank in enumerate(RANKS)}
            among.sort(key=lambda j: (place.get(self.people[j].rank, 9), self.people[j].sub_unit, j))
            number, group = rule.groups, among.index(i) % rule.groups
        else:
            number = len(rule.groups)
            group = next((g for g, s in enumerate(rule.groups) if takes(s, self.people[i])), None)
            if group is None:
                return None
        return OFFICE if self._turn(rule, self.days[k]) % number == group else HOME

    @staticmethod
    def _turn(rule: Any, day: date) -> int:
        """Count turns since the Monday on which the calendar begins, or since the day on which the first began."""

        def count(to: date) -> int:
            weeks, weekday = divmod(to.toordinal() - 1, 7)
            return (
                weeks
                if rule.every == "week"
                else weeks * len(rule.workdays) + sum(w < weekday for w in rule.workdays)
            )

        size = 1 if rule.every in ("week", "day") else rule.every
        return (count(day) - (count(rule.starts) if rule.starts else 0)) // size

    def _wants(self, rule: Any, i: int, k: int) -> str | None:
        """Where a rule of single days would have the person."""
        if rule.key == "cohort":
            return self._cohort(rule, i, k)
        if not self.chosen[id(rule)][i][k]:
            return None
        if rule.key == "weekday":
            return rule.status if self.days[k].weekday() in rule.weekday else None  # type: ignore[no-any-return]
        if rule.key == "it_capable":
            return OFFICE if self.people[i].it_capable is False else None
        return {"always_office": OFFICE, "always_home": HOME}.get(rule.key)

    def _settles(self, rule: Any, i: int, k: int) -> bool:
        return rule.weight is None and self._wants(rule, i, k) is not None

    def _kept(self, i: int, k: int) -> bool:
        """Whether some rule keeps the person at the office that day."""
        return any(rule.weight is None and self._wants(rule, i, k) == OFFICE for rule in self.rules)

    def _grants(self, rule: Any, i: int, k: int) -> bool:
        if rule.key in ("always_home", "weekday", "cohort"):
            return self._wants(rule, i, k) == HOME
        asks = rule.key == "home_quota" or (rule.key == "home_count" and rule.at_least > 0)
        return asks and self.chosen[id(rule)][i][k]

    def _quota(self, rule: Any) -> list[tuple[list[int], int]]:
        """Return each day's base, as people, and its target."""
        exempt = [r for r in self.rules if r.key == "always_office" and r.weight is None]
        members = [
            [i for i in self.rows if self.chosen[id(rule)][i][k] and self.employed[i][k] and not any(self.chosen[id(r)][i][k] for r in exempt)]
            for k in self.columns
        ]  # fmt: skip
        length: Any = None
        first = next((p for p in self.people if takes(rule.for_, p)), None)
        for r in self.rules:
            if length is None and first is not None and r.key == "stint" and takes(r.for_, first):
                length = "week" if r.home == "week" else (r.home[0] if r.home[0] == r.home[1] else None)
        running = Fraction(self.unit.remainder(rule.label, rule.share.denominator))
        targets: list[int] = []
        of_block: dict[Any, int] = {}
        for k, group in enumerate(members):
            block = self.days[k].isocalendar()[:2] if length == "week" else k // (length or 1)
            if not group or block in of_block:
                targets.append(of_block[block] if group else 0)
                continue
            counted = group if rule.base == "active" else [i for i in group if self.present[i][k]]
            if rule.base == "able":
                counted = [i for i in counted if self.people[i].it_capable is not False]
            wanted = rule.share * len(counted)
            up = {"floor": floor(wanted), "ceil": ceil(wanted), "nearest": floor(wanted + Fraction(1, 2))}
            targets.append(
                floor(running + wanted) - floor(running) if rule.rounding == "carry" else up[rule.rounding]
            )
            running += wanted
            of_block[block] = targets[-1]
        return list(zip(members, targets, strict=True))

    def _monitors(self, rule: Any) -> tuple[list[list[int]], list[list[int]]]:
        """Return who may be monitor and who deputy each day."""
        listed = [
            i
            for i in self.rows
            if (self.people[i].monitor is True or not asks_nothing(rule.for_))
            and takes(rule.for_, self.people[i])
        ]
        held = [holds_on(rule.when, d) for d in self.days]
        here = {i: sum(self.present[i][k] for k in self.columns if held[k]) for i in listed}
        most = max(here.values(), default=0)
        able = [i for i in listed if here[i] and (rule.turns == "day" or 2 * here[i] >= most)]
        spare = set(listed) | {
            i for i in self.rows if rule.deputies is not None and takes(rule.deputies, self.people[i])
        }
        monitors = [[i for i in able if held[k] and self.present[i][k]] for k in self.columns]
        deputies = [
            [i for i in sorted(spare) if self.present[i][k]]
            if rule.turns == "period" and held[k] and any(not self.present[i][k] for i in able)
            else []
            for k in self.columns
        ]
        return monitors, deputies

    def offered(self, i: int, k: int) -> dict[str, str]:
        """Return the roles that a person could hold that day, each with its kind: post, monitor, anywhere or slot."""
        return self._offers[i, k]

    def _offered(self, i: int, k: int) -> dict[str, str]:
        found: dict[str, str] = {}
        for rule in self.rules if self.present[i][k] else ():
            if rule.key == "service_post" and self.chosen[id(rule)][i][k]:
                found[rule.name] = "post"
            elif rule.key == "monitor":
                monitors, deputies = self.monitors[id(rule)]
                kind = "monitor" if rule.turns == "day" else "anywhere"
                found |= {n: kind for n, who in (("monitor", monitors), ("deputy", deputies)) if i in who[k]}
            elif rule.key == "start_slot" and self.chosen[id(rule)][i][k]:
                found |= dict.fromkeys(self._slots(rule, i, k), "slot")
        return found

    def _slots(self, rule: Any, i: int, k: int) -> list[str]:
        names = [f"start {slot}" for slot in rule.slots]
        if rule.turns == "day":
            return names
        dealt = [j for j in self.rows if takes(rule.for_, self.people[j])].index(i)
        day = self.days[k]
        moved = {"week": (day.toordinal() - 1) // 7, "month": 12 * day.year + day.month, "fixed": 0}[
            rule.turns
        ]
        return [names[(dealt + moved) % len(names)]]

    def duties(self, grid: Grid, i: int, k: int) -> set[str]:
        """Return the roles held that call to the office."""
        held = grid.of(i, k)
        if not held:
            return set()
        lax = {f"start {s}" for r in self.rules if r.key == "start_slot" for s in r.slots}
        for r in self.rules:
            if r.key == "monitor" and r.turns == "period":
                lax |= {"monitor", "deputy"}
        return set(held) - lax

    def _windows(self, rule: Any, per: str) -> Iterator[tuple[list[int], int, int]]:
        """Yield the columns of each week, month or the horizon, and how many working days lie before and after."""

        def name(day: date) -> Any:
            return {
                "week": day - timedelta(days=day.weekday()),
                "month": (day.year, day.month),
                "horizon": 0,
            }[per]

        usual = set(range(5)) | {day.weekday() for day in self.days}
        found: dict[Any, list[int]] = {}
        for k in self.columns:
            if holds_on(rule.when, self.days[k]):
                found.setdefault(name(self.days[k]), []).append(k)
        first, last = self.unit.horizon.days[0], self.unit.horizon.days[-1]
        for window, ks in found.items():
            outside = [[], []] if per == "horizon" else [
                [d for n in range(1, 40) if name(d := edge + timedelta(days=step * n)) == window and d.weekday() in usual and holds_on(rule.when, d)]
                for edge, step in ((first, -1), (last, 1))
            ]  # fmt: skip
            yield ks, len(outside[0]), len(outside[1])
