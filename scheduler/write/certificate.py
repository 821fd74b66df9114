"""The certificate: what went in, what came out, and what is proven of it. It holds no clock time and no duration."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from scheduler.language import Bilingual
from scheduler.problem import Letter, Reading, Weights
from scheduler.roster import OBJECTIVES, ObjectiveValue, Roster, UnitResult, Violation
from scheduler.version import __version__
from scheduler.weighing import WEIGHTED_SUM, objectives_of

FORMAT = 1
"""Counts up when a reader of older certificates would misread a newer one."""

MEASURES = {
    "shortfall": "person-days",
    "changes": "person-days",
    "fairness_spread": "thousandths of a day",
    "fairness_total": "thousandths of a day",
    "role_spread": "thousandths of a day",
    "role_total": "thousandths of a day",
    "monday_friday": "thousandths of a day",
    "preferences": "weight",
    "stints": "stints",
    WEIGHTED_SUM: "thousandths of the weights",
}
_PACKAGES = ("ortools", "pandas", "openpyxl", "icalendar", "holidays", "tzdata")
"""Those whose version may change the bytes of an output."""


def certificate(
    roster: Roster,
    *,
    inputs: Mapping[str, str],
    versions: Mapping[str, str],
    seed: int,
    effort: float | None = None,
    time_limit: float | None = None,
    files: Mapping[str, str] | None = None,
    replaced_sha256: str = "",
) -> dict[str, Any]:
    """Return the certificate of a roster as plain values.

    Parameters
    ----------
    inputs : SHA-256 of each input file by its name (`file_hashes`).
    versions : by program (`installed_versions`).
    effort : deterministic; None where the default was kept.
    time_limit : seconds of wall clock that were allowed, or None: with one, a rerun may differ.
    files : SHA-256 of each file of the revision, without the certificate itself.
    replaced_sha256 : of the roster.csv that this revision replaces.
    """
    problem, policy = roster.problem, roster.problem.policy
    units = [_unit(result) for result in roster.results]
    interrupted = bool(roster.unfinished) or any(result.interrupted for result in roster.results)
    broken = sum(unit["verifier"]["hard"] for unit in units)
    replaces = (
        {"revision": roster.replaced, "roster.csv": replaced_sha256} if roster.replaced is not None else None
    )
    return {
        "format": FORMAT,
        "scenario": problem.name,
        "title": policy.title,
        "period": {"from": problem.first.isoformat(), "to": problem.last.isoformat()},
        "timezone": policy.timezone,
        "language": policy.language,
        "letter": _letter(policy.letter),
        "revision": roster.number,
        "replaces": replaces,
        "optimal": not roster.unfinished and all(unit["optimal"] for unit in units),
        "within": _sum_of_gaps(units),
        "measures": {name: MEASURES[name] for name in objectives_of(policy.weights, with_changes=True)},
        "weights": None if policy.weights is None else dict(policy.weights),
        "interrupted": interrupted,
        "unfinished": [{"unit": name, "why": _text(why)} for name, why in roster.unfinished.items()],
        "rerun_may_differ": interrupted or time_limit is not None,
        "verdict": "kept" if broken == 0 else "broken",
        "violations": {"hard": broken, "soft": sum(unit["verifier"]["soft"] for unit in units)},
        "seed": seed,
        "effort": effort,
        "time_limit": time_limit,
        "flags": _sorted(roster.flags),
        "inputs": _sorted(inputs),
        "versions": _sorted(versions),
        "readings": _readings(policy.readings),
        "units": units,
        "files": _sorted(files or {}),
    }


def _unit(result: UnitResult) -> dict[str, Any]:
    audit = result.audit
    objectives = [
        _objective(objective, audit.objectives, result.unit.weights) for objective in result.objectives
    ]
    passes = [stated for stated in objectives if "part_of" not in stated]
    hard = len(audit.broken)
    return {
        "unit": result.unit.name,
        "people": len(result.unit.people),
        "working_days": len(result.unit.horizon.workdays),
        "optimal": not result.interrupted and all(objective["optimal"] for objective in passes),
        "interrupted": result.interrupted,
        **({"retried": _text(result.retried)} if result.retried is not None else {}),
        "objectives": objectives,
        "verifier": {
            "hard": hard,
            "soft": len(audit.violations) - hard,
            "violations": [_violation(violation) for violation in audit.violations],
            "objectives": _sorted(audit.objectives),
        },
        "attained": _sorted(result.roster.attained),
        "readings": _readings(result.readings),
        "notes": [_text(note) for note in audit.notes],
    }


def _objective(
    objective: ObjectiveValue, measured: Mapping[str, int], weights: Weights | None
) -> dict[str, Any]:
    """Return one pass; where a later pass used the tolerance, what the verifier measured is the value.

    A part of a weighted sum says so, with its weight: its bound is what is known of it by itself.
    """
    value = max(objective.value, measured.get(objective.name, objective.value))
    gap = max(value - objective.bound, 0)
    return {
        "name": objective.name,
        "value": value,
        "bound": objective.bound,
        "within": gap,
        "optimal": gap == 0,
        **(
            {"part_of": WEIGHTED_SUM, "weight": (weights or {}).get(objective.name, 0)}
            if objective.is_part
            else {}
        ),
    }


def _sum_of_gaps(units: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Return by objective how far all units together may be from the best, where they may be at all."""
    gaps = dict.fromkeys((*OBJECTIVES[:2], WEIGHTED_SUM, *OBJECTIVES[2:]), 0)
    for unit in units:
        for objective in (stated for stated in unit["objectives"] if "part_of" not in stated):
            gaps[objective["name"]] = gaps.get(objective["name"], 0) + objective["within"]
    return {name: gap for name, gap in gaps.items() if gap}


def _violation(violation: Violation) -> dict[str, Any]:
    return {
        "rule": violation.rule,
        "date": violation.day.isoformat() if violation.day else None,
        "people": list(violation.people),
        "amount": violation.amount,
        "weight": violation.weight,
        **_text(violation.sentence),
    }


def _letter(letter: Letter) -> dict[str, Any]:
    return {
        "number": letter.number,
        "date": letter.day.isoformat() if letter.day else None,
        "issuer": letter.issuer,
        "subject": letter.subject,
    }


def _readings(readings: Iterable[Reading]) -> list[dict[str, str]]:
    return [{"key": reading.key, **_text(reading.sentence)} for reading in readings]


def _text(text: Bilingual) -> dict[str, str]:
    return {"id": text.id, "en": text.en}


def _sorted(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: values[key] for key in sorted(values)}


def write_certificate(document: Mapping[str, Any], path: Path) -> None:
    """Write a certificate as JSON for people and programs: UTF-8, indented, ending in a newline."""
    text = json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    path.write_bytes(text.encode("utf-8", errors="replace"))


def installed_versions() -> dict[str, str]:
    """Return the versions of giliran, Python and the packages that an output's bytes depend on."""
    versions = {"giliran": __version__, "python": platform.python_version()}
    for package in _PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    return versions


def file_hashes(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below a folder, by its path with `/`, in order of the paths."""
    paths = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: sha256_of(paths[name]) for name in sorted(paths)}


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
