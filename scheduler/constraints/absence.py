"""Whoever is on leave, travelling, ill, isolated, in hospital, on permit or studying is neither home nor office.

Absences come from the scenario's `absences` file; a table here adds some for a selection of people. An absence
is stronger than anything else, pins included.

    [[rules.absence]]
    for = { unit = "Dinas Pendidikan", position = "Bendahara" }
    when = { from = 2021-08-02, to = 2021-08-03 }
    kind = "travel"
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from scheduler.constraints.base import Example, Instance, Rule
from scheduler.language import Bilingual
from scheduler.problem import ABSENCE_KINDS, Person, Unit
from scheduler.roster import Cells, Violation

Kind = Literal["leave", "travel", "sick", "isolation", "hospital", "permit", "study"]
KIND_WORDS = {
    "leave": Bilingual(id="cuti", en="on leave"),
    "travel": Bilingual(id="dinas luar", en="travelling"),
    "sick": Bilingual(id="sakit", en="ill"),
    "isolation": Bilingual(id="isolasi", en="in isolation"),
    "hospital": Bilingual(id="dirawat", en="in hospital"),
    "permit": Bilingual(id="izin", en="on permit"),
    "study": Bilingual(id="tugas belajar", en="studying"),
}


class Absence(Rule):
    """Absent people are absent."""

    scope = "cell"
    title: ClassVar[Bilingual] = Bilingual(id="Ketidakhadiran", en="Absences")
    summary: ClassVar[Bilingual] = Bilingual(
        id="Ketidakhadiran (cuti, sakit, dinas luar …) dari absences.csv atau dari tabel ini.",
        en="Absences (leave, illness, travel …) from absences.csv or from this table.",
    )
    kept: ClassVar[Example] = Example(
        settings={"kind": "leave", "when": {"dates": [date(2021, 8, 3)]}}, grid=("OL",)
    )
    broken: ClassVar[Example] = Example(
        settings={"kind": "leave", "when": {"dates": [date(2021, 8, 3)]}}, grid=("OO",)
    )

    kind: Kind | None = Field(
        default=None, description="the kind of absence that this table gives; none by default"
    )

    def absence_of(self, person: Person, day: date) -> str:
        """The kind that this table gives the person that day."""
        return self.kind if self.kind and self.selects(person, day) else ""

    def check(self, cells: Cells) -> Iterator[Violation]:
        """Yield absences not kept, and absent days that nothing gives."""
        for person in cells.people:
            for day in cells.days:
                wanted, found = cells.unit.absences.get((person.id, day), ""), cells.status(person, day)
                if (wanted or found in ABSENCE_KINDS) and wanted != found and person.is_employed_on(day):
                    instance = Instance(rule=self.label, day=day, people=(person.id,), facts={"kind": wanted})
                    yield self.violation(cells, self.sentence(cells.unit, instance), day=day, people=[person])

    def demand(self) -> Bilingual:
        """Return that the absent are left out, without naming files."""
        return Bilingual(
            id="Yang cuti, sakit, dinas luar atau berhalangan lain tidak dijadwalkan pada hari itu.",
            en="Whoever is on leave, ill, travelling or otherwise absent is not rostered that day.",
        )

    def sentence(self, unit: Unit, instance: Instance) -> Bilingual:
        """Return who is absent and why."""
        names, kind = unit.names(instance.people), instance.facts.get("kind", "")
        if not kind:
            return Bilingual(
                id=f"{names} tidak tercatat berhalangan.", en=f"{names} has no absence on record."
            )
        words = KIND_WORDS[kind]
        verb = "is" if len(instance.people) == 1 else "are"
        return Bilingual(id=f"{names} {words.id}.", en=f"{names} {verb} {words.en}.")
