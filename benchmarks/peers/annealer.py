"""Simulated annealing, compiled by numba: swaps within a quota's day, and turns in posts handed from one to another.

Every day has its target at home from the start and keeps it, as a swap sends one home and fetches one back. Stints, floors,
posts held by somebody at home and two posts at once cost 2,000 points each, the weighted sum is as it is; a move's
change is worked out from the two rows, their balances and the floors of that day. More than half of the swaps swap another day back, which keeps both balances. Geometric cooling by the clock, the best
state found is kept. Compiling is not counted.
"""

from __future__ import annotations

import time
from typing import Any

import numba
import numpy as np

from benchmarks.peers.talk import Answer, run

HARD = 20 * 2000
HOT, COLD = 20 * 200.0, 20 * 0.2
MOVES = 20_000
"""Moves between two looks at the clock."""


@numba.njit(cache=True)
def row_cost(i, cells, home, most, longest, home_before, office_before, singles):  # type: ignore[no-untyped-def]
    """Return what one person's stints cost."""
    days = home.shape[1]
    at_home, at_office, cost = home_before[i], office_before[i], 0
    for k in range(days):
        if home[i, k]:
            at_home += 1
            if at_home > most:
                cost += HARD
            if singles and 0 < k < days - 1 and not home[i, k - 1] and not home[i, k + 1]:
                cost += 20
        else:
            at_home = 0
        if cells[i, k] == 3 and not home[i, k]:
            at_office += 1
            if at_office > longest[i]:
                cost += HARD
        else:
            at_office = 0
    return cost


@numba.njit(cache=True)
def extremes(values, people):  # type: ignore[no-untyped-def]
    """Return the most and the least of the values of some people."""
    most = least = values[people[0]]
    for i in people:
        most = max(most, values[i])
        least = min(least, values[i])
    return most, least


@numba.njit(cache=True)
def swap(i, j, k, home, balance, border, is_border, member, on_site):  # type: ignore[no-untyped-def]
    """Fetch i to the office and send j home."""
    home[i, k], home[j, k] = 0, 1
    balance[i] -= 1000
    balance[j] += 1000
    if is_border[k]:
        border[i] -= 1000
        border[j] += 1000
    for s in range(member.shape[0]):
        on_site[s, k] += member[s, i] - member[s, j]


@numba.njit(cache=True)
def day_cost(i, j, k, home, if_home, if_office, member, need, on_site, held):  # type: ignore[no-untyped-def]
    """Return what two people's day costs: wishes, posts held at home, floors."""
    cost = 0
    for x in (i, j):
        cost += if_home[x, k] + HARD * held[x, k] if home[x, k] else if_office[x, k]
    for s in range(member.shape[0]):
        if need[s, k] > on_site[s, k]:
            cost += HARD * (need[s, k] - on_site[s, k])
    return cost


@numba.njit(cache=True)
def spread_cost(people, balance, border):  # type: ignore[no-untyped-def]
    """Return what the spreads of a group cost."""
    top, bottom = extremes(balance, people)
    border_top, border_bottom = extremes(border, people)
    return 20 * (top - bottom) + 4 * (border_top - border_bottom)


