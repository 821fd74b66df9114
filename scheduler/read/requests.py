"""What `giliran replan` is asked in words: `P:FROM..TO=KIND`, `P:DATE=home`, `P,Q:DATE`, `P:DATE`; every fault at once.

A person is given by id, NIP or unambiguous name; a date as 2021-08-03 or 3/8/2021.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple, cast

from scheduler.changes import NewAbsence, NewPin
from scheduler.errors import Fault, InputError
from scheduler.language import Bilingual, format_date
from scheduler.problem import ABSENCE_KINDS, Person, Problem, Unit
from scheduler.read.dates import date_of
from scheduler.read.files.cells import words_of
from scheduler.read.people_index import PeopleIndex
from scheduler.read.scenario_tables import KIND_OF, in_indonesian
from scheduler.roster import HOME, OFFICE, UnitRoster

PLACES: Mapping[str, Literal["home", "office"]] = {
    "home": "home", "wfh": "home", "rumah": "home", "di rumah": "home",
    "office": "office", "wfo": "office", "kantor": "office", "di kantor": "office",
}  # fmt: skip
"""Home and office in the words that people type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What was typed, flag by flag."""

    absent: Sequence[str] = ()
    pin: Sequence[str] = ()
    swap: Sequence[str] = ()
    recall: Sequence[str] = ()
    leaves: Sequence[str] = ()


class Asked(NamedTuple):
    """The same as values."""

    absences: tuple[NewAbsence, ...]
    pins: tuple[NewPin, ...]
    leaves: Mapping[str, date]


class _Cell(NamedTuple):
    person: Person
    unit: Unit
    day: date


def find_person(problem: Problem, text: str) -> tuple[Person, Unit]:
    """Return the person of a problem whom a text names, with the unit.

    Raises
    ------
    InputError
        Where nobody or several are meant.
    """
    return _Reader(problem, {}, problem.first).person_or_raise(text)


def read_words(
    words: Words, problem: Problem, rosters: Mapping[str, UnitRoster], as_of: date, *, recall_from: date
) -> Asked:
    """Return what the words ask for.

    Parameters
    ----------
    rosters : by unit, to know who is where on the day of a swap.
    as_of : the first day that may change; `recall_from` the first on which somebody can still be called in.

    Raises
    ------
    InputError
        With a fault for each word that cannot be taken.
    """
    reader = _Reader(problem, rosters, as_of)
    absences = [a for text in words.absent if (a := reader.absence(text))]
    pins = [p for text in words.pin if (p := reader.pin(text))]
    pins += [p for text in words.swap for p in reader.swap(text)]
    pins += [p for text in words.recall if (p := reader.recall(text, recall_from))]
    leaves = dict(found for text in words.leaves if (found := reader.leaver(text)))
    reader.refuse_two(pins, absences)
    if reader.faults:
        raise InputError(reader.faults)
    return Asked(tuple(absences), tuple(pins), leaves)


class _Reader:
    """The problem against which words are read, and the faults met."""

    def __init__(self, problem: Problem, rosters: Mapping[str, UnitRoster], as_of: date) -> None:
        self.problem = problem
        self.rosters = rosters
        self.as_of = as_of
        self.faults: list[Fault] = []
        self.flag = ""
        self._units = {person.id: unit for unit in problem.units for person in unit.people}
        self._people = PeopleIndex([person for unit in problem.units for person in unit.people])

    # One word of each kind --------------------------------------------------------------------------------------

    def absence(self, text: str) -> NewAbsence | None:
        """Read `P:FROM..TO=KIND`; one day may be given alone."""
        self.flag = "--absent"
        left, equals, kind_text = text.rpartition("=")
        name, colon, span = left.rpartition(":")
        if not (equals and colon and name.strip()):
            self._malformed(text, "Budi:2021-08-03..2021-08-05=cuti")
            return None
        kind = KIND_OF.get(words_of(kind_text))
        if kind is None:
            kinds = ", ".join(ABSENCE_KINDS)
            self._fault(
                text, "jenis tidak dikenal", "unknown kind", Bilingual(id=f"{kinds}; cuti, sakit …", en=kinds)
            )
        first_text, dots, last_text = span.partition("..")
        first = self._day(first_text, text)
        last = self._day(last_text, text) if dots else first
        person = self._person(name, text)
        if not (kind and first and last and person):
            return None
        if first > last or last < self.as_of:
            self._fault(
                text,
                "tanggalnya terbalik" if first > last else "sudah lewat seluruhnya",
                "the dates are the wrong way round" if first > last else "wholly past",
                self._from_as_of(),
            )
            return None
        return NewAbsence(person_id=person.id, first=max(first, self.as_of), last=last, kind=kind)

    def pin(self, text: str) -> NewPin | None:
        """Read `P:DATE=home|office`."""
        self.flag = "--pin"
        left, _, place_text = text.rpartition("=")
        place = PLACES.get(words_of(place_text))
        if place is None:
            self._malformed(text, "Budi:2021-08-03=home, Budi:2021-08-03=office")
            return None
        cell = self._cell(left, text)
        return NewPin(person_id=cell.person.id, day=cell.day, status=place) if cell else None

    def swap(self, text: str) -> list[NewPin]:
        """Read `P,Q:DATE`: each takes the other's place that day."""
        self.flag = "--swap"
        names, colon, day_text = text.rpartition(":")
        name, comma, other_name = names.partition(",")
        if not (colon and comma):
            self._malformed(text, "Budi,Ani:2021-08-03")
            return []
        first, second = self._cell(f"{name}:{day_text}", text), self._cell(f"{other_name}:{day_text}", text)
        if first is None or second is None:
            return []
        places = self._status(first), self._status(second)
        if set(places) != {HOME, OFFICE}:
            self._fault(
                text,
                f"keduanya {places[0]}"
                if places[0] == places[1]
                else f"yang satu {places[0]}, yang lain {places[1]}",
                f"both are {places[0]}"
                if places[0] == places[1]
                else f"one is {places[0]}, the other {places[1]}",
                Bilingual(id="seorang WFH dan seorang WFO", en="one at home and one at the office"),
                Bilingual(
                    id="Lihat siapa yang boleh bertukar dengan `giliran partners`.",
                    en="See who may swap by `giliran partners`.",
                ),
            )
            return []
        return [
            NewPin(person_id=a.person.id, day=a.day, status=_opposite(place), cause="swap", other=b.person.id)
            for a, b, place in ((first, second, places[0]), (second, first, places[1]))
        ]

    def recall(self, text: str, first: date) -> NewPin | None:
        """Read `P:DATE`: a call to the office."""
        self.flag = "--recall"
        cell = self._cell(text, text, first)
        if cell is None:
            return None
        if self._status(cell) == OFFICE:
            self._fault(text, "hari itu memang di kantor", "is at the office that day anyway")
            return None
        return NewPin(person_id=cell.person.id, day=cell.day, status="office", cause="recall")

    def leaver(self, text: str) -> tuple[str, date] | None:
        """Read `P:DATE`: the last day of somebody who leaves."""
        self.flag = "--leaves"
        name, _, day_text = text.rpartition(":")
        person, day = self._person(name, text), self._day(day_text, text)
        if not (person and day):
            return None
        if day < self.as_of and (self.as_of - day).days > 1:
            self._fault(text, "sudah lewat", "is past", self._from_as_of())
            return None
        return person.id, day

    def refuse_two(self, pins: Sequence[NewPin], absences: Sequence[NewAbsence]) -> None:
        """Add a fault where one person-day is asked to be two things."""
        asked: dict[tuple[str, date], str] = {}
        for pin in pins:
            away = any(a.person_id == pin.person_id and a.first <= pin.day <= a.last for a in absences)
            if away or asked.setdefault((pin.person_id, pin.day), pin.status) != pin.status:
                name = next(p.name for p in self._units[pin.person_id].people if p.id == pin.person_id)
                self.flag = f"--{pin.cause}"
                self._fault(
                    f"{name}, {format_date(pin.day, 'id')}",
                    "diminta dua hal sekaligus",
                    "is asked to be two things",
                )

    # Parts of a word --------------------------------------------------------------------------------------------

    def person_or_raise(self, text: str) -> tuple[Person, Unit]:
        """Return a person and the unit."""
        self.flag = "--person"
        person = self._person(text, text)
        if person is None:
            raise InputError(self.faults)
        return person, self._units[person.id]

    def _person(self, name: str, text: str) -> Person | None:
        found = self._people.find(name.strip()) or self._people.by_part(name)
        if len(found) == 1:
            return found[0]
        if found:
            listed = "; ".join(f"{person.id} ({person.name}, {person.unit})" for person in found[:6])
            self._fault(
                text,
                "ada beberapa orang dengan nama itu",
                "several people have that name",
                Bilingual(id=listed, en=listed),
            )
            return None
        near = ", ".join(self._people.nearest(name))
        self._fault(
            text,
            "orang itu tidak ada di jadwal",
            "nobody on the roster is called that",
            remedy=Bilingual(id=f"Maksud Anda {near}?", en=f"Did you mean {near}?")
            if near
            else Bilingual(
                id="Tulis NIP, id atau namanya seperti di roster.csv.",
                en="Write NIP, id or name as in roster.csv.",
            ),
        )
        return None

    def _day(self, day_text: str, text: str) -> date | None:
        day = date_of(day_text.strip())
        if day is None:
            self._fault(text, "tanggal tidak terbaca", "the date cannot be read", _FORMS)
        return day

    def _cell(self, words: str, text: str, first: date | None = None) -> _Cell | None:
        """Read `P:DATE`: a person-day that can still change and on which the person works."""
        name, colon, day_text = words.rpartition(":")
        if not colon:
            self._malformed(text, "Budi:2021-08-03")
            return None
        person, day = self._person(name, text), self._day(day_text, text)
        if person is None or day is None:
            return None
        unit = self._units[person.id]
        if day < (first or self.as_of):
            self._fault(text, "sudah lewat", "is past", self._from_as_of())
        elif day not in unit.horizon.workdays:
            last = unit.horizon.last
            self._fault(
                text,
                "bukan hari kerja unitnya, atau di luar periode",
                "no working day of the unit, or outside the period",
                Bilingual(id=f"hari kerja sampai {last}", en=f"working days to {last}"),
            )
        elif not unit.is_present(person, day):
            kind = unit.absences.get((person.id, day), "")
            self._fault(text, f"hari itu berhalangan ({in_indonesian(kind)})", f"is away that day ({kind})")
        else:
            return _Cell(person, unit, day)
        return None

    def _status(self, cell: _Cell) -> str:
        roster = self.rosters[cell.unit.name]
        return roster.statuses[roster.people.index(cell.person.id)][roster.days.index(cell.day)]

    def _from_as_of(self) -> Bilingual:
        return Bilingual(
            id=f"mulai {format_date(self.as_of, 'id')} (--as-of)",
            en=f"from {format_date(self.as_of, 'en')} (--as-of)",
        )

    def _malformed(self, text: str, form: str) -> None:
        self._fault(text, "bentuknya tidak dikenal", "the form is not known", Bilingual(id=form, en=form))

    def _fault(
        self, value: str, id_: str, en: str, allowed: Bilingual | None = None, remedy: Bilingual | None = None
    ) -> None:
        self.faults.append(
            Fault(
                field=self.flag, value=value, problem=Bilingual(id=id_, en=en), allowed=allowed, remedy=remedy
            )
        )


_FORMS = Bilingual(id="2021-08-03 atau 3/8/2021", en="2021-08-03 or 3/8/2021")


def _opposite(place: str) -> Literal["home", "office"]:
    return cast(Literal["home", "office"], OFFICE if place == HOME else HOME)
