"""What a way out changes: a setting of a rule, a pin, an absence, an entry of the staff list; and its words."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from pydantic import ValidationError

from scheduler.constraints import discover
from scheduler.constraints.base import Rule
from scheduler.constraints.leaders import mark_again
from scheduler.language import Bilingual, format_date
from scheduler.problem import Unit

_FIELDS = {
    "at_least": Bilingual(id="paling sedikit", en="at least"),
    "at_most": Bilingual(id="paling banyak", en="at most"),
    "share": Bilingual(id="bagian", en="a share of"),
    "home": Bilingual(id="giliran di rumah (hari)", en="turns at home (days) of"),
    "office": Bilingual(
        id="giliran di kantor paling lama (hari)", en="turns at the office (days) of at most"
    ),
    "office_least": Bilingual(
        id="giliran di kantor paling sedikit (hari)", en="turns at the office (days) of at least"
    ),
    "prefer": Bilingual(id="lama giliran yang diutamakan (hari)", en="preferred turns (days) of"),
    "groups": Bilingual(id="banyak kelompok", en="a number of groups of"),
    "every": Bilingual(id="giliran tiap kelompok (hari)", en="turns of a group (days) of"),
    "days": Bilingual(id="hari bertemu tiap pekan", en="meetings a week (days) of"),
    "at_most_away": Bilingual(id="yang pergi paling banyak", en="away at most"),
    "at_least_on_site": Bilingual(id="di kantor paling sedikit", en="on site at least"),
}
"""Settings that can be other numbers, in words; one of a new rule is called by its name."""

_ONE_WAY = {
    "mode": Bilingual(
        id="cukup sasaran yang boleh tidak tercapai, bukan keharusan",
        en="a target that may be missed, instead of a must",
    ),
    "strict": Bilingual(
        id="cukup sebanyak yang ada, bila yang berhalangan terlalu banyak",
        en="as many as there are, where too many are absent",
    ),
}
"""What becomes of settings that a way out changes in one direction alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing to change.

    Attributes
    ----------
    rule, field, value : a setting of a rule and what it becomes; or
    kind, person, day, unit : a pin or an absence to take back, or a person to be marked as able to use IT.
    in_policy : whether policy.toml has the pin or absence, rather than a table beside it.
    cost : roughly the person-days that it takes from what was wanted.
    """

    cost: int
    unit: str
    kind: Literal["setting", "pin", "absence", "it_capable"] = "setting"
    rule: str = ""
    field: str = ""
    before: Any = None
    value: Any = None
    person: str = ""
    name: str = ""
    day: date | None = None
    in_policy: bool = False

    def apply(self, unit: Unit) -> Unit:
        """Return the unit as it would be."""
        if self.kind == "setting":
            people, rules = unit.people, []
            for rule in unit.rules:
                changed = with_setting(rule, self.field, self.value) if rule.label == self.rule else rule
                people = mark_again(people, rule, changed) if changed is not rule else people
                rules.append(changed)
            return replace(unit, people=people, rules=tuple(rules))
        if self.kind == "it_capable":
            return replace(
                unit,
                people=tuple(replace(p, it_capable=True) if p.id == self.person else p for p in unit.people),
            )
        key = (self.person, self.day)
        if self.kind == "pin":
            return replace(unit, pins={k: pin for k, pin in unit.pins.items() if k != key})
        return replace(unit, absences={k: kind for k, kind in unit.absences.items() if k != key})

    @property
    def key(self) -> tuple[str, ...]:
        """What it changes, whatever to."""
        return (self.kind, self.rule, self.field, self.person, str(self.day or ""))

    @property
    def flag(self) -> str:
        """The setting as it is typed on the command line; empty where a file is to be changed."""
        if self.kind != "setting":
            return ""
        return "--set " + shlex.quote(f"{self.rule}.{self.field}={setting_text(self.value)}")

    @property
    def text(self) -> Bilingual:
        """What to change, in words."""
        if self.kind == "setting":
            return self._setting_words()
        day_id = format_date(self.day, "id") if self.day else ""
        day_en = format_date(self.day, "en") if self.day else ""
        if self.kind == "pin":
            where = "policy.toml" if self.in_policy else "pins"
            return Bilingual(
                id=f"{where}: hapus penetapan {self.name} pada {day_id}",
                en=f"{where}: take back the pin of {self.name} on {day_en}",
            )
        if self.kind == "absence":
            where = "policy.toml" if self.in_policy else "absences"
            return Bilingual(
                id=f"{where}: pindahkan ketidakhadiran {self.name} dari {day_id}",
                en=f"{where}: move the absence of {self.name} away from {day_en}",
            )
        return Bilingual(
            id=f"staff: isi “Ya” di kolom Mampu TI untuk {self.name}, setelah ia mampu",
            en=f"staff: write “Ya” under Mampu TI for {self.name}, once that is so",
        )

    def _setting_words(self) -> Bilingual:
        key, _, name = self.rule.partition("[")
        title, called = discover()[key].title, f" [{name}" if name else ""
        if self.field == "weight":
            return Bilingual(
                id=f"jadikan “{title.id}{called}” keinginan, bukan keharusan",
                en=f"make “{title.en}{called}” a wish instead of a must",
            )
        if self.field in _ONE_WAY:
            told = _ONE_WAY[self.field]
            return Bilingual(id=f"“{title.id}{called}”: {told.id}", en=f"“{title.en}{called}”: {told.en}")
        plain = self.field.replace("_", " ")
        word = _FIELDS.get(self.field, Bilingual(id=plain, en=plain))
        before, after = _range_words(self.before), _range_words(self.value)
        return Bilingual(
            id=f"“{title.id}{called}”: {word.id} {after.id}, semula {before.id}",
            en=f"“{title.en}{called}”: {word.en} {after.en} instead of {before.en}",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOut:
    """Changes that together, and checked by solving, let every unit have a roster."""

    changes: tuple[Change, ...]

    @property
    def cost(self) -> int:
        """What it takes from what was wanted."""
        return sum(change.cost for change in self.changes)

    @property
    def flags(self) -> str:
        """Its settings as typed on the command line."""
        return " ".join(change.flag for change in self.changes if change.flag)

    @property
    def sentence(self) -> Bilingual:
        """What to change, with the flag where there is one."""
        parts = [
            Bilingual(
                id=c.text.id + (f" ({c.flag})" if c.flag else ""),
                en=c.text.en + (f" ({c.flag})" if c.flag else ""),
            )
            for c in self.changes
        ]
        return Bilingual(id="; ".join(p.id for p in parts) + ".", en="; ".join(p.en for p in parts) + ".")


def applied(unit: Unit, changes: Sequence[Change]) -> Unit:
    """Return a unit after changes; a setting holds for every unit that has the rule, the rest for its own unit."""
    for change in changes:
        if change.kind == "setting":
            unit = change.apply(unit) if any(r.label == change.rule for r in unit.rules) else unit
        elif change.unit == unit.name:
            unit = change.apply(unit)
    return unit


def setting_text(value: Any) -> str:
    """Return a setting as policy.toml and `--set` take it."""
    if isinstance(value, Fraction):
        percent = value * 100
        return f"{percent}%" if percent.denominator == 1 else str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return "[" + ", ".join(setting_text(item) for item in value) + "]"
    return str(value)


def _range_words(value: Any) -> Bilingual:
    """Return a setting's value for people: a pair of numbers is a range."""
    if isinstance(value, tuple) and len(value) == 2:
        least, most = (setting_text(end) for end in value)
        if least == most:
            return Bilingual(id=least, en=least)
        return Bilingual(id=f"{least} sampai {most}", en=f"{least} to {most}")
    text = setting_text(value)
    return Bilingual(id=text, en=text)


def with_setting(rule: Rule, field: str, value: Any) -> Rule:
    """Return the rule with one setting changed; itself where the rule would not take it.

    Whom other rules take from it (`Rule.giving_way_to`) stays as it was.
    """
    given = {
        (info.alias or name): getattr(rule, name)
        for name, info in type(rule).model_fields.items()
        if name in rule.model_fields_set
    }
    try:
        changed = type(rule).model_validate({**given, field: value})
    except ValidationError:
        return rule
    for name in type(rule).__private_attributes__:  # told to the rule by others, so no setting of its own
        setattr(changed, name, getattr(rule, name))
    return changed
