"""The days of each unit: dates, weekday pattern, public holidays with collective leave, local exceptions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from scheduler.errors import Fault
from scheduler.language import Bilingual, Language
from scheduler.problem import Horizon, Person
from scheduler.read.policy_document import Period, UnitDays
from scheduler.read.policy_faults import Source

NO_HOLIDAYS = "none"
HOLIDAYS = ("period", "holidays")
_ESTIMATES = ("(perkiraan)", "(estimated)")
_LOCAL = Bilingual(id="Libur setempat", en="Local day off")


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days a policy works, for any dates: the period's pattern, holidays and exceptions.

    `official` has the names of public holidays and collective leave (cuti bersama).
    """

    period: Period
    official: Mapping[date, str]
    language: Language

    def days_of(self, member: Person | None) -> tuple[UnitDays, ...]:
        """Return the exceptions for a unit, told by one of its people."""
        return tuple(d for d in self.period.units if member is not None and d.for_.takes(member))

    def day_off(self, day: date, member: Person | None) -> str:
        """Return the name of the holiday or local day off, or "" on another day."""
        for unit in self.days_of(member):
            if day in unit.except_:
                return ""
            if day in unit.extra:
                return _LOCAL.in_language(self.language)
        if day in self.period.except_:
            return ""
        if day in self.official:
            return self.official[day]
        return _LOCAL.in_language(self.language) if day in self.period.extra else ""

    def is_worked(self, day: date, member: Person | None) -> bool:
        """Whether the unit works that day."""
        pattern = next(
            (d.workdays for d in self.days_of(member) if d.workdays is not None), self.period.workdays
        )
        return day.weekday() in pattern and not self.day_off(day, member)

    def horizon(self, member: Person | None) -> Horizon:
        """Return the horizon of a unit, told by one of its people."""
        days = tuple(_days(self.period.first, self.period.last))
        names = {day: name for day in days if (name := self.day_off(day, member))}
        estimated = frozenset(day for day, name in names.items() if any(e in name for e in _ESTIMATES))
        worked = tuple(day for day in days if self.is_worked(day, member))
        return Horizon(days=days, workdays=worked, holidays=names, estimated=estimated)

    def adjoins(self, last_day: date, member: Person | None) -> bool:
        """Whether no working day lies between the period that ended on `last_day` and this one."""
        gap = _days(last_day + timedelta(days=1), self.period.first - timedelta(days=1))
        return last_day < self.period.first and not any(self.is_worked(day, member) for day in gap)


def make_calendar(period: Period, language: Language) -> Calendar:
    """Return the calendar of a period with the holidays of its country, from two months before it."""
    official: dict[date, str] = {}
    if period.holidays.casefold() != NO_HOLIDAYS:
        import holidays

        years = range((period.first - timedelta(days=62)).year, period.last.year + 1)
        wanted = _supported(period.holidays)[language]
        official = dict(holidays.country_holidays(period.holidays.upper(), years=years, **wanted))
    return Calendar(period, official, language)


def calendar_faults(period: Period, language: Language, source: Source) -> Iterator[Fault]:
    """Yield what is wrong or doubtful in the calendar of a period."""
    if period.holidays.casefold() == NO_HOLIDAYS:
        return
    import holidays

    if period.holidays.upper() not in holidays.list_supported_countries():
        yield source.fault(
            HOLIDAYS,
            Bilingual(id="negara tidak dikenal", en="unknown country"),
            value=period.holidays,
            allowed=Bilingual(
                id="kode negara seperti “ID”, atau “none”", en="a country code such as “ID”, or “none”"
            ),
        )
        return
    horizon = make_calendar(period, language).horizon(None)
    for day in sorted(horizon.estimated):
        yield source.fault(
            HOLIDAYS,
            Bilingual(id="tanggal libur ini masih perkiraan", en="the date of this holiday is an estimate"),
            value=f"{day} {horizon.holidays[day]}",
            remedy=Bilingual(
                id="Setelah ditetapkan, perbaiki dengan `extra` dan `except` di [period].",
                en="Once it is fixed, correct it by `extra` and `except` in [period].",
            ),
            warning=True,
        )
    if period.holidays.upper() == "ID":
        years = range(period.first.year, period.last.year + 1)
        leave = holidays.country_holidays("ID", years=years, categories=("government",))
        for year in years:
            if year >= 2021 and not any(day.year == year for day in leave):
                yield source.fault(
                    HOLIDAYS,
                    Bilingual(
                        id="cuti bersama tahun ini belum diketahui",
                        en="the collective leave of this year is not known yet",
                    ),
                    value=str(year),
                    remedy=Bilingual(id="Tambahkan tanggalnya di `extra`.", en="Add its dates to `extra`."),
                    warning=True,
                )


def _supported(country: str) -> dict[Language, dict[str, Any]]:
    """Return for each language the arguments that this country's calendar takes."""
    import holidays

    names = holidays.list_localized_countries().get(country.upper(), [])
    english = "en_US" if "en_US" in names else None
    local: str | None = "id" if country.upper() == "ID" else (names[0] if names else None)
    categories: dict[str, Any] = {"categories": ("public", "government")} if country.upper() == "ID" else {}
    return {
        "id": {**categories, **({"language": local} if local else {})},
        "en": {**categories, **({"language": english} if english else {})},
    }


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)
