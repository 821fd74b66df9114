"""What a revision was ordered with, kept in its `inputs/order.json`: scenario, tweaks, units, period."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from scheduler.language import Bilingual
from scheduler.read.outputs.output_folder import (
    certified_period,
    read_certificate,
    resolve_output,
    unreadable,
)
from scheduler.read.tweaks import Tweaks

INPUTS = "inputs"
ORDER = "order.json"
_RESTORE = Bilingual(
    id="Pulihkan folder keluaran dari cadangan, atau buat lagi dengan `giliran generate`.",
    en="Restore the output folder from a backup, or make it again by `giliran generate`.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptOrder:
    """The order behind a revision.

    Attributes
    ----------
    folder : the output folder of the period.
    scenario : the scenario folder; where it was when the roster was made, or where it is found now.
    last_day : the last day of the period before, where the roster had a history.
    """

    folder: Path
    scenario: Path
    name: str
    first: date
    last: date
    tweaks: Tweaks
    units: tuple[str, ...]
    last_day: date | None


def read_order(output: Path) -> KeptOrder:
    """Return the order behind the current revision of an output folder.

    Raises
    ------
    InputError
        Where the folder or its order is missing or spoilt.
    """
    folder = resolve_output(output)
    first, last = certified_period(read_certificate(folder))
    path = folder / INPUTS / ORDER
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        tweaks = _tweaks(kept.get("tweaks", {}))
        last_day = date.fromisoformat(kept["last_day"]) if kept.get("last_day") else None
        scenario, name, units = str(kept["scenario"]), str(kept["name"]), tuple(kept.get("units", ()))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise unreadable(path, error, _RESTORE) from None
    return KeptOrder(
        folder=folder,
        scenario=_find(Path(scenario), folder),
        name=name,
        first=first,
        last=last,
        tweaks=tweaks,
        units=units,
        last_day=last_day,
    )


def _tweaks(kept: dict[str, Any]) -> Tweaks:
    values: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in kept.items()}
    for key in ("first", "last"):
        if key in values:
            values[key] = date.fromisoformat(values[key])
    return Tweaks(**values)


def _find(scenario: Path, folder: Path) -> Path:
    """Return the scenario folder as it was typed, seen from here or from above the output folder."""
    candidates = [scenario, *(parent / scenario for parent in folder.resolve().parents)]
    return next((path for path in candidates if (path / "policy.toml").is_file()), scenario)
