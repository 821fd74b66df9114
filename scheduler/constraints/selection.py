"""Whom a rule is for and when: the `for` and `when` tables that every rule takes.

Values of `for` are words or lists of words; `*` matches anything, case does not count, spaces, hyphens and
underscores are alike; keys combine with "and", the words of a list with "or", `not` excludes, `any` takes whom one
of its tables takes.

Leaders can be told by their place as well as by post, echelon or name. That depends on the whole list, so the
people are marked once, when a problem is made (`scheduler.constraints.leaders.mark_people`):

* `below = { position = "Kepala Dinas" }`: structural posts one level below whom the inner table takes, by the
  supervisors of the list; `below_by = "echelon"` is the other reading: the next echelon present in their unit.
* `highest_levels = 2`: the two highest structural levels (echelons) present in the person's unit.

    for = { any = [{ echelon = ["II", "III"] }, { position = "Lurah" }, { below = { position = "Camat" } }] }
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cache, cached_property, lru_cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from scheduler.language import Bilingual, Refusal
from scheduler.problem import ASN_EMPLOYMENTS, Person

WEEKDAYS = {
    "mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6,
    "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6,
    "senin": 0, "selasa": 1, "rabu": 2, "kamis": 3, "jumat": 4, "jum'at": 4, "sabtu": 5, "minggu": 6,
    "sen": 0, "sel": 1, "rab": 2, "kam": 3, "jum": 4, "sab": 5, "min": 6,
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
        raise Refusal(
            Bilingual(
                id=f"“{word}” bukan nama hari; yang boleh: senin, selasa, rabu, kamis, jumat, sabtu, minggu, atau mon … sun",
                en=f"“{word}” is not a weekday; allowed: mon, tue, wed, thu, fri, sat, sun, or senin … minggu",
            )
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


def as_tuple(value: Any) -> Any:
    """Return one word, or a list, as a tuple; anything else as it is, for its type to be refused."""
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list) else value


Words = Annotated[tuple[str, ...], BeforeValidator(as_tuple)]

MARK = "giliran:"
"""How the tags begin that are not the list's but marks of the whole list's structure."""

MOST_LEVELS = 5

ASKED = ("_known", "_among")
"""What a selection remembers of those it was asked about; no part of it."""


def _weekdays(value: Any) -> Any:
    words = as_tuple(value)
    if not isinstance(words, tuple):
        return value
    return tuple(w if type(w) is int and 0 <= w <= 6 else weekday_number(w) for w in words)


Weekdays = Annotated[tuple[int, ...], BeforeValidator(_weekdays)]


def worked_weekdays(value: Any) -> Any:
    """Return the weekdays of "mon-sat", or of a list of names, ranges and numbers (Monday 0), each once, in order.

    Raises
    ------
    ValueError
        Where a name is unknown, or a number is no weekday's.
    """
    words = as_tuple(value)
    if not isinstance(words, tuple):
        return value
    days = {day for w in words for day in ((w,) if type(w) is int and 0 <= w <= 6 else weekday_range(str(w)))}
    return tuple(sorted(days))


Workdays = Annotated[tuple[int, ...], BeforeValidator(worked_weekdays)]


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").replace("-", " ").split())


@cache
def _pattern(word: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in _plain(word).split("*")) + r"\Z")


@lru_cache(maxsize=1 << 16)
def matches(value: str, words: tuple[str, ...]) -> bool:
    """Whether `value` is one of `words`, where `*` stands for anything and case does not count."""
    plain = _plain(value)
    return any(_pattern(word).match(plain) for word in words)


def _matches_echelon(value: str, words: tuple[str, ...]) -> bool:
    return bool(value) and (matches(value, words) or matches(value.split(".", maxsplit=1)[0], words))


def _matches_employment(value: str, words: tuple[str, ...]) -> bool:
    if matches(value, words):
        return True
    wanted = {_plain(word) for word in words}
    is_asn = value.upper().split(" ")[0] in ASN_EMPLOYMENTS
    return bool(value) and (("asn" in wanted and is_asn) or ("non asn" in wanted and not is_asn))


Per = Annotated[str, Field(pattern=r"^(unit|sub_unit|tag:.+)$")]
"""Into which groups a rule divides whom it selects: the unit as one, its sub-units, or tags such as "tag:room *"."""


def places_of(per: str, person: Person) -> tuple[str, ...]:
    """Return the groups of a `Per` to which the person belongs: "" for the unit, the sub-unit, or the tags that match.

    Who has no sub-unit, or no such tag, belongs to no group.
    """
    if per == "unit":
        return ("",)
    if per == "sub_unit":
        return (person.sub_unit,) if person.sub_unit else ()
    pattern = (per.removeprefix("tag:"),)
    return tuple(dict.fromkeys(tag for tag in tags_of(person) if matches(tag, pattern)))


def tags_of(person: Person) -> tuple[str, ...]:
    """Return the tags of the staff list, without marks."""
    return tuple(tag for tag in person.tags if not tag.startswith(MARK))


def level_mark(level: int) -> str:
    """Return the mark of the unit's highest structural level (1), the next (2), and so on."""
    return f"{MARK}level:{level}"


