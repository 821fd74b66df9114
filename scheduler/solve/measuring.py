"""What a solution is worth in the objectives, told without a variable: for searches that are over.

The numbers at home are those of the solution, so that balances are sums; a bound by counting is told only where the
numbers are settled whatever is chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from scheduler.constraints.base import Turns
from scheduler.solve.bounds import Aim, Range, fairest
from scheduler.solve.fairness import MONDAY_AND_FRIDAY, carried
from scheduler.solve.model import UnitModel
from scheduler.solve.rows import numbers
from scheduler.solve.search import values_in

Whole = npt.NDArray[np.int64]


def measure(model: UnitModel, values: Sequence[int]) -> dict[str, tuple[int, int]]:
    """Return the value of each objective but changes and its bound by counting, with no cost priced."""
    found = model.tell_costs(values)
    shortfalls = model.count_shortfalls()
    places: Sequence[int | None] = ()
    if found["shortfall"][0] == sum(shortfall.least for shortfall in shortfalls):
        places = [
            number if isinstance(shortfall.excused, int) else None
            for shortfall, number in zip(shortfalls, numbers.places(model, shortfalls), strict=True)
        ]
    turns = measure_turns(
        model, values, lambda turns: numbers.settled_numbers(model, turns, places, shortfalls)
    )
    return {**found, **turns}


def measure_turns(
    model: UnitModel, values: Sequence[int], settled: Callable[[Turns], Mapping[int, int]]
) -> dict[str, tuple[int, int]]:
    """Return the value of each fairness objective and its bound by counting, 0 where none is known.

    Parameters
    ----------
    settled : tells how many take a turn on those days on which no choice is left.
    """
    spreads, totals = {"home": [0, 0], "role": [0, 0]}, {"home": [0, 0], "role": [0, 0]}
    border = [0, 0]
    for turns in model.turns:
        known = settled(turns)
        is_settled = all(
            k in known or all(isinstance(turns.taken[i, k], bool) for i in people)
            for k, people in enumerate(turns.eligible)
        )
        days = list(_days(model, turns, values, known))
        everyday = _sheet(model, turns, days)
        aim = everyday.aim if is_settled else None
        _add(spreads[turns.kind], everyday.spread, aim.spread if aim else 0)
        _add(totals[turns.kind], int(abs(everyday.balance).sum()), aim.cost if aim else 0)
        if turns.kind == "home":
            sheet = _sheet(model, turns, days, MONDAY_AND_FRIDAY)
            aim = sheet.aim if is_settled else None
            _add(border, sheet.spread, aim.spread if aim else 0)
    found = {
        "fairness_spread": spreads["home"],
        "fairness_total": totals["home"],
        "role_spread": spreads["role"],
        "role_total": totals["role"],
        "monday_friday": border,
    }
    return {name: (value, bound) for name, (value, bound) in found.items()}


def _add(totals: list[int], value: int, bound: int) -> None:
    totals[0] += value
    totals[1] += bound


class _Sheet(NamedTuple):
    """One group's balances in a solution, as arrays by person: offset + 1000 × turns, least to most turns."""

    balance: Whole
    offset: Whole
    least: Whole
    most: Whole
    total: int

    @property
    def spread(self) -> int:
        return int(self.balance.max() - self.balance.min()) if len(self.balance) else 0

    @property
    def aim(self) -> Aim | None:
        """The fairest sharing out by counting."""
        rows = zip(self.offset.tolist(), self.least.tolist(), self.most.tolist(), strict=True)
        return fairest([Range(*row) for row in rows], self.total)


class _Day(NamedTuple):
    """One day's turns by position among the eligible: who they are, what each is due, who takes one, who may choose."""

    weekday: int
    people: Whole
    due: Whole
    took: Whole
    is_open: npt.NDArray[np.bool_]
    number: int


def _days(model: UnitModel, turns: Turns, values: Sequence[int], known: Mapping[int, int]) -> Iterator[_Day]:
    """Yield the days on which somebody is eligible; `known` numbers are as good as the solution's."""
    for k, people in enumerate(turns.eligible):
        if not people:
            continue
        truths = [turns.taken[i, k] for i in people]
        took = np.array(values_in(truths, values), dtype=np.int64)
        is_open = np.array([truth is not True and truth is not False for truth in truths])
        number = known.get(k, int(took.sum()))
        base, rest = divmod(1000 * number, len(people))
        odd = (np.arange(len(people)) - model.days[k].toordinal()) % len(people) < rest
        yield _Day(model.days[k].weekday(), np.array(people), base + odd, took, is_open, number)


def _sheet(
    model: UnitModel, turns: Turns, days: Sequence[_Day], weekdays: Sequence[int] | None = None
) -> _Sheet:
    """Return the balances over all days, or only those of `weekdays`."""
    everybody = sorted({i for people in turns.eligible for i in people})
    # By index of all people, so that days need no other; those eligible are picked at the end.
    owed, taken, least, most = (np.zeros(len(model.people), dtype=np.int64) for _ in range(4))
    total = 0
    for day in days:
        if weekdays is not None and day.weekday not in weekdays:
            continue
        owed[day.people] += day.due
        taken[day.people] += day.took
        least[day.people] += np.where(day.is_open, 0, day.took)
        most[day.people] += np.where(day.is_open, 1, day.took)
        total += day.number
    brought = [carried(model, turns, i, weekdays is not None) for i in everybody]
    offset = np.array(brought, dtype=np.int64) - owed[everybody]
    taken, least, most = taken[everybody], least[everybody], most[everybody]
    return _Sheet(offset + 1000 * taken, offset, least, most, total)
