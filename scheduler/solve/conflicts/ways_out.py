"""The cheapest ways out of conflicts: settings, pins, leave or list entries that, changed, let a roster exist.

Each is tried on the first conflict's own instances, cheapest first, then confirmed by solving every unit that it
touches: nothing is offered that was not found to make them feasible. The work is bounded by counting person-days
looked at, so that the same ways out are found on any machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace

from scheduler.constraints.base import Rule
from scheduler.problem import Unit
from scheduler.roster import Replaced
from scheduler.solve.conflicts.change import Change, WayOut, applied
from scheduler.solve.conflicts.conflict import Conflict, find_conflicts
from scheduler.solve.conflicts.counting import can_all_hold, can_hold, find_short, grid_of
from scheduler.solve.conflicts.demands import Demands
from scheduler.solve.conflicts.options import cell_changes, ladders, softening, values_of
from scheduler.solve.search import Effort

WORK = 300_000
"""Person-days that all tries together may look at; a unit of 500 people and 10 days gets 60 tries."""

TRY, REBUILD, CONFIRM = 1, 4, 5
"""What a try on changed settings, a try that rebuilds the unit, and a confirmation weigh."""

LOCAL_LIMIT, CONFIRM_LIMIT = 0.5, 5.0
"""Deterministic seconds for a try on a conflict's own instances, and for a confirmation; what takes longer is not offered."""

MOST_WAYS, MOST_ALIKE, MOST_CHANGES = 5, 2, 12


def find_ways_out(
    units: Sequence[Unit],
    conflicts: Sequence[Conflict],
    effort: Effort,
    replaced: Mapping[str, Replaced] | None = None,
    known: Mapping[str, Demands] | None = None,
) -> tuple[WayOut, ...]:
    """Return the cheapest ways out, cheapest first, each checked on every unit that it changes.

    Parameters
    ----------
    units : all units, for a setting holds for all of them.
    conflicts : of those that have no roster.
    known : the demands of units, where they were built already.
    """
    if not conflicts:
        return ()
    search = _Search(units, {c.unit.name for c in conflicts}, effort, replaced or {}, known or {})
    found: dict[frozenset[tuple[str, ...]], WayOut] = {}
    starts = sorted(search.resolving(conflicts[0]), key=lambda change: change.cost)
    for number, start in enumerate(starts):
        alike = sum(way.changes[0].kind == start.kind != "setting" for way in found.values())
        if len(found) >= MOST_WAYS or effort.is_over or search.is_spent:
            break
        if alike >= MOST_ALIKE:
            continue
        way = search.complete(start, conflicts, among=len(starts) - number)
        if way is not None:
            key = frozenset(change.key for change in way.changes)
            if not any(other <= key for other in found):  # what does with less is offered already
                found[key] = way
    return tuple(sorted(found.values(), key=lambda way: (way.cost, len(way.changes))))


