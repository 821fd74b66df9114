"""The command line's tweaks, applied to the policy's tables before they are parsed: one run, nothing written back."""

from __future__ import annotations

import copy
import difflib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from scheduler.constraints import discover
from scheduler.constraints.selection import matches
from scheduler.errors import Fault, PolicyError
from scheduler.language import Bilingual
from scheduler.problem import RANKS


@dataclass(frozen=True, slots=True, kw_only=True)
class Tweaks:
    """What the command line changes for one run; each as typed.

    `pairs` of NAME=VALUE are kept as strings, so that the certificate records what was asked.
    """

    first: date | None = None
    last: date | None = None
    quota: tuple[str, ...] = ()
    rounding: str = ""
    stint: str = ""
    min_on_site: tuple[str, ...] = ()
    exempt: tuple[str, ...] = ()
    service_post: tuple[str, ...] = ()
    capacity: int | None = None
    weekday: tuple[str, ...] = ()
    max_home_per_week: int | None = None
    settings: tuple[str, ...] = field(default=())

    def as_flags(self) -> dict[str, str]:
        """Return the tweaks in force by flag, for the certificate."""
        flags = {
            "--from": self.first.isoformat() if self.first else "",
            "--to": self.last.isoformat() if self.last else "",
            "--quota": "; ".join(self.quota),
            "--rounding": self.rounding,
            "--stint": self.stint,
            "--min-on-site": "; ".join(self.min_on_site),
            "--exempt": "; ".join(self.exempt),
            "--service-post": "; ".join(self.service_post),
            "--capacity": "" if self.capacity is None else str(self.capacity),
            "--weekday": "; ".join(self.weekday),
            "--max-home-per-week": "" if self.max_home_per_week is None else str(self.max_home_per_week),
            "--set": "; ".join(self.settings),
        }
        return {flag: value for flag, value in flags.items() if value}


def apply_tweaks(tables: Mapping[str, Any], tweaks: Tweaks) -> dict[str, Any]:
    """Return the tables with every tweak applied.

    Raises
    ------
    PolicyError
        With every tweak that cannot be taken, and the nearest that can.
    """
    changed = copy.deepcopy(dict(tables))
    faults: list[Fault] = []
    rules = changed.setdefault("rules", {})
    if tweaks.first or tweaks.last:
        period = changed.setdefault("period", {})
        period.update({k: v for k, v in (("from", tweaks.first), ("to", tweaks.last)) if v})
    for pair in tweaks.quota:
        rank, share = _split("--quota", pair, "RANK=SHARE", faults)
        if rank:
            rank = _known("--quota", rank.casefold().replace(" ", "_").replace("-", "_"), RANKS, faults)
            _set_where(rules, "home_quota", "rank", rank, "share", share)
    if tweaks.rounding:
        for table in _tables(rules, "home_quota"):
            table["rounding"] = tweaks.rounding
    if tweaks.stint:
        for table in _tables(rules, "stint") or [_add(rules, "stint", {})]:
            table["home"] = tweaks.stint
    for pair in tweaks.min_on_site:
        echelon, number = _split("--min-on-site", pair, "ECHELON=N", faults)
        if echelon:
            _set_where(
                rules, "min_on_site", "echelon", echelon, "at_least", _number("--min-on-site", number, faults)
            )
    for number_, pattern in enumerate(tweaks.exempt, 1):
        _add(rules, "always_office", {"name": f"--exempt {number_}", "for": {"unit": pattern}})
    for pair in tweaks.service_post:
        post, number = _split("--service-post", pair, "NAME=N", faults)
        if post:
            known = next(
                (t for t in _tables(rules, "service_post") if matches(str(t.get("name", "")), (post,))), None
            )
            table = known if known is not None else _add(rules, "service_post", {"name": post})
            table["at_least"] = _number("--service-post", number, faults)
    if tweaks.capacity is not None:
        for table in _tables(rules, "capacity") or [_add(rules, "capacity", {})]:
            table["at_most"] = tweaks.capacity
    for pair in tweaks.weekday:
        day, status = _split("--weekday", pair, "DAY=home|office", faults)
        if day:
            _add(rules, "weekday", {"name": f"--weekday {day}", "weekday": day.split(","), "status": status})
    if tweaks.max_home_per_week is not None:
        per_week = [t for t in _tables(rules, "home_count") if t.get("per", "week") == "week"]
        for table in per_week or [_add(rules, "home_count", {"name": "--max-home-per-week", "per": "week"})]:
            table["most"] = tweaks.max_home_per_week
    for setting in tweaks.settings:
        _apply_setting(rules, setting, faults)
    if faults:
        raise PolicyError(faults)
    return changed


