"""Reads policy.toml: the letter as rules and settings. Every fault at once, with its line and the nearest known key."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from scheduler.constraints import discover
from scheduler.constraints.base import Rule
from scheduler.constraints.selection import Selection, weekday_range
from scheduler.errors import Fault, PolicyError
from scheduler.language import Bilingual
from scheduler.problem import Letter, Policy, Reading, Signature, WorkingHours


def _check_zone(value: Any) -> Any:
    try:
        ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            "unknown time zone; allowed: Asia/Jakarta (WIB), Asia/Makassar (WITA), Asia/Jayapura (WIT) or any IANA name"
        ) from None
    return value


def _clock(value: Any) -> Any:
    return time.fromisoformat(value.replace(".", ":")) if isinstance(value, str) else value


Workdays = Annotated[
    tuple[int, ...], BeforeValidator(lambda v: weekday_range(v) if isinstance(v, str) else v)
]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class UnitDays(_Table):
    """Working days of some units that differ from the period's."""

    for_: Selection = Field(alias="for")
    workdays: Workdays | None = None
    extra: tuple[date, ...] = ()
    except_: tuple[date, ...] = Field(default=(), alias="except")


class Period(_Table):
    """The dates rostered, the days worked and the days off.

    `holidays` is a country code of the `holidays` library, or "none"; `extra` are further days off, `except`
    holidays that are worked after all.
    """

    first: date = Field(alias="from")
    last: date = Field(alias="to")
    workdays: Workdays = (0, 1, 2, 3, 4)
    holidays: str = "ID"
    extra: tuple[date, ...] = ()
    except_: tuple[date, ...] = Field(default=(), alias="except")
    units: tuple[UnitDays, ...] = ()

    @model_validator(mode="after")
    def _ordered(self) -> Period:
        if self.first > self.last:
            raise ValueError(f"from ({self.first}) must not be after to ({self.last})")
        if (self.last - self.first).days > 731:
            raise ValueError("a period has at most two years")
        return self


class _LetterTable(_Table):
    number: str = ""
    day: date | None = Field(default=None, alias="date")
    issuer: str = ""
    subject: str = ""


class _SignatureTable(_Table):
    place: str = ""
    title: str = ""
    name: str = ""
    grade: str = ""
    nip: str = ""
    prefix: str = ""
    day: date | None = Field(default=None, alias="date")


class _HoursTable(_Table):
    start: Annotated[time, BeforeValidator(_clock)] = time(7, 30)
    end: Annotated[time, BeforeValidator(_clock)] = time(16, 0)


class _ReadingTable(_Table):
    key: str
    id: str
    en: str


class _Document(_Table):
    title: str
    timezone: Annotated[str, BeforeValidator(_check_zone)]
    language: Literal["id", "en"] = "id"
    letter: _LetterTable = _LetterTable()
    signature: _SignatureTable = _SignatureTable()
    hours: _HoursTable = _HoursTable()
    period: Period
    readings: tuple[_ReadingTable, ...] = ()
    rules: dict[str, Any] = Field(default_factory=dict)
    checkins: dict[str, Any] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyFile:
    """A policy with its period as written; the period becomes horizons once the units are known."""

    policy: Policy
    period: Period


