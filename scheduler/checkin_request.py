"""What `giliran checkins` is to judge: the roster of an output folder, with the people and policy of its scenario."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from scheduler.checkins.alias_file import read_handed_out
from scheduler.checkins.evidence.activities import entry
from scheduler.checkins.evidence.base import Evidence
from scheduler.checkins.pipeline import Request
from scheduler.checkins.place import Region, parse_region, require_geometry
from scheduler.checkins.policy import parse_settings
from scheduler.checkins.roster_days import RosterDays, from_assignments
from scheduler.checkins.streams.dates import Order
from scheduler.constraints.leaders import mark_people
from scheduler.errors import Fault, InputError, UsageError
from scheduler.language import Bilingual, Language
from scheduler.problem import Person
from scheduler.read.outputs.order import read_order
from scheduler.read.outputs.revision import read_statuses
from scheduler.read.scenario import read_scenario
from scheduler.read.scenario_tables import read_activities, read_aliases, read_travel_permits
from scheduler.read.units import choose_units
from scheduler.roster import Assignment


def make_request(
    folder: Path,
    *,
    as_of: int,
    scenario: Path | None,
    aliases: Path | None,
    exporter_zone: str | None,
    date_order: Order | None,
    units: Sequence[str],
    since: date | None,
    until: date | None,
    language: Language | None,
) -> Request:
    """Return what to judge.

    Parameters
    ----------
    as_of : now, seconds since 1970 UTC.
    scenario, aliases : where they are not where the output folder says, and in the scenario folder.
    exporter_zone : that of the phones that chats were exported from; the policy's where it is None.
    units : patterns of the offices to report on; all where there are none.
    language : the reports'; the policy's where it is None.

    Raises
    ------
    InputError, UsageError
        Where an input is faulty, no unit matches or the zone is unknown.
    """
    kept = read_order(folder)
    home = scenario or kept.scenario
    problem = read_scenario(home, kept.tweaks).problem
    policy = problem.policy
    settings = parse_settings(policy.checkins, str(home / "policy.toml"))
    asking: tuple[Any, ...] = (*policy.rules, *settings.tables, *settings.membership)
    people = mark_people([person for unit in problem.units for person in unit.people], asking)
    if settings.place.region:
        require_geometry()
    permits: dict[str, list[tuple[date, date]]] = {}
    for permit in read_travel_permits(path, people) if (path := _table(home, "travel_permits")) else ():
        permits.setdefault(permit.person_id, []).append((permit.first, permit.last))
    alias_path = aliases or _table(home, "aliases")
    zone = ZoneInfo(policy.timezone)
    done = _table(home, "activities")
    return Request(
        roster=_roster(folder, people),
        settings=settings,
        zone=zone,
        exporter_zone=_zone(exporter_zone) if exporter_zone else zone,
        title=policy.title,
        language=language or policy.language,
        order=date_order,
        aliases={a.sender: a.person_id for a in read_aliases(alias_path, people)} if alias_path else {},
        filled_in=read_handed_out(folder / "checkins"),
        permits=permits,
        entries=_entries(done, people) if done else (),
        entries_file=done.name if done else "",
        region=_region(home, settings.place.region),
        units=choose_units([person.unit for person in people], units) if units else None,
        since=since,
        until=until,
        as_of=as_of,
    )


def _roster(folder: Path, people: Sequence[Person]) -> RosterDays:
    known = {person.id: person for person in people}
    return from_assignments(
        Assignment(
            day,
            cell.unit,
            known.get(person_id) or Person(id=person_id, name=cell.name, unit=cell.unit, rank=cell.rank),
            cell.status,
            cell.roles,
            cell.fixed_by,
        )
        for (person_id, day), cell in read_statuses(folder).items()
    )


def _entries(path: Path, people: Sequence[Person]) -> tuple[Evidence, ...]:
    return tuple(entry(a.person_id, a.day, a.target, a.row) for a in read_activities(path, people))


def _table(home: Path, name: str) -> Path | None:
    return next((path for ending in (".csv", ".xlsx") if (path := home / f"{name}{ending}").is_file()), None)


def _region(home: Path, name: str) -> Region | None:
    if not name:
        return None
    path = home / name
    try:
        return parse_region(path.read_text("utf-8-sig"), str(path))
    except (OSError, UnicodeDecodeError) as e:
        problem = Bilingual(id="berkas wilayah tidak terbaca", en="the region's file cannot be read")
        raise InputError(
            [Fault(file=str(path), field="checkins.place.region", value=str(e), problem=problem)]
        ) from e


def _zone(name: str) -> ZoneInfo:
    short = {"wib": "Asia/Jakarta", "wita": "Asia/Makassar", "wit": "Asia/Jayapura"}
    try:
        return ZoneInfo(short.get(name.casefold(), name))
    except (KeyError, ValueError, OSError) as e:
        raise UsageError(
            Bilingual(
                id=f"--exporter-zone {name}: zona tidak dikenal. Pakai WIB, WITA, WIT atau nama IANA seperti Asia/Makassar.",
                en=f"--exporter-zone {name}: unknown zone. Use WIB, WITA, WIT or an IANA name such as Asia/Makassar.",
            )
        ) from e
