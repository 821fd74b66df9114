"""One unit's roster arranged as people read it, shared by the workbook and the page: no file format here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from scheduler.language import Bilingual, Language, format_date
from scheduler.problem import RANK_NAMES, Person, Unit
from scheduler.roster import HOME, NOT_EMPLOYED, OFF, OFFICE, Audit, QuotaDay, QuotaReport, UnitResult
from scheduler.write.labels import ESTIMATED, format_days


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardDay:
    """One column: whether the unit works that day, and the name of the holiday where it is one."""

    day: date
    kind: Literal["work", "weekend", "holiday"]
    holiday: str = ""
    is_estimated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """One person's row.

    Attributes
    ----------
    number : the place in the list, from 1; by it the rows of roles name their holders.
    statuses : one for each column; empty on days outside employment.
    roles : by column, where there are any.
    balance : turns at home taken less those due, thousandths of a day; None for who takes no turns.
    quotas : indices of the board's quotas in whose group the person is.
    """

    number: int
    person: Person
    statuses: tuple[str, ...]
    roles: dict[int, tuple[str, ...]]
    balance: int | None
    quotas: tuple[int, ...]

    @property
    def home_days(self) -> int:
        """Days at home."""
        return self.statuses.count(HOME)

    @property
    def office_days(self) -> int:
        """Days at the office."""
        return self.statuses.count(OFFICE)

    @property
    def other_days(self) -> int:
        """Working days neither at home nor at the office."""
        return sum(s not in (HOME, OFFICE, OFF, NOT_EMPLOYED) for s in self.statuses)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardQuota:
    """One quota: what its group is called, and its days by column."""

    label: Bilingual
    report: QuotaReport
    days: dict[int, QuotaDay]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRole:
    """One role: the numbers of who holds it, by column."""

    role: str
    holders: dict[int, tuple[int, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """One unit's roster: columns, rows, quotas, roles, and what should be known of it."""

    unit: Unit
    days: tuple[BoardDay, ...]
    rows: tuple[BoardRow, ...]
    quotas: tuple[BoardQuota, ...]
    roles: tuple[BoardRole, ...]
    notes: tuple[Bilingual, ...]

    def count(self, status: str, column: int) -> int:
        """Return how many people have `status` in a column."""
        return sum(row.statuses[column] == status for row in self.rows)

    @property
    def workday_count(self) -> int:
        """How many columns the unit works."""
        return sum(day.kind == "work" for day in self.days)


def make_board(result: UnitResult) -> Board:
    """Return one unit's roster as it is read."""
    roster = result.roster
    column_of = {day: column for column, day in enumerate(roster.days)}
    quotas = tuple(
        BoardQuota(
            label=quota_label(report.rule, result.unit),
            report=report,
            days={column_of[item.day]: item for item in report.days if item.day in column_of},
        )
        for report in result.audit.quotas
    )
    groups = [frozenset(report.people) for report in result.audit.quotas]
    roles_of: dict[str, dict[int, tuple[str, ...]]] = {}
    for (person_id, day), roles in roster.roles.items():
        if roles and day in column_of:
            roles_of.setdefault(person_id, {})[column_of[day]] = roles
    rows = tuple(
        BoardRow(
            number=number,
            person=person,
            statuses=statuses,
            roles=roles_of.get(person.id, {}),
            balance=_home_balance(result.audit, person.id),
            quotas=tuple(index for index, group in enumerate(groups) if person.id in group),
        )
        for number, (person, statuses) in enumerate(
            zip(result.unit.people, roster.statuses, strict=True), start=1
        )
    )
    return Board(
        unit=result.unit,
        days=tuple(_board_day(day, result.unit) for day in roster.days),
        rows=rows,
        quotas=quotas,
        roles=_board_roles(rows),
        notes=(*result.audit.notes, *_shortfall_notes(quotas)),
    )


def holiday_lines(days: Iterable[BoardDay], language: Language) -> list[str]:
    """Return a line for each holiday: its date and name, marked where the date is an estimate."""
    return [
        f"{format_date(day.day, language, weekday=True)}: {day.holiday}"
        + (f" ({ESTIMATED.in_language(language)})" if day.is_estimated and "(" not in day.holiday else "")
        for day in days
        if day.holiday
    ]


def _board_day(day: date, unit: Unit) -> BoardDay:
    holiday = unit.horizon.holidays.get(day, "")
    works = day in unit.horizon.workdays
    return BoardDay(
        day=day,
        kind="work" if works else "holiday" if holiday else "weekend",
        holiday=holiday,
        is_estimated=day in unit.horizon.estimated,
    )


def quota_label(label: str, unit: Unit) -> Bilingual:
    """Return what people call a quota's group, from the rule's label: `home_quota[pelaksana]` is `WFH Pelaksana`."""
    named = next((rule.name for rule in unit.rules if rule.label == label), "")
    name = named or (label.partition("[")[2].rstrip("]") if "[" in label else "")
    name = RANK_NAMES.get(name, name.replace("_", " "))
    return Bilingual(id=f"WFH {name}".strip(), en=f"WFH {name}".strip())


def _home_balance(audit: Audit, person_id: str) -> int | None:
    balances = [s.balance[person_id] for s in audit.balances if s.kind == "home" and person_id in s.balance]
    return sum(balances) if balances else None


def _board_roles(rows: Sequence[BoardRow]) -> tuple[BoardRole, ...]:
    holders: dict[str, dict[int, tuple[int, ...]]] = {}
    for row in rows:
        for column, roles in row.roles.items():
            for role in roles:
                days = holders.setdefault(role, {})
                days[column] = (*days.get(column, ()), row.number)
    order = sorted(holders, key=lambda role: (role in ("monitor", "deputy"), role != "monitor", role))
    return tuple(BoardRole(role=role, holders=dict(sorted(holders[role].items()))) for role in order)


def _shortfall_notes(quotas: Iterable[BoardQuota]) -> list[Bilingual]:
    """Return a sentence for each cause of a shortfall, with all its days."""
    notes = []
    for quota in quotas:
        days_of: dict[Bilingual, list[date]] = {}
        for item in quota.days.values():
            if item.shortfall:
                causes = item.causes or (Bilingual(id="sebab tidak tercatat", en="no cause recorded"),)
                for cause in causes:
                    days_of.setdefault(cause, []).append(item.day)
        places = sum(item.shortfall for item in quota.days.values())
        if places:
            notes.append(_shortfall_note(quota.label, places, days_of))
    return notes


def _shortfall_note(label: Bilingual, places: int, days_of: dict[Bilingual, list[date]]) -> Bilingual:
    def causes(language: Language) -> str:
        return "; ".join(
            f"{format_days(days, language)}: {cause.in_language(language).rstrip('.')}"
            for cause, days in days_of.items()
        )

    return Bilingual(
        id=f"{label.id}: {places} tempat di bawah target ({causes('id')}).",
        en=f"{label.en}: {places} place{'s' if places != 1 else ''} below target ({causes('en')}).",
    )


def count_other(board: Board, column: int) -> int:
    """Return how many people are neither at home nor at the office in a column, though they should work."""
    counts = Counter(row.statuses[column] for row in board.rows)
    return len(board.rows) - counts[HOME] - counts[OFFICE] - counts[OFF] - counts[NOT_EMPLOYED]
