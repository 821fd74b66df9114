"""Whom a rule is for and when: the `for` and `when` tables that every rule takes.

Values of `for` are words or lists of words; `*` matches anything, case does not count, spaces, hyphens and
underscores are alike; keys combine with "and", the words of a list with "or", `not` excludes.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from scheduler.problem import ASN_EMPLOYMENTS, Person

WEEKDAYS = {
    "mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6,
    "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6,
    "senin": 0, "selasa": 1, "rabu": 2, "kamis": 3, "jumat": 4, "jum'at": 4, "sabtu": 5, "minggu": 6,
}  # fmt: skip
"""Weekday names in English and Indonesian; Monday is 0 as in `date.weekday`."""


def weekday_number(word: object) -> int:
    """Return 0 for Monday to 6 for Sunday, from a name in either language.

    Raises
    ------
    ValueError
        With the names allowed.
    """
    number = WEEKDAYS.get(str(word).strip().casefold())
    if number is None:
        raise ValueError(
            f"“{word}” is not a weekday; allowed: mon, tue, wed, thu, fri, sat, sun or senin … minggu"
        )
    return number


def weekday_range(word: str) -> tuple[int, ...]:
    """Return the weekdays of "mon-fri", "mon-sat" or a comma-separated list of names.

    Raises
    ------
    ValueError
        Where a name is unknown.
    """
    chosen: set[int] = set()
    for part in word.split(","):
        ends = [weekday_number(end) for end in part.split("-")]
        if len(ends) == 2 and ends[0] > ends[1]:
            chosen.update((*range(ends[0], 7), *range(ends[1] + 1)))
        else:
            chosen.update(range(ends[0], ends[-1] + 1))
    return tuple(sorted(chosen))


def _as_tuple(value: Any) -> Any:
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list) else value


Words = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]
Weekdays = Annotated[
    tuple[int, ...],
    BeforeValidator(lambda v: tuple(w if type(w) is int else weekday_number(w) for w in _as_tuple(v))),
]


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").replace("-", " ").split())


@cache
def _pattern(word: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in _plain(word).split("*")) + r"\Z")


def matches(value: str, words: tuple[str, ...]) -> bool:
    """Whether `value` is one of `words`, where `*` stands for anything and case does not count."""
    return any(_pattern(word).match(_plain(value)) for word in words)


def _matches_echelon(value: str, words: tuple[str, ...]) -> bool:
    return bool(value) and (matches(value, words) or matches(value.split(".", maxsplit=1)[0], words))


def _matches_employment(value: str, words: tuple[str, ...]) -> bool:
    if matches(value, words):
        return True
    wanted = {_plain(word) for word in words}
    is_asn = value.upper() in ASN_EMPLOYMENTS
    return bool(value) and (("asn" in wanted and is_asn) or ("non asn" in wanted and not is_asn))


class Selection(BaseModel):
    """People by unit, sub_unit, unit_class, rank, echelon, position, employment, service_post, tag or person.

    Echelon "IV" also takes in IV.a and IV.b; employment "ASN" takes in PNS, CPNS and PPPK, "non ASN" all others;
    `person` compares id, NIP and name.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    unit: Words = ()
    sub_unit: Words = ()
    unit_class: Words = ()
    rank: Words = ()
    echelon: Words = ()
    position: Words = ()
    employment: Words = ()
    service_post: Words = ()
    tag: Words = ()
    person: Words = ()
    not_: Selection | None = Field(default=None, alias="not")

    def takes(self, person: Person) -> bool:
        """Whether the person is selected; an empty selection takes everybody."""
        return (
            (not self.unit or matches(person.unit, self.unit))
            and (not self.sub_unit or matches(person.sub_unit, self.sub_unit))
            and (not self.unit_class or matches(person.unit_class, self.unit_class))
            and (not self.rank or matches(person.rank, self.rank))
            and (not self.echelon or _matches_echelon(person.echelon, self.echelon))
            and (not self.position or matches(person.position, self.position))
            and (not self.employment or _matches_employment(person.employment, self.employment))
            and (not self.service_post or any(matches(p, self.service_post) for p in person.service_posts))
            and (not self.tag or any(matches(t, self.tag) for t in person.tags))
            and (
                not self.person
                or any(matches(w, self.person) for w in (person.id, person.nip, person.name) if w)
            )
            and (self.not_ is None or not self.not_.takes(person))
        )

    @property
    def is_everybody(self) -> bool:
        """Whether nothing is asked, so that everybody is taken."""
        return self == Selection()


class When(BaseModel):
    """The days on which a rule holds: listed dates, a range, weekdays; all that are given must fit."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    dates: tuple[date, ...] = ()
    first: date | None = Field(default=None, alias="from")
    last: date | None = Field(default=None, alias="to")
    weekdays: Weekdays = ()

    @model_validator(mode="after")
    def _ordered(self) -> When:
        if self.first and self.last and self.first > self.last:
            raise ValueError(f"from ({self.first}) must not be after to ({self.last})")
        return self

    def takes(self, day: date) -> bool:
        """Whether the rule holds on `day`; nothing asked means always."""
        return (
            (not self.dates or day in self.dates)
            and (self.first is None or self.first <= day)
            and (self.last is None or day <= self.last)
            and (not self.weekdays or day.weekday() in self.weekdays)
        )
