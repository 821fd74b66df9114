"""What the files of a scenario do not agree on: nobody or no day to roster, two quotas on one person, pins while absent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from scheduler.constraints.base import Rule
from scheduler.constraints.leaders import guessed_supervisors
from scheduler.errors import Fault
from scheduler.language import Bilingual, format_date
from scheduler.problem import Person, Pin, Unit
from scheduler.read.outside_period import never_holding
from scheduler.read.policy import PolicyFile
from scheduler.read.policy_faults import Place
from scheduler.read.rules_for_nobody import for_nobody, unknown_ranks


def policy_faults(file: PolicyFile, people: Sequence[Person], units: Sequence[Unit]) -> Iterator[Fault]:
    """Yield what the policy and the staff list do not agree on.

    Parameters
    ----------
    people : everybody on the list, marked.
    units : as they are rostered, with everybody employed in the period.
    """
    yield from _nothing_to_roster(file, people, units)
    yield from unknown_ranks(file)
    yield from for_nobody(file, people)
    yield from _two_quotas(file, units)
    yield from never_holding(file)
    for sentence in guessed_supervisors(people, file.policy.rules):
        yield Fault(problem=sentence, warning=True)


def _nothing_to_roster(file: PolicyFile, people: Sequence[Person], units: Sequence[Unit]) -> Iterator[Fault]:
    """Yield a fault where the period has no working day for anybody, or nobody is employed in it."""
    period = file.period
    days = f"{period.first} – {period.last}"
    if people and not units:
        yield file.source.fault(
            ("period",),
            Bilingual(
                id="tidak seorang pun bekerja dalam periode ini menurut tanggal masuk dan keluarnya",
                en="nobody is employed in this period by the dates of joining and leaving",
            ),
            value=days,
            remedy=Bilingual(id="Periksa tanggal-tanggal itu.", en="Check those dates."),
        )
    elif units and not any(unit.horizon.workdays for unit in units):
        yield file.source.fault(
            ("period",),
            Bilingual(
                id="periode ini tidak memuat hari kerja: seluruhnya akhir pekan atau hari libur",
                en="this period has no working day: all of it is weekend or holiday",
            ),
            value=days,
            remedy=Bilingual(
                id="Ubah from dan to (--from, --to), workdays, atau kecualikan libur dengan `except` di [period].",
                en="Change from and to (--from, --to), workdays, or take off holidays by `except` in [period].",
            ),
        )


def _two_quotas(file: PolicyFile, units: Sequence[Unit]) -> Iterator[Fault]:
    """Yield a fault for each pair of quotas that select one person on one day, unless one overrides the other."""
    reported: set[tuple[str, str]] = set()
    for unit in units:
        sharing = [rule for rule in unit.rules if type(rule).share_of is not Rule.share_of]
        for person in unit.people if len(sharing) > 1 else ():
            for day in unit.horizon.workdays:
                quotas = [rule for rule in sharing if rule.share_of(person, day) is not None]
                for a, b in ((a, b) for n, a in enumerate(quotas) for b in quotas[n + 1 :]):
                    if (a.label, b.label) not in reported:
                        reported.add((a.label, b.label))
                        yield _both(file, a, b, person)


def _both(file: PolicyFile, first: Rule, second: Rule, person: Person) -> Fault:
    place: Place = file.places[second.label]
    return file.source.fault(
        place,
        Bilingual(
            id=f"{first.label} dan {second.label} mengenai orang yang sama",
            en=f"{first.label} and {second.label} select the same person",
        ),
        value=f"{person.name} ({person.unit})",
        remedy=Bilingual(
            id=f"Persempit `for`, atau tulis `overrides = \"{first.name}\"` di {second.label}.",
            en=f"Narrow `for`, or write `overrides = \"{first.name}\"` in {second.label}.",
        ) if first.name else Bilingual(
            id=f"Persempit `for`, atau beri {first.label} `name` dan tulis `overrides` di {second.label}.",
            en=f"Narrow `for`, or give {first.label} a `name` and write `overrides` in {second.label}.",
        ),
    )  # fmt: skip


def dropped_pins(
    people: Sequence[Person], absences: Mapping[tuple[str, date], str], pins: Mapping[tuple[str, date], Pin]
) -> Iterator[Fault]:
    """Yield a warning for each pin on a day on which the person is absent."""
    names = {person.id: person.name for person in people}
    for person_id, day in pins:
        if (person_id, day) in absences:
            yield Fault(
                field="pins",
                value=names[person_id],
                problem=Bilingual(
                    id=f"ditetapkan pada {format_date(day, 'id')} padahal berhalangan; ketidakhadiran yang dipakai",
                    en=f"pinned on {format_date(day, 'en')} but absent; the absence is used",
                ),
                warning=True,
            )
