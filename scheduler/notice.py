"""What a replanned roster changes for whom, and why: the content of the change notice, in no file format yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from scheduler.changes import NewPin, Step
from scheduler.constraints.absence import KIND_WORDS
from scheduler.language import Bilingual, format_date
from scheduler.problem import ABSENCE_KINDS, RANK_NAMES, Person, Unit
from scheduler.roster import NOT_EMPLOYED, OFF, Replaced, UnitResult, UnitRoster
from scheduler.verify import audit

MOST_REASONS = 60
"""For so many changes of a unit each is put back to see what would break; beyond, the cause alone is given."""

_PRIVATE = ("sick", "isolation", "hospital", "permit")
_AWAY = Bilingual(id="tidak masuk", en="absent")
_REPORTED = Bilingual(id="sesuai pemberitahuan", en="as reported")
"""Why somebody is away: the status beside it says of what kind, as far as others may know."""

_DECLARED = Bilingual(id="ditetapkan libur", en="declared a day off")


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One person-day that changed.

    Attributes
    ----------
    before, after : statuses; empty outside employment. `roles_before`, `roles_after` the roles held.
    why : who or what asked for it, or whom it stands in for.
    asked : whether the change itself was asked for, rather than following from one.
    """

    unit: str
    person: Person
    day: date
    before: str
    after: str
    roles_before: tuple[str, ...]
    roles_after: tuple[str, ...]
    why: Bilingual
    asked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """All that a revision changes; `replaces` is the number of the revision before."""

    as_of: date
    replaces: int
    moves: tuple[Move, ...]

    @property
    def people(self) -> int:
        """How many people it concerns."""
        return len({move.person.id for move in self.moves})


def make_notice(
    results: Sequence[UnitResult],
    replaced: Mapping[str, UnitRoster],
    step: Step,
    replaces: int,
    aims: Mapping[str, UnitRoster] | None = None,
) -> Notice:
    """Return the changes of all units against the rosters replaced, by unit, day and list order.

    Parameters
    ----------
    aims : what an earlier revision has, where the step goes back to one.
    """
    moves = [
        move
        for result in results
        if result.unit.name in replaced
        for move in _unit_moves(result, Replaced(replaced[result.unit.name], step.as_of), step, aims)
    ]
    return Notice(as_of=step.as_of, replaces=replaces, moves=tuple(moves))


def _unit_moves(
    result: UnitResult, replaced: Replaced, step: Step, aims: Mapping[str, UnitRoster] | None
) -> Iterator[Move]:
    unit, roster = result.unit, result.roster
    people = {person.id: person for person in unit.people}
    changed = [
        (person_id, day, status)
        for column, day in enumerate(roster.days)
        for person_id, row in zip(roster.people, roster.statuses, strict=True)
        if _differs(roster, replaced, person_id, day, status := row[column])
    ]
    aim = Replaced(aims[unit.name], step.as_of) if aims and unit.name in aims else None
    turned = list(_turned(unit, roster, replaced))
    causes = list(_causes(unit, step)) if step.restores is None else [_past_stays(step, p) for p in people]
    for person_id, day, status in changed:
        own = next((c.text for c in causes if c.person_id == person_id and c.first <= day <= c.last), None)
        if step.restores is not None:
            as_it_was = aim is not None and aim.status(person_id, day) == status
            own = _as_in(step.restores) if as_it_was else None
        if own is None and status == OFF and day in turned:
            own = _DECLARED
        why = own or _consequence(
            unit, roster, replaced, (person_id, day), causes, turned, len(changed) <= MOST_REASONS
        )
        yield Move(
            unit=unit.name,
            person=people[person_id],
            day=day,
            before=replaced.status(person_id, day),
            after=status,
            roles_before=tuple(sorted(replaced.roles(person_id, day))),
            roles_after=roster.roles.get((person_id, day), ()),
            why=why,
            asked=own is not None,
        )


