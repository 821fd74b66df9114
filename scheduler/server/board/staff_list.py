"""A new staff list: read with all of its scenario before it takes the old one's place, whole or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from scheduler.errors import ExportError
from scheduler.language import Bilingual
from scheduler.problem import Person, Problem
from scheduler.read.outputs.order import read_order
from scheduler.read.scenario import STAFF_NAMES, read_scenario

ENDINGS = tuple(Path(name).suffix for name in STAFF_NAMES)
MOST_NAMED = 40


def compare(output: Path, scenario: Path | None, upload: Path) -> dict[str, Any]:
    """Read a scenario with a new staff list, and return whom it adds, misses and moves.

    Parameters
    ----------
    output : the period's folder, which knows its scenario; `scenario` where that has moved.

    Raises
    ------
    InputError
        With every fault of the list, and of the tables beside it that no longer fit.
    """
    order = read_order(output)
    folder = scenario or order.scenario
    with tempfile.TemporaryDirectory(prefix="giliran-staff-") as scratch:
        trial = Path(scratch) / folder.name
        shutil.copytree(folder, trial)
        for name in STAFF_NAMES:
            (trial / name).unlink(missing_ok=True)
        path = trial / f"staff{upload.suffix}"
        shutil.copyfile(upload, path)
        new = read_scenario(trial, order.tweaks)
    before, after = _people(read_scenario(folder, order.tweaks).problem), _people(new.problem)
    moved = [p for i, p in after.items() if i in before and before[i].unit != p.unit]
    return {
        "before": _mark(folder),
        "people": len(after),
        "units": len(new.problem.units),
        "added": _named(after[i] for i in after if i not in before),
        "gone": _named(before[i] for i in before if i not in after),
        "moved": _named(moved),
        "counts": [sum(i not in before for i in after), sum(i not in after for i in before), len(moved)],
        "warnings": [[w.describe("id"), w.describe("en")] for w in new.warnings[:50]],
    }


def _people(problem: Problem) -> dict[str, Person]:
    return {person.id: person for unit in problem.units for person in unit.people}


def _named(people: Any) -> list[list[str]]:
    return [[person.display_name, person.unit] for person in people][:MOST_NAMED]


def _present(folder: Path) -> list[Path]:
    return [folder / name for name in STAFF_NAMES if (folder / name).is_file()]


def _mark(folder: Path) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in _present(folder))).hexdigest()


def replace_list(output: Path, scenario: Path | None, upload: Path) -> str:
    """Put a staff list into its scenario folder in the place of the present one, which is kept beside it.

    Raises
    ------
    ExportError
        Where it cannot be written; the present one stands.
    """
    folder = scenario or read_order(output).scenario
    target = folder / f"staff{upload.suffix}"
    try:
        for path in _present(folder):
            shutil.copy2(path, path.with_name(f"previous-{path.name}"))
        handle, name = tempfile.mkstemp(dir=folder, prefix=".staff-")
        with os.fdopen(handle, "wb") as file:
            file.write(upload.read_bytes())
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o640)
        Path(name).replace(target)
        for path in _present(folder):
            if path != target:
                path.unlink()
    except OSError as error:
        raise ExportError(
            Bilingual(
                id=f"{target}: daftar pegawai tidak dapat disimpan ({error.strerror}); yang lama tetap berlaku.",
                en=f"{target}: the staff list cannot be kept ({error.strerror}); the old one stands.",
            )
        ) from error
    return target.name
