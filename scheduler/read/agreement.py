"""What the files of a scenario do not agree on: rules for nobody, two quotas on one person, dates outside the period."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from scheduler.allowed import did_you_mean
from scheduler.constraints.base import Rule
from scheduler.constraints.leaders import guessed_supervisors
from scheduler.constraints.selection import Selection, matches
from scheduler.errors import Fault
from scheduler.language import Bilingual, format_date
from scheduler.problem import RANK_NAMES, RANKS, Person, Pin, Reading, Unit
from scheduler.read.policy import PolicyFile
from scheduler.read.policy_faults import Place


def policy_faults(file: PolicyFile, people: Sequence[Person], units: Sequence[Unit]) -> Iterator[Fault]:
    """Yield what the policy and the staff list do not agree on.

    Parameters
    ----------
    people : everybody on the list, marked.
    units : as they are rostered, with everybody employed in the period.
    """
    yield from _nothing_to_roster(file, people, units)
    yield from _unknown_ranks(file)
    yield from _for_nobody(file, people)
    yield from _two_quotas(file, units)
    yield from _never(file)
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


# Rules for nobody -----------------------------------------------------------------------------------------------------

_FACTS: Mapping[str, Callable[[Person], Iterable[str]]] = {
    "unit": lambda p: (p.unit,),
    "sub_unit": lambda p: (p.sub_unit,),
    "unit_class": lambda p: (p.unit_class,),
    "rank": lambda p: (p.rank,),
    "echelon": lambda p: (p.echelon.partition(".")[0], p.echelon),
    "position": lambda p: (p.position,),
    "employment": lambda p: (p.employment,),
    "service_post": lambda p: p.service_posts,
    "tag": lambda p: p.tags,
    "person": lambda p: (p.name,),
}
"""What the list knows of a person by each key of `for`."""


def _for_nobody(file: PolicyFile, people: Sequence[Person]) -> Iterator[Fault]:
    """Yield a warning for each rule of the file that is for nobody, and a fault where a flag asks it."""
    for rule in file.policy.rules:
        where = (*file.places[rule.label], "for")
        if any(rule.for_.takes(person) for person in people):
            if rule.key == "service_post" and (flag := file.source.flag_of(where[:-1])):
                yield from _no_officers(rule, people, flag)
            continue
        chosen = rule.for_.model_dump(by_alias=True, exclude_defaults=True)
        known, near = _nearest(chosen, people)
        is_flag = bool(file.source.flag_of(where))
        yield file.source.fault(
            where,
            Bilingual(id="aturan ini tidak mengenai siapa pun", en="this rule is for nobody"),
            value="" if is_flag else ", ".join(f"{key} = {_words(value)}" for key, value in chosen.items()),
            allowed=Bilingual(id=known, en=known) if known else None,
            remedy=near
            or Bilingual(
                id="Bandingkan dengan `giliran staff`, yang menampilkan unit, jenjang dan jabatan.",
                en="Compare with `giliran staff`, which shows units, ranks and posts.",
            ),
            warning=not is_flag,
        )


def _unknown_ranks(file: PolicyFile) -> Iterator[Fault]:
    """Yield a fault for each rank that there is not: a slip in one word of a list would go unseen otherwise."""
    for rule in file.policy.rules:
        for word in _ranks_of(rule.for_):
            if not any(matches(rank, (word,)) for rank in RANKS):
                known = ", ".join(RANKS)
                yield file.source.fault(
                    (*file.places[rule.label], "for"),
                    Bilingual(id="jenjang ini tidak ada", en="there is no such rank"),
                    value=word,
                    allowed=Bilingual(id=known, en=known),
                    remedy=did_you_mean(word, RANKS),
                )


def _ranks_of(selection: Selection) -> Iterator[str]:
    yield from selection.rank
    for part in (selection.below, selection.not_, *selection.any_):
        if part is not None:
            yield from _ranks_of(part)


def _words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _nearest(chosen: Mapping[str, object], people: Sequence[Person]) -> tuple[str, Bilingual | None]:
    """Return what the list has for the first key that is asked, and the word nearest to what is asked."""
    for key, value in chosen.items():
        if key in _FACTS and isinstance(value, (list, tuple)) and value:
            known = list(dict.fromkeys(word for person in people for word in _FACTS[key](person) if word))
            if not any(_FACTS[key](person) and str(value[0]) in _FACTS[key](person) for person in people):
                shown = ", ".join(known[:12]) + (f" (+{len(known) - 12})" if len(known) > 12 else "")
                return shown, _near_pattern(str(value[0]), known)
    return "", None


def _near_pattern(pattern: str, known: Sequence[str]) -> Bilingual | None:
    """Return the question for the nearest word; a pattern is compared with as much of each as it spells out."""
    begins = pattern.partition("*")[0].strip()
    if "*" not in pattern or not begins:
        return did_you_mean(pattern.strip("* "), known, 0.4)
    heads = {name[: len(begins)]: name for name in reversed(known)}
    near = did_you_mean(begins, list(heads), 0.6)
    if near is None:
        return did_you_mean(begins, known, 0.4)
    head = next(head for head in heads if f"“{head}”" in near.en)
    return Bilingual(*(text.replace(f"“{head}”", f"“{heads[head]}”") for text in near))


def _no_officers(rule: Rule, people: Sequence[Person], flag: str) -> Iterator[Fault]:
    """Yield a fault where --service-post names a post that nobody of the list has."""
    posts = list(dict.fromkeys(post for person in people for post in person.service_posts))
    roles = {name.casefold() for name in posts}
    if rule.for_.is_everybody and rule.name.casefold() not in roles and "*" not in rule.name:
        listed = ", ".join(posts)
        yield Fault(
            field=flag,
            problem=Bilingual(
                id="tidak ada petugas pos ini di daftar pegawai",
                en="the staff list has no officer of this post",
            ),
            allowed=Bilingual(id=listed, en=listed) if listed else None,
            remedy=did_you_mean(rule.name, posts, 0.4),
        )


# Two quotas -----------------------------------------------------------------------------------------------------------


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


# Dates outside the period ---------------------------------------------------------------------------------------------


def _whole(file: PolicyFile) -> tuple[date, date]:
    """Return the first and last day of all phases together, or of the period."""
    firsts = [file.period.first, *(phase.first for phase in file.phases)]
    lasts = [file.period.last, *(phase.last for phase in file.phases)]
    return min(firsts), max(lasts)


def _span(first: date, last: date) -> Bilingual:
    return Bilingual(
        id=f"{format_date(first, 'id')} s.d. {format_date(last, 'id')}",
        en=f"{format_date(first, 'en')} to {format_date(last, 'en')}",
    )


def _never(file: PolicyFile) -> Iterator[Fault]:
    """Yield a warning for each rule, and each day off or exception, that no day of the period can meet."""
    first, last = _whole(file)
    for rule in file.policy.rules:
        when = rule.when
        outside = (when.first is not None and when.first > last) or (
            when.last is not None and when.last < first
        )
        if outside or (when.dates and not any(first <= day <= last for day in when.dates)):
            yield file.source.fault(
                (*file.places[rule.label], "when"),
                Bilingual(
                    id="di luar periode: aturan ini tidak pernah berlaku",
                    en="outside the period: this rule never holds",
                ),
                value=", ".join(str(day) for day in (*when.dates, when.first, when.last) if day),
                allowed=_span(first, last),
                warning=True,
            )
    for key, days in (("extra", file.period.extra), ("except", file.period.except_)):
        strange = [day for day in days if not first <= day <= last]
        if strange:
            yield file.source.fault(
                ("period", key),
                Bilingual(id="tanggal di luar periode", en="dates outside the period"),
                value=", ".join(map(str, strange)),
                allowed=_span(first, last),
                warning=True,
            )


def records_outside(
    file: PolicyFile, spans: Iterable[tuple[str, int, date, date]], files: Mapping[str, Path]
) -> Iterator[Fault]:
    """Yield a warning for each record of a table wholly outside the period and all phases.

    Parameters
    ----------
    spans : (table, row, first day, last day) of each record.
    """
    first, last = _whole(file)
    for table, row, begins, ends in spans:
        if ends < first or begins > last:
            yield Fault(
                file=next((str(path) for name, path in files.items() if name.startswith(table + ".")), table),
                row=row,
                value=str(begins) if begins == ends else f"{begins} – {ends}",
                problem=Bilingual(id="di luar periode, tidak dipakai", en="outside the period, not used"),
                allowed=_span(first, last),
                warning=True,
            )


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


# What the letter leaves open --------------------------------------------------------------------------------------------


def phase_reading(file: PolicyFile) -> Iterator[Reading]:
    """Yield which phase of the policy is in force, and how to make another."""
    if file.phase is None:
        return
    names = ", ".join(f"“{phase.name}”" for phase in file.phases)
    number = file.phases.index(file.phase) + 1
    yield Reading(
        key="phase",
        text=Bilingual(
            id=f"Tahap {number} dari {len(file.phases)}: “{file.phase.name}”; tahap lain dengan --phase ({names}).",
            en=f"Phase {number} of {len(file.phases)}: “{file.phase.name}”; others by --phase ({names}).",
        ),
    )


def silent_ranks(units: Sequence[Unit]) -> Iterator[Reading]:
    """Yield the reading that ranks which no rule concerns are at the office, with the flag for the other."""
    silent = {person.rank for unit in units for person in unit.people if person.rank}
    for unit in units:
        for person in unit.people:
            if person.rank in silent and _is_concerned(person, unit):
                silent.discard(person.rank)
    if silent:
        ranks = ", ".join(RANK_NAMES[rank] for rank in RANKS if rank in silent)
        lowest = next(rank for rank in reversed(RANKS) if rank in silent)
        yield Reading(
            key="default.office",
            text=Bilingual(
                id=f"Surat tidak mengatur {ranks}: tetap di kantor (WFO); bacaan lain misalnya --quota {lowest}=50%.",
                en=f"The letter is silent on {ranks}: at the office; another reading is, say, --quota {lowest}=50%.",
            ),
        )


def _is_concerned(person: Person, unit: Unit) -> bool:
    """Whether any rule, on any day, says where the person is or may be."""
    return any(
        rule.grants_home(person, day) or rule.settles(person, day)
        for rule in unit.rules
        for day in unit.horizon.workdays
    )
