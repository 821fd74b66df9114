"""Turns taken less turns due, recomputed from a roster alone; the solver's side has code of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

from scheduler.problem import Person, Unit
from scheduler.roster import BalanceSheet

MONDAY_AND_FRIDAY = (0, 4)


def balance_sheet(
    unit: Unit,
    name: str,
    kind: Literal["home", "role"],
    eligible: Mapping[date, Sequence[Person]],
    takers: Mapping[date, frozenset[str]],
) -> BalanceSheet:
    """Return the balances of one group (CONTRACT, "Fairness").

    On a day with H takers among n eligible people each is due H/n of a turn, kept in thousandths by largest
    remainder: everybody floor(1000 H / n), and one thousandth more to as many people as are needed, counted
    on from the day's ordinal so that the odd thousandths go round.

    Parameters
    ----------
    eligible : for each working day the people among whom turns go round that day, in list order.
    takers : for each working day the ids of those who took a turn.
    """
    people = {person.id: person for group in eligible.values() for person in group}
    order = [person.id for person in unit.people if person.id in people]
    taken, due, border_taken, border_due = (dict.fromkeys(order, 0) for _ in range(4))
    for day, group in eligible.items():
        if not group:
            continue
        at_border = day.weekday() in MONDAY_AND_FRIDAY
        count = sum(person.id in takers[day] for person in group)
        each, odd = divmod(1000 * count, len(group))
        first = day.toordinal() % len(group)
        for position, person in enumerate(group):
            share = each + ((position - first) % len(group) < odd)
            turn = int(person.id in takers[day])
            taken[person.id] += turn
            due[person.id] += share
            if at_border:
                border_taken[person.id] += turn
                border_due[person.id] += share
    balance, border = {}, {}
    for person_id in order:
        carried = unit.carried(people[person_id])
        before = carried.balance if kind == "home" else carried.role_balances.get(name, 0)
        border_before = carried.monday_friday_balance if kind == "home" else 0
        balance[person_id] = 1000 * taken[person_id] - due[person_id] + before
        border[person_id] = 1000 * border_taken[person_id] - border_due[person_id] + border_before
    return BalanceSheet(name=name, kind=kind, taken=taken, due=due, balance=balance, monday_friday=border)
