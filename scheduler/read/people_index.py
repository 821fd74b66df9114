"""Finds a person by id, NIP, or name with or without degrees, as people write them in other lists."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Sequence

from scheduler.problem import Person
from scheduler.read.files.cells import words_of
from scheduler.read.staff_list.names import split_name
from scheduler.read.staff_list.nip import read_id, split_name_and_id


class PeopleIndex:
    """People by id, by printed name, by plain name, and by post within a unit."""

    def __init__(self, people: Sequence[Person]) -> None:
        self._ids = {person.nip: person for person in people if person.nip}
        self._ids |= {person.id.casefold(): person for person in people}
        self._printed: dict[str, list[Person]] = defaultdict(list)
        self._plain: dict[str, list[Person]] = defaultdict(list)
        self._posts: dict[tuple[str, str], list[Person]] = defaultdict(list)
        for person in people:
            self._printed[words_of(person.display_name)].append(person)
            self._plain[words_of(person.name)].append(person)
            self._posts[words_of(person.unit), words_of(person.position)].append(person)

    def by_id(self, text: str) -> Person | None:
        """Return the person with this id or NIP, written in whatever way a NIP is."""
        return self._ids.get(text.casefold()) or self._ids.get(read_id(text).text.casefold())

    def by_name(self, text: str, unit: str = "") -> list[Person]:
        """Return the people of that name, printed or plain; those of `unit` alone where there are any."""
        for found in (self._printed.get(words_of(text)), self._plain.get(words_of(split_name(text).name))):
            if found:
                return [p for p in found if words_of(p.unit) == words_of(unit)] or found
        return []

    def by_post(self, text: str, unit: str) -> list[Person]:
        """Return the people who hold this post in the unit."""
        return self._posts.get((words_of(unit), words_of(text)), [])

    def find(self, text: str, unit: str = "") -> list[Person]:
        """Return everybody whom the text may mean: an id, a NIP, a name, or name and NIP together."""
        name, identity = split_name_and_id(text)
        for candidate in (text, identity):
            known = self.by_id(candidate) if candidate else None
            if known is not None:
                return [known]
        return self.by_name(name or text, unit)

    def by_part(self, text: str) -> list[Person]:
        """Return the people whose name has every word of the text: a first name alone, say."""
        words = set(words_of(split_name(text).name).split())
        named = (people for name, people in self._plain.items() if words and words <= set(name.split()))
        return [person for people in named for person in people]

    def nearest(self, text: str, most: int = 3) -> list[str]:
        """Return the names that have these words, else those spelt most alike, as a whole or word by word."""
        parts = list(dict.fromkeys(person.name for person in self.by_part(text)))
        if parts:
            return parts[:most]
        known = {words: people[0].name for words, people in self._plain.items()}
        wanted = words_of(split_name(split_name_and_id(text)[0] or text).name)
        near = difflib.get_close_matches(wanted, list(known), most, 0.6) or [
            name
            for name in known
            if wanted and all(difflib.get_close_matches(w, name.split(), 1, 0.75) for w in wanted.split())
        ]
        return [known[words] for words in near[:most]]
