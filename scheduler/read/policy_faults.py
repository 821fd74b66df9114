"""Faults of a policy: where in the file, or in which flag, a value stood, and what may stand there instead."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from scheduler.allowed import allowed, did_you_mean
from scheduler.errors import Fault
from scheduler.language import Bilingual

Place = tuple[str | int, ...]
"""Table names, the number of a table in an array, and the key, as ("rules", "home_quota", 0, "share")."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a policy's tables came from, so that faults can name file and line, or the flag.

    Attributes
    ----------
    flags : the flag, as typed, by the place that it set.
    moved : where the file has what now stands elsewhere: rules that a phase adds.
    """

    file: str
    text: str
    flags: Mapping[Place, str] = field(default_factory=dict)
    moved: Mapping[Place, Place] = field(default_factory=dict)

    def flag_of(self, where: Place) -> str:
        """Return the flag that set what stands at `where`, or ""."""
        return next((f for n in range(len(where), 0, -1) if (f := self.flags.get(where[:n]))), "")

    def line_of(self, where: Place) -> int:
        """Return the line of a place; 0 where it is not in the file."""
        for n in range(len(where), 0, -1):
            if where[:n] in self.moved:
                where = (*self.moved[where[:n]], *where[n:])
                break
        return find_line(self.text, where)

    def fault(self, where: Place, problem: Bilingual, **details: Any) -> Fault:
        """Return a fault at `where`: of the flag that set it, else of the file with its line."""
        fault = Fault(problem=problem, **details)
        if flag := self.flag_of(where):
            return replace(fault, field=flag)
        return replace(fault, file=self.file, row=self.line_of(where), field=dotted(where))


def dotted(where: Sequence[str | int]) -> str:
    """Return a place as people write it: `rules.home_quota.share`."""
    return ".".join(str(part) for part in where if not isinstance(part, int))


def validation_fault(error: ErrorDetails, place: Place, model: type[BaseModel], source: Source) -> Fault:
    """Return a validation error as a fault with its line, what is allowed, and the nearest valid value."""
    where = (*place, *_real_keys(error["loc"]))
    if error["type"] == "extra_forbidden":
        return unknown_key(str(error["loc"][-1]), _keys_at(model, error["loc"][:-1]), where, source)
    if error["type"] == "missing":
        return source.fault(
            where[:-1],
            Bilingual(id=f"`{where[-1]}` wajib diisi", en=f"`{where[-1]}` is required"),
            remedy=Bilingual(id=f"Tambahkan `{where[-1]} = …`.", en=f"Add `{where[-1]} = …`."),
        )
    value = error.get("input")
    refusal = error.get("ctx", {}).get("error")
    sentence = getattr(refusal, "sentence", None)
    if sentence is None and refusal is not None and error["type"] == "value_error":
        sentence = Bilingual(id=f"nilai tidak dapat dipakai ({refusal})", en=f"unusable value ({refusal})")
    if sentence is not None:
        return source.fault(where, sentence, value=_shown(value))
    return source.fault(
        where,
        Bilingual(id="nilai tidak dapat dipakai", en="unusable value"),
        value=_shown(value),
        allowed=allowed(error),
        remedy=_nearest(error),
    )


def unknown_key(key: str, known: Sequence[str], where: Place, source: Source) -> Fault:
    """Return the fault of an unknown key, with the nearest known one."""
    return source.fault(
        where,
        Bilingual(id="kunci tidak dikenal", en="unknown key"),
        value=key,
        allowed=Bilingual(id=", ".join(known), en=", ".join(known)) if known else None,
        remedy=did_you_mean(key, known),
    )


def _nearest(error: ErrorDetails) -> Bilingual | None:
    bounds, value = error.get("ctx", {}), error.get("input")
    if "expected" in bounds and isinstance(value, str):
        return did_you_mean(value, re.findall(r"'([^']*)'", str(bounds["expected"])), 0.4)
    bound = next((bounds[key] for key in ("ge", "le") if key in bounds), None)
    if bound is None:
        return None
    return Bilingual(id=f"Nilai terdekat yang sah: {bound}.", en=f"The nearest valid value is {bound}.")


def _shown(value: Any) -> str:
    return "" if isinstance(value, dict) else str(value)


def _real_keys(location: Sequence[str | int]) -> Place:
    """Leave out what pydantic adds for unions, such as "tuple[int, int]" or "function-before"."""
    kinds = {"int", "str", "bool", "constrained_int"}
    return tuple(
        part
        for part in location
        if isinstance(part, int) or (re.fullmatch(r"[A-Za-z_]+", part) and part not in kinds)
    )


def _keys_at(model: type[BaseModel], location: Sequence[str | int]) -> list[str]:
    current: Any = model
    for part in location:
        fields = getattr(current, "model_fields", {})
        info: FieldInfo | None = next((f for n, f in fields.items() if part in (n, f.alias)), None)
        if info is not None:
            current = _model_in(info.annotation)
    return [info.alias or name for name, info in getattr(current, "model_fields", {}).items()]


def _model_in(annotation: Any) -> Any:
    if hasattr(annotation, "model_fields"):
        return annotation
    return next((m for part in getattr(annotation, "__args__", ()) if (m := _model_in(part))), None)


def find_line(text: str, where: Sequence[str | int]) -> int:
    """Return the line (1-based) of a key in a TOML text, or of the nearest table around it; 0 if none is found."""
    best, depth = 0, 0
    counts: dict[tuple[str | int, ...], int] = {}
    current: list[str | int] = []
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[(\[)?\s*((?:\"[^\"]*\"|[^\[\]\"])+?)\s*\]", line)
        key = re.match(r"\s*\"?([A-Za-z_][\w-]*)\"?\s*=", line)
        if header:
            current = _numbered(re.findall(r"\"[^\"]*\"|[^.\s]+", header[2]), counts, bool(header[1]))
            candidate = current
        elif key:
            candidate = [*current, key[1]]
        else:
            continue
        common = min(len(candidate), len(where))
        if common > depth and list(where[:common]) == candidate[:common]:
            best, depth = number, common
    return best


def _numbered(
    names: Sequence[str], counts: dict[tuple[str | int, ...], int], is_array: bool
) -> list[str | int]:
    """Return a header's names with the number of the table within each array on the way."""
    path: list[str | int] = []
    for position, name in enumerate(names):
        path.append(name.strip('"'))
        last = position == len(names) - 1
        if last and is_array:
            counts[tuple(path)] = counts.get(tuple(path), -1) + 1
        if tuple(path) in counts and (not last or is_array):
            path.append(counts[tuple(path)])
    return path
