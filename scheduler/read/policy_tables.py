"""A policy's tables while flags of the command line change them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from scheduler.allowed import did_you_mean
from scheduler.constraints import discover
from scheduler.constraints.selection import matches
from scheduler.errors import Fault
from scheduler.language import Bilingual
from scheduler.read.policy_faults import Place


class PolicyTables:
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
        """Apply one `RULE[NAME].FIELD=VALUE`, or with `checkins.KIND[NAME]`, `period` or `objectives` before the field."""
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
        if found["key"] in ("period", "objectives") and not found["above"]:
            self._put_deep((found["key"],), fields, value)
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
    if len(text) > 1 and text[0] == text[-1] == "'":
        text = text[1:-1]  # cmd.exe hands over single quotes as they are typed
    found = re.fullmatch(r"(\s*[\w.]+(?:\[[^\]]*\])?[\w.]*\s*)(=)(.*)", text, re.DOTALL)
    return (found[1], found[2], found[3].strip()) if found else (text, "", "")


def _value(text: str) -> Any:
    """Return a value as TOML reads it, a list of bare words, or the bare text."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        # PowerShell and cmd.exe take the double quotes out of ["wed", "fri"]
        words = re.fullmatch(r"\[\s*([\w*][^\[\]{}\"]*)\]", text)
        return [_value(word.strip()) for word in words[1].split(",") if word.strip()] if words else text
