"""Rules of single days, written anew: by how much each is broken, to which side, and by whom."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from math import ceil
from typing import Any

from tests.fuzz.plain.facts import HOME, OFFICE, Facts, Grid, groups, holds_on

OnDay = tuple[int, str, list[int]]


class Days(Facts):
    """What a roster breaks on single days."""

    def on_day(self, rule: Any, grid: Grid, k: int) -> Iterator[OnDay]:
        """Yield by how much a rule is broken on one day, to which side, and by which group."""
        settling = rule.key in ("always_office", "always_home", "it_capable", "weekday", "cohort")
        find = getattr(self, "_settling" if settling else f"_{rule.key}_on_day", None)
        return iter(()) if find is None else find(rule, grid, k)  # type: ignore[no-any-return]

    def mine(self, rule: Any, k: int) -> list[int]:
        """Return whom a rule is for on a day."""
        return [i for i in self.rows if self.chosen[id(rule)][i][k]]

    def _settling(self, rule: Any, grid: Grid, k: int) -> Iterator[OnDay]:
        mine = self.mine(rule, k)
        for i in mine:
            wanted, found = self._wants(rule, i, k), grid.status[i][k]
            if wanted is None or found not in (HOME, OFFICE) or found == wanted:
                continue
            if self.pins[i][k] is not None and rule.key != "it_capable":
                continue
            if wanted == HOME and (self.kept[i][k] or (rule.key != "cohort" and self.duties(grid, i, k))):
                continue
            yield 1, "", [i]

    def _pin_on_day(self, rule: Any, grid: Grid, k: int) -> Iterator[OnDay]:
        for i in self.rows:
            pin = self.pins[i][k]
            if pin is not None and grid.status[i][k] in (HOME, OFFICE) and grid.status[i][k] != pin.status:
                yield 1, "", [i]

    def _home_quota_on_day(self, rule: Any, grid: Grid, k: int) -> Iterator[OnDay]:
        home = [i for i in self.rows if grid.status[i][k] == HOME]
        group, target = self.quotas[id(rule)][k]
        found = sum(i in home for i in group)
        if rule.mode != "at_least" and found > target:
            yield found - target, "over", group
        called = sum(self._is_called(grid, i, k) for i in self._able(group, k))
        if rule.mode in ("at_least", "exact") and found + called < target:
            yield target - found - called, "under", group

    def _min_on_site_on_day(self, rule: Any, grid: Grid, k: int) -> Iterator[OnDay]:
        mine = self.mine(rule, k)
        office = [i for i in self.rows if grid.status[i][k] == OFFICE]
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

    def _capacity_on_day(self, rule: Any, grid: Grid, k: int) -> Iterator[OnDay]:
        if rule.warn:
            return
        mine = self.mine(rule, k)
        office = [i for i in self.rows if grid.status[i][k] == OFFICE]
        for group in groups(rule.per, [(i, self.people[i]) for i in mine]).values():
            if (found := sum(i in office for i in group)) > rule.at_most:
                yield found - rule.at_most, "over", group

    def _apart_on_day(self, rule: Any, grid: Grid, k: int) -> Iterator[OnDay]:
        mine = self.mine(rule, k)
        home = [i for i in self.rows if grid.status[i][k] == HOME]
        office = [i for i in self.rows if grid.status[i][k] == OFFICE]
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

    def _together_on_day(self, rule: Any, grid: Grid, k: int) -> Iterator[OnDay]:
        if not (
            not rule.days and self.days[k].weekday() in rule.weekday and holds_on(rule.when, self.days[k])
        ):
            return
        for team in groups(rule.per, [(i, self.people[i]) for i in self.picked[id(rule)]]).values():
            lack = self._lack(rule, grid, team, k)
            if lack is not None and lack > 0:
                yield lack, "under", team

    def _service_post_on_day(self, rule: Any, grid: Grid, k: int) -> Iterator[OnDay]:
        mine = self.mine(rule, k)
        officers = [i for i in mine if self.employed[i][k]]
        holders = [i for i in self.rows if rule.name in grid.of(i, k)]
        strange = [i for i in holders if i not in officers]
        wanted, found = (rule.at_least if officers else 0), len(holders) - len(strange)
        if strange or wanted != found:
            yield max(1, abs(found - wanted)), "over" if found > wanted else "under", officers

    def _monitor_on_day(self, rule: Any, grid: Grid, k: int) -> Iterator[OnDay]:
        monitors, deputies = self.monitors[id(rule)]
        number = sum(len(grid.of(i, k) & {"monitor", "deputy"}) for i in self.rows)
        if (monitors[k] or deputies[k]) and number != 1:
            yield abs(number - 1), "over" if number > 1 else "under", []

    def _start_slot_on_day(self, rule: Any, grid: Grid, k: int) -> Iterator[OnDay]:
        mine = self.mine(rule, k)
        office = [i for i in self.rows if grid.status[i][k] == OFFICE]
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
        """Return those of a group present whom no rule keeps at the office, or who are pinned at home all the same."""
        return [i for i in group if self.present[i][k] and (not self.kept[i][k] or self._is_sent(i, k))]

    def _is_sent(self, i: int, k: int) -> bool:
        pin = self.pins[i][k]
        return pin is not None and pin.status == HOME

    def _lack(self, rule: Any, grid: Grid, team: Sequence[int], k: int) -> int | None:
        """Return how many a team lacks for a meeting; None where there is nobody to meet."""
        could = [
            i for i in team if self.present[i][k] and not ((pin := self.pins[i][k]) and pin.status == HOME)
        ]
        if len(could) < 2:
            return None
        return ceil(rule.share * len(could)) - sum(grid.status[i][k] == OFFICE for i in could)
