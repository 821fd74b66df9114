"""Errors as rows of a table: file, sheet, row, field, what stood there, what is wrong, what may stand there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scheduler.errors import Fault, InfeasibleError, InputError, SchedulerError
from scheduler.language import Bilingual, Language

MOST = 500
OUR_NAMES = ("upload", "staff")
"""What an uploaded file is called where it is read."""


def plain_error(error: SchedulerError, uploaded: str = "") -> dict[str, Any]:
    """Return an error as plain values in both languages, to be kept with a job.

    Parameters
    ----------
    uploaded : the name that the file had where it came from; faults name it instead of our copy's.
    """
    faults = error.faults if isinstance(error, InputError) else ()
    lines: tuple[Bilingual, ...] = ()
    if isinstance(error, InfeasibleError):
        lines = (*error.conflict, *error.ways_out)
    return {
        "message": list(error.message),
        "faults": [_plain(fault, uploaded) for fault in faults[:MOST]],
        "more": max(0, len(faults) - MOST),
        "lines": [list(line) for line in lines],
    }


def fault_rows(error: SchedulerError, language: Language) -> list[dict[str, Any]]:
    """Return the faults of an error for the page."""
    return in_language(plain_error(error)["faults"], language)


def in_language(faults: list[dict[str, Any]], language: Language) -> list[dict[str, Any]]:
    """Return kept faults with their sentences in one language."""
    half = 0 if language == "id" else 1
    return [
        {key: value[half] if isinstance(value, list) else value for key, value in fault.items()}
        for fault in faults
    ]


def _plain(fault: Fault, uploaded: str) -> dict[str, Any]:
    name = Path(fault.file).name
    return {
        "file": uploaded if uploaded and Path(name).stem in OUR_NAMES else name,
        "sheet": fault.sheet,
        "row": fault.row or "",
        "field": fault.field,
        "value": fault.value[:200],
        "problem": list(fault.problem),
        "allowed": list(fault.allowed) if fault.allowed else "",
        "remedy": list(fault.remedy) if fault.remedy else "",
    }