@numba.njit(cache=True)
def anneal(moves, heat, cells, home, groups, sizes, balance, border, is_border, if_home, if_office, member, need, on_site,  # noqa: PLR0915 - one compiled loop
           most, longest, home_before, office_before, singles, officers, counts, numbers, alone, holder, in_role, busy,
           held, turns, role_people, role_sizes):  # fmt: skip  # type: ignore[no-untyped-def]
    """Make so many moves at one temperature; return the change of cost."""
    days, gained = home.shape[1], 0
    roles = officers.shape[0]
    for _ in range(moves):
        k = np.random.randint(days)
        if roles and np.random.random() < 0.15:
            r = np.random.randint(roles)
            if counts[r, k] < 2:
                continue
            slot = np.random.randint(numbers[r])
            a, b = holder[r, k, slot], officers[r, k, np.random.randint(counts[r, k])]
            if in_role[r, b, k]:
                continue
            people = role_people[r, : role_sizes[r]]
            top, bottom = extremes(turns[r], people)
            before = 20 * (top - bottom) + abs(turns[r, a]) + abs(turns[r, b]) + HARD * home[a, k]
            turns[r, a] -= 1000
            turns[r, b] += 1000
            top, bottom = extremes(turns[r], people)
            after = 20 * (top - bottom) + abs(turns[r, a]) + abs(turns[r, b]) + HARD * home[b, k]
            if alone[r]:
                before += HARD * (busy[a, k] > 1)
                after += HARD * (busy[b, k] > 0)
            change = after - before
            if change <= 0 or np.random.random() < np.exp(-change / heat):
                holder[r, k, slot] = b
                in_role[r, a, k], in_role[r, b, k] = 0, 1
                held[a, k] -= 1
                held[b, k] += 1
                if alone[r]:
                    busy[a, k] -= 1
                    busy[b, k] += 1
                gained += change
            else:
                turns[r, a] += 1000
                turns[r, b] -= 1000
            continue
        g = np.random.randint(groups.shape[0])
        if np.random.random() < 0.7:  # larger groups more often
            for _ in range(2):
                other = np.random.randint(groups.shape[0])
                if sizes[other] > sizes[g]:
                    g = other
        if sizes[g] < 2:
            continue
        i, j = groups[g, np.random.randint(sizes[g])], groups[g, np.random.randint(sizes[g])]
        if cells[i, k] != 3 or cells[j, k] != 3 or home[i, k] == home[j, k]:
            continue
        if not home[i, k]:
            i, j = j, i
        # Often a second day is swapped back between the two, which leaves their balances as they are.
        back, first = -1, np.random.randint(days)
        if np.random.random() < 0.6:
            for step in range(days):
                other = (first + step) % days
                if (
                    other != k
                    and cells[i, other] == 3
                    and cells[j, other] == 3
                    and home[j, other]
                    and not home[i, other]
                ):
                    back = other
                    break
            if back < 0:
                continue
        people = groups[g, : sizes[g]]
        moves_spread = back < 0 or is_border[k] != is_border[back]
        before = spread_cost(people, balance, border) if moves_spread else 0
        before += row_cost(i, cells, home, most, longest, home_before, office_before, singles)
        before += row_cost(j, cells, home, most, longest, home_before, office_before, singles)
        before += (
            abs(balance[i])
            + abs(balance[j])
            + day_cost(i, j, k, home, if_home, if_office, member, need, on_site, held)
        )
        if back >= 0:
            before += day_cost(i, j, back, home, if_home, if_office, member, need, on_site, held)
            swap(j, i, back, home, balance, border, is_border, member, on_site)
        swap(i, j, k, home, balance, border, is_border, member, on_site)
        after = row_cost(i, cells, home, most, longest, home_before, office_before, singles)
        after += row_cost(j, cells, home, most, longest, home_before, office_before, singles)
        after += (
            abs(balance[i])
            + abs(balance[j])
            + day_cost(i, j, k, home, if_home, if_office, member, need, on_site, held)
        )
        if back >= 0:
            after += day_cost(i, j, back, home, if_home, if_office, member, need, on_site, held)
        if moves_spread and after - before <= 20 * heat:
            after += spread_cost(people, balance, border)
        change = after - before
        if change <= 0 or np.random.random() < np.exp(-change / heat):
            gained += change
        else:
            swap(j, i, k, home, balance, border, is_border, member, on_site)
            if back >= 0:
                swap(i, j, back, home, balance, border, is_border, member, on_site)
    return gained


