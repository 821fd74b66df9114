"""What a way out changes: a setting of a rule, a pin, an absence, an entry of the staff list; and its words."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from pydantic import ValidationError

from scheduler.constraints.base import Rule
from scheduler.constraints.leaders import mark_again
from scheduler.language import Bilingual, format_date
from scheduler.problem import Unit


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
        before, after = setting_text(self.before), setting_text(self.value)
        if self.field == "weight":
            return Bilingual(
                id=f"jadikan {self.rule} keinginan, bukan keharusan",
                en=f"make {self.rule} a wish instead of a must",
            )
        return Bilingual(
            id=f"ubah {self.field} di {self.rule} dari {before} menjadi {after}",
            en=f"change {self.field} of {self.rule} from {before} to {after}",
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