def _turned(unit: Unit, roster: UnitRoster, replaced: Replaced) -> Iterator[date]:
    """Yield the days that the unit worked and now has off, or the other way round."""
    works = set(unit.horizon.workdays)
    for day in roster.days:
        known = {replaced.status(person, day) for person in roster.people} - {NOT_EMPLOYED}
        if known and (day in works) == (known == {OFF}):
            yield day


def _differs(roster: UnitRoster, replaced: Replaced, person_id: str, day: date, status: str) -> bool:
    before = replaced.status(person_id, day)
    if {before, status} <= {OFF, NOT_EMPLOYED}:  # a day off of who comes or leaves is nobody's news
        return False
    roles = frozenset(roster.roles.get((person_id, day), ()))
    return before != status or replaced.roles(person_id, day) != roles


# Why --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Cause:
    """Something that was asked: whom and which days it concerns, its words, and what it makes others do."""

    person_id: str
    first: date
    last: date
    text: Bilingual
    for_others: Bilingual


def _causes(unit: Unit, step: Step) -> Iterator[_Cause]:
    """Yield what a step asked of one unit's people."""
    people = {person.id: person for person in unit.people}
    for absence in step.absences:
        if absence.person_id in people:
            name = people[absence.person_id].name
            kind = _AWAY if absence.kind in _PRIVATE else KIND_WORDS[absence.kind]
            yield _Cause(
                absence.person_id,
                absence.first,
                absence.last,
                _REPORTED,
                Bilingual(id=f"{name} {kind.id}", en=f"{name} is {kind.en}"),
            )
    for pin in step.pins:
        if pin.person_id in people:
            yield _pin_cause(pin, people[pin.person_id].name, _name(unit, pin.other))
    for person_id, last in step.leaves.items():
        if person_id in people:
            yield _departure(people[person_id], last, unit)
    for person in step.departed:
        if person.id in people:
            yield _departure(person, step.as_of, unit)
    for person_id, first in step.joins.items():
        if person_id in people:
            name = people[person_id].name
            text = Bilingual(id="pegawai baru", en="new to the unit")
            others = Bilingual(id=f"{name} mulai bertugas", en=f"{name} has joined")
            yield _Cause(person_id, first, unit.horizon.last, text, others)


def _as_in(revision: int) -> Bilingual:
    return Bilingual(id=f"kembali seperti revisi {revision}", en=f"as in revision {revision} again")


def _past_stays(step: Step, person_id: str) -> _Cause:
    """Return why somebody is elsewhere than in the revision that was gone back to."""
    text = Bilingual(id="hari-hari sebelumnya tetap", en="the days before stay as they were")
    return _Cause(person_id, step.as_of, date.max, text, text)


def _pin_cause(pin: NewPin, name: str, other: str) -> _Cause:
    day_id, day_en = format_date(pin.day, "id"), format_date(pin.day, "en")
    text, others = {
        "pin": (
            Bilingual(id="ditetapkan kepala unit", en="pinned by the head"),
            Bilingual(id=f"{name} ditetapkan {day_id}", en=f"{name} is pinned on {day_en}"),
        ),
        "swap": (
            Bilingual(id=f"bertukar dengan {other}", en=f"swaps with {other}"),
            Bilingual(id=f"{name} bertukar {day_id}", en=f"{name} swaps on {day_en}"),
        ),
        "recall": (
            Bilingual(id="dipanggil ke kantor", en="called to the office"),
            Bilingual(id=f"{name} dipanggil {day_id}", en=f"{name} is called in on {day_en}"),
        ),
        "edit": (
            Bilingual(id="diubah di Excel", en="edited in Excel"),
            Bilingual(
                id=f"{name} diubah di Excel {day_id}",
                en=f"{name} was edited in Excel on {day_en}",
            ),
        ),
    }[pin.cause]
    if pin.why:
        text = Bilingual(id=f"{text.id}: {pin.why}", en=f"{text.en}: {pin.why}")
    return _Cause(pin.person_id, pin.day, pin.day, text, others)


def _departure(person: Person, last: date, unit: Unit) -> _Cause:
    return _Cause(
        person.id,
        last,
        unit.horizon.last,
        Bilingual(id="tidak lagi bertugas di unit ini", en="has left the unit"),
        Bilingual(id=f"{person.name} tidak lagi bertugas", en=f"{person.name} has left"),
    )


