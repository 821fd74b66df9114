"""The revisions of a roster, and two rosters compared by person and day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from scheduler.changes import Step
from scheduler.read.outputs.changes_file import CHANGES, read_changes
from scheduler.read.outputs.order import INPUTS
from scheduler.read.outputs.output_folder import read_certificate, resolve_output, revision_folders
from scheduler.read.outputs.revision import PersonDay, read_statuses
from scheduler.roster import NOT_EMPLOYED


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """One revision.

    Attributes
    ----------
    step : what replanning asked for; None where it was generated.
    changed, people : person-days that differ from the revision before, and of how many people.
    flags : as given.
    is_current : whether it is the one on top of the folder.
    """

    number: int
    folder: Path
    is_current: bool
    optimal: bool
    flags: Mapping[str, str]
    step: Step | None
    changed: int
    people: int


class Difference(NamedTuple):
    """One person-day that is not the same in two rosters; a status is empty where a roster lacks it."""

    person_id: str
    name: str
    unit: str
    day: date
    before: str
    after: str
    roles_before: tuple[str, ...]
    roles_after: tuple[str, ...]


def read_log(output: Path) -> tuple[LogEntry, ...]:
    """Return the revisions of an output folder, the latest first.

    Raises
    ------
    InputError
        Where the folder or a revision of it cannot be read.
    """
    folder = resolve_output(output)
    places = [*(path for _, path in revision_folders(folder)), folder]
    entries = []
    before: Mapping[tuple[str, date], PersonDay] | None = None
    for place in places:
        document = read_certificate(place)
        now = read_statuses(place)
        changes = list(differences(before, now)) if before is not None else []
        steps = read_changes(place / INPUTS / CHANGES)
        replaced = isinstance(document.get("replaces"), dict)
        entries.append(
            LogEntry(
                number=int(document["revision"]),
                folder=place,
                is_current=place == folder,
                optimal=bool(document.get("optimal")),
                flags=dict(document.get("flags") or {}),
                step=steps[-1] if steps and replaced and (place / "changes.txt").is_file() else None,
                changed=len(changes),
                people=len({change.person_id for change in changes}),
            )
        )
        before = now
    return tuple(reversed(entries))


def compare(first: Path, second: Path) -> tuple[Difference, ...]:
    """Return where two rosters differ, by unit, day and list order.

    Parameters
    ----------
    first, second : each an output folder, a revision of one, or a roster.csv.

    Raises
    ------
    InputError
        Where one cannot be read.
    """
    return tuple(differences(_statuses(first), _statuses(second)))


def _statuses(path: Path) -> Mapping[tuple[str, date], PersonDay]:
    if path.is_file():
        return read_statuses(path)
    if path.is_dir() and not (path / "certificate.json").is_file() and (path / "roster.csv").is_file():
        return read_statuses(path)
    if path.parent.name == "revisions" and not path.exists():
        # the current revision's own number is not among the earlier ones
        folder = path.parent.parent
        if str(read_certificate(folder)["revision"]) == path.name:
            return read_statuses(folder)
    return read_statuses(resolve_output(path))


def differences(
    before: Mapping[tuple[str, date], PersonDay], after: Mapping[tuple[str, date], PersonDay]
) -> Iterator[Difference]:
    """Yield the person-days that differ in status or in roles."""
    units = list(dict.fromkeys([line.unit for line in (*before.values(), *after.values())]))
    order = {unit: number for number, unit in enumerate(units)}
    keys = dict.fromkeys((*before, *after))
    found = []
    for place, key in enumerate(keys):
        old, new = before.get(key), after.get(key)
        if old and new and (old.status, sorted(old.roles)) == (new.status, sorted(new.roles)):
            continue
        line = new or old
        if line is None:
            continue
        found.append((order[line.unit], key[1], place, key[0], line, old, new))
    for _, day, _, person_id, line, old, new in sorted(found, key=lambda item: item[:3]):
        yield Difference(
            person_id=person_id,
            name=line.name,
            unit=line.unit,
            day=day,
            before=old.status if old else NOT_EMPLOYED,
            after=new.status if new else NOT_EMPLOYED,
            roles_before=old.roles if old else (),
            roles_after=new.roles if new else (),
        )
