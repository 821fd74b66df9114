"""An output folder read for publishing: who is where on which day, what is asked of them, and every calendar."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from scheduler.errors import Fault, InputError
from scheduler.language import Bilingual, Language
from scheduler.server.publishing.supervisors import supervisor_calendars

if TYPE_CHECKING:
    from scheduler.checkins.windows import Group
    from scheduler.problem import Person, Problem
    from scheduler.read.outputs.revision import PersonDay

_ANEW = Bilingual(
    id="Buat lagi folder keluaran itu dengan `giliran generate`.",
    en="Make the output folder again by `giliran generate`.",
)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose calendar it is: `kind` is person, unit or supervisor (the people who report to a person directly).

    `key` is the person's id or the unit's name.
    """

    kind: str
    key: str
    name: str
    unit: str


class Asked(NamedTuple):
    """One thing asked on a person-day, as the JSON of `Day.checkpoints` lists it.

    Attributes
    ----------
    kind : point, arrival, departure (one sign each), interval (a live location), reachability (calls to be
        answered) or activity (entries of work done).
    due : "HH:MM", local; `opens` and `closes` in seconds since 1970.
    elsewhere : the channels that count, where nothing from the phone's page does; else empty.
    number : minutes of an interval, minutes in which a call is to be answered, or entries of activities.
    needs_target : whether activities are to name a target.
    """

    label: str
    kind: str
    due: str
    opens: int
    closes: int
    elsewhere: str
    number: int = 0
    needs_target: bool = False


SIGNS = ("point", "arrival", "departure")
"""Kinds for which a single sign is asked."""


def read_asked(checkpoints: str) -> list[Asked]:
    """Return what is asked on a person-day, from the JSON of `Day.checkpoints`."""
    return [Asked(*one) for one in json.loads(checkpoints)]