class _Search:
    """Trying changes on units, within the work allowed."""

    def __init__(
        self,
        units: Sequence[Unit],
        stuck: set[str],
        effort: Effort,
        replaced: Mapping[str, Replaced],
        known: Mapping[str, Demands],
    ) -> None:
        self.units = units
        self.stuck = stuck
        self.effort = effort
        self.replaced = replaced
        self._demands = dict(known)
        self._left = WORK
        self._reserve = 0
        self._last: tuple[object, Demands] | None = None

    @property
    def is_spent(self) -> bool:
        """Whether the work allowed is used up."""
        return self._left <= 0

    def complete(self, start: Change, conflicts: Sequence[Conflict], among: int) -> WayOut | None:
        """Return a way out that begins with `start`, with the cheapest further changes that it needs.

        Parameters
        ----------
        among : so many beginnings share the work left; one may take twice its part.
        """
        self._reserve = max(0, self._left - max(2 * self._left // max(1, among), self._left // 4))
        try:
            return self._complete(start, conflicts)
        finally:
            self._reserve = 0

    def _complete(self, start: Change, conflicts: Sequence[Conflict]) -> WayOut | None:
        changes = [self._far_enough(start, conflicts)]
        had = {(c.key, str(value)) for c in changes for value in (c.before, c.value)}
        waiting = list(conflicts[1:])  # the first is what `start` was chosen for
        for _ in range(MOST_CHANGES):
            if self._left <= self._reserve:
                break
            waiting = [c for c in waiting if not (_concerns(changes, c) and self._resolves(changes, c))]
            if not waiting:
                left = self._first_left(changes)
                if left is None:
                    return WayOut(changes=tuple(changes))
                waiting = list(left)
            further = self._cheapest(waiting[0], changes, had) if waiting else None
            if further is None:
                return None
            had |= {(further.key, str(value)) for value in (further.before, further.value)}
            same = [c for c in changes if c.kind == "setting" and c.key == further.key]
            if same:
                further = replace(further, before=same[0].before, cost=further.cost + same[0].cost)
            changes = [c for c in changes if c not in same] + [further]
        return None

    def _far_enough(self, start: Change, conflicts: Sequence[Conflict]) -> Change:
        """Return a setting's change with the nearest value at which counting alone denies no unit with its rule in a
        conflict a roster.

        The change itself where it is of another kind, or no value is enough.
        """
        stuck = {conflict.unit.name for conflict in conflicts if start.rule in conflict.rules}
        units = [unit for unit in self.units if unit.name in stuck]
        rule, unit = next(
            ((r, u) for u in units for r in u.rules if r.label == start.rule and start.kind == "setting"),
            (None, None),
        )
        if rule is None or unit is None:
            return start
        step = start.cost
        for ladder in values_of(rule, start.field, len(unit.people)):
            if start.value in ladder:
                further = ladder[ladder.index(start.value) :]
                break
        else:
            return start

        def is_enough(number: int) -> bool:
            change = replace(start, value=further[number])
            return self._left > self._reserve and all(self._counts_allow(u, change) for u in units)

        low, high, stride = -1, 0, 1
        while not is_enough(high):
            if high == len(further) - 1:
                return start
            low, high = high, min(high + stride, len(further) - 1)
            stride *= 2
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if is_enough(middle) else (middle, high)
        position = ladder.index(start.value) + 1
        return replace(start, value=further[high], cost=step * (position + high) // position)

    def _counts_allow(self, unit: Unit, change: Change) -> bool:
        if not any(rule.label == change.rule for rule in unit.rules):
            return True
        demands = self._after([change], unit)
        if find_short(demands, demands.without_rows) is not None:
            return False
        pool = demands.numbers
        return find_short(demands, pool) is None and grid_of(demands, pool).is_dealt()

    def _cheapest(
        self, conflict: Conflict, changes: Sequence[Change], had: Set[tuple[tuple[str, ...], str]]
    ) -> Change | None:
        """Return the cheapest change that resolves one more conflict: of a setting changed already where one does.

        No setting goes back to a value that it `had`, by its key, or it would go to and fro.
        """
        begun = {change.key for change in changes if change.kind == "setting"}

        def new(options: Iterable[Change]) -> list[Change]:
            return [c for c in options if c.kind != "setting" or (c.key, str(c.value)) not in had]

        options = new(self._settings(conflict, changes, only=begun)) if begun else []
        options = options or new(self.resolving(conflict, changes))
        return min(options, key=lambda change: change.cost, default=None)

    def _first_left(self, changes: Sequence[Change]) -> tuple[Conflict, ...] | None:
        """Return a conflict left in the units that the changes touch; None where every unit has a roster."""
        settings = any(change.kind == "setting" for change in changes)
        for unit in self.units:
            if not settings and unit.name not in self.stuck:
                continue
            changed = applied(unit, changes)
            if changed is unit and unit.name not in self.stuck:
                continue
            self._spend(unit, CONFIRM)
            demands = Demands(changed, self.replaced.get(unit.name))
            limit = min(CONFIRM_LIMIT, self.effort.limit)
            if can_all_hold(demands, limit) is not True:
                effort = replace(self.effort, limit=limit)
                return find_conflicts(changed, effort, self.replaced.get(unit.name), demands=demands, most=1)
        return None

    # Trying on a conflict's own instances -------------------------------------------------------------------------

    def resolving(self, conflict: Conflict, before: Sequence[Change] = ()) -> list[Change]:
        """Return the changes each of which lets a conflict's instances hold, after those made `before`.

        A conflict is irreducible: without its pin, or with somebody able to use IT, the rest can hold.
        """
        found = [
            change
            for change in cell_changes(conflict)
            if change.kind != "absence" or self._resolves([*before, change], conflict)
        ]
        return [*found, *self._settings(conflict, before)]

    def _settings(
        self, conflict: Conflict, before: Sequence[Change], only: set[tuple[str, ...]] | None = None
    ) -> Iterator[Change]:
        """Yield for each setting of a conflict's rules the nearest value that lets its instances hold."""
        unit = applied(self._unit(conflict), before)
        for label in dict.fromkeys(instance.rule for instance in conflict.instances):
            rule = next((r for r in unit.rules if r.label == label), None)
            if rule is None or rule.key in ("pin", "absence"):
                continue
            for ladder in ladders(rule, unit, conflict):
                if only is None or ladder[0].key in only:
                    nearest = self._nearest(ladder, conflict, before)
                    if nearest is not None:
                        yield nearest
            soft = softening(rule, unit, conflict) if only is None else None
            if soft is not None and self._resolves([*before, soft], conflict):
                yield soft

    def _nearest(
        self, ladder: Sequence[Change], conflict: Conflict, before: Sequence[Change]
    ) -> Change | None:
        """Return the first change of a ladder that resolves the conflict, by bisection: farther never resolves less."""
        if not self._resolves([*before, ladder[-1]], conflict):
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

    def _resolves(self, changes: Sequence[Change], conflict: Conflict) -> bool:
        """Whether the instances of a conflict could all hold after the changes; False once the work is used up."""
        if self._left <= self._reserve:
            return False
        demands = self._after(changes, self._unit(conflict))
        wanted = {(i.rule, i.day, i.people) for i in conflict.instances}
        chosen = [n for n, i in demands.instances.items() if (i.rule, i.day, i.people) in wanted]
        return can_hold(demands, chosen, min(LOCAL_LIMIT, self.effort.limit)) is True

    def _after(self, changes: Sequence[Change], unit: Unit) -> Demands:
        """Return a unit's demands after changes; those asked for last are kept."""
        key = (unit.name, tuple((change.key, str(change.value)) for change in changes))
        if self._last is None or self._last[0] != key:
            after = applied(unit, changes)
            demands = self._of(unit).with_settings(after)
            self._spend(unit, REBUILD if demands is None else TRY)
            self._last = key, demands or Demands(after, self.replaced.get(unit.name))
        return self._last[1]

    def _unit(self, conflict: Conflict) -> Unit:
        """Return the unit of a conflict as it is without any change."""
        return next((unit for unit in self.units if unit.name == conflict.unit.name), conflict.unit)

    def _of(self, unit: Unit) -> Demands:
        if unit.name not in self._demands:
            self._demands[unit.name] = Demands(unit, self.replaced.get(unit.name))
        return self._demands[unit.name]

    def _spend(self, unit: Unit, weight: int) -> None:
        self._left -= weight * len(unit.people) * max(1, len(unit.horizon.workdays))


def _concerns(changes: Sequence[Change], conflict: Conflict) -> bool:
    """Whether changes touch anything that takes part in a conflict."""
    keys: dict[str, Rule] = {rule.label: rule for rule in conflict.unit.rules}
    for change in changes:
        if change.kind == "setting" and change.rule in conflict.rules:
            return True
        for instance in conflict.instances:
            about = change.unit == conflict.unit.name and change.person in instance.people
            if about and change.kind != "setting" and change.day in (None, instance.day):
                return True
            if about and change.kind == "absence" and keys.get(instance.rule) is not None:
                return True
    return False
