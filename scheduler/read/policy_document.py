"""What a policy.toml holds besides its rules, phases and check-ins: the letter, who signs, hours, period, readings."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from scheduler.constraints.selection import Selection, Workdays
from scheduler.language import Bilingual, Refusal
from scheduler.read.dates import date_of
from scheduler.read.objectives import Objectives


def _check_zone(value: Any) -> Any:
    try:
        ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refusal(
            Bilingual(
                id="zona waktu tidak dikenal; yang boleh: Asia/Jakarta (WIB), Asia/Makassar (WITA), Asia/Jayapura (WIT)",
                en="unknown time zone; allowed: Asia/Jakarta (WIB), Asia/Makassar (WITA), Asia/Jayapura (WIT) or any IANA name",
            )
        ) from None
    return value


def _clock(value: Any) -> Any:
    return time.fromisoformat(value.replace(".", ":")) if isinstance(value, str) else value


def _day(value: Any) -> Any:
    return (date_of(value) or value) if isinstance(value, str) else value


Day = Annotated[date, BeforeValidator(_day)]
"""A date of TOML, or a text such as "3 Agustus 2021"."""


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class UnitDays(_Table):
    """Working days of some units that differ from the period's."""

    for_: Selection = Field(alias="for")
    workdays: Workdays | None = None
    extra: tuple[Day, ...] = ()
    except_: tuple[Day, ...] = Field(default=(), alias="except")


class Period(_Table):
    """The dates rostered, the days worked and the days off.

    `holidays` is a country code of the `holidays` library, or "none"; `extra` are further days off, `except`
    holidays that are worked after all.
    """

    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    workdays: Workdays = (0, 1, 2, 3, 4)
    holidays: str = "ID"
    extra: tuple[Day, ...] = ()
    except_: tuple[Day, ...] = Field(default=(), alias="except")
    units: tuple[UnitDays, ...] = ()

    @model_validator(mode="after")
    def _ordered(self) -> Period:
        if self.first > self.last:
            raise Refusal(
                Bilingual(
                    id=f"from ({self.first}) tidak boleh sesudah to ({self.last}): tukar keduanya atau perbaiki",
                    en=f"from ({self.first}) must not be after to ({self.last}): exchange them or correct one",
                )
            )
        if (self.last - self.first).days > 731:
            raise Refusal(
                Bilingual(
                    id="satu periode paling lama dua tahun; nilai terdekat yang sah untuk to: "
                    f"{self.first + timedelta(days=731)}",
                    en="a period has at most two years; the nearest valid to is "
                    f"{self.first + timedelta(days=731)}",
                )
            )
        return self


class LetterTable(_Table):
    """What the circular says of itself; printed, never interpreted."""

    number: str = ""
    day: Day | None = Field(default=None, alias="date")
    issuer: str = ""
    subject: str = ""


class SignatureTable(_Table):
    """Who signs each unit's sheet; what is empty is taken from the unit's head in the staff list."""

    place: str = ""
    title: str = ""
    name: str = ""
    grade: str = ""
    nip: str = ""
    prefix: str = ""
    day: Day | None = Field(default=None, alias="date")


class HoursTable(_Table):
    """The hours of an office day, in local time."""

    start: Annotated[time, BeforeValidator(_clock)] = time(7, 30)
    end: Annotated[time, BeforeValidator(_clock)] = time(16, 0)


class ReadingTable(_Table):
    """How the letter was read where it is silent or contradicts itself; printed beside the roster."""

    key: str
    id: str
    en: str


class Document(_Table):
    """A policy.toml as a whole; rules and check-ins are read by what each of their tables is."""

    title: str
    timezone: Annotated[str, BeforeValidator(_check_zone)]
    language: Literal["id", "en"] = "id"
    letter: LetterTable = LetterTable()
    signature: SignatureTable = SignatureTable()
    hours: HoursTable = HoursTable()
    period: Period
    readings: tuple[ReadingTable, ...] = ()
    objectives: Objectives = Objectives()
    rules: dict[str, Any] = Field(default_factory=dict)
    checkins: dict[str, Any] = Field(default_factory=dict)
