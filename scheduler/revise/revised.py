"""The revised problem, what it is ordered with, and the facts that its revision records."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from scheduler.changes import Step
from scheduler.errors import Fault, InputError
from scheduler.language import Bilingual
from scheduler.notice import Notice
from scheduler.pipeline import Order
from scheduler.read.outputs.kept import Kept
from scheduler.read.scenario import CALENDAR_KEY, Scenario, read_scenario
from scheduler.read.tweaks import Tweaks
from scheduler.revise.base import Base
from scheduler.revise.request import Request
from scheduler.write.output import Facts


def revised_scenario(kept: Kept, base: Base, folder: Path, tweaks: Tweaks, step: Step) -> Scenario:
    """Return the problem with the step added, of the same period and units."""
    scenario = read_scenario(
        folder,
        _merged(base.tweaks, tweaks, kept),
        kept.scenario.problem.ledger,
        name=kept.order.name,
        steps=(*base.steps, step),
    )
    units = tuple(unit for unit in scenario.problem.units if unit.name in kept.rosters)
    return replace(scenario, problem=replace(scenario.problem, units=units))


def _merged(before: Tweaks, now: Tweaks, kept: Kept) -> Tweaks:
    """Return the tweaks in force: those given now win, lists are joined; the period stays."""
    values: dict[str, Any] = {}
    for name in Tweaks.__dataclass_fields__:
        old, new = getattr(before, name), getattr(now, name)
        values[name] = (*old, *new) if isinstance(old, tuple) else (old if new in (None, "") else new)
    return Tweaks(**{**values, "first": kept.order.first, "last": kept.order.last})


def order_of(request: Request, kept: Kept, base: Base) -> Order:
    """Return the order to solve with."""
    return Order(
        scenario=kept.order.scenario,
        out=kept.folder,
        tweaks=_merged(base.tweaks, request.tweaks, kept),
        effort=request.effort,
        time_limit=request.time_limit,
        seed=request.seed,
        workers=request.workers,
        executor=request.executor,
        started=request.started,
        language=request.language,
    )


def facts_of(
    request: Request, kept: Kept, base: Base, scenario: Scenario, step: Step, notice: Notice
) -> Facts:
    """Return what the revision records besides the roster.

    Raises
    ------
    InputError
        Where neither the output nor the scenario folder has the calendar key.
    """
    tweaks = _merged(base.tweaks, request.tweaks, kept)
    given: dict[str, Any] = {
        name: getattr(kept.order.tweaks, name) if name in ("first", "last") else getattr(tweaks, name)
        for name in Tweaks.__dataclass_fields__
    }
    return Facts(
        scenario=Path(kept.scenario_given),
        inputs=scenario.inputs,
        files=scenario.files,
        calendar_key=kept.scenario.calendar_key or find_key(request.scenario or kept.order.scenario),
        tweaks=Tweaks(**given),
        units=kept.order.units,
        seed=request.seed,
        effort=request.effort,
        time_limit=request.time_limit,
        language=request.language or scenario.problem.policy.language,
        steps=(*base.steps, step),
        replaced=base.statuses,
        notice=notice,
    )


def find_key(scenario: Path) -> bytes:
    """Return the calendar key of a scenario folder: a new one would give every calendar a new address.

    Raises
    ------
    InputError
        Where it is not found.
    """
    path = scenario / CALENDAR_KEY
    try:
        return path.read_bytes().strip()
    except OSError as error:
        raise InputError([
            Fault(
                file=str(path),
                problem=Bilingual(
                    id=f"kunci kalender tidak terbaca ({error.strerror})",
                    en=f"the calendar key cannot be read ({error.strerror})",
                ),
                remedy=Bilingual(
                    id="Tunjukkan folder skenarionya dengan --scenario; tanpa kunci itu semua alamat kalender berubah.",
                    en="Name the scenario folder by --scenario; without the key every calendar would change its address.",
                ),
            )
        ]) from None  # fmt: skip


def flags_of(request: Request, tweaks: Tweaks, as_of: date) -> dict[str, str]:
    """Return what was asked, flag by flag, for the certificate."""
    in_force = {k: v for k, v in tweaks.as_flags().items() if k not in ("--from", "--to")}
    return {**in_force, "--as-of": as_of.isoformat(), **request.asked}
