"""Where published revisions lie on the disk, and what they hold, read once and kept for a while."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, RowMapping, delete, insert, select

from scheduler.checkins.place import Region
from scheduler.checkins.settings import CheckinSettings
from scheduler.errors import InputError, UsageError
from scheduler.language import Bilingual
from scheduler.problem import Person, Unit
from scheduler.read.outputs.kept import Kept
from scheduler.read.scenario import TABLE_ENDINGS
from scheduler.roster import Audit
from scheduler.server.store.board_tables import FOLDER
from scheduler.server.store.tables import REVISION
from scheduler.verify import audit

MOST_KEPT = 6
"""Revisions held in memory: a government's present and next period, and a few more."""


def remember_folder(connection: Connection, revision: int, output: Path, scenario: Path | None) -> None:
    """Note where a published revision came from, so that the board can read, change and follow it."""
    connection.execute(delete(FOLDER).where(FOLDER.c.revision_id == revision))
    row = {
        "revision_id": revision,
        "output": str(output.resolve()),
        "scenario": str(scenario.resolve()) if scenario else "",
    }
    connection.execute(insert(FOLDER), row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """A published revision as its folder has it.

    Attributes
    ----------
    people : by id, with what selections ask about them.
    region : where check-ins may come from, if the policy names one.
    permits : when people may leave it, by id.
    scenario : the scenario folder, where it is not the one that the output names; else None.
    is_latest : whether the folder holds no revision that is not published.
    stamps : when the files of the scenario folder that tell of region and permits were last changed; 0 where one is
        not there.
    """

    kept: Kept
    folder: Path
    scenario: Path | None
    settings: CheckinSettings
    people: dict[str, Person]
    zone: ZoneInfo
    region: Region | None
    permits: Mapping[str, Sequence[tuple[date, date]]]
    is_latest: bool
    stamps: Mapping[Path, int]
    _audits: dict[str, Audit] = field(default_factory=dict)

    @property
    def is_fresh(self) -> bool:
        """Whether the scenario folder still tells the same of region and permits."""
        return all(_changed_at(path) == at for path, at in self.stamps.items())

    def unit(self, name: str) -> Unit | None:
        """Return a unit of the roster by its name."""
        return next((unit for unit in self.kept.scenario.problem.units if unit.name == name), None)

    def audited(self, unit: Unit) -> Audit:
        """Return what the verifier finds in a unit's roster; found out once."""
        found = self._audits.get(unit.name)
        if found is None:
            kept = self.kept
            found = audit(unit, kept.rosters[unit.name], kept.replaced.get(unit.name))
            self._audits[unit.name] = found
        return found


class Offices:
    """Reads published revisions from their folders; the last few stay in memory."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known: OrderedDict[tuple[int, str, int], Office] = OrderedDict()
        self._lock = threading.Lock()
        self._reading = threading.Lock()

    def find(self, revision: RowMapping) -> Office | None:
        """Return a revision's office; None where its folder is not known, gone, or no longer holds it."""
        with self._engine.connect() as connection:
            row = (
                connection.execute(select(FOLDER).where(FOLDER.c.revision_id == revision["id"]))
                .mappings()
                .first()
            )
        if row is None:
            return None
        folder = Path(row["output"])
        try:
            stamp = (folder / "certificate.json").stat().st_mtime_ns
        except OSError:
            return None
        key = (revision["id"], revision["sha256"], stamp)
        if (known := self._get(key)) is not None:
            return known
        with self._reading:  # of several who ask at once, one reads
            if (known := self._get(key)) is None:
                known = _read(folder, Path(row["scenario"]) if row["scenario"] else None, revision["number"])
                if known is not None:
                    self._put(key, known)
        return known

    def _get(self, key: tuple[int, str, int]) -> Office | None:
        with self._lock:
            known = self._known.get(key)
            if known is not None:
                self._known.move_to_end(key)
        return known if known is not None and known.is_fresh else None

    def _put(self, key: tuple[int, str, int], office: Office) -> None:
        with self._lock:
            self._known[key] = office
            while len(self._known) > MOST_KEPT:
                self._known.popitem(last=False)

    def need(self, revision: RowMapping | None) -> Office:
        """Return what `find` does.

        Raises
        ------
        UsageError
            Where it cannot be found.
        """
        found = self.find(revision) if revision is not None else None
        if found is None:
            raise UsageError(
                Bilingual(
                    id="Folder keluaran jadwal ini tidak ditemukan di peladen. Terbitkan lagi dengan `giliran publish FOLDER`.",
                    en="The server does not find this roster's output folder. Publish it again by `giliran publish FOLDER`.",
                )
            )
        return found


def _read(folder: Path, scenario: Path | None, number: int) -> Office | None:
    from scheduler.checkins.policy import parse_settings
    from scheduler.constraints.leaders import mark_people
    from scheduler.read.outputs.kept import read_revision

    try:
        kept = read_revision(folder)
        is_latest = kept.number == number
        if not is_latest:
            kept = read_revision(folder / "revisions" / str(number))
    except InputError:
        return None
    policy = kept.scenario.problem.policy
    settings = parse_settings(policy.checkins)
    asking: tuple[Any, ...] = (*policy.rules, *settings.tables)
    everyone = mark_people([p for unit in kept.scenario.problem.units for p in unit.people], asking)
    place = scenario or kept.order.scenario
    beside = [*_permit_tables(place), *([place / settings.place.region] if settings.place.region else [])]
    stamps = {path: _changed_at(path) for path in beside}  # before they are read
    return Office(
        kept=kept,
        folder=folder,
        scenario=scenario,
        settings=settings,
        people={person.id: person for person in everyone},
        zone=ZoneInfo(policy.timezone),
        region=_region(place, settings.place.region),
        permits=_travel_permits(place, everyone),
        is_latest=is_latest,
        stamps=stamps,
    )


def _changed_at(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _permit_tables(scenario: Path) -> list[Path]:
    return [scenario / f"travel_permits{ending}" for ending in TABLE_ENDINGS]


def _travel_permits(scenario: Path, people: Sequence[Person]) -> dict[str, list[tuple[date, date]]]:
    from scheduler.read.scenario_tables import read_travel_permits

    found: dict[str, list[tuple[date, date]]] = {}
    path = next((path for path in _permit_tables(scenario) if path.is_file()), None)
    try:
        for permit in read_travel_permits(path, people) if path else ():
            found.setdefault(permit.person_id, []).append((permit.first, permit.last))
    except InputError:  # whoever judges by the command line is told each fault
        return {}
    return found


def _region(scenario: Path, name: str) -> Region | None:
    if not name:
        return None
    from scheduler.checkins.place import parse_region

    try:
        return parse_region((scenario / name).read_text("utf-8-sig"), name)
    except (OSError, UnicodeDecodeError, InputError):
        return None


def revision_on(connection: Connection, scenario: int, day: str) -> RowMapping | None:
    """Return the current revision that holds a day, the one published last of several; None where none does."""
    c = REVISION.c
    wanted = select(REVISION).where(
        c.scenario_id == scenario, c.is_current, c.first_day <= day, c.last_day >= day
    )
    found = connection.execute(wanted.order_by(c.published_at.desc(), c.id.desc()).limit(1))
    return found.mappings().first()


def revisions_of(connection: Connection, scenario: int, first: str, last: str) -> list[RowMapping]:
    """Return every revision ever published of a period, newest first."""
    c = REVISION.c
    wanted = select(REVISION).where(c.scenario_id == scenario, c.first_day == first, c.last_day == last)
    return list(connection.execute(wanted.order_by(c.id.desc())).mappings())


def earlier_revision(connection: Connection, scenario: int, number: str) -> RowMapping | None:
    """Return a revision of a scenario that is no longer current, by its row as an address has it."""
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    c = REVISION.c
    wanted = select(REVISION).where(c.id == int(number), c.scenario_id == scenario, c.is_current.is_(False))
    return connection.execute(wanted).mappings().first()


def periods(connection: Connection, scenario: int) -> list[RowMapping]:
    """Return a scenario's current revisions, newest period first."""
    c = REVISION.c
    wanted = (
        select(REVISION)
        .where(c.scenario_id == scenario, c.is_current)
        .order_by(c.first_day.desc(), c.id.desc())
    )
    return list(connection.execute(wanted).mappings())
