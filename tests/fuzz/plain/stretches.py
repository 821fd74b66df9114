"""Rules over several days, written anew: counts by week or month, weekends, turns, stints."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import Any

from tests.fuzz.plain.days import Days
from tests.fuzz.plain.facts import HOME, OFFICE, Grid, groups, holds_on

OverDays = tuple[int, str, "int | None", list[int]]


class Stretches(Days):
    """What a roster breaks over several days."""

    def over_days(self, rule: Any, grid: Grid) -> Iterator[OverDays]:
        """Yield by how much a rule is broken, to which side, since when and by whom."""
        find = getattr(self, f"_{rule.key}_over_days", None)
        return iter(()) if find is None else find(rule, grid)  # type: ignore[no-any-return]

    def _home_count_over_days(self, rule: Any, grid: Grid) -> Iterator[OverDays]:
        for ks, before, after in self.windows[id(rule)]:
            part = Fraction(len(ks), len(ks) + before + after)
            near = (lambda x: ceil(x - Fraction(1, 2))) if before else (lambda x: floor(x + Fraction(1, 2)))
            least, most = (
                near(rule.at_least * part),
                None if rule.at_most is None else near(rule.at_most * part),
            )
            if rule.partial == "whole":
                least, most = (rule.at_least if part == 1 else 0), rule.at_most
            for i in self.picked[id(rule)]:
                number = sum(grid.status[i][k] == HOME for k in ks)
                could = sum(self._could_be_home(i, k) for k in ks)
                if most is not None and number > most:
                    yield number - most, "over", ks[0], [i]
                if number < min(least, could):
                    yield min(least, could) - number, "under", ks[0], [i]

    def _min_attendance_over_days(self, rule: Any, grid: Grid) -> Iterator[OverDays]:
        for ks, _, _ in self.windows[id(rule)]:
            for i in self.picked[id(rule)]:
                mine = [k for k in ks if self.employed[i][k]]
                away = [self.absent[i][k] for k in mine if self.absent[i][k]]
                counted = sum(kind in rule.counting for kind in away)
                base = len(mine) if rule.base == "working" else len(mine) - len(away) + counted
                need = min(ceil(rule.share * base) - counted, len(mine) - len(away))
                if (there := sum(grid.status[i][k] == OFFICE for k in mine)) < need:
                    yield need - there, "under", ks[0], [i]

    def _together_over_days(self, rule: Any, grid: Grid) -> Iterator[OverDays]:
        if not (rule.days):
            return
        for ks, before, after in self.windows[id(rule)]:
            for team in groups(rule.per, [(i, self.people[i]) for i in self.picked[id(rule)]]).values():
                lacks = [lack for k in ks if (lack := self._lack(rule, grid, team, k)) is not None]
                need = min(len(lacks), rule.days * len(ks) // (len(ks) + before + after))
                if (met := sum(lack <= 0 for lack in lacks)) < need:
                    yield need - met, "under", ks[0], team

    def _weekends_over_days(self, rule: Any, grid: Grid) -> Iterator[OverDays]:
        for i in self.picked[id(rule)]:
            yield from ((*found, None, [i]) for found in self._weekends(rule, grid, i))

    def _preference_over_days(self, rule: Any, grid: Grid) -> Iterator[OverDays]:
        for i in self.picked[id(rule)]:
            unmet = sum(
                self.chosen[id(rule)][i][k] and grid.status[i][k] == (OFFICE if rule.status == HOME else HOME)
                for k in self.columns
            )
            if unmet:
                yield unmet, "", None, [i]

    def _monitor_over_days(self, rule: Any, grid: Grid) -> Iterator[OverDays]:
        if rule.turns != "period":
            return
        yield from ((*found, None, []) for found in self._one_monitor(rule, grid))

    def _start_slot_over_days(self, rule: Any, grid: Grid) -> Iterator[OverDays]:
        if rule.turns != "day":
            return
        names = [f"start {slot}" for slot in rule.slots]
        for i in self.picked[id(rule)]:
            held = [n for k in self.columns if self.chosen[id(rule)][i][k] for n in grid.of(i, k)]
            if uneven := self._uneven([held.count(n) for n in names]):
                yield uneven, "over", None, [i]

    def _stint_over_days(self, rule: Any, grid: Grid) -> Iterator[OverDays]:
        for i in self.picked[id(rule)]:
            yield from ((1, "", None, [i]) for _ in self._stints(rule, grid, i))

    def _could_be_home(self, i: int, k: int) -> bool:
        if not self.present[i][k]:
            return False
        pin = self.pins[i][k]
        return pin.status == HOME if pin is not None else self.granted[i][k] and not self.kept[i][k]

    def _weekends(self, rule: Any, grid: Grid, i: int) -> Iterator[tuple[int, str]]:
        spent: dict[date, list[str]] = {}
        for k, day in enumerate(self.days):
            if day.weekday() > 4 and holds_on(rule.when, day):
                spent.setdefault(day - timedelta(days=day.weekday() - 5), []).append(grid.status[i][k])
        on_site = sum(OFFICE in statuses for statuses in spent.values())
        if rule.at_most is not None and on_site > rule.at_most:
            yield on_site - rule.at_most, "over"
        for saturday, statuses in spent.items() if rule.complete else ():
            entry = self.unit.ledger.entries.get(self.people[i].id)
            if entry is not None and self.unit.adjoins and self.unit.ledger.last_day == saturday:
                both = {*statuses, entry.last_status}
            else:
                both = {*statuses}
            if {HOME, OFFICE} <= both:
                yield 1, ""

    def _one_monitor(self, rule: Any, grid: Grid) -> Iterator[tuple[int, str]]:
        """One person is the monitor on every day that he or she is present."""
        monitors, _ = self.monitors[id(rule)]
        candidates = {i for day in monitors for i in day}
        first = 0
        for i in candidates:
            marks = ["monitor" in grid.of(i, k) for k in self.columns if i in monitors[k]]
            first += marks[0]
            yield from ((1, "") for before, after in itertools.pairwise(marks) if before != after)
        if candidates and first != 1:
            yield abs(first - 1), ""

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
            past = [before] * length if goes_on and before in (HOME, OFFICE) else []
            days = [*past, *(row[k] for k in stretch)]
            chosen = [*([True] * len(past)), *(free[k] for k in stretch)]
            new = len(past)
            for status, fewest in ((HOME, least), (OFFICE, rule.office_least)):
                for a, b in runs([s == status for s in days]):
                    if status == HOME and b > new and b - a > most:
                        yield "home too long"
                    began, ended = a > 0 and chosen[a - 1], b < len(days) and chosen[b]
                    if a == 0 and new:  # it began in the last period, after something else
                        began = True
                    if b - a < fewest and began and ended and b >= new:
                        yield f"{status} too short"
            if longest is not None:
                waits = [s == OFFICE and c for s, c in zip(days, chosen, strict=True)]
                if new > longest and before == OFFICE:
                    waits[:new] = [False] * new
                if any(b - a > longest for a, b in runs(waits)):
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
            if number == 0 and before in (HOME, OFFICE) and last is not None:
                if last.isocalendar()[:2] == self.days[0].isocalendar()[:2]:
                    if mine and mine[0] != before:
                        yield "week"
                else:
                    line.append(before)
            if len(set(mine)) > 1:
                yield "week"
            line.append(mine[0] if mine else "")
        if any(a == b == HOME for a, b in itertools.pairwise(line)):
            yield "home too long"
        if longest is not None and any(b - a > longest for a, b in runs([s == OFFICE for s in line])):
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


def runs(marks: Sequence[bool]) -> list[tuple[int, int]]:
    """Return where each run of True begins, and where it has ended."""
    found, start = [], 0
    for value, some in itertools.groupby(marks):
        size = len(list(some))
        if value:
            found.append((start, start + size))
        start += size
    return found