@dataclass(frozen=True, slots=True)
class Day:
    """One person-day: `checkpoints` is JSON, a list of `Asked`; read it by `read_asked`."""

    person_id: str
    day: str
    unit: str
    status: str
    roles: str
    checkpoints: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One revision as the server keeps it.

    Attributes
    ----------
    fingerprint : of the scenario's calendar key: tells apart two governments' scenarios of one name.
    sha256 : of certificate.json.
    calendars : the bytes of each subject's .ics file.
    retention_days : how long what people send is kept.
    decimals : to which coordinates are rounded once they are judged; None where they are dropped.
    """

    name: str
    fingerprint: str
    title: str
    timezone: str
    language: Language
    first: date
    last: date
    number: int
    sha256: str
    calendars: Mapping[Subject, bytes]
    days: tuple[Day, ...]
    retention_days: int = 30
    decimals: int | None = None


def find_periods(output: Path) -> list[Path]:
    """Return the folders of all periods at `output`, oldest first: itself, or those below a scenario's folder.

    Raises
    ------
    InputError
        Where there is none.
    """
    from scheduler.read.outputs.output_folder import CERTIFICATE, period_of_name, resolve_output

    latest = resolve_output(output)
    if latest == output:
        return [output]
    return sorted(p for p in output.iterdir() if period_of_name(p.name) and (p / CERTIFICATE).is_file())


def read_publication(folder: Path, scenario: Path | None = None) -> Publication:
    """Return the current revision of one output folder.

    Parameters
    ----------
    scenario : where the scenario folder is now, for its calendar.key; None where it has not moved.

    Raises
    ------
    InputError
        Where a file is missing or faulty, or a new revision came in between twice.
    """
    from scheduler.read.outputs.output_folder import CERTIFICATE

    for _ in range(2):
        before = (folder / CERTIFICATE).read_bytes()
        found = _read(folder, scenario, hashlib.sha256(before).hexdigest())
        if (folder / CERTIFICATE).read_bytes() == before:
            return found
    problem = Bilingual(
        id="folder keluaran terus berganti selagi dibaca", en="the output folder keeps changing while read"
    )
    again = Bilingual(id="Ulangi sebentar lagi.", en="Try again in a moment.")
    raise InputError([Fault(file=str(folder), problem=problem, remedy=again)])


def _read(folder: Path, scenario: Path | None, sha256: str) -> Publication:
    from scheduler.checkins.place import require_geometry
    from scheduler.checkins.policy import parse_settings
    from scheduler.read.outputs.kept import read_revision
    from scheduler.write.calendar.names import opaque_name, person_file, unit_file

    kept = read_revision(folder)
    problem = kept.scenario.problem
    key = _key(scenario or kept.order.scenario, kept.scenario.calendar_key)
    people = {person_id: cell for (person_id, _), cell in kept.statuses.items()}
    files = {
        Subject("person", person_id, cell.name, cell.unit): Path("people") / person_file(key, person_id)
        for person_id, cell in people.items()
    }
    units = dict.fromkeys(cell.unit for cell in kept.statuses.values())
    files |= {Subject("unit", unit, unit, unit): Path("units") / unit_file(key, unit) for unit in units}
    language = kept.certificate.get("language", problem.policy.language)
    staff = supervisor_calendars(kept, key, language)
    of_staff = {Subject("supervisor", i, name, unit): content for i, (name, unit, content) in staff.items()}
    settings = parse_settings(problem.policy.checkins)
    privacy = settings.privacy
    if settings.place.region:  # the server judges too: better not published than judged without its region
        require_geometry()
    return Publication(
        name=problem.name,
        fingerprint=opaque_name(key, "scenario", problem.name),
        title=problem.policy.title,
        timezone=problem.policy.timezone,
        language=language,
        first=problem.first,
        last=problem.last,
        number=kept.number,
        sha256=sha256,
        calendars=_calendars(folder / "calendars", files) | of_staff,
        days=tuple(person_days(problem, kept.statuses)),
        retention_days=privacy.retention_days,
        decimals=privacy.decimals if privacy.coordinates == "round" else None,
    )


def fingerprint_of(scenario: Path, name: str) -> str:
    """Return what tells a scenario apart from another of the same name, without telling its key.

    Raises
    ------
    InputError
        Where the scenario folder has no calendar key.
    """
    from scheduler.write.calendar.names import opaque_name

    return opaque_name(_key(scenario, b""), "scenario", name)


def _key(scenario: Path, kept: bytes) -> bytes:
    from scheduler.read.scenario import CALENDAR_KEY

    path = scenario / CALENDAR_KEY
    try:
        key = kept or path.read_bytes().strip()
    except OSError:
        key = b""
    if not key:
        problem = Bilingual(
            id="kunci kalender skenario tidak ditemukan", en="the scenario's calendar key is not found"
        )
        moved = Bilingual(
            id="Sebut letak folder skenario dengan --scenario.",
            en="Say where the scenario folder is by --scenario.",
        )
        raise InputError([Fault(file=str(path), problem=problem, remedy=moved)])
    return key


def _calendars(folder: Path, files: Mapping[Subject, Path]) -> dict[Subject, bytes]:
    found: dict[Subject, bytes] = {}
    faults = []
    for subject, name in files.items():
        try:
            found[subject] = (folder / name).read_bytes()
        except OSError as error:
            problem = Bilingual(
                id=f"kalender {subject.name} tidak terbaca ({error.strerror}); kuncinya lain atau berkasnya hilang",
                en=f"the calendar of {subject.name} cannot be read ({error.strerror}); another key, or the file is lost",
            )
            faults.append(Fault(file=str(folder / name), problem=problem, remedy=_ANEW))
    if faults:
        raise InputError(faults)
    return found


def person_days(problem: Problem, statuses: Mapping[tuple[str, date], PersonDay]) -> Iterator[Day]:
    """Yield every person-day with the checkpoints that the policy asks for on it."""
    from scheduler.checkins.policy import parse_settings
    from scheduler.checkins.streams.times import LocalClock
    from scheduler.checkins.windows import groups_of
    from scheduler.constraints.leaders import mark_people

    settings = parse_settings(problem.policy.checkins)
    asking: tuple[Any, ...] = (*problem.policy.rules, *settings.tables)
    everyone = mark_people([person for unit in problem.units for person in unit.people], asking)
    people = {(person.id, person.unit): person for person in everyone}
    groups, clock = groups_of(settings), LocalClock(ZoneInfo(problem.policy.timezone))
    for (person_id, day), cell in statuses.items():
        asked = _asked(people.get((person_id, cell.unit)), day, cell, groups, clock)
        plain = json.dumps(asked, ensure_ascii=False, separators=(",", ":"))
        yield Day(person_id, day.isoformat(), cell.unit, cell.status, ";".join(cell.roles), plain)


def _asked(
    person: Person | None, day: date, cell: PersonDay, groups: tuple[Group, ...], clock: Any
) -> list[list[Any]]:
    """Return what is asked on one person-day, by its time, each as the fields of `Asked`; defaults left out."""
    if person is None:
        return []
    found = [
        Asked(point.label, point.kind, f"{point.due:%H:%M}", window.opens, window.closes, _elsewhere(group), *_more(group.table))
        for group in groups
        if group.table.asks(person, day, cell.status)
        for point, window in zip(group.checkpoints, group.windows(day, clock), strict=True)
    ]  # fmt: skip
    return [list(one if one.number else one[:6]) for one in sorted(found, key=lambda one: one.opens)]


def _more(table: Any) -> tuple[Any, ...]:
    """Return `Asked.number` and what follows it, where the kind has any."""
    from scheduler.checkins.settings import Activity, Interval, Reachability

    if isinstance(table, Activity):
        return (table.at_least, table.needs_target)
    if isinstance(table, Interval):
        return (table.length_minutes,)
    return (table.within_minutes,) if isinstance(table, Reachability) else ()


def _elsewhere(group: Group) -> str:
    return "" if group.table.counts("app") else ", ".join(group.table.channel)
