"""The command line's tweaks, applied to the policy's tables before they are parsed: one run, nothing written back."""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from scheduler.constraints import discover
from scheduler.constraints.selection import matches
from scheduler.errors import Fault, PolicyError
from scheduler.language import Bilingual
from scheduler.problem import RANKS
from scheduler.read.phases import Phased
from scheduler.read.policy_faults import Place, Source, did_you_mean, dotted


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
    phase: str = ""

    def as_flags(self) -> dict[str, str]:
        """Return the tweaks in force by flag, for the certificate."""
        flags = {
            "--phase": self.phase,
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


def apply_tweaks(phased: Phased, tweaks: Tweaks, source: Source) -> tuple[dict[str, Any], Source]:
    """Return the tables with a phase's changes and every tweak applied, and the source that knows which flag did what.

    Raises
    ------
    PolicyError
        With every tweak that cannot be taken, and the nearest that can.
    """
    tables = _Tables(copy.deepcopy(phased.tables))
    moved = _phase_changes(tables, phased, source)
    _period(tables, tweaks)
    _quotas(tables, tweaks)
    if tweaks.stint:
        tables.flag = f"--stint {tweaks.stint}"
        for place in tables.places("stint") or [tables.add("stint", {})]:
            tables.put(place, "home", tweaks.stint)
    for pair in tweaks.min_on_site:
        echelon, number = tables.split("--min-on-site", pair, "ECHELON=N")
        if echelon:
            tables.put_where("min_on_site", "echelon", echelon, "at_least", tables.number(number))
    for count, pattern in enumerate(tweaks.exempt, 1):
        tables.flag = f"--exempt {pattern}"
        tables.add("always_office", {"name": f"--exempt {count}", "for": {"unit": pattern}})
    for pair in tweaks.service_post:
        post, number = tables.split("--service-post", pair, "NAME=N")
        if post:
            named = [p for p in tables.places("service_post") if matches(tables.name_of(p), (post,))]
            place = named[0] if named else tables.add("service_post", {"name": post})
            tables.put(place, "at_least", tables.number(number))
    if tweaks.capacity is not None:
        tables.flag = f"--capacity {tweaks.capacity}"
        for place in tables.places("capacity") or [tables.add("capacity", {})]:
            tables.put(place, "at_most", tweaks.capacity)
    for pair in tweaks.weekday:
        day, status = tables.split("--weekday", pair, "DAY=home|office")
        if day:
            settings = {"name": f"--weekday {day}", "weekday": day.split(","), "status": status}
            tables.add("weekday", settings)
    _weekly_cap(tables, tweaks)
    for setting in tweaks.settings:
        tables.flag = f"--set {setting}"
        tables.set(setting)
    if tables.faults:
        raise PolicyError(tables.faults)
    return tables.tables, replace(source, flags=tables.flags, moved=moved)


def _phase_changes(tables: _Tables, phased: Phased, source: Source) -> dict[Place, Place]:
    """Apply what the phase changes; return where the file has it."""
    moved = dict(phased.moved)
    for path, value, where in phased.changes:
        before = set(tables.flags)
        tables.flag = path
        tables.change(path, value)
        moved.update(dict.fromkeys(set(tables.flags) - before, where))
        tables.faults = [
            replace(f, file=source.file, row=source.line_of(where), field=f"{dotted(where)}: {path}")
            if f.field == path
            else f
            for f in tables.faults
        ]
    tables.flags.clear()
    return moved


def _period(tables: _Tables, tweaks: Tweaks) -> None:
    if not (tweaks.first or tweaks.last):
        return
    period = tables.tables.setdefault("period", {})
    for key, flag, day in (("from", "--from", tweaks.first), ("to", "--to", tweaks.last)):
        if day:
            period[key] = day
            tables.flags["period", key] = f"{flag} {day}"
    first, last = period.get("from"), period.get("to")
    if isinstance(first, date) and isinstance(last, date) and first > last:
        wrong, nearest = ("--to", first) if tweaks.last else ("--from", last)
        tables.flag = f"{wrong} {tweaks.last or tweaks.first}"
        tables.refuse(
            Bilingual(id=f"periode {first} s.d. {last} terbalik", en=f"the period {first} to {last} runs backwards"),
            remedy=Bilingual(id=f"Tanggal terdekat yang sah: {nearest}.", en=f"The nearest valid date is {nearest}."),
        )  # fmt: skip


def _quotas(tables: _Tables, tweaks: Tweaks) -> None:
    for pair in tweaks.quota:
        rank, share = tables.split("--quota", pair, "RANK=SHARE")
        if rank:
            rank = tables.known(rank.casefold().replace(" ", "_").replace("-", "_"), RANKS)
            tables.put_where("home_quota", "rank", rank, "share", share)
    if tweaks.rounding:
        tables.flag = f"--rounding {tweaks.rounding}"
        for place in tables.places("home_quota"):
            tables.put(place, "rounding", tweaks.rounding)
        if not tables.places("home_quota"):
            tables.refuse(
                Bilingual(id="kebijakan ini tidak memuat kuota", en="this policy has no quota"),
                remedy=Bilingual(
                    id="Tambahkan dengan --quota RANK=SHARE.", en="Add one by --quota RANK=SHARE."
                ),
            )


def _weekly_cap(tables: _Tables, tweaks: Tweaks) -> None:
    most = tweaks.max_home_per_week
    if most is None:
        return
    tables.flag = f"--max-home-per-week {most}"
    weekly = [p for p in tables.places("home_count") if tables.at(p).get("per", "week") == "week"]
    for place in weekly or [tables.add("home_count", {"name": "--max-home-per-week"})]:
        tables.put(place, "at_most", most)
        if int(tables.at(place).get("at_least", 0)) > most:
            tables.refuse(
                Bilingual(
                    id="lebih kecil daripada at_least aturan itu", en="is less than the rule's own at_least"
                ),
                remedy=Bilingual(
                    id=f"Nilai terdekat yang sah: {tables.at(place)['at_least']}.",
                    en=f"The nearest valid value is {tables.at(place)['at_least']}.",
                ),
            )


class _Tables:
    """The policy's tables while tweaks change them; `flag` is the tweak at work, `flags` what each place got it from."""

    def __init__(self, tables: dict[str, Any]) -> None:
        self.tables = tables
        self.rules: dict[str, Any] = self.tables.setdefault("rules", {})
        self.flag = ""
        self.flags: dict[Place, str] = {}
        self.faults: list[Fault] = []

    def places(self, key: str) -> list[Place]:
        """Return the places of all rules of a kind."""
        if not isinstance(self.rules.get(key, []), list):
            self.rules[key] = [self.rules[key]]
        return [("rules", key, n) for n in range(len(self.rules.get(key, [])))]

    def at(self, place: Place) -> dict[str, Any]:
        """Return the table at a place."""
        table: Any = self.tables
        for part in place:
            table = table[part]
        return table if isinstance(table, dict) else {}

    def name_of(self, place: Place) -> str:
        """Return a rule's name, or ""."""
        return str(self.at(place).get("name", ""))

    def add(self, key: str, table: dict[str, Any]) -> Place:
        """Add a rule; all of it is the flag's doing."""
        self.places(key)
        self.rules.setdefault(key, []).append(table)
        place: Place = ("rules", key, len(self.rules[key]) - 1)
        self.flags[place] = self.flag
        return place

    def put(self, place: Place, name: str, value: Any) -> None:
        """Set one field of a table."""
        self.at(place)[name] = value
        self.flags[*place, name] = self.flag

    def put_where(self, key: str, selector: str, word: str, name: str, value: Any) -> None:
        """Set `name` in the rules that select `word`, or add a rule that does."""
        found = False
        for place in self.places(key):
            chosen = self.at(place).get("for", {})
            words = chosen.get(selector, []) if isinstance(chosen, Mapping) else []
            if any(matches(word, (w,)) for w in ([words] if isinstance(words, str) else words)):
                self.put(place, name, value)
                found = True
        if not found:
            self.add(key, {"name": word, "for": {selector: word}, name: value})

    def set(self, text: str) -> None:
        """Apply one `RULE[NAME].FIELD=VALUE`, or `checkins.KIND[NAME].FIELD=VALUE`, or `period.FIELD=VALUE`."""
        path, sign, value = _halves(text)
        if not sign:
            self.refuse(
                Bilingual(id="tidak dapat dibaca", en="cannot be read"),
                allowed=Bilingual(id="RULE[NAME].FIELD=VALUE", en="RULE[NAME].FIELD=VALUE"),
            )
            return
        self.change(path, _value(value))

    def change(self, path: str, value: Any) -> None:
        """Set the field at `RULE[NAME].FIELD`."""
        found = re.fullmatch(
            r"\s*(?P<above>checkins\.)?(?P<key>\w+)(?:\[(?P<name>[^\]]*)\])?\.(?P<field>[\w.]+)\s*", path
        )
        if not found:
            self.refuse(
                Bilingual(id="tidak dapat dibaca", en="cannot be read"),
                allowed=Bilingual(id="RULE[NAME].FIELD=VALUE", en="RULE[NAME].FIELD=VALUE"),
            )
            return
        fields = found["field"].split(".")
        if found["key"] == "period" and not found["above"]:
            self._put_deep(("period",), fields, value)
        elif (place := self._table(found["above"] or "", found["key"], found["name"], fields[0])) is not None:
            self._put_deep(place, fields, value)

    def _table(self, above: str, key: str, name: str | None, field_: str) -> Place | None:
        """Return the place of the one table meant; refuse where there is none or several."""
        if above:
            tables = self.tables.setdefault("checkins", {})
            if isinstance(tables.get(key), Mapping):
                tables[key] = [tables[key]]
            places: list[Place] = [("checkins", key, n) for n in range(len(tables.get(key, [])))]
            labels = [f"checkins.{kind}" for kind in tables]
            root = f"checkins.{key}"
        else:
            kinds = discover()
            key = self.known(key, tuple(kinds))
            if key not in kinds:
                return None
            names = [info.alias or field_name for field_name, info in kinds[key].model_fields.items()]
            if self.known(field_, tuple(names)) not in names:
                return None
            places = self.places(key)
            labels, root = [], key
        named = [p for p in places if name is None or matches(self.name_of(p), (name,))]
        if len(named) == 1:
            return named[0]
        if not places and not above:
            return self.add(key, {"name": name} if name else {})
        labels = [f"{root}[{self.name_of(p)}]" for p in places] or labels
        listed = ", ".join(labels)
        several = Bilingual(id="ada beberapa", en="there are several")
        none = Bilingual(id="tidak ada aturan ini", en="there is no such rule")
        self.refuse(
            several if named else none,
            allowed=Bilingual(id=listed, en=listed),
            remedy=did_you_mean(f"{root}[{name}]", labels, 0.4) if name else None,
        )
        return None

    def _put_deep(self, place: Place, fields: Sequence[str], value: Any) -> None:
        target: Any = self.tables
        for part in place:
            target = target.setdefault(part, {}) if isinstance(target, dict) else target[part]
        for part in fields[:-1]:
            inner = target.setdefault(part, {})
            if not isinstance(inner, dict):
                self.refuse(Bilingual(id=f"`{part}` bukan tabel", en=f"`{part}` is no table"))
                return
            target = inner
        target[fields[-1]] = value
        self.flags[*place, *fields] = self.flag

    # Words of the command line ---------------------------------------------------------------------------

    def split(self, flag: str, pair: str, form: str) -> tuple[str, str]:
        """Return both halves of NAME=VALUE."""
        self.flag = f"{flag} {pair}"
        left, sign, right = pair.partition("=")
        if not (left.strip() and sign and right.strip()):
            self.refuse(
                Bilingual(id="tidak dapat dibaca", en="cannot be read"), allowed=Bilingual(id=form, en=form)
            )
            return "", ""
        return left.strip(), right.strip()

    def number(self, text: str) -> int:
        """Return a whole number from 0."""
        if re.fullmatch(r"\d{1,6}", text):
            return int(text)
        near = min(10**6 - 1, max(0, round(float(text)))) if re.fullmatch(r"-?\d+(\.\d+)?", text) else None
        self.refuse(
            Bilingual(id="bukan bilangan bulat mulai 0", en="is no whole number from 0"),
            value=text,
            remedy=None
            if near is None
            else Bilingual(id=f"Nilai terdekat yang sah: {near}.", en=f"The nearest valid value is {near}."),
        )
        return 0

    def known(self, word: str, known: Sequence[str]) -> str:
        """Return the word where it is one of `known`; else refuse it."""
        if word not in known:
            listed = ", ".join(known)
            self.refuse(
                Bilingual(id="tidak dikenal", en="is not known"),
                value=word,
                allowed=Bilingual(id=listed, en=listed),
                remedy=did_you_mean(word, known, 0.4),
            )
        return word

    def refuse(self, problem: Bilingual, **details: Any) -> None:
        """Note that the flag at work cannot be taken."""
        self.faults.append(Fault(field=self.flag, problem=problem, **details))


def _halves(text: str) -> tuple[str, str, str]:
    """Return path, "=" and value; a name in brackets may hold "="."""
    found = re.fullmatch(r"(\s*[\w.]+(?:\[[^\]]*\])?[\w.]*\s*)(=)(.*)", text, re.DOTALL)
    return (found[1], found[2], found[3].strip()) if found else (text, "", "")


def _value(text: str) -> Any:
    """Return a value as TOML reads it, or the bare text."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
