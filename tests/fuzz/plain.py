"""A second reading of CONTRACT and of the policy reference: rules and objectives written anew, for tiny units.

Nothing here is shared with the rules' own `build` and `check`, nor with the verifier: only a unit's facts and the
rules' settings are read. Rosters are enumerated one by one, so that what is best is seen and not searched for.
"""

from __future__ import annotations

import fnmatch
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import Any, NamedTuple

from scheduler.problem import Person, Unit

H, O = "home", "office"
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
    if any(words and not is_one(getattr(person, f), words) for f in FIELDS if (words := getattr(selection, f))):
        return False
    tags = [tag for tag in person.tags if not tag.startswith("giliran:")]
    if selection.tag and not any(is_one(tag, selection.tag) for tag in tags):
        return False
    if selection.service_post and not any(is_one(p, selection.service_post) for p in person.service_posts):
        return False
    if selection.person and not any(is_one(w, selection.person) for w in (person.id, person.name)):
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


class Plain:
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
        self.present = [[e and not a for e, a in zip(*r, strict=True)] for r in zip(self.employed, self.absent, strict=True)]
        self.pins = [[unit.pins.get((p.id, d)) for d in self.days] for p in self.people]
        self.rules = [rule for rule in unit.rules if rule.enabled]
        self.chosen = {id(r): [[self._selects(r, p, d) for d in self.days] for p in self.people] for r in self.rules}
        self.kept = [[self._kept(i, k) for k in self.columns] for i in self.rows]
        self.granted = [[any(self._grants(r, i, k) for r in self.rules) for k in self.columns] for i in self.rows]
        self.settled = [[any(self._settles(r, i, k) for r in self.rules) for k in self.columns] for i in self.rows]
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
        others = [r for r in self.rules if r.key == rule.key == "home_quota" and r.overrides and r.overrides == rule.name]
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
        return O if self._turn(rule, self.days[k]) % number == group else H

    @staticmethod
    def _turn(rule: Any, day: date) -> int:
        """Count turns since the Monday on which the calendar begins, or since the day on which the first began."""
        def count(to: date) -> int:
            weeks, weekday = divmod(to.toordinal() - 1, 7)
            return weeks if rule.every == "week" else weeks * len(rule.workdays) + sum(w < weekday for w in rule.workdays)

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
            return O if self.people[i].it_capable is False else None
        return {"always_office": O, "always_home": H}.get(rule.key)

    def _settles(self, rule: Any, i: int, k: int) -> bool:
        return rule.weight is None and self._wants(rule, i, k) is not None

    def _kept(self, i: int, k: int) -> bool:
        """Whether some rule keeps the person at the office that day."""
        return any(rule.weight is None and self._wants(rule, i, k) == O for rule in self.rules)

    def _grants(self, rule: Any, i: int, k: int) -> bool:
        if rule.key in ("always_home", "weekday", "cohort"):
            return self._wants(rule, i, k) == H
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
        for k, group in enumerate(members):
            same = k > 0 and (
                self.days[k].isocalendar()[:2] == self.days[k - 1].isocalendar()[:2] if length == "week" else bool(length and k % length)
            )
            if same:
                targets.append(targets[-1])
                continue
            counted = group if rule.base == "active" else [i for i in group if self.present[i][k]]
            if rule.base == "able":
                counted = [i for i in counted if self.people[i].it_capable is not False]
            wanted = rule.share * len(counted)
            up = {"floor": floor(wanted), "ceil": ceil(wanted), "nearest": floor(wanted + Fraction(1, 2))}
            targets.append(floor(running + wanted) - floor(running) if rule.rounding == "carry" else up[rule.rounding])
            running += wanted
        return list(zip(members, targets, strict=True))

    def _monitors(self, rule: Any) -> tuple[list[list[int]], list[list[int]]]:
        """Return who may be monitor and who deputy each day."""
        listed = [i for i in self.rows if (self.people[i].monitor is True or not asks_nothing(rule.for_)) and takes(rule.for_, self.people[i])]
        held = [holds_on(rule.when, d) for d in self.days]
        here = {i: sum(self.present[i][k] for k in self.columns if held[k]) for i in listed}
        most = max(here.values(), default=0)
        able = [i for i in listed if here[i] and (rule.turns == "day" or 2 * here[i] >= most)]
        spare = set(listed) | {i for i in self.rows if rule.deputies is not None and takes(rule.deputies, self.people[i])}
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
        moved = {"week": (day.toordinal() - 1) // 7, "month": 12 * day.year + day.month, "fixed": 0}[rule.turns]
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

    # Enumeration ------------------------------------------------------------------------------------------------

    def day_grids(self, k: int) -> Iterator[Grid]:
        """Yield every way to spend one day, of one column, that breaks no rule of that day alone."""
        choices: list[list[tuple[str, frozenset[str]]]] = []
        for i in self.rows:
            if not self.present[i][k]:
                choices.append([(self.absent[i][k] if self.employed[i][k] else "", frozenset())])
                continue
            pin, offered = self.pins[i][k], self.offered(i, k)
            statuses = [pin.status] if pin else [O, H] if self.granted[i][k] else [O]
            mine = []
            for status in statuses:
                posts = [n for n, kind in offered.items() if kind == "post" and status == O]
                watch = [n for n, kind in offered.items() if kind == "anywhere" or (kind == "monitor" and status == O)]
                slots = [n for n, kind in offered.items() if kind == "slot" and status == O]
                for some in itertools.product([None, *posts], [None, *watch], [None, *slots]):
                    mine.append((status, frozenset(n for n in some if n)))
            choices.append(mine)
        for cells in itertools.product(*choices):
            yield Grid(tuple((status,) for status, _ in cells), {(i, 0): roles for i, (_, roles) in enumerate(cells) if roles})

    def every_roster(self, most: int) -> Iterator[Grid] | None:
        """Return every roster that breaks no hard rule; None where there are too many to look at."""
        columns: list[list[Grid]] = []
        for k in self.columns:
            ways = 1
            for i in self.rows:
                ways *= 1 + len(self.offered(i, k)) + self.granted[i][k] if self.present[i][k] else 1
            if ways > most:
                return None
            columns.append([])
            for one in self.day_grids(k):
                wide = Grid(
                    tuple(tuple(row[0] if c == k else "" for c in self.columns) for row in one.status),
                    {(i, k): roles for (i, _), roles in one.roles.items()},
                )
                if not any(b.weight is None for b in self.broken(wide, only=k)):
                    columns[-1].append(wide)
        size = 1
        for column in columns:
            size *= len(column)
        return self._together(columns) if size <= most else None

    def _together(self, columns: Sequence[Sequence[Grid]]) -> Iterator[Grid]:
        for chosen in itertools.product(*columns):
            status = tuple(tuple(chosen[k].status[i][k] for k in self.columns) for i in self.rows)
            roles: dict[tuple[int, int], frozenset[str]] = {}
            for one in chosen:
                roles |= one.roles
            grid = Grid(status, roles)
            if not any(b.weight is None for b in self.broken(grid)):
                yield grid

    # Rules ------------------------------------------------------------------------------------------------------

    def broken(self, grid: Grid, only: int | None = None) -> Iterator[Broken]:
        """Yield what a roster breaks; with `only`, what that day breaks by itself."""
        columns = self.columns if only is None else (only,)
        for i in self.rows:
            for k in columns:
                if grid.status[i][k] == H or (i, k) in grid.roles:
                    yield from self._cell(grid, i, k)
        for rule in self.rules:
            for k in columns:
                for amount, side, who in self._of(rule, grid, k):
                    yield self._found(rule, amount, side, k, who)
            for amount, side, since, who in self._over_days(rule, grid) if only is None else ():
                yield self._found(rule, amount, side, since, who)

    def _found(self, rule: Any, amount: int, side: str, k: int | None, who: Sequence[int]) -> Broken:
        weight = {"under": rule.weight_under, "over": rule.weight_over}.get(side)
        weight = weight if weight is not None else rule.weight
        day = None if k is None else self.days[k]
        return Broken(rule.label, amount, weight, day, tuple(self.people[i].id for i in who))

    def _cell(self, grid: Grid, i: int, k: int) -> Iterator[Broken]:
        day, who = self.days[k], (self.people[i].id,)
        status, held, offered = grid.status[i][k], grid.of(i, k), self.offered(i, k)
        if status == H and not self.granted[i][k] and self.pins[i][k] is None:
            yield Broken("default", 1, None, day, who)
        if any(name not in offered for name in held):
            yield Broken("role", 1, None, day, who)
        if status != O and any(offered.get(name) in ("post", "monitor", "slot") for name in held):
            yield Broken("role", 1, None, day, who)
        if sum(offered.get(name) in ("post",) for name in held) > 1:
            yield Broken("role", 1, None, day, who)

    def _of(self, rule: Any, grid: Grid, k: int) -> Iterator[tuple[int, str, list[int]]]:
        """Yield by how much a rule is broken on one day, to which side, and by which group."""
        key, chosen = rule.key, self.chosen[id(rule)]
        home, office = ([i for i in self.rows if grid.status[i][k] == s] for s in (H, O))
        mine = [i for i in self.rows if chosen[i][k]]
        if key in ("always_office", "always_home", "it_capable", "weekday", "cohort"):
            for i in mine:
                wanted, found = self._wants(rule, i, k), grid.status[i][k]
                if wanted is None or found not in (H, O) or found == wanted:
                    continue
                if self.pins[i][k] is not None and key != "it_capable":
                    continue
                if wanted == H and (self.kept[i][k] or (key != "cohort" and self.duties(grid, i, k))):
                    continue
                yield 1, "", [i]
        elif key == "pin":
            for i in self.rows:
                pin = self.pins[i][k]
                if pin is not None and grid.status[i][k] in (H, O) and grid.status[i][k] != pin.status:
                    yield 1, "", [i]
        elif key == "home_quota":
            group, target = self.quotas[id(rule)][k]
            found = sum(i in home for i in group)
            if rule.mode != "at_least" and found > target:
                yield found - target, "over", group
            called = sum(self._is_called(grid, i, k) for i in self._able(group, k))
            if rule.mode in ("at_least", "exact") and found + called < target:
                yield target - found - called, "under", group
        elif key == "min_on_site":
            employed = [i for i in mine if self.employed[i][k]]
            places: dict[str, list[int]] = {}
            for i in employed:
                places.setdefault(self.people[i].sub_unit if rule.per == "sub_unit" else "", []).append(i)
            for group in places.values():
                wanted = min(rule.at_least, len(group))
                if not rule.strict:
                    wanted = min(wanted, sum(self.present[i][k] for i in group))
                if (found := sum(i in office for i in group)) < wanted:
                    yield wanted - found, "under", group
        elif key == "capacity" and not rule.warn:
            for group in groups(rule.per, [(i, self.people[i]) for i in mine]).values():
                if (found := sum(i in office for i in group)) > rule.at_most:
                    yield found - rule.at_most, "over", group
        elif key == "apart":
            for group in groups(rule.per, [(i, self.people[i]) for i in mine if self.employed[i][k]]).values():
                there, gone = sum(i in office for i in group), sum(i in home for i in group)
                if rule.at_least_on_site is not None:
                    lack, side = min(rule.at_least_on_site, there + gone) - there, "under"
                else:
                    away = gone if rule.counting == "home" else len(group) - there
                    lack = min(gone, away - (1 if rule.at_most_away is None else rule.at_most_away))
                    side = "over"
                if lack > 0:
                    yield lack, side, group
        elif key == "together" and not rule.days and self.days[k].weekday() in rule.weekday and holds_on(rule.when, self.days[k]):
            for team in groups(rule.per, [(i, self.people[i]) for i in self.picked[id(rule)]]).values():
                lack = self._lack(rule, grid, team, k)
                if lack is not None and lack > 0:
                    yield lack, "under", team
        elif key == "service_post":
            officers = [i for i in mine if self.employed[i][k]]
            holders = [i for i in self.rows if rule.name in grid.of(i, k)]
            strange = [i for i in holders if i not in officers]
            wanted, found = (rule.at_least if officers else 0), len(holders) - len(strange)
            if strange or wanted != found:
                yield max(1, abs(found - wanted)), "over" if found > wanted else "under", officers
        elif key == "monitor":
            monitors, deputies = self.monitors[id(rule)]
            number = sum(len(grid.of(i, k) & {"monitor", "deputy"}) for i in self.rows)
            if (monitors[k] or deputies[k]) and number != 1:
                yield abs(number - 1), "over" if number > 1 else "under", []
        elif key == "start_slot":
            names = [f"start {slot}" for slot in rule.slots]
            here = [i for i in mine if self.present[i][k]]
            given: Counter[str] = Counter()
            for i in here:
                held = grid.of(i, k) & set(names)
                given.update(held)
                if not held and i in office:
                    yield 1, "", [i]
                elif len(held) > 1:
                    yield len(held) - 1, "over", [i]
            if rule.at_most is not None:
                if excess := sum(max(0, given[n] - rule.at_most) for n in names):
                    yield excess, "over", here
            elif rule.turns == "day" and (uneven := self._uneven([given[n] for n in names])):
                yield uneven, "over", here

    @staticmethod
    def _uneven(numbers: Sequence[int]) -> int:
        return sum(abs(a - b) - 1 for a, b in itertools.combinations(numbers, 2) if abs(a - b) > 1)

    def _is_called(self, grid: Grid, i: int, k: int) -> bool:
        pin = self.pins[i][k]
        return (pin is not None and pin.recall) or bool(self.duties(grid, i, k))

    def _able(self, group: Sequence[int], k: int) -> list[int]:
        """Return those of a group present whom no rule keeps at the office."""
        return [i for i in group if self.present[i][k] and not self.kept[i][k]]

    def _lack(self, rule: Any, grid: Grid, team: Sequence[int], k: int) -> int | None:
        """Return how many a team lacks for a meeting; None where there is nobody to meet."""
        could = [i for i in team if self.present[i][k] and not ((pin := self.pins[i][k]) and pin.status == H)]
        if len(could) < 2:
            return None
        return ceil(rule.share * len(could)) - sum(grid.status[i][k] == O for i in could)

    # Rules over several days --------------------------------------------------------------------------------------

    def _windows(self, rule: Any, per: str) -> Iterator[tuple[list[int], int, int]]:
        """Yield the columns of each week, month or the horizon, and how many working days lie before and after."""
        def name(day: date) -> Any:
            return {"week": day - timedelta(days=day.weekday()), "month": (day.year, day.month), "horizon": 0}[per]

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

    def _over_days(self, rule: Any, grid: Grid) -> Iterator[tuple[int, str, int | None, list[int]]]:
        """Yield by how much a rule over several days is broken, to which side, since when and by whom."""
        key = rule.key
        picked = self.picked[id(rule)]
        if key == "home_count":
            for ks, before, after in self.windows[id(rule)]:
                part = Fraction(len(ks), len(ks) + before + after)
                near = (lambda x: ceil(x - Fraction(1, 2))) if before else (lambda x: floor(x + Fraction(1, 2)))
                least, most = near(rule.at_least * part), None if rule.at_most is None else near(rule.at_most * part)
                if rule.partial == "whole":
                    least, most = (rule.at_least if part == 1 else 0), rule.at_most
                for i in picked:
                    number = sum(grid.status[i][k] == H for k in ks)
                    could = sum(self._could_be_home(i, k) for k in ks)
                    if most is not None and number > most:
                        yield number - most, "over", ks[0], [i]
                    if number < min(least, could):
                        yield min(least, could) - number, "under", ks[0], [i]
        elif key == "min_attendance":
            for ks, _, _ in self.windows[id(rule)]:
                for i in picked:
                    mine = [k for k in ks if self.employed[i][k]]
                    away = [self.absent[i][k] for k in mine if self.absent[i][k]]
                    counted = sum(kind in rule.counting for kind in away)
                    base = len(mine) if rule.base == "working" else len(mine) - len(away) + counted
                    need = min(ceil(rule.share * base) - counted, len(mine) - len(away))
                    if (there := sum(grid.status[i][k] == O for k in mine)) < need:
                        yield need - there, "under", mine[0], [i]
        elif key == "together" and rule.days:
            for ks, before, after in self.windows[id(rule)]:
                for team in groups(rule.per, [(i, self.people[i]) for i in picked]).values():
                    lacks = [lack for k in ks if (lack := self._lack(rule, grid, team, k)) is not None]
                    need = min(len(lacks), rule.days * len(ks) // (len(ks) + before + after))
                    if (met := sum(lack <= 0 for lack in lacks)) < need:
                        yield need - met, "under", ks[0], team
        elif key == "weekends":
            for i in picked:
                yield from ((*found, None, [i]) for found in self._weekends(rule, grid, i))
        elif key == "preference":
            for i in picked:
                unmet = sum(
                    self.chosen[id(rule)][i][k] and grid.status[i][k] == (O if rule.status == H else H) for k in self.columns
                )
                if unmet:
                    yield unmet, "", None, [i]
        elif key == "monitor" and rule.turns == "period":
            yield from ((*found, None, []) for found in self._one_monitor(rule, grid))
        elif key == "start_slot" and rule.turns == "day":
            names = [f"start {slot}" for slot in rule.slots]
            for i in picked:
                held = [n for k in self.columns if self.chosen[id(rule)][i][k] for n in grid.of(i, k)]
                if uneven := self._uneven([held.count(n) for n in names]):
                    yield uneven, "over", None, [i]
        elif key == "stint":
            for i in picked:
                yield from ((1, "", None, [i]) for _ in self._stints(rule, grid, i))

    def _could_be_home(self, i: int, k: int) -> bool:
        if not self.present[i][k]:
            return False
        pin = self.pins[i][k]
        return pin.status == H if pin is not None else self.granted[i][k] and not self.kept[i][k]

    def _weekends(self, rule: Any, grid: Grid, i: int) -> Iterator[tuple[int, str]]:
        spent: dict[date, list[str]] = {}
        for k, day in enumerate(self.days):
            if day.weekday() > 4 and holds_on(rule.when, day):
                spent.setdefault(day - timedelta(days=day.weekday() - 5), []).append(grid.status[i][k])
        on_site = sum(O in statuses for statuses in spent.values())
        if rule.at_most is not None and on_site > rule.at_most:
            yield on_site - rule.at_most, "over"
        for saturday, statuses in spent.items() if rule.complete else ():
            entry = self.unit.ledger.entries.get(self.people[i].id)
            if entry is not None and self.unit.adjoins and self.unit.ledger.last_day == saturday:
                statuses = [*statuses, entry.last_status]
            if H in statuses and O in statuses:
                yield 1, ""

    def _one_monitor(self, rule: Any, grid: Grid) -> Iterator[tuple[int, str]]:
        """One person is the monitor on every day that he or she is present."""
        monitors, _ = self.monitors[id(rule)]
        candidates = {i for day in monitors for i in day}
        always = []
        for i in candidates:
            marks = ["monitor" in grid.of(i, k) for k in self.columns if i in monitors[k]]
            always.append(all(marks))
            if any(marks) and not all(marks):
                yield 1, ""
        if candidates and sum(always) != 1:
            yield 1, ""

    def _stints(self, rule: Any, grid: Grid, i: int) -> Iterator[str]:
        """Yield a word for each way in which a person's days break the turns."""
        row, free = grid.status[i], self.free[i]
        entry = self.unit.ledger.entries.get(self.people[i].id) if self.unit.adjoins else None
        before, length = (entry.last_status, entry.last_stint) if entry else ("", 0)
        last = self.unit.ledger.last_day
        longest = self.office_bound(rule, i)
        if rule.home == "week":
            yield from self._whole_weeks(row, free, before if last else "", last, longest)
            return
        least, most = rule.home
        # A list of stretches: the days on which a stint can go on.
        stretches: list[list[int]] = []
        for k in self.columns:
            if stretches and (rule.across_weekends or self.days[k] - self.days[k - 1] == timedelta(days=1)):
                stretches[-1].append(k)
            else:
                stretches.append([k])
        for number, stretch in enumerate(stretches):
            goes_on = number == 0 and (
                rule.across_weekends or (last is not None and self.days[0] - last == timedelta(days=1))
            )
            past = [before] * length if goes_on and before in (H, O) else []
            days = [*past, *(row[k] for k in stretch)]
            chosen = [*([True] * len(past)), *(free[k] for k in stretch)]
            new = len(past)
            for status, fewest in ((H, least), (O, rule.office_least)):
                for a, b in _runs([s == status for s in days]):
                    if status == H and b > new and b - a > most:
                        yield "home too long"
                    began, ended = a > 0 and chosen[a - 1], b < len(days) and chosen[b]
                    if a == 0 and new:  # it began in the last period, after something else
                        began = True
                    if b - a < fewest and began and ended and b >= new:
                        yield f"{status} too short"
            if longest is not None:
                waits = [s == O and c for s, c in zip(days, chosen, strict=True)]
                if new > longest and before == O:
                    waits[:new] = [False] * new
                if any(b - a > longest for a, b in _runs(waits)):
                    yield "office too long"

    def _whole_weeks(
        self, row: Sequence[str], free: Sequence[bool], before: str, last: date | None, longest: int | None
    ) -> Iterator[str]:
        weeks: dict[Any, list[int]] = {}
        for k, day in enumerate(self.days):
            weeks.setdefault(day.isocalendar()[:2], []).append(k)
        line: list[str] = []
        for number, ks in enumerate(weeks.values()):
            mine = [row[k] for k in ks if free[k]]
            if number == 0 and before in (H, O) and last is not None:
                if last.isocalendar()[:2] == self.days[0].isocalendar()[:2]:
                    if mine and mine[0] != before:
                        yield "week"
                else:
                    line.append(before)
            if len(set(mine)) > 1:
                yield "week"
            line.append(mine[0] if mine else "")
        if any(a == b == H for a, b in itertools.pairwise(line)):
            yield "home too long"
        if longest is not None and any(b - a > longest for a, b in _runs([s == O for s in line])):
            yield "office too long"

    def office_bound(self, rule: Any, i: int, widened: bool = True) -> int | None:
        """Return the longest stint at the office."""
        if rule.office == "any":
            return None
        if isinstance(rule.office, int):
            return self.attained.get(f"{rule.label}.office", rule.office) if widened else rule.office
        for quota in (r for r in self.rules if r.key == "home_quota"):
            if quota.share and any(self.chosen[id(quota)][i]):
                most = 1 if rule.home == "week" else rule.home[1]
                bound = max(1, ceil(most * (1 - quota.share) / quota.share))
                return self.attained.get(f"{rule.label}.office:{quota.label}", bound) if widened else bound
        return None

    # Objectives -----------------------------------------------------------------------------------------------------

    def worth(self, grid: Grid, changes: int = 0) -> dict[str, int]:
        """Return the value of each objective."""
        found = dict.fromkeys(ORDER, 0)
        found["changes"] = changes
        for rule in self.rules:
            if rule.key == "home_quota":
                found["shortfall"] += self._shortfall(rule, grid)
                eligible = [
                    [i for i in group if self.present[i][k] and not self.settled[i][k]] for k, (group, _) in enumerate(self.quotas[id(rule)])
                ]
                taken = [[i for i in group if grid.status[i][k] == H] for k, group in enumerate(eligible)]
                balance = self._balance(eligible, taken, lambda e: e.balance)
                border = self._balance(
                    [g if self.days[k].weekday() in (0, 4) else [] for k, g in enumerate(eligible)],
                    taken, lambda e: e.monday_friday_balance, {i for g in eligible for i in g},
                )  # fmt: skip
                found["fairness_spread"] += _spread(balance)
                found["fairness_total"] += sum(map(abs, balance))
                found["monday_friday"] += _spread(border)
            elif rule.key == "stint" and rule.prefer is not None and rule.home != "week":
                found["stints"] += self._unpreferred(rule, grid)
            for name, may in self._turns(rule):
                held = [[i for i in day if name in grid.of(i, k)] for k, day in enumerate(may)]
                balance = self._balance(may, held, lambda e, name=name: e.role_balances.get(name, 0))  # type: ignore[misc]
                found["role_spread"] += _spread(balance)
                found["role_total"] += sum(map(abs, balance))
        found["preferences"] = sum(b.amount * b.weight for b in self.broken(grid) if b.weight is not None)
        for wish in self.unit.preferences:
            for i, p in enumerate(self.people):
                for k, d in enumerate(self.days):
                    about = d == wish.day if wish.day is not None else d.weekday() == wish.weekday
                    if p.id == wish.person_id and about and grid.status[i][k] in (H, O):
                        found["preferences"] += wish.weight * (grid.status[i][k] != wish.status)
        return found

    def _shortfall(self, rule: Any, grid: Grid) -> int:
        if rule.mode in ("at_least", "exact"):
            return 0
        total = 0
        for k, (group, target) in enumerate(self.quotas[id(rule)]):
            able = self._able(group, k)
            called = sum(self._is_called(grid, i, k) for i in able)
            # Places that nobody is left to fill because duties or recalls took them.
            given_way = max(0, min(target, len(able)) - (len(able) - called))
            total += max(0, target - given_way - sum(grid.status[i][k] == H for i in group))
        return total

    def _turns(self, rule: Any) -> Iterator[tuple[str, list[list[int]]]]:
        if rule.key == "service_post":
            may = [[i for i in self.rows if self.chosen[id(rule)][i][k] and self.present[i][k]] for k in self.columns]
            if any(may):
                yield rule.name, may
        elif rule.key == "monitor":
            monitors, deputies = self.monitors[id(rule)]
            if any(monitors):
                yield "monitor", monitors
                if any(deputies):
                    yield "deputy", deputies

    def _balance(self, eligible: Any, taken: Any, brought: Any, also: Iterable[int] = ()) -> list[int]:
        """Return the balances of a group: turns taken less turns due, in thousandths, with what the ledger brings."""
        found: Counter[int] = Counter()
        members = {i for group in eligible for i in group} | set(also)
        for k, group in enumerate(eligible):
            if not group:
                continue
            each, odd = divmod(1000 * len([i for i in taken[k] if i in group]), len(group))
            for i in group:
                found[i] += 1000 * (i in taken[k]) - each
            for n in range(odd):
                found[group[(self.days[k].toordinal() + n) % len(group)]] -= 1
        for i in members:
            p = self.people[i]
            entry = self.unit.ledger.entries.get(p.id)
            if entry is not None and entry.unit == self.unit.name and entry.rank == p.rank:
                found[i] += brought(entry)
        return [found[i] for i in sorted(members)]

    def _unpreferred(self, rule: Any, grid: Grid) -> int:
        total = 0
        for i in self.picked[id(rule)]:
            marks: list[bool | None] = []
            for k in self.columns:
                if k and not rule.across_weekends and self.days[k] - self.days[k - 1] > timedelta(days=1):
                    marks.append(None)
                marks.append(grid.status[i][k] == H)
            for a, b in _runs([m is True for m in marks]):
                inside = a > 0 and b < len(marks) and marks[a - 1] is False and marks[b] is False
                total += inside and b - a != rule.prefer and b - a <= rule.home[1]
        return total


def _runs(marks: Sequence[bool]) -> list[tuple[int, int]]:
    """Return where each run of True begins, and where it has ended."""
    found, start = [], 0
    for value, some in itertools.groupby(marks):
        size = len(list(some))
        if value:
            found.append((start, start + size))
        start += size
    return found


def _spread(balances: Sequence[int]) -> int:
    return max(balances, default=0) - min(balances, default=0)