def load_tables(path: Path) -> tuple[dict[str, Any], str]:
    """Return the tables of a TOML file and its text.

    Raises
    ------
    PolicyError
        Where it is missing, no UTF-8 or no TOML.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
        return tomllib.loads(text), text
    except FileNotFoundError:
        raise PolicyError([
            Fault(
                file=str(path),
                problem=Bilingual(id="berkas kebijakan tidak ditemukan", en="the policy file does not exist"),
                remedy=Bilingual(id="Buat dengan `giliran init`.", en="Make one with `giliran init`."),
            )
        ]) from None  # fmt: skip
    except UnicodeDecodeError:
        raise PolicyError([
            Fault(
                file=str(path),
                problem=Bilingual(id="bukan teks UTF-8", en="not UTF-8 text"),
                remedy=Bilingual(id="Simpan ulang sebagai UTF-8.", en="Save it again as UTF-8."),
            )
        ]) from None  # fmt: skip
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise PolicyError([
            Fault(
                file=str(path),
                row=int(line[1]) if line else 0,
                problem=Bilingual(id=f"penulisan TOML keliru ({error})", en=f"this is no valid TOML ({error})"),
                remedy=Bilingual(id="Periksa tanda kutip dan kurung di baris itu.", en="Check quotes and brackets there."),
            )
        ]) from None  # fmt: skip


def parse_policy(tables: Mapping[str, Any], text: str, file: str) -> PolicyFile:
    """Return the policy that these tables express.

    Parameters
    ----------
    tables : of the file, tweaks applied.
    text : of the file, to find the lines of faults.
    file : its name, for faults.

    Raises
    ------
    PolicyError
        With every fault.
    """
    faults: list[Fault] = []
    rules = list(_rules(tables.get("rules", {}), text, file, faults))
    document = None
    try:
        document = _Document.model_validate({**tables, "rules": {}})
    except ValidationError as error:
        faults += [_fault(e, (), _Document, text, file) for e in error.errors()]
    faults += _same_labels(rules, text, file)
    if faults or document is None:
        raise PolicyError(sorted(faults, key=lambda fault: fault.row))
    policy = Policy(
        title=document.title,
        timezone=document.timezone,
        language=document.language,
        letter=Letter(**document.letter.model_dump()),
        signature=Signature(**document.signature.model_dump()),
        hours=WorkingHours(**document.hours.model_dump()),
        rules=tuple(rules),
        checkins=document.checkins,
        readings=tuple(Reading(key=r.key, text=Bilingual(id=r.id, en=r.en)) for r in document.readings),
    )
    return PolicyFile(policy=policy, period=document.period)


def _rules(tables: Any, text: str, file: str, faults: list[Fault]) -> Iterator[Rule]:
    known = discover()
    if not isinstance(tables, Mapping):
        faults.append(
            Fault(
                file=file,
                row=find_line(text, ("rules",)),
                field="rules",
                problem=Bilingual(id="harus berupa tabel aturan", en="must be tables of rules"),
                allowed=Bilingual(id="[[rules.NAMA]]", en="[[rules.NAME]]"),
            )
        )
        return
    for key, entries in tables.items():
        if key not in known:
            faults.append(_unknown(key, sorted(known), ("rules", key), text, file))
            continue
        if not isinstance(entries, list):
            entries = [entries]
        for number, entry in enumerate(entries):
            try:
                yield known[key].model_validate(entry)
            except ValidationError as error:
                faults += [_fault(e, ("rules", key, number), known[key], text, file) for e in error.errors()]


def _same_labels(rules: Sequence[Rule], text: str, file: str) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    count: dict[str, int] = {}
    for rule in rules:
        number = count.get(rule.key, 0)
        count[rule.key] = number + 1
        if rule.label in seen:
            yield Fault(
                file=file,
                row=find_line(text, ("rules", rule.key, number)),
                field=f"rules.{rule.key}",
                value=rule.name,
                problem=Bilingual(id="dua aturan dengan nama yang sama", en="two rules with the same name"),
                remedy=Bilingual(
                    id="Beri setiap tabel `name` sendiri.", en="Give each table a `name` of its own."
                ),
            )
        seen[rule.label] = number


# Faults -----------------------------------------------------------------------------------------------------------


def _fault(
    error: ErrorDetails, place: tuple[str | int, ...], model: type[BaseModel], text: str, file: str
) -> Fault:
    """Return a validation error as a fault with its line."""
    where = (*place, *_real_keys(error["loc"]))
    if error["type"] == "extra_forbidden":
        return _unknown(str(error["loc"][-1]), _keys_at(model, error["loc"][:-1]), where, text, file)
    field = ".".join(str(part) for part in where if not isinstance(part, int))
    value = error.get("input")
    if error["type"] == "missing":
        return Fault(
            file=file,
            row=find_line(text, where[:-1]),
            field=field,
            problem=Bilingual(id="wajib diisi", en="is required"),
            remedy=Bilingual(id=f"Tambahkan `{where[-1]} = …`.", en=f"Add `{where[-1]} = …`."),
        )
    message = error["msg"].removeprefix("Value error, ")
    return Fault(
        file=file,
        row=find_line(text, where),
        field=field,
        value="" if isinstance(value, dict) else str(value),
        problem=Bilingual(id=f"nilai tidak dapat dipakai ({message})", en=f"unusable value ({message})"),
    )


def _real_keys(location: Sequence[str | int]) -> tuple[str | int, ...]:
    """Leave out what pydantic adds for unions, such as "tuple[int, int]"."""
    return tuple(part for part in location if isinstance(part, int) or re.fullmatch(r"[A-Za-z_]+", part))


def _keys_at(model: type[BaseModel], location: Sequence[str | int]) -> list[str]:
    current: Any = model
    for part in location:
        fields = getattr(current, "model_fields", {})
        info: FieldInfo | None = next((f for n, f in fields.items() if part in (n, f.alias)), None)
        if info is not None:
            inner = [
                a
                for a in (info.annotation, *getattr(info.annotation, "__args__", ()))
                if hasattr(a, "model_fields")
            ]
            current = inner[0] if inner else None
    return [info.alias or name for name, info in getattr(current, "model_fields", {}).items()]


def _unknown(key: str, known: Sequence[str], where: tuple[str | int, ...], text: str, file: str) -> Fault:
    near = difflib.get_close_matches(key.casefold(), known, n=1, cutoff=0.5)
    return Fault(
        file=file,
        row=find_line(text, where),
        field=".".join(str(part) for part in where if not isinstance(part, int)),
        value=key,
        problem=Bilingual(id="kunci tidak dikenal", en="unknown key"),
        allowed=Bilingual(id=", ".join(known), en=", ".join(known)) if known else None,
        remedy=Bilingual(id=f"Maksud Anda “{near[0]}”?", en=f"Did you mean “{near[0]}”?") if near else None,
    )


def find_line(text: str, where: Sequence[str | int]) -> int:
    """Return the line (1-based) of a key in a TOML text, or of the nearest table around it; 0 if none is found.

    `where` holds table names, the number of a table in an array, and the key.
    """
    lines = text.splitlines()
    best, depth = 0, -1
    counts: dict[str, int] = {}
    current: list[str | int] = []
    for number, line in enumerate(lines, 1):
        header = re.match(r"\s*\[(\[)?\s*([^\[\]]+?)\s*\]", line)
        key = re.match(r"\s*\"?([A-Za-z_][\w-]*)\"?\s*=", line)
        if header:
            names = [part.strip().strip('"') for part in header[2].split(".")]
            current = list(names)
            if header[1]:
                counts[header[2]] = counts.get(header[2], -1) + 1
                current.append(counts[header[2]])
            candidate = current
        elif key:
            candidate = [*current, key[1]]
        else:
            continue
        if len(candidate) > depth and list(where[: len(candidate)]) == candidate:
            best, depth = number, len(candidate)
    return best
