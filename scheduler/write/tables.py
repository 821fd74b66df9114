"""The tables for programs: roster.csv, ledger.csv and remainders.csv (CONTRACT, "An output folder").

Text cells are guarded against running as formulas (`scheduler.table_format`); numbers, dates and statuses are
plain. A NIP stands as its 18 digits: read it as text, for a spreadsheet keeps only 15 of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from scheduler.problem import Ledger
from scheduler.read.outputs.revision import PersonDay
from scheduler.roster import Roster
from scheduler.table_format import (
    LEDGER_COLUMNS,
    REMAINDER_COLUMNS,
    ROSTER_COLUMNS,
    days_text,
    guard,
    role_balances_text,
    roles_text,
    table_bytes,
)


def write_roster_csv(roster: Roster, path: Path) -> None:
    """Write every person-day in date, unit, list order: days off too, but none outside employment."""
    path.write_bytes(table_bytes(ROSTER_COLUMNS, _roster_rows(roster)))


def _roster_rows(roster: Roster) -> Iterator[tuple[str, ...]]:
    for day, unit, person, status, roles, fixed_by in roster.assignments():
        yield (
            day.isoformat(),
            guard(unit),
            guard(person.id),
            guard(person.name),
            guard(person.rank),
            status,
            guard(roles_text(roles)),
            guard(fixed_by),
        )


def write_person_days(days: Mapping[tuple[str, date], PersonDay], path: Path) -> None:
    """Write person-days as they were read from a roster.csv, in their order."""
    path.write_bytes(
        table_bytes(
            ROSTER_COLUMNS,
            (
                (
                    day.isoformat(),
                    guard(line.unit),
                    guard(person_id),
                    guard(line.name),
                    guard(line.rank),
                    line.status,
                    guard(roles_text(line.roles)),
                    guard(line.fixed_by),
                )
                for (person_id, day), line in days.items()
            ),
        )
    )


def write_ledger_csv(ledger: Ledger, path: Path) -> None:
    """Write what is carried over for each person, by unit and id; balances with three decimals."""
    path.write_bytes(table_bytes(LEDGER_COLUMNS, _ledger_rows(ledger)))


def _ledger_rows(ledger: Ledger) -> Iterator[tuple[str, ...]]:
    for entry in sorted(ledger.entries.values(), key=lambda entry: (entry.unit, entry.person_id)):
        yield (
            guard(entry.person_id),
            guard(entry.unit),
            guard(entry.rank),
            days_text(entry.due),
            str(entry.home_days),
            days_text(entry.balance),
            days_text(entry.monday_friday_balance),
            guard(role_balances_text(entry.role_balances)),
            entry.last_status,
            str(entry.last_stint),
        )


def write_remainders_csv(ledger: Ledger, path: Path) -> None:
    """Write the remainders of carried roundings, by unit and rule, as exact fractions: `37/100`."""
    rows = (
        (guard(unit), guard(rule), str(remainder))
        for (unit, rule), remainder in sorted(ledger.remainders.items())
    )
    path.write_bytes(table_bytes(REMAINDER_COLUMNS, rows))
