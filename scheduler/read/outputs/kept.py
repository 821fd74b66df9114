"""An output folder read back whole: the problem from its `inputs/`, the rosters from its tables, the claims made.

Nothing but the folder is needed: policy, tweaks, staff, tables, opening ledger and every change recorded since.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from scheduler.changes import Step
from scheduler.language import Bilingual
from scheduler.problem import Unit
from scheduler.read.outputs.changes_file import CHANGES, read_changes
from scheduler.read.outputs.history import read_opening_ledger
from scheduler.read.outputs.order import INPUTS, ORDER, KeptOrder, read_order
from scheduler.read.outputs.output_folder import CERTIFICATE, read_certificate, unreadable
from scheduler.read.outputs.revision import PersonDay, read_statuses
from scheduler.read.scenario import Scenario, read_scenario
from scheduler.roster import NOT_EMPLOYED, ObjectiveValue, Replaced, UnitRoster

REPLACED = "replaced.csv"
"""In `inputs/`: the roster.csv that a replanned revision replaced, so that it can be made again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One revision, read back.

    Attributes
    ----------
    folder : of the revision.
    order : what it was ordered with.
    steps : what replanning changed, oldest first.
    scenario : the problem behind it, with the units that it holds.
    rosters : by unit name.
    claims : the objectives' values and bounds as certified, by unit name.
    interrupted : the names of units whose search was cut short.
    replaced : what it replaced, by unit name, where it was replanned; else empty.
    statuses : the person-days of its roster.csv; `replaced_statuses` those of the one that it replaced.
    scenario_given : the scenario folder as it was typed.
    certificate : as read.
    """

    folder: Path
    order: KeptOrder
    steps: tuple[Step, ...]
    scenario: Scenario
    rosters: Mapping[str, UnitRoster]
    claims: Mapping[str, tuple[ObjectiveValue, ...]]
    interrupted: frozenset[str]
    certificate: Mapping[str, Any]
    replaced: Mapping[str, Replaced] = field(default_factory=dict)
    statuses: Mapping[tuple[str, date], PersonDay] = field(default_factory=dict)
    replaced_statuses: Mapping[tuple[str, date], PersonDay] = field(default_factory=dict)
    scenario_given: str = ""

    @property
    def number(self) -> int:
        """The revision's number."""
        return int(self.certificate["revision"])


def read_kept(folder: Path) -> Scenario:
    """Return the problem behind an output folder's current revision, or behind `revisions/<n>` of it.

    Raises
    ------
    InputError
        With every fault of the files that were kept.
    """
    return read_revision(folder).scenario


def read_revision(folder: Path) -> Kept:
    """Return everything that an output folder's current revision, or `revisions/<n>` of it, tells.

    Raises
    ------
    InputError
        With every fault of the files that were kept.
    """
    order = read_order(folder)
    inputs = order.folder / INPUTS
    steps = read_changes(inputs / CHANGES)
    certificate = read_certificate(order.folder)
    scenario = read_scenario(
        inputs,
        replace(order.tweaks, first=order.first, last=order.last),
        read_opening_ledger(inputs, order.last_day),
        name=order.name,
        steps=steps,
    )
    claims = _units_of(certificate, order.folder)
    units = tuple(unit for unit in scenario.problem.units if unit.name in claims)
    statuses = read_statuses(order.folder)
    replaced = read_statuses(inputs / REPLACED) if (inputs / REPLACED).is_file() else {}
    return Kept(
        folder=order.folder,
        order=order,
        steps=steps,
        scenario=replace(scenario, problem=replace(scenario.problem, units=units)),
        rosters={
            unit.name: unit_roster(unit, statuses, claims[unit.name].get("attained", {})) for unit in units
        },
        claims={name: _objectives(claim) for name, claim in claims.items()},
        interrupted=frozenset(name for name, claim in claims.items() if claim.get("interrupted")),
        certificate=certificate,
        replaced={
            unit: Replaced(roster, steps[-1].as_of, steps[-1].open_days)
            for unit, roster in rosters_of(replaced).items()
            if steps
        },
        statuses=statuses,
        replaced_statuses=replaced,
        scenario_given=_scenario_given(inputs / ORDER),
    )


def _scenario_given(path: Path) -> str:
    return str(json.loads(path.read_text(encoding="utf-8"))["scenario"])


def _units_of(certificate: Mapping[str, Any], folder: Path) -> dict[str, Mapping[str, Any]]:
    try:
        return {str(unit["unit"]): unit for unit in certificate["units"]}
    except (KeyError, TypeError) as error:
        remedy = Bilingual(id="Pulihkan dari cadangan.", en="Restore it from a backup.")
        raise unreadable(folder / CERTIFICATE, error, remedy, "units") from None


def _objectives(unit: Mapping[str, Any]) -> tuple[ObjectiveValue, ...]:
    return tuple(
        ObjectiveValue(
            name=str(item["name"]),
            value=int(item["value"]),
            bound=int(item["bound"]),
            is_part="part_of" in item,
        )
        for item in unit.get("objectives", ())
    )


def unit_roster(
    unit: Unit,
    statuses: Mapping[tuple[str, date], PersonDay],
    attained: Mapping[str, int] | None = None,
) -> UnitRoster:
    """Return one unit's grid as roster.csv has it; person-days that it lacks, or has elsewhere, are not employed."""
    cells = {key: cell for key, cell in statuses.items() if cell.unit == unit.name}
    days, people = unit.horizon.days, tuple(person.id for person in unit.people)
    return _grid(unit.name, people, days, cells, attained or {})


def rosters_of(statuses: Mapping[tuple[str, date], PersonDay]) -> dict[str, UnitRoster]:
    """Return every unit's grid of a roster.csv, from the table alone."""
    by_unit: dict[str, dict[tuple[str, date], PersonDay]] = {}
    for key, cell in statuses.items():
        by_unit.setdefault(cell.unit, {})[key] = cell
    return {
        unit: _grid(
            unit, tuple(dict.fromkeys(p for p, _ in cells)), tuple(sorted({d for _, d in cells})), cells, {}
        )
        for unit, cells in by_unit.items()
    }


def _grid(
    name: str,
    people: tuple[str, ...],
    days: tuple[date, ...],
    cells: Mapping[tuple[str, date], PersonDay],
    attained: Mapping[str, int],
) -> UnitRoster:
    return UnitRoster(
        unit=name,
        people=people,
        days=days,
        statuses=tuple(
            tuple(cells[p, d].status if (p, d) in cells else NOT_EMPLOYED for d in days) for p in people
        ),
        roles={key: cell.roles for key, cell in cells.items() if cell.roles},
        fixed_by={key: cell.fixed_by for key, cell in cells.items() if cell.fixed_by},
        attained=dict(attained),
    )
