"""Who sent it: by phone, Telegram id, NIP, person id or the alias table; near matches are suggested, never assumed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from scheduler.checkins.names import NearNames, marks_of_text, phone_digits, plain_sender, telegram_mark
from scheduler.problem import Person

NOBODY, AMBIGUOUS, STRANGER = -1, -2, -3
NO_STAFF = "-"
"""Stands in aliases.csv for a sender who is not of the staff."""
MOST_REMEMBERED = 200_000
"""Senders whose match is remembered; a hostile file may name more."""
MOST_LISTED = 20_000
"""Senders listed in aliases.csv; the lines of all are in unmatched.csv."""


@dataclass(slots=True)
class Unknown:
    """A sender that was not matched: how many lines, where first, on which days, whom they may be."""

    sender: str
    ids: tuple[str, ...]
    reason: str
    near: tuple[int, ...]
    source: str = ""
    line: int = 0
    lines: int = 0
    days: set[date] = field(default_factory=set)


class Directory:
    """Matches senders with people.

    Parameters
    ----------
    people : everyone in the roster, whoever is reported on.
    aliases : ids, NIPs or unambiguous names by sender, as filled in by hand; they win over every other
        mark; "-" for who is not of the staff.
    """

    def __init__(self, people: Sequence[Person], aliases: Mapping[str, str] | None = None) -> None:
        self._people = people
        self._marks: dict[str, set[int]] = defaultdict(set)
        for index, person in enumerate(people):
            for mark in _marks_of_person(person):
                self._marks[mark].add(index)
        by_id = {mark: index for index, p in enumerate(people) for mark in (p.id, p.nip) if mark}
        names = Counter(plain_sender(p.name) for p in people)
        by_name = {plain_sender(p.name): i for i, p in enumerate(people) if names[plain_sender(p.name)] == 1}
        self._aliases: dict[str, int] = {}
        self.unknown_aliases: list[str] = []
        for sender, person_id in (aliases or {}).items():
            person_index = by_id.get(person_id.replace(" ", ""), by_name.get(plain_sender(person_id)))
            if person_id == NO_STAFF:
                self._aliases[_alias(sender)] = STRANGER
            elif person_index is not None:
                self._aliases[_alias(sender)] = person_index
            else:
                self.unknown_aliases.append(person_id)
        self._near = NearNames(people)
        self._found: dict[tuple[str, tuple[str, ...]], int] = {}
        self.unknown: dict[tuple[str, tuple[str, ...]], Unknown] = {}

    def match(self, sender: str, ids: tuple[str, ...] = ()) -> int:
        """Return the index of the person, `NOBODY`, `AMBIGUOUS`, or `STRANGER` where an alias says so."""
        key = (sender, ids)
        found = self._found.get(key)
        if found is None:
            if len(self._found) >= MOST_REMEMBERED:
                self._found.clear()
            found = self._found[key] = self._search(sender, ids)
        return found

    def note_unknown(
        self, sender: str, ids: tuple[str, ...], source: str, line: int, day: date | None
    ) -> Unknown:
        """Count a line of a sender whom `match` did not find, and return what is known of them."""
        key = (sender, ids)
        unknown = self.unknown.get(key)
        if unknown is None:
            reason = "ambiguous" if self.match(sender, ids) == AMBIGUOUS else "nobody"
            unknown = Unknown(sender, ids, reason, self._near.near(sender, ids), source, line)
            if len(self.unknown) < MOST_LISTED:
                self.unknown[key] = unknown
        unknown.lines += 1
        if day is not None and len(unknown.days) < 1000:
            unknown.days.add(day)
        return unknown

    def _search(self, sender: str, ids: tuple[str, ...]) -> int:
        aliased = {self._aliases[a] for a in (_alias(sender), *ids) if a in self._aliases}
        if len(aliased) == 1:
            return aliased.pop()
        marks = [_plain_mark(mark) for mark in ids]
        marks += marks_of_text(sender)
        found: set[int] = set()
        for mark in marks:
            holders = self._marks.get(mark)
            if holders:
                found |= holders
        return found.pop() if len(found) == 1 else AMBIGUOUS if found else NOBODY


def _marks_of_person(person: Person) -> list[str]:
    numbers = {plain_sender(number) for number in (person.nip, person.id) if number}
    marks = [f"{kind}:{number}" for number in numbers for kind in ("nip", "id")]
    if digits := phone_digits(person.phone):
        marks.append(f"phone:{digits}")
    if person.telegram:
        marks.append(telegram_mark(person.telegram))
    return marks


def _plain_mark(mark: str) -> str:
    kind, _, value = mark.partition(":")
    if kind == "telegram":
        return telegram_mark(value)
    if kind == "phone":
        return f"phone:{phone_digits(value)}"
    return f"{kind}:{plain_sender(value)}"


def _alias(sender: str) -> str:
    """Return the key of an alias: a number's digits, a mark such as "telegram:123", else the plain text."""
    digits = phone_digits(sender)
    return f"phone:{digits}" if digits else plain_sender(sender)