def _apply_setting(rules: dict[str, Any], text: str, faults: list[Fault]) -> None:
    """Apply one `RULE[NAME].FIELD=VALUE`."""
    found = re.fullmatch(r"\s*(\w+)(?:\[(.*)\])?\.([\w.]+)\s*=\s*(.*)", text, re.DOTALL)
    if not found:
        faults.append(
            _fault(
                "--set",
                text,
                Bilingual(id="bentuknya RULE[NAME].FIELD=VALUE", en="the form is RULE[NAME].FIELD=VALUE"),
            )
        )
        return
    key, name, path, value = found[1], found[2], found[3].split("."), found[4]
    kinds = discover()
    key = _known("--set", key, tuple(kinds), faults)
    if key not in kinds:
        return
    names = [info.alias or field_name for field_name, info in kinds[key].model_fields.items()]
    _known("--set", path[0], tuple(names), faults)
    tables = [t for t in _tables(rules, key) if name is None or matches(str(t.get("name", "")), (name,))]
    if name is None and len(tables) > 1:
        labels = ", ".join(f"{key}[{t.get('name', '')}]" for t in tables)
        faults.append(
            _fault("--set", text, Bilingual(id=f"ada beberapa: {labels}", en=f"there are several: {labels}"))
        )
        return
    if not tables:
        if name is not None and _tables(rules, key):
            labels = ", ".join(f"{key}[{t.get('name', '')}]" for t in _tables(rules, key))
            faults.append(
                _fault("--set", text, Bilingual(id=f"yang ada: {labels}", en=f"there are: {labels}"))
            )
            return
        tables = [_add(rules, key, {"name": name} if name else {})]
    target = tables[0]
    for part in path[:-1]:
        target = target.setdefault(part, {})
    target[path[-1]] = _value(value)


def _value(text: str) -> Any:
    """Return a value as TOML reads it, or the bare text."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _tables(rules: dict[str, Any], key: str) -> list[dict[str, Any]]:
    entries = rules.get(key, [])
    return entries if isinstance(entries, list) else [entries]


def _add(rules: dict[str, Any], key: str, table: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(rules.get(key, []), list):
        rules[key] = [rules[key]]
    rules.setdefault(key, []).append(table)
    return table


def _set_where(rules: dict[str, Any], key: str, selector: str, word: str, name: str, value: Any) -> None:
    """Set `name` in the tables that select `word`, or add a table that does."""
    found = False
    for table in _tables(rules, key):
        words = table.get("for", {}).get(selector, [])
        words = [words] if isinstance(words, str) else words
        if any(matches(word, (w,)) for w in words):
            table[name] = value
            found = True
    if not found:
        _add(rules, key, {"name": word, "for": {selector: word}, name: value})


def _split(flag: str, pair: str, form: str, faults: list[Fault]) -> tuple[str, str]:
    left, sign, right = pair.partition("=")
    if not (left.strip() and sign and right.strip()):
        faults.append(_fault(flag, pair, Bilingual(id=f"bentuknya {form}", en=f"the form is {form}")))
        return "", ""
    return left.strip(), right.strip()


def _number(flag: str, text: str, faults: list[Fault]) -> int:
    if re.fullmatch(r"\d{1,6}", text):
        return int(text)
    faults.append(_fault(flag, text, Bilingual(id="bilangan bulat mulai 0", en="a whole number from 0")))
    return 0


def _known(flag: str, word: str, known: Sequence[str], faults: list[Fault]) -> str:
    if word in known:
        return word
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.4)
    faults.append(
        Fault(
            field=flag,
            value=word,
            problem=Bilingual(id="tidak dikenal", en="is not known"),
            allowed=Bilingual(id=", ".join(known), en=", ".join(known)),
            remedy=Bilingual(id=f"Maksud Anda “{near[0]}”?", en=f"Did you mean “{near[0]}”?")
            if near
            else None,
        )
    )
    return word


def _fault(flag: str, value: str, allowed: Bilingual) -> Fault:
    return Fault(
        field=flag,
        value=value,
        problem=Bilingual(id="tidak dapat dipakai", en="cannot be taken"),
        allowed=allowed,
    )
