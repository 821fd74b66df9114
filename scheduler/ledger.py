"""The ledger that a finished roster leaves to the next period: balances, open stints and remainders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from scheduler.problem import ABSENCE_KINDS, Ledger, LedgerEntry, Person, Unit
from scheduler.roster import HOME, OFFICE, Cells, Roster, UnitResult


def close_ledger(roster: Roster) -> Ledger:
    """Return the cumulative ledger after this roster's period.

    People who are on the ledger but in none of the rosters keep their balances, for a unit may be left out
    of one run (`--unit`) and a staff list may miss somebody once; who comes back to another unit or rank
    starts anew anyhow (`Unit.carried`). Their open stint is dropped: nobody knows how those days went.
    """
    before = roster.problem.ledger
    entries = {
        person_id: replace(entry, last_status="", last_stint=0) for person_id, entry in before.entries.items()
    }
    remainders: dict[tuple[str, str], Fraction] = dict(before.remainders)
    for result in roster.results:
        for entry in _unit_entries(result):
            entries[entry.person_id] = entry
        for quota in result.audit.quotas:
            if quota.remainder is not None:
                remainders[result.unit.name, quota.rule] = quota.remainder
    return Ledger(last_day=roster.problem.last, entries=entries, remainders=remainders)


def _unit_entries(result: UnitResult) -> Iterator[LedgerEntry]:
    cells = Cells(result.unit, result.roster)
    for person in result.unit.people:
        carried = result.unit.carried(person)
        sheets = [sheet for sheet in result.audit.balances if person.id in sheet.balance]
        homes = [sheet for sheet in sheets if sheet.kind == "home"]
        roles = {sheet.name: sheet.balance[person.id] for sheet in sheets if sheet.kind == "role"}
        last_status, last_stint = _open_stint(cells, person)
        # Each sheet's balance includes the carried one, so that two sheets must not bring it twice.
        yield LedgerEntry(
            person_id=person.id,
            unit=result.unit.name,
            rank=person.rank,
            due=carried.due + sum(sheet.due[person.id] for sheet in homes),
            home_days=carried.home_days + sum(cells.is_home(person, day) for day in cells.days),
            balance=carried.balance + sum(sheet.balance[person.id] - carried.balance for sheet in homes),
            monday_friday_balance=carried.monday_friday_balance
            + sum(sheet.monday_friday[person.id] - carried.monday_friday_balance for sheet in homes),
            role_balances={**carried.role_balances, **roles},
            last_status=last_status,
            last_stint=last_stint,
        )


def _open_stint(cells: Cells, person: Person) -> tuple[str, int]:
    """Return the status on the unit's last working day, and how many working days in a row it has lasted."""
    days = cells.days
    if not days:
        return cells.unit.last_stint(person)
    last = cells.status(person, days[-1])
    if last in ABSENCE_KINDS:
        return last, 0
    if last not in (HOME, OFFICE):
        return "", 0
    ends_at_gaps = _ends_at_gaps(cells.unit, person)
    if ends_at_gaps and days[-1] != cells.unit.horizon.last:
        return "", 0  # the weekend or holiday at the end of the period has ended it
    length = 0
    following = None
    for day in reversed(days):
        if cells.status(person, day) != last or (ends_at_gaps and following and not _touch(day, following)):
            return last, length
        length += 1
        following = day
    earlier_status, earlier_length = cells.unit.last_stint(person)
    earlier_day = cells.unit.ledger.last_day
    if earlier_status != last or (ends_at_gaps and not (earlier_day and _touch(earlier_day, days[0]))):
        return last, length
    return last, length + earlier_length


def _ends_at_gaps(unit: Unit, person: Person) -> bool:
    """Whether a rule about stints ends this person's at weekends and holidays (`across_weekends = false`)."""
    return any(
        getattr(rule, "across_weekends", True) is False and rule.for_.takes(person) for rule in unit.rules
    )


def _touch(day: date, following: date) -> bool:
    return following - day == timedelta(days=1)
