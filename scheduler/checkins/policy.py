"""Reads the `[checkins]` tables: all faults at once, an unknown key with the nearest known one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from scheduler.allowed import allowed, did_you_mean
from scheduler.checkins.settings import CheckinSettings
from scheduler.errors import Fault, PolicyError
from scheduler.language import Bilingual, Refusal


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
        raise PolicyError([_fault(error, file) for error in _causes(e.errors())]) from e


def _causes(errors: Sequence[Any]) -> list[Any]:
    """Return the errors without those that only follow: a list whose sole value is refused counts as too short."""
    inner = [tuple(error["loc"]) for error in errors]
    return [
        error
        for error in errors
        if error["type"] != "too_short"
        or not any(len(loc) > len(error["loc"]) and loc[: len(error["loc"])] == error["loc"] for loc in inner)
    ]


def _fault(error: Any, file: str) -> Fault:
    path = [part for part in error["loc"] if not isinstance(part, str) or not part.startswith("function-")]
    field = "checkins" + "".join(f"[{p + 1}]" if isinstance(p, int) else f".{p}" for p in path)
    if error["type"] == "extra_forbidden":
        known = _known(path[:-1])
        return Fault(
            problem=Bilingual(id="kunci tidak dikenal", en="unknown key"),
            file=file,
            field=field,
            value=str(path[-1]),
            allowed=Bilingual(id=", ".join(known), en=", ".join(known)),
            remedy=did_you_mean(str(path[-1]), known),
        )
    value = error.get("input")
    refusal = error.get("ctx", {}).get("error")
    if isinstance(refusal, Refusal):
        return Fault(problem=refusal.sentence, file=file, field=field, value=str(value))
    return Fault(
        problem=Bilingual(id="pengaturan tidak dapat diterima", en="the setting cannot be taken"),
        file=file,
        field=field,
        value="" if isinstance(value, dict) else str(value),
        allowed=allowed(error),
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
