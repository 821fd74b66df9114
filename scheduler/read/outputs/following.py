"""What `giliran next` makes: the phase that follows where the policy has phases, else dates of the same length."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from scheduler.read.outputs.order import KeptOrder
from scheduler.read.phases import choose_phase, next_dates, read_phases
from scheduler.read.policy import load_tables
from scheduler.read.policy_faults import Source
from scheduler.read.tweaks import Tweaks


def following_tweaks(kept: KeptOrder, scenario: Path, given: Tweaks) -> Tweaks:
    """Return the tweaks of the next period: those of the last one, those given now on top, and its dates or phase.

    After the last phase its rules hold on, for dates of the same length.

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
    length = kept.last - kept.first
    dates = next_dates(phases, kept.last, length)
    first, last, phase = kept.last + timedelta(days=1), kept.last + timedelta(days=1) + length, ""
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
