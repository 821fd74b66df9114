"""The inputs of a revision with a new staff list or an amended policy in place of those kept."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from scheduler.errors import Fault, InputError
from scheduler.language import Bilingual
from scheduler.problem import Person
from scheduler.read.outputs.kept import Kept
from scheduler.read.scenario import STAFF_NAMES


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInputs:
    """A folder of inputs, and what is new in it.

    Attributes
    ----------
    departed : people whom a new staff list no longer has.
    joins : the first day of those whom only it has, by person id.
    new_files : the names of the files that took the place of those kept.
    """

    folder: Path
    departed: tuple[Person, ...] = ()
    joins: Mapping[str, date] = field(default_factory=dict)
    new_files: tuple[str, ...] = ()


@contextmanager
def new_inputs(
    kept: Kept, inputs: Path, staff: Path | None, policy: Path | None, as_of: date
) -> Iterator[NewInputs]:
    """Yield a folder of inputs, with a new staff list or policy in its place; faults are told of the files as given.

    Parameters
    ----------
    kept : the current revision, to know who is new and who is gone.
    inputs : the folder.

    Raises
    ------
    InputError
        Where a new file cannot be read.
    """
    if staff is None and policy is None:
        yield NewInputs(folder=inputs)
        return
    departed, joins = comers_and_goers(kept, staff, as_of) if staff else ((), {})
    with tempfile.TemporaryDirectory(prefix="giliran-") as scratch:
        folder = Path(scratch)
        new: dict[str, Path] = {}
        if staff is not None:
            new["staff" + staff.suffix.casefold()] = staff
        if policy is not None:
            new["policy.toml"] = policy
        for path in inputs.iterdir():
            if not (staff is not None and path.name in STAFF_NAMES) and path.name not in new:
                shutil.copyfile(path, folder / path.name)
        for name, path in new.items():
            _copy(path, folder / name)
        try:
            yield NewInputs(folder=folder, departed=departed, joins=joins, new_files=tuple(sorted(new)))
        except InputError as error:
            raise type(error)([_in_place(fault, folder, new) for fault in error.faults]) from None


def _copy(source: Path, target: Path) -> None:
    try:
        shutil.copyfile(source, target)
    except OSError as error:
        raise InputError([
            Fault(
                file=str(source),
                problem=Bilingual(id=f"tidak terbaca ({error.strerror})", en=f"cannot be read ({error.strerror})"),
            )
        ]) from None  # fmt: skip


def _in_place(fault: Fault, folder: Path, new: Mapping[str, Path]) -> Fault:
    """Return a fault of a copied file with the place of the file itself."""
    path = Path(fault.file)
    return replace(fault, file=str(new.get(path.name, path))) if path.parent == folder else fault


def comers_and_goers(kept: Kept, staff: Path, as_of: date) -> tuple[tuple[Person, ...], dict[str, date]]:
    """Return the people whom a new list no longer has, and the first day of those whom only it has."""
    from scheduler.read.staff import read_staff

    new = read_staff(staff).people
    listed = {person.id for person in new}
    units = kept.scenario.problem.units
    known = {person.id: person for unit in units for person in unit.people}
    departed = tuple(
        person for person in known.values() if person.id not in listed and not _left_before(person, as_of)
    )
    names = {unit.name for unit in units}
    joins = {p.id: as_of for p in new if p.unit in names and p.id not in known and p.joins is None}
    return departed, joins


def _left_before(person: Person, day: date) -> bool:
    return person.leaves is not None and person.leaves < day
