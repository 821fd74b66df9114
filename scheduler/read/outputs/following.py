"""What `giliran next` makes: the phase that follows where the policy has phases, else dates of the same length.

Of the same length means as people count it: after a whole month comes a whole month, and after two weeks from Monday to Friday
come two such weeks, never Saturday to Wednesday.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from scheduler.constraints.selection import worked_weekdays
from scheduler.read.outputs.order import KeptOrder
from scheduler.read.phases import choose_phase, next_dates, read_phases
from scheduler.read.policy import load_tables
from scheduler.read.policy_faults import Source
from scheduler.read.tweaks import Tweaks


def following_tweaks(kept: KeptOrder, scenario: Path, given: Tweaks) -> Tweaks:
    """Return the tweaks of the next period: those of the last one, those given now on top, and its dates or phase.

    After the last phase its rules hold on, for dates of the same length. Days that were declared off in the last period are
    not asked for again.

    Raises
    ------
    InputError
        Where the scenario's policy cannot be read.
    """
    path = scenario / "policy.toml"
    tables, text = load_tables(path)
    phases = read_phases(tables, Source(file=str(path), text=text))
    merged = {
        name: getattr(kept.tweaks if getattr(given, name) in (None, "", ()) else given, name)
        for name in Tweaks.__dataclass_fields__
    }
    merged["holiday"] = given.holiday or tuple(
        day for day in kept.tweaks.holiday if date.fromisoformat(day) > kept.last
    )
    length = kept.last - kept.first
    first, last = following_dates(kept.first, kept.last, _worked(tables))
    dates, phase = next_dates(phases, kept.last, first, length), ""
    if given.phase:
        phase, dates = given.phase, None
        chosen = choose_phase(phases, phase)
        first, last = (chosen.first, chosen.last) if chosen else (first, last)
    elif dates is not None:
        first, last = dates
        chosen = choose_phase(phases, "", first)
        phase = chosen.name if chosen else ""
    elif phases:
        phase = phases[-1].name
    first = given.first or first
    last = given.last or (first + length if given.first else last)
    return Tweaks(**{**merged, "first": first, "last": last, "phase": phase})


def following_dates(first: date, last: date, worked: frozenset[int]) -> tuple[date, date]:
    """Return the first and the last day of the period that follows one.

    Whole months are followed by as many whole months. Any other period by as many days, from the next day on which
    somebody works: the days off between the two belong to neither.

    Parameters
    ----------
    worked : days of the week on which any unit works, Monday being 0; empty where that is not known.
    """
    start = last + timedelta(days=1)
    if first.day == start.day == 1:
        return start, _first_of_month(start, _month_number(start) - _month_number(first)) - timedelta(days=1)
    following = next((day for n in range(7) if (day := start + timedelta(days=n)).weekday() in worked), start)
    return following, following + (last - first)


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _first_of_month(day: date, later: int) -> date:
    """Return the first day of the month so many months after that of `day`."""
    years, month = divmod(_month_number(day) + later, 12)
    return date(years, month + 1, 1)


def _worked(tables: Mapping[str, Any]) -> frozenset[int]:
    """Return the days of the week on which any unit works; none where the policy says so wrongly, told later."""
    try:
        period = tables["period"]
        named = [
            period.get("workdays", "mon-fri"),
            *(u["workdays"] for u in period.get("units", ()) if "workdays" in u),
        ]
        return frozenset(day for days in named for day in worked_weekdays(days))
    except (KeyError, TypeError, ValueError, AttributeError):
        return frozenset()
