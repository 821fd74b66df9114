"""Why a unit has no roster: every independent smallest set of rule instances that cannot all hold.

Counting and flows first, then the instances of single days and of single people, then all of them, each instance on
a literal of its own. What the solver returns as sufficient can hold literals never assumed (OR-Tools issue 5141), so
it is intersected, confirmed with presolve off, and thinned out one by one. Nothing unconfirmed is returned.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from itertools import groupby

from scheduler.constraints.base import Instance
from scheduler.language import Bilingual, format_date
from scheduler.problem import Unit
from scheduler.roster import Replaced
from scheduler.solve.conflicts.counting import can_hold, find_flow_conflict, find_short
from scheduler.solve.conflicts.demands import Demands
from scheduler.solve.conflicts.flows import drop
from scheduler.solve.frame import DEFAULT
from scheduler.solve.search import Effort

MOST_CONFLICTS = 40
"""Beyond so many the rest is surely of the same kind."""

MOST_ABSENCES = 24
"""So many absences at most are tried one by one for their part in a conflict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A smallest set of rule instances that cannot all hold: without any one of them the others can.

    Attributes
    ----------
    instances : of rules, in their order; absences without which there would be no conflict come last.
    by_counting : whether counting alone shows it.
    """

    unit: Unit
    instances: tuple[Instance, ...]
    by_counting: bool = False

    @property
    def rules(self) -> frozenset[str]:
        """The labels of the rules that take part."""
        return frozenset(instance.rule for instance in self.instances)

    def sentences(self) -> tuple[Bilingual, ...]:
        """Return what each rule demands, alike instances together."""
        return tuple(describe(self.unit, group) for group in _alike(self.unit, self.instances))


def find_conflicts(
    unit: Unit,
    effort: Effort,
    replaced: Replaced | None = None,
    *,
    demands: Demands | None = None,
    most: int = MOST_CONFLICTS,
) -> tuple[Conflict, ...]:
    """Return conflicts that share no instance, until what is left can hold; empty where none was confirmed.

    Parameters
    ----------
    demands : of the unit, where they are known.
    most : so many conflicts at most.
    """
    demands = demands or Demands(unit, replaced)
    taken: set[int] = set()
    conflicts: list[Conflict] = []
    while len(conflicts) < most and not effort.is_over:
        found = _next(demands, taken, effort)
        if found is None:
            break
        numbers, by_counting = found
        instances = tuple(demands.instance(number) for number in numbers)
        absences = _absences(unit, instances, effort, replaced)
        conflicts.append(Conflict(unit=unit, instances=(*instances, *absences), by_counting=by_counting))
        taken.update(numbers)
    return tuple(conflicts)


# Finding one ------------------------------------------------------------------------------------------------------


def _next(demands: Demands, taken: Set[int], effort: Effort) -> tuple[list[int], bool] | None:
    """Return the next conflict among the instances not `taken`, and whether counting shows it: days before rows."""
    pool = _left(demands.without_rows, taken)
    short = find_short(demands, pool)
    if not short:
        pool = _left(demands.numbers, taken)
        short = find_short(demands, pool)
    if short:
        thin = (
            _confirmed(demands, short, effort) if _is_thin(demands, short) else _thin(demands, short, effort)
        )
        if thin:
            return thin, True
    if flow := find_flow_conflict(demands, pool):
        return flow, True
    if demands.is_feasible(pool, effort.limit):
        return None
    for kind in ("day", "person"):
        local = _local(demands, pool, kind)
        if (
            any(local.values())
            and demands.is_feasible([n for part in local.values() for n in part], effort.limit) is False
        ):
            for part in local.values():
                if part and (found := _minimal(demands, part, effort)):
                    return found, False
    found = _minimal(demands, pool, effort)
    return (found, False) if found else None


def _left(numbers: Sequence[int], taken: Set[int]) -> Sequence[int]:
    return [number for number in numbers if number not in taken] if taken else numbers


def _local(demands: Demands, pool: Sequence[int], kind: str) -> dict[object, list[int]]:
    """Return the instances that concern a single day, by day, or a single person, by person."""
    parts: dict[object, list[int]] = {}
    for number in pool:
        places = {
            (cell[1] if kind == "day" else cell[0])
            for demand in demands.of_instance[number]
            for cell in demands.cells_of(demand)
        }
        if len(places) == 1:
            parts.setdefault(places.pop(), []).append(number)
    return parts


def _minimal(demands: Demands, pool: Sequence[int], effort: Effort) -> list[int] | None:
    """Return a smallest contradictory part of `pool`, confirmed; None where there is none, or none is confirmed."""
    core = demands.core(pool, effort.limit)
    if core is None:
        return None
    if not core or demands.is_feasible(core, effort.limit, presolve=False) is not False:
        core = list(pool)
    return _thin(demands, core, effort)


def _thin(demands: Demands, core: Sequence[int], effort: Effort) -> list[int] | None:
    """Delete block by block, then one by one, what the contradiction does not need; confirm with presolve off."""

    def impossible(chosen: Sequence[int]) -> bool:
        return demands.is_feasible(chosen, effort.limit) is False

    return _confirmed(demands, drop(list(core), impossible), effort)


def _confirmed(demands: Demands, core: list[int], effort: Effort) -> list[int] | None:
    return core if demands.is_feasible(core, effort.limit, presolve=False) is False else None


def _is_thin(demands: Demands, short: Sequence[int]) -> bool:
    """Whether one demand and as many settled person-days as leave it too little are all: none is to spare then.

    Not so where a person-day counts twice, by its home and by a role: both cannot hold, settled or not.
    """
    coupling = [n for n in short if any(len(demand.literals) > 1 for demand in demands.of_instance[n])]
    if len(coupling) != 1 or len(demands.of_instance[coupling[0]]) != 1:
        return False
    cells = list(demands.cells_of(demands.of_instance[coupling[0]][0]))
    return len(set(cells)) == len(cells)


# Absences ---------------------------------------------------------------------------------------------------------


def _absences(
    unit: Unit, instances: Sequence[Instance], effort: Effort, replaced: Replaced | None
) -> Iterator[Instance]:
    """Return the absences without which the instances could hold, as instances of their own."""
    people = {person_id for instance in instances for person_id in instance.people}
    days = {instance.day for instance in instances if instance.day is not None}
    reach = [key for key in unit.absences if key[0] in people and (not days or key[1] in days)]
    if len(days) > 1 or not days:
        first = min(days, default=unit.horizon.first)
        reach = [key for key in unit.absences if key[0] in people and key[1] >= first]
    if not reach or len(reach) > MOST_ABSENCES:
        return iter(())

    of: dict[str, list[Instance]] = defaultdict(list)
    for instance in instances:
        of[instance.rule].append(instance)

    def impossible(without: Sequence[tuple[str, object]]) -> bool:
        gone = set(without)
        present = replace(unit, absences={k: v for k, v in unit.absences.items() if k not in gone})
        demands = Demands(present, replaced, frozenset(i.rule for i in instances))
        back = {person_id for person_id, _ in gone}
        chosen = [
            n for n, i in demands.instances.items() if any(_is_same(i, old, back) for old in of[i.rule])
        ]
        return can_hold(demands, chosen, effort.limit) is False

    needed = list(reach)
    if impossible(reach):
        return iter(())
    for key in list(reach):
        fewer = [other for other in needed if other != key]
        if impossible([k for k in reach if k not in fewer]):
            needed = fewer
    label = next((rule.label for rule in unit.rules if rule.key == "absence"), "absence")
    return iter(
        Instance(rule=label, day=day, people=(person_id,), facts={"kind": unit.absences[person_id, day]})
        for person_id, day in needed
    )


def _is_same(instance: Instance, old: Instance, back: Set[str]) -> bool:
    """Whether an instance is an old one, perhaps with people in it who have come back."""
    people, before = set(instance.people), set(old.people)
    return instance.day == old.day and before <= people <= before | back


# Words ------------------------------------------------------------------------------------------------------------


def describe(unit: Unit, instances: Sequence[Instance] | Instance) -> Bilingual:
    """Return alike instances as one sentence, with its dates in front."""
    group = [instances] if isinstance(instances, Instance) else list(instances)
    first = group[0]
    people = tuple(dict.fromkeys(person_id for instance in group for person_id in instance.people))
    days = sorted({instance.day for instance in group if instance.day is not None})
    sentence = _sentence(unit, replace(first, people=people))
    if not days or (len(days) == 1 and _names_day(sentence, days[0])):
        return sentence
    return Bilingual(
        id=f"{dates_text(days, 'id')}: {sentence.id}",
        en=f"{dates_text(days, 'en')}: {sentence.en}",
    )


def _sentence(unit: Unit, instance: Instance) -> Bilingual:
    if instance.rule == DEFAULT:
        names = unit.names(instance.people)
        return Bilingual(
            id=f"tidak ada aturan yang menugaskan {names} di rumah.", en=f"no rule sends {names} home."
        )
    rule = next(rule for rule in unit.rules if rule.label == instance.rule)
    return rule.sentence(unit, instance)


def _names_day(sentence: Bilingual, day: object) -> bool:
    return format_date(day, "en") in sentence.en  # type: ignore[arg-type]


def dates_text(days: Sequence[object], language: str) -> str:
    """Return some days in order as words: each of up to three, else the first and the last with their number."""
    texts = [format_date(day, language) for day in days]  # type: ignore[arg-type]
    if len(texts) <= 3:
        return ", ".join(texts)
    more = len(texts) - 2
    return f"{texts[0]} – {texts[-1]} ({more + 2} {'hari' if language == 'id' else 'days'})"


def _alike(unit: Unit, instances: Sequence[Instance]) -> Iterator[list[Instance]]:
    """Yield the instances of one rule that differ only in their people, or only in their day."""

    def facts(instance: Instance) -> tuple[object, ...]:
        pin = unit.pins.get((instance.people[0], instance.day)) if instance.people and instance.day else None
        why = pin.why if pin is not None and len(instance.people) == 1 else ""
        return (instance.rule, str(sorted(instance.facts.items())), why)

    ordered = sorted(enumerate(instances), key=lambda item: (_first(instances, item[1].rule), item[0]))
    for _, same in groupby((instance for _, instance in ordered), key=facts):
        group = list(same)
        if len({i.day for i in group}) > 1 and len({i.people for i in group}) > 1:
            by_day: dict[object, list[Instance]] = {}
            for instance in group:
                by_day.setdefault(instance.people, []).append(instance)
            yield from by_day.values()
        else:
            yield group


def _first(instances: Sequence[Instance], rule: str) -> int:
    return next(number for number, instance in enumerate(instances) if instance.rule == rule)
