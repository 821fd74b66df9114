"""The units of a revision as another policy would have them: what a roster would be judged by under it."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from scheduler.problem import Unit
from scheduler.read.outputs.kept import Kept
from scheduler.read.outputs.order import INPUTS
from scheduler.read.scenario import read_scenario


def units_under(policy: Path, kept: Kept) -> tuple[Unit, ...]:
    """Return the kept units as another policy would have them, over the same dates.

    Raises
    ------
    InputError
        Where the policy cannot be read, or does not fit the kept inputs.
    """
    with tempfile.TemporaryDirectory() as scratch:
        inputs = Path(shutil.copytree(kept.folder / INPUTS, Path(scratch) / INPUTS))
        shutil.copyfile(policy, inputs / "policy.toml")
        dates = replace(type(kept.order.tweaks)(), first=kept.order.first, last=kept.order.last)
        problem = read_scenario(
            inputs, dates, kept.scenario.problem.ledger, name=kept.order.name, steps=kept.steps
        ).problem
    return tuple(unit for unit in problem.units if unit.name in kept.rosters)
