"""`inputs/changes.json`: what was asked at each replanning of a roster, as plain values and back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from scheduler.changes import NewAbsence, NewPin, Step
from scheduler.language import Bilingual
from scheduler.problem import Person
from scheduler.read.outputs.output_folder import unreadable

CHANGES = "changes.json"
FORMAT = 1
_RESTORE = Bilingual(
    id="Pulihkan berkas itu dari cadangan atau dari `revisions/`.",
    en="Restore the file from a backup or from `revisions/`.",
)


def read_changes(path: Path) -> tuple[Step, ...]:
    """Return the steps that a revision's inputs hold; none where the file is missing, as before any replanning.

    Raises
    ------
    InputError
        Where the file is spoilt.
    """
    if not path.is_file():
        return ()
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return tuple(_step(step) for step in document["steps"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise unreadable(path, error, _RESTORE) from None


def changes_text(steps: Sequence[Step]) -> str:
    """Return the file's text: the same steps give the same bytes."""
    document = {"format": FORMAT, "steps": [_plain(asdict(step)) for step in steps]}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items() if item not in (None, "", (), {}, [])}
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _step(values: Mapping[str, Any]) -> Step:
    return Step(
        as_of=date.fromisoformat(values["as_of"]),
        absences=tuple(
            NewAbsence(**{**item, "first": _day(item["first"]), "last": _day(item["last"])})
            for item in values.get("absences", ())
        ),
        pins=tuple(NewPin(**{**item, "day": _day(item["day"])}) for item in values.get("pins", ())),
        leaves={key: _day(day) for key, day in values.get("leaves", {}).items()},
        joins={key: _day(day) for key, day in values.get("joins", {}).items()},
        departed=tuple(_person(item) for item in values.get("departed", ())),
        new_files=tuple(values.get("new_files", ())),
        units=tuple(values.get("units", ())),
        restores=values.get("restores"),
    )


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _person(values: Mapping[str, Any]) -> Person:
    dates = {key: _day(values[key]) for key in ("joins", "leaves") if key in values}
    lists = {key: tuple(values[key]) for key in ("service_posts", "tags") if key in values}
    return Person(**{**values, **dates, **lists})
