"""Reads the `[checkins]` tables: all faults at once, an unknown key with the nearest known one."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from scheduler.checkins.settings import CheckinSettings
from scheduler.errors import Fault, PolicyError
from scheduler.language import Bilingual


def parse_settings(tables: Mapping[str, Any], file: str = "policy.toml") -> CheckinSettings:
    """Return the settings of `[checkins]`; a single table stands for a list of one.

    Raises
    ------
    PolicyError
        With every fault, each with its dotted key.
    """
    lists = {key for key, f in CheckinSettings.model_fields.items() if get_args(f.annotation)}
    shaped = {k: [v] if k in lists and isinstance(v, Mapping) else v for k, v in tables.items()}
    try:
        return CheckinSettings.model_validate(shaped)
    except ValidationError as e:
        raise PolicyError([_fault(error, file) for error in e.errors()]) from e


def _fault(error: Any, file: str) -> Fault:
    path = [part for part in error["loc"] if not isinstance(part, str) or not part.startswith("function-")]
    dotted = "".join(f"[{p + 1}]" if isinstance(p, int) else f".{p}" for p in path)
    value = error.get("input")
    place = {"file": file, "field": f"checkins{dotted}", "value": "" if isinstance(value, dict) else str(value)}
    message = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] != "extra_forbidden":
        return Fault(
            problem=Bilingual(id="pengaturan tidak dapat diterima", en="the setting cannot be taken"),
            allowed=Bilingual(id=message, en=message),
            **place,
        )
    known = _known(path[:-1])
    near = get_close_matches(str(path[-1]), known, n=1, cutoff=0.5)
    return Fault(
        problem=Bilingual(id="kunci tidak dikenal", en="unknown key"),
        allowed=Bilingual(id=", ".join(known), en=", ".join(known)),
        remedy=Bilingual(id=f"Maksudnya “{near[0]}”?", en=f"Did you mean “{near[0]}”?") if near else None,
        **{**place, "value": str(path[-1])},
    )


def _known(path: list[Any]) -> list[str]:
    """Return the keys allowed in the table at `path`."""
    model: type[BaseModel] | None = CheckinSettings
    for part in path:
        if model is None or isinstance(part, int):
            continue
        field = next((f for k, f in model.model_fields.items() if part in (k, f.alias)), None)
        model = _model(field.annotation) if field else None
    return [field.alias or key for key, field in model.model_fields.items()] if model else []


def _model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((m for part in get_args(annotation) if (m := _model(part))), None)
