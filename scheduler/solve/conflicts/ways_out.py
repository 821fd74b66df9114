"""The cheapest ways out of conflicts: settings, pins, leave or list entries that, changed, let a roster exist.

Each is tried by solving; nothing is offered that was not found to make every unit feasible. Which settings a rule
has is read off its fields, so a new rule needs nothing here.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from pydantic import ValidationError

from scheduler.constraints.base import Rule
from scheduler.language import Bilingual, format_date
from scheduler.problem import Unit
from scheduler.roster import Replaced
from scheduler.solve.conflicts.conflict import Conflict, find_conflicts
from scheduler.solve.conflicts.counting import can_hold
from scheduler.solve.conflicts.demands import Demands
from scheduler.solve.search import Effort

PIN_COST, ABSENCE_COST, SKILL_COST, SOFT_COST = 1, 3, 5, 60
SOFT_WEIGHT = 100
TRIES = 60_000
"""So many tries times the person-days of a unit at most (but 40 in any case): a large unit gets fewer ways out."""

LOCAL_LIMIT = 2.0
"""Deterministic seconds for one try on a conflict's own instances; what takes longer is not offered."""

MOST_ALIKE, MOST_CHANGES = 2, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing to change.

    Attributes
    ----------
    rule, field, value : a setting of a rule and what it becomes; or
    kind, person, day, unit : a pin or an absence to take back, or a person to be marked as able to use IT.
    cost : roughly the person-days that it takes from what was wanted.
    """

    cost: int
    unit: str
    kind: Literal["setting", "pin", "absence", "it_capable"] = "setting"
    rule: str = ""
    field: str = ""
    before: Any = None
    value: Any = None
    person: str = ""
    name: str = ""
    day: date | None = None
    in_policy: bool = False

    def apply(self, unit: Unit) -> Unit:
        """Return the unit as it would be."""
        if self.kind == "setting":
            rules = tuple(_with(r, self.field, self.value) if r.label == self.rule else r for r in unit.rules)
            return replace(unit, rules=rules)
        if self.kind == "it_capable":
            return replace(
                unit,
                people=tuple(replace(p, it_capable=True) if p.id == self.person else p for p in unit.people),
            )
        key = (self.person, self.day)
        if self.kind == "pin":
            return replace(unit, pins={k: pin for k, pin in unit.pins.items() if k != key})
        return replace(unit, absences={k: kind for k, kind in unit.absences.items() if k != key})

    @property
    def flag(self) -> str:
        """The setting as it is typed on the command line; empty where a file is to be changed."""
        if self.kind != "setting":
            return ""
        return "--set " + shlex.quote(f"{self.rule}.{self.field}={setting_text(self.value)}")

    @property
    def text(self) -> Bilingual:
        """What to change, in words."""
        if self.kind == "setting":
            before, after = setting_text(self.before), setting_text(self.value)
            if self.field == "weight":
                return Bilingual(
                    id=f"jadikan {self.rule} keinginan, bukan keharusan",
                    en=f"make {self.rule} a wish instead of a must",
                )
            return Bilingual(
                id=f"ubah {self.field} di {self.rule} dari {before} menjadi {after}",
                en=f"change {self.field} of {self.rule} from {before} to {after}",
            )
        day_id = format_date(self.day, "id") if self.day else ""
        day_en = format_date(self.day, "en") if self.day else ""
        if self.kind == "pin":
            where = "policy.toml" if self.in_policy else "pins"
            return Bilingual(
                id=f"{where}: hapus penetapan {self.name} pada {day_id}",
                en=f"{where}: take back the pin of {self.name} on {day_en}",
            )
        if self.kind == "absence":
            where = "policy.toml" if self.in_policy else "absences"
            return Bilingual(
                id=f"{where}: pindahkan ketidakhadiran {self.name} dari {day_id}",
                en=f"{where}: move the absence of {self.name} away from {day_en}",
            )
        return Bilingual(
            id=f"staff: isi “Ya” di kolom Mampu TI untuk {self.name}, setelah ia mampu",
            en=f"staff: write “Ya” under Mampu TI for {self.name}, once that is so",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOut:
    """Changes that together, and checked by solving, let every unit have a roster."""

    changes: tuple[Change, ...]

    @property
    def cost(self) -> int:
        """What it takes from what was wanted."""
        return sum(change.cost for change in self.changes)

    @property
    def flags(self) -> str:
        """Its settings as typed on the command line."""
        return " ".join(change.flag for change in self.changes if change.flag)

    @property
    def sentence(self) -> Bilingual:
        """What to change, with the flag where there is one."""
        parts = [
            Bilingual(
                id=c.text.id + (f" ({c.flag})" if c.flag else ""),
                en=c.text.en + (f" ({c.flag})" if c.flag else ""),
            )
            for c in self.changes
        ]
        return Bilingual(id="; ".join(p.id for p in parts) + ".", en="; ".join(p.en for p in parts) + ".")


def setting_text(value: Any) -> str:
    """Return a setting as policy.toml and `--set` take it."""
    if isinstance(value, Fraction):
        percent = value * 100
        return f"{percent}%" if percent.denominator == 1 else str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return "[" + ", ".join(setting_text(item) for item in value) + "]"
    return str(value)


def find_ways_out(
    units: Sequence[Unit],
    conflicts: Sequence[Conflict],
    effort: Effort,
    replaced: dict[str, Replaced] | None = None,
    most: int = 5,
) -> tuple[WayOut, ...]:
    """Return the cheapest ways out, cheapest first, each checked on every unit that it changes.

    Parameters
    ----------
    units : all units, for a setting holds for all of them.
    conflicts : of those that have no roster.
    """
    if not conflicts:
        return ()
    search = _Search(units, {c.unit.name for c in conflicts}, effort, replaced or {})
    found: dict[frozenset[tuple[str, ...]], WayOut] = {}
    starts = sorted(search.resolving(conflicts[0]), key=lambda change: change.cost)
    for start in starts:
        alike = sum(way.changes[0].kind == start.kind != "setting" for way in found.values())
        if len(found) >= most or effort.is_over:
            break
        if alike >= MOST_ALIKE:
            continue
        way = search.complete(start, conflicts)
        if way is not None:
            key = frozenset((c.kind, c.rule, c.field, c.person, str(c.day)) for c in way.changes)
            if not any(other <= key for other in found):  # what does with less is offered already
                found[key] = way
    return tuple(sorted(found.values(), key=lambda way: (way.cost, len(way.changes))))


class _Search:
    """Trying changes on units; what was tried is remembered."""

    def __init__(
        self, units: Sequence[Unit], stuck: set[str], effort: Effort, replaced: dict[str, Replaced]
    ) -> None:
        self.units = units
        self.stuck = stuck
        self.effort = effort
        self.replaced = replaced
        self._tries = 0

    def complete(self, start: Change, conflicts: Sequence[Conflict]) -> WayOut | None:
        """Return a way out that begins with `start`, with the cheapest further changes that it needs."""
        changes = [start]
        waiting = list(conflicts[1:])  # the first is what `start` was chosen for
        while len(changes) <= MOST_CHANGES:
            waiting = [c for c in waiting if not self._resolves(changes, c)]
            if not waiting:
                left = self._left(changes)
                if left is None:
                    return WayOut(changes=tuple(changes))
                if not left:
                    return None
                waiting = list(left)
            options = self.resolving(waiting[0], changes)
            cheapest = min(options, key=lambda change: change.cost, default=None)
            if cheapest is None:
                return None
            same = [c for c in changes if c.rule and (c.rule, c.field) == (cheapest.rule, cheapest.field)]
            if same:
                cheapest = replace(cheapest, before=same[0].before, cost=cheapest.cost + same[0].cost)
            changes = [c for c in changes if c not in same] + [cheapest]
        return None

    def _left(self, changes: Sequence[Change]) -> tuple[Conflict, ...] | None:
        """Return the conflicts left in the units that the changes touch; None where every unit has a roster."""
        settings = any(change.kind == "setting" for change in changes)
        for unit in self.units:
            if not settings and unit.name not in self.stuck:
                continue
            changed = _applied(unit, changes)
            if changed is unit and unit.name not in self.stuck:
                continue
            demands = Demands(changed, self.replaced.get(unit.name))
            if can_hold(demands, range(len(demands.instances)), self.effort.limit) is not True:
                return find_conflicts(changed, self.effort, self.replaced.get(unit.name))
        return None

    def _resolves(self, changes: Sequence[Change], conflict: Conflict) -> bool:
        """Whether the instances of a conflict could all hold after the changes; False once the tries are used up."""
        cells = len(conflict.unit.people) * max(1, len(conflict.unit.horizon.workdays))
        self._tries += 1
        if self._tries > max(40, TRIES // cells):
            return False
        unit = _applied(conflict.unit, changes)
        demands = Demands(unit, self.replaced.get(unit.name), conflict.rules)
        wanted = {(i.rule, i.day, i.people) for i in conflict.instances}
        chosen = [n for n, i in enumerate(demands.instances) if (i.rule, i.day, i.people) in wanted]
        return can_hold(demands, chosen, min(LOCAL_LIMIT, self.effort.limit)) is True

    def resolving(self, conflict: Conflict, before: Sequence[Change] = ()) -> list[Change]:
        """Return the changes each of which lets a conflict's instances hold, after those made `before`."""
        found = [c for c in _cells(conflict) if self._resolves([*before, c], conflict)]
        unit = _applied(conflict.unit, before)
        for label in dict.fromkeys(i.rule for i in conflict.instances):
            rule = next((r for r in unit.rules if r.label == label), None)
            if rule is not None and rule.key not in ("pin", "absence"):
                found += self._settings(rule, conflict, before)
        return found

    def _settings(self, rule: Rule, conflict: Conflict, before: Sequence[Change]) -> Iterator[Change]:
        """Yield for each setting of a rule the nearest value that lets the conflict's instances hold."""
        count = sum(instance.rule == rule.label for instance in conflict.instances)
        size = len(conflict.unit.people)

        def change(field: str, value: Any, cost: int) -> Change:
            return Change(
                cost=max(1, cost),
                unit=conflict.unit.name,
                rule=rule.label,
                field=field,
                before=getattr(rule, field),
                value=value,
            )

        for field in type(rule).model_fields:
            value = getattr(rule, field)
            if field.startswith("weight"):
                continue
            for ladder in _ladders(field, value, size):
                options = [v for v in ladder if _with(rule, field, v) != rule]
                nearest = self._first(
                    [
                        change(field, v, (n + 1) * max(1, count) * _scale(value, size))
                        for n, v in enumerate(options)
                    ],
                    conflict,
                    before,
                )
                if nearest is not None:
                    yield nearest
        soft = change("weight", SOFT_WEIGHT, SOFT_COST + count)
        # A rule that settles person-days settles them whatever its weight.
        if rule.weight is None and rule.scope != "cell" and self._resolves([*before, soft], conflict):
            yield soft

    def _first(self, ladder: Sequence[Change], conflict: Conflict, before: Sequence[Change]) -> Change | None:
        """Return the first change of a ladder that resolves the conflict, by bisection: farther never resolves less."""
        if not ladder or not self._resolves([*before, ladder[-1]], conflict):
            return None
        low, high, step = -1, len(ladder) - 1, 1
        while high - low > 1:
            middle = min(low + step, (low + high) // 2) if step < high - low else (low + high) // 2
            step *= 2
            if self._resolves([*before, ladder[middle]], conflict):
                high = middle
            else:
                low = middle
        return ladder[high]


def _applied(unit: Unit, changes: Sequence[Change]) -> Unit:
    for change in changes:
        if change.kind == "setting":
            unit = change.apply(unit) if any(r.label == change.rule for r in unit.rules) else unit
        elif change.unit == unit.name:
            unit = change.apply(unit)
    return unit


def _cells(conflict: Conflict) -> Iterator[Change]:
    """Yield the pins, absences and list entries that take part in a conflict."""
    unit = conflict.unit
    people = {person.id: person for person in unit.people}
    for instance in conflict.instances:
        rule = next((r for r in unit.rules if r.label == instance.rule), None)
        key = rule.key if rule is not None else ""
        if key not in ("pin", "absence", "it_capable") or not instance.people:
            continue
        person = people[instance.people[0]]
        day = instance.day
        in_policy = bool(
            day
            and (
                (key == "pin" and any(r.pin_of(person, day) for r in unit.rules))
                or (key == "absence" and any(r.absence_of(person, day) for r in unit.rules))
            )
        )
        cost = {"pin": PIN_COST, "absence": ABSENCE_COST, "it_capable": SKILL_COST}[key]
        yield Change(
            cost=cost,
            unit=unit.name,
            kind=key,  # type: ignore[arg-type]
            person=person.id,
            name=person.name,
            day=None if key == "it_capable" else day,
            in_policy=in_policy,
        )


def _ladders(field: str, value: Any, size: int) -> list[list[Any]]:
    """Return the values that a setting could take, nearest first, in each direction apart."""
    if isinstance(value, bool):
        return [[False]] if field == "strict" and value else []
    if isinstance(value, int):
        return [list(range(value - 1, -1, -1)), list(range(value + 1, value + size + 1))]
    if isinstance(value, Fraction):
        here = value * 100
        down = [Fraction(n, 100) for n in range(100, -1, -1) if n < here]
        up = [Fraction(n, 100) for n in range(101) if n > here]
        return [down, up]
    if field == "mode" and value in ("exact", "at_least"):
        return [["target"]]
    if field == "home" and isinstance(value, tuple):
        least, most = value
        return [
            [(least, n) for n in range(most + 1, most + 21)],
            [(n, most) for n in range(least - 1, 0, -1)],
        ]
    return []


def _scale(value: Any, size: int) -> int:
    """Return what one step of a setting costs in a day: a person, or a hundredth of the people."""
    return max(1, size // 100) if isinstance(value, Fraction) else 1


def _with(rule: Rule, field: str, value: Any) -> Rule:
    """Return the rule with one setting changed; itself where the rule would not take it."""
    given = {
        (info.alias or name): getattr(rule, name)
        for name, info in type(rule).model_fields.items()
        if name in rule.model_fields_set
    }
    try:
        return type(rule).model_validate({**given, field: value})
    except ValidationError:
        return rule