def _name(unit: Unit, person_id: str) -> str:
    return unit.names((person_id,)) if person_id else ""


def _consequence(
    unit: Unit,
    roster: UnitRoster,
    replaced: Replaced,
    cell: tuple[str, date],
    causes: Sequence[_Cause],
    turned: Sequence[date],
    tries: bool,
) -> Bilingual:
    """Return what a change follows from: what was asked that day, or of the unit at all, and the rule it keeps."""
    rule = _kept_by(unit, roster, replaced, cell) if tries else ""
    listed = _nearest(unit, cell, causes)
    if not listed and turned:
        base = _because_turned(unit, turned)
    elif not listed:
        base = Bilingual(id="menyesuaikan aturan atau data yang berubah", en="follows changed rules or facts")
    else:
        more = f" (+{len(listed) - 2})" if len(listed) > 2 else ""
        base = Bilingual(
            id="karena " + "; ".join(c.for_others.id for c in listed[:2]) + more,
            en="because " + "; ".join(c.for_others.en for c in listed[:2]) + more,
        )
    if not rule:
        return base
    said = _called(unit, rule)
    return Bilingual(id=f"{base.id}, agar {said.id} terpenuhi", en=f"{base.en}, so that {said.en} holds")


def _because_turned(unit: Unit, turned: Sequence[date]) -> Bilingual:
    """Return as the reason that days were declared off, or are worked after all."""
    worked = all(day in unit.horizon.workdays for day in turned)
    days_id = ", ".join(format_date(day, "id") for day in turned[:2]) + (" …" if len(turned) > 2 else "")
    days_en = ", ".join(format_date(day, "en") for day in turned[:2]) + (" …" if len(turned) > 2 else "")
    return Bilingual(
        id=f"karena {days_id} menjadi hari {'kerja' if worked else 'libur'}",
        en=f"because {days_en} {'is worked' if worked else 'is a day off'} now",
    )


def _called(unit: Unit, label: str) -> Bilingual:
    """Return a rule as people call it: the quota of a rank, else the rule by its name in the policy."""
    rule = next(rule for rule in unit.rules if rule.label == label)
    if rule.key == "home_quota" and rule.name:
        name = RANK_NAMES.get(rule.name, rule.name.replace("_", " "))
        return Bilingual(id=f"kuota WFH {name}", en=f"the WFH quota of {name}")
    return Bilingual(id=f"aturan {label}", en=f"the rule {label}")


def _nearest(unit: Unit, cell: tuple[str, date], causes: Sequence[_Cause]) -> list[_Cause]:
    """Return the causes that concern the person, else those of the same day and rank, the same day, or rank."""
    person_id, day = cell
    rank = {person.id: person.rank for person in unit.people}
    own = [c for c in causes if c.person_id == person_id]
    same_day = [c for c in causes if c.first <= day <= c.last]
    alike = [c for c in causes if rank[c.person_id] == rank[person_id]]
    both = [c for c in same_day if c in alike]
    return own or both or same_day or alike or list(causes)


def _kept_by(unit: Unit, roster: UnitRoster, replaced: Replaced, cell: tuple[str, date]) -> str:
    """Return the label of a rule that would break if this person-day were put back; empty where none would."""
    person_id, day = cell
    before = replaced.status(person_id, day)
    if before in (NOT_EMPLOYED, OFF, *ABSENCE_KINDS):
        return ""
    row, column = roster.people.index(person_id), roster.days.index(day)
    grid = [list(statuses) for statuses in roster.statuses]
    grid[row][column] = before
    roles = {key: held for key, held in roster.roles.items() if key != cell}
    if held := replaced.roles(person_id, day):
        roles[cell] = tuple(sorted(held))
    put_back = replace(roster, statuses=tuple(map(tuple, grid)), roles=roles)
    labels = {rule.label for rule in unit.rules}
    return next((v.rule for v in audit(unit, put_back).broken if v.rule in labels), "")