class State:
    """The facts as arrays, and a first state: targets filled by those who have waited longest."""

    def __init__(self, facts: dict[str, Any]) -> None:
        n, days = facts["people"], facts["days"]
        letters = facts["cells"]
        self.cells = np.array([["AOH.".index(letter) for letter in row] for row in letters], dtype=np.int8)
        self.home = (self.cells == 2).astype(np.int8)
        self.most = facts["most_home"]
        self.singles = facts["prefer"] == 2
        self.longest = np.array([longest or 10_000 for _, _, longest in facts["rows"]], dtype=np.int64)
        self.home_before = np.array(
            [length if status == "home" else 0 for status, length, _ in facts["rows"]]
        )
        self.office_before = np.array(
            [
                length if status == "office" and length <= (longest or 0) else 0
                for status, length, longest in facts["rows"]
            ]
        )
        self.is_border = np.zeros(days, dtype=np.int8)
        self.is_border[facts["border_days"]] = 1
        self.if_home, self.if_office = (
            np.zeros((n, days), dtype=np.int64),
            np.zeros((n, days), dtype=np.int64),
        )
        for i, k, wants_home, weight in facts["wishes"]:
            (self.if_office if wants_home else self.if_home)[i, k] += 20 * weight
        self._groups(facts, n)
        self._floors(facts, n, days)
        self._roles(facts, n, days)

    def _groups(self, facts: dict[str, Any], n: int) -> None:
        groups = facts["groups"]
        self.balance, self.border = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
        self.sizes = np.array([len(group["offset"]) for group in groups])
        self.groups = np.zeros((len(groups), max(1, self.sizes.max(initial=1))), dtype=np.int64)
        for g, group in enumerate(groups):
            people = [i for i, _ in group["offset"]]
            self.groups[g, : len(people)] = people
            for i, offset in group["offset"]:
                self.balance[i] = offset
            for i, offset in group["border"]:
                self.border[i] = offset
            at_home, waited = self.home_before.copy(), self.office_before.copy()
            for k, target in enumerate(group["targets"]):
                free = [i for i in people if self.cells[i, k] == 3]
                free.sort(
                    key=lambda i: (
                        waited[i] < self.longest[i],
                        at_home[i] >= self.most,
                        at_home[i],
                        self.balance[i],
                    )
                )
                self.home[free[: target - int(self.home[people, k].sum())], k] = 1
                for i in people:
                    at_home[i] = at_home[i] + 1 if self.home[i, k] else 0
                    waited[i] = waited[i] + 1 if self.cells[i, k] == 3 and not self.home[i, k] else 0
            border = np.flatnonzero(self.is_border)
            self.balance[people] += 1000 * self.home[people].sum(axis=1)
            self.border[people] += 1000 * self.home[np.ix_(people, border)].sum(axis=1)

    def _floors(self, facts: dict[str, Any], n: int, days: int) -> None:
        by_day: dict[int, list[tuple[list[int], int]]] = {}
        for k, people, least in facts["floors"]:
            by_day.setdefault(k, []).append((people, least))
        sets = max((len(found) for found in by_day.values()), default=0)
        self.member = np.zeros((sets, n), dtype=np.int64)
        self.need, self.on_site = (
            np.zeros((sets, days), dtype=np.int64),
            np.zeros((sets, days), dtype=np.int64),
        )
        for k, found in by_day.items():
            for s, (people, least) in enumerate(found):
                self.member[s, people] = 1
                self.need[s, k] = least
                self.on_site[s, k] = len(people) - self.home[people, k].sum()

    def _roles(self, facts: dict[str, Any], n: int, days: int) -> None:
        roles = facts["roles"]
        size = len(roles)
        most = max((len(o) for role in roles for o in role["officers"]), default=1)
        self.numbers = np.array([role["number"] for role in roles], dtype=np.int64)
        self.alone = np.array([role["alone"] for role in roles], dtype=np.int8)
        self.officers = np.zeros((size, days, most), dtype=np.int64)
        self.counts = np.zeros((size, days), dtype=np.int64)
        self.holder = np.zeros((size, days, self.numbers.max(initial=1)), dtype=np.int64)
        self.in_role = np.zeros((size, n, days), dtype=np.int8)
        self.busy, self.held = np.zeros((n, days), dtype=np.int64), np.zeros((n, days), dtype=np.int64)
        self.turns = np.zeros((size, n), dtype=np.int64)
        self.role_sizes = np.array([len(role["offset"]) for role in roles], dtype=np.int64)
        self.role_people = np.zeros((size, max(1, self.role_sizes.max(initial=1))), dtype=np.int64)
        for r, role in enumerate(roles):
            for position, (i, offset) in enumerate(role["offset"]):
                self.role_people[r, position] = i
                self.turns[r, i] = offset
            for k, officers in enumerate(role["officers"]):
                self.officers[r, k, : len(officers)] = officers
                self.counts[r, k] = len(officers)
                order = sorted(
                    officers,
                    key=lambda i: (self.home[i, k], self.busy[i, k] * role["alone"], self.turns[r, i]),
                )
                for slot, i in enumerate(order[: role["number"]]):
                    self.holder[r, k, slot] = i
                    self.in_role[r, i, k] = 1
                    self.turns[r, i] += 1000
                    self.held[i, k] += 1
                    self.busy[i, k] += int(role["alone"])

    def anneal(self, moves: int, heat: float) -> int:
        """Make moves; return the change of cost."""
        change: int = anneal(
            moves, heat, self.cells, self.home, self.groups, self.sizes, self.balance, self.border, self.is_border,
            self.if_home, self.if_office, self.member, self.need, self.on_site, self.most, self.longest,
            self.home_before, self.office_before, self.singles, self.officers, self.counts, self.numbers, self.alone,
            self.holder, self.in_role, self.busy, self.held, self.turns, self.role_people, self.role_sizes,
        )  # fmt: skip
        return change


@numba.njit(cache=True)
def sow(seed):  # type: ignore[no-untyped-def]
    """Seed the compiled generator."""
    np.random.seed(seed)


def solve(facts: dict[str, Any], limit: float) -> Answer:
    """Anneal until the limit; return the best state."""
    started = time.monotonic()
    sow(0)
    state = State(facts)
    cost, best, kept, moves = 0, 0, (state.home.copy(), state.holder.copy()), 0
    while (part := (time.monotonic() - started) / limit) < 1:
        cost += state.anneal(MOVES, HOT * (COLD / HOT) ** part)
        moves += MOVES
        if cost < best:
            best, kept = cost, (state.home.copy(), state.holder.copy())
    home, holder = kept
    roles = [
        [int(holder[r, k, slot]), k, role["name"]]
        for r, role in enumerate(facts["roles"])
        for k in range(facts["days"])
        for slot in range(min(role["number"], int(state.counts[r, k])))
    ]
    return Answer(home=home.tolist(), roles=roles, note=f"{moves / limit / 1e6:.2f} million moves a second")


def warm_up() -> None:
    """Compile everything on a unit of two."""
    turns = {"offset": [[0, 0], [1, 0]], "border": [[0, 0], [1, 0]]}
    State(
        {
            "people": 2, "days": 2, "cells": ["..", ".."], "most_home": 2, "prefer": 2, "border_days": [0], "wishes": [],
            "rows": [["", 0, 2], ["", 0, 2]], "groups": [{"targets": [1, 1], **turns}], "floors": [[0, [0, 1], 1]],
            "roles": [{"name": "x", "number": 1, "alone": True, "officers": [[0, 1], [0, 1]], **turns}],
        }
    ).anneal(10, 1.0)  # fmt: skip


if __name__ == "__main__":
    warm_up()
    run(solve)