class Selection(BaseModel):
    """People by unit, sub_unit, unit_class, rank, echelon, position, employment, service_post, tag or person.

    Echelon "IV" also takes in IV.a and IV.b; employment "ASN" takes in PNS, CPNS and PPPK, "non ASN" all others;
    `person` compares id, NIP and name. `below` and `highest_levels` ask for marks (`leaders.mark_people`).
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
    highest_levels: int | None = Field(default=None, ge=1, le=MOST_LEVELS)
    below: Selection | None = None
    below_by: Literal["tree", "echelon"] = "tree"
    any_: tuple[Selection, ...] = Field(default=(), alias="any")
    not_: Selection | None = Field(default=None, alias="not")

    def takes(self, person: Person) -> bool:
        """Whether the person is selected; an empty selection takes everybody."""
        if self.is_everybody:
            return True
        known = self._known.get(id(person))
        if known is None:
            known = self._known[id(person)] = (self._takes(person), person)
        return known[0]

    def among(self, people: Sequence[Person]) -> Sequence[int]:
        """Return the indices of those selected, in order; remembered for the list asked about last."""
        if self.is_everybody:
            return range(len(people))
        asked, found = self.__dict__.get("_among", (None, ()))
        if asked is not people:
            found = [i for i, person in enumerate(people) if self.takes(person)]
            self.__dict__["_among"] = (people, found)  # not a field: the selection is the same as before
        return found  # type: ignore[no-any-return]

    @cached_property
    def _known(self) -> dict[int, tuple[bool, Person]]:
        """Whom the selection was asked about, for it is asked on every day by several rules.

        By identity: the person is kept beside, so that nobody else can come to have it.
        """
        return {}

    def __getstate__(self) -> dict[Any, Any]:
        """Return what another process needs: what was asked here is left out."""
        state = super().__getstate__()
        return {**state, "__dict__": {k: v for k, v in state["__dict__"].items() if k not in ASKED}}

    def model_copy(self, *, update: Any = None, deep: bool = False) -> Selection:
        """Return a copy that has been asked nothing yet."""
        copied = super().model_copy(update=update, deep=deep)
        for asked in (*ASKED, "is_everybody", "below_mark"):
            copied.__dict__.pop(asked, None)
        return copied

    def _takes(self, person: Person) -> bool:
        return (
            (not self.unit or matches(person.unit, self.unit))
            and (not self.sub_unit or matches(person.sub_unit, self.sub_unit))
            and (not self.unit_class or matches(person.unit_class, self.unit_class))
            and (not self.rank or matches(person.rank, self.rank))
            and (not self.echelon or _matches_echelon(person.echelon, self.echelon))
            and (not self.position or matches(person.position, self.position))
            and (not self.employment or _matches_employment(person.employment, self.employment))
            and (not self.service_post or any(matches(p, self.service_post) for p in person.service_posts))
            and (not self.tag or any(matches(t, self.tag) for t in tags_of(person)))
            and (
                not self.person
                or any(matches(w, self.person) for w in (person.id, person.nip, person.name) if w)
            )
            and (self.highest_levels is None or self._is_high(person, self.highest_levels))
            and (self.below is None or self.below_mark in person.tags)
            and (not self.any_ or any(table.takes(person) for table in self.any_))
            and (self.not_ is None or not self.not_.takes(person))
        )

    @cached_property
    def below_mark(self) -> str:
        """The mark of those one structural level below whom the inner table takes."""
        inner = self.below.model_dump_json(by_alias=True, exclude_defaults=True) if self.below else ""
        return f"{MARK}below:{self.below_by}:{inner}"

    def _is_high(self, person: Person, levels: int) -> bool:
        return any(level_mark(level) in person.tags for level in range(1, levels + 1))

    @cached_property
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
            raise Refusal(
                Bilingual(
                    id=f"from ({self.first}) tidak boleh sesudah to ({self.last})",
                    en=f"from ({self.first}) must not be after to ({self.last})",
                )
            )
        return self

    def takes(self, day: date) -> bool:
        """Whether the rule holds on `day`; nothing asked means always."""
        return self.is_always or (
            (not self.dates or day in self.dates)
            and (self.first is None or self.first <= day)
            and (self.last is None or day <= self.last)
            and (not self.weekdays or day.weekday() in self.weekdays)
        )

    @cached_property
    def is_always(self) -> bool:
        """Whether nothing is asked, so that every day is taken."""
        return self == When()
