"""Phases of one policy: amendments that follow one another, each with its dates and what it changes.

    [[phases]]
    name = "perpanjangan 1"
    from = 2020-04-01
    to = 2020-04-21
    letter = { number = "188.65/400/ORG", date = 2020-03-31 }
    change = { "home_quota[pelaksana].share" = "75%" }     # as --set takes them
    drop = ["capacity"]                                    # rules left out, by label

    [[phases.rules.home_count]]                            # rules added
    at_most = 3

Everything else is as in the policy. `giliran generate` makes the first phase or `--phase NAME`; `giliran next` the
phase that follows, with ledger, remainders and open stints.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from scheduler.allowed import did_you_mean
from scheduler.constraints.selection import matches
from scheduler.errors import Fault, PolicyError
from scheduler.language import Bilingual, Refusal
from scheduler.read.policy_faults import Place, Source, validation_fault


class Phase(BaseModel):
    """One phase as written."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    name: str = Field(min_length=1)
    first: date = Field(alias="from")
    last: date = Field(alias="to")
    title: str = ""
    letter: dict[str, Any] = Field(default_factory=dict)
    change: dict[str, Any] = Field(default_factory=dict)
    drop: tuple[str, ...] = ()
    rules: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _ordered(self) -> Phase:
        if self.first > self.last:
            raise Refusal(
                Bilingual(
                    id=f"from ({self.first}) tidak boleh sesudah to ({self.last}): tukar keduanya atau perbaiki",
                    en=f"from ({self.first}) must not be after to ({self.last}): exchange them or correct one",
                )
            )
        return self


@dataclass(frozen=True, kw_only=True)
class Phased:
    """A policy's tables in one phase, and where the file has what the phase adds.

    `changes` are (label, field path, value, place) to be set as `--set` would.
    """

    tables: dict[str, Any]
    moved: Mapping[Place, Place]
    changes: tuple[tuple[str, Any, Place], ...] = ()


def read_phases(tables: Mapping[str, Any], source: Source) -> tuple[Phase, ...]:
    """Return the phases of a policy in order of time; none where it has none.

    Raises
    ------
    PolicyError
        With every fault: wrong keys, one name twice, dates that overlap.
    """
    entries = tables.get("phases", [])
    entries = entries if isinstance(entries, list) else [entries]
    faults: list[Fault] = []
    found: list[tuple[int, Phase]] = []
    for number, entry in enumerate(entries):
        try:
            found.append((number, Phase.model_validate(entry)))
        except ValidationError as error:
            faults += [validation_fault(e, ("phases", number), Phase, source) for e in error.errors()]
    found.sort(key=lambda pair: pair[1].first)
    faults += _unlike(found, source)
    if faults:
        raise PolicyError(sorted(faults, key=lambda fault: fault.row))
    return tuple(phase for _, phase in found)


def _unlike(found: Sequence[tuple[int, Phase]], source: Source) -> Iterator[Fault]:
    for (_, before), (number, after) in itertools.pairwise(found):
        if after.first <= before.last:
            yield source.fault(
                ("phases", number, "from"),
                Bilingual(
                    id=f"tahap “{after.name}” mulai sebelum “{before.name}” berakhir ({before.last})",
                    en=f"phase “{after.name}” begins before “{before.name}” ends ({before.last})",
                ),
                value=str(after.first),
                remedy=Bilingual(
                    id=f"Tanggal terdekat yang sah: {before.last + timedelta(days=1)}.",
                    en=f"The nearest valid date is {before.last + timedelta(days=1)}.",
                ),
            )
    names: set[str] = set()
    for number, phase in found:
        if phase.name.casefold() in names:
            yield source.fault(
                ("phases", number, "name"),
                Bilingual(id="dua tahap dengan nama yang sama", en="two phases with the same name"),
                value=phase.name,
            )
        names.add(phase.name.casefold())


def choose_phase(phases: Sequence[Phase], name: str, first: date | None = None) -> Phase | None:
    """Return the phase of this name; else the one in which `first` lies; else the first.

    Raises
    ------
    PolicyError
        Where no phase has the name, with the nearest that exists.
    """
    if not name:
        holding = (p for p in phases if first is not None and p.first <= first <= p.last)
        return next(holding, phases[0] if phases else None)
    found = next((phase for phase in phases if matches(phase.name, (name,))), None)
    if found is None:
        listed = ", ".join(f"“{phase.name}”" for phase in phases)
        raise PolicyError([
            Fault(
                field="--phase",
                value=name,
                problem=Bilingual(id="tahap ini tidak ada", en="there is no such phase"),
                allowed=Bilingual(id=listed, en=listed) if listed
                else Bilingual(id="kebijakan ini tidak bertahap", en="this policy has no phases"),
                remedy=did_you_mean(name, [phase.name for phase in phases], 0.4),
            )
        ])  # fmt: skip
    return found


def enter_phase(tables: Mapping[str, Any], phase: Phase, source: Source) -> Phased:
    """Return the policy's tables as they are in a phase: dates, letter, rules added and left out.

    Raises
    ------
    PolicyError
        Where it leaves out a rule that the policy does not have.
    """
    entries = tables["phases"] if isinstance(tables["phases"], list) else [tables["phases"]]
    number = next(n for n, entry in enumerate(entries) if entry.get("name") == phase.name)
    changed = {key: copy.deepcopy(value) for key, value in tables.items() if key != "phases"}
    changed["period"] = _with(changed.get("period", {}), {"from": phase.first, "to": phase.last})
    changed["letter"] = _with(changed.get("letter", {}), phase.letter)
    if phase.title:
        changed["title"] = phase.title
    rules = changed.setdefault("rules", {})
    if not isinstance(rules, Mapping):
        return Phased(tables=changed, moved={})
    places = {(key, n): ("rules", key, n) for key, n, _ in _each(rules)}
    kept, faults = _without(rules, phase, ("phases", number, "drop"), source)
    moved: dict[Place, Place] = {}
    for key, entries_ in kept.items():
        for now, (before, _) in enumerate(entries_):
            moved["rules", key, now] = places[key, before]
    plain = {key: [table for _, table in entries_] for key, entries_ in kept.items()}
    for key, n, table in _each(phase.rules):
        plain.setdefault(key, []).append(copy.deepcopy(table))
        moved["rules", key, len(plain[key]) - 1] = ("phases", number, "rules", key, n)
    changed["rules"] = plain
    if faults:
        raise PolicyError(faults)
    changes = tuple((path, value, ("phases", number, "change")) for path, value in phase.change.items())
    return Phased(tables=changed, moved=moved, changes=changes)


def _with(table: Any, more: Mapping[str, Any]) -> Any:
    """Return a table with more keys; what is no table as it stands, so that it is told of."""
    return {**table, **more} if isinstance(table, Mapping) else table


def _each(rules: Any) -> Iterator[tuple[str, int, Any]]:
    for key, entries in rules.items() if isinstance(rules, Mapping) else ():
        for n, table in enumerate(entries if isinstance(entries, list) else [entries]):
            yield key, n, table


def _label(key: str, table: Any) -> str:
    name = table.get("name", "") if isinstance(table, Mapping) else ""
    return f"{key}[{name}]" if name else key


def _without(
    rules: Any, phase: Phase, where: Place, source: Source
) -> tuple[dict[str, list[tuple[int, Any]]], list[Fault]]:
    """Return the rules that a phase keeps, each with its number in the file, and what it drops in vain."""
    kept: dict[str, list[tuple[int, Any]]] = {}
    labels = [_label(key, table) for key, _, table in _each(rules)]
    for key, n, table in _each(rules):
        if _label(key, table) not in phase.drop:
            kept.setdefault(key, []).append((n, table))
    faults = [
        source.fault(
            where,
            Bilingual(id="aturan yang ditiadakan tidak ada", en="there is no such rule to leave out"),
            value=label,
            allowed=Bilingual(id=", ".join(labels), en=", ".join(labels)),
            remedy=did_you_mean(label, labels),
        )
        for label in phase.drop
        if label not in labels
    ]
    return kept, faults


def next_dates(
    phases: Sequence[Phase], last: date, following: date, length: timedelta
) -> tuple[date, date] | None:
    """Return the dates after `last`: the rest of the phase in which they lie, or the whole of the next; else None.

    The rest of a phase begins on `following`, the next day that somebody works, and is given in parts of the same
    `length`, so that a phase may be made in turns.
    """
    for phase in phases:
        if last < phase.first <= following:
            return phase.first, phase.last
        if phase.first <= following <= phase.last:
            return following, min(following + length, phase.last)
    later = [phase for phase in phases if phase.first > following]
    return (later[0].first, later[0].last) if later else None
